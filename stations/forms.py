"""The border of stations: registration, the enterprise's profile, the parts of an application, officials' findings."""

from django import forms
from django.contrib.auth.forms import SetPasswordMixin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from stdnum.cn import uscc
from stdnum.exceptions import InvalidChecksum
from stdnum.exceptions import ValidationError as WrongCode

from portal.forms import CodeField, DayField, PhoneField, TidyField, WanField, WholeField, YesNoField
from portal.models import District, Organisation, Pack, ReturnCode, User
from portal.words import localised
from stations import returns
from stations.models import Answer, Application, CancelGround, Enterprise, IndustryChain, SiteVisit


class LocalisedChoice(forms.ModelChoiceField):
    def label_from_instance(self, row):
        return localised(row, "name")


class TitledChoice(forms.ModelChoiceField):
    def label_from_instance(self, row):
        return localised(row, "title")


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


class PlanForm(forms.ModelForm):
    autosave = True

    recruits = WholeField(label=gettext_lazy("两年内拟招收人数"), required=False, min_value=1, max_value=200)
    project_budget = WanField(label=gettext_lazy("项目经费"), required=False)
    salary_promise = WanField(label=gettext_lazy("承诺年薪"), required=False)
    manager_phone = PhoneField(label=gettext_lazy("管理人员电话"), required=False, max_length=20)
    classified = YesNoField(label=gettext_lazy("材料是否涉密"), required=False)

    class Meta:
        model = Application
        fields = Application.NEEDED
        widgets = {"innovation": forms.Textarea(attrs={"rows": 3})}

    def clean_classified(self):
        if self.cleaned_data["classified"]:
            raise ValidationError(_("涉密材料不得在网上填报和上传。请与区镇主管部门联系，改走线下办理。"))
        return self.cleaned_data["classified"]


class AnswerForm(forms.ModelForm):
    autosave = True

    claimed = YesNoField(label=gettext_lazy("是否符合"), required=False)

    class Meta:
        model = Answer
        fields = ("claimed", "statement")
        widgets = {"statement": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["claimed"].widget = forms.RadioSelect(
            choices=[("true", gettext_lazy("符合")), ("false", gettext_lazy("不符合"))]
        )


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


class VisitForm(forms.ModelForm):
    visited_on = DayField(label=gettext_lazy("考察日期"))
    visitors = TidyField(
        label=gettext_lazy("考察人员"), max_length=200, help_text=gettext_lazy("姓名和单位，用顿号隔开")
    )
    findings = TidyField(label=gettext_lazy("考察情况"), max_length=1000, widget=forms.Textarea(attrs={"rows": 5}))
    paper = forms.FileField(label=gettext_lazy("考察记录或照片"), required=False)

    class Meta:
        model = SiteVisit
        fields = ("visited_on", "visitors", "findings")


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
