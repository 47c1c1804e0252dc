"""What the list of what is due can be narrowed by."""

import django_filters as filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from postdocs.due.windows import WHAT
from postdocs.stays.models import Stay
from stations.filters import CaseFilter


class DueFilter(CaseFilter):
    """Narrows the stays; what is due of them, and whether late only, the list asks for itself."""

    q = filters.CharFilter(
        label=_("姓名、单位、站号"),
        method="search",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("姓名、单位、站号")}),
    )
    what = filters.ChoiceFilter(
        label=_("事项"), choices=list(WHAT.items()), empty_label=_("全部事项"), method="not_of_the_stay"
    )
    shown = filters.ChoiceFilter(
        label=_("范围"), choices=[("late", _("只看逾期"))], empty_label=_("逾期和六十天内"), method="not_of_the_stay"
    )

    class Meta:
        model = Stay
        fields = ("q", "district", "what", "shown")

    def search(self, rows, name, value):
        found = Q(person__name__icontains=value) | Q(matter__number__icontains=value)
        if value.isascii() and value.isalpha():
            found |= Q(person__initials__startswith=value.lower())
        found |= Q(matter__organisation__name__icontains=value) | Q(station__matter__number__icontains=value)
        return rows.filter(found)

    def not_of_the_stay(self, rows, name, value):
        return rows

    def asked(self) -> dict:
        """What `windows.due_by()` is asked for."""
        data = self.form.cleaned_data if self.form.is_valid() else {}
        return {"what": data.get("what") or "", "late": data.get("shown") == "late"}
