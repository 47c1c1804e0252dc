"""A new plan on a page: begun as a copy of an old one, typed, checked, published by somebody else."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.lifecycle import Refused
from targets.asof import AsOf
from targets.models import Plan
from targets.plans import actions
from targets.plans.forms import DraftForm, NewPlanForm


def begin(request):
    """Begin a plan as a copy of another one."""
    asked = AsOf(request)
    rows = Plan.objects.filter(pack=asked.pack).order_by("-until", "order", "pk")
    former = get_object_or_404(rows, code=request.GET["of"]) if request.GET.get("of") else rows.first()
    form = NewPlanForm(request.POST or None, pack=asked.pack, instance=Plan())
    if request.method == "POST" and former and form.is_valid():
        try:
            row = actions.draft(former, form.instance, by=request.user)
        except Refused as reason:
            form.add_error("until", str(reason))
        else:
            messages.success(request, _("已起草。请填目标，再由另一人核对发布。"))
            return redirect(row)
    others = [{"label": p, "url": f"?of={p.code}", "current": p == former} for p in rows]
    context = {**asked.context(), "form": form, "former": former, "others": others}
    return render(request, "targets/plan_new.html", context, status=422 if form.errors else 200)


def own(request, plan) -> Plan:
    rows = Plan.every.filter(state=Plan.State.DRAFT).select_related("pack__root", "document", "former", "drafted_by")
    return get_object_or_404(rows, pack=AsOf(request).pack, code=plan)


def draft(request, plan):
    """One draft with all its indicators: the targets are typed here."""
    asked, row = AsOf(request), own(request, plan)
    form = DraftForm(request.POST or None, plan=row)
    if request.method == "POST" and form.is_valid() and edited(form, row):
        messages.success(request, _("已保存草稿。"))
        return redirect(row)
    context = {
        **asked.context(),
        "plan": row,
        "form": form,
        "lines": form.lines(),
        "problems": actions.problems(row),
        "mine": row.drafted_by_id == request.user.pk,
    }
    return render(request, "targets/draft.html", context, status=422 if form.errors else 200)


def edited(form, row) -> bool:
    try:
        actions.edit(row, form.values(), form.gone())
    except Refused as reason:
        form.add_error(None, str(reason))
    except ValidationError as wrong:
        form.add_error(None, wrong.messages)
    return not form.errors


@require_POST
def publish(request, plan):
    """Put a draft in force, by somebody who didn't draft it."""
    row = own(request, plan)
    try:
        row = actions.publish(row, by=request.user, on=localdate())
        messages.success(request, _("已发布，相关指标正在计算。"))
    except Refused as reason:
        messages.error(request, str(reason))
    return redirect(row)


@require_POST
def drop(request, plan):
    """Throw a draft away."""
    try:
        actions.drop(own(request, plan), by=request.user)
        messages.success(request, _("已放弃草稿。"))
    except Refused as reason:
        messages.error(request, str(reason))
    return redirect("targets:plans")
