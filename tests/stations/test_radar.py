"""The radar from kept rows: what is kept is what the clocks say, and is shown only while that is certain."""

from datetime import date, timedelta

import pytest
from django.utils.timezone import localdate, now

from portal import jobs
from portal.models import Job, Matter, Role
from stations.models import RadarRow, RadarSweep, Recruits, Station
from stations.standing import clocks, radar
from stations.standing.radar import EVERYBODY
from tests import make
from tests.reading import Visitor
from tests.stations import standing_cases
from tests.stations.standing_cases import clock, idle

TODAY = localdate()
LAST = TODAY.year - 1


@pytest.fixture
def stations(city, people):
    """One station in each place of the radar, in two districts, and one that no clock has anything to say of."""
    rule = clock(city)
    clock(city, "pay", starts="salary_day", criteria=(("salary_short", "exact", True), ("is_valid", "exact", True)))
    found = {
        name: idle(city, people, years=years, until=LAST, owner=make.enterprise(place))
        for name, years, place in (
            *(("due", 2, city.north), ("untold", 3, city.south), ("open", 2, city.south)),
            *(("soon", 1, city.north), ("later", 0, city.north)),
        )
    }
    Recruits.objects.get(station=found["untold"], year=LAST - 1).delete()
    given = {"station": found["later"], "year": TODAY.year, "counted_on": TODAY, "recorded_on": TODAY}
    Recruits.objects.create(**given, entered=1, source="测")
    found["case"] = standing_cases.begun(city, people, "warn", station=found["open"], rule=rule, on=TODAY)
    Job.objects.all().delete()
    return found


def keep(city, **among) -> int:
    return radar.keep(city.pack, on=TODAY, **among)


def told(reading) -> tuple:
    """Everything that a page shows of a reading before its station and years are brought."""
    days = [(due.step.kind, due.worst, due.best) for due in reading.dues]
    case = (reading.case.matter.number, reading.case.status_then) if reading.case else None
    at = reading.next.step.kind if reading.next else None
    place = (reading.pk, reading.clock.code, reading.place, reading.day, at)
    return *place, reading.applies, reading.worst, reading.best, days, case, reading.missing, reading.beside


def test_kept_rows_say_what_the_clocks_say(city, stations):
    assert keep(city) == len(stations) - 1 + 5  # that of pay can't be told of anybody
    rules, settings = clocks.clocks_of(city.pack, TODAY), {}
    found = radar.kept(city.pack, Station.objects.all(), on=TODAY)
    fresh = clocks.readings(Station.objects.all(), city.pack, TODAY)
    assert [told(r) for r in radar.readings(found.rows, rules, settings, on=TODAY)] == [
        told(r) for r in fresh if r.state != "done"
    ]
    assert found.counts == {"due": 1, "unknown": 6, "open": 1, "soon": 1, "later": 1}


QUERIES = ("", "view=all", "view=due", "view=unknown", "step=warn", "kind=national", "q=nobody", "view=all&page=2")


@pytest.mark.parametrize("query", QUERIES)
def test_a_page_of_kept_rows_is_the_page_of_the_clocks(query, city, people, stations, monkeypatch):
    monkeypatch.setattr("stations.standing.views.PAGE", 3)
    officer = Visitor(people[Role.BUREAU_HANDLER])

    def page():
        answer = officer.go(f"/standing/?{query}").answer.context
        rows = [(told(line.reading), line.prevents, line.ask, line.url) for line in answer["rows"]]
        return rows, [tab["count"] for tab in answer["tabs"]], answer["page"].number, answer["read_at"]

    *fresh, since = page()
    keep(city)
    *kept, read_at = page()
    assert (kept, since, read_at.date()) == (fresh, None, now().date())


def test_a_district_sees_its_own_kept_rows_alone(city, people, stations):
    keep(city)
    seen = Visitor(people[Role.DISTRICT]).go("/standing/?view=all").answer.context["rows"]
    north = {stations[name].pk for name in ("due", "soon", "later")}
    assert {line.reading.station.pk for line in seen} == north


@pytest.mark.parametrize(
    ("values", "kept"),
    [
        ({"kind": "recompute"}, False),
        ({"kind": "read_clocks", "state": "running"}, False),
        ({"kind": "read_clocks", "state": "failed", "finished_at": now() + timedelta(hours=1)}, False),
        ({"kind": "read_clocks", "state": "failed", "finished_at": now() - timedelta(days=1)}, True),
        ({"kind": "recompute", "state": "done", "finished_at": now()}, True),
        ({"kind": "deliver"}, True),
    ],
    ids=["a change waits", "it is being read", "reading it failed", "it failed before", "all is read", "another job"],
)
def test_nothing_kept_is_shown_while_a_change_waits_to_be_read(values, kept, city, stations):
    keep(city)
    Job.objects.create(**values)
    assert (radar.kept(city.pack, Station.objects.all(), on=TODAY) is not None) is kept


def test_what_is_kept_is_of_its_day_alone(city, stations):
    keep(city)
    assert radar.kept(city.pack, Station.objects.all(), on=TODAY + timedelta(1)) is None
    assert radar.kept(city.pack, Station.objects.all(), on=TODAY - timedelta(1)) is None


def days() -> dict:
    return dict(RadarRow.objects.filter(clock__code="idle").values_list("station", "day"))


def test_a_change_is_read_for_the_few_it_concerns(city, stations):
    keep(city)
    due, soon, before = stations["due"].pk, stations["soon"].pk, days()
    Recruits.objects.filter(station__in=[due, soon], year=LAST).update(entered=1)
    jobs.ask("recompute", about=[["matter", stations["due"].matter_id]])
    jobs.work_off()
    begins = date(LAST + 3, 1, 1)
    assert days() == before | {due: begins}  # the other change nobody told of
    assert radar.kept(city.pack, Station.objects.all(), on=TODAY)
    jobs.ask("recompute")
    jobs.work_off()
    assert days() == before | {due: begins, soon: begins}


def test_whom_a_change_concerns(city, stations):
    case, everywhere = stations["case"].matter, stations["untold"].matter
    Matter.objects.filter(pk=everywhere.pk).update(organisation=None)
    assert radar.concerned([]) is radar.concerned([{"about": []}]) is None
    assert Station.objects.get(radar.concerned([{"about": [["matter", case.pk]]}])) == stations["open"]
    for also in ({}, {"about": [["doctor", 1]]}, {"about": [["matter", everywhere.pk]]}):
        assert radar.concerned([{"about": [["matter", case.pk]]}, also]) == EVERYBODY


def test_the_first_reading_of_a_day_is_of_everybody(city, stations):
    RadarSweep.objects.create(pack=city.pack, on=TODAY - timedelta(1), read_at=now())
    keep(city, among=radar.concerned([{"about": [["matter", stations["due"].matter_id]]}]))
    assert RadarRow.objects.values("station").distinct().count() == 5
