"""The border of standing: the forms of steps, remedies and opinions."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.forms import DayField, TidyField
from stations.forms import MoveForm


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
