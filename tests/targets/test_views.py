"""Dashboards as pages: the day and the district asked for, the split of a target, exports."""

import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils.timezone import localdate
from python_calamine import CalamineWorkbook

from portal.models import Amendment, Job, Role
from targets.models import Indicator, Plan, Reading, Target
from targets.plans import actions, indicators
from tests import make
from tests.make import Life
from tests.reading import Visitor

LAST = date(2027, 12, 31)
TODAY = localdate()


@pytest.fixture
def plan(city):
    return make.plan(city, since=date(2025, 1, 1), until=LAST)


@pytest.fixture
def level(plan, city):
    return make.indicator(plan, city, code="ST", name="工作站")


@pytest.fixture
def chief(people):
    return Visitor(people[Role.BUREAU_APPROVER])


def sheet(answer):
    return CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()


# --- the day -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("2026-06-15", date(2026, 6, 15)),
        ("2026年6月15日", date(2026, 6, 15)),
        ("20260615", date(2026, 6, 15)),
        ("", TODAY),
        ("nonsense", TODAY),
        ("2026-02-30", TODAY),
        ("2999-01-01", TODAY),
        ((TODAY + timedelta(1)).isoformat(), TODAY),
        (TODAY.isoformat(), TODAY),
        ("' OR 1=1", TODAY),
        ("9" * 400, TODAY),
    ],
    ids=lambda v: str(v)[:20],
)
def test_the_day_asked_for_or_today(typed, shown, level, chief):
    for path in ("/targets/", "/targets/plan/", "/targets/plan/ST/"):
        answer = chief.client.get(path, {"on": typed})
        assert (answer.status_code, answer.context["on"]) == (200, shown)
    figures = chief.client.get("/api/v1/plans/plan/figures/", {"on": typed}).json()
    assert {row["as_of"] for row in figures} == {shown.isoformat()}


@pytest.mark.parametrize("kind", Indicator.Kind.values)
@pytest.mark.parametrize("on", ["0001-01-01", "1900-01-01", "2024-12-31", "2025-01-01", "2028-01-01"])
def test_no_day_breaks_a_page(on, kind, plan, city, chief):
    values = {
        "cumulative": {"where": [{"fact": "approved_on", "lookup": "gte", "value": "2025-01-01"}]},
        "flow": {"stops": ""},
        "coverage": {"distinct": "chain"},
        "rate": {"source": "reported", "starts": "", "stops": ""},
        "value": {"source": "reported", "starts": "", "stops": ""},
    }
    make.indicator(plan, city, code="ST", kind=kind, **values.get(kind, {}))
    for path in (
        "/targets/",
        "/targets/plan/",
        "/targets/plan/ST/",
        "/targets/plan/export/",
        "/targets/plan/ST/export/",
    ):
        assert chief.client.get(path, {"on": on}).status_code == 200


def test_the_figure_of_a_day_is_the_one_of_that_day(level, city, chief):
    make.bare_stations(
        [Life(city.north, date(2025, 3, 1), date(2026, 3, 1)), Life(city.south, date(2026, 1, 1), owner=1)]
    )

    def shown(on):
        return chief.client.get("/targets/plan/ST/", {"on": on}).context["figure"].value

    assert [shown(on) for on in ("2025-02-28", "2025-03-01", "2026-01-01", "2026-03-01")] == [0, 1, 2, 1]
    indicators.recompute(TODAY)
    assert [shown(on) for on in ("2025-02-28", "2025-03-01", "2026-01-01", "2026-03-01")] == [0, 1, 2, 1]
    assert shown("") == 1


# --- the district ------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/targets/", "/targets/plan/", "/targets/plan/ST/", "/api/v1/plans/plan/figures/"])
def test_the_district_is_one_of_ones_own(path, level, city, people):
    elsewhere = make.city("othercity")
    officer, chief = Visitor(people[Role.DISTRICT]).client, Visitor(people[Role.AUDITOR]).client
    assert officer.get(path).status_code == 200
    assert officer.get(path, {"district": city.north.code}).status_code == 200
    for code in (city.south.code, city.root.code, elsewhere.north.code, "nothing", "'", "0"):
        assert officer.get(path, {"district": code}).status_code == 404
    for code in (city.root.code, city.north.code, city.east.code):
        assert chief.get(path, {"district": code}).status_code == 200
    assert chief.get(path, {"district": elsewhere.root.code}).status_code == 404


def test_an_officer_begins_with_their_own_district_and_sees_no_other(level, city, people):
    make.bare_stations([Life(city.north, date(2025, 3, 1)), Life(city.south, date(2025, 3, 1), owner=1)])
    context = Visitor(people[Role.DISTRICT]).go("/targets/").answer.context
    assert (context["district"], context["districts"]) == (city.north, [city.north])
    assert [row["district"] for row in context["rows"]] == [city.north]
    assert context["shown"].value == 1


def test_a_district_shows_itself_and_what_lies_directly_below(level, city, chief):
    town = make.district("town", city.north)
    make.district("village", town)
    rows = chief.go("/targets/plan/ST/").answer.context["rows"]
    assert [row["district"] for row in rows] == [city.root, city.north, city.south, city.east]
    rows = chief.go(f"/targets/plan/ST/?district={city.north.code}").answer.context["rows"]
    assert [row["district"] for row in rows] == [city.north, town]


# --- which plan --------------------------------------------------------------------------------


def test_without_a_plan_the_dashboard_says_so(city, chief):
    assert "还没有录入计划" in chief.go("/targets/").text
    assert "还没有录入计划" in chief.go("/targets/plans/").text


def test_a_plan_without_indicators_breaks_nothing(plan, chief):
    for path in ("/targets/", "/targets/plan/", "/targets/plan/export/"):
        assert chief.client.get(path).status_code == 200
    assert chief.client.get("/api/v1/plans/plan/figures/").json() == []


def test_the_plan_in_force_comes_first(level, city, chief):
    old = make.plan(city, code="old", since=date(2022, 1, 1), until=date(2025, 12, 31))
    make.indicator(old, city, code="OLD")
    make.plan(city, code="coming", since=TODAY + timedelta(1), until=TODAY + timedelta(400))
    assert chief.go("/targets/").answer.context["plan"] == level.plan
    assert chief.go("/targets/?on=2024-06-01").answer.context["plan"] == old
    listed = list(chief.go("/targets/plans/").answer.context["plans"])
    assert set(listed) == set(Plan.objects.all())
    assert listed[-1] == old


@pytest.mark.parametrize(
    "path", ["/targets/none/", "/targets/plan/NONE/", "/targets/none/ST/", "/targets/plan/NONE/split/"]
)
def test_a_plan_or_indicator_that_is_none_is_not_found(path, level, chief):
    assert chief.go(path).status == 404


def test_the_indicator_shown_is_the_one_asked_for(level, plan, city, chief):
    other = make.indicator(plan, city, code="XX", source="", awaiting="记录尚未启用", starts="", stops="", order=0)
    assert chief.go("/targets/").answer.context["shown"].indicator == level  # the first that has data
    assert chief.go("/targets/?of=XX").answer.context["shown"].indicator == other
    assert chief.go("/targets/?of=nothing").answer.context["shown"].indicator == level


def test_no_data_is_a_dash_and_never_zero(plan, city, chief):
    make.indicator(plan, city, code="XX", name="研究人才", source="", awaiting="花名册尚未启用", starts="", stops="")
    page = chief.go("/targets/plan/XX/")
    assert "花名册尚未启用" in page.text
    assert page.answer.context["figure"].value is None
    assert "1 项主要目标暂无数据" in chief.go("/targets/").text
    assert sheet(chief.client.get("/targets/plan/export/"))[4][4:10] == [100, "", "", "", "", "暂无数据"]


# --- what waits for a person -------------------------------------------------------------------


def test_the_dashboard_shows_what_waits_and_what_is_due(level, city, people):
    cases = []
    for _n in range(9):
        here, who = make.people_of(city, make.enterprise(city.north), people)
        cases.append(make.brought_to("district", here, who))
    moved = make.brought_to("bureau", *make.people_of(city, make.enterprise(city.north), people))
    context = Visitor(people[Role.DISTRICT]).go("/targets/").answer.context
    mine = [row.matter.number for row in context["to_do"]]
    due = [row.matter.number for row in context["due"]]
    assert len(mine) == 5
    assert set(mine) <= {case.matter.number for case in cases}
    assert len(due) == 7
    chief = Visitor(people[Role.BUREAU_HANDLER]).go("/targets/").answer.context
    assert [row.matter.number for row in chief["to_do"]] == [moved.matter.number]
    page = Visitor(people[Role.REPORTER]).go("/targets/").page
    assert "等我决定" not in page
    assert "最近到期" not in page


# --- the split ---------------------------------------------------------------------------------


def split(chief, city, reason="区镇分解会议", **values):
    ids = {name: getattr(city, name).pk for name in ("north", "south", "east")}
    chief.go("/targets/plan/ST/split/")
    return chief.press(
        "保存分解", reason=reason, differs="on", **{f"d{ids[name]}": value for name, value in values.items()}
    )


def given(level):
    return dict(
        Target.objects.filter(indicator=level).exclude(district__parent=None).values_list("district__code", "value")
    )


def test_each_district_gets_its_share_with_reason_and_history(level, city, chief):
    page = split(chief, city, north="40", south="35,5", east="")
    assert page.status == 422
    page = split(chief, city, north="40", south="35.5", east="")
    assert page.told == ["已保存任务分解，相关指标正在重算。"]
    assert given(level) == {"testcity-north": 40, "testcity-south": Decimal("35.5")}
    assert page.answer.context["total"] == 75.5
    assert set(Target.objects.filter(indicator=level).values_list("on", flat=True)) == {LAST}
    rows = Amendment.objects.filter(table="targets.target").order_by("key")
    assert [(row.key, row.before, row.after, row.reason) for row in rows] == [
        (f"ST testcity-north {LAST}", {}, {"value": "40"}, "区镇分解会议"),
        (f"ST testcity-south {LAST}", {}, {"value": "35.5"}, "区镇分解会议"),
    ]
    assert "区镇分解会议" in page.text
    assert Job.objects.filter(kind="recompute", state="waiting").exists()


def test_only_what_changed_is_written_down(level, city, chief):
    split(chief, city, north="40", south="35")
    split(chief, city, reason="调整", north="40", south="30")
    assert given(level) == {"testcity-north": 40, "testcity-south": 30}
    assert list(Amendment.objects.order_by("pk").values_list("key", "reason"))[2:] == [
        (f"ST testcity-south {LAST}", "调整")
    ]


def test_an_emptied_target_is_no_target_and_its_end_is_kept(level, city, chief):
    split(chief, city, north="40", south="35")
    page = split(chief, city, reason="南区不再承担", south="")
    assert given(level) == {"testcity-north": 40}
    last = Amendment.objects.latest("pk")
    assert (last.key, last.before, last.after) == (f"ST testcity-south {LAST}", {"value": "35.00"}, {"value": None})
    assert (last.reason, last.label) == ("南区不再承担", f"ST south {LAST}: 35.00")
    assert "南区不再承担" in page.text
    rows = chief.go("/targets/plan/ST/").answer.context["rows"]
    assert [(row["district"].code, row["figure"].target) for row in rows] == [
        ("testcity", 100),
        ("testcity-north", 40),
        ("testcity-south", None),
        ("testcity-east", None),
    ]


def test_a_target_of_zero_is_a_target(level, city, chief):
    split(chief, city, north="0")
    assert given(level) == {"testcity-north": 0}


@pytest.mark.parametrize("typed", ["-1", "viel", "1.234", "99999999999999", "NaN"])
def test_a_wrong_figure_is_shown_again_and_nothing_is_saved(typed, level, city, chief):
    page = split(chief, city, north="40", south=typed)
    assert page.status == 422
    assert given(level) == {}
    form, _button = page.form("保存分解")
    assert dict(form.fields)[f"d{city.north.pk}"] == "40"


def test_a_split_needs_its_reason(level, city, chief):
    page = split(chief, city, reason="", north="40")
    assert (page.status, given(level)) == (422, {})


def test_a_fault_half_way_leaves_nothing(level, city, chief, monkeypatch):
    """Each share is a write of its own; all of them or none are kept."""
    written = actions.amend

    def fails_for_the_south(target, *values, **named):
        if target.district == city.south:
            raise RuntimeError("the database went away")
        return written(target, *values, **named)

    monkeypatch.setattr(actions, "amend", fails_for_the_south)
    with pytest.raises(RuntimeError):
        split(chief, city, north="40", south="35")
    assert (given(level), Amendment.objects.count()) == ({}, 0)


def test_an_indicator_without_a_target_cannot_be_split(plan, city, chief):
    make.indicator(plan, city, code="ST", target=None)
    assert chief.go("/targets/plan/ST/split/").status == 404


def test_the_last_node_is_what_is_split(level, city, chief):
    Target.objects.create(pack=city.pack, indicator=level, district=city.root, on=date(2026, 12, 31), value=90)
    Target.objects.create(pack=city.pack, indicator=level, district=city.north, on=date(2026, 12, 31), value=50)
    page = chief.go("/targets/plan/ST/split/")
    assert (page.answer.context["whole"].value, page.answer.context["total"]) == (100, 0)
    split(chief, city, north="60")
    assert Target.objects.get(district=city.north, on=date(2026, 12, 31)).value == 50


# --- exports -----------------------------------------------------------------------------------


def test_the_plan_is_exported_as_it_is_on_screen(level, plan, city, chief, people):
    make.bare_stations([Life(city.north, date(2025, 3, 1))])
    row = make.indicator(plan, city, code="RE", name="上报数", kind="value", source="reported", starts="", stops="")
    Reading.objects.create(
        indicator=row, district=city.root, on=date(2026, 3, 31), value=Decimal("6.25"), source="x",
        by=people[Role.REPORTER],
    )  # fmt: skip
    on = date(2026, 6, 15)
    rows = sheet(chief.client.get("/targets/plan/export/", {"on": on.isoformat()}))
    assert rows[0][0] == f"测试计划　测试市　截至 {on}"
    found = indicators.figures(plan, [city.root, city.north, city.south, city.east], on)
    assert [[row[0], row[3], row[4], row[5], row[8], row[9]] for row in rows[4:]] == [
        [f.indicator.code, str(f.district)]
        + ["" if v is None else float(v) for v in (f.target, f.value, f.gap)]
        + [f.state_text]
        for f in found.values()
    ]
    assert rows[4][6] == round(float(found[level.pk, city.root.pk].pace), 1)


def test_a_pace_of_zero_is_exported_as_zero(plan, city, chief):
    """0 is a figure; only what is unknown is an empty cell."""
    make.indicator(
        plan,
        city,
        code="ST",
        kind="cumulative",
        where=[{"fact": "approved_on", "lookup": "gte", "value": "2025-01-01"}],
    )
    row = sheet(chief.client.get("/targets/plan/export/", {"on": "2024-12-31"}))[4]
    assert (row[5], row[6], row[7]) == (0, 0, 0)


def test_the_entries_behind_a_number_are_exported(level, city, chief):
    (first, second) = make.bare_stations(
        [Life(city.north, date(2025, 3, 1), date(2026, 3, 1)), Life(city.south, date(2026, 1, 1), owner=1)]
    )
    rows = sheet(chief.client.get("/targets/plan/ST/export/", {"on": "2026-06-01"}))
    assert rows[0][0].startswith("ST 工作站")
    assert [row[:3] + [row[4]] for row in rows[4:]] == [
        [date(2026, 3, 1), -1, first.name, "north"],
        [date(2026, 1, 1), 1, second.name, "south"],
        [date(2025, 3, 1), 1, first.name, "north"],
    ]
    rows = sheet(chief.client.get("/targets/plan/ST/export/", {"on": "2026-06-01", "district": city.south.code}))
    assert [row[2] for row in rows[4:]] == [second.name]


def test_the_entries_come_in_pages(level, city, chief):
    make.bare_stations([Life(city.north, date(2025, 3, 1), owner=n) for n in range(60)])
    first = chief.go("/targets/plan/ST/").answer.context["page"]
    assert first.paginator.count == 60
    assert len(first.object_list) == first.paginator.per_page < 60
    last = chief.go(f"/targets/plan/ST/?page={first.paginator.num_pages}").answer.context["page"]
    assert last.number == first.paginator.num_pages
    assert chief.go("/targets/plan/ST/?page=999").status == 200
