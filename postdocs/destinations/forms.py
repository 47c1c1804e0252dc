"""The border of destinations: where somebody went, what a follow-up found."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.forms import DayField, TidyField, YesNoField
from postdocs.destinations.actions import COLUMNS
from postdocs.destinations.models import Destination, DestinationType, FollowUp
from postdocs.destinations.regions import name_of
from stations.import_columns import CreditCode

ANSWERS = {"yes": True, "no": False, "unknown": None}


class NumberField(forms.DecimalField):
    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def prepare_value(self, value):
        return f"{value.normalize():f}" if hasattr(value, "normalize") else value


class DestinationForm(forms.ModelForm):
    """Where somebody went. What is asked only of some stands under its own heading."""

    type = forms.ChoiceField(
        label=gettext_lazy("去向类型"), choices=[("", gettext_lazy("请选择")), *DestinationType.choices]
    )
    unit = TidyField(
        label=gettext_lazy("接收单位"), max_length=100, required=False, help_text=gettext_lazy("留设站单位的不填")
    )
    unit_code = CreditCode(label=gettext_lazy("接收单位信用代码"), max_length=18, required=False)
    region = TidyField(
        label=gettext_lazy("所在地区划代码"),
        max_length=6,
        required=False,
        help_text=gettext_lazy(
            "6 位，身份证号码前 6 位的编法，如 320583；进二站、回原单位的请填，系统据此判断是否在本市"
        ),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    position = TidyField(label=gettext_lazy("岗位"), max_length=60, required=False)
    contract_since = DayField(label=gettext_lazy("合同起"), required=False)
    contract_years = NumberField(
        label=gettext_lazy("合同年限"),
        max_digits=4,
        decimal_places=2,
        required=False,
        help_text=gettext_lazy("去企业的必填，单位为年；无固定期限填 99"),
    )
    full_time = YesNoField(label=gettext_lazy("是否全职"), required=False)
    company = TidyField(label=gettext_lazy("创办企业"), max_length=100, required=False)
    company_code = CreditCode(label=gettext_lazy("创办企业信用代码"), max_length=18, required=False)
    share = NumberField(label=gettext_lazy("本人股权比例（%）"), max_digits=5, decimal_places=2, required=False)
    registered_on = DayField(label=gettext_lazy("企业登记日期"), required=False)
    upload = forms.FileField(
        label=gettext_lazy("去向证明"),
        required=False,
        help_text=gettext_lazy("劳动合同、录用通知或营业执照；PDF、JPG 或 PNG，不超过 10 MB"),
    )
    reason = TidyField(
        label=gettext_lazy("特殊情况说明"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("去企业而合同不够长的，写明原因"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    class Meta:
        model = Destination
        fields = COLUMNS

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["reason"].label, self.fields["reason"].required = _("为什么更正"), True
            self.fields["reason"].help_text = _("原来的内容留在经过里")

    PARTS = (
        ("", ("type",)),
        (gettext_lazy("接收单位"), ("unit", "unit_code", "region", "position", "contract_since", "contract_years",
                                "full_time")),
        (gettext_lazy("自主创业的"), ("company", "company_code", "share", "registered_on")),
        (gettext_lazy("证明"), ("upload", "reason")),
    )  # fmt: skip

    def parts(self):
        """The fields under their headings."""
        return [(title, [self[name] for name in names]) for title, names in self.PARTS]

    def clean_region(self):
        code = self.cleaned_data["region"]
        if code and not name_of(code):
            raise ValidationError(_("没有 %(code)s 这个区划代码。请填 6 位数字，如 320583。") % {"code": code})
        return code

    def values(self) -> dict:
        return {name: self.cleaned_data[name] for name in COLUMNS}


class FollowUpForm(forms.ModelForm):
    """What was found out about somebody. Not to know is an answer."""

    answer = forms.ChoiceField(
        label=gettext_lazy("仍在本市吗"),
        choices=[("yes", gettext_lazy("在")), ("no", gettext_lazy("不在")), ("unknown", gettext_lazy("查不到"))],
        widget=forms.RadioSelect,
    )
    checked_on = DayField(label=gettext_lazy("核实日期"))
    where = TidyField(
        label=gettext_lazy("现在哪里"), max_length=100, required=False, help_text=gettext_lazy("单位或城市，知道就填")
    )
    source = forms.ChoiceField(
        label=gettext_lazy("核实方式"), choices=[("", gettext_lazy("请选择")), *FollowUp.Source.choices]
    )
    note = TidyField(label=gettext_lazy("说明"), max_length=200, required=False)

    class Meta:
        model = FollowUp
        fields = ("checked_on", "where", "source", "note")

    field_order = ("answer", "checked_on", "source", "where", "note")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["answer"] = next(code for code, value in ANSWERS.items() if value is self.instance.in_city)

    def values(self) -> dict:
        data = self.cleaned_data
        return {name: data[name] for name in self.Meta.fields} | {"in_city": ANSWERS[data["answer"]]}
