"""An enterprise comes into the house; its people come and go."""

from datetime import date

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from portal.lifecycle import Refused
from portal.models import Appointment, District, Matter, Organisation, Role, User
from portal.models.people import UNIT
from stations.models import Enterprise


@transaction.atomic
def register(*, code: str, name: str, district: District, user: User, code_confirmed: bool, on: date) -> Enterprise:
    """A new enterprise with its first handler; of one that officials entered see stations/registrations.py. `user` may
    be unsaved. Raises ValidationError, IntegrityError."""
    organisation = Organisation(code=code, name=name, kind=Organisation.Kind.ENTERPRISE, district=district)
    organisation.full_clean()
    organisation.save()
    user.save()
    enterprise = Enterprise.objects.create(
        organisation=organisation, code_confirmed=code_confirmed, contact=user.name, contact_phone=user.phone
    )
    Appointment.objects.create(user=user, role=Role.HANDLER, organisation=organisation, since=on)
    return enterprise


def people_of(enterprise: Enterprise, on: date) -> QuerySet[Appointment]:
    """Who acts for it on the day."""
    rows = Appointment.objects.in_force(on).filter(organisation=enterprise.pk, role__in=UNIT)
    return rows.select_related("user").order_by("role", "pk")


def may_leave(row: Appointment, people: list[Appointment]) -> bool:
    """Somebody has to be left who fills in."""
    return row.role != Role.HANDLER or sum(other.role == Role.HANDLER for other in people) > 1


@transaction.atomic
def leave(enterprise: Enterprise, row: Appointment, *, on: date) -> None:
    """One of its people no longer acts for it from today; what they had in hand is anybody's again. Raises Refused."""
    Enterprise.objects.select_for_update(of=("self",)).get(pk=enterprise.pk)  # two who end each other's role at once
    people = list(people_of(enterprise, on))
    if row not in people:
        raise Refused(_("这个人的任职已经结束。"))
    if not may_leave(row, people):
        raise Refused(_("单位至少要留一位经办人，请先邀请接手的同事，等对方接受。"))
    if row.since == on:
        row.delete()
    else:
        row.until = on
        row.save(update_fields=["until"])
    if not any(other.user_id == row.user_id for other in people if other != row):
        held = Matter.objects.filter(organisation=enterprise.pk, claimed_by=row.user_id)
        held.update(claimed_by=None, version=F("version") + 1)
