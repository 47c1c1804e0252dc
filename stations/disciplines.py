"""First-level disciplines (一级学科): a national catalogue, the same for every city, kept as a file and not as rows."""

from functools import cache

import yaml
from django.conf import settings

from portal.words import localised_value


@cache
def catalogue() -> dict[str, dict]:
    """Every discipline by its code, in the catalogue's order, with the category it belongs to."""
    text = (settings.ROOT / "fixtures" / "disciplines.yaml").read_text(encoding="utf-8")
    return {
        row["code"]: {**row, "category": {"name": group["name"], "name_en": group["name_en"]}}
        for group in yaml.safe_load(text)
        for row in group["disciplines"]
    }


def name_of(code: str) -> str:
    """A discipline in the reader's language; a code of an older catalogue stays a code."""
    return localised_value(catalogue().get(code, {}), "name") or code


def category_of(code: str) -> str:
    """The category that the first two digits of a code name."""
    row = next((row for other, row in catalogue().items() if other[:2] == code[:2]), None)
    return localised_value(row["category"], "name") if row else code[:2]


def choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """For a drop-down, by category."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for code in catalogue():
        groups.setdefault(category_of(code), []).append((code, f"{code} {name_of(code)}"))
    return list(groups.items())
