"""Records that may be one person: found, compared, merged by a person, taken back, and never two at once."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from portal.lifecycle import Refused
from portal.models import Event, Role
from postdocs.duplicates import actions, pairs
from postdocs.models import IdentityPaper, Merge, NotTheSame, Person, Ruling, Stay
from postdocs.people.actions import same_settled
from postdocs.stays.register import Entry, enter
from tests import make
from tests.postdocs import staying
from tests.threads import at_once

ON = make.ON
BORN = date(1990, 3, 1)
YEARS = {"entered_on": date(2026, 2, 1), "ended_on": date(2026, 4, 1)}


def settled(at, who, *, name="林知远", kind="id_card", number="", born=BORN, person=None, **days) -> Person:
    """Somebody whose stay is on record."""
    told = {"born_on": born, "degree_school": "测试大学", "degree_on": date(2020, 6, 1), "has_certificate": True}
    values = {"recruit_type": "alone", "identity": "graduate", "topic": "x", "discipline": "0809"}
    values |= {"contract_since": date(2026, 1, 1), "planned_until": date(2028, 1, 1), "supervisor_name": "x"}
    entry = Entry(
        station=at, name=name, kind=kind, number=number or staying.paper_number(born), person=told | (person or {}),
        values=values, **(YEARS | days),
    )  # fmt: skip
    (stay,) = enter([entry], by=who[Role.BUREAU_HANDLER])
    return Person.objects.get(pk=stay.person_id)


@pytest.fixture
def at(city, people):
    return staying.station(city, people)


@pytest.fixture
def pair(at, people):
    """Two records of one person, known by a card and by a passport."""
    first = settled(at, people, person={"mobile": "13900000001"})
    later = {"entered_on": date(2026, 5, 1), "ended_on": None}
    number = {"kind": "passport", "number": "E12345678"}
    second = settled(at, people, person={"mobile": "13900000002", "email": "a@b.cn"}, **number, **later)
    return pairs.in_order(first, second)


def merged(pair, people, *, chosen=None, by=None) -> Merge:
    kept, gone = pair
    about = {"seen": (kept.version, gone.version), "note": "同一人", "by": by or people[Role.BUREAU_HANDLER], "on": ON}
    return actions.merge(kept, gone, chosen=chosen or {}, **about)


@pytest.mark.parametrize(
    ("values", "reasons"),
    [
        ({}, 2),
        ({"born": date(1991, 3, 1)}, 1),
        ({"person": {"degree_on": date(2021, 6, 1)}}, 1),
        ({"born": date(1991, 3, 1), "person": {"degree_on": date(2021, 6, 1)}}, 0),
        ({"born": date(1991, 3, 1), "person": {"degree_school": "另一大学"}}, 0),
        ({"name": "林知近"}, 0),
    ],
)
def test_records_that_look_alike_are_listed_with_the_reason(values, reasons, at, people):
    settled(at, people)
    settled(at, people, entered_on=date(2026, 5, 1), ended_on=None, **values)
    found = pairs.possible(people[Role.BUREAU_HANDLER])
    assert [len(pair.reasons) for pair in found] == ([reasons] if reasons else [])


def test_a_candidate_is_never_listed(city, at, people):
    settled(at, people)
    staying.begun(city, people, at=at, born_on=BORN, degree_school="测试大学")
    assert pairs.possible(people[Role.BUREAU_HANDLER]) == []


def test_another_city_is_not_compared(pair, people):
    assert pairs.possible(make.user(Role.BUREAU_HANDLER, district=make.district("elsewhere"))) == []


def test_a_merge_moves_stays_papers_and_the_chosen_values(pair, people):
    kept, gone = pair
    row = merged(pair, people, chosen={"mobile": "gone", "email": "gone"})
    kept, gone = Person.objects.get(pk=kept.pk), Person.objects.get(pk=gone.pk)
    assert (kept.mobile, kept.email, gone.merged_into) == ("13900000002", "a@b.cn", kept)
    assert Stay.objects.filter(person=kept).count() == 2
    assert {(p.kind, p.plain[0]) for p in kept.papers.all()} == {("id_card", "9"), ("passport", "E")}
    assert not Stay.objects.filter(person=gone).exists()
    assert row.before["values"]["mobile"] == "13900000001"
    assert pairs.possible(people[Role.BUREAU_HANDLER]) == []


def everything() -> list:
    """Every record as it is, apart from its version, with its papers in the clear."""
    people = [
        {k: v for k, v in row.items() if k != "version"} for row in Person.objects.order_by("pk").values()
    ]  # fmt: skip
    papers = [(p.person_id, p.kind, p.plain, p.settled) for p in IdentityPaper.objects.order_by("kind", "number_index")]
    return [people, papers, list(Stay.objects.order_by("pk").values_list("pk", "person"))]


@pytest.mark.parametrize("kind", ["passport", "id_card"], ids=["another paper", "another number of the same kind"])
def test_undoing_gives_back_exactly_what_was(kind, at, people):
    first = settled(at, people, person={"mobile": "13900000001"})
    number = "E12345678" if kind == "passport" else staying.paper_number(BORN)
    later = {"entered_on": date(2026, 5, 1), "ended_on": None}
    second = settled(at, people, kind=kind, number=number, person={"mobile": "13900000002"}, **later)
    was = everything()
    row = merged((first, second), people, chosen={"mobile": "gone", "paper.id_card": "gone"})
    assert everything() != was
    if kind == "id_card":
        assert first.papers.get().plain == number
    actions.undo(row, note="看错了", by=people[Role.BUREAU_REVIEWER], on=ON)
    assert everything() == was
    with pytest.raises(Refused, match="已经撤销"):
        actions.undo(row, note="x", by=people[Role.BUREAU_REVIEWER], on=ON)


def test_the_number_that_was_not_chosen_still_leads_to_the_record_that_stays(city, at, people):
    numbers = [staying.paper_number(BORN) for _n in range(2)]
    first = settled(at, people, number=numbers[0])
    second = settled(at, people, number=numbers[1], entered_on=date(2026, 4, 2), ended_on=date(2026, 5, 1))
    merged((first, second), people)
    for number in numbers:
        candidate = staying.begun(city, people, at=at, number=number).person
        assert same_settled(candidate) == first


@pytest.mark.parametrize("change", ["told", "another stay"])
def test_what_changed_since_can_not_be_undone(change, city, pair, at, people):
    row = merged(pair, people)
    if change == "told":
        kept = Person.objects.get(pk=pair[0].pk)
        kept.version += 1
        kept.save()
    else:
        number = pair[0].papers.first().plain
        settled(at, people, number=number, entered_on=date(2025, 1, 1), ended_on=date(2025, 2, 1))
    with pytest.raises(Refused, match="又有了变动"):
        actions.undo(row, note="x", by=people[Role.BUREAU_HANDLER], on=ON)


def test_two_stays_at_once_are_not_of_one_person(at, people):
    first = settled(at, people, ended_on=None)
    second = settled(at, people, entered_on=date(2026, 5, 1), ended_on=None)
    with pytest.raises(Refused, match="在站时间重叠"):
        merged((first, second), people)
    third = settled(at, people, entered_on=date(2025, 1, 1), ended_on=date(2026, 2, 1))
    merged((first, third), people)


def test_a_record_that_changed_while_somebody_compared_is_compared_again(pair, people):
    Person.objects.filter(pk=pair[1].pk).update(version=7)
    with pytest.raises(Refused, match="重新比对"):
        merged(pair, people)


def test_two_accounts_are_not_merged_and_the_one_with_an_account_stays(city, pair, people):
    kept, gone = pair
    gone.user = make.user(Role.POSTDOC, district=city.root)
    gone.save()
    assert pairs.in_order(kept, gone) == (gone, kept)
    kept.user = make.user(Role.POSTDOC, district=city.root)
    kept.save()
    with pytest.raises(Refused, match="本人账号"):
        merged((kept, gone), people)


def test_two_who_are_not_the_same_are_not_listed_again(pair, people):
    for _twice in range(2):
        actions.not_the_same(*pair, note="兄弟", by=people[Role.BUREAU_HANDLER], on=ON)
    assert (NotTheSame.objects.count(), pairs.possible(people[Role.BUREAU_HANDLER])) == (1, [])


def test_what_points_to_a_person_goes_with_them():
    """Whoever adds a table about people need not think of this; what stays behind is named."""
    moved = {actions.key_of(rel) for rel in actions.relations()}
    assert {"postdocs.stay.person", "postdocs.careerrow.person"} <= moved
    assert not {"postdocs.disclosure.person", "postdocs.merge.kept", "postdocs.identitypaper.person"} & moved


def test_the_page_compares_chooses_and_merges(pair, people):
    client = Client()
    client.force_login(people[Role.BUREAU_HANDLER], "portal.accounts.Backend")
    url = reverse("postdocs:duplicate", args=[pair[1].pk, pair[0].pk])
    page = client.get(url)
    assert (page.status_code, page.context["kept"]) == (200, pair[0])
    text = page.content.decode()
    assert "13900000001" in text
    assert "2026-05-20 进站" in text or " 至 " in text  # no period that leads nowhere
    assert "博士论文摘要" not in text  # of which neither says anything
    english = client.get(url, headers={"accept-language": "en"}).content.decode()
    assert ("China" in english, "中国" in english) == (True, False)
    data = {"versions": f"{pair[0].version}.{pair[1].version}", "take-mobile": "gone", "take-email": "gone"}
    data |= {f"take-paper.{kind}": "kept" for kind in ("id_card", "passport")} | {"take-sex": "kept"}
    assert client.post(url, data).status_code == 422  # no reason given
    assert client.post(url, data | {"versions": "x", "note": "同一人"}).status_code == 422
    assert client.post(url, data | {"note": "同一人"}).status_code == 302
    assert Person.objects.get(pk=pair[0].pk).mobile == "13900000002"
    assert client.get(url).status_code == 404
    assert client.get("/people/duplicates/").status_code == 200


def test_what_a_filed_entry_told_otherwise_is_decided_column_by_column(city, people):
    number = staying.paper_number()
    first = staying.brought_to("here", city, people, number=number)
    staying.step(staying.step(first, "ask_withdrawal", people), "withdraw", people)
    told = {"mobile": "13911111111", "degree_school": "另一大学", "degree_on": date(2026, 1, 5)}
    second = staying.told(city, people, number=number, at=first.station, person=told)
    for action in ("submit", "accept"):
        second = staying.step(second, action, people)
    late = {"entered_on": date(2026, 6, 9).isoformat()}
    second = staying.step(second, "file", people, on=date(2026, 6, 10), **late)
    (event,) = pairs.differences(people[Role.BUREAU_HANDLER])
    assert event == Event.objects.get(matter=second.matter, action="file")
    lines = {line.name: (line.first, line.second) for line in pairs.told_otherwise(event, second.person)}
    assert lines["mobile"] == ("13900000000", "13911111111")
    about = {"note": "看了证书", "by": people[Role.BUREAU_HANDLER], "on": ON}
    actions.rule(
        event, second.person, chosen={"mobile": "told", "degree_on": "told", "degree_school": "known"}, **about
    )
    person = Person.objects.get(pk=first.person_id)
    assert (person.mobile, person.degree_school, person.degree_on) == ("13911111111", "测试大学", date(2026, 1, 5))
    assert not pairs.differences(people[Role.BUREAU_HANDLER]).exists()
    with pytest.raises(Refused, match="已有人处理"):
        actions.rule(event, person, chosen={}, **about)
    assert Ruling.objects.get().chosen["mobile"] == "told"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("second", ["merge", "undo"])
def test_two_people_at_once_do_it_once(second):
    city = make.city()
    people = make.people(city)
    at = staying.station(city, people)
    one = settled(at, people)
    two = settled(at, people, entered_on=date(2026, 5, 1), ended_on=None)
    if second == "merge":
        calls = [lambda: merged((one, two), people), lambda: merged((two, one), people)]
    else:
        row = merged((one, two), people)
        about = {"note": "x", "by": people[Role.BUREAU_HANDLER], "on": ON}
        calls = [lambda: actions.undo(row, **about)] * 2
    outcomes = at_once(*calls)
    assert sorted(type(o).__name__ for o in outcomes) == ["Merge", "Refused"]
    assert Merge.objects.filter(undone_on=None).count() == (1 if second == "merge" else 0)
    connection.close()
