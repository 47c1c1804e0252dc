"""What evaluation asks: of a station on the day of the cut-off, of a round, of a sheet; and the stream of honours."""

from decimal import Decimal

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    DateField,
    DecimalField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    FloatField,
    Func,
    IntegerField,
    OuterRef,
    Q,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Least
from django.utils.translation import gettext_lazy as _

from portal.facts import Entry, Vocabulary
from portal.models import Evidence
from stations.applications.facts import counter
from stations.enterprises.facts import enterprise
from stations.models import Evaluation, EvaluationStatus, Honour, Line, Objection, Sheet
from stations.register.facts import station
from stations.roles import count_unanswered

# --- station: who takes part, and the figures that the records have -------------------------------------------------

station.borrow("enterprise", enterprise, _("单位"))


@station.fact(_("设站满几年"), IntegerField(null=True), unit=_("年"))
def years_since_approval(on):
    """Whole years from the approving paper to the day."""
    if on is None:
        return Value(None, IntegerField(null=True))
    age = Func(Value(on, DateField()), F("approved_on"), function="age", output_field=DurationField())
    return Cast(Func(Value("year"), age, function="date_part", output_field=FloatField()), IntegerField(null=True))


@station.fact(_("有效"), BooleanField(null=True))
def is_valid(on):
    if on is None:
        return Value(None, BooleanField(null=True))
    ended = Q(ended_on__isnull=False, ended_on__lte=on)
    return Case(When(approved_on__gt=on, then=False), When(ended, then=False), default=True)


@station.fact(_("研发投入占营业收入"), DecimalField(max_digits=14, decimal_places=2, null=True), unit="%")
def rd_share(on):
    share = F("enterprise__rd_spend") * Value(100) / F("enterprise__revenue")
    field = DecimalField(max_digits=14, decimal_places=2, null=True)
    return Case(When(enterprise__revenue__gt=0, then=ExpressionWrapper(share, field)), default=None, output_field=field)


# --- honours: +1 on the day of the award, −1 when the title or the station ends --------------------------------------


def describe(row):
    said = row.station
    return Entry(str(said), said.get_absolute_url(), str(said.enterprise), row.document, row.end_document)


honour = Vocabulary(
    "honour",
    Honour,
    district="station__matter__district",
    describe=describe,
    select=("station__enterprise__organisation", "station__matter__district"),
)
honour.column("code", _("称号"))
honour.column("awarded_on", _("授予日期"))
honour.column("station", _("工作站"))


@honour.fact(_("终止日期"), DateField(null=True))
def ended_on(on):
    """A title ends with its station at the latest."""
    return Least(F("ended_on"), F("station__ended_on"))


# --- a sheet: what is still open before it goes on -------------------------------------------------------------------

sheet = Vocabulary("assessment", Sheet)
sheet.column("round_status", _("评估阶段"), path="evaluation__status", choices=dict(EvaluationStatus.choices))


def lines():
    slot = Cast(OuterRef("item__code"), CharField())
    cited = Evidence.objects.filter(matter=OuterRef("sheet__matter"), slot=slot, removed_at=None)
    return Line.objects.annotate(cited=Exists(cited))


count_lines = counter(sheet, lines, "sheet_id")
JUDGED = Q(item__source="judged")
count_lines("unreported", _("还没填数的指标"), lambda on: ~JUDGED & Q(record=None, claimed=None))
count_lines(
    "unproved",
    _("还缺证明的指标"),
    lambda on: Q(item__evidence=True, cited=False) & (JUDGED | Q(claimed__gt=Coalesce("record", Value(Decimal(0))))),
)
count_lines(
    "unsettled",
    _("还没有评定的指标"),
    lambda on: (JUDGED & Q(settled=None)) | (~JUDGED & Q(record=None, claimed=None, checked=None, settled=None)),
)
count_unanswered(sheet)

# --- a round: whether every sheet is ready ---------------------------------------------------------------------------

evaluation = Vocabulary("evaluation", Evaluation)
OPEN = ("reporting", "certifying", "checking", "returned", "review")


def sheet_total(name, label, when):
    evaluation.total(
        name,
        label,
        unit=_("家"),
        source=Sheet,
        key="evaluation_id",
        aggregate=lambda q: Count(Value(1), filter=q),
        when=when,
    )


sheet_total("sheets_open", _("还没评分的站"), lambda on: Q(status__in=OPEN))
sheet_total("sheets_ungraded", _("还没拟定等次的站"), lambda on: Q(status="scored", grade=None))
evaluation.total(
    "objections_open",
    _("没有答复的公示异议"),
    unit=_("件"),
    source=Objection,
    key="matter_id",
    subject="matter_id",
    aggregate=lambda q: Count(Value(1), filter=q),
    when=lambda on: Q(received_on__lte=on) & (Q(answered_on=None) | Q(answered_on__gt=on)),
)
