"""Who writes a career: the enterprise while it writes an entry or an exit, and the person themselves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from portal.lifecycle import Refused
from portal.models import Pack, Setting, User
from portal.site import remembered
from postdocs.careers.gaps import Gap, Overlap, gaps_of, overlaps_of
from postdocs.careers.models import CareerRow
from postdocs.people.models import Person
from postdocs.stays import actions as stays
from postdocs.stays.models import Stay

TARGET = "person:career"  # what a return names
ALLOWED = 2  # months, where a city says nothing


@dataclass
class Career:
    """A career in its order, with what doesn't fit."""

    rows: list[CareerRow]
    gaps: list[Gap] = field(default_factory=list)
    overlaps: list[Overlap] = field(default_factory=list)


def career_of(person: Person, *, known: Sequence[Stay], on: date) -> Career:
    """Up to the first entry that was filed, else up to this day: after it the stays themselves tell. `known`: all
    stays of the person, the latest first; the city of that one says what counts as a gap."""
    rows = list(person.career.order_by("since", "pk"))
    through = min((s.entered_on for s in known if s.entered_on), default=on)
    district = known[0].matter.district_id if known else None
    return Career(rows, gaps_of(rows, through=through, allowed=allowed(district)), overlaps_of(rows))


def allowed(district: int | None) -> int:
    """How many months nobody asks about in this city."""
    if district is None:
        return ALLOWED
    pack = remembered(f"pack:{district}", Pack.objects.above(district).select_related("root").first)
    values = remembered(f"days:{pack.pk}", lambda: Setting.objects.values_of(pack)) if pack else {}
    found = values.get("persons.gap_months")
    return ALLOWED if found is None else found


def writable(person: Person, user: User) -> Stay | None:
    """The stay for which this person's enterprise may write now."""
    rows = Stay.objects.visible_to(user).filter(person=person, status__in=stays.OPEN).select_related("matter")
    return written_by(user, rows)


def written_by(user: User, rows: Iterable[Stay]) -> Stay | None:
    """The first of these stays for which this user may write a career."""
    mine = (s for s in rows if s.status in stays.OPEN and stays.handles(s, user))
    return next((s for s in mine if stays.is_open(stays.open_targets(s), TARGET)), None)


def may_write(person: Person, user: User) -> bool:
    return person.user_id == user.pk or writable(person, user) is not None


@transaction.atomic
def keep(row: CareerRow, *, by: User) -> CareerRow:
    """A row that is new or was changed. Raises Refused, ValidationError."""
    person = opened(row.person, by)
    row.full_clean(exclude=["person"], validate_constraints=False)
    row.validate_constraints()
    row.save()
    touched(person, by)
    return row


@transaction.atomic
def strike(row: CareerRow, *, by: User) -> None:
    """Take a row away. Raises Refused."""
    person = opened(row.person, by)
    row.delete()
    touched(person, by)


def opened(person: Person, by: User) -> Person:
    person = Person.objects.select_for_update().get(pk=person.pk)
    if not may_write(person, by):
        raise Refused(_("这份经历现在不能修改：已提交，或退回时没有列出。"))
    return person


def touched(person: Person, by: User) -> None:
    Person.objects.filter(pk=person.pk).update(version=F("version") + 1)
    stay = writable(person, by)
    if stay:
        stays.mended(stay, TARGET)
