"""Words of a row in the reader's language: packs give English beside the Chinese, which is the source."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language


def localised(row, name: str) -> str:
    """`row.NAME_en` for who reads English, where there is one; else `row.NAME`."""
    english = getattr(row, f"{name}_en", "") if get_language() == "en" else ""
    return english or getattr(row, name)


def word_of(name: str, choices: Any) -> Any:
    """`get_NAME_display` of a model, in the reader's language. Django's own makes a dictionary of all words anew for each
    row, which is most of what some lists cost."""
    words = dict(choices.choices)

    def display(self) -> str:
        value = getattr(self, name)
        return str(words.get(value, value))

    return display


def localised_value(row: Mapping[str, str], name: str) -> str:
    """The same of a row that is data and not a model's; "" where it says nothing."""
    return (row.get(f"{name}_en") if get_language() == "en" else "") or row.get(name, "")
