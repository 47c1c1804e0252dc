"""Whom the city's register of universities knows by the names in agreements.

A name is known where it is a university's own or one of its other names; what nobody is known by waits for the bureau,
which says once for all agreements who is meant. So a link is always what the names make it, and typing it again, or
importing it, makes the same.
"""

from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

from django.db import transaction
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from portal import jobs
from portal.lifecycle import Refused
from portal.models import Pack, User
from stations.models import Cooperation, Partner, Station, University, UniversityName

LIKE = 0.6  # how much alike two names are before one is proposed for the other


def link(rows) -> None:
    """Write into these agreements whom their names stand for in the register of the station's city."""
    here = Station.objects.filter(pk=OuterRef(OuterRef(OuterRef("station_id")))).values("matter__district")
    city = {"pack__in": Pack.objects.filter(root__down__node__in=here).values("pk")}
    own = University.objects.filter(name=OuterRef("university"), **city).values("pk")[:1]
    other = UniversityName.objects.filter(name=OuterRef("university"), **city).values("university")[:1]
    rows.update(listed=Coalesce(Subquery(own), Subquery(other)))


def link_names(pack: Pack, names) -> None:
    """The register has changed: look again for agreements of the city with these names."""
    link(Partner.objects.filter(university__in=names, station__matter__district__up__ancestor=pack.root_id))
    jobs.ask("recompute")


@dataclass(frozen=True)
class Unlisted:
    """A name that the register doesn't know, in how many agreements it stands, and who is perhaps meant."""

    name: str
    agreements: int
    perhaps: University | None


def unlisted(pack: Pack, user: User) -> list[Unlisted]:
    """The names that wait for the bureau, the most frequent first."""
    rows = Partner.objects.filter(listed=None, station__in=Station.objects.visible_to(user).values("pk"))
    found = rows.order_by().values("university").annotate(n=Count("pk")).order_by("-n", "university")
    names = list(found.values_list("university", "n"))
    known = list(University.objects.filter(pack=pack).order_by("name")) if names else []
    return [Unlisted(name, n, nearest(name, known)) for name, n in names]


def nearest(name: str, known: list[University]) -> University | None:
    """The university whose name is most like this one; None where none is like it."""
    best = max(known, key=lambda row: likeness(name, row.name), default=None)
    return best if best and likeness(name, best.name) >= LIKE else None


def likeness(name: str, other: str) -> float:
    """1 where the short one's signs all stand in the long one in their order, as in abbreviations."""
    short, long = sorted((name, other), key=len)
    rest = iter(long)
    if len(short) > 1 and all(sign in rest for sign in short):
        return 1
    return SequenceMatcher(None, name, other, autojunk=False).ratio()


@transaction.atomic
def adopt(pack: Pack, name: str, university: University, *, by: User, on: date) -> None:
    """From now on the name stands for the university, in all agreements of the city. Raises Refused."""
    University.objects.select_for_update().get(pk=university.pk)
    if University.objects.filter(pack=pack, name=name).exists():
        raise Refused(_("名单里有叫“%(name)s”的高校院所，不能再指另一所。") % {"name": name})
    row, new = UniversityName.objects.get_or_create(
        pack=pack, name=name, defaults={"university": university, "by": by, "on": on}
    )
    if not new and row.university_id != university.pk:
        raise Refused(_("“%(name)s”已经关联到%(other)s。") % {"name": name, "other": row.university})
    link_names(pack, [name])


@transaction.atomic
def forget(row: UniversityName) -> None:
    """The name was given to the wrong one: its agreements wait again."""
    pack, name = row.pack, row.name
    row.delete()
    link_names(pack, [name])


@transaction.atomic
def renamed(university: University, before: str, *, by: User, on: date) -> None:
    """Agreements go on naming a university as it was called when they were signed."""
    names = [before, university.name]
    UniversityName.objects.filter(pack=university.pack_id, name=university.name, university=university).delete()
    if before != university.name and Partner.objects.filter(listed=university, university=before).exists():
        UniversityName.objects.get_or_create(
            pack=university.pack, name=before, defaults={"university": university, "by": by, "on": on}
        )
    link_names(university.pack, names)


def in_force(user: User, on: date):
    """The agreements with universities that hold on a day, of units that the person may see."""
    rows = Cooperation.objects.visible_to(user).filter(since__lte=on)
    return rows.filter(Q(until=None) | Q(until__gt=on))
