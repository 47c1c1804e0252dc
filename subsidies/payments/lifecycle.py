"""The life of a batch: put together, handed over, released by another person, sent line by line, answered line by line.

What is handed over is frozen: whatever changes in it afterwards refuses the release.
"""

from django.utils.timezone import now
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from portal import jobs
from portal.facts import Criterion, Lookup
from portal.lifecycle import SYSTEM, Lifecycle, Refused, Stage, Transition
from portal.models import Event, Role
from subsidies.accounts.models import PayeeAccount
from subsidies.claims.lifecycle import PAYERS, RELEASERS
from subsidies.claims.models import ClaimStatus
from subsidies.payments import facts
from subsidies.payments.models import LineState, PaymentBatch, PaymentStatus
from subsidies.schemes.told import digest, money

P, L = PaymentStatus, LineState
SOME = Criterion("lines_waiting", Lookup.AT_LEAST, 1, _("批次里要有申领"))
ALL_SENT = Criterion("lines_waiting", Lookup.AT_MOST, 0, _("每一件都已发出"))
ALL_TOLD = Criterion("lines_open", Lookup.AT_MOST, 0, _("每一件都有结果"))


def content_of(batch: PaymentBatch) -> dict:
    """What would be paid now: of each claim how much, to which account, by which decision."""
    rows = batch.lines.filter(state=L.WAITING).select_related("claim__matter", "claim__account", "claim__decision")
    return {
        "line": batch.line.code,
        "lines": [
            {
                "claim": row.claim.matter.number,
                "status": row.claim.status,
                "amount": money(row.claim.approved),
                "account": str(row.claim.account_id),
                "account_index": row.claim.account.number_index,
                "holder": row.claim.account.holder,
                "ended": row.claim.account.until is not None,
                "decision": row.claim.decision.digest if row.claim.decision else "",
                "as_listed": [money(row.amount), str(row.account_id)],
            }
            for row in rows.order_by("pk")
        ],
    }


def objections(content: dict) -> list[str]:
    """Why these may not be paid as they are, each as a sentence."""
    told = []
    for one in content["lines"]:
        said = {"claim": one["claim"]}
        if one["status"] != ClaimStatus.BATCHED:
            told.append(_now("%(claim)s 不在“已列入批次”的状态") % said)
        if one["ended"] or one["as_listed"][1] != one["account"]:
            told.append(_now("%(claim)s 的收款账户已更换") % said)
        if one["as_listed"][0] != one["amount"]:
            told.append(_now("%(claim)s 的金额已改变") % said)
    return told


def changes(batch: PaymentBatch) -> list[str]:
    """What is no longer as it was handed over; none, and it may be released."""
    content = content_of(batch)
    told = objections(content)
    if digest(batch.content) != batch.digest:
        told.append(_now("移交的内容与校验码不符"))
    was = {one["claim"]: one for one in batch.content["lines"]}
    is_now = {one["claim"]: one for one in content["lines"]}
    for number in sorted(set(was) | set(is_now)):
        if was.get(number) != is_now.get(number) and not any(number in t for t in told):
            told.append(_now("%(claim)s 在移交以后有改动") % {"claim": number})
    return told


def freeze(subject, *, by, on, details):
    """What is handed over: amounts and accounts as they are now."""
    content = content_of(subject)
    if told := objections(content):
        raise Refused(_now("；").join(told) + _now("。请把这些移出批次。"))
    subject.content, subject.digest, subject.maker = content, digest(content), by
    details["digest"] = subject.digest


def thaw(subject, *, by, on, details):
    subject.content, subject.digest, subject.maker = None, "", None


def release(subject, *, by, on, details):
    """What was handed over is paid, and nothing else. The accounts are held, so that none changes in this moment; the
    lines leave one by one, worked off by a job."""
    accounts = subject.lines.filter(state=L.WAITING).values("claim__account")
    list(PayeeAccount.objects.select_for_update().filter(pk__in=accounts).order_by("pk"))
    if told := changes(subject):
        raise Refused(_now("移交以后有改动，不能发出：%(told)s。请退回编制。") % {"told": _now("；").join(told)})
    subject.checker, subject.released_at = by, now()
    details["digest"] = subject.digest
    jobs.ask("release_payments", by=by)


def compilers(batch: PaymentBatch) -> set[int]:
    """Who had a part in putting it together: opened it, put a claim in, handed it over."""
    rows = Event.objects.filter(matter__in=batch.lines.values("claim__matter"), action="batch")
    return {batch.matter.opener_id, batch.maker_id, *rows.values_list("by", flat=True)}


class Payments(Lifecycle):
    """As every other; who put it together, even in part, doesn't release it."""

    def possible(self, subject, user):
        steps = super().possible(subject, user)
        if user is None or not any(step.action == "release" for step in steps) or user.pk not in compilers(subject):
            return steps
        return [step for step in steps if step.action != "release"]


payment = Payments(
    "payment",
    _("拨付批次"),
    url="subsidies:payment",
    vocabulary=facts.payment,
    stages={
        P.DRAFT: Stage(_("编制中"), Role.BUREAU_HANDLER),
        P.CHECKING: Stage(_("待复核发出"), Role.BUREAU_APPROVER),
        P.SENDING: Stage(_("发出中"), outside=True),
        P.SENT: Stage(_("待登记结果"), Role.BUREAU_HANDLER),
        P.DONE: Stage(_("已了结")),
        P.DISSOLVED: Stage(_("已撤销")),
    },
    transitions=[
        Transition("hand_over", P.DRAFT, P.CHECKING, PAYERS, _("移交复核"), (SOME,), duty="payment", effect=freeze),
        Transition("take_back", P.CHECKING, P.DRAFT, PAYERS, _("取回修改"), effect=thaw),
        Transition("send_back", P.CHECKING, P.DRAFT, RELEASERS, _("退回编制"), note_needed=True, effect=thaw),
        Transition("release", P.CHECKING, P.SENDING, RELEASERS, _("发出"), (SOME,), duty="payment", effect=release),
        Transition("sent", P.SENDING, P.SENT, SYSTEM, _("全部发出"), (ALL_SENT,)),
        Transition("close", P.SENT, P.DONE, SYSTEM, _("全部有结果"), (ALL_TOLD,)),
        Transition("dissolve", P.DRAFT, P.DISSOLVED, PAYERS, _("撤销批次")),
    ],
)  # fmt: skip
