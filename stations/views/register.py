"""The register of stations: list, one station, its end."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from portal.words import localised
from portal.workbooks import workbook
from stations import lifecycle
from stations.filters import StationFilter
from stations.forms import MoveForm
from stations.models import Station
from stations.views import steps

PAGE = 50


def filtered(request):
    rows = Station.objects.visible_to(request.user).select_related(
        "matter__district", "enterprise__organisation", "chain"
    )
    chosen = StationFilter(request.GET, rows.order_by("-approved_on", "-pk"), request=request)
    return chosen, chosen.qs


def stations(request):
    """Stations one may see, filtered by what the address says, the youngest first."""
    chosen, rows = filtered(request)
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "filter": chosen,
        "export_url": f"{reverse('stations:stations_export')}?{request.GET.urlencode()}",
    }
    return render(request, "stations/station_list.html", context)


def export(request):
    """The same list as a workbook."""
    _chosen, rows = filtered(request)
    headings = [_("编号"), _("设站单位"), _("统一社会信用代码"), _("区镇"), _("站点类型"), _("级别"), _("产业链")]
    headings += [_("批准日期"), _("批准文号"), _("批准机关"), _("状态"), _("注销或升格日期")]
    lines = (
        [s.matter.number, str(s.enterprise), s.enterprise.organisation.code, localised(s.matter.district, "name")]
        + [s.get_kind_display(), s.get_level_display(), localised(s.chain, "name") if s.chain else None]
        + [s.approved_on, s.approval_document, s.approver, s.get_status_display(), s.ended_on]
        for s in rows.iterator(2000)
    )
    return workbook(_("工作站名册"), headings, lines, user=request.user, on=localdate())


def station(request, number):
    """One station: what it is, the paper it rests on, what became of it."""
    rows = Station.objects.visible_to(request.user)
    rows = rows.select_related("matter__district", "enterprise__organisation", "chain")
    rows = rows.select_related("application__matter", "upgraded_from__matter")
    row = get_object_or_404(rows, matter__number=number)
    steps = [s for s in lifecycle.station.possible(row, request.user) if s.action != "upgrade"]
    events = row.matter.events.select_related("by").order_by("pk")
    context = {
        "station": row,
        "events": [(lifecycle.station.actions.get(e.action, e.action), e) for e in events],
        "moves": [(s, MoveForm(step=s)) for s in steps],
        "successor": Station.objects.filter(upgraded_from=row).select_related("matter").first(),
    }
    return render(request, "stations/station.html", context)


def move(request, number, action):
    """End a station: with the paper that says so. An upgrade comes by itself with the higher station."""
    row = get_object_or_404(Station.objects.visible_to(request.user), matter__number=number)
    if action == "upgrade":
        raise Http404
    return steps.take(request, lifecycle.station, row, action)
