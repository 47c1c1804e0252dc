"""What the portal itself counts for an occurrence: its indicator, or activities held within its days."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from targets.duties.models import Recurrence
from targets.models import Activity, Indicator, Occurrence
from targets.plans import indicators

Kind = Indicator.Kind
BY_YEAR = (Kind.FLOW, Kind.VALUE)  # begins anew each year


def figures_of(rows: Iterable[Occurrence], on: date) -> dict[int, Decimal | None]:
    """By occurrence; None where nothing is counted, or nothing is on record yet."""
    rows = list(rows)
    told = {row.pk: row.duty.indicator for row in rows if row.duty.indicator_id}
    readings = readings_of(told.values(), rows[0].matter.district_id if rows else None, on)
    held = held_of([row for row in rows if row.pk not in told], on)
    return {
        row.pk: of_indicator(told[row.pk], readings[told[row.pk].pk], row, on) if row.pk in told else held.get(row.pk)
        for row in rows
    }


def readings_of(asked: Iterable[Indicator], district: int | None, on: date) -> dict[int, dict[date, Decimal]]:
    """The figures of the whole city that dashboards show, by indicator and day."""
    found: dict[int, dict[date, Decimal]] = defaultdict(dict)
    asked = {row.pk: row for row in asked}.values()
    if not asked:
        return found
    for (indicator, place, day), value in (indicators.stored(asked, on) | indicators.reported(asked, on)).items():
        if place == district:
            found[indicator][day] = value
    return found


def of_indicator(indicator: Indicator, days: dict[date, Decimal], row: Occurrence, on: date) -> Decimal | None:
    """A level is the last one within the days; of what begins anew each year, what came within them. A duty without end
    is measured year by year."""
    until = min(on, row.due_on) if row.due_on else on
    if row.since > on:
        return None
    if indicator.kind not in BY_YEAR:
        return last(days, date.min, until)
    since = max(row.since, date(until.year, 1, 1)) if row.duty.recurrence == Recurrence.ONGOING else row.since
    parts = []
    for year in range(since.year, until.year + 1):
        reached = last(days, date(year, 1, 1), min(until, date(year, 12, 31)))
        if reached is not None and year == since.year:
            before = last(days, date(year, 1, 1), date.fromordinal(since.toordinal() - 1))
            reached -= before or 0
        parts.append(reached)
    known = [part for part in parts if part is not None]
    return sum(known, Decimal(0)) if known else None


def last(days: dict[date, Decimal], since: date, until: date) -> Decimal | None:
    inside = [day for day in days if since <= day <= until]
    return days[max(inside)] if inside else None


def held_of(rows: list[Occurrence], on: date) -> dict[int, Decimal]:
    """Activities that were held: of the duty's kind within the days, and those that name the occurrence."""
    kinds = {row.duty.activity_id for row in rows} - {None}
    counted = Activity.objects.counted().filter(held_on__lte=on)
    found = counted.filter(kind__in=kinds) | counted.filter(occurrence__in=[row.pk for row in rows])
    seen = list(found.values_list("pk", "kind", "held_on", "occurrence")) if rows else []
    numbers = {}
    for row in rows:
        mine = [
            pk
            for pk, kind, day, occurrence in seen
            if occurrence == row.pk
            or (kind == row.duty.activity_id and occurrence is None and row.since <= day <= (row.due_on or on))
        ]
        if row.duty.activity_id or mine:
            numbers[row.pk] = Decimal(len(mine))
    return numbers
