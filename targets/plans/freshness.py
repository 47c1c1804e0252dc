"""Whether the figures on record are what the records say: every stored one held against a count of its own.

The recompute reads all days at once, from beginnings and ends; here the same definition is asked of one day, as the page asks that
opens a number into its rows. Two ways to one number: where they differ, one of them is wrong or the past was corrected since.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Aggregate, Count, F, Sum

from portal.models import District, Pack, Setting
from targets.models import Indicator, Plan, Snapshot
from targets.plans.indicators import REPORTED, days_of, stream_of, wanted, whole_of
from targets.plans.streams import Wanted


class Difference(NamedTuple):
    """A cell that isn't as it should be: `stored` None where nothing is on record, `counted` None where nothing may be
    (a share of nobody)."""

    indicator: Indicator
    district: District
    on: date
    stored: Decimal | None
    counted: Decimal | None


@dataclass
class Checked:
    cells: int
    differences: list[Difference]


def check(on: date) -> Checked:
    """Hold every figure that dashboards show on the day against the records as they are now.

    Takes a statement per indicator and day, seconds for a city; the recompute itself takes one pass per table.
    """
    checked = Checked(0, [])
    for pack in Pack.objects.select_related("root"):
        places = {district.pk: district for district in District.objects.below(pack.root)}
        for indicator, day in cells_of(pack, on):
            counted = counted_on(indicator, day, places)
            stored = dict(Snapshot.objects.filter(indicator=indicator, on=day).values_list("district", "value"))
            checked.cells += len(counted)
            checked.differences += [
                Difference(indicator, places[place], day, stored.get(place), counted.get(place))
                for place in places
                if stored.get(place) != counted.get(place)
            ]
    return checked


def cells_of(pack: Pack, on: date) -> Iterator[tuple[Indicator, date]]:
    """The computed indicators of the pack and the days on which a recompute stores them."""
    for plan in Plan.objects.filter(pack=pack, since__lte=on):
        days = days_of(plan, on)
        computed = plan.indicators.exclude(source__in=["", REPORTED])
        for indicator in computed.select_related("clause__document", "pack", "plan"):
            yield from ((indicator, day) for day in days)


def counted_on(indicator: Indicator, on: date, places: dict[int, District]) -> dict[int, Decimal]:
    """By district, what the records say of one day; a share of nobody is missing."""
    settings = Setting.objects.values_of(indicator.pack)
    stream, whole = stream_of(indicator, settings), whole_of(indicator)
    if stream is None:
        return {}
    found = count(wanted(indicator, stream, on))
    below = stream_of(whole, settings) if whole else None
    if below is None:
        return {place: tidy(found.get(place, Decimal(0))) for place in places}
    of = count(Wanted(below, on))
    return {place: tidy(100 * found.get(place, Decimal(0)) / of[place]) for place in places if of.get(place)}


def count(asked: Wanted) -> dict[int, Decimal]:
    """What counts on the day in each district with all below it, by a statement that knows no other day."""
    stream = asked.stream
    measure: Aggregate
    if stream.sum_of:
        measure = Sum(f"fact_{stream.sum_of}")
    elif stream.distinct:
        measure = Count(f"fact_{stream.distinct}", distinct=True)
    else:
        measure = Count("pk")
    rows = stream.rows(on=asked.on, since=asked.since)
    rows = rows.order_by().annotate(place=F(f"{stream.vocabulary.district}__up__ancestor"))
    found = rows.values_list("place").annotate(n=measure).values_list("place", "n")
    return {place: Decimal(n or 0) for place, n in found}


def tidy(value: Decimal) -> Decimal:
    """As a figure is stored: two decimals."""
    return round(value, 2)
