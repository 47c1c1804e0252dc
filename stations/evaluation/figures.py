"""Figures that are counted from records: which rows of which vocabulary, begun and ended when, under which criteria.

The rows may be kept by an app to the right: its vocabulary says by `of` to which stations a row belongs. A figure is
known where rows count and none is in doubt; no rows at all is not 0, because nobody has said that there is nothing more
to record.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import BooleanField, DateField, ExpressionWrapper, F, Q, QuerySet

from portal.facts import VOCABULARIES, Criterion, Entry, RowFact, Vocabulary, WrongCriterion
from stations.models import Evaluation, SchemeItem

FLOW, LEVEL = "flow", "level"
KEYS = {"rows", "kind", "starts", "stops", "where"}
CRITERION = {"fact", "lookup", "value"}
OWNER = "station"


@dataclass(frozen=True)
class Period:
    """The figures of [since, until) as they stand on the day `on`, which may lie within it."""

    since: date
    until: date
    on: date

    @classmethod
    def of(cls, round_: Evaluation) -> "Period":
        return cls(round_.since, round_.until, round_.cut_off)


@dataclass(frozen=True)
class Count:
    """What an item counts. A flow: rows begun within the period and not stopped by the day; a level: begun by the day
    and not stopped by it. `starts` and `stops` are date facts, `where` criteria; all facts are of the row itself."""

    vocabulary: Vocabulary
    kind: str
    starts: str
    stops: str
    where: tuple[Criterion, ...]

    @property
    def path(self) -> str:
        return self.vocabulary.of[OWNER]

    def begun(self, period: Period) -> Q:
        starts = f"fact_{self.starts}"
        q = Q(**{f"{starts}__isnull": False, f"{starts}__lte": period.on})
        if self.kind == FLOW:
            q &= Q(**{f"{starts}__gte": period.since, f"{starts}__lt": period.until})
        return q

    @property
    def facts(self) -> set[str]:
        return {self.starts, self.stops, *(criterion.fact for criterion in self.where)} - {""}

    def verdict(self, period: Period) -> ExpressionWrapper:
        """Whether a row counts: True, False, or NULL where a criterion isn't known of it."""
        q = self.begun(period)
        if self.stops:
            q &= Q(**{f"fact_{self.stops}": None}) | Q(**{f"fact_{self.stops}__gt": period.on})
        q = reduce(lambda found, criterion: found & criterion.q, self.where, q)
        return ExpressionWrapper(q, output_field=BooleanField(null=True))


@dataclass
class Figure:
    """What the records say of one item of one station: the rows that count, and those that nobody can tell of."""

    rows: list[int] = field(default_factory=list)
    doubtful: list[int] = field(default_factory=list)

    @property
    def value(self) -> Decimal | None:
        return Decimal(len(self.rows)) if self.rows and not self.doubtful else None


def count_of(item: SchemeItem) -> Count:
    """The item's declaration, read. Raises WrongCriterion, with a sentence for a pack's author."""
    told = item.counts
    if not isinstance(told, dict) or set(told) - KEYS:
        raise WrongCriterion(f"counts 应写作 {'、'.join(sorted(KEYS))}")
    vocabulary = VOCABULARIES.get(told.get("rows", ""))
    if vocabulary is None or OWNER not in vocabulary.of:
        known = "、".join(sorted(name for name, v in VOCABULARIES.items() if OWNER in v.of))
        raise WrongCriterion(f"counts.rows：没有属于工作站的记录 {told.get('rows')!r}；可用：{known}")
    if told.get("kind") not in (FLOW, LEVEL):
        raise WrongCriterion(f"counts.kind 应为 {FLOW}（评估期内）或 {LEVEL}（截止日）")
    for key in ("starts", "stops"):
        name = told.get(key, "")
        if (name or key == "starts") and not is_date_of(vocabulary, name):
            raise WrongCriterion(f"counts.{key} 须是“{vocabulary.name}”的日期事实，{name!r} 不是")
    where = told.get("where", [])
    if not isinstance(where, list) or any(not isinstance(row, dict) or set(row) != CRITERION for row in where):
        raise WrongCriterion("counts.where 的每一项应写作 fact、lookup、value")
    criteria = tuple(vocabulary.criterion(row["fact"], row["lookup"], row["value"], "") for row in where)
    if totals := [c.fact for c in criteria if not isinstance(vocabulary.facts[c.fact], RowFact)]:
        raise WrongCriterion(f"counts.where 只能用记录自身的事实，{'、'.join(totals)} 不是")
    return Count(vocabulary, told["kind"], told["starts"], told.get("stops", ""), criteria)


def is_date_of(vocabulary: Vocabulary, name: Any) -> bool:
    fact = vocabulary.facts.get(name) if isinstance(name, str) else None
    return isinstance(fact, RowFact) and isinstance(fact.field, DateField)


def counted(stations: Iterable[int], items: Iterable[SchemeItem], period: Period) -> dict[int, dict[str, Figure]]:
    """What the records say of these stations, by item; a statement for each vocabulary that the items count."""
    counts = {item.code: count_of(item) for item in items if item.source == SchemeItem.Source.COUNTED}
    found = {pk: {code: Figure() for code in counts} for pk in stations}
    for vocabulary in {id(c.vocabulary): c.vocabulary for c in counts.values()}.values():
        mine = {code: count for code, count in counts.items() if count.vocabulary is vocabulary}
        for place, pk, *verdicts in verdicts_of(vocabulary, mine, list(found), period):
            for code, verdict in zip(mine, verdicts, strict=True):
                if verdict is not False:
                    figure = found[place][code]
                    (figure.rows if verdict else figure.doubtful).append(pk)
    return found


def verdicts_of(vocabulary: Vocabulary, counts: Mapping[str, Count], stations: list[int], period: Period) -> QuerySet:
    """Station, row and a verdict for each count, of the rows that began in time for one of them."""
    path = vocabulary.of[OWNER]
    columns = {f"v{n}": count.verdict(period) for n, count in enumerate(counts.values())}
    named = set[str]().union(*(count.facts for count in counts.values()))
    rows = vocabulary.with_row_facts(named, on=period.on).filter(
        reduce(or_, (c.begun(period) for c in counts.values()))
    )
    rows = rows.filter(**{f"{path}__in": stations}).annotate(place_=F(path), **columns)
    return rows.order_by("pk").values_list("place_", "pk", *columns).distinct()


# --- the rows behind a figure ------------------------------------------------------------------

KEPT, NEW, GONE, DOUBTFUL = "kept", "new", "gone", "doubtful"


@dataclass
class Row:
    """A row as the page of a figure shows it. `state`: kept when the figure was taken and still so; new since; gone
    since; or doubtful, and then `missing` names the facts."""

    entry: Entry
    since: date | None
    until: date | None
    state: str
    missing: list[str] = field(default_factory=list)


def rows_of(count: Count, states: Mapping[int, str], period: Period, user) -> list[Row]:
    """These rows, as far as the user may see them, the earliest first; one statement."""
    vocabulary = count.vocabulary
    asked = {c.fact for c in count.where}
    days = {"since_": count.starts} | ({"until_": count.stops} if count.stops else {})
    columns = {name: vocabulary.facts[fact].at(period.on) for name, fact in days.items()}  # type: ignore[union-attr]
    columns |= {
        f"asked_{name}": ExpressionWrapper(fact.at(period.on), output_field=fact.field)  # type: ignore[union-attr]
        for name, fact in vocabulary.facts.items()
        if name in asked
    }
    seen = vocabulary.model._default_manager.visible_to(user).filter(pk__in=states)  # type: ignore[attr-defined]
    found = []
    for row in seen.select_related(*vocabulary.select).annotate(**columns).order_by("since_", "pk"):
        missing = [str(vocabulary.facts[name].label) for name in sorted(asked) if getattr(row, f"asked_{name}") is None]
        state = states[row.pk]
        told = missing if state == DOUBTFUL else []
        found.append(Row(vocabulary.describe(row), row.since_, getattr(row, "until_", None), state, told))  # type: ignore[misc]
    return found


def states_of(kept: list[int], now: Figure | None) -> dict[int, str]:
    """What became of the rows of a figure; `now` None: it is sealed, and nothing becomes of them any more."""
    if now is None:
        return dict.fromkeys(kept, KEPT)
    states = dict.fromkeys(now.doubtful, DOUBTFUL) | dict.fromkeys(now.rows, NEW)
    return states | {pk: KEPT if pk in now.rows else GONE for pk in kept if states.get(pk) != DOUBTFUL}
