"""Where else one may go from the page of a row: an app to the right adds its links to the pages of apps to its left.

Each app, and each topic of it, says in a module links.py what it adds; a page shows them with `{% more row %}`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model


@dataclass(frozen=True)
class Link:
    label: str
    url: str


LINKS: dict[type[Model], list[Callable[[Any, Any], Link | None]]] = {}


def links(*models: type[Model]):
    """Register a function of (row, user) for the pages of these models; it gives None where the reader has no way there."""

    def register(find):
        for model in models:
            LINKS.setdefault(model, []).append(find)
        return find

    return register


def links_of(row: Any, user: Any) -> list[Link]:
    found = [find(row, user) for find in LINKS.get(type(row), ())]
    return [link for link in found if link is not None]


# --- rows that belong to the row of a page, of apps to the right ------------------------------------

ROWS: dict[type[Model], list[Callable[[Any, Any], list[Link]]]] = {}


def rows(*models: type[Model]):
    """Register a function of (row, user) that gives the rows which the reader may see; a page lists them with
    `{% rows_beside row %}`."""

    def register(find):
        for model in models:
            ROWS.setdefault(model, []).append(find)
        return find

    return register


def rows_of(row: Any, user: Any) -> list[Link]:
    return [link for find in ROWS.get(type(row), ()) for link in find(row, user)]
