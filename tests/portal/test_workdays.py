"""Working days with the days worked in exchange: 2026 as announced, 2027 not yet."""

from datetime import date

import pytest

from portal import packs, workdays
from portal.models import Workday
from portal.packs.reading import Reader, load_calendar
from portal.workdays import Calendar


@pytest.fixture
def announced(db):
    """The calendar that every pack brings."""
    reader = Reader(packs.HOME)
    load_calendar(reader)
    assert reader.mistakes == []
    return Calendar.load()


@pytest.mark.parametrize(
    ("on", "works"),
    [
        (date(2026, 1, 1), False),
        (date(2026, 1, 4), True),
        (date(2026, 2, 14), True),
        (date(2026, 2, 16), False),
        (date(2026, 2, 23), False),
        (date(2026, 2, 24), True),
        (date(2026, 2, 28), True),
        (date(2026, 5, 9), True),
        (date(2026, 6, 19), False),
        (date(2026, 9, 20), True),
        (date(2026, 10, 1), False),
        (date(2026, 10, 8), True),
        (date(2026, 10, 10), True),
        (date(2026, 6, 1), True),
        (date(2026, 6, 6), False),
        (date(2027, 1, 1), True),
        (date(2027, 1, 2), False),
    ],
    ids=[
        *(
            "New Year",
            "the Sunday after, worked",
            "the Saturday before Spring Festival, worked",
            "its eve",
            "its last day",
        ),
        *("the day after it", "the Saturday after, worked", "the Saturday of May, worked", "Dragon Boat"),
        *("the Sunday before National Day, worked", "National Day", "the day after it", "the Saturday after, worked"),
        *("a Monday", "a Saturday", "New Year of a year not announced", "a Saturday of that year"),
    ],
)
def test_a_day_is_worked_as_announced(on, works, announced):
    assert announced.works(on) is works


def test_a_year_is_official_once_its_holidays_are_announced(announced):
    assert [announced.is_official(year) for year in (2025, 2026, 2027)] == [True, True, False]


@pytest.mark.parametrize(
    ("since", "days", "until"),
    [
        (date(2026, 6, 1), 0, date(2026, 6, 1)),
        (date(2026, 6, 1), 5, date(2026, 6, 8)),
        (date(2026, 2, 13), 1, date(2026, 2, 14)),
        (date(2026, 2, 13), 2, date(2026, 2, 24)),
        (date(2026, 9, 30), 3, date(2026, 10, 10)),
        (date(2026, 12, 31), 1, date(2027, 1, 1)),
    ],
    ids=["none", "a week", "worked Saturday", "over Spring Festival", "over National Day", "into a year not announced"],
)
def test_a_promise_ends_after_that_many_working_days(since, days, until, announced):
    assert announced.add(since, days) == until
    assert workdays.add(since, days) == until


@pytest.mark.parametrize(
    ("since", "until", "days"),
    [
        (date(2026, 6, 1), date(2026, 6, 1), 0),
        (date(2026, 6, 1), date(2026, 6, 8), 5),
        (date(2026, 6, 8), date(2026, 6, 1), -5),
        (date(2026, 6, 5), date(2026, 6, 7), 0),
        (date(2026, 2, 13), date(2026, 2, 28), 6),
        (date(2026, 9, 30), date(2026, 10, 10), 3),
    ],
    ids=["the same day", "a week", "a week back", "a weekend", "Spring Festival", "National Day"],
)
def test_days_between_count_the_last_and_not_the_first(since, until, days, announced):
    assert announced.between(since, until) == days
    assert workdays.between(since, until) == days


def test_what_was_added_lies_as_many_days_away(announced):
    for days in range(1, 60):
        assert announced.between(date(2026, 1, 5), announced.add(date(2026, 1, 5), days)) == days


def test_without_announcements_weekends_decide(db):
    assert Workday.objects.count() == 0
    assert workdays.add(date(2026, 2, 13), 2) == date(2026, 2, 17)


def test_every_exception_differs_from_the_week(announced):
    """A row that says what the week says already is a slip of the pen."""
    assert [on for on, works in announced.exceptions.items() if works == (on.weekday() < 5)] == []
