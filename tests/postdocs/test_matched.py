"""Which match led to a stay: said on a page, seen from all three sides, guarded by the database."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from portal.lifecycle import Refused
from portal.models import Event, Role
from postdocs.matched import actions
from postdocs.models import Stay
from stations.models import Demand, Match, Station, StationKind
from tests import make
from tests.postdocs import staying
from tests.reading import Visitor

AGREED = date(2026, 3, 1)


@pytest.fixture
def stay(city, people) -> Stay:
    return staying.brought_to("here", city, people)


@pytest.fixture
def match(city, people) -> Match:
    row = make.match(city, people, status="entered")
    Match.objects.filter(pk=row.pk).update(met_on=AGREED, matched_on=AGREED, signed_on=AGREED)
    return Match.objects.get()


def say(stay: Stay, match: Match | None, by) -> Stay:
    return actions.say(Stay.objects.get(pk=stay.pk), match, by=by, on=staying.ON)


@pytest.mark.parametrize("role", [Role.HANDLER, Role.DISTRICT, Role.BUREAU_HANDLER])
def test_a_match_is_named_on_the_page_of_a_stay_and_seen_from_match_and_demand(role, city, people, stay, match):
    visitor = Visitor(people[role])
    visitor.go(stay.get_absolute_url())
    assert "登记由哪次对接引进" in visitor.text
    url = f"/postdocs/{stay.matter.number}/match/"
    answer = visitor.go(url).client.post(url, {"match": match.pk})
    assert (answer.status_code, answer.url) == (302, stay.get_absolute_url())
    assert match.get_absolute_url() in visitor.go(stay.get_absolute_url()).page
    for row in (match, match.demand):
        assert (
            f'<a href="{stay.get_absolute_url()}">林知远，2026-05-20 进站</a>'
            in visitor.go(row.get_absolute_url()).page
        )
    (event,) = Event.objects.filter(matter=stay.matter_id, action="match")
    assert event.details == {"match": match.matter.number}
    assert visitor.client.get(f"/api/v1/postdocs/{stay.matter.number}/").json()["match"] == match.matter.number
    visitor.client.post(url, {"match": ""})
    assert Stay.objects.get().match is None
    assert Event.objects.filter(matter=stay.matter_id, action="unmatch").count() == 1


@pytest.mark.parametrize(
    "values",
    [{"status": "talking", "signed_on": None}, {"status": "ended"}, {"signed_on": date(2026, 5, 21)}],
    ids=["still talking", "ended", "signed after the entry"],
)
def test_a_match_that_did_not_lead_there_is_not_offered_and_refused(values, people, stay, match):
    Match.objects.filter(pk=match.pk).update(
        **{"entered_on": None, "people": None, "status": "signed", "matched_on": None, "met_on": None} | values
    )
    by = people[Role.HANDLER]
    assert not actions.possible(stay).exists()
    with pytest.raises(Refused, match="签约晚于进站"):
        say(stay, Match.objects.get(), by)
    url = f"/postdocs/{stay.matter.number}/match/"
    assert "没有进站以前签约的对接" in Visitor(by).go(url).text
    answer = Visitor(by).client.post(url, {"match": match.pk})
    assert (answer.status_code, Stay.objects.get().match) == (422, None)


def test_a_match_signed_on_the_day_of_the_entry_may_have_led_to_it(people, stay, match):
    Match.objects.update(signed_on=staying.ENTERED, matched_on=AGREED)
    assert say(stay, match, people[Role.HANDLER]).match == match


def test_nobody_else_says_so(city, people, stay, match):
    other = make.enterprise(city.south)
    strangers = make.user(Role.HANDLER, organisation=other.organisation), make.user(Role.DISTRICT, district=city.south)
    url = f"/postdocs/{stay.matter.number}/match/"
    assert [Visitor(user).go(url).status for user in strangers] == [404, 404]
    with pytest.raises(Refused, match="不由您登记"):
        say(stay, match, strangers[0])


def elsewhere(city, people) -> Station:
    return staying.station(city, people, owner=make.enterprise(city.north))


def refused(write) -> None:
    with pytest.raises(IntegrityError, match="same enterprise and station"), transaction.atomic():
        write()


def test_the_database_refuses_a_match_of_another_enterprise_or_station(city, people, stay, match):
    other = Station.objects.get(pk=elsewhere(city, people).pk)
    second = staying.station(city, people, kind=StationKind.BASE_PROVINCIAL)
    stays, demands = Stay.objects.filter(pk=stay.pk), Demand.objects.filter(pk=match.demand_id)
    demands.update(enterprise=other.enterprise)
    refused(lambda: stays.update(match=match))
    demands.update(enterprise=city.enterprise, station=second)
    refused(lambda: stays.update(match=match))
    demands.update(station=stay.station)
    stays.update(match=match)
    refused(lambda: stays.update(station=second))
    refused(lambda: demands.update(station=second))
    refused(lambda: demands.update(enterprise=other.enterprise))
    strange = make.demand(city, people)
    Demand.objects.filter(pk=strange.pk).update(enterprise=other.enterprise)
    refused(lambda: Match.objects.filter(pk=match.pk).update(demand=strange))


def test_a_match_of_the_station_before_its_upgrade_counts(city, people, stay, match):
    before = staying.station(city, people, kind=StationKind.BASE_PROVINCIAL)
    Demand.objects.filter(pk=match.demand_id).update(station=before)
    assert not actions.possible(stay).exists()
    Station.objects.filter(pk=stay.station_id).update(upgraded_from=before)
    assert say(stay, match, people[Role.HANDLER]).match == match
