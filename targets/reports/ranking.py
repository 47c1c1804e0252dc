"""The districts side by side: how far each is before or behind its pace, in points of its own task.

Who has no data, no task or nothing due yet is not ranked, and is not last.
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from targets.reports.freezing import Frozen
from targets.reports.models import ReportFigure, ReportIndicator

TENTH = Decimal("0.1")


@dataclass
class Place:
    """A district of the ranking: `points` of its task before (+) or behind (-) its pace; `rank` None where it can't be
    told, then `why`. `was` is its rank on the day to compare with, `added` what came since."""

    district: dict
    figure: ReportFigure | None
    before: ReportFigure | None
    points: Decimal | None = None
    rank: int | None = None
    was: int | None = None
    added: Decimal | None = None
    why: str = ""

    @property
    def share(self) -> Decimal | None:
        """Of the task, in per cent."""
        return share(self.figure)


def share(figure: ReportFigure | None) -> Decimal | None:
    if figure is None or figure.value is None or not figure.target:
        return None
    return (figure.value * 100 / figure.target).quantize(TENTH, ROUND_HALF_UP)


def points_of(figure: ReportFigure | None) -> Decimal | None:
    """As it is shown, so that who looks equal is equal; within the tolerance of its state nobody is ahead or behind."""
    if figure is not None and figure.state == "level" and figure.target:
        return Decimal("0.0")
    if figure is None or figure.lead is None or not figure.target:
        return None
    return (figure.lead * 100 / figure.target).quantize(TENTH, ROUND_HALF_UP)


def why_not(figure: ReportFigure | None) -> str:
    if figure is None or figure.value is None:
        return _("暂无数据，不排名")
    if figure.target is None:
        return _("未分解任务，不排名")
    if not figure.target:
        return _("任务为 0，不排名")
    return _("未到节点，不排名")


def ranks(told: Frozen, row: ReportIndicator, on: date) -> dict[int, int]:
    """The rank of each district on a day; equal points share a rank, and the next one is as many lower."""
    points = {d["pk"]: points_of(told.of(row, d["pk"], on)) for d in told.districts}
    known = [p for p in points.values() if p is not None]
    return {pk: 1 + sum(p < other for other in known) for pk, p in points.items() if p is not None}


def ranking(told: Frozen, row: ReportIndicator) -> list[Place]:
    """The districts, the furthest ahead first and equal ones in official order; behind them who can't be ranked."""
    now, was = ranks(told, row, told.on), ranks(told, row, told.before) if told.before else {}
    places = []
    for district in told.districts:
        figure, pk = told.of(row, district["pk"]), district["pk"]
        before = told.of(row, pk, told.before) if told.before else None
        rank, points = now.get(pk), points_of(figure)
        added = gain(figure, before)
        why = "" if rank else why_not(figure)
        places.append(Place(district, figure, before, points, rank, was.get(pk), added, why))
    return sorted(places, key=lambda p: (p.rank is None, p.rank or 0))


def gain(figure: ReportFigure | None, before: ReportFigure | None) -> Decimal | None:
    """What came since; unknown where either is."""
    if figure is None or before is None or figure.value is None or before.value is None:
        return None
    return figure.value - before.value
