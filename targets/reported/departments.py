"""Whose an indicator is: plans name departments in words, people sit in organisations."""

from collections.abc import Iterable
from datetime import date

from portal.models import Appointment, Organisation, Pack, Role, User
from portal.models.people import BUREAU
from targets.models import Indicator, Plan
from targets.plans.indicators import REPORTED

KINDS = (Organisation.Kind.BUREAU, Organisation.Kind.DEPARTMENT, Organisation.Kind.FINANCE)
SHORT = {"人力资源和社会保障局": "人社局"}  # how papers call a bureau that everybody has
SEES_ALL = BUREAU | {Role.AUDITOR}


def speaks_for(organisation: Organisation, name: str) -> bool:
    """Whether a paper that says `name` means this organisation: by its name, or what is left of it without the city."""
    short = next((s for long, s in SHORT.items() if organisation.name.endswith(long)), "")
    own = {organisation.name, short} if short else {organisation.name}
    return name in own or (
        organisation.kind == Organisation.Kind.BUREAU and len(name) > 4 and organisation.name.endswith(name)
    )


def departments(pack: Pack) -> list[Organisation]:
    """The bureau first, then the others by name."""
    rows = Organisation.objects.filter(pack=pack, kind__in=KINDS)
    return sorted(rows, key=lambda o: (o.kind != Organisation.Kind.BUREAU, o.code))


def own(organisation: Organisation, rows: Iterable[Indicator]) -> list[Indicator]:
    """The reported indicators that this department answers for."""
    return [i for i in rows if i.source == REPORTED and any(speaks_for(organisation, n) for n in i.departments)]


def plans_of(pack: Pack, on: date) -> list[Plan]:
    """The plans with figures that departments report, the one in force first."""
    rows = Plan.objects.filter(pack=pack, since__lte=on, indicators__source=REPORTED).distinct()
    return list(rows.select_related("pack__root").order_by("-until", "order", "pk"))


def organisations_of(user: User, on: date) -> set[int]:
    """Where this person reports for."""
    rows = Appointment.objects.in_force(on).filter(user=user, role=Role.REPORTER, organisation__isnull=False)
    return set(rows.values_list("organisation", flat=True))


def seen_by(user: User, pack: Pack, on: date) -> list[Organisation]:
    """The departments whose pages this person may open: one's own, or all of the city."""
    rows = departments(pack)
    if user.scope.roles & SEES_ALL:
        return rows
    mine = organisations_of(user, on)
    return [row for row in rows if row.pk in mine]


def reporters(organisation: Organisation, on: date) -> list[User]:
    """Whom to ask."""
    rows = Appointment.objects.in_force(on).filter(organisation=organisation, role=Role.REPORTER, user__is_active=True)
    return [row.user for row in rows.select_related("user").order_by("pk")]
