"""The page of a responsible department: its own indicators, what is due next, typing a period, what was said before."""

from datetime import date, timedelta

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.models import Organisation, Setting
from portal.models.people import BUREAU
from portal.site import pack_of
from portal.uploads import BadFile, too_big
from portal.views.files import sent
from portal.words import localised
from targets.models import Plan, Reading
from targets.plans.indicators import REPORTED, quarter_ends
from targets.reported import actions, departments
from targets.reported.checks import BEHIND, Known, wrong
from targets.reported.forms import ReadingForm, SourceForm
from targets.returns.actions import DAYS

SHOWN = 8  # quarters that may be typed, the newest first


# --- which department, which plan --------------------------------------------------------------


def found_department(request, code) -> Organisation:
    """The department, if this person may open its page: a foreign one doesn't exist for them."""
    pack = pack_of(request.user)
    rows = departments.seen_by(request.user, pack, localdate()) if pack else []
    row = next((row for row in rows if row.code == code), None)
    if row is None:
        raise Http404
    return row


def own_department(request, code) -> Organisation:
    """The department, if this person reports for it."""
    row = found_department(request, code)
    if row.pk not in departments.organisations_of(request.user, localdate()):
        raise Http404
    return row


def chosen_plan(request, plans: list[Plan]) -> Plan | None:
    """The plan asked for; else the one in force, or the last."""
    code = request.GET.get("plan", "")
    found = next((p for p in plans if p.code == code), None) if code else next(iter(plans), None)
    if found is None and code:
        raise Http404
    return found


def switch(plans: list[Plan], chosen: Plan) -> list[dict]:
    return [{"label": localised(p, "name"), "url": f"?plan={p.code}", "current": p == chosen} for p in plans]


def due_on(plan: Plan, until: date) -> date:
    return until + timedelta(Setting.objects.values_of(plan.pack).get("returns.days", DAYS))


def asked_for(known: Known, indicators, on: date) -> dict:
    """What is to be reported next: the last quarter that is over, as far as it isn't told; else the one that runs."""
    ends = quarter_ends(known.plan, on)
    last = ends[0] if ends else None
    told = [i for i in indicators if last and (row := known.last.get((i.pk, last))) and row.value is not None]
    days = known.settings.get("returns.days", DAYS)
    due = last + timedelta(days) if last else None
    missing = len(indicators) - len(told) if last else 0
    return {"last": last, "told": len(told), "missing": missing, "due": due, "late": bool(due and missing and due < on)}


# --- pages -------------------------------------------------------------------------------------


def department_list(request):
    """Every department with what it owes; whoever reports for one alone goes there at once."""
    pack, today = pack_of(request.user), localdate()
    rows = departments.seen_by(request.user, pack, today) if pack else []
    if len(rows) == 1 and not request.user.scope.roles & departments.SEES_ALL:
        return redirect("targets:department", rows[0].code)
    plans = departments.plans_of(pack, today) if pack else []
    plan = chosen_plan(request, plans)
    lines = []
    if plan:
        known = Known(plan)
        for row in rows:
            own = departments.own(row, known.indicators.values())
            figures = [known.figure(i, today) for i in own]
            behind = sum(f.state in BEHIND for f in figures)
            if own:
                lines.append({"row": row, "n": len(own), "behind": behind, **asked_for(known, own, today)})
    context = {
        "lines": lines,
        "plan": plan,
        "choices": switch(plans, plan) if plan else [],
        "may_import": bool(request.user.scope.roles & BUREAU),
    }
    return render(request, "targets/departments.html", context)


def department(request, code):
    """One department's own indicators: where each stands, why it is behind, what is done, whom to ask, what is due."""
    row, today = found_department(request, code), localdate()
    plans = departments.plans_of(pack_of(request.user), today)
    plan = chosen_plan(request, plans)
    known = Known(plan) if plan else None
    own = departments.own(row, known.indicators.values()) if known else []
    lines = []
    for indicator in own:
        told = [r for (i, _on), r in known.last.items() if i == indicator.pk and r.value is not None]  # type: ignore[union-attr]
        last = max(told, key=lambda r: r.on, default=None)
        lines.append({"figure": known.figure(indicator, today), "last": last})  # type: ignore[union-attr]
    mine = row.pk in departments.organisations_of(request.user, today)
    context = {
        "row": row,
        "plan": plan,
        "choices": switch(plans, plan) if plan else [],
        "lines": lines,
        "behind": sum(line["figure"].state in BEHIND for line in lines),
        "due": asked_for(known, own, today) if known else {},
        "mine": mine,
        "report_url": f"{reverse('targets:department_report', args=[code])}?plan={plan.code}" if plan else "",
        "reporters": departments.reporters(row, today),
        "own_page": not request.user.scope.roles & departments.SEES_ALL,
    }
    return render(request, "targets/department.html", context)


def report(request, code):
    """Type the figures of one period: those of one's own department, and nobody else's."""
    row, today = own_department(request, code), localdate()
    plan = chosen_plan(request, departments.plans_of(pack_of(request.user), today))
    ends = quarter_ends(plan, today)[:SHOWN] if plan else []
    if not ends:
        raise Http404
    asked = request.GET.get("on", "")
    on = next((day for day in ends if day.isoformat() == asked), None) if asked else ends[0]
    if on is None:
        raise Http404
    known = Known(plan)
    own = departments.own(row, known.indicators.values())
    data = (request.POST, request.FILES) if request.method == "POST" else ()
    forms = [ReadingForm(*data, indicator=i, known=known, on=on) for i in own]
    about = SourceForm(*data)
    if request.method == "POST" and kept(request, row, known, forms, about):
        return redirect(f"{reverse('targets:department', args=[code])}?plan={plan.code}")
    lines = [
        {"form": f, "figure": known.figure(f.indicator, on), "before": earlier(known, f.indicator, on)} for f in forms
    ]
    context = {
        "row": row,
        "plan": plan,
        "on": on,
        "periods": [{"label": d.isoformat(), "url": f"?plan={plan.code}&on={d}", "current": d == on} for d in ends],
        "lines": lines,
        "forms": forms,
        "about": about,
        "due": due_on(plan, on),
    }
    failed = any(f.errors for f in [*forms, about])
    return render(request, "targets/department_report.html", context, status=422 if failed else 200)


def earlier(known: Known, indicator, on: date):
    """The last figure before the day, as (day, value)."""
    return next(iter([p for p in known.trend(indicator.pk) if p[0] < on][::-1]), None)


def kept(request, row, known, forms, about) -> bool:
    """Whether all of it was kept; else the forms say why not, with everything that was typed."""
    if cut := too_big(request):
        about.add_error("upload", cut)
    if not all([form.is_valid() for form in (*forms, about)]):
        return False
    news = [form for form in forms if form.news]
    beside = {form.indicator.pk: form.said.value for form in news}
    for form in news:
        for name, text in wrong(form.said, known, beside):
            form.add_error(name, text)
    if any(form.errors for form in news):
        return False
    if not news:
        messages.info(request, _("没有改动。"))
        return True
    try:
        with transaction.atomic():
            given = about.cleaned_data
            actions.report(
                [form.said for form in news],
                known=known,
                source=given["source"],
                by=request.user,
                organisation=row,
                upload=given["upload"],
            )
    except BadFile as bad:
        about.add_error("upload", str(bad))
        return False
    n = len(news)
    messages.success(request, ngettext("已报送 %(n)s 项。", "已报送 %(n)s 项。", n) % {"n": n})
    return True


def readings(request, plan, code):
    """All that was ever reported for one indicator, the newest first: nothing is overwritten."""
    pack = pack_of(request.user)
    found = get_object_or_404(Plan.objects.filter(pack=pack), code=plan)
    indicator = get_object_or_404(found.indicators.filter(source=REPORTED), code=code)
    rows = Reading.objects.filter(indicator=indicator, district__in=request.user.scope.figures)
    rows = list(rows.select_related("by", "file", "district").order_by("-on", "-reported_at", "-pk"))
    seen = set()
    for row in rows:
        row.stands = (row.district_id, row.on) not in seen  # the last word of its period
        seen.add((row.district_id, row.on))
    context = {"plan": found, "indicator": indicator, "rows": rows}
    return render(request, "targets/readings.html", context)


def evidence(request, pk):
    """The paper behind a reported figure."""
    rows = Reading.objects.filter(district__in=request.user.scope.figures, file__isnull=False)
    return sent(get_object_or_404(rows.select_related("file"), pk=pk).file)
