"""Where a career has months that nothing tells of, and where it tells two things at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from postdocs.careers.models import CareerRow, before, month


@dataclass(frozen=True)
class Gap:
    """Months between two rows; `since` and `until` half-open, as in the rows."""

    since: date
    until: date

    @property
    def months(self) -> int:
        return between(self.since, self.until)

    @property
    def said(self) -> str:
        told = {"since": month(self.since), "until": month(before(self.until)), "n": self.months}
        return _("%(since)s 至 %(until)s 有 %(n)s 个月没有经历，请补一条经历，或说明这段时间在做什么。") % told


@dataclass(frozen=True)
class Overlap:
    """Two rows at the same time, neither of them beside the other."""

    first: CareerRow
    second: CareerRow

    @property
    def said(self) -> str:
        told = {"first": self.first.place, "second": self.second.place, "since": month(self.second.since)}
        return _("“%(first)s”和“%(second)s”在 %(since)s 重叠；在职攻读或兼任的请勾选，否则请核对年月。") % told


def between(since: date, until: date) -> int:
    """Whole months from one first day of a month to another."""
    return (until.year - since.year) * 12 + until.month - since.month


def gaps_of(rows: Iterable[CareerRow], *, through: date, allowed: int) -> list[Gap]:
    """The gaps of more than `allowed` months from the first row to the month of `through`; none where nothing is told.
    A row that still lasts covers everything after it."""
    reached, found = None, []
    end = through.replace(day=1)
    for row in sorted(rows, key=lambda r: r.since):
        if reached and row.since > reached:
            found.append(Gap(reached, row.since))
        reached = max(reached or date.min, row.until or date.max)
    if reached and reached < end:
        found.append(Gap(reached, end))
    return [gap for gap in found if gap.months > allowed]


def overlaps_of(rows: Iterable[CareerRow]) -> list[Overlap]:
    """Rows that overlap the one which reached furthest before them, both told as the whole of those months."""
    furthest, found = None, []
    for row in sorted((r for r in rows if not r.beside), key=lambda r: r.since):
        if furthest and row.since < (furthest.until or date.max):
            found.append(Overlap(furthest, row))
        if furthest is None or (row.until or date.max) > (furthest.until or date.max):
            furthest = row
    return found
