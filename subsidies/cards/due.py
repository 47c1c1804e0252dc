"""Who could claim and has not: entitlements without a claim, whose turn it is, and the days on which they open or lapse."""

from datetime import date

from django.db.models import (
    Case,
    Count,
    DateField,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, TruncMonth

from subsidies.claims.models import Claim
from subsidies.entitlements.models import Entitlement
from subsidies.subjects import WITH_SUBJECT

ORGANISATION = {
    "stay": "stay__matter__organisation",
    "station": "station__matter__organisation",
    "doctor": "doctor__organisation",
    "selection": "selection__organisation",
}
DISTRICT = {
    "stay": "stay__matter__district",
    "station": "station__matter__district",
    "doctor": "doctor__district",
    "selection": "selection__district",
}
NAMES = {"stay": "stay__person__name", "doctor": "doctor__person__name", "selection": "selection__stay__person__name"}


def unclaimed(user) -> QuerySet[Entitlement]:
    """What this office pays and nobody claimed yet, as far as one may see whom it is for."""
    rows = Entitlement.objects.visible_to(user).filter(version__scheme__line__isnull=False)
    return without_claim(rows).select_related("version__clause__document", "instalment__version__scheme", *WITH_SUBJECT)


def without_claim(rows: QuerySet) -> QuerySet:
    """Those of which at least as much is left as can be claimed at a time."""
    live = Claim.objects.live().filter(right=OuterRef("right")).order_by().values("right")
    claimed = Coalesce(Subquery(live.annotate(last=Max("last_unit")).values("last")), 0)
    left = ExpressionWrapper(F("units") - claimed, IntegerField())
    return rows.annotate(left=left).filter(Q(left__gte=F("instalment__every")) | Q(opens_on=None))


def due(rows: QuerySet, on: date) -> QuerySet:
    """To be claimed on a day."""
    return rows.filter(still(on), met=True, opens_on__lte=on, left__gt=0)


def open_questions(rows: QuerySet, on: date) -> QuerySet:
    """Open on a day but for something that isn't known, or that an officer decides."""
    return rows.filter(still(on), met=None, opens_on__lte=on, left__gt=0)


def still(on: date) -> Q:
    return Q(lapses_on=None) | Q(lapses_on__gt=on)


def of_district(rows: QuerySet, district) -> QuerySet:
    reach = Q(pk__in=[])
    for path in DISTRICT.values():
        reach |= Q(**{path: district})
    return rows.filter(reach)


def within(districts) -> Q:
    """Entitlements of subjects in these districts."""
    reach = Q(pk__in=[])
    for path in DISTRICT.values():
        reach |= Q(**{f"{path}__in": districts})
    return reach


# --- the calendar ------------------------------------------------------------------------------


def dated(rows: QuerySet, since: date, until: date) -> QuerySet:
    """What opens or lapses in [`since`, `until`): `day` is the day, the last one where it lapses, and that counts first."""
    lapses = Q(lapses_on__gt=since, lapses_on__lte=until)
    opens = Q(opens_on__gte=since, opens_on__lt=until)
    last = day_before(F("lapses_on"))
    day = Case(When(lapses, then=last), default=F("opens_on"), output_field=DateField())
    kind = Case(When(lapses, then=Value(0)), default=Value(1), output_field=IntegerField())
    return rows.filter(lapses | opens).annotate(kind=kind, day=day).order_by("kind", "day", "pk")


def day_before(day) -> Func:
    """The day before; what can't be claimed from a day on can be claimed until then."""
    return Func(day, template="(%(expressions)s - 1)", output_field=DateField())


def by_month(rows: QuerySet) -> dict[date, dict[str, object]]:
    """Of dated rows: how many lapse and open in each month, and how much that is in yuan."""
    found: dict[date, dict[str, object]] = {}
    grouped = rows.order_by().annotate(month=TruncMonth("day")).values("month", "kind")
    for line in grouped.annotate(number=Count("pk"), amount=Sum("amount")):
        name = "opens" if line["kind"] else "lapses"
        found.setdefault(line["month"], {})[name] = (line["number"], line["amount"])
    return found
