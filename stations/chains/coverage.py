"""Chains × stages: which key chain has no station, what is on its way, who is in the pool, what is wanted.

A hole is a task for somebody: each is led to the step that is nearest to a station.
"""

from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.models import District, Pack, User
from portal.site import remembered
from portal.words import localised
from stations.models import (
    Application,
    ApplicationStatus,
    ApplicationType,
    Demand,
    DemandStatus,
    IndustryChain,
    PoolEntry,
    PoolStatus,
    PoolTier,
    Station,
    StationKind,
)

S = ApplicationStatus
ON_THE_WAY = (S.BUREAU, S.PASSED, S.SENT)
GROWING = (PoolStatus.ADMITTED, PoolStatus.GROWING)
WANTED = (DemandStatus.PUBLISHED, DemandStatus.TALKING)


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


def coverage(pack: Pack, district: District, user: User, on: date, *, whole: bool = False) -> Coverage:
    """The chains of a city by what there is in `district`, as far as this person may see; each cell opens its list.
    `whole`: with the tiers of the reserve pool before and the demands after the stations."""
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

    rows = [{**row(_("已推荐待批复"), coming, "stations:applications", {"status": ON_THE_WAY}), "code": "coming"}]
    rows += [
        {
            **row(kind.label, by_kind.get(kind, {}), "stations:stations", {"kind": kind, "status": "valid"}, hole=True),
            "rule": number == 0,
        }
        for number, kind in enumerate(kinds)
    ]
    if whole:
        before, after = around(user, place, row)
        rows = [*before, *rows, *after]
    return Coverage(
        heads=[{"label": localised(c, "name"), "hole": c.pk in empty} for c in chains],
        rows=rows if chains else [],
        holes=[localised(c, "name") for c in chains if c.pk in empty],
        unsorted=sum(counts.get(None, 0) for counts in by_kind.values()),
    )


def around(user: User, place: dict, row) -> tuple[list[dict], list[dict]]:
    """What comes before a station and what stations want: rows as `coverage` draws them."""
    entries = PoolEntry.objects.visible_to(user).filter(**place)
    tiers: dict[str, dict[int | None, int]] = {}
    growing = entries.filter(status__in=GROWING).values_list("tier", "enterprise__chain")
    for tier, chain, n in growing.annotate(n=Count("pk")).order_by():
        tiers.setdefault(tier, {})[chain] = n
    applied = entries.filter(status=PoolStatus.APPLIED).values_list("enterprise__chain")
    demands = Demand.objects.visible_to(user).filter(status__in=WANTED, **place).values_list("chain")
    before = [
        {
            **row(_("储备库 %(tier)s") % {"tier": tier.label}, tiers.get(tier, {}), "stations:pool", asked),
            "code": tier,
        }
        for tier in reversed(PoolTier)
        for asked in [{"tier": tier, "status": GROWING}]
    ]
    counts = dict(applied.annotate(n=Count("pk")).order_by())
    before.append(
        {**row(_("储备库已申报"), counts, "stations:pool", {"status": PoolStatus.APPLIED}), "code": "applied"}
    )
    counts = dict(demands.annotate(n=Count("pk")).order_by())
    after = [{**row(_("在找人的需求"), counts, "stations:demands", {"status": WANTED}), "rule": True}]
    return before, after


# --- the holes as work -------------------------------------------------------------------------


@dataclass(frozen=True)
class Hole:
    """A chain without a valid station: how far the nearest case is, and where to go on."""

    label: str
    state: str
    step: str
    url: str


NEAREST = ("coming", "applied", PoolTier.A, PoolTier.B, PoolTier.C)


def to_fill(found: Coverage, *, proposes: bool) -> list[Hole]:
    """What to do about each hole of a whole map; `proposes`: this person may bring an enterprise into the pool."""
    rows = {row["code"]: row for row in found.rows if "code" in row}
    return [
        hole_of(head["label"], {code: rows[code]["cells"][column] for code in NEAREST}, proposes=proposes)
        for column, head in enumerate(found.heads)
        if head["hole"]
    ]


def hole_of(label: str, cells: dict, *, proposes: bool) -> Hole:
    words = {
        "coming": (_("%(n)s 家已推荐待批复"), _("盯住批复")),
        "applied": (_("储备库里 %(n)s 家已申报"), _("看申报到哪一步")),
        PoolTier.A: (_("储备库里 %(n)s 家可以申报"), _("动员申报")),
        PoolTier.B: (_("储备库里 %(n)s 家一年内可以申报"), _("看培育方案")),
        PoolTier.C: (_("储备库里 %(n)s 家苗子"), _("看培育方案")),
    }
    for code, cell in cells.items():
        if cell["value"]:
            state, step = words[code]
            return Hole(label, state % {"n": cell["value"]}, step, cell["url"])
    if proposes:
        return Hole(label, _("储备库里也没有"), _("推荐企业入库"), reverse("stations:pool_new"))
    return Hole(label, _("储备库里也没有"), _("请区镇推荐企业入库"), reverse("stations:contacts"))
