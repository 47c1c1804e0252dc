"""Selections: who may be on a list, and hand-made histories of what is counted."""

from datetime import date

import pytest

from portal.lifecycle import Refused
from portal.models import Role
from postdocs import told
from postdocs.models import Selection, Stay
from tests import make
from tests.postdocs import rostering, staying
from tests.postdocs.test_rosters import Counting, entered
from tests.reading import Visitor


@pytest.fixture
def officer(people):
    return people[Role.DISTRICT]


@pytest.fixture
def counting(city):
    return lambda *args, **settings: Counting(city, *args, **settings)


def test_outstanding_postdocs_of_all_years_each_once(city, people, officer, counting):
    plan, other = rostering.programme(city, "excellent"), rostering.programme(city, "upper")
    count = counting("kunshan", "KS-ZY")
    first = entered(city, people, date(2024, 1, 10))
    second = entered(city, people, date(2025, 1, 10), at=first.station)
    rostering.selection(first, officer, plan, listed_on=date(2024, 12, 31), year=2024)
    rostering.selection(first, officer, plan, listed_on=date(2026, 3, 1))  # once more
    rostering.selection(second, officer, plan, listed_on=date(2026, 5, 1))
    rostering.selection(second, officer, other)
    rostering.selection(second, people[Role.HANDLER], plan, year=2025)  # nobody has confirmed it
    assert [count.on(2024, 12, 30), count.on(2024, 12, 31), count.on(2026, 5, 1)] == [0, 1, 2]
    Stay.objects.filter(pk=second.pk).update(
        status="withdrawn", ended_on=date(2026, 9, 1), withdrawn_on=date(2026, 9, 1), withdrawal_ground="11"
    )
    assert (count.on(2026, 8, 31), count.on(2026, 9, 1)) == (2, 1)
    within = counting("kunshan", "KS-SJ")
    assert (within.on(2025, 12, 31), within.on(2026, 3, 1)) == (0, 1)


def test_outstanding_postdocs_within_the_plan_where_the_city_says_so(city, people, officer, counting):
    plan, stay = rostering.programme(city, "excellent"), entered(city, people, date(2024, 1, 10))
    rostering.selection(stay, officer, plan, listed_on=date(2024, 12, 31))
    assert counting("kunshan", "KS-ZY", A4="2025-01-01").on(2026, 12, 31) == 0


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ({"level": "national", "kind": "fund"}, 1),
        ({"level": "provincial"}, 1),
        ({"level": "municipal"}, 0),
        ({"level": "national", "kind": "contest"}, 0),
    ],
)
def test_upper_programmes_are_plans_and_funds_of_province_and_nation(values, wanted, city, people, officer, counting):
    stay = entered(city, people, date(2026, 1, 20))
    rostering.selection(stay, officer, rostering.programme(city, "x", **values), project="项目")
    assert counting("kunshan", "KS-SJ").on(2026, 12, 31) == wanted


def test_a_project_on_two_roadshows_counts_once_and_a_revoked_one_no_longer(city, people, officer, counting):
    show, station = rostering.programme(city, "show", kind="roadshow"), staying.station(city, people)
    later = rostering.programme(city, "later", kind="roadshow")
    rostering.selection(station, officer, show, project="机器人")
    rostering.selection(station, officer, later, project="机器人", listed_on=date(2026, 8, 1))
    rostering.selection(station, officer, show, project="视觉", revoked_on=date(2026, 10, 1))
    rostering.selection(station, officer, show, project="旧", listed_on=date(2024, 12, 31), year=2024)
    rostering.selection(station, officer, rostering.programme(city, "cup", kind="contest"), project="赛")
    count = counting("kunshan", "KS-LY")
    assert [count.on(2026, 6, 9), count.on(2026, 6, 10), count.on(2026, 9, 30), count.on(2026, 10, 1)] == [0, 2, 2, 1]


def test_one_person_is_on_a_list_once_a_year(city, people, officer):
    plan, stay = rostering.programme(city), entered(city, people, date(2026, 1, 20))
    rostering.selection(stay, officer, plan)
    with pytest.raises(Refused, match="已登记过"):
        rostering.selection(stay, officer, plan)


FORM = {"year": "2026", "document": "苏人社〔2026〕1号"}


@pytest.mark.parametrize(("listed_on", "status"), [("2026-05-19", 422), ("2026-05-20", 302)])
def test_whoever_wasn_t_in_station_that_day_wasn_t_selected_here(listed_on, status, city, people):
    plan, stay = rostering.programme(city), staying.brought_to("here", city, people)
    sent = FORM | {"programme": plan.pk, "stay": stay.pk, "listed_on": listed_on}
    answer = Visitor(people[Role.HANDLER]).client.post("/selections/new/", sent)
    assert (answer.status_code, Selection.objects.exists()) == (status, status == 302)


def test_plans_name_persons_and_roadshows_projects(city, people):
    plan, show, station = (
        rostering.programme(city),
        rostering.programme(city, "s", kind="roadshow"),
        staying.station(city, people),
    )
    client = Visitor(people[Role.HANDLER]).client
    sent = FORM | {"station": station.pk, "listed_on": "2026-05-19"}
    for programme, part in ((plan, "请写明博士后"), (show, "请写项目名称")):
        answer = client.post("/selections/new/", sent | {"programme": programme.pk})
        assert (answer.status_code, part in answer.content.decode()) == (422, True)
    assert client.post("/selections/new/", sent | {"programme": show.pk, "project": "机器人"}).status_code == 302


def test_an_official_names_the_postdoc_by_number_within_their_district(city, people):
    plan, stay = rostering.programme(city), staying.brought_to("here", city, people)
    sent = FORM | {"programme": plan.pk, "stay": stay.matter.number, "listed_on": "2026-06-01"}
    assert Visitor(people["other_district"]).client.post("/selections/new/", sent).status_code == 422
    assert Visitor(people[Role.DISTRICT]).client.post("/selections/new/", sent).status_code == 302
    assert Selection.objects.get().confirmed_by == people[Role.DISTRICT]


def test_the_stay_s_page_lists_what_selected_the_postdoc(city, people, officer):
    stay = staying.brought_to("here", city, people)
    row = rostering.selection(stay, people[Role.HANDLER], rostering.programme(city, name="卓越计划"), rank="一等")
    page = Visitor(people[Role.HANDLER]).client.get(f"/postdocs/{stay.matter.number}/").content.decode()
    assert "卓越计划" in page
    assert "一等" in page
    told.confirm(row, by=officer, on=make.ON)
    assert set(Selection.objects.visible_to(people["other_unit"])) == set()
