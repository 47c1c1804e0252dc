"""The border of selections: who or what a list names."""

import django_filters as filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.forms import DayField, TidyField, WanField
from portal.models import Organisation
from postdocs.rosters.forms import stations
from postdocs.selections import rules
from postdocs.selections.models import Programme, Selection
from postdocs.stays.models import Stay
from postdocs.told_forms import ToldFilter, ToldForm, chosen
from stations.filters import LocalisedFilter


def programmes(user):
    """Those of the cities in which a person has to do with stations."""
    own = Organisation.objects.filter(pk__in=user.scope.organisations).values("district")
    here = Q(pack__root__down__node__in=user.scope.districts) | Q(pack__root__down__node__in=own)
    return Programme.objects.filter(here).distinct().order_by("order", "pk")


class SelectionForm(ToldForm):
    """A postdoc, or a project of a station; a plan or a fund selects persons."""

    FIRST = ("stay", "station")

    project = TidyField(
        label=gettext_lazy("项目名称"), max_length=120, required=False, help_text=gettext_lazy("路演和大赛必填")
    )
    year = forms.IntegerField(
        label=gettext_lazy("年度"),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        min_value=1985,
        max_value=2100,
    )
    listed_on = DayField(label=gettext_lazy("名单日期"))
    document = TidyField(label=gettext_lazy("文号或名单"), max_length=80)
    number = TidyField(label=gettext_lazy("资助或获奖编号"), max_length=40, required=False)
    rank = TidyField(
        label=gettext_lazy("等次"), max_length=20, required=False, help_text=gettext_lazy("例如金奖、一等资助")
    )
    amount = WanField(label=gettext_lazy("资助金额"), required=False)
    revoked_on = DayField(label=gettext_lazy("取消日期"), required=False, help_text=gettext_lazy("没有取消不填"))

    class Meta:
        model = Selection
        fields = (*("programme", "project", "year", "listed_on", "document", "number", "rank", "amount", "revoked_on"),)

    def prepare(self):
        stays = Stay.objects.filter(entered_on__isnull=False).select_related("matter", "person", "station__matter")
        stays = self.own(stays, organisation="matter__organisation", district="matter__district")
        places = self.own(stations(), organisation="matter__organisation", district="matter__district")
        stay = chosen(self.user, stays.order_by("-entered_on"), "matter__number", label=gettext_lazy("博士后"),
                      number=gettext_lazy("博士后的进站编号"), required=False)  # fmt: skip
        station = chosen(self.user, places, "matter__number", label=pgettext_lazy("一个", "工作站"),
                         number=gettext_lazy("工作站编号"), required=False)  # fmt: skip
        station.help_text = gettext_lazy("写明了博士后的可以不填")
        self.fields["programme"].queryset = programmes(self.user)  # type: ignore[attr-defined]
        self.fields = {"programme": self.fields["programme"], "stay": stay, "station": station, **self.fields}

    def clean(self):
        data = super().clean()
        if self.instance.pk is None and not (data.get("stay") or data.get("station")):
            self.add_error("stay", _("请写明入选的博士后；项目入选的至少写明工作站。"))
        stay = data.get("stay") or (self.instance.stay if self.instance.pk else None)
        about = {name: data.get(name) for name in ("project", "listed_on", "rank")}
        for name, sentence in rules.problems(data.get("programme"), stay, **about):
            if name != "stay":
                self.add_error(name, sentence)
            elif not self.errors:  # one who is named wrongly is told so already
                self.add_error("stay" if "stay" in self.fields else None, sentence)
        return data

    def build(self):
        row = super().build()
        if row.pk is None:
            row.stay = self.cleaned_data["stay"]
            row.station = row.stay.station if row.stay else self.cleaned_data["station"]
            matter = row.stay.matter if row.stay else row.station.matter
            row.organisation_id, row.district_id = matter.organisation_id, matter.district_id
        return row


class SelectionFilter(ToldFilter):
    FOUND = ("stay__person__name", "project", "document")

    programme = LocalisedFilter(
        label=gettext_lazy("遴选项目"), queryset=Programme.objects.none(), empty_label=gettext_lazy("全部遴选项目")
    )
    kind = filters.ChoiceFilter(
        label=gettext_lazy("类别"), field_name="programme__kind", choices=Programme.Kind.choices,
        empty_label=gettext_lazy("全部类别"),
    )  # fmt: skip
    year = filters.NumberFilter(
        label=gettext_lazy("年度"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 6, "placeholder": gettext_lazy("年度")}),
    )

    class Meta:
        model = Selection
        fields = ("q", "district", "state", "programme", "kind", "year")

    def __init__(self, *args, request=None, **kwargs):
        super().__init__(*args, request=request, **kwargs)
        if request:
            self.filters["programme"].queryset = programmes(request.user)
