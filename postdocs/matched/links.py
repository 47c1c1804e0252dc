"""On the pages of a demand and of a match: who entered because of it."""

from django.utils.translation import gettext as _

from portal.links import Link, rows
from postdocs.stays.models import Stay
from stations.models import Demand, Match


def told(stays, user) -> list[Link]:
    seen = stays.filter(pk__in=Stay.objects.visible_to(user).values("pk")).select_related("person", "matter")
    return [
        Link(
            _("%(name)s，%(day)s 进站") % {"name": stay.person, "day": stay.entered_on}
            if stay.entered_on
            else _("%(name)s，进站办理中") % {"name": stay.person},
            stay.get_absolute_url(),
        )
        for stay in seen.order_by("entered_on", "pk")
    ]


@rows(Match)
def stays_of_match(row: Match, user) -> list[Link]:
    return told(Stay.objects.filter(match=row), user)


@rows(Demand)
def stays_of_demand(row: Demand, user) -> list[Link]:
    return told(Stay.objects.filter(match__demand=row), user)
