"""What can be said of a claim on a given day: what is still missing before it may go on."""

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Concat
from django.utils.translation import gettext_lazy as _

from portal.facts import Vocabulary
from portal.models import Evidence
from postdocs.stays.facts import reckoned
from stations.models import Objection
from stations.roles import count_unanswered
from subsidies.claims.models import Claim, ClaimStatus
from subsidies.schemes.models import OTHERS, SchemePaper

PAPER = "paper."  # slots of the documents of a claim
CONSENT = PAPER + "consent"  # signed by whoever's money it is and who has no account here

claim = Vocabulary("claim", Claim)
claim.column("status", _("环节"), choices=dict(ClaimStatus.choices))
claim.column("paid_on", _("到账日期"))
claim.column("approved", _("核定金额"), unit="yuan")


@claim.fact(_("还没传的材料"), IntegerField(), unit=_("份"))
def papers_missing(on):
    rows = SchemePaper.objects.filter(version=OuterRef("instalment__version"), required=True)
    given = Evidence.objects.filter(
        matter=OuterRef(OuterRef("matter")), slot=Concat(Value(PAPER), OuterRef("code")), removed_at=None
    )
    signed = Evidence.objects.filter(matter=OuterRef("matter"), slot=CONSENT, removed_at=None)
    outside = Q(person__isnull=False, person__user=None) | Q(instalment__version__scheme__payee__in=OTHERS)
    on_paper = Case(When(outside & ~Exists(signed), then=1), default=0)
    return ExpressionWrapper(reckoned(rows.exclude(Exists(given)).order_by(), Count("pk")) + on_paper, IntegerField())


@claim.fact(_("收款账户已填"), BooleanField())
def account_given(on):
    return Case(When(account__isnull=False, account__until=None, then=True), default=False)


@claim.fact(_("收款人已写明"), BooleanField())
def payee_named(on):
    others = Q(instalment__version__scheme__payee__in=OTHERS, payee=None)
    return Case(When(others, then=False), default=True)


@claim.fact(_("户名与收款人一致"), BooleanField(null=True))
def holder_matches(on):
    """Money for a person goes to an account in their name, money for a unit to one in its name."""
    whose = Coalesce(F("payee__name"), F("person__name"), F("matter__organisation__name"))
    return Case(
        When(account=None, then=None),
        When(account__holder=whose, then=True),
        default=False,
        output_field=BooleanField(null=True),
    )


count_unanswered(claim)
claim.total(
    "objections_open",
    _("没有答复的公示异议"),
    unit=_("件"),
    source=Objection,
    key="matter_id",
    subject="matter_id",
    aggregate=lambda q: Count(Value(1), filter=q),
    when=lambda on: Q(received_on__lte=on) & (Q(answered_on=None) | Q(answered_on__gt=on)),
)
