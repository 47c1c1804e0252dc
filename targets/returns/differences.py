"""Then and now: what a frozen figure would be today, and every row that makes the difference, with its cause.

Two steps lead from the frozen entries to today's, and nothing is left over: first today's rows are taken by the definition
of then (what differs is a late entry, a correction, or a row that is gone), then by the definition of today (what differs
is the definition's doing). `replayed()` of the differences gives today's entries, which a test holds against the records.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.facts import VOCABULARIES, WrongCriterion
from portal.models import District, Setting
from targets.models import Frozen, Indicator
from targets.returns.entries import Data, definition_of, measured, said, stream_from, taken

LATE, CORRECTED, GONE, DEFINED = "late", "corrected", "gone", "defined"
CAUSES = {
    LATE: gettext_lazy("迟录"),
    CORRECTED: gettext_lazy("更正"),
    GONE: gettext_lazy("记录已删除"),
    DEFINED: gettext_lazy("口径变更"),
}
Entries = dict[tuple[int, int, int], Data]  # (part, key, sign) -> entry


@dataclass(frozen=True)
class Difference:
    """One entry that is there now and was not (`is_there`), or the other way round; or both, with other values.

    `was` and `entry` are the entry then and now, None where there was or is none. `words` say what happened.
    """

    cause: str
    part: int
    was: Data | None
    entry: Data | None
    words: str

    @property
    def shown(self) -> Data:
        return self.entry or self.was or {}

    @property
    def effect(self) -> int:
        """What it does to a count of rows: +1, -1, or 0 where only a value changed."""
        return (self.entry["sign"] if self.entry else 0) - (self.was["sign"] if self.was else 0)

    @property
    def label(self) -> str:
        return str(CAUSES[self.cause])


@dataclass
class Compared:
    """One figure of a return, then and now."""

    then: Data
    value: Decimal | None
    rows: list[Difference] = field(default_factory=list)
    settings: list[tuple[str, str, str]] = field(default_factory=list)
    redefined: bool = False
    indicator: Indicator | None = None
    lines: list[tuple[Difference, str]] = field(default_factory=list)  # the rows, each with its district in words

    @property
    def was(self) -> Decimal | None:
        return None if self.then["system"] is None else Decimal(self.then["system"])

    @property
    def change(self) -> Decimal | None:
        return None if self.was is None or self.value is None else self.value - self.was

    @property
    def moved(self) -> bool:
        return bool(self.rows) or self.redefined or self.was != self.value


def compared(frozen: Frozen) -> list[Compared]:
    """Every figure of the version beside what it would be today, in the order of the return."""
    plan = frozen.quarterly.quarter.plan
    values = Setting.objects.values_of(plan.pack)
    now = {i.code: i for i in plan.indicators.select_related("clause__document", "plan")}
    district, on = frozen.quarterly.district, date.fromisoformat(frozen.data["as_at"])
    return [compare(figure, now.get(figure["code"]), district, on, values) for figure in frozen.data["figures"]]


def compare(
    then: Data, indicator: Indicator | None, district: District, on: date, values: Mapping[str, Any]
) -> Compared:
    definition = definition_of(indicator, values) if indicator else {}
    parts = taken(definition, district, on)
    told = then["settings"]
    changed = [(c, in_words(told[c]), in_words(values.get(c))) for c in sorted(told) if told[c] != values.get(c)]
    found = Compared(then, measured(definition, parts), settings=changed, indicator=indicator)
    found.redefined = definition != then["definition"]
    found.rows = rows_between(then, definition, parts, district, on)
    return found


def differing(
    then: Data, indicator: Indicator, district: District, on: date, values: Mapping[str, Any]
) -> list[Difference]:
    """Every row of which frozen entries (`definition` and `parts`) differ from those of today."""
    definition = definition_of(indicator, values)
    return rows_between(then, definition, taken(definition, district, on), district, on)


def rows_between(then: Data, definition: Data, parts: list[Data], district: District, on: date) -> list[Difference]:
    same: list[Data] | None = parts
    if definition != then["definition"]:
        try:
            same = taken(then["definition"], district, on)
        except (KeyError, WrongCriterion):  # its words are no longer known: all of it is the definition's doing
            same = None
    before = keyed(then["parts"])
    between = before if same is None else keyed(same)
    by_today = by_definition(between, keyed(parts), then["definition"].get("parts", []), definition.get("parts", []))
    return [*by_rows(then, before, between, on), *by_today]


def keyed(parts: Sequence[Data]) -> Entries:
    return {(n, e["pk"], e["sign"]): e for n, part in enumerate(parts) for e in part["entries"]}


# --- what became of the rows -------------------------------------------------------------------


def by_rows(then: Data, before: Entries, after: Entries, on: date) -> Iterable[Difference]:
    """The definition of then, asked of the rows of today."""
    lost = sorted(before.keys() - after.keys())
    facts = facts_now(then, {(n, pk) for n, pk, _sign in lost}, on)
    for key in lost:
        part, pk, _sign = key
        now, was = facts.get((part, pk)), before[key]
        if now is None:
            yield Difference(GONE, part, was, None, _("这条记录已经不在了"))
        else:
            yield Difference(CORRECTED, part, was, None, turned(then, part, was["facts"], now) or moved_away(was))
    for key in sorted(after.keys() - before.keys()):
        yield come(then, before, after, key)
    for key in sorted(before.keys() & after.keys()):
        was, entry = before[key], after[key]
        if bears(was) != bears(entry):
            words = turned(then, key[0], was["facts"], entry["facts"]) or moved(was, entry)
            yield Difference(CORRECTED, key[0], was, entry, words)


def come(then: Data, before: Entries, after: Entries, key) -> Difference:
    """An entry that was not there: of a row entered since, of an end told since, or of a row that was changed."""
    part, pk, sign = key
    entry, last = after[key], then["parts"][part]["last"]
    if last is None or pk > last:
        return Difference(LATE, part, None, entry, _("定稿之后才录入"))
    if sign < 0 and (part, pk, 1) in before:
        stops = then["definition"]["parts"][part]["stops"]
        if before[part, pk, 1]["facts"].get(stops) is None:
            return Difference(LATE, part, None, entry, _("定稿之后才登记撤出"))
    return Difference(CORRECTED, part, None, entry, _("原有记录改动后计入"))


def bears(entry: Data) -> tuple:
    """What of an entry bears on the figure."""
    return entry["on"], entry["district"], tuple(sorted((k, str(v)) for k, v in entry["facts"].items()))


def facts_now(then: Data, wanted: set[tuple[int, int]], on: date) -> dict[tuple[int, int], Data]:
    """What rows say today that no longer count as they did; a row that is gone is not among them."""
    found = {}
    for part in sorted({n for n, _pk in wanted}):
        stream = stream_from(then["definition"]["parts"][part])
        rows = stream.vocabulary.with_row_facts(on=on, names=stream.facts)
        rows = rows.filter(pk__in=[pk for n, pk in wanted if n == part])
        for row in rows.annotate(**{f"told_{n}": F(f"fact_{n}") for n in stream.facts}):
            found[part, row.pk] = {n: said(getattr(row, f"told_{n}")) for n in stream.facts}
    return found


def turned(then: Data, part: int, was: Data, now: Data) -> str:
    """What a row says otherwise, in words."""
    words = VOCABULARIES[then["definition"]["parts"][part]["source"]]
    changed = [n for n in was if n in now and str(was[n]) != str(now[n])]
    return _("；").join(
        _("%(what)s：%(was)s → %(now)s")
        % {"what": words.label(n), "was": told(words, n, was[n]), "now": told(words, n, now[n])}
        for n in changed
    )


def in_words(value: Any) -> str:
    """The value of a setting as a page shows it."""
    return _("、").join(map(str, value)) if isinstance(value, list) else str(value)


def told(words, name: str, value: Any) -> str:
    return _("无") if value is None else words.said(name, value)


def moved(was: Data, entry: Data) -> str:
    return _("%(what)s：%(was)s → %(now)s") % {"what": _("区镇"), "was": name_of(was), "now": name_of(entry)}


def moved_away(was: Data) -> str:
    return _("已不在%(place)s") % {"place": name_of(was)}


def name_of(entry: Data) -> str:
    return entry["district"]


def by_definition(before: Entries, after: Entries, then: Sequence[Data], now: Sequence[Data]) -> Iterable[Difference]:
    """The rows of today, asked by the definition of today. `then` and `now` are the parts of the two definitions."""
    for key in sorted(before.keys() - after.keys()):
        yield Difference(DEFINED, key[0], before[key], None, _("按现在的口径不计"))
    for key in sorted(after.keys() - before.keys()):
        yield Difference(DEFINED, key[0], None, after[key], _("按现在的口径计入"))
    for key in sorted(before.keys() & after.keys()):
        if counted(before[key], then[key[0]]) != counted(after[key], now[key[0]]):
            yield Difference(DEFINED, key[0], before[key], after[key], _("按现在的口径换了日期或计数的值"))


def counted(entry: Data, part: Data) -> list:
    """What of an entry a definition counts: its day, and the value it goes by."""
    return [entry["on"], *((name, entry["facts"].get(name)) for name in (part["distinct"], part["sum_of"]) if name)]


def replayed(then: Data, rows: Iterable[Difference], parts: int) -> list[Data]:
    """The frozen entries with the differences carried out one after the other: the entries of today."""
    entries = keyed(then["parts"])
    for row in rows:
        if row.was:
            entries.pop((row.part, row.was["pk"], row.was["sign"]), None)
        if row.entry:
            entries[row.part, row.entry["pk"], row.entry["sign"]] = row.entry
    return [{"entries": [e for (n, _pk, _sign), e in sorted(entries.items()) if n == part]} for part in range(parts)]


def summed(rows: Iterable[Difference]) -> list[tuple[str, int]]:
    """How many differences each cause has, in the order of the causes."""
    causes = [row.cause for row in rows]
    return [(str(label), causes.count(cause)) for cause, label in CAUSES.items() if cause in causes]
