"""What the list of requests can be narrowed by."""

import django_filters as filters
from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from portal.site import pack_of
from postdocs.services.models import RequestStatus, Service, ServiceRequest
from stations.filters import CaseFilter, DayFilter, LocalisedFilter


class RequestFilter(CaseFilter):
    q = filters.CharFilter(
        label=_("姓名、编号、单位"),
        method="search",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("姓名、编号、单位")}),
    )
    service = LocalisedFilter(label=_("服务"), queryset=Service.objects.none(), empty_label=_("全部服务"))
    status = filters.MultipleChoiceFilter(
        label=_("环节"), choices=RequestStatus.choices, widget=forms.CheckboxSelectMultiple
    )
    flag = filters.ChoiceFilter(
        label=_("标记"),
        choices=[("late", _("已超期")), ("bureau", _("市局督办")), ("low", _("有过差评"))],
        empty_label=_("不限"),
        method="flagged",
    )
    since = DayFilter(label=_("提出日期从"), field_name="matter__opened_on", lookup_expr="gte")

    class Meta:
        model = ServiceRequest
        fields = ("q", "district", "service", "status", "flag", "since")

    def __init__(self, *args, request=None, **kwargs):
        super().__init__(*args, request=request, **kwargs)
        if request:
            rows = Service.objects.filter(pack=pack_of(request.user)).order_by("order", "pk")
            self.filters["service"].queryset = rows

    def search(self, rows, name, value):
        found = rows.filter(stay__person__name__icontains=value)
        found |= rows.filter(stay__matter__organisation__name__icontains=value, side="unit")
        return super().search(rows, name, value) | found

    def flagged(self, rows, name, value):
        if value == "late":
            return rows.late(localdate())
        return rows.filter(low=True) if value == "low" else rows.filter(level="bureau", matter__closed_on=None)
