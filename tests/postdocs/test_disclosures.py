"""Showing a number and looking one up: for a purpose, once, on record, and the same answer for a foreign number."""

import logging
import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from portal.lifecycle import Refused
from portal.models import Role, Setting
from postdocs.disclosures import actions
from postdocs.disclosures.models import WrittenOnce
from postdocs.models import Disclosure, Person
from tests import make
from tests.postdocs import staying
from tests.threads import at_once

ON = make.ON


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, "portal.accounts.Backend")
    return client


@pytest.fixture
def stay(city, people):
    return staying.brought_to("here", city, people)


def address(stay) -> str:
    return reverse("postdocs:paper", args=[stay.person_id, stay.person.papers.get().pk])


def daily(city, number) -> None:
    Setting.objects.create(
        pack=city.pack, code="persons.reveals_daily", title="x", why="x", kind="integer", value=number
    )


@pytest.mark.parametrize("role", [Role.HANDLER, Role.DISTRICT, Role.BUREAU_HANDLER])
def test_a_number_is_shown_once_for_a_purpose_and_that_is_on_record(role, stay, people, caplog):
    number, client = stay.person.papers.get().plain, signed_in(people[role])
    assert number not in client.get(address(stay)).content.decode()
    with caplog.at_level(logging.DEBUG):
        page = client.post(address(stay), {"purpose": "filing", "note": ""})
    assert page.status_code == 200
    assert number in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert page["Refresh"] == f"60; url=/people/{stay.person_id}/"
    assert number not in caplog.text
    row = Disclosure.objects.get()
    assert (row.by, row.person, row.matter, row.purpose) == (people[role], stay.person, stay.matter, "filing")
    assert number not in client.get(f"/people/{stay.person_id}/").content.decode()


@pytest.mark.parametrize("data", [{}, {"purpose": "fun"}, {"purpose": "other", "note": " "}])
def test_without_a_purpose_nothing_is_shown(data, stay, people):
    page = signed_in(people[Role.DISTRICT]).post(address(stay), data)
    assert page.status_code == 422
    assert stay.person.papers.get().plain not in page.content.decode()
    assert not Disclosure.objects.exists()


def test_somebody_elsewhere_finds_no_page(city, people, stay):
    other = make.user(Role.DISTRICT, district=city.south)
    page = signed_in(other).post(address(stay), {"purpose": "filing"})
    assert (page.status_code, Disclosure.objects.count()) == (404, 0)


def test_todays_share_is_refused_with_a_sentence_and_begins_anew_tomorrow(city, people, stay):
    daily(city, 2)
    paper, about = stay.person.papers.get(), {"purpose": "filing", "note": "", "by": people[Role.DISTRICT]}
    actions.show(paper, matter=stay.matter, on=ON, **about)
    actions.look_up("E12345678", on=ON, **about)
    with pytest.raises(Refused, match="已满 2 次"):
        actions.show(paper, matter=stay.matter, on=ON, **about)
    actions.show(paper, matter=stay.matter, on=ON + timedelta(1), **about)
    actions.show(paper, matter=stay.matter, on=ON, **about | {"by": people[Role.BUREAU_HANDLER]})
    assert Disclosure.objects.count() == 4


def test_what_is_on_record_stays_as_it_is(stay, people):
    actions.show(
        stay.person.papers.get(), matter=stay.matter, purpose="filing", note="", by=people[Role.DISTRICT], on=ON
    )
    with pytest.raises(WrittenOnce):
        Disclosure.objects.update(note="x")
    with pytest.raises(WrittenOnce):
        Disclosure.objects.all().delete()
    with pytest.raises(WrittenOnce):
        Disclosure.objects.get().delete()


@pytest.mark.parametrize(
    ("values", "name"),
    [({"kind": "shown"}, "disclosure_of_something"), ({"purpose": "other"}, "disclosure_explained")],
)
def test_the_database_wants_to_know_of_what_and_why(values, name, city, people):
    given = {"kind": "searched", "by": people[Role.DISTRICT], "on": ON, "district": city.root, "purpose": "filing"}
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Disclosure.objects.create(**given | values)


# --- looking up --------------------------------------------------------------------------------

TOKEN = re.compile(r'(csrf|csrfmiddlewaretoken)" (value|content)="\w+"|[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32}')


def found(client, number, kind="id_card"):
    page = client.post("/people/search/", {"kind": kind, "number": number, "purpose": "compare"})
    return page.status_code, TOKEN.sub("", page.content.decode())


def test_a_foreign_number_and_one_that_nobody_has_are_answered_alike(city, people, stay):
    number = stay.person.papers.get().plain
    client = signed_in(make.user(Role.DISTRICT, district=city.south))
    foreign, missing = found(client, number), found(client, staying.paper_number())
    assert foreign == missing
    assert number not in foreign[1]
    assert Disclosure.objects.filter(kind="searched", person=None).count() == 2
    data = {"kind": "id_card", "number": number, "purpose": "compare"}
    here = signed_in(people[Role.DISTRICT]).post("/people/search/", data).content.decode()
    assert f'href="/people/{stay.person_id}/"' in here
    assert number not in here


def test_a_candidate_of_another_enterprise_is_not_found(city, people):
    number = staying.paper_number()
    draft = staying.begun(city, people, number=number)
    _place, them = make.people_of(city, make.enterprise(city.north), people)
    about = {"purpose": "compare", "note": "", "on": ON}
    assert actions.look_up(number, by=people[Role.HANDLER], **about) == draft.person
    assert actions.look_up(number, by=them[Role.HANDLER], **about) is None
    assert actions.look_up(number, by=people[Role.DISTRICT], **about) is None  # not handed in yet


def test_a_search_is_only_posted_and_a_part_of_a_number_is_none(people):
    client = signed_in(people[Role.DISTRICT])
    assert client.get("/people/search/?number=320583").status_code == 200
    assert found(client, "320583")[0] == 422
    assert not Disclosure.objects.exists()


# --- who looked --------------------------------------------------------------------------------


def test_the_person_reads_who_looked_and_the_auditor_reads_all(city, people, stay):
    me = make.user(Role.POSTDOC, district=city.root)
    Person.objects.filter(pk=stay.person_id).update(user=me)
    paper = stay.person.papers.get()
    actions.show(paper, matter=stay.matter, purpose="other", note="核对合同", by=people[Role.DISTRICT], on=ON)
    assert "核对合同" in signed_in(me).get("/me/").content.decode()
    auditor = signed_in(people[Role.AUDITOR])
    listed = auditor.get("/disclosures/", {"q": str(stay.person), "purpose": "other"})
    assert [d.note for d in listed.context["rows"]] == ["核对合同"]
    assert auditor.get("/disclosures/", {"purpose": "filing"}).context["rows"] == []
    book = auditor.get("/disclosures/export/")
    assert (book.status_code, paper.plain.encode() in book.content) == (200, False)
    elsewhere = signed_in(make.user(Role.AUDITOR, district=make.district("elsewhere")))
    assert elsewhere.get("/disclosures/").context["rows"] == []


@pytest.mark.django_db(transaction=True)
def test_two_at_once_do_not_share_the_last_one():
    city = make.city()
    people = make.people(city)
    stay = staying.brought_to("here", city, people)
    daily(city, 1)
    paper = stay.person.papers.get()
    about = {"matter": stay.matter, "purpose": "filing", "note": "", "by": people[Role.DISTRICT], "on": ON}
    outcomes = at_once(lambda: actions.show(paper, **about), lambda: actions.show(paper, **about))
    assert sorted(type(o).__name__ for o in outcomes) == ["Refused", "str"]
    assert Disclosure.objects.count() == 1
    connection.close()
