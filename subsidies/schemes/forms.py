"""A draft as a page lets it be changed: its days, sums and words, the values its conditions want, its boundary cases."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.facts import Lookup, WrongCriterion
from portal.forms import DayField, TidyField, WholeField, YesNoField, YuanField
from portal.models import Clause
from portal.packs.sections import named
from subsidies.schemes import boundaries, engine
from subsidies.schemes.engine import vocabulary_of
from subsidies.schemes.models import Boundary, SchemeVersion, Shape

LINES = forms.Textarea(attrs={"rows": 2})  # prose keeps its full-width marks


class ClauseField(forms.ModelChoiceField):
    def label_from_instance(self, row):
        return str(row)


class DraftForm(forms.Form):
    """From which day a copy of the version in force shall begin."""

    since = DayField(label=gettext_lazy("新版执行起"), help_text=gettext_lazy("资格产生于这一天及以后的，按新版"))


class VersionForm(forms.Form):
    """The version itself; which sums it has is as its shape says. The row is checked where it is written, with all that
    stands below it."""

    since = DayField(label=gettext_lazy("执行起"))
    until = DayField(
        label=gettext_lazy("执行止"), required=False, help_text=gettext_lazy("不填为一直执行；这一天起不再适用")
    )
    clause = ClauseField(label=gettext_lazy("依据"), queryset=Clause.objects.none())
    amount = YuanField(label=gettext_lazy("金额"), help_text=gettext_lazy("元"))
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

    WITHOUT = {
        Shape.FIXED: ("limit",), Shape.MATCHING: ("limit",), Shape.STEPS: ("limit", "amount"),
        Shape.UNSTATED: ("limit", "amount"),
    }  # fmt: skip

    def __init__(self, data, *, version: SchemeVersion):
        started = {name: getattr(version, name) for name in self.base_fields}
        super().__init__(data, initial=started | {"clause": version.clause_id})
        rows = named(Clause, version.pack).order_by("document", "pk")
        self.fields["clause"].queryset = rows  # type: ignore[attr-defined]
        for name in (*self.WITHOUT.get(Shape(version.shape), ()), *(() if version.upper else ("includes_upper",))):
            del self.fields[name]
        if version.shape == Shape.MATCHING:
            self.fields["amount"].help_text = _("占上级资金的百分比")

    @property
    def told(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


# --- values of facts ---------------------------------------------------------------------------


def value_field(fact, lookup: str, **about) -> forms.Field:
    """A field for what a criterion wants of a fact, or for what a made-up case has."""
    choices = [(str(value), label) for value, label in (fact.choices or {}).items()]
    if lookup == Lookup.ONE_OF and choices:
        return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **about)
    if choices:
        return forms.ChoiceField(choices=[("", "—"), *choices], **about)
    if isinstance(fact.field, models.BooleanField):
        words = [("", "—"), ("true", _("是")), ("false", _("否"))]
        return forms.TypedChoiceField(
            choices=words, coerce=lambda v: {"true": True, "false": False}[v], empty_value=None, **about
        )
    if isinstance(fact.field, models.DateField):
        return DayField(**about)
    if isinstance(fact.field, models.IntegerField):
        return WholeField(**about)
    if isinstance(fact.field, models.DecimalField):
        return YuanField(**{"min_value": Decimal(0), **about})
    return TidyField(max_length=60, **about)


def initial_of(value: Any) -> Any:
    """As the select of yes and no has it."""
    return str(value).lower() if isinstance(value, bool) else value


def json_value(value: Any) -> Any:
    """As a pack's file would write it."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


class RowForm(forms.Form):
    """One row below a version; `row` is it, `told()` what was typed, on it."""

    columns: tuple[str, ...] = ()

    def __init__(self, data, *, row, vocabulary):
        self.row, self.vocabulary = row, vocabulary
        started = {name: getattr(row, name) for name in self.columns}
        if "value" in started:
            started["value"] = initial_of(started["value"])
        super().__init__(data, prefix=f"{row._meta.model_name}-{row.pk}", initial=started)
        if "value" in self.columns and row.fact:
            fact = vocabulary.facts[row.fact]
            self.fields = {"value": value_field(fact, row.lookup, label=_("要求")), **self.fields}

    def clean_value(self):
        value = json_value(self.cleaned_data["value"])
        try:
            self.vocabulary.criterion(self.row.fact, self.row.lookup, value, "")
        except WrongCriterion as error:
            raise ValidationError(str(error)) from error
        return value

    def told(self):
        for name, value in self.cleaned_data.items():
            if name in self.columns:
                setattr(self.row, name, value)
        return self.row


class StepForm(RowForm):
    columns = ("value", "amount")
    amount = YuanField(label=gettext_lazy("金额"))


class ConditionForm(RowForm):
    columns = ("value", "assumed")
    assumed = forms.BooleanField(label=gettext_lazy("征求意见"), required=False)

    def __init__(self, data, *, row, vocabulary):
        super().__init__(data, row=row, vocabulary=vocabulary)
        if row.setting:  # that says it
            del self.fields["assumed"]


class InstalmentForm(RowForm):
    columns = ("waiting_months", "share", "every")
    waiting_months = WholeField(label=gettext_lazy("之后几个月"))
    share = forms.DecimalField(
        label=gettext_lazy("占比（%）"), max_digits=5, decimal_places=2, min_value=Decimal("0.01"), max_value=100,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )  # fmt: skip
    every = WholeField(label=gettext_lazy("每次至少"), min_value=1)

    def __init__(self, data, *, row, vocabulary):
        super().__init__(data, row=row, vocabulary=vocabulary)
        if row.version.shape != Shape.PER:
            del self.fields["every"]


class CaseForm(RowForm):
    columns = ("expect", "amount")
    expect = forms.ChoiceField(label=gettext_lazy("应有结果"), choices=Boundary.Expect.choices)
    amount = YuanField(label=gettext_lazy("金额"), required=False, min_value=Decimal(0))
    remove = forms.BooleanField(label=gettext_lazy("去掉"), required=False)


class NewCaseForm(forms.Form):
    """A made-up case: what is left open is unknown."""

    name = TidyField(label=gettext_lazy("用例"), max_length=60, help_text=gettext_lazy("一句话，例如 差一天满一年"))
    expect = forms.ChoiceField(label=gettext_lazy("应有结果"), choices=Boundary.Expect.choices)
    amount = YuanField(
        label=gettext_lazy("金额"), required=False, min_value=Decimal(0), help_text=gettext_lazy("元；不填为不核对金额")
    )

    def __init__(self, data=None, *, version: SchemeVersion):
        super().__init__(data, prefix="case")
        self.version, facts = version, vocabulary_of(version.scheme).facts
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
        if Boundary.objects.filter(version=self.version, name=data.get("name")).exists():
            self.add_error("name", _("已有同名的用例，请换一个名称。"))
        if not self.errors:
            try:
                boundaries.judge(self.version, self.given)
            except WrongCriterion as error:
                raise ValidationError(str(error)) from error
        return data

    @property
    def row(self) -> Boundary:
        last = self.version.boundaries.aggregate(last=models.Max("order"))["last"]
        return Boundary(
            version=self.version, name=self.cleaned_data["name"], given=self.given, order=(last or 0) + 1,
            expect=self.cleaned_data["expect"], amount=self.cleaned_data["amount"],
        )  # fmt: skip


# --- all of a draft ----------------------------------------------------------------------------


class Sheets:
    """The forms of one draft together."""

    def __init__(self, version: SchemeVersion, data=None):
        vocabulary = vocabulary_of(version.scheme)
        self.version = VersionForm(data, version=version)

        def each(form, rows) -> list:
            made = []
            for row in rows:
                row.version = version
                made.append(form(data, row=row, vocabulary=vocabulary))
            return made

        self.steps = each(StepForm, version.steps.all())
        self.conditions = each(ConditionForm, version.conditions.all())
        self.instalments = each(InstalmentForm, version.instalments.all())
        self.cases = each(CaseForm, version.boundaries.all())

    @property
    def rows(self) -> Sequence[RowForm]:
        return [*self.steps, *self.conditions, *self.instalments, *self.cases]

    def all(self) -> list:
        return [self.version, *self.rows]

    def is_valid(self) -> bool:
        return all([form.is_valid() for form in self.all()])  # each of them, so that all mistakes are shown

    def written(self) -> tuple[dict, list, list]:
        """The version's values, the rows as typed, the rows that go."""
        gone = [form for form in self.cases if form.cleaned_data["remove"]]
        return self.version.told, [f.told() for f in self.rows if f not in gone], [f.row for f in gone]
