"""What the lists of visits can be narrowed by."""

import django_filters as filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.models import District
from postdocs.stays.models import Stay
from postdocs.visits.models import Visit
from stations.filters import CaseFilter, DayFilter, LocalisedFilter

STATES = (("due", _("待走访")), ("never", _("从未走访")), ("held", _("已走访")))
KINDS = (("stay", _("博士后")), ("station", pgettext_lazy("一个", "工作站")), ("entry", _("储备库企业")))


class DueFilter(CaseFilter):
    """Of everybody newly introduced, with `holds` (see views.introduced)."""

    q = filters.CharFilter(
        label=_("姓名、编号、单位"),
        method="search",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("姓名、编号、单位")}),
    )
    state = filters.ChoiceFilter(label=_("走访情况"), choices=STATES, empty_label=_("全部"), method="in_state")

    class Meta:
        model = Stay
        fields = ("q", "district", "state")

    def search(self, rows, name, value):
        found = rows.filter(person__name__icontains=value)
        if value.isascii() and value.isalpha():
            found |= rows.filter(person__initials__startswith=value.lower())
        return super().search(rows, name, value) | found

    def in_state(self, rows, name, value):
        states = {"due": Q(holds=False), "never": Q(last=None), "held": Q(holds=True)}
        return rows.filter(states[value])


class VisitFilter(filters.FilterSet):
    q = filters.CharFilter(
        label=_("姓名、单位、走访人"),
        method="search",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("姓名、单位、走访人")}),
    )
    district = LocalisedFilter(label=_("区镇"), queryset=District.objects.none(), empty_label=_("全部区镇"))
    kind = filters.ChoiceFilter(label=_("对象"), choices=KINDS, empty_label=_("全部对象"), method="of_kind")
    since = DayFilter(label=_("走访日期从"), field_name="visited_on", lookup_expr="gte")

    class Meta:
        model = Visit
        fields = ("q", "district", "kind", "since")

    def __init__(self, data=None, queryset=None, *, request=None, **kwargs):
        super().__init__(data, queryset, request=request, **kwargs)
        scope = request.user.scope.districts
        self.filters["district"].queryset = District.objects.filter(pk__in=scope, children=None).order_by("path_order")

    def search(self, rows, name, value):
        paths = ("stay", "station", "entry")
        found = Q(visitors__icontains=value) | Q(stay__person__name__icontains=value)
        for path in paths:
            found |= Q(**{f"{path}__matter__organisation__name__icontains": value})
        return rows.filter(found)

    def of_kind(self, rows, name, value):
        return rows.filter(**{f"{value}__isnull": False})
