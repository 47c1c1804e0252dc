"""What a person could apply for: at both sides of every boundary, with the day until which it holds."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal import packs
from postdocs.models import Opportunity, Stay
from postdocs.prospects.standing import complete, prospects_of
from tests.postdocs import staying

ENTERED = staying.ENTERED  # 2026-05-20


def opportunity(city, code, *criteria, **values) -> Opportunity:
    row = Opportunity.objects.create(pack=city.pack, code=code, title=code, clause=city.clause, **values)
    for n, (fact, lookup, value) in enumerate(criteria):
        row.criteria.create(fact=fact, lookup=lookup, value=value, order=n)
    return row


@pytest.fixture
def stay(city, people):
    return staying.brought_to("here", city, people)


@pytest.mark.parametrize(
    ("lookup", "months", "day", "state", "since", "until"),
    [
        ("lt", 18, date(2027, 11, 19), "met", None, date(2027, 11, 20)),
        ("lt", 18, date(2027, 11, 20), "over", None, date(2027, 11, 20)),
        ("lte", 18, date(2027, 12, 19), "met", None, date(2027, 12, 20)),
        ("lte", 18, date(2027, 12, 20), "over", None, date(2027, 12, 20)),
        ("gte", 4, date(2026, 9, 19), "soon", date(2026, 9, 20), None),
        ("gte", 4, date(2026, 9, 20), "met", date(2026, 9, 20), None),
        ("gt", 4, date(2026, 10, 19), "soon", date(2026, 10, 20), None),
        ("gt", 4, date(2026, 10, 20), "met", date(2026, 10, 20), None),
    ],
)
def test_a_window_opens_and_closes_on_its_day(lookup, months, day, state, since, until, city, stay):
    opportunity(city, "x", ("months_in", lookup, months))
    (found,) = prospects_of(stay, on=day)
    assert (found.state, found.since, found.until) == (state, since, until)
    assert (found.findings[0].met is True) == (state == "met")


@pytest.mark.parametrize(
    ("identity", "state"), [("graduate", "met"), ("employed", "unmet"), ("", "ask")], ids=["met", "unmet", "unknown"]
)
def test_a_criterion_is_met_unmet_or_unknown_and_says_what_is_missing(identity, state, city, stay):
    opportunity(city, "x", ("in_service", "exact", False))
    Stay.objects.filter(pk=stay.pk).update(identity=identity)
    (found,) = prospects_of(stay, on=ENTERED)
    assert found.state == state
    assert len(found.missing) == (state != "met")
    assert all("测〔2026〕1号 一" in f.text for f in found.missing)


def test_what_only_a_paper_says_is_asked_and_what_is_open_comes_first(city, stay):
    opportunity(city, "paper", ("months_in", "lt", 18), asks="已入选")
    opportunity(city, "later", ("months_in", "gte", 12), order=1)
    opportunity(city, "open", ("months_in", "lt", 18), order=2)
    found = prospects_of(stay, on=ENTERED + timedelta(1))
    assert [(p.opportunity.code, p.state) for p in found] == [("open", "met"), ("paper", "ask"), ("later", "soon")]
    assert found[2].missing == []


def test_kunshan_names_plans_and_titles_beside_the_funds_and_leaves_the_verdict_to_their_offices(city, stay):
    pack = packs.load(packs.HOME / "kunshan")
    for row in Opportunity.objects.filter(pack=pack, code__in=("provincial-plan", "senior-title")):
        opportunity(city, row.code, *row.criteria.values_list("fact", "lookup", "value"), asks=row.asks)
    for day, state in ((ENTERED - timedelta(1), "soon"), (ENTERED, "ask")):
        told = {(p.opportunity.code, p.state) for p in prospects_of(stay, on=day)}
        assert told == {("provincial-plan", state), ("senior-title", state)}


def test_all_are_asked_in_one_statement(city, stay):
    for n in range(5):
        opportunity(city, f"x{n}", ("months_in", "lt", 18 + n))
    with CaptureQueriesContext(connection) as queries:
        assert len(prospects_of(stay, on=ENTERED)) == 5
    assert len(queries) == 3


@pytest.mark.parametrize(("since", "months"), [(date(2026, 1, 31), 1), (date(2026, 8, 31), 6), (date(2026, 5, 20), 4)])
def test_months_are_complete_as_the_database_counts_them(since, months, city, people):
    stay = staying.brought_to("here", city, people)
    Stay.objects.filter(pk=stay.pk).update(entered_on=since)
    from postdocs.stays.facts import stay as vocabulary

    def counted(day):
        (row,) = vocabulary.table(Stay.objects.filter(pk=stay.pk), ["months_in"], on=day)
        return row["fact_months_in"]

    day = complete(since, months)
    assert (counted(day - timedelta(1)), counted(day)) == (months - 1, months)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("criteria: []", "缺少条件"),
        ("criteria:\n    - fact: shoe_size\n      lookup: lt\n      value: 18", "shoe_size"),
    ],
)
def test_a_pack_with_a_wrong_opportunity_is_refused(text, told, tmp_path, db):
    import shutil

    folder = tmp_path / "qingdao"
    shutil.copytree(packs.HOME / "qingdao", folder)
    (folder / "opportunities.yaml").write_text(
        f"- code: x\n  title: 甲\n  clause: national-postdoc 基金资助\n  {text}\n"
    )
    with pytest.raises(packs.WrongPack, match=told):
        packs.load(folder)
