"""The border of disclosures: what for, and for a search which number."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.forms import CodeField, TidyField
from postdocs.disclosures.models import Purpose
from postdocs.people import papers
from postdocs.people.models import PaperKind


class PurposeForm(forms.Form):
    purpose = forms.ChoiceField(label=gettext_lazy("目的"), choices=[("", gettext_lazy("请选择")), *Purpose.choices])
    note = TidyField(
        label=gettext_lazy("说明"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("目的选“其他”的必填；本人看得到"),
    )

    def clean(self):
        data = super().clean()
        if data.get("purpose") == Purpose.OTHER and not data.get("note"):
            self.add_error("note", _("目的选“其他”的，请写明做什么用。"))
        return data


class SearchForm(PurposeForm):
    """What was typed isn't shown again: the answer must not depend on the number."""

    kind = forms.ChoiceField(label=gettext_lazy("证件类型"), choices=PaperKind.choices)
    number = CodeField(
        label=gettext_lazy("证件号码"),
        max_length=30,
        help_text=gettext_lazy("须完整；不支持按部分号码查找"),
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "data-private": True}),
    )
    field_order = ("kind", "number", "purpose", "note")

    def clean(self):
        data = super().clean()
        if data.get("number") and data.get("kind"):
            try:
                data["number"] = papers.normal(data["kind"], data["number"])
            except ValidationError as wrong:
                self.add_error("number", wrong)
        return data
