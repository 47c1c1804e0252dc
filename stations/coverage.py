"""Chains × kinds of stations: which key chain has none, and which is on its way. A hole is a task for somebody."""

from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.models import District, Pack, User
from portal.site import remembered
from portal.words import localised
from stations.models import Application, ApplicationStatus, ApplicationType, IndustryChain, Station, StationKind

S = ApplicationStatus
ON_THE_WAY = (S.BUREAU, S.PASSED, S.SENT)


@dataclass
class Coverage:
    """What the `matrix` tag draws. `holes` are the chains without a valid station, `unsorted` the stations without a
    chain."""

    heads: list[dict] = field(default_factory=list)
    rows: list[dict] = field(default_factory=list)
    holes: list[str] = field(default_factory=list)
    unsorted: int = 0

    @property
    def covered(self) -> int:
        return len(self.heads) - len(self.holes)


def coverage(pack: Pack, district: District, user: User, on: date) -> Coverage:
    """The chains of a city by what there is in `district`, as far as this person may see; each cell opens its list."""
    chains = list(IndustryChain.objects.filter(pack=pack).order_by("order", "pk"))
    place = {"matter__district__up__ancestor": district.pk}
    stations = Station.objects.visible_to(user).valid(on).filter(**place)
    by_kind: dict[str, dict[int | None, int]] = {}
    for kind, chain, n in stations.values_list("kind", "chain").annotate(n=Count("pk")).order_by():
        by_kind.setdefault(kind, {})[chain] = n
    cases = Application.objects.visible_to(user).filter(status__in=ON_THE_WAY, **place)
    coming = dict(cases.values_list("enterprise__chain").annotate(n=Count("pk")).order_by())
    types = ApplicationType.objects.filter(pack=pack)
    applied = remembered(f"kinds:{pack.pk}", lambda: set(types.values_list("kind", flat=True)))
    kinds = [kind for kind in StationKind if kind in applied or kind in by_kind]
    empty = {c.pk for c in chains if not any(counts.get(c.pk) for counts in by_kind.values())}
    is_whole = remembered(f"whole:{district.pk}", district.children.exists)
    here = {} if is_whole else {"district": district.pk}  # lists are narrowed by the lowest districts only

    def row(label, counts, view, asked, hole=False):
        cells = [
            {
                "value": counts.get(c.pk, 0),
                "url": f"{reverse(view)}?{urlencode({**asked, **here, 'chain': c.pk}, doseq=True)}",
                "hole": hole and c.pk in empty,
            }
            for c in chains
        ]
        return {"label": label, "cells": cells, "total": sum(cell["value"] for cell in cells)}

    rows = [row(_("已推荐待批复"), coming, "stations:applications", {"status": ON_THE_WAY})]
    rows += [
        {
            **row(kind.label, by_kind.get(kind, {}), "stations:stations", {"kind": kind, "status": "valid"}, hole=True),
            "rule": number == 0,
        }
        for number, kind in enumerate(kinds)
    ]
    return Coverage(
        heads=[{"label": localised(c, "name"), "hole": c.pk in empty} for c in chains],
        rows=rows if chains else [],
        holes=[localised(c, "name") for c in chains if c.pk in empty],
        unsorted=sum(counts.get(None, 0) for counts in by_kind.values()),
    )
