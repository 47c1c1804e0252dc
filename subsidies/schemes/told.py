"""An explanation as plain data: for decisions, the command and the API."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from portal.rules import plain
from subsidies.schemes.explain import Explanation


def as_data(e: Explanation) -> dict[str, Any]:
    """JSON-ready: what rule, which facts, each finding, the arithmetic, the instalments. Money as exact text."""
    scheme, version = e.version.scheme, e.version
    return {
        "scheme": scheme.code,
        "pack": scheme.pack.code,
        "version": str(version.since),
        "clause": str(version.clause),
        "on": str(e.on),
        "event_on": plain(e.event_on),
        "state": str(e.state),
        "facts": {name: plain(value) for name, value in e.facts.items()},
        "findings": [
            {
                "conditions": [c.code for c in r.asked.conditions],
                "purpose": str(r.purpose),
                "clause": str(r.condition.clause),
                "state": str(r.state),
                "text": r.text,
                "next": r.next,
            }
            for r in e.reasons
        ],
        "arithmetic": e.lines,
        "units": e.units,
        "whole": money(e.whole),
        "instalments": [
            {
                "number": p.instalment.number,
                "title": p.instalment.title,
                "state": str(p.state),
                "opens_on": plain(p.opens_on),
                "lapses_on": plain(p.lapses_on),
                "amount": money(p.amount),
            }
            for p in e.parts
        ],
    }


def money(amount) -> str | None:
    return None if amount is None else f"{amount:.2f}"


def digest(data: Mapping) -> str:
    """SHA-256 of the data in canonical form."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
