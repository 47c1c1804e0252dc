"""A regional main station with its branches on a day; and the studios abroad."""

from datetime import timedelta

import django_filters as filters
from django import forms
from django.db.models import Q, Sum
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.paging import Whole
from portal.words import localised
from portal.workbooks import workbook
from stations.filters import DatedFilter
from stations.ledger.branches import branches
from stations.ledger.forms import DayForm
from stations.models import OverseasStudio, Station, StationKind

PAGE = 50


def asked(request, number):
    """The main station, its branches of the day that the address names, and the form of the day."""
    rows = Station.objects.visible_to(request.user).select_related("matter__district", "enterprise__organisation")
    row = get_object_or_404(rows, matter__number=number)
    if row.kind != StationKind.REGIONAL:
        raise Http404
    today = localdate()
    form = DayForm(request.GET or None, today=today)
    on = (form.is_valid() and form.cleaned_data["on"]) or today
    return row, branches(row, request.user, on), on, form


def main(request, number):
    """The branches of one main station on a day, and what came of them."""
    row, found, on, form = asked(request, number)
    context = {
        "station": row,
        "found": found,
        "on": on,
        "past": on != localdate(),
        "day_form": form if form.errors else DayForm({"on": on.isoformat()}, today=localdate()),
        "rows": [(b, b.row.until and b.row.until - timedelta(1)) for b in found.rows],
        "export_url": f"{reverse('stations:branches_export', args=[number])}?{request.GET.urlencode()}",
    }
    return render(request, "stations/branches.html", context, status=422 if form.errors else 200)


def main_export(request, number):
    """The same list as a workbook."""
    row, found, on, _form = asked(request, number)
    headings = [
        _("分站"),
        _("设站单位"),
        _("区镇"),
        _("起"),
        _("最后一天"),
        _("文号"),
        _("引进博士后（人）"),
        _("按规则（元）"),
    ]
    lines = (
        [str(b.station), str(b.station.enterprise), localised(b.station.matter.district, "name"), b.row.since]
        + [b.row.until and b.row.until - timedelta(1), b.row.document, b.people]
        + [None if found.each is None else b.people * found.each]
        for b in found.rows
    )
    return workbook(_("%(main)s的分站") % {"main": row}, headings, lines, user=request.user, on=on)


# --- studios abroad ----------------------------------------------------------------------------


class StudioFilter(DatedFilter):
    """Without a state asked for, those that are kept today."""

    q = filters.CharFilter(
        label=gettext_lazy("单位、国家、机构"),
        method="search",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": gettext_lazy("单位、国家、机构")}),
    )

    class Meta:
        model = OverseasStudio
        fields = ("q", "district", "state")

    def __init__(self, *args, request=None, **kwargs):
        super().__init__(*args, request=request, **kwargs)
        self.filters["state"].extra["empty_label"] = _("今天在办的")

    def search(self, rows, name, value):
        return rows.filter(
            Q(station__enterprise__organisation__name__icontains=value)
            | Q(country__icontains=value)
            | Q(city__icontains=value)
            | Q(host__icontains=value)
        )


def filtered(request):
    rows = OverseasStudio.objects.visible_to(request.user).select_related(
        "station__matter__district", "station__enterprise__organisation"
    )
    chosen = StudioFilter(request.GET, rows.order_by("country", "host", "-since", "pk"), request=request)
    return chosen, chosen.qs


def studios(request):
    """Studios abroad of the stations one may see, by country."""
    chosen, rows = filtered(request)
    page = Whole(rows, PAGE).get_page(request.GET.get("page"))
    told = rows.exclude(postdocs=None)
    context = {
        "page": page,
        "rows": [(row, row.until and row.until - timedelta(1)) for row in page],
        "filter": chosen,
        "people": told.aggregate(n=Sum("postdocs"))["n"],
        "export_url": f"{reverse('stations:studios_export')}?{request.GET.urlencode()}",
    }
    return render(request, "stations/studio_list.html", context)


def studios_export(request):
    """The same list as a workbook."""
    _chosen, rows = filtered(request)
    headings = [
        _("国家或地区"),
        _("城市"),
        _("合作机构"),
        _("设站单位"),
        _("工作站"),
        _("区镇"),
        _("起"),
        _("最后一天"),
    ]
    headings += [_("博士后人数"), _("联系人"), _("联系方式"), _("依据文件")]
    lines = (
        [s.country, s.city, s.host, str(s.station.enterprise), str(s.station)]
        + [localised(s.station.matter.district, "name"), s.since, s.until and s.until - timedelta(1)]
        + [s.postdocs, s.contact, s.reach, s.document]
        for s in rows.iterator(2000)
    )
    return workbook(_("海外博士后工作室"), headings, lines, user=request.user, on=localdate())
