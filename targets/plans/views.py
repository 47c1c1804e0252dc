"""The plans of a city: what each asks for, how a target is revised and shared out."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.models import District
from portal.models.people import BUREAU
from targets.asof import AsOf, found
from targets.models import DepartmentTarget, Plan, Target
from targets.plans import actions
from targets.plans.forms import ReviseForm, SplitForm
from targets.plans.history import history


def plans(request):
    """All plans of the city, the one in force first; the bureau sees what is being drafted."""
    asked = AsOf(request)
    rows = Plan.objects.filter(pack=asked.pack).select_related("document").order_by("-until", "order", "pk")
    may = bool(request.user.scope.roles & BUREAU)
    drafts = Plan.every.filter(pack=asked.pack, state=Plan.State.DRAFT).select_related("drafted_by").order_by("pk")
    context = {**asked.context(), "plans": rows, "drafts": drafts if may else [], "may_draft": may}
    return render(request, "targets/plan_list.html", context)


# --- revising a target -------------------------------------------------------------------------


def revise(request, plan, code):
    """Change the city's own target, with a reason and what it rests on."""
    asked = AsOf(request)
    row = found(asked, plan, code)
    targets = list(Target.objects.filter(indicator=row, district=asked.pack.root_id).order_by("on"))
    if not targets:
        raise Http404
    form = ReviseForm(request.POST or None, row=row, targets=targets)
    if request.method == "POST" and form.is_valid() and revised(form, row, request.user):
        messages.success(request, _("已调整目标，相关指标正在重算。"))
        return redirect(row)
    context = {
        **asked.context(),
        "plan": row.plan,
        "indicator": row,
        "form": form,
        "fields": [form[name] for name in form.fields if name not in ("reason", "clause", "paper")],
        "history": history(row, tables=("targets.target", "targets.indicator")),
    }
    return render(request, "targets/revise.html", context, status=422 if form.errors else 200)


def revised(form, row, user) -> bool:
    """Whether it could be written; what a pack would be refused for stands at the form."""
    data = form.cleaned_data
    about = {"total": data.get("total"), "basis": form.basis(), "by": user, "reason": data["reason"]}
    try:
        if not actions.revise(row, form.values(), **about) and data.get("total") == row.plan_total:
            form.add_error(None, _("目标没有改动。"))
    except ValidationError as wrong:
        form.add_error(None, wrong.messages)
    return not form.errors


# --- sharing a target out ----------------------------------------------------------------------


def split(request, plan, code):
    """Give each district, or each department, its share of a target; the sum is held against the whole."""
    asked = AsOf(request)
    row = found(asked, plan, code)
    nodes = list(Target.objects.filter(indicator=row, district=asked.pack.root_id).order_by("on"))
    if not nodes:
        raise Http404
    whole = next((t for t in nodes if str(t.on) == request.GET.get("node")), nodes[-1])
    by_department = request.GET.get("by") == "departments" and bool(row.departments)
    parts, present = departments_of(row, whole) if by_department else districts_of(row, whole, asked.pack.root)
    form = SplitForm(request.POST or None, row=row, whole=whole, parts=parts, present=present)
    if request.method == "POST" and form.is_valid():
        actions.share_out(row, whole.on, form.values(), by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("已保存任务分解，相关指标正在重算。"))
        return redirect(f"{reverse('targets:split', args=[plan, code])}?{request.GET.urlencode()}")
    here = "departments" if by_department else ""
    views = [("", _("按区镇")), *([("departments", _("按责任部门"))] if row.departments else [])]
    context = {
        **asked.context(),
        "plan": row.plan,
        "indicator": row,
        "form": form,
        "fields": [(parts[key], form[f"d{key}"]) for key in parts],
        "whole": whole,
        "total": form.said.parts,
        "by_department": by_department,
        "views": [{"label": label, "url": f"?by={v}&node={whole.on}", "current": v == here} for v, label in views],
        "nodes": [{"label": t.on, "url": f"?by={here}&node={t.on}", "current": t == whole} for t in nodes],
        "history": history(row),
    }
    return render(request, "targets/split.html", context, status=422 if form.errors else 200)


def districts_of(row, whole, root):
    places = {d.pk: d for d in District.objects.below(root).exclude(pk=root.pk)}
    rows = Target.objects.filter(indicator=row, on=whole.on).exclude(district=root)
    return places, dict(rows.values_list("district", "value"))


def departments_of(row, whole):
    names = dict(enumerate(row.departments))
    known = dict(DepartmentTarget.objects.filter(indicator=row, on=whole.on).values_list("department", "value"))
    return names, {n: known[name] for n, name in names.items() if name in known}
