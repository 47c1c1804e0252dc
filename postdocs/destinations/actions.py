"""Telling where somebody went, correcting it, and writing down what a follow-up found."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import jobs, uploads
from portal.lifecycle import HAPPENINGS, NotYours, Refused
from portal.models import Event, Evidence, Matter, Pack, Role, User
from portal.rules import plain
from postdocs.destinations.due import due_day, months_of
from postdocs.destinations.models import AWAY, IN_CITY, Destination, FollowUp
from postdocs.destinations.regions import lies_in
from postdocs.stays import lifecycle
from postdocs.stays.actions import handles, may_check
from postdocs.stays.models import OUT, Stay, StayStatus

S = StayStatus
SLOT = "destination"  # of the evidence
HAPPENINGS.update({"correct_destination": gettext_lazy("更正去向"), "follow_up": gettext_lazy("后续跟踪")})
COLUMNS = (
    *("type", "unit", "unit_code", "region", "position", "contract_since", "contract_years", "full_time"),
    *("company", "company_code", "share", "registered_on"),
)


def held(stay: Stay) -> Stay:
    """The fresh row with its matter, both locked, in the order in which `move()` locks them."""
    rows = Stay.objects.select_for_update(of=("self",)).select_related("matter__organisation", "person")
    stay = rows.get(pk=stay.pk)
    Matter.objects.select_for_update().get(pk=stay.matter_id)
    return stay


def is_own(stay: Stay, user: User) -> bool:
    return Role.POSTDOC in user.scope.roles and stay.person.user_id == user.pk


def may_write(stay: Stay, user: User) -> bool:
    """Whether this person may say where somebody went: the enterprise and the postdoc; once it was said, officials too
    may correct it."""
    if stay.status == S.LEFT:
        return handles(stay, user) or is_own(stay, user)
    return stay.status == S.SETTLED and (handles(stay, user) or is_own(stay, user) or may_check(stay, user))


def may_follow(stay: Stay, user: User) -> bool:
    """Whether this person writes down what became of somebody: the officer of the district."""
    roles = user.roles_for(organisation_id=None, district_id=stay.matter.district_id)
    return stay.status in OUT and Role.DISTRICT in roles


# --- the destination ---------------------------------------------------------------------------


def placed(row: Destination) -> None:
    """Say whether it is in the city: the type does, else the region. Raises Refused where the two disagree."""
    lies = lies_in(row.region, Pack.objects.get_for(row.stay.matter.district_id))
    if row.type in (*IN_CITY, *AWAY):
        row.in_city = row.type in IN_CITY
        if lies is not None and lies != row.in_city:
            raise Refused(
                _("去向类型是“%(type)s”，所在地区划代码却是%(place)s，请核对。")
                % {"type": row.get_type_display(), "place": row.place or row.region}
            )
    else:
        row.in_city = lies


def kept(row: Destination, upload, by: User) -> None:
    """Save a destination with its file. Raises Refused, ValidationError, uploads.BadFile."""
    placed(row)
    matter = row.stay.matter
    if upload:
        row.file = uploads.store(upload, organisation=matter.organisation, by=by)
        Evidence.objects.get_or_create(
            matter=matter, slot=SLOT, file=row.file, removed_at=None, defaults={"added_by": by}
        )
    row.full_clean(exclude=["stay", "file", "by"])
    row.save()


@transaction.atomic
def settle(
    stay: Stay, values: Mapping[str, Any], *, upload=None, by: User, on: date, justification: str = ""
) -> Destination:
    """Say where somebody went, which ends their stay's case. Raises Refused, ValidationError, uploads.BadFile."""
    stay = held(stay)
    if stay.status != S.LEFT:
        raise Refused(_("这段在站经历不在等去向登记，可能已由他人登记，请刷新页面查看。"))
    if not may_write(stay, by):
        raise NotYours(_("去向由设站单位或本人登记。"))
    row = Destination(stay=stay, by=by, told_on=on, **values)
    kept(row, upload, by)
    details = {"type": row.type, "justification": justification}
    lifecycle.cycle.move(stay, "settle", by=by, on=on, details={k: v for k, v in details.items() if v})
    return row


@transaction.atomic
def correct(stay: Stay, values: Mapping[str, Any], *, upload=None, by: User, on: date, reason: str) -> Destination:
    """Say otherwise where somebody went; what was said before stays with the event. Raises as `settle` does."""
    stay = held(stay)
    if stay.status != S.SETTLED or not may_write(stay, by):
        raise NotYours(_("这段在站经历的去向现在不由您更正。"))
    row = Destination.objects.select_related("file").get(stay=stay)
    row.stay = stay
    before = said(row)
    for name, value in values.items():
        setattr(row, name, value)
    kept(row, upload, by)
    changed = {name: [was, said(row)[name]] for name, was in before.items() if was != said(row)[name]}
    if changed:
        failed = [f.text for f in lifecycle.cycle.findings(stay, "settle", on=on) if f.met is not True]
        noted(stay, "correct_destination", by=by, on=on, note=reason, details={"changed": changed, "justified": failed})
    return row


def said(row: Destination) -> dict[str, Any]:
    """What a destination says, by column, as JSON holds it; 1.00 and 1 are the same."""
    values = {name: getattr(row, name) for name in (*COLUMNS, "in_city", "file_id")}
    return {n: f"{v.normalize():f}" if isinstance(v, Decimal) else plain(v) for n, v in values.items()}


def noted(stay: Stay, action: str, *, by: User, on: date, note: str, details: dict) -> None:
    """Something happened to a stay in its place; figures that rest on it are computed again."""
    Event.objects.create(
        matter=stay.matter, round=stay.matter.round, action=action, source=stay.status, target=stay.status, on=on,
        by=by, note=note, details={name: value for name, value in details.items() if value},
    )  # fmt: skip
    jobs.ask("recompute", about=[["matter", stay.matter_id]])


# --- follow-ups --------------------------------------------------------------------------------


@transaction.atomic
def follow(stay: Stay, months: int, values: Mapping[str, Any], *, by: User, on: date) -> FollowUp:
    """Write down what was found out so many months after the exit, or correct it. Raises Refused, ValidationError."""
    stay = held(stay)
    if not may_follow(stay, by):
        raise NotYours(_("后续跟踪由属地区镇登记。"))
    assert stay.ended_on
    if months not in months_of(Pack.objects.get_for(stay.matter.district_id)) or due_day(stay, months) > on:
        raise Refused(_("出站后 %(n)s 个月的跟踪还没有到。") % {"n": months})
    row = FollowUp.objects.filter(stay=stay, months=months).first() or FollowUp(stay=stay, months=months)
    before = answer(row) if row.pk else {}
    for name, value in values.items():
        setattr(row, name, value)
    if row.checked_on < stay.ended_on:
        raise Refused(_("核实日期 %(day)s 早于出站日期 %(left)s。") % {"day": row.checked_on, "left": stay.ended_on})
    if before == answer(row):
        return row
    row.by, row.recorded_on = by, on
    row.full_clean(exclude=["stay", "by"])
    row.save()
    details = {"months": months, "answer": answer(row), "before": before}
    noted(stay, "follow_up", by=by, on=on, note=row.note, details=details)
    return row


def answer(row: FollowUp) -> dict[str, Any]:
    return {name: plain(getattr(row, name)) for name in ("checked_on", "in_city", "where", "source", "note")}
