"""A walk through the money: whatever offices may press, in whatever order, as chance has it."""

import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from portal.lifecycle import Refused
from portal.models import Role
from subsidies.claims.lifecycle import claim as claims
from subsidies.ledger import proof
from subsidies.ledger.models import Budget, JournalEntry, Place, Posting
from subsidies.models import Claim, ClaimStatus, PaymentBatch
from subsidies.payments import actions
from subsidies.payments.lifecycle import payment
from subsidies.payments.models import LineState, PaymentLine, PaymentStatus
from tests.subsidies import granting, paying
from tests.subsidies.paying import DAY

C, L, P = ClaimStatus, LineState, PaymentStatus
SUM = 160_000
FITS = 0.9
AGAIN = {C.HANDLING: "handle", C.REVIEW: "review", C.APPROVAL: "approve"}


class Walk:
    """Some claims that could be paid, and steps of chance; `taken` counts what was done and `refused` what wasn't."""

    def __init__(self, city, people, *, seed: int, count: int):
        self.city, self.who, self.chance = city, people, random.Random(seed)
        self.rows = [row.pk for row in paying.payable(city, people, count=count)]
        self.taken: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.on = DAY

    def go(self, steps: int) -> None:
        deeds: list[Callable] = [
            *[self.collect, self.hand_over, self.release, self.send, self.book, self.approve] * 4,
            *[self.take_back, self.take_out, self.dissolve, self.account, self.account, self.mend, self.recover],
            *[self.repaid, self.keep, self.uphold],
        ]
        for n in range(steps):
            self.on = DAY + timedelta(n // 10)
            deed = self.chance.choice(deeds)
            try:
                deed()
            except Refused:
                self.refused[deed.__name__] += 1
            else:
                self.taken[deed.__name__] += 1
                self.prove()

    def prove(self) -> None:
        """The journal proves itself, no budget is overdrawn, nobody has more than was granted them once."""
        assert list(proof.problems()) == []
        assert Budget.objects.filter(available__lt=0).count() == 0
        paid = Posting.objects.filter(place=Place.PAID).values_list("entry__claim", "amount")
        had: Counter[int] = Counter()
        for claim, amount in paid:
            had[claim] += amount
        assert all(sum_ in (0, SUM) for sum_ in had.values())
        assert {pk for pk, sum_ in had.items() if sum_} == set(
            Claim.objects.filter(status__in=[C.PAID, C.RECOVERING]).values_list("pk", flat=True)
        )
        assert JournalEntry.objects.filter(claim__isnull=False).exclude(claim__in=self.rows).count() == 0

    # --- what may be pressed ---

    def claim(self, *fit: str) -> Claim:
        return self.one_of(Claim.objects.all(), status__in=fit)

    def batch(self, *fit: str) -> PaymentBatch:
        return self.one_of(PaymentBatch.objects.all(), status__in=fit)

    def line(self, *fit: str) -> PaymentLine:
        return self.one_of(PaymentLine.objects.all(), state__in=fit)

    def one_of(self, rows, **fit):
        """Mostly one that fits, if there is any; now and then any."""
        keys = list(rows.order_by("pk").values_list("pk", flat=True))
        if not keys:
            raise Refused("nothing there yet")
        if self.chance.random() < FITS:
            keys = list(rows.filter(**fit).order_by("pk").values_list("pk", flat=True)) or keys
        return rows.get(pk=self.chance.choice(keys))

    def collect(self):
        chosen = {self.claim(C.PAYABLE).pk for _n in range(2)}
        actions.begin(granting.line(self.city), chosen, by=self.who[Role.BUREAU_HANDLER], on=self.on)

    def hand_over(self):
        payment.move(self.batch(P.DRAFT), "hand_over", by=self.who[Role.BUREAU_HANDLER], on=self.on)

    def take_back(self):
        payment.move(self.batch(P.CHECKING), "take_back", by=self.who[Role.BUREAU_HANDLER], on=self.on)

    def take_out(self):
        line = self.line(L.WAITING)
        actions.remove(line.batch, line, by=self.who[Role.BUREAU_HANDLER], on=self.on)

    def dissolve(self):
        actions.dissolve(self.batch(P.DRAFT), by=self.who[Role.BUREAU_HANDLER], on=self.on)

    def release(self):
        by = self.who[self.chance.choice([Role.BUREAU_APPROVER, Role.FINANCE_CHECKER])]
        actions.release(self.batch(P.CHECKING), by=by, on=self.on, token=paying.fresh(by))

    def send(self):
        paying.send_all(self.on)

    def book(self):
        line, paid = self.line(L.SENT), self.chance.random() < 0.6
        paying.book(line, self.who, paid=paid, day=self.on)

    def account(self):
        row = self.claim(C.BOUNCED)
        granting.account(row, row.person.user, number=f"6222{self.chance.randrange(10**12):012d}", on=self.on)

    def mend(self):
        granting.step(self.claim(C.BOUNCED), "mend", self.who, on=self.on)

    def approve(self):
        """The next step of a claim whose approval became void."""
        row = self.claim(*AGAIN, C.PUBLICITY)
        if row.status == C.PUBLICITY:
            claims.move(row, "clear", by=None, on=self.on)
        else:
            granting.step(row, AGAIN.get(row.status, "approve"), self.who, on=self.on)

    def recover(self):
        granting.step(self.claim(C.PAID), "recover", self.who, on=self.on)

    def repaid(self):
        granting.step(self.claim(C.RECOVERING), "recovered", self.who, on=self.on)

    def keep(self):
        granting.step(self.claim(C.RECOVERING), "keep", self.who, on=self.on)

    def uphold(self):
        granting.step(self.claim(C.PAYABLE, C.DISPUTED), "uphold", self.who, on=self.on)
