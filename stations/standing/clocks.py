"""What a city's clocks say of its stations on a day: which steps are due when, what would prevent them, what isn't
known. It proposes; what is done is a case (see standing.py)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from portal.facts import Criterion, Lookup, Question
from portal.models import Pack, Setting
from portal.words import localised
from stations.models import Clock, ClockStep, Recruits, StandingCase, StandingStatus, Station
from stations.register.facts import station as vocabulary
from stations.standing import counted
from stations.standing.counted import Both, both_of
from stations.standing.facts import BESIDE

K, S = ClockStep.Kind, StandingStatus
RANK = {K.WARN: 1, K.RECTIFY: 2, K.REMOVE: 3}
REACHED = {S.WARNED: 1, S.RECTIFYING: 2, S.AGAIN: 2, S.PROPOSED: 3, S.REMOVED: 3}
BOUNDS = {name: (f"{name}_worst", f"{name}_best") for name in ("idle_since", "idle_day")}  # of facts about untold years
ORDER = {"due": 0, "open": 1, "unknown": 2, "coming": 3, "done": 4}  # of one day
FAR = date(9999, 12, 31)
SOON = 24  # months ahead that the radar looks unless asked for all
BEHIND, AHEAD = 4, 3  # years that a strip shows on both sides of this one


@lru_cache(50_000)
def months_after(on: date, months: int | None) -> date | None:
    """The same day so many months later, or the month's last."""
    if months is None:
        return None
    years, month = divmod(on.month - 1 + months, 12)
    first = date(on.year + years, month + 1, 1)
    last = date(first.year + first.month // 12, first.month % 12 + 1, 1).toordinal() - first.toordinal()
    return first.replace(day=min(on.day, last))


@dataclass
class Due:
    """When a step comes: at worst, and at best where not every year is told (the same day where all are)."""

    step: ClockStep
    worst: date
    best: date

    @property
    def rank(self) -> int:
        return RANK[K(self.step.kind)]

    @property
    def sure(self) -> bool:
        return self.worst == self.best


@dataclass
class Reading:
    """One clock of one station on a day. `next` is the step to decide about, or the first to come; None: all is done.

    `station` and `cells` are there once `with_years()` brought them, for the few that are shown.

    `applies` None: the facts can't tell whether the clock runs for this station; `lacking` names them. `compared`: the
    amounts in yuan that the verdict compared, by fact.
    """

    on: date
    pk: int  # of the station
    clock: Clock
    applies: bool | None
    worst: date | None = None
    best: date | None = None
    dues: list[Due] = field(default_factory=list)
    case: Any = None
    lacking: list[str] = field(default_factory=list)
    compared: dict[str, Decimal] = field(default_factory=dict)
    untold: list[int] = field(default_factory=list)
    cells: list["Cell"] = field(default_factory=list)
    next: Due | None = None
    station: Any = None

    @property
    def is_open(self) -> bool:
        return self.case is not None and self.case.status_then in REACHED

    @property
    def state(self) -> str:
        """open (a case is under way), due, unknown (due only if the untold years were empty), coming, or done."""
        if self.is_open:
            return "open"
        if self.applies is None:
            return "unknown"
        if self.next is None:
            return "done"
        if self.next.worst > self.on:
            return "coming"
        return "due" if self.next.best <= self.on else "unknown"

    @property
    def place(self) -> str:
        """Where the radar lists it: its state, what is to come parted by how soon."""
        if self.state != "coming":
            return self.state
        horizon = months_after(self.on, SOON) or self.on
        return "soon" if self.next and self.next.worst <= horizon else "later"

    @property
    def missing(self) -> list[str]:
        """The facts that nobody told, in words."""
        return [str(vocabulary.facts[name].label) for name in self.lacking]

    @property
    def beside(self) -> list[tuple[Any, Decimal]]:
        """The amounts that were compared, each with what it is."""
        return [(vocabulary.facts[name].label, value) for name, value in self.compared.items()]

    @property
    def day(self) -> date:
        """The day that the list is sorted by."""
        if self.is_open and self.case.matter.due_on:
            return self.case.matter.due_on
        return self.next.worst if self.next else FAR

    @property
    def later(self) -> Due | None:
        """The first step that is still to come, and so can still be prevented."""
        return next((due for due in self.dues if due.worst > self.on), None) if self.applies else None

    def seen(self) -> dict:
        """What a decision keeps of it."""
        return {
            "on": self.on.isoformat(),
            "clock": self.clock.title,
            "clock_en": self.clock.title_en,
            "clause": str(self.clock.clause),
            "assumed": self.clock.assumed,
            "since": self.worst.isoformat() if self.worst else None,
            "since_at_best": self.best.isoformat() if self.best else None,
            "steps": [[due.step.kind, due.worst.isoformat(), due.best.isoformat()] for due in self.dues],
            "years": [[cell.year, cell.kind, cell.entered] for cell in self.cells],
            "sides": [[cell.year, cell.both.typed, cell.both.recorded] for cell in self.cells if cell.both],
            "untold": self.untold,
            "beside": [[str(label), str(value)] for label, value in self.beside],
        }


@dataclass
class Cell:
    """One year of the strip: before, recruited, empty, untold, running (this year so far), or to come."""

    year: int
    kind: str
    entered: int | None = None
    steps: list[ClockStep] = field(default_factory=list)
    confirmed: bool = True
    both: Both | None = None  # where something was typed or is on record

    @property
    def mark(self) -> str:
        """What stands in the cell."""
        told = "" if self.entered is None else str(self.entered)
        return {"recruited": told, "empty": "0", "untold": "?", "running": told or "…"}.get(self.kind, "")

    @property
    def word(self) -> str:
        """The same in words."""
        words = {
            "recruited": _("招收 %(n)s 人") % {"n": self.entered},
            "empty": _("没有招收"),
            "untold": _("没有登记"),
            "running": _("本年未满") if self.entered is None else _("本年至今 %(n)s 人") % {"n": self.entered},
            "first": _("批准当年"),
            "before": _("未批准"),
            "later": _("未到"),
        }
        return (
            words[self.kind]
            if self.confirmed or self.entered is None
            else _("%(said)s（未核实）") % {"said": words[self.kind]}
        )


# --- the clocks of a city ----------------------------------------------------------------------


def clocks_of(pack: Pack, on: date) -> list[Clock]:
    rows = Clock.objects.filter(Q(until=None) | Q(until__gt=on), pack=pack, since__lte=on)
    return list(rows.select_related("clause__document").prefetch_related("criteria", "steps").order_by("order", "pk"))


def start_of(clock: Clock, settings: dict) -> str:
    """The fact that says since when, by what the city's setting chooses."""
    return clock.starts[settings[clock.setting]] if isinstance(clock.starts, dict) else clock.starts


def months_of(step: ClockStep, settings: dict) -> int:
    return step.months + 12 * (settings[step.setting] if step.setting else 0)


def steps_of(clock: Clock) -> list[ClockStep]:
    return sorted(clock.steps.all(), key=lambda s: (RANK[K(s.kind)], s.pk))


def criteria_of(clock: Clock) -> list[Criterion]:
    rows = sorted(clock.criteria.all(), key=lambda c: (c.order, c.pk))
    return [vocabulary.criterion(r.fact, r.lookup, r.value, str(clock.clause)) for r in rows]


# --- reading them ------------------------------------------------------------------------------


def readings(
    rows: QuerySet, pack: Pack, on: date, *, clocks: list[Clock] | None = None, settings: dict | None = None
) -> list[Reading]:
    """Every clock that runs, or may run, for these stations on the day; one statement for all facts, one for cases.
    The soonest first; without stations and cells (see `with_years`). `clocks` and `settings` of the pack, where they are known."""
    clocks = clocks_of(pack, on) if clocks is None else clocks
    if not clocks:
        return []
    settings = Setting.objects.values_of(pack) if settings is None else settings
    asked: dict[str, Question] = {}
    plan = []
    for n, clock in enumerate(clocks):
        start = start_of(clock, settings)
        worst, best = BOUNDS.get(start, (start, start))
        asked |= {f"c{n}_{m}": question for m, question in enumerate(criteria_of(clock))}
        shown = [name for row in clock.criteria.all() for name in BESIDE.get(row.fact, ())]
        asked |= {f"b_{name}": Criterion(name, Lookup.AT_LEAST, 0, "") for name in shown}
        asked |= {f"s{n}_{m}": Criterion(name, Lookup.AT_MOST, FAR, "") for m, name in enumerate((worst, best))}
        plan.append((n, clock, worst, best, shown))
    cases = latest_cases(rows, on)
    kept = {clock.pk: (steps_of(clock), [months_of(step, settings) for step in steps_of(clock)]) for clock in clocks}
    found = []
    for row in vocabulary.verdicts(rows, asked, on=on):
        for n, clock, worst, best, shown in plan:
            verdicts = {k: row[k] for k in asked if k.startswith(f"c{n}_")}
            applies = False if False in verdicts.values() else None if None in verdicts.values() else True
            case = cases.get((row["pk"], clock.code))
            if applies is False and not (case and case.status_then in REACHED):
                continue
            reading = Reading(on, row["pk"], clock, applies, row[f"fact_{worst}"], row[f"fact_{best}"], case=case)
            reading.lacking = [asked[k].criteria[0].fact for k, v in verdicts.items() if v is None]
            told = {name: row[f"fact_{name}"] for name in shown}
            reading.compared = {name: value for name, value in told.items() if value is not None}
            set_dues(reading, *kept[clock.pk])
            found.append(reading)
    return sorted(found, key=in_order)


def in_order(reading: Reading) -> tuple:
    """The soonest first."""
    return reading.day, ORDER[reading.state], reading.pk, reading.clock.order


def latest_cases(rows: QuerySet, on: date) -> dict[tuple[int, str], Any]:
    """The youngest case of each station and rule as of the day."""
    cases = StandingCase.objects.standing(on).filter(station__in=rows.order_by().values("pk"), clock__isnull=False)
    return {(c.station_id, c.clock.code): c for c in cases.select_related("matter", "clock").order_by("pk")}


def set_dues(reading: Reading, steps: list[ClockStep], after: list[int]) -> None:
    """The day of each step and which of them is next; a step before a rectification isn't skipped by lateness."""
    if reading.worst is None or reading.best is None:
        return
    for step, months in zip(steps, after, strict=True):
        days = [months_after(day, months) for day in (reading.worst, reading.best)]
        reading.dues.append(Due(step, *days))  # type: ignore[arg-type]
    left = [due for due in reading.dues if due.rank > handled(reading, due)]
    past = [due for due in left if due.worst <= reading.on]
    if past:
        reached = REACHED.get(reading.case.status_then, 0) if reading.case else 0
        given = [due for due in past if due.rank <= max(RANK[K.RECTIFY], reached + 1)] or past[:1]
        reading.next = given[-1]
    elif left:
        reading.next = left[0]


def handled(reading: Reading, due: Due) -> int:
    """Up to which step a case has dealt with this run of the clock; a closed one with what was due when it closed."""
    case = reading.case
    if case is None:
        return 0
    if case.status_then in REACHED:
        return REACHED[case.status_then]
    closed = case.matter.closed_on
    return due.rank if case.started_on == reading.worst and closed and due.worst <= closed else 0


# --- the years ---------------------------------------------------------------------------------


def with_years(found: list[Reading]) -> list[Reading]:
    """The same with their stations, the strip of years and the years that nobody told; two statements."""
    related = ("matter__district", "enterprise__organisation", "upgraded_from", "chain")
    on = max((r.on for r in found), default=date.min)
    stations = counted.beside(Station.objects.select_related(*related), on).in_bulk({r.pk for r in found})
    return with_known(found, stations, recruits_of(stations.values()))


def recruits_of(stations: Iterable[Station]) -> QuerySet[Recruits]:
    """What was told of these stations and of those they were before, by year."""
    keys = {pk for s in stations for pk in (s.pk, s.upgraded_from_id) if pk}
    return Recruits.objects.filter(station__in=keys).order_by("year")


def with_known(found: list[Reading], stations: Mapping[int, Station], recruits: Iterable[Recruits]) -> list[Reading]:
    """The same where both are known: `stations` from `counted.beside()` with the ones they were before, `recruits` from
    `recruits_of()`."""
    by_station: dict[int | None, list[Recruits]] = {}
    for row in recruits:
        by_station.setdefault(row.station_id, []).append(row)
    for reading in found:
        reading.station = stations[reading.pk]
    for reading in found:
        line = [pk for pk in (reading.station.upgraded_from_id, reading.station.pk) if pk]
        rows = [row for pk in line for row in by_station.get(pk, []) if row.counted_on <= reading.on]
        fill(reading, rows, [day for day in reading.station.entries_ if day <= reading.on])
    return found


def fill(reading: Reading, rows: list[Recruits], days: list[date]) -> None:
    """The years of a reading, from what was typed of the station's line and the entries on record."""
    origin = reading.station.upgraded_from or reading.station
    begun, year = origin.approved_on.year, reading.on.year
    typed: dict[int, list[Recruits]] = {}
    for row in rows:
        typed.setdefault(row.year, []).append(row)
    told = typed.keys() | {day.year for day in days}
    sides = {n: both_of(n, typed.get(n, []), days, reading.station.typed_counts_) for n in told}
    kinds = {n: kind_of(n, sides.get(n), begun, year) for n in range(begun, year + 1)}
    if start_is_idle(reading):
        last = max([begun, *(n for n, both in sides.items() if both.entered)])
        reading.untold = [n for n, kind in kinds.items() if kind == "untold" and last < n < year]
    for n in range(year - BEHIND, year + AHEAD + 1):
        cell = Cell(n, kinds.get(n, "before" if n < begun else "later"), both=sides.get(n))
        cell.entered = cell.both.entered if cell.both else None
        cell.confirmed = bool(cell.both and cell.both.by_record) or all(row.confirmed_on for row in typed.get(n, []))
        cell.steps = [due.step for due in reading.dues if due.worst.year == n]
        reading.cells.append(cell)


def kind_of(n: int, both: Both | None, begun: int, year: int) -> str:
    if both and both.entered:
        return "recruited"
    if n == year:
        return "running"
    if both and both.whole:
        return "empty"
    return "first" if n == begun else "untold"


def start_is_idle(reading: Reading) -> bool:
    starts = reading.clock.starts
    return bool(set(starts.values() if isinstance(starts, dict) else [starts]) & set(BOUNDS))


def prevents(reading: Reading) -> str:
    """What would keep the next step from coming, and until when."""
    remedy = localised(reading.clock, "remedy")
    if reading.later is None:
        return str(remedy)[:1].upper() + str(remedy)[1:]
    promised = reading.case.matter.due_on if reading.is_open else None
    about = {"day": promised or reading.later.worst - timedelta(1), "remedy": remedy}
    about["step"] = reading.later.step.get_kind_display()
    return _("%(day)s（含）以前%(remedy)s，可免“%(step)s”") % about
