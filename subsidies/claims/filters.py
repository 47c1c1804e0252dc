"""What the list of claims can be narrowed by; the API takes the same names."""

import re

import django_filters as filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.site import pack_of
from stations.filters import CaseFilter, LocalisedFilter
from subsidies.claims.models import Claim, ClaimStatus
from subsidies.schemes.models import SubsidyScheme

PARTS = (("open", _("办理中")), ("waiting", _("已批准未到账")), ("paid", _("已拨付")), ("gone", _("未给或撤回")))
C = ClaimStatus
STATES = {
    "open": [C.DRAFT, C.PERSON, C.UNIT, C.DISTRICT, C.HANDLING, C.REVIEW, C.APPROVAL],
    "waiting": [C.PUBLICITY, C.DISPUTED, C.PAYABLE, C.BATCHED, C.RELEASED, C.BOUNCED],
    "paid": [C.PAID, C.RECOVERING],
    "gone": [C.REFUSED, C.WITHDRAWN, C.RECOVERED],
}


class ClaimFilter(CaseFilter):
    """`q` finds a number, whose money it is, an enterprise."""

    q = filters.CharFilter(
        label=_("编号、姓名、单位"),
        method="search",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("编号、姓名、单位")}),
    )
    scheme = LocalisedFilter(
        label=_("资助项目"), queryset=SubsidyScheme.objects.none(), field_name="instalment__version__scheme",
        empty_label=_("全部资助项目"),
    )  # fmt: skip
    shown = filters.ChoiceFilter(label=_("范围"), choices=PARTS, empty_label=_("全部进度"), method="in_part")
    status = filters.MultipleChoiceFilter(
        label=_("环节"), choices=ClaimStatus.choices, widget=forms.CheckboxSelectMultiple
    )
    year = filters.NumberFilter(
        label=_("申领年份"), field_name="matter__opened_on__year",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 6, "placeholder": _("年份")}),
    )  # fmt: skip

    paid_in = filters.CharFilter(
        label=_("到账年月"), method="was_paid_in",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 15, "placeholder": _("到账，如 2026-03")}),
    )  # fmt: skip

    class Meta:
        model = Claim
        fields = ("q", "scheme", "shown", "district", "status", "year", "paid_in")

    def __init__(self, *args, request=None, **kwargs):
        super().__init__(*args, request=request, **kwargs)
        if request:
            self.filters["scheme"].queryset = schemes_for(request.user)

    def search(self, rows, name, value):
        found = Q(person__name__icontains=value) | Q(matter__organisation__name__icontains=value)
        if value.isascii() and value.isalpha():
            found |= Q(person__initials__startswith=value.lower())
        return rows.filter(found | Q(matter__number__icontains=value))

    def was_paid_in(self, rows, name, value):
        """A year, or a month of it; anything else finds nothing."""
        said = re.fullmatch(r"(20\d\d)(?:-(0?[1-9]|1[0-2]))?", value.strip())
        if said is None:
            return rows.none()
        rows = rows.filter(paid_on__year=int(said[1]))
        return rows.filter(paid_on__month=int(said[2])) if said[2] else rows

    def in_part(self, rows, name, value):
        return rows.filter(status__in=STATES[value])


def schemes_for(user):
    """The schemes of the city a person works in."""
    return SubsidyScheme.objects.published().filter(pack=pack_of(user)).order_by("order", "pk")
