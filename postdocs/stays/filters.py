"""What the list of postdocs can be narrowed by; the API takes the same names."""

import django_filters as filters
from django import forms
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from postdocs.stays.models import IN_SERVICE, INSIDE, RecruitType, Stay, StayStatus
from stations.filters import CaseFilter, LocalisedFilter, chains_for
from stations.models import IndustryChain

SHOWN = (("inside", _("在站")), ("overdue", _("逾期未出站")), ("out", _("已出站")), ("before", _("进站在办")))


class StayFilter(CaseFilter):
    """`q` finds a name, its pinyin initials, a number of the matter or of the national committee, an enterprise."""

    q = filters.CharFilter(
        label=_("姓名、首字母、编号、单位"),
        method="search",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("姓名、首字母、编号、单位")}),
    )
    shown = filters.ChoiceFilter(label=_("范围"), choices=SHOWN, empty_label=_("全部"), method="in_part")
    status = filters.MultipleChoiceFilter(
        label=_("环节"), choices=StayStatus.choices, widget=forms.CheckboxSelectMultiple
    )
    chain = LocalisedFilter(
        label=_("产业链"), queryset=IndustryChain.objects.none(), field_name="station__chain",
        empty_label=_("全部产业链"),
    )  # fmt: skip
    recruit_type = filters.ChoiceFilter(label=_("招收类型"), choices=RecruitType.choices, empty_label=_("全部招收类型"))
    time = filters.ChoiceFilter(
        label=_("全职或在职"),
        choices=(("full", pgettext_lazy("博士后", "全职")), ("part", pgettext_lazy("博士后", "在职"))),
        empty_label=_("全职和在职"),
        method="by_time",
    )
    year = filters.NumberFilter(
        label=_("进站年份"),
        field_name="entered_on__year",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 6, "placeholder": _("进站年份")}),
    )

    class Meta:
        model = Stay
        fields = ("q", "shown", "district", "status", "chain", "recruit_type", "time", "year")

    def __init__(self, *args, request=None, **kwargs):
        super().__init__(*args, request=request, **kwargs)
        if request:
            self.filters["chain"].queryset = chains_for(request.user)

    def search(self, rows, name, value):
        found = Q(person__name__icontains=value) | Q(committee_number__iexact=value)
        if value.isascii() and value.isalpha():
            found |= Q(person__initials__startswith=value.lower())
        return rows.filter(found | Q(matter__number__icontains=value) | Q(matter__organisation__name__icontains=value))

    def in_part(self, rows, name, value):
        parts = {
            "inside": Q(status__in=INSIDE),
            "overdue": Q(status__in=INSIDE, planned_until__lt=localdate()),
            "out": Q(ended_on__isnull=False),
            "before": Q(status__in=("draft", "district", "filing")),
        }
        return rows.filter(parts[value])

    def by_time(self, rows, name, value):
        part = Q(identity__in=IN_SERVICE)
        return rows.filter(part if value == "part" else ~part & ~Q(identity=""))
