"""The portrait of a station: what others have is told by medians alone, what isn't known is no nought, every day is listed."""

import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook

from portal.models import Role
from stations.ledger import rows as ledger
from stations.models import Certificate, Enterprise, Partner, SalaryPromise, Sheet, Station, StationKind, Supervisor
from stations.portrait import comparison, diagnosis, upcoming
from stations.register import facts
from tests import make
from tests.reading import Visitor
from tests.stations import evaluating

ON = make.ON
YEAR = timedelta(365)


@pytest.fixture
def chief(people):
    return people[Role.BUREAU_APPROVER]


@pytest.fixture
def station(city, chief):
    return make.station(city, chief, owner=city.enterprise, approved_on=date(2020, 1, 2))


def others(city, chief, staff, *, district=None, kind=StationKind.NATIONAL):
    return [make.station(city, chief, staff=n, rd_staff=0, senior_staff=0, district=district, kind=kind) for n in staff]


def strip(station, user, name="enterprise_staff", on=ON):
    return next(s for s in comparison.compared(station, user, on) if s.figure.fact == name)


# --- figures beside others ---------------------------------------------------------------------


def test_a_figure_stands_among_the_stations_of_its_kind_and_of_the_city(city, people, chief, station):
    others(city, chief, [100, 150, 250, 300, 400])
    others(city, chief, [1000], kind=StationKind.BASE_CITY)
    found = strip(station, chief)
    assert (found.value, found.alike.of, found.alike.known, found.city.of) == (200, 6, 6, 7)
    assert (found.alike.low, found.alike.middle, found.alike.high) == (Decimal("162.5"), 225, Decimal("287.5"))
    assert found.alike.place(found.value) == "低于中位数"
    places = [found.alike.place(Decimal(n)) for n in (100, 225, 260, 300)]
    assert places == ["最低的四分之一", "与中位数相同", "高于中位数", "最高的四分之一"]
    assert len(found.dots) == 5


@pytest.mark.parametrize(("n", "told"), [(4, False), (5, True)])
def test_a_small_group_does_not_tell_what_the_others_have(n, told, city, people, chief, station):
    others(city, chief, range(100, 100 + n))
    found = strip(station, people[Role.HANDLER])
    assert (found.alike.middle is not None) is told
    assert found.dots == []  # single stations are for who may see them
    assert (found.alike.place(found.value) != "") is told


def test_several_stations_of_one_enterprise_are_one_other(city, people, chief, station):
    rival = make.enterprise(city.south)
    for _n in range(6):
        make.station(city, chief, owner=rival, kind=StationKind.OVERSEAS)
    own = make.station(city, chief, owner=city.enterprise, kind=StationKind.OVERSEAS)
    assert strip(own, chief).alike.middle is None


def test_an_officer_sees_the_single_stations_of_the_own_district_only(city, people, chief, station):
    others(city, chief, [100, 120])
    others(city, chief, [300], district=city.south)
    assert len(strip(station, people[Role.DISTRICT]).dots) == 2
    assert len(strip(station, people[Role.AUDITOR]).dots) == 3


def test_what_nobody_has_said_is_unknown_and_not_counted(city, people, chief, station):
    other = others(city, chief, [100])[0]
    Enterprise.objects.filter(pk=city.enterprise.pk).update(doctors=None)
    Supervisor.objects.create(station=other, name="x", title="x", field="x", since=date(2026, 6, 1), until=ON + YEAR)
    doctors, people_ = strip(station, chief, "enterprise_doctors"), strip(station, chief, "supervisors")
    assert (doctors.value, doctors.said) == (None, "未知")
    assert (people_.value, people_.alike.known, people_.alike.of) == (None, 1, 2)
    own = Supervisor.objects.create(station=station, name="x", title="x", field="x", since=date(2024, 1, 1))
    assert strip(station, chief, "supervisors").value == 1
    Supervisor.objects.filter(pk=own.pk).update(until=date(2025, 1, 1))
    assert strip(station, chief, "supervisors").value == 0  # they are gone: now it is nought


def test_a_station_of_another_city_is_not_compared(city, people, chief, station):
    there = make.city("othercity")
    others(there, make.people(there)[Role.BUREAU_APPROVER], range(100, 110))
    assert strip(station, chief).city.of == 1


def told(station, on):
    names = [
        "supervisors",
        "supervisors_told",
        "partners",
        "partners_told",
        "demands_year",
        "matches",
        "salary_promise",
    ]
    (row,) = facts.station.table(Station.objects.filter(pk=station.pk), names, on=on)
    return [row[f"fact_{name}"] for name in names]


def test_the_facts_of_a_day_do_not_change_with_what_comes_after(city, people, station):
    Supervisor.objects.create(station=station, name="x", title="x", field="x", since=ON)
    Partner.objects.create(station=station, university="x", flow_station="x", since=ON)
    SalaryPromise.objects.create(station=station, amount=200_000, since=ON)
    make.match(city, people, status="signed")
    before = told(station, ON)
    assert before == [1, 1, 1, 1, 1, 1, Decimal(200_000)]
    assert told(station, ON - timedelta(1)) == [0, 0, 0, 0, 0, 0, None]
    later = ON + timedelta(1)
    Supervisor.objects.create(station=station, name="y", title="x", field="x", since=later)
    Supervisor.objects.filter(name="x").update(until=later)
    Partner.objects.update(until=later)
    SalaryPromise.objects.update(until=later)
    SalaryPromise.objects.create(station=station, amount=300_000, since=later)
    assert told(station, ON) == before
    assert told(station, later) == [1, 2, 0, 1, 1, 1, Decimal(300_000)]
    assert told(station, ON + YEAR)[4:6] == [0, 1]


# --- what keeps it from the first grade --------------------------------------------------------


def found(station, on=ON):
    (one,) = diagnosis.diagnosed(station, on)
    return one


def test_the_scheme_is_held_against_the_records_of_today(city, people, station):
    evaluating.scheme(city)
    one = found(station)
    assert (one.takes_part, one.now, one.judged, one.unknown, one.improvable) == (True, 15, 30, 40, 15)
    assert one.missing == 70
    assert "差 70 分；评审给满也还差 40 分" in one.answer
    assert {p.item.code: p.advice for p in one.points} == {
        "recruits": "先填上数：不少于 1 人 得 10 分",
        "staff": "再加 100 人，到 300 得 30 分",
        "rules": "由评审打分",
    }
    assert [p.item.code for p in one.to_do] == ["recruits", "staff"]


def test_what_the_records_do_not_know_is_taken_from_the_last_sheet(city, people, station):
    round_ = evaluating.started(city, people)
    sheet = Sheet.objects.get(evaluation=round_)
    evaluating.filled(sheet, people[Role.HANDLER], 2)
    one = found(station)
    assert (one.now, one.unknown) == (40, 0)
    recruits = next(p for p in one.points if p.item.code == "recruits")
    assert (recruits.source, recruits.advice) == ("按2026年度评估", "再加 2 人，到 4 得 40 分")


def test_marks_are_told_only_once_they_are_published(city, people, station):
    round_ = evaluating.started(city, people)
    evaluating.brought(Sheet.objects.get(evaluation=round_), "scored", people, recruits=4, rules=25)
    assert next(p for p in found(station).points if p.item.judged).advice == "由评审打分"
    evaluating.published(round_, people)
    Enterprise.objects.filter(pk=city.enterprise.pk).update(staff=300)
    one = found(station)
    assert next(p for p in one.points if p.item.judged).advice == "由评审打分，上次得 25 分"
    assert (one.now, one.answer) == (70, "今天有 70 分，离“优秀”的 85 分线差 15 分；评审的 30 分里要得到这些。")


def test_a_station_that_does_not_take_part_is_told_why(city, people, chief):
    evaluating.scheme(city)
    young = make.station(city, chief, owner=city.enterprise, approved_on=date(2026, 3, 1))
    one = found(young)
    assert (one.takes_part, one.points) == (False, [])
    assert "设站满几年：0 年，应不少于 1 年" in one.findings[0].text


def test_points_come_from_the_same_hand_as_on_a_sheet(city, people, station):
    """At each side of a band the portrait says what a sheet would."""
    evaluating.scheme(city)
    for staff, points in ((99, 0), (100, 15), (299, 15), (300, 30)):
        Enterprise.objects.filter(pk=city.enterprise.pk).update(staff=staff, rd_staff=0, senior_staff=0)
        assert next(p for p in found(station).points if p.item.code == "staff").now.points == points


# --- what is due -------------------------------------------------------------------------------


def test_everything_with_a_day_is_in_one_list(city, people, station):
    today = ON
    Certificate.objects.create(enterprise=city.enterprise, tag="high_tech", number="GR1", since=ON - YEAR, until=ON)
    Certificate.objects.create(
        enterprise=city.enterprise, tag="special", number="Z1", since=ON - YEAR, until=ON + timedelta(40)
    )
    Certificate.objects.create(enterprise=city.enterprise, tag="special", number="Z2", since=ON + timedelta(40))
    Partner.objects.create(
        station=station, university="甲大学", flow_station="控制", since=ON - YEAR, until=ON + timedelta(20)
    )
    make.pool_entry("growing", city, people)
    make.demand(city, people, deadline=ON + timedelta(60))
    make.brought_to("district", city, people, kind=city.own)
    due = upcoming.upcoming(station, people[Role.HANDLER], today)
    assert [(d.kind, d.left(today)) for d in due] == [
        ("资质证书", -1),
        ("设站申报 · 待区镇审核", 7),
        ("合作流动站", 19),
        ("培育措施", 30),
        ("需求", 60),
    ]
    page = Visitor(people[Role.HANDLER]).go(f"{station.get_absolute_url()}portrait/")
    assert ("已过" in page.text, str(due[0].on) in page.text) == (True, True)
    for one in due:
        page.go(one.url)
        assert page.answer.status_code == 200


def test_the_next_round_is_expected_a_cycle_after_the_last(city, people, station):
    round_ = evaluating.started(city, people, by_scheme=evaluating.scheme(city, cycle_years=2))
    evaluating.brought(Sheet.objects.get(evaluation=round_), "scored", people)
    evaluating.published(round_, people)
    (one,) = (d for d in upcoming.upcoming(station, people[Role.HANDLER], ON) if d.expected)
    assert one.on == date(2028, 6, 1)


def test_a_foreign_matter_is_not_in_the_list(city, people, station):
    make.pool_entry("growing", city, people)
    assert upcoming.upcoming(station, people["other_unit"], ON) == []


# --- the page ----------------------------------------------------------------------------------


def test_the_page_and_its_workbooks(city, people, chief, station):
    evaluating.scheme(city)
    others(city, chief, [100, 150, 250, 300, 400])
    ledger.keep(
        ledger.KINDS["salary"], SalaryPromise(station=station, amount=Decimal(240_000), since=ON), by=chief, on=ON
    )
    page = Visitor(people[Role.CERTIFIER]).go(f"{station.get_absolute_url()}portrait/")
    assert page.answer.status_code == 200
    assert "24 万元" in page.text
    sizes = {}
    for part in ("figures", "lines", "dates"):
        answer = page.client.get(f"{station.get_absolute_url()}portrait/{part}/")
        book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
        sizes[part] = len(book.get_sheet_by_index(0).to_python(skip_empty_area=False)[4:])
    assert sizes == {"figures": len(comparison.FIGURES), "lines": 3, "dates": 0}
    assert page.client.get(f"{station.get_absolute_url()}portrait/nothing/").status_code == 404


def test_a_station_that_ended_has_no_portrait(city, people, chief, station):
    from tests.stations.test_register import cancel

    cancel(station, chief, on=ON)
    answer = Visitor(chief).client.get(f"{station.get_absolute_url()}portrait/")
    assert (answer.status_code, answer.headers["Location"]) == (302, station.get_absolute_url())
    assert Visitor(chief).client.get(f"{station.get_absolute_url()}portrait/dates/").status_code == 404
