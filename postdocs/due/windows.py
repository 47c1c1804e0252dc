"""What is due and what is late for everybody in station, asked of the database in one statement.

A milestone is due by the window of its city's rule (`MilestoneRule`), one that failed a while after it failed; papers
that may follow by the months of theirs; the exit by the contract with its extensions; who is abroad by the agreed return.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import (
    CharField,
    DateField,
    Exists,
    F,
    Func,
    IntegerField,
    Min,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from postdocs.stays.models import INSIDE, EntryPaper, Grade, Milestone, MilestoneKind, MilestoneRule

AHEAD = 60  # days before its end from which something is on the list
HELD = (MilestoneKind.PROPOSAL, MilestoneKind.MIDTERM, MilestoneKind.ASSESSMENT)
WHAT = {kind.value: kind.label for kind in HELD} | {
    "certificate": _("补交学位证书"),
    "exit": _("办理出站"),
    "abroad": _("出国出境返回"),
}
COLUMNS = {
    "stay": F("pk"),
    "number": F("matter__number"),
    "name": F("person__name"),
    "unit": F("matter__organisation__name"),
    "unit_id": F("matter__organisation"),
    "district": F("matter__district"),
    "station": F("station__matter__number"),
}


@dataclass(frozen=True)
class Due:
    """One thing that somebody in station has yet to do, and the last day for it."""

    stay: int
    number: str
    name: str
    unit: str
    unit_id: int
    district: int
    station: str
    what: str
    due_on: date
    left: int  # days from the day asked for; negative: late

    @property
    def label(self):
        return WHAT[self.what]

    @property
    def late(self) -> bool:
        return self.left < 0

    @property
    def over(self) -> int:
        """Days late."""
        return max(-self.left, 0)

    @property
    def url(self) -> str:
        return reverse("postdocs:stay", args=[self.number])


def months_after(day, months):
    """The same day so many months later, or the month's last: as `actions.add_months()`."""
    template = "(%(expressions)s))::date"
    return Func(day, months, template=template, arg_joiner=" + make_interval(months => ", output_field=DateField())


def rules(kind: str) -> QuerySet:
    return MilestoneRule.objects.filter(pack__root__down__node=OuterRef("matter__district"), kind=kind)


def number_of(rows: QuerySet, column: str) -> Subquery:
    return Subquery(rows.values(column)[:1], output_field=IntegerField())


def milestones(stays: QuerySet, kind: str) -> QuerySet:
    """Who has yet to pass a milestone that has a last day."""
    held = Milestone.objects.filter(stay=OuterRef("pk"), kind=kind)
    failed = held.filter(grade=Grade.FAILED).order_by("-held_on")
    again = months_after(Subquery(failed.values("held_on")[:1]), number_of(rules(kind), "again"))
    usual = months_after(F("entered_on"), number_of(rules(kind), "due"))
    return stays.filter(~Exists(held.exclude(grade=Grade.FAILED))).annotate(due_on=Coalesce(again, usual))


def certificates(stays: QuerySet) -> QuerySet:
    """Who entered without a certificate, and has none yet."""
    papers = EntryPaper.objects.filter(pack__root__down__node=OuterRef("matter__district"), months__isnull=False)
    months = papers.order_by().annotate(all_=Value(1)).values("all_").annotate(n=Min("months"))
    rows = stays.filter(person__has_certificate=False, person__degree_on=None)
    return rows.annotate(
        due_on=months_after(F("entered_on"), Subquery(months.values("n"), output_field=IntegerField()))
    )


def parts(stays: QuerySet) -> Iterable[tuple[str, QuerySet]]:
    for kind in HELD:
        yield kind.value, milestones(stays, kind.value)
    yield "certificate", certificates(stays)
    yield "exit", stays.annotate(due_on=Cast(F("planned_until"), DateField()))
    yield (
        "abroad",
        stays.filter(abroad__returned_on=None, abroad__pk__isnull=False).annotate(due_on=F("abroad__back_by")),
    )


def due_by(stays: QuerySet, on: date, *, ahead: int = AHEAD, what: str = "", late: bool = False) -> list[Due]:
    """What of these stays is late on a day or due within `ahead` days, the most pressing first; `what` of one kind."""
    last = on - timedelta(1) if late else on + timedelta(ahead)
    stays = stays.filter(status__in=INSIDE, entered_on__lte=on).order_by()
    rows = [
        part.filter(due_on__lte=last)
        .annotate(what=Value(name, CharField()))
        .values_list(*COLUMNS.values(), "what", "due_on", named=False)
        for name, part in parts(stays)
        if what in ("", name)
    ]
    names = (*COLUMNS, "what", "due_on")
    found = rows[0].union(*rows[1:], all=True) if len(rows) > 1 else rows[0]
    dues = [Due(**dict(zip(names, row, strict=True)), left=(row[-1] - on).days) for row in found]
    return sorted(dues, key=lambda d: (d.due_on, d.number, d.what))


def by_station(dues: Iterable[Due], most: int = 8) -> list[tuple[str, str, int, int]]:
    """Number of the station, its enterprise, how much is late there, how much is due soon; those with most late things
    first, and none where nothing is late."""
    late, soon = Counter(d.station for d in dues if d.late), Counter(d.station for d in dues if not d.late)
    units = {d.station: d.unit for d in dues}
    worst = sorted(late, key=lambda number: (-late[number], -soon[number], number))
    return [(number, units[number], late[number], soon[number]) for number in worst[:most]]


def by_district(dues: Iterable[Due]) -> list[tuple[int, int, int]]:
    """District, how much is late there, how much is due soon; where most is late first."""
    late, soon = Counter(d.district for d in dues if d.late), Counter(d.district for d in dues if not d.late)
    places = sorted(set(late) | set(soon), key=lambda pk: (-late[pk], -soon[pk], pk))
    return [(pk, late[pk], soon[pk]) for pk in places]
