"""Putting batches together, releasing them with a second factor, sending them line by line, booking what came back."""

from collections.abc import Callable, Iterable
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from portal import jobs
from portal.accounts import step_up
from portal.lifecycle import NotYours, Refused, open_matter
from portal.models import Matter, User
from subsidies.accounts.models import PayeeAccount
from subsidies.claims import lifecycle as claims
from subsidies.claims.actions import account_of
from subsidies.claims.models import Claim, ClaimStatus
from subsidies.ledger.book import lines_of
from subsidies.payments import lifecycle
from subsidies.payments.models import LineState, PaymentBatch, PaymentLine, PaymentStatus
from subsidies.schemes.models import BudgetLine

C, P, L = ClaimStatus, PaymentStatus, LineState
SERIES = "BF"


def payable(line: BudgetLine):
    """The claims of a line that wait for a batch, the longest first."""
    rows = Claim.objects.filter(status=C.PAYABLE, instalment__version__scheme__line=line)
    return rows.select_related(
        "matter__organisation", "person", "payee", "account", "instalment__version__scheme"
    ).order_by("payable_on", "pk")  # fmt: skip


def compiles(user: User, line: BudgetLine) -> bool:
    """Whether this person may put together what is paid from the line."""
    return bool(user.roles_for(organisation_id=None, district_id=line.pack.root_id) & claims.PAYERS)


def lock(batch: PaymentBatch) -> PaymentBatch:
    """The fresh row with its matter, both locked, in the order in which a step locks them."""
    row = PaymentBatch.objects.select_for_update(of=("self",)).select_related("line__pack").get(pk=batch.pk)
    row.matter = Matter.objects.select_for_update().get(pk=row.matter_id)
    return row


# --- putting together --------------------------------------------------------------------------


@transaction.atomic
def begin(line: BudgetLine, chosen: Iterable[int], *, by: User, on: date) -> PaymentBatch:
    """A batch of these claims. Raises Refused where nobody was chosen, or where one can't be paid any more."""
    chosen = sorted(set(chosen))
    if not compiles(by, line):
        raise NotYours(_("拨付批次由市局经办或财务经办编制。"))
    if not chosen:
        raise Refused(_("没有选申领，没有建立批次。请先勾选要拨付的申领。"))
    title = _("拨付批次：%(line)s %(day)s")
    about = {
        "title": title % {"line": line.title, "day": on},
        "title_en": f"Payment: {line.title_en or line.title} {on}",
    }
    matter = open_matter(
        lifecycle.payment, P.DRAFT, series=SERIES, organisation=None, district=line.pack.root, by=by, on=on,
        filed=True, **about,
    )  # fmt: skip
    batch = PaymentBatch.objects.create(matter=matter, line=line)
    put_in(batch, chosen, by=by, on=on)
    return batch


@transaction.atomic
def add(batch: PaymentBatch, chosen: Iterable[int], *, by: User, on: date) -> int:
    """More claims into a batch that is being put together; returns how many. Raises Refused."""
    row, chosen = drafted(batch, by), sorted(set(chosen))
    if not chosen:
        raise Refused(_("没有选申领，批次没有改变。请先勾选。"))
    put_in(row, chosen, by=by, on=on)
    return len(chosen)


def drafted(batch: PaymentBatch, by: User) -> PaymentBatch:
    row = lock(batch)
    if not compiles(by, row.line):
        raise NotYours(_("拨付批次由市局经办或财务经办编制。"))
    if row.status != P.DRAFT:
        raise Refused(_("批次已移交，不能再改。要改请先取回。"))
    return row


def put_in(batch: PaymentBatch, chosen: list[int], *, by: User, on: date) -> None:
    found = {row.pk: row for row in payable(batch.line).filter(pk__in=chosen)}
    if lost := len(chosen) - len(found):
        raise Refused(_("有 %(n)s 件现在不能列入：已在别的批次里，或不再是“待拨付”。请刷新页面。") % {"n": lost})
    for pk in chosen:
        row = claims.claim.move(found[pk], "batch", by=by, on=on, note=batch.matter.number)
        try:
            with transaction.atomic():
                PaymentLine.objects.create(batch=batch, claim=row, amount=row.approved, account=row.account)
        except IntegrityError as error:
            raise Refused(_("%(claim)s 已在一个批次里，或者已经拨付。") % {"claim": row.matter.number}) from error
    touch(batch)


def touch(batch: PaymentBatch) -> None:
    batch.matter.version += 1
    batch.matter.save(update_fields=["version", "changed_at"])


@transaction.atomic
def remove(batch: PaymentBatch, line: PaymentLine, *, by: User, on: date) -> None:
    """Take a claim out again; it waits for the next batch. Raises Refused."""
    take_out(drafted(batch, by), line, by=by, on=on)


def take_out(batch: PaymentBatch, line: PaymentLine, *, by: User, on: date) -> None:
    """Where its account was replaced meanwhile, what was approved for the former one is void."""
    if not PaymentLine.objects.filter(pk=line.pk, batch=batch, state=L.WAITING).update(state=L.REMOVED):
        raise Refused(_("这件已经移出批次。"))
    row = claims.claim.move(line.claim, "unbatch", by=by, on=on, note=batch.matter.number)
    if PayeeAccount.objects.filter(pk=row.account_id, until__isnull=False).exists():
        row = claims.claim.move(row, "void", by=None, on=on, details={"because": _("收款账户已更换")})
        row.account = account_of(row)
        row.save(update_fields=["account"])
    touch(batch)


@transaction.atomic
def dissolve(batch: PaymentBatch, *, by: User, on: date) -> PaymentBatch:
    """Give the batch up; all its claims wait for another. Raises Refused."""
    row = drafted(batch, by)
    for line in row.lines.filter(state=L.WAITING).select_related("claim").order_by("pk"):
        take_out(row, line, by=by, on=on)
    return lifecycle.payment.move(row, "dissolve", by=by, on=on)


# --- releasing ---------------------------------------------------------------------------------


def release(batch: PaymentBatch, *, by: User, on: date, token: str) -> PaymentBatch:
    """Release what was handed over: by another person, with a fresh code of their own. Raises Refused."""
    if not any(step.action == "release" for step in lifecycle.payment.possible(batch, by)):
        raise NotYours(_("发出须由没有参与编制的复核人办理，且批次已移交。"))
    device = step_up(by, token)
    return lifecycle.payment.move(batch, "release", by=by, on=on, details={"device": device})


def send_all(*, on: date, told: Callable[[int, int], None]) -> int:
    """Send what was released, batch by batch, line by line; what was sent before stays as it is. Returns how many left.
    Raises Refused at the end where a line couldn't leave, so that it is tried again."""
    sent, stuck = 0, []
    for batch in PaymentBatch.objects.filter(status=P.SENDING).select_related("matter").order_by("pk"):
        waiting = list(batch.lines.filter(state=L.WAITING).order_by("pk").values_list("pk", flat=True))
        for done, pk in enumerate(waiting, 1):
            try:
                sent += send(pk, on=on)
            except Refused as reason:
                stuck.append(str(reason))
            told(done, len(waiting))
        finish(batch, on=on)
    if stuck:
        raise Refused(_("；").join(stuck))
    return sent


@transaction.atomic
def finish(batch: PaymentBatch, *, on: date) -> None:
    """Take a batch on when its last line has left, and when the last result is there; whoever comes second finds it done."""
    row = lock(batch)
    if row.status == P.SENDING and not row.lines.filter(state=L.WAITING).exists():
        row = lifecycle.payment.move(row, "sent", by=None, on=on)
    if row.status == P.SENT and not row.lines.filter(state__in=[L.WAITING, L.SENT]).exists():
        lifecycle.payment.move(row, "close", by=None, on=on)


@transaction.atomic
def send(pk: int, *, on: date) -> bool:
    """One line: the claim, the money and the line together, or nothing of it. False where it has left already."""
    line = locked(pk)
    if line.state != L.WAITING or line.batch.status != P.SENDING:
        return False
    number = line.batch.matter.number
    if line.amount != line.claim.approved:
        raise Refused(_("%(claim)s 的金额已改变") % {"claim": line.claim.matter.number})
    details = {"line": line.pk, "batch": number}
    claims.claim.move(line.claim, "release", by=None, on=on, note=number, details=details)
    line.state, line.sent_on = L.SENT, on
    line.save(update_fields=["state", "sent_on"])
    return True


def locked(pk: int) -> PaymentLine:
    rows = PaymentLine.objects.select_for_update(of=("self",))
    return rows.select_related("batch__matter", "claim__matter").get(pk=pk)


# --- what came back ----------------------------------------------------------------------------


@transaction.atomic
def book(pk: int, *, paid: bool, day: date, reason: str = "", by: User, today: date) -> bool:
    """What the bank did with one line: paid, or given back. False where just that is booked already. Raises Refused,
    also where another result is booked: it stays."""
    batch = lock(PaymentBatch.objects.get(lines=pk))  # who books last closes it
    line, target = locked(pk), L.PAID if paid else L.BOUNCED
    if line.state == target and line.result_on == day:
        return False
    refuse_odd(line, target, day, reason, today)
    details = {"line": line.pk, "batch": line.batch.matter.number}
    action, note = ("pay", line.batch.matter.number) if paid else ("bounce", reason.strip())
    claims.claim.move(line.claim, action, by=by, on=day, note=note, details=details)
    line.state, line.result_on, line.reason = target, day, "" if paid else reason.strip()[:200]
    line.save(update_fields=["state", "result_on", "reason"])
    finish(batch, on=today)
    return True


def refuse_odd(line: PaymentLine, target: str, day: date, reason: str, today: date) -> None:
    said = {"claim": line.claim.matter.number, "day": line.result_on, "state": line.get_state_display()}
    if line.state in (L.PAID, L.BOUNCED):
        raise Refused(_("%(claim)s 已登记为%(state)s（%(day)s），没有改动。") % said)
    if line.state != L.SENT:
        raise Refused(_("%(claim)s 还没有发出，不能登记结果。") % said)
    assert line.sent_on is not None  # the database holds it of what was sent
    if not line.sent_on <= day <= today:
        raise Refused(
            _("%(claim)s 的日期应在发出日 %(sent)s 和今天之间。") % {"claim": said["claim"], "sent": line.sent_on}
        )
    if target == L.BOUNCED and not reason.strip():
        raise Refused(_("%(claim)s 退票要写原因。") % said)


def books(batch: PaymentBatch, user: User) -> bool:
    """Whether this person may book what came back; finance may have no account here, then the bureau does."""
    return batch.status in (P.SENDING, P.SENT) and compiles(user, batch.line)


def book_list(batch: PaymentBatch, told: Iterable[tuple], *, by: User):
    """Have a worker book what a list said: (line, paid, day, reason). It may be read again; nothing is booked twice."""
    rows = [[line, paid, day.isoformat(), reason] for line, paid, day, reason in told]
    return jobs.ask("book_results", by=by, batch=batch.pk, rows=rows)


def waiting_for(user: User):
    """Of each line how many claims wait to be paid, and how much they come to."""
    waits = Q(schemes__versions__instalments__claims__status=C.PAYABLE)
    path = "schemes__versions__instalments__claims"
    return lines_of(user).annotate(n=Count(path, filter=waits), sum=Sum(f"{path}__approved", filter=waits))
