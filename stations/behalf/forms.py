"""The border of filling in for an enterprise: which one, what for, and the paper it consents by."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from stdnum.cn import uscc
from stdnum.exceptions import InvalidChecksum
from stdnum.exceptions import ValidationError as WrongCode

from portal.forms import CodeField, DayField, TidyField
from portal.models import District, Organisation
from stations.forms import LocalisedChoice, TitledChoice
from stations.models import ApplicationType, Enterprise
from stations.pool.forms import targets_of


class BehalfForm(forms.Form):
    """An enterprise by its code; name and district are asked for where the portal doesn't know it yet."""

    code = CodeField(
        label=gettext_lazy("统一社会信用代码"), max_length=18, help_text=gettext_lazy("平台上没有的单位会一并登记")
    )
    code_confirmed = forms.BooleanField(
        label=gettext_lazy("与营业执照一致，继续使用这个代码"), required=False, widget=forms.HiddenInput
    )
    unit = TidyField(
        label=gettext_lazy("单位全称"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("平台上没有的单位才要填"),
    )
    district = LocalisedChoice(
        label=gettext_lazy("所属区镇"),
        queryset=District.objects.none(),
        required=False,
        empty_label=gettext_lazy("请选择"),
        help_text=gettext_lazy("平台上没有的单位才要选"),
    )
    type = TitledChoice(
        label=gettext_lazy("申报什么"), queryset=ApplicationType.objects.none(), empty_label=gettext_lazy("请选择")
    )
    signer = TidyField(
        label=gettext_lazy("单位签字人"), max_length=60, help_text=gettext_lazy("在委托书上签字的人和职务")
    )
    given_on = DayField(label=gettext_lazy("同意日期"), help_text=gettext_lazy("委托书上的日期"))
    file = forms.FileField(
        label=gettext_lazy("代填委托书"),
        error_messages={"required": gettext_lazy("请上传单位盖章的代填委托书。")},
    )

    def __init__(self, *args, pack, user, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, self.on, self.known = user, on, None
        places = District.objects.filter(pk__in=user.scope.districts, children=None).order_by("path_order")
        self.fields["district"].queryset = places
        self.fields["type"].queryset = targets_of(pack, on)

    def clean_code(self):
        code = self.cleaned_data["code"]
        mine = Enterprise.objects.visible_to(self.user).select_related("organisation")
        self.known = mine.filter(organisation__code=code).first()
        if self.known is None:
            self.check_code(code)
        return code

    def check_code(self, code):
        """A code that the portal doesn't know must be one, and must not belong to a unit out of this office's reach."""
        try:
            uscc.validate(code)
        except InvalidChecksum:
            if self.data.get("code_confirmed") not in ("on", "true", "True"):
                self.fields["code_confirmed"].widget = forms.CheckboxInput()
                text = _("代码的校验位不对，多半是输错了一位。请对照营业执照；如果确实一致，请勾选下面的确认后继续。")
                raise ValidationError(text) from None
        except WrongCode as error:
            text = _(
                "“%(code)s”不是统一社会信用代码：应为 18 位，由数字和大写字母（不含 I、O、S、V、Z）组成。请对照营业执照。"
            )
            raise ValidationError(text % {"code": code}) from error
        if Organisation.objects.filter(code=code).exists():
            raise ValidationError(_("您的区镇没有代码为 %(code)s 的单位，请核对代码和单位所属区镇。") % {"code": code})

    def clean_given_on(self):
        day = self.cleaned_data["given_on"]
        if day > self.on:
            raise ValidationError(_("同意日期 %(day)s 在今天之后，请核对。") % {"day": day})
        return day

    def clean(self):
        data = super().clean()
        if "code" in data and self.known is None:
            if not data.get("unit"):
                self.add_error("unit", _("平台上还没有这家单位，请照营业执照填写全称。"))
            if not data.get("district"):
                self.add_error("district", _("平台上还没有这家单位，请选它所属的区镇。"))
        return data
