"""The optional particulars, folded away on the form of an entry."""

from django import forms
from django.utils.translation import gettext_lazy

from portal.forms import TidyField, YesNoField
from postdocs.particulars.models import Marital


class ParticularsForm(forms.Form):
    """Nothing here is needed; what is told of the family is kept sealed."""

    marital = forms.ChoiceField(
        label=gettext_lazy("婚姻状况"), required=False, choices=[("", gettext_lazy("不填")), *Marital.choices]
    )
    spouse_name = TidyField(
        label=gettext_lazy("配偶姓名"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"data-private": True}),
    )
    spouse_unit = TidyField(label=gettext_lazy("配偶工作单位"), required=False, max_length=80)
    spouse_follows = YesNoField(label=gettext_lazy("配偶随站流动"), required=False)
    children = TidyField(
        label=gettext_lazy("子女情况"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("每人一行：姓名、出生年月、在读学校"),
        widget=forms.Textarea(attrs={"rows": 2, "data-private": True}),
    )

    def __init__(self, data=None, *, initial: dict | None = None, locked: bool = False):
        super().__init__(data, initial=initial, prefix="more")
        for field in self.fields.values():
            field.disabled = locked
