"""Sending back again: only what is new may be named without saying why it wasn't named at first."""

import pytest
from django.test import Client

from portal.lifecycle import Refused
from portal.models import Event, ReturnItem, Role
from stations.applications import actions, cases, returns
from stations.models import Application
from tests import make


def item(target):
    return ReturnItem(target=target, label=target, code="R01")


@pytest.fixture
def again(city, people):
    """Sent back once over the project, mended together with the supervisor's document, and handed in again."""
    case = make.brought_to("district", city, people)
    items = [item("field:project"), item("condition:basic-2")]
    case = make.step(case, "return", people, by=people[Role.DISTRICT], items=items)
    Application.objects.filter(pk=case.pk).update(project="另一个项目")
    actions.mended(case, "field:project", "condition:basic-2")
    return make.step(make.step(case, "to_certify", people), "submit", people)


def back(case, people, *targets, late=""):
    return returns.send_back(case, [item(t) for t in targets], by=people[Role.DISTRICT], on=make.ON, late=late)


def test_a_first_return_names_what_it_likes(city, people):
    case = make.brought_to("district", city, people)
    assert returns.seen_before(case, cases.labels_of(case)) is None
    assert back(case, people, "field:partner").status == "returned"


def test_what_was_named_before_may_be_named_again(again, people):
    assert back(again, people, "field:project", "slot:basic-2.proof").status == "returned"
    assert Event.objects.latest("pk").details == {}


def test_what_stood_there_at_first_needs_a_justification(again, people):
    with pytest.raises(Refused, match="第一次退回时就能看到"):
        back(again, people, "field:partner")
    assert Application.objects.get().status == "district"
    back(again, people, "field:partner", "field:project", late="合作意向书当时没有打开")
    assert Event.objects.latest("pk").details == {
        "late": "合作意向书当时没有打开",
        "late_targets": ["field:partner"],
    }


def test_what_has_changed_since_is_new(again, people, city):
    seen = returns.seen_before(again, cases.labels_of(again))
    assert "slot:basic-1.proof" in seen
    case = back(again, people, "slot:basic-1.proof", late="当时没有打开")
    paper = make.file(city.enterprise.organisation, people[Role.HANDLER])
    slot = city.upward.conditions.get(code="basic-1").slots.get(code="proof")
    actions.cite(case, slot, paper, by=people[Role.HANDLER])
    case = make.step(make.step(case, "to_certify", people), "submit", people)
    seen = returns.seen_before(case, cases.labels_of(case))
    assert "condition:basic-1" not in seen  # its papers have changed
    assert "slot:basic-1.more" in seen


def test_the_form_asks_for_it_and_enterprise_and_auditor_read_it(again, people):
    officer = Client()
    officer.force_login(people[Role.DISTRICT], "portal.accounts.Backend")
    url = f"/applications/{again.matter.number}/return/"
    typed = {"on-field:partner": "on", "code-field:partner": "R01", "note-field:partner": "写明"}
    page = officer.post(url, typed)
    assert page.status_code == 422
    assert "第一次退回时就能看到" in page.content.decode()
    assert officer.post(url, typed | {"late": "当时没有看到"}).status_code == 302
    for reader in (Role.HANDLER, Role.AUDITOR):
        client = Client()
        client.force_login(people[reader], "portal.accounts.Backend")
        assert "当时没有看到" in client.get(again.get_absolute_url()).content.decode()
