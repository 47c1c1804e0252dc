"""Showing a number once, and looking somebody up by one: for a purpose, on record, and not without end."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from portal import sealed
from portal.lifecycle import Refused
from portal.models import Matter, Pack, Role, Setting, User
from portal.models.people import BUREAU
from portal.site import pack_of
from postdocs.disclosures.models import Disclosure, Kind
from postdocs.people.models import IdentityPaper, Person
from postdocs.stays.models import Stay

SHOWN_TO = BUREAU | {Role.DISTRICT, Role.HANDLER}
DAILY = 30  # where a city says nothing


def matter_for(person: Person, user: User, number: str = "") -> Matter | None:
    """The case from which this user may see the person's number: the one named, else the latest; None where they have
    none to do with."""
    rows = Stay.objects.visible_to(user).filter(person=person).select_related("matter").order_by("-pk")
    mine = [
        s.matter
        for s in rows
        if SHOWN_TO & user.roles_for(organisation_id=s.matter.organisation_id, district_id=s.matter.district_id)
    ]
    return next((m for m in mine if m.number == number), mine[0] if mine else None)


@transaction.atomic
def show(paper: IdentityPaper, *, matter: Matter, purpose: str, note: str, by: User, on: date) -> str:
    """The number itself; who saw it is on record in the same moment. Raises Refused when today's share is used up."""
    pack = Pack.objects.get_for(matter.district_id)
    within_quota(by, pack, on)
    Disclosure.objects.create(
        kind=Kind.SHOWN, by=by, on=on, person=paper.person, paper=paper, matter=matter, district=matter.district,
        purpose=purpose, note=note,
    )  # fmt: skip
    return paper.plain


@transaction.atomic
def look_up(number: str, *, purpose: str, note: str, by: User, on: date) -> Person | None:
    """Whoever holds a normalised number, if the user may see them; a foreign number and one that nobody has answer
    alike, and both are on record. Raises Refused."""
    pack = pack_of(by)
    if pack is None:
        raise Refused(_("您现在没有任职，不能按号码查找。"))
    within_quota(by, pack, on)
    holders = IdentityPaper.objects.filter(number_index=sealed.index_of(number)).values("person")
    person = Person.objects.visible_to(by).filter(pk__in=holders).order_by("settled_on", "pk").first()
    Disclosure.objects.create(
        kind=Kind.SEARCHED, by=by, on=on, person=person, district=pack.root, purpose=purpose, note=note
    )
    return person


def within_quota(by: User, pack: Pack, on: date) -> None:
    """One after the other, so that nobody gets one more by pressing twice. Raises Refused."""
    User.objects.select_for_update().get(pk=by.pk)
    values = Setting.objects.values_of(pack)
    most = values.get("persons.reveals_daily")
    most = DAILY if most is None else most
    if Disclosure.objects.filter(by=by, on=on).count() >= most:
        raise Refused(
            _("您今天查看和查找号码已满 %(n)s 次。明天可以继续；确需当天办理的，请另一位经办人查看。") % {"n": most}
        )
