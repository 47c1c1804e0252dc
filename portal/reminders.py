"""Reminders of what the calendar brings: each person once for each thing and threshold, unless switched off.

The row that is near its day is the work, and stays on its list; this only rings. Whoever hears nothing of a kind any
more sees the same lists.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal import notices, workdays
from portal.claims import officers
from portal.lifecycle import LIFECYCLES
from portal.models import Matter, Mute, Notice, Pack, Reminder, Setting, User
from portal.models.people import UNIT
from portal.words import localised

KINDS: dict[str, Any] = {"promise": gettext_lazy("承诺时限快到或已过")}  # each app adds its own, with labels


@dataclass
class Bell:
    """One thing at one threshold: `key` names both, `text` says it in the language in force, `path` leads there."""

    key: str
    people: Iterable[User]
    text: Callable[[], str]
    matter: Matter | None = None
    path: str = ""
    urgent: bool = False


def ring(kind: str, bells: Iterable[Bell]) -> int:
    """Tell those who were not told yet and want to hear it; gives how many notices that made."""
    bells = list(bells)
    told = set(Reminder.objects.filter(kind=kind, key__in={b.key for b in bells}).values_list("user", "key"))
    muted = set(Mute.objects.filter(kind=kind).values_list("user", flat=True))
    rows: list[Reminder] = []
    made: dict[bool, list[Notice]] = {True: [], False: []}
    for bell in bells:
        for user in bell.people:
            if user.pk in muted or (user.pk, bell.key) in told:
                continue
            told.add((user.pk, bell.key))
            rows.append(Reminder(user=user, kind=kind, key=bell.key))
            with translation.override(user.language):
                text = bell.text()[:300]
            made[bell.urgent].append(Notice(user=user, matter=bell.matter, text=text, path=bell.path))
    Reminder.objects.bulk_create(rows)
    for urgent, waiting in made.items():
        notices.deliver(waiting, urgent=urgent)
    return len(rows)


def days_of(pack: Pack | None, code: str) -> int | None:
    """How many days a city wants to be reminded before; None where it doesn't say, and then nothing rings."""
    return Setting.objects.filter(pack=pack, code=code).values_list("value", flat=True).first()


def threshold(left: int, steps: Iterable[int]) -> int | None:
    """The nearest of these numbers of days that is reached when so many are left."""
    return min((step for step in steps if left <= step), default=None)


# --- promises ----------------------------------------------------------------------------------


def promises(on: date) -> int:
    """Whoever has a matter in hand is told before its promised day and once it has passed; where nobody took it, all
    whose turn it is; where it lies with an enterprise, its people."""
    count = 0
    for pack in Pack.objects.select_related("root"):
        days = days_of(pack, "days.lapse")
        if days is None:
            continue
        rows = Matter.objects.filter(
            Q(due_on__lte=workdays.add(on, days)), district__up__ancestor=pack.root, closed_on=None
        ).exclude(holder="")
        rows = rows.select_related("organisation", "district", "claimed_by").order_by("due_on", "pk")
        count += ring("promise", [lapsing(matter, on, days) for matter in rows])
    return count


def lapsing(matter: Matter, on: date, days: int) -> Bell:
    left = workdays.between(on, matter.due_on)
    step = "over" if left < 0 else f"{days}"
    return Bell(
        key=f"{matter.pk}:{matter.status}:{matter.due_on}:{step}",
        people=whose(matter),
        text=lambda: promise_text(matter, left),
        matter=matter,
    )


def whose(matter: Matter):
    if matter.claimed_by_id and matter.claimed_by.is_active:
        return [matter.claimed_by]
    roles = {matter.holder}
    if matter.holder in UNIT:
        return notices.reaching(matter, roles)
    return officers(matter) if LIFECYCLES[matter.kind].shared else notices.reaching(matter, roles)


def promise_text(matter: Matter, left: int) -> str:
    named = {
        "number": matter.number,
        "title": localised(matter, "title"),
        "due": matter.due_on.isoformat(),
        "n": abs(left),
    }
    if left < 0:
        told = ngettext(
            "%(number)s %(title)s 应在 %(due)s 前办理，已超时 %(n)s 个工作日",
            "%(number)s %(title)s 应在 %(due)s 前办理，已超时 %(n)s 个工作日",
            -left,
        )
        return told % named
    if left == 0:
        return _("%(number)s %(title)s 今天（%(due)s）到期") % named
    told = ngettext(
        "%(number)s %(title)s 应在 %(due)s 前办理，还剩 %(n)s 个工作日",
        "%(number)s %(title)s 应在 %(due)s 前办理，还剩 %(n)s 个工作日",
        left,
    )
    return told % named
