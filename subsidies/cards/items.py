"""What stands open to somebody, is under way or was had: each instalment that the rules name, held against the claims."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Model, Q

from subsidies.claims.models import Claim, ClaimStatus
from subsidies.schemes.explain import Explanation, Part, Reason, State
from subsidies.schemes.models import Payee, Shape, SubsidyScheme

C, S = ClaimStatus, State
HAD = (C.PAID, C.RECOVERING)
OPEN, LATER, CLAIMED, FOLLOWED, CLOSED = "open", "later", "claimed", "followed", "closed"
ORDER = (OPEN, CLAIMED, LATER, FOLLOWED, CLOSED)


@dataclass
class Item:
    """One instalment of one scheme for one subject. `units` is how much of it is claimed already, of what is paid by
    quantity; `growing`: the quantity may still grow; `drafted`: somebody fills in a claim that this reader doesn't see."""

    subject: Model
    e: Explanation
    part: Part
    units: int
    growing: bool
    claims: list[Claim] = field(default_factory=list)
    drafted: bool = False

    @property
    def scheme(self):
        return self.e.version.scheme

    @property
    def foreign(self) -> bool:
        """Whether the money is somebody else's than this card's."""
        return is_foreign(self.scheme)

    @property
    def by_quantity(self) -> bool:
        return self.e.version.shape == Shape.PER

    @property
    def most(self) -> int:
        """Up to how many units it can come."""
        limit = self.e.version.limit
        return limit if self.growing and limit is not None else self.e.units

    @property
    def place(self) -> str:
        if self.part.state in (S.UNMET, S.LAPSED):
            return CLAIMED if self.claims else CLOSED
        if self.scheme.line_id is None:
            return FOLLOWED
        if self.by_quantity:
            return self.place_by_quantity
        if self.units:
            return CLAIMED
        if self.part.state == S.LATER:
            return LATER if self.growing or self.part.opens_on else CLOSED
        return OPEN

    @property
    def place_by_quantity(self) -> str:
        if self.units >= self.most:
            return CLAIMED if self.units else CLOSED
        ready = self.e.units - self.units >= self.part.instalment.every
        if ready and self.part.state != S.LATER:
            return OPEN
        return LATER if self.growing else CLAIMED if self.units else CLOSED

    @property
    def now(self) -> Decimal | None:
        """What can be claimed of it today, in yuan."""
        if self.by_quantity:
            return (self.e.version.amount or Decimal(0)) * max(self.e.units - self.units, 0)
        return self.part.amount

    @property
    def possible(self) -> Decimal | None:
        """What can still come of it at most, in yuan; None where nobody names a sum."""
        if self.by_quantity:
            return (self.e.version.amount or Decimal(0)) * (self.most - self.units)
        return self.part.amount

    @property
    def missing(self) -> list[Reason]:
        return [r for r in self.e.reasons if r.state == S.UNKNOWN and r.purpose == "need"]

    @property
    def judged(self) -> list[Reason]:
        return [r for r in self.e.reasons if r.state == S.OFFICER and r.purpose == "need"]

    @property
    def claimable(self) -> bool:
        """Whether a claim can be begun here: paid by this office, to somebody who can claim online."""
        return self.place == OPEN and not self.drafted and self.scheme.payee != Payee.PARK


def is_foreign(scheme: SubsidyScheme) -> bool:
    """Whether a scheme gives its money to another than whom or what it is about: of a stay to the supervisor."""
    return scheme.payee != (Payee.UNIT if scheme.vocabulary == "station" else Payee.PERSON)


def items_of(
    found: dict[Model, list[Explanation]], claims: Iterable[Claim], drafts: Iterable[Claim], on: date
) -> list[Item]:
    """Every instalment once: of several subjects that share a right, the one that stands best."""
    drafted = {claim.right for claim in drafts}
    by_right: dict[str, list[Claim]] = {}
    for claim in claims:
        by_right.setdefault(claim.right, []).append(claim)
    best: dict[tuple, Item] = {}
    for subject, explanations in found.items():
        for e in explanations:
            for part in e.parts:
                mine = by_right.get(part.right, [])
                units = max((c.last_unit for c in mine), default=0)
                item = Item(subject, e, part, units, not is_over(subject, on), mine, part.right in drafted)
                key = e.version.scheme.pk, part.instalment.number, part.right
                if key not in best or rank(item) < rank(best[key]):
                    best[key] = item
    return sorted(best.values(), key=lambda i: (i.scheme.order, i.scheme.pk, i.part.instalment.number))


def rank(item: Item) -> tuple:
    met = [S.MET, S.OFFICER, S.UNKNOWN, S.LATER, S.LAPSED, S.UNMET]
    return ORDER.index(item.place), met.index(item.part.state)


def is_over(subject: Model, on: date) -> bool:
    """Whether the stay, the work, the station has ended: then nothing grows any more."""
    end = getattr(subject, "ended_on", None) or getattr(subject, "until", None)
    return end is not None and end <= on


def rights_of(found: dict[Model, list[Explanation]]) -> set[str]:
    return {part.right for explanations in found.values() for e in explanations for part in e.parts}


def claims_on(rights: set[str], whose: Q) -> list[Claim]:
    """Every claim that isn't gone on these rights, and whatever else was claimed for these subjects; the latest last."""
    return list(Claim.objects.live().filter(Q(right__in=rights) | whose).for_page().order_by("pk"))


@dataclass(frozen=True)
class Sums:
    """Yuan: on the account, asked for, and what can still come at most; `unnamed`: so many of the latter name no sum."""

    had: list[Decimal]
    under_way: list[Decimal]
    possible: list[Decimal]
    unnamed: int

    @property
    def totals(self) -> tuple[Decimal, Decimal, Decimal]:
        had, under_way, possible = (sum(each, Decimal(0)) for each in (self.had, self.under_way, self.possible))
        return had, under_way, possible


def sums_of(items: Sequence[Item], claims: Iterable[Claim]) -> Sums:
    """Of schemes that share a right only the greatest counts, of what others get nothing."""
    claims = [c for c in claims if c.amount is not None and not is_foreign(c.scheme)]
    had = [c.amount for c in claims if c.status in HAD]
    under_way = [c.amount for c in claims if c.status not in HAD]
    waiting = [i for i in items if i.place in (OPEN, LATER) and not i.foreign]
    by_right: dict[str, Decimal] = {}
    taken = {i.part.right for i in items if i.place == CLAIMED and not i.by_quantity}
    for item in waiting:
        if item.possible is not None and item.part.right not in taken:
            by_right[item.part.right] = max(by_right.get(item.part.right, Decimal(0)), item.possible)
    unnamed = sum(i.possible is None for i in waiting)
    return Sums(had, under_way, [amount for amount in by_right.values() if amount], unnamed)
