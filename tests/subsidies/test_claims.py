"""A claim from the entitlement to the money that waits: who may, what is refused, what is sealed."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from portal.lifecycle import NotYours, Refused
from portal.models import Notice, Role
from postdocs.models import Stay
from stations.models import MainStation, StationKind
from subsidies.claims import actions, lifecycle
from subsidies.claims.facts import CONSENT
from subsidies.claims.models import Claim, ClaimStatus
from subsidies.entitlements.sweep import sweep
from subsidies.ledger import book, proof
from subsidies.ledger.models import JournalEntry, Place, Posting
from subsidies.models import Budget, Decision, SchemeVersion
from tests import make
from tests.postdocs import staying
from tests.subsidies import granting
from tests.threads import at_once

ON, C = make.ON, ClaimStatus


@pytest.fixture
def place(city, people):
    granting.living(city)
    return city, people


def test_a_claim_walks_to_the_money_that_waits_and_its_decision_is_sealed(place):
    row = granting.brought_to("payable", *place)
    assert (row.status, row.approved, row.payable_on) == (
        C.PAYABLE,
        Decimal(160_000),
        row.publicity_until + timedelta(1),
    )
    budget = Budget.objects.get()
    assert book.balances(budget)[Place.RESERVED] == Decimal(160_000)
    assert budget.available == Decimal(10_000_000 - 160_000)
    assert row.decision.data["findings"][0]["state"] == "met"
    assert row.decision.data["approved"] == "160000.00"
    assert list(proof.problems()) == []
    assert actions.rerun(row) == []
    Decision.objects.filter(pk=row.decision_id).update(data=row.decision.data | {"approved": "999999.00"})
    assert actions.rerun(Claim.objects.get(pk=row.pk))


def test_a_right_is_claimed_once_whoever_asks(place):
    city, who = place
    row = granting.begun(city, who)
    with pytest.raises(Refused, match="没有新的可领"):
        actions.begin(row.stay, "living", 1, by=who[Role.HANDLER], on=ON)
    twin = Claim.objects.get(pk=row.pk)
    twin.pk, twin.matter = None, other_matter(row)
    with pytest.raises(IntegrityError, match="granted_once"), transaction.atomic():
        twin.save(force_insert=True)


def other_matter(row):
    from portal.lifecycle import open_matter

    return open_matter(
        lifecycle.claim, C.DRAFT, series="ZJ", title="另一件", organisation=row.matter.organisation,
        district=row.matter.district, by=None, on=ON,
    )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_two_who_begin_at_once_make_one_claim(place):
    city, who = place
    stay = staying.brought_to("here", city, who)

    def begin():
        return actions.begin(stay, "living", 1, by=who[Role.HANDLER], on=ON)

    outcomes = at_once(begin, begin)
    assert [isinstance(o, Claim) for o in outcomes].count(True) == 1
    assert [isinstance(o, Refused) for o in outcomes].count(True) == 1


def test_nobody_claims_before_it_opens_or_what_is_not_theirs(city, people):
    granting.living(city, instalments=[{"number": 1, "opens": "midterm_on"}])
    stay = staying.brought_to("here", city, people)
    with pytest.raises(Refused, match="现在还不能申领"):
        actions.begin(stay, "living", 1, by=people[Role.HANDLER], on=ON)
    with pytest.raises(Refused, match="经办人或本人"):
        actions.begin(stay, "living", 1, by=people["other_unit"], on=ON)


def test_who_does_not_meet_a_wall_hears_which(city, people):
    conditions = [{"code": "late", "fact": "entered_on", "lookup": "gte", "value": "2026-06-01"}]
    granting.living(city, conditions=conditions)
    stay = staying.brought_to("here", city, people)
    with pytest.raises(Refused, match="不符合条件：进站日期：2026-05-20"):
        actions.begin(stay, "living", 1, by=people[Role.HANDLER], on=ON)


def test_what_an_officer_must_look_at_stops_the_sum_until_somebody_looked(city, people):
    granting.living(city, conditions=[*granting.ENTERED, {"code": "degree", "title": "全日制博士"}])
    row = granting.brought_to("handling", city, people)
    with pytest.raises(Refused, match="全日制博士"):
        granting.step(row, "handle", people)
    with pytest.raises(Refused, match="写明理由"):
        actions.find(row, "degree", False, note="", by=people[Role.BUREAU_HANDLER], on=ON)
    actions.find(row, "degree", True, note="", by=people[Role.BUREAU_HANDLER], on=ON)
    row = granting.step(row, "handle", people)
    assert row.status == C.REVIEW
    with pytest.raises(Refused, match="不由您认定"):
        actions.find(row, "degree", False, note="不是", by=people[Role.BUREAU_HANDLER], on=ON)


def test_no_more_is_granted_than_the_rules_give(place):
    city, who = place
    row = granting.brought_to("handling", city, who)
    with pytest.raises(Refused, match="超过测算"):
        granting.step(row, "handle", who, approved="160000.01")
    assert granting.step(row, "handle", who, approved="100000").approved == Decimal(100_000)


def test_three_people_decide(place):
    city, who = place
    row = granting.brought_to("handling", city, who)
    both = make.user(Role.BUREAU_REVIEWER, district=city.root)
    row = granting.step(row, "handle", who, by=both)
    with pytest.raises(NotYours, match="另一人"):
        granting.step(row, "review", who, by=both)
    row = granting.step(row, "review", who)
    assert granting.step(row, "approve", who).status == C.PUBLICITY


def test_a_budget_is_never_overdrawn_and_nothing_moves_when_it_would_be(place):
    city, who = place
    granting.budget(city, 100_000)
    row = granting.brought_to("approval", city, who)
    with pytest.raises(book.Overdrawn, match="只剩 10 万元"):
        granting.step(row, "approve", who)
    assert Claim.objects.get(pk=row.pk).status == C.APPROVAL
    assert not Decision.objects.exists()
    assert Budget.objects.get().available == Decimal(100_000)


def test_a_changed_account_voids_what_was_approved_for_the_former(place):
    city, who = place
    row = granting.brought_to("payable", city, who)
    me = row.person.user
    granting.version(city, granting.scheme(city, "rent", title="租房"))
    next_ = actions.begin(row.stay, "rent", 1, by=me, on=ON)
    granting.account(next_, me, number="6222000000000000002", on=ON + timedelta(20))
    row = Claim.objects.get(pk=row.pk)
    assert (row.status, row.decision) == (C.HANDLING, None)
    assert book.balances(Budget.objects.get())[Place.RESERVED] == 0
    assert Decision.objects.get().voided_because == "收款账户已更换"
    assert list(proof.problems()) == []


def test_money_for_a_person_goes_to_an_account_in_their_name(place):
    city, who = place
    row = granting.begun(city, who)
    me = granting.person_with_account(row.stay)
    row = granting.step(Claim.objects.get(pk=row.pk), "ask_person", who)
    with pytest.raises(Refused, match="收款人自己"):
        granting.account(row, who[Role.HANDLER])
    granting.account(row, me, holder="别人")
    with pytest.raises(Refused, match="户名"):
        granting.step(row, "agree", who | {"me": me})


def test_who_has_no_account_signs_on_paper_and_the_unit_signs_with_two(place):
    city, who = place
    row = granting.begun(city, who)
    by = who[Role.HANDLER]
    assert "ask_person" not in {s.action for s in lifecycle.claim.possible(row, by)}
    granting.account(row, by)
    with pytest.raises(Refused, match="材料"):
        lifecycle.claim.move(row, "to_certify", by=by, on=ON)
    actions.cite(row, CONSENT, make.upload(), by=by)
    row = lifecycle.claim.move(row, "to_certify", by=by, on=ON)
    assert row.matter.holder == Role.CERTIFIER
    assert lifecycle.claim.move(row, "certify", by=who[Role.CERTIFIER], on=ON).status == C.DISTRICT


def test_a_postdoc_takes_no_step_of_another(place):
    city, who = place
    row = granting.brought_to("person", city, who)
    with pytest.raises(NotYours):
        granting.step(row, "agree", who | {"me": who[Role.POSTDOC]})
    assert not Claim.objects.visible_to(who[Role.POSTDOC]).exists()
    assert Claim.objects.visible_to(row.person.user).get() == row


def test_the_sweep_prepares_a_claim_once_for_who_is_entitled(place):
    city, who = place
    stay = staying.brought_to("here", city, who)
    me = granting.person_with_account(stay)
    assert sweep(city.pack, on=ON) == 1
    assert [actions.prepare(city.pack, on=ON) for _again in range(2)] == [1, 0]
    row = Claim.objects.get()
    assert (row.prepared, row.status, row.calculated, row.person) == (True, C.DRAFT, Decimal(160_000), stay.person)
    told = Notice.objects.filter(text__contains="已为您备好申领")
    assert {n.user for n in told} == {me, who[Role.HANDLER]}


def test_two_stays_of_one_person_bring_one_claim_of_what_is_given_once(place):
    city, who = place
    scheme = granting.SubsidyScheme.objects.get()
    scheme.once_per_person = True
    scheme.save()
    at = staying.station(city, who)
    first = staying.brought_to("left", city, who, at=at)
    second = staying.brought_to("here", city, who, at=at)
    Stay.objects.filter(pk=first.pk).update(
        entered_on=date(2025, 2, 1), ended_on=date(2025, 12, 1), person=second.person
    )
    assert sweep(city.pack, on=ON) == 2
    assert actions.prepare(city.pack, on=ON) == 1
    assert Claim.objects.get().right == f"{city.pack.code}:living:1:person:{second.person_id}"


def test_money_for_a_park_is_claimed_by_its_main_station(city, people):
    conditions = [{"code": "branch", "fact": "under_main", "lookup": "exact", "value": True}]
    row = granting.scheme(city, "main", payee="park", title="工作补贴")
    granting.version(city, row, amount=Decimal(30_000), conditions=conditions)
    chief = people[Role.BUREAU_APPROVER]
    park = make.enterprise(city.south)
    main = make.station(city, chief, owner=park, kind=StationKind.REGIONAL, approved_on=date(2020, 1, 2))
    branch = staying.station(city, people, kind=StationKind.BRANCH)
    staying.brought_to("here", city, people, at=branch)
    sweep(city.pack, on=ON)
    assert actions.prepare(city.pack, on=ON) == 0  # it belongs to no main station yet
    MainStation.objects.create(station=branch, main=main, since=date(2026, 2, 1))
    sweep(city.pack, on=ON)
    assert actions.prepare(city.pack, on=ON) == 1
    claim = Claim.objects.get()
    assert (claim.matter.organisation, claim.matter.district) == (park.organisation, city.south)
    assert (claim.by_unit, claim.calculated) == (True, Decimal(30_000))


def test_what_is_paid_by_the_month_is_claimed_month_after_month(city, people):
    part = {"number": 1, "opens": "entered_on", "waiting_months": 3, "every": 3}
    about = {"shape": "per", "amount": Decimal(1500), "quantity": "months_in", "limit": 24, "instalments": [part]}
    granting.living(city, **about)
    stay = staying.brought_to("here", city, people)  # since 2026-05-20
    by = people[Role.HANDLER]
    with pytest.raises(Refused, match="2026-08-20"):
        actions.begin(stay, "living", 1, by=by, on=date(2026, 8, 19))
    first = actions.begin(stay, "living", 1, by=by, on=date(2026, 8, 20))
    assert (first.first_unit, first.last_unit, first.calculated) == (0, 3, Decimal(4500))
    with pytest.raises(Refused, match="没有新的可领"):
        actions.begin(stay, "living", 1, by=by, on=date(2026, 11, 19))
    second = actions.begin(stay, "living", 1, by=by, on=date(2026, 11, 20))
    assert (second.first_unit, second.last_unit) == (3, 6)
    last = actions.begin(stay, "living", 1, by=by, on=date(2028, 12, 31))
    assert (last.first_unit, last.last_unit, last.calculated) == (6, 24, Decimal(27_000))


def test_recovered_money_is_available_again(place):
    city, who = place
    row = granting.brought_to("payable", city, who)
    row = paid(row, who)
    later = row.payable_on + timedelta(1)
    row = granting.step(row, "recover", who, on=later)
    row = granting.step(row, "recovered", who, on=later)
    budget = Budget.objects.get()
    assert (row.status, budget.available) == (C.RECOVERED, Decimal(10_000_000))
    assert list(proof.problems()) == []


def paid(row: Claim, who) -> Claim:
    """As a batch does it."""
    budget = Budget.objects.get()
    for kind in (JournalEntry.Kind.RELEASE, JournalEntry.Kind.PAY):
        book.write(kind, row.approved, budget=budget, key=f"{kind}:{row.pk}", on=ON, claim=row)
    Claim.objects.filter(pk=row.pk).update(status=C.PAID, paid_on=ON)
    row.matter.status = C.PAID
    row.matter.save()
    return Claim.objects.get(pk=row.pk)


def test_the_proof_finds_money_that_is_elsewhere(place):
    row = granting.brought_to("payable", *place)
    Claim.objects.filter(pk=row.pk).update(approved=Decimal(150_000))
    Budget.objects.update(available=1)
    wrong = list(proof.problems())
    assert any("未动用应为" in w for w in wrong)
    assert any(row.matter.number in w and "已承诺" in w for w in wrong)


def test_the_journal_is_never_changed(place):
    granting.brought_to("publicity", *place)
    for change in (
        lambda: Posting.objects.update(amount=1),
        lambda: JournalEntry.objects.update(note="改"),
        lambda: Posting.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            change()


@pytest.mark.django_db(transaction=True)
def test_an_entry_that_does_not_balance_is_not_committed(place):
    city, _who = place
    budget = granting.budget(city)
    entry = JournalEntry.objects.create(key="odd", kind="grant", budget=budget, on=ON)
    with pytest.raises(IntegrityError, match="does not balance"):
        Posting.objects.create(entry=entry, place=Place.PAID, amount=Decimal(1))
    assert not entry.postings.exists()


@pytest.mark.django_db(transaction=True)
def test_sixteen_who_reserve_at_once_never_overdraw(city):
    budget = granting.budget(city, 100)

    def reserve(n):
        return lambda: book.write(JournalEntry.Kind.RESERVE, Decimal(10), budget=budget, key=f"r{n}", on=ON)

    outcomes = at_once(*(reserve(n) for n in range(16)))
    assert sum(isinstance(o, JournalEntry) for o in outcomes) == 10
    assert sum(isinstance(o, book.Overdrawn) for o in outcomes) == 6
    assert Budget.objects.get().available == 0
    assert list(proof.problems()) == []


def test_the_number_of_an_account_is_sealed_in_the_database(place):
    city, who = place
    row = granting.brought_to("district", city, who)
    with connection.cursor() as cursor:
        cursor.execute("SELECT encode(number, 'escape') FROM subsidies_payeeaccount")
        ((kept,),) = cursor.fetchall()
    assert "6222000000000000001" not in kept
    assert row.account is not None
    assert row.account.plain == "6222000000000000001"
    assert "6222000000000000001" not in row.account.masked


def test_two_versions_are_never_in_force_on_one_day(place):
    city, _who = place
    first = SchemeVersion.objects.get()
    twin = SchemeVersion(
        pack=city.pack, scheme=first.scheme, since=date(2026, 1, 1), clause=city.clause, shape="fixed", amount=1
    )
    with pytest.raises(ValidationError, match="同一天只能有一版"):
        twin.validate_constraints()
    first.until = date(2026, 1, 1)
    first.save()
    twin.validate_constraints()
