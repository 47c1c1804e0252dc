"""What lists of applications and stations can be narrowed by; the API takes the same names."""

import hashlib

import django_filters as filters
from django import forms
from django.core.exceptions import EmptyResultSet, ValidationError
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django_filters.fields import ModelChoiceField, ModelChoiceIterator

from portal.forms import DayField
from portal.models import District, Organisation
from portal.site import pack_of, remembered
from portal.words import localised
from stations import pool_reviews
from stations.models import (
    Application,
    ApplicationStatus,
    ApplicationWindow,
    IndustryChain,
    PoolBasis,
    PoolEntry,
    PoolStatus,
    PoolTier,
    Station,
    StationKind,
    StationStatus,
)


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


def windows_for(user) -> list[tuple[int, str]]:
    """The batches of a person's city, the newest first; none where it takes applications all year."""
    pack = pack_of(user)
    rows = ApplicationWindow.objects.filter(pack=pack).order_by("-since", "pk")
    return [(row.pk, localised(row, "title")) for row in remembered(f"windows:{pack and pack.pk}", lambda: list(rows))]


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


class ApplicationFilter(CaseFilter):
    chain = LocalisedFilter(
        label=_("产业链"),
        queryset=IndustryChain.objects.none(),
        field_name="enterprise__chain",
        empty_label=_("全部产业链"),
    )
    status = filters.MultipleChoiceFilter(
        label=_("环节"), choices=ApplicationStatus.choices, widget=forms.CheckboxSelectMultiple
    )
    window = filters.ChoiceFilter(label=_("批次"), empty_label=_("全部批次"))

    class Meta:
        model = Application
        fields = ("q", "district", "chain", "status", "window")

    def __init__(self, *args, request=None, **kwargs):
        super().__init__(*args, request=request, **kwargs)
        if request:
            self.filters["chain"].queryset = chains_for(request.user)
            if batches := windows_for(request.user):
                self.filters["window"].extra["choices"] = batches
            else:
                del self.filters["window"]


class DayFilter(filters.DateFilter):
    field_class = DayField


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


class PoolFilter(CaseFilter):
    chain = LocalisedFilter(
        label=_("产业链"),
        queryset=IndustryChain.objects.none(),
        field_name="enterprise__chain",
        empty_label=_("全部产业链"),
        null_label=_("未归入产业链"),
    )
    tier = filters.ChoiceFilter(label=_("梯队"), choices=PoolTier.choices, empty_label=_("全部梯队"))
    basis = LocalisedFilter(
        label=_("入库依据"), queryset=PoolBasis.objects.none(), field_name="bases", empty_label=_("全部依据")
    )
    status = filters.MultipleChoiceFilter(
        label=_("状态"),
        choices=[choice for choice in PoolStatus.choices if choice[0] != PoolStatus.NEW],
        widget=forms.CheckboxSelectMultiple,
    )
    review = filters.ChoiceFilter(
        label=_("复核"), choices=[("due", _("该复核了"))], method="due_for_review", empty_label=_("不论复核")
    )

    class Meta:
        model = PoolEntry
        fields = ("q", "district", "chain", "tier", "basis", "status", "review")

    def __init__(self, *args, request=None, **kwargs):
        super().__init__(*args, request=request, **kwargs)
        if request:
            mine = Q(pack__root__down__node__in=request.user.scope.districts)
            mine |= Q(pack__root__down__node__in=self.own_places(request.user))
            for name, model in (("chain", IndustryChain), ("basis", PoolBasis)):
                self.filters[name].queryset = model.objects.filter(mine).distinct().order_by("order", "pk")

    def due_for_review(self, rows, name, value):
        return pool_reviews.due(rows, pack_of(self.request.user), localdate())

    @staticmethod
    def own_places(user):
        """Where the enterprises lie that this person acts for: it filters by the lists of their city too."""
        return Organisation.objects.filter(pk__in=user.scope.organisations).values("district")
