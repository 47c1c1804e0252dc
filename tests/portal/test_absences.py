"""Somebody is away: a colleague of the same office sees and does what they could, in their name and never twice."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils.timezone import localdate

from portal import absences, claims
from portal.lifecycle import NotYours, Refused
from portal.models import Absence, Confirmation, Event, Matter, Notice, ReturnItem, Role, User
from stations.applications import actions, lifecycle
from stations.models import Application
from stations.pool import actions as pool
from stations.standing import actions as standing
from tests import make
from tests.reading import Visitor
from tests.stations import standing_cases

DAY = timedelta(1)
cycle = lifecycle.application


def reader(user) -> Client:
    client = Client()
    client.force_login(user, "portal.accounts.Backend")
    return client


def fresh(user) -> User:
    """As the next request sees this person."""
    return User.objects.get(pk=user.pk)


@pytest.fixture
def today():
    return localdate()


def lend(user, deputy, today, days=3, since=0) -> Absence:
    return absences.away(
        user=user, deputy=deputy, since=today + since * DAY, last=today + (since + days) * DAY, note="", on=today
    )


# --- what a deputy may -------------------------------------------------------------------------


def test_a_deputy_does_the_step_in_the_name_of_who_is_away(city, people, today):
    case, approver, handler = (
        make.brought_to("passed", city, people),
        people[Role.BUREAU_APPROVER],
        people[Role.BUREAU_REVIEWER],
    )
    assert cycle.possible(case, fresh(handler)) == []
    lend(approver, handler, today)
    deputy = fresh(handler)
    assert "send_up" in [step.action for step in cycle.possible(case, deputy)]
    assert Matter.objects.to_do(deputy).filter(pk=case.matter_id).exists()
    cycle.move(case, "send_up", by=deputy, on=make.ON)
    event = Event.objects.latest("pk")
    assert (event.by, event.on_behalf) == (handler, approver)
    assert event.actor == f"{handler.name}（代{approver.name}）"
    assert event.actor in reader(approver).get(case.get_absolute_url()).content.decode()


def test_who_passed_does_not_send_up_for_somebody_else_either(city, people, today):
    case = make.brought_to("passed", city, people)
    lend(people[Role.BUREAU_APPROVER], people[Role.BUREAU_HANDLER], today)
    deputy = fresh(people[Role.BUREAU_HANDLER])
    assert "send_up" not in [step.action for step in cycle.possible(case, deputy)]
    with pytest.raises(NotYours, match="另一人"):
        cycle.move(case, "send_up", by=deputy, on=make.ON)


def test_what_a_deputy_did_counts_as_done_by_who_was_away(city, people, today):
    both = make.user(Role.BUREAU_HANDLER, Role.BUREAU_APPROVER, district=city.root)
    deputy = make.user(Role.BUREAU_REVIEWER, district=city.root)
    case = make.brought_to("bureau", city, people)
    lend(both, deputy, today)
    claims.hand(case.matter, "claim", by=both, on=make.ON)
    case = cycle.move(case, "pass", by=fresh(deputy), on=make.ON)
    assert Event.objects.get(action="pass").on_behalf == both
    with pytest.raises(NotYours, match="另一人"):
        cycle.move(case, "send_up", by=fresh(both), on=make.ON)
    third = make.user(Role.BUREAU_HANDLER, district=city.root)
    Absence.objects.all().delete()
    lend(both, third, today)
    with pytest.raises(NotYours, match="另一人"):
        cycle.move(case, "send_up", by=fresh(third), on=make.ON)
    assert make.step(case, "send_up", people).status == "sent"


def test_the_database_keeps_duties_apart_through_deputies_too(city, people):
    case = make.brought_to("passed", city, people)
    passed = Event.objects.get(action="pass")
    given = {"matter": case.matter, "round": passed.round, "duty": "decision", "source": "x", "target": "x"}
    given |= {"on": make.ON, "on_behalf": people[Role.DISTRICT]}
    Event.objects.create(**given, action="one", by=people[Role.BUREAU_REVIEWER])
    with pytest.raises(IntegrityError), transaction.atomic():
        Event.objects.create(**given, action="two", by=people[Role.BUREAU_APPROVER])


def test_one_who_has_the_role_acts_for_oneself_unless_the_case_is_in_the_absent_ones_hands(city, people, today):
    first, second = people[Role.DISTRICT], make.user(Role.DISTRICT, district=city.north)
    case = make.brought_to("district", city, people)
    lend(first, second, today)
    make.judge_all(case, first)
    assert lifecycle.application.possible(case, fresh(second))
    moved = cycle.move(case, "recommend", by=fresh(second), on=make.ON)
    assert Event.objects.latest("pk").on_behalf is None
    assert moved.status == "bureau"


def test_lent_rights_are_of_their_days_and_go_no_further(city, people, today):
    approver, handler, third = (people[r] for r in (Role.BUREAU_APPROVER, Role.BUREAU_HANDLER, Role.BUREAU_REVIEWER))
    row = lend(approver, handler, today, since=1)
    assert Role.BUREAU_APPROVER not in fresh(handler).scope.roles
    Absence.objects.filter(pk=row.pk).update(since=today)
    assert Role.BUREAU_APPROVER in fresh(handler).scope.roles
    lend(handler, third, today)
    assert Role.BUREAU_APPROVER not in fresh(third).scope.roles
    absences.back(row, on=today)
    assert Role.BUREAU_APPROVER not in fresh(handler).scope.roles


def test_a_district_lends_no_more_than_its_district(city, people, today):
    north = make.user(Role.DISTRICT, district=city.north)
    lend(people[Role.DISTRICT], north, today)
    assert fresh(north).scope.districts == frozenset({city.north.pk})
    with pytest.raises(Refused, match="同一科室"):
        lend(people[Role.DISTRICT], people["other_district"], today, since=10)


def test_a_deputy_is_told_what_rings(city, people, today):
    second = make.user(Role.DISTRICT, district=city.north)
    lend(people[Role.BUREAU_APPROVER], people[Role.BUREAU_REVIEWER], today)
    assert second.notices.count() == 0
    make.brought_to("passed", city, people)
    assert people[Role.BUREAU_REVIEWER].notices.filter(text__contains="待市局审批").exists()


# --- the page ----------------------------------------------------------------------------------


def test_agreed_seen_by_both_and_taken_back(city, people, today):
    second = make.user(Role.DISTRICT, district=city.north, name="钱同事")
    page = Visitor(people[Role.DISTRICT]).go("/work/")
    assert "请假委托" in page.text
    last = (today + 3 * DAY).isoformat()
    page.go("/absences/").press("委托", deputy=str(second.pk), since=today.isoformat(), last=last, note="催一下花桥")
    assert Absence.objects.get().until == today + 4 * DAY
    assert "催一下花桥" in Notice.objects.get(user=second).text
    assert "由您代办" in Visitor(second).go("/work/").text
    assert "代办中" in Visitor(second).go("/absences/").text
    assert reader(second).post(f"/absences/{Absence.objects.get().pk}/back/").status_code == 404
    page.go("/absences/").press("收回")
    assert Absence.objects.get().until == today
    assert "由您代办" not in Visitor(second).go("/work/").text


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"since": -1}, "已经过去"),
        ({"last": -1}, "早于开始日期"),
        ({"last": 400}, "最多委托一年"),
        ({"deputy": "other"}, "选择一个有效的选项"),
    ],
    ids=["yesterday", "ends first", "too long", "another office"],
)
def test_a_wrong_absence_says_why_and_keeps_what_was_typed(wrong, told, city, people, today):
    second = make.user(Role.DISTRICT, district=city.north)
    typed = {"since": (today + wrong.get("since", 0) * DAY), "last": today + wrong.get("last", 2) * DAY, "note": "留言"}
    typed["deputy"] = people["other_district"].pk if "deputy" in wrong else second.pk
    answer = reader(people[Role.DISTRICT]).post("/absences/", typed)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert "留言" in answer.content.decode()
    assert not Absence.objects.exists()


def test_two_absences_never_overlap(city, people, today):
    second = make.user(Role.DISTRICT, district=city.north)
    lend(people[Role.DISTRICT], second, today)
    with pytest.raises(Refused, match="已经委托过"):
        lend(people[Role.DISTRICT], second, today, since=3)
    lend(people[Role.DISTRICT], second, today, since=4)
    with pytest.raises(IntegrityError), transaction.atomic():
        Absence.objects.create(user=people[Role.DISTRICT], deputy=second, since=today, until=today + DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Absence.objects.create(user=second, deputy=second, since=today, until=today + DAY)


def test_an_office_of_one_is_shown_nothing(city, people):
    assert "请假委托" not in Visitor(people[Role.DISTRICT]).go("/work/").text
    assert "只有您一位" in Visitor(people[Role.DISTRICT]).go("/absences/").text


# --- a case comes back to whom held it ----------------------------------------------------------


def mended(case, people):
    case.refresh_from_db()
    from stations.applications import actions

    actions.mended(case, "field:project")
    case = make.step(Application.objects.get(pk=case.pk), "to_certify", people)
    return make.step(case, "submit", people)


ITEM = {"target": "field:project", "label": "项目", "code": "R01"}


@pytest.mark.parametrize("claimed", [True, False], ids=["claimed", "only returned"])
def test_after_a_resubmission_a_case_is_in_the_same_hands(claimed, city, people):
    second = make.user(Role.DISTRICT, district=city.north)
    case = make.brought_to("district", city, people)
    if claimed:
        claims.hand(case.matter, "claim", by=second, on=make.ON)
    case = make.step(case, "return", people, by=second, items=[ReturnItem(**ITEM)])
    assert Matter.objects.get(pk=case.matter_id).claimed_by is None
    mended(case, people)
    assert Matter.objects.get(pk=case.matter_id).claimed_by == second


def test_but_not_in_those_of_one_who_has_left_or_is_alone(city, people):
    second = make.user(Role.DISTRICT, district=city.north)
    case = make.brought_to("district", city, people)
    case = make.step(case, "return", people, by=second, items=[ReturnItem(**ITEM)])
    second.appointments.update(until=localdate())
    mended(case, people)
    assert Matter.objects.get(pk=case.matter_id).claimed_by is None
    other = make.brought_to(
        "district", *make.people_of(city, make.enterprise(city.south), people, officer="other_district")
    )
    assert other.matter.claimed_by is None


# --- for whom a deputy finds -------------------------------------------------------------------


def test_a_verdict_of_a_deputy_says_for_whom_on_the_record_and_on_the_page(city, people, today):
    case, deputy = make.brought_to("district", city, people), people[Role.BUREAU_HANDLER]
    officer = people[Role.DISTRICT]
    Absence.objects.create(user=officer, deputy=deputy, since=today, until=today + DAY)
    condition = case.type.conditions.get(code="basic-1")
    own = actions.judge(case, condition, verdict=None, note="", by=officer, on=make.ON)
    lent = actions.judge(case, condition, verdict=True, note="看过执照", by=fresh(deputy), on=make.ON)
    assert (own.on_behalf, own.actor) == (None, officer.name)
    assert (lent.by, lent.on_behalf, str(lent.actor)) == (deputy, officer, f"{deputy.name}（代{officer.name}）")
    page = f"{case.get_absolute_url()}?c=basic-1"
    assert f"{deputy.name}（代{officer.name}）" in reader(officer).get(page).content.decode()
    User.objects.filter(pk=officer.pk).update(language="en")
    english = reader(officer)
    english.cookies["django_language"] = "en"
    assert f"{deputy.name} (for {officer.name})" in english.get(page).content.decode()


def test_who_judges_by_a_right_of_their_own_does_it_for_nobody(city, people, today):
    case, second = make.brought_to("district", city, people), make.user(Role.DISTRICT, district=city.north)
    lend(people[Role.DISTRICT], second, today)
    condition = case.type.conditions.get(code="basic-1")
    found = actions.judge(case, condition, verdict=True, note="", by=fresh(second), on=make.ON)
    assert found.on_behalf is None
    claims.hand(case.matter, "claim", by=people[Role.DISTRICT], on=make.ON)
    case = Application.objects.get(pk=case.pk)
    found = actions.judge(case, condition, verdict=True, note="", by=fresh(second), on=make.ON)
    assert found.on_behalf == people[Role.DISTRICT]


def test_the_finding_in_the_pool_and_the_opinion_on_standing_say_so_too(city, people, today):
    officer, deputy = people[Role.DISTRICT], people[Role.BUREAU_HANDLER]
    entry = make.pool_entry("growing", city, people)
    case = standing_cases.begun(city, people)
    Absence.objects.create(user=officer, deputy=deputy, since=today, until=today + DAY)
    said = f"{deputy.name}（代{officer.name}）"
    condition = entry.target.conditions.get(code="basic-1")
    pool.judge(entry, condition, verdict=False, note="缺", by=fresh(deputy), on=make.ON)
    standing.opine(case, verdict=True, note="同意", by=fresh(deputy), on=make.ON)
    assert list(Confirmation.objects.order_by("pk").values_list("on_behalf", flat=True)) == [officer.pk, officer.pk]
    for row in (entry, case):
        assert said in reader(officer).get(row.get_absolute_url()).content.decode()


def test_taking_a_case_in_hand_for_who_is_away_says_so(city, people, today):
    third = make.user(Role.DISTRICT, district=city.north)
    case, deputy = make.brought_to("district", city, people), people[Role.BUREAU_HANDLER]
    Absence.objects.create(user=third, deputy=deputy, since=today, until=today + DAY)
    claims.hand(case.matter, "claim", by=fresh(deputy), on=make.ON)
    event = Event.objects.latest("pk")
    assert (event.by, event.on_behalf, str(event.actor)) == (deputy, third, f"{deputy.name}（代{third.name}）")
