"""What leaves with a batch: the list with full account numbers (拨付明细表), the letter that asks for the money (请款函).

Both are made from what was handed over and released, not from what stands in the claims by now; made again, the list is
the same file, byte for byte. Who takes it is noted with the batch. They are Chinese whoever reads: a bank and an office do.
"""

import hashlib
import io
from decimal import Decimal

import xlsxwriter
from django.db.models import Sum
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy, override

from portal.lifecycle import HAPPENINGS
from portal.models import Event, Organisation, User
from portal.papers import Paper, Rows, Signed, Table, Text
from portal.site import holds_demo
from subsidies.payments.models import LineState, PaymentBatch, PaymentStatus

P = PaymentStatus
TAKEN = "take_list"
HAPPENINGS[TAKEN] = gettext_lazy("取走拨付明细表")
HEADINGS = (
    "序号", "申领编号", "收款人", "户名", "开户行",
    "账号", "金额（元）", "资助项目",
    "结果", "到账或退票日期", "退票原因",
)  # fmt: skip
WIDTHS = (6, 20, 14, 26, 30, 26, 16, 26, 10, 16, 24)
CHINESE = "zh-hans"
DIGITS = "零壹贰叁肆伍陆柒捌玖"


def lines_of(batch: PaymentBatch):
    """What is paid with the batch, as it was handed over."""
    rows = batch.lines.exclude(state=LineState.REMOVED).order_by("pk")
    return rows.select_related(
        "account", "claim__matter__organisation", "claim__person", "claim__payee", "claim__instalment__version__scheme"
    )


def total(batch: PaymentBatch) -> Decimal:
    return lines_of(batch).aggregate(sum=Sum("amount"))["sum"] or Decimal(0)


def has_papers(batch: PaymentBatch) -> bool:
    """Papers are of what was released; before that they could still change."""
    return batch.status in (P.SENDING, P.SENT, P.DONE)


def may_take(batch: PaymentBatch, user: User) -> bool:
    """The list holds whole account numbers: only who handed the batch over and who released it."""
    return has_papers(batch) and user.pk in (batch.maker_id, batch.checker_id)


# --- the list ----------------------------------------------------------------------------------


@override(CHINESE)
def payment_list(batch: PaymentBatch) -> bytes:
    """The workbook; its last three columns are to be filled in and come back."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": batch.matter.number, "created": batch.released_at.replace(tzinfo=None)})
    sheet = book.add_worksheet(batch.matter.number)
    bold, money = book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": "#,##0.00"})
    weak = book.add_format({"font_color": "#566575"})
    rows = list(lines_of(batch))
    sheet.write_string(0, 0, f"拨付明细表　{batch.matter.number}　{batch.line.title}", bold)
    said = [f"发出 {localtime(batch.released_at).date()}", f"校验码 {batch.digest[:12]}"]
    sheet.write_string(1, 0, "　".join([*said, *["演示数据"] * holds_demo()]), weak)
    for column, (heading, width) in enumerate(zip(HEADINGS, WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(3, column, str(heading), bold)
    for n, row in enumerate(rows, 1):
        claim, account = row.claim, row.account
        texts = [claim.matter.number, claim.whose, account.holder, account.bank]
        sheet.write_number(3 + n, 0, n)
        for column, text in enumerate([*texts, account.plain], 1):
            sheet.write_string(3 + n, column, text)
        sheet.write_number(3 + n, 6, row.amount, money)
        sheet.write_string(3 + n, 7, f"{claim.scheme} {claim.instalment}")
    sheet.write_string(4 + len(rows), 5, "合计", bold)
    sheet.write_number(4 + len(rows), 6, sum((row.amount for row in rows), Decimal(0)), money)
    sheet.freeze_panes(4, 0)
    book.close()
    return stream.getvalue()


def take_list(batch: PaymentBatch, *, by: User, on) -> tuple[bytes, str]:
    """The file and its name; that it was taken, by whom and what it was, stays with the batch."""
    content = payment_list(batch)
    Event.objects.create(
        matter=batch.matter, round=batch.matter.round, action=TAKEN, source=batch.status, target=batch.status,
        on=on, by=by, details={"sha256": hashlib.sha256(content).hexdigest()},
    )  # fmt: skip
    return content, f"拨付明细表_{batch.matter.number}.xlsx"


# --- the letter --------------------------------------------------------------------------------


@override(CHINESE)
def letter(batch: PaymentBatch) -> Paper:
    """The bureau asks the finance office for the money of one batch."""
    pack, rows = batch.line.pack, list(lines_of(batch))
    sums: dict[str, tuple[int, Decimal]] = {}
    for row in rows:
        n, sum_ = sums.get(str(row.claim.scheme), (0, Decimal(0)))
        sums[str(row.claim.scheme)] = (n + 1, sum_ + row.amount)
    whole = sum((row.amount for row in rows), Decimal(0))
    said = (
        f"经单位申报、区镇初审、市局审核审批和公示，本批共 {len(rows)} 笔资助符合拨付条件，"
        f"合计人民币 {whole:,.2f} 元（大写：{capitals(whole)}），从“{batch.line.title}”中列支。"
    )
    ask = f"请按所附拨付明细表（批次 {batch.matter.number}）拨付，并将到账和退票结果反馈我局。"
    table = [(name, n, f"{sum_:,.2f}") for name, (n, sum_) in sums.items()]
    return Paper(
        title="关于拨付博士后资助资金的函",
        number=batch.matter.number,
        blocks=[
            Text([said, ask], to=f"{finance_of(batch)}："),
            Table(["资助项目", "笔数", "金额（元）"], [*table, ("合计", len(rows), f"{whole:,.2f}")], [50, 15, 35]),
            Rows([("校验码", batch.digest[:32]), ("编制", str(batch.maker)), ("复核", str(batch.checker))]),
            Signed([pack.bureau, str(localtime(batch.released_at).date())]),
        ],
    )  # fmt: skip


def finance_of(batch: PaymentBatch) -> str:
    """Whom the letter is for, as the pack names it."""
    found = Organisation.objects.filter(kind=Organisation.Kind.FINANCE, district=batch.line.pack.root_id).first()
    return found.name if found else "市财政局"


def capitals(amount: Decimal) -> str:
    """Yuan in the characters that nobody can alter: 壹拾陆万元整."""
    cents = int(amount * 100)
    yuan, rest = divmod(cents, 100)
    said, zero = "", False
    for power, unit in ((8, "亿"), (4, "万"), (0, "")):
        group, yuan = divmod(yuan, 10**power)
        if not group:
            zero = bool(said)
            continue
        said += ("零" if said and (zero or group < 1000) else "") + thousands(group) + unit
        zero = False
    jiao, fen = divmod(rest, 10)
    end = "整" if not rest else (DIGITS[jiao] + "角" if jiao else "零") + (DIGITS[fen] + "分" if fen else "")
    return f"{said or '零'}元{end}"


def thousands(number: int) -> str:
    """Below ten thousand, without zeros at the end and one zero at most in a row."""
    said, zero = "", False
    for power, unit in ((1000, "仟"), (100, "佰"), (10, "拾"), (1, "")):
        digit, number = divmod(number, power)
        if digit:
            said += ("零" if zero and said else "") + DIGITS[digit] + unit
            zero = False
        else:
            zero = True
    return said
