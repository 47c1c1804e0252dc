"""Reported figures as one table, which the bureau hands in for all departments."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.forms import TidyField
from portal.imports import Column, DayCell, ImportKind, LabelField, Place, import_kind
from portal.lifecycle import Refused
from portal.models.people import BUREAU
from portal.returning import NOTHING
from portal.words import localised
from targets.models import Indicator, Reading
from targets.plans.indicators import quarter_ends
from targets.reported import actions, departments
from targets.reported.checks import Known, Said, may_estimate, wrong
from targets.reported.forms import figure_field

YES_NO = ((True, gettext_lazy("是")), (False, gettext_lazy("否")))
SAYS = ("value", "estimated", "comment", "why", "measures")


@dataclass
class Cell:
    """What stands for one indicator at the end of one period: the last word, or None once it was taken back."""

    indicator: Indicator
    on: date
    last: Reading | None

    @property
    def pk(self) -> str:
        return f"{self.indicator.pk}:{self.on}"


class AnyFigure(forms.DecimalField):
    """A number; how many decimals it may have is the indicator's business."""

    def to_python(self, value):
        return figure_field(Indicator(kind="flow", decimals=2), required=False).to_python(value)

    def prepare_value(self, value):
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value


def text(label, *, needed: bool = False, limit: int = 300) -> TidyField:
    return TidyField(label=label, max_length=limit, required=needed)


@import_kind
class Readings(ImportKind):
    """A row is one indicator at the end of one quarter. What is written is always a new row; nothing is overwritten."""

    code, order = "readings", 8
    label = gettext_lazy("上报指标")
    note = gettext_lazy("一行一个指标一期，按指标和截至日认。更正另存一条，原来的数留着。")
    roles = BUREAU
    result = "targets:departments"

    def columns(self, place):
        rows = list(self.indicators(place).values())
        label = _("指标")
        choices = [(i.pk, f"{i.code} {localised(i, 'name')}") for i in rows]
        also = {i.code: i.pk for i in rows} | {i.name: i.pk for i in rows}
        return [
            Column("indicator", LabelField(choices, also, label=label), choices[0][1] if choices else "", ("指标名称",)),
            Column("on", DayCell(label=gettext_lazy("截至")), f"{place.on.year - 1}-12-31", ("截至日期", "期末")),
            Column("value", AnyFigure(label=gettext_lazy("数值"), max_digits=14, decimal_places=2), "12", ("完成数", "实际")),
            Column("estimated", LabelField(YES_NO, label=gettext_lazy("预计数"), required=False), "", ("是否预计",)),
            Column("source", text(gettext_lazy("数据来源"), needed=True, limit=160), "统计月报", ("来源",)),
            Column("comment", text(gettext_lazy("说明")), "", ("备注",)),
            Column("why", text(gettext_lazy("滞后原因")), ""),
            Column("measures", text(gettext_lazy("措施")), "", ("下步措施",)),
        ]  # fmt: skip

    def known(self, place: Place) -> list[Known]:
        """The city's plans with reported figures, read once."""
        if "known" not in place.memory:
            plans = departments.plans_of(place.pack, place.on) if place.pack else []
            place.memory["known"] = [Known(plan) for plan in plans]
        return place.memory["known"]

    def indicators(self, place: Place) -> dict[int, Indicator]:
        return {pk: i for known in self.known(place) for pk, i in known.indicators.items()}

    def key(self, values):
        return values["indicator"], values["on"]

    def find(self, place, rows):
        if place.writing:  # somebody may have reported since the look
            place.memory.pop("known", None)
        found = {}
        for known in self.known(place):
            for (indicator, on), row in known.last.items():
                if row.value is not None:
                    found[indicator, on] = Cell(known.indicators[indicator], on, row)
        place.memory["beside"] = {
            (row.values["indicator"], row.values["on"]): row.values.get("value")
            for row in rows
            if row.values.get("indicator") and row.values.get("on")
        }
        return found

    def said(self, found):
        last = found.last
        told = {name: getattr(last, name) if last else None for name in (*SAYS, "source")}
        return told | {"estimated": told["estimated"] or None}

    def check(self, place, row):
        values = row.values
        if row.problems or not values.get("indicator"):
            return
        known = self.of(place, values["indicator"])
        indicator, on = known.indicators[values["indicator"]], values["on"]
        if on not in quarter_ends(known.plan, place.on):
            row.wrong("on", _("%(day)s 不是计划期内已经结束的季度末。") % {"day": on})
            return
        try:
            figure_field(indicator, required=False).clean(str(values["value"]))
        except forms.ValidationError as error:
            row.wrong("value", " ".join(error.messages))
            return
        beside = {i: v for (i, day), v in place.memory["beside"].items() if day == on and v is not None}
        before = known.last.get((indicator.pk, on))
        said = self.as_said(indicator, on, values)
        if before is not None and before.value is not None:  # an empty cell leaves what was said
            kept = {n: getattr(before, n) for n in SAYS}
            merged = kept | {n: values[n] for n in SAYS if values.get(n) not in NOTHING}
            if merged == kept:
                return
            said = self.as_said(indicator, on, merged | {"comment": values.get("comment")})
        for name, sentence in wrong(said, known, beside):
            row.wrong(name, sentence)

    def of(self, place: Place, indicator: int) -> Known:
        return next(known for known in self.known(place) if indicator in known.indicators)

    def as_said(self, indicator: Indicator, on: date, values: dict[str, Any]) -> Said:
        words = {name: values.get(name) or "" for name in ("comment", "why", "measures")}
        return Said(indicator, on, values.get("value"), bool(values.get("estimated")), **words)

    def create(self, place, rows):
        return [self.write(place, values["indicator"], values["on"], values) for values in rows]

    def change(self, place, rows):
        for found, values in rows:
            self.write(place, found.indicator.pk, found.on, self.said(found) | values)

    def write(self, place: Place, pk: int, on: date, values: dict[str, Any]) -> Cell:
        known = self.of(place, pk)
        said = self.as_said(known.indicators[pk], on, values)
        if said.estimated and not may_estimate(said.indicator, known):
            raise Refused(_("只有比率和年度数值可以填预计数。"))
        (row,) = actions.report([said], known=known, source=values.get("source") or "", by=place.user)
        return Cell(said.indicator, on, row)

    def get(self, place, targets):
        cells = {}
        for known in self.known(place):
            for (indicator, on), row in known.last.items():
                cell = Cell(known.indicators[indicator], on, row)
                cells[cell.pk] = cell
        return {target: cells[target] for target in targets if target in cells}

    def take_away(self, place, found):
        """What was imported is taken back by a word of its own: that there is no figure."""
        for cell in found:
            values = {"value": None, "comment": _("撤回导入"), "source": cell.last.source}
            self.write(place, cell.indicator.pk, cell.on, values)
