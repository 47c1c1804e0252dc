"""The supervisors of the stations one may see, on a day."""

from datetime import timedelta

import django_filters as filters
from django import forms
from django.db.models import Q
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from portal.exports import Book, exported, names
from portal.models import District, Role
from portal.paging import Paginator
from stations.filters import DatedFilter
from stations.models import Supervisor

PAGE = 50


class SupervisorFilter(DatedFilter):
    """Without a state asked for, those of today."""

    q = filters.CharFilter(
        label=gettext_lazy("姓名、方向、单位"),
        method="search",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": gettext_lazy("姓名、方向、单位")}),
    )
    full_time = filters.ChoiceFilter(
        label=gettext_lazy("任职"),
        choices=[("1", gettext_lazy("全职")), ("0", gettext_lazy("兼职"))],
        empty_label=gettext_lazy("全职和兼职"),
    )

    class Meta:
        model = Supervisor
        fields = ("q", "district", "full_time", "state")

    def __init__(self, *args, request=None, **kwargs):
        super().__init__(*args, request=request, **kwargs)
        self.filters["state"].extra["empty_label"] = _("今天在任的")

    def search(self, rows, name, value):
        return rows.filter(
            Q(name__icontains=value)
            | Q(field__icontains=value)
            | Q(station__enterprise__organisation__name__icontains=value)
        )


def filtered(request):
    chosen = SupervisorFilter(request.GET, Supervisor.objects.visible_to(request.user), request=request)
    return chosen, chosen.qs.order_by("-since", "-pk")


def supervisors(request):
    """Supervisors, the last to begin first. Whom to call stands on the page of the station."""
    chosen, rows = filtered(request)
    rows = rows.select_related("station__matter__district", "station__enterprise__organisation")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(row, row.until and row.until - timedelta(1)) for row in page],
        "filter": chosen,
        "export_url": f"{reverse('stations:supervisors_export')}?{request.GET.urlencode()}",
        "importing": Role.HANDLER in request.user.scope.roles,
    }
    return render(request, "stations/supervisor_list.html", context)


@exported("supervisors")
def export(request):
    """The same list as a workbook; what an enterprise hands in again has the same headings. Telephones stay here."""
    _chosen, rows = filtered(request)
    headings = [_("工作站编号"), _("设站单位"), _("区镇"), _("姓名"), _("职称"), _("研究方向"), _("是否全职"), _("起")]
    places = names(District.objects.all())
    found = rows.values_list(
        *("station__matter__number", "station__enterprise__organisation__name", "station__matter__district"),
        *("name", "title", "field", "full_time", "since", "until"),
    )
    lines = (
        [number, owner, places[place], *told, until and until - timedelta(1)]
        for number, owner, place, *told, until in found.iterator(2000)
    )
    return Book(pgettext("名册", "合作导师"), [*headings, _("最后一天")], lines, localdate(), rows.count())
