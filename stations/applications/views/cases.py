"""Applications: the list, beginning one, its page, its steps."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.exports import Book, exported, labels, names
from portal.lifecycle import NotYours, Refused
from portal.models import District, Matter, Role
from portal.models.people import BUREAU
from portal.paging import Paginator
from portal.views.work import as_rows, listed
from portal.words import localised
from stations import steps
from stations.applications import actions, cases, lifecycle, progress, submissions
from stations.applications.filters import ApplicationFilter
from stations.applications.views import review
from stations.applications.views.frame import acts_for, fills_in, fills_now, found, frame, handled
from stations.applications.views.parts import PARTS
from stations.behalf import actions as behalf
from stations.enterprises.views import handles, own, types_for
from stations.forms import CertifyForm
from stations.models import Application, ApplicationStatus
from stations.windows import openings as windows

S = ApplicationStatus

PAGE = 50


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
    cards = cards if fills_in(request.user, case) else cases.only_read(cards)
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


# --- steps -------------------------------------------------------------------------------------


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
