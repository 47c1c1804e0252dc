"""What others see of the figures: an enterprise what its own rows add, the public the main ones without small numbers."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from portal.models import District, Setting
from portal.site import pack_of
from targets.asof import freshness
from targets.boards import drawing, suppress
from targets.models import Plan
from targets.plans import indicators
from targets.plans.actions import ALONE

SHOWN = "targets.public"  # the setting: whether the city shows its main figures to everybody
SMALL = "targets.small"  # the setting: below which number a figure is only told as a range
LINES = 30  # entries of one indicator on an enterprise's page
HELD = "activity"  # what the offices hold: announced to everybody, and nobody else's contribution


def in_force(pack, on) -> Plan | None:
    plans = Plan.objects.filter(pack=pack, since__lte=on).order_by("-until", "order", "pk")
    return plans.select_related("pack__root", "document").first()


# --- an enterprise -----------------------------------------------------------------------------


def own(request):
    """What one's own records add to which indicator of the plan in force."""
    pack, on = pack_of(request.user), localdate()
    plan = in_force(pack, on) if pack else None
    if plan is None:
        raise Http404
    settings = Setting.objects.values_of(pack)
    rows = plan.indicators.select_related("plan__pack__root", "clause__document").order_by("order", "pk")
    mine = [contribution(row, pack, request.user, on, settings) for row in rows]
    fresh = freshness(pack)
    context = {
        "plan": plan,
        "on": on,
        "added": [one for one in mine if one and one["lines"]],
        "silent": [one for one in mine if one and not one["lines"]],
        "known": fresh.words,
    }
    return render(request, "targets/own.html", context)


def contribution(row, pack, user, on, settings) -> dict | None:
    """The entries of one indicator that are the person's own; None where the portal keeps no records of it, or none that
    could be theirs."""
    if row.source == HELD:
        return None
    behind = drawing.entries(row, pack.root, user, on, settings)
    if behind is None:
        return None
    entries, stream = behind
    lines = drawing.ledger(entries, stream, min(on, row.plan.until))
    counted = sum(line["sign"] for line in lines)
    return {"indicator": row, "lines": lines[:LINES], "counted": counted, "more": max(len(lines) - LINES, 0)}


# --- the public --------------------------------------------------------------------------------


class Told:
    """The main figures of the plan in force as everybody may see them."""

    def __init__(self, request):
        self.pack, self.on = pack_of(request.user), localdate()
        settings = Setting.objects.values_of(self.pack) if self.pack else {}
        self.plan = in_force(self.pack, self.on) if settings.get(SHOWN) else None
        if self.plan is None:
            raise Http404
        self.small = int(settings.get(SMALL) or 5)
        below = District.objects.below(self.pack.root).filter(depth__lte=self.pack.root.depth + 1)
        self.places = list(below)
        heads = self.plan.indicators.filter(headline=True).select_related("clause__document", "plan")
        chosen = list(heads.order_by("order", "pk"))
        figures = indicators.figures(self.plan, self.places, self.on, chosen, settings, brief=True)
        self.columns = [self.column(row, [figures[row.pk, d.pk] for d in self.places]) for row in chosen]
        self.columns = [column for column in self.columns if column["figure"].value is not None]

    def column(self, row, figures) -> dict:
        """One indicator: the whole, and each district, small ones hidden."""
        whole, values = figures[0], [f.value for f in figures[1:]]
        told, cells = suppress.row(whole.value, values, self.small, adds_up=row.kind not in ALONE)
        return {"indicator": row, "figure": whole, "whole": told, "cells": cells}

    def rows(self) -> list[tuple]:
        return [(place, [column["cells"][n] for column in self.columns]) for n, place in enumerate(self.places[1:])]


@login_not_required
@require_safe
def public(request):
    """The main figures for everybody, where the city shows them."""
    told = Told(request)
    fresh = freshness(told.pack)
    context = {"told": told, "plan": told.plan, "on": told.on, "rows": told.rows(), "known": fresh.words}
    return render(request, "targets/public.html", {**context, "small": told.small})
