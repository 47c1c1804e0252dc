"""The look before the form: what the answers come to, what an enterprise's figures fill in, and how it goes on."""

import pytest
from django.test import Client

from portal.models import Role
from stations.applications import suitability
from stations.applications.suitability import Question
from stations.models import Answer, Application, ConditionCriterion
from tests import make
from tests.reading import Visitor

URL = "/guide/testcity/national/check/"
ALL = {"not-classified": "yes", "basic-1": "yes", "basic-2": "yes", "rec-1": "yes"}


def question(met, *, basic=True):
    return Question("x", "x", "", basic, met=met)


@pytest.mark.parametrize(
    ("basic", "recommended", "met"),
    [
        ((True, True), (True, False), True),
        ((True, None), (True, False), None),
        ((False, None), (True, True), False),
        ((True, True), (None, False), None),
        ((True, True), (False, False), False),
        ((True, True), (None, True), True),
    ],
    ids=["all met", "one open", "one basic unmet", "the one that would do is open", "too few", "enough without it"],
)
def test_what_the_answers_come_to(basic, recommended, met):
    asked = [question(m) for m in basic] + [question(m, basic=False) for m in recommended]
    assert suitability.outcome_of(asked, 1).met is met


def test_anybody_may_look_and_nothing_is_kept(city):
    client = Client()
    assert client.get(URL).status_code == 200
    page = client.get(URL, ALL)
    assert page.status_code == 200
    assert page.context["outcome"].met is True
    assert "注册后申报" in page.content.decode()
    assert not Application.objects.exists()


def test_an_answer_that_is_none_is_told(city):
    page = Client().get(URL, ALL | {"basic-1": "vielleicht"})
    assert page.status_code == 422
    assert page.context["outcome"] is None
    assert "请选“符合”“不符合”或“还说不准”" in page.content.decode()


def test_classified_material_ends_it(city):
    page = Client().get(URL, ALL | {"not-classified": "no"})
    assert page.context["outcome"].met is False
    assert [q.code for q in page.context["outcome"].lacking] == ["not-classified"]


def test_the_papers_to_bring_are_those_of_what_holds(city):
    outcome = Client().get(URL, ALL | {"basic-2": "no", "rec-1": ""}).context["outcome"]
    assert [(q.code, [s.title for s in slots]) for q, slots in outcome.bring] == [("basic-1", ["证明basic-1", "补充"])]


@pytest.mark.parametrize(
    ("staff", "known", "ticked"), [(100, True, "yes"), (99, False, "no"), (None, None, None)], ids=str
)
def test_the_enterprises_figures_fill_in_what_they_know(staff, known, ticked, city, people):
    condition = city.upward.conditions.get(code="basic-1")
    ConditionCriterion.objects.create(condition=condition, fact="staff", lookup="gte", value=100)
    type(city.enterprise).objects.update(staff=staff)
    asked = suitability.questions_of(city.upward, city.enterprise, on=make.ON)
    assert [q.known for q in asked if q.code == "basic-1"] == [known]
    page = Visitor(people[Role.HANDLER]).go(URL)
    assert suitability.initial(asked).get("basic-1") == ticked
    assert ("单位情况填好" in page.page) is True


def test_an_answer_against_the_figures_is_pointed_out(city, people):
    condition = city.upward.conditions.get(code="basic-1")
    ConditionCriterion.objects.create(condition=condition, fact="staff", lookup="gte", value=1000)
    client = Client()
    client.force_login(people[Role.HANDLER], "portal.accounts.Backend")
    assert "与单位情况不一致" in client.get(URL, ALL).content.decode()
    assert "与单位情况不一致" not in client.get(URL, ALL | {"basic-1": "no"}).content.decode()


def test_the_application_begins_with_what_was_answered(city, people):
    visitor = Visitor(people[Role.HANDLER]).go(f"{URL}?not-classified=yes&basic-1=yes&basic-2=unknown&rec-1=yes")
    visitor.press("开始申报")
    said = dict(Answer.objects.values_list("condition__code", "claimed"))
    assert said == {"basic-1": True, "basic-2": None, "rec-1": True}


def test_figures_of_another_city_fill_in_nothing(city, people):
    there = make.city("othercity")
    page = Visitor(people[Role.HANDLER]).go(f"/guide/{there.pack.code}/national/check/")
    assert "单位情况填好" not in page.page
