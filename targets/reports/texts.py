"""Sentences made of frozen figures: where a plan stands, who is behind, what has changed, what is due.

They are written in the language in force; documents that leave the office are made in Chinese.
"""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.templatetags.numbers import num, pct, signed
from portal.words import localised_value
from targets.plans.indicators import Figure
from targets.reports.freezing import Frozen
from targets.reports.models import ReportFigure, ReportIndicator
from targets.reports.ranking import Place, gain, ranking

BEHIND = ("behind", "missed")
AGAINST_PACE = {"ahead", "level", "behind", "reached", "missed"}  # what there was something to compare with
STATES = ("ahead", "level", "behind", "reached", "missed", "not_due", "untargeted", "none")
FEW = 6  # names that a sentence gives before it says how many more there are


def name_of(row: ReportIndicator) -> str:
    return localised_value(row.words, "name")


def unit_of(row: ReportIndicator) -> str:
    return localised_value(row.words, "unit")


def state_text(state: str) -> str:
    """The state in words, as the dashboards say it."""
    return Figure.state_text.fget(Stated(state))  # type: ignore[attr-defined]


class Stated:
    """Something that has a state, for the words of `Figure`."""

    def __init__(self, state: str):
        self.state = state


def listed(names: Sequence[str], more: str = "") -> str:
    return _("、").join(names) + more


def places(row: ReportIndicator, figure: ReportFigure | None) -> int:
    """How many decimals a pace of this figure is told with: as on the dashboards."""
    small = figure is not None and figure.target is not None and abs(figure.target) <= 30
    return row.words["decimals"] or int(small)


def rounded_num(row: ReportIndicator, figure: ReportFigure, value: Decimal | None) -> str:
    return num(value if value is None else round(value, places(row, figure)))


# --- the city ----------------------------------------------------------------------------------


def time_gone(told: Frozen) -> Decimal:
    """The share of the plan's time that is gone."""
    days = (told.plan_until - told.plan_since).days + 1
    return min(max(Decimal((told.on - told.plan_since).days + 1) / days, Decimal(0)), Decimal(1))


def where(told: Frozen, rows: Sequence[ReportIndicator]) -> str:
    """One sentence: how much time is gone, and how many of the targets stand how."""
    counts: dict[str, int] = {}
    for row in rows:
        state = told.of_city(row).state
        counts[state] = counts.get(state, 0) + 1
    parts = listed([_("%(n)s 项%(state)s") % {"n": counts[s], "state": state_text(s)} for s in STATES if counts.get(s)])
    values = {"day": told.on.isoformat(), "plan": localised_value(told.words["plan"], "name"), "n": len(rows)}
    values |= {"share": pct(time_gone(told)), "parts": parts}
    if told.on > told.plan_until:
        return _("截至 %(day)s，《%(plan)s》已到期，%(n)s 项目标中%(parts)s。") % values
    if told.on == told.plan_until:
        return _("截至 %(day)s，《%(plan)s》期满，%(n)s 项目标中%(parts)s。") % values
    return _("截至 %(day)s，《%(plan)s》时间已过 %(share)s，%(n)s 项目标中%(parts)s。") % values


def standing(told: Frozen, row: ReportIndicator) -> str:
    """One indicator: what it is, what it should be, what is missing."""
    figure = told.of_city(row)
    values = {
        "name": name_of(row),
        "unit": unit_of(row),
        "value": num(figure.value),
        "target": num(figure.target),
        "pace": rounded_num(row, figure, figure.pace),
        "gap": num(figure.gap),
        "state": state_text(figure.state),
        "why": localised_value(row.words, "awaiting"),
    }
    if figure.value is None:
        said = _("%(name)s：暂无数据（%(why)s）") if values["why"] else _("%(name)s：暂无数据")
    elif figure.target is None:
        said = _("%(name)s %(value)s %(unit)s，未定目标")
    elif figure.pace is None:
        said = _("%(name)s %(value)s %(unit)s，目标 %(target)s %(unit)s，未到节点")
    elif figure.gap:
        said = _("%(name)s %(value)s %(unit)s，应有 %(pace)s %(unit)s，距目标 %(target)s 差 %(gap)s，%(state)s")
    else:
        said = _("%(name)s %(value)s %(unit)s，目标 %(target)s %(unit)s，已达到")
    return said % values


def behind(told: Frozen, rows: Sequence[ReportIndicator]) -> list[ReportIndicator]:
    return [row for row in rows if told.of_city(row).state in BEHIND]


def lagging_districts(told: Frozen, row: ReportIndicator, few: int = FEW) -> str:
    """The districts behind their pace with what each misses, the worst first; "" where none is."""
    late = [p for p in ranking(told, row) if p.figure and p.figure.state in BEHIND and p.figure.gap]
    late.sort(key=lambda p: (p.points or 0, -(p.figure.gap or 0) if p.figure else 0))
    named = [
        _("%(name)s（差 %(n)s）") % {"name": localised_value(p.district, "name"), "n": num(p.figure.gap)}
        for p in late[:few]
        if p.figure
    ]
    left = len(late) - few
    more = ngettext("等，另有 %(n)s 个", "等，另有 %(n)s 个", left) % {"n": left} if left > 0 else ""
    return listed(named, more)


def who_is_behind(told: Frozen, rows: Sequence[ReportIndicator], few: int = FEW) -> list[str]:
    """What is behind in the city, then who is behind in what was split."""
    late = behind(told, rows)
    said = []
    if late:
        named = listed([name_of(row) for row in late[:FEW]])
        said.append(_("滞后的目标：%(names)s。") % {"names": named})
    else:
        said.append(_("没有滞后的目标。"))
    for row in (r for r in rows if told.split(r)):
        if named := lagging_districts(told, row, few):
            said.append(_("%(name)s滞后的区镇：%(who)s。") % {"name": name_of(row), "who": named})
    return said


def without_data(told: Frozen, rows: Sequence[ReportIndicator]) -> str:
    silent = [name_of(row) for row in rows if told.of_city(row).value is None]
    if not silent:
        return ""
    n = len(silent)
    said = ngettext("%(n)s 项暂无数据：%(names)s。", "%(n)s 项暂无数据：%(names)s。", n)
    return said % {"n": n, "names": listed(silent)}


def due(told: Frozen, few: int = FEW) -> str:
    """What the offices have in hand that is late or soon due, and the first of it by name."""
    found = told.words["due"]
    values = {"day": told.words["made_on"], "days": found["days"], "soon": found["soon"], "over": found["over"]}
    if not (found["soon"] or found["over"]):
        return _("到 %(day)s，%(days)s 个工作日内没有到期的事项，也没有超期。") % values
    said = _("到 %(day)s，在办事项超期 %(over)s 件，%(days)s 个工作日内到期 %(soon)s 件") % values
    first = [
        _("%(who)s %(title)s（%(on)s）")
        % {"who": one["who"], "title": localised_value(one, "title"), "on": short(one["on"], told.words["made_on"])}
        for one in found["first"][:few]
    ]
    return f"{said}{_('，最早的：')}{listed(first)}{_('。')}" if first else f"{said}{_('。')}"


def short(day: str, today: str) -> str:
    """A day without its year where that is the year of the paper."""
    return day[5:] if day[:4] == today[:4] else day


def duties_due(told: Frozen, few: int = FEW) -> str:
    """What the work list asks for that is late or soon due, and the first of it by name; "" where a city has no list."""
    found = told.words.get("duties")
    if not found:
        return ""
    if not (found["late"] or found["near"]):
        return _("工作清单没有逾期的任务，%(days)s 天内也没有到期的。") % found
    said = _("工作清单任务逾期 %(late)s 项，%(days)s 天内到期 %(near)s 项") % found
    first = [
        _("%(who)s %(title)s（%(on)s）")
        % {
            "who": localised_value(one, "who"),
            "title": localised_value(one, "title"),
            "on": short(one["on"], told.words["made_on"]),
        }
        for one in found["first"][:few]
    ]
    return f"{said}{_('，最早的：')}{listed(first)}{_('。')}" if first else f"{said}{_('。')}"


# --- what has changed --------------------------------------------------------------------------


def changed(told: Frozen, row: ReportIndicator) -> str:
    """One indicator against the day before: what came, and whether it stands otherwise."""
    if told.before is None:
        return ""
    figure, was = told.of_city(row), told.of(row, told.root, told.before)
    more = gain(figure, was)
    if was is None or more is None:
        return _("%(name)s：没有可比的数据") % {"name": name_of(row)}
    values = {"name": name_of(row), "unit": unit_of(row), "more": signed(more)}
    said = _("%(name)s %(more)s %(unit)s") % values if more else _("%(name)s没有变化") % values
    if was.state != figure.state and {was.state, figure.state} <= AGAINST_PACE:
        turned = {"was": state_text(was.state), "now": state_text(figure.state)}
        said += _("，由“%(was)s”转为“%(now)s”") % turned
    return said


def changes(told: Frozen, rows: Sequence[ReportIndicator]) -> list[str]:
    """What changed in the city, then which districts moved in what was split."""
    if told.before is None:
        return [_("没有上期数据，不作比较。")]
    head = _("与 %(day)s 相比：") % {"day": told.before.isoformat()}
    said = [head + _("；").join(changed(told, row) for row in rows) + _("。")]
    for row in (r for r in rows if told.split(r)):
        if moved := [moved_place(p, row) for p in ranking(told, row) if has_moved(p)]:
            said.append(f"{name_of(row)}{_('：')}{_('；').join(moved)}{_('。')}")
        else:
            said.append(_("%(name)s：各区镇名次和数值都没有变化。") % {"name": name_of(row)})
    return said


def has_moved(place: Place) -> bool:
    return bool(place.added) or (place.rank is not None and place.was is not None and place.rank != place.was)


def moved_place(place: Place, row: ReportIndicator) -> str:
    said = localised_value(place.district, "name")
    if place.added:
        said += " " + _("%(more)s %(unit)s") % {"more": signed(place.added), "unit": unit_of(row)}
    if place.rank and place.was and place.rank < place.was:
        said += _("，由第 %(was)s 名升至第 %(now)s 名") % {"was": place.was, "now": place.rank}
    elif place.rank and place.was and place.rank > place.was:
        said += _("，由第 %(was)s 名降至第 %(now)s 名") % {"was": place.was, "now": place.rank}
    return said
