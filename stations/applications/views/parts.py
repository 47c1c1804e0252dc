"""The parts of an application as its enterprise fills them in: fields, answers, files, explanations."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, localtime, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal import uploads
from portal.forms import autosave, limited, settled
from portal.lifecycle import Refused
from portal.models import Evidence, ReturnItem
from portal.models.people import UNIT
from stations import steps
from stations.applications import actions, cases, lifecycle, submissions
from stations.applications.forms import AnswerForm, PlanForm
from stations.applications.models import STAMP
from stations.applications.views.frame import acts_for, fills_in, found, frame, handled
from stations.behalf import actions as behalf
from stations.enterprises.forms import ProfileForm
from stations.enterprises.views import save_profile
from stations.forms import ExplainForm
from stations.models import Answer, Condition, Enterprise, Signing, Slot


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
        cards = cards if fills_in(request.user, case) else cases.only_read(cards)
        for card in cards:
            code = card.condition.code
            card.form = typed if typed and typed.prefix == code else AnswerForm(instance=card.answer, prefix=code)
        rule = _("每一项都要符合，并附证明。") if group == "basic" else _("至少选一项；选了就要附证明，没有的不用选。")
        context = {"application": case, "cards": cards, "title": Condition.Group(group).label, "rule": rule}
        context["saves"] = _("每改一项自动保存，关掉页面也不会丢") if any(c.open for c in cards) else ""
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

    def keep(file):
        paper = uploads.store(file, organisation=case.matter.organisation, by=request.user)
        actions.cite(case, row, paper, by=request.user)
        behalf.typed(case, [f"slot:{slot}"], by=request.user)

    problems = steps.kept(request, keep)
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
