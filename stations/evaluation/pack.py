"""What evaluation brings in a pack: dated schemes with grades, who takes part, dimensions, items and bands."""

from decimal import Decimal

from django.db.models import BooleanField, DecimalField, IntegerField

from portal.facts import WrongCriterion
from portal.packs import Section, section
from stations.evaluation import lifecycle
from stations.evaluation.figures import count_of
from stations.evaluation.scoring import bands_of
from stations.models import (
    EvaluationScheme,
    SchemeDimension,
    SchemeEntrant,
    SchemeGrade,
    SchemeItem,
)
from stations.register.facts import station

WHOLE = Decimal(100)  # the points of a scheme


def scheme_of(row) -> EvaluationScheme:
    """The scheme a row belongs to, however deep it stands."""
    for name in ("scheme", "dimension", "item"):
        if hasattr(row, name):
            return scheme_of(getattr(row, name))
    return row


def check_unused(row):
    """A version under which a round has begun is kept as it was."""
    kept = type(row)._default_manager.filter(pk=row.pk).first() if row.pk else None
    fields = [
        c.attname for c in row._meta.concrete_fields if c.attname not in ("order", "until", "loaded", "edited_at")
    ]
    if kept is not None and all(getattr(kept, name) == getattr(row, name) for name in fields):
        return
    scheme = scheme_of(row)
    if scheme.pk and scheme.rounds.exclude(status__in=[lifecycle.E.PREPARING, lifecycle.E.DROPPED]).exists():
        yield f"这一版评估办法（since: {scheme.since}）已用于评估，不能改；请写明 until，另立新的一版"


def check_item(row):
    yield from check_unused(row)
    yield from check_bands(row)
    if row.source == SchemeItem.Source.COUNTED:
        try:
            count_of(row)
        except WrongCriterion as error:
            yield str(error)
    if row.source != SchemeItem.Source.FACT or not row.fact:
        return
    fact = station.facts.get(row.fact)
    if fact is None:
        yield f"“station”没有名为 {row.fact} 的事实；可用：{'、'.join(sorted(station.facts))}"
    elif not isinstance(fact.field, BooleanField | DecimalField | IntegerField):
        yield f"事实 {row.fact} 不是数字，不能分档计分"


def check_bands(item):
    """A judged item has points only; any other rises by bands to its full points."""
    if item.source == SchemeItem.Source.JUDGED:
        if item.bands:
            yield "评审打分的指标没有分档（bands）"
        return
    if not item.bands:
        yield "缺少 bands：数值达到多少得多少分"
        return
    if not all(key.isdecimal() and type(value) in (int, float) for key, value in item.bands.items()):
        yield "bands 应写作“整数: 得分”"
        return
    points = [band.points for band in bands_of(item)]
    if points != sorted(points) or points[0] < 0:
        yield "bands 的得分应随数值递增，不为负数"
    elif points[-1] != item.points:
        yield f"最高一档应得满分 {item.points.normalize():f}，现为 {points[-1].normalize():f}"


def check_entrant(row):
    yield from check_unused(row)
    try:
        station.criterion(row.fact, row.lookup, row.value, "")
    except WrongCriterion as error:
        yield str(error)


def check_scheme(row):
    """A scheme is whole: somebody takes part, the points make 100, the grades go down to 0."""
    if not row.entrants.exists():
        yield "缺少 entrants：哪些站参评"
    grades = list(row.grades.order_by("order", "pk"))
    edges = [g.at_least for g in grades]
    if len(grades) < 2 or edges != sorted(set(edges), reverse=True) or edges[-1]:
        yield "grades 至少两个，从高到低排列，最低一个的 at_least 为 0"
    if any(g.failing for g in grades) and row.rectify_months is None:
        yield "有须整改的等次（failing），应写明 rectify_months"
    items = list(SchemeItem.objects.filter(dimension__scheme=row))
    codes = [item.code for item in items]
    if twice := sorted({code for code in codes if codes.count(code) > 1}):
        yield f"指标代码在一个办法里只能用一次：{'、'.join(twice)}"
    if (total := sum((item.points for item in items), Decimal(0))) != WHOLE:
        yield f"各指标满分合计应为 100，现为 {total.normalize():f}（换指标代码请另立一版）"


def check_overlap(pack):
    """On no day are two versions of a scheme in force."""
    rows = list(EvaluationScheme.objects.filter(pack=pack).order_by("code", "since"))
    for earlier, later in zip(rows, rows[1:], strict=False):
        if earlier.code == later.code and (earlier.until is None or earlier.until > later.since):
            yield f"{earlier.code}：{earlier.since} 起的一版还没有止于 {later.since}，两版不能同时执行"


ITEMS = Section(
    "items",
    SchemeItem,
    ("code",),
    (
        *("code", "title", "title_en", "points", "source", "fact", "counts", "unit", "unit_en", "hint", "hint_en"),
        *("bands", "evidence"),
    ),
    owner="dimension",
    ordered=True,
    check=check_item,
)
DIMENSIONS = Section(
    "dimensions",
    SchemeDimension,
    ("code",),
    ("code", "title", "title_en"),
    owner="scheme",
    ordered=True,
    check=check_unused,
    children=(ITEMS,),
)
GRADES = Section(
    "grades",
    SchemeGrade,
    ("code",),
    ("code", "title", "title_en", "at_least", "failing"),
    owner="scheme",
    ordered=True,
    check=check_unused,
)
ENTRANTS = Section(
    "entrants",
    SchemeEntrant,
    ("fact", "lookup"),
    ("fact", "lookup", "value"),
    owner="scheme",
    ordered=True,
    check=check_entrant,
)
section(
    Section(
        "evaluations",
        EvaluationScheme,
        ("code", "since"),
        (
            *("code", "title", "title_en", "clause", "note", "note_en", "assumed", "cycle_years", "cap"),
            *("publicity_days", "rectify_months", "honour", "honour_title", "honour_title_en", "since", "until"),
        ),
        ordered=True,
        check=check_unused,
        whole=check_scheme,
        together=check_overlap,
        children=(GRADES, ENTRANTS, DIMENSIONS),
    )
)
