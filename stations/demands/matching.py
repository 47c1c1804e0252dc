"""Which flow stations suit a demand, and which university suits an enterprise: by reasons that can be read.

There are no weights. A suggestion stands before another when its discipline is one that was asked for, then when
its chain is, then when it is of the same category of disciplines, then when it shares more words, then
when its university is a key one; each of these is shown. One without any reason is no suggestion.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _

from portal.models import Organisation, Pack
from portal.words import localised, localised_value
from stations import disciplines
from stations.models import (
    Demand,
    DemandStatus,
    Enterprise,
    FlowStation,
    IndustryChain,
    Match,
    Station,
    StationKind,
    University,
)

# Words that every demand has say nothing about what it is about.
EMPTY = "研究 技术 方向 人才 项目 博士 博士后 企业 公司 开发 应用 问题 解决 需求 相关 以及 进行 提供 系统 方法 关键 领域 演示 数据"
EMPTY_WORDS = frozenset(EMPTY.split())
LONGEST, WORDS_SHOWN = 8, 4
HAN, LATIN = re.compile(r"[\u4e00-\u9fff]+"), re.compile(r"[A-Za-z][A-Za-z0-9+-]{2,}")


@dataclass(frozen=True)
class Reasons:
    """What speaks for one pair."""

    discipline: str = ""  # a code that both have
    chain: IndustryChain | None = None
    category: str = ""  # the first two digits that both have
    words: tuple[str, ...] = ()

    @property
    def rank(self) -> tuple:
        return bool(self.discipline), self.chain is not None, bool(self.category), len(self.words)

    def __bool__(self) -> bool:
        return any(self.rank)

    @cached_property
    def told(self) -> list[str]:
        """In the reader's language."""
        said = []
        if self.discipline:
            said.append(_("同一级学科：%(name)s") % {"name": disciplines.name_of(self.discipline)})
        if self.chain:
            said.append(_("同产业链：%(name)s") % {"name": localised(self.chain, "name")})
        if self.category and not self.discipline:
            said.append(_("同学科门类：%(name)s") % {"name": disciplines.category_of(self.category)})
        if self.words:
            said.append(_("共同词：%(words)s") % {"words": _("、").join(self.words)})
        return said

    def kept(self) -> list[dict]:
        """As a row keeps it: what was seen then, whatever the two say later."""
        found: list[dict] = [{"kind": "discipline", "value": self.discipline}] if self.discipline else []
        found += [{"kind": "chain", "value": self.chain.name, "value_en": self.chain.name_en}] if self.chain else []
        found += [{"kind": "category", "value": self.category}] if self.category and not self.discipline else []
        return found + ([{"kind": "words", "value": list(self.words)}] if self.words else [])


def told(kept: Iterable[dict]) -> list[str]:
    """Reasons that a row kept, in the reader's language."""
    said = []
    for reason in kept:
        kind, value = reason["kind"], reason["value"]
        if kind == "discipline":
            said += Reasons(discipline=value).told
        elif kind == "category":
            said += Reasons(category=value).told
        elif kind == "words":
            said += Reasons(words=tuple(value)).told
        else:
            said.append(_("同产业链：%(name)s") % {"name": localised_value(reason, "value")})
    return said


@dataclass
class Suggestion:
    flow: FlowStation
    reasons: Reasons


def words_in_common(one: str, other: str) -> tuple[str, ...]:
    """The longest pieces of Chinese that both texts have, of two characters at least, and Latin words; as they stand
    in the first text. A piece within a longer one is not told again."""
    found: list[str] = []
    for run in HAN.findall(one):
        start = 0
        while start < len(run) - 1:
            size = next((n for n in range(min(LONGEST, len(run) - start), 1, -1) if run[start : start + n] in other), 0)
            piece = run[start : start + size]
            if size and piece not in EMPTY_WORDS and piece not in found:
                found.append(piece)
            start += max(size, 1)
    lower = {word.lower() for word in LATIN.findall(other)}
    found += [word for word in dict.fromkeys(LATIN.findall(one)) if word.lower() in lower]
    whole = [word for word in found if not any(word != other and word in other for other in found)]
    return tuple(sorted(whole, key=len, reverse=True)[:WORDS_SHOWN])


def reasons_for(demand: Demand, flow: FlowStation) -> Reasons:
    """`flow` comes with its chains."""
    category = flow.discipline[:2]
    return Reasons(
        discipline=flow.discipline if flow.discipline in demand.disciplines else "",
        chain=next((chain for chain in flow.chains.all() if chain.pk == demand.chain_id), None),
        category=category if any(code.startswith(category) for code in demand.disciplines) else "",
        words=words_in_common(f"{demand.title} {demand.description} {demand.goals}", flow.strengths),
    )


def flows_of(pack) -> list[FlowStation]:
    rows = FlowStation.objects.filter(university__pack=pack).select_related("university").prefetch_related("chains")
    return list(rows.order_by("university__name", "discipline"))


def suggestions(demand: Demand, pack, limit: int = 10) -> list[Suggestion]:
    """Flow stations that something speaks for, the best first; those already in talks are left out."""
    taken = set(Match.objects.filter(demand=demand).exclude(status="ended").values_list("flow", flat=True))
    found = [Suggestion(flow, reasons_for(demand, flow)) for flow in flows_of(pack) if flow.pk not in taken]
    found = [suggestion for suggestion in found if suggestion.reasons]
    return sorted(found, key=lambda s: (s.reasons.rank, s.flow.university.key), reverse=True)[:limit]


# --- key enterprises × key universities --------------------------------------------------------


@dataclass
class Pair:
    enterprise: Enterprise
    university: University
    reasons: Reasons


def key_enterprises(pack: Pack, number: int, on: date) -> Sequence[Enterprise]:
    """Hosts with a valid station: those with demands on the list first, then those in a key chain, then the rest."""
    hosts = [StationKind.NATIONAL, StationKind.BRANCH, StationKind.BASE_PROVINCIAL, StationKind.BASE_CITY]
    mine = Station.objects.valid(on).filter(enterprise=OuterRef("pk"), kind__in=hosts)
    wanting = Q(demands__status__in=[DemandStatus.PUBLISHED, DemandStatus.TALKING, DemandStatus.SIGNED])
    rows = (
        Enterprise.objects.filter(Exists(mine), organisation__district__up__ancestor=pack.root_id)
        .annotate(wanted=Count("demands", filter=wanting, distinct=True))
        .select_related("organisation__district", "chain")
    )
    ranked = sorted(rows, key=lambda e: (-e.wanted, e.chain_id is None, e.organisation.code))
    return ranked[:number]


def pairs(pack: Pack, enterprises: Sequence[Enterprise], number: int) -> list[Pair]:
    """A university for each enterprise, of at most `number` different ones: those chosen that are the best for most,
    and of several equally good the one with the fewest enterprises so far."""
    by_university: dict[University, list[FlowStation]] = {}
    for flow in flows_of(pack):
        by_university.setdefault(flow.university, []).append(flow)
    wanted: dict[int, list[Demand]] = {}
    open_demands = Demand.objects.filter(enterprise__in=[e.pk for e in enterprises])
    for demand in open_demands.exclude(status__in=[DemandStatus.DRAFT, DemandStatus.DOWN]).order_by("pk"):
        wanted.setdefault(demand.enterprise_id, []).append(demand)
    fits = {e.pk: {u: best(wanted.get(e.pk, []), e, flows) for u, flows in by_university.items()} for e in enterprises}
    votes = Counter(max(fit, key=lambda u: (fit[u].rank, u.key)) for fit in fits.values() if any(fit.values()))
    keys = sorted(by_university, key=lambda u: (-votes[u], not u.key, u.pk))[:number]
    load: Counter = Counter()
    chosen = []
    for enterprise in enterprises:
        fit = fits[enterprise.pk]
        if not keys:
            break
        university = max(keys, key=lambda u: (fit[u].rank, -load[u]))
        load[university] += 1
        chosen.append(Pair(enterprise, university, fit[university]))
    return chosen


def best(demands: Sequence[Demand], enterprise: Enterprise, flows: Sequence[FlowStation]) -> Reasons:
    """What speaks most for a university: by its demands, or where there are none by the enterprise's chain."""
    found = [reasons_for(demand, flow) for demand in demands for flow in flows]
    found += [Reasons(chain=chain) for flow in flows for chain in flow.chains.all() if chain.pk == enterprise.chain_id]
    return max(found, key=lambda reasons: reasons.rank, default=Reasons())


def offices(pack: Pack) -> dict[int, Organisation]:
    """The office of each district of a city: whom to ask."""
    rows = Organisation.objects.filter(pack=pack, kind=Organisation.Kind.DISTRICT_OFFICE)
    return {row.district_id: row for row in rows}
