"""Entries of the pool that nobody touched for long are due for a review: a reminder, and a step that keeps them."""

from datetime import date, timedelta

import pytest
from django.utils.timezone import localdate

from portal.models import Event, Matter, Role, Setting
from stations import pool_reviews
from stations.models import PoolEntry
from stations.pool import lifecycle as pool
from tests import make
from tests.reading import Visitor

ON = make.ON


def say(city, months):
    Setting.objects.create(pack=city.pack, code="pool.review_months", title="x", why="x", kind="integer", value=months)


def due(city, on):
    return pool_reviews.due(PoolEntry.objects.all(), city.pack, on).exists()


@pytest.mark.parametrize(
    ("on", "is_due"), [(date(2027, 5, 31), False), (date(2027, 6, 1), True)], ids=["a day early", "after twelve months"]
)
def test_an_entry_is_due_so_many_months_after_its_last_sign(on, is_due, city, people):
    say(city, 12)
    make.pool_entry("growing", city, people)
    assert due(city, on) is is_due


@pytest.mark.parametrize("sign", ["a measure added", "a measure done", "a step"])
def test_any_sign_of_life_puts_it_off(sign, city, people):
    say(city, 12)
    entry = make.pool_entry("growing", city, people)
    later = ON + timedelta(1)
    if sign == "a step":
        make.pool_step(entry, "review", people, by=people[Role.DISTRICT], on=later)
    else:
        row = make.measure(entry, people[Role.DISTRICT], text="新措施")
        type(row).objects.filter(pk=row.pk).update(**{"added_on" if sign.endswith("added") else "done_on": later})
    assert not due(city, date(2027, 6, 1))
    assert due(city, date(2027, 6, 2))


def test_who_has_applied_is_not_reviewed(city, people):
    say(city, 1)
    entry = make.pool_entry("growing", city, people)
    assert due(city, date(2030, 1, 1))
    case = make.filled(city, people[Role.HANDLER])
    PoolEntry.objects.filter(pk=entry.pk).update(status="applied", application=case)
    assert not due(city, date(2030, 1, 1))


def test_a_city_that_says_nothing_reviews_nobody(city, people):
    entry = make.pool_entry("growing", city, people)
    assert not due(city, date(2030, 1, 1))
    assert "该复核了" not in Visitor(people[Role.DISTRICT]).go(entry.get_absolute_url()).text


def test_its_district_says_that_it_stays_and_whoever_takes_the_next_measure_goes_on_holding_it(city, people):
    say(city, 3)
    entry = make.pool_entry("growing", city, people)
    before = Matter.objects.get(pk=entry.matter_id)
    officer = Visitor(people[Role.DISTRICT])
    assert entry.matter.number in officer.go("/pool/?review=due").text
    assert "该复核了" in officer.go(entry.get_absolute_url()).text
    assert officer.press("复核，继续培育", **{"review-note": "走访过，仍有意向"}).told == ["已办理：复核，继续培育。"]
    event = Event.objects.latest("pk")
    assert (event.action, event.on, event.by, event.note) == (
        *("review", localdate(), people[Role.DISTRICT], "走访过，仍有意向"),
    )
    after = Matter.objects.get(pk=entry.matter_id)
    assert (after.status, after.holder, after.due_on) == ("growing", before.holder, before.due_on)
    assert "复核，继续培育" not in [b[0] for form in officer.go(entry.get_absolute_url()).forms for b in form.buttons]
    assert entry.matter.number not in officer.go("/pool/?review=due").text


def test_others_read_that_it_is_due_and_have_no_button(city, people):
    say(city, 3)
    entry = make.pool_entry("growing", city, people)
    bureau = Visitor(people[Role.BUREAU_HANDLER]).go(entry.get_absolute_url())
    assert "该复核了" in bureau.text
    assert "复核，继续培育" not in [b[0] for form in bureau.forms for b in form.buttons]
    assert "该复核了" not in Visitor(people[Role.HANDLER]).go(entry.get_absolute_url()).text
    assert [s.action for s in pool.pool.possible(entry, people[Role.AUDITOR])] == []
