"""What lists of applications and stations can be narrowed by; the API takes the same names."""

import django_filters as filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.models import District
from stations.forms import LocalisedChoice
from stations.models import Application, ApplicationStatus, IndustryChain, Station, StationKind, StationStatus


class LocalisedFilter(filters.ModelChoiceFilter):
    field_class = LocalisedChoice


class CaseFilter(filters.FilterSet):
    """`districts`: those the person may see; the drop-down never names another."""

    q = filters.CharFilter(
        label=_("编号、单位"),
        method="search",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("编号、单位")}),
    )
    district = LocalisedFilter(
        label=_("区镇"), queryset=District.objects.none(), field_name="matter__district", empty_label=_("全部区镇")
    )

    def __init__(self, data=None, queryset=None, *, request=None, **kwargs):
        super().__init__(data, queryset, request=request, **kwargs)
        scope = request.user.scope.districts if request else frozenset()
        districts = District.objects.filter(pk__in=scope, children=None).order_by("path_order")
        self.filters["district"].queryset = districts

    def search(self, rows, name, value):
        return rows.filter(
            Q(matter__number__icontains=value)
            | Q(matter__organisation__name__icontains=value)
            | Q(matter__organisation__code=value.upper())
        )


class ApplicationFilter(CaseFilter):
    status = filters.MultipleChoiceFilter(
        label=_("环节"), choices=ApplicationStatus.choices, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Application
        fields = ("q", "district", "status")


class StationFilter(CaseFilter):
    kind = filters.ChoiceFilter(label=_("站点类型"), choices=StationKind.choices, empty_label=_("全部类型"))
    status = filters.ChoiceFilter(label=_("状态"), choices=StationStatus.choices, empty_label=_("全部状态"))
    chain = LocalisedFilter(label=_("产业链"), queryset=IndustryChain.objects.none(), empty_label=_("全部产业链"))

    class Meta:
        model = Station
        fields = ("q", "district", "kind", "status", "chain")

    def __init__(self, *args, request=None, **kwargs):
        super().__init__(*args, request=request, **kwargs)
        if request:
            chains = IndustryChain.objects.filter(pack__root__down__node__in=request.user.scope.districts).distinct()
            self.filters["chain"].queryset = chains.order_by("order", "pk")
