"""From an indicator's declaration to its stream, its figure, its pace and what they say."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
from django.db.models import DateField, DecimalField, IntegerField, Max, Q
from django.utils.translation import gettext as _

from portal.facts import VOCABULARIES, Criterion, WrongCriterion
from portal.models import District, Pack, Setting
from targets.models import Indicator, KnownFigure, Pipeline, Plan, Reading, Snapshot
from targets.plans import pipeline
from targets.plans.history import targets_of
from targets.plans.streams import Stream, Tree, Wanted, read

REPORTED = "reported"
Kind = Indicator.Kind


# --- declarations ------------------------------------------------------------------------------


def stream_of(indicator: Indicator, values: Mapping[str, Any]) -> Stream | None:
    """The stream behind a computed indicator, its settings filled in; None for what is reported or not yet kept.

    `values` are the pack's settings by code. Raises WrongCriterion where the declaration doesn't hold together.
    """
    if indicator.source in ("", REPORTED):
        return None
    vocabulary = VOCABULARIES.get(indicator.source)
    if vocabulary is None:
        raise WrongCriterion(f"没有名为 {indicator.source} 的数据来源；可用：{'、'.join(sorted(VOCABULARIES))}")
    for name in filter(None, (indicator.starts, indicator.stops, indicator.distinct, indicator.sum_of)):
        if name not in vocabulary.facts:
            raise WrongCriterion(
                f"“{indicator.source}”没有名为 {name} 的事实；可用：{'、'.join(sorted(vocabulary.facts))}"
            )
    if not indicator.starts:
        raise WrongCriterion("缺少 starts：从哪一天起计入")
    for name in filter(None, (indicator.starts, indicator.stops)):
        if not isinstance(vocabulary.facts[name].field, DateField):
            raise WrongCriterion(f"starts 和 stops 须是日期，{name} 不是")
    if indicator.sum_of and not isinstance(vocabulary.facts[indicator.sum_of].field, DecimalField | IntegerField):
        raise WrongCriterion(f"sum_of 须是数字，{indicator.sum_of} 不是")
    if indicator.kind == Kind.FLOW and indicator.stops:
        raise WrongCriterion("年度增量只计开始，不能有 stops")
    if indicator.kind == Kind.RATE and not indicator.over:
        raise WrongCriterion("由记录算出的比率须写明 over：占什么的百分比")
    if indicator.kind == Kind.COVERAGE and not indicator.distinct:
        raise WrongCriterion("覆盖数须写明 distinct：计哪个事实的不同取值")
    begins = [row for row in indicator.where if isinstance(row, dict) and row.get("fact") == indicator.starts]
    if indicator.kind == Kind.CUMULATIVE and not begins:
        raise WrongCriterion(f"计划期累计须在 where 里写明 {indicator.starts} 从哪一天起（lookup: gte）")
    return Stream(
        code=indicator.code,
        vocabulary=vocabulary,
        starts=indicator.starts,
        stops=indicator.stops,
        where=tuple(criteria_of(indicator, vocabulary, values)),
        sum_of=indicator.sum_of,
        distinct=indicator.distinct,
    )


OVER = {"source", "starts", "stops", "where", "distinct"}


def whole_of(indicator: Indicator) -> Indicator | None:
    """What a rate of two streams is a percentage of, as a level of its own; None for every other indicator. Raises
    WrongCriterion."""
    if not indicator.over:
        return None
    if indicator.kind != Kind.RATE:
        raise WrongCriterion("只有比率（rate）可以写 over")
    if not isinstance(indicator.over, dict) or set(indicator.over) - OVER or not indicator.over.get("source"):
        raise WrongCriterion(f"over 应写作 {'、'.join(sorted(OVER))}，source 必填")
    return Indicator(code=f"{indicator.code}/", kind=Kind.LEVEL, clause=indicator.clause, **indicator.over)


def criteria_of(indicator: Indicator, vocabulary, values: Mapping[str, Any]) -> Iterable[Criterion]:
    for row in indicator.where:
        if not isinstance(row, dict) or set(row) - {"fact", "lookup", "value", "setting"} or "fact" not in row:
            raise WrongCriterion(f"where 的一项应写作 fact、lookup、value（或 setting）：{row!r}")
        if "setting" in row and (not isinstance(row["setting"], str) or row["setting"] not in values):
            raise WrongCriterion(f"没有编号为 {row['setting']} 的参数")
        value = values[row["setting"]] if "setting" in row else row.get("value")
        yield vocabulary.criterion(row["fact"], row.get("lookup", "exact"), value, str(indicator.clause))


def wanted(indicator: Indicator, stream: Stream, on: date) -> Wanted:
    """A flow is what began within the year so far; everything else is a level on the day."""
    return Wanted(stream, on, date(on.year, 1, 1) if indicator.kind == Kind.FLOW else None)


def days_of(plan: Plan, on: date) -> list[date]:
    """The days whose figures a dashboard shows: the eve of the plan, every month's end so far, and the day itself."""
    last = min(on, plan.until)
    ends, day = [plan.since - timedelta(1)], plan.since
    while day <= last:
        month_end = (day.replace(day=28) + timedelta(4)).replace(day=1) - timedelta(1)
        if month_end <= last:
            ends.append(month_end)
        day = month_end + timedelta(1)
    return ends if ends[-1] == last or last < plan.since else [*ends, last]


def quarter_ends(plan: Plan, on: date) -> list[date]:
    """The last days of the plan's quarters that are over on the day, the newest first."""
    years = range(plan.since.year, min(plan.until, on).year + 1)
    days = [date(year, month, 30 if month in (6, 9) else 31) for year in years for month in (3, 6, 9, 12)]
    return [day for day in reversed(days) if plan.since <= day <= plan.until and day < on]


# --- values ------------------------------------------------------------------------------------

Values = dict[tuple[int, int, date], Decimal]  # (indicator, district, day) -> value


@dataclass(frozen=True)
class Brief:
    """Whose whole trend is wanted, and on which days the others' values are."""

    whole: Sequence[int]
    others: Sequence[int]
    days: Sequence[date]


def brief_of(plan: Plan, districts: Sequence[District], on: date) -> Brief:
    """The first district with its trend, the others with what their lines in a table say: where they began, the last
    month's end, the day itself."""
    days = days_of(plan, on)
    return Brief([districts[0].pk], [d.pk for d in districts[1:]], [days[0], *days[-2:]])


def compute(pack: Pack, asked: Mapping[Indicator, Sequence[date]]) -> Values:
    """Computed figures of these indicators on these days, for every district of the pack; one pass per table."""
    settings = Setting.objects.values_of(pack)
    tree = Tree.load()
    districts = list(District.objects.below(pack.root).values_list("pk", flat=True))
    by_wanted: dict[tuple[Indicator, date], Wanted] = {}
    wholes: dict[tuple[Indicator, date], Wanted] = {}
    for indicator, days in asked.items():
        stream, whole = stream_of(indicator, settings), whole_of(indicator)
        if stream:
            by_wanted |= {(indicator, on): wanted(indicator, stream, on) for on in days}
        if stream and whole and (below := stream_of(whole, settings)):
            wholes |= {(indicator, on): Wanted(below, on) for on in days}
    asked_for = {*by_wanted.values(), *wholes.values()}
    vectors = read(sorted(asked_for, key=lambda w: (w.stream.code, w.on)), tree) if asked_for else {}
    found: Values = {}
    for (indicator, on), want in by_wanted.items():
        part_of = wholes.get((indicator, on))
        for district in districts:
            value = vectors[want][tree.index[district]]
            if part_of is not None:
                of = vectors[part_of][tree.index[district]]
                if not of:  # a share of nobody is no data, and not 0
                    continue
                value = 100 * value / of
            found[indicator.pk, district, on] = Decimal(str(np.round(value, 2))).normalize()
    return found


def reported(indicators: Iterable[Indicator], on: date, known: date | None = None) -> Values:
    """What departments reported, the last word of each period up to `on`; as it was said on the day `known`. What was
    taken back is no data."""
    rows = Reading.objects.filter(indicator__in=[i.pk for i in indicators if i.source == REPORTED], on__lte=on)
    if known:
        rows = rows.filter(reported_at__date__lte=known)
    told = rows.order_by("reported_at", "pk").values_list("indicator", "district", "on", "value")
    last = {(indicator, district, day): value for indicator, district, day, value in told}
    return {key: value for key, value in last.items() if value is not None}


def stored(indicators: Iterable[Indicator], on: date, brief: Brief | None = None) -> Values:
    """What the last recompute left, up to `on`; of all districts but some only on a few days, where `brief` says so."""
    rows = Snapshot.objects.filter(indicator__in=[i.pk for i in indicators], on__lte=on)
    if brief:
        rows = rows.filter(Q(district__in=brief.whole) | Q(district__in=brief.others, on__in=brief.days))
    return {(i, d, day): value for i, d, day, value in rows.values_list("indicator", "district", "on", "value")}


def recall(plan: Plan, indicators: Iterable[Indicator], on: date, known: date) -> Values:
    """What the nightly job knew on the day `known`, up to `on`. A day it kept nothing new for had the figure of the last
    one before."""
    rows = KnownFigure.objects.filter(indicator__in=[i.pk for i in indicators], on__lte=on, known_on__lte=known)
    rows = rows.order_by("indicator", "district", "on", "-known_on").distinct("indicator", "district", "on")
    found: Values = {}
    last: dict[tuple[int, int], Decimal] = {}
    for i, d, day, value in rows.values_list("indicator", "district", "on", "value"):
        last.pop((i, d), None)
        if value is not None:
            found[i, d, day] = last[i, d] = value
    return found | {(i, d, min(on, plan.until)): value for (i, d), value in last.items()}


# --- pace --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Course:
    """The way from where a plan starts to where it must be, as points (day, value). The first is the eve of the plan,
    where the value of that day is known; else the way begins at the first node."""

    points: tuple[tuple[date, Decimal], ...]
    steps: bool = False

    @property
    def target(self) -> Decimal:
        return self.points[-1][1]

    def at(self, on: date) -> Decimal | None:
        """What should be reached on the day: evenly by days between two points, or by steps at each; unknown before
        the first."""
        before = [p for p in self.points if p[0] <= on]
        after = [p for p in self.points if p[0] > on]
        if not before:
            return None
        if not after or self.steps:
            return before[-1][1]
        (since, low), (until, high) = before[-1], after[0]
        return low + (high - low) * (on - since).days / (until - since).days


def course(
    indicator: Indicator, plan: Plan, targets: Sequence[tuple[date, Decimal]], baseline: Decimal | None, on: date
):
    """The course that holds on the day; None without a target.

    A flow and a value of a year start each year at 0; a rate has no way between its nodes: it is due at each.
    """
    nodes = sorted(targets)
    steps = indicator.pace == Indicator.Pace.STEPS
    yearly = indicator.kind in (Kind.FLOW, Kind.VALUE, Kind.RATE)
    if yearly:
        nodes = [node for node in nodes if node[0].year == min(on, plan.until).year]
    if not nodes:
        return None
    if yearly:
        eve = date(nodes[0][0].year, 1, 1) - timedelta(1)
        start = None if indicator.kind == Kind.RATE else (eve, Decimal(0))
    else:
        start = None if baseline is None else (plan.since - timedelta(1), baseline)
    return Course((*filter(None, (start,)), *nodes), steps)


# --- figures -----------------------------------------------------------------------------------


def state_words(state: str) -> str:
    """What a figure's state is called."""
    return {
        "none": _("暂无数据"),
        "untargeted": _("未定任务"),
        "not_due": _("未到节点"),
        "ahead": _("超序时"),
        "level": _("正常"),
        "behind": _("滞后序时"),
        "reached": _("已完成"),
        "missed": _("未完成"),
    }[state or "none"]


@dataclass
class Figure:
    """One indicator in one district on one day. `value` None: no data, which is not 0.

    `gap` is what is still missing to the target, `lead` how far the value is before (+) or behind (-) the pace of
    the day. `trend` are (day, value) pairs from the eve of the plan on, `nodes` what was set as (day, value).
    """

    indicator: Indicator
    district: District
    on: date
    value: Decimal | None = None
    target: Decimal | None = None
    pace: Decimal | None = None
    baseline: Decimal | None = None
    course: Course | None = None
    trend: list[tuple[date, Decimal]] = field(default_factory=list)
    nodes: list[tuple[date, Decimal]] = field(default_factory=list)
    tolerance: Decimal = Decimal(1)
    ended: bool = False

    @property
    def gap(self) -> Decimal | None:
        if self.value is None or self.target is None:
            return None
        missing = self.value - self.target if self.indicator.falling else self.target - self.value
        return max(missing, Decimal(0))

    @property
    def lead(self) -> Decimal | None:
        if self.value is None or self.pace is None:
            return None
        return self.pace - self.value if self.indicator.falling else self.value - self.pace

    @property
    def rounded_pace(self) -> Decimal | None:
        return None if self.pace is None else round(self.pace, 2)

    @property
    def share(self) -> Decimal | None:
        """Of the target, in percent; None where the target is 0 or missing."""
        return None if self.value is None or not self.target else self.value * 100 / self.target

    @property
    def state(self) -> str:
        """ahead, level or behind; after the plan's end reached or missed; none without data, untargeted without a
        target to compare with, not_due before the first day something was due."""
        if self.value is None:
            return "none"
        if self.target is None:
            return "untargeted"
        if self.lead is None:
            return "not_due"
        if self.ended:
            return "missed" if self.gap else "reached"
        if abs(self.lead) < self.tolerance or not self.lead:
            return "level"
        return "ahead" if self.lead > 0 else "behind"

    @property
    def shown_state(self) -> str:
        """The state in the words of the kit: a plan that is over is over, reached or not."""
        return "ended" if self.state in ("reached", "missed") else self.state

    @property
    def state_text(self) -> str:
        """The state in words, for tables."""
        return state_words(self.state)

    def forecast(self) -> tuple[Decimal, Decimal, Decimal] | None:
        """(least, likely, most) at the plan's end, if it goes on as in the last six months; None below 4 points.

        The band is that of the slowest and the fastest three months of the last twelve.
        """
        plan = self.indicator.plan
        points = [p for p in self.trend if p[0] <= self.on]
        if self.value is None or self.ended or len(points) < 4 or self.indicator.kind == Kind.FLOW:
            return None
        days_left = Decimal((plan.until - self.on).days)

        def per_day(a, b):
            return (b[1] - a[1]) / max((b[0] - a[0]).days, 1)

        recent, year = points[-7:], points[-13:]
        likely = per_day(recent[0], recent[-1])
        spans = [per_day(year[n], year[n + 3]) for n in range(len(year) - 3)] or [likely]
        low, high = min(*spans, likely), max(*spans, likely)
        return tuple(self.value + round(rate * days_left) for rate in (low, likely, high))  # type: ignore[return-value]


def figures(
    plan: Plan,
    districts: Sequence[District],
    on: date,
    indicators=None,
    settings: Mapping[str, Any] | None = None,
    *,
    known: date | None = None,
    count: bool = True,
    brief: bool = False,
    set_on: date | None = None,
) -> dict[tuple[int, int], Figure]:
    """Every indicator of a plan in each of these districts on the day, by (indicator, district).

    Today's come from the snapshots that the recompute keeps; those of another day are computed now, from the same
    definitions. `settings`: the pack's, where the caller has read them. `known`: as it was known on that day, from
    what the nightly job kept. `count` False: what the snapshots lack stays unknown. `brief`: the trend of the first
    district alone. `set_on`: against the targets as they were set on that day, None: as they are today.
    """
    all_of_them = plan.indicators.select_related("clause__document", "plan").order_by("order", "pk")
    chosen = list(indicators if indicators is not None else all_of_them)
    some = brief_of(plan, districts, on) if brief else None
    values = stored(chosen, on, some) if known is None else recall(plan, chosen, on, known)
    fresh = (
        {}
        if known or not count
        else {
            i: days_of(plan, on) for i in chosen if i.source not in ("", REPORTED) and not has_day(values, i, plan, on)
        }
    )
    if fresh:
        values |= compute(plan.pack, fresh)
    values |= reported(chosen, on, known)
    settings = Setting.objects.values_of(plan.pack) if settings is None else settings
    targets = targets_of(chosen, districts, set_on)
    trends: dict[tuple[int, int], list[tuple[date, Decimal]]] = {}
    for (i, d, day), value in sorted(values.items(), key=lambda item: item[0][2]):
        trends.setdefault((i, d), []).append((day, value))
    return {
        (i.pk, d.pk): figure(
            i, plan, d, on, trends.get((i.pk, d.pk), []), [*targets.get((i.pk, d.pk), {}).items()], settings
        )
        for i in chosen
        for d in districts
    }


def has_day(values: Values, indicator: Indicator, plan: Plan, on: date) -> bool:
    last = min(on, plan.until)
    return any(i == indicator.pk and day == last for i, _place, day in values)


def figure(indicator, plan, district, on, trend, targets, settings) -> Figure:
    """Put one figure together from its trend, its targets and the pack's settings."""
    last = min(on, plan.until)
    eve = plan.since - timedelta(1)
    trend = [p for p in trend if p[0] <= last]
    value = value_on(indicator, trend, last)
    told = settings.get(indicator.baseline) if indicator.baseline else None
    recorded = next((v for day, v in trend if day == eve), None)
    cumulative = indicator.kind in (Kind.CUMULATIVE, Kind.FLOW)
    at_root = district.pk == plan.pack.root_id
    baseline = Decimal(0) if cumulative else Decimal(str(told)) if told is not None and at_root else recorded
    way = course(indicator, plan, targets, baseline, on)
    target = way.target if way else None
    percent = Decimal(str(settings.get("pace.tolerance", 2)))
    return Figure(
        indicator=indicator,
        district=district,
        on=on,
        value=value,
        target=target,
        pace=way.at(last) if way else None,
        baseline=baseline,
        course=way,
        trend=trend if indicator.kind != Kind.FLOW else [p for p in trend if p[0].year == last.year],
        nodes=sorted(targets),
        tolerance=max(Decimal(1) if not indicator.decimals else Decimal(0), abs(target or 0) * percent / 100),
        ended=on > plan.until,
    )


def value_on(indicator, trend, last: date) -> Decimal | None:
    """The value that stands on the day: computed for that very day, or last reported within its year."""
    if indicator.source == REPORTED:
        same_year = [v for day, v in trend if day.year == last.year]
        return same_year[-1] if same_year else None
    return next((v for day, v in reversed(trend) if day == last), None)


# --- the recompute -----------------------------------------------------------------------------


def recompute(on: date) -> dict[str, int]:
    """Bring the snapshots of every plan up to the day; writes only what changed, in the past too.

    A day that was today once and ends no month is dropped: the past shows its months' ends, and any other day is
    computed when somebody asks for it.
    """
    written = seen = 0
    for pack in Pack.objects.select_related("root"):
        plans = list(Plan.objects.filter(pack=pack))
        computed = {
            indicator: days_of(plan, on)
            for plan in plans
            for indicator in plan.indicators.select_related("clause__document", "plan").exclude(
                source__in=["", REPORTED]
            )
            if plan.since <= on
        }
        values = compute(pack, computed)
        seen += len(values)
        written += look_ahead(pack, [i for i in computed if on <= i.plan.until], on)
        days = {day for its_days in computed.values() for day in its_days}
        known = dict(
            ((i, d, day), value)
            for i, d, day, value in Snapshot.objects.filter(indicator__in=computed, on__in=days).values_list(
                "indicator", "district", "on", "value"
            )
        )
        changed = {key: value for key, value in values.items() if known.get(key) != value}
        Snapshot.objects.bulk_create(
            (Snapshot(indicator_id=i, district_id=d, on=day, value=value) for (i, d, day), value in changed.items()),
            update_conflicts=True,
            unique_fields=["district", "on", "indicator"],
            update_fields=["value"],
            batch_size=2000,
        )
        shares = {indicator.pk for indicator in computed if indicator.over}
        for i, d, day in known.keys() - values.keys():  # a share that turned out to be of nobody
            if i in shares:
                Snapshot.objects.filter(indicator=i, district=d, on=day).delete()
        written += len(changed)
        for plan in plans:
            old = Snapshot.objects.filter(indicator__plan=plan, on__lt=on)
            old.exclude(on__in=days_of(plan, on)).delete()
    return {"cells": seen, "changed": written}


def look_ahead(pack: Pack, indicators: Sequence[Indicator], on: date) -> int:
    """Bring what is on its way into these indicators up to the day."""
    settings = Setting.objects.values_of(pack)
    streams = ((indicator, stream_of(indicator, settings)) for indicator in indicators)
    found = pipeline.pipelines([(indicator, stream) for indicator, stream in streams if stream], on)
    over = Pipeline.objects.filter(indicator__pack=pack).exclude(indicator__in=indicators)
    return pipeline.keep(indicators, found) + over.delete()[0]


def latest_reading(indicators) -> dict[int, date]:
    """The last period each indicator was reported for."""
    rows = Reading.objects.filter(Q(indicator__in=indicators)).values_list("indicator").annotate(last=Max("on"))
    return dict(rows)
