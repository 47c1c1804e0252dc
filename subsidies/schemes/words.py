"""What a version says, in the words of its reader: amounts, conditions, periods, and how two versions differ."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Model
from django.utils.text import capfirst
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.facts import Lookup, Vocabulary, WrongCriterion, compared, yuan
from portal.packs.sections import in_file
from portal.words import localised
from subsidies.schemes.engine import vocabulary_of
from subsidies.schemes.models import Boundary, Condition, Instalment, SchemePaper, SchemeVersion, Shape, Step
from subsidies.schemes.pack import VERSIONS


def amount_said(version: SchemeVersion) -> str:
    """How much, in one line."""
    parts = [shape_said(version)]
    same = version.shape == Shape.FIXED and version.ceiling == version.amount
    if version.ceiling is not None and not same and version.shape != Shape.STEPS:
        parts.append(_("最高 %(ceiling)s") % {"ceiling": yuan(version.ceiling)})
    if (n := len(version.instalments.all())) > 1:
        parts.append(_("分 %(n)s 期") % {"n": n})
    return _("，").join(parts)


def shape_said(version: SchemeVersion) -> str:
    amount = version.amount
    if version.shape == Shape.FIXED:
        word = _("最高 %(ceiling)s") if version.ceiling == amount else "%(ceiling)s"
        return word % {"ceiling": yuan(amount)}
    if version.shape == Shape.PER:
        unit = localised(version, "quantity_unit")
        said = _("每%(unit)s %(rate)s") % {"unit": unit, "rate": yuan(amount)}
        return said if version.limit is None else said + most_said(version, unit)
    if version.shape == Shape.STEPS:
        most = version.ceiling or max(step.amount for step in version.steps.all())
        return _("最高 %(ceiling)s，分 %(n)s 档") % {"ceiling": yuan(most), "n": len(version.steps.all())}
    if version.shape == Shape.MATCHING:
        return _("按上级资金的 %(share)s%% 配套") % {"share": f"{amount.normalize():f}"}
    return _("文件没有写金额")


def most_said(version: SchemeVersion, unit: str) -> str:
    assert version.amount is not None
    assert version.limit is not None
    whole = yuan(version.amount * version.limit)
    return _("，最多 %(limit)s %(unit)s（共 %(whole)s）") % {"limit": version.limit, "unit": unit, "whole": whole}


def paid_by(scheme) -> str:
    """The line of money it is paid from, or who else pays."""
    return str(scheme.line) if scheme.line_id else localised(scheme, "payer")


def window_said(version: SchemeVersion) -> str:
    if version.window_months is None:
        return _("没有规定")
    return _("可领之日起 %(n)s 个月内") % {"n": version.window_months}


def standing(version: SchemeVersion, on: date) -> tuple[str, str]:
    """How it stands on a day: the mark, and the word."""
    if version.state != "published":
        return "todo", version.get_state_display()
    if version.since > on:
        return "waiting", pgettext("规则版本", "尚未执行")
    if version.until is not None and version.until <= on:
        return "locked", pgettext("规则版本", "已停止执行")
    return "doing", pgettext("规则版本", "执行中")


def period(version: SchemeVersion) -> str:
    """From when to when it is in force, both days included."""
    if version.until is None:
        return _("%(since)s 起") % {"since": version.since}
    return _("%(since)s 至 %(last)s") % {"since": version.since, "last": last_day(version)}


def last_day(version: SchemeVersion) -> date | None:
    return version.until and version.until - timedelta(1)


# --- single rows -------------------------------------------------------------------------------


def criterion_said(vocabulary: Vocabulary, fact: str, lookup: str, value: Any) -> str:
    """A fact and what is wanted of it: 进站日期 应不少于 2025-01-01."""
    try:
        criterion = vocabulary.criterion(fact, lookup, value, "")
    except WrongCriterion as error:
        return str(error)
    known = vocabulary.facts[fact]
    values = criterion.value if lookup == Lookup.ONE_OF else (criterion.value,)
    return _("%(fact)s：%(lookup)s %(wanted)s") % {
        "fact": known.label,
        "lookup": compared(known, lookup),
        "wanted": _("、").join(vocabulary.words(known, v) for v in values),
    }


def given_said(vocabulary: Vocabulary, given: dict) -> list[tuple[str, str]]:
    """The facts of a boundary case, each with its value; days as people write them."""
    lines = []
    for name, value in given.items():
        fact = vocabulary.facts.get(name)
        if fact is None:
            lines.append((name, str(value)))
            continue
        is_day = isinstance(value, str) and type(fact.field).__name__ == "DateField"
        lines.append((str(fact.label), value if is_day else vocabulary.words(fact, value)))
    return lines


def condition_said(row: Condition, vocabulary: Vocabulary) -> str:
    if row.judged:
        return _("由人认定")
    return criterion_said(vocabulary, row.fact, row.lookup, row.value)


def instalment_said(row: Instalment, vocabulary: Vocabulary) -> str:
    """When it opens, and what part of the whole it is."""
    fact = vocabulary.facts.get(row.opens)
    label = fact.label if fact else row.opens
    opens = _("%(what)s以后") % {"what": label}
    if row.waiting_months:
        opens = _("%(opens)s起满 %(n)s 个月") % {"opens": label, "n": row.waiting_months}
    return opens if row.share == 100 else _("%(opens)s，%(share)s%%") % {"opens": opens, "share": share_said(row)}


def share_said(row: Instalment) -> str:
    return f"{row.share.normalize():f}"


# --- two versions ------------------------------------------------------------------------------


def row_said(row: Model, vocabulary: Vocabulary) -> str:
    """All that a row below a version says, in one line."""
    assumed = _("（征求意见）") if getattr(row, "assumed", False) else ""
    if isinstance(row, Condition):
        return f"{row}　{condition_said(row, vocabulary)}{assumed}"
    if isinstance(row, Step):
        return f"{row} {yuan(row.amount)}　{criterion_said(vocabulary, row.fact, row.lookup, row.value)}"
    if isinstance(row, Instalment):
        return f"{row}　{instalment_said(row, vocabulary)}"
    if isinstance(row, SchemePaper):
        return f"{row}" if row.required else _("%(paper)s（可不交）") % {"paper": row}
    assert isinstance(row, Boundary)
    amount = "" if row.amount is None else yuan(row.amount)
    given = _("，").join(_("%(k)s：%(v)s") % {"k": k, "v": v} for k, v in given_said(vocabulary, row.given))
    return f"{row}　{given} → {row.get_expect_display()} {amount}".strip()


QUIET = ("state", "note_en", "transition_en", "quantity_unit_en")


def changes(former: SchemeVersion | None, version: SchemeVersion) -> Iterator[tuple[str, str, str]]:
    """What a version says otherwise than the former: what, was, is."""
    if former is None:
        return
    for name in VERSIONS.fields:
        was, now = getattr(former, name), getattr(version, name)
        if name not in QUIET and was != now:
            label = version._meta.get_field(name).verbose_name
            yield capfirst(str(label)), field_said(former, name), field_said(version, name)
    vocabulary = vocabulary_of(version.scheme)
    for part in VERSIONS.children:
        (key,) = part.key
        old = {getattr(row, key): row_said(row, vocabulary) for row in part.rows(former)}
        new = {getattr(row, key): row_said(row, vocabulary) for row in part.rows(version)}
        for name in [*new, *(n for n in old if n not in new)]:
            if old.get(name) != new.get(name):
                yield str(part.model._meta.verbose_name), old.get(name, "—"), new.get(name, "—")


def field_said(version: SchemeVersion, name: str) -> str:
    value = getattr(version, name)
    if value is None or value == "" or value == {}:
        return "—"
    if name in ("amount", "ceiling"):
        return f"{value.normalize():f}%" if version.shape == Shape.MATCHING and name == "amount" else yuan(value)
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if name == "shape":
        return version.get_shape_display()
    return str(in_file(version._meta.get_field(name), value))


# --- the ruler ---------------------------------------------------------------------------------


def ruler(versions: list[SchemeVersion], on: date | None = None) -> dict | None:
    """The versions of a scheme on a line of months, for the `lanes` tag; None where there is none."""
    on = on or localdate()
    if not versions:
        return None
    first = min(v.since for v in versions)
    ends = [v.until or v.since for v in versions] + [on]
    last = max(ends) if all(v.until for v in versions) else date(max(ends).year, 12, 31)
    stops, windows = [], []
    for version in versions:
        kind, word = standing(version, on)
        mark = {"doing": "here", "locked": "past", "waiting": "later", "todo": "later"}[kind]
        stops.append({"on": version.since, "label": word, "note": f"{version.since}", "kind": mark})
        if version.state == "published":
            until = version.until or last
            windows.append({"since": version.since, "until": until, "kind": "open" if kind == "doing" else mark})
    if all(v.until for v in versions):
        stops.append({"on": last, "label": _("停止执行"), "note": f"{last}", "kind": "past"})
    rail = {"label": _("版本"), "rail": (first, last), "windows": windows, "stops": stops}
    return {"since": first, "until": max(last, on), "on": on, "rows": [rail]}
