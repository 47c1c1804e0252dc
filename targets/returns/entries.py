"""The very rows behind a figure, as plain data that outlives them; and the figure that follows from these rows alone.

What is frozen can be reckoned again without the database: `measured(definition, parts)` of the frozen entries is the frozen
figure, to the last digit. The definition they were taken by is frozen beside them, with the values of its settings filled
in, so that `taken()` can ask today's rows by the definition of then.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
from django.db.models import F, Max
from django.utils import translation

from portal.facts import VOCABULARIES
from portal.models import District
from portal.rules import plain
from targets.models import Indicator
from targets.plans.indicators import Kind, stream_of, whole_of
from targets.plans.streams import Stream

Data = dict[str, Any]


def sealed(data: Mapping) -> tuple[str, str]:
    """The data as canonical JSON, and the SHA-256 of it."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text, hashlib.sha256(text.encode()).hexdigest()


def said(value: Any) -> Any:
    """A value as JSON keeps it; numbers as exact text without zeros at the end."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else plain(value)


# --- definitions -------------------------------------------------------------------------------


def definition_of(indicator: Indicator, values: Mapping[str, Any]) -> Data:
    """How the indicator is counted, with the pack's settings `values` filled in; {} for what isn't counted."""
    whole = whole_of(indicator)
    streams = [stream_of(indicator, values), stream_of(whole, values) if whole else None]
    return {"kind": indicator.kind, "parts": [as_data(s) for s in streams if s]} if streams[0] else {}


def as_data(stream: Stream) -> Data:
    where = [{"fact": c.fact, "lookup": str(c.lookup), "value": listed(c.value)} for c in stream.where]
    return {
        "source": stream.vocabulary.name,
        "starts": stream.starts,
        "stops": stream.stops,
        "where": where,
        "distinct": stream.distinct,
        "sum_of": stream.sum_of,
    }


def listed(value: Any) -> Any:
    return [said(v) for v in value] if isinstance(value, tuple | list) else said(value)


def stream_from(part: Data) -> Stream:
    """The stream that a frozen definition speaks of. Raises KeyError or WrongCriterion where its words are no longer known."""
    vocabulary = VOCABULARIES[part["source"]]
    for name in filter(None, (part["starts"], part["stops"], part["distinct"], part["sum_of"])):
        vocabulary.facts[name]
    where = tuple(vocabulary.criterion(c["fact"], c["lookup"], c["value"], "") for c in part["where"])
    return Stream("frozen", vocabulary, part["starts"], part["stops"], where, part["sum_of"], part["distinct"])


# --- entries -----------------------------------------------------------------------------------


def taken(definition: Data, district: District, on: date) -> list[Data]:
    """The parts of a figure, each with its source, the greatest key there is, and its entries: +1 on the day a row began
    to count, -1 on the day it stopped, up to `on`; in the district with all below it."""
    return [part_of(part, definition["kind"], district, on) for part in definition.get("parts", [])]


def part_of(part: Data, kind: str, district: District, on: date) -> Data:
    stream = stream_from(part)
    last = stream.vocabulary.model._default_manager.aggregate(last=Max("pk"))["last"]
    return {"source": part["source"], "last": last, "entries": entries_of(stream, kind, district, on)}


def entries_of(stream: Stream, kind: str, district: District, on: date) -> list[Data]:
    vocabulary = stream.vocabulary
    flow = kind == Kind.FLOW
    rows = stream.rows(on=on, since=date(on.year, 1, 1)) if flow else stream.entries(on=on)
    names = stream.facts
    rows = rows.filter(**{f"{vocabulary.district}__up__ancestor": district})
    rows = rows.annotate(place_code=F(f"{vocabulary.district}__code"), **{f"told_{n}": F(f"fact_{n}") for n in names})
    lines = []
    with translation.override("zh-hans"):  # what is frozen has one language
        for row in rows.select_related(*vocabulary.select).order_by("pk"):
            lines += lines_of(row, stream, names, on)
    return lines


def lines_of(row, stream: Stream, names, on: date) -> list[Data]:
    entry = stream.vocabulary.describe(row)  # type: ignore[misc]
    facts = {name: said(getattr(row, f"told_{name}")) for name in names}
    line = {
        "pk": row.pk,
        "sign": 1,
        "on": facts[stream.starts],
        "title": str(entry.title),
        "owner": str(entry.owner),
        "document": str(entry.document),
        "district": row.place_code,
        "facts": facts,
    }
    stopped = getattr(row, f"told_{stream.stops}") if stream.stops else None
    if stopped is None or stopped > on:
        return [line]
    return [line, {**line, "sign": -1, "on": facts[stream.stops], "document": str(entry.end_document)}]


# --- the figure --------------------------------------------------------------------------------


def measured(definition: Data, parts: list[Data]) -> Decimal | None:
    """The figure that follows from these entries; None for a share of nobody, and for what isn't counted."""
    values = [amount_of(d, p["entries"]) for d, p in zip(definition.get("parts", []), parts, strict=True)]
    if not values:
        return None
    value = float(values[0])
    if len(values) > 1:
        if not values[1]:
            return None
        value = 100 * value / float(values[1])
    return Decimal(str(np.round(value, 2))).normalize()


def amount_of(part: Data, entries: list[Data]) -> Decimal:
    """Rows that began and didn't stop: how many, of how many different values, or what they add up to."""
    gone = {e["pk"] for e in entries if e["sign"] < 0}
    there = [e for e in entries if e["sign"] > 0 and e["pk"] not in gone]
    if part["distinct"]:
        return Decimal(len({e["facts"][part["distinct"]] for e in there}))
    if part["sum_of"]:
        return sum((Decimal(e["facts"][part["sum_of"]] or 0) for e in there), Decimal(0))
    return Decimal(len(there))
