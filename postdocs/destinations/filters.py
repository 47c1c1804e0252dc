"""What the lists of destinations can be narrowed by."""

import django_filters as filters
from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from postdocs.stays.models import Stay
from stations.filters import CaseFilter


class RetentionFilter(CaseFilter):
    """By district alone; the view is chosen beside it."""

    class Meta:
        model = Stay
        fields = ("district",)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.filters["q"]


class DueFilter(CaseFilter):
    """`q` finds a name, its initials, an enterprise or a number."""

    months = filters.ChoiceFilter(
        label=_("要跟踪"),
        empty_label=_("全部期限"),
        choices=[(n, format_lazy("{} {}", n, _("个月"))) for n in (6, 12, 24, 36)],
        field_name="months_due",
    )

    class Meta:
        model = Stay
        fields = ("q", "district", "months")

    def search(self, rows, name, value):
        found = Q(person__name__icontains=value) | Q(person__initials__startswith=value.lower())
        return rows.filter(found | Q(matter__number__icontains=value) | Q(matter__organisation__name__icontains=value))
