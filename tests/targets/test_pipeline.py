"""What is on its way into an indicator and out of it: counted once, district by district, and told by name."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from portal.models import Role, Setting
from stations.models import Application
from targets.boards import drawing
from targets.models import Indicator, Pipeline
from targets.plans import indicators, pipeline
from targets.plans.indicators import Figure
from tests import make
from tests.make import Life

Kind = Indicator.Kind
ON = date(2026, 6, 15)
UNTIL = date(2026, 12, 31)


@pytest.fixture
def plan(city):
    return make.plan(city)


def counted(row, on=ON):
    """By district code: here, soon, above, signed, leaving."""
    stream = indicators.stream_of(row, Setting.objects.values_of(row.pack))
    found = pipeline.pipelines([(row, stream)], on)
    places = {d.pk: d.code for d in indicators.District.objects.all()}
    return {places[d]: tuple(counts[part] for part in pipeline.PARTS) for (_i, d), counts in found.items()}


def test_cases_are_counted_where_they_may_become_rows(plan, city, people):
    make.brought_to("bureau", city, people)
    here, who = make.people_of(city, make.enterprise(city.south), people, officer="other_district")
    make.brought_to("sent", here, who)
    make.brought_to("draft", *make.people_of(city, make.enterprise(city.north), people))
    assert counted(make.indicator(plan, city)) == {
        "testcity": (1, 0, 1, 0, 0),
        "testcity-north": (1, 0, 0, 0, 0),
        "testcity-south": (0, 0, 1, 0, 0),
    }


def test_who_decides_alone_and_has_promised_in_time_is_soon(plan, city, people):
    case = make.brought_to("bureau", city, people, kind=city.own)
    row = make.indicator(plan, city)
    assert counted(row)["testcity"] == (1, 1, 0, 0, 0)
    type(case.matter).objects.filter(pk=case.matter.pk).update(due_on=UNTIL + timedelta(1))
    assert counted(row)["testcity"] == (1, 0, 0, 0, 0)


def test_the_criteria_that_a_case_can_answer_are_asked(plan, city, people):
    make.brought_to("bureau", city, people, kind=city.own)
    other = [{"fact": "kind", "lookup": "exact", "value": "branch"}]
    assert counted(make.indicator(plan, city, where=other)) == {}
    fits = [{"fact": "kind", "lookup": "exact", "value": Application.objects.get().type.kind}]
    assert counted(make.indicator(plan, city, where=fits))["testcity"][0] == 1


def test_a_chain_that_is_covered_already_or_twice_on_its_way_counts_once_at_most(plan, city, people):
    for place, officer in ((city.north, Role.DISTRICT), (city.south, "other_district")):
        owner = make.enterprise(place, chain=city.chain)
        make.brought_to("bureau", *make.people_of(city, owner, people, officer=officer))
    row = make.indicator(plan, city, kind=Kind.COVERAGE, distinct="chain")
    assert {code: counts[0] for code, counts in counted(row).items()} == {
        "testcity": 1,
        "testcity-north": 1,
        "testcity-south": 1,
    }
    make.bare_stations([Life(city.south, date(2025, 1, 1), chain=city.chain)])
    assert {code: counts[0] for code, counts in counted(row).items()} == {"testcity-north": 1}


def test_rows_that_end_before_the_day_leave(plan, city):
    make.bare_stations(
        [
            Life(city.north, date(2025, 1, 1), date(2026, 10, 1)),
            Life(city.south, date(2025, 1, 1), date(2027, 2, 1), owner=1),
            Life(city.south, date(2025, 1, 1), ON, owner=2),
        ]
    )
    assert counted(make.indicator(plan, city)) == {"testcity": (0, 0, 0, 0, 1), "testcity-north": (0, 0, 0, 0, 1)}


def test_a_chain_leaves_only_with_its_last_station(plan, city):
    make.bare_stations(
        [
            Life(city.north, date(2025, 1, 1), date(2026, 10, 1), chain=city.chain),
            Life(city.south, date(2025, 1, 1), owner=1, chain=city.chain),
        ]
    )
    row = make.indicator(plan, city, kind=Kind.COVERAGE, distinct="chain")
    assert counted(row) == {"testcity-north": (0, 0, 0, 0, 1)}


def test_the_recompute_keeps_what_differs_and_forgets_what_is_over(plan, city, people):
    make.brought_to("bureau", city, people)
    row = make.indicator(plan, city)
    indicators.recompute(ON)
    assert Pipeline.objects.get(indicator=row, district=city.root).here == 1
    assert indicators.recompute(ON)["changed"] == 0
    Application.objects.update(status="withdrawn")
    indicators.recompute(ON)
    assert not Pipeline.objects.exists()
    Pipeline.objects.create(indicator=row, district=city.root, here=1)
    indicators.recompute(date(2027, 3, 1))
    assert not Pipeline.objects.exists()


def test_names_are_those_that_the_person_may_see(plan, city, people):
    make.brought_to("bureau", city, people)
    here, who = make.people_of(city, make.enterprise(city.south), people, officer="other_district")
    make.brought_to("sent", here, who)
    stream = indicators.stream_of(make.indicator(plan, city), {})

    def seen(user):
        found = pipeline.named(stream, city.root, user, ON, UNTIL)
        return [(one.part, one.district) for one in pipeline.parts_in_order(found)]

    assert seen(people[Role.AUDITOR]) == [("here", city.north), ("above", city.south)]
    assert seen(people["other_district"]) == [("above", city.south)]
    assert seen(people[Role.REPORTER]) == []


# --- what comes of it --------------------------------------------------------------------------


def figure(plan, city, on=ON, **values):
    given = {"indicator": make.indicator(plan, city), "district": city.root, "on": on}
    return Figure(**(given | {"value": Decimal(90), "target": Decimal(100)} | values))


def test_near_the_day_the_cases_tell_and_before_the_speed(plan, city):
    ahead = Pipeline(here=5, soon=4, above=2, signed=1, leaving=3)
    near = figure(plan, city, on=UNTIL - timedelta(92))
    told = drawing.outlook(near, ahead, now=True)
    assert (told.low, told.likely, told.high, told.by_cases) == (87, 91, 95, True)
    assert "在审的 4 家按承诺时限办成" in told.words
    assert "仍差 9 家" in told.words
    early = replace(near, on=UNTIL - timedelta(93))
    assert drawing.outlook(early, ahead, now=True) is None  # no trend to go on with


@pytest.mark.parametrize(
    "values", [{"value": None}, {"target": None}, {"ended": True}], ids=["no data", "no target", "over"]
)
def test_nothing_is_foretold_without_ground(values, plan, city):
    near = figure(plan, city, on=UNTIL - timedelta(30), **values)
    assert drawing.outlook(near, Pipeline(here=5, soon=5), now=True) is None
