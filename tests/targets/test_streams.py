"""Every figure equals what plain SQL and plain Python count, for any register, any day and any district."""

from datetime import date, timedelta

import numpy as np
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.models import Matter, Organisation
from stations.models import IndustryChain, Station
from stations.register.facts import station
from targets.plans.streams import BITS, Stream, Tree, Wanted, read
from tests import make
from tests.make import Life

BASELINE = date(2025, 3, 1)
FIRST = date(2025, 1, 1)
DAYS = [FIRST + timedelta(n) for n in (0, 1, 30, 59, 60, 90, 120)]


def rule(fact, lookup, value):
    return station.criterion(fact, lookup, value, "测一")


COUNTED = rule("kind", "in", ["national", "branch"])
LEVEL = Stream("level", station, "approved_on", "ended_on", (COUNTED,))
SINCE = Stream("since", station, "approved_on", "ended_on", (COUNTED, rule("approved_on", "gte", BASELINE)))
FLOW = Stream("flow", station, "approved_on", where=(COUNTED,))
SUM = Stream("sum", station, "approved_on", "ended_on", (COUNTED,), sum_of="enterprise")
CHAINS = Stream("chains", station, "approved_on", "ended_on", (COUNTED,), distinct="chain")
HOSTS = Stream("hosts", station, "approved_on", "ended_on", (), distinct="enterprise")
NEW_HOSTS = Stream("new hosts", station, "approved_on", where=(COUNTED,), distinct="enterprise")
STREAMS = (LEVEL, SINCE, FLOW, SUM, CHAINS, HOSTS, NEW_HOSTS)


def wanted_of(days):
    """All of these streams on all of these days; a flow from the year's first day on."""
    found = []
    for stream in STREAMS:
        found += [Wanted(stream, day, None if stream.stops else date(day.year, 1, 1)) for day in days]
    return found


# --- the same in plain Python ------------------------------------------------------------------


def counts(row, want) -> bool:
    """Whether a station belongs to what is wanted."""
    stream, on = want.stream, want.on
    if stream is not HOSTS and row.kind not in ("national", "branch"):
        return False
    if stream is SINCE and row.approved_on < BASELINE:
        return False
    if row.approved_on > on or (want.since and row.approved_on < want.since):
        return False
    return not (stream.stops and row.ended_on and row.ended_on <= on)


def in_python(want, places) -> int:
    """The figure over all stations whose district is one of `places`."""
    rows = Station.objects.select_related("matter")
    mine = [row for row in rows if row.matter.district_id in places and counts(row, want)]
    if want.stream.sum_of:
        return sum(row.enterprise_id for row in mine)
    if want.stream.distinct:
        name = {"chain": "chain_id", "enterprise": "enterprise_id"}[want.stream.distinct]
        return len({getattr(row, name) for row in mine} - {None})
    return len(mine)


# --- the same in plain SQL ---------------------------------------------------------------------

SQL = """
WITH RECURSIVE below AS (
    SELECT id FROM portal_district WHERE id = %(district)s
    UNION SELECT d.id FROM portal_district d JOIN below ON d.parent_id = below.id
)
SELECT {measure} FROM stations_station s JOIN portal_matter m ON m.id = s.matter_id
WHERE m.district_id IN (SELECT id FROM below) AND s.approved_on <= %(on)s AND {also}
"""
KINDS = "s.kind IN ('national', 'branch')"
VALID = "(s.ended_on IS NULL OR s.ended_on > %(on)s)"
IN_SQL = {
    LEVEL: ("count(*)", f"{KINDS} AND {VALID}"),
    SINCE: ("count(*)", f"{KINDS} AND {VALID} AND s.approved_on >= '2025-03-01'"),
    FLOW: ("count(*)", f"{KINDS} AND s.approved_on >= %(since)s"),
    SUM: ("coalesce(sum(s.enterprise_id), 0)", f"{KINDS} AND {VALID}"),
    CHAINS: ("count(DISTINCT s.chain_id)", f"{KINDS} AND {VALID}"),
    HOSTS: ("count(DISTINCT s.enterprise_id)", VALID),
    NEW_HOSTS: ("count(DISTINCT s.enterprise_id)", f"{KINDS} AND s.approved_on >= %(since)s"),
}


def in_sql(want, district) -> int:
    measure, also = IN_SQL[want.stream]
    with connection.cursor() as cursor:
        cursor.execute(
            SQL.format(measure=measure, also=also), {"district": district, "on": want.on, "since": want.since}
        )
        return int(cursor.fetchone()[0])


# --- a city of three levels --------------------------------------------------------------------


@pytest.fixture
def map_(city):
    """The districts by name, with all that lies below each; the north has two towns, one of them a village."""
    town = make.district("town", city.north)
    other = make.district("other-town", city.north)
    village = make.district("village", town)
    below = {
        city.root: {city.root, city.north, city.south, city.east, town, other, village},
        city.north: {city.north, town, other, village},
        city.south: {city.south},
        city.east: {city.east},
        town: {town, village},
        other: {other},
        village: {village},
    }
    return {place: {p.pk for p in inside} for place, inside in below.items()}


@pytest.fixture
def chains(city):
    return [city.chain, IndustryChain.objects.create(pack=city.pack, code="ic", name="集成电路"), None]


def a_register(places, chains):
    """Stations of every sort: early and late, ended and not, on the edges of the days asked for."""
    lives = []
    for number in range(60):
        since = FIRST + timedelta(number * 7 % 130 - 5)
        length = number * 11 % 50
        until = None if number % 3 else since + timedelta(length)
        kind = ("national", "branch", "overseas")[number % 3 if number % 4 else 1]
        owner = number // 2 if kind != "national" else 1000 + number
        lives.append(Life(places[number % len(places)], since, until, kind, chains[number % len(chains)], owner))
    return make.bare_stations(lives)


def figures(wanted):
    """{(wanted, district id): value} as the dashboards get them."""
    tree = Tree.load()
    return {
        (w, node): v for w, vector in read(wanted, tree).items() for node, v in zip(tree.nodes, vector, strict=True)
    }


def test_every_figure_equals_plain_sql_and_plain_python(map_, chains):
    a_register(list(map_), chains)
    wanted = wanted_of(DAYS)
    found = figures(wanted)
    for want in wanted:
        for place, inside in map_.items():
            values = (found[want, place.pk], in_sql(want, place.pk), in_python(want, inside))
            assert len(set(values)) == 1, (want.stream.code, want.on, place.code, values)
    assert sum(found.values()) > 1000, "a test of nothing"


# --- any register ------------------------------------------------------------------------------

some_day = st.integers(-3, 125).map(lambda n: FIRST + timedelta(n))
some_life = st.tuples(
    st.integers(0, 6),  # the district
    some_day,
    st.one_of(st.none(), st.integers(0, 40)),  # days until it stops: 0 is the same day
    st.sampled_from(["branch", "overseas"]),
    st.integers(0, 2),  # the chain, or none
    st.integers(0, 3),  # the enterprise
    st.integers(0, 6),  # the district it is moved to afterwards
)


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(some_life, max_size=12), st.lists(some_day, min_size=1, max_size=4, unique=True), st.booleans())
def test_any_register_is_counted_right_on_any_day(map_, chains, lives, days, moved):
    places = list(map_)
    with transaction.atomic():
        stations = make.bare_stations(
            [
                Life(places[p], since, None if length is None else since + timedelta(length), kind, chains[c], owner)
                for p, since, length, kind, c, owner, _to in lives
            ]
        )
        if moved:
            for row, life in zip(stations, lives, strict=True):
                Matter.objects.filter(pk=row.matter_id).update(district=places[life[-1]])
        wanted = wanted_of(days)
        found = figures(wanted)
        assert {(w.stream.code, w.on, place.code): found[w, place.pk] for w in wanted for place in places} == {
            (w.stream.code, w.on, p.code): in_python(w, inside) for w in wanted for p, inside in map_.items()
        }
        transaction.set_rollback(True)


# --- one at a time -----------------------------------------------------------------------------

ON = date(2025, 6, 1)
DAY = timedelta(1)


def value(stream, place, on=ON, since=None):
    return figures([Wanted(stream, on, since)])[Wanted(stream, on, since), place.pk]


@pytest.mark.parametrize(
    ("since", "until", "on", "level"),
    [
        (ON, None, ON - DAY, 0),
        (ON, None, ON, 1),
        (ON - DAY, ON + DAY, ON, 1),
        (ON - DAY, ON, ON - DAY, 1),
        (ON - DAY, ON, ON, 0),
        (ON, ON, ON, 0),
        (ON, ON, ON + DAY, 0),
    ],
    ids=["the eve", "its first day", "the day before it stops", "its last day", "it stops", "same day", "day after"],
)
def test_a_row_counts_from_its_first_day_to_before_it_stops(since, until, on, level, city):
    make.bare_stations([Life(city.north, since, until)])
    assert [value(LEVEL, place, on) for place in (city.north, city.root, city.south)] == [level, level, 0]
    assert LEVEL.rows(on=on).count() == level


def test_a_row_that_stops_leaves_a_cumulative_count_too(city):
    (row,) = make.bare_stations([Life(city.north, ON)])
    assert value(SINCE, city.root, ON + DAY) == 1
    Station.objects.filter(pk=row.pk).update(status="cancelled", ended_on=ON + DAY)
    assert (value(SINCE, city.root, ON), value(SINCE, city.root, ON + DAY)) == (1, 0)
    assert value(FLOW, city.root, ON + DAY, since=FIRST) == 1  # a year's approvals stay approvals


@pytest.mark.parametrize(("since", "counted"), [(BASELINE - DAY, 0), (BASELINE, 1), (BASELINE + DAY, 1)])
def test_a_cumulative_count_begins_on_its_baseline(since, counted, city):
    make.bare_stations([Life(city.north, since)])
    assert value(SINCE, city.root) == counted


@pytest.mark.parametrize(("on", "counted"), [(FIRST - DAY, 0), (FIRST, 1), (ON, 1), (ON + DAY, 0)])
def test_a_flow_counts_what_began_from_the_first_day_to_the_last_both_included(on, counted, city):
    make.bare_stations([Life(city.north, on)])
    assert value(FLOW, city.root, ON, since=FIRST) == counted
    assert FLOW.rows(on=ON, since=FIRST).count() == counted


def test_a_flow_of_what_stops_or_of_no_days_is_refused():
    with pytest.raises(ValueError, match="a flow counts beginnings"):
        Wanted(LEVEL, ON, FIRST)
    with pytest.raises(ValueError, match="has no days"):
        Wanted(FLOW, FIRST - DAY, FIRST)
    assert Wanted(FLOW, FIRST, FIRST)


def test_what_is_seen_in_two_districts_counts_once_above(city, map_):
    town = next(place for place in map_ if place.code == "town")
    lives = [Life(p, ON, chain=city.chain, owner=n) for n, p in enumerate((town, city.north, city.south, city.south))]
    make.bare_stations(lives)
    assert {p.code: value(CHAINS, p) for p in (town, city.north, city.south, city.east, city.root)} == {
        "town": 1,
        "testcity-north": 1,
        "testcity-south": 1,
        "testcity-east": 0,
        "testcity": 1,
    }
    assert value(LEVEL, city.root) == 4


def test_what_has_no_value_is_not_one_of_the_different_values(city):
    make.bare_stations([Life(city.north, ON), Life(city.south, ON, owner=1)])
    assert value(CHAINS, city.root) == 0
    assert CHAINS.rows(on=ON).count() == 0
    assert CHAINS.entries(on=ON).count() == 0
    assert LEVEL.rows(on=ON).count() == 2


def test_the_last_station_of_a_chain_takes_it_out_of_the_coverage(city):
    make.bare_stations(
        [
            Life(city.north, ON, ON + 2 * DAY, chain=city.chain),
            Life(city.south, ON, ON + 4 * DAY, chain=city.chain, owner=1),
        ]
    )
    assert [value(CHAINS, city.root, ON + n * DAY) for n in range(6)] == [1, 1, 1, 1, 0, 0]
    assert [value(CHAINS, city.north, ON + n * DAY) for n in range(4)] == [1, 1, 0, 0]


def test_more_days_than_a_mask_has_bits(city):
    make.bare_stations([Life(city.north, FIRST + 65 * DAY, chain=city.chain)])
    days = [FIRST + n * DAY for n in range(BITS + 20)]
    found = figures([Wanted(CHAINS, day) for day in days])
    assert [found[Wanted(CHAINS, day), city.root.pk] for day in days] == [int(n >= 65) for n in range(BITS + 20)]


def test_moving_an_enterprise_does_not_move_its_history(city):
    (row,) = make.bare_stations([Life(city.north, ON)])
    Organisation.objects.filter(pk=row.enterprise_id).update(district=city.south)
    assert (value(LEVEL, city.north), value(LEVEL, city.south)) == (1, 0)
    Matter.objects.filter(pk=row.matter_id).update(district=city.south)
    assert (value(LEVEL, city.north), value(LEVEL, city.south), value(LEVEL, city.root)) == (0, 1, 1)


def test_a_column_without_data_adds_nothing_to_a_sum(city):
    make.bare_stations([Life(city.north, ON)])
    total = Stream("chain sum", station, "approved_on", "ended_on", (), sum_of="chain")
    assert value(total, city.root) == 0


def test_an_empty_register_is_zero_everywhere(map_):
    assert set(figures(wanted_of(DAYS)).values()) == {0.0}


def test_the_rows_behind_a_figure_are_as_many_as_the_figure(map_, chains):
    a_register(list(map_), chains)
    for want in wanted_of(DAYS):
        rows = want.stream.rows(on=want.on, since=want.since)
        for place, inside in map_.items():
            mine = rows.filter(matter__district__in=inside)
            if want.stream.distinct:
                seen = mine.values(f"{want.stream.distinct}_id").distinct().count()
            else:
                seen = sum(mine.values_list("enterprise", flat=True)) if want.stream.sum_of else mine.count()
            assert seen == in_sql(want, place.pk), (want.stream.code, want.on, place.code)


def test_the_number_of_queries_does_not_grow_with_days_districts_or_streams(map_, chains):
    a_register(list(map_), chains)
    tree = Tree.load()

    def queries(wanted):
        with CaptureQueriesContext(connection) as captured:
            read(wanted, tree)
        return len(captured)

    assert queries(wanted_of(DAYS[:1])) == queries(wanted_of(DAYS)) == 4  # approved_on, ended_on, two keys


def test_the_tree_knows_what_lies_above_each_district(map_):
    tree = Tree.load()
    for place, inside in map_.items():
        column = tree.up[:, tree.index[place.pk]]
        assert {node for node, up in zip(tree.nodes, column, strict=True) if up} == inside
    assert np.trace(tree.up) == len(map_)
