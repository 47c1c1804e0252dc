"""From the pages of people and stations to their card."""

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.links import Link, links
from portal.models import Role
from portal.models.people import CASEWORK
from portal.site import pack_of, remembered
from postdocs.models import Doctor, Person, Stay
from stations.models import Station
from subsidies.schemes.models import SubsidyScheme


def has_schemes(user) -> bool:
    pack = pack_of(user)
    rows = SubsidyScheme.objects.published().filter(pack=pack)  # type: ignore[attr-defined]
    return pack is not None and remembered(f"schemes:{pack.pk}", lambda: "yes" if rows.exists() else "no") == "yes"


@links(Person, Stay, Doctor)
def card_of_person(row, user) -> Link | None:
    person = row.pk if isinstance(row, Person) else row.person_id
    own = Role.POSTDOC in user.scope.roles
    if not (own or user.scope.roles & CASEWORK) or not has_schemes(user):
        return None
    return Link(_("明白卡"), reverse("subsidies:card") if own else reverse("subsidies:person_card", args=[person]))


@links(Station)
def card_of_station(row: Station, user) -> Link | None:
    if not user.scope.roles & CASEWORK or not has_schemes(user):
        return None
    return Link(_("明白卡"), reverse("subsidies:station_card", args=[row.matter.number]))
