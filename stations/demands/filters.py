"""What the lists of demands, matches and universities can be narrowed by."""

import django_filters as filters
from django import forms
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from stations import disciplines
from stations.demands import cooperation
from stations.filters import CaseFilter, LocalisedFilter, StatusFilter, chains_for
from stations.models import Demand, DemandStatus, IndustryChain, Match, MatchStatus, University


class DemandFilter(CaseFilter):
    kind = filters.ChoiceFilter(label=_("需求类型"), choices=Demand.Kind.choices, empty_label=_("全部类型"))
    status = StatusFilter(label=_("环节"), choices=DemandStatus.choices)
    chain = LocalisedFilter(label=_("产业链"), queryset=IndustryChain.objects.none(), empty_label=_("全部产业链"))

    class Meta:
        model = Demand
        fields = ("q", "district", "kind", "status", "chain")

    def __init__(self, *args, request=None, **kwargs):
        super().__init__(*args, request=request, **kwargs)
        if request:
            self.filters["chain"].queryset = chains_for(request.user)

    def search(self, rows, name, value):
        return super().search(rows, name, value) | rows.filter(title__icontains=value)


class MatchFilter(CaseFilter):
    status = filters.ChoiceFilter(label=_("阶段"), choices=MatchStatus.choices, empty_label=_("全部阶段"))

    class Meta:
        model = Match
        fields = ("q", "district", "status")

    def search(self, rows, name, value):
        return super().search(rows, name, value) | rows.filter(
            Q(flow__university__name__icontains=value) | Q(demand__title__icontains=value)
        )


class UniversityFilter(filters.FilterSet):
    q = filters.CharFilter(
        label=_("名称、学科、方向"),
        method="search",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("名称、学科、方向")}),
    )
    key = filters.ChoiceFilter(
        label=_("重点高校"), choices=[("true", _("只看重点高校"))], method="only_key", empty_label=_("全部高校院所")
    )

    signed = filters.ChoiceFilter(
        label=_("签约"), choices=[("true", _("已签约合作的"))], method="only_signed", empty_label=_("不论签约")
    )

    class Meta:
        model = University
        fields = ("q", "key", "signed")

    def search(self, rows, name, value):
        codes = [code for code in disciplines.catalogue() if value in disciplines.name_of(code)]
        found = Q(name__icontains=value) | Q(flows__strengths__icontains=value) | Q(flows__discipline__in=codes)
        return rows.filter(pk__in=University.objects.filter(found).values("pk"))

    def only_key(self, rows, name, value):
        return rows.filter(key=True)

    def only_signed(self, rows, name, value):
        """Those with an agreement in force that the person may see: the list counts them so."""
        return rows.filter(pk__in=cooperation.in_force(self.request.user, localdate()).values("university"))


class PublicFilter(filters.FilterSet):
    """The list that anybody may read."""

    q = filters.CharFilter(
        label=_("题目、单位"),
        method="search",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("题目、单位")}),
    )
    kind = filters.ChoiceFilter(label=_("需求类型"), choices=Demand.Kind.choices, empty_label=_("全部类型"))
    chain = LocalisedFilter(label=_("产业链"), queryset=IndustryChain.objects.none(), empty_label=_("全部产业链"))

    class Meta:
        model = Demand
        fields = ("q", "kind", "chain")

    def __init__(self, *args, pack, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["chain"].queryset = IndustryChain.objects.filter(pack=pack).order_by("order", "pk")

    def search(self, rows, name, value):
        return rows.filter(
            Q(title__icontains=value)
            | Q(description__icontains=value)
            | Q(enterprise__organisation__name__icontains=value)
        )
