"""How occurrences are shown: what is said of each on a day, and a year of them month by month."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.words import localised
from targets.duties.figures import figures_of
from targets.duties.filters import STATES, in_state
from targets.duties.models import Duty, Occurrence, Recurrence
from targets.duties.periods import said

MARKS = {  # what a state looks like: shape and colour
    "late": "unmet", "near": "changed", "open": "doing", "waiting": "waiting", "later": "todo", "done": "done",
    "gone": "locked",
}  # fmt: skip


@dataclass
class Line:
    """One occurrence with its words. `value` is what was reported, else what the portal counts now."""

    row: Occurrence
    state: str
    left: int | None  # days to its end; negative: over
    value: Decimal | None
    counted: bool  # whether the portal counts it by itself

    @property
    def mark(self) -> str:
        return MARKS[self.state]

    @property
    def period(self) -> str:
        return said(self.row.period)

    @property
    def words(self) -> str:
        """The state as a list says it."""
        if self.state == "late" and self.left is not None:
            return ngettext("逾期 %(n)s 天", "逾期 %(n)s 天", -self.left) % {"n": -self.left}
        if self.state == "near" and self.left is not None:
            return ngettext("临期，还有 %(n)s 天", "临期，还有 %(n)s 天", self.left) % {"n": self.left}
        return {
            "open": self.row.get_status_display(),
            "waiting": _("待确认"),
            "later": _("未到时间"),
            "done": self.row.get_status_display(),
            "gone": self.row.get_status_display(),
        }[self.state]

    @property
    def reached(self) -> bool:
        return self.value is not None and self.row.goal is not None and self.value >= self.row.goal


def lines_of(rows: Iterable[Occurrence], on: date, near: int) -> list[Line]:
    rows = list(rows)
    figures = figures_of(rows, on)
    found = []
    for row in rows:
        counted = (
            figures.get(row.pk) if row.figure is None else row.figure
        )  # as of the report, where it was reported here
        value = row.number if row.number is not None else counted
        left = (row.due_on - on).days if row.due_on else None
        found.append(Line(row, row.state(on, near), left, value, row.number is None and counted is not None))
    return found


def counts_of(rows, on: date, near: int) -> dict[str, int]:
    """How many are in each state, and all; one query."""
    asked = {name: Count("pk", filter=in_state(name, on, near)) for name, _label in STATES}
    return rows.order_by().aggregate(all=Count("pk", filter=~Q(status="dropped")), **asked)


# --- a year ------------------------------------------------------------------------------------


@dataclass
class Month:
    """One month of one duty: whether it is at work then, and what falls due in it."""

    inside: bool
    lines: list[Line]
    now: bool = False


@dataclass
class Lane:
    """A duty over the months of a year. One that runs all the time is a single line."""

    duty: Duty
    months: list[Month]
    whole: Line | None = None


def year_of(lines: Iterable[Line], year: int, today: date) -> list[tuple[str, list[Lane]]]:
    """The duties of a year by group, each with its months; in the order of the list."""
    lanes: dict[int, list[Line]] = {}
    for line in lines:
        lanes.setdefault(line.row.duty_id, []).append(line)
    groups: dict[str, list[Lane]] = {}
    for mine in sorted(lanes.values(), key=lambda ls: (ls[0].row.duty.order, ls[0].row.duty.pk)):
        duty = mine[0].row.duty
        whole = mine[0] if duty.recurrence in (Recurrence.ONGOING, Recurrence.ONCE) and spans(mine[0], year) else None
        lane = Lane(duty, [] if whole else [month_of(mine, year, n, today) for n in range(1, 13)], whole)
        groups.setdefault(localised(duty, "group"), []).append(lane)
    return list(groups.items())


def spans(line: Line, year: int) -> bool:
    """Whether it runs through the year without falling due in it."""
    return line.row.due_on is None or line.row.due_on.year > year or line.row.duty.recurrence == Recurrence.ONGOING


def month_of(lines: list[Line], year: int, month: int, today: date) -> Month:
    here = [x for x in lines if x.row.due_on and (x.row.due_on.year, x.row.due_on.month) == (year, month)]
    at = (year, month)
    inside = any(
        (x.row.since.year, x.row.since.month) <= at
        and (x.row.due_on is None or at <= (x.row.due_on.year, x.row.due_on.month))
        for x in lines
    )
    return Month(inside, here, (today.year, today.month) == at)


def by_month(lines: Iterable[Line], year: int) -> list[tuple[int, list[Line]]]:
    """What falls due in each month of a year, for a narrow page."""
    months: dict[int, list[Line]] = {}
    for line in lines:
        if line.row.due_on and line.row.due_on.year == year:
            months.setdefault(line.row.due_on.month, []).append(line)
    return sorted(months.items())
