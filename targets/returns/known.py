"""What the figures were said to be on days gone by: a row where a night found something else than the night before."""

from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction

from targets.models import KnownFigure, Plan, Snapshot
from targets.plans.indicators import days_of

Cell = tuple[int, int, date]


@transaction.atomic
def remember(on: date) -> int:
    """Keep what the snapshots say that was not known yet; returns how many rows that took.

    A month's end is kept whenever its figure moves. The day itself, which ends no month, is kept only where its figure
    isn't the one of the last day before it: so a quiet year costs nothing.
    """
    rows: list[KnownFigure] = []
    for plan in Plan.objects.filter(since__lte=on):
        rows += changed(plan, on)
    KnownFigure.objects.bulk_create(rows, ignore_conflicts=True, batch_size=2000)  # the first word of a night stands
    return len(rows)


def changed(plan: Plan, on: date) -> list[KnownFigure]:
    days = set(days_of(plan, on))
    last, today = min(on, plan.until), []
    snapshots = Snapshot.objects.filter(indicator__plan=plan, on__in=days)
    now: dict[Cell, Decimal | None] = {
        (i, d, day): value for i, d, day, value in snapshots.values_list("indicator", "district", "on", "value")
    }
    known = known_of(plan)
    gone = {key: None for key, value in known.items() if value is not None and key not in now and key[2] in days}
    fresh = {key: value for key, value in (now | gone).items() if key not in known or known[key] != value}
    if not ends_month(plan, last):
        today = [key for key in fresh if key[2] == last and key not in known]
    upto = known | fresh
    before: dict[tuple[int, int], tuple[date, Decimal | None]] = {}
    for (i, d, day), value in upto.items():
        if day < last and ((i, d) not in before or before[i, d][0] < day):
            before[i, d] = day, value
    for i, d, day in today:
        if (i, d) in before and before[i, d][1] == fresh[i, d, day]:
            del fresh[i, d, day]
    return [
        KnownFigure(indicator_id=i, district_id=d, on=day, known_on=on, value=value)
        for (i, d, day), value in fresh.items()
    ]


def known_of(plan: Plan) -> dict[Cell, Decimal | None]:
    """The last word of each cell."""
    rows = KnownFigure.objects.filter(indicator__plan=plan)
    rows = rows.order_by("indicator", "district", "on", "-known_on").distinct("indicator", "district", "on")
    return {(i, d, day): value for i, d, day, value in rows.values_list("indicator", "district", "on", "value")}


def ends_month(plan: Plan, day: date) -> bool:
    return day == plan.until or (day + timedelta(1)).day == 1
