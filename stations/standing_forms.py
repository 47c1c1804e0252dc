"""The border of standing: the filter of the radar, the forms of steps, remedies and opinions."""

import django_filters as filters
from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from portal.forms import DayField, TidyField
from stations.filters import CaseFilter, DayFilter
from stations.forms import MoveForm
from stations.models import ClockStep, Station, StationKind, StationLevel


class StandingFilter(CaseFilter):
    """Stations by place, kind and level as of a day; which of their clocks are shown is narrowed by step."""

    on = DayFilter(label=_("看哪一天"), method="nothing_yet")
    kind = filters.ChoiceFilter(label=_("站点类型"), choices=StationKind.choices, empty_label=_("全部类型"))
    level = filters.ChoiceFilter(label=_("级别"), choices=StationLevel.choices, empty_label=_("全部级别"))
    step = filters.ChoiceFilter(
        label=_("下一步"), choices=ClockStep.Kind.choices, empty_label=_("全部步骤"), method="nothing_yet"
    )

    class Meta:
        model = Station
        fields = ("q", "district", "kind", "level", "step", "on")

    def asked(self, name: str):
        return self.form.cleaned_data.get(name) if self.is_valid() else None

    @property
    def day(self):
        """The day that was asked for, at the latest today."""
        return min(self.asked("on") or localdate(), localdate())

    def filter_queryset(self, queryset):
        return super().filter_queryset(queryset).filter(approved_on__lte=self.day)

    def nothing_yet(self, rows, name, value):
        return rows


class StandingMoveForm(MoveForm):
    """What a step asks for besides a note and a paper: a rectification's last day, the day the plate came back."""

    until = DayField(label=_("整改到"), help_text=_("最后一天"))
    returned_on = DayField(label=_("交回日期"))

    field_order = ("until", "returned_on", "document", "document_on", "note")

    def __init__(self, *args, step, **kwargs):
        super().__init__(*args, step=step, **kwargs)
        needed = {name for name, _label in step.needs}
        for name in {"until", "returned_on"} - needed:
            del self.fields[name]

    def details(self) -> dict:
        more = {n: str(self.cleaned_data[n]) for n in ("until", "returned_on") if n in self.cleaned_data}
        return super().details() | more


class RemedyForm(forms.Form):
    text = TidyField(label=_("措施"), max_length=200)
    due_on = DayField(label=_("计划完成"))


class DoneForm(forms.Form):
    done_on = DayField(label=_("完成日期"))
    result = TidyField(label=_("结果"), max_length=200)
    upload = forms.FileField(label=_("证明"), required=False, help_text=_("PDF、JPG 或 PNG，不超过 10 MB"))


class OpinionForm(forms.Form):
    """What the district thinks of the case."""

    VERDICTS = (("yes", _("同意处理")), ("no", _("建议不处理")), ("open", _("说不准")))

    verdict = forms.ChoiceField(label=_("意见"), choices=VERDICTS, widget=forms.RadioSelect)
    note = TidyField(label=_("理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))

    def answer(self) -> bool | None:
        return {"yes": True, "no": False, "open": None}[self.cleaned_data["verdict"]]
