"""The dashboard of money: how much, where it is, what is slow; one claim found and its road; every table as Excel."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate

from portal.exports import Book, exported
from portal.forms import DayField
from portal.models import District
from portal.site import pack_of
from subsidies.boards import figures
from subsidies.boards.board import TABLES, Board
from subsidies.claims.models import Claim
from subsidies.claims.road import road_of

SEVERAL = 8  # claims that are named where a search finds more than one


class Asked:
    """What the page is asked for: which city, year, day and district. A year or day that can't be is today's."""

    def __init__(self, request):
        self.today, self.pack = localdate(), pack_of(request.user)
        if self.pack is None:
            raise Http404
        reach = figures.Reach.of(request.user, self.pack)
        self.districts = list(District.objects.below(self.pack.root).filter(pk__in=reach.places))
        self.district = self.chosen(request.GET.get("district"))
        if request.GET.get("district") and self.district is not None:
            reach = reach.within(self.district)
        day, year = self.day(request.GET.get("on")), request.GET.get("year", "")
        self.years = sorted({*figures.years_of(self.pack), self.today.year}, reverse=True)
        self.year = int(year) if year.isdigit() and int(year) in self.years else (day or self.today).year
        self.on = day if day and day.year == self.year else min(self.today, date(self.year, 12, 31))
        self.board = Board(reach, self.year, self.on, request.user, self.district)

    def chosen(self, code) -> District | None:
        if not code:
            return self.districts[0] if self.districts else None
        found = next((d for d in self.districts if d.code == code), None)
        if found is None:
            raise Http404
        return found

    def day(self, text) -> date | None:
        try:
            typed = DayField(required=False).clean(text)
        except ValidationError:
            return None
        return min(typed, self.today) if typed else None

    def below(self) -> list[District]:
        """The chosen district and what lies in it."""
        return [d for d in self.districts if self.district in (d, self.districts[0]) or d.parent_id == self.district.pk]


def money(request):
    """What a district or an enterprise sees is its own part, without the city's budget."""
    asked = Asked(request)
    query = request.GET.copy()
    query.pop("q", None)
    export = reverse("subsidies:money_export")
    context = {
        "asked": asked,
        "b": asked.board,
        "places": asked.board.places(asked.below()),
        "exports": {name: f"{export}?{query.urlencode()}&table={name}" for name in TABLES},
        "years": year_links(request, asked),
        **one_claim(request, asked),
    }
    return render(request, "subsidies/money.html", context)


def year_links(request, asked: Asked) -> list[dict]:
    links = []
    for year in asked.years:
        query = request.GET.copy()
        query.pop("on", None)
        query["year"] = year
        links.append({"label": str(year), "url": f"?{query.urlencode()}", "current": year == asked.year})
    return links if len(links) > 1 else []


def one_claim(request, asked: Asked) -> dict:
    """The claim that was looked for by its number or a name, with its road; several are named to choose from."""
    text = request.GET.get("q", "").strip()
    if not text or not asked.board.opens:
        return {"q": text}
    named = Q(matter__number__iexact=text) | Q(person__name=text) | Q(matter__number__iendswith=f"-{text}")
    rows = Claim.objects.visible_to(request.user).filter(named).for_page().order_by("-pk")[: SEVERAL + 1]
    found = list(rows)
    if len(found) == 1:
        return {"q": text, "found": found[0], "road": road_of(found[0], asked.today)}
    return {"q": text, "several": found[:SEVERAL], "nothing": not found}


@exported("subsidies:money_export")
def export(request) -> Book:
    """One table of the page as a workbook, in yuan."""
    make = TABLES.get(request.GET.get("table", "schemes"))
    if make is None:
        raise Http404
    asked = Asked(request)
    title, headings, rows = make(asked.board, asked.below())
    return Book(f"{title}_{asked.year}", headings, rows, asked.on, len(rows))
