"""What can be said of an outcome on a given day: what it is, since when it counts, until when."""

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    DateField,
    DecimalField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    Value,
    When,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from portal.facts import Coming, Entry, Vocabulary
from portal.models import Evidence
from postdocs.outcomes.kinds import OutcomeKind
from postdocs.outcomes.models import During, Outcome, OutcomeStatus, Owner
from stations.register.facts import station
from stations.roles import count_unanswered

PROOF = "paper.proof"  # the slot of an outcome's evidence


def describe(row: Outcome) -> Entry:
    document = str(row.details.get("doi") or row.details.get("number") or "—")
    return Entry(row.title, row.get_absolute_url(), str(row.station.enterprise), document)


def waiting():
    return Outcome.objects.filter(status=OutcomeStatus.DISTRICT, verified_on=None)


outcome = Vocabulary(
    "outcome",
    Outcome,
    describe=describe,
    select=("matter__district", "station__enterprise__organisation"),
    coming=[Coming(waiting, describe=describe, select=("matter__district", "station__enterprise__organisation"))],
    of={"station": "owners__stay__station"},  # joint owners share one row, and it counts for each one's station
)
outcome.column("kind", _("成果类型"), choices=dict(OutcomeKind.choices))
outcome.column("done_on", _("成果日期"))
outcome.column("verified_on", _("核验日期"))
outcome.column("granted_on", _("授权日期"))
outcome.column("voided_on", _("作废日期"))
outcome.column("first_unit", _("本单位为第一完成单位"))
outcome.borrow("station", station, _("工作站"))


@outcome.fact(_("计入日期"), DateField(null=True))
def counted_on(on):
    """The outcome's own day, once it is verified: only what was verified counts."""
    return Case(When(verified_on__isnull=False, then=F("done_on")), default=None, output_field=DateField(null=True))


@outcome.fact(_("已核验"), BooleanField())
def is_verified(on):
    """Verified by the day and not voided by it."""
    if on is None:
        return Case(When(verified_on__isnull=False, voided_on=None, then=True), default=False)
    stands = Q(voided_on=None) | Q(voided_on__gt=on)
    return Case(When(Q(verified_on__lte=on) & stands, then=True), default=False)


@outcome.fact(_("已授权"), BooleanField(null=True))
def is_granted(on):
    """Of patents, whether the grant was issued by the day; of all else unknown, because they have none."""
    granted = Q(granted_on__isnull=False) if on is None else Q(granted_on__lte=on)
    return Case(
        When(~Q(kind=OutcomeKind.PATENT), then=None),
        When(granted, then=True),
        default=False,
        output_field=BooleanField(null=True),
    )


@outcome.fact(_("取得时间"), CharField(), choices=dict(During.choices))
def during(on):
    """In station if it was so for one of its owners, else after the exit, else before the entry."""
    mine = Owner.objects.filter(outcome=OuterRef("pk"), stay__entered_on__lte=OuterRef("done_on"))
    inside = mine.filter(Q(stay__ended_on=None) | Q(stay__ended_on__gt=OuterRef("done_on")))
    return Case(
        When(Exists(inside), then=Value(During.INSIDE)),
        When(Exists(mine), then=Value(During.AFTER)),
        default=Value(During.BEFORE),
        output_field=CharField(),
    )


@outcome.fact(_("金额"), DecimalField(max_digits=14, decimal_places=2, null=True), unit="yuan")
def amount(on):
    """Of projects, grants and transfers."""
    return Cast(KT("details__amount"), DecimalField(max_digits=14, decimal_places=2, null=True))


@outcome.fact(_("在本市落地转化"), BooleanField(null=True))
def is_landed(on):
    """Of transfers, whether it is put to use in the city; unknown as long as nobody says so."""
    told = Cast(KT("details__landed"), BooleanField(null=True))
    return Case(When(kind=OutcomeKind.TRANSFER, then=told), default=None, output_field=BooleanField(null=True))


@outcome.fact(_("还没传的证明材料"), IntegerField(), unit=_("份"))
def proof_missing(on):
    given = Evidence.objects.filter(matter=OuterRef("matter"), slot=PROOF, removed_at=None)
    return Case(When(Exists(given), then=0), default=1, output_field=IntegerField())


count_unanswered(outcome)
