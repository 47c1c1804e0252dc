"""From what waits for its money to what has it: two people, a fresh code, once and not twice."""

import io
import zipfile
from datetime import timedelta
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from python_calamine import CalamineWorkbook

from portal import jobs
from portal.docx import docx
from portal.lifecycle import NotYours, Refused
from portal.models import Event, Job, Matter, Role
from portal.papers import pdf
from subsidies.claims import lifecycle as claims
from subsidies.claims.models import Claim, ClaimStatus
from subsidies.ledger import book, proof
from subsidies.ledger.models import Budget, JournalEntry, Place
from subsidies.payments import actions, lifecycle, papers, results
from subsidies.payments.models import LineState, PaymentBatch, PaymentLine, PaymentStatus
from tests import make
from tests.portal.test_sheets import xlsx
from tests.subsidies import granting, paying
from tests.subsidies.paying import DAY
from tests.threads import at_once

C, P, L = ClaimStatus, PaymentStatus, LineState
cycle = lifecycle.payment
YUAN = Decimal(160_000)


@pytest.fixture
def one(city, people):
    return paying.world(city, people)


@pytest.fixture
def three(city, people):
    return paying.world(city, people, count=3)


def held() -> dict:
    return {place: amount for place, amount in book.balances(Budget.objects.get()).items() if amount}


# --- the table ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("status", "action"), sorted(cycle.transitions))
def test_each_step_of_the_table_leads_where_it_says(status, action, one):
    step = cycle.transitions[status, action]
    batch = paying.batch(one.city, one.who, one.claims)
    maker, checker = one.who[Role.BUREAU_HANDLER], one.who[Role.BUREAU_APPROVER]
    if status != P.DRAFT:
        batch = cycle.move(batch, "hand_over", by=maker, on=DAY)
    if status in (P.SENDING, P.SENT):
        batch = cycle.move(batch, "release", by=checker, on=DAY)
        batch.lines.update(state=L.SENT, sent_on=DAY)
    if status == P.SENT:
        batch = cycle.move(batch, "sent", by=None, on=DAY)
        batch.lines.update(state=L.PAID, result_on=DAY)
    by = None if action in ("sent", "close") else checker if action in ("release", "send_back") else maker
    moved = cycle.move(batch, action, by=by, on=DAY, note="理由")
    assert moved.status == step.target
    matter = Matter.objects.get(pk=batch.matter_id)
    assert (matter.status, matter.holder) == (step.target, cycle.stages[step.target].holder or "")
    assert (matter.closed_on is not None) == cycle.stages[step.target].closed


def test_nothing_moves_beside_the_table(one):
    """One world for all of it: every status, every action, nobody and everybody."""
    batch, everybody = (
        paying.batch(one.city, one.who, one.claims),
        make.user(*set(Role) - {Role.HANDLER, Role.CERTIFIER}, district=one.city.root),
    )
    for status in P.values:
        row = at(batch, status)
        for action in set(cycle.actions) - {a for s, a in cycle.transitions if s == status}:
            for by in (None, everybody):
                with pytest.raises(Refused):
                    cycle.move(row, action, by=by, on=DAY, note="理由")
        assert PaymentBatch.objects.get().status == status


def at(batch: PaymentBatch, status: str) -> PaymentBatch:
    names = ("checker", "maker", "released_at")
    over = dict.fromkeys(names) | {"digest": ""}
    if status in (P.SENDING, P.SENT, P.DONE):
        over = {"checker": make.user(), "maker": make.user(), "released_at": batch.matter.changed_at, "digest": "x"}
    PaymentBatch.objects.filter(pk=batch.pk).update(status=status, **over)
    return PaymentBatch.objects.get(pk=batch.pk)


def test_who_puts_a_batch_together(one):
    for role in sorted(set(Role) - {Role.HANDLER, Role.CERTIFIER}):
        by = make.user(role, district=one.city.root)
        if role in (Role.BUREAU_HANDLER, Role.FINANCE_MAKER):
            batch = paying.batch(one.city, one.who, one.claims, by=by)
            actions.dissolve(batch, by=by, on=DAY)
        else:
            with pytest.raises(NotYours):
                paying.batch(one.city, one.who, one.claims, by=by)


# --- the way of the money ----------------------------------------------------------------------


def test_money_goes_from_the_budget_to_the_person_and_the_journal_tells(three):
    batch = paying.sent(three.city, three.who, three.claims)
    assert batch.status == P.SENT
    assert held()[Place.TRANSIT] == 3 * YUAN
    for line in batch.lines.all():
        assert paying.book(line, three.who)
    batch.refresh_from_db()
    assert batch.status == P.DONE
    assert (held()[Place.PAID], held().get(Place.TRANSIT)) == (3 * YUAN, None)
    assert set(Claim.objects.values_list("status", "paid_on")) == {(C.PAID, DAY)}
    kinds = [e.kind for e in Claim.objects.first().entries.order_by("pk")]
    assert kinds == ["reserve", "release", "pay"]
    assert list(proof.problems()) == []


def test_what_bounced_gets_another_account_and_goes_out_with_the_next(one):
    batch = paying.sent(one.city, one.who, one.claims)
    paying.book(batch.lines.get(), one.who, paid=False)
    claim = Claim.objects.get()
    assert (claim.status, batch.lines.get().reason, held()[Place.RESERVED]) == (C.BOUNCED, "户名不符", YUAN)
    with pytest.raises(Refused, match="没有新的收款账户"):
        granting.step(claim, "mend", one.who, on=DAY)
    granting.account(claim, claim.person.user, number="6222000000000099999", on=DAY)
    claim = granting.step(Claim.objects.get(), "mend", one.who, on=DAY)
    assert claim.status == C.PAYABLE
    again = paying.sent(one.city, one.who, [claim])
    paying.book(again.lines.get(), one.who)
    assert [line.state for line in PaymentLine.objects.order_by("pk")] == [L.BOUNCED, L.PAID]
    assert again.lines.get().account.plain == "6222000000000099999"
    kinds = [e.kind for e in claim.entries.order_by("pk")]
    assert kinds == ["reserve", "release", "bounce", "release", "pay"]
    assert list(proof.problems()) == []


def test_an_empty_selection_makes_no_batch_and_pays_nobody(one):
    with pytest.raises(Refused, match="没有选申领"):
        paying.batch(one.city, one.who, [])
    assert not PaymentBatch.objects.exists()
    assert not Matter.objects.filter(kind="payment").exists()
    batch = paying.batch(one.city, one.who, one.claims)
    actions.remove(batch, batch.lines.get(), by=one.who[Role.FINANCE_MAKER], on=DAY)
    with pytest.raises(Refused, match="批次里要有申领"):
        cycle.move(batch, "hand_over", by=one.who[Role.BUREAU_HANDLER], on=DAY)
    assert Claim.objects.get().status == C.PAYABLE


def test_a_claim_is_in_one_batch_and_free_again_when_that_is_given_up(three):
    first = paying.batch(three.city, three.who, three.claims[:2])
    with pytest.raises(Refused, match="有 1 件现在不能列入"):
        paying.batch(three.city, three.who, three.claims[1:])
    assert Claim.objects.filter(status=C.PAYABLE).count() == 1
    with pytest.raises(IntegrityError, match="one_live_payment"), transaction.atomic():
        PaymentLine.objects.create(
            batch=first, claim=three.claims[0], amount=YUAN, account=three.claims[0].account
        )  # fmt: skip
    actions.dissolve(first, by=three.who[Role.BUREAU_HANDLER], on=DAY)
    assert paying.batch(three.city, three.who, three.claims).lines.count() == 3
    assert list(proof.problems()) == []


def test_claims_of_another_line_are_not_taken(one):
    other = granting.line(one.city, "other")
    with pytest.raises(Refused, match="不能列入"):
        actions.begin(other, [one.claims[0].pk], by=one.who[Role.BUREAU_HANDLER], on=DAY)


# --- two people, a fresh code ------------------------------------------------------------------


def test_who_had_a_part_in_it_does_not_release_it(three):
    both = make.user(Role.BUREAU_HANDLER, Role.BUREAU_APPROVER, district=three.city.root)
    batch = paying.batch(three.city, three.who, three.claims[:1])
    actions.add(batch, [three.claims[1].pk], by=both, on=DAY)
    batch = cycle.move(batch, "hand_over", by=three.who[Role.FINANCE_MAKER], on=DAY)
    assert "release" not in {s.action for s in cycle.possible(batch, both)}
    with pytest.raises(NotYours):
        actions.release(batch, by=both, on=DAY, token=paying.fresh(both))
    checker = three.who[Role.FINANCE_CHECKER]
    row = actions.release(batch, by=checker, on=DAY, token=paying.fresh(checker))
    assert (row.status, row.checker) == (P.SENDING, checker)
    row.checker = row.maker
    with pytest.raises(IntegrityError, match="payment_two_people"), transaction.atomic():
        row.save()


def test_a_release_asks_for_a_code_that_was_not_used_yet(one):
    batch, by = paying.handed_over(one.city, one.who, one.claims), one.who[Role.BUREAU_APPROVER]
    with pytest.raises(Refused, match="先在“我的账户”里设置"):
        actions.release(batch, by=by, on=DAY, token="000000")
    used = paying.code(by)
    assert paying.device(by).verify_token(used)
    with pytest.raises(Refused, match="刚才用过"):
        actions.release(batch, by=by, on=DAY, token=used)
    with pytest.raises(Refused, match="稍等"):
        actions.release(batch, by=by, on=DAY, token=used)
    assert PaymentBatch.objects.get().status == P.CHECKING
    assert actions.release(batch, by=by, on=DAY, token=paying.fresh(by)).status == P.SENDING
    assert Event.objects.get(action="release", matter=batch.matter).details["device"].startswith("otp_totp")


@pytest.mark.parametrize("change", ["account", "amount", "line", "content"])
def test_whatever_changes_after_the_handing_over_refuses_the_release(change, three):
    batch, by = paying.handed_over(three.city, three.who, three.claims), three.who[Role.BUREAU_APPROVER]
    claim = Claim.objects.order_by("pk").first()
    if change == "account":
        granting.version(three.city, granting.scheme(three.city, "rent", title="租房"))
        more = granting.begun(three.city, three.who, claim.stay, scheme="rent")
        granting.account(more, claim.person.user, number="6222000000000077777", on=DAY)
    elif change == "amount":
        Claim.objects.filter(pk=claim.pk).update(approved=YUAN + 1)
    elif change == "line":
        batch.lines.filter(claim=claim).update(amount=YUAN + 1)
    else:
        PaymentBatch.objects.update(content=batch.content | {"lines": batch.content["lines"][1:]})
    with pytest.raises(Refused, match="移交以后有改动"):
        actions.release(batch, by=by, on=DAY, token=paying.fresh(by))
    assert PaymentBatch.objects.get().status == P.CHECKING
    assert not JournalEntry.objects.filter(kind="release").exists()


def test_a_claim_whose_account_was_replaced_leaves_its_batch_to_be_approved_again(one):
    batch = paying.batch(one.city, one.who, one.claims)
    claim = Claim.objects.get()
    granting.version(one.city, granting.scheme(one.city, "rent", title="租房"))
    more = granting.begun(one.city, one.who, claim.stay, scheme="rent")
    fresh = granting.account(more, claim.person.user, number="6222000000000077777", on=DAY)
    with pytest.raises(Refused, match="收款账户已更换"):
        cycle.move(batch, "hand_over", by=one.who[Role.BUREAU_HANDLER], on=DAY)
    actions.remove(batch, batch.lines.get(), by=one.who[Role.BUREAU_HANDLER], on=DAY)
    claim = Claim.objects.get(pk=claim.pk)
    assert (claim.status, claim.account, claim.decision) == (C.HANDLING, fresh, None)
    assert list(proof.problems()) == []


# --- once and not twice ------------------------------------------------------------------------


def test_a_task_that_is_delivered_again_sends_nothing_twice(three):
    paying.released(three.city, three.who, three.claims)
    assert Job.objects.get(kind="release_payments").state == "waiting"
    assert [jobs.work_off("release_payments") for _again in range(2)] == [1, 0]
    assert [paying.send_all() for _again in range(2)] == [0, 0]
    assert JournalEntry.objects.filter(kind="release").count() == 3
    assert list(proof.problems()) == []


def test_a_line_that_was_sent_is_not_sent_again_even_where_its_row_forgot_it(one):
    """The journal is the last guard: its key names the line."""
    batch = paying.sent(one.city, one.who, one.claims)
    Claim.objects.update(status=C.BATCHED)
    batch.lines.update(state=L.WAITING, sent_on=None)
    PaymentBatch.objects.update(status=P.SENDING)
    with pytest.raises(Refused, match="已经记过账"):
        paying.send_all()
    assert JournalEntry.objects.filter(kind="release").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_release_at_once_release_once(one):
    batch, first = paying.handed_over(one.city, one.who, one.claims), one.who[Role.BUREAU_APPROVER]
    second = one.who[Role.FINANCE_CHECKER]
    tokens = {by: paying.fresh(by) for by in (first, second)}

    def release(by):
        return lambda: actions.release(batch, by=by, on=DAY, token=tokens[by])

    outcomes = at_once(release(first), release(second), release(first))
    assert sum(isinstance(o, PaymentBatch) for o in outcomes) == 1
    assert sum(isinstance(o, Refused) for o in outcomes) == 2
    at_once(*[paying.send_all] * 4)
    assert JournalEntry.objects.filter(kind="release").count() == 1
    assert list(proof.problems()) == []


@pytest.mark.django_db(transaction=True)
def test_two_batches_over_the_same_claims_share_none(three):
    by = {n: make.user(Role.BUREAU_HANDLER, district=three.city.root) for n in range(2)}

    def begin(n):
        claims = three.claims if n else three.claims[::-1]
        return lambda: paying.batch(three.city, three.who, claims, by=by[n])

    outcomes = at_once(begin(0), begin(1))
    assert sum(isinstance(o, PaymentBatch) for o in outcomes) == 1
    assert PaymentBatch.objects.count() == 1
    assert PaymentLine.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_sixteen_who_send_and_book_at_once_pay_exactly_once(three):
    paying.released(three.city, three.who, three.claims)
    at_once(*[paying.send_all] * 16)
    lines = list(PaymentLine.objects.all())
    outcomes = at_once(*(lambda line=line: paying.book(line, three.who) for line in lines * 5))
    assert sum(o is True for o in outcomes) == 3
    assert sum(o is False for o in outcomes) == 12
    assert held()[Place.PAID] == 3 * YUAN
    assert PaymentBatch.objects.get().status == P.DONE
    assert list(proof.problems()) == []


# --- what comes back ---------------------------------------------------------------------------

HEAD = ["申领编号", "金额（元）", "结果", "到账或退票日期", "退票原因"]


def upload(rows, name="结果.xlsx"):
    return SimpleUploadedFile(name, xlsx([HEAD, *rows]))


def said(batch, *rows, today=DAY):
    return results.read(upload(rows), batch, today=today)


def test_a_list_read_twice_changes_nothing(three):
    batch, by = paying.sent(three.city, three.who, three.claims), three.who[Role.BUREAU_HANDLER]
    number = [c.matter.number for c in three.claims]
    rows = [
        [number[0], "160,000.00", "到账", "2026-06-22", ""],
        [number[1], "160000", "退票", "2026/6/22", "账号不存在"],
        [number[2], "160000", "", "", ""],
    ]
    for again in range(2):
        told = said(batch, *rows)
        actions.book_list(batch, ((t.line.pk, t.paid, t.day, t.reason) for t in told), by=by)
        assert jobs.work_off("book_results") == 1
        job = Job.objects.filter(kind="book_results").latest("pk")
        assert (job.state, job.result["booked"], job.result["problems"]) == ("done", 0 if again else 2, [])
    assert [line.state for line in batch.lines.order_by("pk")] == [L.PAID, L.BOUNCED, L.SENT]
    assert batch.lines.get(state=L.BOUNCED).reason == "账号不存在"
    assert list(proof.problems()) == []


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (["TE-ZJ-2026-9999", "", "到账", "2026-06-22", ""], "没有这一件"),
        (["", "1", "到账", "2026-06-22", ""], "没有这一件"),
        (["ONE", "159999", "到账", "2026-06-22", ""], "金额应为 160,000.00"),
        (["ONE", "a", "到账", "2026-06-22", ""], "看不懂金额"),
        (["ONE", "", "也许", "2026-06-22", ""], "看不懂结果"),
        (["ONE", "", "到账", "昨天", ""], "日期要写成"),
        (["ONE", "", "到账", "2026-06-21", ""], "日期应在"),
        (["ONE", "", "到账", "2026-06-23", ""], "日期应在"),
        (["ONE", "", "退票", "2026-06-22", ""], "退票要写原因"),
    ],
)
def test_a_list_with_one_wrong_row_is_taken_back_whole(row, why, one):
    batch = paying.sent(one.city, one.who, one.claims)
    number = one.claims[0].matter.number
    with pytest.raises(results.BadList, match=f"第 3 行：.*{why}"):
        said(batch, [number, "160000", "", "", ""], [number if cell == "ONE" else cell for cell in row])


def test_a_list_that_says_another_thing_than_what_is_booked_is_refused(one):
    batch = paying.sent(one.city, one.who, one.claims)
    number = one.claims[0].matter.number
    row = [number, "", "到账", "2026-06-22", ""]
    with pytest.raises(results.BadList, match="出现了两次"):
        said(batch, row, row)
    paying.book(batch.lines.get(), one.who)
    assert said(batch, row)
    with pytest.raises(results.BadList, match="清单说的不一样"):
        said(batch, [number, "", "退票", "2026-06-22", "x"])
    with pytest.raises(Refused, match="没有改动"):
        paying.book(batch.lines.get(), one.who, paid=False)
    with pytest.raises(results.BadList, match="没有一行写了结果"):
        said(batch, [number, "", "", "", ""])
    with pytest.raises(results.BadList, match="没有找到表头"):
        results.read(SimpleUploadedFile("x.xlsx", xlsx([["甲", "乙"]])), batch, today=DAY)
    with pytest.raises(results.BadList, match="Excel 工作簿"):
        results.read(SimpleUploadedFile("x.pdf", b"%PDF"), batch, today=DAY)


def test_the_banks_own_list_is_matched_by_account_and_sum(one):
    batch = paying.sent(one.city, one.who, one.claims)
    content = f"收款账号,交易金额,交易状态,交易日期\n{batch.lines.get().account.plain},160000.00,交易成功,20260622\n"
    (told,) = results.read(SimpleUploadedFile("bank.csv", content.encode("gbk")), batch, today=DAY)
    assert (told.line, told.paid, told.day) == (batch.lines.get(), True, DAY)


def test_a_result_is_booked_between_the_sending_and_today(one):
    batch = paying.released(one.city, one.who, one.claims)
    line = batch.lines.get()
    with pytest.raises(Refused, match="还没有发出"):
        paying.book(line, one.who)
    paying.send_all()
    with pytest.raises(Refused, match="发出日"):
        paying.book(line, one.who, day=DAY - timedelta(1))
    with pytest.raises(Refused, match="要写原因"):
        paying.book(line, one.who, paid=False, reason=" ")


# --- papers ------------------------------------------------------------------------------------


def test_the_list_holds_whole_numbers_for_two_people_is_the_same_file_and_comes_back(one):
    batch = paying.sent(one.city, one.who, one.claims)
    batch = PaymentBatch.objects.for_page().get(pk=batch.pk)
    maker = one.who[Role.BUREAU_HANDLER]
    assert [papers.may_take(batch, one.who[r]) for r in (Role.BUREAU_HANDLER, Role.BUREAU_APPROVER)] == [True, True]
    assert [papers.may_take(batch, one.who[r]) for r in (Role.FINANCE_MAKER, Role.AUDITOR)] == [False, False]
    content, name = papers.take_list(batch, by=maker, on=DAY)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    line = batch.lines.get()
    assert rows[4][1] == one.claims[0].matter.number
    assert (rows[4][5], rows[4][6], rows[5][6]) == (line.account.plain, 160000, 160000)
    assert name == f"拨付明细表_{batch.matter.number}.xlsx"
    paying.book(line, one.who)
    again, _name = papers.take_list(PaymentBatch.objects.for_page().get(pk=batch.pk), by=maker, on=DAY)
    assert again == content
    logged = Event.objects.filter(matter=batch.matter, action="take_list")
    assert logged.count() == 2
    assert len({event.details["sha256"] for event in logged}) == 1
    back = SimpleUploadedFile("x.xlsx", content)
    with pytest.raises(results.BadList, match="没有一行写了结果"):
        results.read(back, batch, today=DAY)


def test_the_letter_asks_for_the_sum_in_word_and_pdf(three):
    batch = paying.released(three.city, three.who, three.claims)
    paper = papers.letter(PaymentBatch.objects.for_page().get(pk=batch.pk))
    content = docx(paper)
    assert content == docx(paper)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        root = ElementTree.fromstring(archive.read("word/document.xml"))
    text = "".join(root.itertext())
    assert "合计人民币 480,000.00 元（大写：肆拾捌万元整）" in text
    assert batch.matter.number in text
    assert pdf(paper).startswith(b"%PDF")


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0.05", "零元零伍分"), ("0.50", "零元伍角"), ("10", "壹拾元整"), ("105", "壹佰零伍元整"),
        ("1000.10", "壹仟元壹角"), ("10001", "壹万零壹元整"), ("160000", "壹拾陆万元整"),
        ("1050300.99", "壹佰零伍万零叁佰元玖角玖分"), ("100000000", "壹亿元整"), ("100010000", "壹亿零壹万元整"),
    ],
)  # fmt: skip
def test_sums_in_words(amount, words):
    assert papers.capitals(Decimal(amount)) == words


def test_the_proof_finds_lines_that_say_another_thing_than_their_claims(three):
    batch = paying.sent(three.city, three.who, three.claims)
    Claim.objects.filter(pk=three.claims[0].pk).update(status=C.BATCHED)
    batch.lines.filter(claim=three.claims[1]).update(state=L.REMOVED, sent_on=None)
    wrong = list(proof.problems())
    assert any("申领却是已列入批次" in w for w in wrong)
    assert any("不在任何批次里" in w for w in wrong)


def test_a_claim_is_released_by_its_batch_alone(one):
    paying.batch(one.city, one.who, one.claims)
    with pytest.raises(NotYours):
        claims.claim.move(Claim.objects.get(), "release", by=one.who[Role.BUREAU_APPROVER], on=DAY)
    with pytest.raises(Refused, match="请填写"):
        claims.claim.move(Claim.objects.get(), "release", by=None, on=DAY)
