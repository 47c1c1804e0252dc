"""What the lists of all topics share: district and search, days, drop-downs read once a minute."""

import hashlib

import django_filters as filters
from django import forms
from django.core.exceptions import EmptyResultSet, ValidationError
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django_filters.fields import ModelChoiceField, ModelChoiceIterator

from portal.forms import DayField
from portal.models import District
from portal.site import remembered
from portal.words import localised
from stations.models import IndustryChain


class KeptIterator(ModelChoiceIterator):
    def __iter__(self):
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        if self.field.null_label is not None:
            yield self.field.null_value, self.field.null_label
        yield from map(self.choice, self.field.kept())


class KeptChoice(ModelChoiceField):
    """A drop-down of rows that hardly ever change: read once a minute for all who may see the same ones, and what is
    chosen is looked for among them."""

    iterator = KeptIterator

    def label_from_instance(self, row):
        return localised(row, "title" if hasattr(row, "title") else "name")

    def kept(self) -> list:
        try:
            words = str(self.queryset.query)
        except EmptyResultSet:  # nobody's rows
            return []
        key = hashlib.sha256(words.encode()).hexdigest()
        return remembered(f"choices:{key}", lambda: list(self.queryset))

    def to_python(self, value):
        if value in self.empty_values:
            return None
        if self.null_label is not None and value == self.null_value:
            return value
        for row in self.kept():
            if str(row.pk) == str(value):
                return row
        raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice", params={"value": value})


class LocalisedFilter(filters.ModelChoiceFilter):
    field_class = KeptChoice


class StatusFilter(filters.MultipleChoiceFilter):
    """Any of several statuses. A row has one, so none comes twice and nothing must be sorted to find out."""

    def __init__(self, **kwargs):
        super().__init__(**{"distinct": False, "widget": forms.CheckboxSelectMultiple, **kwargs})


def chains_for(user):
    """The chains of the cities whose cases a person sees."""
    chains = IndustryChain.objects.filter(pack__root__down__node__in=user.scope.districts).distinct()
    return chains.order_by("order", "pk")


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


class DayFilter(filters.DateFilter):
    field_class = DayField


class DatedFilter(filters.FilterSet):
    """Dated rows of stations: without a state asked for, those of today. Subclasses name `state`'s empty label and search."""

    district = LocalisedFilter(
        label=_("区镇"),
        queryset=District.objects.none(),
        field_name="station__matter__district",
        empty_label=_("全部区镇"),
    )
    state = filters.ChoiceFilter(label=_("状态"), choices=[("all", _("也看已结束的"))], method="nothing_more")

    def __init__(self, *args, request=None, **kwargs):
        super().__init__(*args, request=request, **kwargs)
        districts = District.objects.filter(pk__in=request.user.scope.districts, children=None).order_by("path_order")
        self.filters["district"].queryset = districts

    def nothing_more(self, rows, name, value):
        return rows

    def filter_queryset(self, queryset):
        rows = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get("state") else rows.on(localdate())
