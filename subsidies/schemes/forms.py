"""A draft as a page lets it be made and changed: the scheme, its days, sums and words, every row below it.

Which fields a form has follows from what was posted: another fact asks for another kind of value, another way to reckon
for other sums. So a page is sent as often as somebody changes their mind, and works without a script.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.utils import ErrorDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.facts import VOCABULARIES, Lookup, WrongCriterion
from portal.forms import DayField, TidyField, WholeField, YesNoField, YuanField
from portal.models import Pack
from subsidies.schemes import boundaries, engine
from subsidies.schemes.engine import vocabulary_of
from subsidies.schemes.models import (
    Boundary,
    BudgetLine,
    Condition,
    Instalment,
    Payee,
    SchemePaper,
    SchemeVersion,
    Shape,
    Step,
    SubsidyScheme,
)
from subsidies.schemes.values import LOOKUPS, Choices, initial_of, json_value, value_field

LINES = forms.Textarea(attrs={"rows": 2})  # prose keeps its full-width marks
GROUPS = ("a", "b", "c")  # names for groups that no pack named


class DraftForm(forms.Form):
    """From which day a copy of the version in force shall begin."""

    since = DayField(label=gettext_lazy("新版执行起"), help_text=gettext_lazy("资格产生于这一天及以后的，按新版"))


# --- a scheme ----------------------------------------------------------------------------------


class SchemeForm(forms.ModelForm):
    """What is given to whom, and what creates the right; until something of it is published."""

    class Meta:
        model = SubsidyScheme
        fields = (
            *("title", "title_en", "code", "event", "payee", "line", "payer", "payer_en", "group", "once_per_person"),
        )
        help_texts = {
            "code": gettext_lazy("小写英文字母、数字和连字符，例如 home-visit；定了不再改"),
            "event": gettext_lazy("这一天适用哪一版，就按哪一版"),
            "line": gettext_lazy("本局拨付的写资金科目"),
            "payer": gettext_lazy("别的部门兑现的写由谁，这里只跟踪"),
            "group": gettext_lazy("写同一个代码的几个项目，享受了一个就没有别的；不填为不限"),
        }
        field_classes = {"title": TidyField, "title_en": TidyField, "payer": TidyField, "payer_en": TidyField}

    def __init__(self, *args, pack: Pack, vocabulary: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.pack, self.instance.vocabulary = pack, vocabulary
        lines = BudgetLine.objects.filter(pack=pack).order_by("order", "pk")
        self.fields["line"].queryset = lines  # type: ignore[attr-defined]
        choices = Choices(pack, VOCABULARIES[vocabulary])
        self.fields["event"] = choices.fact_field(
            _("何时产生资格"), choices.days, help_text=_("这一天适用哪一版，就按哪一版")
        )
        self.fields["payee"].choices = [("", _("请选择")), *Payee.choices]  # type: ignore[attr-defined]
        self.fields["payer_en"].label = _("由谁兑现（英文）")
        if self.instance.pk:
            del self.fields["code"]

    def clean_code(self):
        code = self.cleaned_data["code"]
        if not re.fullmatch(r"[a-z][a-z0-9-]*", code) or code in ("new", "export"):  # these are pages
            raise ValidationError(_("请用小写英文字母、数字和连字符，以字母开头，例如 home-visit。"))
        if SubsidyScheme.objects.filter(pack=self.instance.pack, code=code).exists():
            raise ValidationError(_("已有代码为 %(code)s 的资助项目，请换一个。") % {"code": code})
        return code


class FirstForm(forms.Form):
    """From which day its first version shall be in force, and what says so."""

    since = DayField(label=gettext_lazy("执行起"), help_text=gettext_lazy("资格产生于这一天及以后的，按这一版"))

    def __init__(self, data, *, choices: Choices):
        super().__init__(data)
        self.fields["clause"] = choices.clause_field()


# --- a version ---------------------------------------------------------------------------------


class VersionForm(forms.Form):
    """The version itself; which sums it has is as its shape says. The row is checked where it is written, with all that
    stands below it."""

    since = DayField(label=gettext_lazy("执行起"))
    until = DayField(
        label=gettext_lazy("执行止"), required=False, help_text=gettext_lazy("不填为一直执行；这一天起不再适用")
    )
    shape = forms.ChoiceField(label=gettext_lazy("金额方式"), choices=Shape.choices)
    amount = YuanField(label=gettext_lazy("金额"), help_text=gettext_lazy("元"))
    quantity_unit = TidyField(label=gettext_lazy("数量单位"), max_length=10)
    quantity_unit_en = TidyField(label=gettext_lazy("数量单位（英文）"), max_length=20, required=False)
    limit = WholeField(label=gettext_lazy("最多"), required=False, min_value=1, max_value=1000)
    ceiling = YuanField(label=gettext_lazy("最高"), required=False, help_text=gettext_lazy("元；没有就不填"))
    includes_upper = YesNoField(label=gettext_lazy("最高额含上级资金"), required=False)
    window_months = WholeField(
        label=gettext_lazy("几个月内申领"), required=False, max_value=600, help_text=gettext_lazy("不填为不限")
    )
    window_assumed = forms.BooleanField(label=gettext_lazy("申领期限为征求意见"), required=False)
    publicity_days = WholeField(label=gettext_lazy("公示工作日"), max_value=60)
    assumed = forms.BooleanField(label=gettext_lazy("征求意见（文件没有写明，是借鉴来的）"), required=False)
    note = forms.CharField(label=gettext_lazy("说明"), max_length=300, required=False, widget=LINES)
    note_en = forms.CharField(label=gettext_lazy("说明（英文）"), max_length=500, required=False, widget=LINES)
    transition = forms.CharField(label=gettext_lazy("新旧衔接"), max_length=200, required=False, widget=LINES)
    transition_en = forms.CharField(
        label=gettext_lazy("新旧衔接（英文）"), max_length=400, required=False, widget=LINES
    )

    field_order = ("since", "until", "clause", "shape", "amount", "quantity")
    PER = ("quantity", "quantity_unit", "quantity_unit_en", "limit")
    WITHOUT = {
        Shape.FIXED: PER, Shape.MATCHING: ("quantity_unit", "quantity_unit_en", "limit"), Shape.STEPS: (*PER, "amount"),
        Shape.UNSTATED: (*PER, "amount"), Shape.PER: (),
    }  # fmt: skip
    NOTHING: dict[str, Any] = {
        "amount": None, "quantity": "", "quantity_unit": "", "quantity_unit_en": "", "limit": None, "includes_upper": None
    }  # fmt: skip

    def __init__(self, data, *, version: SchemeVersion, choices: Choices):
        started = {n: getattr(version, n) for n in (*self.base_fields, "quantity", "upper")}
        super().__init__(data, initial=started | {"clause": version.clause_id and str(version.clause_id)})
        self.way = Shape(self.asked("shape") if self.asked("shape") in Shape.values else version.shape)
        self.fields["clause"] = choices.clause_field()
        self.fields["quantity"] = choices.fact_field(
            _("上级金额从哪里来") if self.way == Shape.MATCHING else _("数量从哪里来"), choices.numbers
        )
        upper = choices.fact_field(_("上级资金"), choices.sums, empty=_("没有"), required=False)
        self.fields["upper"] = upper
        if self.way == Shape.MATCHING:
            self.fields["amount"].label, self.fields["amount"].help_text = _("配套比例"), _("占上级资金的百分比")
        for name in (*self.WITHOUT[self.way], *(() if self.asked("upper") else ("includes_upper",))):
            del self.fields[name]
        self.groups = groups_in(version, data)
        for name in self.groups:
            self.fields[f"needed_{name}"] = WholeField(
                label=_("“%(group)s”至少几项") % {"group": group_named(name)}, min_value=1,
                initial=version.needed.get(name, 1), max_value=20,
            )  # fmt: skip
        self.order_fields((*self.field_order, "quantity_unit", "quantity_unit_en", "limit", "ceiling", "upper"))

    def asked(self, name: str) -> str:
        """What was posted for a field; what the row says where nothing was."""
        return str(self.data.get(name, "") if self.is_bound else self.initial.get(name) or "")

    @property
    def told(self) -> dict[str, Any]:
        told = {name: value for name, value in self.cleaned_data.items() if not name.startswith("needed_")}
        return self.NOTHING | told | {"needed": {n: self.cleaned_data[f"needed_{n}"] for n in self.groups}}

    def of_money(self) -> Iterator:
        """The fields that aren't words of their own."""
        return (f for f in self if f.name not in ("note", "note_en", "transition", "transition_en"))


def group_named(code: str) -> str:
    return _("%(letter)s 组") % {"letter": code.upper()} if code in GROUPS else code


def groups_in(version: SchemeVersion, data) -> list[str]:
    """The groups that conditions name, as posted or as kept."""
    if data is None:
        return sorted({c.group for c in version.conditions.all() if c.group} if version.pk else ())
    return sorted({v for key in data if key.endswith("-group") for v in data.getlist(key) if v})[:20]


# --- rows below a version ----------------------------------------------------------------------


class RowForm(forms.Form):
    """One row below a version, or one more that is empty. `row` is it, `told()` what was typed, on it."""

    model: type[models.Model]
    columns: tuple[str, ...] = ()
    remove = forms.BooleanField(label=gettext_lazy("去掉"), required=False)

    def __init__(self, data, *, row, choices: Choices, number: int = 0):
        self.row, self.choices = row, choices
        name = f"{row._meta.model_name}-{row.pk or f'new{number}'}"
        super().__init__(
            data, prefix=name, initial=self.started(), empty_permitted=not row.pk, use_required_attribute=False
        )
        self.build()
        self.order_fields(self.columns)

    def started(self) -> dict[str, Any]:
        return {name: getattr(self.row, name) for name in self.columns}

    def build(self) -> None:
        """The fields that depend on the version, and on what was posted."""

    def asked(self, name: str) -> str:
        """What was posted for a field; what the row says where nothing was."""
        if self.is_bound and self.add_prefix(name) in self.data:
            return str(self.data[self.add_prefix(name)])
        return str(self.initial.get(name) or "")

    def full_clean(self):
        super().full_clean()
        if self.is_bound and self.data.get(self.add_prefix("remove")):  # what goes may be wrong
            self._errors, self.cleaned_data = ErrorDict(), {"remove": True}

    @property
    def gone(self) -> bool:
        return bool(self.cleaned_data.get("remove"))

    @property
    def empty(self) -> bool:
        """One more row that nobody wrote into."""
        return not self.row.pk and not self.has_changed()

    def told(self):
        for name, value in self.cleaned_data.items():
            if name in self.columns:
                setattr(self.row, name, value)
        return self.row


class AskingForm(RowForm):
    """A row with a comparison: the field of its value is as the fact and the lookup that were posted want it."""

    judged: Any = ""  # what no fact at all is called; "" where there has to be one

    def started(self):
        return super().started() | {"value": initial_of(self.row.value), "lookup": self.row.lookup or Lookup.IS}

    def build(self):
        facts, vocabulary = self.choices.facts, self.choices.vocabulary
        self.fields["fact"] = self.choices.fact_field(
            _("看哪一项数据"), facts, empty=self.judged, required=not self.judged
        )
        self.fields["lookup"] = forms.ChoiceField(label=_("怎么比"), choices=LOOKUPS, required=False)
        fact = vocabulary.facts.get(self.asked("fact"))
        if fact is not None:
            self.fields["value"] = value_field(fact, self.asked("lookup") or Lookup.IS, label=_("要求"))

    def clean(self):
        data = super().clean()
        fact, lookup = data.get("fact", ""), data.get("lookup") or Lookup.IS
        if not fact:
            return data | {"fact": "", "lookup": "", "value": None}
        if "value" in data:
            data["value"] = json_value(data["value"])
            try:
                self.choices.vocabulary.criterion(fact, lookup, data["value"], "")
            except WrongCriterion as error:
                self.add_error("value", str(error))
        return data | {"lookup": lookup}


class StepForm(AskingForm):
    model = Step
    columns = ("title", "title_en", "fact", "lookup", "value", "amount", "order")
    title = TidyField(label=gettext_lazy("档次"), max_length=40)
    title_en = TidyField(label=gettext_lazy("英文"), max_length=80, required=False)
    amount = YuanField(label=gettext_lazy("金额"), help_text=gettext_lazy("元"))
    order = WholeField(label=gettext_lazy("次序"), max_value=1000, help_text=gettext_lazy("从小到大，先符合的一档算数"))


class ConditionForm(AskingForm):
    model = Condition
    judged = gettext_lazy("由人认定（记录里没有）")
    columns = (
        *("title", "title_en", "purpose", "group", "fact", "lookup", "value", "clause", "assumed", "wall_by"),
        *("ask", "missing", "missing_en"),
    )
    title = TidyField(label=gettext_lazy("条件"), max_length=60)
    title_en = TidyField(label=gettext_lazy("英文"), max_length=120, required=False)
    purpose = forms.ChoiceField(label=gettext_lazy("用途"), choices=Condition.Purpose.choices)
    assumed = forms.BooleanField(label=gettext_lazy("征求意见（不符合时由经办认定，不拒绝）"), required=False)
    ask = forms.ChoiceField(label=gettext_lazy("不知道时向谁要"), choices=Condition.Ask.choices)
    missing = TidyField(label=gettext_lazy("缺什么、怎么补"), max_length=120, required=False)
    missing_en = TidyField(label=gettext_lazy("缺什么（英文）"), max_length=240, required=False)

    def started(self):
        row = self.row
        started = {n: getattr(row, n) for n in self.columns if n not in ("clause", "wall_by")}
        started |= {"clause": row.clause_id and str(row.clause_id), "value": initial_of(row.value)}
        started |= {"lookup": row.lookup or Lookup.IS}
        return started | {"wall_by": f"{row.setting}={row.wall}" if row.setting else ""}

    def build(self):
        super().build()
        self.fields["clause"] = self.choices.clause_field()
        known = [
            ("", _("单独要符合")),
            *((g, group_named(g)) for g in dict.fromkeys((self.initial["group"], *GROUPS)) if g),
        ]
        self.fields["group"] = forms.ChoiceField(
            label=_("几项中至少"), choices=known, required=False, help_text=_("同一组里符合几项即可")
        )
        self.fields["wall_by"] = forms.ChoiceField(
            label=_("参数取这个值时为硬条件"), choices=[("", _("不由参数定")), *self.choices.settings], required=False
        )

    def told(self):
        row = super().told()
        setting, _equals, row.wall = self.cleaned_data["wall_by"].partition("=")
        row.setting = setting
        return row


class InstalmentForm(RowForm):
    model = Instalment
    columns = ("number", "title", "title_en", "opens", "waiting_months", "share", "every")
    number = WholeField(label=gettext_lazy("第几期"), min_value=1, max_value=60)
    title = TidyField(label=gettext_lazy("名称"), max_length=40)
    title_en = TidyField(label=gettext_lazy("英文"), max_length=80, required=False)
    waiting_months = WholeField(label=gettext_lazy("之后几个月"), max_value=600)
    share = forms.DecimalField(
        label=gettext_lazy("占比（%）"), max_digits=5, decimal_places=2, min_value=Decimal("0.01"), max_value=100,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )  # fmt: skip
    every = WholeField(label=gettext_lazy("每次至少"), min_value=1, max_value=1000)

    def build(self):
        self.fields["opens"] = self.choices.fact_field(_("何时可领"), self.choices.days)
        if self.row.version.shape != Shape.PER:
            del self.fields["every"]


class PaperForm(RowForm):
    model = SchemePaper
    columns = ("title", "title_en", "required")
    title = TidyField(label=gettext_lazy("材料"), max_length=60)
    title_en = TidyField(label=gettext_lazy("英文"), max_length=120, required=False)
    required = forms.BooleanField(label=gettext_lazy("必需"), required=False)


class CaseForm(RowForm):
    model = Boundary
    columns = ("expect", "amount")
    expect = forms.ChoiceField(label=gettext_lazy("应有结果"), choices=Boundary.Expect.choices)
    amount = YuanField(label=gettext_lazy("金额"), required=False, min_value=Decimal(0))


class OneCaseForm(forms.Form):
    """A made-up case, another one or one that is there: what is left open is unknown."""

    name = TidyField(label=gettext_lazy("用例"), max_length=60, help_text=gettext_lazy("一句话，例如 差一天满一年"))
    expect = forms.ChoiceField(label=gettext_lazy("应有结果"), choices=Boundary.Expect.choices)
    amount = YuanField(
        label=gettext_lazy("金额"), required=False, min_value=Decimal(0), help_text=gettext_lazy("元；不填为不核对金额")
    )

    def __init__(self, data=None, *, version: SchemeVersion, case: Boundary | None = None):
        self.version, self.case = version, case or Boundary(version=version)
        facts = vocabulary_of(version.scheme).facts
        started: dict[str, Any] = {
            "name": self.case.name,
            "expect": self.case.expect or None,
            "amount": self.case.amount,
        }
        started |= {f"fact-{name}": initial_of(value) for name, value in self.case.given.items()}
        super().__init__(data, prefix="case", initial=started)
        self.names = sorted(engine.Ruling(version, {}).facts() - {"person"})
        for name in self.names:
            always = isinstance(facts[name].field, models.BooleanField) and not facts[name].field.null
            about = {"label": facts[name].label, "required": always}
            self.fields[f"fact-{name}"] = value_field(facts[name], Lookup.IS, **about)

    def facts(self) -> Iterator:
        return (self[f"fact-{name}"] for name in self.names)

    @property
    def given(self) -> dict[str, Any]:
        found = {name: self.cleaned_data.get(f"fact-{name}") for name in self.names}
        return {name: json_value(value) for name, value in found.items() if value not in (None, "")}

    def clean(self):
        data = super().clean()
        others = Boundary.objects.filter(version=self.version, name=data.get("name")).exclude(pk=self.case.pk)
        if others.exists():
            self.add_error("name", _("已有同名的用例，请换一个名称。"))
        if not self.errors:
            try:
                boundaries.judge(self.version, self.given)
            except WrongCriterion as error:
                raise ValidationError(str(error)) from error
        return data

    @property
    def row(self) -> Boundary:
        row, told = self.case, self.cleaned_data
        if not row.pk:
            row.order = next_order(self.version.boundaries)
        row.name, row.given, row.expect, row.amount = told["name"], self.given, told["expect"], told["amount"]
        return row


def next_order(rows) -> int:
    last = rows.aggregate(last=models.Max("order"))["last"]
    return 0 if last is None else last + 1


# --- all of a draft ----------------------------------------------------------------------------

ROWS: dict[str, type[RowForm]] = {
    "step": StepForm, "condition": ConditionForm, "instalment": InstalmentForm, "schemepaper": PaperForm, "boundary": CaseForm,
}  # fmt: skip
MOST = 40  # more rows than that nobody adds at once


class Sheets:
    """The forms of one draft together. `more`: the kind of row that one empty one is added of."""

    def __init__(self, version: SchemeVersion, data=None, *, more: str = ""):
        vocabulary = vocabulary_of(version.scheme)
        choices = Choices(version.pack, vocabulary)
        self.version = VersionForm(data, version=version, choices=choices)
        version.shape = self.version.way  # as posted, for the forms below
        self.made: dict[str, list[RowForm]] = {}
        self.numbers: dict[str, int] = {}
        for name, form in ROWS.items():
            kept = list(getattr(version, RELATED[name]).all())
            posted = int(text) if data and (text := data.get(f"new-{name}", "")).isdecimal() and len(text) < 3 else 0
            number = self.numbers[name] = min(posted, MOST) + (name == more)
            for row in kept:
                row.version = version
            self.made[name] = [form(data, row=row, choices=choices) for row in kept]
            for n in range(number):
                fresh = n == number - 1 and name == more
                row = self.fresh(form.model, version, len(kept) + n)
                self.made[name].append(form(None if fresh else data, row=row, choices=choices, number=n))

    @staticmethod
    def fresh(model, version: SchemeVersion, n: int):
        """One more row, with what is usual for it."""
        usual: dict[type[models.Model], dict[str, Any]] = {
            Instalment: {"number": n + 1, "every": 1, "share": None if n else 100},
            Step: {"order": n + 1},
        }
        return model(version=version, **usual.get(model, {}))

    @property
    def steps(self):
        return self.made["step"]

    @property
    def conditions(self):
        return self.made["condition"]

    @property
    def instalments(self):
        return self.made["instalment"]

    @property
    def papers(self):
        return self.made["schemepaper"]

    @property
    def cases(self):
        return self.made["boundary"]

    @property
    def rows(self) -> list[RowForm]:
        return [form for forms_ in self.made.values() for form in forms_]

    def all(self) -> list:
        return [self.version, *self.rows]

    def is_valid(self) -> bool:
        return all([form.is_valid() for form in self.all()])  # each of them, so that all mistakes are shown

    def calm(self) -> None:
        """Shown again on the way: what isn't finished is no mistake yet."""
        for form in self.all():
            form._errors = ErrorDict()
            form.cleaned_data = {}

    def written(self) -> tuple[dict, list, list]:
        """The version's values, the rows as typed, the rows that go."""
        gone = [form for form in self.rows if form.gone]
        stay = [form for form in self.rows if not form.gone and not form.empty]
        return self.version.told, [f.told() for f in stay], [f.row for f in gone if f.row.pk]


RELATED = {
    "step": "steps", "condition": "conditions", "instalment": "instalments", "schemepaper": "papers", "boundary": "boundaries",
}  # fmt: skip
