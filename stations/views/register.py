"""The register of stations: list, one station, its end."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.models import Role
from portal.models.people import BUREAU, CASEWORK, UNIT
from portal.words import localised
from portal.workbooks import workbook
from stations import ledger, lifecycle, portraits
from stations.filters import StationFilter
from stations.forms import MoveForm
from stations.ledger_forms import DayForm
from stations.models import ENDED, Honour, Sheet, Station, StationStatus
from stations.views import steps
from stations.views.ledger import may_rename

PAGE = 50


def filtered(request):
    rows = Station.objects.visible_to(request.user).select_related(
        "matter__district", "enterprise__organisation", "chain"
    )
    chosen = StationFilter(request.GET, rows.order_by("-approved_on", "-pk"), request=request)
    found = chosen.qs
    return chosen, found if chosen.is_valid() else found.as_of(chosen.day)


def stations(request):
    """Stations one may see, filtered by what the address says, the youngest first."""
    chosen, rows = filtered(request)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(row, StationStatus(row.status_then)) for row in page],
        "filter": chosen,
        "past": chosen.day if chosen.day != localdate() else None,
        "export_url": f"{reverse('stations:stations_export')}?{request.GET.urlencode()}",
        "papers": bool(request.user.scope.roles & (CASEWORK - UNIT)),
        "importing": bool(request.user.scope.roles & (BUREAU | {Role.DISTRICT})),
    }
    return render(request, "stations/station_list.html", context)


def export(request):
    """The same list as a workbook."""
    chosen, rows = filtered(request)
    headings = [_("编号"), _("设站单位"), _("统一社会信用代码"), _("区镇"), _("站点类型"), _("级别"), _("产业链")]
    headings += [_("批准日期"), _("批准文号"), _("批准机关"), _("状态"), _("注销或升格日期")]
    lines = (
        [s.matter.number, s.owner_then, s.enterprise.organisation.code, localised(s.matter.district, "name")]
        + [s.get_kind_display(), s.get_level_display(), localised(s.chain, "name") if s.chain else None]
        + [s.approved_on, s.approval_document, s.approver, str(StationStatus(s.status_then).label), ended(s)]
        for s in rows.iterator(2000)
    )
    return workbook(_("工作站名册"), headings, lines, user=request.user, on=chosen.day)


def ended(row):
    """The day it ended, as far as that was known on the day the list shows."""
    return row.ended_on if row.status_then in ENDED else None


def station(request, number):
    """One station as it was on a day: what it is, its people and partners, the papers, what became of it."""
    today = localdate()
    form = DayForm(request.GET or None, today=today)
    on = (form.is_valid() and form.cleaned_data["on"]) or today
    rows = Station.objects.visible_to(request.user)
    rows = rows.select_related("matter__district", "enterprise__organisation", "chain")
    rows = rows.select_related("application__matter", "upgraded_from__matter")
    row = get_object_or_404(rows, matter__number=number)
    if on < row.approved_on:
        form.add_error("on", _("这个站 %(day)s 才批准，请选这天或以后的日期。") % {"day": row.approved_on})
        on = today
    row = rows.as_of(on).get(pk=row.pk)
    return render(request, "stations/station.html", page_of(request, row, on, form), status=422 if form.errors else 200)


def page_of(request, row: Station, on, form) -> dict:
    today, user = localdate(), request.user
    names = list(row.former_names.order_by("-until"))
    then = ledger.portrait(row, on, names=names, english=get_language() == "en")
    may = {code for code, kind in ledger.KINDS.items() if kind.owner == "station" and kind.may(user, row)}
    if on != today:
        may = set()
    steps = [s for s in lifecycle.station.possible(row, user) if s.action != "upgrade" and on == today]
    events = row.matter.events.select_related("by").order_by("pk")
    renames = on == today and may_rename(user, row)
    return {
        "station": row,
        "then": then,
        "status": StationStatus(then.status).label,
        "ended": row.ended_on if then.status in ENDED else None,
        "past": on != today,
        "day_form": form if form.errors else DayForm({"on": on.isoformat()}, today=today),
        "recruits": ledger.may_recruit(row),
        "warnings": portraits.warnings(row, then, today),
        "single": portraits.singles(row, then, may),
        "many": portraits.tables(row, then, may),
        "names": [n for n in names if n.until <= on],
        "rename_url": reverse("stations:station_rename", args=[row.matter.number]) if renames else "",
        "events": [(label_of(e), e) for e in events if e.on <= on],
        "moves": [(s, MoveForm(step=s)) for s in steps],
        "successor": Station.objects.filter(upgraded_from=row, approved_on__lte=on).select_related("matter").first(),
        "honours": Honour.objects.filter(station=row, awarded_on__lte=on).order_by("-awarded_on"),
        "sheets": Sheet.objects.visible_to(request.user)
        .filter(station=row)
        .select_related("matter", "grade", "evaluation")
        .order_by("-pk"),
    }


def label_of(event):
    """What an event of a station is called; of a dated row, with what kind of row it is."""
    label = lifecycle.station.actions.get(event.action) or ledger.WRITTEN.get(event.action, event.action)
    kind = ledger.KINDS.get(event.details.get("kind"))
    return f"{label} · {kind.label}" if kind else label


def move(request, number, action):
    """End a station: with the paper that says so. An upgrade comes by itself with the higher station."""
    row = get_object_or_404(Station.objects.visible_to(request.user), matter__number=number)
    if action == "upgrade":
        raise Http404
    return steps.take(request, lifecycle.station, row, action)
