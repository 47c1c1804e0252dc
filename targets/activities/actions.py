"""How activities are planned and changed, who took part, and what is kept of them."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal import uploads
from portal.lifecycle import Birth, NotYours, Past, Refused, open_matters
from portal.models import District, Evidence, Organisation, Pack, User
from postdocs.models import Stay
from stations.models import Enterprise, Match, Station, University
from targets.activities.lifecycle import CLERKS, EDITABLE, cycle, take_turn
from targets.activities.models import Activity, ActivityStatus, Participant

A = ActivityStatus
PHOTO, REPORT, SIGN_IN = "photo", "report", "sign_in"  # the slots of what is kept
FIELDS = ("kind", "name", "since", "until", "venue", "organiser", "partners", "about", "occurrence")
RESULTS = ("enterprises", "universities", "postdocs", "others", "intentions", "signed", "result")
ALIKE = 500  # lines of a sign-in list at most


def may_write(row: Activity, user: User) -> bool:
    """Whether this person handles it: the bureau what lies in the city, a district its own."""
    matter = row.matter
    return bool(user.roles_for(organisation_id=None, district_id=matter.district_id) & CLERKS)


# --- planning ----------------------------------------------------------------------------------


@transaction.atomic
def plan(row: Activity, *, district: District, by: User, on: date) -> Activity:
    """A new activity of a city or one of its districts. Raises Refused."""
    if not by.roles_for(organisation_id=None, district_id=district.pk) & CLERKS:
        raise NotYours(_("这个区镇的活动不由您登记。"))
    return planned([row], [district], by=by, on=on)[0]


@transaction.atomic
def planned(rows: Iterable[Activity], districts: Iterable[District], *, by: User, on: date) -> list[Activity]:
    """Many at once. One with a day on which it was held is born held: the portal only writes it down."""
    rows, districts = list(rows), list(districts)
    births = []
    for row, district in zip(rows, districts, strict=True):
        held = (Past("hold", A.HELD, row.held_on, {"held_on": str(row.held_on)}),) if row.held_on else ()
        opened = min(on, row.held_on or on)
        births.append(Birth(row.name, None, district, opened, past=held))
        row.status = A.HELD if row.held_on else A.PLANNED
    matters = open_matters(cycle, A.PLANNED, births, series="HD", by=by, filed=True)
    for row, matter in zip(rows, matters, strict=True):
        row.matter = matter
        take_turn(row)
    return Activity.objects.bulk_create(rows)


@transaction.atomic
def change(row: Activity, values: Mapping[str, Any], *, by: User, on: date) -> Activity:
    """Other words, days or results; the history says what was before. Raises Refused."""
    fresh = Activity.objects.select_for_update(of=("self",)).get(pk=row.pk)
    moved = {name: value for name, value in values.items() if getattr(fresh, name) != value}
    if not moved:
        return fresh
    told = {name: [said(getattr(fresh, name)), said(value)] for name, value in moved.items()}
    fresh = cycle.move(fresh, "edit", by=by, on=on, details={"changed": told})
    for name, value in moved.items():
        setattr(fresh, name, value)
    fresh.save()
    if "name" in moved:
        fresh.matter.title = fresh.name
        fresh.matter.save(update_fields=["title"])
    take_turn(fresh)
    return fresh


def said(value: Any) -> str:
    return "" if value is None else str(value)


@transaction.atomic
def link_matches(row: Activity, numbers: Iterable[str], *, by: User) -> list[Match]:
    """The matches that came of it, by their numbers; all of them, so that what is not named any more is taken off.
    Raises Refused where a number is not one that this person sees."""
    wanted = list(dict.fromkeys(numbers))
    found = {m.matter.number: m for m in Match.objects.visible_to(by).filter(matter__number__in=wanted)
             .select_related("matter")}  # fmt: skip
    if unknown := [number for number in wanted if number not in found]:
        raise Refused(_("没有编号 %(number)s 的对接，或不在您的范围内。") % {"number": unknown[0]})
    row.matches.set(found.values())
    return list(found.values())


# --- who took part -----------------------------------------------------------------------------


def open_to(row: Activity, by: User) -> None:
    """Raises Refused where nothing can be added any more, or not by this person."""
    if not may_write(row, by):
        raise NotYours(_("这场活动不由您登记。"))
    if row.status not in EDITABLE:
        raise Refused(_("已归档或已取消的活动不能再改。要改请先取出归档。"))


@transaction.atomic
def sign_in(row: Activity, lines: Iterable[Participant], *, pack: Pack, by: User, on: date) -> list[Participant]:
    """Lines of the sign-in list; each finds by its name the enterprise, university or postdoc that we know. Raises Refused."""
    row = Activity.objects.select_for_update(of=("self",)).select_related("matter").get(pk=row.pk)
    open_to(row, by)
    lines = list(lines)
    if row.participants.count() + len(lines) > ALIKE:
        raise Refused(_("一场活动最多登记 %(n)s 行签到。") % {"n": ALIKE})
    recognise(lines, pack, on)
    for line in lines:
        line.activity, line.by = row, by
        line.full_clean()
        line.save()
    return lines


def recognise(lines: Iterable[Participant], pack: Pack, on: date) -> None:
    """Who of the city each line names, in a fixed number of queries. Without a kind given, what it is says the kind."""
    lines = list(lines)
    units, names = {line.unit for line in lines}, {line.name for line in lines} - {""}
    inside = Enterprise.objects.filter(
        organisation__name__in=units, organisation__district__up__ancestor=pack.root_id
    ).select_related("organisation")
    owners = {e.organisation.name: e for e in inside}
    hosts = set(Station.objects.valid(on).filter(enterprise__in=owners.values()).values_list("enterprise", flat=True))
    schools = {u.name: u for u in University.objects.filter(pack=pack, name__in=units)}
    people: dict[tuple[int, str], list[Stay]] = {}
    stays = Stay.objects.filter(
        person__name__in=names, matter__organisation__in=[e.pk for e in owners.values()], entered_on__isnull=False
    )
    for stay in stays.select_related("person", "matter"):
        people.setdefault((stay.matter.organisation_id, stay.person.name), []).append(stay)
    for line in lines:
        owner, school = owners.get(line.unit), schools.get(line.unit)
        mine = people.get((owner.pk, line.name), []) if owner else []
        line.organisation = owner.organisation if owner else None
        line.university = school
        line.stay = mine[0] if len(mine) == 1 else None
        line.kind = line.kind or kind_of(line, owner, hosts)


def kind_of(line: Participant, owner: Enterprise | None, hosts: set[int]) -> str:
    if line.stay:
        return Participant.Kind.POSTDOC
    if owner:
        return Participant.Kind.STATION if owner.pk in hosts else Participant.Kind.ENTERPRISE
    return Participant.Kind.UNIVERSITY if line.university else Participant.Kind.OTHER


@transaction.atomic
def take_off(row: Activity, line: Participant, *, by: User) -> None:
    row = Activity.objects.select_for_update(of=("self",)).select_related("matter").get(pk=row.pk)
    open_to(row, by)
    line.delete()


# --- what is kept ------------------------------------------------------------------------------


@transaction.atomic
def keep_file(row: Activity, slot: str, upload, *, by: User) -> None:
    """A photo, the report or the signed list. Raises Refused, uploads.BadFile."""
    row = Activity.objects.select_for_update(of=("self",)).select_related("matter__district").get(pk=row.pk)
    open_to(row, by)
    owner = Organisation.objects.filter(pk=row.organiser_id).first()
    file = uploads.store(upload, organisation=owner, by=by)
    Evidence.objects.get_or_create(matter=row.matter, slot=slot, file=file, removed_at=None, defaults={"added_by": by})
