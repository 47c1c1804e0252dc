"""What the list of activities can be narrowed by."""

import django_filters as filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.models import District
from portal.site import pack_of
from stations.filters import DayFilter, LocalisedFilter, StatusFilter
from targets.activities.models import Activity, ActivityKind, ActivityStatus


class ActivityFilter(filters.FilterSet):
    q = filters.CharFilter(
        label=_("活动、地点、编号"),
        method="search",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("活动、地点、编号")}),
    )
    kind = LocalisedFilter(label=_("活动类别"), queryset=ActivityKind.objects.none(), empty_label=_("全部类别"))
    district = LocalisedFilter(
        label=_("区镇"), queryset=District.objects.none(), field_name="matter__district", empty_label=_("全部区镇")
    )
    status = StatusFilter(label=pgettext_lazy("活动", "状态"), choices=ActivityStatus.choices)
    since = DayFilter(label=_("日期从"), field_name="since", lookup_expr="gte")
    until = DayFilter(label=_("日期到"), field_name="since", lookup_expr="lte")

    class Meta:
        model = Activity
        fields = ("q", "kind", "district", "status", "since", "until")

    def __init__(self, data=None, queryset=None, *, request=None, **kwargs):
        super().__init__(data, queryset, request=request, **kwargs)
        pack = pack_of(request.user) if request else None
        self.filters["kind"].queryset = ActivityKind.objects.filter(pack=pack).order_by("order", "pk")
        if pack:
            self.filters["district"].queryset = District.objects.below(pack.root).order_by("path_order")

    def search(self, rows, name, value):
        return rows.filter(
            Q(name__icontains=value) | Q(venue__icontains=value) | Q(matter__number__icontains=value)
            | Q(organiser__name__icontains=value)
        )  # fmt: skip
