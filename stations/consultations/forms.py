"""The border of consultations: raising one, and the steps with what each asks."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.forms import DayField, TidyField
from portal.models import Organisation
from stations.consultations.lifecycle import named, offices
from stations.forms import LocalisedChoice
from stations.models import Consultation, Enterprise, Station


class NamedChoice(forms.ModelChoiceField):
    def label_from_instance(self, row):
        return str(row)


class RaiseForm(forms.ModelForm):
    """A problem; an enterprise raises it of itself, officials of any enterprise they see, or of none."""

    title = TidyField(label=gettext_lazy("难点堵点"), max_length=100, help_text=gettext_lazy("一句话说清卡在哪里"))
    enterprise = NamedChoice(
        label=gettext_lazy("关于哪家单位"),
        queryset=Enterprise.objects.none(),
        required=False,
        empty_label=gettext_lazy("不针对某家单位"),
    )
    station = NamedChoice(
        label=gettext_lazy("关于哪个站"),
        queryset=Station.objects.none(),
        required=False,
        empty_label=gettext_lazy("不针对某个站"),
    )
    told = forms.BooleanField(
        label=gettext_lazy("单位可以看到这件会商"),
        required=False,
        initial=True,
        help_text=gettext_lazy("提出以后不能再改"),
    )

    class Meta:
        model = Consultation
        fields = ("topic", "title", "problem")
        widgets = {"problem": forms.Textarea(attrs={"rows": 5})}

    field_order = ("topic", "title", "problem", "enterprise", "station", "told")

    def __init__(self, *args, user, own: Enterprise | None, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.own = own
        self.fields["topic"].choices = [("", _("请选择")), *Consultation.Topic.choices]  # type: ignore[attr-defined]
        stations = Station.objects.visible_to(user).valid(today).select_related("matter")
        if own is not None:
            del self.fields["enterprise"], self.fields["told"]
            stations = stations.filter(enterprise=own)
        else:
            rows = Enterprise.objects.visible_to(user).select_related("organisation")
            self.fields["enterprise"].queryset = rows.order_by("organisation__name")  # type: ignore[attr-defined]
        self.fields["station"].queryset = stations.order_by("matter__title", "pk")  # type: ignore[attr-defined]

    def clean(self):
        data = super().clean()
        station, enterprise = data.get("station"), data.get("enterprise")
        if station and enterprise and station.enterprise_id != enterprise.pk:
            self.add_error("station", _("这个站不是所选单位的，请重新选。"))
        return data


class TalkMoveForm(forms.Form):
    """What a step of a consultation asks for."""

    owner = LocalisedChoice(
        label=gettext_lazy("牵头单位"), queryset=Organisation.objects.none(), empty_label=gettext_lazy("请选择")
    )
    participants = forms.ModelMultipleChoiceField(
        label=gettext_lazy("参加部门"),
        queryset=Organisation.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    meets_on = DayField(label=gettext_lazy("会商日期"))
    conclusion = TidyField(
        label=gettext_lazy("会商结论"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("谁、做什么、做到什么程度"),
    )
    held_on = DayField(label=gettext_lazy("实际会商日期"))
    due_on = DayField(label=gettext_lazy("落实期限"))
    note = TidyField(
        label=gettext_lazy("意见"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args, step, pack=None, **kwargs):
        super().__init__(*args, prefix=step.action, **kwargs)
        needed = {name for name, _label in step.needs}
        for name in {"owner", "meets_on", "conclusion", "held_on", "due_on"} - needed:
            del self.fields[name]
        if "owner" in needed:
            for name in ("owner", "participants"):
                self.fields[name].queryset = offices(pack)  # type: ignore[attr-defined]
        else:
            del self.fields["participants"]
        if "held_on" in needed:
            self.fields["held_on"].initial = localdate()
        if step.note_needed:
            self.fields["note"].required = True
            self.fields["note"].label = _("怎样落实的") if step.action in ("close", "carry_out") else _("理由")

    def clean(self):
        data = super().clean()
        held, due = data.get("held_on"), data.get("due_on")
        if held and due and due < held:
            raise ValidationError({"due_on": _("落实期限不能早于会商日期。")})
        return data

    def details(self) -> dict:
        """As the history keeps it: with the names of that day."""
        data = self.cleaned_data
        told: dict = {n: str(data[n]) for n in ("meets_on", "conclusion", "held_on", "due_on") if n in data}
        if "owner" in data:
            told |= named(data["owner"], data["participants"])
        return told


class MinutesForm(forms.Form):
    upload = forms.FileField(
        label=gettext_lazy("会商纪要"),
        help_text=gettext_lazy("PDF、JPG 或 PNG，不超过 10 MB；看得到这件会商的人都能看"),
    )
