"""What the pool and its candidates can be narrowed by; the API takes the same names."""

import django_filters as filters
from django import forms
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from portal.models import District, Organisation
from portal.site import pack_of
from stations import pool_reviews
from stations.enterprises import facts
from stations.filters import CaseFilter, LocalisedFilter, StatusFilter, chains_for
from stations.models import Enterprise, IndustryChain, PoolBasis, PoolEntry, PoolStatus, PoolTier


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
    status = StatusFilter(
        label=_("状态"), choices=[choice for choice in PoolStatus.choices if choice[0] != PoolStatus.NEW]
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


L = Enterprise.Level
RANKS = (L.NATIONAL, L.PROVINCIAL, L.MUNICIPAL)


class CandidateFilter(filters.FilterSet):
    """Of enterprises. `short` is asked of the conditions, so the page answers it, not this."""

    q = filters.CharFilter(
        label=_("单位、代码"),
        method="search",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("单位、代码")}),
    )
    district = LocalisedFilter(
        label=_("区镇"),
        queryset=District.objects.none(),
        field_name="organisation__district",
        empty_label=_("全部区镇"),
    )
    chain = LocalisedFilter(label=_("产业链"), queryset=None, empty_label=_("全部产业链"), null_label=_("未归入产业链"))
    tag = filters.ChoiceFilter(
        label=_("企业资质"), choices=Enterprise.Tag.choices, empty_label=_("全部资质"), method="carrying"
    )
    rd = filters.ChoiceFilter(
        label=_("研发机构"),
        choices=[(RANKS[0], _("国家级研发机构")), (RANKS[1], _("省级以上研发机构")), (RANKS[2], _("市级以上研发机构"))],
        empty_label=_("不限研发机构"),
        method="researching",
    )
    short = filters.ChoiceFilter(
        label=_("条件"),
        choices=[("0", _("条件已齐")), ("1", _("最多差 1 项")), ("2", _("最多差 2 项")), ("3", _("最多差 3 项"))],
        empty_label=_("不限条件"),
        method="nothing_yet",
    )

    class Meta:
        model = Enterprise
        fields = ("q", "district", "chain", "tag", "rd", "short")

    def __init__(self, data=None, queryset=None, *, request, on):
        super().__init__(data, queryset, request=request)
        self.on = on
        places = District.objects.filter(pk__in=request.user.scope.districts, children=None)
        self.filters["district"].queryset = places.order_by("path_order")
        self.filters["chain"].queryset = chains_for(request.user)

    def search(self, rows, name, value):
        return rows.filter(Q(organisation__name__icontains=value) | Q(organisation__code=value.upper()))

    def carrying(self, rows, name, value):
        """By the fact, not by the column: a certificate that is over doesn't count."""
        return rows.alias(carries=facts.enterprise.facts[f"is_{value}"].at(self.on)).filter(carries=True)

    def researching(self, rows, name, value):
        return rows.filter(rd_level__in=RANKS[: RANKS.index(L(value)) + 1])

    def nothing_yet(self, rows, name, value):
        return rows

    @property
    def most_short(self) -> int | None:
        """At most so many conditions may be open."""
        asked = self.form.cleaned_data.get("short") if self.is_valid() else ""
        return int(asked) if asked else None
