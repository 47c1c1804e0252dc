"""What can be said of a stay on a given day: how the person entered, what was held, what is missing."""

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    JSONField,
    Max,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Concat, ExtractYear
from django.db.models.lookups import Exact, GreaterThan, IsNull, LessThan
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.facts import Coming, Entry, Source, Vocabulary
from portal.laid_down import laid_down
from portal.models import Evidence, Guard
from postdocs.inside.models import Extension
from postdocs.people.models import HOME, IdentityPaper, Person
from postdocs.stays.models import (
    BEFORE,
    IN_SERVICE,
    Channel,
    EntryPaper,
    Grade,
    Identity,
    Milestone,
    MilestoneKind,
    RecruitType,
    Stay,
)
from stations.models import Match, MatchStatus
from stations.register.facts import station
from stations.roles import count_unanswered
from stations.standing.counted import recruits_are

PAPER = "paper."  # slots of the documents of an entry


def describe(row: Stay) -> Entry:
    document = row.committee_number or "—"
    return Entry(str(row.person), row.get_absolute_url(), str(row.station.enterprise), document)


def entering():
    return Stay.objects.filter(status__in=BEFORE, matter__filed_on__isnull=False)


def signed():
    """Agreements of a match after which nobody has entered yet."""
    return Match.objects.filter(status=MatchStatus.SIGNED, entered_on=None)


def describe_signed(row: Match) -> Entry:
    title = f"{row.flow.university}，{row.demand.title}"
    return Entry(title, row.get_absolute_url(), str(row.demand.enterprise), row.matter.number)


OF_A_STAY = ("person", "station__enterprise__organisation", "matter__district")
ENTERING = Coming(entering, describe=describe, select=OF_A_STAY)
SIGNED = Coming(
    signed,
    {"channel": Value(Channel.MATCHING)},
    agreed=True,
    people="people",
    describe=describe_signed,
    select=("demand__enterprise__organisation", "flow__university", "matter__district"),
)

stay = Vocabulary(
    "stay",
    Stay,
    describe=describe,
    select=OF_A_STAY,
    coming=[ENTERING, SIGNED],
    of={"station": "station"},
)
recruits_are(stay, "entered_on")
stay.column("recruit_type", _("招收类型"), choices=dict(RecruitType.choices))
stay.column("identity", _("当前身份"), choices=dict(Identity.choices))
stay.column("entered_on", _("进站日期"))
stay.column("ended_on", _("出站或退站日期"))
stay.column("withdrawn_on", _("退站日期"))
stay.column("salary", _("年薪"), unit="yuan")
stay.column("channel", _("引才渠道"), choices=dict(Channel.choices))
stay.column("certificate_number", _("博士后证书编号"))
stay.borrow("station", station, _("工作站"))


@stay.fact(_("人员"), CharField())
def person(on):
    """Who it is, for counting everybody once."""
    return Cast("person_id", CharField())


def day_of(on):
    """The day by which an entry is judged: its own, or this one as long as it isn't filed."""
    return Coalesce(F("entered_on"), Value(on, DateField()))


@stay.fact(_("预计出站"), DateField(null=True))
def planned_until(on):
    """What was planned on the day: the first extension filed after it says what had been before."""
    if on is None:
        return F("planned_until")
    later = Extension.objects.filter(stay=OuterRef("pk"), filed_on__gt=on).order_by("filed_on", "pk")
    return Coalesce(Subquery(later.values("planned_before")[:1]), F("planned_until"))


def whole(unit: str, since, until):
    """Whole years or months from one date to another; NULL where one isn't known."""
    age = Func(until, since, function="age")
    years = Func(Value("year"), age, function="date_part", output_field=IntegerField())
    if unit == "years":
        return Cast(years, IntegerField())
    months = Func(Value("month"), age, function="date_part", output_field=IntegerField())
    return Cast(years * 12 + months, IntegerField())


def later(day, months):
    """The same day so many months later; the month's last where it has none."""
    span = Func(months, template="make_interval(months => %(expressions)s)")
    added = Func(day, span, template="(%(expressions)s)", arg_joiner=" + ")
    return Cast(added, DateField())


@stay.fact(_("在职进站"), BooleanField(null=True))
def in_service(on):
    return Case(
        When(identity="", then=None),
        When(identity__in=IN_SERVICE, then=True),
        default=False,
        output_field=BooleanField(null=True),
    )


@stay.fact(_("进站时年龄"), IntegerField(null=True), unit=_("岁"))
def age(on):
    return whole("years", F("person__born_on"), day_of(on))


@stay.fact(_("博士毕业到进站"), IntegerField(null=True), unit=_("个月"))
def doctor_months(on):
    return whole("months", Coalesce(F("person__degree_on"), F("person__defended_on")), day_of(on))


@stay.fact(_("博士毕业单位的同一一级学科"), BooleanField(null=True))
def same_discipline(on):
    """Entering the unit that gave the doctorate, in the same discipline; an enterprise alone gives none."""
    told = Q(person__degree_school="") | Q(person__discipline="") | Q(discipline="") | Q(recruit_type="")
    same = Q(person__degree_school=F("flow_station__university__name"))
    return Case(
        When(told, then=None),
        When(same & Q(person__discipline=F("discipline")), then=True),
        When(Q(recruit_type="joint", flow_station=None), then=None),
        default=False,
        output_field=BooleanField(null=True),
    )


def others():
    """Entered stays of whoever holds the same identity paper; a candidate's record isn't joined to them yet."""
    mine = IdentityPaper.objects.filter(person=OuterRef(OuterRef(OuterRef("person"))))
    same = IdentityPaper.objects.filter(number_index__in=mine.values("number_index"), person=OuterRef("person"))
    return Stay.objects.filter(Exists(same), entered_on__isnull=False).exclude(pk=OuterRef("pk")).order_by()


def reckoned(rows, expression):
    """One number over a subquery's rows; 0 where there are none."""
    rows = rows.annotate(all_=Value(1)).values("all_").annotate(n=expression).values("n")
    return Coalesce(Subquery(rows, output_field=IntegerField()), 0, output_field=IntegerField())


@stay.fact(_("以前进过几站"), IntegerField(), unit=_("站"), veiled=True)
def earlier_stays(on):
    return reckoned(others().exclude(withdrawn_on__isnull=False), Count("pk"))


@stay.fact(_("各站合计在站"), IntegerField(null=True), unit=_("个月"), veiled=True)
def months_in_all(on):
    """With what this stay's contract plans; unknown as long as it plans nothing."""
    since = Coalesce(F("entered_on"), F("contract_since"))
    until = Coalesce(F("ended_on"), planned_until(on))
    earlier = reckoned(others(), Sum(whole("months", F("entered_on"), Coalesce("ended_on", "planned_until"))))
    return ExpressionWrapper(whole("months", since, until) + earlier, IntegerField(null=True))


def special(on):
    """One of the three kinds of entry that offices limit (三类人员): in-service, over the age of the city's own rule, or in
    the discipline of the unit that gave the doctorate. NULL where none is known to hold and one isn't known."""
    rule = Guard.objects.filter(
        pack__root__down__node=OuterRef("matter__district"), lifecycle="stay", action="submit", fact="age"
    ).order_by(F("since").desc(nulls_last=True))
    limit = Cast(Subquery(rule.values("value")[:1]), IntegerField())
    over = Case(
        When(IsNull(age(on), True), then=None),
        When(IsNull(limit, True), then=None),
        When(LessThan(age(on), limit), then=False),
        default=True,
        output_field=BooleanField(null=True),
    )
    kinds = (in_service(on), over, same_discipline(on))
    return Case(
        *(When(Exact(kind, True), then=True) for kind in kinds),
        *(When(IsNull(kind, True), then=None) for kind in kinds),
        default=False,
        output_field=BooleanField(null=True),
    )


@stay.fact(_("加上本人，三类人员占单位当年进站"), IntegerField(null=True), unit="%")
def special_share(on):
    """Of the entries of one's enterprise in the year of one's own, up to its day, rounded up. 0 for who is none of the
    three: that entry raises no share. Unknown where it isn't known of one of the others."""
    if on is None:
        return Value(None, IntegerField(null=True))
    day = Coalesce(OuterRef("entered_on"), Value(on, DateField()))
    rows = Stay.objects.filter(
        matter__organisation=OuterRef("matter__organisation"), entered_on__lte=day, entered_on__year=ExtractYear(day)
    )
    rows = rows.exclude(pk=OuterRef("pk")).annotate(special=special(on)).order_by()
    mine = reckoned(rows, Count("pk", filter=Q(special=True))) + 1
    unknown, whole_year = reckoned(rows.filter(special=None), Count("pk")), reckoned(rows, Count("pk")) + 1
    return Case(
        When(IsNull(special(on), True), then=None),
        When(Exact(special(on), False), then=0),
        When(GreaterThan(unknown, 0), then=None),
        default=ExpressionWrapper((mine * 100 + whole_year - 1) / whole_year, IntegerField()),
        output_field=IntegerField(null=True),
    )


@stay.fact(_("合同约定在站"), IntegerField(null=True), unit=_("个月"))
def months_planned(on):
    return whole("months", Coalesce(F("entered_on"), F("contract_since")), planned_until(on))


@stay.fact(_("已在站"), IntegerField(null=True), unit=_("个月"))
def months_in(on):
    """From the filed entry to the day, at the latest to the end of the stay."""
    if on is None:
        return Value(None, IntegerField(null=True))
    until = Case(When(ended_on__lt=on, then=F("ended_on")), default=Value(on, DateField()))
    return whole("months", F("entered_on"), until)


@stay.fact(_("外籍"), BooleanField(null=True))
def foreign(on):
    return Case(
        When(identity="", then=None),
        When(identity=Identity.FOREIGN, then=True),
        default=False,
        output_field=BooleanField(null=True),
    )


def empty(model, names, prefix=""):
    total = Value(0)
    for name in names:
        nothing = Q(**{f"{prefix}{name}": None})
        if model._meta.get_field(name).empty_strings_allowed:
            nothing |= Q(**{f"{prefix}{name}": ""})
        total = total + Case(When(nothing, then=1), default=0)
    return ExpressionWrapper(total, output_field=IntegerField())


@stay.fact(_("还没填的项"), IntegerField(), unit=_("项"))
def fields_missing(on):
    """Of what every entry tells; a joint recruit also names the flow station and its supervisor."""
    joint = Q(recruit_type="joint") & (Q(flow_station=None) | Q(flow_supervisor=""))
    undated = Q(person__defended_on=None) & Q(person__degree_on=None)
    return ExpressionWrapper(
        empty(Stay, Stay.NEEDED)
        + empty(Person, Person.NEEDED, "person__")
        + Case(When(joint, then=1), default=0)
        + Case(When(undated, then=1), default=0),
        IntegerField(),
    )


def missing_at(stage: EntryPaper.Stage):
    """How many documents of a stage aren't there; what may follow later isn't missing yet. `EntryPaper.is_for()` says
    the same of one."""
    rows = EntryPaper.objects.filter(pack__root__down__node=OuterRef("matter__district"), required=True, months=None)
    rows = rows.filter(stage=stage)
    rows = rows.annotate(
        kind_=ExpressionWrapper(OuterRef("recruit_type"), CharField()),
        from_=ExpressionWrapper(OuterRef("person__degree_country"), CharField()),
    )
    abroad = Q(whom="abroad") & ~Q(from_="") & ~Q(from_=HOME)
    rows = rows.filter(Q(whom="all") | Q(whom="joint", kind_="joint") | abroad)
    mine = Func(OuterRef("identity"), function="to_jsonb", output_field=JSONField())
    rows = rows.filter(Q(identities=[]) | Q(identities__contains=mine))
    slot = Concat(Value(PAPER), OuterRef("code"))
    given = Evidence.objects.filter(matter=OuterRef(OuterRef("matter")), slot=slot, removed_at=None)
    return reckoned(rows.exclude(Exists(given)).order_by(), Count("pk"))


@stay.fact(_("还没传的进站材料"), IntegerField(), unit=pgettext_lazy("材料", "份"))
def papers_missing(on):
    return missing_at(EntryPaper.Stage.ENTRY)


@stay.fact(_("还没传的出站材料"), IntegerField(), unit=pgettext_lazy("材料", "份"))
def exit_papers_missing(on):
    return missing_at(EntryPaper.Stage.EXIT)


@stay.fact(_("还没传的退站材料"), IntegerField(), unit=pgettext_lazy("材料", "份"))
def withdrawal_papers_missing(on):
    return missing_at(EntryPaper.Stage.WITHDRAWAL)


count_unanswered(stay)

# --- what was held ---------------------------------------------------------------------------------


def held(kind: str):
    """The last record of a kind that was held by the day."""

    def latest(on):
        rows = Milestone.objects.filter(stay=OuterRef("pk"), kind=kind)
        return (rows.filter(held_on__lte=on) if on else rows).order_by("-held_on", "-pk")

    return latest


PASSED = (MilestoneKind.PROPOSAL, MilestoneKind.MIDTERM, MilestoneKind.ASSESSMENT)


def passed_lines(rows, on):
    """The last day on which each kind was passed."""
    days = {
        f"{kind.value}_on": Max("held_on", filter=Q(kind=kind.value) & (Q(held_on__lte=on) if on else Q()))
        for kind in PASSED
    }
    found = Milestone.objects.exclude(grade=Grade.FAILED).order_by()
    if rows is not None:
        found = found.filter(stay__in=rows.values("pk"))
    return found.values(key=F("stay")).annotate(**days)


passed = Source(passed_lines)


def milestone_facts(kind: MilestoneKind) -> None:
    """When it was passed, and how it last came out: `<kind>_on`, `<kind>_grade`."""
    latest = held(kind.value)

    def passed_on(on):
        rows = latest(on).exclude(grade=Grade.FAILED)
        return Subquery(rows.values("held_on")[:1], output_field=DateField())

    def grade(on):
        return Subquery(latest(on).values("grade")[:1], output_field=CharField(null=True))

    passed_on.__name__, grade.__name__ = f"{kind.value}_on", f"{kind.value}_grade"
    stay.fact(
        format_lazy("{}{}", kind.label, _("通过日期")),
        DateField(null=True),
        sources=(passed,),
        over=lambda on, days: getattr(days, f"{kind.value}_on"),
    )(passed_on)
    stay.fact(format_lazy("{}{}", kind.label, _("结果")), CharField(null=True), choices=dict(Grade.choices))(grade)

    def is_passed(on):
        return Exists(latest(on).exclude(grade=Grade.FAILED))

    is_passed.__name__ = f"{kind.value}_passed"
    stay.fact(format_lazy("{}{}", kind.label, _("已通过")), BooleanField())(is_passed)


for _kind in PASSED:
    milestone_facts(_kind)


def failures(kind: MilestoneKind) -> None:
    """`<kind>_failures`: how often it failed by the day; none once it was passed."""

    def failed(on):
        rows = Milestone.objects.filter(stay=OuterRef("pk"), kind=kind.value)
        rows = (rows.filter(held_on__lte=on) if on else rows).order_by()
        number = reckoned(rows.filter(grade=Grade.FAILED), Count("pk"))
        return Case(When(Exists(rows.exclude(grade=Grade.FAILED)), then=0), default=number)

    failed.__name__ = f"{kind.value}_failures"
    stay.fact(format_lazy("{}{}", kind.label, _("未通过")), IntegerField(), unit=_("次"))(failed)


for _kind in PASSED:
    failures(_kind)

# --- the exit --------------------------------------------------------------------------------------


def assessed(column: str, field):
    return lambda on: Subquery(held(MilestoneKind.ASSESSMENT.value)(on).values(column)[:1], output_field=field)


@stay.fact(_("出站考核专家"), IntegerField(null=True), unit=_("人"))
def assessment_panel(on):
    return assessed("panel", IntegerField(null=True))(on)


@stay.fact(_("出站考核由合作导师任组长"), BooleanField(null=True))
def assessment_chaired(on):
    return assessed("chaired", BooleanField(null=True))(on)


@stay.fact(_("进站到出站考核"), IntegerField(null=True), unit=_("个月"))
def assessment_months(on):
    return whole("months", F("entered_on"), assessed("held_on", DateField())(on))


def months_laid_down(code: str):
    """A number of months that the city's settings give; NULL where they don't."""
    return laid_down(code, OuterRef("matter__district"))


@stay.fact(_("离最早可以出站"), IntegerField(null=True), unit=_("个月"))
def months_to_exit(on):
    """How many months of the shortest stay are still to come; foreigners have a shorter one. 0 once it is reached."""
    least = Case(
        When(identity="", then=None),
        When(identity=Identity.FOREIGN, then=months_laid_down("stays.months_foreign")),
        default=months_laid_down("stays.months"),
        output_field=IntegerField(null=True),
    )
    left = ExpressionWrapper(least - months_in(on), IntegerField(null=True))
    return Case(When(Exact(left, None), then=None), When(LessThan(left, 0), then=0), default=left)


EXITS = {"early": _("提前出站"), "normal": _("按期出站"), "extended": _("延期出站")}


@stay.fact(_("出站方式"), CharField(null=True), choices=EXITS)
def exit_kind(on):
    """Early before the usual length of a stay is reached, extended once an extension was filed; as if it ended that
    day where it hasn't. None for who isn't in yet or was withdrawn."""
    if on is None:
        return Value(None, CharField(null=True))
    filed = Extension.objects.filter(stay=OuterRef("pk"), filed_on__lte=on).order_by()
    return Case(
        When(Q(entered_on=None) | Q(entered_on__gt=on) | Q(withdrawn_on__lte=on), then=None),
        When(LessThan(months_in(on), months_laid_down("stays.months_usual")), then=Value("early")),
        When(Exists(filed), then=Value("extended")),
        default=Value("normal"),
        output_field=CharField(null=True),
    )


# --- signs -----------------------------------------------------------------------------------------


@stay.fact(_("进站后没有博士学位证书"), IntegerField(null=True), unit=_("个月"))
def months_uncertified(on):
    """0 from the day the certificate was issued; unknown where nobody told whether there is one."""
    have = Q(person__degree_on__lte=on) if on else Q(person__degree_on__isnull=False)
    have |= Q(person__degree_on=None, person__has_certificate=True)
    told = Q(person__has_certificate=None, person__degree_on=None)
    return Case(When(have, then=0), When(told, then=None), default=months_in(on), output_field=IntegerField(null=True))


def inside(on):
    return Q(entered_on__lte=on) & (Q(ended_on=None) | Q(ended_on__gt=on))


def days_between(since, until):
    """Whole days from one date to another."""
    return Func(until, since, template="(%(expressions)s)", arg_joiner=" - ", output_field=IntegerField(null=True))


@stay.fact(_("到期未办出站"), IntegerField(null=True), unit=_("天"))
def days_overdue(on):
    """Days in station beyond the last agreed one; 0 for whoever is not, NULL where nothing was agreed."""
    if on is None:
        return Value(None, IntegerField(null=True))
    over = days_between(planned_until(on), Value(on, DateField()))
    late = Case(When(LessThan(over, 0), then=0), default=over, output_field=IntegerField(null=True))
    return Case(When(inside(on), then=late), default=0, output_field=IntegerField(null=True))


@stay.fact(_("到当天各站合计在站"), IntegerField(null=True), unit=_("个月"))
def months_so_far(on):
    if on is None:
        return Value(None, IntegerField(null=True))
    until = Case(When(ended_on__lt=on, then=F("ended_on")), default=Value(on, DateField()))
    earlier = others().filter(entered_on__lte=on)
    earlier = reckoned(earlier, Sum(whole("months", F("entered_on"), until)))
    return ExpressionWrapper(months_in(on) + earlier, IntegerField(null=True))
