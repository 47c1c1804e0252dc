"""Words of a row in the reader's language: packs give English beside the Chinese, which is the source."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language, npgettext, pgettext
from django.utils.translation import gettext as _


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


def factor(unit: str) -> str:
    """A unit that is a number of something multiplies what stands before it: × 10,000 yuan."""
    return f"× {unit}" if unit[:1].isdigit() else unit


def with_unit(value, unit) -> str:
    """A number and what it counts, as the reader's language says it: 3 人, 1 person, 3 persons."""
    n = int(value) if value == int(value) else 2  # 0.5 years
    words = {
        _("人"): npgettext("计量", "%(n)s 人", "%(n)s 人", n),
        _("年"): npgettext("计量", "%(n)s 年", "%(n)s 年", n),
        _("次"): npgettext("计量", "%(n)s 次", "%(n)s 次", n),
        _("项"): npgettext("计量", "%(n)s 项", "%(n)s 项", n),
        _("件"): npgettext("计量", "%(n)s 件", "%(n)s 件", n),
        _("天"): npgettext("计量", "%(n)s 天", "%(n)s 天", n),
        _("个月"): npgettext("计量", "%(n)s 个月", "%(n)s 个月", n),
        _("家"): npgettext("计量", "%(n)s 家", "%(n)s 家", n),
        pgettext("协议", "份"): npgettext("协议", "%(n)s 份", "%(n)s 份", n),
        pgettext("需求", "条"): npgettext("需求", "%(n)s 条", "%(n)s 条", n),
    }
    pattern = words.get(str(unit))
    return pattern % {"n": value} if pattern else f"{value} {factor(str(unit))}".strip()
