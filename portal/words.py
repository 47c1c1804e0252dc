"""Words of a row in the reader's language: packs give English beside the Chinese, which is the source."""

from collections.abc import Mapping

from django.utils.translation import get_language


def localised(row, name: str) -> str:
    """`row.NAME_en` for who reads English, where there is one; else `row.NAME`."""
    english = getattr(row, f"{name}_en", "") if get_language() == "en" else ""
    return english or getattr(row, name)


def localised_value(row: Mapping[str, str], name: str) -> str:
    """The same of a row that is data and not a model's; "" where it says nothing."""
    return (row.get(f"{name}_en") if get_language() == "en" else "") or row.get(name, "")
