"""Frozen figures made by hand, for texts and papers."""

from datetime import UTC, date, datetime
from decimal import Decimal

from targets.reports.freezing import Frozen
from targets.reports.models import ReportFigure, ReportIndicator

ON, BEFORE = date(2026, 10, 31), date(2026, 9, 30)
AT = datetime(2026, 11, 3, 1, 30, tzinfo=UTC)
CITY = 1
WORDS = {
    **{"name_en": "", "unit": "家", "unit_en": "stations", "counts": "有效的站", "counts_en": "", "begins": "批准日"},
    **{
        "begins_en": "",
        "ends": "",
        "ends_en": "",
        "excludes": "",
        "excludes_en": "",
        "awaiting": "",
        "awaiting_en": "",
    },
    **{"departments": ["人社局"], "decimals": 0, "falling": False, "headline": True, "kind": "level"},
    **{"clause": "测〔2026〕1号 一", "kind_said": "存量", "pace_said": "按天均摊", "parent": ""},
}


def indicator(pk: int, name: str, **words) -> ReportIndicator:
    given = {"code": f"I{pk}", "name": name} | words
    return ReportIndicator(indicator_id=pk, version=1, words=WORDS | given, order=pk)


def figure(
    indicator: int, district: int = CITY, on: date = ON, value=None, target=None, pace=None, state=""
) -> ReportFigure:
    """As it would be frozen: what can be reckoned is reckoned, the tolerance is 1."""
    value, target, pace = (None if x is None else Decimal(x).quantize(Decimal("0.01")) for x in (value, target, pace))
    lead = None if value is None or pace is None else value - pace
    gap = None if value is None or target is None else max(target - value, Decimal(0))
    if not state and value is None:
        state = "none"
    elif not state and target is None:
        state = "untargeted"
    elif not state and lead is None:
        state = "not_due"
    elif not state and lead is not None:
        state = "level" if abs(lead) < 1 else "ahead" if lead > 0 else "behind"
    return ReportFigure(
        indicator_id=indicator, district_id=district, on=on, value=value, target=target, pace=pace, lead=lead, gap=gap,
        state=state, version=1, computed_at=AT,
    )  # fmt: skip


def frozen(
    indicators, figures, *, districts=("北区", "南区", "东区"), before: date | None = BEFORE, on=ON, **words
) -> Frozen:
    places = [
        {"pk": CITY + n, "code": f"d{n}", "name": name, "name_en": ""} for n, name in enumerate(("全市", *districts))
    ]
    told = {
        "city": {"name": "测试市", "name_en": "Testcity"},
        "bureau": {"name": "测试市人社局", "name_en": "Bureau"},
        "plan": {"code": "plan", "name": "测试计划", "name_en": "", "since": "2025-01-01", "until": "2026-12-31"},
        "districts": places,
        "made_on": "2026-11-03",
        "due": {"soon": 0, "over": 0, "days": 10, "first": []},
    }
    return Frozen(on, before, AT, told | words, list(indicators), list(figures))
