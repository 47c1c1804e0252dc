"""The portal's counts of postdocs and outcomes against SQL written by hand, which knows the tables and nothing of ours:
entered, in station, left, withdrawn and outcomes verified, by district and year, on a made-up history drawn from a seed."""

import random
from datetime import date, timedelta

import pytest
from django.db import connection

from portal.models import District, Matter, Role
from postdocs.destinations import retention
from postdocs.models import Outcome, Stay
from postdocs.outcomes.kinds import OutcomeKind
from postdocs.stays.register import Entry, enter
from targets.models import Indicator
from targets.plans import indicators
from tests import make
from tests.postdocs import staying
from tests.reading import Visitor

YEARS = range(2021, 2027)
ON = make.ON


def stays_of(city, people, chance) -> list[Stay]:
    """Entries at a station in each district; some left, some were withdrawn, some ends lie on the last day of a year."""
    entries = []
    for district in (city.north, city.south, city.east):
        owner = make.enterprise(district)
        at = make.station(
            city, people[Role.BUREAU_APPROVER], owner=owner, district=district, approved_on=date(2020, 1, 1)
        )
        for number in range(16):
            on = date(2021, 1, 1) + timedelta(chance.randrange(1950))
            end = on + timedelta(chance.randrange(30, 900)) if chance.random() < 0.6 else None
            end = date(end.year, 12, 31) if end and number % 5 == 0 else end
            ended = {"ended_on": end, "ground": "11" if number % 4 == 0 else ""} if end and end <= ON else {}
            entries.append(
                Entry(station=at, name=f"何{number}", kind="id_card", number=staying.paper_number(), entered_on=on,
                      values={"committee_number": f"C{len(entries)}", "planned_until": on + timedelta(730)}, **ended)
            )  # fmt: skip
    return enter(entries, by=people[Role.BUREAU_HANDLER])


def outcomes_of(city, stays: list[Stay], by, chance) -> None:
    """An outcome of each stay: verified, not yet, or verified and made void."""
    rows = []
    for number, stay in enumerate(stays):
        status = ("verified", "verified", "district", "void")[number % 4]
        on = date(2021, 6, 1) + timedelta(chance.randrange(1700))
        place = {"organisation_id": stay.matter.organisation_id, "district_id": stay.matter.district_id}
        days = {"opened_on": on, "filed_on": on, "held_since": on}
        matter = Matter.objects.create(
            number=f"O-{number}", kind="outcome", title="成果", status=status, **place, **days
        )
        verified = {"verified_on": on + timedelta(20), "verified_by": by} if status != "district" else {}
        void = {"voided_on": on + timedelta(400)} if status == "void" else {}
        rows.append(
            Outcome(
                matter=matter, pack=city.pack, enterprise_id=stay.station.enterprise_id, station=stay.station,
                kind=chance.choice([OutcomeKind.PAPER, OutcomeKind.PATENT]), title=f"成果{number}", done_on=on,
                recorded_on=on + timedelta(10), status=status, key=f"K{number}", **verified, **void,
            )
        )  # fmt: skip
    Outcome.objects.bulk_create(rows)


@pytest.fixture
def history(city, people):
    chance = random.Random(20261121)
    stays = stays_of(city, people, chance)
    outcomes_of(city, stays, people[Role.DISTRICT], chance)
    return city


# One row per district (each with all those below it) and year: the day is the last of the year, or that of the test.
BY_HAND = """
WITH RECURSIVE tree AS (
  SELECT id AS place, id AS below FROM portal_district
  UNION SELECT tree.place, d.id FROM tree JOIN portal_district d ON d.parent_id = tree.below
), ends AS (
  SELECT y AS year, make_date(y, 1, 1) AS first, least(make_date(y, 12, 31), %(on)s::date) AS last
    FROM generate_series(%(since)s, %(until)s) AS y
)
SELECT tree.place, ends.year,
  count(*) FILTER (WHERE s.entered_on BETWEEN ends.first AND ends.last),
  count(*) FILTER (WHERE s.entered_on <= ends.last AND (s.ended_on IS NULL OR s.ended_on > ends.last)),
  count(*) FILTER (WHERE s.ended_on BETWEEN ends.first AND ends.last AND s.withdrawn_on IS NULL),
  count(*) FILTER (WHERE s.withdrawn_on BETWEEN ends.first AND ends.last)
FROM tree CROSS JOIN ends JOIN portal_matter m ON m.district_id = tree.below JOIN postdocs_stay s ON s.matter_id = m.id
GROUP BY 1, 2
"""
OUTCOMES_BY_HAND = """
WITH RECURSIVE tree AS (
  SELECT id AS place, id AS below FROM portal_district
  UNION SELECT tree.place, d.id FROM tree JOIN portal_district d ON d.parent_id = tree.below
)
SELECT tree.place, y, count(*) FILTER (WHERE o.verified_on IS NOT NULL AND o.done_on <= make_date(y, 12, 31)
    AND o.done_on <= %(on)s AND (o.voided_on IS NULL OR o.voided_on > least(make_date(y, 12, 31), %(on)s::date)))
FROM tree CROSS JOIN generate_series(%(since)s, %(until)s) AS y JOIN portal_matter m ON m.district_id = tree.below
JOIN postdocs_outcome o ON o.matter_id = m.id GROUP BY 1, 2
"""


def by_hand(sql: str) -> dict[tuple[int, int], tuple[int, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"on": ON, "since": YEARS[0], "until": YEARS[-1]})
        return {(place, year): tuple(rest) for place, year, *rest in cursor.fetchall()}


def figures(place, **declared) -> dict[tuple[int, int], int]:
    """What a declared indicator says of every district at the end of every year."""
    plan = make.plan(
        place, code=declared["starts"].replace("_", "-") + declared.get("stops", ""), since=date(2021, 1, 1)
    )
    row = make.indicator(plan, place, target=None, **{"stops": "", "kind": Indicator.Kind.LEVEL} | declared)
    days = {min(date(year, 12, 31), ON): year for year in YEARS}
    found = indicators.compute(place.pack, {row: list(days)})
    return {(district, days[day]): int(value) for (_row, district, day), value in found.items() if value is not None}


def a_year(sums: dict[tuple[int, int], int]) -> dict[tuple[int, int], int]:
    """What came in each year, of sums up to its end."""
    return {(place, year): value - sums.get((place, year - 1), 0) for (place, year), value in sums.items()}


def test_postdocs_entered_in_station_left_and_withdrawn_are_as_sql_counts_them(history):
    entered = a_year(figures(history, source="stay", starts="entered_on"))
    inside = figures(history, source="stay", starts="entered_on", stops="ended_on")
    gone = a_year(figures(history, source="stay", starts="ended_on"))
    withdrawn = a_year(figures(history, source="stay", starts="withdrawn_on"))
    theirs = by_hand(BY_HAND)
    assert len(theirs) == 4 * len(YEARS)  # three districts and the city
    assert {
        key: (entered.get(key, 0), inside.get(key, 0), gone.get(key, 0) - withdrawn.get(key, 0), withdrawn.get(key, 0))
        for key in theirs
    } == theirs
    assert all(sum(row[n] for row in theirs.values()) for n in range(4))  # nothing agrees because there is nothing


def test_outcomes_verified_are_as_sql_counts_them(history):
    ours = figures(history, source="outcome", starts="counted_on", stops="voided_on")
    theirs = by_hand(OUTCOMES_BY_HAND)
    assert {key: (ours.get(key, 0),) for key in theirs} == theirs
    assert theirs[history.root.pk, YEARS[-1]] > (10,)


def test_lists_and_cohorts_count_what_sql_counts(history, people):
    theirs, officer = by_hand(BY_HAND), Visitor(people[Role.BUREAU_HANDLER])
    root = history.root.pk
    for place in District.objects.filter(parent=root):
        for year in YEARS:
            page = officer.go(f"/postdocs/?district={place.pk}&year={year}").answer.context["page"]
            assert page.paginator.count == theirs.get((place.pk, year), (0,))[0], (place, year)
        page = officer.go(f"/postdocs/?district={place.pk}&shown=inside").answer.context["page"]
        assert page.paginator.count == theirs.get((place.pk, YEARS[-1]), (0, 0))[1]
    left = {cohort.key: cohort.exited for cohort in retention.cohorts(Stay.objects.all(), "year", (), ON)}
    assert left == {year: theirs[root, year][2] for year in YEARS if theirs[root, year][2]}
