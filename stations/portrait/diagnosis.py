"""What keeps a station from the first grade: the scheme in force held against the records of today, line by line.

Points come from evaluation/scoring.py, who takes part and what the records know from evaluation/lifecycle.py: what this
page says today is what a sheet would say. What only a report or a person can say is taken from the last sheet of the
same scheme, and said so.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from portal.facts import Finding
from portal.models import Pack
from portal.templatetags.marks import percent
from portal.words import localised
from stations.evaluation import scoring
from stations.evaluation.figures import Period
from stations.evaluation.lifecycle import Known, questions_of, records
from stations.evaluation.scoring import ZERO, Band, Score, bands_of, plain, score
from stations.models import EvaluationScheme, Line, SchemeGrade, SchemeItem, Sheet, Station
from stations.register.facts import station as vocabulary
from stations.standing.clocks import months_after


@dataclass
class Point:
    """One line: what it brings today, and which figure would bring more."""

    item: SchemeItem
    now: Score
    source: str
    last: Decimal | None = None  # the points that reviewers gave last time

    @property
    def next(self) -> Band | None:
        """The band above the one that is reached; None at the top, or where a person judges."""
        if self.item.judged:
            return None
        above = [b for b in bands_of(self.item) if self.now.figure is None or b.at_least > self.now.figure]
        return next((b for b in above if b.points > (self.now.points or ZERO)), None)

    @property
    def dimension(self) -> str:
        return localised(self.item.dimension, "title")

    @property
    def room(self) -> Decimal:
        """The points that are not reached yet."""
        return self.item.points - (self.now.points or ZERO)

    @property
    def figure(self) -> str:
        if self.now.figure is None:
            return _("未知")
        return f"{plain(self.now.figure.quantize(Decimal('0.1')))} {localised(self.item, 'unit')}".strip()

    @property
    def advice(self) -> str:
        """What would bring more, in one sentence."""
        unit = localised(self.item, "unit")
        if self.item.judged:
            if self.last is not None:
                return _("由评审打分，上次得 %(points)s 分") % {"points": plain(self.last)}
            return _("由评审打分")
        step = self.next
        if step is None:
            return _("已得满分")
        given = {"from": plain(step.at_least), "unit": unit, "points": plain(step.points)}
        if self.now.figure is None:
            return (_("先填上数：不少于 %(from)s %(unit)s 得 %(points)s 分") % given).replace("  ", " ")
        given["more"] = plain((step.at_least - self.now.figure).quantize(Decimal("0.1")))
        return _("再加 %(more)s %(unit)s，到 %(from)s 得 %(points)s 分") % given


@dataclass
class Diagnosis:
    """One scheme: whether the station takes part today, its lines, and the way to the first grade."""

    scheme: EvaluationScheme
    takes_part: bool | None
    findings: list[Finding]
    first: SchemeGrade | None
    points: list[Point] = field(default_factory=list)
    sheet: Sheet | None = None  # whose figures stand in where the records know nothing

    @property
    def title(self) -> str:
        return localised(self.scheme, "title")

    @property
    def now(self) -> Decimal:
        return sum((p.now.points or ZERO for p in self.points if not p.item.judged), ZERO)

    @property
    def judged(self) -> Decimal:
        return sum((p.item.points for p in self.points if p.item.judged), ZERO)

    @property
    def unknown(self) -> Decimal:
        return sum((p.item.points for p in self.points if not p.item.judged and p.now.figure is None), ZERO)

    @property
    def improvable(self) -> Decimal:
        return sum((p.room for p in self.points if not p.item.judged and p.now.figure is not None), ZERO)

    @property
    def most(self) -> Decimal:
        return sum((p.item.points for p in self.points), ZERO)

    @property
    def missing(self) -> Decimal:
        return max((self.first.at_least if self.first else ZERO) - self.now, ZERO)

    @property
    def answer(self) -> str:
        """How far it is to the first grade, in one sentence."""
        told = {
            "grade": self.first,
            "line": plain(self.first.at_least) if self.first else "",
            "now": plain(self.now),
            "missing": plain(self.missing),
            "judged": plain(self.judged),
            "rest": plain(self.missing - self.judged),
        }
        if not self.missing:
            return _("不算评审打分，今天已有 %(now)s 分，够“%(grade)s”的 %(line)s 分线。") % told
        if self.missing <= self.judged:
            return (
                _(
                    "今天有 %(now)s 分，离“%(grade)s”的 %(line)s 分线差 %(missing)s 分；评审的 %(judged)s 分里要得到这些。"
                )
                % told
            )
        return (
            _(
                "今天有 %(now)s 分，离“%(grade)s”的 %(line)s 分线差 %(missing)s 分；评审给满也还差 %(rest)s 分，要靠下面的指标。"
            )
            % told
        )

    @property
    def bars(self) -> list[dict]:
        """The pieces of one bar as wide as all points."""
        pieces = (
            ("now", _("已得"), self.now),
            ("judged", _("由评审打分"), self.judged),
            ("unknown", _("数还不知道"), self.unknown),
            ("room", _("可以提高"), self.improvable),
        )
        found, at = [], ZERO
        for code, label, points in pieces:
            if points:
                given = {"x": percent(share(at, self.most)), "width": percent(share(points, self.most))}
                found.append({"code": code, "label": label, "points": points, **given})
            at += points
        return found

    @property
    def line_at(self) -> str:
        return percent(share(self.first.at_least, self.most)) if self.first else ""

    @property
    def to_do(self) -> list[Point]:
        """What can be done about it, what brings most first; what nobody knows yet before that."""
        rows = [p for p in self.points if p.next is not None]
        return sorted(rows, key=lambda p: (p.now.figure is not None, -p.room, p.item.pk))


def share(part: Decimal, whole: Decimal) -> float:
    return float(part / whole * 100) if whole else 0


def diagnosed(station: Station, on: date) -> list[Diagnosis]:
    """Every scheme of the city in force on the day; those that the station takes part in first."""
    pack = Pack.objects.above(station.matter.district_id).values("pk")[:1]
    schemes = EvaluationScheme.objects.filter(pack=pack).in_force(on).select_related("clause__document")
    found = [
        diagnosis_of(scheme, station, on)
        for scheme in schemes.prefetch_related("grades", "entrants").order_by("order", "pk")
    ]
    return sorted(found, key=lambda d: (d.takes_part is False, d.scheme.order))


def diagnosis_of(scheme: EvaluationScheme, station: Station, on: date) -> Diagnosis:
    findings = vocabulary.findings(station, questions_of(scheme), on=on)
    verdicts = {f.met for f in findings}
    takes_part = False if False in verdicts or not findings else None if None in verdicts else True
    first = next(iter(scoring.grades_of(scheme)), None)
    if takes_part is False:
        return Diagnosis(scheme, False, [f for f in findings if f.met is False], first)
    items = list(
        SchemeItem.objects.filter(dimension__scheme=scheme)
        .select_related("dimension")
        .order_by("dimension__order", "order", "pk")
    )
    known = records([station.pk], items, last_cycle(scheme, on))[station.pk]
    sheet = last_sheet(station, scheme)
    lines = {line.item.code: line for line in scoring.lines_of(sheet)} if sheet else {}
    points = [point_of(item, known.get(item.code, Known(None)).figure, lines.get(item.code), sheet) for item in items]
    return Diagnosis(scheme, takes_part, [f for f in findings if f.met is None], first, points, sheet)


def last_cycle(scheme: EvaluationScheme, on: date) -> Period:
    """As if a round ended today: figures of the years since the one before."""
    until = on + timedelta(1)
    since = months_after(until, -12 * scheme.cycle_years)
    return Period(since or until, until, on)


def last_sheet(station: Station, scheme: EvaluationScheme) -> Sheet | None:
    rows = Sheet.objects.filter(station=station, evaluation__scheme__code=scheme.code).exclude(status="exempt")
    rows = rows.filter(evaluation__scheme__pack=scheme.pack_id).select_related("evaluation", "matter")
    return rows.order_by("-pk").first()


def point_of(item: SchemeItem, record: Decimal | None, line: Line | None, sheet: Sheet | None) -> Point:
    """The records of today where they know; else what the last sheet says, of marks only those that are published."""
    published = bool(sheet and sheet.decision)
    if item.judged:
        last = line.settled if line and published else None
        return Point(item, score(item, None), _("评审打分"), last)
    if item.source == SchemeItem.Source.FACT or record is not None:
        return Point(item, score(item, record), item.get_source_display())
    told = line.figure("final" if published else "self") if line else None
    if told is None or sheet is None:
        return Point(item, score(item, None), _("等单位填报"))
    return Point(item, score(item, told), _("按%(round)s") % {"round": sheet.evaluation})


def points_of(found: Iterable[Diagnosis]) -> list[tuple[Diagnosis, Point]]:
    return [(diagnosis, point) for diagnosis in found for point in diagnosis.points]
