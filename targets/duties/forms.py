"""The border of duties: a word of progress, the steps with what each asks, papers."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.forms import TidyField


class NumberField(forms.DecimalField):
    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def __init__(self, **kwargs):
        super().__init__(max_digits=12, decimal_places=2, min_value=0, required=False, **kwargs)


class ProgressForm(forms.Form):
    """How far a unit is; it may bring a paper with it."""

    note = TidyField(
        label=_("进展"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("做了什么、还差什么；不要写个人信息"),
    )  # fmt: skip
    number = NumberField(label=_("完成数"), help_text=_("能用数说的写一个数"))
    upload = forms.FileField(
        label=_("佐证材料"), required=False, help_text=_("PDF、JPG 或 PNG，不超过 10 MB；看得到这项任务的人都能看")
    )


class DutyMoveForm(forms.Form):
    """What a step of an occurrence asks for."""

    progress = TidyField(
        label=_("完成情况"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("做成了什么，在哪里看得到"),
    )  # fmt: skip
    number = NumberField(label=_("完成数"))
    note = TidyField(label=_("意见"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args, step, **kwargs):
        super().__init__(*args, prefix=step.action, **kwargs)
        if step.action != "report":
            del self.fields["progress"], self.fields["number"]
        if step.note_needed:
            self.fields["note"].required = True
            self.fields["note"].label = _("为什么退回")
        elif step.action == "report":
            del self.fields["note"]

    def clean(self):
        data = super().clean()
        data.setdefault("note", "")
        return data

    def details(self) -> dict:
        data = self.cleaned_data
        told = {name: str(data[name]) for name in ("progress", "number") if data.get(name) not in (None, "")}
        return told
