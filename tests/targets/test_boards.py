"""What dashboards show: the entries behind a number add up to it, month by month, for who may see them."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils.timezone import localdate, localtime, now

from portal.models import Amendment, Job, Role, Setting
from portal.rules import amend
from stations.models import Station
from targets import asof
from targets.boards import drawing
from targets.models import Indicator, Pipeline, Reading, Target
from targets.plans import indicators
from targets.plans.indicators import Figure
from targets.returns import known
from tests import make
from tests.make import Life
from tests.reading import Visitor

Kind = Indicator.Kind
ON = date(2026, 6, 15)
STARTED = {"fact": "approved_on", "lookup": "gte", "value": "2025-01-01"}
KINDS = {
    "level": {},
    "cumulative": {"kind": Kind.CUMULATIVE, "where": [STARTED]},
    "flow": {"kind": Kind.FLOW, "stops": ""},
}


@pytest.fixture
def plan(city):
    return make.plan(city)


@pytest.fixture
def register(city):
    """Stations from before the plan and within it, some ended, one on the day it began, one yet to come."""
    return make.bare_stations(
        [
            Life(city.north, date(2020, 5, 1)),
            Life(city.north, date(2020, 6, 1), date(2025, 6, 30), owner=1),
            Life(city.south, date(2025, 1, 1), owner=2),
            Life(city.south, date(2025, 1, 31), date(2026, 6, 1), owner=3),
            Life(city.south, date(2025, 7, 1), date(2025, 7, 1), owner=4),
            Life(city.east, date(2026, 6, 1), owner=5),
            Life(city.east, date(2026, 6, 15), date(2026, 6, 20), owner=6),
            Life(city.north, date(2026, 6, 16), owner=7),
        ]
    )


def figure_of(row, place, on=ON) -> Figure:
    return indicators.figures(row.plan, [place], on, [row])[row.pk, place.pk]


def ledger_of(row, place, user, on=ON):
    rows, stream = drawing.entries(row, place, user, on, Setting.objects.values_of(row.pack))
    return drawing.ledger(rows, stream, min(on, row.plan.until))


# --- the ledger --------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("on", [date(2025, 1, 1), date(2025, 12, 31), date(2026, 6, 1), ON, date(2027, 3, 1)])
def test_the_entries_add_up_to_the_figure(kind, on, plan, city, people, register):
    row = make.indicator(plan, city, **KINDS[kind])
    for place in (city.root, city.north, city.south, city.east):
        lines = ledger_of(row, place, people[Role.AUDITOR], on)
        assert sum(line["sign"] for line in lines) == figure_of(row, place, on).value
        assert {line["district"] for line in lines} <= {place} | (
            {city.north, city.south, city.east} if place == city.root else set()
        )
        assert all(line["on"] <= on for line in lines)


def test_each_entry_names_its_paper_and_the_latest_stands_first(plan, city, people):
    (row,) = make.bare_stations([Life(city.north, date(2025, 3, 1), date(2026, 3, 1))])
    Station.objects.filter(pk=row.pk).update(end_document="测〔2026〕9号")
    lines = ledger_of(make.indicator(plan, city), city.root, people[Role.AUDITOR])
    assert [(x["on"], x["sign"], x["document"], x["district"], x["url"]) for x in lines] == [
        (date(2026, 3, 1), -1, "测〔2026〕9号", city.north, row.get_absolute_url()),
        (date(2025, 3, 1), 1, "测", city.north, row.get_absolute_url()),
    ]
    assert {(x["title"], x["owner"]) for x in lines} == {(row.name, str(row.enterprise))}


def test_what_stops_later_has_not_left_yet(plan, city, people, register):
    lines = ledger_of(make.indicator(plan, city), city.east, people[Role.AUDITOR], ON)
    assert [(line["on"], line["sign"]) for line in lines] == [(ON, 1), (date(2026, 6, 1), 1)]


def test_the_entries_of_a_coverage_have_a_value(plan, city, people):
    make.bare_stations(
        [Life(city.north, date(2025, 3, 1), chain=city.chain), Life(city.north, date(2025, 4, 1), owner=1)]
    )
    row = make.indicator(plan, city, kind=Kind.COVERAGE, distinct="chain")
    assert [line["on"] for line in ledger_of(row, city.root, people[Role.AUDITOR])] == [date(2025, 3, 1)]


@pytest.mark.parametrize("values", [{"source": "reported"}, {"source": "", "awaiting": "记录尚未启用"}])
def test_a_figure_without_records_here_has_no_entries(values, plan, city, people):
    row = make.indicator(plan, city, starts="", stops="", **values)
    assert drawing.entries(row, city.root, people[Role.AUDITOR], ON, {}) is None


def test_entries_are_those_that_the_person_may_see(plan, city, people, register):
    row = make.indicator(plan, city)
    mine = {who: len(ledger_of(row, city.root, user)) for who, user in people.items()}
    assert mine[Role.AUDITOR] == mine[Role.BUREAU_APPROVER] == 10
    assert (mine[Role.DISTRICT], mine["other_district"]) == (3, 5)
    assert mine[Role.REPORTER] == mine[Role.HANDLER] == mine["nobody"] == 0


# --- by month ----------------------------------------------------------------------------------


def test_each_month_shows_what_came_and_what_left(plan, city, people, register):
    lines = ledger_of(make.indicator(plan, city), city.root, people[Role.AUDITOR])
    months = drawing.by_month(lines, plan, ON)
    assert [m["month"] for m in months[:2]] == [date(2025, 1, 1), date(2025, 2, 1)]
    assert {m["month"].strftime("%y-%m"): (m["into"], m["out"]) for m in months if m["into"] or m["out"]} == {
        "25-01": (2, 0),
        "25-06": (0, 1),
        "25-07": (1, 1),
        "26-06": (2, 1),
    }
    assert len(months) == 18


@pytest.mark.parametrize("on", [date(2025, 1, 1), date(2025, 6, 30), date(2025, 7, 1), ON, date(2027, 1, 1)])
def test_months_add_up_to_what_came_since_the_plan_began(on, plan, city, people, register):
    row = make.indicator(plan, city)
    months = drawing.by_month(ledger_of(row, city.root, people[Role.AUDITOR], on), plan, on)
    found = figure_of(row, city.root, on)
    assert sum(m["into"] - m["out"] for m in months) == found.value - found.baseline


def test_the_first_month_of_a_plan_that_begins_within_it(city, people):
    plan = make.plan(city, since=date(2025, 4, 30))
    make.bare_stations([Life(city.north, date(2025, 4, 29)), Life(city.north, date(2025, 4, 30), owner=1)])
    lines = ledger_of(make.indicator(plan, city), city.root, people[Role.AUDITOR])
    months = drawing.by_month(lines, plan, ON)
    assert [(m["month"], m["into"]) for m in months[:2]] == [(date(2025, 4, 30), 1), (date(2025, 5, 1), 0)]


def test_before_the_plan_there_are_no_months(plan):
    assert drawing.by_month([], plan, date(2024, 6, 1)) == []


def test_the_chart_of_months_says_how_many_each_should_bring(plan, city, people, register):
    row = make.indicator(plan, city)
    found = figure_of(row, city.root)
    chart = drawing.monthly_chart(found, drawing.by_month(ledger_of(row, city.root, people[Role.AUDITOR]), plan, ON))
    assert chart["months"][0] == ["2025-01", 2, 0]
    assert chart["months"][5] == ["2025-06", 0, -1]
    assert chart["even"] == round(98 / 730 * 30.4375, 1)


# --- the definition and its versions -----------------------------------------------------------


def change(row, value, who):
    return amend(row, {"value": value}, key=row.code, by=who[Role.BUREAU_APPROVER], reason="会议纪要")


def test_every_change_of_a_setting_is_a_version_of_the_definition(plan, city, people):
    where = [{"fact": "kind", "lookup": "in", "setting": "A2"}]
    row = make.indicator(plan, city, where=where, settings=["A2"], baseline="ST.baseline", opening="ST.opening")
    make_setting = {"pack": city.pack, "title": "x", "why": "测试", "kind": "integer"}
    base = Setting.objects.create(code="ST.baseline", value=80, **make_setting)
    other = Setting.objects.create(code="Z1", value=1, **make_setting)
    assert drawing.versions(row) == (1, None)
    change(Setting.objects.get(pack=city.pack, code="A2"), ["national"], people)
    change(base, 81, people)
    change(other, 2, people)
    assert drawing.versions(row)[0] == 3
    assert drawing.versions(row)[1] is not None
    change(base, 81, people)  # nothing changed
    assert drawing.versions(row)[0] == 3


def test_a_change_in_another_city_is_no_version_here(plan, city, people):
    row = make.indicator(plan, city, settings=["A2"])
    elsewhere = make.city("othercity")
    change(Setting.objects.get(pack=elsewhere.pack, code="A2"), ["national"], people)
    assert drawing.versions(row) == (1, None)
    assert Amendment.objects.count() == 1


def test_the_definition_names_the_settings_it_rests_on(plan, city):
    row = make.indicator(plan, city, settings=["A2"], baseline="days.bureau")
    rows = list(Setting.objects.filter(pack=city.pack))
    assert {setting.code for setting in drawing.settings_of(row, rows)} == {"A2", "days.bureau"}


def test_the_definition_says_what_counts_and_what_is_to_be_reached(plan, city):
    row = make.indicator(plan, city, counts="有效的站", departments=["人社局", "科技局"], excludes="")
    Target.objects.create(pack=city.pack, indicator=row, district=city.root, on=date(2025, 12, 31), value=90)
    told = {line["label"]: line["value"] for line in drawing.definition(figure_of(row, city.root))}
    assert told["算什么"] == "有效的站"
    assert told["目标"] == "2025-12-31 90 家；2026-12-31 100 家"
    assert told["责任"] == "人社局、科技局"
    assert told["依据"] == str(city.clause)
    assert "不计" not in told
    assert "暂无数据" not in told


# --- sentences and tables ----------------------------------------------------------------------


def test_the_figures_that_are_behind_are_told_first(plan, city, register):
    well = make.indicator(plan, city, target=1, order=1)
    badly = make.indicator(plan, city, target=100, order=2)
    silent = make.indicator(plan, city, source="reported", starts="", stops="", order=0)
    untold = make.indicator(plan, city, target=None, order=3)
    found = indicators.figures(plan, [city.root], ON)
    said = drawing.sentences(
        [found[r.pk, city.root.pk] for r in (silent, well, badly, untold)], {badly.pk: Pipeline(here=3, above=1)}
    )
    assert [(s.figure.indicator, s.pending.here, s.pending.above) for s in said] == [(badly, 3, 1), (well, 0, 0)]


def test_what_came_this_month(plan, city, register):
    row = make.indicator(plan, city)
    found = [figure_of(row, place) for place in (city.root, city.north, city.south, city.east)]
    assert drawing.added_this_month(found) == {
        city.root.pk: 1,
        city.north.pk: 0,
        city.south.pk: -1,
        city.east.pk: 2,
    }


def test_without_a_figure_before_nothing_is_known_of_the_month(plan, city):
    row = make.indicator(plan, city, source="reported", starts="", stops="")
    assert drawing.added_this_month([figure_of(row, city.root)]) == {}


def test_the_table_of_districts_says_who_has_no_target(plan, city, register):
    row = make.indicator(plan, city)
    Target.objects.create(pack=city.pack, indicator=row, district=city.north, on=date(2026, 12, 31), value=2)
    found = [figure_of(row, place) for place in (city.root, city.north, city.south)]
    rows = drawing.district_rows(found, city.root.pk, {})
    assert [(r["district"], r["is_root"], r["state"], r["share"]) for r in rows] == [
        (city.root, True, "behind", 4),
        (city.north, False, "behind", 50),
        (city.south, False, "untargeted", None),
    ]


@pytest.mark.parametrize(
    ("on", "gone"),
    [(date(2024, 6, 1), 0), (date(2025, 1, 1), 1 / 730), (date(2025, 12, 31), 0.5), (date(2030, 1, 1), 1)],
)
def test_how_much_of_a_plan_is_gone(on, gone, plan):
    assert drawing.share(plan, on) == pytest.approx(gone)


@pytest.mark.parametrize(("value", "told"), [(None, None), (Decimal("96.00"), 96), (Decimal("6.20"), 6.2), (0, 0)])
def test_a_number_is_as_short_as_it_can_be(value, told):
    assert drawing.number(value) == told
    assert type(drawing.number(value)) is type(told)


# --- when the figures were computed ------------------------------------------------------------


def test_the_time_of_the_last_run_and_whether_something_moved_since(city):
    def said():
        fresh = asof.freshness(city.pack)
        return fresh.words, fresh.waiting, fresh.stale

    assert said() == ("尚未计算", False, True)
    at = [now() - timedelta(hours=hours) for hours in (27, 30)]
    for moment in at:
        Job.objects.create(kind="recompute", state=Job.State.DONE, finished_at=moment)
    Job.objects.create(kind="deliver", state=Job.State.WAITING)
    words = localtime(at[0]).strftime("%m-%d %H:%M")
    assert said() == (words, False, True)
    Setting.objects.create(pack=city.pack, code=asof.STALE, title="时效", why="-", kind="integer", value=28)
    assert said() == (words, False, False)
    waiting = Job.objects.create(kind="recompute", state=Job.State.RUNNING)
    assert said() == (words, True, False)
    Job.objects.filter(pk=waiting.pk).update(asked_at=now() - timedelta(minutes=11))
    assert said() == (words, True, True)
    Job.objects.filter(pk=waiting.pk).update(state=Job.State.FAILED, finished_at=now())  # given up
    assert said() == (words, False, True)
    Job.objects.create(kind="recompute", state=Job.State.DONE, finished_at=now() + timedelta(minutes=1))
    assert asof.freshness(city.pack).stale is False


@pytest.mark.parametrize("what", ["job", "amendment", "reading", "run"])
def test_the_stamp_changes_with_whatever_figures_rest_on(what, city, people):
    row = make.indicator(make.plan(city), city, source="reported", starts="", stops="")
    before = asof.freshness(city.pack).stamp
    assert asof.freshness(city.pack).stamp == before
    if what == "job":
        Job.objects.create(kind="recompute")
    elif what == "amendment":
        amend(row.targets.get(), {"value": 7}, key="x", by=people[Role.BUREAU_HANDLER], reason="纪要")
    elif what == "reading":
        Reading.objects.create(
            indicator=row, district=city.root, on=ON, value=1, source="部门", by=people[Role.REPORTER]
        )
    else:
        Job.objects.create(kind="recompute", state=Job.State.DONE, finished_at=now())
    assert asof.freshness(city.pack).stamp != before


# --- whose districts ---------------------------------------------------------------------------


def test_a_person_sees_the_figures_of_their_own_districts(city, people):
    town = make.district("town", city.north)
    elsewhere = make.city("othercity")
    whole = [city.root, city.north, city.south, city.east, town]
    assert asof.districts_for(people[Role.AUDITOR], city.pack) == whole
    assert asof.districts_for(people[Role.REPORTER], city.pack) == whole
    assert asof.districts_for(people[Role.DISTRICT], city.pack) == [city.north, town]
    for who in (Role.HANDLER, Role.FINANCE_MAKER, Role.SYSTEM_ADMIN, "nobody"):
        assert asof.districts_for(people[who], city.pack) == []
    assert asof.districts_for(people[Role.AUDITOR], elsewhere.pack) == []


# --- from a number to its entries --------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "end"),
    [
        ("", ""),
        ("?on=2026-06-30", "?on=2026-06-30"),
        ("?district=testcity-north", "?district=testcity-north"),
        ("?on=2026-06-30&district=testcity-north", "?district=testcity-north&amp;on=2026-06-30"),
        ("?on=2026-06-30&known=2026-07-31", "?on=2026-06-30&amp;known=2026-07-31"),
    ],
    ids=["today", "a past day", "a district", "both", "as known in a night"],
)
def test_a_number_opens_into_the_entries_of_its_own_district_and_day(asked, end, city, people):
    plan = make.plan(city, until=date(2099, 12, 31))
    make.indicator(plan, city, code="ST")
    make.bare_stations([Life(city.north, date(2025, 3, 1))])
    indicators.recompute(localdate())
    known.remember(date(2026, 7, 31))
    client = Visitor(people[Role.BUREAU_HANDLER]).client
    for page in ("/targets/", "/targets/plan/"):
        told = set(re.findall(r'href="(/targets/plan/ST/[^"]*)"', client.get(page + asked).content.decode()))
        own = {link for link in told if "export" not in link and "south" not in link and "east" not in link}
        if "district" not in asked:  # the cells of the districts below lead to them
            own = {link for link in own if "north" not in link}
        assert own == {f"/targets/plan/ST/{end}"}, page
