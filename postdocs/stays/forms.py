"""The border of stays: a candidate, what is told of person and stay, steps, milestones."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.facts import Finding
from portal.forms import CodeField, DayField, PhoneField, TidyField, WanField, WholeField, YesNoField
from portal.lifecycle import Transition
from postdocs.people import papers
from postdocs.people.models import NUMBERED, PaperKind, Person
from postdocs.stays.actions import recruiting
from postdocs.stays.models import Milestone, MilestoneKind, Side, Stay, WithdrawalGround
from stations.forms import MoveForm
from stations.models import FlowStation, Station


class BeginForm(forms.Form):
    """Who is to enter which station: the number decides who it is, so it comes first and can't be changed after."""

    station = forms.ModelChoiceField(
        label=pgettext_lazy("一个", "工作站"), queryset=Station.objects.none(), empty_label=gettext_lazy("请选择")
    )
    name = TidyField(label=gettext_lazy("姓名"), max_length=60, help_text=gettext_lazy("与证件一致"))
    kind = forms.ChoiceField(label=gettext_lazy("证件类型"), choices=PaperKind.choices)
    number = CodeField(
        label=gettext_lazy("证件号码"),
        max_length=30,
        help_text=gettext_lazy("加密保存，页面上只显示首尾；登记后不能改"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-private": True}),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["station"]
        field.queryset = recruiting(user)  # type: ignore[attr-defined]
        if (first := field.queryset[:2]) and len(first) == 1:  # type: ignore[attr-defined]
            field.initial = first[0].pk

    def clean(self):
        data = super().clean()
        if data.get("number") and data.get("kind"):
            try:
                data["number"] = papers.normal(data["kind"], data["number"])
            except ValidationError as wrong:
                self.add_error("number", wrong)
        return data


class PersonForm(forms.ModelForm):
    """What is told of a person. What the number of a paper says isn't asked."""

    born_on = DayField(label=gettext_lazy("出生日期"), required=False)
    mobile = PhoneField(label=gettext_lazy("手机"), required=False, max_length=20)
    has_certificate = YesNoField(label=gettext_lazy("已取得博士学位证书"), required=False)
    defended_on = DayField(label=gettext_lazy("答辩通过日期"), required=False)
    degree_on = DayField(
        label=gettext_lazy("证书签发日期"),
        required=False,
        help_text=gettext_lazy("还没有证书的先空着，进站后六个月内补"),
    )
    accredited_on = DayField(label=gettext_lazy("国（境）外学位认证日期"), required=False)
    abstract = TidyField(
        label=gettext_lazy("博士论文摘要"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )

    class Meta:
        model = Person
        fields = (
            *("name", "sex", "born_on", "nationality", "mobile", "email", "degree_school", "degree_country"),
            *("discipline", "thesis", "defended_on", "has_certificate", "degree_on", "accredited_on", "title"),
            "abstract",
        )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, prefix="person", **kwargs)
        if any(paper.kind in NUMBERED for paper in self.instance.papers.all()):
            del self.fields["born_on"], self.fields["sex"]
        for name in ("name", "nationality", "degree_school", "degree_country", "thesis", "title"):
            field = self.fields[name]
            tidy = TidyField(label=field.label, max_length=field.max_length, required=name == "name")
            self.fields[name] = tidy


class StayForm(forms.ModelForm):
    """What is told of the stay itself."""

    flow_station = forms.ModelChoiceField(
        label=pgettext_lazy("一个", "合作流动站"),
        queryset=FlowStation.objects.none(),
        required=False,
        empty_label=gettext_lazy("请选择；没有列出的请市局先登记高校"),
    )
    salary = WanField(label=gettext_lazy("年薪"), required=False)
    contract_since = DayField(label=gettext_lazy("合同起"), required=False)
    planned_until = DayField(label=gettext_lazy("合同止（预计出站）"), required=False)
    supervisor_name = TidyField(label=gettext_lazy("企业导师"), max_length=60, required=False)
    flow_supervisor = TidyField(label=gettext_lazy("流动站导师"), max_length=60, required=False)
    topic = TidyField(label=gettext_lazy("研究题目"), max_length=160, required=False)

    class Meta:
        model = Stay
        fields = (
            *("recruit_type", "identity", "flow_station", "flow_supervisor", "discipline", "supervisor_name"),
            *("topic", "contract_since", "planned_until", "salary", "channel"),
        )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, prefix="stay", **kwargs)
        place = self.instance.matter.district_id
        flows = FlowStation.objects.filter(university__pack__root__down__node=place)
        flows = flows.select_related("university").order_by("university__name", "discipline")
        self.fields["flow_station"].queryset = flows  # type: ignore[attr-defined]

    def clean(self):
        data = super().clean()
        since, until = data.get("contract_since"), data.get("planned_until")
        if since and until and until <= since:
            self.add_error("planned_until", _("合同止须晚于合同起。"))
        return data


class StayMoveForm(MoveForm):
    """What a step asks for: the dates and numbers of the national record, a ground, why a rule isn't met."""

    entered_on = DayField(
        label=gettext_lazy("进站日期"), help_text=gettext_lazy("全国系统备案证明上的日期，补贴和统计都以它为准")
    )
    committee_number = TidyField(label=gettext_lazy("博管会编号"), max_length=40)
    ended_on = DayField(label=gettext_lazy("出站日期"))
    certificate_number = TidyField(label=gettext_lazy("博士后证书编号"), max_length=40)
    withdrawal_ground = forms.ChoiceField(
        label=gettext_lazy("退站原因"), choices=[("", gettext_lazy("请选择")), *WithdrawalGround.choices]
    )
    withdrawal_side = forms.ChoiceField(
        label=gettext_lazy("谁提出退站"), choices=[("", gettext_lazy("请选择")), *Side.choices]
    )
    heard_on = DayField(label=gettext_lazy("听取本人意见的日期"), help_text=gettext_lazy("记录提交后在“材料”里上传"))
    second_station = TidyField(label=gettext_lazy("转入的设站单位"), max_length=80)
    consented_on = DayField(label=gettext_lazy("对方同意接收的日期"))
    justification = TidyField(
        label=gettext_lazy("为什么仍要办理"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )

    ASKED = (
        *("entered_on", "committee_number", "ended_on", "certificate_number", "second_station", "consented_on"),
        *("withdrawal_side", "withdrawal_ground", "heard_on", "justification"),
    )
    field_order = (*ASKED[:-1], "document", "document_on", "justification", "note")

    def __init__(self, *args, step: Transition, findings: list[Finding] = (), **kwargs):  # type: ignore[assignment]
        super().__init__(*args, step=step, **kwargs)
        needed = {name for name, _label in step.needs}
        self.warnings = [f for f in findings if f.met is not True and f.justifiable]
        self.walls = [f for f in findings if f.met is not True and not f.justifiable]
        if self.warnings:
            needed.add("justification")
        for name in set(self.ASKED) - needed:
            del self.fields[name]

    def details(self) -> dict:
        given = {n: str(self.cleaned_data[n]) for n in self.ASKED if self.cleaned_data.get(n)}
        return super().details() | given


class MilestoneForm(forms.ModelForm):
    """Something that was held: an assessment with its experts and its file."""

    kind = forms.ChoiceField(label=gettext_lazy("节点"), choices=MilestoneKind.choices)
    held_on = DayField(label=gettext_lazy("日期"))
    panel = WholeField(label=gettext_lazy("专家人数"), required=False, max_value=30)
    chaired = YesNoField(
        label=gettext_lazy("由合作导师任组长"), required=False, help_text=gettext_lazy("出站考核必填，合作导师不任组长")
    )
    title = TidyField(label=gettext_lazy("题目"), max_length=160, required=False)
    opinion = TidyField(
        label=gettext_lazy("意见"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    upload = forms.FileField(
        label=gettext_lazy("考核表或报告"), required=False, help_text=gettext_lazy("PDF、JPG 或 PNG，不超过 10 MB")
    )

    class Meta:
        model = Milestone
        fields = ("kind", "held_on", "grade", "title", "panel", "chaired", "opinion")

    def clean(self):
        data = super().clean()
        if data.get("kind") == MilestoneKind.ASSESSMENT:
            if data.get("panel") is None and "panel" not in self.errors:
                self.add_error("panel", _("出站考核须写明有几位专家。"))
            if data.get("chaired") is None and "chaired" not in self.errors:
                self.add_error("chaired", _("出站考核须写明是否由合作导师任组长。"))
        return data
