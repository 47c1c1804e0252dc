"""What the list of disclosures can be narrowed by."""

import django_filters as filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from postdocs.disclosures.models import Disclosure, Kind, Purpose
from stations.filters import DayFilter


class DisclosureFilter(filters.FilterSet):
    q = filters.CharFilter(
        label=_("查看人、本人"),
        method="search",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("查看人、本人")}),
    )
    kind = filters.ChoiceFilter(label=_("事项"), choices=Kind.choices, empty_label=_("全部事项"))
    purpose = filters.ChoiceFilter(label=_("目的"), choices=Purpose.choices, empty_label=_("全部目的"))
    since = DayFilter(label=_("从"), field_name="on", lookup_expr="gte")
    until = DayFilter(label=_("到"), field_name="on", lookup_expr="lte")

    class Meta:
        model = Disclosure
        fields = ("q", "kind", "purpose", "since", "until")

    def search(self, rows, name, value):
        return rows.filter(Q(by__name__icontains=value) | Q(person__name__icontains=value))
