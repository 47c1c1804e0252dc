"""What the radar of standing can be narrowed by."""

import django_filters as filters
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from stations.filters import CaseFilter, DayFilter
from stations.models import ClockStep, Station, StationKind, StationLevel


class StandingFilter(CaseFilter):
    """Stations by place, kind and level as of a day; which of their clocks are shown is narrowed by step."""

    on = DayFilter(label=_("看哪一天"), method="nothing_yet")
    kind = filters.ChoiceFilter(label=_("站点类型"), choices=StationKind.choices, empty_label=_("全部类型"))
    level = filters.ChoiceFilter(label=_("级别"), choices=StationLevel.choices, empty_label=_("全部级别"))
    step = filters.ChoiceFilter(
        label=_("下一步"), choices=ClockStep.Kind.choices, empty_label=_("全部步骤"), method="nothing_yet"
    )

    class Meta:
        model = Station
        fields = ("q", "district", "kind", "level", "step", "on")

    def asked(self, name: str):
        return self.form.cleaned_data.get(name) if self.is_valid() else None

    @property
    def day(self):
        """The day that was asked for, at the latest today."""
        return min(self.asked("on") or localdate(), localdate())

    def filter_queryset(self, queryset):
        return super().filter_queryset(queryset).filter(approved_on__lte=self.day)

    def nothing_yet(self, rows, name, value):
        return rows
