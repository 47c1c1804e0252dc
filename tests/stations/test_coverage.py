"""Chains × kinds of stations with their holes, and the telephone book."""

import io

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate
from python_calamine import CalamineWorkbook

from portal import packs
from portal.models import Organisation, Role
from stations.chains.coverage import coverage
from stations.models import Enterprise, IndustryChain, StationKind
from tests import make
from tests.reading import Visitor
from tests.stations.test_register import cancel
from tests.test_routes import ROUTES

ON = make.ON


@pytest.fixture
def stations(city, people):
    """Two stations of the chain in the north, one cancelled, one without a chain; a case of the chain at the bureau."""
    chief = people[Role.BUREAU_APPROVER]
    IndustryChain.objects.create(pack=city.pack, code="low", name="低空经济", order=1)
    make.station(city, chief, chain=city.chain)
    make.station(city, chief, chain=city.chain, kind=StationKind.BASE_PROVINCIAL)
    cancel(make.station(city, chief, chain=city.chain), chief, on=ON)
    make.station(city, chief, district=city.south)
    Enterprise.objects.filter(pk=city.enterprise.pk).update(chain=city.chain)
    return make.brought_to("bureau", city, people)


def told(found):
    return {str(row["label"]): [cell["value"] for cell in row["cells"]] for row in found.rows}


def test_what_each_chain_has_and_what_is_on_its_way(city, people, stations):
    found = coverage(city.pack, city.root, people[Role.AUDITOR], localdate())
    assert told(found) == {
        "已推荐待批复": [1, 0],
        "国家级博士后科研工作站": [1, 0],
        "省级博士后创新实践基地": [1, 0],
        "市级博士后科研工作站（基地）": [0, 0],
    }
    assert (found.holes, found.covered, found.unsorted) == (["低空经济"], 1, 1)
    assert [[cell["hole"] for cell in row["cells"]] for row in found.rows] == [[False, False]] + [[False, True]] * 3
    assert [row["total"] for row in found.rows] == [1, 1, 1, 0]


def test_an_officer_sees_the_own_district(city, people, stations):
    page = Visitor(people["other_district"]).go("/coverage/")
    found = page.answer.context["coverage"]
    assert (page.answer.context["place"], found.unsorted) == (city.south, 1)
    assert sum(row["total"] for row in found.rows) == 0


def test_every_cell_opens_the_rows_it_counts(city, people, stations):
    visitor = Visitor(people[Role.BUREAU_HANDLER]).go("/coverage/")
    for row in visitor.answer.context["coverage"].rows:
        for cell in row["cells"]:
            assert cell["url"].replace("&", "&amp;") in visitor.page
            assert (
                Visitor(people[Role.BUREAU_HANDLER]).go(cell["url"]).answer.context["page"].paginator.count
                == (cell["value"])
            ), cell["url"]


def test_the_workbook_is_the_map(city, people, stations):
    answer = Visitor(people[Role.BUREAU_HANDLER]).client.get("/coverage/export/")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert sheet[3] == ["阶段", "机器人", "低空经济", "合计"]
    assert ["已推荐待批复", 1, 0, 1] in sheet
    assert len(sheet) == 13


def test_a_city_without_chains_says_so(city, people):
    IndustryChain.objects.all().delete()
    assert "还没有录入产业链" in Visitor(people[Role.BUREAU_HANDLER]).go("/coverage/").text


# --- telephones --------------------------------------------------------------------------------


def test_the_offices_of_every_level_with_the_bureau_first(city):
    page = Visitor().go("/contacts/")
    assert [row.district for row in page.answer.context["rows"]] == [city.root, city.north, city.south, city.east]
    Organisation.objects.filter(district=city.east).update(phone="")
    assert len(Visitor().go("/contacts/").answer.context["rows"]) == 3


@pytest.mark.parametrize(("q", "n"), [("south", 1), ("0512", 4), ("没有", 0), ("", 4)])
def test_an_office_is_found_by_place_and_number(q, n, city):
    assert len(Visitor().go(f"/contacts/?q={q}").answer.context["rows"]) == n


def test_enterprises_stand_in_no_telephone_book(city, people):
    Organisation.objects.filter(pk=city.enterprise.pk).update(phone="0512-99999999", pack=city.pack)
    assert "0512-99999999" not in Visitor().go("/contacts/").page


def test_every_page_of_a_unit_names_the_office_and_the_officer_to_call(city, people):
    """Those that need no row; what a page of a row shows stands in the same frame."""
    office, officer = Organisation.objects.get(code=f"office-{city.north.code}"), people[Role.DISTRICT]
    pages = [n for n, r in ROUTES.items() if r.get.get("handler") == 200 and not r.args and not r.kind and " " not in n]
    client, read = Client(), 0
    client.force_login(people[Role.HANDLER], "portal.accounts.Backend")
    for name in pages:
        answer = client.get(reverse(name))
        if answer.get("Content-Type", "").startswith("text/html") and answer.context:
            foot = answer.content.decode().partition('<footer class="foot">')[2]
            assert (name, office.name in foot, officer.name in foot, office.phone in foot) == (name, True, True, True)
            read += 1
    assert read > 30
    official = Visitor(officer).client.get("/applications/").content.decode()
    assert "有问题找" not in official.partition('<footer class="foot">')[2]


def test_the_book_of_chongqing_has_its_41_districts(db):
    packs.load(packs.HOME / "chongqing")
    rows = Visitor().go("/contacts/").answer.context["rows"]
    offices = [row for row in rows if row.kind == Organisation.Kind.DISTRICT_OFFICE]
    assert len(offices) == 41
    assert len({row.district_id for row in offices}) == 41
    assert next(row.phone for row in offices if row.district.name == "万州区") == "023-58221792"
