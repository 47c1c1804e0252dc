"""What the radar of a city shows, kept as rows: whom a change concerns is read anew within seconds, everybody once a day.

A page may show the rows as long as they are of its day and nothing that changed since waits to be read; else the clocks
themselves are asked. Both ways come from `clocks.readings()`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject
from django.utils.timezone import now

from portal.bulk import pour
from portal.models import Job, Matter, Pack
from stations.models import Clock, RadarRow, RadarSweep, Station
from stations.standing import clocks
from stations.standing.clocks import Reading

BEFORE, READ = "recompute", "read_clocks"  # what every change asks for, and what follows it
ORDER = ("day", "rank", "station", "order")
EVERYBODY = Q()


# --- keeping -----------------------------------------------------------------------------------


@transaction.atomic
def keep(pack: Pack, *, on: date, among: Q = EVERYBODY) -> int:
    """Read the clocks of a city's stations, or of some, and keep what they say; returns how many rows that made."""
    sweep = RadarSweep.objects.filter(pack=pack, on=on).first()
    some = among if sweep else EVERYBODY  # the first of a day reads everybody
    stations = Station.objects.filter(matter__district__up__ancestor=pack.root_id)
    if some:
        stations = stations.filter(pk__in=list(Station.objects.filter(some).values_list("pk", flat=True)))
    gone = RadarRow.objects.filter(pack=pack, **({"station__in": stations.values("pk")} if some else {}))
    gone._raw_delete(gone.db)
    found = clocks.readings(stations.filter(approved_on__lte=on), pack, on)
    rows = pour([row_of(reading, pack) for reading in found if reading.state != "done"])
    RadarSweep.objects.update_or_create(pack=pack, defaults={"on": on, "read_at": now()})
    return len(rows)


def row_of(reading: Reading, pack: Pack) -> RadarRow:
    return RadarRow(
        pack=pack,
        station_id=reading.pk,
        clock=reading.clock,
        case=reading.case,
        case_status=reading.case.status_then if reading.case else "",
        applies=reading.applies,
        worst=reading.worst,
        best=reading.best,
        lacking=reading.lacking,
        compared={name: str(value) for name, value in reading.compared.items()},
        step=reading.next.step.kind if reading.next else "",
        place=reading.place,
        day=reading.day,
        rank=clocks.ORDER[reading.state],
        order=reading.clock.order,
    )


def concerned(payloads: Iterable[Mapping]) -> Q | None:
    """The stations that changes speak of, by what their jobs say they are about. None: nobody. A change that names no
    case of a unit (a rule, a workbook, an evaluation) may concern everybody."""
    keys: set[int] = set()
    for payload in payloads:
        if any(kind != "matter" for kind, _key in payload.get("about", [["", 0]])):
            return EVERYBODY
        keys |= {key for _kind, key in payload["about"]}
    if not keys:
        return None
    units = set(Matter.objects.filter(pk__in=keys).values_list("organisation", flat=True))
    return EVERYBODY if None in units else Q(enterprise__in=units) | Q(upgraded_from__enterprise__in=units)


# --- showing -----------------------------------------------------------------------------------


@dataclass
class Kept:
    """The rows of some stations on the day, how many of them in each place, and when they were read."""

    rows: QuerySet[RadarRow]
    counts: dict[str, int]
    read_at: datetime


def kept(pack: Pack, stations: QuerySet[Station], *, on: date, step: str = "") -> Kept | None:
    """What is kept of these stations; None where nothing of that day is, or a change waits to be read. One statement."""
    rows = RadarRow.objects.filter(pack=pack, station__in=stations.order_by().values("pk"))
    rows = rows.filter(step=step) if step else rows
    places = rows.order_by().values("place").annotate(n=Count("pk")).values(told=JSONObject(place="place", n="n"))
    jobs = Job.objects.filter(kind__in=(BEFORE, READ))
    waiting = jobs.filter(state__in=(Job.State.WAITING, Job.State.RUNNING))
    failed = jobs.filter(state=Job.State.FAILED, finished_at__gt=OuterRef("read_at"))
    sweeps = RadarSweep.objects.filter(~Exists(waiting), ~Exists(failed), pack=pack, on=on)
    sweep = sweeps.annotate(places=ArraySubquery(places)).first()
    if sweep is None:
        return None
    rows = rows.select_related("case__matter").order_by(*ORDER)
    return Kept(rows, {told["place"]: told["n"] for told in sweep.places}, sweep.read_at)


def readings(rows: QuerySet[RadarRow], rules: Iterable[Clock], settings: dict[str, Any], *, on: date) -> list[Reading]:
    """The rows as what the clocks said, in the order of the list; `rules` and `settings` are the pack's."""
    by_key = {clock.pk: clock for clock in rules}
    found = []
    for row in rows:
        if row.clock_id in by_key:
            clock = by_key[row.clock_id]
            compared = {name: Decimal(value) for name, value in row.compared.items()}
            reading = Reading(on, row.station_id, clock, row.applies, row.worst, row.best, case=row.case)
            reading.lacking, reading.compared = row.lacking, compared
            if row.case:
                row.case.status_then = row.case_status  # type: ignore[attr-defined]
            steps = clocks.steps_of(clock)
            clocks.set_dues(reading, steps, [clocks.months_of(step, settings) for step in steps])
            found.append(reading)
    return found
