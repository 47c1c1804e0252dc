"""What the register can be narrowed by; the API takes the same names."""

import django_filters as filters
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from stations.filters import CaseFilter, DayFilter, LocalisedFilter, chains_for
from stations.models import IndustryChain, Station, StationKind, StationStatus


class StationFilter(CaseFilter):
    """The register as it is, or as it was `on` a day: those approved by then, each in its state of that day."""

    on = DayFilter(label=_("看哪一天"), method="nothing_yet")
    kind = filters.ChoiceFilter(label=_("站点类型"), choices=StationKind.choices, empty_label=_("全部类型"))
    status = filters.ChoiceFilter(
        label=_("状态"), choices=StationStatus.choices, empty_label=_("全部状态"), method="in_state"
    )
    chain = LocalisedFilter(label=_("产业链"), queryset=IndustryChain.objects.none(), empty_label=_("全部产业链"))

    class Meta:
        model = Station
        fields = ("q", "district", "kind", "status", "chain", "on")

    def __init__(self, *args, request=None, **kwargs):
        super().__init__(*args, request=request, **kwargs)
        if request:
            self.filters["chain"].queryset = chains_for(request.user)

    @property
    def day(self):
        """The day that was asked for, at the latest today."""
        asked = self.form.cleaned_data.get("on") if self.is_valid() else None
        return min(asked or localdate(), localdate())

    def filter_queryset(self, queryset):
        return super().filter_queryset(queryset.as_of(self.day))

    def nothing_yet(self, rows, name, value):
        return rows

    def in_state(self, rows, name, value):
        return rows.filter(status_then=value)
