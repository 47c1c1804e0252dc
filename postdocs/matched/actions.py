"""Saying of a stay which match led to it. The database refuses one of another enterprise or another station."""

from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.lifecycle import HAPPENINGS, Refused
from portal.models import User
from postdocs.stays.actions import lock, written
from postdocs.stays.columns import AGREED
from postdocs.stays.models import Stay
from stations.demands.lifecycle import BROKERS
from stations.models import Match

HAPPENINGS.update({"match": gettext_lazy("登记由哪次对接引进"), "unmatch": gettext_lazy("取消与对接的关联")})


def may_say(stay: Stay, user: User) -> bool:
    """Whoever may bring the two sides of a match together, for this unit."""
    matter = stay.matter
    return bool(user.roles_for(organisation_id=matter.organisation_id, district_id=matter.district_id) & BROKERS)


def possible(stay: Stay) -> QuerySet[Match]:
    """The signed matches that may have led to the stay: its enterprise's, of its station where the demand names one,
    signed by the day of the entry."""
    here = Q(demand__station=None) | Q(demand__station__in=[stay.station_id, stay.station.upgraded_from_id])
    rows = Match.objects.filter(here, demand__enterprise=stay.station.enterprise_id, status__in=AGREED)
    rows = rows.filter(signed_on__lte=stay.entered_on) if stay.entered_on else rows
    return rows.select_related("matter", "demand__matter", "flow__university").order_by("-signed_on", "-pk")


@transaction.atomic
def say(stay: Stay, match: Match | None, *, by: User, on: date) -> Stay:
    """The match that led to the stay; None: none did. Raises Refused."""
    stay = lock(stay)
    if not may_say(stay, by):
        raise Refused(_("这段在站经历的来源不由您登记。"))
    if match and not possible(stay).filter(pk=match.pk).exists():
        raise Refused(_("这次对接不是本站的，或签约晚于进站，请核对。"))
    before, stay.match = stay.match, match
    stay.save(update_fields=["match"])
    if match and match != before:
        written(stay, "match", by=by, on=on, details={"match": match.matter.number})
    elif before and match is None:
        written(stay, "unmatch", by=by, on=on, details={"match": before.matter.number})
    return stay
