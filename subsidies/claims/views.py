"""Claims: the list, a new one, one page with why, how much, where the money is, and what may be done."""

from datetime import timedelta
from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, Sum
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.exports import Book, exported, labels
from portal.lifecycle import Refused
from portal.models import Confirmation, District, Evidence, ReturnItem, Role
from portal.models.people import BUREAU, CASEWORK, MONEY, UNIT
from portal.paging import Paginator
from portal.words import localised
from stations import steps
from stations.applications.progress import office_for
from stations.forms import ReturnForm
from subsidies.claims import actions, lifecycle
from subsidies.claims.filters import ClaimFilter
from subsidies.claims.forms import AccountForm, ClaimMoveForm, FindingForm, PayeeForm
from subsidies.claims.models import Claim, ClaimStatus
from subsidies.claims.road import road_of
from subsidies.ledger import book
from subsidies.schemes.explain import Explanation, State
from subsidies.subjects import SUBJECTS, WITH_SUBJECT, reachable

PAGE = 50
C = ClaimStatus
ONWARD = (
    *("ask_person", "apply", "to_certify", "agree", "confirm", "certify", "forward", "handle", "review", "approve"),
    *("mend", "recovered"),
)
ENDING = ("refuse", "withdraw", "give_up")
SYSTEM_STEPS = ("batch", "unbatch", "release", "pay", "bounce")  # a batch takes them for all its claims

# --- the list ----------------------------------------------------------------------------------


def filtered(request):
    rows = Claim.objects.visible_to(request.user).select_related(
        "matter__organisation", "matter__district", "person", "payee", "instalment__version__scheme", *WITH_SUBJECT
    )
    chosen = ClaimFilter(request.GET, rows.order_by("-pk"), request=request)
    return chosen, chosen.qs


def claims(request):
    """Claims one may see, the newest first, and what they come to."""
    chosen, rows = filtered(request)
    page, roles = Paginator(rows, PAGE).get_page(request.GET.get("page")), request.user.scope.roles
    sums = rows.order_by().aggregate(approved=Sum("approved"), calculated=Sum("calculated"))
    export = f"{reverse('subsidies:claims_export')}?{request.GET.urlencode()}"
    context = {"page": page, "filter": chosen, "sums": sums, "export_url": export if roles & CASEWORK else ""}
    context["reads_traces"] = bool(roles & (BUREAU | {Role.AUDITOR}))
    return render(request, "subsidies/claim_list.html", context)


@exported("subsidies:claims_export")
def export(request) -> Book:
    """The same list as a workbook."""
    _chosen, rows = filtered(request)
    headings = [
        _("编号"),
        _("资助项目"),
        _("期次"),
        _("收款人"),
        _("单位"),
        _("区镇"),
        _("资格产生"),
        _("测算金额（元）"),
    ]
    headings += [_("核定金额（元）"), _("环节"), _("公示止"), _("待拨付起"), _("到账日期")]
    states = labels(C)
    places = {d.pk: localised(d, "name") for d in District.objects.filter(pk__in=request.user.scope.districts)}
    lines = (
        [r.matter.number, str(r.scheme), str(r.instalment), r.whose]
        + [r.matter.organisation.name, places.get(r.matter.district_id, localised(r.matter.district, "name"))]
        + [r.event_on, r.calculated, r.approved, states[r.status], r.publicity_until, r.payable_on, r.paid_on]
        for r in rows.iterator(2000)
    )
    return Book(_("资助申领台账"), headings, lines, localdate(), rows.count())


# --- a new one ---------------------------------------------------------------------------------


@require_POST
def begin(request, vocabulary, pk, scheme, number):
    """Begin a claim for one subject; where nothing is due, why."""
    if vocabulary not in SUBJECTS:
        raise Http404
    subject = get_object_or_404(reachable(vocabulary, request.user), pk=pk)
    try:
        row = actions.begin(subject, scheme, number, by=request.user, on=localdate())
    except Refused as reason:
        messages.error(request, str(reason))
        return redirect("subsidies:card" if Role.POSTDOC in request.user.scope.roles else subject)
    messages.success(request, _("已建立申领。请补齐材料和账户，再提交。"))
    return redirect(row)


# --- one claim ---------------------------------------------------------------------------------


def found(request, number) -> Claim:
    return get_object_or_404(Claim.objects.visible_to(request.user).for_page(), matter__number=number)


def claim(request, number):
    return shown(request, found(request, number))


def ruling(row: Claim, on) -> Explanation | None:
    """What the rules say now; None where another version would apply."""
    try:
        return lifecycle.ruling_of(row, on=on)
    except Refused:
        return None


def shown(request, row: Claim, *, account: AccountForm | None = None, payee: PayeeForm | None = None):
    """The page: how much and why, where the money is, papers, account, what may be done, what happened."""
    user, today = request.user, localdate()
    e = ruling(row, today)
    official = row.matter.district_id in user.scope.districts
    possible = [s for s in lifecycle.claim.possible(row, user) if s.action not in SYSTEM_STEPS]
    items = ReturnItem.objects.filter(event__matter=row.matter_id, resolved_at=None).order_by("pk")
    gives = actions.gives_account(row, user) and not (row.for_other and row.payee is None)
    if payee is None and row.for_other and actions.may_write(row, actions.PAYEE, user):
        payee = PayeeForm(payee=row.scheme.payee, row=row.payee)
    context = {
        "claim": row,
        "matter": row.matter,
        "stage": lifecycle.claim.stages[row.status],
        "e": e,
        "reasons": reasons_of(row, e, user),
        "part": next((p for p in e.parts if p.instalment.pk == row.instalment_id), None) if e else None,
        "road": road_of(row, today),
        "slots": slots(row, user),
        "reads_files": official or actions.handles(row, user) or actions.is_own(row, user),
        "in_use": actions.account_of(row) if gives else None,
        "account_form": account or (AccountForm(initial=holder_of(row)) if gives else None),
        "payee_form": payee,
        "moves": moves(row, possible),
        "returns": any(step.returns for step in possible),
        "items": list(items) if row.matter.return_to else [],
        "differences": actions.rerun(row) if official and row.decision_id else None,
        "entries": journal(row) if official else [],
        "payments": row.payments.select_related("batch__matter", "account").order_by("pk") if official else [],
        "reads_money": bool(user.scope.roles & MONEY),
        "events": [(lifecycle.claim.said(event), event) for event in row.matter.events.all()],
        "office": office_for(row.matter) if user.scope.roles & (UNIT | {Role.POSTDOC}) else None,
        "official": official,
        "last_day": part_last_day(e, row),
        "objections": objections_of(row, user),
    }
    wrong = (account and account.errors) or (payee and payee.errors)
    return render(request, "subsidies/claim.html", context, status=422 if wrong else 200)


def objections_of(row: Claim, user) -> dict | None:
    """How many objections came in while it was public; only for who may read them."""
    if not (row.matter.district_id in user.scope.districts and user.scope.roles & (BUREAU | {Role.AUDITOR})):
        return None
    return row.matter.objections.aggregate(n=Count("pk"), open=Count("pk", filter=Q(answered_on=None)))


def journal(row: Claim):
    """Every entry of its money, with both sides."""
    return row.entries.select_related("budget__line", "by").prefetch_related(book.with_sides()).order_by("pk")


def part_last_day(e: Explanation | None, row: Claim):
    """The last day on which it can be claimed; None where nothing lapses."""
    part = next((p for p in e.parts if p.instalment.pk == row.instalment_id), None) if e else None
    return part.lapses_on - timedelta(1) if part and part.lapses_on and row.status == C.DRAFT else None


def holder_of(row: Claim) -> dict[str, str]:
    return {"holder": row.whose}


def moves(row: Claim, possible) -> list[tuple]:
    """(step, its form, the kind of its button): what brings the claim on is the first, what ends it the last."""
    steps = [(s, ClaimMoveForm(step=s, suggested=row.approved or row.calculated)) for s in possible if not s.returns]
    return [
        (s, form, "primary" if s.action in ONWARD else "danger" if s.action in ENDING else "secondary")
        for s, form in steps
    ]


def reasons_of(row: Claim, e: Explanation | None, user) -> list[tuple]:
    """Each condition with its answer, who judged it, and the form to judge it where it is this reader's turn."""
    if e is None:
        return []
    judged: dict[str, list[Confirmation]] = {}
    for word in Confirmation.objects.filter(matter=row.matter_id, until=None).select_related("by").order_by("level"):
        judged.setdefault(word.topic, []).append(word)
    may = actions.level_of(row, user) is not None
    lines = []
    for reason in e.reasons:
        words = [w for c in reason.asked.conditions for w in judged.get(c.code, [])]
        form = FindingForm(prefix=reason.condition.code) if may and reason.asked.soft else None
        lines.append((reason, words, form))
    return lines


def slots(row: Claim, user) -> list[dict]:
    """The papers of a claim with their files, and whether this reader may add to them."""
    cited: dict[str, list[Evidence]] = {}
    files = Evidence.objects.filter(matter=row.matter_id, removed_at=None).select_related("file", "added_by")
    for evidence in files.order_by("pk"):
        cited.setdefault(evidence.slot, []).append(evidence)
    return [
        {
            "name": name,
            "paper": paper,
            "files": cited.get(name, []),
            "open": actions.may_write(row, f"slot:{name}", user),
        }
        for name, paper in actions.slots_of(row).items()
    ]


# --- papers and account ------------------------------------------------------------------------


@require_POST
def upload(request, number, slot):
    """One or several files into a slot; what can't be taken says why, the rest is kept."""
    row = found(request, number)
    if slot not in actions.slots_of(row):
        raise Http404
    problems = steps.kept(request, lambda file: actions.cite(row, slot, file, by=request.user))
    if request.htmx:
        now = next(s for s in slots(row, request.user) if s["name"] == slot) | {"error": " ".join(problems)}
        context = {"claim": row, "matter": row.matter, "s": now, "reads_files": True}
        return render(request, "subsidies/_slot.html", context, status=422 if problems else 200)
    for problem in problems:
        messages.error(request, problem)
    return redirect(row)


@require_POST
def remove(request, number, pk):
    """Take a file out of its slot; it stays in the history."""
    row = found(request, number)
    evidence = get_object_or_404(Evidence, matter=row.matter_id, pk=pk, removed_at=None)
    try:
        actions.uncite(row, evidence, by=request.user)
    except Refused as reason:
        messages.error(request, str(reason))
    return redirect(row)


@require_POST
def payee(request, number):
    """Whose money it is, where no record says so."""
    row = found(request, number)
    form = PayeeForm(request.POST, payee=row.scheme.payee)
    if not form.is_valid():
        return shown(request, row, payee=form)
    try:
        actions.name_payee(row, **form.told, by=request.user)
    except Refused as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, _("收款人已保存。请核对账户。"))
    return redirect(row)


@require_POST
def account(request, number):
    """Where the money shall go: the account in use, or another one."""
    row = found(request, number)
    try:
        if "known" in request.POST:
            actions.use_account(row, by=request.user)
            return redirect(row)
        form = AccountForm(request.POST)
        if form.is_valid():
            actions.give_account(row, **form.told, by=request.user, on=localdate())
            messages.success(request, _("收款账户已保存。"))
            return redirect(row)
    except Refused as reason:
        messages.error(request, str(reason))
        return redirect(row)
    return shown(request, row, account=form)


# --- steps -------------------------------------------------------------------------------------


@require_POST
def find(request, number, code):
    """What an officer found of one condition."""
    row = found(request, number)
    form = FindingForm(request.POST, prefix=code)
    if not form.is_valid():
        messages.error(request, _("请选择符合或不符合。"))
        return redirect(row)
    try:
        actions.find(row, code, **form.cleaned_data, by=request.user, on=localdate())
    except Refused as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, _("已记下认定。"))
    return redirect(row)


def move(request, number, action):
    """A step of the claim."""
    row = found(request, number)
    if action in SYSTEM_STEPS:
        raise Http404
    return steps.take(
        request, lifecycle.claim, row, action, partial(ClaimMoveForm, suggested=row.approved or row.calculated)
    )


def labels_of(row: Claim) -> dict[str, str]:
    """Everything that may be sent back, by target."""
    papers = {f"slot:{name}": str(paper) for name, paper in actions.slots_of(row).items()}
    conditions = {
        f"condition:{c.code}": str(c) for c in row.version.conditions.all() if c.purpose == "need" and not c.group
    }
    payee = {actions.PAYEE: _("收款人")} if row.for_other else {}
    return papers | payee | {"field:account": _("收款账户")} | conditions


def send_back(request, number):
    """Choose what must be mended, each with its reason."""
    row = found(request, number)
    if not any(step.returns for step in lifecycle.claim.possible(row, request.user)):
        raise PermissionDenied(_("这件现在不在您手里，不能退回。"))
    form = ReturnForm(request.POST or None, labels=labels_of(row), suggested=suggested(row))
    if request.method == "POST" and form.is_valid() and steps.sent_back(request, lifecycle.claim, row, form):
        return redirect(row)
    context = {"claim": row, "form": form}
    return render(request, "subsidies/claim_return.html", context, status=422 if form.errors else 200)


def suggested(row: Claim) -> dict[str, str]:
    """What the rules themselves find missing, as a proposal for what to send back."""
    e = ruling(row, localdate())
    wanted = (State.UNKNOWN, State.UNMET)
    return {f"condition:{r.condition.code}": r.next for r in e.reasons if r.state in wanted} if e else {}
