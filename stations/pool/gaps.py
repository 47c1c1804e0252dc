"""What an enterprise still lacks for the station it aims at: each condition held against what the portal knows.

The same reading serves one page and a whole list: conditions, figures and findings of officials are read once for
all, whatever the number of enterprises.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Prefetch, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.facts import AtLeast, Finding, Question
from portal.models import Confirmation, Pack, Setting
from portal.site import remembered
from stations.enterprises import facts
from stations.models import (
    ApplicationType,
    Condition,
    ConditionCriterion,
    Enterprise,
    PoolBasis,
    PoolEntry,
    PoolTier,
    Slot,
)

NEAR = 3  # where a pack says nothing: so many open conditions are done within a year


@dataclass
class Gap:
    """One condition: what the enterprise's own figures say, what an official found on the spot, what to bring."""

    number: str
    condition: Condition
    questions: dict[str, Question]
    row: Mapping[str, Any]  # what was found, by fact and by question
    said: Confirmation | None
    slots: list[Slot]
    spare: bool = False  # enough others of its group are met

    @property
    def findings(self) -> list[Finding]:
        """What the figures say, in words."""
        return [
            Finding(question, self.row[name], facts.enterprise.sentence(question, self.row))
            for name, question in self.questions.items()
        ]

    @cached_property
    def met(self) -> bool | None:
        """Who has looked knows better than a figure; where nobody could tell, the figures speak."""
        if self.said is not None and self.said.verdict is not None:
            return self.said.verdict
        answers = [self.row[name] for name in self.questions]
        if False in answers:
            return False
        return True if answers and None not in answers else None

    @property
    def state(self) -> tuple[str, str]:
        """Kind and words of its status."""
        if self.spare and self.met is not True:
            return "todo", _("不需要")
        return {True: ("met", _("已具备")), False: ("unmet", _("还缺")), None: ("unknown", _("还不知道"))}[self.met]

    @property
    def name(self) -> str:
        basic = self.condition.group == Condition.Group.BASIC
        return (_("基本条件%(number)s") if basic else _("推荐条件%(number)s")) % {"number": self.number}


@dataclass
class Gaps:
    """All conditions of one target. Every basic one is needed, and `needed` of the recommended."""

    rows: list[Gap]
    needed: int

    def __post_init__(self):
        for gap in self.recommended:
            gap.spare = self.chosen

    @property
    def chosen(self) -> bool:
        """Whether enough recommended conditions are met; then the others don't matter."""
        return sum(g.met is True for g in self.recommended) >= self.needed

    @property
    def basic_met(self) -> list[Gap]:
        return [gap for gap in self.basic if gap.met is True]

    @cached_property
    def basic(self) -> list[Gap]:
        return [g for g in self.rows if g.condition.group == Condition.Group.BASIC]

    @cached_property
    def recommended(self) -> list[Gap]:
        return [g for g in self.rows if g.condition.group == Condition.Group.RECOMMENDED]

    @property
    def total(self) -> int:
        return len(self.basic) + self.needed

    @cached_property
    def done(self) -> int:
        return sum(g.met is True for g in self.basic) + min(sum(g.met is True for g in self.recommended), self.needed)

    @property
    def short(self) -> int:
        """What stands between the enterprise and an application: what is not so, or not known to be so."""
        return self.total - self.done

    @property
    def unknown(self) -> int:
        return sum(g.met is None for g in self.basic)

    @property
    def pieces(self) -> list[str]:
        """For the `segments` tag: one piece per condition that is needed."""
        best = sorted((g.met is True for g in self.recommended), reverse=True)[: self.needed]
        return ["done" if met else "" for met in [*(g.met is True for g in self.basic), *best]]

    @cached_property
    def text(self) -> str:
        """How far it is, in words."""
        if not self.short:
            return _("条件已齐，可以申报")
        told = ngettext("还差 %(n)s 项", "还差 %(n)s 项", self.short) % {"n": self.short}
        if self.unknown:
            more = ngettext("其中 %(n)s 项还不知道", "其中 %(n)s 项还不知道", self.unknown) % {"n": self.unknown}
            return _("%(told)s，%(more)s") % {"told": told, "more": more}
        return told

    def tier(self, near: int) -> str:
        """The tier that the gaps propose; a person decides."""
        return PoolTier.A if not self.short else PoolTier.B if self.short <= near else PoolTier.C


@dataclass(frozen=True)
class Asked:
    """Whose gaps towards what; `matter` is the case whose findings count, `key` how the answer is found again."""

    key: int
    enterprise: int
    type: ApplicationType
    matter: int | None = None


def topic_of(kind: ApplicationType, condition: Condition) -> str:
    """What a finding on a condition is about: the same condition of another target is another."""
    return f"{kind.code}.{condition.code}"[:60]


def of_entries(entries: Iterable[PoolEntry], *, on: date) -> dict[int, Gaps]:
    """The gaps of each entry, by its pk."""
    return gaps_of([Asked(e.pk, e.enterprise_id, e.target, e.matter_id) for e in entries], on=on)


def conditions_of(kind: int) -> list[Condition]:
    """The conditions of a type with their papers and criteria; only a pack that is loaded changes them."""
    slots = Prefetch("slots", Slot.objects.order_by("order", "pk"))
    criteria = Prefetch("criteria", ConditionCriterion.objects.order_by("order", "pk"))
    rows = Condition.objects.filter(type=kind).select_related("clause__document")
    found = rows.prefetch_related(slots, criteria).order_by("order", "pk")
    return remembered(f"conditions:{kind}", lambda: list(found))


def questions_of(kinds: Iterable[int]) -> dict[str, Question]:
    """What the criteria of these types ask, by a name of their own."""
    return {
        f"q{c.pk}": facts.enterprise.criterion(c.fact, c.lookup, c.value, str(condition.clause))
        for kind in kinds
        for condition in conditions_of(kind)
        for c in condition.criteria.all()
    }


def answers_of(enterprises: Collection[int], questions: Mapping[str, Question], *, on: date) -> dict[int, dict]:
    """The answers to all these questions for each enterprise, by its key; in one statement."""
    if not questions or not enterprises:
        return {pk: {} for pk in enterprises}
    rows = facts.enterprise.verdicts(Enterprise.objects.filter(pk__in=enterprises), questions, on=on)
    return {row["pk"]: row for row in rows}


def gaps_of(asked: Sequence[Asked], *, on: date, told: Mapping[int, Mapping] | None = None) -> dict[int, Gaps]:
    """The gaps of each, by its key. `told`: the answers, where they were asked for together with others."""
    if not asked:
        return {}
    conditions = {pk: conditions_of(pk) for pk in {a.type.pk for a in asked}}
    questions = questions_of(conditions)
    if told is None:
        told = answers_of({a.enterprise for a in asked}, questions, on=on)
    said = found_on_the_spot([a.matter for a in asked if a.matter], on=on)
    known = {one.type.pk: one.type for one in asked}
    lines = {pk: lines_of(known[pk], rows, questions) for pk, rows in conditions.items()}
    return {
        one.key: Gaps(
            [
                Gap(number, condition, asks, told[one.enterprise], said.get((one.matter, topic)), slots)
                for number, condition, asks, topic, slots in lines[one.type.pk]
            ],
            one.type.recommended_needed,
        )
        for one in asked
    }


def lines_of(kind: ApplicationType, conditions: Iterable[Condition], questions: Mapping[str, Question]) -> list[tuple]:
    """What the gaps of everybody who aims at a type have in common: number, condition, questions, topic and papers."""
    numerals = _("一 二 三 四 五 六 七 八 九 十").split()
    place = {group: iter(numerals) for group in Condition.Group.values}
    return [
        (
            next(place[condition.group], ""),
            condition,
            {f"q{c.pk}": questions[f"q{c.pk}"] for c in condition.criteria.all()},
            topic_of(kind, condition),
            list(condition.slots.all()),
        )
        for condition in conditions
    ]


def found_on_the_spot(matters: Sequence[int], *, on: date) -> dict[tuple[int | None, str], Confirmation]:
    """What officials found as of the day, by case and topic; of two levels the one who looked last."""
    rows = Confirmation.objects.filter(Q(until=None) | Q(until__gt=on), matter__in=matters, since__lte=on)
    return {(c.matter_id, c.topic): c for c in rows.select_related("by", "on_behalf").order_by("pk")}


def near_of(pack: Pack | int) -> int:
    """How many open conditions a pack believes can be met within a year."""
    value = remembered(f"days:{getattr(pack, 'pk', pack)}", lambda: Setting.objects.values_of(pack)).get("pool.near")
    return NEAR if value is None else value


def backed(enterprise: Enterprise, bases: Sequence[PoolBasis], *, on: date) -> dict[int, bool | None]:
    """Whether our data bear each basis out; a basis of which they can say nothing is left out."""
    return backed_each([enterprise.pk], bases, on=on)[enterprise.pk]


def backed_each(
    enterprises: Sequence[int], bases: Sequence[PoolBasis], *, on: date
) -> dict[int, dict[int, bool | None]]:
    """The same for several, read at once."""
    questions = questions_about(bases)
    told = answers_of(enterprises, questions, on=on)
    return {pk: {int(name[1:]): row[name] for name in questions} for pk, row in told.items()}


def questions_about(bases: Iterable[PoolBasis]) -> dict[str, Question]:
    """Whether our data bear each basis out; of one without criteria nothing can be asked."""
    asked = {
        b.pk: tuple(facts.enterprise.criterion(c.fact, c.lookup, c.value, b.title) for c in b.criteria.all())
        for b in bases
    }
    return {f"b{pk}": AtLeast(1, criteria) for pk, criteria in asked.items() if criteria}
