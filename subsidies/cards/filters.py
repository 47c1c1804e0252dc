"""What the list of those who haven't claimed and the calendar can be narrowed by."""

import django_filters as filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.models import District
from stations.filters import LocalisedFilter
from subsidies.cards.due import NAMES, ORGANISATION, of_district
from subsidies.claims.filters import schemes_for
from subsidies.entitlements.models import Entitlement
from subsidies.schemes.models import SubsidyScheme


class EntitlementFilter(filters.FilterSet):
    """`q` finds whom it is for, or an enterprise."""

    q = filters.CharFilter(
        label=_("姓名、单位"),
        method="search",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("姓名、单位")}),
    )
    scheme = LocalisedFilter(
        label=_("资助项目"), queryset=SubsidyScheme.objects.none(), field_name="version__scheme",
        empty_label=_("全部资助项目"),
    )  # fmt: skip
    district = LocalisedFilter(
        label=_("区镇"), queryset=District.objects.none(), method="in_district", empty_label=_("全部区镇")
    )

    class Meta:
        model = Entitlement
        fields = ("q", "scheme", "district")

    def __init__(self, *args, request=None, **kwargs):
        super().__init__(*args, request=request, **kwargs)
        if request:
            self.filters["scheme"].queryset = schemes_for(request.user)
            places = District.objects.filter(pk__in=request.user.scope.districts, children=None)
            self.filters["district"].queryset = places.order_by("path_order")

    def search(self, rows, name, value):
        found = Q(pk__in=[])
        for path in (*NAMES.values(), *(f"{path}__name" for path in ORGANISATION.values())):
            found |= Q(**{f"{path}__icontains": value})
        return rows.filter(found)

    def in_district(self, rows, name, value):
        return of_district(rows, value)
