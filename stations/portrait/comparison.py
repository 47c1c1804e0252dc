"""A station's figures of today against the stations of its kind and against all of its city.

Medians and quartiles are shown only where at least FEW other enterprises' stations are known: a small group would tell
what one of them has. Single stations are drawn only for whoever may see them.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from statistics import quantiles
from typing import Any

from django.db.models import Case, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.facts import Vocabulary
from portal.models import Pack
from portal.templatetags.marks import percent
from stations.models import Station
from stations.register.facts import station as vocabulary

FEW = 5
WIDE = Decimal("1.6")  # the right end of a strip, as a multiple of the highest upper quartile


@dataclass(frozen=True)
class Figure:
    """One figure of the portrait: a fact; `told` names the fact that is 0 where nobody has said anything yet."""

    fact: str
    label: Any = ""
    told: str = ""

    @property
    def title(self):
        return self.label or vocabulary.facts[self.fact].label


FIGURES = (
    Figure("enterprise_staff", gettext_lazy("职工人数")),
    Figure("enterprise_doctors", gettext_lazy("博士人数")),
    Figure("enterprise_senior_staff", gettext_lazy("高级职称人员")),
    Figure("rd_share"),
    Figure("supervisors", told="supervisors_told"),
    Figure("partners", told="partners_told"),
    Figure("salary_promise"),
    Figure("demands_year"),
    Figure("matches"),
)


@dataclass
class Group:
    """What is known of one figure in a group of `of` stations. The quartiles are None where too few are known."""

    label: str
    of: int
    known: int
    low: Decimal | None = None
    middle: Decimal | None = None
    high: Decimal | None = None
    mark: dict = field(default_factory=dict)

    def place(self, value: Decimal | None) -> str:
        """Where a value lies, in words."""
        if value is None or self.middle is None or self.low is None or self.high is None:
            return ""
        if value == self.middle:
            return _("与中位数相同")
        if value > self.middle:
            return _("最高的四分之一") if value >= self.high else _("高于中位数")
        return _("最低的四分之一") if value <= self.low else _("低于中位数")


@dataclass
class Strip:
    """One figure as it is drawn: the station's own value, the two groups, single stations that may be seen."""

    figure: Figure
    value: Decimal | None
    alike: Group
    city: Group
    own: str = ""
    dots: list[str] = field(default_factory=list)

    @property
    def title(self):
        return self.figure.title

    @property
    def groups(self) -> list[Group]:
        return [self.alike, self.city]

    def words(self, value: Decimal | None) -> str:
        """A value as people write it; unknown is said so."""
        if value is None:
            return _("未知")
        return Vocabulary.words(vocabulary.facts[self.figure.fact], rounded(value))

    @property
    def said(self) -> str:
        return self.words(self.value)

    @property
    def unit(self) -> str:
        unit = vocabulary.facts[self.figure.fact].unit
        return _("元") if unit == "yuan" else str(unit)

    @property
    def told(self) -> list[tuple[Group, str, str]]:
        """Each group with its quartiles and the station's place in words."""
        return [
            (
                g,
                _("%(middle)s（%(low)s–%(high)s）")
                % {"middle": self.words(g.middle), "low": self.bare(g.low), "high": self.bare(g.high)}
                if g.mark
                else "",
                g.place(self.value),
            )
            for g in self.groups
        ]

    def bare(self, value: Decimal | None) -> str:
        """A value beside one that has told the unit."""
        yuan = vocabulary.facts[self.figure.fact].unit == "yuan"
        return self.words(value) if yuan or value is None else str(rounded(value))


def rounded(value: Decimal) -> Decimal:
    """To one place where it isn't whole."""
    return value.quantize(Decimal("0.1")) if value % 1 else value.quantize(Decimal(1))


def compared(station: Station, user, on: date) -> list[Strip]:
    """Every figure of the station on the day beside those of its kind and of its city; one statement beside its pack's."""
    root = Pack.objects.get_for(station.matter.district_id).root_id
    rows = Station.objects.valid(on).filter(matter__district__up__ancestor=root)
    names = {name for figure in FIGURES for name in (figure.fact, figure.told) if name}
    visible = Case(When(Station.objects.reach(user), then=True), default=False)
    table = list(vocabulary.table(rows, {*names, "kind", "enterprise"}, on=on).annotate(seen=visible))
    seen = {row["pk"] for row in table if row["seen"]}
    return [strip_of(figure, station, table, seen) for figure in FIGURES]


def strip_of(figure: Figure, station: Station, table: list[dict], seen: set[int]) -> Strip:
    told = [(row, value_of(figure, row)) for row in table]
    own = next((value for row, value in told if row["pk"] == station.pk), None)
    alike = [(row, value) for row, value in told if row["fact_kind"] == station.kind]
    strip = Strip(
        figure,
        own,
        group_of(_("同类"), alike, station),
        group_of(_("全市"), told, station),
    )
    others = [value for row, value in alike if row["pk"] in seen and row["pk"] != station.pk and value is not None]
    draw(strip, others)
    return strip


def value_of(figure: Figure, row: dict) -> Decimal | None:
    value = row[f"fact_{figure.fact}"]
    if value is None or (figure.told and not row[f"fact_{figure.told}"]):
        return None
    return Decimal(value)


def group_of(label: str, told: list[tuple[dict, Decimal | None]], station: Station) -> Group:
    known = [value for _row, value in told if value is not None]
    others = {row["fact_enterprise"] for row, value in told if value is not None} - {station.enterprise_id}
    group = Group(label, len(told), len(known))
    if len(others) >= FEW:
        group.low, group.middle, group.high = quantiles(known, n=4, method="inclusive")
    return group


def draw(strip: Strip, others: list[Decimal]) -> None:
    """Positions in per cent of one scale for both groups, from 0; what lies beyond stands at the right end."""
    highs = [group.high for group in strip.groups if group.high is not None]
    ends = [max(highs) * WIDE] if highs else others
    top = max([*ends, strip.value or Decimal(0), Decimal(1)])

    def at(value: Decimal) -> float:
        return float(value / top) * 98 + 1

    strip.own = percent(at(strip.value)) if strip.value is not None else ""
    strip.dots = sorted({percent(min(at(value), 99)) for value in others})
    for group in strip.groups:
        if group.low is not None and group.middle is not None and group.high is not None:
            width = max(at(group.high) - at(group.low), 0.6)
            group.mark = {
                "from": percent(at(group.low)),
                "width": percent(width),
                "middle": percent(at(group.middle)),
            }
