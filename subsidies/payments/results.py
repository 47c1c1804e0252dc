"""The list that comes back: our own, filled in, or the bank's. It is taken whole or not at all, and can be read again."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal import sealed, sheets
from portal.forms import DayField, tidy
from subsidies.payments.models import LineState, PaymentBatch, PaymentLine

L = LineState
COLUMNS = {  # what a heading may be called, in our list and in those of banks
    "number": ("申领编号", "编号", "业务编号", "Claim"),
    "account": ("账号", "收款账号", "收款人账号", "卡号", "Account number"),
    "amount": ("金额（元）", "金额", "交易金额", "付款金额", "Amount (CNY)"),
    "result": ("结果", "处理结果", "交易状态", "状态", "交易结果", "Result"),
    "day": ("到账或退票日期", "日期", "到账日期", "交易日期", "入账日期", "Date paid or bounced"),
    "reason": ("退票原因", "原因", "失败原因", "备注", "Why it bounced"),
}
PAID = ("到账", "已到账", "成功", "交易成功", "已拨付", "已付", "paid")
BOUNCED = ("退票", "失败", "交易失败", "退回", "已退票", "bounced")
LIMIT = 5 * 1024 * 1024


class BadList(ValueError):
    """What is wrong with a list, sentence by sentence; nothing of it was booked."""

    def __init__(self, *problems: str):
        super().__init__(_("；").join(problems))
        self.problems = list(problems)


@dataclass(frozen=True)
class Told:
    """What a list says of one line."""

    line: PaymentLine
    paid: bool
    day: date
    reason: str


def read(upload, batch: PaymentBatch, *, today: date) -> list[Told]:
    """What a workbook or CSV says of a batch; rows without a result are left for later. Raises BadList."""
    if upload.size > LIMIT:
        raise BadList(_("文件太大，结果清单不应超过 5 MB。"))
    try:
        sheets.look_over(upload, upload.name)
        upload.seek(0)
        with NamedTemporaryFile(suffix=Path(upload.name).suffix) as kept:
            kept.write(upload.read())
            kept.flush()
            rows = sheets.read(kept.name).rows
    except sheets.BadSheet as bad:
        raise BadList(str(bad)) from bad
    return understood(rows, batch, today=today)


def understood(rows: list[list[str]], batch: PaymentBatch, *, today: date) -> list[Told]:
    """The rows below the heading, each matched with its line. Raises BadList with every row that can't be."""
    at, columns = heading(rows)
    lines = list(batch.lines.exclude(state=L.REMOVED).select_related("claim__matter", "account"))
    told, problems, seen = [], [], set()
    for n, row in enumerate(rows[at + 1 :], at + 2):
        said = {name: tidy(row[column]) for name, column in columns.items() if column < len(row)}
        if not said.get("result"):
            continue
        try:
            one = understand(said, lines, today)
        except ValueError as problem:
            problems.append(_("第 %(n)s 行：%(why)s") % {"n": n, "why": problem})
            continue
        if one.line.pk in seen:
            problems.append(_("第 %(n)s 行：%(why)s") % {"n": n, "why": _("同一件申领出现了两次")})
        seen.add(one.line.pk)
        told.append(one)
    if problems:
        raise BadList(*problems)
    if not told:
        raise BadList(_("清单里没有一行写了结果。请在“结果”一栏填“到账”或“退票”，再传。"))
    return told


def heading(rows: list[list[str]]) -> tuple[int, dict[str, int]]:
    """Where the heading stands and which column is what."""
    known = {bare(name): column for column, names in COLUMNS.items() for name in names}
    for n, row in enumerate(rows[:20]):
        found: dict[str, int] = {}
        for place, cell in enumerate(row):
            if (name := known.get(bare(cell))) and name not in found:
                found[name] = place
        if "result" in found and "day" in found and {"number", "account"} & set(found):
            return n, found
    raise BadList(_("没有找到表头。清单要有“申领编号”（或“账号”和“金额”）、“结果”和“日期”几栏。"))


def bare(text: str) -> str:
    return re.sub(r"[\s（）()]", "", tidy(text)).lower()


def understand(said: dict[str, str], lines: list[PaymentLine], today: date) -> Told:
    """One row. Raises ValueError with the sentence of what is wrong."""
    line = matched(said, lines)
    word = said["result"].lower()
    if word not in (*PAID, *BOUNCED):
        raise ValueError(_("看不懂结果“%(word)s”，请写“到账”或“退票”") % {"word": said["result"]})
    paid, reason = word in PAID, said.get("reason", "")
    try:
        day = DayField().clean(said.get("day", ""))
    except ValidationError as error:
        raise ValueError(_("日期要写成 2026-11-20 这样")) from error
    state = L.PAID if paid else L.BOUNCED
    if line.state in (L.PAID, L.BOUNCED) and (line.state, line.result_on) != (state, day):
        raise ValueError(
            _("%(claim)s 已登记为%(state)s（%(day)s），清单说的不一样")
            % {"claim": line.claim.matter.number, "state": line.get_state_display(), "day": line.result_on}
        )
    if line.state == L.WAITING:
        raise ValueError(_("%(claim)s 还没有发出") % {"claim": line.claim.matter.number})
    if not line.sent_on <= day <= today:
        raise ValueError(_("日期应在发出日 %(sent)s 和今天之间") % {"sent": line.sent_on})
    if not paid and not reason:
        raise ValueError(_("退票要写原因"))
    return Told(line, paid, day, reason[:200])


def matched(said: dict[str, str], lines: list[PaymentLine]) -> PaymentLine:
    """The line that a row is about: by the number of the claim, else by account and sum; the sum must be ours."""
    amount = None
    if said.get("amount"):
        try:
            amount = Decimal(re.sub(r"[,，\s元¥]", "", said["amount"])).quantize(Decimal("0.01"))
        except InvalidOperation as error:
            raise ValueError(_("看不懂金额“%(amount)s”") % {"amount": said["amount"]}) from error
    if said.get("number"):
        found = [line for line in lines if line.claim.matter.number == said["number"].upper()]
    else:
        index = sealed.index_of(re.sub(r"\D", "", said.get("account", "")))
        found = [line for line in lines if line.account.number_index == index and line.amount == amount]
    if len(found) != 1:
        raise ValueError(_("这个批次里没有这一件") if not found else _("同一账户、同一金额有几件，请写申领编号"))
    if amount is not None and amount != found[0].amount:
        raise ValueError(_("金额应为 %(right)s") % {"right": f"{found[0].amount:,.2f}"})
    return found[0]
