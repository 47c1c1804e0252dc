"""Who of several colleagues has a matter in hand. It says who is at it, and stops nobody who stands in.

Where only one person could act there is nothing to say, and pages show nothing of it.
"""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from portal import notices
from portal.lifecycle import LIFECYCLES, NotYours, Refused, absent_for
from portal.models import Event, Matter, Notice, User
from portal.models.people import STANDS_IN
from portal.words import localised


@dataclass
class Holding:
    """`by` has it in hand (None: nobody yet); `colleagues` could have it passed on to them."""

    by: User | None
    mine: bool
    colleagues: list[User]


def officers(matter: Matter):
    """The people whose turn it is today: those of the holder's role, and those who stand in."""
    shared = matter.holder and LIFECYCLES[matter.kind].shared
    return notices.reaching(matter, roles_of(matter)) if shared else User.objects.none()


def roles_of(matter: Matter) -> set[str]:
    return {matter.holder} | {role for role, others in STANDS_IN.items() if matter.holder in others}


def holding(matter: Matter, user) -> Holding | None:
    """What a page says to one whose turn it is; None for everybody else, and where there is only one person."""
    people = list(officers(matter).order_by("name", "pk"))
    if user not in people or len(people) < 2:
        return None
    return Holding(matter.claimed_by, matter.claimed_by_id == user.pk, [p for p in people if p != user])


@transaction.atomic
def hand(matter: Matter, action: str, *, by: User, on: date, to: User | None = None, note: str = "") -> Matter:
    """Take a matter in hand, pass it on to a colleague, or leave it to all again. Raises NotYours or Refused."""
    matter = Matter.objects.select_for_update().get(pk=matter.pk)
    people = list(officers(matter))
    if by not in people:
        raise NotYours(_("这件事现在不由您办理。"))
    if action == "claim" and matter.claimed_by_id not in (None, by.pk):
        raise Refused(_("已由%(who)s接手，请刷新查看。") % {"who": matter.claimed_by})
    if action == "pass_on" and to not in people:
        raise Refused(_("只能转交给现在能办这件事的同事。"))
    new = {"claim": by, "pass_on": to, "release": None}[action]
    if matter.claimed_by == new:
        return matter
    absent = absent_for(matter, by, roles_of(matter))
    matter.claimed_by = new
    matter.version += 1
    matter.save(update_fields=["claimed_by", "version", "changed_at"])
    details = {"to": new.name} if action == "pass_on" else {}
    if absent:
        details["for"] = User.objects.values_list("name", flat=True).get(pk=absent)
    Event.objects.create(
        matter=matter,
        round=matter.round,
        action=action,
        source=matter.status,
        target=matter.status,
        on=on,
        by=by,
        note=note,
        on_behalf_id=absent,
        details=details,
    )
    if new and new != by:
        tell(matter, new, by, note)
    return matter


def tell(matter: Matter, to: User, by: User, note: str) -> None:
    with translation.override(to.language):
        text = _("%(who)s把 %(number)s %(title)s 转交给您") % {
            "who": by,
            "number": matter.number,
            "title": localised(matter, "title"),
        }
        text = _("%(text)s：%(note)s") % {"text": text, "note": note} if note else text
    notices.deliver([Notice(user=to, matter=matter, text=text[:300])], urgent=False)
