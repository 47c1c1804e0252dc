"""That the guards of money are needed: each is taken away from the test's own database, and then the money does go twice.

With the guard in its place the very same test finds it gone once.
"""

from contextlib import contextmanager, nullcontext
from decimal import Decimal

import pytest
from django.db import connection, models
from django.db.models import F, Sum, Value
from django.db.models.functions import Cast, Concat

from portal.lifecycle import Refused
from portal.models import Role
from subsidies.claims import actions
from subsidies.ledger import proof
from subsidies.models import Claim, ClaimStatus, JournalEntry, PaymentBatch, Place, Posting
from subsidies.payments.models import LineState, PaymentLine, PaymentStatus
from tests import make
from tests.postdocs import staying
from tests.subsidies import granting, paying
from tests.threads import at_once

YUAN = Decimal(160_000)
THREADS = 8
WITH_AND_WITHOUT = pytest.mark.parametrize("guarded", [True, False], ids=["with the guard", "without it"])


def once_per_claim() -> models.BaseConstraint:
    return next(c for c in Claim._meta.constraints if c.name == "granted_once")


@contextmanager
def rights_unguarded():
    """Without the constraint that a right is claimed once; put back at the end, what it forbids made apart."""
    with connection.schema_editor() as editor:
        editor.remove_constraint(Claim, once_per_claim())
    try:
        yield
    finally:
        Claim.objects.update(right=Concat(F("right"), Value("#"), Cast("pk", models.CharField())))
        with connection.schema_editor() as editor:
            editor.add_constraint(Claim, once_per_claim())


def paid_whole(city, people, claims) -> Decimal:
    """Take claims along until their money has arrived; what the journal says has arrived."""
    granting.budget(city)
    for number, row in enumerate(claims):
        granting.proved(row, people[Role.HANDLER])
        me = row.person.user or granting.person_with_account(row.stay)
        row = granting.step(Claim.objects.get(pk=row.pk), "ask_person", people)
        granting.account(Claim.objects.get(pk=row.pk), me) if not number else actions.use_account(row, by=me)
        for action in granting.STEPS[1:]:
            row = granting.step(Claim.objects.get(pk=row.pk), action, people | {"me": me})
    batch = paying.sent(city, people, claims)
    for line in batch.lines.all():
        paying.book(line, people)
    return Posting.objects.filter(place=Place.PAID).aggregate(sum=Sum("amount"))["sum"]


@WITH_AND_WITHOUT
@pytest.mark.django_db(transaction=True)
def test_who_asks_eight_times_at_once_is_paid_once(city, people, guarded):
    granting.living(city)
    stay, by = staying.brought_to("here", city, people), people[Role.HANDLER]
    with nullcontext() if guarded else rights_unguarded():
        asked = at_once(*[lambda: actions.begin(stay, "living", 1, by=by, on=make.ON)] * THREADS)
        claims = [row for row in asked if isinstance(row, Claim)]
        refused = [str(row) for row in asked if isinstance(row, Refused)]
        assert len(claims) + len(refused) == THREADS
        arrived = paid_whole(city, people, claims)
        assert (arrived == YUAN) is guarded
        assert (len(claims) == 1) is guarded
        assert Claim.objects.filter(status=ClaimStatus.PAID).count() == arrived / YUAN
        assert all("已有申领" in text for text in refused)


def forgotten(batch: PaymentBatch) -> None:
    """As an older copy of the rows would say it: nothing was sent yet. The journal can't be put back."""
    Claim.objects.filter(payments__batch=batch).update(status=ClaimStatus.BATCHED)
    batch.lines.update(state=LineState.WAITING, sent_on=None)
    PaymentBatch.objects.filter(pk=batch.pk).update(status=PaymentStatus.SENDING)


@WITH_AND_WITHOUT
def test_a_payment_that_the_rows_forgot_leaves_once(city, people, guarded):
    batch = paying.sent(city, people, paying.payable(city, people, count=2))
    forgotten(batch)
    if not guarded:
        column = JournalEntry._meta.get_field("key")
        free = models.CharField(max_length=80)
        free.set_attributes_from_name("key")
        free.model = JournalEntry
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with connection.schema_editor() as editor:
            editor.alter_field(JournalEntry, column, free)
    if guarded:
        with pytest.raises(Refused, match="已经记过账"):
            paying.send_all()
    else:
        paying.send_all()
    left = -sum(p.amount for p in Posting.objects.filter(entry__kind="release", place=Place.RESERVED))
    assert left == (2 * YUAN if guarded else 4 * YUAN)
    assert JournalEntry.objects.filter(kind="release").count() == (2 if guarded else 4)
    assert any("为负" in text for text in proof.problems()) is not guarded
    assert PaymentLine.objects.filter(state=LineState.SENT).count() == (0 if guarded else 2)
