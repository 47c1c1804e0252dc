"""The work list: what falls due, a year of it, one duty, one occurrence with its progress, papers and steps."""

from datetime import date
from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.exports import Book, exported
from portal.lifecycle import Refused
from portal.models import Evidence
from portal.paging import Paginator
from portal.site import pack_of
from portal.uploads import BadFile, too_big
from portal.views.files import sent
from portal.words import localised
from stations import steps
from targets.activities.lifecycle import CLERKS
from targets.activities.models import ANNOUNCED
from targets.duties import actions, lifecycle, shown
from targets.duties.filters import STATES, DutyFilter
from targets.duties.forms import DutyMoveForm, ProgressForm
from targets.duties.models import OPEN, Duty, Occurrence, OccurrenceStatus

PAGE = 50
FIRST = (F("matter__closed_on").desc(nulls_first=True), "due_on", "duty__order", "pk")
S = OccurrenceStatus
SYSTEMS = ("begin", "drop")


def city_of(request):
    pack = pack_of(request.user)
    if pack is None:
        raise Http404
    return pack


# --- the list ----------------------------------------------------------------------------------


def filtered(request, pack):
    """Those one may see, what is due first in front; behind it what is done, the latest first."""
    rows = Occurrence.objects.visible_to(request.user).filter(duty__pack=pack).for_page()
    chosen = DutyFilter(request.GET, rows.order_by(*FIRST), request=request)
    return chosen, chosen.qs


def duties(request):
    """What falls due, when, whose it is, how far it is."""
    pack, today = city_of(request), localdate()
    near = actions.near_of(pack)
    chosen, rows = filtered(request, pack)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    mine = Occurrence.objects.visible_to(request.user).filter(duty__pack=pack)
    context = {
        "page": page,
        "lines": shown.lines_of(page, today, near),
        "filter": chosen,
        "tabs": tabs(request, shown.counts_of(mine, today, near)),
        "views_": seg("targets:duties"),
        "export_url": f"{reverse('targets:duties_export')}?{request.GET.urlencode()}",
    }
    return render(request, "targets/duty_list.html", context)


def tabs(request, counts: dict[str, int]) -> list[dict]:
    """The states with how many are in each; one click narrows the list."""
    here, current = reverse("targets:duties"), request.GET.get("state", "")
    whole = {"label": _("全部"), "url": f"{here}?all=1", "current": not current, "count": counts["all"]}
    return [
        whole,
        *(
            {"label": label, "url": f"{here}?state={name}", "current": name == current, "count": counts[name]}
            for name, label in STATES
        ),
    ]


def seg(here: str) -> list[dict]:
    pages = (("targets:duties", _("清单")), ("targets:duty_year", _("全年")))
    return [{"label": label, "url": reverse(name), "current": name == here} for name, label in pages]


@exported("targets:duties_export")
def export(request) -> Book:
    """The same list as a workbook."""
    pack, today = city_of(request), localdate()
    _chosen, rows = filtered(request, pack)
    rows = rows.prefetch_related("duty__units__organisation")
    headings = [_("编号"), _("文件"), _("分类"), _("序号"), _("任务"), _("做什么"), _("频次"), _("时段")]
    headings += [_("完成时限（文件写法）"), _("完成时限"), _("牵头单位"), _("责任单位"), _("量化目标"), _("单位")]
    headings += [_("完成数"), _("环节"), _("时限"), _("完成情况"), _("报送日期")]
    lines = (as_line(line) for line in shown.lines_of(rows, today, actions.near_of(pack)))
    return Book(_("工作清单"), headings, lines, today, rows.count())


def as_line(line: shown.Line) -> list:
    row, duty = line.row, line.row.duty
    return [
        *(row.matter.number, localised(duty.clause.document, "title"), localised(duty, "group"), duty.no),
        *(localised(duty, "title"), localised(duty, "summary"), duty.get_recurrence_display(), line.period),
        *(localised(duty, "due"), row.due_on, localised(row.lead, "name"), _("、").join(others_of(duty))),
        *(row.goal, localised(duty, "goal_unit"), line.value, row.get_status_display(), line.words),
        *(row.note, row.reported_on),
    ]


def others_of(duty: Duty) -> list[str]:
    """The units beside the lead, as the paper names them."""
    named = [localised(unit.organisation, "name") for unit in duty.units.all()]
    groups = [localised(duty, "others")] if duty.others else []
    return [*named, *groups, *([_("所有区镇")] if duty.everywhere else [])]


# --- a year ------------------------------------------------------------------------------------


def year(request):
    """A year month by month: who looks sees where it gathers and what was missed."""
    pack, today = city_of(request), localdate()
    rows = Occurrence.objects.visible_to(request.user).filter(duty__pack=pack).exclude(status=S.DROPPED)
    asked = asked_year(request, rows, today)
    inside = rows.filter(since__year__lte=asked).exclude(due_on__year__lt=asked).for_page()
    lines = shown.lines_of(inside.order_by("duty__order", "due_on", "pk"), today, actions.near_of(pack))
    here = reverse("targets:duty_year")
    context = {
        "year": asked,
        "groups": shown.year_of(lines, asked, today),
        "months": [date(asked, month, 1) for month in range(1, 13)],
        "by_month": [(date(asked, month, 1), mine) for month, mine in shown.by_month(lines, asked)],
        "running": [x for x in lines if not x.row.due_on or x.row.due_on.year > asked],
        "this_month": today.month if today.year == asked else None,
        "years": [
            {"label": str(y), "url": f"{here}?year={y}", "current": y == asked} for y in range(asked - 2, asked + 3)
        ],
        "views_": seg("targets:duty_year"),
    }
    return render(request, "targets/duty_year.html", context)


def asked_year(request, rows, today) -> int:
    """As asked; else this year, or the last one in which something fell due."""
    given = request.GET.get("year", "")
    if given.isdigit() and 2000 <= int(given) <= 2100:
        return int(given)
    last = rows.filter(due_on__isnull=False).order_by("-due_on").values_list("due_on", flat=True).first()
    return min(today.year, last.year) if last else today.year


# --- one duty ----------------------------------------------------------------------------------


def duty(request, code):
    """A duty as its paper states it, and every time it falls due that one may see."""
    pack, today = city_of(request), localdate()
    rows = Duty.objects.filter(pack=pack).select_related("lead", "clause__document", "indicator__plan", "activity")
    row = get_object_or_404(rows.prefetch_related("units__organisation"), code=code)
    mine = Occurrence.objects.visible_to(request.user).filter(duty=row).for_page().order_by("-since", "-pk")
    context = {
        "duty": row,
        "others": others_of(row),
        "joint": [localised(u.organisation, "name") for u in row.units.all() if u.joint],
        "lines": shown.lines_of(mine, today, actions.near_of(pack)),
    }
    return render(request, "targets/duty.html", context)


# --- one occurrence ----------------------------------------------------------------------------


def found(request, number) -> Occurrence:
    rows = Occurrence.objects.visible_to(request.user).for_page().prefetch_related("duty__units__organisation")
    return get_object_or_404(rows, matter__number=number)


def occurrence(request, number, form=None):
    """One time a duty falls due: what is wanted, how far it is by whom, what shows it, whose turn it is."""
    row, today = found(request, number), localdate()
    pack = city_of(request)
    (line,) = shown.lines_of([row], today, actions.near_of(pack))
    speaks = actions.voice(row, request.user, today) if row.status in OPEN and row.since <= today else None
    context = {
        "row": row,
        "line": line,
        "matter": row.matter,
        "duty": row.duty,
        "others": others_of(row.duty),
        "stage": lifecycle.cycle.stages[row.status],
        "may_plan": row.status in OPEN and bool(request.user.scope.roles & CLERKS),
        "speaks": speaks,
        "form": (form or ProgressForm(prefix="progress")) if speaks else None,
        "moves": [(step, DutyMoveForm(step=step)) for step in lifecycle.possible(row, request.user, today)],
        "progress": row.progress.select_related("organisation", "by").order_by("-on", "-pk"),
        "files": Evidence.objects.filter(matter=row.matter, slot=actions.PROOF, removed_at=None)
        .select_related("file", "added_by").order_by("pk"),
        "activities": row.activities.filter(status__in=ANNOUNCED).select_related("matter", "kind").order_by("since"),
        "events": [(lifecycle.cycle.said(e), e) for e in row.matter.events.select_related("by").order_by("pk")],
    }  # fmt: skip
    return render(request, "targets/occurrence.html", context, status=422 if form is not None and form.errors else 200)


@require_POST
def progress(request, number):
    """A word of progress, with a paper where there is one."""
    row, today = found(request, number), localdate()
    form = ProgressForm(request.POST, request.FILES, prefix="progress")
    if cut := too_big(request):
        form.add_error("upload", cut)
    if form.is_valid():
        data = form.cleaned_data
        try:
            given = {"note": data["note"], "number": data["number"], "by": request.user, "on": today}
            actions.tell(row, upload=data["upload"], **given)
        except Refused as reason:
            messages.error(request, str(reason))
            return redirect(row)
        except BadFile as bad:
            form.add_error("upload", str(bad))
        else:
            messages.success(request, _("已记下进展。"))
            return redirect(row)
    return occurrence(request, number, form=form)


def move(request, number, action):
    """A step of an occurrence, by whose it is."""
    row = found(request, number)
    if action in SYSTEMS:
        raise Http404
    if not lifecycle.may_act(row, request.user, localdate()):
        raise PermissionDenied(_("这项任务由%(lead)s办理。") % {"lead": localised(row.lead, "name")})
    return steps.take(request, lifecycle.cycle, row, action, partial(DutyMoveForm))


@require_safe
def proof(request, number, pk):
    """A paper that shows it was done, for whoever sees the occurrence."""
    row = found(request, number)
    kept = Evidence.objects.filter(matter=row.matter, slot=actions.PROOF, removed_at=None)
    return sent(get_object_or_404(kept.select_related("file"), pk=pk).file)
