"""What batches of payment ask for: a code at the release, a result, a list of results."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.forms import DayField, TidyField


class ReleaseForm(forms.Form):
    """The fresh code of whoever releases."""

    token = TidyField(
        label=gettext_lazy("6 位验证码"),
        max_length=20,
        help_text=gettext_lazy("打开手机上的验证码应用，输入现在的 6 位数字；登录时用过的不能再用。"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class ResultForm(forms.Form):
    """What the bank did with one payment."""

    result = forms.ChoiceField(
        label=gettext_lazy("结果"),
        choices=[("paid", gettext_lazy("到账")), ("bounced", gettext_lazy("退票"))],
        widget=forms.RadioSelect,
    )
    day = DayField(label=gettext_lazy("到账或退票日期"))
    reason = TidyField(
        label=gettext_lazy("退票原因"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("退票时填写，例如 户名与账号不符"),
    )

    def clean(self):
        data = super().clean()
        if data.get("result") == "bounced" and not data.get("reason"):
            self.add_error("reason", _("退票要写原因，单位和本人才知道改什么。"))
        return data

    @property
    def told(self) -> dict:
        data = self.cleaned_data
        return {"paid": data["result"] == "paid", "day": data["day"], "reason": data["reason"]}
