"""What the forms of several topics share: choices by name, findings, returns, the step with its words."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.forms import DayField, TidyField
from portal.models import ReturnCode
from portal.words import localised
from stations.applications import returns
from stations.models import CancelGround


class LocalisedChoice(forms.ModelChoiceField):
    def label_from_instance(self, row):
        return localised(row, "name")


class TitledChoice(forms.ModelChoiceField):
    def label_from_instance(self, row):
        return localised(row, "title")


class CertifyForm(forms.Form):
    truthful = forms.BooleanField(
        label=gettext_lazy("我代表单位确认：内容和材料真实、准确，不涉密。"),
        error_messages={"required": gettext_lazy("请先勾选承诺，再提交。")},
    )


class ExplainForm(forms.Form):
    answer = TidyField(
        label=gettext_lazy("不改的理由"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class VerdictForm(forms.Form):
    VERDICTS = {"met": True, "unmet": False, "unknown": None}

    verdict = forms.ChoiceField(
        label=gettext_lazy("结论"),
        choices=[(name, name) for name in VERDICTS],
        error_messages={"required": gettext_lazy("请选“符合”“不符合”或“待核实”。")},
    )
    note = TidyField(
        label=gettext_lazy("审核意见"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    phrase = TidyField(max_length=200, required=False, widget=forms.HiddenInput)  # the pick list of who has no scripts

    def clean(self):
        data = super().clean()
        if data.get("phrase") and data["phrase"] not in data.get("note", ""):
            data["note"] = f"{data.get('note', '')}{data['phrase']}"[:500]
        return data

    @property
    def value(self):
        return self.VERDICTS[self.cleaned_data["verdict"]]


class MoveForm(forms.Form):
    """What a step asks for besides the button: a note, the number and date of a paper."""

    ground = forms.ChoiceField(
        label=gettext_lazy("注销原因"), choices=[("", gettext_lazy("请选择")), *CancelGround.choices]
    )
    document = TidyField(label=gettext_lazy("文号"), max_length=80, help_text=gettext_lazy("例如 博管办〔2026〕28号"))
    document_on = DayField(label=gettext_lazy("文件日期"))
    note = TidyField(
        label=gettext_lazy("意见"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args, step, **kwargs):
        super().__init__(*args, prefix=step.action, **kwargs)
        needed = {name for name, _label in step.needs}
        for name in {"ground", "document", "document_on"} - needed:
            del self.fields[name]
        if step.note_needed:
            self.fields["note"].required = True
            self.fields["note"].label = _("理由")

    def details(self) -> dict:
        return {n: str(self.cleaned_data[n]) for n in ("ground", "document", "document_on") if n in self.cleaned_data}


class ReturnForm(forms.Form):
    """Everything that may be sent back, each with a tick, a reason and what to do; one row per target."""

    note = TidyField(
        label=gettext_lazy("总的说明"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    late = TidyField(
        label=gettext_lazy("为什么第一次退回时没有提出"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self, *args, labels: dict[str, str], suggested: dict[str, str], seen: set[str] | None = None, **kwargs
    ):
        """`seen`: what a return before this one could have named (None: there was none)."""
        super().__init__(*args, **kwargs)
        self.labels, self.seen = labels, seen
        if seen is None:
            del self.fields["late"]
        for target, label in labels.items():
            self.fields[f"on-{target}"] = forms.BooleanField(label=label, required=False, initial=target in suggested)
            self.fields[f"code-{target}"] = forms.ChoiceField(
                label=_("原因"), choices=[("", _("选择原因")), *ReturnCode.choices], required=False
            )
            self.fields[f"note-{target}"] = TidyField(
                label=_("怎么改"), max_length=300, required=False, initial=suggested.get(target, "")
            )

    def rows(self):
        """(target, tick, code, note) bound fields, for the template."""
        return [(t, self[f"on-{t}"], self[f"code-{t}"], self[f"note-{t}"]) for t in self.labels]

    def clean(self):
        data = super().clean()
        chosen = [t for t in self.labels if data.get(f"on-{t}")]
        for target in chosen:
            if not data.get(f"code-{target}"):
                self.add_error(f"code-{target}", _("请给“%(what)s”选一个原因。") % {"what": self.labels[target]})
            elif data[f"code-{target}"] == "R99" and not data.get(f"note-{target}"):
                self.add_error(
                    f"note-{target}", _("原因选“其他”时，请写明“%(what)s”怎么改。") % {"what": self.labels[target]}
                )
        if not chosen:
            raise ValidationError(_("请至少勾选一处要改的内容，并一次列全。"))
        late = [self.labels[t] for t in chosen if t in (self.seen or ())]
        if late and not data.get("late"):
            self.add_error("late", returns.too_late(late))
        return data

    def items(self) -> list[tuple[str, str, str, str]]:
        """(target, label, code, note) of what was ticked."""
        data = self.cleaned_data
        return [(t, label, data[f"code-{t}"], data[f"note-{t}"]) for t, label in self.labels.items() if data[f"on-{t}"]]
