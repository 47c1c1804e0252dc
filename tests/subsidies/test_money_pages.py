"""The pages of the money: budgets, batches, the release with a code, results, the forecast."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.timezone import localdate
from django_otp import DEVICE_ID_SESSION_KEY

from portal import jobs
from portal.models import Role
from subsidies.claims.models import Claim, ClaimStatus
from subsidies.entitlements.sweep import sweep
from subsidies.ledger import actions, book, forecast, proof
from subsidies.models import Budget, BudgetLine, JournalEntry, PaymentBatch
from subsidies.payments.models import PaymentLine
from tests import make
from tests.portal.test_sheets import xlsx
from tests.postdocs import staying
from tests.subsidies import granting, paying
from tests.threads import at_once


@pytest.fixture
def desk(city, people, client):
    claims = paying.payable(city, people, count=2)

    def as_(role, *, verified=False):
        user = people[role]
        client.force_login(user, "portal.accounts.Backend")
        if verified:
            session = client.session
            session[DEVICE_ID_SESSION_KEY] = paying.device(user).persistent_id
            session.save()
        return client

    return SimpleNamespace(city=city, who=people, claims=claims, as_=as_, line=granting.line(city))


def url(name, *args):
    return reverse(f"subsidies:{name}", args=args)


def test_from_the_ticks_to_the_money(desk):
    maker = desk.as_(Role.BUREAU_HANDLER)
    answer = maker.post(url("payment_new", desk.line.pk))
    assert answer.status_code == 422
    assert "没有选申领" in answer.content.decode()
    maker.post(url("payment_new", desk.line.pk), {"claim": [c.pk for c in desk.claims]})
    batch = PaymentBatch.objects.get()
    number = batch.matter.number
    maker.post(url("payment_remove", number, batch.lines.first().pk))
    assert maker.post(url("payment_add", number), {"claim": [desk.claims[0].pk]}).status_code == 302
    assert maker.post(url("payment_move", number, "hand_over")).status_code == 302
    assert maker.get(url("payment_release", number)).status_code == 403
    release = url("payment_release", number)
    page = desk.as_(Role.BUREAU_APPROVER).get(release).content.decode()
    assert "先设置一次性验证码" in page
    checker, by = desk.as_(Role.BUREAU_APPROVER, verified=True), desk.who[Role.BUREAU_APPROVER]
    assert "刚才用过" in checker.post(release, {"token": "000000"}).content.decode()
    assert checker.post(release, {"token": paying.fresh(by)}).status_code == 302
    jobs.work_off("release_payments")
    assert PaymentBatch.objects.get().status == "sent"
    assert checker.post(url("payment_list", number)).status_code == 200
    assert checker.get(url("payment_letter", number, "docx")).status_code == 200
    assert checker.get(url("payment_letter", number, "pdf")).status_code == 200
    assert "拨付明细表" in checker.get(url("payment", number)).content.decode()
    results(desk, number)


def results(desk, number):
    """The finance office types one and hands in a list for the other; a wrong list changes nothing."""
    finance, today = desk.as_(Role.FINANCE_MAKER), localdate().isoformat()
    assert finance.post(url("payment_list", number)).status_code == 403
    one, other = PaymentLine.objects.filter(state="sent").select_related("claim__matter").order_by("pk")
    typed = url("payment_result", number, one.pk)
    assert finance.post(typed, {"result": "bounced", "day": today}).status_code == 422
    told = {"result": "bounced", "day": today, "reason": "账号不存在"}
    assert finance.post(typed, told).status_code == 302
    assert finance.post(typed, told | {"result": "paid"}).status_code == 422
    head = ["申领编号", "结果", "日期"]
    for row, status in (
        ([one.claim.matter.number, "到账", today], 422),
        ([other.claim.matter.number, "到账", today], 302),
    ):
        file = SimpleUploadedFile("x.xlsx", xlsx([head, row]))
        assert finance.post(url("payment_results", number), {"list": file}).status_code == status
    jobs.work_off("book_results")
    assert "清单已登记 1 件" in finance.get(url("payment", number)).content.decode()
    assert set(Claim.objects.values_list("status", flat=True)) == {ClaimStatus.BOUNCED, ClaimStatus.PAID}
    assert PaymentBatch.objects.get().status == "done"
    assert list(proof.problems()) == []


def test_a_claim_tells_every_yuan_with_both_sides(desk):
    batch = paying.sent(desk.city, desk.who, desk.claims[:1])
    paying.book(batch.lines.get(), desk.who)
    page = desk.as_(Role.BUREAU_HANDLER).get(Claim.objects.order_by("pk").first().get_absolute_url()).content.decode()
    for side in ("未动用 → 已承诺", "已承诺 → 拨付途中", "拨付途中 → 已拨付"):
        assert side in page
    assert batch.matter.number in page


# --- budgets -----------------------------------------------------------------------------------


def test_a_budget_is_entered_raised_and_cut_with_a_reason_and_pressing_twice_books_once(desk):
    chief = desk.as_(Role.BUREAU_APPROVER)
    year = localdate().year + 1
    told = {"line": desk.line.pk, "year": year, "amount": "1,000,000", "note": "预算批复", "key": "a"}
    assert chief.post(url("budget_new"), told | {"note": ""}).status_code == 422
    assert chief.post(url("budget_new"), told | {"year": year + 9}).status_code == 422
    assert chief.post(url("budget_new"), told).status_code == 302
    row = Budget.objects.get(year=year)
    change = url("budget_change", row.pk)
    cut = {"way": "cut", "amount": "400000", "note": "调减", "key": "b"}
    assert chief.post(change, cut).status_code == 302
    answer = chief.post(change, cut)
    assert answer.status_code == 422
    assert "已经记过账" in answer.content.decode()
    assert "只剩 60 万元" in chief.post(change, cut | {"amount": "600000.01", "key": "c"}).content.decode()
    row.refresh_from_db()
    assert row.available == Decimal(600_000)
    page = chief.get(url("budget", row.pk)).content.decode()
    assert "未动用 → 财政下达" in page
    assert "600,000.00" in page
    assert chief.get(f"{url('budget_export')}?budget={row.pk}").status_code == 200
    assert list(proof.problems()) == []


def test_only_the_approver_of_the_city_says_how_much(desk):
    about = {"amount": Decimal(1), "note": "x", "key": "x", "on": make.ON}
    for role in (Role.BUREAU_HANDLER, Role.FINANCE_CHECKER):
        with pytest.raises(actions.NotYours):
            actions.change(desk.line, 2026, by=desk.who[role], **about)
    with pytest.raises(book.Overdrawn, match="还没有 2031 年的预算"):
        actions.change(desk.line, 2031, cut=True, by=desk.who[Role.BUREAU_APPROVER], **about)


@pytest.mark.django_db(transaction=True)
def test_sixteen_who_cut_at_once_never_cut_below_what_is_granted(city, people):
    budget = granting.budget(city, 100)
    about = {"cut": True, "note": "x", "by": people[Role.BUREAU_APPROVER], "on": make.ON}

    def cut(n):
        return lambda: actions.change(budget.line, budget.year, Decimal(30), key=str(n), **about)

    outcomes = at_once(*(cut(n) for n in range(16)))
    assert sum(isinstance(o, JournalEntry) for o in outcomes) == 3
    budget.refresh_from_db()
    assert budget.available == 10
    assert list(proof.problems()) == []


def test_the_proof_says_where_the_journal_is_wrong(desk):
    chief = desk.as_(Role.AUDITOR)
    assert "账平" in chief.get(url("ledger")).content.decode()
    Budget.objects.update(available=1)
    assert "未动用应为" in chief.get(url("ledger")).content.decode()


# --- what comes due ----------------------------------------------------------------------------


def test_the_forecast_counts_each_yuan_once_where_it_stands(city, people):
    part = [
        {"number": 1, "opens": "entered_on", "share": 50},
        {"number": 2, "opens": "entered_on", "waiting_months": 6},
    ]
    granting.living(city, instalments=[part[0], part[1] | {"share": 50}])
    stay = staying.brought_to("here", city, people)  # since 2026-05-20
    on = make.ON
    sweep(city.pack, on=on)
    lines = BudgetLine.objects.all()
    assert told(lines, on) == {("open", date(2026, 6, 1)): 80_000, ("future", date(2026, 11, 1)): 80_000}
    row = granting.begun(city, people, stay)
    assert told(lines, on) == {("open", date(2026, 6, 1)): 80_000, ("future", date(2026, 11, 1)): 80_000}
    row = granting.brought_to("publicity", city, people, row, approved="80000")
    assert told(lines, on) == {("reserved", date(2026, 6, 1)): 80_000, ("future", date(2026, 11, 1)): 80_000}
    found = forecast.enough(lines, forecast.months_of(lines, on=on), on=on)
    assert found == {"available": Decimal(9_920_000), "asked": Decimal(80_000), "left": Decimal(9_840_000)}
    row = granting.step(row, "clear", people)
    batch = paying.sent(city, people, [row])
    paying.book(batch.lines.get(), people)
    assert told(lines, on + timedelta(30)) == {
        ("paid", date(2026, 6, 1)): 80_000, ("future", date(2026, 11, 1)): 80_000
    }  # fmt: skip


def test_what_a_budget_lacks_is_said_as_a_sum(city, people, client):
    granting.living(city, instalments=[{"number": 1, "opens": "entered_on"}])
    staying.brought_to("here", city, people)
    sweep(city.pack, on=localdate())
    client.force_login(people[Role.BUREAU_HANDLER], "portal.accounts.Backend")
    assert "差 16.00 万元" in client.get(url("forecast")).content.decode()


def told(lines, on) -> dict:
    months = forecast.months_of(lines, on=on)
    return {(part, m.first): int(sum_) for m in months for part, sum_ in m.sums.items() if sum_}
