"""What the years say of a station's standing on a day: how long without recruits, and how its evaluations ended.

An upgraded station counts on from the one it was: that one's years and recruits are its own. A pause doesn't stop a
year. What is counted after the day plays no part. Where a year is untold the answer is unknown, between a worst case
(nobody came in it) and a best (somebody did). Entries on record tell of their years beside what was typed (`counted`).
"""

from datetime import date

from django.db.models import (
    BooleanField,
    Case,
    Count,
    DateField,
    DecimalField,
    Exists,
    F,
    Func,
    IntegerField,
    Max,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
    When,
    Window,
)
from django.db.models.functions import Cast, Coalesce, DenseRank, ExtractYear, Greatest, NullIf
from django.db.models.lookups import Exact, GreaterThanOrEqual, IsNull, LessThan
from django.utils.translation import gettext_lazy as _

from portal.facts import Entry, Vocabulary
from stations.models import CancelGround, Recruits, Remedy, SalaryPromise, Sheet, StandingCase
from stations.register.facts import station
from stations.standing import counted
from stations.standing.counted import WHOLE_YEAR

NUMBER, DAY = IntegerField(null=True), DateField(null=True)
YUAN = DecimalField(max_digits=14, decimal_places=2, null=True)


def told(on):
    """The years of the station and of the one it was upgraded from, as far as they were counted by the day."""
    own = Q(station=OuterRef("pk")) | Q(station=OuterRef("upgraded_from"))
    return Recruits.objects.filter(own, counted_on__lte=on).order_by()


def one(rows, expression, field=NUMBER):
    """An aggregate of all these rows; NULL where there are none."""
    return Subquery(rows.annotate(all=Value(1)).values("all").annotate(one=expression).values("one"), field)


def first_day():
    """The paper that approved the station, or the one it was upgraded from."""
    return Coalesce(F("upgraded_from__approved_on"), F("approved_on"))


def begun(on):
    """The year that the count starts after: the last with a recruit, or that of the approval."""
    latest = one(told(on).filter(entered__gt=0), Max("year"))
    return Greatest(Cast(ExtractYear(first_day()), NUMBER), latest, Cast(ExtractYear(last_recorded(on)), NUMBER))


def last_recorded(on):
    """The day of the last entry on record that counts."""
    return one(counted.entries(on), Max(counted.source().day), DAY)


def counting(on):
    """The typed years that count: see the setting."""
    return counted.counting(told(on), on)


def settled_since(on):
    """From which year on every full year is told to be without a recruit; this year where the last one isn't."""
    empty = told(on).filter(WHOLE_YEAR, entered=0, year__lt=on.year)
    placed = empty.annotate(
        place=Window(DenseRank(), order_by=F("year").desc())
    )  # 1 is to be last year, 2 the one before
    run = placed.filter(year=Value(on.year) - F("place")).order_by("year").values("year")[:1]
    return Coalesce(Subquery(run, NUMBER), Value(on.year), output_field=NUMBER)


def first_idle(on, *, best: bool):
    """The first year that counts as idle: at worst every untold year is empty, at best somebody came in the last."""
    worst = begun(on) + 1
    return Greatest(worst, settled_since(on)) if best else worst


def new_year(year):
    return Func(year, Value(1), Value(1), function="make_date", output_field=DAY)


def agreed(worst, best, field):
    """What the worst and the best case agree on; else it is unknown."""
    return Case(When(Exact(worst, best), then=worst), default=None, output_field=field)


def day_fact(label, field, *, unit=""):
    """A fact that no day leaves unknown: it always depends on one."""

    def register(at):
        def on_a_day(on):
            return Value(None, field) if on is None else at(on)

        on_a_day.__name__ = at.__name__
        return station.fact(label, field, unit=unit)(on_a_day)

    return register


# --- full calendar years: from 1 January of the first year without a recruit -----------------------------------------


@day_fact(_("连续未招收起算日（按自然年，最早）"), DAY)
def idle_since_worst(on):
    return new_year(first_idle(on, best=False))


@day_fact(_("连续未招收起算日（按自然年，最晚）"), DAY)
def idle_since_best(on):
    return new_year(first_idle(on, best=True))


@day_fact(_("连续未招收起算日（按自然年）"), DAY)
def idle_since(on):
    return agreed(idle_since_worst(on), idle_since_best(on), DAY)


# --- rolling years: from the day of the last recruit, or of the approval ---------------------------------------------


def last_entry(on):
    """The last recruit's day; 1 January of their year where only the year was told."""
    latest = counting(on).filter(entered__gt=0).order_by("-year", F("last_on").desc(nulls_last=True))
    typed = Subquery(latest.annotate(day=Coalesce("last_on", new_year(F("year")))).values("day")[:1], DAY)
    return Greatest(typed, last_recorded(on))


@day_fact(_("连续未招收起算日（按滚动年，最早）"), DAY)
def idle_day_worst(on):
    return Greatest(first_day(), last_entry(on))


@day_fact(_("连续未招收起算日（按滚动年，最晚）"), DAY)
def idle_day_best(on):
    """The last day of the year that nobody settled, or of the last recruit's where its day is missing."""
    somebody = counting(on).filter(entered__gt=0)
    dated = Subquery(somebody.order_by("-year", F("last_on").desc(nulls_last=True)).values("last_on")[:1], DAY)
    recorded = Coalesce(Cast(ExtractYear(last_recorded(on)), NUMBER), Value(0), output_field=NUMBER)
    newest = Coalesce(one(somebody, Max("year")), Value(0), output_field=NUMBER)
    undated = Q(LessThan(recorded, newest)) & Q(IsNull(dated, True))
    eve = Func(first_idle(on, best=True) - 1, Value(12), Value(31), function="make_date", output_field=DAY)
    gap = Q(Exact(first_idle(on, best=True), first_idle(on, best=False)))
    return Case(When(gap & ~undated, then=idle_day_worst(on)), default=eve, output_field=DAY)


@day_fact(_("连续未招收起算日（按滚动年）"), DAY)
def idle_day(on):
    return agreed(idle_day_worst(on), idle_day_best(on), DAY)


# --- how many --------------------------------------------------------------------------------------------------------


def years(first, on):
    return Greatest(Value(on.year) - first, Value(0), output_field=NUMBER)


@day_fact(_("连续未招收年数（最多）"), NUMBER, unit=_("年"))
def years_without_recruits_most(on):
    return years(first_idle(on, best=False), on)


@day_fact(_("连续未招收年数（最少）"), NUMBER, unit=_("年"))
def years_without_recruits_least(on):
    return years(first_idle(on, best=True), on)


@day_fact(_("连续未招收年数"), NUMBER, unit=_("年"))
def years_without_recruits(on):
    """Full calendar years in a row, up to the last."""
    return agreed(years_without_recruits_most(on), years_without_recruits_least(on), NUMBER)


@day_fact(_("招收过博士后"), BooleanField(null=True))
def ever_recruited(on):
    somebody = Q(Exists(told(on).filter(entered__gt=0))) | Q(Exists(counted.entries(on)))
    settled = Q(Exact(first_idle(on, best=True), first_idle(on, best=False)))
    return Case(
        When(somebody, then=True), When(settled, then=False), default=None, output_field=BooleanField(null=True)
    )


@day_fact(_("上年度招收人数"), NUMBER, unit=_("人"))
def recruits_last_year(on):
    typed = one(counting(on).filter(WHOLE_YEAR, year=on.year - 1), Sum("entered"))
    return Coalesce(typed, recorded_in(on.year - 1, on), output_field=NUMBER)


def recorded_in(year: int, on):
    """How many entries of a year are on record; NULL for none, which isn't 0."""
    return one(counted.entries(on).filter(year_=year), NullIf(Count("pk"), Value(0)))


@day_fact(_("本年度已招收人数"), NUMBER, unit=_("人"))
def recruits_this_year(on):
    return Coalesce(
        one(counting(on).filter(year=on.year), Sum("entered")), recorded_in(on.year, on), output_field=NUMBER
    )


@day_fact(_("上年末在站人数"), NUMBER, unit=_("人"))
def present_last_year(on):
    return one(told(on).filter(WHOLE_YEAR, year=on.year - 1), Sum("present"))


# --- pay: what was promised for the last full year, and what was paid ------------------------------------------------


def year_before(on):
    return date(max(on.year - 1, 1), 12, 31)


@day_fact(_("上年末的承诺年薪"), YUAN, unit="yuan")
def promised_last_year(on):
    rows = SalaryPromise.objects.filter(station=OuterRef("pk")).on(year_before(on))
    return Subquery(rows.order_by("-since").values("amount")[:1], YUAN)


@day_fact(_("上年末登记了承诺年薪"), BooleanField(null=True))
def salary_promised(on):
    return Exists(SalaryPromise.objects.filter(station=OuterRef("pk")).on(year_before(on)))


@day_fact(_("上年度博士后平均年薪"), YUAN, unit="yuan")
def paid_last_year(on):
    """The station's own word of the whole year; that of the one it was upgraded from was under another promise."""
    rows = Recruits.objects.filter(station=OuterRef("pk"), counted_on=year_before(on))
    return Subquery(rows.values("pay")[:1], YUAN)


@day_fact(_("上年度平均年薪低于承诺"), BooleanField(null=True))
def salary_short(on):
    """Unknown where either isn't told."""
    paid, promised = paid_last_year(on), promised_last_year(on)
    return Case(
        When(LessThan(paid, promised), then=True),
        When(GreaterThanOrEqual(paid, promised), then=False),
        default=None,
        output_field=BooleanField(null=True),
    )


@day_fact(_("上年度薪酬可比之日"), DAY)
def salary_day(on):
    """The first day after the year that is looked at: each year is looked at anew."""
    return Value(date(on.year, 1, 1), DAY)


BESIDE = {"salary_short": ("promised_last_year", "paid_last_year")}  # the amounts that a page shows with a verdict


# --- how evaluations ended -------------------------------------------------------------------------------------------


def failures(on):
    """Published failures since the last pass; one counts no more once its rectification was passed or let be."""
    public = Sheet.objects.filter(decision__isnull=False, evaluation__published_on__lte=on)
    after = public.filter(
        station=OuterRef("station"),
        grade__failing=False,
        evaluation__published_on__gt=OuterRef("evaluation__published_on"),
    )
    over = StandingCase.objects.filter(
        sheet=OuterRef("pk"), status__in=["lifted", "dismissed"], matter__closed_on__lte=on
    )
    rows = public.filter(station=OuterRef("pk"), grade__failing=True).order_by()
    return rows.filter(~Exists(after), ~Exists(over))


@day_fact(_("连续评估不合格次数"), NUMBER, unit=_("次"))
def failed_evaluations(on):
    return Coalesce(one(failures(on), Count("pk")), Value(0), output_field=NUMBER)


@day_fact(_("最近一次不合格的公布日期"), DAY)
def failed_on(on):
    return one(failures(on), Max("evaluation__published_on"), DAY)


@day_fact(_("最近一次评估的公布日期（没有则为批准日期）"), DAY)
def evaluated_on(on):
    public = Sheet.objects.filter(
        station=OuterRef("pk"), decision__isnull=False, evaluation__published_on__lte=on
    ).order_by()
    return Coalesce(one(public, Max("evaluation__published_on"), DAY), F("approved_on"))


# --- a case: what the enterprise has undertaken ----------------------------------------------------------------------


def describe_case(row: StandingCase) -> Entry:
    return Entry(str(row.station), row.get_absolute_url(), str(row.station.enterprise), row.matter.number)


standing = Vocabulary(
    "standing",
    StandingCase,
    describe=describe_case,
    select=("station__enterprise__organisation", "matter__district"),
    of={"station": "station"},
)
standing.column("rectify_since", _("整改起"))
standing.column("closed_on", _("办结日期"), path="matter__closed_on")
standing.column("ground", _("注销原因"), choices=dict(CancelGround.choices))
standing.column("station", _("工作站"))
standing.column("station_kind", _("站点类型"), path="station__kind")


def remedies(name, label, when):
    standing.total(
        name,
        label,
        unit=_("项"),
        source=Remedy,
        key="case_id",
        aggregate=lambda q: Count(Value(1), filter=q),
        when=when,
    )


remedies("remedies", _("整改措施"), lambda on: Q(added_on__lte=on))
remedies(
    "remedies_open",
    _("还没完成的整改措施"),
    lambda on: Q(added_on__lte=on) & (Q(done_on=None) | Q(done_on__gt=on)),
)
