"""The border of what is asked for and written down during a stay."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.facts import Finding
from portal.forms import DayField, TidyField, WanField, WholeField
from portal.lifecycle import Transition
from postdocs.inside.models import COLUMNS, Abroad, Change, ChangeKind, Extension, Grant
from postdocs.stays.models import RecruitType, Stay
from stations.forms import MoveForm
from stations.models import FlowStation

REASON = {"label": gettext_lazy("理由"), "max_length": 500}


def consent():
    return forms.FileField(
        label=gettext_lazy("同意意见（盖章扫描件）"),
        required=False,
        help_text=gettext_lazy("PDF、JPG 或 PNG，不超过 10 MB；可以先保存，提交前传好"),
    )


class AskForm(forms.ModelForm):
    """What both kinds have in common: days of consent are not in the future."""

    DAYS: tuple[str, ...] = ()

    def __init__(self, *args, stay: Stay, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.stay, self.today = stay, today

    def clean(self):
        data = super().clean()
        for name in self.DAYS:
            if data.get(name) and data[name] > self.today:
                self.add_error(name, _("%(day)s 在今天之后，请核对。") % {"day": data[name]})
        return data

    def values(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if name != "upload"}


class ExtensionForm(AskForm):
    DAYS = ("supervisor_agreed_on", "unit_agreed_on", "flow_agreed_on")

    planned_until = DayField(label=gettext_lazy("延长到"))
    reason = TidyField(**REASON, widget=forms.Textarea(attrs={"rows": 3}))
    supervisor_agreed_on = DayField(label=gettext_lazy("合作导师同意日期"), required=False)
    unit_agreed_on = DayField(label=gettext_lazy("设站单位同意日期"), required=False)
    flow_agreed_on = DayField(label=gettext_lazy("流动站同意日期"), required=False)
    upload = consent()

    class Meta:
        model = Extension
        fields = ("planned_until", "reason", "supervisor_agreed_on", "unit_agreed_on", "flow_agreed_on")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.stay.recruit_type != RecruitType.JOINT:
            del self.fields["flow_agreed_on"]
        if self.stay.planned_until:
            self.fields["planned_until"].help_text = _("现在约定到 %(day)s") % {"day": self.stay.planned_until}

    def clean_planned_until(self):
        until, now = self.cleaned_data["planned_until"], self.stay.planned_until
        if now and until <= now:
            raise forms.ValidationError(_("应晚于现在约定的 %(day)s。") % {"day": now})
        return until


class ChangeForm(AskForm):
    """The columns that this kind changes, each as it is now; what the enterprise leaves as it was isn't a change."""

    DAYS = ("agreed_on",)

    supervisor_name = TidyField(label=gettext_lazy("企业导师"), max_length=60)
    topic = TidyField(label=gettext_lazy("研究题目"), max_length=160)
    flow_station = forms.ModelChoiceField(
        label=pgettext_lazy("一个", "合作流动站"),
        queryset=FlowStation.objects.none(),
        empty_label=gettext_lazy("请选择"),
    )
    flow_supervisor = TidyField(label=gettext_lazy("流动站导师"), max_length=60)
    contract_since = DayField(label=gettext_lazy("合同起"), required=False)
    salary = WanField(label=gettext_lazy("年薪"), required=False)
    unit_name = TidyField(
        label=gettext_lazy("设站单位名称"),
        max_length=80,
        help_text=gettext_lazy("备案到个人；站名由市局在工作站名册里更名"),
    )
    agreed_on = DayField(label=gettext_lazy("有关各方同意日期"), required=False)
    reason = TidyField(**REASON, widget=forms.Textarea(attrs={"rows": 3}))
    upload = consent()

    class Meta:
        model = Change
        fields = (
            *("supervisor_name", "topic", "flow_station", "flow_supervisor", "contract_since", "salary", "unit_name"),
            *("agreed_on", "reason"),
        )

    def __init__(self, *args, kind: str, **kwargs):
        super().__init__(*args, **kwargs)
        mine = COLUMNS[ChangeKind(kind)]
        for name in {n for names in COLUMNS.values() for n in names} - set(mine):
            del self.fields[name]
        if "flow_station" in mine:
            flows = FlowStation.objects.filter(university__pack__root__down__node=self.stay.matter.district_id)
            self.fields["flow_station"].queryset = flows.select_related("university").order_by(  # type: ignore[attr-defined]
                "university__name", "discipline"
            )
        self.mine = mine

    def clean(self):
        data = super().clean()
        given = [n for n in self.mine if data.get(n) not in (None, "")]
        if not given and not self.errors:
            raise forms.ValidationError(_("请写明变更成什么。"))
        if given and "unit_name" not in given and all(getattr(self.stay, n) == data[n] for n in given):
            raise forms.ValidationError(_("和现在登记的一样，没有变更。"))
        return data


class AskMoveForm(MoveForm):
    """A step, with the reason for going on where a rule isn't met."""

    justification = TidyField(
        label=gettext_lazy("为什么仍要办理"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    field_order = ("justification", "note")

    def __init__(self, *args, step: Transition, findings: list[Finding] = (), **kwargs):  # type: ignore[assignment]
        super().__init__(*args, step=step, **kwargs)
        self.warnings = [f for f in findings if f.met is not True and f.justifiable]
        self.walls = [f for f in findings if f.met is not True and not f.justifiable]
        if not self.warnings:
            del self.fields["justification"]

    def details(self) -> dict:
        given = self.cleaned_data.get("justification")
        return super().details() | ({"justification": given} if given else {})


# --- written down ------------------------------------------------------------------------------


class AbroadForm(forms.ModelForm):
    country = TidyField(label=gettext_lazy("国家（地区）"), max_length=40)
    purpose = TidyField(label=gettext_lazy("事由"), max_length=160)
    since = DayField(label=gettext_lazy("出境日期"))
    back_by = DayField(label=gettext_lazy("约定返回日期"))
    returned_on = DayField(
        label=gettext_lazy("实际返回日期"), required=False, help_text=gettext_lazy("还没有返回的先空着")
    )

    class Meta:
        model = Abroad
        fields = ("country", "purpose", "since", "back_by", "returned_on")


class GrantForm(forms.ModelForm):
    title = TidyField(label=gettext_lazy("项目名称"), max_length=160)
    year = WholeField(label=gettext_lazy("申报年份"), min_value=2000, max_value=2100)
    result_on = DayField(label=gettext_lazy("公布日期"), required=False)
    amount = WanField(label=gettext_lazy("资助金额"), required=False)
    closed_on = DayField(
        label=gettext_lazy("结题日期"), required=False, help_text=gettext_lazy("博士后科学基金须在出站前结题")
    )

    class Meta:
        model = Grant
        fields = ("programme", "title", "year", "result", "result_on", "amount", "closed_on")
