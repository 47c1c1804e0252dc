"""From the lines of a sheet to its score, and from the scores of a round to a proposal; each says how it came about.

Points follow from the figure and the bands of its item; what isn't known brings none and is counted as unknown.
"""

from collections import Counter
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from portal.models import Evidence, ReturnItem
from portal.words import factor, localised
from stations.models import Evaluation, Line, SchemeGrade, SchemeItem, Sheet, SheetStatus

LEVELS = ("self", "checked", "final")
ZERO = Decimal(0)


def plain(number: Decimal) -> str:
    """12.5, 12, 1200: a figure without idle zeros."""
    return f"{number.normalize():f}"


@dataclass(frozen=True)
class Band:
    """From this figure on an item brings these points."""

    at_least: Decimal
    points: Decimal


@dataclass
class Score:
    """What one figure of an item brings: `points` None where the figure is unknown; `band` is the one it lies in."""

    item: SchemeItem
    figure: Decimal | None
    points: Decimal | None
    band: Band | None = None

    @property
    def words(self) -> str:
        """The band in words: what is reached, or what the lowest one asks."""
        item, unit = self.item, factor(localised(self.item, "unit"))
        if self.figure is None:
            return _("由市局评审打分") if item.judged else _("尚不知道，不计分")
        if item.judged:
            return _("评审打分，满分 %(max)s") % {"max": plain(item.points)}
        if self.band:
            given = {"from": plain(self.band.at_least), "unit": unit, "points": plain(self.band.points)}
            return (_("不少于 %(from)s %(unit)s 得 %(points)s 分") % given).replace("  ", " ")
        lowest = bands_of(item)[0]
        return (_("不到 %(from)s %(unit)s，不得分") % {"from": plain(lowest.at_least), "unit": unit}).replace(
            " ，", "，"
        )


def bands_of(item: SchemeItem) -> list[Band]:
    """The lowest first."""
    bands = [Band(Decimal(figure), Decimal(str(points))) for figure, points in item.bands.items()]
    return sorted(bands, key=lambda b: b.at_least)


def score(item: SchemeItem, figure: Decimal | None) -> Score:
    if figure is None:
        return Score(item, None, None)
    if item.judged:
        return Score(item, figure, min(figure, item.points))
    reached = [b for b in bands_of(item) if b.at_least <= figure]
    return Score(item, figure, reached[-1].points if reached else ZERO, reached[-1] if reached else None)


def lines_of(sheet: Sheet) -> list[Line]:
    """The lines in the order of the scheme."""
    rows = Line.objects.filter(sheet=sheet).select_related("item__dimension")
    return list(rows.order_by("item__dimension__order", "item__order", "pk"))


def total(lines: Iterable[Line], level: str) -> Decimal:
    """The points at a level; what people judge counts at the last one only."""
    counted = [line for line in lines if level == "final" or not line.item.judged]
    return sum((score(line.item, line.figure(level)).points or ZERO for line in counted), ZERO)


# --- the page of a sheet -----------------------------------------------------------------------


@dataclass
class Row:
    """One line as a page shows it: the figure of each level with its points, where it is from, its papers."""

    line: Line
    scores: dict[str, Score]
    files: list[Evidence] = field(default_factory=list)
    item: ReturnItem | None = None
    open: bool = False
    fields: tuple = ()  # bound: figure and note, for who may write now
    error: str = ""

    @property
    def best(self) -> Score:
        """The score of the latest level at which the figure is known."""
        known = [self.scores[level] for level in LEVELS if self.scores[level].points is not None]
        return known[-1] if known else self.scores["self"]

    @property
    def source(self) -> str:
        """Whose figure it is that counts now."""
        line = self.line
        if line.settled is not None:
            return _("市局评定")
        if line.checked is not None:
            return _("区镇核定")
        if line.claimed is not None:
            return _("单位填报") if line.record is None else _("单位更正")
        if line.record is not None:
            return line.item.get_source_display()
        return _("评审打分") if line.item.judged else _("等单位填报")

    @property
    def notes(self) -> list[tuple[str, str]]:
        """Why somebody corrected the figure, and what the station says of it."""
        line = self.line
        said = [(_("单位说明"), line.statement), (_("核定理由"), line.check_note), (_("评定理由"), line.settle_note)]
        return [(who, text) for who, text in said if text]

    @property
    def counted(self) -> bool:
        """Whether its figure opens into rows."""
        return self.line.item.source == SchemeItem.Source.COUNTED

    @property
    def share(self) -> Decimal:
        """Of the item's points, in percent."""
        return (self.best.points or ZERO) * 100 / self.line.item.points


@dataclass
class Part:
    """A dimension with its rows and what they bring together."""

    title: str
    rows: list[Row]

    @property
    def points(self) -> Decimal:
        return sum((row.best.points or ZERO for row in self.rows), ZERO)

    @property
    def most(self) -> Decimal:
        return sum((row.line.item.points for row in self.rows), ZERO)

    @property
    def share(self) -> Decimal:
        return self.points * 100 / self.most if self.most else ZERO

    @property
    def unknown(self) -> int:
        return sum(row.best.points is None for row in self.rows)


def parts_of(
    sheet: Sheet, *, seen: bool, named: Sequence[ReturnItem] = (), targets: Set[str] | None = frozenset()
) -> list[Part]:
    """The sheet by dimension. `seen`: with the bureau's marks. `named` are the open items of a return; `targets` what
    may be edited, None for all."""
    files: dict[str, list[Evidence]] = {}
    cited = Evidence.objects.filter(matter=sheet.matter_id, removed_at=None)
    for piece in cited.select_related("file", "added_by").order_by("pk"):
        files.setdefault(piece.slot, []).append(piece)
    by_target = {item.target: item for item in named}
    parts: dict[int, Part] = {}
    for line in lines_of(sheet):
        if not seen:
            line.settled, line.settle_note = None, ""
        target = f"item:{line.item.code}"
        part = parts.setdefault(line.item.dimension_id, Part(localised(line.item.dimension, "title"), []))
        part.rows.append(
            Row(
                line,
                {level: score(line.item, line.figure(level)) for level in LEVELS},
                files.get(line.item.code, []),
                by_target.get(target),
                targets is None or target in targets,
            )
        )
    return list(parts.values())


# --- the proposal of a round -------------------------------------------------------------------


@dataclass
class Place:
    """Where a scored sheet stands and which grade its score proposes.

    `capped`: the score would do for the first grade, but its share is used up. `tie`: others have the same score and
    the share ends among them, which a person must settle.
    """

    sheet: Sheet
    rank: int
    proposed: SchemeGrade | None
    capped: bool = False
    tie: bool = False
    fields: tuple = ()  # bound: grade and reason, for who may decide

    @property
    def deviates(self) -> bool:
        return bool(self.sheet.grade_id and self.proposed and self.sheet.grade_id != self.proposed.pk)


def quota_of(evaluation: Evaluation, taking_part: int) -> int | None:
    """How many may get the first grade; None without a cap. Parts of a station don't count."""
    cap = evaluation.scheme.cap
    return None if cap is None else taking_part * cap // 100


SETTLED = (SheetStatus.SCORED, SheetStatus.GRADED)


def ranking(sheets: Iterable[Sheet], grades: Sequence[SchemeGrade], quota: int | None) -> list[Place]:
    """The scored sheets, the best first; equal scores share a rank and stand by number."""
    scored = sorted(
        (s for s in sheets if s.status in SETTLED and s.final_score is not None),
        key=lambda s: (-s.final_score, s.matter.number),  # type: ignore[operator]
    )
    first = grades[0] if grades else None
    same_score = Counter(s.final_score for s in scored)
    ranks: dict[Decimal | None, int] = {}
    places = []
    for number, sheet in enumerate(scored, 1):
        rank, same = ranks.setdefault(sheet.final_score, number), same_score[sheet.final_score]
        grade = next((g for g in grades if (sheet.final_score or ZERO) >= g.at_least), None)
        place = Place(sheet, rank, grade)
        if grade is not None and grade == first and quota is not None and rank + same - 1 > quota:
            place.capped, place.tie = True, rank <= quota
            place.proposed = grades[1] if len(grades) > 1 else None
        places.append(place)
    return places


def sealed(place: Place, *, of: int, quota: int | None) -> dict:
    """All that a result rests on, as JSON: the rules, every line, the rank, what was proposed and what was decided."""
    sheet, scheme = place.sheet, place.sheet.evaluation.scheme
    files: dict[str, list[dict]] = {}
    for piece in Evidence.objects.filter(matter=sheet.matter_id, removed_at=None).select_related("file"):
        files.setdefault(piece.slot, []).append({"file": str(piece.file_id), "sha256": piece.file.sha256})
    return {
        "scheme": {
            "code": scheme.code,
            "since": scheme.since.isoformat(),
            "title": scheme.title,
            "clause": str(scheme.clause),
            "cap": scheme.cap,
            "grades": [{"code": g.code, "title": g.title, "at_least": plain(g.at_least)} for g in grades_of(scheme)],
        },
        "scores": {
            "self": said(sheet.self_score),
            "checked": said(sheet.checked_score),
            "final": said(sheet.final_score),
        },
        "rank": place.rank,
        "of": of,
        "quota": quota,
        "proposed": place.proposed.code if place.proposed else None,
        "grade": sheet.grade.code if sheet.grade else None,
        "reason": sheet.grade_note,
        "lines": [sealed_line(line, files.get(line.item.code, [])) for line in lines_of(sheet)],
    }


def sealed_line(line: Line, files: list[dict]) -> dict:
    item, found = line.item, score(line.item, line.figure("final"))
    return {
        "dimension": item.dimension.title,
        "code": item.code,
        "title": item.title,
        "most": plain(item.points),
        "source": item.source,
        "fact": item.fact,
        "counts": item.counts,
        "rows": line.counted,
        "record": said(line.record),
        "claimed": said(line.claimed),
        "checked": said(line.checked),
        "settled": said(line.settled),
        "statement": line.statement,
        "check_note": line.check_note,
        "settle_note": line.settle_note,
        "figure": said(found.figure),
        "bands": [{"at_least": plain(b.at_least), "points": plain(b.points)} for b in bands_of(item)],
        "points": said(found.points),
        "evidence": files,
    }


def said(number: Decimal | None) -> str | None:
    return None if number is None else plain(number)


def grades_of(scheme) -> list[SchemeGrade]:
    return sorted(scheme.grades.all(), key=lambda g: g.order)
