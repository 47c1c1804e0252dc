"""Outcomes: the list, a new one, many at once, one page with its owners, evidence and steps."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from portal.exports import Book, exported, labels
from portal.lifecycle import Refused
from portal.models import District, Evidence, ReturnItem, Role
from portal.models.people import CASEWORK, UNIT
from portal.paging import Paginator
from portal.words import localised
from postdocs.outcomes import actions, lifecycle
from postdocs.outcomes.facts import PROOF
from postdocs.outcomes.filters import OutcomeFilter
from postdocs.outcomes.forms import JoinForm, OutcomeForm, OutcomeMoveForm
from postdocs.outcomes.kinds import KINDS, OutcomeKind
from postdocs.outcomes.models import Outcome, OutcomeStatus
from stations import steps
from stations.applications.progress import office_for
from stations.forms import ReturnForm

PAGE = 50
LINES = 10  # of one page on which many are typed
S = OutcomeStatus
WRITERS = (Role.HANDLER, Role.POSTDOC)

# --- the list ----------------------------------------------------------------------------------


def filtered(request):
    rows = Outcome.objects.visible_to(request.user).for_list()
    chosen = OutcomeFilter(request.GET, rows.order_by("-done_on", "-pk"), request=request)
    return chosen, chosen.qs


def outcomes(request):
    """Outcomes one may see, the latest first, and how many of each kind."""
    chosen, rows = filtered(request)
    page, scope = Paginator(rows, PAGE).get_page(request.GET.get("page")), request.user.scope
    query = request.GET.urlencode()
    context = {
        "page": page,
        "filter": chosen,
        "kinds": by_kind(rows, request.GET),
        "may_record": bool(scope.roles & set(WRITERS)),
        "may_type_many": Role.HANDLER in scope.roles,
        "export_url": f"{reverse('postdocs:outcomes_export')}?{query}" if scope.roles & CASEWORK else "",
    }
    return render(request, "postdocs/outcome_list.html", context)


def by_kind(rows, asked) -> list[tuple]:
    """Per kind its name, where it leads, how many count and how many wait."""
    counting, void = Q(verified_on__isnull=False, voided_on=None), Q(voided_on__isnull=False)
    grouped = rows.order_by().values_list("kind")
    found = {k: (n, w) for k, n, w in grouped.annotate(n=Count("pk", counting), w=Count("pk", ~counting & ~void))}
    lines = []
    for kind in OutcomeKind:
        if kind in found:
            query = asked.copy()
            query["kind"] = kind.value
            query.pop("page", None)
            lines.append((kind.label, f"?{query.urlencode()}", *found[kind]))
    return lines


@exported("postdocs:outcomes_export")
def export(request) -> Book:
    """The same list as a workbook."""
    _chosen, rows = filtered(request)
    headings = [_("编号"), _("类型"), _("名称"), _("成果日期"), _("完成人（按排名）"), _("单位"), _("区镇")]
    headings += [_("工作站编号"), _("产业链"), _("详情"), _("状态"), _("核验日期"), _("授权日期")]
    kinds, states = labels(OutcomeKind), labels(S)
    places = {d.pk: localised(d, "name") for d in District.objects.filter(pk__in=request.user.scope.districts)}
    lines = (
        [row.matter.number, kinds[row.kind], row.title, row.done_on, _("、").join(row.names)]
        + [row.matter.organisation.name, places.get(row.matter.district_id, localised(row.matter.district, "name"))]
        + [row.station.matter.number, localised(row.station.chain, "name") if row.station.chain else ""]
        + [_("；").join(f"{label} {text}" for label, text in row.said), states[row.status]]
        + [row.verified_on, row.granted_on]
        for row in rows.iterator(2000)
    )
    return Book(_("成果清单"), headings, lines, localdate(), rows.count())


# --- a new one ---------------------------------------------------------------------------------


def choose(request):
    """Which kind of outcome."""
    kinds = [(kind.label, code, kind.proof) for code, kind in KINDS.items()]
    return render(request, "postdocs/outcome_kinds.html", {"kinds": kinds})


def form_for(request, kind: str, **values) -> OutcomeForm:
    if kind not in KINDS:
        raise Http404
    stays = values.pop("stays", None)
    stays = actions.stays_of(request.user) if stays is None else stays
    data = request.POST if request.method == "POST" else None
    return OutcomeForm(data, kind=kind, stays=stays, on=localdate(), **values)


def begin(request, kind):
    """One outcome. What this unit has already is shown, to join it."""
    form, twin = form_for(request, kind), None
    if request.method == "POST" and form.is_valid():
        try:
            done, twin = recorded(request, form)
        except Refused as reason:
            form.add_error(None, str(reason))
        else:
            if done is not None:
                return redirect(done)
    context = {
        "form": form,
        "kind": KINDS[kind],
        "twin": twin,
        "may_join": twin and actions.handles(twin, request.user),
        "back": reverse("postdocs:outcomes"),
    }
    return render(request, "postdocs/outcome_form.html", context, status=422 if form.errors or twin else 200)


def recorded(request, form: OutcomeForm) -> tuple[Outcome | None, Outcome | None]:
    """What became of a form: a record, or nothing because of a record of the same thing. Raises Refused."""
    told = {"values": form.values, "details": form.details, "on": localdate()}
    twin = actions.recorded_already(actions.made(form.kind, form.owners, **told), request.user)
    if twin and "join" in request.POST:
        done = actions.join(twin, form.owners, by=request.user, on=localdate())
        messages.success(request, _("已加为共有人，这项成果仍只计一次。"))
        return done, None
    if twin:
        return None, twin
    outcome = actions.record(form.kind, form.owners, by=request.user, **told)
    messages.success(request, _("已保存。请上传证明材料，再提交。"))
    if actions.is_elsewhere(outcome):
        messages.warning(request, _("这项成果将由市局与其他登记比对，一项只计一次。"))
    return outcome, None


def many(request, kind):
    """Ten lines of one kind at once: right ones are saved, wrong ones stay as they were typed."""
    if kind not in KINDS:
        raise Http404
    forms = lines_of(request, kind)
    typed = [form for form in forms if form.is_bound and form.has_changed()]
    saved = 0
    for form in typed:
        if form.is_valid() and saved_line(request, form):
            saved, form.done = saved + 1, True
    wrong = [form for form in typed if form.errors]
    if saved:
        done = ngettext("已保存 %(n)s 项，请逐项上传证明材料。", "已保存 %(n)s 项，请逐项上传证明材料。", saved)
        messages.success(request, done % {"n": saved})
        if not wrong:
            return redirect(f"{reverse('postdocs:outcomes')}?kind={kind}&status={S.UNIT}")
    elif request.method == "POST" and not typed:
        messages.error(request, _("还没有填写任何一行。"))
    context = {
        "kind": KINDS[kind],
        "forms": wrong or forms,
        "wrong": wrong,
        "kinds": [{"label": k.label, "url": reverse("postdocs:outcome_many", args=[c]), "current": c == kind}
                  for c, k in KINDS.items()],
    }  # fmt: skip
    status = 422 if wrong or request.method == "POST" else 200
    return render(request, "postdocs/outcome_many.html", context, status=status)


def lines_of(request, kind: str) -> list[OutcomeForm]:
    stays = actions.stays_of(request.user)
    return [
        form_for(request, kind, stays=stays, prefix=f"r{n}", short=True, empty_permitted=True,
                 use_required_attribute=False)
        for n in range(1, LINES + 1)
    ]  # fmt: skip


def saved_line(request, form: OutcomeForm) -> bool:
    """One right line written; what objects stands with its line."""
    told = {"values": form.values, "details": form.details, "on": localdate()}
    try:
        twin = actions.recorded_already(actions.made(form.kind, form.owners, **told), request.user)
        if twin is None:
            actions.record(form.kind, form.owners, by=request.user, **told)
            return True
        number = {"number": twin.matter.number, "title": twin.title}
        form.add_error("title", _("已登记为 %(number)s《%(title)s》，请在那里添加共有人。") % number)
    except Refused as reason:
        form.add_error("title", str(reason))
    return False


# --- one outcome -------------------------------------------------------------------------------


def found(request, number) -> Outcome:
    return get_object_or_404(Outcome.objects.visible_to(request.user).for_page(), matter__number=number)


def outcome(request, number):
    return shown(request, found(request, number))


def shown(request, row: Outcome, *, join: JoinForm | None = None):
    """The page: what it is, whose, its evidence, what may be done, what it should be compared with."""
    user = request.user
    official = row.matter.district_id in user.scope.districts
    handles = actions.handles(row, user)
    owners = list(row.owners.all())
    possible = lifecycle.cycle.possible(row, user)
    cited = Evidence.objects.filter(matter=row.matter_id, slot=PROOF, removed_at=None).order_by("pk")
    items = ReturnItem.objects.filter(event__matter=row.matter_id, resolved_at=None).order_by("pk")
    context = {
        "outcome": row,
        "matter": row.matter,
        "stage": lifecycle.cycle.stages[row.status],
        "owners": owners,
        "several": len({owner.stay.station.enterprise_id for owner in owners}) > 1,
        "files": list(cited.select_related("file", "added_by")),
        "reads_files": official or handles,
        "may_upload": actions.may_write(row, f"slot:{PROOF}", user),
        "moves": [(step, OutcomeMoveForm(step=step)) for step in possible if not step.returns],
        "returns": any(step.returns for step in possible),
        "writes": actions.writes(row, user),
        "items": list(items) if row.matter.return_to else [],
        "join_form": (join or JoinForm(outcome=row, user=user)) if handles and row.status != S.VOID else None,
        "alike": list(actions.alike(row, user)) if official and row.voided_on is None else [],
        "elsewhere": official and row.status == S.DISTRICT and actions.is_elsewhere(row),
        "events": [(lifecycle.cycle.said(e), e) for e in row.matter.events.all()],
        "office": office_for(row.matter) if user.scope.roles & (UNIT | {Role.POSTDOC}) else None,
    }
    return render(request, "postdocs/outcome.html", context, status=422 if join and join.errors else 200)


def edit(request, number):
    """Change what is told, as far as it is open."""
    row = found(request, number)
    if not actions.writes(row, request.user):
        raise PermissionDenied(_("这项成果现在不由您填写。"))
    form = form_for(request, row.kind, outcome=row, stays=actions.stays_of(request.user, row))
    targets = actions.open_targets(row)
    for name, field in form.fields.items():
        target = "owners" if name.startswith(("owner-", "rank-")) else f"field:{name}"
        field.disabled = targets is not None and target not in targets
    if request.method == "POST" and form.is_valid():
        told = {"values": form.values, "details": form.details, "owners": form.owners}
        try:
            actions.mend(row, **told, by=request.user)
        except Refused as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("已保存。"))
            return redirect(row)
    context = {"form": form, "kind": KINDS[row.kind], "outcome": row, "back": row.get_absolute_url()}
    return render(request, "postdocs/outcome_form.html", context, status=422 if form.errors else 200)


@require_POST
def join(request, number):
    """One more owner of the same unit."""
    row = found(request, number)
    if not actions.handles(row, request.user):
        raise PermissionDenied(frozenset({Role.HANDLER}))
    form = JoinForm(request.POST, outcome=row, user=request.user)
    if form.is_valid():
        try:
            actions.join(row, [(form.cleaned_data["stay"], form.cleaned_data["rank"])], by=request.user, on=localdate())
        except Refused as reason:
            form.add_error("stay", str(reason))
        else:
            messages.success(request, _("已加为共有人，这项成果仍只计一次。"))
            return redirect(row)
    return shown(request, row, join=form)


@require_POST
def upload(request, number):
    """One or several files to the evidence; what can't be taken says why, the rest is kept."""
    row = found(request, number)
    problems = steps.kept(request, lambda file: actions.cite(row, file, by=request.user))
    if request.htmx:
        cited = Evidence.objects.filter(matter=row.matter_id, slot=PROOF, removed_at=None).order_by("pk")
        context = {
            "outcome": row,
            "files": list(cited.select_related("file", "added_by")),
            "reads_files": actions.handles(row, request.user),
            "may_upload": actions.may_write(row, f"slot:{PROOF}", request.user),
            "slot_error": " ".join(problems),
        }
        return render(request, "postdocs/_proof.html", context, status=422 if problems else 200)
    for problem in problems:
        messages.error(request, problem)
    return redirect(row)


@require_POST
def remove(request, number, pk):
    """Take a file out of the evidence; it stays in the history."""
    row = found(request, number)
    evidence = get_object_or_404(Evidence, matter=row.matter_id, pk=pk, removed_at=None)
    try:
        actions.uncite(row, evidence, by=request.user)
    except Refused as reason:
        messages.error(request, str(reason))
    return redirect(row)


def with_certificate(row: Outcome, form) -> None:
    """A grant brings its certificate."""
    if form.cleaned_data.get("upload"):
        actions.stored(row, form.cleaned_data["upload"], by=form.user)


def move(request, number, action):
    """A step of the outcome."""

    def form_of(*args, **values):
        form = OutcomeMoveForm(*args, **values)
        form.user = request.user
        return form

    return steps.take(request, lifecycle.cycle, found(request, number), action, form_of, with_certificate)


def labels_of(row: Outcome) -> dict[str, str]:
    """Everything that may be sent back, by target."""
    names = {"title": _("名称"), "done_on": str(row.declared.day)}
    names |= {d.name: str(d.label) for d in row.declared.details} | {"first_unit": _("本单位为第一完成单位")}
    if row.granted_on:
        names |= {"granted_on": _("授权日期"), "grant_number": _("授权号")}
    return {f"field:{n}": label for n, label in names.items()} | {"owners": _("完成人"), f"slot:{PROOF}": _("证明材料")}


def send_back(request, number):
    """Choose what the enterprise must mend, each with its reason."""
    row = found(request, number)
    if not any(step.returns for step in lifecycle.cycle.possible(row, request.user)):
        raise PermissionDenied(_("这件现在不在您手里，不能退回。"))
    form = ReturnForm(request.POST or None, labels=labels_of(row), suggested={})
    if request.method == "POST" and form.is_valid() and steps.sent_back(request, lifecycle.cycle, row, form):
        return redirect(row)
    context = {"outcome": row, "form": form}
    return render(request, "postdocs/outcome_return.html", context, status=422 if form.errors else 200)
