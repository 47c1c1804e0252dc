"""Facts: named, dated measurements of one model; criteria: facts held against a rule and its clause.

The database is the only evaluator. The same definition filters a population, explains one case, guards a
transition and selects what an indicator counts. A fact whose data are missing is NULL, and so is every criterion
on it: unknown, which asks for data and is never a no.
"""

from collections.abc import Callable, Iterable, Mapping
from copy import copy as copy_of
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import reduce
from itertools import groupby
from operator import add, or_
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    DateField,
    DecimalField,
    ExpressionWrapper,
    F,
    Field,
    IntegerField,
    Model,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.enums import TextChoices
from django.db.models.expressions import ResolvedOuterRef
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact, GreaterThanOrEqual, LessThan
from django.db.models.sql.constants import LOUTER
from django.db.models.sql.where import WhereNode
from django.utils.formats import date_format
from django.utils.text import format_lazy
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _
from django_cte import CTE, with_cte

from portal.words import with_unit


class Lookup(TextChoices):
    """The only comparisons a criterion may make. There is no negation: say the opposite."""

    IS = "exact", gettext_lazy("应为")
    LESS = "lt", gettext_lazy("应少于")
    AT_MOST = "lte", gettext_lazy("应不多于")
    MORE = "gt", gettext_lazy("应多于")
    AT_LEAST = "gte", gettext_lazy("应不少于")
    ONE_OF = "in", gettext_lazy("应为其中之一：")


OF_DAYS = {  # of days one says not before and not after, of numbers not less and not more
    Lookup.LESS: pgettext_lazy("日期", "应早于"), Lookup.AT_MOST: pgettext_lazy("日期", "应不晚于"),
    Lookup.MORE: pgettext_lazy("日期", "应晚于"), Lookup.AT_LEAST: pgettext_lazy("日期", "应不早于"),
}  # fmt: skip


def compared(fact: "RowFact | TotalFact", lookup: str) -> str:
    """How a fact has to compare with what is wanted of it, in words."""
    asked = Lookup(lookup)
    return str(OF_DAYS.get(asked, asked.label) if isinstance(fact.field, DateField) else asked.label)


@dataclass(frozen=True, eq=False)
class Source:
    """Rows of another table, grouped once for all subjects that are asked about.

    `lines` takes the subjects (a queryset; None: all there are) and the day, and gives at most one line for each `key`, a column of that name;
    `path` leads from the subject to what the key is held against. A subject without a line has NULL in every column.
    `dated`: its lines depend on the day; else the day may be None.
    """

    lines: Callable[[QuerySet | None, Any], QuerySet]
    path: str = "pk"
    dated: bool = True


@dataclass(frozen=True)
class RowFact:
    """An expression over the row itself, or over what its foreign keys point to.

    With `sources` there is a second way to the same value, for many rows at once: `over` takes the day and the columns of
    each source. `at` is for filters and for rows that are reached along a foreign key; tests hold both against each other.

    `choices` gives the words for a code, and there are no others; `names` asks for the words of codes that packs define,
    and knows those of today. `at` takes the day, or None where the day plays no part. `veiled`: it rests on rows
    that whoever asks may not see, so a sentence tells how a rule came out and never the value.
    """

    name: str
    label: Any  # text, perhaps lazy
    unit: Any
    field: Field
    at: Callable[[date | None], Any]
    choices: Mapping[str, Any] | None = None
    veiled: bool = False
    names: Callable[[], Mapping[str, Any]] | None = None
    sources: tuple[Source, ...] = ()
    over: Callable[..., Any] | None = None


@dataclass(frozen=True)
class TotalFact:
    """A count or sum over the rows of another table that point to the subject; 0 where there are none.

    `source` is that table's model, or a named function that gives its rows; `key` is their foreign key to the
    subject (to its column `subject`); `when` says which of them count on a day.
    """

    name: str
    label: Any
    unit: Any
    source: type[Model] | Callable[[], QuerySet]
    key: str
    aggregate: Callable[[Q], Any]
    when: Callable[[date], Q]
    field: Field
    subject: str = "pk"
    choices: Mapping[str, Any] | None = None
    veiled: bool = False  # as of a row fact
    shortfall: bool = False  # counts what is missing: a subject whose rows all fail `when` has a value too

    @property
    def group(self) -> tuple[str, str, str]:
        """Totals of one group are read in one pass."""
        return f"{self.source.__module__}.{self.source.__qualname__}", self.key, self.subject

    def rows(self) -> QuerySet:
        return self.source._default_manager.all() if isinstance(self.source, type) else self.source()  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Criterion:
    """One sentence of a rule: `fact lookup value`, and the clause that says so. A list value is kept as a tuple.

    `justifiable`: where a step asks for it, somebody may go on without, and says why.
    """

    fact: str
    lookup: str
    value: Any
    clause: str
    justifiable: bool = False

    @property
    def q(self) -> Q:
        return Q(**{f"fact_{self.fact}__{self.lookup}": self.value})

    @property
    def verdict(self) -> ExpressionWrapper:
        """True, False or NULL, as a column."""
        return ExpressionWrapper(self.q, output_field=BooleanField(null=True))

    @property
    def criteria(self) -> tuple["Criterion", ...]:
        return (self,)


@dataclass(frozen=True)
class AtLeast:
    """`needed` of these: true once enough are met, false once enough can't be any more, else unknown."""

    needed: int
    criteria: tuple[Criterion, ...]

    @property
    def verdict(self) -> Case:
        met = reduce(add, (Case(When(Exact(c.verdict, True), then=1), default=0) for c in self.criteria))
        possible = reduce(add, (Case(When(Exact(c.verdict, False), then=0), default=1) for c in self.criteria))
        return Case(
            When(GreaterThanOrEqual(met, self.needed), then=True),
            When(LessThan(possible, self.needed), then=False),
            default=None,
            output_field=BooleanField(null=True),
        )


Question = Criterion | AtLeast


@dataclass(frozen=True)
class Finding:
    """How one question came out for one subject: `met` is None where a fact is unknown; `text` is for a clerk."""

    question: Question
    met: bool | None
    text: str

    @property
    def justifiable(self) -> bool:
        return isinstance(self.question, Criterion) and self.question.justifiable


class WrongCriterion(ValueError):
    """A criterion that can't be asked of this vocabulary; the message says why, fit for a pack's author."""


@dataclass(frozen=True)
class Entry:
    """How one row of a vocabulary is shown in a list of records: its name and page, whose it is, the papers that
    made it count and that stopped it."""

    title: str
    url: str
    owner: str
    document: str
    end_document: str = ""


def listed_alone(row: Any) -> Entry:
    """A case that is only known by its matter."""
    return Entry(str(row), row.get_absolute_url(), str(row.matter.organisation), row.matter.number)


@dataclass(frozen=True)
class Coming:
    """Rows of any table that may become rows of a vocabulary before long.

    `facts` are expressions for those of the vocabulary's facts that are known beforehand; `given` names facts that
    coming itself will settle, whatever they say now; any other is not asked. `agreed`: signed, nothing handed in yet,
    so nobody has promised a day. `waits` says of which rows somebody beyond the city's offices decides in the end. `people`
    is how many come with one row.
    """

    rows: Callable[[], QuerySet]
    facts: Mapping[str, Any] = field(default_factory=dict)
    given: frozenset[str] = frozenset()
    agreed: bool = False
    waits: Q | None = None
    district: str = "matter__district"
    people: str = ""
    describe: Callable[[Any], Entry] = listed_alone
    select: tuple[str, ...] = ("matter__organisation", "matter__district")


class Vocabulary:
    """What can be said of one model on a given day. Apps to the right may add facts in their own facts.py.

    `name` is how packs call it; `district` is the path to the row's district; `describe` shows one row in a list of
    records, with what `select` joins; `coming` are the tables whose rows may become rows of it. `due` gives, by the fact of
    the day on which a row stopped, the one that says when it is to stop. `of` gives, by the names of other vocabularies,
    the paths to their rows that a row counts for: {"station": "station"}.
    """

    def __init__(
        self,
        name: str,
        model: type[Model],
        *,
        district: str = "matter__district",
        describe: Callable[[Any], Entry] | None = None,
        select: tuple[str, ...] = (),
        coming: Iterable[Coming] = (),
        due: Mapping[str, str] = {},
        of: Mapping[str, str] = {},
    ):
        if name in VOCABULARIES:
            raise ValueError(f"vocabulary {name!r} is already defined")
        VOCABULARIES[name] = self
        self.name = name
        self.model = model
        self.district = district
        self.describe = describe
        self.select = select
        self.coming = list(coming)
        self.due = dict(due)
        self.of = dict(of)
        self.facts: dict[str, RowFact | TotalFact] = {}

    def _add(self, fact: RowFact | TotalFact) -> None:
        if fact.name in self.facts:
            raise ValueError(f"fact {fact.name!r} is already defined")
        self.facts[fact.name] = fact

    def fact(
        self,
        label: Any,
        field: Field,
        *,
        unit: Any = "",
        choices: Any = None,
        veiled: bool = False,
        sources: Any = (),
        over: Any = None,
    ) -> Callable:
        """Register a function of the day as a row fact, under the function's own name."""

        def register(at: Callable) -> Callable:
            self._add(RowFact(at.__name__, label, unit, field, at, choices, veiled, None, tuple(sources), over))
            return at

        return register

    def column(
        self, name: str, label: Any, *, path: str = "", unit: Any = "", choices: Any = None, names: Any = None
    ) -> None:
        """A fact that is simply a column of the row, or one reached along foreign keys."""
        path = path or name
        self._add(RowFact(name, label, unit, column_of(self.model, path), lambda on: F(path), choices, names=names))

    def total(
        self,
        name: str,
        label: Any,
        *,
        source: type[Model] | Callable[[], QuerySet],
        key: str,
        aggregate: Callable[[Q], Any],
        when: Callable[[date], Q],
        unit: Any = "",
        field: Field | None = None,
        subject: str = "pk",
        shortfall: bool = False,
    ) -> None:
        """`aggregate` takes the filter that `when` gives for the day: `lambda q: Sum("amount", filter=q)`."""
        found = field or IntegerField()
        self._add(TotalFact(name, label, unit, source, key, aggregate, when, found, subject, shortfall=shortfall))

    def borrow(self, path: str, other: "Vocabulary", label: Any) -> None:
        """Take over the row facts of `other`, reached along the foreign key `path`; their names are prefixed."""
        for fact in other.facts.values():
            if isinstance(fact, RowFact):
                self._add(
                    replace(
                        fact,
                        name=f"{path}_{fact.name}",
                        label=format_lazy("{}{}", label, fact.label),
                        at=lent(fact.at, path),
                        sources=(),
                        over=None,
                    )
                )

    # --- asking ------------------------------------------------------------------------------

    def with_row_facts(self, names: Iterable[str], *, on: date | None, all_: bool = False) -> QuerySet:
        """Every subject, these of its row facts usable in filters and groups under `fact_<name>`.

        Only the named ones: building an expression costs Python more than reading it costs the database. `all_`: all
        subjects are read, so what depends on no day is read once of other tables and joined, not looked up for each.
        """
        facts = [fact for name in sorted(set(names)) if isinstance(fact := self.facts[name], RowFact)]
        undated = [f for f in facts if all_ and f.over and not any(s.dated for s in f.sources)]
        rows, read = self.joined(self.model._default_manager.order_by(), undated, lambda s: s.lines(None, on))
        said = {f.name: f.over(on, *(read[s].col for s in f.sources)) for f in undated if f.over}
        return rows.alias(**{f"fact_{f.name}": said[f.name] if f.name in said else f.at(on) for f in facts})

    def joined(
        self, rows: QuerySet, facts: Iterable[RowFact], lines: Callable[[Source], QuerySet]
    ) -> tuple[QuerySet, dict[Source, CTE]]:
        """The rows with each source of these facts joined once, and where its columns are."""
        read: dict[Source, CTE] = {}
        for source in dict.fromkeys(s for f in facts for s in f.sources):
            read[source] = cte = CTE(lines(source), name=f"source_{len(read)}")
            rows = with_cte(cte, select=cte.join(rows, **{source.path: cte.col.key}, _join_type=LOUTER))
        return rows, read

    def table(self, rows: QuerySet, names: Iterable[str], *, on: date, all_: bool = False) -> QuerySet:
        """One row per subject with a `fact_<name>` column each, evaluated once. `all_`: the rows are about all there are,
        so that nothing is gained by looking for theirs alone in other tables.

        Totals are grouped once per source and joined; nothing is correlated, so the same statement serves one
        subject, the few who changed, and everybody.
        """
        facts = [self.facts[name] for name in sorted(set(names))]
        row_facts = [f for f in facts if isinstance(f, RowFact)]
        queryset, read = self.joined(
            rows.order_by(), row_facts, lambda s: s.lines(None if all_ else rows.order_by(), on)
        )
        columns: dict[str, Any] = {
            f"fact_{f.name}": ExpressionWrapper(
                f.over(on, *(read[s].col for s in f.sources)) if f.over else f.at(on), output_field=f.field
            )
            for f in row_facts
        }
        totals = sorted((f for f in facts if isinstance(f, TotalFact)), key=lambda f: f.group)
        for n, ((_source, key, subject), group) in enumerate(groupby(totals, key=lambda f: f.group)):
            members = list(group)
            grouped = members[0].rows().order_by()
            if rows.query.where:
                grouped = grouped.filter(**{f"{key}__in": rows.order_by().values(subject)})
            when = [f.when(on) for f in members]
            if all(when) and not any(f.shortfall for f in members):  # an empty Q counts every row
                grouped = grouped.filter(reduce(or_, when))
            grouped = grouped.values(key).annotate(**{f.name: f.aggregate(f.when(on)) for f in members})
            cte = CTE(grouped, name=f"total_{n}")
            joined = cte.join(queryset, **{subject: getattr(cte.col, key)}, _join_type=LOUTER)
            queryset = with_cte(cte, select=joined)
            columns |= {
                f"fact_{f.name}": Coalesce(getattr(cte.col, f.name), Value(0, f.field), output_field=f.field)
                for f in members
            }
        return queryset.annotate(**columns).values("pk", *columns)

    def verdicts(self, rows: QuerySet, questions: Mapping[str, Question], *, on: date) -> QuerySet:
        """One row per subject: pk, the facts asked for, and a column per named question."""
        names = {c.fact for q in questions.values() for c in q.criteria}
        facts = CTE(self.table(rows, names, on=on), name="facts", materialized=True)
        return with_cte(facts, select=facts.queryset().annotate(**{k: q.verdict for k, q in questions.items()}))

    def findings(self, subject: Model, questions: Iterable[Question], *, on: date) -> list[Finding]:
        """Each question with its answer for one subject; in one statement."""
        named = {f"q{n}": question for n, question in enumerate(questions)}
        if not named:
            return []
        rows = self.model._default_manager.filter(pk=subject.pk)
        (row,) = self.verdicts(rows, named, on=on)
        return [Finding(q, row[name], self.sentence(q, row, row[name])) for name, q in named.items()]

    # --- words -------------------------------------------------------------------------------

    def sentence(self, question: Question, row: Mapping[str, Any], met: bool | None = None) -> str:
        """What a person reads: the fact, its value, what is wanted, which clause; an unknown value asks for data. `met` is
        how the question came out, which is all that is said of a veiled fact."""
        if isinstance(question, Criterion):
            return self._part(question, row[f"fact_{question.fact}"], met)
        parts = [self._part(c, row[f"fact_{c.fact}"]) for c in question.criteria]
        return _("以下至少符合 %(needed)s 项：%(parts)s") % {"needed": question.needed, "parts": _("；").join(parts)}

    def _part(self, criterion: Criterion, value: Any, met: bool | None = None) -> str:
        fact = self.facts[criterion.fact]
        if value is None:
            found = _("尚不知道，请补充")
        elif fact.veiled:
            found = {True: _("符合"), False: _("不符合，请问市局")}.get(met, _("请问市局"))  # type: ignore[arg-type]
        else:
            found = self.words(fact, value)
        lookup = Lookup(criterion.lookup)
        wanted = _("、").join(
            self.words(fact, v) for v in (criterion.value if lookup == Lookup.ONE_OF else (criterion.value,))
        )
        if lookup == Lookup.AT_MOST and not criterion.value and isinstance(fact.field, IntegerField):
            lookup = Lookup.IS
        return _("%(fact)s：%(found)s，%(lookup)s %(wanted)s（%(clause)s）") % {
            "fact": fact.label,
            "found": found,
            "lookup": compared(fact, lookup),
            "wanted": wanted,
            "clause": criterion.clause,
        }

    @staticmethod
    def words(fact: RowFact | TotalFact, value: Any) -> str:
        """A value as people write it: 是, 5.32 亿元 for yuan, the words of a code."""
        if isinstance(value, bool):
            return _("是") if value else _("否")
        if fact.choices:
            return str(dict(fact.choices).get(value, value))
        if names := getattr(fact, "names", None):
            return str(names().get(value, value))
        if isinstance(value, date):
            return date_format(value, "Y-m-d")
        if fact.unit == "yuan":
            return yuan(Decimal(value))
        number = isinstance(value, int | float | Decimal) and fact.unit
        return with_unit(value, fact.unit) if number else f"{value} {fact.unit}".strip()

    def label(self, name: str) -> str:
        """What a fact of a record is called; one that is no longer known keeps its name."""
        return str(self.facts[name].label) if name in self.facts else name

    def said(self, name: str, value: Any) -> str:
        """A value of a record in words, whichever facts are known now."""
        if value is None:
            return _("尚不知道")
        return self.words(self.facts[name], value) if name in self.facts else str(value)

    # --- checking ----------------------------------------------------------------------------

    def criterion(self, fact: str, lookup: str, value: Any, clause: str) -> Criterion:
        """A criterion as a pack writes it, with its value brought to the fact's type; raises WrongCriterion."""
        if not isinstance(fact, str) or fact not in self.facts:
            known = "、".join(sorted(self.facts))
            raise WrongCriterion(f"“{self.name}”没有名为 {fact} 的事实；可用：{known}")
        if lookup not in Lookup.values:
            raise WrongCriterion(f"比较方式 {lookup} 不认识；可用：{'、'.join(Lookup.values)}")
        field, choices = self.facts[fact].field, self.facts[fact].choices
        many = lookup == Lookup.ONE_OF
        if many and (not isinstance(value, list | tuple) or not value):
            raise WrongCriterion(f"{fact} {lookup} 需要一个非空列表")
        try:
            values = tuple(typed(field, v) for v in (value if many else (value,)))
        except Exception as error:
            raise WrongCriterion(f"{fact} 的取值 {value!r} 不对：应为 {type(field).__name__}") from error
        if None in values:
            raise WrongCriterion(f"{fact} 缺少取值")
        if choices and not set(values) <= set(dict(choices)):
            raise WrongCriterion(f"{fact} 的取值 {value!r} 不在代码表内：{'、'.join(map(str, dict(choices)))}")
        return Criterion(fact, lookup, values if many else values[0], clause)


VOCABULARIES: dict[str, Vocabulary] = {}


def yuan(amount: Decimal) -> str:
    """5.32 亿元, 12 万元, 900 元: as people say it, exactly; in English 532,000,000 yuan."""
    if get_language() == "en":
        return _("%(amount)s 元") % {"amount": f"{amount.normalize():,f}"}
    for size, word in ((Decimal(10**8), _("亿元")), (Decimal(10**4), _("万元"))):
        if abs(amount) >= size and (amount / size).quantize(Decimal("0.0001")) == amount / size:
            return f"{(amount / size).normalize():f} {word}"
    return _("%(amount)s 元") % {"amount": f"{amount.normalize():f}"}


def column_of(model: type[Model], path: str) -> Field:
    """A bare field of the type found at the end of `path`; a foreign key counts as its integer."""
    *relations, last = path.split("__")
    for name in relations:
        model = model._meta.get_field(name).related_model  # type: ignore[assignment]
    found = model._meta.get_field(last)
    if found.is_relation:
        return IntegerField(null=True)
    for kind in (BooleanField, DateField, IntegerField):
        if isinstance(found, kind):
            return kind(null=True)
    if isinstance(found, DecimalField):
        return DecimalField(max_digits=found.max_digits, decimal_places=found.decimal_places, null=True)
    return TextField(null=True)


def typed(field: Field, value: Any) -> Any:
    """A pack's value as the field keeps it; raises an error for one that would have to be bent to fit."""
    found = field.to_python(value)
    bent = isinstance(field, IntegerField) and isinstance(value, float) and found != value
    flag = isinstance(value, bool) != isinstance(field, BooleanField)
    if value is not None and (bent or flag or isinstance(value, list | dict)):
        raise ValueError(value)
    return found


def lent(at: Callable, path: str) -> Callable:
    """The same measurement, taken of the row at the end of `path`."""
    return lambda on: prefixed(at(on), f"{path}__")


def prefixed(expression: Any, prefix: str) -> Any:
    """The same expression, asked of the row that `prefix` leads to."""
    if isinstance(expression, F):
        return F(prefix + expression.name)  # type: ignore[attr-defined]
    if isinstance(expression, Q):
        children = [
            (prefix + c[0], prefixed(c[1], prefix)) if isinstance(c, tuple) else prefixed(c, prefix)
            for c in expression.children
        ]
        return Q(*children, _connector=expression.connector, _negated=expression.negated)
    if isinstance(expression, Subquery):
        copy = expression.copy()
        copy.query = expression.query.clone()
        copy.query.where = led(copy.query.where, prefix)
        return copy
    if hasattr(expression, "get_source_expressions"):
        copy = expression.copy()
        copy.set_source_expressions([e and prefixed(e, prefix) for e in expression.get_source_expressions()])
        return copy
    return expression


def led(where: WhereNode, prefix: str) -> WhereNode:
    """The same condition of a subquery, its references to the row outside led along `prefix`."""
    found = where.clone()
    for number, child in enumerate(found.children):
        outside = getattr(child, "rhs", None)
        if isinstance(child, WhereNode):
            found.children[number] = led(child, prefix)
        elif isinstance(child, Subquery):
            found.children[number] = prefixed(child, prefix)
        elif isinstance(outside, ResolvedOuterRef):
            lookup: Any = copy_of(child)
            lookup.rhs = ResolvedOuterRef(prefix + outside.name)  # type: ignore[attr-defined]
            found.children[number] = lookup
    return found
