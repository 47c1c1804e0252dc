"""A main station with its branches on a day and what the rule would bring; studios abroad; the holes of the map."""

import io
from datetime import date, timedelta

import pytest
from django.utils.timezone import localdate
from python_calamine import CalamineWorkbook

from portal.models import Role, Setting
from stations.chains.coverage import coverage, to_fill
from stations.ledger import branches
from stations.ledger import rows as ledger
from stations.models import Enterprise, IndustryChain, MainStation, Match, OverseasStudio, StationKind
from tests import make
from tests.reading import Visitor

ON = make.ON
A_DAY = timedelta(1)


@pytest.fixture
def chief(people):
    return people[Role.BUREAU_APPROVER]


@pytest.fixture
def main(city, chief):
    return make.station(city, chief, kind=StationKind.REGIONAL, approved_on=date(2023, 1, 1))


@pytest.fixture
def branch(city, chief, main):
    """A branch of the city's enterprise, which has belonged to the main station since 2024."""
    row = make.station(city, chief, owner=city.enterprise, kind=StationKind.BRANCH, approved_on=date(2024, 1, 1))
    MainStation.objects.create(station=row, main=main, since=date(2024, 1, 1), document="测1号")
    return row


def rule(city, value):
    return Setting.objects.create(
        pack=city.pack,
        code=branches.RULE,
        title="x",
        why="因为",
        kind="integer",
        unit="元",
        value=value,
        clause=city.clause,
    )


def rows_of(answer) -> list[list]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    return book.get_sheet_by_index(0).to_python(skip_empty_area=False)[4:]


# --- branches ----------------------------------------------------------------------------------


def test_people_count_while_the_branch_belongs_to_the_main_station(city, people, chief, main, branch):
    wanted = make.demand(city, people, people=3)
    Match.objects.filter(pk=make.match(city, people, status="entered", wanted=wanted).pk).update(people=2)
    rule(city, 30_000)
    found = branches.branches(main, chief, ON)
    assert (found.here, found.people, found.each, found.due) == (1, 2, 30_000, 60_000)
    assert branches.branches(main, chief, ON - A_DAY).people == 0
    MainStation.objects.update(until=ON)
    gone = branches.branches(main, chief, ON)
    assert (gone.here, len(gone.rows), gone.people) == (0, 1, 0)
    assert branches.branches(main, chief, date(2023, 6, 1)).rows == []


def test_a_demand_of_another_station_of_the_same_enterprise_does_not_count(city, people, chief, main, branch):
    other = make.station(city, chief, owner=city.enterprise, approved_on=date(2024, 1, 1))
    make.match(city, people, status="entered", wanted=make.demand(city, people, station=other))
    assert branches.branches(main, chief, ON).people == 0
    make.match(city, people, status="entered", wanted=make.demand(city, people, station=branch))
    assert branches.branches(main, chief, ON).people == 1


@pytest.mark.parametrize(("value", "told"), [(None, "市局还没有定"), ("no rule", "没有写总站")])
def test_without_a_rule_nothing_is_due_rather_than_nought(value, told, city, chief, main, branch):
    if value is None:
        rule(city, None)
    assert branches.branches(main, chief, ON).due is None
    assert told in Visitor(chief).go(f"{main.get_absolute_url()}branches/").text


def test_the_page_and_its_workbook(city, people, chief, main, branch):
    make.match(city, people, status="entered")
    rule(city, 30_000)
    page = Visitor(chief).go(main.get_absolute_url())
    assert f"{main.get_absolute_url()}branches/" in page.page
    page.go(f"{main.get_absolute_url()}branches/")
    assert "经分站引进 1 名博士后，每名 3 万元，应有 3 万元。" in page.text
    assert "因为" in page.text
    assert [row[5:8] for row in rows_of(page.client.get(f"{main.get_absolute_url()}branches/export/"))] == [
        ["测1号", 1.0, 30000.0]
    ]
    before = page.go(f"{main.get_absolute_url()}branches/?on=2023-06-01")
    assert "这一天还没有分站" in before.text
    assert page.client.get(f"{main.get_absolute_url()}branches/?on=2999-01-01").status_code == 422


def test_the_park_reads_the_names_of_its_branches_and_opens_none(city, chief, main, branch):
    own = make.user(Role.HANDLER, organisation=main.enterprise.organisation)
    page = Visitor(own).go(f"{main.get_absolute_url()}branches/")
    assert str(branch.enterprise) in page.text
    assert branch.get_absolute_url() not in page.page


def test_overlapping_main_stations_are_told_in_a_sentence_and_nothing_is_lost(city, chief, main, branch):
    other = make.station(city, chief, kind=StationKind.REGIONAL, approved_on=date(2023, 1, 1))
    page = Visitor(chief).go(f"{branch.get_absolute_url()}rows/main/")
    page.press("保存", main=str(other.pk), since="2025-01-01", document="测2号")
    assert page.status == 422
    assert "两个总站不能重叠" in page.text
    assert "测2号" in page.page
    assert MainStation.objects.count() == 1


# --- studios abroad ----------------------------------------------------------------------------

STUDIO = {"country": "德国", "city": "亚琛", "host": "应用研究所", "since": "2025-03-01"}


def studio(station, **values):
    given = {"country": "德国", "host": "应用研究所", "since": date(2025, 3, 1)}
    return OverseasStudio.objects.create(station=station, **(given | values))


def test_the_handler_keeps_the_studios_of_a_station(city, people, branch):
    page = Visitor(people[Role.HANDLER]).go(f"{branch.get_absolute_url()}rows/studio/").press("保存", **STUDIO)
    row = OverseasStudio.objects.get()
    assert (page.told, row.postdocs, row.station) == (["已保存：海外博士后工作室。"], None, branch)
    assert "应用研究所" in page.text
    page.go(f"{branch.get_absolute_url()}rows/studio/").press("保存", **STUDIO)
    assert (page.status, "已经登记" in page.text) == (422, True)
    assert ledger.KINDS["studio"].may(people[Role.BUREAU_HANDLER], branch) is False


def test_the_station_of_an_earlier_day_does_not_know_later_studios(people, chief, branch):
    studio(branch)
    page = Visitor(chief)
    assert "应用研究所" in page.go(branch.get_absolute_url()).text
    assert "应用研究所" not in page.go(f"{branch.get_absolute_url()}?on=2025-02-28").text


def test_the_list_counts_those_of_today_that_one_may_see(city, people, chief, branch):
    studio(branch, postdocs=2)
    studio(branch, host="旧研究所", until=date(2025, 12, 31))
    studio(make.station(city, chief, district=city.south), country="日本", host="材料中心")
    lists = {}
    for who in (Role.HANDLER, Role.DISTRICT, "other_district", Role.AUDITOR, "other_unit"):
        lists[who] = [s.host for s, _last in Visitor(people[who]).go("/studios/").answer.context["rows"]]
    assert lists == {
        Role.HANDLER: ["应用研究所"],
        Role.DISTRICT: ["应用研究所"],
        "other_district": ["材料中心"],
        Role.AUDITOR: ["应用研究所", "材料中心"],
        "other_unit": [],
    }
    page = Visitor(people[Role.AUDITOR])
    assert page.go("/stations/").text.count("海外工作室 1 个") == 2
    assert "海外工作室 1 个" not in page.go("/stations/?on=2025-02-28").text
    assert "登记博士后 2 名" in page.go("/studios/").text
    assert len(rows_of(page.client.get("/studios/export/?state=all"))) == 3
    assert len(rows_of(page.client.get("/studios/export/?q=日本"))) == 1


def test_a_wrong_studio_is_told(people, branch):
    page = Visitor(people[Role.HANDLER]).go(f"{branch.get_absolute_url()}rows/studio/")
    page.press("保存", **(STUDIO | {"postdocs": "两", "since": "2023-01-01"}))
    assert (page.status, "应用研究所" in page.page) == (422, True)


# --- the holes of the map ----------------------------------------------------------------------


def chain(city, code, order):
    return IndustryChain.objects.create(pack=city.pack, code=code, name=code, order=order)


def test_a_hole_leads_to_the_case_that_is_nearest_to_a_station(city, people, chief):
    make.station(city, chief, chain=city.chain)
    chain(city, "nothing", 1)
    pool, coming = chain(city, "pool", 2), chain(city, "coming", 3)
    for row, at in ((pool, "growing"), (coming, "bureau")):
        here, them = make.people_of(city, make.enterprise(city.north, chain=row), people)
        if at == "growing":
            make.pool_entry("growing", here, them)
        else:
            make.brought_to("bureau", here, them)
    found = coverage(city.pack, city.root, people[Role.BUREAU_HANDLER], localdate(), whole=True)
    holes = to_fill(found, proposes=True)
    assert [(h.label, h.state, h.step) for h in holes] == [
        ("nothing", "储备库里也没有", "推荐企业入库"),
        ("pool", "储备库里 1 家一年内可以申报", "看培育方案"),
        ("coming", "1 家已推荐待批复", "盯住批复"),
    ]
    assert holes[0].url == "/pool/new/"
    page = Visitor(people[Role.BUREAU_HANDLER])
    for hole in to_fill(found, proposes=False)[1:]:
        assert page.go(hole.url).answer.context["page"].paginator.count == 1


def test_the_whole_map_has_the_pool_before_and_the_demands_after(city, people):
    Enterprise.objects.filter(pk=city.enterprise.pk).update(chain=city.chain)
    make.pool_entry("admitted", city, people, source="district")
    make.demand(city, people, chain=city.chain)
    found = coverage(city.pack, city.root, people[Role.AUDITOR], localdate(), whole=True)
    told = {str(row["label"]): row["total"] for row in found.rows}
    assert list(told)[:5] == ["储备库 C 苗子", "储备库 B 一年内", "储备库 A 可申报", "储备库已申报", "已推荐待批复"]
    assert (told["储备库 B 一年内"], told["在找人的需求"]) == (1, 1)


# --- partner universities ----------------------------------------------------------------------


def test_the_universities_that_signed_are_counted_once_and_listed(city, people):
    university = make.university(city)
    for code in ("0811", "0812"):
        make.match(city, people, status="signed", flow_=make.flow(city, owner=university, discipline=code))
    make.match(city, people, flow_=make.flow(city))
    page = Visitor(people[Role.BUREAU_HANDLER]).go("/universities/")
    assert page.answer.context["partners"] == 1
    page.go("/universities/?signed=true")
    assert [u.pk for u in page.answer.context["page"]] == [university.pk]
