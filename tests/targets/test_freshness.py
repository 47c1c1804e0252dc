"""What is on record equals what the records say, and the check that says so goes red for every way in which it doesn't."""

import io
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest
from django.core.management import CommandError, call_command

from stations.models import IndustryChain, Station
from targets.models import Indicator, Snapshot
from targets.plans import freshness, indicators
from tests import make
from tests.make import Life

ON = date(2026, 6, 15)
Kind = Indicator.Kind
pytestmark = pytest.mark.django_db


@pytest.fixture
def kinds(city):
    """An indicator of each kind, over forty stations that came and went on any day of three years."""
    plan, dice = make.plan(city), Random(7)
    chains = [city.chain, IndustryChain.objects.create(pack=city.pack, code="ic", name="集成电路"), None]
    lives = []
    for n in range(40):
        since = date(2024, 6, 1) + timedelta(dice.randrange(700))
        until = since + timedelta(dice.randrange(1, 500)) if n % 3 == 0 else None
        place = dice.choice([city.north, city.south])
        lives.append(Life(place, since, until, "branch" if n % 4 else "overseas", dice.choice(chains), n // 2))
    make.bare_stations(lives)
    since = {"fact": "approved_on", "lookup": "gte", "value": "2025-01-01"}
    branches = {"fact": "kind", "lookup": "exact", "value": "branch"}
    whole = {"source": "station", "starts": "approved_on", "stops": "ended_on"}
    declared = {
        "LEVEL": {},
        "CUMULATIVE": {"kind": Kind.CUMULATIVE, "where": [since]},
        "FLOW": {"kind": Kind.FLOW, "stops": ""},
        "COVERAGE": {"kind": Kind.COVERAGE, "distinct": "chain"},
        "HOSTS": {"distinct": "enterprise", "where": [branches]},
        "SUM": {"sum_of": "enterprise"},
        "SHARE": {"kind": Kind.RATE, "where": [branches], "over": whole},
    }
    found = {code: make.indicator(plan, city, code=code, **values) for code, values in declared.items()}
    indicators.recompute(ON)
    return found


def test_what_a_recompute_left_equals_a_count_of_each_day_by_itself(kinds, city):
    checked = freshness.check(ON)
    assert checked.differences == []
    days = len(indicators.days_of(kinds["LEVEL"].plan, ON))
    shares = Snapshot.objects.filter(indicator=kinds["SHARE"]).count()  # the east has no station: a share of nobody
    assert 0 < shares < days * 4
    assert checked.cells == days * 4 * 6 + shares
    assert {code for code in kinds if Snapshot.objects.filter(indicator__code=code, value__gt=0).exists()} == set(kinds)


@pytest.mark.parametrize("code", ["LEVEL", "CUMULATIVE", "FLOW", "COVERAGE", "HOSTS", "SUM", "SHARE"])
def test_a_figure_that_was_tampered_with_is_found(code, kinds, city):
    row = Snapshot.objects.get(indicator=kinds[code], district=city.root, on=ON)
    true = row.value
    Snapshot.objects.filter(pk=row.pk).update(value=true + 1)
    (wrong,) = freshness.check(ON).differences
    assert (wrong.indicator, wrong.district, wrong.on) == (kinds[code], city.root, ON)
    assert (wrong.stored, wrong.counted) == (true + 1, true)


def test_a_missing_figure_and_one_that_nobody_should_have_are_found(kinds, city):
    Snapshot.objects.get(indicator=kinds["FLOW"], district=city.east, on=ON).delete()
    Snapshot.objects.create(indicator=kinds["SHARE"], district=city.east, on=ON, value=0)
    told = {d.indicator.code: (d.district, d.stored, d.counted) for d in freshness.check(ON).differences}
    assert told == {"FLOW": (city.east, None, Decimal(0)), "SHARE": (city.east, Decimal(0), None)}


def test_a_correction_of_the_past_is_a_difference_until_the_next_recompute(kinds, city):
    row = Station.objects.filter(ended_on=None, kind="branch", matter__district=city.north).first()
    Station.objects.filter(pk=row.pk).update(approved_on=ON + timedelta(1))
    differs = {d.indicator.code for d in freshness.check(ON).differences}
    assert {"LEVEL", "SUM"} <= differs
    assert {d.district for d in freshness.check(ON).differences} <= {city.root, city.north}
    indicators.recompute(ON)
    assert freshness.check(ON).differences == []


def test_the_command_computes_and_the_check_fails_on_a_difference_without_writing(kinds, city):
    def said(**options) -> str:
        out = io.StringIO()
        call_command("recompute", on=ON, stdout=out, stderr=out, **options)
        return out.getvalue()

    cells = freshness.check(ON).cells
    assert said(check=True) == f"截至 2026-06-15 的 {cells} 个数都与记录相符\n"
    Snapshot.objects.filter(indicator=kinds["LEVEL"], district=city.root, on=ON).update(value=999)
    true = freshness.check(ON).differences[0].counted.normalize()
    told = io.StringIO()
    with pytest.raises(CommandError, match=f"的 {cells} 个数中有 1 个与记录不符；请运行 manage.py recompute"):
        call_command("recompute", on=ON, check=True, stderr=told)
    assert told.getvalue() == f"LEVEL 工作站　{city.root}　2026-06-15：存 999，实为 {true:f}\n"
    assert Snapshot.objects.filter(value=999).exists()
    assert said() == f"截至 2026-06-15：共 {cells} 个数，更新 1 个\n"
    assert said(check=True).endswith("都与记录相符\n")
