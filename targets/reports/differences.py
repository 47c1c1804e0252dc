"""Then and now: each frozen figure beside the same figure of the same day as it is known today, and why they differ."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from portal.models import Ancestry, District, Setting
from portal.templatetags.numbers import num
from targets.models import Indicator, Reading
from targets.plans import indicators
from targets.plans.indicators import REPORTED, Kind
from targets.reports.freezing import Frozen, rounded, versions_of
from targets.reports.models import Report, ReportFigure, ReportIndicator
from targets.returns.differences import Difference, differing, summed
from targets.returns.entries import Data


@dataclass
class Compared:
    """One figure: `now` None where there is no data now. `why`: the causes in words, none where it is the same."""

    then: ReportFigure
    row: ReportIndicator
    district: dict
    now: Decimal | None
    target: Decimal | None
    why: list[str] = field(default_factory=list)
    url: str = ""

    @property
    def same(self) -> bool:
        return self.then.value == self.now and (self.then.state == "point" or self.then.target == self.target)


def compare(report: Report, told: Frozen, user) -> list[Compared]:
    """Every figure of a district the person may see, those that differ first."""
    seen = [d for d in told.words["districts"] if d["pk"] in user.scope.figures]
    names = {d["pk"]: d for d in seen}
    places = list(District.objects.filter(pk__in=names))
    rows = {row.indicator_id: row for row in report.indicators.all()}
    kept = Indicator.objects.filter(pk__in=rows).select_related("plan__pack__root", "clause__document", "pack")
    known = {row.pk: row for row in kept}
    now = figures_now(report, list(known.values()), places, told)
    causes = Causes(report, rows, known, places)
    found = []
    for then in told.figures:
        if then.district_id not in names:
            continue
        value, target = now.get((then.indicator_id, then.district_id, then.on), (None, None))
        one = Compared(then, rows[then.indicator_id], names[then.district_id], value, target)
        one.url = f"{known[then.indicator_id].get_absolute_url()}?on={then.on}&district={one.district['code']}"
        if not one.same:
            one.why = causes.of(one)
        found.append(one)
    order = {d["pk"]: n for n, d in enumerate(seen)}
    return sorted(found, key=lambda c: (c.same, c.row.order, -c.then.on.toordinal(), order[c.then.district_id]))


def figures_now(report: Report, rows: Sequence[Indicator], places: Sequence[District], told: Frozen) -> dict:
    """(value, target) of every figure as it is known today."""
    found: dict[tuple[int, int, date], tuple] = {}
    for day in filter(None, (told.on, told.before)):
        for (i, d), figure in indicators.figures(report.plan, places, day, rows).items():
            if day == told.on:
                found |= {(i, d, on): (rounded(v), None) for on, v in figure.trend}
            found[i, d, day] = (rounded(figure.value), rounded(figure.target))
    return found


@dataclass
class Causes:
    """Why a figure is not what it was: asked for only where one differs."""

    report: Report
    rows: dict[int, ReportIndicator]
    known: dict[int, Indicator]
    places: Sequence[District]

    def __post_init__(self) -> None:
        self.settings: dict | None = None
        self.found: dict[int, list[Difference]] = {}
        self.below: dict[int, set[str]] = {}
        self.versions = versions_of(self.report.plan.pack, list(self.known.values()))

    def of(self, one: Compared) -> list[str]:
        pk, why = one.then.indicator_id, []
        indicator = self.known[pk]
        number, since = self.versions[pk]
        if number != one.then.version:
            changed = {"was": one.then.version, "now": number, "day": since.isoformat() if since else "—"}
            why.append(_("口径由第 %(was)s 版改为第 %(now)s 版（%(day)s）") % changed)
        if one.then.state != "point" and one.then.target != one.target:
            turned = {"was": num(one.then.target), "now": num(one.target)}
            why.append(_("目标由 %(was)s 调整为 %(now)s") % turned)
        if one.then.value != one.now:
            why += self.readings(one) if indicator.source == REPORTED else self.counted(one, indicator)
        return why or [_("起点或其他参数有改动")]

    def readings(self, one: Compared) -> list[str]:
        """What departments said afterwards of the same period."""
        rows = Reading.objects.filter(
            indicator=one.then.indicator_id, district=one.then.district_id, on__lte=one.then.on,
            reported_at__gt=one.then.computed_at,
        )  # fmt: skip
        return [
            _("%(at)s 补报或更正：%(source)s（截至 %(day)s，%(n)s）")
            % {
                "at": localtime(r.reported_at).strftime("%Y-%m-%d"),
                "source": r.source,
                "day": r.on.isoformat(),
                "n": num(r.value),
            }
            for r in rows.order_by("reported_at")[:3]
        ]

    def counted(self, one: Compared, indicator: Indicator) -> list[str]:
        """How many rows bear on this figure that weren't there, were otherwise, or are gone, by their cause."""
        day = one.then.on
        since = date(day.year, 1, 1) if indicator.kind == Kind.FLOW else None
        place = self.inside(one.then.district_id)
        rows: dict[tuple, list[Difference]] = {}
        for row in (row for row in self.rows_of(indicator) if bears(row, place, day, since)):
            rows.setdefault((row.part, row.shown["pk"]), []).append(row)
        # What both began and stopped by the day did nothing to the figure.
        told = [mine[0] for mine in rows.values() if len(mine) == 1 or sum(row.effect for row in mine) != 0]
        return [_("%(cause)s %(n)s 条") % {"cause": cause, "n": n} for cause, n in summed(told)]

    def rows_of(self, indicator: Indicator) -> list[Difference]:
        """Everything of which the city's entries differ from those that were frozen."""
        then = self.rows[indicator.pk].entries
        if indicator.pk not in self.found and then:
            if self.settings is None:
                self.settings = Setting.objects.values_of(indicator.pack)
            last = min(self.report.on, self.report.plan.until)
            self.found[indicator.pk] = differing(then, indicator, indicator.pack.root, last, self.settings)
        return self.found.get(indicator.pk, [])

    def inside(self, district: int) -> set[str]:
        """The codes of a district and all below it."""
        if district not in self.below:
            rows = Ancestry.objects.filter(ancestor=district).values_list("node__code", flat=True)
            self.below[district] = set(rows)
        return self.below[district]


def bears(row: Difference, place: set[str], on: date, since: date | None) -> bool:
    """Whether it changes what counts in these districts on the day; a flow counts what began in the period."""

    def inside(entry: Data | None) -> bool:
        if entry is None or entry["district"] not in place:
            return False
        day = date.fromisoformat(str(entry["on"]))
        return (since is None or day >= since) and day <= on

    return inside(row.was) or inside(row.entry)
