"""Registration, and the enterprise's profile."""

from django import forms
from django.contrib.auth.forms import SetPasswordMixin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from stdnum.cn import uscc
from stdnum.exceptions import InvalidChecksum
from stdnum.exceptions import ValidationError as WrongCode

from portal.forms import CodeField, PhoneField, TidyField, WanField, WholeField, YesNoField
from portal.models import District, Organisation, Pack, User
from stations.forms import LocalisedChoice
from stations.models import Enterprise, IndustryChain


def is_unclaimed(organisation: Organisation) -> bool:
    """An enterprise that officials entered, for which nobody acts yet: its first handler may register."""
    return organisation.kind == Organisation.Kind.ENTERPRISE and not organisation.appointments.exists()


class RegistrationForm(SetPasswordMixin, forms.ModelForm):
    """A new enterprise by its credit code, and the account of its first handler.

    A credit code whose check digit fails is asked about, not refused: some licences were issued so.
    """

    code = CodeField(
        label=gettext_lazy("统一社会信用代码"),
        max_length=18,
        help_text=gettext_lazy("营业执照上的 18 位代码，空格和横线会自动去掉"),
    )
    code_confirmed = forms.BooleanField(
        label=gettext_lazy("与营业执照一致，继续使用这个代码"), required=False, widget=forms.HiddenInput
    )
    unit = TidyField(label=gettext_lazy("单位全称"), max_length=100, help_text=gettext_lazy("与营业执照一致"))
    district = LocalisedChoice(
        label=gettext_lazy("所属区镇"),
        queryset=District.objects.none(),
        empty_label=gettext_lazy("请选择"),
        help_text=gettext_lazy("按注册地址"),
    )
    name = TidyField(label=gettext_lazy("您的姓名"), max_length=60)
    phone = PhoneField(label=gettext_lazy("您的手机"), max_length=20, help_text=gettext_lazy("用来登录和接收通知"))
    password1, password2 = SetPasswordMixin.create_password_fields(
        label1=gettext_lazy("设置密码"), label2=gettext_lazy("再输一次密码")
    )

    field_order = ("code", "code_confirmed", "unit", "district", "name", "phone", "email", "password1", "password2")

    class Meta:
        model = User
        fields = ("name", "phone", "email")

    def __init__(self, *args, pack: Pack, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["district"].queryset = (  # type: ignore[attr-defined]
            District.objects.below(pack.root).exclude(pk=pack.root_id)
        )
        self.fields["phone"].required = True
        self.ask_about_code = False

    def clean_code(self):
        code = self.cleaned_data["code"]
        self.known = Organisation.objects.filter(code=code).first()
        if self.known and not is_unclaimed(self.known):
            raise ValidationError(
                _("代码 %(code)s 的单位已经注册。请本单位的经办人在“单位情况—人员”里邀请您；找不到经办人请打区镇电话。")
                % {"code": code}
            )
        try:
            uscc.validate(code)
        except InvalidChecksum:
            self.check_confirmed()
        except WrongCode as error:
            raise ValidationError(
                _(
                    "“%(code)s”不是统一社会信用代码：应为 18 位，由数字和大写字母（不含 I、O、S、V、Z）组成。请对照营业执照。"
                )
                % {"code": code}
            ) from error
        return code

    def check_confirmed(self):
        """The check digit fails: let the person compare with the licence, then go on."""
        if self.data.get("code_confirmed") in ("on", "true", "True"):
            return
        self.ask_about_code = True
        self.fields["code_confirmed"].widget = forms.CheckboxInput()
        raise ValidationError(
            _("代码的校验位不对，多半是输错了一位。请对照营业执照；如果确实一致，请勾选下面的确认后继续。")
        )

    def clean(self):
        known = getattr(self, "known", None)
        if known and self.cleaned_data.get("unit", known.name) != known.name:
            self.add_error("unit", _("这个代码已由区镇登记，名称是另一个。请照营业执照填写；仍不对请打区镇电话。"))
        self.validate_passwords()
        self.instance.username = self.cleaned_data.get("phone", "")
        self.validate_password_for_user(self.instance)
        return super().clean()


class ProfileForm(forms.ModelForm):
    autosave = True

    legal_person = YesNoField(label=gettext_lazy("独立法人"), required=False)
    revenue = WanField(label=gettext_lazy("上年度营业收入"), required=False)
    rd_spend = WanField(label=gettext_lazy("上年度研发投入"), required=False)
    staff = WholeField(label=gettext_lazy("职工人数"), required=False)
    rd_staff = WholeField(label=gettext_lazy("研发人员"), required=False)
    senior_staff = WholeField(label=gettext_lazy("高级职称人员"), required=False)
    doctors = WholeField(label=gettext_lazy("博士人数"), required=False)
    contact_phone = PhoneField(label=gettext_lazy("联系电话"), required=False, max_length=20)
    tags = forms.MultipleChoiceField(
        label=gettext_lazy("企业资质"),
        choices=Enterprise.Tag.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    chain = LocalisedChoice(
        label=gettext_lazy("重点产业链"),
        queryset=IndustryChain.objects.none(),
        required=False,
        empty_label=gettext_lazy("不在已公布的产业链内"),
    )

    class Meta:
        model = Enterprise
        fields = (
            *("unit_type", "legal_person", "address", "industry", "chain", "tags"),
            *("revenue", "rd_spend", "staff", "rd_staff", "senior_staff", "doctors", "rd_name", "rd_level"),
            *("contact", "contact_phone"),
        )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        district = self.instance.organisation.district_id
        chains = IndustryChain.objects.filter(pack__root__down__node=district).order_by("order", "pk")
        self.fields["chain"].queryset = chains
        for name in ("unit_type", "rd_level"):
            (_empty, _dashes), *choices = self.fields[name].choices
            self.fields[name].choices = [("", _("请选择")), *choices]
