"""Writing into the journal: the only way money moves. Each move is one entry under a key of its own, all or nothing."""

from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import F, Prefetch, Sum
from django.utils.translation import gettext as _

from portal.facts import yuan
from portal.lifecycle import Refused
from subsidies.ledger.models import Budget, JournalEntry, Place, Posting, treasuries
from subsidies.schemes.models import BudgetLine

K = JournalEntry.Kind
MOVES = {  # what each kind takes from where and brings where to
    K.GRANT: (Place.SOURCE, Place.AVAILABLE),
    K.CUT: (Place.AVAILABLE, Place.SOURCE),
    K.RESERVE: (Place.AVAILABLE, Place.RESERVED),
    K.FREE: (Place.RESERVED, Place.AVAILABLE),
    K.RELEASE: (Place.RESERVED, Place.TRANSIT),
    K.PAY: (Place.TRANSIT, Place.PAID),
    K.BOUNCE: (Place.TRANSIT, Place.RESERVED),
    K.RECOVER: (Place.PAID, Place.AVAILABLE),
}


class Overdrawn(Refused):
    """The budget doesn't hold so much."""


@transaction.atomic
def write(
    kind: str, amount: Decimal, *, budget: Budget, key: str, on: date, by=None, claim=None, note=""
) -> JournalEntry:
    """Move `amount` yuan as this kind does. Raises Overdrawn; Refused where an entry of that key stands already."""
    if amount <= 0:
        raise Refused(_("金额应大于 0。"))
    source, target = MOVES[K(kind)]
    change = amount if target == Place.AVAILABLE else -amount if source == Place.AVAILABLE else Decimal(0)
    if change:
        rows = Budget.objects.filter(pk=budget.pk, available__gte=-change)
        if not rows.update(available=F("available") + change):
            left = Budget.objects.values_list("available", flat=True).get(pk=budget.pk)
            raise Overdrawn(
                _("%(budget)s预算只剩 %(left)s，不够 %(amount)s。请先下达或调整预算。")
                % {"budget": budget, "left": yuan(left), "amount": yuan(amount)}
            )
    try:
        with transaction.atomic():
            entry = JournalEntry.objects.create(
                key=key, kind=kind, budget=budget, claim=claim, on=on, by=by, note=note[:200]
            )
    except IntegrityError as error:
        raise Refused(_("这一笔已经记过账，没有再记。")) from error
    Posting.objects.bulk_create(
        [Posting(entry=entry, place=source, amount=-amount), Posting(entry=entry, place=target, amount=amount)]
    )
    return entry


def balances(budget: Budget) -> dict[str, Decimal]:
    """What is at each place of one budget, by the journal."""
    rows = Posting.objects.filter(entry__budget=budget).values_list("place").annotate(sum=Sum("amount"))
    return {place: Decimal(0) for place in Place.values} | dict(rows)


def budget_of(line, year: int) -> Budget:
    """The budget of a line and year. Raises Overdrawn where there is none yet."""
    found = Budget.objects.filter(line=line, year=year).first()
    if found is None:
        raise Overdrawn(_("%(line)s还没有 %(year)s 年的预算，请先下达预算。") % {"line": line, "year": year})
    return found


def lines_of(user):
    """The budget lines whose money a person looks after."""
    rows = BudgetLine.objects.filter(pack__root__in=treasuries(user))
    return rows.select_related("pack__root").order_by("order", "pk")


def with_sides() -> Prefetch:
    """The two sides of each entry, `sides`: from where, to where."""
    return Prefetch("postings", Posting.objects.order_by("amount"), to_attr="sides")


def held_for(claim) -> JournalEntry:
    """The entry that reserved the money of a claim as it is granted now."""
    return claim.entries.filter(kind=K.RESERVE).select_related("budget").latest("pk")
