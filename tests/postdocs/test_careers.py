"""Careers: months as they are typed, gaps and overlaps, who may write, what becomes of them when an entry is filed."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from portal.lifecycle import Refused
from portal.models import ReturnItem, Revision, Role, Setting
from postdocs.careers import actions, gaps
from postdocs.careers.forms import CareerForm, LastMonthField, MonthField
from postdocs.models import CareerRow, Person
from postdocs.stays.lifecycle import cycle
from tests import make
from tests.postdocs import staying

ON = make.ON


def row(since, until=None, *, kind="study", beside=False, **values) -> CareerRow:
    """A row of (year, month) to before (year, month)."""
    words = {"study": {"level": "doctor"}, "work": {"standing": "staff"}, "break": {}}[kind]
    given = {"place": "测试大学", **words} | values
    return CareerRow(
        kind=kind, since=date(*since, 1), until=date(*until, 1) if until else None, beside=beside, **given
    )  # fmt: skip


@pytest.mark.parametrize("text", ["2019-09", "2019.9", "201909", "2019年9月", " ２０１９／０９ "])
def test_a_month_is_read_as_people_write_it(text):
    assert MonthField().clean(text) == date(2019, 9, 1)
    assert LastMonthField().clean(text) == date(2019, 10, 1)


def test_the_last_month_of_a_year_ends_with_it_and_is_shown_as_it_was_typed():
    assert LastMonthField().clean("2019-12") == date(2020, 1, 1)
    assert LastMonthField().prepare_value(date(2020, 1, 1)) == "2019-12"


@pytest.mark.parametrize(("text", "told"), [("至今", "不写“至今”"), ("2019-13", "不是年月"), ("去年", "不是年月")])
def test_a_month_that_is_none_is_told(text, told):
    with pytest.raises(ValidationError, match=told):
        MonthField().clean(text)


@pytest.mark.parametrize(
    ("second", "allowed", "found"),
    [
        ((2016, 7), 2, []),
        ((2016, 9), 2, []),
        ((2016, 10), 2, ["2016-07 至 2016-09 有 3 个月"]),
        ((2016, 9), 0, ["2016-07 至 2016-08 有 2 个月"]),
    ],
    ids=["at once", "two months", "three months", "none allowed"],
)
def test_a_gap_of_more_months_than_allowed_is_named(second, allowed, found):
    rows = [row(second, (2020, 7)), row((2012, 9), (2016, 7))]
    gaps_ = gaps.gaps_of(rows, through=date(2020, 7, 20), allowed=allowed)
    assert [gap.said[: len(text)] for gap, text in zip(gaps_, found, strict=True)] == found


def test_the_way_to_the_entry_counts_and_a_row_that_lasts_covers_it():
    ended = row((2012, 9), (2016, 7))
    assert [g.months for g in gaps.gaps_of([ended], through=date(2017, 1, 9), allowed=2)] == [6]
    assert gaps.gaps_of([ended, row((2016, 7), kind="work")], through=date(2017, 1, 9), allowed=2) == []
    assert gaps.gaps_of([ended, row((2016, 7), (2017, 1), kind="break")], through=date(2017, 1, 9), allowed=2) == []
    assert gaps.gaps_of([], through=ON, allowed=2) == []


def test_a_long_row_covers_short_ones_within_it():
    rows = [row((2012, 9), (2020, 7)), row((2013, 1), (2014, 1), kind="work", beside=True)]
    assert gaps.gaps_of(rows, through=date(2020, 7, 1), allowed=0) == []


def test_an_overlap_is_named_unless_one_went_on_beside_the_other():
    study, work = row((2012, 9), (2016, 7)), row((2016, 1), (2018, 1), kind="work", place="测试公司")
    assert [o.second.place for o in gaps.overlaps_of([work, study])] == ["测试公司"]
    work.beside = True
    assert gaps.overlaps_of([study, work]) == []
    assert gaps.overlaps_of([study, row((2016, 7), (2018, 1), kind="work")]) == []


@pytest.mark.django_db
def test_a_city_says_how_many_months_nobody_asks_about(city, people):
    stay = staying.begun(city, people)
    for one in (row((2012, 9), (2016, 7)), row((2016, 11), kind="work")):
        one.person = stay.person
        actions.keep(one, by=people[Role.HANDLER])
    about = {"known": [stay], "on": ON}
    assert [g.months for g in actions.career_of(stay.person, **about).gaps] == [4]
    Setting.objects.create(pack=city.pack, code="persons.gap_months", title="空档", why="测试", kind="integer", value=4)
    from django.core.cache import cache

    cache.clear()
    assert actions.career_of(stay.person, **about).gaps == []


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"since": date(2012, 9, 2)}, "career_months"),
        ({"until": date(2012, 9, 1)}, "career_order"),
        ({"level": ""}, "career_level"),
        ({"standing": "staff"}, "career_standing"),
    ],
)
def test_the_database_refuses_an_impossible_row(values, name, city, people):
    person = staying.begun(city, people).person
    given = {"kind": "study", "level": "doctor", "place": "x", "since": date(2012, 9, 1), "until": date(2016, 7, 1)}
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        CareerRow.objects.create(person=person, **given | values)


def test_only_one_row_lasts(city, people):
    stay = staying.begun(city, people)
    for n, one in enumerate((row((2012, 9)), row((2016, 9), kind="work", place="y"))):
        one.person = stay.person
        if n:
            with pytest.raises(ValidationError, match="只有还在继续的那一段"):
                actions.keep(one, by=people[Role.HANDLER])
        else:
            actions.keep(one, by=people[Role.HANDLER])


def test_a_form_drops_what_is_not_of_its_kind_and_asks_for_what_is():
    data = {
        "kind": "work",
        "since": "2016-09",
        "until": "2018-02",
        "place": "公司",
        "level": "doctor",
        "standing": "staff",
    }
    form = CareerForm(data, today=ON)
    assert form.is_valid(), form.errors
    assert (form.instance.level, form.instance.until) == ("", date(2018, 3, 1))
    wrong = CareerForm(data | {"standing": "", "until": "2027-01", "since": "2019-05"}, today=ON)
    assert set(wrong.errors) == {"standing", "until"}


def test_the_enterprise_writes_while_it_writes_and_the_person_always(city, people):
    stay = staying.told(city, people)
    one = row((2012, 9), (2016, 7))
    one.person = stay.person
    actions.keep(one, by=people[Role.HANDLER])
    stay = staying.step(stay, "submit", people)
    with pytest.raises(Refused, match="现在不能修改"):
        actions.strike(one, by=people[Role.HANDLER])
    items = [ReturnItem(target="person:career", label="学习工作经历", code="R12")]
    stay = cycle.move(stay, "return", by=people[Role.DISTRICT], on=ON, items=items)
    actions.keep(one, by=people[Role.HANDLER])
    assert ReturnItem.objects.get().answered_at is not None
    stay = staying.step(stay, "submit", people)
    me = make.user(Role.POSTDOC, district=city.root)
    with pytest.raises(Refused):
        actions.keep(one, by=me)
    Person.objects.filter(pk=stay.person_id).update(user=me)
    one.refresh_from_db()
    actions.keep(one, by=me)


def test_filing_keeps_the_career_of_whoever_was_known_already(city, people):
    number = staying.paper_number()
    first = staying.brought_to("here", city, people, number=number)
    staying.step(staying.step(first, "ask_withdrawal", people), "withdraw", people)
    second = staying.told(city, people, number=number, at=first.station)
    one = row((2012, 9), (2016, 7))
    one.person = second.person
    actions.keep(one, by=people[Role.HANDLER])
    for action in ("submit", "accept"):
        second = staying.step(second, action, people)
    later = {"entered_on": date(2026, 6, 9).isoformat()}
    second = staying.step(second, "file", people, on=date(2026, 6, 10), **later)
    assert second.person_id == first.person_id
    assert Person.objects.get(pk=first.person_id).career.get() == one
    revision = Revision.objects.get(event__matter=second.matter, event__action="submit")
    assert revision.data["career"] == ["2012-09—2016-06 study 测试大学 doctor"]
