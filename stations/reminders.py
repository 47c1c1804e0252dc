"""What the calendar brings to enterprises: certificates that end, and drafts in a batch that closes."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.models import Appointment, Pack, Role, User
from portal.models.people import UNIT
from portal.reminders import KINDS, Bell, days_of, ring, threshold
from portal.words import localised
from stations.ledger.certificates import warning_days, with_state
from stations.models import Application, ApplicationStatus, Certificate
from stations.windows.openings import last_day

KINDS.update(
    {
        "certificate": gettext_lazy("资质证书快到期"),
        "draft": gettext_lazy("申报批次快截止，草稿还没有提交"),
    }
)
AGAIN = 30  # days before the end of a certificate that it rings once more
LAST_CALL = 3  # the same of a batch


def certificates(on: date) -> int:
    """The enterprise and its district hear of a certificate when the city's days of warning begin, a month before its
    end, and when it is over. One that was renewed rings no more."""
    count = 0
    for pack in Pack.objects.select_related("root"):
        days = warning_days(pack)
        if not days:
            continue
        rows = Certificate.objects.filter(
            enterprise__organisation__district__up__ancestor=pack.root, until__gt=on - timedelta(AGAIN)
        )
        rows = with_state(rows, on, days).filter(state__in=["ending", "ended"])
        rows = rows.select_related("enterprise__organisation").order_by("until", "pk")
        count += ring("certificate", certificate_bells(list(rows), on, days))
    return count


def certificate_bells(rows, on: date, days: int) -> Iterator[Bell]:
    """One for the enterprise, which leads to its own papers, and one for the district's officers."""
    units, offices = people_of({row.enterprise_id for row in rows}, on)
    for row in rows:
        left = (row.until - on).days
        key = f"{row.pk}:{row.until}:{threshold(left, (days, AGAIN, 0))}"
        text = partial(certificate_text, row, left)
        yield Bell(key, units.get(row.enterprise_id, []), text, path=reverse("stations:certificates_own"))
        district = row.enterprise.organisation.district_id
        yield Bell(key, offices.get(district, []), text, path=reverse("stations:certificates"))


def people_of(enterprises: set[int], on: date) -> tuple[dict[int, list[User]], dict[int, list[User]]]:
    """Who acts for each enterprise, and who works in each district of theirs; two queries."""
    in_force = Appointment.objects.in_force(on).filter(user__is_active=True).select_related("user")
    units: dict[int, list[User]] = {}
    for row in in_force.filter(organisation__in=enterprises, role__in=UNIT).order_by("pk"):
        units.setdefault(row.organisation_id, []).append(row.user)
    offices: dict[int, list[User]] = {}
    for row in in_force.filter(role=Role.DISTRICT).order_by("pk"):
        offices.setdefault(row.district_id, []).append(row.user)
    return units, offices


def certificate_text(row: Certificate, left: int) -> str:
    last = row.until - timedelta(1) if row.until else None
    told = {"unit": row.enterprise, "what": row.get_tag_display(), "day": last, "n": left}
    if left <= 0:
        return _("%(unit)s的“%(what)s”已于 %(day)s 到期，请续期或更新资质") % told
    return (
        ngettext(
            "%(unit)s的“%(what)s”到 %(day)s 止，还有 %(n)s 天，请准备续期",
            "%(unit)s的“%(what)s”到 %(day)s 止，还有 %(n)s 天，请准备续期",
            left,
        )
        % told
    )


def drafts(on: date) -> int:
    """Who still writes at an application hears of it before its batch closes."""
    count = 0
    for pack in Pack.objects.select_related("root"):
        days = days_of(pack, "days.batch")
        if days is None:
            continue
        rows = Application.objects.filter(
            Q(
                type__windows__since__lte=on,
                type__windows__until__gt=on,
                type__windows__until__lte=on + timedelta(days + 1),
            ),
            type__pack=pack,
            status__in=[ApplicationStatus.DRAFT, ApplicationStatus.CERTIFYING],
        )
        rows = rows.select_related("matter", "type").prefetch_related("type__windows").order_by("pk")
        count += ring("draft", draft_bells(list(rows), on, days))
    return count


def draft_bells(rows, on: date, days: int) -> Iterator[Bell]:
    units, _offices = people_of({row.enterprise_id for row in rows}, on)
    for row in rows:
        window = next(w for w in row.type.windows.all() if w.since <= on < w.until)
        left = (last_day(window) - on).days
        yield Bell(
            key=f"{row.pk}:{window.pk}:{window.until}:{threshold(left, (days, LAST_CALL))}",
            people=units.get(row.enterprise_id, []),
            text=partial(draft_text, row, window),
            matter=row.matter,
        )


def draft_text(row: Application, window) -> str:
    return _("%(number)s %(title)s 还没有提交，“%(batch)s”到 %(day)s 截止") % {
        "number": row.matter.number,
        "title": localised(row.matter, "title"),
        "batch": localised(window, "title"),
        "day": last_day(window),
    }
