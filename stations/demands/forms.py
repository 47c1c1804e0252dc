"""The border of demands, universities and matches."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.forms import DayField, PhoneField, TidyField, WanField, WholeField
from portal.words import localised
from stations import disciplines
from stations.forms import LocalisedChoice
from stations.ledger.forms import LastDayField
from stations.models import (
    Contact,
    Demand,
    FlowStation,
    IndustryChain,
    Match,
    Station,
    University,
)

DISCIPLINES = 3  # how many first-level disciplines a demand may name


class DisciplineField(forms.ChoiceField):
    """One of the national catalogue."""

    def __init__(self, **kwargs):
        super().__init__(choices=lambda: [("", _("请选择")), *disciplines.choices()], **kwargs)


class DemandForm(forms.ModelForm):
    """A demand whole: it is short enough to be written at one go."""

    title = TidyField(label=pgettext_lazy("需求", "题目"), max_length=100, help_text=gettext_lazy("一句话说清要什么"))
    people = WholeField(
        label=pgettext_lazy("需求", "人数"),
        required=False,
        min_value=1,
        max_value=200,
        help_text=gettext_lazy("招博士后、博士必填"),
    )
    salary = WanField(label=gettext_lazy("年薪"), required=False)
    funding = WanField(label=gettext_lazy("科研经费"), required=False)
    deadline = DayField(label=gettext_lazy("截止日期"))
    contact_phone = PhoneField(label=gettext_lazy("联系电话"), max_length=20)
    first = DisciplineField(label=gettext_lazy("一级学科"))
    second = DisciplineField(label=gettext_lazy("第二个一级学科"), required=False)
    third = DisciplineField(label=gettext_lazy("第三个一级学科"), required=False)
    chain = LocalisedChoice(
        label=gettext_lazy("重点产业链"),
        queryset=IndustryChain.objects.none(),
        required=False,
        empty_label=gettext_lazy("不在已公布的产业链内"),
    )
    station = forms.ModelChoiceField(
        label=gettext_lazy("设站的站点"),
        queryset=Station.objects.none(),
        required=False,
        empty_label=gettext_lazy("还没有设站"),
    )

    field_order = ("kind", "title", "description", "goals", "first", "second", "third", "chain", "station")

    class Meta:
        model = Demand
        fields = (
            *("kind", "title", "description", "goals", "chain", "station", "people", "salary", "funding"),
            *("deadline", "bottleneck", "scope", "contact", "contact_phone"),
        )
        widgets = {
            "kind": forms.RadioSelect,
            "scope": forms.RadioSelect,
            "description": forms.Textarea(attrs={"rows": 5}),
            "goals": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today, enterprise = today, self.instance.enterprise
        chains = IndustryChain.objects.filter(pack__root__down__node=enterprise.organisation.district_id)
        self.fields["chain"].queryset = chains.order_by("order", "pk")
        self.fields["station"].queryset = (
            Station.objects.valid(today).filter(enterprise=enterprise).select_related("matter").order_by("pk")
        )
        self.fields["kind"].choices = Demand.Kind.choices
        self.fields["kind"].choice_hints = {
            "postdoc": _("招人进站做研究"),
            "challenge": _("出题，请高校院所来领"),
            "problem": _("找人解决一个技术问题"),
            "doctor": _("招博士入职"),
        }
        self.fields["scope"].choice_hints = {
            "public": _("登在公开榜单上，不登联系人"),
            "flow": _("只由区镇和市局推荐给流动站"),
        }
        for name, code in zip(("first", "second", "third"), self.instance.disciplines, strict=False):
            self.initial.setdefault(name, code)

    def clean_deadline(self):
        day = self.cleaned_data["deadline"]
        if day < self.today:
            raise ValidationError(_("截止日期 %(day)s 已经过了，请填今天或以后。") % {"day": day})
        return day

    def clean(self):
        data = super().clean()
        chosen = [data.get(name) for name in ("first", "second", "third")]
        self.instance.disciplines = list(dict.fromkeys(code for code in chosen if code))
        if data.get("kind") in Demand.PERSONS and not data.get("people") and "people" not in self.errors:
            self.add_error("people", _("招人的需求请填人数，至少 1 人。"))
        return data


class UniversityForm(forms.ModelForm):
    name = TidyField(label=gettext_lazy("高校院所"), max_length=80)
    province = TidyField(label=gettext_lazy("所在省市"), max_length=20)
    phone = PhoneField(
        label=gettext_lazy("博管办电话"),
        required=False,
        max_length=30,
        help_text=gettext_lazy("办公电话，不要填个人手机"),
    )

    class Meta:
        model = University
        fields = ("name", "name_en", "province", "double_first", "key", "office", "phone")

    def _get_validation_exclusions(self):
        """A name is given once in a city: without the city that could not be asked."""
        return super()._get_validation_exclusions() - {"pack"}


class LocalisedChoices(forms.ModelMultipleChoiceField):
    def label_from_instance(self, row):
        return localised(row, "name")


class FlowForm(forms.ModelForm):
    discipline = DisciplineField(label=gettext_lazy("一级学科"))
    approved_year = WholeField(label=gettext_lazy("批准年份"), required=False, min_value=1985, max_value=2100)
    chains = LocalisedChoices(
        label=gettext_lazy("服务的产业链"),
        queryset=IndustryChain.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = FlowStation
        fields = ("discipline", "approved_year", "head", "strengths", "chains")
        widgets = {"strengths": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        chains = IndustryChain.objects.filter(pack=self.instance.university.pack_id).order_by("order", "pk")
        self.fields["chains"].queryset = chains

    def _get_validation_exclusions(self):
        return super()._get_validation_exclusions() - {"university"}


class ProposeForm(forms.Form):
    """Which flow station a demand is brought together with, and through whom."""

    flow = forms.ModelChoiceField(
        label=gettext_lazy("流动站"),
        queryset=FlowStation.objects.none(),
        empty_label=gettext_lazy("请选择"),
        error_messages={"invalid_choice": gettext_lazy("没有这个流动站，请重新选。")},
    )
    channel = forms.ChoiceField(label=gettext_lazy("渠道"), choices=Match.Channel.choices)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        rows = FlowStation.objects.visible_to(user).select_related("university")
        self.fields["flow"].queryset = rows.order_by("university__name", "discipline")


class ContactForm(forms.ModelForm):
    on = DayField(label=pgettext_lazy("联系", "日期"))
    both = forms.BooleanField(label=gettext_lazy("双方都参加"), required=False)
    result = TidyField(label=gettext_lazy("结果"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    class Meta:
        model = Contact
        fields = ("on", "way", "both", "result")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["way"].choices = [("", _("请选择")), *Contact.Way.choices]


class MatchMoveForm(forms.Form):
    """What a step of a match asks for: a day, how many people came, the agreement, a note."""

    document_on = DayField(label=gettext_lazy("日期"))
    upload = forms.FileField(
        label=gettext_lazy("协议文件"),
        required=False,
        help_text=gettext_lazy("选填。PDF、JPG 或 PNG，不超过 10 MB；已设站的，同时登记为合作流动站"),
    )
    until = LastDayField(
        label=gettext_lazy("协议有效期至"), required=False, help_text=gettext_lazy("选填。协议写明的最后一天")
    )
    people = WholeField(label=gettext_lazy("引进人数"), min_value=1, max_value=200)
    note = TidyField(
        label=gettext_lazy("意见"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args, step, **kwargs):
        super().__init__(*args, prefix=step.action, **kwargs)
        needed = dict(step.needs)
        for name in ("document_on", "people"):
            if name in needed:
                self.fields[name].label = needed[name]
            else:
                del self.fields[name]
        if step.action != "sign":
            del self.fields["upload"], self.fields["until"]
        if step.note_needed:
            self.fields["note"].required = True
            self.fields["note"].label = _("理由")

    def clean(self):
        data = super().clean()
        if data.get("until") and data.get("document_on") and data["until"] <= data["document_on"]:
            self.add_error("until", _("协议的最后一天不能早于签约日期。"))
        return data

    def details(self) -> dict:
        return {n: str(self.cleaned_data[n]) for n in ("document_on", "people") if n in self.cleaned_data}


class AgreementForm(forms.Form):
    """What the agreement of a signed match still lacks: `wanting` names the fields."""

    upload = forms.FileField(
        label=gettext_lazy("协议文件"), required=False, help_text=gettext_lazy("PDF、JPG 或 PNG，不超过 10 MB")
    )
    until = LastDayField(
        label=gettext_lazy("协议有效期至"), required=False, help_text=gettext_lazy("协议写明的最后一天")
    )

    def __init__(self, *args, wanting, **kwargs):
        super().__init__(*args, **kwargs)
        for name in {"upload", "until"} - wanting:
            del self.fields[name]
