"""A sum of money as one bar: how wide each part is."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from subsidies.ledger.models import Place

SPENT_FIRST = (Place.PAID, Place.TRANSIT, Place.RESERVED, Place.AVAILABLE)


def pieces(parts: Iterable[tuple[str, Any, Decimal]], whole: Decimal) -> list[dict[str, Any]]:
    """The parts (code, label, yuan) as shares of the whole; what is nothing has no piece."""
    found: list[dict[str, Any]] = []
    at = 0.0
    for part, label, amount in parts:
        share = float(amount / whole * 100) if whole else 0.0
        if amount > 0:
            found.append({"part": part, "label": label, "amount": amount, "x": f"{at:.2f}%", "width": f"{share:.2f}%"})
            at += share
    return found


def of_places(held: Mapping[str, Decimal]) -> list[dict[str, Any]]:
    """A budget by where its money is."""
    whole = sum((held[place] for place in SPENT_FIRST), Decimal(0))
    return pieces([(place.value, place.label, held[place]) for place in SPENT_FIRST], whole)
