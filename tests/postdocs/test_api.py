"""Postdocs by program: the rows and filters of the page, since a moment, and never a number of a paper."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils.timezone import now

from portal.models import Matter, Role
from postdocs.stays.register import Entry, enter
from tests import make
from tests.postdocs import staying
from tests.stations.test_api import api, results


@pytest.fixture
def stay(city, people):
    """One in station in the north; another in the south; a draft that only its enterprise sees."""
    place = staying.station(city, people)
    number = staying.paper_number()
    entry = Entry(
        station=place, name="林知远", kind="id_card", number=number, entered_on=date(2026, 3, 2),
        values={"recruit_type": "alone", "identity": "employed", "salary": 260000}, person={"mobile": "13900000001"},
    )  # fmt: skip
    south = make.station(city, people[Role.BUREAU_APPROVER], district=city.south, approved_on=date(2026, 1, 1))
    other = Entry(
        station=south, name="王二", kind="id_card", number=staying.paper_number(), entered_on=date(2025, 3, 2),
        ended_on=date(2026, 1, 5),
    )  # fmt: skip
    row, _other = enter([entry, other], by=people[Role.BUREAU_HANDLER])
    row.hidden = [number, "13900000001"]
    staying.begun(city, people, at=place, name="草稿")
    return row


def test_a_stay_is_told_as_its_page_tells_it_without_number_and_telephone(stay, people):
    ask = api(people[Role.DISTRICT])
    (told,) = results(ask("postdocs"))
    assert (told["number"], told["name"], told["status"]) == (stay.matter.number, "林知远", "here")
    assert (told["entered_on"], told["ended_on"], told["salary"]) == ("2026-03-02", None, "260000.00")
    assert (told["in_service"], told["station"], told["district"]) == (
        True,
        stay.station.matter.number,
        "testcity-north",
    )
    answer = ask(f"postdocs/{stay.matter.number}")
    assert answer.json() == told
    assert not [secret for secret in (*stay.hidden, stay.hidden[0][:10]) if secret in answer.content.decode()]


def test_everybody_reads_what_they_may_see(stay, people):
    names = {
        role: {row["name"] for row in results(api(people[role])("postdocs"))}
        for role in (Role.HANDLER, "other_unit", Role.DISTRICT, "other_district", Role.BUREAU_HANDLER, Role.AUDITOR)
    }
    assert names == {
        Role.HANDLER: {"林知远", "草稿"},
        "other_unit": set(),
        Role.DISTRICT: {"林知远"},
        "other_district": {"王二"},
        Role.BUREAU_HANDLER: {"林知远", "王二"},
        Role.AUDITOR: {"林知远", "王二"},
    }
    assert api(people["other_district"])(f"postdocs/{stay.matter.number}").status_code == 404
    assert Client().get("/api/v1/postdocs/").status_code in (302, 401, 403)


def test_it_is_narrowed_as_the_page_is(stay, people):
    ask = api(people[Role.BUREAU_HANDLER])
    for query, names in (
        ({"q": "lzy"}, ["林知远"]),
        ({"shown": "out"}, ["王二"]),
        ({"year": "2025"}, ["王二"]),
        ({"time": "part"}, ["林知远"]),
        ({"recruit_type": "alone"}, ["林知远"]),
        ({"q": stay.matter.number}, ["林知远"]),
    ):
        assert [row["name"] for row in results(ask("postdocs", **query))] == names
    assert ask("postdocs", shown="nobody").status_code == 400


def test_what_changed_since_a_moment(stay, people):
    Matter.objects.exclude(pk=stay.matter_id).update(changed_at=now() - timedelta(days=3))
    ask = api(people[Role.BUREAU_HANDLER])
    assert [row["name"] for row in results(ask("postdocs", updated_since=(now() - timedelta(days=1)).isoformat()))] == [
        "林知远"
    ]
    assert results(ask("postdocs", updated_since=(now() + timedelta(days=1)).isoformat())) == []


def test_the_description_names_no_number_of_a_paper(people):
    schema = api(people[Role.BUREAU_HANDLER])("schema").content.decode()
    assert "/api/v1/postdocs/{number}/" in schema
    assert "number_index" not in schema
