"""Requests from the catalogue to the rating: who takes which step, what is late, who sees it."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from portal import workdays
from portal.lifecycle import NotYours, Refused
from portal.models import Event, Matter, Notice, Role
from postdocs.models import ServiceRequest
from postdocs.services import actions, figures, lifecycle
from postdocs.services.views import findings
from tests import make
from tests.postdocs import serving, staying
from tests.threads import at_once

ON = make.ON
cycle = lifecycle.request


@pytest.fixture
def here(city, people):
    serving.rules(city)
    stay = staying.brought_to("here", city, people)
    serving.own(stay, city)
    return stay


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, "portal.accounts.Backend")
    return client


# --- the table ---------------------------------------------------------------------------------

CLERKS = {Role.DISTRICT, Role.BUREAU_HANDLER, Role.BUREAU_REVIEWER}
MAKERS = {Role.BUREAU_HANDLER, Role.BUREAU_REVIEWER}
WHO = {
    **dict.fromkeys(("accept", "pass", "repass", "answer", "drop"), CLERKS),
    **dict.fromkeys(("escalate", "follow"), set()),
    "rate": {Role.HANDLER, Role.POSTDOC},
    **dict.fromkeys(("settle", "redo"), MAKERS),
    "withdraw": {Role.POSTDOC},
    "take_back": {Role.HANDLER},
}


def prepared(status: str, action: str, stay, city, people) -> tuple[ServiceRequest, dict]:
    """A request in that status, of the side whose step it is; and who has the roles."""
    own = serving.own(stay, city)
    if action == "drop":
        visit = serving.visit(stay, people[Role.DISTRICT], ON)
        row = actions.note_need(
            visit, serving.service(city), content="x", owner=None, due_on=None, by=people[Role.DISTRICT], on=ON
        )
        row = serving.step(row, "pass", city, people[Role.DISTRICT]) if status == "underway" else row
    else:
        unit = action == "take_back"
        row = serving.asked(city, stay, people[Role.HANDLER] if unit else own)
        row = serving.brought_to(status, row, city, people[Role.BUREAU_HANDLER], own)
    if action == "rate":
        ServiceRequest.objects.filter(pk=row.pk).update(side="unit")
        Matter.objects.filter(pk=row.matter_id).update(organisation=stay.matter.organisation)
    if action == "escalate":
        ServiceRequest.objects.filter(pk=row.pk).update(level="district")
    row.refresh_from_db()
    return row, {**{role: people[role] for role in Role}, Role.POSTDOC: own}


@pytest.mark.parametrize(("status", "action"), sorted(cycle.transitions))
@pytest.mark.django_db
def test_each_step_of_the_table_is_taken_by_whose_it_is_and_leads_where_it_says(status, action, here, city, people):
    row, who = prepared(status, action, here, city, people)
    may = set()
    for role, user in who.items():
        steps = [step.action for step in cycle.possible(row, user)]
        may |= {role} if action in steps else set()
    assert may == WHO[action]
    by = next((who[role] for role in Role if role in may), None)
    moved = serving.step(row, action, city, by)
    target = cycle.transitions[status, action].target
    matter = Matter.objects.get(pk=row.matter_id)
    assert (moved.status, matter.status) == (target, target)
    assert (matter.closed_on is not None) == cycle.stages[target].closed
    assert bool(matter.holder) == (not cycle.stages[target].closed)


def test_a_request_goes_from_the_postdoc_over_the_district_to_the_answer_and_the_rating(here, city, people):
    own, clerk = serving.own(here, city), people[Role.DISTRICT]
    row = serving.asked(city, here, own)
    assert (row.matter.holder, row.matter.due_on) == (Role.DISTRICT, workdays.add(ON, 2))
    row = serving.step(row, "accept", city, clerk)
    assert (row.accepted_on, row.due_on, row.matter.due_on) == (ON, workdays.add(ON, 5), workdays.add(ON, 5))
    row = serving.step(row, "pass", city, clerk)
    assert (row.level, row.matter.holder, row.matter.due_on) == ("bureau", Role.BUREAU_HANDLER, row.due_on)
    row = serving.step(row, "answer", city, people[Role.BUREAU_HANDLER])
    assert (row.answered_on, row.matter.closed_on, row.matter.due_on) == (ON, ON, None)
    texts = list(Notice.objects.filter(user=own).order_by("pk").values_list("text", flat=True))
    assert [text.rsplit("：", 1)[1] for text in texts] == ["已受理", "办理中", "已答复，请评价"]
    assert set(Notice.objects.filter(user=own).values_list("path", "matter")) == {(row.get_absolute_url(), None)}
    row = serving.step(row, "rate", city, own, score="4")
    assert (actions.look_into(row, on=ON).status, row.score, row.low) == ("rated", 4, False)


@pytest.mark.parametrize(
    ("score", "status", "low"), [(3, "rated", False), (2, "following", True), (1, "following", True)]
)
@pytest.mark.django_db
def test_a_bad_rating_comes_to_the_bureaus_list_with_a_day(score, status, low, here, city, people):
    own = serving.own(here, city)
    row = serving.brought_to("answered", serving.asked(city, here, own), city, people[Role.DISTRICT], own)
    form = {"rate-score": str(score), "rate-comment": "等了很久"}
    answer = signed_in(own).post(reverse("postdocs:request_move", args=[row.matter.number, "rate"]), form)
    row = ServiceRequest.objects.select_related("matter").get(pk=row.pk)
    assert (answer.status_code, row.status, row.low, row.comment) == (302, status, low, "等了很久")
    todo = Matter.objects.to_do(people[Role.BUREAU_HANDLER])
    assert todo.filter(pk=row.matter_id).exists() == low
    assert (row.matter.due_on is not None) == low


def test_what_was_rated_badly_is_done_again_or_settled_and_keeps_its_mark(here, city, people):
    own, bureau = serving.own(here, city), people[Role.BUREAU_HANDLER]
    row = serving.brought_to("answered", serving.asked(city, here, own), city, bureau, own)
    row = actions.look_into(serving.step(row, "rate", city, own, score="1"), on=ON)
    row = serving.step(row, "redo", city, bureau)
    assert (row.status, row.level, row.due_on) == ("underway", "bureau", workdays.add(ON, 5))
    row = serving.step(serving.step(row, "answer", city, bureau), "rate", city, own, score="5")
    assert (actions.look_into(row, on=ON).status, row.score, row.low) == ("rated", 5, True)


@pytest.mark.parametrize("score", ["0", "6", "x", "五"])
@pytest.mark.django_db
def test_an_impossible_rating_is_refused(score, here, city, people):
    own = serving.own(here, city)
    row = serving.brought_to("answered", serving.asked(city, here, own), city, people[Role.DISTRICT], own)
    with pytest.raises(Refused, match="1 到 5 分"):
        serving.step(row, "rate", city, own, score=score)


def test_another_postdoc_of_the_district_neither_rates_nor_withdraws(here, city, people):
    own, other = serving.own(here, city), people[Role.POSTDOC]
    row = serving.asked(city, here, own)
    with pytest.raises(NotYours):
        serving.step(row, "withdraw", city, other)
    row = serving.brought_to("answered", row, city, people[Role.DISTRICT], own)
    with pytest.raises(NotYours):
        serving.step(row, "rate", city, other)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_answer_at_once_one_is_told_that_it_is_done():
    city = make.city()
    people = make.people(city)
    serving.rules(city)
    stay = staying.brought_to("here", city, people)
    row = serving.brought_to(
        "accepted", serving.asked(city, stay, serving.own(stay, city)), city, people[Role.DISTRICT], None
    )
    calls = [
        lambda by=by: serving.step(row, "answer", city, by)
        for by in (people[Role.DISTRICT], people[Role.BUREAU_HANDLER])
    ]
    outcomes = at_once(*calls)
    assert sorted(type(o).__name__ for o in outcomes) == ["Refused", "ServiceRequest"]
    assert Event.objects.filter(matter=row.matter, action="answer").count() == 1
    connection.close()


# --- late --------------------------------------------------------------------------------------


def test_what_nobody_takes_up_in_two_working_days_comes_to_the_bureau_once(here, city, people):
    row = serving.asked(city, here, serving.own(here, city), on=date(2026, 6, 4))  # a Thursday
    assert row.matter.due_on == date(2026, 6, 8)  # Friday, Monday
    assert actions.escalate(on=date(2026, 6, 8)) == 0
    assert actions.escalate(on=date(2026, 6, 9)) == 1
    row = ServiceRequest.objects.select_related("matter").get(pk=row.pk)
    assert (row.level, row.status, row.matter.holder) == ("bureau", "submitted", Role.BUREAU_HANDLER)
    assert row.matter.due_on == date(2026, 6, 8)  # as late as it is
    assert Notice.objects.filter(user=people[Role.BUREAU_HANDLER], matter=row.matter).count() == 1
    assert actions.escalate(on=date(2026, 6, 10)) == 0
    row = serving.step(row, "accept", city, people[Role.BUREAU_HANDLER], on=date(2026, 6, 10))
    assert (row.matter.holder, row.matter.due_on) == (Role.BUREAU_HANDLER, date(2026, 6, 17))


@pytest.mark.parametrize(("day", "late"), [(date(2026, 6, 8), 0), (date(2026, 6, 9), 1)])
@pytest.mark.django_db
def test_what_is_not_answered_by_the_promised_day_comes_to_the_bureau(day, late, here, city, people):
    row = serving.asked(city, here, serving.own(here, city))
    row = serving.step(row, "accept", city, people[Role.DISTRICT])
    assert row.due_on == date(2026, 6, 8)
    assert (actions.escalate(on=day), ServiceRequest.objects.late(day).count()) == (late, late)


# --- who may ask, who sees ---------------------------------------------------------------------


def test_only_what_the_enterprise_filed_itself_is_its_own(here, city, people):
    own, handler = serving.own(here, city), people[Role.HANDLER]
    private = serving.asked(city, here, own)
    filed = serving.asked(city, here, handler)
    visit = serving.visit(here, people[Role.DISTRICT], ON)
    about = {"content": "x", "owner": None, "due_on": None, "by": people[Role.DISTRICT], "on": ON}
    heard = actions.note_need(visit, serving.service(city), **about)
    station = serving.visit(here.station, people[Role.DISTRICT], ON)
    need = actions.note_need(station, serving.service(city), **about)
    sees = {
        Role.HANDLER: {filed, need},
        Role.CERTIFIER: {filed, need},
        Role.DISTRICT: {private, filed, heard, need},
        Role.BUREAU_APPROVER: {private, filed, heard, need},
        Role.AUDITOR: {private, filed, heard, need},
        Role.POSTDOC: set(),  # somebody else of the district
        Role.FINANCE_MAKER: set(),
        "other_unit": set(),
        "other_district": set(),
        "nobody": set(),
    }
    for who, rows in sees.items():
        assert set(ServiceRequest.objects.visible_to(people[who])) == rows, who
    assert set(ServiceRequest.objects.visible_to(own)) == {private, filed, heard}
    assert not Matter.objects.visible_to(handler).filter(pk__in=[private.matter_id, heard.matter_id]).exists()
    for row in (private, heard):
        assert signed_in(handler).get(row.get_absolute_url()).status_code == 404
    page = signed_in(handler).get(here.get_absolute_url()).content.decode()
    assert private.get_absolute_url() not in page
    assert filed.get_absolute_url() in page
    assert visit.get_absolute_url() not in page


def test_who_may_not_ask_is_told(here, city, people):
    own, other = serving.own(here, city), people["other_unit"]
    with pytest.raises(Refused, match="自己或本单位"):
        serving.asked(city, here, other)
    with pytest.raises(Refused, match="不由设站单位代提提出"):
        serving.asked(city, here, people[Role.HANDLER], of=serving.service(city, askers=["postdoc"]))
    draft = staying.begun(city, people, at=here.station)
    with pytest.raises(Refused, match="已进站"):
        serving.asked(city, draft, people[Role.HANDLER])
    assert serving.asked(city, here, own).side == "postdoc"


def test_a_postdoc_asks_on_the_page_and_a_tier_is_chosen_where_there_are_some(here, city, people):
    own = serving.own(here, city)
    tiers = [{"code": "gold", "title": "金卡", "title_en": "Gold", "how": "上门"}]
    card = serving.service(city, tiers=tiers)
    client, url = signed_in(own), reverse("postdocs:request_new", args=[card.code])
    wrong = client.post(url, {"stay": here.pk, "content": "想办卡", "tier": "bronze"})
    assert wrong.status_code == 422
    assert "想办卡" in wrong.content.decode()
    assert client.post(url, {"stay": here.pk, "content": "想办卡", "tier": "gold"}).status_code == 302
    row = ServiceRequest.objects.get()
    assert (row.tier_label, row.side, row.matter.organisation) == ("金卡", "postdoc", None)
    assert "金卡" in client.get(row.get_absolute_url()).content.decode()


def test_the_catalogue_is_read_by_anybody_and_shows_nothing_of_people(here, city, people, settings):
    settings.CITY = city.pack.code
    flat = serving.service(city, title="人才公寓")
    row = serving.asked(city, here, serving.own(here, city), of=flat)
    page = Client().get(reverse("postdocs:services"))
    text = page.content.decode()
    assert page.status_code == 200
    assert "人才公寓" in text
    for private in (here.person.name, row.matter.number, row.content, str(here.station.enterprise)):
        assert private not in text
    assert reverse("postdocs:request_new", args=[flat.code]) not in text
    assert Client().get(row.get_absolute_url()).status_code == 302


def test_the_records_answer_a_condition_where_they_can(here, city, people):
    row = serving.service(city, criteria=[{"fact": "months_in", "lookup": "gte", "value": 12}])
    entered = staying.ENTERED
    assert [f.met for f in findings(row, here, date(2027, entered.month, entered.day))] == [True]
    assert [f.met for f in findings(row, here, date(2027, entered.month, entered.day) - timedelta(1))] == [False]
    assert findings(serving.service(city), here, ON) == []


# --- figures -----------------------------------------------------------------------------------


def test_figures_count_what_was_asked_answered_and_rated(here, city, people):
    own, clerk, flat = serving.own(here, city), people[Role.DISTRICT], serving.service(city)
    first = serving.brought_to("accepted", serving.asked(city, here, own, of=flat), city, clerk, own)
    serving.step(
        serving.step(first, "answer", city, clerk, on=date(2026, 6, 5)),
        "rate",
        city,
        own,
        on=date(2026, 6, 11),
        score="4",
    )
    late = serving.brought_to("accepted", serving.asked(city, here, own, of=flat), city, clerk, own)
    serving.step(
        serving.step(late, "answer", city, clerk, on=date(2026, 6, 10)),
        "rate",
        city,
        own,
        on=date(2026, 6, 11),
        score="1",
    )
    serving.asked(city, here, own, of=flat)
    rows = ServiceRequest.objects.select_related("matter", "service").order_by("pk")
    (line,), total = figures.lines(rows, date(2026, 6, 11))
    assert (line.asked, line.open, line.late, line.answered) == (3, 1, 1, 2)
    assert (line.used, line.punctual, line.score, line.content, line.low) == ([4, 7], 50, 2.5, 50, 1)
    assert (total.asked, total.used) == (3, [4, 7])
    assert figures.lines([], ON)[1].score is None
