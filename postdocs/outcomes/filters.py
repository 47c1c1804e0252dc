"""What the list of outcomes can be narrowed by; the API takes the same names."""

import django_filters as filters
from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from postdocs.outcomes.kinds import OutcomeKind, bare
from postdocs.outcomes.models import Outcome, OutcomeStatus, Owner
from stations.filters import CaseFilter, LocalisedFilter, chains_for
from stations.models import IndustryChain


class OutcomeFilter(CaseFilter):
    """`q` finds a title, a number of whatever sort, an owner or their initials, an enterprise."""

    q = filters.CharFilter(
        label=_("名称、编号、完成人、单位"),
        method="search",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("名称、编号、完成人、单位")}),
    )
    kind = filters.ChoiceFilter(label=_("类型"), choices=OutcomeKind.choices, empty_label=_("全部类型"))
    status = filters.MultipleChoiceFilter(
        label=_("环节"), choices=OutcomeStatus.choices, widget=forms.CheckboxSelectMultiple
    )
    chain = LocalisedFilter(
        label=_("产业链"), queryset=IndustryChain.objects.none(), field_name="station__chain",
        empty_label=_("全部产业链"),
    )  # fmt: skip
    year = filters.NumberFilter(
        label=_("成果年份"),
        field_name="done_on__year",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 6, "placeholder": _("年份")}),
    )

    class Meta:
        model = Outcome
        fields = ("q", "kind", "district", "status", "chain", "year")

    def __init__(self, *args, request=None, **kwargs):
        super().__init__(*args, request=request, **kwargs)
        if request:
            self.filters["chain"].queryset = chains_for(request.user)

    def search(self, rows, name, value):
        people = Owner.objects.filter(outcome=OuterRef("pk"))
        named = Q(stay__person__name__icontains=value)
        if value.isascii() and value.isalpha():
            named |= Q(stay__person__initials__startswith=value.lower())
        found = Q(title__icontains=value) | Exists(people.filter(named))
        if len(bare(value)) >= 4:
            found |= Q(key__contains=bare(value)) | Q(key__contains=value.strip().lower())
        return rows.filter(found | Q(matter__number__icontains=value) | Q(matter__organisation__name__icontains=value))
