"""The border of registrations: the letter with the seal, and the office's answer."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.forms import TidyField
from stations.models import Registration

Proof = Registration.Proof


class LetterForm(forms.Form):
    """`needed`: there is nothing else to send."""

    file = forms.FileField(
        label=gettext_lazy("盖章的授权函"), error_messages={"required": gettext_lazy("请先选择授权函文件。")}
    )

    def __init__(self, *args, needed: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["file"].required = needed


class AnswerForm(forms.Form):
    """One step of an office: how it made sure, or why it doesn't confirm."""

    proof = forms.ChoiceField(label=gettext_lazy("怎样核对的"), choices=Proof.choices, widget=forms.RadioSelect)
    note = TidyField(
        label=gettext_lazy("说明"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args, step, has_letter, **kwargs):
        super().__init__(*args, prefix=step.action, **kwargs)
        if not step.needs:
            del self.fields["proof"]
        else:
            self.fields["proof"].initial = Proof.LETTER if has_letter else Proof.PHONE
            self.fields["note"].help_text = _("打电话的，写明打给谁、哪个号码；号码请另行查找，不用申请人填的")
        if step.note_needed:
            self.fields["note"].required = True
            self.fields["note"].label = _("理由")
            self.fields["note"].help_text = _("申请人会看到；写明缺什么、怎样补")

    def details(self) -> dict:
        return {"proof": self.cleaned_data["proof"]} if "proof" in self.cleaned_data else {}
