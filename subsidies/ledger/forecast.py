"""What will have to be paid when: granted claims, claims under review, and what opens for whom, month by month."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, DecimalField, ExpressionWrapper, F, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Greatest, TruncMonth
from django.utils.translation import gettext_lazy as _

from subsidies.claims.models import IN_REVIEW, WITH_UNIT, Claim, ClaimStatus
from subsidies.entitlements.models import Entitlement
from subsidies.ledger.models import Budget, JournalEntry, Place, Posting

C = ClaimStatus
PARTS = (  # in the order of how sure they are
    ("paid", _("已到账")),
    ("reserved", _("已批准待付")),
    ("review", _("审核中")),
    ("open", _("可申领未提交")),
    ("future", _("将可申领")),
    ("maybe", _("资格待认定")),
)
SURE = ("reserved", "review", "open", "future")  # what has to be reckoned with
BEFORE, AHEAD = 6, 12  # months
MONEY = DecimalField(max_digits=14, decimal_places=2)
Sums = dict[str, Decimal]


@dataclass
class Month:
    """What was paid in a month, and what is expected in it, in yuan by part; `unpriced` counts what has no sum yet."""

    first: date
    sums: Sums = field(default_factory=lambda: {part: Decimal(0) for part, _label in PARTS})
    unpriced: int = 0
    pieces: list[dict[str, Any]] = field(default_factory=list)

    @property
    def expected(self) -> Decimal:
        return sum((self.sums[part] for part in SURE), Decimal(0))


def shifted(first: date, months: int) -> date:
    count = first.year * 12 + first.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def months_of(lines: QuerySet, *, on: date) -> list[Month]:
    """Half a year back, a year ahead, for some budget lines."""
    now = on.replace(day=1)
    months = {shifted(now, n): Month(shifted(now, n)) for n in range(-BEFORE, AHEAD + 1)}
    for part, rows in sources(lines, on):
        for when, sum_, unpriced in rows:
            month = months.get(when if part == "paid" or when >= now else now)
            if month is not None:
                month.sums[part] += sum_ or 0
                month.unpriced += unpriced
    return list(months.values())


def sources(lines: QuerySet, on: date):
    """(part, rows of (month, yuan, how many without a sum)). What should have happened already counts for this month."""
    yield "paid", paid(lines)
    claims = Claim.objects.filter(instalment__version__scheme__line__in=lines)
    waits = claims.filter(status__in=[C.PUBLICITY, C.DISPUTED, C.PAYABLE, C.BATCHED, C.RELEASED, C.BOUNCED])
    yield "reserved", by_month(waits, Greatest("publicity_until", on), F("approved"))
    due, amount = Coalesce("matter__due_on", on), Coalesce("approved", "calculated")
    yield "review", by_month(claims.filter(status__in=IN_REVIEW), Greatest(due, on), amount)
    yield "open", by_month(claims.filter(status__in=WITH_UNIT), Greatest("event_on", on), F("calculated"))
    met = unclaimed(lines)
    yield "open", by_month(met.open_on(on), Greatest("opens_on", on), F("left"))
    future = met.filter(opens_on__gt=on)
    yield "future", by_month(future.filter(met=True), F("opens_on"), F("left"))
    yield "maybe", by_month(met.filter(met=None, opens_on__isnull=False), Greatest("opens_on", on), F("left"))


def by_month(rows: QuerySet, when, amount):
    found = rows.annotate(in_month=TruncMonth(when), yuan=ExpressionWrapper(amount, MONEY)).order_by()
    return found.values_list("in_month").annotate(sum=Sum("yuan"), unpriced=Count("pk", filter=Q(yuan=None)))


def paid(lines: QuerySet):
    rows = Posting.objects.filter(entry__budget__line__in=lines, entry__kind=JournalEntry.Kind.PAY, place=Place.PAID)
    found = rows.annotate(in_month=TruncMonth("entry__on")).order_by()
    return [(when, sum_, 0) for when, sum_ in found.values_list("in_month").annotate(sum=Sum("amount"))]


def unclaimed(lines: QuerySet):
    """Entitlements with what nobody claimed of them yet: `left`, in yuan."""
    claimed = Claim.objects.live().filter(right=OuterRef("right")).order_by().values("right")
    rows = Entitlement.objects.filter(version__scheme__line__in=lines)
    rows = rows.annotate(had=Coalesce(Subquery(claimed.annotate(n=Max("last_unit")).values("n")), 0))
    share = ExpressionWrapper(F("amount") * (F("units") - F("had")) / F("units"), MONEY)
    return rows.filter(units__gt=F("had")).annotate(left=share)


def enough(lines: QuerySet, months: list[Month], *, on: date) -> dict[str, Decimal]:
    """What this year's budgets hold for it, and what this year is expected to ask of them beside what is reserved."""
    held = Budget.objects.filter(line__in=lines, year=on.year).aggregate(sum=Sum("available"))["sum"] or Decimal(0)
    parts = [m.sums[p] for m in months if m.first.year == on.year for p in SURE if p != "reserved"]
    asked = sum(parts, Decimal(0))
    return {"available": held, "asked": asked, "left": held - asked}
