"""Postdocs, their enterprises and districts hear of what falls due: once before it, once when it is late."""

from collections.abc import Iterator
from datetime import date
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.models import Pack, User
from portal.reminders import KINDS, Bell, days_of, ring, threshold
from postdocs.due.windows import Due, due_by
from postdocs.stays.models import Stay
from stations.reminders import people_of

KINDS.update({"stay": gettext_lazy("博士后的开题、考核、出站等快到期或逾期")})
LONG = 90  # days after which nothing rings any more: it was told, and stays on its list


def dues(on: date) -> int:
    """The enterprise and the postdoc hear of it when the city's days of warning begin and once it is late; the district
    only when it is late."""
    count = 0
    for pack in Pack.objects.select_related("root"):
        days = days_of(pack, "days.stay")
        if days is None:
            continue
        stays = Stay.objects.filter(matter__district__up__ancestor=pack.root)
        rows = [row for row in due_by(stays, on, ahead=days) if row.over <= LONG]
        count += ring("stay", list(bells(rows, on, days)))
    return count


def bells(rows: list[Due], on: date, days: int) -> Iterator[Bell]:
    units, offices = people_of({row.unit_id for row in rows}, on)
    mine = User.objects.filter(person__stays__in=[row.stay for row in rows], is_active=True)
    own: dict[int, list[User]] = {}
    for user in mine.select_related("person").prefetch_related("person__stays"):
        for stay in user.person.stays.all():
            own.setdefault(stay.pk, []).append(user)
    for row in rows:
        step = "late" if row.late else f"{threshold(row.left, (days,))}"
        people = [*units.get(row.unit_id, []), *own.get(row.stay, [])]
        people += offices.get(row.district, []) if row.late else []
        key = f"{row.stay}:{row.what}:{row.due_on}:{step}"
        yield Bell(key, people, partial(text, row), path=reverse("postdocs:stay", args=[row.number]))


def text(row: Due) -> str:
    told = {"who": row.name, "unit": row.unit, "what": row.label, "day": row.due_on.isoformat(), "n": abs(row.left)}
    if row.late:
        return (
            ngettext(
                "%(unit)s %(who)s：%(what)s应在 %(day)s 前办理，已逾期 %(n)s 天",
                "%(unit)s %(who)s：%(what)s应在 %(day)s 前办理，已逾期 %(n)s 天",
                row.over,
            )
            % told
        )
    if row.left == 0:
        return _("%(unit)s %(who)s：%(what)s今天（%(day)s）到期") % told
    return (
        ngettext(
            "%(unit)s %(who)s：%(what)s到 %(day)s 截止，还有 %(n)s 天",
            "%(unit)s %(who)s：%(what)s到 %(day)s 截止，还有 %(n)s 天",
            row.left,
        )
        % told
    )
