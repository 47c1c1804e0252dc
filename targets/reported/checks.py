"""What is looked at before a reported figure is taken: what can't be is refused, what is unusual wants a reason in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from portal.models import Setting
from portal.templatetags.numbers import num
from portal.words import localised
from targets.models import Indicator, Plan, Reading, Target
from targets.plans.indicators import REPORTED, Kind, figure

JUMP = 50  # per cent, where a city says nothing else
BEHIND = ("behind", "missed")
WORDS = ("comment", "why", "measures")


@dataclass(frozen=True)
class Said:
    """One figure as somebody reports it; `value` None takes back what was reported."""

    indicator: Indicator
    on: date
    value: Decimal | None
    estimated: bool = False
    comment: str = ""
    why: str = ""
    measures: str = ""


class Known:
    """What is known of a plan's reported figures in the whole city, read once for any number of new ones."""

    def __init__(self, plan: Plan):
        self.plan, self.root = plan, plan.pack.root
        self.settings: Mapping[str, Any] = Setting.objects.values_of(plan.pack)
        self.indicators: dict[int, Indicator] = {
            i.pk: i for i in plan.indicators.filter(source=REPORTED).select_related("parent").order_by("order", "pk")
        }
        self.last: dict[tuple[int, date], Reading] = {}
        rows = Reading.objects.filter(indicator__in=self.indicators, district=self.root)
        for row in rows.select_related("by", "file").order_by("reported_at", "pk"):
            self.last[row.indicator_id, row.on] = row
        self.targets: dict[int, list[tuple[date, Decimal]]] = {}
        for i, on, value in Target.objects.filter(indicator__in=self.indicators, district=self.root).values_list(
            "indicator", "on", "value"
        ):
            self.targets.setdefault(i, []).append((on, value))

    @property
    def jump(self) -> Decimal:
        return Decimal(str(self.settings.get("readings.jump", JUMP)))

    def trend(self, indicator: int) -> list[tuple[date, Decimal]]:
        points = [(on, r.value) for (i, on), r in self.last.items() if i == indicator and r.value is not None]
        return sorted(points)

    def figure(self, indicator: Indicator, on: date, said: Decimal | None = None):
        """Where the indicator stands on the day; with `said` as if that were its figure."""
        trend = [p for p in self.trend(indicator.pk) if p[0] <= on and (said is None or p[0] != on)]
        trend += [] if said is None else [(on, said)]
        return figure(indicator, self.plan, self.root, on, trend, self.targets.get(indicator.pk, []), self.settings)


def wrong(said: Said, known: Known, beside: Mapping[int, Decimal | None]) -> list[tuple[str, str]]:
    """What stands in the way, as (field, sentence); `beside` are the figures of the same day that are reported with it."""
    if said.value is None:
        return [] if said.comment else [("comment", _("撤回已报的数，请在说明里写明原因。"))]
    found = [("value", text) for text in impossible(said, known, beside)]
    if found:
        return found
    before = known.last.get((said.indicator.pk, said.on))
    reasons = unusual(said, known)
    if before is not None and before.value is not None and before.value != said.value:
        reasons.append(_("原来报的是 %(was)s，这是更正") % {"was": num(before.value)})
    if reasons and not said.comment:
        found.append(("comment", _("%(reasons)s。请在说明里写明原因。") % {"reasons": _("；").join(reasons)}))
    if known.figure(said.indicator, said.on, said.value).state in BEHIND:
        found += [] if said.why else [("why", _("滞后序时，请写明原因。"))]
        found += [] if said.measures else [("measures", _("滞后序时，请写明准备怎么办。"))]
    return found


def impossible(said: Said, known: Known, beside: Mapping[int, Decimal | None]) -> list[str]:
    """What no reason makes right."""
    indicator, value = said.indicator, said.value
    assert value is not None
    found = []
    if indicator.kind == Kind.RATE and indicator.unit == "%" and not 0 <= value <= 100:
        found.append(_("比率应在 0 到 100 之间。"))
    elif value < 0 and indicator.kind != Kind.FLOW:
        found.append(_("不能为负数。"))
    if said.estimated and not may_estimate(indicator, known):
        found.append(_("只有比率和年度数值可以填预计数。"))
    if (fall := fallen(said, known)) and (indicator.kind == Kind.CUMULATIVE or not known.settings.get("A30", True)):
        found.append(fall + _("。"))
    for name, part, whole in family(said, known, beside):
        if part > whole:
            found.append(name % {"part": num(part), "whole": num(whole)})
    return found


def may_estimate(indicator: Indicator, known: Known) -> bool:
    return indicator.kind in (Kind.RATE, Kind.VALUE) and bool(known.settings.get("A29", True))


def family(said: Said, known: Known, beside: Mapping[int, Decimal | None]):
    """(sentence, part, whole) for every pair of a part and its whole of this day that the figure belongs to."""

    def at(pk: int) -> Decimal | None:
        row = known.last.get((pk, said.on))
        return beside.get(pk, row.value if row else None)

    indicator, value = said.indicator, said.value
    if indicator.parent_id in known.indicators and (whole := at(indicator.parent_id)) is not None:
        label = localised(known.indicators[indicator.parent_id], "name").replace("%", "%%")
        yield _("“其中”的 %(part)s 大于总数 %(whole)s。") + f"（{label}）", value, whole
    for part in known.indicators.values():
        if part.parent_id == indicator.pk and (inside := at(part.pk)) is not None:
            label = localised(part, "name").replace("%", "%%")
            yield _("总数 %(whole)s 小于其中一项 %(part)s。") + f"（{label}）", inside, value


def fallen(said: Said, known: Known) -> str:
    """That something which should only grow is less than before; "" where it isn't."""
    indicator = said.indicator
    if indicator.falling or indicator.kind not in (Kind.LEVEL, Kind.CUMULATIVE, Kind.FLOW):
        return ""
    earlier = [p for p in known.trend(indicator.pk) if p[0] < said.on]
    if indicator.kind == Kind.FLOW:  # begins anew each year
        earlier = [p for p in earlier if p[0].year == said.on.year]
    if not earlier or said.value is None or said.value >= earlier[-1][1]:
        return ""
    return _("比 %(day)s 的 %(was)s 少") % {"day": earlier[-1][0].isoformat(), "was": num(earlier[-1][1])}


def unusual(said: Said, known: Known) -> list[str]:
    """What may be right but wants a reason."""
    found = [text] if (text := fallen(said, known)) else []
    if said.value is not None and said.value < 0:
        found.append(_("是负数"))
    earlier = [p for p in known.trend(said.indicator.pk) if p[0] < said.on]
    if said.indicator.kind == Kind.FLOW:  # a year's figure grows from quarter to quarter: held against the year before
        earlier = [p for p in earlier if p[0] == last_year(said.on)]
    if earlier and said.value is not None and (was := earlier[-1][1]):
        change = abs(said.value - was) * 100 / abs(was)
        if change > known.jump:
            found.append(
                _("比 %(day)s 的 %(was)s 变化 %(n)s%%，超过 %(jump)s%%")
                % {"day": earlier[-1][0].isoformat(), "was": num(was), "n": num(change, 0), "jump": num(known.jump)}
            )
    return found


def last_year(on: date) -> date:
    return on.replace(year=on.year - 1)  # the end of a quarter is never 29 February
