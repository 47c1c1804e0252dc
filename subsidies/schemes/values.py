"""What a draft's forms let one choose from, and the fields for values of facts: a day, a number, a word of a list."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.facts import Lookup, Vocabulary
from portal.forms import DayField, TidyField, WholeField, YuanField
from portal.models import Clause, Pack, Setting
from portal.packs.sections import named
from portal.words import localised

LOOKUPS = (
    (Lookup.IS, gettext_lazy("应为")),
    (Lookup.ONE_OF, gettext_lazy("应为其中之一")),
    (Lookup.AT_LEAST, gettext_lazy("应不少于、不早于")),
    (Lookup.AT_MOST, gettext_lazy("应不多于、不晚于")),
    (Lookup.MORE, gettext_lazy("应多于、晚于")),
    (Lookup.LESS, gettext_lazy("应少于、早于")),
)
NOBODY = ("person",)  # facts that name a row, and say nothing
KINDS: tuple[tuple[Any, Callable[[Any], bool]], ...] = (
    (gettext_lazy("日期"), lambda f: isinstance(f.field, models.DateField)),
    (gettext_lazy("是或否"), lambda f: isinstance(f.field, models.BooleanField)),
    (gettext_lazy("类别"), lambda f: bool(f.choices or getattr(f, "names", None))),
    (gettext_lazy("金额和数量"), lambda f: isinstance(f.field, models.IntegerField | models.DecimalField)),
    (gettext_lazy("其他"), lambda f: True),
)


class Choices:
    """What the forms of one draft choose from, each list read once."""

    def __init__(self, pack: Pack, vocabulary: Vocabulary):
        self.pack, self.vocabulary = pack, vocabulary

    def of_kind(self, *kinds) -> list[tuple[str, Any]]:
        """The facts that are a day, or a number."""
        known = self.vocabulary.facts.items()
        return [(n, f.label) for n, f in known if n not in NOBODY and isinstance(f.field, kinds) and not f.choices]

    @cached_property
    def days(self) -> list[tuple[str, Any]]:
        return self.of_kind(models.DateField)

    @cached_property
    def numbers(self) -> list[tuple[str, Any]]:
        return self.of_kind(models.IntegerField, models.DecimalField)

    @cached_property
    def sums(self) -> list[tuple[str, Any]]:
        return self.of_kind(models.DecimalField)

    @cached_property
    def facts(self) -> list[tuple[Any, list]]:
        """Every fact by its label, the days first."""
        groups: dict[Any, list] = {label: [] for label, _fits in KINDS}
        for name, fact in self.vocabulary.facts.items():
            if name not in NOBODY:
                groups[next(label for label, fits in KINDS if fits(fact))].append((name, fact.label))
        return [(label, members) for label, members in groups.items() if members]

    @cached_property
    def clauses(self) -> dict[str, Clause]:
        return {str(row.pk): row for row in named(Clause, self.pack).order_by("document", "pk")}

    @cached_property
    def settings(self) -> list[tuple[str, str]]:
        """The settings that may make a condition a wall: which one, with which of its values."""
        rows = Setting.objects.filter(pack=self.pack, kind=Setting.Kind.CHOICE).order_by("order", "pk")
        found = []
        for row in rows:
            words = localised(row, "options") or row.options
            found += [(f"{row.code}={code}", f"{row.code}：{words.get(code, code)}") for code in row.options]
        return found

    def clause_field(self, **about) -> forms.Field:
        words = [("", _("请选择")), *((pk, str(row)) for pk, row in self.clauses.items())]
        return forms.TypedChoiceField(
            label=_("依据"), choices=words, coerce=self.clauses.get, empty_value=None, **about
        )

    def fact_field(self, label, choices, *, empty: str = "", **about) -> forms.Field:
        return forms.ChoiceField(label=label, choices=[("", empty or _("请选择")), *choices], **about)


# --- values of facts ---------------------------------------------------------------------------


class SeveralField(TidyField):
    """Several values of one kind, written one after the other."""

    def __init__(self, one: forms.Field, **about):
        super().__init__(max_length=400, help_text=_("几个之间用顿号隔开"), **about)
        self.one = one

    def prepare_value(self, value):
        return "、".join(map(str, value)) if isinstance(value, list | tuple) else value

    def clean(self, value):
        return [self.one.clean(part) for part in re.split(r"[、，,;；\s]+", super().clean(value)) if part]


def value_field(fact, lookup: str, **about) -> forms.Field:
    """A field for what a criterion wants of a fact, or for what a made-up case has."""
    known = fact.choices or (fact.names() if getattr(fact, "names", None) else {})
    choices = [(str(value), label) for value, label in known.items()]
    if lookup == Lookup.ONE_OF and choices:
        return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **about)
    if lookup == Lookup.ONE_OF:
        return SeveralField(value_field(fact, Lookup.IS), **about)
    if choices:
        return forms.ChoiceField(choices=[("", "—"), *choices], **about)
    if isinstance(fact.field, models.BooleanField):
        words = [("", "—"), ("true", _("是")), ("false", _("否"))]
        return forms.TypedChoiceField(choices=words, coerce=flag, empty_value=None, **about)
    if isinstance(fact.field, models.DateField):
        return DayField(**about)
    if isinstance(fact.field, models.IntegerField):
        return WholeField(**about)
    if isinstance(fact.field, models.DecimalField):
        return YuanField(**{"min_value": Decimal(0), **about})
    return TidyField(max_length=60, **about)


def flag(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(text)
    return text == "true"


def initial_of(value: Any) -> Any:
    """As the select of yes and no has it."""
    return str(value).lower() if isinstance(value, bool) else value


def json_value(value: Any) -> Any:
    """As a pack's file would write it."""
    if isinstance(value, list | tuple):
        return [json_value(v) for v in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value
