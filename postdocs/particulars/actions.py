"""Who reads the optional particulars: the person, and until the entry is filed the unit that types them."""

from django.utils.translation import gettext as _

from portal.models import User
from postdocs.particulars import rows
from postdocs.particulars.models import Marital
from postdocs.people.models import Person
from postdocs.stays.actions import handles
from postdocs.stays.models import BEFORE, Stay


def may_read(person: Person, user: User, stay: Stay | None = None) -> bool:
    """The person themselves; and the unit's handlers, who type it into the national form, until the entry is filed."""
    return person.user_id == user.pk or (stay is not None and stay.status in BEFORE and handles(stay, user))


def read(person: Person, user: User, stay: Stay | None = None) -> list[tuple[str, str]]:
    """What this user may read of it, by label; empty where nothing was told."""
    if not may_read(person, user, stay):
        return []
    told = rows.told_of(person)
    marital = dict(Marital.choices).get(told.get("marital", ""), "")
    follows = {True: _("是"), False: _("否")}.get(told.get("spouse_follows"), "")  # type: ignore[call-overload]
    lines = [
        (_("婚姻状况"), str(marital)),
        (_("配偶姓名"), told.get("spouse_name", "")),
        (_("配偶工作单位"), told.get("spouse_unit", "")),
        (_("配偶随站流动"), str(follows)),
        (_("子女情况"), told.get("children", "")),
        (_("博士论文摘要"), person.abstract),
    ]
    return [line for line in lines if line[1]]
