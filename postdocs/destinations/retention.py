"""How many of each cohort the city kept: at the exit and later on. What isn't known is counted as not known."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, F, FilteredRelation, Q, QuerySet
from django.db.models.functions import ExtractYear

from postdocs.destinations import facts
from postdocs.destinations.due import last_exit
from postdocs.destinations.models import AWAY, IN_CITY, DestinationType

T = DestinationType
PARTS = ("host", "city", "second", "elsewhere", "abroad", "unknown")  # of a cohort, by where they went; nobody twice


@dataclass
class Mark:
    """One cohort some time after the exit: in the city, not, unknown; `later` are those for whom it isn't time yet."""

    yes: int = 0
    no: int = 0
    unknown: int = 0
    later: int = 0

    @property
    def rate(self) -> float | None:
        """Of those of whom it is known; None where it is known of nobody."""
        return self.yes / (self.yes + self.no) if self.yes + self.no else None

    def __add__(self, other: "Mark") -> "Mark":
        return Mark(self.yes + other.yes, self.no + other.no, self.unknown + other.unknown, self.later + other.later)


@dataclass
class Cohort:
    """Those who left in one year, or in one district. `marks` by months after the exit, 0 first."""

    key: Any
    exited: int = 0
    parts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(PARTS, 0))
    marks: dict[int, Mark] = field(default_factory=dict)


BY = {"year": ExtractYear("ended_on"), "district": F("matter__district")}


def of_part(part: str) -> Q:
    """Who went there: as the type says, or as its region where the type leaves it open."""
    open_ = ~Q(destination__type__in=[*IN_CITY, *AWAY, T.SECOND])
    return {
        "host": Q(destination__type=T.HOST),
        "city": Q(destination__type__in=[t for t in IN_CITY if t != T.HOST]) | open_ & Q(destination__in_city=True),
        "second": Q(destination__type=T.SECOND),
        "elsewhere": Q(destination__type__in=[t for t in AWAY if t != T.ABROAD])
        | open_ & Q(destination__in_city=False),
        "abroad": Q(destination__type=T.ABROAD),
        "unknown": Q(destination=None) | open_ & Q(destination__isnull=False, destination__in_city=None),
    }[part]


def cohorts(rows: QuerySet, by: str, months: list[int], on: date) -> list[Cohort]:
    """The stays among `rows` that ended by exit up to a day, in one statement."""
    joined = {
        f"asked_{n}": FilteredRelation("follow_ups", condition=Q(follow_ups__months=n, follow_ups__checked_on__lte=on))
        for n in months
    }
    counts: dict[str, Count] = {"exited": Count("pk")}
    counts |= {part: Count("pk", filter=of_part(part)) for part in PARTS}
    for n in (0, *months):
        path = f"asked_{n}__in_city" if n else "destination__in_city"
        reached = Q(ended_on__lte=last_exit(on, n))
        counts[f"yes_{n}"] = Count("pk", filter=reached & Q(**{path: True}))
        counts[f"no_{n}"] = Count("pk", filter=reached & Q(**{path: False}))
        counts[f"reached_{n}"] = Count("pk", filter=reached)
    grouped = rows.filter(facts.out(on)).order_by().annotate(**joined).annotate(key_=BY[by]).values("key_")
    return [cohort_of(row, months) for row in grouped.annotate(**counts).order_by("key_")]


def cohort_of(row: dict, months: list[int]) -> Cohort:
    marks = {}
    for n in (0, *months):
        yes, no, reached = row[f"yes_{n}"], row[f"no_{n}"], row[f"reached_{n}"]
        marks[n] = Mark(yes, no, reached - yes - no, row["exited"] - reached)
    return Cohort(row["key_"], row["exited"], {part: row[part] for part in PARTS}, marks)


def summed(found: list[Cohort]) -> Cohort:
    """All of them together."""
    total = Cohort(None)
    for cohort in found:
        total.exited += cohort.exited
        total.parts = {part: total.parts[part] + n for part, n in cohort.parts.items()}
        total.marks = {n: total.marks.get(n, Mark()) + mark for n, mark in cohort.marks.items()}
    return total


@dataclass
class Intake:
    """Those who entered in one year: still in station, withdrawn, out; of the last, what is known of them now."""

    year: int | None
    entered: int = 0
    inside: int = 0
    withdrawn: int = 0
    out: int = 0
    yes: int = 0
    no: int = 0

    @property
    def unknown(self) -> int:
        return self.out - self.yes - self.no


COUNTED = ("entered", "inside", "withdrawn", "out", "yes", "no")


def intakes(rows: QuerySet, on: date) -> list[Intake]:
    """By the year of entry, in one statement."""
    rows = rows.filter(entered_on__lte=on).order_by()
    rows = rows.annotate(year=ExtractYear("entered_on"), now_=facts.stays_in_city(on)).values("year")
    gone = Q(ended_on__lte=on)
    rows = rows.annotate(
        entered=Count("pk"),
        inside=Count("pk", filter=Q(ended_on=None) | Q(ended_on__gt=on)),
        withdrawn=Count("pk", filter=gone & Q(withdrawn_on__isnull=False)),
        out=Count("pk", filter=gone & Q(withdrawn_on=None)),
        yes=Count("pk", filter=Q(now_=True)),
        no=Count("pk", filter=Q(now_=False)),
    )
    return [Intake(**row) for row in rows.order_by("year").values("year", *COUNTED)]


def taken_together(found: list[Intake]) -> Intake:
    return Intake(None, *(sum(getattr(row, name) for row in found) for name in COUNTED))
