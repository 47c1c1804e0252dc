"""Freezing: the figures of a day as they are known now, with their names, definitions and the entries behind them.

A `Frozen` is what every text, table, chart and file is made of; it is built anew from the records once, and from then
on read back from what was stored.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Any

from django.db.models import Count, Q
from django.utils.timezone import localtime
from django.utils.translation import override

from portal.models import Amendment, District, Matter, Pack, Setting
from portal.workdays import Calendar
from targets.models import Indicator, Plan
from targets.plans import indicators
from targets.plans.indicators import Figure
from targets.reports.models import Report, ReportFigure, ReportIndicator
from targets.returns.entries import Data, definition_of, taken

CENT = Decimal("0.01")
NAMES = ("code", "name", "name_en", "unit", "unit_en", "counts", "counts_en", "begins", "begins_en", "ends", "ends_en")
MORE = ("excludes", "excludes_en", "awaiting", "awaiting_en", "departments", "decimals", "falling", "headline", "kind")
SOON = 10  # working days


@dataclass
class Frozen:
    """Everything a report says, by names and numbers. `districts` are (key, words), the city first."""

    on: date
    before: date | None
    made_at: datetime
    words: dict[str, Any]
    indicators: list[ReportIndicator]
    figures: list[ReportFigure]
    stored: Report | None = None
    cells: dict[tuple[int, int, date], ReportFigure] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.cells = {(f.indicator_id, f.district_id, f.on): f for f in self.figures}

    @property
    def root(self) -> int:
        return self.words["districts"][0]["pk"]

    @property
    def districts(self) -> list[dict]:
        """Those below the city."""
        return self.words["districts"][1:]

    @cached_property
    def by_code(self) -> dict[str, ReportIndicator]:
        return {row.words["code"]: row for row in self.indicators}

    @cached_property
    def headline(self) -> list[ReportIndicator]:
        return [row for row in self.indicators if row.words["headline"]] or self.indicators[:6]

    @property
    def plan_until(self) -> date:
        return date.fromisoformat(self.words["plan"]["until"])

    @property
    def plan_since(self) -> date:
        return date.fromisoformat(self.words["plan"]["since"])

    def of_city(self, row: ReportIndicator, on: date | None = None) -> ReportFigure:
        return self.cells[row.indicator_id, self.root, on or self.on]

    def of(self, row: ReportIndicator, district: int, on: date | None = None) -> ReportFigure | None:
        return self.cells.get((row.indicator_id, district, on or self.on))

    def trend(self, row: ReportIndicator) -> list[ReportFigure]:
        """The city's figures over time, the oldest first."""
        mine = [f for (i, d, _on), f in self.cells.items() if i == row.indicator_id and d == self.root]
        return sorted((f for f in mine if f.value is not None), key=lambda f: f.on)

    def split(self, row: ReportIndicator) -> bool:
        """Whether the districts were given their shares of it."""
        rows = [self.of(row, d["pk"]) for d in self.districts]
        return any(f is not None and f.target is not None for f in rows)


# --- from the records --------------------------------------------------------------------------


def freeze(
    plan: Plan, *, on: date, before: date | None, made_on: date, made_at: datetime, entries: bool = True
) -> Frozen:
    """Every indicator of the plan in the city and each district right below it, on the day and on the day to compare
    with, and the city's figures month by month; with the entries behind them, where they are to be kept."""
    pack = plan.pack
    below = District.objects.below(pack.root).filter(Q(pk=pack.root_id) | Q(parent=pack.root_id))
    places = list(below)
    rows = list(plan.indicators.select_related("clause__document", "pack", "parent").order_by("order", "pk"))
    told = Setting.objects.values_of(pack)
    for row in rows:
        row.plan = plan
    found = indicators.figures(plan, places, on, rows, told)
    versions = {pk: number for pk, (number, _since) in versions_of(pack, rows).items()}
    figures = [frozen(f, on, versions, made_at) for f in found.values()]
    for row in rows:
        whole = found[row.pk, pack.root_id]
        points = [(day, value) for day, value in whole.trend if day < min(on, plan.until) and day != before]
        figures += [point(whole, day, value, versions, made_at) for day, value in points]
    if before is not None:
        earlier = indicators.figures(plan, places, before, rows, told)
        figures += [frozen(f, before, versions, made_at) for f in earlier.values()]
    return Frozen(
        on,
        before,
        made_at,
        words_of(plan, places, made_on),
        [
            ReportIndicator(
                indicator=row, version=versions[row.pk], words=words_of_indicator(row), order=n,
                entries=entries_of(row, pack.root, on, told) if entries else None,
            )
            for n, row in enumerate(rows)
        ],
        figures,
    )  # fmt: skip


def versions_of(pack: Pack, rows: Sequence[Indicator]) -> dict[int, tuple[int, date | None]]:
    """Which version of its definition each has, and since when, as drawing.versions() says; in one query."""
    table = Amendment.objects.filter(pack=pack, table="portal.setting").values_list("key", "at")
    changes: dict[str, list[datetime]] = {}
    for key, at in table:
        changes.setdefault(key, []).append(at)
    found = {}
    for row in rows:
        seen = [at for code in {*row.settings, row.baseline, row.opening} - {""} for at in changes.get(code, [])]
        found[row.pk] = (len(seen) + 1, localtime(max(seen)).date() if seen else None)
    return found


def rounded(value: Decimal | None) -> Decimal | None:
    return None if value is None else Decimal(value).quantize(CENT, ROUND_HALF_UP)


def frozen(figure: Figure, on: date, versions: dict[int, int], at: datetime) -> ReportFigure:
    return ReportFigure(
        indicator=figure.indicator,
        district=figure.district,
        on=on,
        value=rounded(figure.value),
        target=rounded(figure.target),
        pace=rounded(figure.pace),
        lead=rounded(figure.lead),
        gap=rounded(figure.gap),
        state=figure.state,
        version=versions[figure.indicator.pk],
        computed_at=at,
    )


def point(figure: Figure, day: date, value: Decimal, versions: dict[int, int], at: datetime) -> ReportFigure:
    """A day on the way: its value beside the pace of that day."""
    pace = figure.course.at(day) if figure.course else None
    return ReportFigure(
        indicator=figure.indicator, district=figure.district, on=day, value=rounded(value), pace=rounded(pace),
        state="point", version=versions[figure.indicator.pk], computed_at=at,
    )  # fmt: skip


def words_of(plan: Plan, places: Sequence[District], made_on: date) -> dict:
    pack = plan.pack
    return {
        "city": {"name": pack.name, "name_en": pack.name_en},
        "bureau": {"name": pack.bureau, "name_en": pack.bureau_en},
        "plan": {
            "code": plan.code,
            "name": plan.name,
            "name_en": plan.name_en,
            "since": plan.since.isoformat(),
            "until": plan.until.isoformat(),
        },
        "districts": [
            {
                "pk": d.pk,
                "code": d.code,
                "name": d.short,
                "name_en": d.short_name_en or d.name_en,
            }
            for d in places
        ],
        "made_on": made_on.isoformat(),
        "due": due(pack.root, made_on),
    }


def due(root: District, on: date) -> dict:
    """What the city's offices have in hand that is overdue or soon due, by the number of matters."""
    last = Calendar.for_pages().add(on, SOON)
    rows = Matter.objects.filter(district__up__ancestor=root, closed_on=None, due_on__lte=last).exclude(holder="")
    told = rows.aggregate(soon=Count("pk", filter=Q(due_on__gte=on)), over=Count("pk", filter=Q(due_on__lt=on)))
    first = rows.select_related("organisation").order_by("due_on", "pk")[:3]
    return told | {
        "days": SOON,
        "first": [
            {"title": m.title, "title_en": m.title_en, "who": str(m.organisation or ""), "on": m.due_on.isoformat()}
            for m in first
            if m.due_on
        ],
    }


def words_of_indicator(row: Indicator) -> dict:
    with override("zh-hans"):
        clause, kind, pace = str(row.clause), str(row.get_kind_display()), str(row.get_pace_display())
    told = {name: getattr(row, name) for name in (*NAMES, *MORE)}
    parent = row.parent.code if row.parent else ""
    return told | {"clause": clause, "kind_said": kind, "pace_said": pace, "parent": parent}


def entries_of(row: Indicator, root: District, on: date, settings: Mapping[str, Any]) -> Data | None:
    """The city's entries up to the day with the definition and the settings they were taken by, as a return freezes its
    own; None for what isn't counted."""
    definition = definition_of(row, settings)
    if not definition:
        return None
    used = sorted({*row.settings, row.baseline, row.opening} - {""})
    return {
        "definition": definition,
        "settings": {code: settings.get(code) for code in used},
        "parts": taken(definition, root, min(on, row.plan.until)),
    }


# --- kept and read back ------------------------------------------------------------------------


def keep(report: Report, told: Frozen) -> None:
    """Write what was frozen in the place of what the report had before."""
    report.figures.all().delete()
    report.indicators.all().delete()
    for indicator in told.indicators:
        indicator.report = report
    for figure in told.figures:
        figure.report = report
    ReportIndicator.objects.bulk_create(told.indicators)
    ReportFigure.objects.bulk_create(told.figures, batch_size=2000)
    report.words, report.made_at = told.words, told.made_at


def read(report: Report) -> Frozen:
    """What was frozen, from the rows alone."""
    return Frozen(
        report.on,
        report.before,
        report.made_at,
        report.words,
        list(report.indicators.order_by("order", "pk").defer("entries")),
        list(report.figures.order_by("pk")),
        stored=report,
    )


def month_end_before(on: date) -> date:
    """The last day of the month before the day's."""
    return on.replace(day=1) - timedelta(1)
