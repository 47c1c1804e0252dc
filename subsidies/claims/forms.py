"""What the steps of a claim ask for, and where its money shall go."""

import re
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.forms import DayField, PhoneField, TidyField, YuanField
from portal.lifecycle import Transition
from postdocs.people.models import PaperKind
from postdocs.people.papers import normal
from stations.forms import MoveForm
from stations.import_columns import CreditCode
from subsidies.accounts.models import OtherPayee
from subsidies.schemes.models import Payee


class ClaimMoveForm(MoveForm):
    """The sum, the declaration, the day on which money came back: whatever the step needs."""

    ASKED = ("approved", "declared", "repaid_on")

    approved = YuanField(label=gettext_lazy("核定金额"), help_text=gettext_lazy("元；不能超过测算"))
    declared = forms.BooleanField(label=gettext_lazy("所填属实，没有在别处重复享受；如有不实，愿退回资金"))
    repaid_on = DayField(label=gettext_lazy("收回日期"))

    field_order = (*ASKED, "note")

    def __init__(self, *args, step: Transition, suggested: Decimal | None = None, **kwargs):
        super().__init__(*args, step=step, **kwargs)
        needed = {name for name, _label in step.needs}
        for name in set(self.ASKED) - needed:
            del self.fields[name]
        if "approved" in needed and suggested is not None:
            self.fields["approved"].initial = f"{suggested:.2f}"

    def details(self) -> dict:
        return super().details() | {n: str(self.cleaned_data[n]) for n in self.ASKED if n in self.cleaned_data}


class PayeeForm(forms.Form):
    """Whose money it is where no record says so; the kinds of paper are those of whom the scheme pays."""

    name = TidyField(label=gettext_lazy("收款人姓名或单位全称"), max_length=100)
    kind = forms.ChoiceField(label=gettext_lazy("证件"))
    number = TidyField(
        label=gettext_lazy("证件号码或信用代码"), max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-private": True}),
    )  # fmt: skip
    phone = PhoneField(label=gettext_lazy("联系电话"), max_length=20, required=False)

    UNIT = ("unit", gettext_lazy("单位：统一社会信用代码"))

    def __init__(self, data=None, *, payee: str, row: OtherPayee | None = None):
        started = {"name": row.name, "phone": row.phone, "kind": "unit" if row.unit else ""} if row else {}
        super().__init__(data, initial=started)
        kinds = [] if payee == Payee.BUYER else list(PaperKind.choices)
        kinds += [] if payee == Payee.SUPERVISOR else [self.UNIT]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]

    def clean(self):
        data = super().clean()
        kind, number = data.get("kind"), data.get("number")
        if kind and number:
            try:
                data["number"] = CreditCode().clean(number) if kind == "unit" else normal(kind, number)
            except ValidationError as error:
                self.add_error("number", error)
        return data

    @property
    def told(self) -> dict:
        data = self.cleaned_data
        return {n: data[n] for n in ("name", "number", "phone")} | {"unit": data["kind"] == "unit"}


class AccountForm(forms.Form):
    """An account: who holds it, where, its number typed twice because nobody can check it by reading."""

    holder = TidyField(label=gettext_lazy("户名"), max_length=100)
    bank = TidyField(
        label=gettext_lazy("开户行"), max_length=100, help_text=gettext_lazy("写到支行，例如 中国银行昆山分行")
    )
    number = TidyField(
        label=gettext_lazy("账号"), max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "data-private": True}),
    )  # fmt: skip
    again = TidyField(
        label=gettext_lazy("再填一遍账号"), max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "data-private": True}),
    )  # fmt: skip

    def clean_number(self):
        number = re.sub(r"[\s-]", "", self.cleaned_data["number"])
        if not re.fullmatch(r"\d{8,30}", number):
            raise ValidationError(_("账号应为 8 到 30 位数字，请对照银行卡或开户许可证。"))
        return number

    def clean(self):
        data = super().clean()
        again = re.sub(r"[\s-]", "", data.get("again", ""))
        if data.get("number") and again and again != data["number"]:
            self.add_error("again", _("两次填的账号不一样，请核对。"))
        return data

    @property
    def told(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("holder", "bank", "number")}


class FindingForm(forms.Form):
    """What an officer found of one condition."""

    verdict = forms.TypedChoiceField(
        label=gettext_lazy("认定"),
        choices=[("yes", gettext_lazy("符合")), ("no", gettext_lazy("不符合"))],
        coerce=lambda v: v == "yes",
        widget=forms.RadioSelect,
    )
    note = TidyField(label=gettext_lazy("依据和理由"), max_length=300, required=False)
