"""Visits: who is still to be visited, what was done, one visit with the needs it found."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from portal.exports import Book, exported
from portal.lifecycle import Refused
from portal.models import District, Pack, Role, Setting
from portal.models.people import BUREAU
from portal.paging import Paginator
from portal.site import pack_of
from portal.uploads import BadFile, too_big
from portal.views.files import sent
from portal.words import localised, localised_value
from postdocs.services import actions as services
from postdocs.services.lifecycle import request as cycle
from postdocs.services.models import ServiceRequest
from postdocs.stays.models import Stay
from postdocs.visits import actions, coverage
from postdocs.visits.facts import AGAIN, WINDOW
from postdocs.visits.filters import DueFilter, VisitFilter
from postdocs.visits.forms import NeedForm, VisitForm
from postdocs.visits.models import Visit

PAGE = 50
MOST = 200  # postdocs that one entry may name


# --- who is to be visited ----------------------------------------------------------------------


def filtered(request, on):
    rows = coverage.introduced(request.user, on).select_related(
        "person", "matter__district", "matter__organisation", "station__matter"
    )
    chosen = DueFilter(request.GET, rows.order_by(*coverage.LONGEST_FIRST), request=request)
    return chosen, chosen.qs


def visits_due(request):
    """Everybody newly introduced, who was not visited for longest first; with the share of districts and stations."""
    today = localdate()
    chosen, rows = filtered(request, today)
    everybody = coverage.introduced(request.user, today)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": list(page),
        "filter": chosen,
        "whole": coverage.whole(everybody),
        "districts": by_district(everybody),
        "stations": by_station(everybody),
        "rules": rules_of(pack_of(request.user)),
        "may_record": bool(request.user.scope.roles & actions.RECORDERS),
        "export_url": f"{reverse('postdocs:visits_export')}?{request.GET.urlencode()}",
    }
    return render(request, "postdocs/visit_due.html", context)


def by_district(rows) -> list[coverage.Share]:
    counted = coverage.shares(rows, "matter__district")
    places = District.objects.in_bulk([row["matter__district"] for row in counted])
    here = reverse("postdocs:visits_due")
    return [
        coverage.Share(
            localised(places[row["matter__district"]], "short_name") or localised(places[row["matter__district"]], "name"),
            row["people"], row["visited"], f"{here}?district={row['matter__district']}&state=due",
        )
        for row in counted
    ]  # fmt: skip


def by_station(rows) -> list[coverage.Share]:
    """The stations where most are still to be visited."""
    counted = coverage.shares(rows, *(f"station__matter__{column}" for column in ("number", "title", "title_en")))
    found = [
        coverage.Share(
            localised_value(row, "station__matter__title"), row["people"], row["visited"],
            reverse("stations:station", args=[row["station__matter__number"]]),
        )
        for row in counted
    ]  # fmt: skip
    return sorted((s for s in found if s.missing), key=lambda s: -s.missing)[:10]


def rules_of(pack: Pack | None) -> dict:
    """For how long people count as new and a visit holds, as the city set it."""
    rows = Setting.objects.filter(pack=pack, code__in=[WINDOW, AGAIN]).values_list("code", "value")
    values = dict(rows)
    return {"window": values.get(WINDOW), "again": values.get(AGAIN)}


@exported("postdocs:visits_export")
def export(request) -> Book:
    """The same list as a workbook."""
    _chosen, rows = filtered(request, localdate())
    headings = [_("姓名"), _("单位"), _("区镇"), _("工作站编号"), _("进站日期"), _("最近走访"), _("走访情况")]
    places = {d.pk: localised(d, "name") for d in District.objects.filter(pk__in=request.user.scope.districts)}
    lines = (
        [s.person.name, s.matter.organisation.name, places.get(s.matter.district_id, ""), s.station.matter.number]
        + [s.entered_on, s.last, said(s)]
        for s in rows.iterator(2000)
    )
    return Book(_("近两年引进博士后走访情况"), headings, lines, localdate(), rows.count())


def said(row) -> str:
    return _("已走访") if row.holds else _("从未走访") if row.last is None else _("待走访")


# --- what was done -----------------------------------------------------------------------------


def visits(request):
    """The visits one may see, the latest first."""
    rows = Visit.objects.visible_to(request.user).for_page().prefetch_related("needs")
    chosen = VisitFilter(request.GET, rows.order_by("-visited_on", "-pk"), request=request)
    page = Paginator(chosen.qs, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": list(page),
        "filter": chosen,
        "may_record": bool(request.user.scope.roles & actions.RECORDERS),
        "export_url": f"{reverse('postdocs:visits_made_export')}?{request.GET.urlencode()}",
    }
    return render(request, "postdocs/visit_list.html", context)


@exported("postdocs:visits_made_export")
def made_export(request) -> Book:
    """The visits as a workbook."""
    rows = Visit.objects.visible_to(request.user).for_page()
    rows = VisitFilter(request.GET, rows.order_by("-visited_on", "-pk"), request=request).qs
    headings = [_("走访日期"), _("走访对象"), _("单位"), _("区镇"), _("走访人"), _("走访情况"), _("答应做的事")]
    lines = (
        [v.visited_on, v.label, v.organisation.name, localised(v.district, "name"), v.visitors, v.note, v.promised]
        for v in rows.iterator(2000)
    )
    return Book(_("走访记录"), headings, lines, localdate(), rows.count())


# --- a new one ---------------------------------------------------------------------------------


def new(request):
    """One visit, or one to each of several postdocs on the same day; without any a station or a firm of the pool."""
    today = localdate()
    stays = asked_for(request, today)
    form = VisitForm(
        *((request.POST, request.FILES) if request.method == "POST" else ()), user=request.user, stays=stays, on=today
    )
    if request.method == "POST" and (cut := too_big(request)):
        form.add_error("upload", cut)
    if request.method == "POST" and form.is_valid():
        about = {"upload": form.cleaned_data["upload"], "by": request.user, "on": today}
        try:
            rows = actions.record(form.cleaned_data["subjects"], **about, **form.values())
        except BadFile as bad:
            form.add_error("upload", str(bad))
        except Refused as reason:
            form.add_error(None, str(reason))
        except ValidationError as wrong:
            form.add_error(None, wrong.messages)
        else:
            n = len(rows)
            told = ngettext("已登记 %(n)s 次走访。", "已登记 %(n)s 次走访。", n) % {"n": n}
            messages.success(request, told)
            return redirect(rows[0] if n == 1 else "postdocs:visits")
    context = {"form": form, "many": stays is not None}
    return render(request, "postdocs/visit_new.html", context, status=422 if form.errors else 200)


def asked_for(request, on):
    """The stays that the list sent along; None where it sent none."""
    given = request.POST if request.method == "POST" and "stays" in request.POST else request.GET
    wanted = [pk for pk in (*given.getlist("stays"), *request.GET.getlist("stays")) if pk.isdigit()][:MOST]
    if not wanted:
        return None
    rows = Stay.objects.visible_to(request.user).entered(on).filter(pk__in=wanted)
    return rows.select_related("person", "matter__organisation", "matter__district").order_by("person__name", "pk")


# --- one ---------------------------------------------------------------------------------------


def found(request, pk) -> Visit:
    return get_object_or_404(Visit.objects.visible_to(request.user).for_page(), pk=pk)


def visit(request, pk, form: NeedForm | None = None):
    """One visit, with what was asked for and how far it is."""
    row = found(request, pk)
    may = actions.may_record(row.district_id, request.user)
    needs = ServiceRequest.objects.visible_to(request.user).filter(visit=row).for_page().order_by("pk")
    today = localdate()
    context = {
        "visit": row,
        "needs": [(need, cycle.stages[need.status].label, need.is_late(today)) for need in needs],
        "form": (form or NeedForm(pack=Pack.objects.get_for(row.district_id))) if may else None,
        "official": bool(request.user.scope.roles & (BUREAU | {Role.DISTRICT, Role.AUDITOR})),
    }
    return render(request, "postdocs/visit.html", context, status=422 if form is not None and form.errors else 200)


@require_POST
def need(request, pk):
    """Somebody asked for something."""
    row = found(request, pk)
    if not actions.may_record(row.district_id, request.user):
        raise PermissionDenied(actions.RECORDERS)
    form = NeedForm(request.POST, pack=Pack.objects.get_for(row.district_id))
    if form.is_valid():
        try:
            services.note_need(row, **form.cleaned_data, by=request.user, on=localdate())
        except Refused as reason:
            form.add_error("due_on", str(reason))
        else:
            messages.success(request, _("已登记，进入待办。"))
            return redirect(row)
    return visit(request, pk, form=form)


@require_safe
def file(request, pk):
    """The file of a visit, for whoever sees the visit."""
    row = found(request, pk)
    if row.file is None:
        raise Http404
    return sent(row.file)


def part(stay: Stay, request) -> dict:
    """What the page of a stay shows of visits: the enterprise none."""
    rows = Visit.objects.visible_to(request.user).filter(stay=stay).order_by("-visited_on")
    may = stay.entered_on is not None and actions.may_record(stay.matter.district_id, request.user)
    return {"visits": list(rows[:5]), "may_visit": may}
