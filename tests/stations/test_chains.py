"""The list of key industry chains: the bureau adds and renames with a reason, and sees how many stations each has."""

from datetime import date

import pytest

from portal.models import Amendment, Job, Role
from stations.models import IndustryChain
from tests import make
from tests.reading import Visitor
from tests.stations.test_register import cancel

NEW = {"code": "new-energy", "name": "新能源", "name_en": "New energy", "reason": "会议纪要"}


@pytest.fixture
def bureau(people):
    return people[Role.BUREAU_HANDLER]


def added(by, **values) -> Visitor:
    return Visitor(by).go("/chains/").press("加入", **(NEW | values))


def test_the_bureau_adds_a_chain_with_its_reason(bureau, city):
    Job.objects.all().delete()
    page = added(bureau)
    assert page.told == ["已加入，产业链覆盖正在重算。"]
    row = IndustryChain.objects.get(code="new-energy")
    assert (row.pack, row.name, row.name_en, row.order) == (city.pack, "新能源", "New energy", 1)
    change = Amendment.objects.get()
    assert (change.before, change.after["name"], change.reason, change.by) == ({}, "新能源", "会议纪要", bureau)
    assert Job.objects.filter(kind="recompute").count() == 1


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"code": "robotics"}, "这个代码已有产业链使用。"),
        ({"name": "机器人"}, "已有同名的产业链。"),
        ({"code": "新 能源"}, "字母"),
        ({"reason": ""}, "必填"),
    ],
    ids=["the code is taken", "the name is taken", "no code", "no reason"],
)
def test_a_chain_that_cannot_be_is_shown_again(values, told, bureau, city):
    page = added(bureau, **values)
    assert page.status == 422
    assert told in page.text
    assert 'value="New energy"' in page.page
    assert list(IndustryChain.objects.all()) == [city.chain]


def test_a_chain_of_another_city_may_have_the_same_code(bureau, city):
    make.city("othercity")
    IndustryChain.objects.filter(pack__code="othercity").update(code="new-energy", name="新能源")
    assert added(bureau).status == 200
    assert IndustryChain.objects.filter(code="new-energy").count() == 2


def test_a_chain_is_renamed_but_keeps_its_code(bureau, city):
    page = Visitor(bureau).go("/chains/robotics/")
    page.press("保存", name="智能机器人", reason="规划", code="other")
    city.chain.refresh_from_db()
    assert (page.told, city.chain.code, city.chain.name) == (["已保存。"], "robotics", "智能机器人")
    again = Visitor(bureau).go("/chains/robotics/")
    assert [change.reason for change in again.answer.context["history"]] == ["规划"]


def test_a_chain_does_not_take_the_name_of_another(bureau, city):
    added(bureau)
    page = Visitor(bureau).go("/chains/new-energy/").press("保存", name="机器人", reason="规划")
    assert (page.status, "已有同名的产业链。" in page.text) == (422, True)
    assert IndustryChain.objects.get(code="new-energy").name == "新能源"


def test_only_valid_stations_are_counted(bureau, people, city):
    chief = people[Role.BUREAU_APPROVER]
    make.station(city, chief, chain=city.chain)
    ended = make.station(city, chief, chain=city.chain, approved_on=date(2026, 1, 5))
    cancel(ended, chief, on=date(2026, 3, 2))
    (row,) = Visitor(bureau).go("/chains/").answer.context["rows"]
    assert row.stations == 1


def test_who_may_not_change_the_list_has_no_form(people):
    page = Visitor(people[Role.REPORTER]).go("/chains/")
    assert (page.status, page.answer.context["form"]) == (200, None)
    assert page.client.post("/chains/", NEW).status_code == 200
    assert not IndustryChain.objects.filter(code="new-energy").exists()
