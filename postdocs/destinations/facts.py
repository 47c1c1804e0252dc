"""What can be said of where somebody went, on a given day: three-valued, because nobody is gone for want of an answer."""

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Ceil, Coalesce, Greatest
from django.utils.translation import gettext_lazy as _

from portal.laid_down import laid_down
from postdocs.destinations.models import FIRMS, Destination, DestinationType, FollowUp
from postdocs.stays.facts import stay

CONTRACT = "destination.contract_months"  # the setting: how long a contract with an enterprise must be at least


def out(on) -> Q:
    """Left the station by the day; a withdrawal is no exit."""
    gone = Q(ended_on__isnull=False, withdrawn_on=None)
    return gone & Q(ended_on__lte=on) if on else gone


def told(on, column: str):
    return Case(When(out(on), then=F(f"destination__{column}")), default=None)


@stay.fact(_("去向已登记"), BooleanField())
def destination_told(on):
    return Exists(Destination.objects.filter(stay=OuterRef("pk")))


@stay.fact(_("去向类型"), CharField(null=True), choices=dict(DestinationType.choices))
def destination(on):
    return told(on, "type")


@stay.fact(_("出站时留在本市"), BooleanField(null=True))
def stayed_at_exit(on):
    return told(on, "in_city")


@stay.fact(_("出站后全职"), BooleanField(null=True))
def works_full_time(on):
    return told(on, "full_time")


@stay.fact(_("仍在本市"), BooleanField(null=True))
def stays_in_city(on):
    """What was found out last, by the day: at a follow-up, else at the exit. An answer “unknown” is unknown."""
    asked = FollowUp.objects.filter(stay=OuterRef("pk"))
    asked = (asked.filter(checked_on__lte=on) if on else asked).order_by("-checked_on", "-months")
    return Case(
        When(~out(on), then=None),
        When(Exists(asked), then=Subquery(asked.values("in_city")[:1])),
        default=F("destination__in_city"),
        output_field=BooleanField(null=True),
    )


@stay.fact(_("企业合同比要求短"), IntegerField(null=True), unit=_("个月"))
def contract_shortfall(on):
    """Of a contract with an enterprise, against what the city asks; 0 for who goes elsewhere."""
    wanted = Coalesce(laid_down(CONTRACT, OuterRef("matter__district")), 0)
    agreed = Cast(Ceil(F("destination__contract_years") * 12), IntegerField())
    return Case(
        When(destination=None, then=None),
        When(~Q(destination__type__in=FIRMS), then=0),
        When(destination__contract_years=None, then=None),
        default=Greatest(Value(0), wanted - agreed),
        output_field=IntegerField(null=True),
    )
