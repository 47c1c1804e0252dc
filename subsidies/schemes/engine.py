"""What a scheme's versions ask, as columns of one statement: the same for one subject, the few who changed, everybody.

The database gives every verdict and every amount, so that the sweep and a single explanation can't differ.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    DateField,
    DecimalField,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    Model,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Cast, Greatest, Least, Round
from django.db.models.lookups import GreaterThan, IsNull, LessThan
from django_cte import CTE, with_cte

from portal.facts import VOCABULARIES, AtLeast, Criterion, Question, Vocabulary
from portal.models import Pack, Setting
from postdocs.stays.facts import later
from subsidies.schemes.models import Condition, Instalment, SchemeVersion, Shape, Step, SubsidyScheme

MONEY = DecimalField(max_digits=14, decimal_places=2, null=True)
SHARE = DecimalField(max_digits=9, decimal_places=4)
UPPER = "A16"  # the setting: whether a ceiling includes what upper levels give
P = Condition.Purpose


@dataclass(frozen=True)
class Asked:
    """One question of a version: a condition, or those of a group together. No `question`: an officer looks.

    `soft`: what isn't met is for an officer to decide. `key` names its column.
    """

    key: str
    conditions: tuple[Condition, ...]
    question: Question | None
    soft: bool
    purpose: str


def vocabulary_of(scheme: SubsidyScheme) -> Vocabulary:
    return VOCABULARIES[scheme.vocabulary]


def settings_of(versions: Iterable[SchemeVersion]) -> dict[tuple[int, str], Any]:
    """The settings that these versions rest on, by pack and code."""
    versions = list(versions)
    codes = {UPPER, *(c.setting for v in versions for c in v.conditions.all() if c.setting)}
    rows = Setting.objects.filter(pack__in={v.pack_id for v in versions}, code__in=codes)
    return {(pack, code): value for pack, code, value in rows.values_list("pack", "code", "value")}


def is_soft(condition: Condition, settings: Mapping) -> bool:
    """Whether an officer decides: because no record can tell, or because it is borrowed and the bureau hasn't said so."""
    if condition.judged:
        return True
    if condition.setting:
        return settings.get((condition.version.pack_id, condition.setting)) != condition.wall
    return condition.assumed


def criterion_of(condition: Condition, vocabulary: Vocabulary) -> Criterion:
    return vocabulary.criterion(condition.fact, condition.lookup, condition.value, str(condition.clause))


def asked_of(version: SchemeVersion, settings: Mapping) -> list[Asked]:
    """The questions of a version in their order; a group stands where its first condition does."""
    vocabulary, found, groups = vocabulary_of(version.scheme), [], {}
    for condition in version.conditions.all():
        condition.version = version
        if condition.group:
            groups.setdefault(condition.group, []).append(condition)
            if len(groups[condition.group]) > 1:
                continue
        found.append(condition)
    asked = []
    for n, condition in enumerate(found):
        key, members = f"q{version.pk or 0}_{n}", tuple(groups.get(condition.group, [condition]))
        question: Question | None = None
        if len(members) > 1:
            question = AtLeast(
                version.needed.get(condition.group, 1), tuple(criterion_of(c, vocabulary) for c in members)
            )
        elif not condition.judged:
            question = criterion_of(condition, vocabulary)
        asked.append(Asked(key, members, question, any(is_soft(c, settings) for c in members), condition.purpose))
    return asked


def next_day(day) -> Func:
    return Func(day, template="(%(expressions)s + 1)", output_field=DateField())


def at_most(sum_, most) -> Case:
    """The smaller of two sums; NULL where either isn't known, which LEAST() would pass over."""
    cases = [When(IsNull(sum_, True) | IsNull(most, True), then=None), When(GreaterThan(sum_, most), then=most)]
    return Case(*cases, default=sum_, output_field=MONEY)


class Ruling:
    """One version with its questions and the names of its columns."""

    def __init__(self, version: SchemeVersion, settings: Mapping):
        self.version, self.asked = version, asked_of(version, settings)
        self.vocabulary = vocabulary_of(version.scheme)
        said = settings.get((version.pack_id, UPPER))
        self.includes_upper = version.includes_upper
        if self.includes_upper is None and said in ("includes", "excludes"):
            self.includes_upper = said == "includes"

    def name(self, what: str) -> str:
        return f"v{self.version.pk or 0}_{what}"

    def facts(self) -> set[str]:
        """The facts that its columns read."""
        version = self.version
        names = {version.scheme.event, version.quantity, version.upper} - {""}
        names |= {i.opens for i in version.instalments.all()} | {s.fact for s in version.steps.all()}
        names |= {c.fact for a in self.asked if a.question for c in a.question.criteria}
        return names | ({"person"} & set(self.vocabulary.facts))

    # --- columns ---

    def columns(self, instalments: Iterable[Instalment] | None = None) -> dict[str, Any]:
        """What this version says of a row that has its facts, by the names of the columns; of all its instalments, or of
        these."""
        found: dict[str, Any] = {a.key: a.question.verdict for a in self.asked if a.question is not None}
        found[self.name("met")] = self.met()
        found[self.name("units")] = self.units()
        found[self.name("whole")] = self.whole()
        for instalment in self.version.instalments.all() if instalments is None else instalments:
            opens: Any = F(f"fact_{instalment.opens}")
            if instalment.waiting_months:
                opens = later(opens, Value(instalment.waiting_months))
            found[f"i{instalment.pk or 0}_opens"] = opens
            found[f"i{instalment.pk or 0}_lapses"] = self.lapses(opens)
            found[f"i{instalment.pk or 0}_amount"] = self.part(instalment)
        return found

    def met(self):
        """False once a wall is not met or a stop is; True once everything is met; else unknown, or for an officer.
        What asks nothing gives nothing."""
        needs = [a for a in self.asked if a.purpose == P.NEED]
        if not needs:
            return Value(False, BooleanField(null=True))
        walls = [Q(**{a.key: False}) for a in needs if a.question and not a.soft]
        stops = [Q(**{a.key: True}) for a in self.asked if a.purpose == P.STOP and a.question]
        cases = [When(reduce(or_, walls + stops), then=False)] if walls or stops else []
        if all(a.question for a in needs):
            cases.append(When(reduce(and_, (Q(**{a.key: True}) for a in needs)), then=True))
        return Case(*cases, default=None, output_field=BooleanField(null=True))

    def units(self):
        """How much there is so far of what is paid by quantity: whole units up to the limit; else one."""
        version = self.version
        if version.shape != Shape.PER:
            return Value(1, IntegerField())
        had = Greatest(Cast(F(f"fact_{version.quantity}"), IntegerField()), Value(0))
        return Least(had, Value(version.limit)) if version.limit is not None else had

    def whole(self):
        """The whole amount in yuan, before it is cut into instalments; NULL where the papers or the facts name none."""
        version, amount = self.version, self.version.amount
        if version.shape == Shape.STEPS:
            steps = (When(self.fits(step), then=Value(step.amount, MONEY)) for step in version.steps.all())
            sum_: Any = Case(*steps, default=None, output_field=MONEY)
        elif version.shape == Shape.PER:
            sum_ = ExpressionWrapper(Cast(self.units(), MONEY) * Value(amount, MONEY), MONEY)
        elif version.shape == Shape.MATCHING:
            share = Value(amount / Decimal(100), SHARE)
            sum_ = Round(ExpressionWrapper(Cast(F(f"fact_{version.quantity}"), MONEY) * share, MONEY), precision=2)
        elif version.shape == Shape.FIXED:
            sum_ = Value(amount, MONEY)
        else:
            return Value(None, MONEY)
        if version.ceiling is not None:
            sum_ = at_most(sum_, Value(version.ceiling, MONEY))
        if self.includes_upper and version.upper:
            left = ExpressionWrapper(Value(version.ceiling or amount, MONEY) - F(f"fact_{version.upper}"), MONEY)
            left = Case(
                When(LessThan(left, Decimal(0)), then=Value(Decimal(0), MONEY)), default=left, output_field=MONEY
            )
            sum_ = at_most(sum_, left)
        return sum_

    def fits(self, step: Step) -> Q:
        return self.vocabulary.criterion(step.fact, step.lookup, step.value, "").q

    def part(self, instalment: Instalment):
        if instalment.share == 100:
            return self.whole()
        share = Value(instalment.share / Decimal(100), SHARE)
        return Round(ExpressionWrapper(self.whole() * share, MONEY), precision=2)

    def lapses(self, opens):
        """The first day on which it is too late; never where the term is only borrowed."""
        version = self.version
        if version.window_months is None or version.window_assumed:
            return Value(None, DateField(null=True))
        return next_day(later(opens, Value(version.window_months)))


# --- many versions, one statement --------------------------------------------------------------


def rulings(versions: Iterable[SchemeVersion]) -> list[Ruling]:
    """These versions, ready to be asked; prefetched as `SchemeVersion.objects.for_engine()` does."""
    versions = list(versions)
    settings = settings_of(versions)
    return [Ruling(version, settings) for version in versions]


def in_pack(vocabulary: Vocabulary, pack: Pack) -> QuerySet:
    """The subjects whose rules are this pack's."""
    return vocabulary.model._default_manager.filter(**{f"{vocabulary.district}__up__ancestor": pack.root_id})


def facts_of(asked: list[Ruling], rows: QuerySet, *, on: date, all_: bool = False) -> CTE:
    """One row per subject with every fact that these versions read; all of one vocabulary. `all_` as of `Vocabulary.table`."""
    names = set().union(*(ruling.facts() for ruling in asked))
    return CTE(asked[0].vocabulary.table(rows, names, on=on, all_=all_), name="facts", materialized=True)


def rows_of(asked: list[Ruling], rows: QuerySet, *, on: date, all_: bool = False) -> QuerySet:
    """One row per subject: pk, the facts, and every column of these versions; all of one vocabulary. `all_` as of
    `Vocabulary.table`."""
    facts = facts_of(asked, rows, on=on, all_=all_)
    columns: dict[str, Any] = {}
    for ruling in asked:
        columns |= ruling.columns()
    return with_cte(facts, select=facts.queryset().annotate(**columns))


def right_of(scheme: SubsidyScheme, number: int, subject: Model | Any, person: Any) -> str:
    """What can be had but once: of a person where the scheme or its group says so, else of the subject."""
    whose = f"person:{person}" if person and by_person(scheme) else f"{scheme.vocabulary}:{subject}"
    return f"{stem(scheme, number)}{whose}"


def stem(scheme: SubsidyScheme, number: int) -> str:
    return f"{scheme.pack.code}:{scheme.group or scheme.code}:{number}:"


def by_person(scheme: SubsidyScheme) -> bool:
    return bool(scheme.group or scheme.once_per_person)
