"""What money asks that no other topic needed to know: fresh graduates, newly introduced, scarce majors, the first recruit."""

from django.db.models import (
    BooleanField,
    Case,
    DateField,
    Exists,
    F,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import ExtractYear, Least
from django.db.models.lookups import GreaterThan, IsNull, LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from portal.facts import Vocabulary
from portal.laid_down import laid_down, laid_down_at
from postdocs.models import (
    Doctor,
    Doctoral,
    Engagement,
    Grade,
    Milestone,
    MilestoneKind,
    Outcome,
    Stay,
    WithdrawalGround,
)
from postdocs.outcomes.kinds import OutcomeKind
from postdocs.rosters.facts import NEWLY, doctor, doctoral
from postdocs.rosters.facts import introduced as introduced_within
from postdocs.selections.facts import selection
from postdocs.stays.facts import later, stay, whole
from stations.models import MainStation, Sheet
from stations.register.facts import station
from subsidies.schemes.models import ScarceMajor

FRESH = "A21"  # the setting: how many months after the certificate somebody is a fresh graduate still


def fresh_within(degree, contract, months):
    """The contract was signed within so many months of the certificate; one signed before it is fresh as well. Unknown
    where the city doesn't say how many."""
    last = later(degree, months)
    return Case(
        When(IsNull(degree, True) | IsNull(contract, True), then=None),
        When(LessThanOrEqual(contract, last), then=True),
        When(GreaterThan(contract, last), then=False),
        default=None,
        output_field=BooleanField(null=True),
    )


def fresh_at(contract: str, district: str):
    return fresh_within(F("person__degree_on"), F(contract), laid_down(FRESH, OuterRef(district)))


def newly_at(field: str, when=None):
    """What the common view of doctors and postdocs says of the introduction; NULL for who isn't in it yet. `when`: the
    day of the introduction, else it is as the view's own fact has it."""
    rows = Doctoral.objects.filter(**{field: OuterRef("pk")}).order_by()
    told = Case(
        When(IsNull(doctoral.facts["introduced_on"].at(None) if when is None else when, True), then=False), default=True
    )
    return Subquery(rows.annotate(told=told).values("told")[:1], output_field=BooleanField(null=True))


def scarce_on(lists, discipline):
    """On these lists; unknown where there are none."""
    return Case(
        When(~Exists(lists), then=None),
        When(Exists(lists.filter(discipline=discipline)), then=True),
        default=False,
        output_field=BooleanField(null=True),
    )


def scarce_at(day: str, district: str):
    """On the list of the year; unknown as long as there is no list of that year, or no discipline on record."""
    lists = ScarceMajor.objects.filter(pack__root__down__node=OuterRef(district), year=ExtractYear(OuterRef(day)))
    found = scarce_on(lists, OuterRef("person__discipline"))
    return Case(When(Q(person__discipline=""), then=None), default=found, output_field=BooleanField(null=True))


def introduced(vocabulary: Vocabulary, *, contract: str, since: str, district: str) -> None:
    """What is asked of an introduction, of a postdoc and of any other doctor alike."""

    def over(on, allowed):
        return fresh_within(F("person__degree_on"), F(contract), allowed.number)

    @vocabulary.fact(_("应届博士毕业生"), BooleanField(null=True), sources=(laid_down_at(FRESH, district),), over=over)
    def fresh(on):
        return fresh_at(contract, district)

    def newly_over(on, allowed):
        return newly_at(vocabulary.name, introduced_within(allowed.number, allowed.number))

    @vocabulary.fact(_("新引进"), BooleanField(null=True), sources=(laid_down_at(NEWLY, district),), over=newly_over)
    def newly(on):
        return newly_at(vocabulary.name)

    @vocabulary.fact(_("急需紧缺专业"), BooleanField(null=True))
    def scarce_major(on):
        return scarce_at(since, district)


introduced(stay, contract="contract_since", since="entered_on", district="matter__district")
introduced(doctor, contract="since", since="since", district="district")


@stay.fact(_("已退站"), BooleanField())
def withdrawn(on):
    gone = Q(withdrawn_on__lte=on) if on else Q(withdrawn_on__isnull=False)
    return Case(When(gone, then=True), default=False, output_field=BooleanField())


@stay.fact(_("退站原因"), stay.facts["channel"].field, choices=dict(WithdrawalGround.choices))
def ground(on):
    return Case(When(withdrawal_ground="", then=None), default=F("withdrawal_ground"))


@stay.fact(_("出站日期（不含退站）"), DateField(null=True))
def exited_on(on):
    out = Q(ended_on__isnull=False, withdrawn_on=None)
    out &= Q(ended_on__lte=on) if on else Q()
    return Case(When(out, then=F("ended_on")), default=None, output_field=DateField(null=True))


@stay.fact(_("进站时分站属于园区总站"), BooleanField(null=True))
def under_main(on):
    """Whether a main station helped it to recruit, as far as records tell: it belonged to one on the day of the entry."""
    mine = MainStation.objects.filter(station=OuterRef("station"), since__lte=OuterRef("entered_on"))
    mine = mine.filter(Q(until=None) | Q(until__gt=OuterRef("entered_on")))
    return Case(
        When(entered_on=None, then=None), When(Exists(mine), then=True), default=False,
        output_field=BooleanField(null=True),
    )  # fmt: skip


@stay.fact(_("成果首次在本地转化"), DateField(null=True))
def transferred_on(on):
    """The day of the first transfer of results that was verified and is put to use here."""
    rows = Outcome.objects.filter(owners__stay=OuterRef("pk"), kind=OutcomeKind.TRANSFER, details__landed=True)
    rows = rows.filter(verified_on__isnull=False)
    rows = rows.filter(Q(voided_on=None) | Q(voided_on__gt=on), done_on__lte=on) if on else rows.filter(voided_on=None)
    found = rows.order_by().values("owners__stay").annotate(first=Min("done_on")).values("first")
    return Subquery(found, output_field=DateField(null=True))


@doctor.fact(_("全职"), BooleanField())
def full_time(on):
    return Case(When(engagement=Engagement.FULL, then=True), default=False, output_field=BooleanField())


@doctor.fact(_("已到岗"), IntegerField(null=True), unit=_("个月"))
def months_here(on):
    if on is None:
        return Value(None, IntegerField(null=True))
    until = Case(When(until__lt=on, then=F("until")), default=Value(on, DateField()))
    return whole("months", F("since"), until)


def first_of(rows, column: str) -> Subquery:
    found = rows.order_by().values("station").annotate(first=Min(column)).values("first")
    return Subquery(found, output_field=DateField(null=True))


@station.fact(_("首名博士后进站"), DateField(null=True))
def first_postdoc_on(on):
    rows = Stay.objects.filter(station=OuterRef("pk"), entered_on__isnull=False, withdrawn_on=None)
    return first_of(rows.filter(entered_on__lte=on) if on else rows, "entered_on")


@station.fact(_("首名博士后通过开题"), DateField(null=True))
def first_proposal_on(on):
    rows = Milestone.objects.filter(stay__station=OuterRef("pk"), kind=MilestoneKind.PROPOSAL)
    rows = (rows.filter(held_on__lte=on) if on else rows).exclude(grade=Grade.FAILED)
    found = rows.order_by().values("stay__station").annotate(first=Min("held_on")).values("first")
    return Subquery(found, output_field=DateField(null=True))


@station.fact(_("设站后首次招收博士或博士后"), DateField(null=True))
def first_recruit_on(on):
    """The first postdoc at the station, or the first doctor at its unit, who came after it was set up."""
    whose = Doctor.objects.filter(organisation=OuterRef("enterprise__organisation"), confirmed_on__isnull=False)
    whose = whose.filter(since__gte=OuterRef("approved_on"))
    whose = (whose.filter(since__lte=on) if on else whose).order_by().values("organisation")
    doctors = Subquery(whose.annotate(first=Min("since")).values("first"), output_field=DateField(null=True))
    return Least(first_postdoc_on(on), doctors)


@station.fact(_("最近一次评为优秀"), DateField(null=True))
def excellent_on(on):
    """The day on which the result of the last evaluation with the grade “excellent” was published."""
    rows = Sheet.objects.filter(station=OuterRef("pk"), grade__code="excellent", decision__isnull=False)
    rows = rows.filter(evaluation__published_on__isnull=False)
    rows = rows.filter(evaluation__published_on__lte=on) if on else rows
    found = rows.order_by().values("station").annotate(last=Max("evaluation__published_on")).values("last")
    return Subquery(found, output_field=DateField(null=True))


@selection.fact(_("已取消"), BooleanField())
def revoked(on):
    gone = Q(revoked_on__lte=on) if on else Q(revoked_on__isnull=False)
    return Case(When(gone, then=True), default=False, output_field=BooleanField())


@selection.fact(_("上级资助金额"), selection.facts["amount"].field, unit="yuan")
def upper_amount(on):
    return F("amount")
