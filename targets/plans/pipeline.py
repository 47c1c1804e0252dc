"""What is on its way into an indicator, and out of it, before the day of its target: cases in review, agreements that
nobody has followed yet, rows that are due to end. Computed with the figures, for all districts at once."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import BooleanField, Case, DateField, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from portal.facts import Coming, Entry
from portal.models import Ancestry, District, User
from targets.models import Indicator, Pipeline
from targets.plans.streams import Stream

Kind = Indicator.Kind
YEARLY = (Kind.FLOW, Kind.VALUE, Kind.RATE)
PARTS = ("here", "soon", "above", "signed", "leaving")
WAYS = ("soon", "here", "above", "signed", "leaving")  # a row is on one of them; who is soon is here too
FEW = 10  # so many are told by name, more as numbers


def horizon(indicator: Indicator, on: date) -> date:
    """The day of the next target that a pipeline is held against: the year's end of what is counted by years."""
    until = indicator.plan.until
    return min(until, date(on.year, 12, 31)) if indicator.kind in YEARLY else until


def known_of(stream: Stream, source: Coming) -> set[str]:
    """The facts that can be asked before a row is one."""
    own = source.rows().model is stream.vocabulary.model
    return (set(stream.vocabulary.facts) if own else set(source.facts)) - source.given


def on_the_way(stream: Stream, source: Coming, on: date, until: date) -> QuerySet | None:
    """The rows of one source that may become rows of the stream, with `its_part` (which column of the pipeline), `its_key`
    (what is counted once, NULL: each alone), `its_number` and `its_place`. None: whether they would count can't be told from them."""
    known, rows = known_of(stream, source), source.rows()
    if stream.distinct and stream.distinct not in known and not source.people:
        return None
    if rows.model is stream.vocabulary.model:
        rows = stream.vocabulary.with_row_facts(stream.facts, on=on).filter(pk__in=rows.values("pk"))
    else:
        rows = rows.order_by().alias(**{f"fact_{name}": fact for name, fact in source.facts.items()})
    rows = rows.filter(*(c.q for c in stream.where if c.fact in known - {stream.starts}))
    if source.agreed:
        part: Any = Value("signed")
    elif source.district.startswith("matter__"):
        late = Q(matter__due_on__gt=until) | (source.waits or Q(pk=None))
        part = Case(When(matter__holder="", then=Value("above")), When(late, then=Value("here")), default=Value("soon"))
    else:
        part = Value("soon")
    keyed = stream.distinct in known
    return rows.annotate(
        its_part=part,
        its_key=F(f"fact_{stream.distinct}") if keyed else Value(None, IntegerField()),
        its_number=Coalesce(F(source.people), Value(1)) if source.people else Value(1),
        its_place=F(source.district),
    )


def due_to_end(stream: Stream, on: date, until: date) -> QuerySet | None:
    """The rows that count on the day and are to stop after it, up to `until`; None where nothing ever stops."""
    if not stream.stops:
        return None
    soon = Q(**{f"fact_{stream.stops}__gt": on, f"fact_{stream.stops}__lte": until})
    planned = stream.vocabulary.due.get(stream.stops)
    if planned:
        soon |= Q(**{f"fact_{stream.stops}": None, f"fact_{planned}__gt": on, f"fact_{planned}__lte": until})
    rows = stream.rows(on=on, also=[planned] if planned else [])
    return rows.annotate(ends=Case(When(soon, then=True), default=False, output_field=BooleanField()))


# --- numbers -----------------------------------------------------------------------------------

Counts = dict[str, int]


def pipelines(asked: Iterable[tuple[Indicator, Stream]], on: date) -> dict[tuple[int, int], Counts]:
    """By indicator and district, with all below it."""
    higher: dict[int, list[int]] = defaultdict(list)
    for node, ancestor in Ancestry.objects.values_list("node", "ancestor"):
        higher[node].append(ancestor)
    found: dict[tuple[int, int], Counts] = {}
    for indicator, stream in asked:
        if indicator.kind in (Kind.RATE, Kind.VALUE) or stream.sum_of:
            continue
        for place, counts in counted(stream, on, horizon(indicator, on), higher).items():
            found[indicator.pk, place] = counts
    return found


def counted(stream: Stream, on: date, until: date, higher: Mapping[int, list[int]]) -> dict[int, Counts]:
    """Who is met on several ways, or counts already, is counted once or not at all, district by district."""
    coming, keys = [], set()
    for source in stream.vocabulary.coming:
        rows = on_the_way(stream, source, on, until)
        if rows is not None:
            for place, part, key, many in rows.values_list("its_place", "its_part", "its_key", "its_number"):
                coming.append((place, part, key, many))
                keys.add(key)
    here = standing(stream, on, until, keys - {None})
    there = {(above, key) for place, key, _ends in here for above in higher[place] if key is not None}
    totals: dict[int, Counts] = defaultdict(lambda: dict.fromkeys(PARTS, 0))
    met: set[tuple[int, Any]] = set()
    for place, part, key, many in sorted(coming, key=lambda row: WAYS.index(row[1])):
        for above in higher[place]:
            if key is None or not ({(above, key)} & (there | met)):
                totals[above]["here" if part == "soon" else part] += many
                totals[above]["soon"] += many if part == "soon" else 0
                met |= {(above, key)} if key is not None else set()
    for district, n in leaving(here, higher).items():
        totals[district]["leaving"] = n
    return dict(totals)


def standing(stream: Stream, on: date, until: date, keys: set) -> list[tuple[int, Any, bool]]:
    """What counts now and matters here, as (district, key, whether it is due to end): the rows that end and, where keys
    are counted, the others of the same keys."""
    rows = due_to_end(stream, on, until)
    if rows is None:
        rows = (
            stream.rows(on=on).annotate(ends=Value(False)) if keys else stream.vocabulary.model._default_manager.none()
        )
        if not keys:
            return []
    rows = rows.annotate(its_place=F(stream.vocabulary.district))
    if not stream.distinct:
        return [(place, None, True) for place in rows.filter(ends=True).values_list("its_place", flat=True)]
    rows = rows.annotate(its_key=F(f"fact_{stream.distinct}"))
    ending = set(rows.filter(ends=True).values_list("its_key", flat=True))
    return (
        list(rows.filter(its_key__in=ending | keys).values_list("its_place", "its_key", "ends"))
        if ending | keys
        else []
    )


def leaving(here: list[tuple[int, Any, bool]], higher: Mapping[int, list[int]]) -> dict[int, int]:
    """By district: rows that end; of what is counted by keys those of whose rows none stays."""
    total: dict[int, int] = defaultdict(int)
    ends: dict[tuple[int, Any], bool] = {}
    for place, key, ending in here:
        for above in higher[place]:
            if key is None:
                total[above] += 1
            else:
                ends[above, key] = ends.get((above, key), True) and ending
    for (above, _key), all_of_them in ends.items():
        total[above] += all_of_them
    return {above: n for above, n in total.items() if n}


def keep(indicators: Iterable[Indicator], found: Mapping[tuple[int, int], Counts]) -> int:
    """Write what differs; rows that are all zero go. Returns how many were written."""
    known = {(p.indicator_id, p.district_id): p for p in Pipeline.objects.filter(indicator__in=list(indicators))}
    wanted = {key: counts for key, counts in found.items() if any(counts.values())}
    changed = [
        Pipeline(indicator_id=i, district_id=d, **counts)
        for (i, d), counts in wanted.items()
        if (i, d) not in known or any(getattr(known[i, d], part) != n for part, n in counts.items())
    ]
    Pipeline.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["district", "indicator"], update_fields=PARTS, batch_size=2000
    )
    Pipeline.objects.filter(pk__in=[row.pk for key, row in known.items() if key not in wanted]).delete()
    return len(changed)


# --- by name -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Named:
    """One row on its way: which part of the pipeline, how it is shown, where, and the day on which it is due."""

    part: str
    entry: Entry
    district: District
    due_on: date | None


def named(stream: Stream, place: District, user: User, on: date, until: date, most: int = FEW) -> list[Named]:
    """Who is on the way in a district, as far as this person may see, at most so many of a source."""
    below = list(District.objects.below(place).values_list("pk", flat=True))
    found = []
    for source in stream.vocabulary.coming:
        rows = on_the_way(stream, source, on, until)
        if rows is None:
            continue
        seen = seen_by(user, source.rows().model)
        rows = rows.filter(its_place__in=below, pk__in=seen).select_related(*source.select).order_by("its_part", "pk")
        found += [shown(row, row.its_part, source.describe, source.district) for row in rows[:most]]
    rows = due_to_end(stream, on, until)
    if rows is not None:
        vocabulary = stream.vocabulary
        seen = seen_by(user, vocabulary.model)
        mine = rows.filter(ends=True, pk__in=seen, **{f"{vocabulary.district}__in": below})
        day = F(f"fact_{vocabulary.due.get(stream.stops, stream.stops)}")
        mine = mine.annotate(its_day=Coalesce(F(f"fact_{stream.stops}"), day, output_field=DateField()))
        for row in mine.select_related(*vocabulary.select).order_by("its_day", "pk")[:most]:
            found.append(shown(row, "leaving", vocabulary.describe, vocabulary.district, row.its_day))
    return found


def seen_by(user: User, model: Any) -> QuerySet:
    return model._default_manager.visible_to(user).values("pk")


def shown(row: Any, part: str, describe: Any, path: str, due: date | None = None) -> Named:
    """A case is due on the day that its office promised."""
    promised = row.matter.due_on if due is None and path.startswith("matter__") else due
    return Named(part, describe(row), at(row, path), promised)


def at(row: Any, path: str) -> District:
    for name in path.split("__"):
        row = getattr(row, name)
    return row


def parts_in_order(found: Iterable[Named]) -> Iterator[Named]:
    yield from sorted(found, key=lambda one: (WAYS.index(one.part), one.due_on or date.max))
