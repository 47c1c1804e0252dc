"""What schemes bring in a pack: budget lines, lists of scarce majors, schemes with their dated versions."""

from decimal import Decimal

from django.db.models import DateField, DecimalField, IntegerField

from portal.facts import VOCABULARIES, WrongCriterion
from portal.models import Setting
from portal.packs import Section, section
from subsidies.schemes.boundaries import failures
from subsidies.schemes.models import (
    Boundary,
    BudgetLine,
    Condition,
    Instalment,
    ScarceMajor,
    SchemePaper,
    SchemeVersion,
    Shape,
    Step,
    SubsidyScheme,
    VersionState,
)
from subsidies.subjects import SUBJECTS

WHOLE = Decimal(100)


def version_of(row) -> SchemeVersion:
    return row if isinstance(row, SchemeVersion) else row.version


def check_unused(row):
    """A version that a decision rests on is kept as it was."""
    kept = type(row)._default_manager.filter(pk=row.pk).first() if row.pk else None
    apart = ("order", "until", "loaded", "edited_at", "state", "note", "note_en")
    fields = [c.attname for c in row._meta.concrete_fields if c.attname not in apart]
    if kept is not None and all(getattr(kept, name) == getattr(row, name) for name in fields):
        return
    version = version_of(row)
    if version.pk and version.instalments.filter(claims__decisions__isnull=False).exists():
        yield f"这一版规则（since: {version.since}）已有决定依据它，不能改；请写明 until，另立新的一版"


def fact_of(row, name: str, kinds, what: str):
    """Mistakes of a fact that is named without a comparison."""
    vocabulary = VOCABULARIES[version_of(row).scheme.vocabulary]
    fact = vocabulary.facts.get(name)
    if fact is None:
        yield f"“{vocabulary.name}”没有名为 {name} 的事实；可用：{'、'.join(sorted(vocabulary.facts))}"
    elif not isinstance(fact.field, kinds):
        yield f"{what} {name} 不是{'日期' if kinds is DateField else '数字'}"


def check_scheme(row):
    if row.vocabulary not in SUBJECTS:
        yield f"vocabulary 应为其中之一：{'、'.join(SUBJECTS)}"
        return
    fact = VOCABULARIES[row.vocabulary].facts.get(row.event)
    if fact is None or not isinstance(fact.field, DateField):
        yield f"event {row.event} 不是“{row.vocabulary}”的日期事实"


def check_version(row):
    yield from check_unused(row)
    if row.quantity:
        yield from fact_of(row, row.quantity, (IntegerField, DecimalField), "quantity")
    if row.upper:
        yield from fact_of(row, row.upper, (DecimalField,), "upper")


def check_instalment(row):
    yield from check_unused(row)
    yield from fact_of(row, row.opens, DateField, "opens")


def check_criterion(row):
    yield from check_unused(row)
    if not row.fact:
        return
    try:
        VOCABULARIES[row.version.scheme.vocabulary].criterion(row.fact, row.lookup, row.value, "")
    except WrongCriterion as error:
        yield str(error)


def check_condition(row):
    yield from check_criterion(row)
    if row.setting:
        kept = Setting.objects.filter(pack=row.version.pack_id, code=row.setting).first()
        if kept is None or row.wall not in kept.options:
            yield f"参数 {row.setting} 没有取值 {row.wall}"
    if row.group and not row.fact:
        yield "“至少几项”里的条件都要写 fact"


def check_whole(row):
    """What nobody put in force yet may be incomplete."""
    return () if row.state == VersionState.DRAFT else incomplete(row)


def incomplete(row):
    """A version is whole: it asks something, its instalments make 100, and its boundary cases come out as they should."""
    needs = row.conditions.filter(purpose=Condition.Purpose.NEED)
    if not needs.exists():
        yield "缺少享受条件（conditions）：空的条件会发给所有人"
    for group in set(needs.exclude(group="").values_list("group", flat=True)):
        number = row.needed.get(group)
        if type(number) is not int or not 0 < number <= needs.filter(group=group).count():
            yield f"needed 应写明“{group}”至少几项"
    shares = [i.share for i in row.instalments.all()]
    if sum(shares, Decimal(0)) != WHOLE:
        yield f"各期占比合计应为 100，现为 {sum(shares, Decimal(0)).normalize():f}"
    if row.shape == Shape.PER and len(shares) != 1:
        yield "按数量的只有一期，数量增加后再领"
    if (row.shape == Shape.STEPS) != row.steps.exists():
        yield "分档须写各档（steps），其他方式没有"
    if not row.boundaries.exists():
        yield "缺少边界用例（boundaries）"
    yield from failures(row)


def check_overlap(pack):
    rows = SchemeVersion.objects.published().filter(pack=pack).order_by("scheme", "since").select_related("scheme")
    for earlier, later in zip(rows, rows[1:], strict=False):
        if earlier.scheme_id == later.scheme_id and (earlier.until is None or earlier.until > later.since):
            yield f"{earlier.scheme.code}：{earlier.since} 起的一版还没有止于 {later.since}，两版不能同时执行"


STEPS = Section(
    "steps", Step, ("code",), ("code", "title", "title_en", "fact", "lookup", "value", "amount"),
    owner="version", ordered=True, check=check_criterion,
)  # fmt: skip
INSTALMENTS = Section(
    "instalments", Instalment, ("number",),
    ("number", "title", "title_en", "opens", "waiting_months", "share", "every"),
    owner="version", check=check_instalment,
)  # fmt: skip
CONDITIONS = Section(
    "conditions", Condition, ("code",),
    (
        *("code", "title", "title_en", "purpose", "group", "fact", "lookup", "value", "clause", "assumed", "setting"),
        *("wall", "ask", "missing", "missing_en"),
    ),
    owner="version", ordered=True, check=check_condition,
)  # fmt: skip
PAPERS = Section(
    "papers", SchemePaper, ("code",), ("code", "title", "title_en", "required"),
    owner="version", ordered=True, check=check_unused,
)  # fmt: skip
BOUNDARIES = Section(
    "boundaries", Boundary, ("name",), ("name", "given", "expect", "amount"), owner="version", ordered=True
)
VERSIONS = Section(
    "versions", SchemeVersion, ("since",),
    (
        *("since", "until", "state", "clause", "shape", "amount", "quantity", "quantity_unit", "quantity_unit_en"),
        *("limit", "ceiling", "upper", "includes_upper", "window_months", "window_assumed", "publicity_days", "needed"),
        *("assumed", "note", "note_en", "transition", "transition_en"),
    ),
    owner="scheme", check=check_version, whole=check_whole,
    children=(STEPS, INSTALMENTS, CONDITIONS, PAPERS, BOUNDARIES),
)  # fmt: skip
section(Section("budget_lines", BudgetLine, ("code",), ("code", "title", "title_en", "clause"), ordered=True))
section(Section("scarce_majors", ScarceMajor, ("year", "discipline"), ("year", "discipline", "assumed", "clause")))
SCHEMES = section(
    Section(
        "subsidies",
        SubsidyScheme,
        ("code",),
        (
            *("code", "title", "title_en", "vocabulary", "event", "payee", "line", "payer", "payer_en", "group"),
            "once_per_person",
        ),
        ordered=True,
        check=check_scheme,
        together=check_overlap,
        children=(VERSIONS,),
    )
)
