"""What targets bring in a pack: plans, their indicators and the figures to reach."""

from collections.abc import Iterable
from decimal import Decimal

from portal.documents import names
from portal.facts import WrongCriterion
from portal.models import Setting
from portal.packs import Section, section
from portal.words import localised
from targets.models import DepartmentTarget, Indicator, Plan, Target
from targets.plans.indicators import Kind, stream_of, whole_of


@names(Target)
def target_name(row: Target) -> str:
    where = f"{localised(row.indicator, 'name')} {localised(row.district, 'name')}"
    return f"{where} {row.on}: {row.value.normalize():f}"


def check_indicator(indicator: Indicator) -> Iterable[str]:
    """A declaration must hold together: its facts, its settings, its part-of."""
    values = Setting.objects.values_of(indicator.pack)
    try:
        stream_of(indicator, values)
        if whole := whole_of(indicator):
            stream_of(whole, values)
    except WrongCriterion as error:
        yield str(error)
    for code in filter(None, (indicator.baseline, indicator.opening, *indicator.settings)):
        if not isinstance(code, str) or code not in values:
            yield f"没有编号为 {code} 的参数"
    if not all(isinstance(name, str) for name in indicator.departments):
        yield "departments 应为部门名称的列表"
    if indicator.parent and indicator.parent.plan_id != indicator.plan_id:
        yield f"上级指标 {indicator.parent.code} 属于另一个计划"
    if indicator.parent_id and indicator.parent_id == indicator.pk:
        yield "上级指标不能是自己"


def check_targets(indicator: Indicator) -> Iterable[str]:
    """Yearly flows add up to what the paper says; a part is not more than its whole; nodes lie within the plan."""
    root = indicator.pack.root
    targets = dict(indicator.targets.filter(district=root).order_by("on").values_list("on", "value"))
    if not targets and not indicator.watched:
        yield "没有全市目标（targets）；文件没有定目标的写 watched: true"
    if targets and indicator.watched:
        yield "只监测（watched）的指标不写全市目标"
    for on in targets:
        if not indicator.plan.since <= on <= indicator.plan.until:
            yield f"目标节点 {on} 不在计划期 {indicator.plan.since} 至 {indicator.plan.until} 内"
    yearly = {on.year: value for on, value in targets.items()}  # of several nodes in a year the last is the year's
    total = sum(yearly.values(), Decimal(0))
    if indicator.plan_total is not None and indicator.kind == Kind.FLOW and total != indicator.plan_total:
        yield f"各年目标合计 {said(total)}，与计划总数 {said(indicator.plan_total)} 不符"
    values = list(targets.values())
    if (
        indicator.kind in (Kind.LEVEL, Kind.CUMULATIVE, Kind.COVERAGE)
        and not indicator.falling
        and values != sorted(values)
    ):
        yield "存量和累计目标应逐步增加；确实要求下降的请写 falling: true"
    if indicator.parent and indicator.kind == indicator.parent.kind:
        whole = dict(indicator.parent.targets.filter(district=root).values_list("on", "value"))
        for on, value in targets.items():
            if on in whole and value > whole[on]:
                yield f"{on} 的目标 {said(value)} 大于上级指标 {indicator.parent.code} 的 {said(whole[on])}"


def check_department(row: DepartmentTarget) -> Iterable[str]:
    if row.department not in row.indicator.departments:
        yield f"{row.department} 不是责任部门；可用：{'、'.join(row.indicator.departments) or '一个也没有'}"


def said(value: Decimal) -> str:
    return f"{value.normalize():f}"


INDICATOR = (
    *(
        "code",
        "name",
        "name_en",
        "unit",
        "unit_en",
        "kind",
        "group",
        "group_en",
        "headline",
        "watched",
        "parent",
        "clause",
    ),
    *("departments", "source", "starts", "stops", "where", "distinct", "sum_of", "over", "plan_total", "baseline"),
    *(
        "opening",
        "settings",
        "awaiting",
        "awaiting_en",
        "counts",
        "counts_en",
        "begins",
        "begins_en",
        "ends",
        "ends_en",
    ),
    *("excludes", "excludes_en", "pace", "decimals", "falling"),
)

TARGET = ("district", "on", "value", "clause", "paper")
SPLIT = ("department", "on", "value")

section(
    Section(
        "plans",
        Plan,
        ("code",),
        ("code", "name", "name_en", "document", "since", "until"),
        ordered=True,
        children=(
            Section(
                "indicators",
                Indicator,
                ("code",),
                INDICATOR,
                owner="plan",
                ordered=True,
                check=check_indicator,
                whole=check_targets,
                children=(
                    Section("targets", Target, ("district", "on"), TARGET, owner="indicator"),
                    Section(
                        "departments_split",
                        DepartmentTarget,
                        ("department", "on"),
                        SPLIT,
                        owner="indicator",
                        check=check_department,
                    ),
                ),
            ),
        ),
    )
)
