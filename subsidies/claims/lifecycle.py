"""The life of a claim: found or begun, confirmed by whose it is, checked on three levels, public, payable, paid.

What was approved is sealed: a later change of the account or of anything it rests on voids the approval.
"""

from decimal import Decimal

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from portal import notices, workdays
from portal.facts import Criterion, Lookup, yuan
from portal.lifecycle import SYSTEM, Lifecycle, Refused, Stage, Transition
from portal.models import Confirmation, Evidence, Notice, Role
from stations.roles import ALL_ANSWERED, APPROVER, CERTIFIER, DISTRICT, HANDLER, MAKERS
from subsidies.claims import facts
from subsidies.claims.models import Claim, ClaimStatus, Decision
from subsidies.ledger import book
from subsidies.ledger.models import JournalEntry
from subsidies.schemes.explain import Explanation, State, explain
from subsidies.schemes.models import Shape
from subsidies.schemes.told import as_data, digest, money

C, K = ClaimStatus, JournalEntry.Kind
SELF = frozenset({Role.POSTDOC})
REVIEWER = frozenset({Role.BUREAU_REVIEWER})
PAYERS = frozenset({Role.BUREAU_HANDLER, Role.FINANCE_MAKER})  # who puts batches together and books what came back
RELEASERS = frozenset({Role.BUREAU_APPROVER, Role.FINANCE_CHECKER})
PAPERS = Criterion("papers_missing", Lookup.AT_MOST, 0, _("申领材料要齐"))
ACCOUNT = Criterion("account_given", Lookup.IS, True, _("要有在用的收款账户"))
ANSWERED = Criterion("objections_open", Lookup.AT_MOST, 0, _("公示期间收到的异议都要答复"))
HOLDER = Criterion("holder_matches", Lookup.IS, True, _("户名须与收款人一致"))
NAMED = Criterion("payee_named", Lookup.IS, True, _("要写明收款人"))
READY = (ALL_ANSWERED, NAMED, PAPERS, ACCOUNT, HOLDER)
BY_PERSON, BY_UNIT = (("by_unit", False),), (("by_unit", True),)
DECLARED = (("declared", _("真实性承诺")),)
SUM = (("approved", _("核定金额")),)
REPAID = (("repaid_on", _("收回日期")),)
PAYMENT = (("line", _("拨付明细")), ("batch", _("拨付批次")))


class Claims(Lifecycle):
    """As every other; a person's own steps are those of whose money it is, not of every postdoc of the city."""

    def possible(self, subject, user):
        steps = super().possible(subject, user)
        mine = user is not None and subject.person_id is not None and subject.person.user_id == user.pk
        return steps if mine else [step for step in steps if step.roles != SELF]


def snapshot(subject: Claim) -> dict:
    """What is handed in: how much for what, the documents, the account by its index."""
    cited = Evidence.objects.filter(matter=subject.matter_id, removed_at=None).select_related("file")
    slots: dict[str, list[str]] = {}
    for evidence in cited.order_by("slot", "file"):
        slots.setdefault(evidence.slot, []).append(str(evidence.file_id))
    return {
        "field": {
            "units": [subject.first_unit, subject.last_unit],
            "calculated": money(subject.calculated),
            "upper_paid": money(subject.upper_paid),
            "payee": str(subject.payee_id or ""),
            "account": str(subject.account_id or ""),
        },
        "slot": slots,
        "file": {str(e.file_id): e.file.name for e in cited},
    }


# --- what the rules say ------------------------------------------------------------------------


def verdicts_of(subject: Claim) -> dict[str, bool | None]:
    """What officers found of its conditions; the bureau's word goes before the district's."""
    rows = Confirmation.objects.filter(matter=subject.matter_id, until=None).order_by("level")
    found: dict[str, bool | None] = {}
    for row in sorted(rows, key=lambda r: r.level != Confirmation.Level.DISTRICT):
        found[row.topic] = row.verdict
    return {code: verdict for code, verdict in found.items() if verdict is not None}


def ruling_of(subject: Claim, *, on) -> Explanation:
    """What the version of the claim says on a day, with what officers found. Raises Refused where it no longer applies."""
    told = explain(subject.subject, on=on, scheme=subject.scheme.code, verdicts=verdicts_of(subject))
    fits = [e for e in told if e.version.pk == subject.instalment.version_id]
    if not fits:
        raise Refused(_("资格产生的日期已经改变，适用另一版规则。请退回，由单位重新申领。"))
    return fits[0]


def still_due(subject: Claim, *, on) -> bool:
    """Whether an approval of the day would find what the review found."""
    try:
        return ruling_of(subject, on=on).state == State.MET
    except Refused:
        return False


def most(subject: Claim, e: Explanation) -> Decimal | None:
    """What may be granted at most, in yuan; None where the papers name no sum. What is paid by quantity: for the units
    of this claim."""
    part = next(p for p in e.parts if p.instalment.pk == subject.instalment_id)
    if e.version.shape != Shape.PER or e.version.amount is None:
        return part.amount
    if subject.last_unit > (e.units or 0):
        raise Refused(_("记录里到今天只有 %(n)s，不够申领的数量。") % {"n": e.units or 0})
    return e.version.amount * (subject.last_unit - subject.first_unit)


# --- effects -----------------------------------------------------------------------------------


def tell_person(subject: Claim, label) -> None:
    """A notice to whose money it is."""
    user = subject.person.user if subject.person_id else None
    if user is None:
        return
    with override(user.language):
        text = _now("%(title)s：%(label)s") % {"title": subject, "label": label}
    notices.deliver([Notice(user=user, text=text[:300], path=subject.get_absolute_url())], urgent=False)


def ask_person(subject, *, by, on, details):
    tell_person(subject, _("请确认收款账户和承诺"))


def declare(subject, *, by, on, details):
    """Whose money it is says that all is true and that nothing of it was had elsewhere."""
    subject.declared_on = on


def to_unit(subject, *, by, on, details):
    """What a person handed in is confirmed by the handler; what the unit did alone is signed by its second account."""
    if subject.by_unit:
        subject.matter.holder = Role.CERTIFIER
        subject.matter.save(update_fields=["holder"])
    declare(subject, by=by, on=on, details=details)


def handle(subject, *, by, on, details):
    """The sum is set, not above what the rules give, once every condition is met or was found so by an officer."""
    e = ruling_of(subject, on=on)
    open_ = [
        r.text + (f" → {r.next}" if r.next else "") for r in e.reasons if r.state != State.MET and r.purpose == "need"
    ]
    if e.state != State.MET:
        raise Refused(_("还不能核定：%(open)s") % {"open": _("；").join(open_) or e.state.label})
    limit, asked = most(subject, e), Decimal(details["approved"])
    if limit is not None and asked > limit:
        raise Refused(_("核定金额 %(asked)s 超过测算的 %(most)s。") % {"asked": yuan(asked), "most": yuan(limit)})
    subject.calculated, subject.approved = limit, asked
    details["approved"] = money(asked)


def approve(subject, *, by, on, details):
    """The money is reserved, the decision sealed with all it saw, the publicity begins."""
    e = ruling_of(subject, on=on)
    if e.state != State.MET:
        raise Refused(_("核定以后情况变了：%(state)s。请退回重审。") % {"state": e.state.label})
    if subject.account.until is not None:
        raise Refused(_("收款账户已更换，请退回重审。"))
    data = as_data(e) | {
        "claim": subject.matter.number,
        "instalment": subject.instalment.number,
        "of": [subject.first_unit, subject.last_unit],
        "approved": money(subject.approved),
        "account": str(subject.account_id),
        "account_index": subject.account.number_index,
        "holder": subject.account.holder,
        **({"payee": str(subject.payee_id)} if subject.payee_id else {}),
        "verdicts": verdicts_of(subject),
    }
    subject.decision = Decision.objects.create(claim=subject, by=by, on=on, data=data, digest=digest(data))
    budget = book.budget_of(subject.scheme.line, on.year)
    key = f"reserve:{subject.decision_id}"
    book.write(K.RESERVE, subject.approved, budget=budget, key=key, on=on, by=by, claim=subject)
    details["decision"] = subject.decision.digest
    days = subject.version.publicity_days
    subject.publicity_since, subject.publicity_until = on, workdays.add(on, days)
    subject.matter.due_on = workdays.add(subject.publicity_until, 1)
    subject.matter.save(update_fields=["due_on"])
    tell_person(subject, _("已批准，公示中"))


def clear(subject, *, by, on, details):
    """Nothing stands in the way any more; not before the last day of the publicity is over."""
    if on <= subject.publicity_until:
        raise Refused(_("公示到 %(day)s 为止，期满后才能转待拨付。") % {"day": subject.publicity_until})
    subject.payable_on = on


def unmake(subject, *, by, on, details):
    """The approval is void: the money is free again, and the bureau looks once more."""
    reserved = book.held_for(subject)
    key = f"free:{subject.decision_id}"
    book.write(K.FREE, subject.approved, budget=reserved.budget, key=key, on=on, by=by, claim=subject)
    why = str(details.get("because", ""))[:200]
    Decision.objects.filter(pk=subject.decision_id).update(voided_on=on, voided_because=why)
    subject.decision = None
    subject.publicity_since = subject.publicity_until = subject.payable_on = None
    tell_person(subject, _("批准作废，重新审核"))


def released(subject, *, by, on, details):
    """Its batch was released: the money is on its way. `line` names the payment, so that this is written once."""
    carry(K.RELEASE, subject, by=by, on=on, details=details)


def paid(subject, *, by, on, details):
    """The money arrived on this day."""
    carry(K.PAY, subject, by=by, on=on, details=details)
    subject.paid_on = on
    tell_person(subject, _("已到账"))


def bounced(subject, *, by, on, details):
    """The bank gave it back: it is held for the same claim until there is another account."""
    carry(K.BOUNCE, subject, by=by, on=on, details=details)
    tell_person(subject, _("退票，请更正收款账户"))


def carry(kind, subject, *, by, on, details):
    key, budget = f"{kind}:{details['line']}", book.held_for(subject).budget
    book.write(kind, subject.approved, budget=budget, key=key, on=on, by=by, claim=subject, note=details["batch"])


def account_mended(subject, *, by, on, details):
    """Another account was told and looked at; the sum stays as approved, the decision names the new account."""
    if subject.account.until is not None or subject.account.number_index == subject.decision.data["account_index"]:
        raise Refused(_("还没有新的收款账户。请本人或单位先更正账户。"))
    data = subject.decision.data | {
        "account": str(subject.account_id), "account_index": subject.account.number_index,
        "holder": subject.account.holder, "follows": subject.decision.digest,
    }  # fmt: skip
    Decision.objects.filter(pk=subject.decision_id).update(voided_on=on, voided_because=str(_("退票，更换账户")))
    subject.decision = Decision.objects.create(claim=subject, by=by, on=on, data=data, digest=digest(data))
    subject.payable_on = on


def recovered(subject, *, by, on, details):
    """The money is back, and may be given to somebody else."""
    paid = subject.entries.filter(kind=K.PAY).select_related("budget").latest("pk")
    key = f"recover:{subject.pk}"
    book.write(K.RECOVER, subject.approved, budget=paid.budget, key=key, on=on, by=by, claim=subject)


claim = Claims(
    "claim",
    _("资助申领"),
    url="subsidies:claim",
    vocabulary=facts.claim,
    shared=True,
    snapshot=snapshot,
    stages={
        C.DRAFT: Stage(_("待填报"), Role.HANDLER),
        C.PERSON: Stage(_("待本人确认"), outside=True),
        C.UNIT: Stage(_("待单位审核"), Role.HANDLER, "days.claim_unit"),
        C.DISTRICT: Stage(_("待区镇初审"), Role.DISTRICT, "days.district"),
        C.HANDLING: Stage(_("待市局经办"), Role.BUREAU_HANDLER, "days.bureau"),
        C.REVIEW: Stage(_("待市局审核"), Role.BUREAU_REVIEWER, "days.approval"),
        C.APPROVAL: Stage(_("待市局审批"), Role.BUREAU_APPROVER, "days.approval"),
        C.PUBLICITY: Stage(_("公示中"), outside=True),
        C.DISPUTED: Stage(_("公示有异议"), Role.BUREAU_HANDLER),
        C.PAYABLE: Stage(_("待拨付"), outside=True),
        C.BATCHED: Stage(_("已列入批次"), outside=True),
        C.RELEASED: Stage(_("已发拨付指令"), outside=True),
        C.PAID: Stage(_("已拨付")),
        C.BOUNCED: Stage(_("退票待更正"), Role.HANDLER),
        C.RECOVERING: Stage(_("追回中"), Role.BUREAU_HANDLER),
        C.RECOVERED: Stage(_("已追回")),
        C.REFUSED: Stage(_("不予资助")),
        C.WITHDRAWN: Stage(_("已撤回")),
    },
    transitions=[
        Transition(
            "ask_person", C.DRAFT, C.PERSON, HANDLER, _("送本人确认"), (ALL_ANSWERED, PAPERS), where=BY_PERSON,
            effect=ask_person,
        ),
        Transition(
            "apply", C.DRAFT, C.UNIT, SELF, _("提交单位确认"), READY, where=BY_PERSON, needs=DECLARED, effect=to_unit
        ),
        Transition(
            "to_certify", C.DRAFT, C.UNIT, HANDLER, _("送单位审核"), READY, where=BY_UNIT, duty="submission",
            effect=to_unit,
        ),
        Transition(
            "agree", C.PERSON, C.DISTRICT, SELF, _("确认并提交"), READY, needs=DECLARED, files=True, effect=declare
        ),
        Transition("decline", C.PERSON, C.DRAFT, SELF, _("退给单位"), note_needed=True),
        Transition("take_back", C.PERSON, C.DRAFT, HANDLER, _("取回修改")),
        Transition("confirm", C.UNIT, C.DISTRICT, HANDLER, _("确认并提交"), READY, where=BY_PERSON, files=True),
        Transition(
            "certify", C.UNIT, C.DISTRICT, CERTIFIER, _("确认并提交"), READY, where=BY_UNIT, duty="submission", files=True
        ),
        Transition("give_back", C.UNIT, C.DRAFT, HANDLER | CERTIFIER, _("退回修改"), note_needed=True),
        Transition("forward", C.DISTRICT, C.HANDLING, DISTRICT, _("初审通过"), (PAPERS,)),
        Transition(
            "handle", C.HANDLING, C.REVIEW, MAKERS, _("核定，送审核"), READY, duty="decision", needs=SUM, effect=handle
        ),
        *(
            Transition("return", source, C.DRAFT, roles, _("退回补正"), returns=True)
            for source, roles in ((C.DISTRICT, DISTRICT), (C.HANDLING, MAKERS))
        ),
        *(
            Transition("refuse", source, C.REFUSED, roles, _("不予资助"), note_needed=True)
            for source, roles in ((C.DISTRICT, DISTRICT), (C.HANDLING, MAKERS), (C.APPROVAL, APPROVER))
        ),
        Transition("review", C.REVIEW, C.APPROVAL, REVIEWER, _("审核通过"), duty="decision"),
        *(
            Transition("reconsider", source, C.HANDLING, roles, _("退回重审"), note_needed=True)
            for source, roles in ((C.REVIEW, REVIEWER), (C.APPROVAL, APPROVER))
        ),
        Transition(
            "approve", C.APPROVAL, C.PUBLICITY, APPROVER, _("批准"), (ACCOUNT, HOLDER), duty="decision", effect=approve
        ),
        Transition("dispute", C.PUBLICITY, C.DISPUTED, SYSTEM, _("收到异议")),
        Transition("clear", C.PUBLICITY, C.PAYABLE, SYSTEM, _("公示期满"), (ANSWERED,), effect=clear),
        Transition("dismiss", C.DISPUTED, C.PUBLICITY, MAKERS, _("异议不成立"), (ANSWERED,), note_needed=True),
        *(
            Transition("uphold", source, C.HANDLING, MAKERS, label, note_needed=True, effect=unmake)
            for source, label in ((C.DISPUTED, _("异议成立，重新审核")), (C.PAYABLE, _("暂不拨付，重新审核")))
        ),
        *(
            Transition("void", source, C.HANDLING, SYSTEM, _("批准作废"), effect=unmake)
            for source in (C.PUBLICITY, C.DISPUTED, C.PAYABLE)
        ),
        *(
            Transition("void", source, C.HANDLING, SYSTEM, _("核定作废"))
            for source in (C.REVIEW, C.APPROVAL)
        ),
        Transition("batch", C.PAYABLE, C.BATCHED, PAYERS, _("列入批次")),
        Transition("unbatch", C.BATCHED, C.PAYABLE, PAYERS | RELEASERS, _("移出批次")),
        Transition("release", C.BATCHED, C.RELEASED, SYSTEM, _("发出拨付指令"), needs=PAYMENT, effect=released),
        Transition("pay", C.RELEASED, C.PAID, PAYERS, _("登记到账"), needs=PAYMENT, effect=paid),
        Transition("bounce", C.RELEASED, C.BOUNCED, PAYERS, _("登记退票"), note_needed=True, needs=PAYMENT, effect=bounced),
        Transition("mend", C.BOUNCED, C.PAYABLE, MAKERS, _("核对新账户"), (ACCOUNT, HOLDER), effect=account_mended),
        Transition("recover", C.PAID, C.RECOVERING, MAKERS, _("追回"), note_needed=True),
        Transition("keep", C.RECOVERING, C.PAID, MAKERS, _("不再追回"), note_needed=True),
        Transition("recovered", C.RECOVERING, C.RECOVERED, MAKERS, _("登记收回"), needs=REPAID, effect=recovered),
        *(
            Transition("withdraw", source, C.WITHDRAWN, HANDLER | CERTIFIER, _("撤回申领"))
            for source in (C.DRAFT, C.UNIT, C.DISTRICT, C.HANDLING)
        ),
        *(
            Transition("give_up", source, C.WITHDRAWN, SELF, _("不申领了"))
            for source in (C.DRAFT, C.PERSON, C.UNIT, C.DISTRICT, C.HANDLING)
        ),
    ],
)  # fmt: skip
