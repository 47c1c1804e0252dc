"""Officers hear once of each follow-up, on the day from which it is due."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.models import Appointment, Pack, Role, User
from portal.reminders import KINDS, Bell, ring
from postdocs.destinations.due import due_day, months_of, waiting
from postdocs.stays.models import Stay

KINDS.update({"follow_up": gettext_lazy("出站人员该跟踪了")})
FRESH = timedelta(30)  # what was due longer ago is on the list, and rings no more


def follow_ups(on: date) -> int:
    """Gives how many notices that made."""
    count = 0
    for pack in Pack.objects.select_related("root"):
        here = Stay.objects.filter(matter__district__up__ancestor=pack.root)
        rows = waiting(here, months_of(pack), on).select_related("matter", "person")
        fresh = [row for row in rows if due_day(row, row.months_due) > on - FRESH]
        count += ring("follow_up", bells(fresh, on))
    return count


def bells(rows: Iterable[Stay], on: date) -> Iterator[Bell]:
    officers: dict[int | None, list[User]] = {}
    posts = Appointment.objects.in_force(on).filter(user__is_active=True, role=Role.DISTRICT).select_related("user")
    for post in posts.order_by("pk"):
        officers.setdefault(post.district_id, []).append(post.user)
    for row in rows:
        yield Bell(
            key=f"{row.pk}:{row.months_due}",  # type: ignore[attr-defined]
            people=officers.get(row.matter.district_id, []),
            text=partial(words, row),
            matter=row.matter,
            path=reverse("postdocs:follow_ups"),
        )


def words(row: Stay) -> str:
    return _("%(who)s 出站已满 %(n)s 个月，请核实是否仍在本市") % {"who": row.person, "n": row.months_due}  # type: ignore[attr-defined]
