"""Standing in the browser: the radar and its workbook, a case from the reminder to the report, years, packs, workbooks."""

from datetime import date

import pytest
from django.test import Client
from django.utils.timezone import localdate

from portal.models import Evidence, Role, Setting
from stations.models import Recruits, StandingCase
from stations.standing import actions as standing
from stations.standing import pack as standing_pack
from tests import make
from tests.reading import Visitor
from tests.stations import standing_cases
from tests.stations.standing_cases import begun, clock, idle
from tests.stations.test_intake import book, hand_in, only, undo, write
from tests.test_routes import sheet_of

THIS_YEAR = localdate().year


@pytest.fixture
def due(city, people):
    """A station that has been idle for the last two full years, of the city's own enterprise."""
    clock(city)
    return idle(city, people, years=2, until=THIS_YEAR - 1)


def radar(user, query="") -> Client:
    return Visitor(user).go(f"/standing/{query}").answer


def states(answer):
    return [(line.place, line.reading.station.pk) for line in answer.context["rows"]]


def test_the_radar_shows_each_state_the_soonest_first(city, people, due):
    owners = [make.enterprise(city.north) for _n in range(3)]
    coming = idle(city, people, years=1, until=THIS_YEAR - 1, owner=owners[0])
    untold = idle(city, people, years=3, until=THIS_YEAR - 1, owner=owners[1])
    Recruits.objects.get(station=untold, year=THIS_YEAR - 2).delete()
    open_ = idle(city, people, years=2, until=THIS_YEAR - 1, owner=owners[2])
    standing_cases.begun(city, people, "warn", station=open_, on=localdate())
    officer = people[Role.BUREAU_HANDLER]
    assert sorted(states(radar(officer))) == sorted(
        [("due", due.pk), ("unknown", untold.pk), ("open", open_.pk), ("soon", coming.pk)]
    )
    for view in ("due", "unknown", "open", "soon"):
        assert {place for place, _pk in states(radar(officer, f"?view={view}"))} == {view}
    assert {p for p, _pk in states(radar(officer, "?step=warn"))} == {"due", "open", "soon"} - {"open"}
    page = radar(officer).content.decode()
    assert f"{THIS_YEAR - 2} 年是否招收还没有登记" in page
    assert len(sheet_of(Client_of(officer).get("/standing/export/"))) == 4


def Client_of(user):
    return Visitor(user).client


def test_the_radar_of_another_day_knows_no_more_than_that_day(city, people, due):
    officer = people[Role.BUREAU_HANDLER]
    assert states(radar(officer, f"?on={THIS_YEAR - 1}-12-31&view=all"))[0][0] == "soon"
    assert radar(officer, f"?on={THIS_YEAR - 1}-12-31").context["past"] == date(THIS_YEAR - 1, 12, 31)


@pytest.mark.parametrize(("who", "n"), [(Role.DISTRICT, 1), ("other_district", 0), (Role.AUDITOR, 1)])
def test_an_official_sees_the_stations_of_their_reach(who, n, city, people, due):
    assert len(states(radar(people[who]))) == n


def test_a_case_from_the_radar_to_the_report(city, people, due):
    visit = Visitor(people[Role.BUREAU_HANDLER]).go("/standing/")
    assert "去决定" in visit.page
    url = f"/stations/{due.matter.number}/clocks/idle/"
    bare = visit.client.post(url, {"action": "warn"})
    assert bare.status_code == 422
    assert visit.client.post(url, {"action": "warn", "warn-note": "请制定计划"}).status_code == 302
    case = StandingCase.objects.get()
    assert case.status == "warned"
    assert visit.client.get(f"{case.get_absolute_url()}letter/file/")["Content-Type"] == "application/pdf"
    unit = Visitor(people[Role.HANDLER])
    assert case.matter.number in unit.go("/desk/").page
    own = case.get_absolute_url()
    typed = {"remedy-text": "签约一名", "remedy-due_on": f"{THIS_YEAR + 1}-03-01"}
    assert unit.client.post(f"{own}remedies/", typed).status_code == 302
    remedy = case.remedies.get()
    assert unit.client.post(f"{own}remedies/{remedy.pk}/", {}).status_code == 422
    done = {f"done-{remedy.pk}-done_on": localdate().isoformat(), f"done-{remedy.pk}-result": "已签约"}
    bad = unit.client.post(
        f"{own}remedies/{remedy.pk}/", done | {f"done-{remedy.pk}-upload": make.upload("x.exe", b"MZ")}
    )
    assert bad.status_code == 422
    assert "已签约" in bad.content.decode()
    good = unit.client.post(f"{own}remedies/{remedy.pk}/", done | {f"done-{remedy.pk}-upload": make.upload()})
    assert good.status_code == 302
    assert Evidence.objects.filter(matter=case.matter, slot=f"remedy.{remedy.pk}").exists()


def test_the_district_s_opinion_is_not_shown_to_the_enterprise(city, people, due):
    case = begun(city, people, "warn", station=due, on=localdate())
    officer = Visitor(people[Role.DISTRICT])
    officer.client.post(f"{case.get_absolute_url()}opinion/", {"opinion-verdict": "no", "opinion-note": "再等等"})
    assert "再等等" in officer.go(case.get_absolute_url()).page
    assert "再等等" not in Visitor(people[Role.HANDLER]).go(case.get_absolute_url()).page


def test_what_is_not_due_leads_back_with_a_sentence(city, people):
    clock(city)
    row = idle(city, people, years=0, until=THIS_YEAR - 1)
    visit = Visitor(people[Role.BUREAU_HANDLER])
    answer = visit.client.get(f"/stations/{row.matter.number}/clocks/idle/", follow=True)
    assert "现在没有要处理的" in answer.content.decode()
    assert visit.client.get(f"/stations/{row.matter.number}/clocks/nothing/").status_code == 404


# --- years on the station's page ---------------------------------------------------------------


def test_a_year_is_told_by_the_enterprise_and_confirmed_by_the_district(city, people, due):
    unit, district = Visitor(people[Role.HANDLER]), Visitor(people[Role.DISTRICT])
    url = f"/stations/{due.matter.number}/rows/recruits/"
    Recruits.objects.filter(year=THIS_YEAR - 1).delete()
    assert f'value="{THIS_YEAR - 1}"' in unit.go(f"{url}?year={THIS_YEAR - 1}").page
    typed = {"year": str(THIS_YEAR - 1), "entered": "0", "source": "备案表"}
    assert unit.client.post(url, typed).status_code == 302
    row = Recruits.objects.get(year=THIS_YEAR - 1)
    assert (row.counted_on, row.whole, row.confirmed_on) == (date(THIS_YEAR - 1, 12, 31), True, None)
    assert "未核实" in unit.go(due.get_absolute_url()).page
    assert unit.client.post(f"/stations/{due.matter.number}/recruits/{row.pk}/confirm/").status_code == 403
    assert district.client.post(f"/stations/{due.matter.number}/recruits/{row.pk}/confirm/").status_code == 302
    row.refresh_from_db()
    assert row.confirmed_by == people[Role.DISTRICT]


@pytest.mark.parametrize(
    "typed",
    [
        {"year": str(THIS_YEAR + 1), "entered": "1", "source": "x"},
        {"year": "1990", "entered": "1", "source": "x"},
        {"year": "abc", "entered": "1", "source": "x"},
        {"year": str(THIS_YEAR), "entered": "-1", "source": "x"},
        {"year": str(THIS_YEAR), "entered": "", "source": "x"},
        {"year": str(THIS_YEAR), "entered": "99999999", "source": "x"},
        {"year": str(THIS_YEAR), "entered": "1", "source": ""},
        {"year": str(THIS_YEAR), "entered": "0", "last_on": f"{THIS_YEAR}-01-02", "source": "x"},
        {"year": str(THIS_YEAR - 1), "entered": "1", "source": "x"},
    ],
    ids=["next year", "before", "no year", "negative", "empty", "too many", "no source", "a day of nobody", "twice"],
)
def test_bad_input_is_told_and_kept(typed, city, people, due):
    url = f"/stations/{due.matter.number}/rows/recruits/"
    before = Recruits.objects.count()
    answer = Visitor(people[Role.HANDLER]).client.post(url, typed)
    assert answer.status_code == 422
    assert Recruits.objects.count() == before


# --- workbooks ---------------------------------------------------------------------------------

HEAD = ["工作站编号", "年份", "备案进站人数", "最近一次备案进站", "年末在站人数", "依据"]


def years(station, **values) -> bytes:
    row = {"工作站编号": station.matter.number, "年份": "2024", "备案进站人数": "2", "依据": "备案表"} | values
    return book([row], HEAD)


@pytest.fixture
def old(city, people):
    return make.station(city, people[Role.BUREAU_APPROVER], owner=city.enterprise, approved_on=date(2022, 5, 1))


def test_years_come_in_change_and_go_again(city, people, old):
    officer = people[Role.DISTRICT]
    batch = write(hand_in(officer, years(old), "recruits"))
    row = Recruits.objects.get()
    assert (row.year, row.entered, row.whole, row.confirmed_by) == (2024, 2, True, officer)
    changed = write(hand_in(officer, years(old, 备案进站人数="0"), "recruits"))
    row.refresh_from_db()
    assert row.entered == 0
    undo(changed)
    row.refresh_from_db()
    assert row.entered == 2
    undo(batch)
    assert not Recruits.objects.exists()


@pytest.mark.parametrize(
    ("values", "column", "told"),
    [
        ({"工作站编号": "TE-WS-2000-0009"}, "station", "没有编号"),
        ({"年份": "2021"}, "year", "才批准"),
        ({"年份": "2999"}, "year", "还没有到"),
        ({"年份": "去年"}, "year", "整数"),
        ({"备案进站人数": ""}, "entered", "必填"),
        ({"备案进站人数": "-2"}, "entered", "0"),
        ({"最近一次备案进站": "2023-02-02"}, "last_on", "2024 年之内"),
        ({"备案进站人数": "0", "最近一次备案进站": "2024-02-02"}, "last_on", "没有招收的年份"),
        ({"依据": ""}, "source", "必填"),
    ],
)
def test_a_wrong_year_is_told(values, column, told, city, people, old):
    line = only(hand_in(people[Role.DISTRICT], years(old, **values), "recruits"))
    assert told in line.problems[column]


def test_a_foreign_station_is_not_there(people, old):
    line = only(hand_in(people["other_district"], years(old), "recruits"))
    assert "没有编号" in line.problems["station"]


# --- what a pack may say -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"starts": "nothing"}, "没有名为 nothing 的日期事实"),
        ({"starts": "kind"}, "不是日期"),
        ({"starts": 7}, "没有名为 7"),
        ({"starts": {"calendar": "idle_since"}}, "要写 setting"),
        ({"setting": "A32"}, "要写 setting"),
        ({"starts": {"calendar": "idle_since"}, "setting": "A99"}, "没有名为 A99 的单选参数"),
        ({"starts": {"calendar": "idle_since"}, "setting": "A32"}, "选项应与 A32 的一样"),
    ],
    ids=["unknown", "no date", "no name", "no setting", "setting alone", "no such setting", "other options"],
)
def test_a_wrong_clock_is_told(values, told, city):
    options = {"calendar": "自然年", "rolling": "滚动年"}
    Setting.objects.create(
        pack=city.pack, code="A32", title="x", why="x", kind="choice", options=options, value="calendar"
    )
    row = clock(city)
    for name, value in values.items():
        setattr(row, name, value)
    assert told in " ".join(standing_pack.check_clock(row))


def test_steps_come_one_after_the_other(city):
    row = clock(city)
    assert list(standing_pack.check_steps(row)) == []
    row.steps.filter(kind="warn").update(months=60)
    row.criteria.all().delete()
    told = " ".join(standing_pack.check_steps(row))
    assert "先后到期" in told
    assert "缺少 criteria" in told
    row.steps.all().delete()
    assert "缺少 steps" in " ".join(standing_pack.check_steps(row))


def test_a_step_s_setting_is_a_number_of_the_city(city):
    step = clock(city).steps.get(kind="warn")
    assert list(standing_pack.check_step(step)) == []
    step.setting = "A32.years"
    assert "没有名为 A32.years 的整数参数" in " ".join(standing_pack.check_step(step))


def test_a_criterion_speaks_of_facts(city):
    row = clock(city).criteria.get()
    assert list(standing_pack.check_criterion(row)) == []
    row.fact = "nothing"
    assert "没有名为 nothing 的事实" in " ".join(standing_pack.check_criterion(row))


def test_a_version_that_a_case_rests_on_is_kept(city, people):
    case = begun(city, people)
    row = case.clock
    assert list(standing_pack.check_unused(row)) == []
    row.until = date(2027, 1, 1)
    assert list(standing_pack.check_unused(row)) == []
    row.remedy = "别的"
    assert "不能改" in next(standing_pack.check_unused(row))


def test_two_versions_do_not_overlap(city):
    row = clock(city)
    assert list(standing_pack.check_overlap(city.pack)) == []
    clock(city, since=date(2026, 1, 1))
    assert "两版不能同时执行" in next(standing_pack.check_overlap(city.pack))
    row.until = date(2026, 1, 1)
    row.save()
    assert list(standing_pack.check_overlap(city.pack)) == []


def test_every_opening_step_stands_for_one_of_the_clock():
    assert {standing.rank_of(action) for action in standing.OPENING} == {1, 2}
