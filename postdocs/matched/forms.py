"""Which match led to a stay."""

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from stations.models import Match


class Named(forms.ModelChoiceField):
    def label_from_instance(self, row: Match) -> str:
        return f"{row.matter.number} {row.flow}（{row.signed_on:%Y-%m-%d}）"


class MatchForm(forms.Form):
    match = Named(
        label=pgettext_lazy("一次", "对接"),
        queryset=Match.objects.none(),
        required=False,
        empty_label=gettext_lazy("不是由对接引进"),
        help_text=gettext_lazy("列出的是本单位已签约的对接；需求指明了工作站的，只列这个站的"),
    )

    def __init__(self, *args, matches, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["match"].queryset = matches  # type: ignore[attr-defined]
