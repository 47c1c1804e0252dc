"""Destinations, visits, requests, doctors, talents, selections and insurance by program: whose rows, narrowed as the page
is, since a moment, and never the whole number of a paper."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from portal.models import Matter, Role
from postdocs.destinations import actions as destinations
from postdocs.models import Doctor, Selection, Talent
from tests import make
from tests.postdocs import rostering, serving, staying
from tests.postdocs.test_destinations import HOST, asked, went
from tests.stations.test_api import api, results

LATER = (now() + timedelta(1)).isoformat()
OFFICE = (Role.DISTRICT, Role.BUREAU_HANDLER, Role.AUDITOR)
STRANGERS = ("other_unit", "other_district")


@pytest.fixture
def told(city, people):
    """One of each sort of rows in the north, told by its enterprise; `number` is the doctor's."""
    station = staying.station(city, people)
    city.number = staying.paper_number()
    rostering.doctor(city, people[Role.HANDLER], number=city.number, channel="fair")
    rostering.talent(station, people[Role.HANDLER])
    rostering.selection(station, people[Role.HANDLER], rostering.programme(city, kind="roadshow"), project="项目")
    rostering.insured(city.enterprise, city.number, people[Role.BUREAU_HANDLER], {"2026-04": True, "2026-03": False})
    return city


@pytest.mark.parametrize("path", ["doctors", "talents", "selections", "insurance"])
def test_told_rows_are_of_whom_one_may_see_and_since_a_moment(path, told, people):
    (row,) = results(api(people[Role.HANDLER])(path))
    assert (row["code"], row["district"]) == (told.enterprise.organisation.code, "testcity-north")
    for role in OFFICE:
        assert results(api(people[role])(path)) == [row]
    for role in STRANGERS:
        assert results(api(people[role])(path)) == []
    ask = api(people[Role.BUREAU_HANDLER])
    assert results(ask(path, updated_since=(now() - timedelta(900)).isoformat())) == [row]
    assert results(ask(path, updated_since=LATER)) == []
    assert told.number not in ask(path).content.decode()
    assert ask(path, updated_since="gestern").status_code == 400


def test_told_rows_are_narrowed_as_their_pages_are(told, people):
    ask = api(people[Role.BUREAU_HANDLER])
    for path, query, n in (
        ("doctors", {"q": "周博"}, 1), ("doctors", {"engagement": "dual"}, 0), ("doctors", {"state": "waiting"}, 1),
        ("doctors", {"district": told.south.pk}, 0), ("talents", {"degree": "master", "post": "research"}, 1),
        ("talents", {"state": "confirmed"}, 0), ("selections", {"kind": "roadshow", "year": "2026"}, 1),
        ("selections", {"kind": "plan"}, 0), ("insurance", {"code": told.enterprise.organisation.code}, 1),
        ("insurance", {"q": "没有这家"}, 0),
    ):  # fmt: skip
        assert len(results(ask(path, **query))) == n, (path, query)
    assert ask("talents", post="nothing").status_code == 400


def test_what_told_rows_say(told, people):
    ask = api(people[Role.DISTRICT])
    (doctor,), (talent,) = results(ask("doctors")), results(ask("talents"))
    assert (doctor["name"], doctor["since"], doctor["until"]) == ("周博文", "2026-03-02", None)
    assert (doctor["degree_on"], doctor["confirmed_on"]) == ("2025-12-30", None)
    number = told.number
    assert doctor["papers"] == [{"kind": "id_card", "number": f"{number[:2]}{'*' * 14}{number[-2:]}"}]
    assert (talent["station"], talent["relation"]) == (Talent.objects.get().station.matter.number, "team")
    (selection,), (insured,) = results(ask("selections")), results(ask("insurance"))
    assert (selection["project"], selection["postdoc"], selection["name"]) == ("项目", None, None)
    assert (selection["programme"], selection["kind"], selection["amount"]) == ("plan", "roadshow", None)
    assert [(m["month"], m["paid"]) for m in insured["months"]] == [("2026-03-01", False), ("2026-04-01", True)]
    rostering.told.confirm(Doctor.objects.get(), by=people[Role.DISTRICT], on=make.ON)
    assert results(ask("doctors"))[0]["confirmed_on"] == make.ON.isoformat()
    assert Selection.objects.get().confirmed_on is None


def test_visits_are_for_the_offices_and_requests_for_whom_they_concern(city, people):
    station = staying.station(city, people)
    seen, need = serving.found_on_a_visit(city, people, station)
    stay = staying.brought_to("here", city, people, at=station)
    own = serving.asked(city, stay, serving.own(stay, city))
    (visit,) = results(api(people[Role.DISTRICT])("visits"))
    assert (visit["kind"], visit["number"], visit["needs"]) == (
        "station", seen.station.matter.number, [need.matter.number],
    )  # fmt: skip
    assert results(api(people[Role.AUDITOR])("visits", kind="station", since=seen.visited_on)) == [visit]
    assert results(api(people[Role.DISTRICT])("visits", kind="stay")) == []
    assert results(api(people[Role.DISTRICT])("visits", updated_since="2099-01-01T08:00:00+08:00")) == []
    assert results(api(people["other_district"])("visits")) == []
    assert api(people[Role.HANDLER])("visits").status_code == 403
    told = {r["number"]: r for r in results(api(people[Role.DISTRICT])("requests"))}
    assert set(told) == {own.matter.number, need.matter.number}
    first = told[own.matter.number]
    assert (first["enterprise"], first["postdoc"], first["side"], first["score"]) == (
        None, stay.matter.number, "postdoc", None,
    )  # fmt: skip
    assert (told[need.matter.number]["visit"], told[need.matter.number]["name"]) == (seen.pk, None)
    assert [r["number"] for r in results(api(people[Role.HANDLER])("requests"))] == [need.matter.number]
    assert api(people[Role.HANDLER])(f"requests/{own.matter.number}").status_code == 404
    assert api(people[Role.BUREAU_HANDLER])(f"requests/{own.matter.number}").json() == first
    assert results(api(people[Role.DISTRICT])("requests", service=need.service_id, status="rated")) == []
    assert results(api(people[Role.DISTRICT])("requests", updated_since=LATER)) == []


def test_destinations_are_of_those_who_left_and_null_as_long_as_nobody_told(city, people):
    ask = api(people[Role.DISTRICT])
    stay = staying.brought_to("here", city, people)
    assert results(ask("destinations")) == []
    stay = went(stay, make.ON - timedelta(200))
    (row,) = results(ask("destinations"))
    assert (row["number"], row["destination"], row["follow_ups"]) == (stay.matter.number, None, [])
    destinations.settle(stay, HOST, by=people[Role.HANDLER], on=make.ON)
    asked(stay, 6, None)
    (row,) = results(ask("destinations", updated_since=(now() - timedelta(1)).isoformat(), district=city.north.pk))
    assert (row["destination"]["type"], row["destination"]["in_city"], row["destination"]["share"]) == (
        "host", True, None,
    )  # fmt: skip
    assert [(f["months"], f["in_city"]) for f in row["follow_ups"]] == [(6, None)]
    assert ask(f"destinations/{stay.matter.number}").json() == row
    for role in STRANGERS:
        assert results(api(people[role])("destinations")) == []
        assert api(people[role])(f"destinations/{stay.matter.number}").status_code == 404
    assert results(api(people[Role.BUREAU_HANDLER])("destinations", district=city.south.pk)) == []


def test_a_correction_that_moves_no_case_is_told_to_who_asks_what_changed(city, people):
    stay = went(staying.brought_to("here", city, people), make.ON - timedelta(200))
    destinations.settle(stay, HOST, by=people[Role.HANDLER], on=make.ON)
    Matter.objects.update(changed_at=now() - timedelta(9))
    stay.matter.events.update(recorded_at=now() - timedelta(9))
    ask, lately = api(people[Role.DISTRICT]), (now() - timedelta(1)).isoformat()
    assert results(ask("destinations", updated_since=lately)) == []
    about = {"by": people[Role.HANDLER], "on": make.ON, "reason": "x"}
    destinations.correct(stay, HOST | {"position": "工程师"}, **about)
    assert [r["number"] for r in results(ask("destinations", updated_since=lately))] == [stay.matter.number]


def test_the_description_names_every_topic(people):
    schema = api(people[Role.AUDITOR])("schema").content.decode()
    for path in ("outcomes", "destinations", "visits", "requests", "doctors", "talents", "selections", "insurance"):
        assert f"/api/v1/{path}/" in schema
    assert "number_index" not in schema
