"""What others see: small numbers are hidden, and none can be worked out; an enterprise sees its own rows alone."""

from datetime import date
from decimal import Decimal
from itertools import product

import pytest

from portal.models import Role, Setting
from targets.boards import suppress
from targets.models import Activity
from targets.plans import indicators
from tests import make
from tests.make import Life
from tests.reading import Visitor
from tests.targets import working

SMALL = 5


def told(parts, total=None):
    numbers = [Decimal(p) for p in parts]
    whole, cells = suppress.row(sum(numbers, Decimal(0)) if total is None else total, numbers, SMALL)
    return whole, ["<" if c.below else "*" if c.apart else int(c.value) for c in cells]


@pytest.mark.parametrize(
    ("parts", "shown"),
    [
        ([20, 30, 9], [20, 30, 9]),
        ([20, 30, 3], ["*", 30, "<"]),
        ([20, 30, 9, 3], [20, 30, "*", "<"]),
        ([5, 6, 20, 30, 1], ["*", "*", "*", 30, "<"]),
        ([40, 2, 3, 1, 2], [40, "<", "<", "<", "<"]),
        ([40, 0, 0], ["*", "<", "<"]),
    ],
    ids=[
        "none small",
        "one small",
        "the smallest other goes too",
        "until it is enough",
        "enough small ones",
        "noughts",
    ],
)
def test_a_small_number_takes_others_with_it_until_nothing_gives_it_away(parts, shown):
    whole, cells = told(parts)
    assert (whole.value, cells) == (sum(parts), shown)


def test_where_all_are_small_and_the_total_gives_them_away_the_total_goes():
    whole, cells = told([4, 4])
    assert (whole.apart, cells) == (True, ["<", "<"])
    assert told([1, 1])[0].below == SMALL


def test_no_hidden_number_can_be_worked_out_from_what_is_told():
    """Everybody who knows the total and all numbers told still has every small value to choose from."""
    for parts in product((0, 1, 4, 5, 7, 12), repeat=4):
        whole, cells = told(parts)
        if whole.hidden:
            continue
        rest = sum(parts) - sum(c for c in cells if isinstance(c, int))
        little, larger = cells.count("<"), cells.count("*")
        for value in range(SMALL if little else 0):
            others = rest - value - larger * SMALL
            most = (little - 1) * (SMALL - 1)
            assert others >= 0, (parts, cells, value)
            assert larger or others <= most, (parts, cells, value)


def test_numbers_that_do_not_add_up_only_hide_themselves():
    whole, cells = suppress.row(Decimal(9), [Decimal(8), Decimal(3)], SMALL, adds_up=False)
    assert (whole.value, cells[0].value, cells[1].below) == (9, 8, SMALL)
    _whole, cells = suppress.row(Decimal(9), [Decimal(8), None], SMALL)
    assert [c.value for c in cells] == [8, None]


@pytest.fixture
def register(city):
    lives = [Life(city.north, date(2025, 3, 1), owner=n) for n in range(12)]
    return make.bare_stations([*lives, Life(city.south, date(2025, 4, 1), owner=20)])


def switched_on(city, value=True):
    about = {"title": "x", "why": "x", "kind": "boolean", "clause": city.clause}
    Setting.objects.update_or_create(pack=city.pack, code="targets.public", defaults=about | {"value": value})


def test_the_public_sees_main_figures_where_the_city_says_so(city, register):
    plan = make.plan(city, until=date(2099, 12, 31))
    make.indicator(plan, city, code="ST")
    make.indicator(plan, city, code="NO", name="内部指标", headline=False)
    assert Visitor(None).go("/figures/").status == 404
    switched_on(city)
    page = Visitor(None).go("/figures/")
    assert page.status == 200
    assert "工作站" in page.text
    assert "内部指标" not in page.text
    (column,) = page.answer.context["told"].columns
    assert column["whole"].value == 13
    assert [(c.value, c.below, c.apart) for c in column["cells"]] == [
        (None, 0, True),
        (None, 5, False),
        (None, 5, False),
    ]
    switched_on(city, False)
    assert Visitor(None).go("/figures/").status == 404


def test_an_enterprise_sees_what_its_own_rows_add_and_no_others(city, people, register):
    plan = make.plan(city, until=date(2099, 12, 31))
    make.indicator(plan, city, code="ST")
    make.indicator(plan, city, code="RE", name="上报数", source="reported", starts="", stops="")
    make.indicator(plan, city, code="AC", name="对接活动", source="activity", starts="held_on", stops="", kind="flow")
    held = working.activity(city, people, held_on=date(2026, 3, 1))  # announced to everybody, and nobody's own
    assert Activity.objects.visible_to(people[Role.HANDLER]).filter(pk=held.pk).exists()
    own = make.station(city, people[Role.BUREAU_APPROVER], owner=city.enterprise)
    page = Visitor(people[Role.HANDLER]).go("/targets/own/")
    ((one,), silent) = page.answer.context["added"], page.answer.context["silent"]
    assert (one["counted"], [line["url"] for line in one["lines"]], silent) == (1, [own.get_absolute_url()], [])
    assert "上报数" not in page.text
    assert "对接活动" not in page.text
    other = Visitor(people["other_unit"]).go("/targets/own/").answer.context
    assert (other["added"], [one["indicator"].code for one in other["silent"]]) == ([], ["ST"])


def test_the_big_screen_turns_from_target_to_target(city, people, register):
    plan = make.plan(city, until=date(2099, 12, 31))
    for code in ("A", "B"):
        make.indicator(plan, city, code=code, name=f"目标{code}")
    make.indicator(plan, city, code="RE", source="reported", starts="", stops="")
    indicators.recompute(date.today())
    page = Visitor(people[Role.AUDITOR]).go("/targets/screen/")
    assert page.answer.context["next"] == "?of=B"
    assert page.go("/targets/screen/?of=B").answer.context["next"] == "?of=A"
    assert page.go("/targets/screen/?of=nothing").status == 200
