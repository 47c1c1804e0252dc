"""The words that other cities' schemes needed: main stations, first recruits, excellent stations, transfers."""

from datetime import date, timedelta

import pytest

from portal.facts import VOCABULARIES
from portal.models import Role
from postdocs.models import Milestone, Outcome, Stay
from stations.models import MainStation, SchemeGrade, Sheet, StationKind
from tests import make
from tests.postdocs import recording, rostering, staying
from tests.stations import evaluating
from tests.stations.test_evaluation import in_review

ON = make.ON  # 2026-06-01; the stays of these tests entered on 2026-05-20


def told(vocabulary: str, row, name: str, on: date = ON):
    known = VOCABULARIES[vocabulary]
    (found,) = known.table(known.model._default_manager.filter(pk=row.pk), [name], on=on)
    return found[f"fact_{name}"]


@pytest.mark.parametrize(
    ("since", "until", "under"),
    [("2026-05-20", None, True), ("2026-05-21", None, False), ("2026-01-10", "2026-05-20", False)],
    ids=["from the entry on", "from the day after", "until the entry"],
)
def test_a_branch_belongs_to_its_main_station_on_the_day_of_the_entry(city, people, since, until, under):
    chief = people[Role.BUREAU_APPROVER]
    main = make.station(city, chief, kind=StationKind.REGIONAL, approved_on=date(2024, 1, 1))
    branch = staying.station(city, people, kind=StationKind.BRANCH)
    stay = staying.brought_to("here", city, people, at=branch)
    MainStation.objects.create(station=branch, main=main, since=since, until=until)
    assert told("stay", stay, "under_main") is under
    Stay.objects.filter(pk=stay.pk).update(entered_on=None, status="draft", committee_number="")
    assert told("stay", stay, "under_main") is None


def test_the_first_recruit_is_a_postdoc_or_a_doctor_who_came_after_the_set_up(city, people):
    station = staying.station(city, people)  # since 2026-01-10
    by = people[Role.BUREAU_HANDLER]
    rostering.doctor(city, by, since=date(2026, 1, 9))
    assert told("station", station, "first_recruit_on") is None
    staying.brought_to("here", city, people, at=station)
    assert told("station", station, "first_recruit_on") == date(2026, 5, 20)
    rostering.doctor(city, by, since=date(2026, 3, 2))
    assert told("station", station, "first_recruit_on") == date(2026, 3, 2)
    assert told("station", station, "first_recruit_on", date(2026, 3, 1)) is None


def test_a_fresh_graduate_is_unknown_where_the_city_says_no_months(city, people):
    assert told("stay", staying.brought_to("here", city, people), "fresh") is None


def test_a_station_that_nobody_evaluated_was_never_excellent_and_nothing_was_transferred(city, people):
    stay = staying.brought_to("here", city, people)
    assert told("station", stay.station, "excellent_on") is None
    assert told("stay", stay, "transferred_on") is None


@pytest.mark.parametrize(("landed", "found"), [(True, date(2026, 5, 25)), (False, None), (None, None)])
def test_a_transfer_counts_once_it_is_verified_and_put_to_use_here(city, people, landed, found):
    stay = staying.brought_to("here", city, people)
    row = recording.recorded(stay, people[Role.HANDLER], done_on=date(2026, 5, 25))
    rows = Outcome.objects.filter(pk=row.pk)
    rows.update(kind="transfer", details={} if landed is None else {"landed": landed})
    assert told("stay", stay, "transferred_on") is None
    rows.update(verified_on=ON, verified_by=people[Role.DISTRICT], status="verified")
    assert told("stay", stay, "transferred_on") == found
    assert told("stay", stay, "transferred_on", date(2026, 5, 24)) is None


def test_what_ended_is_not_known_before_its_day(city, people):
    """An exit, a withdrawal, a revoked selection, months at work: each only from its day on."""
    stay = staying.brought_to("here", city, people)
    end, before = date(2026, 5, 25), date(2026, 5, 24)
    Stay.objects.filter(pk=stay.pk).update(status="left", ended_on=end, certificate_number="B1")
    assert [told("stay", stay, "exited_on", on) for on in (before, end)] == [None, end]
    Stay.objects.filter(pk=stay.pk).update(
        status="withdrawn", withdrawn_on=end, certificate_number="", withdrawal_ground="11", withdrawal_side="person"
    )
    assert [told("stay", stay, "withdrawn", on) for on in (before, end)] == [False, True]
    assert told("stay", stay, "exited_on", end) is None
    by = people[Role.BUREAU_HANDLER]
    chosen = rostering.selection(stay, by, rostering.programme(city), listed_on=date(2026, 5, 21))
    type(chosen).objects.filter(pk=chosen.pk).update(revoked_on=end)
    assert [told("selection", chosen, "revoked", on) for on in (before, end)] == [False, True]
    row = rostering.doctor(city, by, since=date(2026, 3, 2))
    assert [told("doctor", row, "months_here", on) for on in (date(2026, 5, 1), date(2026, 5, 2))] == [1, 2]


def test_the_first_proposal_of_a_station_is_one_that_was_passed(city, people):
    stay = staying.brought_to("here", city, people)
    about = {"stay": stay, "kind": "proposal", "recorded_on": ON}
    Milestone.objects.create(held_on="2026-05-22", grade="failed", **about)
    assert told("station", stay.station, "first_proposal_on") is None
    Milestone.objects.create(held_on="2026-05-25", grade="passed", **about)
    assert told("station", stay.station, "first_proposal_on") == date(2026, 5, 25)
    assert told("station", stay.station, "first_proposal_on", date(2026, 5, 24)) is None


def test_a_station_is_excellent_from_the_day_on_which_the_result_was_published(city, people):
    round_ = evaluating.published(in_review(city, people, 30), people)
    sheet, day = Sheet.objects.get(), round_.published_on
    SchemeGrade.objects.filter(pk=sheet.grade_id).update(code="excellent")
    assert told("station", sheet.station, "excellent_on", day) == day
    assert told("station", sheet.station, "excellent_on", day - timedelta(1)) is None
