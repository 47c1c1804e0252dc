"""Standing in for a colleague who is away: who could, from when to when, and in whose name a step is taken.

Where nobody else sits in the office there is nobody to ask, and pages show nothing of it.
"""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from portal import notices
from portal.lifecycle import Refused
from portal.models import Absence, Appointment, Notice, User
from portal.models.people import LENT

LONGEST = timedelta(366)


def colleagues(user: User, on: date):
    """Those who hold an office's role in the very district where this person holds one."""
    mine = Appointment.objects.in_force(on).filter(user=user, role__in=LENT).values("district")
    others = Appointment.objects.in_force(on).filter(role__in=LENT, district__in=mine)
    return User.objects.filter(pk__in=others.values("user"), is_active=True).exclude(pk=user.pk).order_by("name", "pk")


def of(user: User, on: date):
    """What was agreed with this person on either side, as far as it isn't long past."""
    rows = Absence.objects.filter(Q(user=user) | Q(deputy=user), until__gt=on - timedelta(90))
    return rows.select_related("user", "deputy").order_by("-since", "-pk")


@transaction.atomic
def away(*, user: User, deputy: User, since: date, last: date, note: str, on: date) -> Absence:
    """From `since` to `last`, both included, the deputy stands in. Raises Refused."""
    if since < on:
        raise Refused(_("开始日期 %(day)s 已经过去，请从今天或以后开始。") % {"day": since})
    if last < since:
        raise Refused(_("结束日期 %(last)s 早于开始日期 %(since)s，请核对。") % {"last": last, "since": since})
    if last - since > LONGEST:
        raise Refused(_("一次最多委托一年。更久的请由系统管理员调整任职。"))
    if deputy not in colleagues(user, on):
        raise Refused(_("只能委托同一科室的同事。"))
    User.objects.select_for_update().get(pk=user.pk)
    until = last + timedelta(1)
    if user.absences.filter(since__lt=until, until__gt=since).exists():
        raise Refused(_("这段时间已经委托过，请先收回或另选日期。"))
    row = Absence.objects.create(user=user, deputy=deputy, since=since, until=until, note=note)
    with translation.override(deputy.language):
        text = _("%(who)s请您在 %(since)s 至 %(last)s 代办") % {"who": user, "since": since, "last": last}
        text = _("%(text)s：%(note)s") % {"text": text, "note": note} if note else text
    notices.deliver([Notice(user=deputy, text=text[:300])], urgent=False)
    return row


@transaction.atomic
def back(absence: Absence, *, on: date) -> Absence:
    """The person is back, or doesn't go: from today on nobody stands in any more."""
    absence = Absence.objects.select_for_update(of=("self",)).select_related("user", "deputy").get(pk=absence.pk)
    if absence.until <= on:
        raise Refused(_("这次委托已经结束。"))
    absence.until = max(absence.since, on)
    absence.save(update_fields=["until"])
    with translation.override(absence.deputy.language):
        text = _("%(who)s已收回委托，不用再代办") % {"who": absence.user}
    notices.deliver([Notice(user=absence.deputy, text=text)], urgent=False)
    return absence


def for_whom(user: User) -> list[Absence]:
    """Whom this person stands in for today."""
    rows = Absence.objects.in_force(localdate()).filter(deputy=user).select_related("user")
    return list(rows.order_by("until", "pk"))
