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
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from portal.facts import Entry, Vocabulary
from portal.models import Evidence, ReturnItem
from postdocs.people.models import IdentityPaper, Person
from postdocs.stays.models import (
    BEFORE,
    IN_SERVICE,
    EntryPaper,
    Grade,
    Identity,
    Milestone,
    MilestoneKind,
    RecruitType,
    Stay,
)
from stations.register.facts import station

PAPER = "paper."  # slots of the documents of an entry


def describe(row: Stay) -> Entry:
    document = row.committee_number or "—"
    return Entry(str(row.person), row.get_absolute_url(), str(row.station.enterprise), document)


def entering():
    return Stay.objects.filter(status__in=BEFORE, matter__filed_on__isnull=False)


stay = Vocabulary(
    "stay",
    Stay,
    describe=describe,
    select=("person", "station__enterprise__organisation", "matter__district"),
    pending=entering,
)
stay.column("recruit_type", _("招收类型"), choices=dict(RecruitType.choices))
stay.column("identity", _("当前身份"), choices=dict(Identity.choices))
stay.column("entered_on", _("进站日期"))
stay.column("ended_on", _("出站或退站日期"))
stay.column("withdrawn_on", _("退站日期"))
stay.column("planned_until", _("预计出站"))
stay.column("salary", _("年薪"), unit="yuan")
stay.column("channel", _("引才渠道"))
stay.column("certificate_number", _("博士后证书编号"))
stay.borrow("station", station, _("工作站"))


@stay.fact(_("人员"), CharField())
def person(on):
    """Who it is, for counting everybody once."""
    return Cast("person_id", CharField())


def day_of(on):
    """The day by which an entry is judged: its own, or this one as long as it isn't filed."""
    return Coalesce(F("entered_on"), Value(on, DateField()))


def whole(unit: str, since, until):
    """Whole years or months from one date to another; NULL where one isn't known."""
    age = Func(until, since, function="age")
    years = Func(Value("year"), age, function="date_part", output_field=IntegerField())
    if unit == "years":
        return Cast(years, IntegerField())
    months = Func(Value("month"), age, function="date_part", output_field=IntegerField())
    return Cast(years * 12 + months, IntegerField())


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


@stay.fact(_("以前进过几站"), IntegerField(), unit=_("站"))
def earlier_stays(on):
    return reckoned(others().exclude(withdrawn_on__isnull=False), Count("pk"))


@stay.fact(_("各站合计在站"), IntegerField(null=True), unit=_("个月"))
def months_in_all(on):
    """With what this stay's contract plans; unknown as long as it plans nothing."""
    since = Coalesce(F("entered_on"), F("contract_since"))
    until = Coalesce(F("ended_on"), F("planned_until"))
    earlier = reckoned(others(), Sum(whole("months", F("entered_on"), Coalesce("ended_on", "planned_until"))))
    return ExpressionWrapper(whole("months", since, until) + earlier, IntegerField(null=True))


@stay.fact(_("合同约定在站"), IntegerField(null=True), unit=_("个月"))
def months_planned(on):
    return whole("months", Coalesce(F("entered_on"), F("contract_since")), F("planned_until"))


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


@stay.fact(_("还没传的进站材料"), IntegerField(), unit=_("份"))
def papers_missing(on):
    """Of the documents that come with the entry; what may follow later isn't missing yet. `EntryPaper.is_for()` says
    the same of one."""
    rows = EntryPaper.objects.filter(pack__root__down__node=OuterRef("matter__district"), required=True, months=None)
    rows = rows.annotate(
        kind_=ExpressionWrapper(OuterRef("recruit_type"), CharField()),
        from_=ExpressionWrapper(OuterRef("person__degree_country"), CharField()),
    )
    abroad = Q(whom="abroad") & ~Q(from_="") & ~Q(from_="中国")
    rows = rows.filter(Q(whom="all") | Q(whom="joint", kind_="joint") | abroad)
    mine = Func(OuterRef("identity"), function="to_jsonb", output_field=JSONField())
    rows = rows.filter(Q(identities=[]) | Q(identities__contains=mine))
    slot = Concat(Value(PAPER), OuterRef("code"))
    given = Evidence.objects.filter(matter=OuterRef(OuterRef("matter")), slot=slot, removed_at=None)
    return reckoned(rows.exclude(Exists(given)).order_by(), Count("pk"))


stay.total(
    "returns_unanswered",
    _("退回后还没改的地方"),
    unit=_("处"),
    source=ReturnItem,
    key="event__matter_id",
    subject="matter_id",
    aggregate=lambda q: Count(Value(1), filter=q),
    when=lambda on: Q(event__on__lte=on, answered_at=None, resolved_at=None),
)

# --- what was held ---------------------------------------------------------------------------------


def held(kind: str):
    """The last record of a kind that was held by the day."""

    def latest(on):
        rows = Milestone.objects.filter(stay=OuterRef("pk"), kind=kind)
        return (rows.filter(held_on__lte=on) if on else rows).order_by("-held_on", "-pk")

    return latest


def milestone_facts(kind: MilestoneKind) -> None:
    """When it was passed, and how it last came out: `<kind>_on`, `<kind>_grade`."""
    latest = held(kind.value)

    def passed_on(on):
        rows = latest(on).exclude(grade=Grade.FAILED)
        return Subquery(rows.values("held_on")[:1], output_field=DateField())

    def grade(on):
        return Subquery(latest(on).values("grade")[:1], output_field=CharField(null=True))

    passed_on.__name__, grade.__name__ = f"{kind.value}_on", f"{kind.value}_grade"
    stay.fact(format_lazy("{}{}", kind.label, _("通过日期")), DateField(null=True))(passed_on)
    stay.fact(format_lazy("{}{}", kind.label, _("结果")), CharField(null=True), choices=dict(Grade.choices))(grade)

    def is_passed(on):
        return Exists(latest(on).exclude(grade=Grade.FAILED))

    is_passed.__name__ = f"{kind.value}_passed"
    stay.fact(format_lazy("{}{}", kind.label, _("已通过")), BooleanField())(is_passed)


for _kind in (MilestoneKind.PROPOSAL, MilestoneKind.MIDTERM, MilestoneKind.ASSESSMENT):
    milestone_facts(_kind)
