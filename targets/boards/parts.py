"""The parts of a dashboard that are the same for everybody with the same rights: figures, districts, what is on its way.

They are made once after every change that the figures rest on (`Freshness.stamp`), and kept as text: a page that nothing
happened to costs no more than its frame and what waits for the person.
"""

import hashlib
from collections.abc import Sequence

from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.models import Setting
from portal.models.people import CASEWORK
from portal.words import localised
from postdocs.destinations import retention
from postdocs.destinations.due import months_of
from postdocs.models import Stay
from stations.chains.coverage import coverage
from targets.boards import drawing
from targets.models import Indicator, Plan
from targets.plans import indicators, pipeline
from targets.plans.indicators import Figure

KEPT = 600  # seconds, if nothing happens
MONTHS = (0, 12, 24, 36)


def kept(asked, user, *about, make) -> dict[str, SafeString]:
    """Pieces of a page by name, made anew after any change; the same for whoever may see the same."""
    scope = user.scope
    rights = [sorted(part) for part in (scope.roles, scope.districts, scope.organisations, scope.figures)]
    said = [
        asked.pack.pk,
        asked.district.pk,
        asked.on,
        asked.known,
        asked.today,
        asked.freshness.stamp,
        get_language(),
        rights,
        about,
    ]
    key = "board:" + hashlib.sha256(repr(said).encode()).hexdigest()
    found = cache.get(key)
    if found is None:
        found = {name: str(text) for name, text in make().items()}
        cache.set(key, found, KEPT)
    return {name: mark_safe(text) for name, text in found.items()}


# --- the board of a plan -----------------------------------------------------------------------


class Board:
    """One plan in one district on one day: its figures with those of the districts below, and one of them shown."""

    def __init__(self, asked, plan: Plan, code: str = "", *, user):
        self.asked, self.plan, self.user = asked, plan, user
        self.places = asked.below()
        self.settings = Setting.objects.values_of(asked.pack)
        self.figures = indicators.figures(
            plan, self.places, asked.on, settings=self.settings, known=asked.known, brief=True, set_on=asked.set_on
        )
        own = asked.district.pk
        self.mine = [f for (_i, d), f in self.figures.items() if d == own]
        self.headline = [f for f in self.mine if f.indicator.headline]
        self.headline = self.headline or sorted(self.mine, key=lambda f: f.value is None)[:6]
        self.now = asked.on == asked.today and asked.on <= plan.until and asked.known is None
        self.ahead = drawing.pipelines([f.indicator for f in self.mine], asked.district) if self.now else {}
        self.shown = chosen(code, self.headline, self.mine) if self.mine else None

    def column(self, indicator: Indicator) -> list[Figure]:
        return [self.figures[indicator.pk, d.pk] for d in self.places]

    def page(self, figure: Figure) -> str:
        """Where a number opens into its entries, of the same district and day."""
        return figure.indicator.get_absolute_url() + self.asked.there

    def switch(self, figure: Figure) -> str:
        """The same page with another indicator shown."""
        root = self.asked.district == self.asked.districts[0]
        here = "" if root else f"&district={self.asked.district.code}"
        day = "" if self.asked.on == self.asked.today else f"&on={self.asked.on}"
        day += f"&known={self.asked.known}" if self.asked.known else ""
        return f"?of={figure.indicator.code}{here}{day}#districts"

    def context(self) -> dict:
        """What the pieces are made of."""
        shown, column = self.shown, self.column(self.shown.indicator)
        told = drawing.outlook(shown, self.ahead.get(shown.indicator.pk), now=self.now)
        return {
            "plan": self.plan,
            "as_of": self.asked,
            "on": self.asked.on,
            "today": self.asked.today,
            "district": self.asked.district,
            "strip": [drawing.tile(f, computed(self.asked, f), self.page(f)) for f in self.headline],
            "sentences": drawing.sentences(self.headline, self.ahead),
            "silent": [f for f in self.headline if f.value is None and f.indicator.headline],
            "outlook": told.words if told else "",
            "figures": drawing.lines(self.mine),
            "others": drawing.lines([f for f in self.mine if f not in self.headline]),
            "shown": shown,
            "chart": drawing.cumulative_chart(shown, told),
            "rows": drawing.district_rows(column, self.asked.pack.root_id, drawing.added_this_month(column)),
            "choices": [
                {"label": localised(f.indicator, "name"), "url": self.switch(f), "current": f is shown}
                for f in self.headline
            ],
            "behind": [f for f in column[1:] if f.state == "behind"],
            "pace_share": drawing.share(self.plan, self.asked.on),
            "side_by_side": self.side_by_side(),
        }

    def side_by_side(self) -> dict:
        """The districts down, the main targets across; each cell opens the district with that target."""
        told = [f.indicator for f in self.headline if f.value is not None]
        rows = [
            {
                "district": place,
                "cells": [self.figures[row.pk, place.pk] for row in told],
                "behind": sum(self.figures[row.pk, place.pk].state == "behind" for row in told),
            }
            for place in self.places[1:]
        ]
        return {"heads": told, "rows": rows} if len(self.places) > 1 and told else {}

    def coming(self) -> dict:
        """What is on its way into the indicator shown: by name where it is little, as numbers where it is much."""
        row, ahead = self.shown.indicator, self.ahead.get(self.shown.indicator.pk)
        if not self.now or ahead is None or row.source in ("", indicators.REPORTED):
            return {}
        number = ahead.here + ahead.above + ahead.signed + ahead.leaving
        words = [
            *((ahead.soon, _("在审，按期可办成")), (ahead.here - ahead.soon, _("在审")), (ahead.above, _("已上报"))),
            *((ahead.signed, _("已签约")), (ahead.leaving, _("到期离开"))),
        ]
        found = {"ahead": ahead, "number": number, "parts": [(word, n) for n, word in words if n], "names": []}
        if number <= pipeline.FEW and self.user.scope.roles & CASEWORK:
            stream, until = indicators.stream_of(row, self.settings), pipeline.horizon(row, self.asked.on)
            names = pipeline.named(stream, self.asked.district, self.user, self.asked.on, until)
            labels = dict(zip(pipeline.WAYS, (word for _n, word in words), strict=True))
            found["names"] = [{"one": one, "part": labels[one.part]} for one in pipeline.parts_in_order(names)]
        return found

    def kept_here(self) -> dict:
        """What each cohort of exits kept; nothing for who sees no records."""
        if not (self.user.scope.roles & CASEWORK and self.asked.on == self.asked.today):
            return {}
        months = [n for n in months_of(self.asked.pack) if n in MONTHS and n]
        rows = Stay.objects.visible_to(self.user).filter(matter__district__up__ancestor=self.asked.district)
        found = retention.cohorts(rows, "year", months, self.asked.on)
        return {"cohorts": found[-6:], "all": retention.summed(found), "cohort_months": [0, *months]} if found else {}


def chosen(code: str, headline: Sequence[Figure], mine: Sequence[Figure]) -> Figure:
    """The figure whose chart and districts are shown: as asked, else the first with data."""
    asked = next((f for f in mine if f.indicator.code == code), None)
    return asked or next((f for f in headline if f.value is not None), None) or headline[0]


def computed(asked, figure: Figure) -> str:
    """As of when a figure is, and when it was computed or reported."""
    day = figure.on
    if figure.indicator.source == indicators.REPORTED and figure.trend:
        return _("截至 %(day)s，部门填报") % {"day": figure.trend[-1][0].strftime("%Y-%m-%d")}
    if asked.on != asked.today:
        return _("截至 %(day)s，现算") % {"day": day.strftime("%Y-%m-%d")}
    if not asked.freshness.ever:
        return _("截至 %(day)s，尚未计算") % {"day": day.strftime("%m-%d")}
    return _("截至 %(day)s，%(at)s 计算") % {"day": day.strftime("%m-%d"), "at": asked.freshness.words}


def painted(names: dict[str, str], context: dict) -> dict[str, str]:
    return {name: render_to_string(f"targets/{template}", context) for name, template in names.items()}


PLAN = {"answer": "_answer.html", "all": "_plan_parts.html"}
BOARD = {
    "answer": "_answer.html",
    "top": "_top.html",
    "chart": "_chart.html",
    "districts": "_district_card.html",
    "below": "_below.html",
}


def of_plan(asked, plan: Plan, code: str, user) -> dict[str, SafeString]:
    """The pieces of a plan's page; {} where it asks for nothing."""

    def make():
        board = Board(asked, plan, code, user=user)
        return painted(PLAN, board.context()) if board.shown else {}

    return kept(asked, user, "plan", plan.pk, code, make=make)


def of_dashboard(asked, plan: Plan, code: str, user) -> dict[str, SafeString]:
    """The pieces of the dashboard; {} where the plan asks for nothing."""

    def make():
        board = Board(asked, plan, code, user=user)
        if not board.shown:
            return {}
        shown = user.scope.roles & CASEWORK and asked.on == asked.today
        chains = coverage(asked.pack, asked.district, user, asked.on) if shown else None
        more = {"coverage": chains, "coming": board.coming(), **board.kept_here(), "casework": bool(shown)}
        return painted(BOARD, board.context() | more)

    return kept(asked, user, "board", plan.pk, code, make=make)


# --- the big screen ----------------------------------------------------------------------------


def of_screen(asked, plan: Plan, code: str, user) -> dict[str, SafeString]:
    """One page of the big screen; `next` is the code of the target that comes after the one shown."""

    def make():
        board = Board(asked, plan, code, user=user)
        if not board.shown:
            return {}
        chains = coverage(asked.pack, asked.district, user, asked.on) if user.scope.roles & CASEWORK else None
        tiles = [drawing.tile(f, "") | {"shown": f is board.shown} for f in board.headline[:6]]
        more = {"chains": chains, "chain_cells": stations_by_chain(chains), "tiles": tiles}
        page = render_to_string("targets/_screen.html", board.context() | more)
        return {"screen": page, "next": next_of(board).indicator.code}

    return kept(asked, user, "screen", plan.pk, code, make=make)


def next_of(board: Board) -> Figure:
    """The main target with data that comes after the one shown, round and round."""
    told = [f for f in board.headline if f.value is not None] or board.headline
    return told[(told.index(board.shown) + 1) % len(told)] if board.shown in told else told[0]


def stations_by_chain(chains) -> list[dict]:
    """Each chain with its valid stations of all kinds."""
    if chains is None:
        return []
    stations = [row for row in chains.rows if row.get("code") != "coming"]
    return [{**head, "value": sum(row["cells"][n]["value"] for row in stations)} for n, head in enumerate(chains.heads)]
