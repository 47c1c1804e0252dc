"""Insurance lists: continuity on both sides of every boundary, unknown months that are no gaps, workbooks with wrong rows."""

from datetime import date

import pytest

from portal import sealed
from portal.models import Role, Setting
from postdocs.insurance import matrix
from postdocs.insurance.facts import stay as vocabulary
from postdocs.insurance.rows import last_whole, months_before
from postdocs.models import Insured, InsuredMonth, Stay
from tests import make
from tests.postdocs import rostering, staying
from tests.stations.test_intake import book, hand_in, undo, write

ON = date(2026, 11, 20)
LAST = date(2026, 10, 1)  # the last whole month


def fact(stay, name, on=ON):
    (row,) = vocabulary.table(Stay.objects.filter(pk=stay.pk), [name], on=on)
    return row[f"fact_{name}"]


def months(number: int, *, last=LAST, without=()) -> dict:
    """Paid months up to the last one, but for those so many months before it."""
    return {f"{months_before(last, n):%Y-%m}": True for n in range(number) if n not in without}


@pytest.fixture
def number():
    return staying.paper_number()


@pytest.fixture
def stay(city, people, number):
    return staying.brought_to("here", city, people, number=number)


@pytest.fixture
def listed(city, people, number):
    """Months of the stay's unit: of the person, and of a colleague, whose months say that there is a list."""

    def write_down(mine: dict, colleague: dict | None = None, owner=None) -> None:
        owner, by = owner or city.enterprise, people[Role.BUREAU_HANDLER]
        rostering.insured(owner, number, by, mine)
        rostering.insured(owner, staying.paper_number(), by, colleague or {}, name="同事")

    return write_down


def gap_of(number: int) -> dict:
    return {f"{months_before(LAST, number):%Y-%m}": True}


@pytest.mark.parametrize(
    ("on", "wanted"),
    [(date(2026, 10, 30), date(2026, 9, 1)), (date(2026, 10, 31), LAST), (ON, LAST), (date(2026, 1, 1), date(2025, 12, 1))],
)  # fmt: skip
def test_the_last_whole_month_is_over_by_the_end_of_the_day(on, wanted):
    assert last_whole(on) == wanted


@pytest.mark.parametrize(("number_of", "wanted"), [(11, None), (12, True), (13, True), (0, None)])
def test_twelve_months_in_a_row(number_of, wanted, stay, listed):
    """Eleven paid months and nothing known of the twelfth is unknown, not no."""
    listed(months(number_of))
    assert fact(stay, "insured_12") is wanted


@pytest.mark.parametrize(("month", "wanted"), [(0, False), (11, False), (12, True)])
def test_a_month_whose_list_leaves_the_person_out_is_a_gap(month, wanted, stay, listed):
    listed(months(13, without=(month,)), gap_of(month))
    assert fact(stay, "insured_12") is wanted


@pytest.mark.parametrize(("month", "wanted"), [(0, None), (11, None), (12, True)])
def test_a_month_without_a_list_is_unknown_and_no_gap(month, wanted, stay, listed):
    listed(months(13, without=(month,)))
    assert fact(stay, "insured_12") is wanted


def test_unpaid_is_a_gap_and_unknown_months_beside_it_dont_help(stay, listed):
    listed(months(6, without=(2,)) | {f"{months_before(LAST, 2):%Y-%m}": False})
    assert (fact(stay, "insured_12"), fact(stay, "insured_6"), fact(stay, "insured_months")) == (False, False, 2)


@pytest.mark.parametrize(("on", "wanted"), [(date(2026, 11, 9), False), (date(2026, 11, 10), True)])
def test_a_back_payment_fills_the_gap_from_its_day_on(on, wanted, stay, listed):
    listed(months(12, without=(2,)) | {f"{months_before(LAST, 2):%Y-%m}": date(2026, 11, 10)})
    assert fact(stay, "insured_12", on) is wanted
    assert fact(stay, "insured_months", on) == (12 if wanted else 2)


@pytest.mark.parametrize(("allowed", "wanted"), [(0, False), (1, True), (2, True)])
def test_a_city_may_allow_gaps(allowed, wanted, city, stay, listed):
    Setting.objects.create(pack=city.pack, code="A23", title="x", why="x", kind="integer", value=allowed)
    listed(months(12, without=(3,)), gap_of(3))
    assert fact(stay, "insured_12") is wanted


def test_one_gap_allowed_and_one_month_unknown_is_unknown(city, stay, listed):
    Setting.objects.create(pack=city.pack, code="A23", title="x", why="x", kind="integer", value=1)
    listed(months(12, without=(3, 5)), gap_of(3))
    assert fact(stay, "insured_12") is None


def test_months_at_another_unit_count_for_the_city_but_not_for_the_row(city, stay, listed):
    other = make.enterprise(city.south)
    listed(months(12), owner=other)
    assert (fact(stay, "insured_first"), fact(stay, "insured_12")) == (months_before(LAST, 11), None)


def test_months_of_another_city_are_not_this_city_s(stay, listed):
    listed(months(3), owner=make.city("othercity").enterprise)
    assert fact(stay, "insured_first") is None


def test_insured_in_a_month_is_yes_no_or_unknown(stay, listed):
    listed({"2026-08": True}, {"2026-08": True, "2026-09": True})
    assert [fact(stay, "insured_now", date(2026, m, 15)) for m in (8, 9, 10)] == [True, False, None]


def test_nothing_dated_after_a_day_changes_the_fact_of_that_day(stay, listed):
    listed(months(3))
    names = ("insured_first", "insured_now", "insured_months", "insured_6")
    before = [fact(stay, name, date(2026, 9, 30)) for name in names]
    InsuredMonth.objects.filter(month__gt=date(2026, 9, 30)).delete()
    assert [fact(stay, name, date(2026, 9, 30)) for name in names] == before


def test_the_matrix_tells_gaps_from_what_isn_t_known(city, people, number):
    by = people[Role.BUREAU_HANDLER]
    rostering.insured(city.enterprise, number, by, {"2026-05": True, "2026-07": False, "2026-08": date(2026, 9, 9),
                                                    "2026-10": True})  # fmt: skip
    rostering.insured(city.enterprise, staying.paper_number(), by, {"2026-04": True, "2026-06": True}, name="同事")
    found = matrix.of_unit(city.enterprise.organisation, ON, number=8)
    (mine,) = [p for p in found.people if p.name == "周博文"]
    assert mine.states == ["out", "paid", "gap", "gap", "back", "unknown", "paid", "unknown"]
    assert mine.first == date(2026, 5, 1)


@pytest.mark.parametrize(
    ("listed", "begins"),
    [("2025-08", date(2025, 8, 1)), ("2026-09", date(2025, 12, 1)), ("2020-01", date(2024, 12, 1))],
    ids=["from the first list", "a year at least", "two years at most"],
)
def test_months_before_the_first_list_are_not_shown(listed, begins, city, people, number):
    rostering.insured(city.enterprise, number, people[Role.BUREAU_HANDLER], {listed: True})
    found = matrix.of_unit(city.enterprise.organisation, ON)
    assert (found.months[0], found.months[-1]) == (begins, date(2026, 11, 1))
    assert len(found.people[0].states) == len(found.months)


def test_whoever_sees_the_unit_sees_its_lists(city, people, listed):
    listed({"2026-08": True})
    seen = {
        role: Insured.objects.visible_to(people[role]).count() for role in (Role.HANDLER, Role.DISTRICT, "other_unit")
    }
    assert seen == {Role.HANDLER: 2, Role.DISTRICT: 2, "other_unit": 0}
    assert Insured.objects.visible_to(people[Role.POSTDOC]).count() == 0


# --- workbooks ---------------------------------------------------------------------------------

HEAD = ["统一社会信用代码", "姓名", "证件号码", "月份", "当月已缴", "补缴日期", "依据"]


def line(owner, number, **values) -> dict:
    given = {"统一社会信用代码": owner.organisation.code, "姓名": "周博文", "证件号码": number, "月份": "2026-05"}
    return given | {"当月已缴": "是", "依据": "社保中心"} | values


WRONG = {
    "no month": ({"月份": ""}, "month", "必填"),
    "a month that is none": ({"月份": "2026-13"}, "month", "不是月份"),
    "a month in words": ({"月份": "五月"}, "month", "不是月份"),
    "a month to come": ({"月份": "2030-01"}, "month", "还没有到"),
    "no number": ({"证件号码": ""}, "number", "必填"),
    "a number with a wrong digit": ({"证件号码": "110101199003070000"}, "number", "校验位"),
    "an unknown unit": ({"统一社会信用代码": make.credit_code(8_888_888)}, "code", "没有登记这家单位"),
    "not said whether paid": ({"当月已缴": ""}, "paid", "必填"),
    "paid back though paid": ({"补缴日期": "2026-06-10"}, "back_paid_on", "没缴的行"),
    "paid back before the month": ({"当月已缴": "否", "补缴日期": "2026-05-01"}, "back_paid_on", "晚于当月"),
    "paid back on a day to come": ({"当月已缴": "否", "补缴日期": "2030-06-10"}, "back_paid_on", "还没有到"),
    "no source": ({"依据": ""}, "source", "必填"),
}


def test_each_wrong_row_is_told_and_the_right_ones_come_in_and_go(city, people):
    good, again = staying.paper_number(), staying.paper_number()
    rows = [line(city.enterprise, good), line(city.enterprise, good, 月份="202606"), line(city.enterprise, again)]
    rows += [line(city.enterprise, staying.paper_number(), **values) for values, _name, _part in WRONG.values()]
    rows.append(line(city.enterprise, good))  # twice
    batch = hand_in(people[Role.BUREAU_HANDLER], book(rows, HEAD), kind="insurance")
    told = {one.number: one for one in batch.lines.all()}
    for number, (what, (_values, name, part)) in enumerate(WRONG.items(), 5):
        assert part in told[number].problems.get(name, ""), (what, told[number].problems)
    assert batch.counts == {
        "new": 3,
        "changed": 0,
        "same": 0,
        "wrong": len(WRONG),
        "double": 1,
        "doubt": 0,
        "conflict": 0,
    }
    batch = write(batch)
    kept = InsuredMonth.objects.filter(insured__number_index=sealed.index_of(good))
    assert sorted(kept.values_list("month", "confirmed_by")) == [
        (date(2026, 5, 1), people[Role.BUREAU_HANDLER].pk), (date(2026, 6, 1), people[Role.BUREAU_HANDLER].pk)
    ]  # fmt: skip
    undo(batch)
    assert (Insured.objects.count(), InsuredMonth.objects.count()) == (0, 0)


def test_a_later_list_says_that_a_month_was_paid_back(city, people, number):
    rostering.insured(city.enterprise, number, people[Role.BUREAU_HANDLER], {"2026-05": False})
    row = line(city.enterprise, number, 当月已缴="否", 补缴日期="2026-07-08")
    batch = write(hand_in(people[Role.BUREAU_HANDLER], book([row], HEAD), kind="insurance"))
    assert (batch.counts["changed"], InsuredMonth.objects.get().back_paid_on) == (1, date(2026, 7, 8))
    undo(batch)
    assert InsuredMonth.objects.get().back_paid_on is None


def test_a_district_writes_of_its_own_units_only(city, people, number):
    other = make.enterprise(city.south)
    batch = hand_in(people[Role.DISTRICT], book([line(other, number)], HEAD), kind="insurance")
    assert "不在您的范围内" in batch.lines.get().problems["code"]
