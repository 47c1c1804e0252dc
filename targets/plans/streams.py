"""Indicators as streams of dated entries: +1 on the day a row begins to count, -1 on the day it stops.

Every figure on every dashboard is a reading of a stream: a level is the sum up to a day, a flow the sum within a
period, coverage the number of different values. All streams of one table are read in one pass per date fact, for
every district and every day at once; nothing is cached and nothing is incremental. The same definition, asked of
one day, gives the very rows that make a number (`Stream.rows`).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from itertools import groupby
from operator import add, or_
from typing import Any

import numpy as np
from django.contrib.postgres.aggregates import BitOr
from django.db.models import (
    Aggregate,
    BigIntegerField,
    Case,
    Count,
    Expression,
    F,
    Func,
    IntegerField,
    Min,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Greatest
from django_cte import CTE, with_cte

from portal.facts import Criterion, Vocabulary
from portal.models import Ancestry

BITS = 62  # of a signed 64-bit mask


@dataclass(frozen=True)
class Stream:
    """What counts, from when, until when. The facts named here are row facts and don't depend on the day.

    A cumulative count since a baseline is a stream whose `where` says that it began on or after that day, so that
    what stops counting (a withdrawal) leaves it again. A row that starts and stops on one day never counts.
    """

    code: str
    vocabulary: Vocabulary
    starts: str
    stops: str = ""  # "": for ever
    where: tuple[Criterion, ...] = ()
    sum_of: str = ""  # add this fact up instead of counting rows
    distinct: str = ""  # count the different values of this fact instead of rows; unknown ones don't count

    @property
    def facts(self) -> list[str]:
        """The facts that it asks for: what bears on whether, when and how a row counts."""
        named = {self.starts, self.stops, self.sum_of, self.distinct, *(criterion.fact for criterion in self.where)}
        return sorted(named - {""})

    @property
    def counts(self) -> Q:
        return Q(*(criterion.q for criterion in self.where))

    def during(self, since: date | None, on: date) -> Q:
        """Counts on the day `on`; with `since`, began to count in [since, on]."""
        q = self.counts & Q(**{f"fact_{self.starts}__lte": on})
        if since:
            return q & Q(**{f"fact_{self.starts}__gte": since})
        if self.stops:
            q &= Q(**{f"fact_{self.stops}": None}) | Q(**{f"fact_{self.stops}__gt": on})
        return q

    def rows(self, *, on: date, since: date | None = None, also: Iterable[str] = ()) -> QuerySet:
        """The very rows behind a figure: what it opens into. `also`: facts that somebody else asks of them."""
        rows = self.vocabulary.with_row_facts([*self.facts, *also], on=on)
        return self.known(rows.filter(self.during(since, on)))

    def entries(self, *, on: date) -> QuerySet:
        """Every row that began to count up to `on`, whether or not it stopped since."""
        q = self.counts & Q(**{f"fact_{self.starts}__lte": on})
        return self.known(self.vocabulary.with_row_facts(self.facts, on=on).filter(q))

    def known(self, rows: QuerySet) -> QuerySet:
        """Where different values are counted, a row without a value is none of them."""
        return rows.filter(**{f"fact_{self.distinct}__isnull": False}) if self.distinct else rows


@dataclass(frozen=True)
class Wanted:
    """One figure wanted of a stream: its level on `on`, or what began to count in [since, on]."""

    stream: Stream
    on: date
    since: date | None = None

    def __post_init__(self) -> None:
        if self.since and self.stream.stops:
            raise ValueError(f"{self.stream.code}: a flow counts beginnings; use a stream without `stops`")
        if self.since and self.since > self.on:
            raise ValueError(f"{self.stream.code}: the period from {self.since} to {self.on} has no days")


class Tree:
    """Districts as indices; `up[i, j]` is 1 where district j is i or lies above it."""

    def __init__(self, closure: Iterable[tuple[int, int]]):
        pairs = list(closure)
        self.nodes = sorted({node for node, _ in pairs})
        self.index = {node: i for i, node in enumerate(self.nodes)}
        self.up = np.zeros((len(self.nodes), len(self.nodes)))
        for node, ancestor in pairs:
            self.up[self.index[node], self.index[ancestor]] = 1

    @classmethod
    def load(cls) -> "Tree":
        return cls(Ancestry.objects.values_list("node", "ancestor"))


class Days(Func):
    """A constant array of dates."""

    def __init__(self, days: Iterable[date], **extra: Any):
        self.days = list(days)
        super().__init__(**extra)

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> Any:  # type: ignore[override]
        return "%s::date[]", [self.days]


class Bucket(Func):
    """How many of the edges are on or before the date."""

    function, output_field = "width_bucket", IntegerField()


def read(readings: Sequence[Wanted], tree: Tree) -> dict[Wanted, np.ndarray]:
    """A vector over `tree.nodes` per reading, each district including all that lies below it.

    Floats: for figures on a screen, never for paying.
    """
    result: dict[Wanted, np.ndarray] = {}
    for vocabulary in {r.stream.vocabulary for r in readings}:
        mine = [r for r in readings if r.stream.vocabulary is vocabulary]
        if sums := [r for r in mine if not r.stream.distinct]:
            result |= read_sums(vocabulary, sums, tree)
        for key in sorted({r.stream.distinct for r in mine} - {""}):
            wanted = [r for r in mine if r.stream.distinct == key]
            for start in range(0, len(wanted), BITS):
                result |= read_distinct(vocabulary, key, wanted[start : start + BITS], tree)
    return result


def read_sums(vocabulary: Vocabulary, readings: Sequence[Wanted], tree: Tree) -> dict[Wanted, np.ndarray]:
    """One grouped query per date fact; running sums and the roll-up to higher districts in memory."""
    edges = sorted({r.on + timedelta(1) for r in readings} | {r.since for r in readings if r.since})
    streams = sorted({r.stream for r in readings}, key=lambda s: s.code)
    running = {s: np.zeros((len(tree.nodes), len(edges) + 1)) for s in streams}
    signs = [(s.starts, 1, s) for s in streams] + [(s.stops, -1, s) for s in streams if s.stops]
    for fact in sorted({name for name, _, _ in signs}):
        columns: dict[tuple, str] = {}  # streams that differ only in dates share a column
        for _, _, s in (x for x in signs if x[0] == fact):
            columns.setdefault((s.sum_of, s.where, s.starts), f"c{len(columns)}")
        sums = bucketed(vocabulary, fact, columns, edges, tree)
        for _, sign, s in (x for x in signs if x[0] == fact):
            running[s] += sign * sums[columns[s.sum_of, s.where, s.starts]]
    at = {edge: i for i, edge in enumerate(edges)}
    levels = {s: (tree.up.T @ table).cumsum(axis=1) for s, table in running.items()}
    return {
        r: levels[r.stream][:, at[r.on + timedelta(1)]] - (levels[r.stream][:, at[r.since]] if r.since else 0)
        for r in readings
    }


def bucketed(
    vocabulary: Vocabulary, fact: str, columns: dict[tuple, str], edges: list[date], tree: Tree
) -> dict[str, np.ndarray]:
    """Per column a table district × bucket of what has its `fact` date in that bucket."""

    def q(where: tuple[Criterion, ...], starts: str) -> Q:
        return Q(*(c.q for c in where)) & Q(**{f"fact_{starts}__isnull": False})

    def measure(total: str, filter_: Q | None) -> Aggregate:
        return Sum(f"fact_{total}", filter=filter_) if total else Count(Value(1), filter=filter_)

    counted = {name: q(where, starts) for (_total, where, starts), name in columns.items()}
    alone = len(columns) == 1  # its condition then chooses the rows; asked of each once more it costs a fifth
    measured = {name: measure(total, None if alone else counted[name]) for (total, *_), name in columns.items()}
    named = {fact}.union(
        *({*(c.fact for c in where), starts, *filter(None, [total])} for total, where, starts in columns)
    )
    grouped = (
        vocabulary.with_row_facts(named, on=None, all_=True)
        .filter(reduce(or_, counted.values()), **{f"fact_{fact}__lt": edges[-1]})
        .annotate(bucket=Bucket(f"fact_{fact}", Days(edges)), place=F(vocabulary.district))
        .values_list("place", "bucket")
        .annotate(**measured)
        .values_list("place", "bucket", *measured)
    )
    sums = {name: np.zeros((len(tree.nodes), len(edges) + 1)) for name in measured}
    for district, bucket, *values in grouped:
        for name, value in zip(measured, values, strict=True):
            sums[name][tree.index[district], bucket] = value or 0
    return sums


def masks(readings: Sequence[Wanted]) -> Iterator[Expression]:
    """What a row adds to the bits of these readings, which stand in the order of their streams and days.

    The days on which a row of a stream counts follow each other: from the first that isn't before its beginning to the
    last before its end. So each date is read once for all days, however dear the fact is.
    """
    first = 0
    for stream, mine in groupby(readings, key=lambda r: r.stream):
        asked = list(mine)
        if any(r.since for r in asked):
            yield from (when(r.stream.during(r.since, r.on), Value(1 << n)) for n, r in enumerate(asked, first))
        else:
            edges = Days(r.on + timedelta(1) for r in asked)
            since, one = Bucket(f"fact_{stream.starts}", edges), Cast(Value(1), BigIntegerField())
            until = Coalesce(Bucket(f"fact_{stream.stops}", edges), len(asked)) if stream.stops else Value(len(asked))
            begun, ended = one.bitleftshift(since + first), one.bitleftshift(Greatest(since, until) + first)  # type: ignore[arg-type]
            held = ended - begun
            yield when(stream.counts & Q(**{f"fact_{stream.starts}__lte": asked[-1].on}), held)
        first += len(asked)


def when(condition: Q, mask: Expression) -> Case:
    return Case(When(condition, then=mask), default=Value(0), output_field=BigIntegerField())


def read_distinct(vocabulary: Vocabulary, key: str, readings: Sequence[Wanted], tree: Tree) -> dict[Wanted, np.ndarray]:
    """One bit per reading, OR-ed per value within each district, then up the tree for the few values that are seen
    in several districts."""
    readings = sorted(readings, key=lambda r: (r.stream.code, r.on))
    bits = reduce(add, masks(readings))
    last = max(r.on for r in readings)
    at_all = reduce(or_, [r.stream.counts & Q(**{f"fact_{r.stream.starts}__lte": last}) for r in readings])
    seen = CTE(
        vocabulary.with_row_facts({key}.union(*(r.stream.facts for r in readings)), on=None, all_=True)
        .filter(at_all, **{f"fact_{key}__isnull": False})
        .values(where=F(vocabulary.district), thing=F(f"fact_{key}"))
        .annotate(mask=BitOr(bits, output_field=BigIntegerField()))
        .filter(mask__gt=0),
        name="seen",
        materialized=True,
    )
    things = CTE(
        seen.queryset().values("thing").annotate(places=Count(Value(1)), place=Min("where"), held=BitOr("mask")),
        name="things",
        materialized=True,
    )
    spread = CTE(
        seen.join(Ancestry.objects.order_by(), node_id=seen.col.where)
        .annotate(thing=seen.col.thing)
        .filter(thing__in=things.queryset().filter(places__gt=1).values("thing"))
        .values("ancestor_id", "thing")
        .annotate(held=BitOr(seen.col.mask)),
        name="spread",
    )
    number = Count(Value(1))
    local = (
        things.queryset()
        .filter(places=1)
        .values("place", "held")
        .annotate(n=number, above=Value(0))
        .values_list("place", "held", "n", "above")
    )
    above = (
        spread.queryset()
        .values("ancestor_id", "held")
        .annotate(n=number, above=Value(1))
        .values_list("ancestor_id", "held", "n", "above")
    )
    counts = np.zeros((2, len(tree.nodes), len(readings)))
    for district, mask, n, up in with_cte(seen, things, spread, select=local.union(above, all=True)):
        counts[up, tree.index[district]] += n * ((mask >> np.arange(len(readings))) & 1)
    return dict(zip(readings, (tree.up.T @ counts[0] + counts[1]).T, strict=True))
