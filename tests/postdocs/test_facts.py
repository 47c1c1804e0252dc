"""What is said of a stay, on both sides of every boundary of entry and exit: met, unmet, unknown."""

from datetime import date, timedelta

import pytest

from portal.facts import Criterion
from portal.models import Evidence, Guard, Role
from postdocs.models import Stay
from postdocs.stays.facts import stay as vocabulary
from postdocs.stays.lifecycle import FILED
from postdocs.stays.register import Entry, enter
from tests import make
from tests.postdocs import staying

ON = make.ON


def fact(stay, name, on=ON):
    (row,) = vocabulary.table(Stay.objects.filter(pk=stay.pk), [name], on=on)
    return row[f"fact_{name}"]


def met(stay, name, lookup, value, on=ON):
    (finding,) = vocabulary.findings(stay, [Criterion(name, lookup, value, "")], on=on)
    return finding.met


def with_(stay, **values):
    """The same stay with other columns, `person__…` of its person."""
    person = {n.removeprefix("person__"): v for n, v in values.items() if n.startswith("person__")}
    type(stay.person).objects.filter(pk=stay.person_id).update(**person)
    Stay.objects.filter(pk=stay.pk).update(**{n: v for n, v in values.items() if not n.startswith("person__")})
    return stay


@pytest.fixture
def stay(city, people):
    return staying.told(city, people)


@pytest.mark.parametrize(("born", "wanted"), [(date(1990, 6, 2), True), (date(1990, 6, 1), False), (None, None)])
def test_age_turns_on_the_birthday(born, wanted, stay):
    assert met(with_(stay, person__born_on=born), "age", "lt", 36) is wanted


def test_age_is_judged_by_the_day_of_the_entry_once_it_is_filed(city, people):
    stay = staying.brought_to("here", city, people)
    with_(stay, person__born_on=date(1990, 5, 21))
    assert (fact(stay, "age"), fact(stay, "age", date(2036, 1, 1))) == (35, 35)


@pytest.mark.parametrize(("degree", "wanted"), [(date(2023, 5, 2), True), (date(2023, 5, 1), False), (None, None)])
def test_three_years_since_the_doctorate(degree, wanted, stay):
    """36 whole months are allowed, the 37th isn't."""
    stay = with_(stay, person__degree_on=degree, person__defended_on=None, person__has_certificate=bool(degree))
    assert met(stay, "doctor_months", "lte", 36) is wanted


@pytest.mark.parametrize(
    ("identity", "wanted"), [("graduate", False), ("employed", True), ("military", True), ("free", False), ("", None)]
)
def test_the_identity_says_whether_somebody_stays_employed_elsewhere(identity, wanted, stay):
    assert fact(with_(stay, identity=identity), "in_service") is wanted


def test_the_same_discipline_at_the_unit_that_gave_the_doctorate(city, people, stay):
    flow = make.flow(city, discipline="0812")
    joint = with_(stay, recruit_type="joint", flow_station=flow, discipline="0812")
    assert fact(joint, "same_discipline") is False
    with_(stay, person__degree_school=flow.university.name)
    assert fact(joint, "same_discipline") is True
    assert fact(with_(stay, discipline="0809"), "same_discipline") is False
    assert fact(with_(stay, discipline=""), "same_discipline") is None
    assert fact(with_(stay, discipline="0812", flow_station=None), "same_discipline") is None


@pytest.fixture
def aged(city):
    """The city's own rule of age, which says who is over it."""
    rule = {"lifecycle": "stay", "action": "submit", "fact": "age", "lookup": "lt", "value": 36, "justifiable": True}
    return Guard.objects.create(pack=city.pack, clause=city.clause, **rule)


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ({}, 0),
        ({"identity": "employed"}, 50),
        ({"person__born_on": date(1990, 6, 1)}, 50),
        ({"person__born_on": date(1990, 6, 2)}, 0),
        ({"identity": ""}, None),
        ({"identity": "", "person__born_on": date(1980, 1, 1)}, 50),
    ],
)
def test_the_share_of_special_entries_with_this_one(values, wanted, aged, city, people, stay):
    """In-service, over-age or of the same discipline: the third and the fourth entry of the year, of two that are none."""
    staying.brought_to("here", city, people, at=stay.station)
    with_(stay, **values)
    assert fact(stay, "special_share") == wanted


def test_the_share_counts_the_unit_s_own_entries_of_the_year_up_to_the_day(aged, city, people, stay):
    with_(stay, identity="employed")
    assert fact(stay, "special_share") == 100
    one, two = (staying.brought_to("here", city, people, at=stay.station) for _n in range(2))
    assert [met(stay, "special_share", "lte", limit) for limit in (33, 34)] == [False, True]  # a third, rounded up
    with_(one, identity="employed")
    assert fact(stay, "special_share") == 67
    with_(two, identity="")
    assert fact(stay, "special_share") is None
    with_(two, entered_on=date(2025, 12, 31))
    assert fact(stay, "special_share") == 100
    with_(two, identity="graduate", entered_on=ON + timedelta(1))
    assert (fact(stay, "special_share"), fact(stay, "special_share", ON + timedelta(1))) == (100, 67)
    elsewhere = staying.station(city, people, owner=make.enterprise(city.north))
    own = {"name": "周一", "kind": "id_card", "number": staying.paper_number(), "entered_on": staying.ENTERED}
    enter([Entry(station=elsewhere, **own)], by=people[Role.BUREAU_HANDLER])
    assert fact(stay, "special_share") == 100


def test_without_a_rule_of_age_nobody_is_known_to_be_within_it(city, stay):
    assert fact(stay, "special_share") is None
    assert fact(with_(stay, identity="employed"), "special_share") == 100


def test_earlier_stations_are_those_of_whoever_holds_the_same_number(city, people):
    number = staying.paper_number()
    first = staying.brought_to("left", city, people, number=number)
    staying.brought_to("here", city, people, at=first.station)  # somebody else
    second = staying.told(city, people, at=first.station, number=number)
    assert (fact(second, "earlier_stays"), fact(first, "earlier_stays")) == (1, 0)
    Stay.objects.filter(pk=first.pk).update(status="withdrawn", withdrawn_on=ON, withdrawal_ground="11")
    assert fact(second, "earlier_stays") == 0


@pytest.mark.parametrize(
    ("until", "wanted"), [(date(2032, 4, 30), True), (date(2032, 5, 31), True), (date(2032, 6, 1), False), (None, None)]
)
def test_six_years_in_all(until, wanted, stay):
    assert met(with_(stay, planned_until=until), "months_in_all", "lte", 72) is wanted


def test_months_of_earlier_stations_are_added(city, people):
    number = staying.paper_number()
    first = staying.brought_to("left", city, people, number=number, on=ON)
    Stay.objects.filter(pk=first.pk).update(entered_on=date(2020, 6, 1), ended_on=date(2022, 6, 1))
    second = staying.told(city, people, at=first.station, number=number)
    assert fact(second, "months_in_all") == 23 + 24


@pytest.mark.parametrize(("day", "wanted"), [(date(2028, 2, 19), False), (date(2028, 2, 20), True)])
def test_21_months_in_station(day, wanted, city, people):
    assert met(staying.brought_to("here", city, people), "months_in", "gte", 21, on=day) is wanted


def test_months_in_station_are_unknown_before_the_entry_and_end_with_the_stay(city, people, stay):
    assert fact(stay, "months_in") is None
    left = staying.brought_to("left", city, people, at=stay.station)
    assert fact(left, "months_in", date(2030, 1, 1)) == 0


def test_what_is_missing_is_counted_by_field(city, people):
    stay = staying.begun(city, people)
    assert fact(stay, "fields_missing") == 7 + 3 + 1  # of the stay, of the person, when the doctorate was
    full = staying.told(city, people, at=stay.station)
    assert fact(full, "fields_missing") == 0
    assert fact(with_(full, recruit_type="joint"), "fields_missing") == 1


@pytest.mark.parametrize("recruit", ["joint", "alone"])
@pytest.mark.parametrize("identity", ["graduate", "employed"])
@pytest.mark.parametrize("country", ["中国", "日本"])
def test_papers_are_asked_for_by_identity_type_and_country_as_the_page_lists_them(
    recruit, identity, country, city, people
):
    """The database counts what `EntryPaper.is_for()` shows, for every kind of person."""
    rows = [
        staying.paper(city, "all"),
        staying.paper(city, "joint", whom="joint"),
        staying.paper(city, "abroad", whom="abroad"),
        staying.paper(city, "employer", identities=["assigned", "employed"]),
        staying.paper(city, "later", months=6),
        staying.paper(city, "welcome", required=False),
    ]
    stay = staying.told(
        city, people, values={"recruit_type": recruit, "identity": identity}, person={"degree_country": country}
    )
    wanted = [row for row in rows if row.required and not row.months and row.is_for(stay)]
    assert fact(stay, "papers_missing") == len(wanted) >= 1
    file = make.file(stay.matter.organisation, people[Role.HANDLER])
    Evidence.objects.create(matter=stay.matter, slot="paper.all", file=file, added_by=people[Role.HANDLER])
    assert fact(stay, "papers_missing") == len(wanted) - 1


def test_a_milestone_is_passed_from_its_day_on(city, people):
    stay = staying.brought_to("here", city, people)
    by, day = people[Role.HANDLER], date(2026, 8, 3)
    staying.milestone(stay, "proposal", date(2026, 7, 1), by, grade="failed")
    staying.milestone(stay, "proposal", day, by)
    assert (fact(stay, "proposal_passed", day - timedelta(1)), fact(stay, "proposal_passed", day)) == (False, True)
    assert (fact(stay, "proposal_grade", day - timedelta(1)), fact(stay, "proposal_on", day)) == ("failed", day)
    assert fact(stay, "midterm_on", day) is None


def test_a_national_filing_is_at_most_fifteen_fields_to_type(city, people):
    """Name and number, what is still missing then, and date and number of the filing; the national record itself, handed
    in as a workbook, leaves none. Five of them are chosen from lists; who is recruited jointly has a flow station to choose
    and one name more to type."""
    begun = staying.begun(city, people)
    assert (fact(begun, "fields_missing"), len(FILED)) == (11, 2)
    assert 2 + fact(begun, "fields_missing") + len(FILED) <= 15
