"""When a duty falls due: its periods, one after the other, by the calendar alone."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from targets.duties.models import Duty, Recurrence

R = Recurrence
MONTHS = {R.MONTH: 1, R.QUARTER: 3, R.HALF: 6, R.YEAR: 12}  # how long the periods of a year are


@dataclass(frozen=True)
class Period:
    """`since` to `due_on`, both included (None: it has no end); `key` is its name within the duty."""

    key: str
    since: date
    due_on: date | None


def periods(duty: Duty, on: date) -> Iterator[Period]:
    """Every period of a duty that begins up to the day, the first one first.

    The first and the last are cut to the days on which the duty is in force.
    """
    last = min(on, duty.until) if duty.until else on
    if duty.recurrence in (R.ONCE, R.ONGOING):
        if duty.since <= last:
            yield Period("once" if duty.recurrence == R.ONCE else "all", duty.since, duty.until)
        return
    for key, begins, ends in by_calendar(duty, last.year):
        due_on = min(ends, duty.until) if duty.until else ends
        since = max(begins, duty.since)
        if since <= last and since <= due_on:
            yield Period(key, since, due_on)


def by_calendar(duty: Duty, last: int) -> Iterator[tuple[str, date, date]]:
    """Whole periods of the years from that in which the duty begins to the last one."""
    for year in range(duty.since.year, last + 1):
        if duty.recurrence == R.OTHER_SECOND_HALF and (year - duty.since.year) % 2:
            continue
        if duty.recurrence in (R.SECOND_HALF, R.OTHER_SECOND_HALF):
            yield f"{year}H2", date(year, 7, 1), date(year, 12, 31)
        elif duty.recurrence == R.YEAR:
            yield str(year), date(year, 1, 1), month_end(year, duty.month or 12)
        else:
            length = MONTHS[Recurrence(duty.recurrence)]
            for number in range(12 // length):
                first = number * length + 1
                yield key_of(year, length, number + 1), date(year, first, 1), month_end(year, first + length - 1)


def month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def key_of(year: int, length: int, number: int) -> str:
    return {1: f"{year}-{number:02d}", 3: f"{year}Q{number}", 6: f"{year}H{number}"}[length]


def said(key: str) -> str:
    """A period in words, by its key."""
    if key == "once":
        return _("一次完成")
    if key == "all":
        return pgettext("任务", "长期")
    year, rest = key[:4], key[4:]
    if not rest:
        return _("%(year)s 年") % {"year": year}
    if rest[0] == "Q":
        return _("%(year)s 年第 %(n)s 季度") % {"year": year, "n": rest[1]}
    if rest[0] == "H":
        return (_("%(year)s 年下半年") if rest[1] == "2" else _("%(year)s 年上半年")) % {"year": year}
    return _("%(year)s 年 %(month)s 月") % {"year": year, "month": int(rest[1:])}
