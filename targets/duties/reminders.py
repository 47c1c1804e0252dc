"""Reminders of duties that fall due: to the lead and to every unit that has part in them, a month and a week before."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from django.db.models import Q
from django.utils.translation import gettext_lazy, ngettext

from portal.models import Appointment, Organisation, Pack, Role, User
from portal.models.people import BUREAU
from portal.reminders import KINDS, Bell, ring, threshold
from portal.words import localised
from targets.duties.actions import near_of
from targets.duties.models import OPEN, Occurrence

KINDS["duty"] = gettext_lazy("工作清单任务快到期")
AGAIN = 7  # days before its end that one rings once more


def near(on: date) -> int:
    """How many were told of what is open and due soon. Who has it in hand hears once more by its promise when it is over."""
    count = 0
    for pack in Pack.objects.select_related("root"):
        days = near_of(pack)
        rows = Occurrence.objects.filter(
            duty__pack=pack, status__in=OPEN, since__lte=on, due_on__gte=on, due_on__lte=on + timedelta(days)
        )
        rows = rows.select_related("matter", "duty", "lead").prefetch_related("duty__units").order_by("due_on", "pk")
        count += ring("duty", bells(list(rows), pack, days, on))
    return count


def bells(rows, pack: Pack, days: int, on: date) -> Iterator[Bell]:
    people = people_of(pack, on) if rows else {}
    for row in rows:
        left = (row.due_on - on).days
        units = {row.lead_id, *(unit.organisation_id for unit in row.duty.units.all())}
        told = {user.pk: user for unit in units for user in people.get(unit, [])}
        if row.duty.everywhere:
            told |= {user.pk: user for user in people.get(None, [])}
        yield Bell(
            key=f"{row.pk}:{row.due_on}:{threshold(left, (days, AGAIN))}",
            people=list(told.values()),
            text=partial(text_of, row, left),
            path=row.get_absolute_url(),
        )


def people_of(pack: Pack, on: date) -> dict[int | None, list[User]]:
    """Who speaks for which unit of a city; under None the officers of its districts."""
    found: dict[int | None, list[User]] = {}
    rows = Appointment.objects.in_force(on).filter(
        Q(role__in=[Role.REPORTER, Role.DISTRICT, Role.BUREAU_HANDLER]),
        district__up__ancestor=pack.root, user__is_active=True,
    )  # fmt: skip
    bureau = Organisation.objects.filter(pack=pack, kind=Organisation.Kind.BUREAU).values_list("pk", flat=True).first()
    for row in rows.exclude(role=Role.REPORTER, organisation=None).select_related("user"):
        unit = row.organisation_id if row.role == Role.REPORTER else bureau if row.role in BUREAU else None
        found.setdefault(unit, []).append(row.user)
    return found


def text_of(row: Occurrence, left: int) -> str:
    return ngettext(
        "%(number)s %(title)s 在 %(due)s 前完成，还有 %(n)s 天",
        "%(number)s %(title)s 在 %(due)s 前完成，还有 %(n)s 天",
        left,
    ) % {"number": row.matter.number, "title": localised(row.matter, "title"), "due": row.due_on, "n": left}
