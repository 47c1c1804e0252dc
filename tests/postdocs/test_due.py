"""What is due and late, whom it rings for, and the signs of a withdrawal: met, unmet, unknown at every boundary."""

from datetime import date, timedelta

import pytest

from portal.models import Mute, Notice, Role, Setting
from postdocs.due import reminders
from postdocs.due.signs import signed, signs_of
from postdocs.due.windows import by_station, due_by
from postdocs.models import Abroad, Milestone, MilestoneRule, Sign, Stay
from postdocs.stays.register import Entry, enter
from tests import make
from tests.postdocs import asking, staying
from tests.postdocs.test_facts import fact, met, with_
from tests.reading import Visitor

ON, DAY = make.ON, timedelta(1)


@pytest.fixture
def stay(city, people):
    rule = {"pack": city.pack, "clause": city.clause}
    MilestoneRule.objects.create(kind="proposal", due=3, again=1, **rule)
    MilestoneRule.objects.create(kind="midterm", opens=12, due=15, **rule)
    MilestoneRule.objects.create(kind="assessment", opens=20, due=24, **rule)
    return staying.brought_to("here", city, people)


def listed(on, **asked):
    return [(d.what, d.due_on, d.left) for d in due_by(Stay.objects.all(), on, **asked)]


PROPOSAL = date(2026, 8, 20)


@pytest.mark.parametrize(
    ("on", "wanted"),
    [
        (PROPOSAL - 61 * DAY, []),
        (PROPOSAL - 60 * DAY, [("proposal", PROPOSAL, 60)]),
        (PROPOSAL, [("proposal", PROPOSAL, 0)]),
        (PROPOSAL + DAY, [("proposal", PROPOSAL, -1)]),
    ],
)
def test_a_window_comes_onto_the_list_two_months_before_its_end(on, wanted, stay):
    assert listed(on) == wanted
    assert listed(on, late=True) == [row for row in wanted if row[2] < 0]
    assert listed(on, what="exit") == []


def test_what_was_passed_is_off_the_list_and_what_failed_is_due_again(stay, people):
    row = Milestone.objects.create(
        stay=stay, kind="proposal", held_on=date(2026, 7, 31), grade="failed", recorded_on=ON + 90 * DAY
    )
    assert listed(date(2026, 8, 10)) == [("proposal", date(2026, 8, 31), 21)]
    Milestone.objects.filter(pk=row.pk).update(grade="passed")
    assert listed(date(2026, 8, 10)) == []


def test_what_is_late_is_counted_by_station_and_leads_to_its_list(city, stay, people):
    other = staying.brought_to("here", city, people, at=stay.station)
    elsewhere = staying.station(city, people, owner=make.enterprise(city.north))
    own = {"name": "周一", "kind": "id_card", "number": staying.paper_number(), "entered_on": staying.ENTERED}
    enter([Entry(station=elsewhere, **own)], by=people[Role.BUREAU_HANDLER])
    with_(other, entered_on=staying.ENTERED + DAY)
    here, there = stay.station.matter.number, elsewhere.matter.number
    counted = [(n, late, soon) for n, _unit, late, soon in by_station(due_by(Stay.objects.all(), PROPOSAL + DAY))]
    assert counted == [(here, 1, 1), (there, 1, 0)]
    assert by_station(due_by(Stay.objects.all(), PROPOSAL)) == []
    page = Visitor(people[Role.BUREAU_HANDLER]).go("/postdocs/due/")
    assert f"?q={here}" in page.page


def test_windows_end_as_the_page_of_a_stay_says(stay):
    """The month's last day where the day isn't there: the same arithmetic in Python and in the database."""
    from postdocs.stays import timeline

    stay = Stay.objects.get(pk=with_(stay, entered_on=date(2026, 11, 30)).pk)
    on_page = {s.kind.value: s.due for s in timeline.steps_of(stay, ON)}
    on_list = {d.what: d.due_on for d in due_by(Stay.objects.all(), date(2030, 1, 1))}
    assert on_page == {kind: on_list[kind] for kind in ("proposal", "midterm", "assessment")}
    assert on_page["proposal"] == date(2027, 2, 28)


@pytest.mark.parametrize(
    ("ended", "owed"),
    [
        (date(2026, 8, 19), []),
        (date(2026, 8, 20), ["proposal"]),
        (date(2027, 5, 19), ["proposal"]),
        (date(2027, 5, 20), ["proposal", "midterm"]),
    ],
)
def test_who_had_left_before_it_was_time_owes_it_no_more(ended, owed, stay):
    from postdocs.stays import timeline

    stay = Stay.objects.get(pk=with_(stay, status="left", ended_on=ended).pk)
    assert [s.kind.value for s in timeline.steps_of(stay, date(2030, 1, 1))] == owed


def test_the_exit_is_due_by_the_contract_with_its_extensions(stay, people):
    on = date(2028, 5, 1)
    assert ("exit", date(2028, 4, 30), -1) in listed(on)
    asking.asked(stay, people, at="filed")
    assert "exit" not in {what for what, _day, _left in listed(on)}


def test_a_certificate_and_a_return_are_due(city, stay):
    staying.paper(city, "degree", months=6)
    assert "certificate" not in {what for what, _day, _left in listed(date(2026, 11, 21))}
    with_(stay, person__degree_on=None, person__has_certificate=False)
    assert ("certificate", date(2026, 11, 20), -1) in listed(date(2026, 11, 21))
    row = Abroad.objects.create(stay=stay, country="德国", purpose="x", since=ON, back_by=ON + DAY, recorded_on=ON)
    assert ("abroad", ON + DAY, 0) in listed(ON + DAY)
    Abroad.objects.filter(pk=row.pk).update(returned_on=ON + DAY)
    assert "abroad" not in {what for what, _day, _left in listed(ON + DAY)}


def test_who_is_out_has_nothing_due(stay, people):
    for action in staying.STEPS[3:]:
        stay = staying.step(stay, action, people)
    assert listed(date(2030, 1, 1)) == []


# --- reminders ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "unit", "district"),
    [
        (PROPOSAL - 31 * DAY, 0, 0),
        (PROPOSAL - 30 * DAY, 1, 0),
        (PROPOSAL, 1, 0),
        (PROPOSAL + DAY, 1, 1),
        (PROPOSAL + 91 * DAY, 0, 0),
    ],
)
def test_it_rings_once_before_and_once_when_late(on, unit, district, city, stay, people):
    Setting.objects.create(pack=city.pack, code="days.stay", title="x", why="x", kind="integer", value=30)
    postdoc = people[Role.POSTDOC]
    type(stay.person).objects.filter(pk=stay.person_id).update(user=postdoc)
    Notice.objects.all().delete()
    for _n in range(2):
        reminders.dues(on)
    told = [
        Notice.objects.filter(user=people[who], text__contains="开题").count()
        for who in (Role.HANDLER, Role.POSTDOC, Role.DISTRICT, "other_district", "other_unit")
    ]
    assert told == [unit, unit, district, 0, 0]


def test_before_and_after_are_two_and_a_switch_silences_both(city, stay, people):
    Setting.objects.create(pack=city.pack, code="days.stay", title="x", why="x", kind="integer", value=30)
    Mute.objects.create(user=people[Role.CERTIFIER], kind="stay")
    for on in (PROPOSAL - DAY, PROPOSAL + DAY, PROPOSAL + 2 * DAY):
        reminders.dues(on)
    rings = [
        Notice.objects.filter(user=people[r], text__contains="开题").count() for r in (Role.HANDLER, Role.CERTIFIER)
    ]
    assert rings == [2, 0]


def test_a_city_that_says_no_days_rings_nothing(stay):
    assert reminders.dues(PROPOSAL + DAY) == 0


# --- signs -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "day", "wanted"),
    [
        ({"person__degree_on": None, "person__has_certificate": False}, date(2026, 11, 19), False),
        ({"person__degree_on": None, "person__has_certificate": False}, date(2026, 11, 20), True),
        ({"person__degree_on": None, "person__has_certificate": True}, date(2026, 11, 20), False),
        ({"person__degree_on": None, "person__has_certificate": None}, date(2026, 11, 20), None),
        ({"person__degree_on": date(2026, 11, 20)}, date(2026, 11, 20), False),
        ({"person__degree_on": date(2026, 11, 21)}, date(2026, 11, 20), True),
    ],
)
def test_half_a_year_without_a_certificate(values, day, wanted, stay):
    assert met(with_(stay, **values), "months_uncertified", "gte", 6, on=day) is wanted


def test_twice_failed_counts_until_it_is_passed(stay):
    days = [ON + n * DAY for n in range(4)]
    for day, grade in zip(days, ("failed", "failed", "passed"), strict=False):
        Milestone.objects.create(stay=stay, kind="proposal", held_on=day, grade=grade, recorded_on=day)
    assert [fact(stay, "proposal_failures", on=day) for day in days] == [1, 2, 0, 0]


@pytest.mark.parametrize(("day", "wanted"), [(date(2028, 4, 30), 0), (date(2028, 5, 1), 1), (date(2028, 5, 11), 11)])
def test_days_overdue(day, wanted, stay):
    assert fact(stay, "days_overdue", on=day) == wanted
    with_(stay, planned_until=None)
    assert fact(stay, "days_overdue", on=day) is None


def test_who_left_later_was_overdue_then_and_is_not_now(stay):
    with_(stay, status="left", ended_on=date(2028, 5, 11))
    days = (date(2028, 5, 10), date(2028, 5, 11))
    assert [fact(stay, "days_overdue", on=d) for d in days] == [10, 0]


@pytest.mark.parametrize(("day", "wanted"), [(date(2032, 5, 19), False), (date(2032, 5, 20), True)])
def test_six_years_in_station(day, wanted, stay):
    assert met(stay, "months_so_far", "gte", 72, on=day) is wanted
    with_(stay, status="draft", entered_on=None)
    assert met(stay, "months_so_far", "gte", 72, on=day) is None


def test_signs_are_named_for_one_and_for_all_alike(city, people, stay):
    other = staying.brought_to("here", city, people, at=stay.station, values={"planned_until": date(2030, 1, 1)})
    for ground, name, lookup, value in (("09", "days_overdue", "gt", 0), ("10", "months_so_far", "gte", 72)):
        Sign.objects.create(pack=city.pack, ground=ground, fact=name, lookup=lookup, value=value, clause=city.clause)
    day = date(2028, 5, 1)
    found = signed(Stay.objects.all(), city.pack, day)
    assert found == {stay.pk: ["期满无正当理由不办出站"]}
    for row in (stay, other):
        assert [ground for ground, _finding in signs_of(row, day)] == found.get(row.pk, [])
