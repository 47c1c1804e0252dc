"""What dashboards show: a figure as the kit's parts draw it, the answer as sentences, charts as data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _

from portal.models import Amendment, District, Setting
from portal.templatetags import numbers
from portal.words import localised
from targets.models import Indicator, Pipeline, Plan
from targets.plans.indicators import REPORTED, Figure, Kind, stream_of
from targets.plans.pipeline import horizon


def share(plan: Plan, on: date) -> float:
    """How much of the plan's time is gone, 0 to 1."""
    total = (plan.until - plan.since).days + 1
    return min(max(((on - plan.since).days + 1) / total, 0.0), 1.0)


def place(figure: Figure, day: date) -> float:
    """Where a day stands on the axis of a figure's trend: the whole plan, or the year of a flow."""
    if figure.indicator.kind == Kind.FLOW:
        return day.timetuple().tm_yday / 366 if day.year == figure.on.year else 0.0
    return share(figure.indicator.plan, day)


def digits(figure: Figure) -> int:
    """How exactly a pace is told: whole units, tenths where the target is small, or what the indicator itself has."""
    small = figure.target is not None and abs(figure.target) <= 30
    return figure.indicator.decimals or int(small)


def rounded(value: Decimal | None, places: int) -> Decimal | None:
    return None if value is None else round(value, places)


def tile(figure: Figure, known: str, url: str = "") -> dict:
    """A figure for the `strip` tag."""
    indicator, places = figure.indicator, digits(figure)
    return {
        "label": localised(indicator, "name"),
        "url": url or indicator.get_absolute_url(),
        "state": figure.shown_state,
        "actual": figure.value,
        "target": figure.target,
        "unit": localised(indicator, "unit"),
        "pace": rounded(figure.pace, places),
        "ahead": rounded(figure.lead, places),
        "gap": figure.gap,
        "points": [(place(figure, day), float(value)) for day, value in figure.trend],
        "pace_points": [(place(figure, day), float(v)) for day, v in figure.course.points] if figure.course else [],
        "today": place(figure, min(figure.on, indicator.plan.until)),
        "base": float(figure.baseline or 0),
        "source": localised(indicator, "awaiting") if figure.value is None else known,
    }


@dataclass
class Sentence:
    """One clause of the answer: what was to be, what is, what is missing; numbers open into their records."""

    figure: Figure
    url: str
    label: str
    unit: str
    pending: Pipeline


def sentences(figures: Sequence[Figure], pending: Mapping[int, Pipeline]) -> list[Sentence]:
    """The figures that have data, those behind first."""
    told = [f for f in figures if f.value is not None and (f.target or f.indicator.watched)]
    told.sort(key=lambda f: (f.state != "behind", f.indicator.order))
    return [
        Sentence(
            f,
            f.indicator.get_absolute_url(),
            localised(f.indicator, "name"),
            localised(f.indicator, "unit"),
            pending.get(f.indicator.pk, Pipeline()),
        )
        for f in told
    ]


NEAR = timedelta(92)  # so long before the day of a target what is on its way tells more than the speed so far


@dataclass(frozen=True)
class Outlook:
    """What will have been reached on the day of the target: at least, likely, at most; and how that was reckoned, in
    words. `by_cases`: from what is on its way, else from the speed so far."""

    low: Decimal
    likely: Decimal
    high: Decimal
    words: str
    by_cases: bool


def outlook(figure: Figure, ahead: Pipeline | None, *, now: bool) -> Outlook | None:
    """None where nothing can be told: no data, too few points, the plan over, another day than today."""
    until = horizon(figure.indicator, figure.on)
    if figure.value is None or figure.ended or figure.target is None:
        return None
    if now and ahead and until - figure.on <= NEAR:
        low, likely = figure.value - ahead.leaving, figure.value - ahead.leaving + ahead.soon
        high = likely + ahead.here - ahead.soon + ahead.above + ahead.signed
        return Outlook(low, likely, high, by_cases(figure, ahead, until, low, likely, high), True)
    told = figure.forecast()
    return Outlook(*told, by_speed(figure, until, *told), False) if told else None


def by_speed(figure: Figure, until: date, low: Decimal, likely: Decimal, high: Decimal) -> str:
    course = _("照近 6 个月的速度，%(day)s%(what)s约为 %(n)s %(unit)s（%(low)s–%(high)s）") % {
        **named_numbers(figure, until, low, likely, high)
    }
    return f"{course}{ending(figure, likely)}"


def by_cases(figure: Figure, ahead: Pipeline, until: date, low: Decimal, likely: Decimal, high: Decimal) -> str:
    """The band with what it assumes: everything in the city's hands is done by its promised day, and so on."""
    values = named_numbers(figure, until, low, likely, high)
    course = _("照在办的事推算，%(day)s%(what)s约为 %(n)s %(unit)s（%(low)s–%(high)s）") % values
    parts = [
        (ahead.soon, _("在审的 %(n)s %(unit)s按承诺时限办成")),
        (ahead.here - ahead.soon + ahead.above, _("还要等上级批复或时限更晚的 %(n)s %(unit)s只算在最多里")),
        (ahead.signed, _("已签约的 %(n)s %(unit)s只算在最多里")),
        (ahead.leaving, _("到期的 %(n)s %(unit)s按期离开")),
    ]
    assumed = [text % {"n": n, "unit": values["unit"]} for n, text in parts if n]
    said = _("：%(parts)s") % {"parts": _("，").join(assumed)} if assumed else ""
    return f"{course}{said}{ending(figure, likely)}"


def named_numbers(figure: Figure, until: date, low: Decimal, likely: Decimal, high: Decimal) -> dict:
    what, unit = localised(figure.indicator, "name"), localised(figure.indicator, "unit")
    low_, n, high_ = map(numbers.num, (low, likely, high))
    return {"what": what, "day": numbers.day(until), "n": n, "unit": unit, "low": low_, "high": high_}


def ending(figure: Figure, likely: Decimal) -> str:
    """Whether that is enough."""
    assert figure.target is not None
    missing = (likely - figure.target) * (1 if figure.indicator.falling else -1)
    if missing <= 0:
        return _("，可以完成。")
    values = {"n": numbers.num(missing), "unit": localised(figure.indicator, "unit")}
    return _("，仍差 %(n)s %(unit)s。") % values


def lines(figures: Sequence[Figure]) -> list[dict]:
    """The figures as lines of a table."""
    return [
        {"figure": f, "pace": rounded(f.pace, digits(f)), "lead": rounded(f.lead, digits(f)), "state": f.shown_state}
        for f in figures
    ]


def pipelines(indicators: Sequence[Indicator], district: District) -> dict[int, Pipeline]:
    """What is on its way into each of these in the district with all below it, as of the last recompute."""
    rows = Pipeline.objects.filter(indicator__in=indicators, district=district)
    return {row.indicator_id: row for row in rows}


def district_rows(figures: Sequence[Figure], root: int, since_month: dict[int, Decimal]) -> list[dict]:
    """The table of districts, the whole first; a district without a target has no pace and no state. One column, as
    many decimals in every row."""
    places = max(map(digits, figures), default=0)
    return [
        {
            "figure": f,
            "district": f.district,
            "is_root": f.district.pk == root,
            "state": f.shown_state,
            "added": since_month.get(f.district.pk),
            "share": None if f.share is None else round(f.share, 1),
            "lead": None if f.lead is None else numbers.signed(f.lead, places),
        }
        for f in figures
    ]


def added_this_month(figures: Sequence[Figure]) -> dict[int, Decimal]:
    """By district, what came since the last month's end; unknown where that is not known."""
    added = {}
    for f in figures:
        before = [value for day, value in f.trend if day < f.on.replace(day=1)]
        if f.value is not None and before:
            added[f.district.pk] = f.value - before[-1]
    return added


# --- charts ------------------------------------------------------------------------------------


def floor(figure: Figure) -> Decimal:
    """Where the axis begins: at 0, or for a level that stood near its target from the first day at what it began with,
    else the way in between would be a flat line."""
    start, target = figure.baseline or Decimal(0), figure.target or Decimal(0)
    return start if figure.indicator.kind == Kind.LEVEL and start * 2 >= target else Decimal(0)


def cumulative_chart(figure: Figure, ahead: Outlook | None = None) -> dict:
    """Trend against pace over the whole plan, for the `chart` tag; the forecast is a band to the day of the target."""
    indicator, plan = figure.indicator, figure.indicator.plan
    points = figure.course.points if figure.course else ()
    flow = indicator.kind == Kind.FLOW
    forecast = (ahead.low, ahead.likely, ahead.high) if ahead else None
    return {
        "kind": "cumulative",
        "unit": localised(indicator, "unit"),
        "target": number(figure.target),
        "base": number(floor(figure)),
        "since": (date(figure.on.year, 1, 1) if flow else plan.since).isoformat(),
        "until": (min(date(figure.on.year, 12, 31), plan.until) if flow else plan.until).isoformat(),
        "today": min(figure.on, plan.until).isoformat(),
        "actual": [[day.isoformat(), number(value)] for day, value in figure.trend],
        "pace": [[day.isoformat(), number(value)] for day, value in points],
        "forecast": None if forecast is None else dict(zip(("low", "mid", "high"), map(number, forecast), strict=True)),
        "labels": {"actual": _("实际"), "pace": _("序时进度"), "target": _("目标"), "today": day_words(figure)},
    }


def day_words(figure: Figure) -> str:
    """What the line through the chart is called: today, or the day that was asked for; a plan that is over ends with its
    last day."""
    day = min(figure.on, figure.indicator.plan.until)
    return _("今天") if day == localdate() else day.isoformat()


def monthly_chart(figure: Figure, months: Sequence[dict]) -> dict:
    indicator, plan = figure.indicator, figure.indicator.plan
    even = None
    if figure.course and len(figure.course.points) > 1 and not figure.course.steps and indicator.kind != Kind.FLOW:
        (start, low), (end, high) = figure.course.points[0], figure.course.points[-1]
        even = float((high - low) / ((end - start).days or 1) * Decimal("30.4375"))
    return {
        "kind": "monthly",
        "unit": localised(indicator, "unit"),
        "months": [[m["month"].strftime("%Y-%m"), m["into"], -m["out"]] for m in months],
        "even": round(even, 1) if even is not None else None,
        "today": min(figure.on, plan.until).isoformat(),
        "labels": {"pace": _("每月应完成"), "in": _("计入"), "out": _("撤出")},
    }


def number(value) -> float | int | None:
    if value is None:
        return None
    return int(value) if value == int(value) else float(value)


# --- one indicator opened ----------------------------------------------------------------------


def definition(figure: Figure) -> list[dict]:
    """The definition card: what counts, from when, until when, what doesn't, target, pace, who is responsible."""
    indicator = figure.indicator
    rows = [
        (_("算什么"), localised(indicator, "counts")),
        (_("何时计入"), localised(indicator, "begins")),
        (_("何时撤出"), localised(indicator, "ends")),
        (_("不计"), localised(indicator, "excludes")),
        (_("类型"), indicator.get_kind_display()),
        (_("目标"), _("；").join(f"{on} {numbers.num(v)} {localised(indicator, 'unit')}" for on, v in figure.nodes)),
        (_("依据"), str(indicator.clause), indicator.clause.get_absolute_url()),
        (_("序时"), indicator.get_pace_display()),
        (_("责任"), _("、").join(indicator.departments)),
        (_("暂无数据"), localised(indicator, "awaiting")),
    ]
    return [{"label": label, "value": value, "url": "".join(url)} for label, value, *url in rows if value]


def versions(indicator: Indicator) -> tuple[int, date | None]:
    """Which version of the definition this is, and since when: every change of a setting it rests on is one."""
    codes = {*indicator.settings, indicator.baseline, indicator.opening} - {""}
    changes = Amendment.objects.filter(pack=indicator.pack, table="portal.setting", key__in=codes)
    seen = changes.aggregate(n=Count("pk"), last=Max("at"))
    return seen["n"] + 1, localtime(seen["last"]).date() if seen["last"] else None


def settings_of(indicator: Indicator, rows: Sequence[Setting]) -> list[Setting]:
    """Those of the pack's settings that the definition rests on."""
    codes = {*indicator.settings, indicator.baseline, indicator.opening}
    return [row for row in rows if row.code in codes]


def entries(indicator: Indicator, district: District, user, on: date, settings: Mapping[str, Any]):
    """The rows that make the number, as (queryset, stream): what counts or counted, in the district, visible to the
    user. None for figures without records here."""
    if indicator.source in ("", REPORTED):
        return None
    stream = stream_of(indicator, settings)
    vocabulary = stream.vocabulary
    last = min(on, indicator.plan.until)
    since = date(last.year, 1, 1) if indicator.kind == Kind.FLOW else None
    rows = stream.rows(on=last, since=since) if since else stream.entries(on=last)
    below = District.objects.below(district).values("pk")
    rows = rows.filter(**{f"{vocabulary.district}__in": below})
    seen = vocabulary.model._default_manager.visible_to(user).values("pk")
    return rows.filter(pk__in=seen).select_related(*vocabulary.select), stream


def ledger(rows, stream, on: date) -> list[dict]:
    """One line per entry: +1 on the day a row began to count, −1 on the day it stopped, the latest first."""
    lines = []
    starts, stops = stream.vocabulary.facts[stream.starts], stream.vocabulary.facts.get(stream.stops)
    dates = {"starts_on": starts.at(None)} | ({"stops_on": stops.at(None)} if stops else {})
    for row in rows.annotate(**dates):
        entry, place = stream.vocabulary.describe(row), district_of(row, stream.vocabulary.district)
        line = {"title": entry.title, "url": entry.url, "owner": entry.owner, "district": place}
        lines.append({**line, "on": row.starts_on, "sign": 1, "document": entry.document})
        if stops and row.stops_on and row.stops_on <= on:
            lines.append({**line, "on": row.stops_on, "sign": -1, "document": entry.end_document})
    return sorted(lines, key=lambda line: (line["on"], line["title"]), reverse=True)


def district_of(row, path: str) -> District:
    for name in path.split("__"):
        row = getattr(row, name)
    return row


def by_month(lines: Sequence[dict], plan: Plan, on: date) -> list[dict]:
    """What came and what left in each month of the plan up to the day."""
    months, day, last = [], plan.since, min(on, plan.until)
    while day <= last:
        end = (day.replace(day=28) + timedelta(4)).replace(day=1)
        mine = [line for line in lines if day <= line["on"] < end]
        months.append({"month": day, "into": sum(x["sign"] > 0 for x in mine), "out": sum(x["sign"] < 0 for x in mine)})
        day = end
    return months
