"""Rows that a host tells of its people and that an official confirms: doctors, research talents, selections.

They are too many and too small for a case each: a row is its own work. Until somebody confirms it, it is the host's word
and counts for nothing; what an official writes is confirmed by that.
"""

from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import jobs
from portal.lifecycle import Refused
from portal.models import Role, User
from portal.models.people import BUREAU

OFFICERS = BUREAU | {Role.DISTRICT}
WRITERS = OFFICERS | {Role.HANDLER}


class ToldQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of one's enterprise, or of one's districts."""
        scope = user.scope
        return self.filter(Q(organisation__in=scope.organisations) | Q(district__in=scope.districts))

    def confirmed(self):
        return self.filter(confirmed_on__isnull=False)


class Told(models.Model):
    """`organisation` tells it, and `district` is where that lay then. `by` is who wrote it last; `confirmed_on` is empty
    as long as no official has looked."""

    organisation = models.ForeignKey(
        "portal.Organisation", models.PROTECT, related_name="+", verbose_name=gettext_lazy("单位"), editable=False
    )
    district = models.ForeignKey("portal.District", models.PROTECT, related_name="+", editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False)
    recorded_at = models.DateTimeField(auto_now=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    confirmed_on = models.DateField(gettext_lazy("核对日期"), null=True, editable=False)

    objects = ToldQuerySet.as_manager()

    ENDS: tuple[str, ...] = ()  # what the host may still say of a confirmed row

    class Meta:
        abstract = True

    def settle(self, *, by: User, on: date) -> None:
        """What the confirmation brings about beside its date. Raises Refused."""


def roles_of(row: Told, user: User) -> set[Role]:
    return user.roles_for(organisation_id=row.organisation_id, district_id=row.district_id)


def open_fields(row: Told, user: User) -> set[str] | None:
    """What this person may change of a row: everything (None), what the host may still tell, or nothing."""
    roles = roles_of(row, user)
    if roles & OFFICERS or (Role.HANDLER in roles and row.confirmed_on is None):
        return None
    return set(row.ENDS) if Role.HANDLER in roles else set()


def may_confirm(row: Told, user: User) -> bool:
    return row.confirmed_on is None and bool(roles_of(row, user) & OFFICERS)


def may_remove(row: Told, user: User) -> bool:
    """A row that nobody has confirmed was perhaps a slip."""
    return row.confirmed_on is None and bool(roles_of(row, user) & WRITERS)


def take_back(row: Told, user: User) -> None:
    """Whether a row that came in with a workbook may go with it: not once somebody else looked. Raises Refused."""
    if row.confirmed_on and row.confirmed_by_id != user.pk:
        raise Refused(_("%(name)s 已经核对，不能撤回。") % {"name": row})


def hold_together(row: Told) -> None:
    """What the database would refuse, as a sentence. Raises Refused."""
    try:
        row.validate_constraints()
    except ValidationError as wrong:
        messages = wrong.message_dict.get(NON_FIELD_ERRORS, wrong.messages)
        raise Refused(_("；").join(map(str, messages))) from wrong


@transaction.atomic
def keep(row: Any, *, by: User, on: date) -> None:
    """Write a new or a corrected row; an official's word confirms it. Raises Refused."""
    if open_fields(row, by) == set():
        raise Refused(_("这一行已核对，不由您修改。有错请告诉区镇。"))
    row.by = by
    hold_together(row)
    row.save()
    if may_confirm(row, by):
        confirm(row, by=by, on=on)
    jobs.ask("recompute", about=[[row._meta.model_name, row.pk]])


@transaction.atomic
def confirm(row: Any, *, by: User, on: date) -> None:
    """An official has looked at it. Raises Refused."""
    row = type(row).objects.select_for_update(of=("self",)).get(pk=row.pk)
    if row.confirmed_on:
        return
    if not may_confirm(row, by):
        raise Refused(_("这一步不由您办理。"))
    row.settle(by=by, on=on)
    row.confirmed_by, row.confirmed_on = by, on
    hold_together(row)
    row.save()
    jobs.ask("recompute", about=[[row._meta.model_name, row.pk]])


@transaction.atomic
def remove(row: Any, *, by: User) -> None:
    """Take out a slip. Raises Refused."""
    row = type(row).objects.select_for_update(of=("self",)).get(pk=row.pk)
    if not may_remove(row, by):
        raise Refused(_("这一行已核对，不能删除。"))
    row.delete()
