"""The border of returns: opening a quarter, and the lines of a return."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.forms import TidyField
from portal.words import localised
from targets.models import Plan, Quarter, ReturnLine
from targets.plans.indicators import quarter_ends
from targets.reported.forms import FigureField
from targets.returns import actions


class OpenForm(forms.Form):
    """Which plan, which quarter: only those that are over and were not opened yet."""

    quarter = forms.ChoiceField(
        label=gettext_lazy("计划和季度"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("请选一个季度。"),
            "invalid_choice": gettext_lazy("这个季度已经开过，或还没有结束。请重新选。"),
        },
    )

    def __init__(self, *args, pack, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.found = {}
        opened = set(Quarter.objects.filter(plan__pack=pack).values_list("plan", "until"))
        for plan in Plan.objects.filter(pack=pack, since__lte=on).order_by("-until", "order", "pk"):
            if not actions.counted(plan):
                continue
            for until in [day for day in quarter_ends(plan, on) if (plan.pk, day) not in opened][:4]:
                self.found[f"{plan.code}:{until}"] = plan, until
        self.fields["quarter"].choices = [  # type: ignore[attr-defined]
            (key, f"{localised(plan, 'name')} · {Quarter(plan=plan, until=until)}")
            for key, (plan, until) in self.found.items()
        ]

    @property
    def chosen(self):
        return self.found[self.cleaned_data["quarter"]]


class LineForm(forms.ModelForm):
    """What a district says to one indicator; `answer` only where it was sent back."""

    comment = TidyField(label=gettext_lazy("差异说明"), max_length=300, required=False)
    why = TidyField(label=gettext_lazy("滞后原因"), max_length=300, required=False)
    measures = TidyField(label=gettext_lazy("措施"), max_length=300, required=False)
    answer = TidyField(label=gettext_lazy("不改的理由"), max_length=300, required=False)

    class Meta:
        model = ReturnLine
        fields = ("stated", "comment", "why", "measures")

    def __init__(self, *args, line, item=None, **kwargs):
        initial = {"answer": item.answer} if item else {}
        super().__init__(*args, instance=line, prefix=line.indicator.code, initial=initial, **kwargs)
        self.fields["stated"] = FigureField(
            decimals=line.indicator.decimals or 0 if line.indicator.kind != "rate" else 2,
            label=_("区镇填报"),
            required=False,
        )
        if item is None:
            del self.fields["answer"]

    def _post_clean(self):
        """The line is written by the action, which locks it: nothing of it is changed here."""
