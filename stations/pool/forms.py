"""The border of the reserve pool: entering it, selecting for it, its plan with measures, what its steps ask for."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.forms import DayField, TidyField, WholeField
from portal.models import Pack
from portal.offices import officers
from portal.words import localised
from stations.filters import KeptChoice
from stations.forms import MoveForm, TitledChoice
from stations.models import (
    ApplicationType,
    Enterprise,
    Intention,
    LeavingReason,
    Measure,
    PoolBasis,
    PoolEntry,
    PoolTier,
)
from stations.pool import gaps


class TitledChoices(forms.ModelMultipleChoiceField):
    def label_from_instance(self, row):
        return localised(row, "title")


def targets_of(pack: Pack, on: date):
    return ApplicationType.objects.in_force(on).filter(pack=pack).order_by("order", "pk")


class EntryForm(forms.ModelForm):
    """What an enterprise says when it enters the pool, with what our data say of each basis beside it."""

    autosave = True  # each field carries the value it was loaded with

    bases = TitledChoices(
        label=gettext_lazy("入库依据"),
        queryset=PoolBasis.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("符合哪项选哪项，可多选。"),
        error_messages={"required": gettext_lazy("请至少选一项入库依据。")},
    )
    intention = forms.ChoiceField(
        label=gettext_lazy("招收博士后的意向"),
        choices=Intention.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选一项招收意向。")},
    )
    target = TitledChoice(
        label=gettext_lazy("目标"), queryset=ApplicationType.objects.none(), empty_label=gettext_lazy("请选择")
    )
    target_year = WholeField(label=gettext_lazy("目标年份"), help_text=gettext_lazy("打算哪一年提出设站申报"))
    statement = TidyField(
        label=gettext_lazy("情况说明"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("研发方向、想招什么样的博士后、需要什么帮助"),
    )

    class Meta:
        model = PoolEntry
        fields = ("bases", "intention", "target", "target_year", "statement")

    def __init__(self, *args, pack, on, enterprise=None, **kwargs):
        kwargs["initial"] = {"target_year": on.year + 1} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        bases = PoolBasis.objects.filter(pack=pack).prefetch_related("criteria").order_by("order", "pk")
        self.fields["bases"].queryset = bases
        self.fields["target"].queryset = targets_of(pack, on)
        if self.instance.pk:
            self.initial["target_year"] = self.instance.target_year
        borne = gaps.backed(enterprise, bases, on=on) if enterprise else {}
        self.fields["bases"].choice_hints = {b.pk: said_of(b, borne) for b in bases}
        self.on = on

    def clean_target_year(self):
        return within_reach(self.cleaned_data["target_year"], self.on)


def within_reach(year: int, on: date) -> int:
    """A year that somebody may aim at on the day. Raises ValidationError."""
    if not on.year <= year <= on.year + 20:
        raise ValidationError(_("目标年份应在 %(first)s 至 %(last)s 之间。") % {"first": on.year, "last": on.year + 20})
    return year


def said_of(basis: PoolBasis, borne: dict) -> str:
    """What stands below a basis: what our data say of it, and that it is none of the groups aimed at."""
    told = {
        True: _("单位情况里的数据相符"),
        False: _("单位情况里没有，如有请先更新"),
        None: _("单位情况里还没有填"),
    }
    words = [told[borne[basis.pk]]] if basis.pk in borne else []
    return _("；").join(words if basis.focus else [*words, _("不属于重点对象，也可以入库")])


class ProposeForm(EntryForm):
    """The same by the district's officer, for an enterprise of its own, with the district's opinion."""

    unit = TidyField(
        label=gettext_lazy("单位"),
        max_length=100,
        help_text=gettext_lazy("统一社会信用代码或单位全称；单位须已在平台注册"),
    )
    note = TidyField(label=gettext_lazy("区镇意见"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    field_order = ("unit", "bases", "intention", "target", "target_year", "statement", "note")

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_unit(self):
        text = self.cleaned_data["unit"]
        mine = Enterprise.objects.visible_to(self.user).select_related("organisation__district")
        found = mine.filter(organisation__code=text.upper()) | mine.filter(organisation__name=text)
        if len(rows := list(found[:2])) != 1:
            raise ValidationError(
                _("您的区镇没有“%(unit)s”这家单位。请核对代码或全称；没有注册的请单位先注册。") % {"unit": text}
            )
        return rows[0]


class PlanForm(forms.ModelForm):
    """The plan's text, who looks after the enterprise, and what it aims at."""

    autosave = True

    plan = TidyField(
        label=gettext_lazy("培育方案"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("针对短板怎么补，谁来帮，什么时候申报"),
    )
    target = TitledChoice(label=gettext_lazy("目标"), queryset=ApplicationType.objects.none(), empty_label=None)
    target_year = WholeField(label=gettext_lazy("目标年份"), min_value=2020, max_value=2099)
    contact = forms.ModelChoiceField(
        label=gettext_lazy("区镇联系人"), queryset=None, required=False, empty_label=gettext_lazy("未定")
    )

    class Meta:
        model = PoolEntry
        fields = ("plan", "target", "target_year", "contact")

    def __init__(self, *args, on, **kwargs):
        super().__init__(*args, **kwargs)
        kind = ApplicationType.objects.in_force(on).filter(pack=self.instance.target.pack_id)
        self.fields["target"].queryset = kind | ApplicationType.objects.filter(pk=self.instance.target_id)
        people = officers(self.instance.matter.district_id, on)
        self.fields["contact"].queryset = people


class MeasureForm(forms.ModelForm):
    """One row of the plan. A new one may stay empty; one that is done is not taken away."""

    autosave = True

    text = TidyField(label=gettext_lazy("措施"), max_length=200)
    owner = forms.ChoiceField(label=gettext_lazy("责任方"), choices=Measure.Owner.choices)
    due_on = DayField(label=gettext_lazy("完成时限"))
    done_on = DayField(label=gettext_lazy("完成日期"), required=False)
    remove = forms.BooleanField(label=gettext_lazy("删除"), required=False)

    class Meta:
        model = Measure
        fields = ("text", "owner", "due_on", "done_on")

    def __init__(self, *args, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.on = on
        self.late = bool(self.instance.pk and not self.instance.done_on and self.instance.due_on < on)
        if not self.instance.pk or self.instance.done_on:
            del self.fields["remove"]

    @property
    def is_blank(self) -> bool:
        """A new row that nobody wrote into."""
        return not self.instance.pk and not any(
            (self.data.get(self.add_prefix(name)) or "").strip() for name in ("text", "due_on", "done_on")
        )

    def clean_done_on(self):
        day = self.cleaned_data["done_on"]
        if day and day > self.on:
            raise ValidationError(_("完成日期 %(day)s 在今天之后，请核对。") % {"day": day})
        return day


class DoneForm(forms.Form):
    """A measure is done: when, and how."""

    done_on = DayField(label=gettext_lazy("完成日期"))
    note = TidyField(label=gettext_lazy("完成情况"), max_length=200, required=False)


class PoolMoveForm(MoveForm):
    """What a step of the pool asks for: a tier, or why the enterprise leaves."""

    tier = forms.ChoiceField(
        label=gettext_lazy("培育梯队"),
        choices=PoolTier.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选择培育梯队。")},
    )
    because = forms.ChoiceField(
        label=gettext_lazy("退出原因"),
        choices=[("", gettext_lazy("请选择")), *LeavingReason.choices],
        error_messages={"required": gettext_lazy("请选择退出原因。")},
    )
    intention = forms.ChoiceField(
        label=gettext_lazy("招收博士后的意向"),
        choices=Intention.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("市局筛选出的单位，请先问过单位再填。"),
        error_messages={"required": gettext_lazy("请选一项招收意向。")},
    )
    field_order = ("tier", "because", "intention", "note")

    def __init__(self, *args, step, entry, **kwargs):
        super().__init__(*args, step=step, **kwargs)
        needed = {name for name, _label in step.needs}
        if step.action == "support" and not entry.intention:
            needed.add("intention")
        for name in {"tier", "because", "intention"} - needed:
            del self.fields[name]

    def details(self) -> dict:
        asked = {n: self.cleaned_data[n] for n in ("tier", "because", "intention") if n in self.cleaned_data}
        return super().details() | asked


MOST = 200  # enterprises of one selection


class SelectForm(forms.Form):
    """What is said of all that were picked."""

    target_year = WholeField(label=gettext_lazy("目标年份"), help_text=gettext_lazy("打算哪一年提出设站申报"))
    basis = KeptChoice(
        label=gettext_lazy("其余单位的入库依据"),
        queryset=PoolBasis.objects.none(),
        required=False,
        empty_label=gettext_lazy("不选"),
        help_text=gettext_lazy("数据里有相符依据的自动带上；没有的用这一项。"),
    )
    note = TidyField(label=gettext_lazy("筛选理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args, pack, on, **kwargs):
        super().__init__(*args, initial={"target_year": on.year + 1}, **kwargs)
        self.fields["basis"].queryset = PoolBasis.objects.filter(pack=pack).order_by("order", "pk")
        self.on = on

    def clean_target_year(self):
        return within_reach(self.cleaned_data["target_year"], self.on)
