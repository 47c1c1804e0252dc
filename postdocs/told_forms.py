"""What the forms and filters of told rows share: whose row it is, the search, the state."""

from typing import Any

import django_filters as filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.forms import CodeField
from portal.models import District
from postdocs.told import OFFICERS, WRITERS
from stations.filters import LocalisedFilter


def writable(user, rows: QuerySet, *, organisation: str, district: str) -> QuerySet:
    """Of these rows those about which this person may tell something; the names are paths."""
    found = Q(pk__in=[])
    for role in WRITERS:
        organisations, districts = user.scope.by_role.get(role, (frozenset(), frozenset()))
        found |= Q(**{f"{organisation}__in": organisations}) | Q(**{f"{district}__in": districts})
    return rows.filter(found)


class NumberOf(CodeField):
    """A row by its number, where there are too many to choose from."""

    def __init__(self, rows: QuerySet, path: str, **kwargs):
        super().__init__(**kwargs)
        self.rows, self.path = rows, path

    def clean(self, value):
        number = super().clean(value)
        if not number:
            return None
        row = self.rows.filter(**{self.path: number}).first()
        if row is None:
            raise ValidationError(_("没有 %(number)s，或它不在您的范围内。请核对。") % {"number": number})
        return row

    def to_python(self, value):  # numbers of matters have their hyphens
        return forms.CharField.to_python(self, value).replace(" ", "").upper()


def chosen(user, rows: QuerySet, path: str, *, label, number, required: bool = True) -> forms.Field:
    """One of these rows: chosen from a list by an enterprise, by its number by an official."""
    if user.scope.roles & OFFICERS:
        return NumberOf(rows, path, label=number, required=required)
    empty = gettext_lazy("请选择")
    field = forms.ModelChoiceField(rows, label=label, required=required, empty_label=empty)
    if required and len(some := list(rows[:2])) == 1:
        field.initial = some[0].pk
    return field


class ToldForm(forms.ModelForm):
    """`FIRST` are asked once, when the row is made: whoever they name can't be changed after."""

    FIRST: tuple[str, ...] = ()

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.prepare()
        if self.instance.pk:
            for name in self.FIRST:
                del self.fields[name]

    def prepare(self) -> None:
        """Fields that depend on who tells."""

    def own(self, rows: QuerySet, *, organisation: str, district: str) -> QuerySet:
        return writable(self.user, rows, organisation=organisation, district=district)

    def build(self) -> Any:
        """The row as it was told; called once it is valid."""
        return self.save(commit=False)


STATES = (("waiting", gettext_lazy("待核对")), ("confirmed", gettext_lazy("已核对")))


class ToldFilter(filters.FilterSet):
    FOUND: tuple[str, ...] = ()  # the columns that a search looks into

    q = filters.CharFilter(
        label=gettext_lazy("姓名、单位"),
        method="search",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": gettext_lazy("姓名、单位")}),
    )
    district = LocalisedFilter(
        label=gettext_lazy("区镇"), queryset=District.objects.none(), empty_label=gettext_lazy("全部区镇")
    )
    state = filters.ChoiceFilter(
        label=gettext_lazy("核对"), choices=STATES, empty_label=gettext_lazy("全部核对情况"), method="in_state"
    )

    def __init__(self, data=None, queryset=None, *, request=None, **kwargs):
        super().__init__(data, queryset, request=request, **kwargs)
        scope = request.user.scope.districts if request else frozenset()
        places = District.objects.filter(pk__in=scope, children=None).order_by("path_order")
        self.filters["district"].queryset = places

    def search(self, rows, name, value):
        found = Q(organisation__name__icontains=value)
        for path in self.FOUND:
            found |= Q(**{f"{path}__icontains": value})
        return rows.filter(found)

    def in_state(self, rows, name, value):
        return rows.filter(confirmed_on__isnull=value == "waiting")
