"""One paper for several cases: each is done for itself, and the answer says of each what became of it."""

import pytest
from django.test import Client

from portal.models import Event, Role
from stations.applications import batches, lifecycle
from stations.models import Application, Station, StationKind
from tests import make

PAPER = {"document": "测〔2026〕9号", "document_on": make.ON.isoformat()}


def reader(user) -> Client:
    client = Client()
    client.force_login(user, "portal.accounts.Backend")
    return client


def cases_at(status, city, people, n=3, **values):
    found = []
    for _n in range(n):
        here, them = make.people_of(city, make.enterprise(city.north), people)
        found.append(make.brought_to(status, here, them, **values))
    return found


def step(action):
    return next(s for s in lifecycle.application.transitions.values() if s.action == action)


@pytest.mark.parametrize(
    ("role", "actions"),
    [
        (Role.BUREAU_APPROVER, ["send_up", "recognise"]),
        (Role.BUREAU_HANDLER, ["forward", "approve"]),
        (Role.DISTRICT, []),
    ],
)
def test_who_may_take_which_steps_of_a_batch(role, actions, city, people):
    assert [s.action for s in batches.steps_for(people[role], city.pack)] == actions


def test_a_city_that_recognises_is_not_offered_the_way_up(city, people):
    city.upward.delete()
    assert [s.action for s in batches.steps_for(people[Role.BUREAU_APPROVER], city.pack)] == ["recognise"]
    assert batches.steps_for(people[Role.BUREAU_HANDLER], city.pack) == []


def test_one_that_cant_go_on_keeps_no_other_back(city, people):
    cases = cases_at("passed", city, people, kind=city.own)
    approver = people[Role.BUREAU_APPROVER]
    make.station(city, approver, owner=cases[1].enterprise, kind=StationKind.BASE_CITY)
    make.step(cases[2], "reconsider", people, by=approver, note="再看")
    results = batches.take(cases, step("recognise"), by=approver, on=make.ON, details=PAPER)
    assert [r.done for r in results] == [True, False, False]
    assert "同类站" in results[1].said
    assert "待市局审核" in results[2].said
    assert [a.status for a in Application.objects.order_by("pk")] == ["approved", "passed", "bureau"]
    assert Station.objects.get(application=cases[0]).approval_document == "测〔2026〕9号"


def test_several_are_recognised_on_the_page_by_one_paper(city, people):
    cases = cases_at("passed", city, people, kind=city.own)
    picked = [case.matter.number for case in cases[:2]]
    client = reader(people[Role.BUREAU_APPROVER])
    url = "/applications/batch/?step=recognise"
    assert all(number in client.get(url).content.decode() for number in picked)
    missing = client.post(url, {"n": picked})
    assert missing.status_code == 422
    assert missing.content.decode().count(" checked") == 2
    done = client.post(url, {"n": picked, **PAPER})
    assert done.status_code == 200
    assert (done.context["done"], done.context["failed"]) == (2, 0)
    assert Application.objects.filter(status="approved").count() == 2


def test_a_paper_may_be_named_where_none_is_needed(city, people):
    (case,) = cases_at("passed", city, people, n=1)
    client = reader(people[Role.BUREAU_APPROVER])
    assert (
        client.post("/applications/batch/", {"n": case.matter.number, "document": "昆人社〔2026〕3号"}).status_code
        == 200
    )
    assert Event.objects.latest("pk").details == {"document": "昆人社〔2026〕3号"}


def test_nothing_picked_is_told_and_foreign_ones_are_not_found(city, people):
    strangers = make.city("othercity")
    foreign = make.brought_to("passed", strangers, make.people(strangers))
    client = reader(people[Role.BUREAU_APPROVER])
    for picked in ([], [foreign.matter.number], ["x"]):
        page = client.post("/applications/batch/", {"n": picked})
        assert page.status_code == 422
        assert "请至少勾选一件" in page.content.decode()
    assert Application.objects.get(pk=foreign.pk).status == "passed"


def test_what_is_picked_can_be_printed_first(city, people):
    case, other = cases_at("passed", city, people, n=2)
    answer = reader(people[Role.BUREAU_APPROVER]).post(
        "/applications/batch/", {"n": case.matter.number, "do": "summary"}
    )
    assert answer["Location"] == f"/applications/batch/summary/?n={case.matter.number}"
