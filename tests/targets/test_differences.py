"""What was frozen stays to the byte; today's figure follows from it by differences, each with its cause."""

import hashlib
import json
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.models import Matter, Setting
from stations.models import Station
from targets.models import Frozen, Indicator
from targets.plans import indicators
from targets.returns import differences
from targets.returns.differences import compared
from targets.returns.entries import definition_of, measured, taken
from tests import make
from tests.make import Life
from tests.targets import returning

UNTIL = returning.UNTIL
CHOSEN = {"where": [{"fact": "kind", "lookup": "in", "setting": "A2"}], "settings": ["A2"]}


@pytest.fixture
def plan(city):
    return make.plan(city)


def lives(city, *since, **values):
    return make.bare_stations([Life(city.north, day, owner=n, **values) for n, day in enumerate(since)])


def frozen_with(city, people, plan, *since, **values) -> tuple[Frozen, list[Station]]:
    returning.level(city, plan, **values)
    stations = lives(city, *since)
    return returning.confirmed(returning.opened(city, people, plan), people), stations


def only(frozen) -> differences.Compared:
    (figure,) = compared(Frozen.objects.get(pk=frozen.pk))
    return figure


def causes(figure):
    return [(row.cause, row.effect) for row in figure.rows]


def explained(figure, indicator, place) -> None:
    """The differences, carried out on what was frozen, give the very entries and the figure of today."""
    values = Setting.objects.values_of(indicator.pack)
    definition = definition_of(indicator, values)
    parts = taken(definition, place, UNTIL)
    replayed = differences.replayed(figure.then, figure.rows, len(parts))
    told = [sorted((e["pk"], e["sign"], e["on"]) for e in part["entries"]) for part in parts]
    assert [sorted((e["pk"], e["sign"], e["on"]) for e in part["entries"]) for part in replayed] == told
    assert measured(definition, replayed) == figure.value
    counted = indicators.compute(indicator.pack, {indicator: [UNTIL]}).get((indicator.pk, place.pk, UNTIL))
    assert figure.value == counted


# --- what is sealed ----------------------------------------------------------------------------


def test_a_frozen_return_holds_figures_definition_and_entries(city, people, plan):
    frozen, (station,) = frozen_with(city, people, plan, date(2026, 3, 1), **CHOSEN)
    (figure,) = frozen.data["figures"]
    assert (frozen.data["as_at"], frozen.data["known_on"]) == ("2026-06-30", "2026-07-05")
    assert (figure["code"], figure["system"]) == ("ST", "1")
    assert figure["definition"]["parts"][0]["where"] == [
        {"fact": "kind", "lookup": "in", "value": ["national", "branch"]}
    ]
    (entry,) = figure["parts"][0]["entries"]
    assert (entry["pk"], entry["sign"], entry["on"], entry["district"]) == (
        station.pk,
        1,
        "2026-03-01",
        city.north.code,
    )
    assert (entry["title"], figure["parts"][0]["source"]) == (station.name, "station")
    assert hashlib.sha256(frozen.text.encode()).hexdigest() == frozen.digest
    assert only(frozen).rows == []
    assert not only(frozen).moved


def test_what_is_frozen_can_be_neither_changed_nor_deleted(city, people, plan):
    frozen, _stations = frozen_with(city, people, plan)
    for attempt in (
        lambda: Frozen.objects.filter(pk=frozen.pk).update(text="{}"),
        lambda: Frozen.objects.filter(pk=frozen.pk).delete(),
    ):
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            attempt()


def test_a_correction_makes_a_new_version_and_leaves_the_old_to_the_byte(city, people, plan):
    frozen, _stations = frozen_with(city, people, plan, date(2026, 3, 1))
    text = frozen.text
    lives(city, date(2026, 5, 1))
    row = frozen.quarterly
    row = returning.quarterly.move(row, "correct", by=people["bureau_handler"], on=date(2026, 8, 1), note="漏报一家")
    second = returning.confirmed(row, people, on=date(2026, 8, 2))
    assert [f.version for f in row.versions.order_by("version")] == [1, 2]
    assert Frozen.objects.get(pk=frozen.pk).text == text
    assert [json.loads(f.text)["figures"][0]["system"] for f in row.versions.order_by("version")] == ["1", "2"]
    assert causes(only(frozen)) == [("late", 1)]
    assert causes(only(second)) == []


# --- each cause --------------------------------------------------------------------------------


def test_a_late_entry(city, people, plan):
    frozen, _stations = frozen_with(city, people, plan, date(2026, 3, 1))
    (late,) = lives(city, date(2026, 6, 30))
    lives(city, date(2026, 7, 1))  # after the quarter: no difference
    figure = only(frozen)
    assert causes(figure) == [("late", 1)]
    assert figure.rows[0].entry["pk"] == late.pk
    assert (figure.was, figure.value, figure.change) == (1, 2, 1)
    explained(figure, Indicator.objects.get(), city.north)


def test_a_late_end(city, people, plan):
    frozen, (station,) = frozen_with(city, people, plan, date(2026, 3, 1))
    Station.objects.filter(pk=station.pk).update(ended_on=date(2026, 6, 30), status="cancelled")
    figure = only(frozen)
    assert [(r.cause, r.effect, r.words) for r in figure.rows if r.effect] == [("late", -1, "定稿之后才登记撤出")]
    assert figure.value == 0
    explained(figure, Indicator.objects.get(), city.north)


@pytest.mark.parametrize(
    ("values", "effect", "value"),
    [
        ({"approved_on": date(2026, 7, 1)}, [-1], 0),
        ({"approved_on": date(2026, 6, 30)}, [0], 1),
        ({"kind": "base_city"}, [-1], 0),
    ],
    ids=["moved out of the quarter", "another day within it", "no longer of the kind that counts"],
)
def test_a_correction_of_a_row(values, effect, value, city, people, plan):
    frozen, (station,) = frozen_with(city, people, plan, date(2026, 3, 1), **CHOSEN)
    Station.objects.filter(pk=station.pk).update(**values)
    figure = only(frozen)
    assert [row.effect for row in figure.rows] == effect
    assert {row.cause for row in figure.rows} == {"corrected"}
    assert "→" in figure.rows[0].words
    assert figure.value == value
    explained(figure, Indicator.objects.get(), city.north)


def test_a_row_that_moved_to_another_district(city, people, plan):
    frozen, (station,) = frozen_with(city, people, plan, date(2026, 3, 1))
    Matter.objects.filter(pk=station.matter_id).update(district=city.south)
    figure = only(frozen)
    assert causes(figure) == [("corrected", -1)]
    assert city.north.code in figure.rows[0].words
    south = frozen.quarterly.quarter.returns.get(district=city.south)
    other = returning.confirmed(south, people | {"district": people["other_district"]})
    Matter.objects.filter(pk=station.matter_id).update(district=city.north)
    assert causes(only(other)) == [("corrected", -1)]
    assert causes(only(frozen)) == []


def test_a_row_that_is_gone(city, people, plan):
    frozen, (station,) = frozen_with(city, people, plan, date(2026, 3, 1))
    station.delete()
    figure = only(frozen)
    assert causes(figure) == [("gone", -1)]
    assert figure.value == 0
    explained(figure, Indicator.objects.get(), city.north)


def test_a_setting_that_was_changed(city, people, plan):
    frozen, (station,) = frozen_with(city, people, plan, date(2026, 3, 1), **CHOSEN)
    Setting.objects.filter(code="A2").update(value=["national"])
    figure = only(frozen)
    assert causes(figure) == [("defined", -1)]
    assert figure.rows[0].was["pk"] == station.pk
    assert figure.redefined
    assert figure.settings == [("A2", "national、branch", "national")]
    explained(figure, Indicator.objects.get(), city.north)


def test_an_indicator_that_asks_something_else(city, people, plan):
    """A late entry and a new definition at once are told apart."""
    frozen, (station,) = frozen_with(city, people, plan, date(2026, 3, 1), **CHOSEN)
    (late,) = lives(city, date(2026, 5, 1))
    (base,) = lives(city, date(2026, 5, 2), kind="base_city")
    Indicator.objects.update(where=[{"fact": "kind", "lookup": "in", "value": ["branch", "base_city"]}])
    figure = only(frozen)
    assert [(r.cause, r.effect, r.shown["pk"]) for r in figure.rows] == [("late", 1, late.pk), ("defined", 1, base.pk)]
    explained(figure, Indicator.objects.get(), city.north)


def test_a_definition_whose_words_are_gone(city, people, plan):
    frozen, (station,) = frozen_with(city, people, plan, date(2026, 3, 1))
    Indicator.objects.update(source="reported", starts="", stops="")
    figure = only(frozen)
    assert causes(figure) == [("defined", -1)]
    assert figure.value is None
    assert figure.moved


def test_different_values_are_counted_once(city, people, plan):
    values = {"kind": "coverage", "distinct": "chain", "code": "CV"}
    returning.level(city, plan, **values)
    first, second = lives(city, date(2026, 3, 1), date(2026, 4, 1), chain=city.chain)
    frozen = returning.confirmed(returning.opened(city, people, plan), people)
    Station.objects.filter(pk=first.pk).update(chain=None)
    figure = only(frozen)
    assert causes(figure) == [("corrected", -1)]
    assert (figure.was, figure.value) == (1, 1)
    explained(figure, Indicator.objects.get(), city.north)


# --- any history -------------------------------------------------------------------------------

DAYS = st.dates(date(2026, 6, 26), date(2026, 7, 4))
WHAT = st.sampled_from(["late", "moved", "ended", "kind", "gone", "place", "setting"])


@given(st.lists(DAYS, min_size=1, max_size=5), st.lists(st.tuples(WHAT, st.integers(0, 9), DAYS), max_size=6))
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_change_is_explained(city, people, since, history):
    """Whatever was done to the records since: the text is as it was, and the differences lead to today's figure."""
    with transaction.atomic():
        plan = make.plan(city, code="any")
        frozen, stations = frozen_with(city, people, plan, *since, code="ANY", **CHOSEN)
        text, there = frozen.text, list(stations)
        for what, which, day in history:
            one = there[which % len(there)] if there else None
            if what == "late" or one is None:
                there += lives(city, day)
            elif what == "gone":
                one.delete()
                there.remove(one)
            elif what == "place":
                Matter.objects.filter(pk=one.matter_id).update(district=(city.north, city.south)[which % 2])
            elif what == "setting":
                Setting.objects.filter(code="A2").update(value=[["national", "branch"], ["national"]][which % 2])
            else:
                changed = {
                    "moved": {"approved_on": day, "ended_on": None, "status": "valid"},
                    "ended": {"ended_on": day + timedelta(9), "status": "cancelled"},
                    "kind": {"kind": ("national", "base_city")[which % 2]},
                }[what]
                if what == "ended" and one.approved_on > day:
                    continue
                Station.objects.filter(pk=one.pk).update(**changed)
        assert Frozen.objects.get(pk=frozen.pk).text == text
        explained(only(frozen), Indicator.objects.get(code="ANY"), city.north)
        transaction.set_rollback(True)
