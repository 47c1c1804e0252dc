"""The dashboard of money: sums by the journal, claims by their spells, each reader their own part."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils.timezone import localdate

from portal.models import Role, Spell
from subsidies.boards import figures
from subsidies.boards.board import TABLES
from subsidies.boards.figures import Level, Reach
from subsidies.claims.models import Claim, ClaimStatus
from subsidies.ledger import book
from subsidies.ledger.models import JournalEntry
from tests import make
from tests.postdocs import staying
from tests.queries.counting import counted, signed_in
from tests.reading import Visitor
from tests.subsidies import granting

ON, DAY, C, K = make.ON, timedelta(1), ClaimStatus, JournalEntry.Kind
SUM = Decimal(160_000)


@pytest.fixture
def place(city, people):
    granting.living(city)
    return city, people


def paid(place, on: date = ON, stay=None) -> Claim:
    """A claim whose money arrived on a day; the payments themselves are told elsewhere."""
    row = granting.brought_to("payable", *place, granting.begun(*place, stay) if stay else None)
    for kind in (K.RELEASE, K.PAY):
        book.write(kind, SUM, budget=book.held_for(row).budget, key=f"{kind}:{row.pk}", on=on, claim=row)
    Claim.objects.filter(pk=row.pk).update(status=C.PAID, paid_on=on)
    return Claim.objects.get(pk=row.pk)


def reach(place, role) -> Reach:
    return Reach.of(place[1][role], place[0].pack)


def test_what_is_committed_and_paid_is_what_the_journal_says_up_to_the_day(place):
    paid(place, on=ON + 30 * DAY)
    whole = reach(place, Role.BUREAU_HANDLER)
    for on, waiting, there in ((ON - DAY, 0, 0), (ON, SUM, 0), (ON + 29 * DAY, SUM, 0), (ON + 30 * DAY, 0, SUM)):
        total = figures.spending(whole, ON.year, on).total
        assert (total.waiting, total.paid) == (waiting, there)
    spent = figures.spending(whole, ON.year, ON + 60 * DAY)
    assert [spent.of_month(m) for m in (6, 7)] == [0, SUM]
    assert figures.spending(whole, ON.year - 1, ON + 60 * DAY).total.committed == 0


def test_what_came_after_the_year_counts_for_its_budget(place):
    paid(place, on=date(ON.year + 1, 1, 20))
    spent = figures.spending(reach(place, Role.AUDITOR), ON.year, date(ON.year + 1, 2, 1))
    assert (spent.of_month(figures.LATER), spent.of_month(1), spent.total.paid) == (SUM, 0, SUM)


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        (Role.BUREAU_APPROVER, 1), (Role.AUDITOR, 1), (Role.DISTRICT, 1), (Role.HANDLER, 1), (Role.CERTIFIER, 1),
        ("other_district", 0), ("other_unit", 0), (Role.POSTDOC, 0),
    ],
    ids=str,
)  # fmt: skip
def test_each_reader_sees_their_own_part(role, seen, place):
    paid(place)
    own = reach(place, role)
    assert figures.spending(own, ON.year, ON + DAY).total.paid == seen * SUM
    assert len(figures.by_district(own, ON.year, ON + DAY)) == seen
    assert len(figures.by_organisation(own, ON.year, ON + DAY)) == seen
    assert own.whole == (role in (Role.BUREAU_APPROVER, Role.AUDITOR))


def test_claims_are_where_their_spells_say_on_the_day(place):
    granting.brought_to("handling", *place)
    Spell.objects.filter(status=C.DISTRICT).update(since=ON, until=ON + 7 * DAY)
    Spell.objects.filter(status=C.HANDLING).update(since=ON + 7 * DAY)
    whole = reach(place, Role.BUREAU_HANDLER)

    def at(on):
        return {s.code: (s.claims, s.amount, s.waited, s.slow) for s in figures.stages(whole, on, {}) if s.claims}

    assert at(ON - DAY) == {}
    assert at(ON + 6 * DAY) == {"district": (1, SUM, 4, True)}
    assert at(ON + 7 * DAY) == {"bureau": (1, SUM, 0, False)}


def test_how_long_a_level_takes():
    level = Level("district", "", 5, {1: 5, 3: 4, 9: 1})
    assert (level.n, level.median, level.ninth, level.kept) == (10, 1, 3, 0.9)
    empty = Level("district", "", 5)
    assert (empty.median, empty.ninth, empty.kept) == (None, None, None)
    assert Level("payable", "", None, {4: 1}).kept is None


def test_a_publicity_keeps_its_days_and_promises_none(place):
    granting.brought_to("publicity", *place)
    promises = {C.PUBLICITY: 5, C.DISTRICT: 5}
    whole = reach(place, Role.BUREAU_HANDLER)
    found = {x.status: x.promise for x in figures.levels(whole, ON.year, ON, promises)}
    assert (found[C.PUBLICITY], found[C.DISTRICT]) == (None, 5)
    (here,) = (s for s in figures.stages(whole, ON, promises) if s.code == "publicity")
    assert here.promised == "公示 5 日"


def test_levels_count_what_left_them_in_the_year(place):
    granting.brought_to("handling", *place)
    Spell.objects.filter(status=C.DISTRICT).update(since=ON - 4 * DAY, until=ON)  # Thursday to Monday
    whole = reach(place, Role.BUREAU_HANDLER)
    days = {x.status: dict(x.days) for x in figures.levels(whole, ON.year, ON, {})}
    assert days[C.DISTRICT] == {2: 1}
    assert figures.levels(whole, ON.year - 1, ON, {})[1].n == 0


def test_the_bureau_reads_the_answer_and_a_number_opens_its_claims(place):
    city, who = place
    row = paid(place, on=localdate())
    page = Visitor(who[Role.BUREAU_HANDLER]).go(f"/money/?year={ON.year}")
    for said in ("年预算", "1,000.00", "16.00", "钱走到哪一步", "项目 × 月份拨付"):
        assert said in page.text
    month = f"{localdate():%Y-%m}"
    listed = page.go(f"/claims/?paid_in={month}")
    assert row.matter.number in listed.text
    assert row.matter.number not in page.go("/claims/?paid_in=2019-01").text
    assert row.matter.number not in page.go("/claims/?paid_in=March").text
    found = page.go(f"/money/?q={row.matter.number}")
    assert "到账" in found.text
    assert str(row.person) in found.text
    assert "没有找到" in page.go("/money/?q=nobody").text


def test_a_district_and_finance_read_without_what_is_not_theirs(place):
    city, who = place
    paid(place)
    assert f"{ON.year} 年预算" not in Visitor(who[Role.DISTRICT]).go("/money/").text
    finance = make.user(Role.FINANCE_MAKER, district=city.root)
    page = signed_in(finance).get("/money/").content.decode()
    assert f"{ON.year} 年预算" in page
    assert "/claims/" not in page
    assert Visitor(who[Role.DISTRICT]).go(f"/money/?district={city.south.code}").status == 404


@pytest.mark.parametrize("asked", ["year=1066", "year=x", "on=x", "on=2999-01-01", "on=1999-01-01", "q=", "district="])
def test_what_cannot_be_asked_is_answered_for_today(asked, place):
    assert Visitor(place[1][Role.BUREAU_HANDLER]).go(f"/money/?{asked}").status == 200


def test_every_table_is_a_workbook(place):
    paid(place)
    client = signed_in(place[1][Role.AUDITOR])
    for name in TABLES:
        answer = client.get("/money/export/", {"table": name})
        assert answer.content[:2] == b"PK"
    assert client.get("/money/export/", {"table": "x"}).status_code == 404


def test_what_a_postdoc_who_stayed_has_cost(place):
    city, who = place
    row = paid(place)
    stay = row.stay
    type(stay).objects.filter(pk=stay.pk).update(ended_on=ON + DAY, status="left")
    whole = reach(place, Role.BUREAU_HANDLER)
    kept = figures.kept(whole, ON.year, ON + 2 * DAY)
    assert (kept.left, kept.stayed, kept.unknown, kept.each) == (1, 0, 1, None)


def test_it_takes_as_many_queries_for_one_claim_as_for_three(place):
    city, who = place
    station = staying.station(city, who)
    client, url = signed_in(who[Role.BUREAU_HANDLER]), {"money": "/money/"}
    seen = []
    for _n in range(3):
        paid(place, on=localdate(), stay=staying.brought_to("here", city, who, at=station))
        seen.append(counted(client, url)["money"])
    assert seen[0] == seen[2] <= 24
