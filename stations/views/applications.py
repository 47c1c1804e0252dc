"""Applications as the enterprise fills them in, hands them in and follows them; and the list for everybody."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, localtime, now
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal import claims, uploads
from portal.exports import Book, exported, labels, names
from portal.forms import autosave, limited, settled
from portal.lifecycle import NotYours, Refused
from portal.models import District, Evidence, Matter, ReturnItem, Role
from portal.models.people import BUREAU, UNIT
from portal.paging import Paginator
from portal.views.work import as_rows, listed
from portal.words import localised
from stations import actions, behalf, cases, lifecycle, papers, progress, submissions, windows
from stations.filters import ApplicationFilter
from stations.forms import AnswerForm, CertifyForm, ExplainForm, MoveForm, PlanForm, ProfileForm
from stations.models import Answer, Application, ApplicationStatus, Condition, Enterprise, Signing, Slot
from stations.models.applications import STAMP
from stations.views import review, steps
from stations.views.enterprises import handles, own, save_profile, types_for

PAGE = 50
S = ApplicationStatus


def found(request, number) -> Application:
    """The application, if this person may know of it."""
    return get_object_or_404(Application.objects.visible_to(request.user).for_page(request.user), matter__number=number)


def acts_for(request, application) -> bool:
    return application.matter.organisation_id in request.user.scope.organisations


def handled(request, number) -> Application:
    """The application, if this person is a handler of its very enterprise, or fills it in with its consent: seeing it
    in another role isn't enough."""
    application = found(request, number)
    if not fills_in(request.user, application):
        raise PermissionDenied(frozenset({Role.HANDLER}))
    return application


def fills_in(user, application) -> bool:
    return handles(user, application.matter.organisation_id) or behalf.may_fill(application, user)


# --- lists -------------------------------------------------------------------------------------


def filtered(request):
    rows = Application.objects.visible_to(request.user)
    return ApplicationFilter(request.GET, rows, request=request)


def applications(request):
    """Applications one may see, filtered by what the address says, newest change first."""
    chosen = filtered(request)
    matters = listed(Matter.objects.filter(pk__in=chosen.qs.values("matter"))).order_by("-changed_at", "-pk")
    page = Paginator(matters, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": as_rows(page, localdate()),
        "filter": chosen,
        "is_handler": Role.HANDLER in request.user.scope.roles,
        "may_batch": bool(request.user.scope.roles & BUREAU),
        "may_help": bool(request.user.scope.roles & behalf.HELPERS),
        "export_url": f"{reverse('stations:applications_export')}?{request.GET.urlencode()}",
    }
    return render(request, "stations/application_list.html", context)


@exported("applications")
def export(request):
    """The same list as a workbook: the same rows, columns and order as on screen."""
    chosen = filtered(request)
    rows = Matter.objects.filter(pk__in=chosen.qs.values("matter")).order_by("-changed_at", "-pk")
    headings = [_("编号"), _("单位"), _("统一社会信用代码"), _("区镇"), _("事项"), _("环节"), _("承办")]
    headings += [_("提交日期"), _("时限")]
    places, holders = names(District.objects.all()), labels(Role)
    stages = {status: str(stage.label) for status, stage in lifecycle.application.stages.items()}
    english = get_language() == "en"
    values = rows.values_list(
        *("number", "organisation__name", "organisation__code", "district", "title", "title_en", "status", "holder"),
        *("filed_on", "due_on"),
    )
    lines = (
        [number, owner, code, places[place], (english and title_en) or title, stages[status], holders[holder], *days]
        for number, owner, code, place, title, title_en, status, holder, *days in values.iterator(2000)
    )
    return Book(_("设站申报"), headings, lines, localdate(), rows.count())


# --- beginning ---------------------------------------------------------------------------------


def new(request):
    """Choose what to apply for; pressing the button begins a draft, or opens the one already begun."""
    enterprise, today = own(request), localdate()
    types = types_for(enterprise, today)
    if request.method == "POST":
        if not handles(request.user, enterprise.pk):
            raise PermissionDenied(frozenset({Role.HANDLER}))
        chosen = request.POST.get("type", "")
        kind = get_object_or_404(types, pk=chosen if chosen.isdecimal() else 0)
        try:
            told = request.POST.getlist("claimed")
            application = actions.start(enterprise=enterprise, kind=kind, by=request.user, on=today, claimed=told)
        except Refused as reason:
            messages.error(request, str(reason))
            return redirect("stations:application_new")
        return redirect(application)
    types = list(types)
    openings = windows.of_types(types, today)
    context = {"types": [(kind, openings[kind.pk]) for kind in types], "enterprise": enterprise}
    return render(request, "stations/application_new.html", context)


def application(request, number):
    """One case: a task list for whoever fills it in, the review for whoever judges it, else how far it has come."""
    case = found(request, number)
    if not acts_for(request, case) and not (behalf.may_fill(case, request.user) and fills_now(request, case)):
        return review.case(request, case)
    if case.status == S.DRAFT:
        return task_list(request, case)
    if case.status == S.RETURNED:
        return returned(request, case)
    return handed_in(request, case)


def fills_now(request, case) -> bool:
    """What was sent back is an officer's case first; the page for filling in is asked for."""
    return case.status == S.DRAFT or "fill" in request.GET


def frame(request, case: Application, cards) -> dict:
    """What every page of a case shows an enterprise: who has it, whom to call, its steps."""
    chain = progress.chain_of(case, on=localdate())
    return {
        "application": case,
        "matter": case.matter,
        "cards": cards,
        "chain": chain,
        "stand": progress.standing(chain),
        "office": progress.office_for(case.matter),
        "is_handler": fills_in(request.user, case),
        "helping": not acts_for(request, case),
        "help": behalf.of(case),
        "may_ask": behalf.may_ask(case, request.user),
        "is_certifier": handles(request.user, case.matter.organisation_id, Role.CERTIFIER),
        "moves": move_forms(case, request.user),
        "promise": progress.promise_of(case, on=localdate()),
        "holding": claims.holding(case.matter, request.user),
        "stamped": cases.stamp_of(case),
        "form": CertifyForm(),
        "watched": case.watched,
        "papers": papers.names_of(case).items(),
        "opening": windows.of_type(case.type, localdate()) if case.status in (S.DRAFT, S.CERTIFYING) else None,
    }


def task_list(request, case):
    cards = cases.conditions_of(case, on=localdate())
    sections = cases.sections_of(case, cards)
    done = sum(s.done for s in sections)
    left = [(s, name) for s in sections for name in s.missing]
    context = {**frame(request, case, cards), "sections": sections, "done": done, "left": left}
    context["pieces"] = ["done" if s.done else "half" if s.status == "doing" else "" for s in sections]
    context["answer_on"] = progress.answered_by(case, on=localdate())
    context["earlier"] = earlier(case) if context["is_handler"] and not context["helping"] else None
    return render(request, "stations/application_tasks.html", context)


def returned(request, case):
    """What was sent back: only that can be edited, and it goes back to whoever asked."""
    named = cases.open_items(case)
    cards = cases.conditions_of(case, on=localdate(), items=named)
    items = submissions.return_rows(case, cards, named)
    done = sum(bool(row.item.answered_at) for row in items)
    context = {**frame(request, case, cards), "items": items, "done": done, "total": len(items)}
    context["left"] = len(items) - done
    context["row"] = as_rows([case.matter], localdate())[0]
    return render(request, "stations/application_returned.html", context)


def handed_in(request, case):
    """Handed in, or decided: what was said, who has it, what came of it."""
    cards = cases.conditions_of(case, on=localdate())
    nothing = {"edit": dict.fromkeys(PARTS, "")}  # what was said stands here to be read
    context = {**frame(request, case, cards), **submissions.handed_in(case, cards), **nothing}
    context["head_facts"] = [case.matter.number, *([localised(case.window, "title")] if case.window else [])]
    return render(request, "stations/application_progress.html", context)


# --- parts -------------------------------------------------------------------------------------


def section(request, number, key):
    """One part of the task list: a form that saves as one types, or conditions with their papers."""
    case = found(request, number)
    if key not in PARTS:
        raise Http404
    if not acts_for(request, case) and not behalf.may_fill(case, request.user):
        raise PermissionDenied(UNIT)
    return PARTS[key](request, case)


def open_fields(request, case, kind) -> set[str] | None:
    """The fields of a part that this person may edit now; None: all of them."""
    if not fills_in(request.user, case):
        return set()
    targets = actions.open_targets(case)
    return None if targets is None else {t.split(":")[1] for t in targets if t.startswith(f"{kind}:")}


def profile_part(request, case):
    enterprise = Enterprise.objects.select_related("organisation__district").get(pk=case.enterprise_id)
    if request.method == "POST":
        return save_profile_part(request, case, enterprise)
    only = open_fields(request, case, "profile")
    form = limited(ProfileForm(instance=enterprise), only)
    context = {"form": form, "application": case, "enterprise": enterprise, "only": only, "may_edit": only != set()}
    return render(request, "stations/part_profile.html", context)


@transaction.atomic
def save_profile_part(request, case, enterprise):
    case = actions.lock(case)
    only = open_fields(request, case, "profile")
    if only == set():
        return locked(request)
    return save_profile(
        request,
        enterprise,
        reverse("stations:application", args=[case.matter.number]),
        template="stations/part_profile.html",
        only=only,
        application=case,
        mended=lambda names: wrote(request, case, *(f"profile:{n}" for n in names)) if names else None,
    )


def wrote(request, case, *targets) -> None:
    """Something was written at these targets; for whom an officer did, it is on record."""
    actions.mended(case, *targets)
    behalf.typed(case, targets, by=request.user)


def plan_part(request, case):
    if request.method == "POST":
        return save_plan(request, case)
    only = open_fields(request, case, "field")
    form = limited(PlanForm(instance=case), only)
    context = {"form": form, "application": case, "only": only, "may_edit": only != set()}
    return render(request, "stations/part_plan.html", context)


@transaction.atomic
def save_plan(request, case):
    case = actions.lock(case)
    only = open_fields(request, case, "field")
    if only == set():
        return locked(request)
    if request.htmx:
        result = autosave(PlanForm, case, request.POST, only=only)
        if saved := [name for name, outcome in result.items() if "value" in outcome]:
            wrote(request, case, *(f"field:{n}" for n in saved))
        return JsonResponse({"saved_at": localtime(now()).strftime("%H:%M"), "fields": result})
    form = settled(limited(PlanForm(request.POST, instance=case), only))
    if form.is_valid():
        form.save()
        wrote(request, case, *(f"field:{n}" for n in form.changed_data))
        messages.success(request, _("已保存。"))
        return redirect(case)
    context = {"form": form, "application": case, "only": only, "may_edit": True}
    return render(request, "stations/part_plan.html", context, status=422)


def locked(request):
    text = _("这一部分现在不能修改：申报已提交，或退回时没有列出。")
    if request.htmx:
        return JsonResponse({"error": text}, status=409)
    messages.error(request, text)
    return redirect(request.path)


def conditions_part(group):
    def part(request, case, typed=None):
        """`typed`: an answer that could not be kept, shown as it was typed."""
        cards = [c for c in cases.conditions_of(case, on=localdate(), hints=True) if c.condition.group == group]
        for card in cards:
            code = card.condition.code
            card.form = typed if typed and typed.prefix == code else AnswerForm(instance=card.answer, prefix=code)
        rule = _("每一项都要符合，并附证明。") if group == "basic" else _("至少选一项；选了就要附证明，没有的不用选。")
        context = {"application": case, "cards": cards, "title": Condition.Group(group).label, "rule": rule}
        return render(request, "stations/part_conditions.html", context, status=422 if typed else 200)

    return part


def check_part(request, case):
    """Everything on one page before it goes to the second account."""
    cards = cases.conditions_of(case, on=localdate())
    sections = cases.sections_of(case, cards)
    context = {
        **frame(request, case, cards),
        "sections": sections,
        "profile": submissions.profile_rows(case.enterprise),
    }
    context |= {
        "plan": submissions.plan_rows(case),
        "open": open_findings(case),
        "edit": {s.key: s.href for s in sections},
    }
    return render(request, "stations/part_check.html", context)


def open_findings(case) -> list:
    """What the rules still miss before the case goes on, but for what the page itself asks: the tick and the seal."""
    step = "submit" if case.signing == Signing.PAGE else "to_certify"
    found = lifecycle.application.findings(case, step, on=localdate())
    asked = {"truthful", "stamped"}
    return [f for f in found if f.met is not True and not asked & {c.fact for c in f.question.criteria}]


PARTS = {
    "profile": profile_part,
    "plan": plan_part,
    "basic": conditions_part("basic"),
    "recommended": conditions_part("recommended"),
    "check": check_part,
}


@require_POST
@transaction.atomic
def answer(request, number, code):
    """What the enterprise says about one condition."""
    case = handled(request, number)
    rows = Answer.objects.select_for_update(of=("self",)).select_related("condition")
    row = get_object_or_404(rows, application=case, condition__code=code)
    form, error = settled(AnswerForm(request.POST, instance=row, prefix=code)), ""
    if form.is_valid():
        try:
            actions.answer(case, row.condition, **form.cleaned_data)
            behalf.typed(case, [f"condition:{code}"] if form.changed_data else [], by=request.user)
        except Refused as reason:
            error = str(reason)
    if request.htmx:
        return JsonResponse({"saved_at": localtime(now()).strftime("%H:%M"), "fields": outcomes(form, error)})
    if not form.is_valid():
        return PARTS[row.condition.group](request, case, form)
    if error:
        messages.error(request, error)
    back = reverse("stations:application_section", args=[case.matter.number, row.condition.group])
    return redirect(f"{back}#{code}")


def outcomes(form, error: str) -> dict[str, dict]:
    """What became of each field of an answer, for the script of its page."""
    found = {}
    for name in form.fields:
        told = error or " ".join(form.errors.get(name, ()))
        clash = form.clashes.get(name)
        found[form.add_prefix(name)] = {"conflict": clash} if clash else {"error": told} if told else {}
    return found


def earlier(case):
    """The latest closed application of the same enterprise and type, which a draft may be filled from."""
    rows = Application.objects.filter(enterprise=case.enterprise_id, type=case.type_id).exclude(pk=case.pk)
    return rows.filter(matter__closed_on__isnull=False).select_related("matter").order_by("-pk").first()


@require_POST
def copy(request, number):
    """Fill what is empty in a draft from the enterprise's last application."""
    case = handled(request, number)
    source = earlier(case)
    if source is None:
        raise Http404
    try:
        n = actions.copy_from(case, source, by=request.user)
    except Refused as reason:
        messages.error(request, str(reason))
    else:
        told = ngettext("已填入 %(n)s 处，请逐项核对。", "已填入 %(n)s 处，请逐项核对。", n)
        messages.success(request, told % {"n": n})
    return redirect(case)


@require_POST
def upload(request, number, slot):
    """One or several files into a slot; what can't be taken says why, the rest is kept."""
    case = handled(request, number)
    condition, _dot, code = slot.partition(".")
    if slot == STAMP:
        return stamp(request, case)
    row = get_object_or_404(
        Slot.objects.select_related("condition"), condition__type=case.type_id, condition__code=condition, code=code
    )
    problems = [uploads.too_big(request)] if uploads.too_big(request) else []
    for file in request.FILES.getlist("file"):
        try:
            with transaction.atomic():
                kept = uploads.store(file, organisation=case.matter.organisation, by=request.user)
                actions.cite(case, row, kept, by=request.user)
                behalf.typed(case, [f"slot:{slot}"], by=request.user)
        except (uploads.BadFile, Refused) as reason:
            problems.append(str(reason))
    if not request.FILES and not problems:
        problems.append(_("没有选文件。请先选择或拍照，再上传。"))
    if request.htmx:
        card = next(c for c in cases.conditions_of(case, on=localdate()) if c.condition.code == condition)
        next(s for s in card.slots if s.slot.pk == row.pk).error = " ".join(problems)
        context = {"application": case, "card": card}
        return render(request, "stations/_slots.html", context, status=422 if problems else 200)
    for problem in problems:
        messages.error(request, problem)
    back = reverse("stations:application_section", args=[case.matter.number, row.condition.group])
    return redirect(f"{back}#{condition}")


def stamp(request, case):
    """The page with the seal."""
    problem = uploads.too_big(request) or ("" if request.FILES else _("没有选文件。请先选择或拍照，再上传。"))
    try:
        if not problem:
            with transaction.atomic():
                kept = uploads.store(request.FILES["file"], organisation=case.matter.organisation, by=request.user)
                actions.stamp(case, kept, by=request.user)
                behalf.typed(case, [f"slot:{STAMP}"], by=request.user)
    except (uploads.BadFile, Refused) as reason:
        problem = str(reason)
    if request.htmx:
        context = {"application": case, "matter": case.matter, "stamped": cases.stamp_of(case), "stamp_error": problem}
        return render(request, "stations/_stamp.html", context, status=422 if problem else 200)
    if problem:
        messages.error(request, problem)
    return redirect(request.headers.get("Referer") or case)


@require_POST
def remove(request, number, pk):
    """Take a file out of its slot."""
    case = handled(request, number)
    evidence = get_object_or_404(Evidence, matter=case.matter, pk=pk, removed_at=None)
    try:
        with transaction.atomic():
            actions.uncite(case, evidence)
            behalf.typed(case, [f"slot:{evidence.slot}"], by=request.user)
        messages.success(request, _("已取出“%(name)s”，文件仍保存在单位档案里。") % {"name": evidence.file})
    except Refused as reason:
        messages.error(request, str(reason))
    code = evidence.slot.split(".")[0]
    condition = case.type.conditions.filter(code=code).first()
    if condition is None:
        return redirect(case)
    return redirect(f"{reverse('stations:application_section', args=[number, condition.group])}#{code}")


@require_POST
def explain(request, number, pk):
    """Why something that was sent back stays as it is."""
    item = get_object_or_404(ReturnItem, event__matter=found(request, number).matter, pk=pk, resolved_at=None)
    case = handled(request, number)
    form = ExplainForm(request.POST)
    try:
        if form.is_valid():
            with transaction.atomic():
                actions.explain(case, item, text=form.cleaned_data["answer"])
                behalf.typed(case, [item.target], by=request.user, value=form.cleaned_data["answer"])
        else:
            messages.error(request, form.errors["answer"][0])
    except Refused as reason:
        messages.error(request, str(reason))
    return redirect(case)


# --- steps -------------------------------------------------------------------------------------


def move_forms(case, user) -> list[tuple]:
    """The steps this person may take now, each with the form it needs; returning has a page of its own."""
    return [(step, MoveForm(step=step)) for step in lifecycle.application.possible(case, user) if not step.returns]


@require_POST
def certify(request, number):
    """The second account, or the handler by the page with the seal, declares that all is true and hands the case in."""
    case, form = found(request, number), CertifyForm(request.POST)
    if not form.is_valid():
        messages.error(request, form.errors["truthful"][0])
        return redirect(case)
    try:
        actions.certify(case, by=request.user, on=localdate())
    except NotYours as reason:
        raise PermissionDenied(str(reason)) from reason
    except Refused as reason:
        for text in [f.text for f in reason.findings] or [str(reason)]:
            messages.error(request, text)
    else:
        messages.success(request, _("已提交。"))
    return redirect(case)


def move(request, number, action):
    return steps.take(request, lifecycle.application, found(request, number), action)
