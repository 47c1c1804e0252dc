"""The border of requests: asking for a service, and the steps with what each asks."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.forms import TidyField
from portal.models import Organisation
from postdocs.services.models import Service, ServiceRequest
from postdocs.stays.models import Stay
from stations.consultations.lifecycle import offices
from stations.forms import LocalisedChoice

SCORES = [
    ("5", gettext_lazy("5 分，很满意")),
    ("4", gettext_lazy("4 分，满意")),
    ("3", gettext_lazy("3 分，一般")),
    ("2", gettext_lazy("2 分，不满意")),
    ("1", gettext_lazy("1 分，很不满意")),
]


class StayChoice(forms.ModelChoiceField):
    def label_from_instance(self, row):
        return f"{row.person} · {row.matter.organisation}"


class AskForm(forms.Form):
    """Asking for one service: for whom, at which tier of a card, and what exactly."""

    stay = StayChoice(label=gettext_lazy("为谁提出"), queryset=Stay.objects.none(), empty_label=gettext_lazy("请选择"))
    tier = forms.ChoiceField(label=gettext_lazy("档次"))
    content = TidyField(
        label=gettext_lazy("诉求内容"), max_length=1000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("想办什么、现在到哪一步、什么时候要；不要写证件号码"),
    )  # fmt: skip

    def __init__(self, *args, service: Service, stays, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["stay"]
        field.queryset = stays  # type: ignore[attr-defined]
        if (first := stays[:2]) and len(first) == 1:
            field.initial = first[0].pk
        if service.tiers:
            self.fields["tier"].choices = [("", _("请选择")), *service.tier_labels.items()]  # type: ignore[attr-defined]
        else:
            del self.fields["tier"]


class RequestMoveForm(forms.Form):
    """What a step of a request asks for."""

    owner = LocalisedChoice(
        label=gettext_lazy("承办部门"), queryset=Organisation.objects.none(), empty_label=gettext_lazy("请选择")
    )
    outcome = forms.ChoiceField(
        label=gettext_lazy("结果"), choices=[("", gettext_lazy("请选择")), *ServiceRequest.Outcome.choices]
    )
    answer = TidyField(
        label=gettext_lazy("答复"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("办成了什么，下一步找谁；办不了的写明原因和依据"),
    )  # fmt: skip
    score = forms.ChoiceField(label=gettext_lazy("评分"), choices=SCORES, widget=forms.RadioSelect)
    comment = TidyField(
        label=gettext_lazy("评价"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    note = TidyField(
        label=gettext_lazy("意见"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args, step, pack=None, **kwargs):
        super().__init__(*args, prefix=step.action, **kwargs)
        needed = {name for name, _label in step.needs}
        for name in {"owner", "outcome", "answer", "score"} - needed:
            del self.fields[name]
        if "score" not in needed:
            del self.fields["comment"]
        if "owner" in needed:
            self.fields["owner"].queryset = offices(pack)  # type: ignore[attr-defined]
        if step.note_needed:
            self.fields["note"].required = True
            self.fields["note"].label = _("回访情况") if step.action == "settle" else _("理由")
        elif step.action in ("accept", "answer", "rate"):
            del self.fields["note"]

    def clean(self):
        data = super().clean()
        data.setdefault("note", "")
        return data

    def details(self) -> dict:
        """As the history keeps it: with the names of that day."""
        data = self.cleaned_data
        told: dict = {n: data[n] for n in ("outcome", "answer", "score", "comment") if data.get(n)}
        if "owner" in data:
            told |= {"owner": data["owner"].pk, "owner_name": data["owner"].name}
        return told
