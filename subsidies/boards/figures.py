"""The figures of the dashboard of money, each kind in one set-based query, however many claims there are.

What is committed and paid is what the journal says of the budgets of a year up to a day; where claims wait is what their
spells say of that day. A sum that nobody has named yet counts as a claim, not as money.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate

from django.db.models import Count, FilteredRelation, Max, Min, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, ExtractMonth, ExtractYear
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from portal.models import District, Pack, Role, Setting, Spell, User
from portal.models.people import BUREAU
from portal.workdays import Calendar
from postdocs.destinations.facts import out
from postdocs.models import Stay
from subsidies.claims import lifecycle
from subsidies.claims.models import Claim, ClaimStatus
from subsidies.ledger.models import Budget, JournalEntry, Place, Posting
from subsidies.schemes.models import BudgetLine, SubsidyScheme

C, K = ClaimStatus, JournalEntry.Kind
WHOLE = BUREAU | {Role.AUDITOR, Role.FINANCE_MAKER, Role.FINANCE_CHECKER}  # who sees the money of all their districts
GIVEN = (Place.RESERVED, Place.TRANSIT, Place.PAID)  # together: what is committed
NOTHING = Decimal(0)
UNITS = 12  # enterprises that the page itself names
LATER = 13  # the month of what was paid after the end of the year, from its budget


# --- whose money -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reach:
    """What a person may see of the money of a city: all of it, that of their districts, that of their enterprise."""

    pack: Pack
    places: frozenset[int]
    organisations: frozenset[int]
    whole: bool

    @classmethod
    def of(cls, user: User, pack: Pack) -> "Reach":
        places: set[int] = set()
        whole = False
        for role, (_organisations, districts) in user.scope.by_role.items():
            if role in WHOLE | {Role.DISTRICT}:
                places |= districts
                whole = whole or (role in WHOLE and pack.root_id in districts)
        return cls(pack, frozenset(places), user.scope.organisations, whole)

    def within(self, district: District) -> "Reach":
        """The same, narrowed to one district with all below it."""
        below = set(District.objects.below(district).values_list("pk", flat=True))
        return Reach(self.pack, self.places & below, frozenset(), self.whole and district.pk == self.pack.root_id)

    def q(self, path: str = "") -> Q:
        """The condition on claims at the end of `path`; what a unit hasn't handed in yet is its own."""
        own = Q(**{f"{path}matter__organisation__in": self.organisations})
        handed_in = Q(**{f"{path}matter__district__in": self.places, f"{path}matter__filed_on__isnull": False})
        return Q(**{f"{path}instalment__version__pack": self.pack}) & (own | handed_in)

    def claims(self) -> QuerySet:
        return Claim.objects.filter(self.q())

    def postings(self, year: int, on: date) -> QuerySet:
        """What moved of claims in the budgets of a year, up to a day."""
        rows = Posting.objects.filter(entry__budget__year=year, entry__on__lte=on, place__in=GIVEN)
        return rows.filter(self.q("entry__claim__"))


# --- budgets -----------------------------------------------------------------------------------


def budgets(pack: Pack, on: date) -> dict[int, dict[int, Decimal]]:
    """year -> line -> what was granted for it up to a day."""
    granted = Sum(
        "entries__postings__amount",
        filter=Q(entries__kind__in=[K.GRANT, K.CUT], entries__postings__place=Place.AVAILABLE, entries__on__lte=on),
    )
    found: dict[int, dict[int, Decimal]] = defaultdict(dict)
    for year, line, sum_ in Budget.objects.filter(line__pack=pack).values_list("year", "line").annotate(sum=granted):
        found[year][line] = sum_ or NOTHING
    return found


def years_of(pack: Pack) -> list[int]:
    return list(Budget.objects.filter(line__pack=pack).values_list("year", flat=True).distinct())


def schemes_of(pack: Pack) -> list[SubsidyScheme]:
    """What the city itself pays, by lines."""
    rows = SubsidyScheme.objects.published().filter(pack=pack, line__isnull=False).select_related("line")  # type: ignore[attr-defined]
    days = Max("versions__publicity_days", filter=Q(versions__state="published"))
    return list(rows.annotate(publicity=days).order_by("line__order", "line", "order", "pk"))


# --- committed and paid ------------------------------------------------------------------------


@dataclass
class Sums:
    """Money of one row: granted and not yet paid, paid, and of how many claims."""

    waiting: Decimal = NOTHING
    paid: Decimal = NOTHING
    claims: int = 0
    paid_claims: int = 0

    @property
    def committed(self) -> Decimal:
        return self.waiting + self.paid

    def add(self, place: str, amount: Decimal) -> None:
        if place == Place.PAID:
            self.paid += amount
        else:
            self.waiting += amount


@dataclass
class Spending:
    """By scheme, and of each scheme what was paid in each month; `LATER` is after the end of the year."""

    schemes: dict[int, Sums]
    months: dict[int, dict[int, Decimal]]

    @property
    def total(self) -> Sums:
        sums = self.schemes.values()
        return Sums(sum((s.waiting for s in sums), NOTHING), sum((s.paid for s in sums), NOTHING))

    def of_month(self, month: int) -> Decimal:
        return sum((paid.get(month, NOTHING) for paid in self.months.values()), NOTHING)


def spending(reach: Reach, year: int, on: date) -> Spending:
    rows = reach.postings(year, on).values_list(
        "entry__claim__instalment__version__scheme", "place",
        ExtractYear("entry__on"), ExtractMonth("entry__on"),
    )  # fmt: skip
    sums: dict[int, Sums] = defaultdict(Sums)
    months: dict[int, dict[int, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for scheme, place, when, month, amount in rows.annotate(sum=Sum("amount")):
        sums[scheme].add(place, amount)
        if place == Place.PAID:
            months[scheme][month if when <= year else LATER] += amount
    return Spending(sums, months)


def by_district(reach: Reach, year: int, on: date) -> dict[int, Sums]:
    return grouped(reach, "entry__claim__matter__district", year, on)


def by_organisation(reach: Reach, year: int, on: date, first: int | None = UNITS) -> list[tuple[int, str, str, Sums]]:
    """(enterprise, its name, its English name, sums), those with the most money first."""
    at = "entry__claim__matter__organisation"
    rows = reach.postings(year, on).values(at, f"{at}__name", f"{at}__name_en").annotate(**totals())
    rows = rows.filter(committed__gt=0).order_by("-committed", at)[:first]
    return [(r[at], r[f"{at}__name"], r[f"{at}__name_en"], sums_of(r)) for r in rows]


def grouped(reach: Reach, path: str, year: int, on: date) -> dict[int, Sums]:
    rows = reach.postings(year, on).values(path).annotate(**totals()).filter(committed__gt=0)
    return {r[path]: sums_of(r) for r in rows}


def totals() -> dict:
    paid = Coalesce(Sum("amount", filter=Q(place=Place.PAID)), NOTHING)
    claims = {"claims": Count("entry__claim", distinct=True)}
    claims["paid_claims"] = Count("entry__claim", distinct=True, filter=Q(place=Place.PAID))
    return {"committed": Sum("amount"), "paid": paid, **claims}


def sums_of(row: Mapping) -> Sums:
    return Sums(row["committed"] - row["paid"], row["paid"], row["claims"], row["paid_claims"])


# --- where it is -------------------------------------------------------------------------------


@dataclass
class Stage:
    """One stretch of the way with all claims that are on it on a day. `slow`: of those that hold money up the longest."""

    code: str
    label: object
    group: str
    statuses: tuple[str, ...]
    promise: int | None = None
    amount: Decimal = NOTHING
    claims: int = 0
    unnamed: int = 0
    since: date | None = None
    waited: int = 0
    slow: bool = False
    url: str = ""

    @property
    def promised(self) -> str:
        n = self.promise
        if n and C.PUBLICITY in self.statuses:  # nobody can be quicker
            return ngettext("公示 %(n)s 日", "公示 %(n)s 日", n) % {"n": n}
        return ngettext("时限 %(n)s 日", "时限 %(n)s 日", n) % {"n": n} if n else _now("没有承诺时限")


WAY = (  # (code, label, group, statuses)
    ("unit", _("单位和本人"), "review", (C.DRAFT, C.PERSON, C.UNIT)),
    ("district", _("区镇初审"), "review", (C.DISTRICT,)),
    ("bureau", _("市级审核"), "review", (C.HANDLING, C.REVIEW, C.APPROVAL)),
    ("publicity", _("公示"), "waiting", (C.PUBLICITY, C.DISPUTED)),
    ("payable", _("待拨付"), "waiting", (C.PAYABLE, C.BOUNCED)),
    ("batch", _("拨付途中"), "waiting", (C.BATCHED, C.RELEASED)),
)


def stages(reach: Reach, on: date, promises: Mapping[str, int]) -> list[Stage]:
    """Where the claims are on a day; the granted stage that has held something the longest is the slow one."""
    spell = FilteredRelation("matter__spells", condition=spell_on(on))
    rows = reach.claims().annotate(spell=spell).values("spell__status").order_by()
    rows = rows.filter(spell__isnull=False).annotate(
        n=Count("pk"),
        sum=Sum(Coalesce("approved", "calculated")),
        named=Count(Coalesce("approved", "calculated")),
        since=Min("spell__since"),
    )
    by_status = {row["spell__status"]: row for row in rows}
    calendar, way = Calendar.for_pages(), []
    for code, label, group, statuses in WAY:
        here = [by_status[s] for s in statuses if s in by_status]
        since = min((row["since"] for row in here), default=None)
        way.append(
            Stage(
                code, label, group, statuses, promised(statuses, promises),
                sum((row["sum"] or NOTHING for row in here), NOTHING), sum(row["n"] for row in here),
                sum(row["n"] - row["named"] for row in here), since, calendar.between(since, on) if since else 0,
            )
        )  # fmt: skip
    slowest = max((s for s in way if s.claims), key=lambda s: s.waited, default=None)
    if slowest is not None and slowest.waited:
        slowest.slow = True
    return way


def spell_on(on: date) -> Q:
    at = "matter__spells__"
    return Q(**{f"{at}since__lte": on}) & (Q(**{f"{at}until": None}) | Q(**{f"{at}until__gt": on}))


def promises_of(pack: Pack, schemes: Iterable[SubsidyScheme]) -> dict[str, int]:
    """status -> the working days it is promised to take."""
    asked = {status: stage.days for status, stage in lifecycle.claim.stages.items() if stage.days}
    known = dict(Setting.objects.filter(pack=pack, code__in=set(asked.values())).values_list("code", "value"))
    found = {status: int(known[code]) for status, code in asked.items() if known.get(code) is not None}
    public = max((s.publicity or 0 for s in schemes), default=0)  # type: ignore[attr-defined]
    return found | ({C.PUBLICITY: public} if public else {})


def promised(statuses: Iterable[str], promises: Mapping[str, int]) -> int | None:
    """What all statuses of a stretch may take together; None where nothing is promised."""
    return sum(promises.get(s, 0) for s in statuses) or None


# --- how long it takes -------------------------------------------------------------------------


LEVELS = (
    (C.UNIT, _("单位审核")),
    (C.DISTRICT, _("区镇初审")),
    (C.HANDLING, pgettext_lazy("资助", "市局经办")),
    (C.REVIEW, pgettext_lazy("资助", "市局审核")),
    (C.APPROVAL, pgettext_lazy("资助", "市局审批")),
    (C.PUBLICITY, _("公示")),
    (C.PAYABLE, _("待拨付")),
    (C.RELEASED, _("拨付途中")),
)


@dataclass
class Level:
    """How long one level took, in working days, over what left it in a year."""

    status: str
    label: object
    promise: int | None
    days: dict[int, int] = field(default_factory=lambda: defaultdict(int))  # working days -> how often

    @property
    def n(self) -> int:
        return sum(self.days.values())

    def quantile(self, part: float) -> int | None:
        """The least number of days within which this part of all were through."""
        seen = 0
        for days in sorted(self.days):
            seen += self.days[days]
            if seen >= part * self.n:
                return days
        return None

    @property
    def median(self) -> int | None:
        return self.quantile(0.5)

    @property
    def ninth(self) -> int | None:
        return self.quantile(0.9)

    @property
    def kept(self) -> float | None:
        """The share that was through within the promise; None where nothing is promised or nothing left."""
        if self.promise is None or not self.n:
            return None
        return sum(n for days, n in self.days.items() if days <= self.promise) / self.n


def levels(reach: Reach, year: int, on: date, promises: Mapping[str, int]) -> list[Level]:
    term = {status: days for status, days in promises.items() if status != C.PUBLICITY}  # that long it has to be public
    found = {status: Level(status, label, term.get(status)) for status, label in LEVELS}
    rows = Spell.objects.filter(
        matter__in=reach.claims().values("matter"), status__in=list(found),
        until__gte=date(year, 1, 1), until__lte=min(on, date(year, 12, 31)),
    ).values_list("status", "since", "until").annotate(n=Count("pk")).order_by()  # fmt: skip
    if spells := list(rows):
        index = working_days(min(since for _s, since, _u, _n in spells), max(until for _s, _since, until, _n in spells))
        for status, since, until, n in spells:
            found[status].days[index[until] - index[since]] += n
    return list(found.values())


def working_days(since: date, until: date) -> dict[date, int]:
    """day -> the working days after `since` up to and with it."""
    calendar = Calendar.for_pages()
    days = [since + timedelta(n) for n in range((until - since).days + 1)]
    return dict(zip(days, accumulate((calendar.works(day) for day in days[1:]), initial=0), strict=True))


# --- what it was good for ----------------------------------------------------------------------


@dataclass(frozen=True)
class Kept:
    """Those who left their station in a year, how many of them stayed in the city, and what these have been paid."""

    left: int
    stayed: int
    unknown: int
    paid: Decimal

    @property
    def each(self) -> Decimal | None:
        return self.paid / self.stayed if self.stayed and self.paid else None


def kept(reach: Reach, year: int, on: date) -> Kept:
    """Money of all years: to themselves, and to their units for their stays."""
    own = Q(matter__organisation__in=reach.organisations) | Q(matter__district__in=reach.places)
    gone = Stay.objects.filter(
        own, out(on), ended_on__year=year, station__matter__district__up__ancestor=reach.pack.root
    )
    people = gone.aggregate(
        left=Count("pk"),
        stayed=Count("pk", filter=Q(destination__in_city=True)),
        unknown=Count("pk", filter=Q(destination__in_city=None)),
    )
    here = gone.filter(destination__in_city=True)
    of_them = Q(entry__claim__person__in=here.values("person")) | Q(entry__claim__stay__in=here.values("pk"))
    paid = Posting.objects.filter(of_them, reach.q("entry__claim__"), place=Place.PAID, entry__on__lte=on)
    return Kept(**people, paid=paid.aggregate(sum=Sum("amount"))["sum"] or NOTHING)


# --- lines -------------------------------------------------------------------------------------


@dataclass
class LineOfMoney:
    """One budget line with the schemes that it pays."""

    line: BudgetLine
    budget: Decimal | None
    gone: float
    schemes: list[tuple[SubsidyScheme, Sums]]

    @property
    def sums(self) -> Sums:
        found = [sums for _scheme, sums in self.schemes]
        return Sums(sum((s.waiting for s in found), NOTHING), sum((s.paid for s in found), NOTHING))

    @property
    def pace(self) -> Decimal | None:
        return self.budget * Decimal(str(self.gone)) if self.budget else None

    @property
    def whole(self) -> Decimal:
        """What the bars are a part of: the budget, else what is committed."""
        return self.budget or self.sums.committed


def lines_of(
    schemes: Iterable[SubsidyScheme], spent: Spending, granted: Mapping[int, Decimal], gone: float
) -> list[LineOfMoney]:
    found: dict[int, LineOfMoney] = {}
    for scheme in schemes:
        line = scheme.line
        assert line is not None  # schemes_of asks only for those that the city pays itself
        row = found.setdefault(line.pk, LineOfMoney(line, granted.get(line.pk), gone, []))
        row.schemes.append((scheme, spent.schemes.get(scheme.pk, Sums())))
    return list(found.values())


def gone(year: int, on: date) -> float:
    """How much of the year has passed on the day, 0 to 1."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    return min(max(((on - first).days + 1) / ((last - first).days + 1), 0.0), 1.0)
