"""What the national form asks for beside: told by choice, sealed, read by the unit that typed it and by the person."""

import pytest
from django.test import Client

from portal.models import Role
from postdocs.models import Particulars, Person
from postdocs.particulars import actions, rows
from postdocs.stays import actions as stays
from tests import make
from tests.postdocs import staying

ON = make.ON
TOLD = {"marital": "married", "spouse_name": "周宁", "spouse_follows": False, "children": "周小满 2022-03"}


def told(stay, who, more=TOLD):
    return stays.tell(stay, person={"abstract": "论文讲缺陷检测"}, values={}, by=who[Role.HANDLER], more=more)


def test_nobody_must_tell_anything(city, people):
    stay = staying.told(city, people)
    assert (rows.told_of(stay.person), actions.read(stay.person, people[Role.HANDLER], stay)) == ({}, [])
    staying.step(told(stay, people, more={}), "submit", people)
    assert not Particulars.objects.exists()


def test_what_is_told_can_not_be_read_in_the_database(city, people):
    stay = told(staying.told(city, people), people)
    row = Particulars.objects.get()
    assert rows.told_of(stay.person) == TOLD
    assert "周宁".encode() not in bytes(row.content)
    assert not rows.keep(stay.person, TOLD)
    told(stay, people, more=dict.fromkeys(TOLD, ""))
    assert not Particulars.objects.exists()


def test_it_is_read_by_the_unit_until_the_entry_is_filed_and_by_the_person(city, people):
    stay = told(staying.told(city, people), people)
    lines = [("婚姻状况", "已婚"), ("配偶姓名", "周宁"), ("配偶随站流动", "否"), ("子女情况", "周小满 2022-03")]
    lines += [("博士论文摘要", "论文讲缺陷检测")]
    stay = staying.step(stay, "submit", people)
    readers = (Role.HANDLER, Role.DISTRICT, Role.BUREAU_HANDLER, Role.POSTDOC)
    assert [actions.read(stay.person, people[r], stay) for r in readers] == [lines, [], [], []]
    for step in ("accept", "file"):
        stay = staying.step(stay, step, people)
    Person.objects.filter(pk=stay.person_id).update(user=people[Role.POSTDOC])
    stay.person.refresh_from_db()
    assert [actions.read(stay.person, people[r], stay) for r in readers] == [[], [], [], lines]


def test_it_goes_with_the_record_that_stays(city, people):
    number = staying.paper_number()
    first = staying.brought_to("here", city, people, number=number)
    staying.step(staying.step(first, "ask_withdrawal", people), "withdraw", people)
    second = told(staying.told(city, people, at=first.station, number=number), people)
    for step in ("submit", "accept"):
        second = staying.step(second, step, people)
    second = staying.step(
        second, "file", people, on=make.ON.replace(month=12), entered_on=str(make.ON.replace(month=11))
    )
    assert (second.person_id, rows.told_of(second.person)) == (first.person_id, TOLD)


@pytest.fixture
def handler(people):
    client = Client()
    client.force_login(people[Role.HANDLER], "portal.accounts.Backend")
    return client


def test_the_form_of_an_entry_keeps_it_folded_and_opens_it_where_something_is_wrong(city, people, handler):
    stay = staying.begun(city, people)
    page = f"/postdocs/{stay.matter.number}/entry/"
    assert '<details class="sheet fold"><summary>' in handler.get(page).content.decode()
    given = {"person-name": "林知远", "more-marital": "single", "more-spouse_name": "周" * 61}
    answer = handler.post(page, given)
    assert (answer.status_code, '<details class="sheet fold" open>' in answer.content.decode()) == (422, True)
    assert "周" * 61 in answer.content.decode()
    assert handler.post(page, given | {"more-spouse_name": ""}).status_code == 302
    assert rows.told_of(stay.person) == {"marital": "single"}
