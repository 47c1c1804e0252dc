"""From a declaration to a figure: what is refused, pace, gap and state on both sides of each border, the recompute."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from portal.facts import WrongCriterion
from portal.models import Role, Setting
from stations.models import Station, StationKind
from targets.models import Indicator, Plan, Reading, Snapshot, Target
from targets.plans import indicators
from targets.plans.indicators import Course, Figure, course, days_of, stream_of, value_on
from tests import make
from tests.make import Life

Kind = Indicator.Kind
EVE, FIRST, LAST = date(2024, 12, 31), date(2025, 1, 1), date(2026, 12, 31)
ON = date(2026, 6, 15)
DAY = timedelta(1)


@pytest.fixture
def plan(city):
    return make.plan(city)


def set_to(city, code, value):
    return Setting.objects.create(pack=city.pack, code=code, title=code, why="测试", kind="integer", value=value)


# --- declarations ------------------------------------------------------------------------------

STARTED = {"fact": "approved_on", "lookup": "gte", "value": "2025-01-01"}


@pytest.mark.parametrize(
    ("declared", "told"),
    [
        ({"source": "postdocs"}, "没有名为 postdocs 的数据来源；可用：.*station"),
        ({"starts": ""}, "缺少 starts"),
        ({"starts": "begun_on"}, "“station”没有名为 begun_on 的事实；可用：.*approved_on"),
        ({"stops": "left_on"}, "没有名为 left_on 的事实"),
        ({"starts": "kind"}, "starts 和 stops 须是日期，kind 不是"),
        ({"stops": "chain"}, "starts 和 stops 须是日期，chain 不是"),
        ({"sum_of": "kind"}, "sum_of 须是数字，kind 不是"),
        ({"sum_of": "money"}, "没有名为 money 的事实"),
        ({"distinct": "money"}, "没有名为 money 的事实"),
        ({"kind": Kind.FLOW}, "年度增量只计开始，不能有 stops"),
        ({"kind": Kind.COVERAGE}, "覆盖数须写明 distinct"),
        ({"kind": Kind.CUMULATIVE}, "计划期累计须在 where 里写明 approved_on 从哪一天起"),
        ({"where": ["kind"]}, "where 的一项应写作 fact、lookup、value"),
        ({"where": [{"lookup": "in"}]}, "where 的一项应写作"),
        ({"where": [{"fact": "kind", "is": "national"}]}, "where 的一项应写作"),
        ({"where": [{"fact": "colour", "value": "red"}]}, "没有名为 colour 的事实"),
        ({"where": [{"fact": "kind", "lookup": "not", "value": "x"}]}, "比较方式 not 不认识"),
        ({"where": [{"fact": "kind", "lookup": "in", "value": "national"}]}, "需要一个非空列表"),
        ({"where": [{"fact": "kind", "lookup": "in", "value": ["planetary"]}]}, "不在代码表内"),
        ({"where": [{"fact": "approved_on", "lookup": "gte", "value": "soon"}]}, "取值 'soon' 不对"),
        ({"where": [{"fact": "kind", "lookup": "in", "setting": "Z9"}]}, "没有编号为 Z9 的参数"),
    ],
)
def test_a_declaration_that_does_not_hold_together_says_why(declared, told, plan, city):
    row = make.indicator(plan, city, **declared)
    with pytest.raises(WrongCriterion, match=told):
        stream_of(row, {"A2": ["national"]})


def test_a_declaration_with_its_settings_becomes_a_stream(plan, city):
    where = [{"fact": "kind", "lookup": "in", "setting": "A2"}, STARTED]
    row = make.indicator(plan, city, kind=Kind.CUMULATIVE, where=where, distinct="enterprise")
    stream = stream_of(row, {"A2": ["national", "branch"]})
    assert (stream.starts, stream.stops, stream.distinct) == ("approved_on", "ended_on", "enterprise")
    assert [(c.fact, c.lookup, c.value) for c in stream.where] == [
        ("kind", "in", ("national", "branch")),
        ("approved_on", "gte", FIRST),
    ]
    assert {c.clause for c in stream.where} == {str(city.clause)}


@pytest.mark.parametrize(("source", "awaiting"), [("reported", ""), ("", "记录尚未启用")])
def test_what_is_reported_or_not_kept_yet_has_no_stream(source, awaiting, plan, city):
    row = make.indicator(plan, city, source=source, awaiting=awaiting, starts="", stops="")
    assert stream_of(row, {}) is None


# --- days --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("since", "until", "on", "days"),
    [
        ("2025-01-01", "2026-12-31", "2025-03-10", ["2024-12-31", "2025-01-31", "2025-02-28", "2025-03-10"]),
        ("2025-01-01", "2026-12-31", "2025-02-28", ["2024-12-31", "2025-01-31", "2025-02-28"]),
        ("2025-04-30", "2025-06-15", "2025-06-01", ["2025-04-29", "2025-04-30", "2025-05-31", "2025-06-01"]),
        ("2025-01-01", "2025-02-15", "2026-01-01", ["2024-12-31", "2025-01-31", "2025-02-15"]),
        ("2025-01-01", "2026-12-31", "2025-01-01", ["2024-12-31", "2025-01-01"]),
        ("2025-01-01", "2026-12-31", "2024-06-01", ["2024-12-31"]),
    ],
    ids=["within", "a month's end", "begins within a month", "over", "first day", "not begun"],
)
def test_a_dashboard_shows_the_eve_the_months_ends_and_the_day(since, until, on, days):
    plan = Plan(since=date.fromisoformat(since), until=date.fromisoformat(until))
    assert days_of(plan, date.fromisoformat(on)) == [date.fromisoformat(day) for day in days]


# --- pace --------------------------------------------------------------------------------------

TWO = ((date(2025, 1, 1), Decimal(0)), (date(2025, 1, 11), Decimal(100)), (date(2025, 1, 21), Decimal(150)))


@pytest.mark.parametrize(
    ("day", "even", "steps"),
    [("2024-12-31", None, None), ("2025-01-01", 0, 0), ("2025-01-06", 50, 0), ("2025-01-11", 100, 100)]
    + [("2025-01-16", 125, 100), ("2025-01-21", 150, 150), ("2030-01-01", 150, 150)],
    ids=["before", "first", "half", "node", "half of the second", "last", "after"],
)
def test_pace_is_even_between_two_nodes_or_by_steps(day, even, steps):
    assert Course(TWO).at(date.fromisoformat(day)) == even
    assert Course(TWO, steps=True).at(date.fromisoformat(day)) == steps
    assert Course(TWO).target == 150


NODES = [(date(2025, 12, 31), Decimal(4)), (date(2026, 12, 31), Decimal(10))]


@pytest.mark.parametrize(
    ("kind", "baseline", "on", "points"),
    [
        (Kind.LEVEL, Decimal(2), ON, [(EVE, 2), *NODES]),
        (Kind.LEVEL, None, ON, NODES),
        (Kind.CUMULATIVE, Decimal(0), ON, [(EVE, 0), *NODES]),
        (Kind.COVERAGE, Decimal(1), ON, [(EVE, 1), *NODES]),
        (Kind.FLOW, Decimal(0), ON, [(date(2025, 12, 31), 0), NODES[1]]),
        (Kind.FLOW, Decimal(0), date(2025, 3, 1), [(EVE, 0), NODES[0]]),
        (Kind.VALUE, None, ON, [(date(2025, 12, 31), 0), NODES[1]]),
        (Kind.RATE, None, ON, [NODES[1]]),
        (Kind.FLOW, Decimal(0), date(2030, 1, 1), [(date(2025, 12, 31), 0), NODES[1]]),
        (Kind.FLOW, Decimal(0), date(2020, 1, 1), None),
        (Kind.FLOW, Decimal(0), date(1, 1, 1), None),
    ],
    ids=["level", "level, baseline unknown", "cumulative", "coverage", "flow", "flow of the first year", "value"]
    + ["rate", "flow after the plan", "flow before the plan", "flow at the beginning of time"],
)
def test_the_course_of_each_kind(kind, baseline, on, points, plan, city):
    row = Indicator(kind=kind, plan=plan)
    found = course(row, plan, list(reversed(NODES)), baseline, on)
    assert (list(found.points) if found else None) == points


@pytest.mark.parametrize("kind", Kind.values)
def test_without_a_target_there_is_no_course(kind, plan):
    assert course(Indicator(kind=kind, plan=plan), plan, [], Decimal(0), ON) is None


def test_a_rate_is_due_at_its_node_and_not_before(plan):
    row = Indicator(kind=Kind.RATE, plan=plan)
    way = course(row, plan, NODES, None, ON)
    assert (way.at(ON), way.at(LAST)) == (None, 10)


# --- a figure ----------------------------------------------------------------------------------


def figure(**values) -> Figure:
    row = values.pop("indicator", None) or Indicator(kind=Kind.LEVEL, falling=values.pop("falling", False))
    return Figure(indicator=row, district=None, on=ON, **{n: Decimal(v) for n, v in values.items() if n != "ended"},
                  ended=values.get("ended", False))  # fmt: skip


@pytest.mark.parametrize(
    ("value", "target", "falling", "gap"),
    [(90, 100, False, 10), (100, 100, False, 0), (110, 100, False, 0), (90, 100, True, 0), (110, 100, True, 10)],
)
def test_the_gap_is_what_is_missing_and_never_negative(value, target, falling, gap):
    assert figure(value=value, target=target, falling=falling).gap == gap


@pytest.mark.parametrize(("falling", "lead"), [(False, -5), (True, 5)])
def test_the_lead_is_signed_by_what_is_wanted(falling, lead):
    assert figure(value=45, pace=50, falling=falling).lead == lead


@pytest.mark.parametrize(("value", "target", "share"), [(45, 90, 50), (0, 90, 0), (100, 80, 125), (5, 0, None)])
def test_the_share_of_the_target(value, target, share):
    assert figure(value=value, target=target).share == share


@pytest.mark.parametrize(
    ("value", "state"),
    [("48", "behind"), ("48.01", "level"), ("50", "level"), ("51.99", "level"), ("52", "ahead")],
)
def test_within_the_tolerance_a_figure_is_on_its_way(value, state):
    assert figure(value=value, target=100, pace=50, tolerance=2).state == state


@pytest.mark.parametrize(("value", "state"), [("0", "level"), ("0.01", "ahead")])
def test_exactly_on_pace_is_on_its_way_without_any_tolerance(value, state):
    assert figure(value=value, target=0, pace=0, tolerance=0).state == state


@pytest.mark.parametrize(("value", "falling", "state"), [(100, False, "reached"), (99, False, "missed")]
                         + [(101, True, "missed"), (100, True, "reached")])  # fmt: skip
def test_a_plan_that_is_over_was_reached_or_missed(value, falling, state):
    found = figure(value=value, target=100, pace=100, falling=falling, ended=True)
    assert (found.state, found.shown_state) == (state, "ended")
    assert found.state_text == {"reached": "已完成", "missed": "未完成"}[state]


@pytest.mark.parametrize(
    ("known", "state"),
    [
        ({}, "none"),
        ({"target": 5, "pace": 3}, "none"),
        ({"value": 5}, "untargeted"),
        ({"value": 5, "pace": 3}, "untargeted"),
    ],
)
def test_what_is_unknown_has_no_gap_and_no_share(known, state):
    found = figure(**known)
    assert (found.state, found.gap, found.share) == (state, None, None)


def test_before_the_first_node_nothing_is_due():
    assert figure(value=5, target=9).state == "not_due"


# --- the forecast ------------------------------------------------------------------------------


def trend(*values, step=30):
    return [(ON - timedelta((len(values) - 1 - n) * step), Decimal(v)) for n, v in enumerate(values)]


def forecast(plan, points, kind=Kind.LEVEL, ended=False):
    row = Indicator(kind=kind, plan=plan)
    found = Figure(indicator=row, district=None, on=ON, value=points[-1][1] if points else None, trend=points)
    found.ended = ended
    return found.forecast()


def test_a_steady_course_goes_on(plan):
    left = (LAST - ON).days
    assert forecast(plan, trend(10, 13, 16, 19)) == tuple(19 + round(Decimal("0.1") * left) for _n in range(3))


def test_the_band_is_that_of_the_slowest_and_the_fastest_quarter(plan):
    low, likely, high = forecast(plan, trend(0, 0, 0, 0, 9, 9, 9, 9, 18))
    left = (LAST - ON).days
    assert (low, high) == (18, 18 + round(Decimal(9) / 90 * left))
    assert likely == 18 + round(Decimal(18) / 180 * left)


@pytest.mark.parametrize(
    ("points", "kind", "ended"),
    [
        (trend(1, 2, 3), Kind.LEVEL, False),
        (trend(1, 2, 3, 4), Kind.FLOW, False),
        (trend(1, 2, 3, 4), Kind.LEVEL, True),
        ([], Kind.LEVEL, False),
    ],
    ids=["three points", "a flow", "over", "no data"],
)
def test_where_nothing_can_be_said_nothing_is_said(points, kind, ended, plan):
    assert forecast(plan, points, kind, ended) is None


# --- what departments report -------------------------------------------------------------------


@pytest.fixture
def reported(plan, city):
    return make.indicator(plan, city, code="RE", kind=Kind.VALUE, source="reported", starts="", stops="")


def report(row, city, who, on, value):
    return Reading.objects.create(
        indicator=row, district=city.root, on=on, value=value, source="部门", by=who[Role.REPORTER]
    )


def figure_of(row, place, on=ON) -> Figure:
    return indicators.figures(row.plan, [place], on, [row])[row.pk, place.pk]


def test_no_reading_is_no_data_and_not_zero(reported, city):
    found = figure_of(reported, city.root)
    assert (found.value, found.state, found.gap) == (None, "none", None)


def test_a_reading_of_zero_is_zero(reported, city, people):
    report(reported, city, people, date(2026, 3, 31), 0)
    found = figure_of(reported, city.root)
    assert (found.value, found.gap, found.state) == (0, 100, "behind")


def test_the_last_word_of_the_last_period_counts(reported, city, people):
    report(reported, city, people, date(2026, 3, 31), 10)
    report(reported, city, people, date(2026, 6, 10), 25)
    report(reported, city, people, date(2026, 3, 31), 12)  # a correction of the older period, entered later
    report(reported, city, people, date(2026, 9, 30), 99)
    found = figure_of(reported, city.root)
    assert (found.value, found.trend) == (25, [(date(2026, 3, 31), 12), (date(2026, 6, 10), 25)])
    assert figure_of(reported, city.root, date(2026, 4, 1)).value == 12


def test_last_years_reading_says_nothing_of_this_year(reported, city, people):
    report(reported, city, people, date(2025, 12, 31), 80)
    assert figure_of(reported, city.root, date(2025, 12, 31)).value == 80
    assert figure_of(reported, city.root, date(2026, 1, 1)).value is None


def test_the_reading_of_one_district_is_not_the_others(reported, city, people):
    report(reported, city, people, date(2026, 3, 31), 10)
    assert figure_of(reported, city.north).value is None


def test_a_yearly_value_has_the_pace_of_its_year(reported, city, people):
    report(reported, city, people, date(2026, 3, 31), 10)
    assert figure_of(reported, city.root, date(2026, 12, 31)).pace == 100
    assert figure_of(reported, city.root, date(2026, 7, 2)).pace == Decimal(100) * 183 / 365
    assert figure_of(reported, city.root, date(2025, 7, 2)).target is None


def test_what_is_not_kept_yet_has_no_data(plan, city):
    row = make.indicator(plan, city, source="", awaiting="记录尚未启用", starts="", stops="")
    found = figure_of(row, city.root)
    assert (found.value, found.target, found.state, found.trend) == (None, 100, "none", [])


# --- what is computed --------------------------------------------------------------------------


@pytest.fixture
def level(plan, city):
    return make.indicator(plan, city, code="ST")


def test_an_empty_register_was_counted_and_found_to_be_zero(level, city):
    assert figure_of(level, city.root).value == 0


def test_each_kind_counts_its_own(plan, city):
    make.bare_stations(
        [
            Life(city.north, date(2024, 5, 1), chain=city.chain),
            Life(city.north, date(2025, 5, 1), date(2026, 2, 1), owner=1),
            Life(city.south, date(2026, 3, 1), owner=2, chain=city.chain),
            Life(city.south, date(2026, 12, 1), owner=3),
        ]
    )
    rows = {
        "level": make.indicator(plan, city),
        "cumulative": make.indicator(plan, city, kind=Kind.CUMULATIVE, where=[STARTED]),
        "flow": make.indicator(plan, city, kind=Kind.FLOW, stops=""),
        "coverage": make.indicator(plan, city, kind=Kind.COVERAGE, distinct="chain"),
    }
    on = {"eve": EVE, "2025": date(2025, 12, 31), "2026": ON, "end": LAST}
    assert {name: [figure_of(row, city.root, day).value for day in on.values()] for name, row in rows.items()} == {
        "level": [1, 2, 2, 3],
        "cumulative": [0, 1, 1, 2],
        "flow": [1, 1, 1, 2],
        "coverage": [1, 1, 1, 1],
    }
    assert figure_of(rows["level"], city.south).value == 1
    assert figure_of(rows["flow"], city.north).value == 0


def test_the_baseline_of_a_level_is_what_was_there_on_the_eve(level, city):
    make.bare_stations([Life(city.north, date(2020, 1, 1), owner=n) for n in range(3)])
    found = figure_of(level, city.root)
    assert (found.baseline, found.course.points[0]) == (3, (EVE, 3))
    assert found.pace == 3 + Decimal(97) * (ON - EVE).days / (LAST - EVE).days


def test_a_baseline_that_was_set_holds_for_the_city_alone(plan, city):
    set_to(city, "ST.baseline", 80)
    row = make.indicator(plan, city, baseline="ST.baseline")
    Target.objects.create(pack=city.pack, indicator=row, district=city.north, on=LAST, value=10)
    make.bare_stations([Life(city.north, date(2020, 1, 1))])
    assert (figure_of(row, city.root).baseline, figure_of(row, city.north).baseline) == (80, 1)


@pytest.mark.parametrize("kind", [Kind.CUMULATIVE, Kind.FLOW])
def test_what_counts_from_the_plan_on_begins_at_zero(kind, plan, city):
    values = {"where": [STARTED]} if kind == Kind.CUMULATIVE else {"stops": ""}
    row = make.indicator(plan, city, kind=kind, **values)
    make.bare_stations([Life(city.north, date(2020, 1, 1))])
    assert figure_of(row, city.root).baseline == 0


@pytest.mark.parametrize(
    ("target", "decimals", "percent", "tolerance"),
    [(100, 0, 2, 2), (10, 0, 2, 1), (100, 0, 5, 5), (10, 1, 2, "0.2"), (None, 0, 2, 1)],
    ids=["2 % of 100", "at least one", "as set", "of a decimal", "no target"],
)
def test_how_far_off_is_still_on_its_way(target, decimals, percent, tolerance, plan, city):
    set_to(city, "pace.tolerance", percent)
    row = make.indicator(plan, city, target=target, decimals=decimals)
    assert figure_of(row, city.root).tolerance == Decimal(tolerance)


def test_before_the_plan_there_is_no_figure(level, city):
    found = figure_of(level, city.root, date(2020, 1, 1))
    assert (found.value, found.state) == (None, "none")


def test_after_the_plan_its_last_day_stands(level, city):
    make.bare_stations([Life(city.north, date(2026, 12, 31)), Life(city.north, date(2027, 1, 1), owner=1)])
    found = figure_of(level, city.root, date(2027, 6, 1))
    assert (found.value, found.ended, found.state, found.gap) == (1, True, "missed", 99)
    Target.objects.filter(indicator=level).update(value=1)
    assert figure_of(level, city.root, date(2027, 6, 1)).state == "reached"
    assert figure_of(level, city.root, LAST).ended is False


def test_the_value_is_that_of_the_very_day():
    row = Indicator(source="station")
    assert value_on(row, [(EVE, Decimal(3)), (ON, Decimal(5))], ON) == 5
    assert value_on(row, [(EVE, Decimal(3)), (ON, Decimal(5))], ON + DAY) is None


# --- the recompute -----------------------------------------------------------------------------


def kept(row, place):
    return dict(Snapshot.objects.filter(indicator=row, district=place).values_list("on", "value"))


def test_a_recompute_keeps_the_eve_every_months_end_and_the_day(level, city):
    make.bare_stations([Life(city.north, date(2025, 2, 10))])
    done = indicators.recompute(date(2025, 3, 10))
    assert done == {"cells": 4 * 4, "changed": 16}  # four days in the city and its three districts
    assert kept(level, city.north) == {
        EVE: 0,
        date(2025, 1, 31): 0,
        date(2025, 2, 28): 1,
        date(2025, 3, 10): 1,
    }
    assert kept(level, city.root) == kept(level, city.north)


def test_a_recompute_writes_only_what_changed(level, city):
    indicators.recompute(ON)
    assert indicators.recompute(ON)["changed"] == 0
    make.bare_stations([Life(city.north, date(2026, 5, 20))])
    assert indicators.recompute(ON)["changed"] == 4  # the end of May and today, in the north and in the city


def test_a_recompute_corrects_the_past(level, city):
    indicators.recompute(ON)
    (row,) = make.bare_stations([Life(city.north, date(2025, 1, 20))])
    indicators.recompute(ON)
    assert kept(level, city.root)[date(2025, 1, 31)] == 1
    Station.objects.filter(pk=row.pk).update(status="cancelled", ended_on=date(2025, 4, 1))
    indicators.recompute(ON)
    found = kept(level, city.root)
    assert (found[date(2025, 3, 31)], found[date(2025, 4, 30)], found[ON]) == (1, 0, 0)


def test_a_day_that_was_today_is_not_kept_with_an_old_value(level, city):
    indicators.recompute(ON)
    indicators.recompute(ON + DAY)
    make.bare_stations([Life(city.north, date(2026, 6, 1))])
    indicators.recompute(ON + DAY)
    assert set(kept(level, city.root)) == set(days_of(level.plan, ON + DAY))
    assert figure_of(level, city.root, ON).value == 1


def test_the_trend_is_one_point_a_month_however_often_it_is_computed(level, city):
    for number in range(20):
        indicators.recompute(date(2026, 5, 20) + timedelta(number))
    last = date(2026, 6, 8)
    assert [day for day, _value in figure_of(level, city.root, last).trend] == days_of(level.plan, last)


def test_reported_and_awaited_figures_are_not_computed(reported, plan, city):
    make.indicator(plan, city, source="", awaiting="记录尚未启用", starts="", stops="")
    assert indicators.recompute(ON) == {"cells": 0, "changed": 0}
    assert not Snapshot.objects.exists()


def test_a_plan_that_has_not_begun_is_not_computed(city):
    make.indicator(make.plan(city, since=date(2027, 1, 1), until=date(2028, 12, 31)), city)
    assert indicators.recompute(ON)["cells"] == 0


def test_the_plans_of_every_city_are_computed_for_their_own_districts(level, city):
    elsewhere = make.city("othercity")
    other = make.indicator(make.plan(elsewhere), elsewhere)
    make.bare_stations([Life(city.north, date(2026, 1, 1)), Life(elsewhere.north, date(2026, 1, 1), owner=1)])
    indicators.recompute(ON)
    assert (kept(level, city.root)[ON], kept(other, elsewhere.root)[ON]) == (1, 1)
    assert kept(level, elsewhere.root) == kept(other, city.root) == {}


def test_figures_from_snapshots_equal_those_computed_now(plan, city):
    places = [city.root, city.north, city.south, city.east]
    make.bare_stations(
        [
            Life(places[1 + n % 3], date(2024, 10, 1) + timedelta(n * 17), None if n % 4 else ON - 40 * DAY, owner=n)
            for n in range(30)
            if n % 4 or date(2024, 10, 1) + timedelta(n * 17) < ON - 40 * DAY
        ]
    )
    make.indicator(plan, city)
    make.indicator(plan, city, kind=Kind.FLOW, stops="")
    make.indicator(plan, city, kind=Kind.CUMULATIVE, where=[STARTED])
    make.indicator(plan, city, kind=Kind.COVERAGE, distinct="enterprise")

    def told(on):
        found = indicators.figures(plan, places, on)
        return {key: (f.value, f.pace, f.baseline, f.state, f.trend) for key, f in found.items()}

    days = [ON, date(2026, 5, 31), date(2026, 6, 3), EVE]
    now = {day: told(day) for day in days}
    indicators.recompute(ON)
    assert {day: told(day) for day in days} == now
    assert len({value[0] for value in now[ON].values()}) > 4, "a test of nothing"


def test_a_changed_setting_changes_the_figures(plan, city):
    where = [{"fact": "kind", "lookup": "in", "setting": "A2"}]
    row = make.indicator(plan, city, where=where)
    make.bare_stations([Life(city.north, FIRST, kind="branch"), Life(city.north, FIRST, kind="national", owner=1)])
    indicators.recompute(ON)
    assert figure_of(row, city.root).value == 2
    Setting.objects.filter(pack=city.pack, code="A2").update(value=["national"])
    indicators.recompute(ON)
    assert figure_of(row, city.root).value == 1


def test_an_upgrade_is_one_in_the_stock_and_one_new_approval(plan, city, people):
    owner, chief = make.enterprise(city.north), people[Role.BUREAU_APPROVER]
    make.station(city, chief, owner=owner, kind=StationKind.BASE_PROVINCIAL, approved_on=date(2025, 3, 3))
    make.station(city, chief, owner=owner, approved_on=date(2026, 3, 2))
    assert Station.objects.filter(upgraded_from__isnull=False).count() == 1
    stock, fresh = make.indicator(plan, city), make.indicator(plan, city, kind=Kind.FLOW, stops="")
    days = [date(2025, 12, 31), date(2026, 3, 1), date(2026, 3, 2), ON]
    told = indicators.compute(city.pack, dict.fromkeys([stock, fresh], days))
    assert [told[stock.pk, city.root.pk, day] for day in days] == [1, 1, 1, 1]
    assert [told[fresh.pk, city.root.pk, day] for day in days] == [1, 0, 1, 1]
