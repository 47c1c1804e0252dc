"""A stay from the intended entry to its end: the whole table, what the steps leave behind, what can't be."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from portal.lifecycle import Refused
from portal.models import Event, Matter, ReturnItem, Role
from postdocs.models import Destination, IdentityPaper, Person, Stay
from postdocs.people import actions as persons
from postdocs.stays import actions, lifecycle
from tests import make
from tests.postdocs import staying
from tests.threads import at_once

ON = make.ON
cycle = lifecycle.cycle
FROM = {"withdrawing": "here", "dropped": "draft"}


@pytest.mark.parametrize(("status", "action"), sorted(cycle.transitions))
@pytest.mark.django_db
def test_each_step_of_the_table_leads_where_it_says(status, action, city, people):
    step = cycle.transitions[status, action]
    stay = staying.brought_to(status, city, people)
    everybody = make.user(*Role, organisation=city.enterprise.organisation, district=city.root)
    items = [ReturnItem(target="slot:paper.degree", label="学位证书", code="R01")] if step.returns else []
    details = staying.DETAILS.get(action, {})
    if action in lifecycle.OWN:
        Person.objects.filter(pk=stay.person_id).update(user=everybody)
    if action == "settle":
        Destination.objects.create(stay=stay, type="host", in_city=True, told_on=ON)
    moved = cycle.move(stay, action, by=everybody, on=ON, note="理由", details=details, items=items)
    assert moved.status == step.target
    matter = Matter.objects.get(pk=stay.matter_id)
    assert (matter.status, matter.holder) == (step.target, cycle.stages[step.target].holder or "")
    assert (matter.closed_on is not None) == cycle.stages[step.target].closed


def test_the_filed_entry_counts_from_the_national_date_and_settles_the_person(city, people):
    stay = staying.brought_to("filing", city, people)
    assert (stay.entered_on, stay.person.settled_on) == (None, None)
    stay = staying.step(stay, "file", people, committee_number="318807")
    person = Person.objects.get(pk=stay.person_id)
    assert (stay.entered_on, stay.committee_number) == (staying.ENTERED, "318807")
    assert (person.settled_on, person.papers.get().settled) == (ON, True)


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (ON + timedelta(1), "在今天之后"),
        (date(2026, 1, 9), "早于工作站批准"),
        (date(2028, 4, 30), "在今天之后"),
    ],
)
def test_an_impossible_entry_date_is_told(day, told, city, people):
    stay = staying.brought_to("filing", city, people)
    with pytest.raises(Refused, match=told):
        staying.step(stay, "file", people, entered_on=day.isoformat())
    assert Stay.objects.get(pk=stay.pk).entered_on is None


def test_two_enterprises_may_type_the_same_candidate_and_neither_hears_of_the_other(city, people):
    """The second filing finds the first record; what it says otherwise is kept with the step, nothing is written over."""
    number = staying.paper_number()
    first = staying.brought_to("here", city, people, number=number)
    other, them = make.people_of(city, make.enterprise(city.south), people, officer="other_district")
    second = staying.told(other, them, number=number, name="林知远", person={"mobile": "13911111111"})
    assert second.person_id != first.person_id
    assert not Person.objects.visible_to(them[Role.HANDLER]).filter(pk=first.person_id).exists()
    for action in ("submit", "accept"):
        second = staying.step(second, action, them)
    with pytest.raises(Refused, match="两段不能重叠"):
        staying.step(second, "file", them)
    first = staying.step(staying.step(first, "ask_withdrawal", people), "withdraw", people)
    late = {"entered_on": (ON + timedelta(9)).isoformat()}
    second = staying.step(second, "file", them, on=ON + timedelta(10), **late)
    assert second.person_id == first.person_id
    event = Event.objects.filter(matter=second.matter, action="file").get()
    assert event.details["person_differs"]["mobile"] == ["13900000000", "13911111111"]
    assert Person.objects.get(pk=first.person_id).mobile == "13900000000"


def test_the_database_keeps_two_stays_of_a_person_apart(city, people):
    stay = staying.brought_to("here", city, people)
    matter = make.talk(city, people).matter
    with pytest.raises(IntegrityError, match="stays_of_a_person_apart"), transaction.atomic():
        Stay.objects.create(
            matter=matter, person=stay.person, station=stay.station, status="here", entered_on=date(2026, 5, 25)
        )


def test_a_person_has_one_settled_record_of_a_number(city, people):
    stay = staying.brought_to("here", city, people)
    other = staying.begun(city, people, at=stay.station, number=stay.person.papers.get().plain)
    with pytest.raises(IntegrityError, match="paper_of_one_person"), transaction.atomic():
        other.person.papers.update(settled=True)


def test_a_certificate_older_than_the_known_defence_is_not_filled_in(db):
    """The first record knows the defence, the second only a certificate: together they can't be, so a person decides."""
    number = staying.paper_number()
    known = persons.candidate(name="林知远", kind="id_card", number=number, defended_on=date(2025, 12, 1))
    persons.settle(known, on=ON)
    told = {"has_certificate": True, "degree_on": date(2025, 6, 30), "degree_school": "测试大学"}
    second = persons.candidate(name="林知远", kind="id_card", number=number, **told)
    kept, differing = persons.settle(second, on=ON)
    kept.refresh_from_db()
    assert kept.pk == known.pk
    assert differing == {"degree_on": ["", "2025-06-30"]}
    assert (kept.has_certificate, kept.degree_on, kept.degree_school) == (True, None, "测试大学")


@pytest.mark.parametrize("kind", ["overseas", "doctor_station"])
def test_a_station_that_may_not_recruit_is_told(kind, city, people):
    from portal.models import Setting

    Setting.objects.create(
        pack=city.pack, code="stations.recruiting", title="哪些站招收", why="测试", kind="choices",
        options={"national": "国家级"}, value=["national"],
    )  # fmt: skip
    station = staying.station(city, people, kind=make.StationKind(kind))
    with pytest.raises(Refused, match="不招收博士后"):
        staying.begun(city, people, at=station)
    assert list(actions.recruiting(people[Role.HANDLER])) == []


def test_a_withdrawal_needs_a_hearing_a_ground_and_a_paper(city, people):
    stay = staying.brought_to("here", city, people)
    with pytest.raises(Refused, match="听取本人意见"):
        staying.step(stay, "ask_withdrawal", people, heard_on="")
    stay = staying.step(stay, "ask_withdrawal", people)
    stay = staying.step(stay, "withdraw", people)
    assert (stay.withdrawn_on, stay.ended_on, stay.withdrawal_ground) == (ON, ON, "11")


def test_who_leaves_is_out_from_that_day_and_owes_the_destination(city, people):
    stay = staying.brought_to("left", city, people)
    matter = Matter.objects.get(pk=stay.matter_id)
    assert (stay.ended_on, matter.holder, matter.due_on) == (ON, "handler", ON + timedelta(30))
    assert not Stay.objects.inside(ON).exists()
    assert Stay.objects.inside(ON - timedelta(1)).get() == stay


def test_only_what_a_return_names_can_be_changed_and_it_comes_back_to_the_district(city, people):
    stay = staying.brought_to("district", city, people)
    items = [ReturnItem(target="field:topic", label="研究题目", code="R12")]
    stay = cycle.move(stay, "return", by=people[Role.DISTRICT], on=ON, items=items)
    by = people[Role.HANDLER]
    stay = actions.tell(stay, person={"mobile": "13900000009"}, values={"topic": "新题目", "salary": 1}, by=by)
    assert (stay.topic, stay.salary, stay.person.mobile) == ("新题目", None, "13900000000")
    stay = staying.step(stay, "submit", people)
    assert (stay.status, ReturnItem.objects.get().resolved_at is not None) == ("district", True)


def test_a_milestone_is_written_once_checked_by_an_official_and_not_before_the_entry(city, people):
    stay = staying.brought_to("here", city, people)
    by = people[Role.HANDLER]
    with pytest.raises(Refused, match="早于进站日期"):
        staying.milestone(stay, "proposal", date(2026, 5, 19), by)
    row = staying.milestone(stay, "proposal", date(2026, 5, 30), by)
    with pytest.raises(Refused, match="不由您办理"):
        actions.check(row, by=by, on=ON)
    assert actions.check(row, by=people[Role.DISTRICT], on=ON).checked_by == people[Role.DISTRICT]
    with pytest.raises(Exception, match="已经通过"):
        staying.milestone(stay, "proposal", date(2026, 5, 31), by)


@pytest.mark.django_db(transaction=True)
def test_two_filings_of_one_person_at_once_make_one_record():
    city = make.city()
    people = make.people(city)
    number = staying.paper_number()
    first = staying.brought_to("filing", city, people, number=number)
    other, them = make.people_of(city, make.enterprise(city.south), people, officer="other_district")
    second = staying.brought_to("filing", other, them, number=number)
    outcomes = at_once(lambda: staying.step(first, "file", people), lambda: staying.step(second, "file", them))
    assert sorted(type(o).__name__ for o in outcomes) == ["Refused", "Stay"]
    assert IdentityPaper.objects.filter(settled=True).count() == 1
    assert Stay.objects.filter(entered_on__isnull=False).count() == 1
    connection.close()
