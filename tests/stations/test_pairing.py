"""The page of the pairing: the city's numbers, a proposal, and each line kept or given another university."""

import pytest

from portal.models import Role, Setting
from stations.models import Pairing
from tests import make
from tests.reading import Visitor


@pytest.fixture
def bureau(people):
    return Visitor(people[Role.BUREAU_HANDLER])


@pytest.fixture
def numbers(city):
    for code, value in (("pairing.enterprises", 50), ("pairing.universities", 20)):
        Setting.objects.create(pack=city.pack, code=code, title=code, why="测试", kind="integer", value=value)


def test_a_city_whose_plan_asks_for_none_says_so(city, bureau):
    page = bureau.go("/pairing/")
    assert "没有定配对的家数" in page.text
    assert [text for form in page.forms for text, *_b in form.buttons if text.startswith("推荐")] == []


def test_it_is_proposed_kept_changed_and_let_go(city, people, bureau, numbers):
    make.station(city, people[Role.BUREAU_APPROVER], owner=city.enterprise)
    first, other = make.flow(city).university, make.flow(city, discipline="1001").university
    page = bureau.go("/pairing/").press("推荐配对")
    assert page.told == ["已推荐，共 1 对；保留的没有动。"]
    row = Pairing.objects.get()
    assert (row.enterprise, row.kept) == (city.enterprise, False)
    page.press("保留", university=str(other.pk))
    row.refresh_from_db()
    assert (row.university, row.kept) == (other, True)
    assert "已保留" in page.text
    page.press("放开")
    row.refresh_from_db()
    assert row.kept is False
    assert first.key


def test_a_university_that_is_not_on_the_list_is_refused(city, people, bureau, numbers):
    row = make.pairing(city, people[Role.BUREAU_HANDLER])
    foreign = make.university(make.city("othercity"))
    answer = bureau.client.post(f"/pairing/{row.pk}/", {"university": foreign.pk, "kept": "yes"}, follow=True)
    assert "没有改" in answer.content.decode()
    row.refresh_from_db()
    assert row.university != foreign


def test_a_line_says_whether_the_two_have_met(city, people, bureau, numbers):
    flow = make.flow(city)
    row = make.pairing(city, people[Role.BUREAU_HANDLER], university=flow.university)
    assert bureau.go("/pairing/").answer.context["n_met"] == 0
    make.match(city, people, flow_=flow, status="signed")
    assert bureau.go("/pairing/").answer.context["n_met"] == 1
    assert str(row.university) in bureau.text
