"""What a chapter shows: each kind of block as parts of an official paper.

In a template a block is {show, of}: `show` names one of SHOWN, `of` the indicators by their codes, none: the headline
ones ("all": every one of the plan).
"""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.official import Fine, Grid, Picture
from portal.papers import Text
from portal.pictures import Bars, Trend
from portal.templatetags.numbers import num, signed
from portal.words import localised_value
from targets.reports import texts
from targets.reports.freezing import Frozen
from targets.reports.models import ReportIndicator
from targets.reports.ranking import ranking, share

Rows = Sequence[ReportIndicator]
KEYS = {"show", "of"}
ABREAST = 5  # indicators side by side in a table


def chosen(told: Frozen, of: Any) -> list[ReportIndicator]:
    """The indicators that a block speaks of; those that the plan has no more are left out."""
    if of == "all":
        return told.indicators
    if not of:
        return told.headline
    return [told.by_code[code] for code in of if code in told.by_code]


def parts_of(told: Frozen, block: dict) -> list:
    rows = chosen(told, block.get("of"))
    return SHOWN[block["show"]](told, rows) if rows else []


# --- the kinds ---------------------------------------------------------------------------------


def overall(told: Frozen, rows: Rows) -> list:
    return [Text([texts.where(told, rows), *filter(None, [texts.without_data(told, rows)])])]


def said(told: Frozen, rows: Rows) -> list:
    return [Text([f"{texts.standing(told, row)}{_('。')}" for row in rows])]


def lagging(told: Frozen, rows: Rows) -> list:
    return [Text(texts.who_is_behind(told, rows))]


def changes(told: Frozen, rows: Rows) -> list:
    return [Text(texts.changes(told, rows))]


def figures(told: Frozen, rows: Rows) -> list:
    """Where each indicator stands in the city."""
    return [
        Grid(
            [_("指标"), _("目标"), _("实际"), _("序时进度"), _("尚差"), _("状态")],
            [figure_line(told, row) for row in rows],
            [46, 19, 19, 19, 17, 20],
            "LRRRRC",
            title=_("目标进度（截至 %(day)s）") % {"day": told.on.isoformat()},
        )
    ]


def figure_line(told: Frozen, row: ReportIndicator) -> list[str]:
    figure = told.of_city(row)
    unit, part = texts.unit_of(row), _("其中：") if row.words["parent"] else ""
    return [
        part + _("%(name)s（%(unit)s）") % {"name": texts.name_of(row), "unit": unit},
        num(figure.target),
        num(figure.value, row.words["decimals"] or None),
        texts.rounded_num(row, figure, figure.pace),
        num(figure.gap, row.words["decimals"] or None),
        texts.state_text(figure.state),
    ]


def districts(told: Frozen, rows: Rows) -> list:
    """A ranking for each that the districts were given tasks of; the others side by side in one table."""
    if not told.districts:
        return []
    split = [row for row in rows if told.split(row)]
    others = [row for row in rows if row not in split and by_district(told, row)]
    parts = [others[n : n + ABREAST] for n in range(0, len(others), ABREAST)]
    return [*(ranked(told, row) for row in split), *(counted(told, part) for part in parts)]


def by_district(told: Frozen, row: ReportIndicator) -> bool:
    """Whether any district has a figure of it; what a department reports is the city's alone."""
    found = (told.of(row, place["pk"]) for place in told.districts)
    return any(figure is not None and figure.value is not None for figure in found)


def ranked(told: Frozen, row: ReportIndicator) -> Grid:
    city, lines = told.of_city(row), []
    for place in ranking(told, row):
        figure = place.figure
        was = signed(place.was - place.rank) if place.rank and place.was and place.rank != place.was else "—"
        lines.append(
            [
                str(place.rank or "—"),
                localised_value(place.district, "name"),
                num(figure and figure.target),
                num(figure and figure.value),
                "—" if place.share is None else f"{num(place.share, 1)}%",
                signed(place.points, 1),
                signed(place.added) if place.added else num(place.added),
                was,
                texts.state_text(figure.state) if figure and place.rank else place.why,
            ]
        )
    whole = [
        "",
        _("全市"),
        num(city.target),
        num(city.value),
        "—" if share(city) is None else f"{num(share(city), 1)}%",
    ]
    whole += ["—", "—", "—", texts.state_text(city.state)]
    return Grid(
        [_("名次"), _("区镇"), _("任务"), _("完成"), _("完成率"), _("较序时"), _("新增"), _("名次变化"), _("状态")],
        [whole, *lines],
        [11, 24, 11, 11, 14, 13, 11, 17, 28],
        "CLRRRRRRL",
        title=_("%(name)s：各区镇进度排名") % {"name": texts.name_of(row)},
        note=_(
            "按较序时（占本区镇任务的百分点）排名，容差以内算持平，相同的并列；没有数据或没有任务的不排名，也不算末位。单位：%(unit)s。"
        )
        % {"unit": texts.unit_of(row)},
        sums=1,
    )


def counted(told: Frozen, rows: Rows) -> Grid:
    """What was reached in each district, of what wasn't split among them."""
    lines = [[_("全市"), *(num(told.of_city(row).value) for row in rows)]]
    for place in told.districts:
        figures = [told.of(row, place["pk"]) for row in rows]
        lines.append([localised_value(place, "name"), *(num(f and f.value) for f in figures)])
    heads = [f"{texts.name_of(row)}\n（{texts.unit_of(row)}）" for row in rows]
    return Grid(
        [_("区镇"), *heads], lines, [26, *[22] * len(rows)], "L" + "R" * len(rows), sums=1,
        title=_("各区镇完成情况"), note=_("这些目标没有分解到区镇，按行政序列列出，不排名。"),
    )  # fmt: skip


WORDS: tuple[Callable, ...] = (lambda: _("实际"), lambda: _("序时进度"), lambda: _("目标"))


def words(*, target: bool = True, pace: bool = True) -> tuple[str, str, str]:
    """The words of a legend; what isn't drawn has none."""
    actual, way, goal = (word() for word in WORDS)
    return actual, way if pace else "", goal if target else ""


def trend(told: Frozen, rows: Rows) -> list:
    """A line over the months with its table."""
    parts: list = []
    for row in rows:
        points = told.trend(row)
        if len(points) < 2:
            continue
        target = told.of_city(row).target
        since = min(points[0].on, told.plan_since)
        paced = [(f.on, float(f.pace)) for f in points if f.pace is not None]
        chart = Trend(
            since,
            max(told.plan_until, told.on) if told.on <= told.plan_until else told.plan_until,
            [(f.on, float(f.value)) for f in points if f.value is not None],
            paced,
            None if target is None else float(target),
            texts.unit_of(row),
            words(target=target is not None, pace=len(paced) > 1),
            floor(row, points[0].value, target),
        )
        name = texts.name_of(row)
        parts.append(Picture(chart, _("%(name)s走势（%(unit)s）") % {"name": name, "unit": texts.unit_of(row)}))
        shown = [f for f in points if f.on == told.on or f.on.month % 3 == 0] if len(points) > 12 else points
        parts.append(
            Grid(
                [_("截至"), _("实际"), *[_("序时进度")] * bool(paced)],
                [[f.on.isoformat(), num(f.value), *[texts.rounded_num(row, f, f.pace)] * bool(paced)] for f in shown],
                [30, 25, 25] if paced else [30, 50],
                "CRR" if paced else "CR",
                title=_("%(name)s：各期数值") % {"name": name},
            )
        )
    return parts


def floor(row: ReportIndicator, start: Decimal | None, target: Decimal | None) -> float:
    """Where the axis begins, as on the dashboards: a level that began near its target is looked at from there."""
    near = start is not None and target is not None and row.words["kind"] == "level" and start * 2 >= target
    return float(start) if near and start is not None else 0.0


def bars(told: Frozen, rows: Rows) -> list:
    """The districts beside each other."""
    parts: list = []
    for row in (r for r in rows if by_district(told, r)):
        lines = []
        for place in told.districts:
            figure = told.of(row, place["pk"])
            value, pace, target = (
                None if figure is None or x is None else float(x)
                for x in ((figure.value, figure.pace, figure.target) if figure else (None, None, None))
            )
            text = num(value) if target is None else f"{num(value)} / {num(target)}"
            lines.append(
                (localised_value(place, "name"), value, pace, target, text if value is not None else _("暂无数据"))
            )
        title = _("%(name)s：各区镇（%(unit)s）") % {"name": texts.name_of(row), "unit": texts.unit_of(row)}
        parts.append(Picture(Bars(lines, words(target=told.split(row))), title))
    return parts


def method(told: Frozen, rows: Rows) -> list:
    """What counts in each, by which version of the definition."""
    return [Fine([method_note(row) for row in rows])]


def method_note(row: ReportIndicator) -> str:
    told = row.words
    parts = [
        (_("算什么"), localised_value(told, "counts")),
        (_("何时计入"), localised_value(told, "begins")),
        (_("何时撤出"), localised_value(told, "ends")),
        (_("不计"), localised_value(told, "excludes")),
        (_("责任"), _("、").join(told["departments"])),
        (_("依据"), told["clause"]),
        (_("暂无数据"), localised_value(told, "awaiting")),
    ]
    said = _("；").join(f"{label}{_('：')}{value}" for label, value in parts if value)
    head = _("%(name)s（口径第 %(n)s 版）") % {"name": texts.name_of(row), "n": row.version}
    return f"{head}{_('：')}{said}{_('。')}"


SHOWN: dict[str, Callable[[Frozen, Rows], list]] = {
    "overall": overall,
    "said": said,
    "figures": figures,
    "lagging": lagging,
    "changes": changes,
    "districts": districts,
    "trend": trend,
    "bars": bars,
    "method": method,
}
LABELS = {
    "overall": lambda: _("总体情况"),
    "said": lambda: _("逐项说明"),
    "figures": lambda: _("目标进度表"),
    "lagging": lambda: _("滞后情况"),
    "changes": lambda: _("较上期变化"),
    "districts": lambda: _("区镇表"),
    "trend": lambda: _("走势图"),
    "bars": lambda: _("区镇图"),
    "method": lambda: pgettext("报告", "口径说明"),
}


def wrong(blocks: Any) -> Iterable[str]:
    """What is wrong with the blocks of a chapter, a sentence each."""
    if not isinstance(blocks, list):
        yield "blocks 应为列表"
        return
    for block in blocks:
        if not isinstance(block, dict) or set(block) - KEYS or block.get("show") not in SHOWN:
            yield f"一块应写作 show（{'、'.join(SHOWN)}）和 of：{block!r}"
        elif block.get("of") not in (None, "all") and not (
            isinstance(block["of"], list) and all(isinstance(code, str) for code in block["of"])
        ):
            yield f"of 应为指标代码的列表，或 all：{block!r}"


def codes(blocks: Iterable[dict]) -> set[str]:
    return {code for block in blocks if isinstance(block.get("of"), list) for code in block["of"]}


def value_of(text: str) -> Decimal | str:
    """A cell of a table as a workbook keeps it: a number where it is one."""
    plain = text.replace(",", "").replace("\u2212", "-").removeprefix("+")
    try:
        return Decimal(plain)
    except ArithmeticError:
        return text
