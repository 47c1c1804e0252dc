"""Destinations: telling one, following up, who is to be asked after, and what each cohort kept."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from portal import uploads
from portal.exports import Book, exported
from portal.lifecycle import NotYours, Refused
from portal.models import District, Pack, Setting
from portal.paging import Paginator
from portal.site import pack_of
from portal.templatetags.words import brief
from portal.words import localised
from postdocs.destinations import actions, retention
from postdocs.destinations.due import due_day, months_of, waiting
from postdocs.destinations.filters import DueFilter, RetentionFilter
from postdocs.destinations.forms import DestinationForm, FollowUpForm
from postdocs.destinations.models import Destination, FollowUp
from postdocs.insurance import matrix as insurance
from postdocs.stays.models import Stay
from postdocs.stays.views import found

PAGE = 50
REPORTED = "retention.reported"  # the setting: what a paper of the city says was kept, in per cent


# --- one stay ----------------------------------------------------------------------------------


def destination(request, number):
    """Say where somebody went; said already, correct it with a reason."""
    row = found(request, number)
    if not actions.may_write(row, request.user):
        raise PermissionDenied(_("这段在站经历的去向现在不由您登记。"))
    known = Destination.objects.filter(stay=row).first()
    form = DestinationForm(request.POST or None, request.FILES or None, instance=known or Destination())
    if request.method == "POST" and (cut := uploads.too_big(request)):
        form.add_error("upload", cut)
    if request.method == "POST" and form.is_valid() and written(request, row, form, known):
        messages.success(request, _("已登记去向。") if known is None else _("已更正去向。"))
        return redirect(row)
    context = {"stay": row, "matter": row.matter, "form": form, "known": known}
    return render(request, "postdocs/destination_form.html", context, status=422 if form.errors else 200)


def written(request, row: Stay, form: DestinationForm, known: Destination | None) -> bool:
    """Whether it could be written; what was wrong stands at the form."""
    about = {"upload": form.cleaned_data["upload"], "by": request.user, "on": localdate()}
    reason = form.cleaned_data["reason"]
    try:
        if known:
            actions.correct(row, form.values(), reason=reason, **about)
        else:
            actions.settle(row, form.values(), justification=reason, **about)
    except NotYours as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    except Refused as refusal:
        for text in [f.text for f in refusal.findings] or [str(refusal)]:
            form.add_error("reason" if refusal.findings else None, text)
    except ValidationError as wrong:
        form.add_error(None, wrong.messages)
    except uploads.BadFile as bad:
        form.add_error("upload", str(bad))
    return not form.errors


def follow_up(request, number, months):
    """What was found out about somebody so many months after the exit."""
    row = found(request, number)
    if not actions.may_follow(row, request.user):
        raise PermissionDenied(_("后续跟踪由属地区镇登记。"))
    known = FollowUp.objects.filter(stay=row, months=months).first()
    if known is None and months not in months_of(Pack.objects.get_for(row.matter.district_id)):
        raise Http404
    form = FollowUpForm(request.POST or None, instance=known or FollowUp(checked_on=localdate()))
    if request.method == "POST" and form.is_valid():
        try:
            actions.follow(row, months, form.values(), by=request.user, on=localdate())
        except Refused as refusal:
            form.add_error("checked_on", str(refusal))
        except ValidationError as wrong:
            form.add_error(None, wrong.messages)
        else:
            messages.success(request, _("已登记后续跟踪。"))
            return redirect(row)
    context = {"stay": row, "months": months, "form": form, "due": due_day(row, months),
               "insured": insurance.of_stay(row, localdate())}  # fmt: skip
    return render(request, "postdocs/follow_up_form.html", context, status=422 if form.errors else 200)


# --- who is to be asked after ------------------------------------------------------------------


def awaited(request):
    """The narrowed list: stays whose latest follow-up is due, by whom the person may see."""
    rows = Stay.objects.visible_to(request.user)
    rows = waiting(rows, months_of(pack_of(request.user)), localdate())
    rows = rows.select_related("matter__district", "matter__organisation", "person", "destination")
    chosen = DueFilter(request.GET, rows, request=request)
    return chosen, chosen.qs


def due(request):
    """Who is to be asked after, those who left first come first."""
    chosen, rows = awaited(request)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(row, due_day(row, row.months_due), actions.may_follow(row, request.user)) for row in page],
        "filter": chosen,
        "export_url": f"{reverse('postdocs:follow_ups_export')}?{request.GET.urlencode()}",
    }
    return render(request, "postdocs/follow_ups.html", context)


@exported("postdocs:follow_ups_export")
def due_export(request) -> Book:
    """The same list as a workbook, to be taken along or compared with an insurance list."""
    _chosen, rows = awaited(request)
    headings = [_("姓名"), _("设站单位"), _("区镇"), _("出站日期"), _("出站时去向"), _("接收单位"), _("要跟踪")]
    headings += [_("应在"), _("编号")]
    lines = (
        [row.person.name, row.matter.organisation.name, localised(row.matter.district, "name"), row.ended_on]
        + ([str(row.destination), row.destination.unit] if hasattr(row, "destination") else ["", ""])
        + [_("%(n)s 个月") % {"n": row.months_due}, due_day(row, row.months_due), row.matter.number]
        for row in rows.iterator(2000)
    )
    return Book(_("待跟踪的出站人员"), headings, lines, localdate(), rows.count())


# --- what was kept -----------------------------------------------------------------------------


def reckoned(request):
    """The chosen view of the cohorts: rows with their names, and all of them together."""
    chosen = RetentionFilter(request.GET, Stay.objects.visible_to(request.user), request=request)
    months, on = months_of(pack_of(request.user)), localdate()
    view = request.GET.get("view", "")
    if view == "entry":
        found_ = retention.intakes(chosen.qs, on)
        return chosen, view, months, [(row.year, row) for row in found_], retention.taken_together(found_)
    by = "district" if view == "district" else "year"
    found_ = retention.cohorts(chosen.qs, by, months, on)
    names = {d.pk: d for d in District.objects.filter(pk__in=[c.key for c in found_])} if by == "district" else {}
    if names:
        found_.sort(key=lambda cohort: names[cohort.key].path_order)
    rows = [(brief(names[c.key]) if names else c.key, c) for c in found_]
    return chosen, view if view == "district" else "exit", months, rows, retention.summed(found_)


def kept(request):
    """What each cohort of exits kept: a picture, the figures behind it, and what isn't known."""
    chosen, view, months, rows, total = reckoned(request)
    reported = Setting.objects.filter(pack=pack_of(request.user), code=REPORTED).select_related("clause__document")
    context = {
        "view": view,
        "views": [
            {"label": label, "url": f"?{with_view(request, code)}", "current": view == code}
            for code, label in (("exit", _("按出站年份")), ("district", _("按区镇")), ("entry", _("按进站年份")))
        ],
        "filter": chosen,
        "months": [0, *months],
        "rows": rows,
        "bars": [(name, row, parts_of(row)) for name, row in rows] if view != "entry" else [],
        "total": total,
        "reported": reported.first(),
        "export_url": f"{reverse('postdocs:retention_export')}?{request.GET.urlencode()}",
        "today": localdate(),
    }
    return render(request, "postdocs/retention.html", context)


def with_view(request, code: str) -> str:
    query = request.GET.copy()
    query["view"] = code
    return query.urlencode()


def part_labels() -> dict[str, str]:
    return {
        "host": _("留设站单位"),
        "city": _("本市其他"),
        "second": _("二站"),
        "elsewhere": _("市外"),
        "abroad": _("出国（境）"),
        "unknown": _("不知道"),
    }


def parts_of(cohort: retention.Cohort) -> list[dict]:
    """The pieces of one bar: how wide, where, what they are."""
    pieces, at = [], 0.0
    for part, label in part_labels().items():
        n = cohort.parts[part]
        share = n / cohort.exited * 100 if cohort.exited else 0
        if n:
            pieces.append({"part": part, "label": label, "n": n, "x": f"{at:.2f}%", "width": f"{share:.2f}%",
                           "mid": f"{at + share / 2:.2f}%", "wide": share > 5})  # fmt: skip
        at += share
    return pieces


@exported("postdocs:retention_export")
def kept_export(request) -> Book:
    """The figures of the chosen view as a workbook; a share stands beside what isn't known."""
    _chosen, view, months, rows, total = reckoned(request)
    whole = [*rows, (_("合计"), total)]
    if view == "entry":
        headings = [_("进站年份"), _("进站"), _("仍在站"), _("退站"), _("出站"), _("现在本市"), _("已离开本市")]
        headings.append(_("不知道"))
        lines = [[str(n), r.entered, r.inside, r.withdrawn, r.out, r.yes, r.no, r.unknown] for n, r in whole]
        return Book(_("进站后去向"), headings, lines, localdate(), len(lines))
    headings = [_("区镇") if view == "district" else _("出站年份"), _("出站"), *part_labels().values()]
    for n in (0, *months):
        when = _("%(n)s 个月") % {"n": n} if n else _("出站时")
        headings += [f"{when} {label}" for label in (_("在本市"), _("不在"), _("不知道"), _("还没到"))]
    lines = [
        [
            str(name),
            row.exited,
            *row.parts.values(),
            *(x for m in row.marks.values() for x in (m.yes, m.no, m.unknown, m.later)),
        ]
        for name, row in whole
    ]
    return Book(_("出站留存"), headings, lines, localdate(), len(lines))
