"""What is asked when a budget is entered, raised or cut."""

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.forms import TidyField, YuanField
from stations.forms import TitledChoice
from subsidies.schemes.models import BudgetLine


class ChangeForm(forms.Form):
    """How much, which way and why; `key` tells a second press from a second change."""

    way = forms.ChoiceField(
        label=gettext_lazy("办理"),
        choices=[("grant", gettext_lazy("追加")), ("cut", gettext_lazy("调减"))],
        widget=forms.RadioSelect,
    )
    amount = YuanField(label=gettext_lazy("金额"), help_text=gettext_lazy("元"))
    note = TidyField(label=gettext_lazy("依据或理由"), max_length=200, help_text=gettext_lazy("例如 年度预算批复文号"))
    key = forms.CharField(max_length=36, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = str(uuid.uuid4())

    @property
    def told(self) -> dict:
        data = self.cleaned_data
        return {"amount": data["amount"], "note": data["note"], "key": data["key"], "cut": data.get("way") == "cut"}


class BudgetForm(ChangeForm):
    """The budget of a line for a year."""

    line = TitledChoice(label=gettext_lazy("资金科目"), queryset=BudgetLine.objects.none(), empty_label=None)
    year = forms.IntegerField(
        label=gettext_lazy("年度"), widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 6})
    )
    field_order = ("line", "year", "amount", "note", "key")

    def __init__(self, *args, lines, this_year: int, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["way"]
        chosen: Any = self.fields["line"]
        chosen.queryset = lines
        self.fields["year"].initial = this_year
        self.this_year = this_year

    def clean_year(self):
        year = self.cleaned_data["year"]
        if not self.this_year - 1 <= year <= self.this_year + 3:
            raise ValidationError(
                _("年度应在 %(first)s 到 %(last)s 之间。") % {"first": self.this_year - 1, "last": self.this_year + 3}
            )
        return year
