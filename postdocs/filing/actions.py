"""What becomes of a row of the national record: it changes a stay, makes one, or goes on the list of differences."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import jobs
from portal.imports import Place
from portal.lifecycle import HAPPENINGS, Refused
from portal.models import District, Event, User
from postdocs.filing.matching import Held, hidden, index_of, key_of, station_for, stations_of
from postdocs.filing.models import Difference
from postdocs.people.models import NUMBERED, PaperKind
from postdocs.people.papers import RESIDENCE_AREAS
from postdocs.stays import lifecycle
from postdocs.stays.models import OUT, Stay, StayStatus
from postdocs.stays.register import Entry, enter

S, K = StayStatus, Difference.Kind
HAPPENINGS.update({"national": gettext_lazy("按全国系统更正")})
COLUMNS = {
    "committee": "committee_number",
    "entered_on": "entered_on",
    "ended_on": "ended_on",
    "certificate": "certificate_number",
}
AFTER_EXIT = ("ended_on", "certificate")  # ours only once the exit is registered here


def kind_of(number: str, told: str | None) -> str:
    """By which paper a person is known: as the row says, else as the number looks."""
    looks = PaperKind.RESIDENCE if number[:6] in RESIDENCE_AREAS else PaperKind.ID_CARD
    if len(number) == 18 and number[:17].isdigit():
        return told if told in NUMBERED else looks
    return told if told and told not in NUMBERED else PaperKind.PASSPORT


# --- what is here already ----------------------------------------------------------------------


def apply(place: Place, held: Held, values: dict) -> None:
    """Let the national record win where it says otherwise. Raises Refused."""
    if held.difference:
        renew(held.difference, values, by=place.user, on=place.on)
        return
    stay = held.stay
    assert stay is not None
    number = stay.person.papers.values_list("number_index", flat=True)
    about = {"committee": values.get("committee"), "entered_on": values.get("entered_on")}
    if "committee" in values and key_of(about) in hidden(place, [about]):
        raise neutral()
    if stay.status == S.FILING:
        stay = file(place, stay, values, set(number))
    else:
        stay = corrected(place, stay, values)
    if values.get("ended_on") and stay.ended_on is None:
        leave(place, stay, values)
    elif "ended_on" in values and not values["ended_on"]:  # taken back
        Difference.objects.filter(stay=stay, kind=K.EXIT, settled_on=None).delete()


def neutral() -> Refused:
    """For whoever may not see why: the same words whatever stands in the way."""
    return Refused(_("没能自动登记，请市局核对。"))


def file(place: Place, stay: Stay, values: dict, numbers: set[str]) -> Stay:
    """The person waited for this: they are in station from the national date on."""
    mine = Stay.objects.visible_to(place.user)
    others = Stay.objects.filter(person__papers__number_index__in=numbers, entered_on__isnull=False)
    if (
        others.exclude(pk__in=mine.values("pk"))
        .filter(Q(ended_on=None) | Q(ended_on__gt=values["entered_on"]))
        .exists()
    ):
        raise neutral()
    details = {"entered_on": values["entered_on"].isoformat(), "committee_number": values["committee"]}
    return lifecycle.cycle.move(stay, "file", by=place.user, on=place.on, details={**details, "imported": True})


def corrected(place: Place, stay: Stay, values: dict) -> Stay:
    """Dates and number of somebody who entered long ago; an exit only where ours is registered too."""
    changed = {}
    for name, column in COLUMNS.items():
        if name not in values or name in AFTER_EXIT and stay.status not in OUT:
            continue
        was, is_now = getattr(stay, column), values[name] or ("" if column.endswith("number") else None)
        if was != is_now:
            changed[column] = [str(was or ""), str(is_now or "")]
            setattr(stay, column, is_now)
    if changed:
        lifecycle.hold_together(stay)
        stay.save(update_fields=list(changed))
        Event.objects.create(
            matter=stay.matter, round=stay.matter.round, action="national", source=stay.status, target=stay.status,
            on=place.on, by=place.user, note=in_words(changed), details={"changed": changed},
        )  # fmt: skip
        jobs.ask("recompute")
    return stay


def in_words(changed: dict[str, list[str]]) -> str:
    labels = {"committee_number": _("博管会编号"), "entered_on": _("进站日期"), "ended_on": _("出站日期")}
    labels["certificate_number"] = _("博士后证书编号")
    parts = [f"{labels[name]} {was or '—'} → {is_now or '—'}" for name, (was, is_now) in changed.items()]
    return _("；").join(parts)


def leave(place: Place, stay: Stay, values: dict) -> None:
    """The national record says out: registered where nothing else is missing, else somebody sees to it."""
    if stay.status == S.ISSUING and values.get("certificate"):
        details = {"ended_on": values["ended_on"].isoformat(), "certificate_number": values["certificate"]}
        lifecycle.cycle.move(stay, "issue", by=place.user, on=place.on, details={**details, "imported": True})
        return
    about = {"name": stay.person.name, "committee_number": stay.committee_number, "entered_on": stay.entered_on}
    row, fresh = Difference.objects.get_or_create(
        kind=K.EXIT, stay=stay, settled_on=None,
        defaults={"district": stay.matter.district, "ended_on": values["ended_on"], "by": place.user,
                  "told_on": place.on, "unit": stay.matter.organisation.name, **about},
    )  # fmt: skip
    if not fresh and row.ended_on != values["ended_on"]:
        row.ended_on = values["ended_on"]
        row.save(update_fields=["ended_on"])


# --- what is missing here ----------------------------------------------------------------------


def take_in(place: Place, rows: list[dict]) -> list[Held]:
    """Rows that we have nothing of, in their order: stays where station and person can be told, else differences."""
    stations, unseen = stations_of(place, rows), hidden(place, rows)
    entries, listed = {}, {}
    for n, values in enumerate(rows):
        station = station_for(values, stations)
        if station and values.get("number") and key_of(values) not in unseen:
            entries[n] = entry_of(station, values)
        else:
            listed[n] = station.matter.district if station else home(place)
    made: dict[int, Held] = {}
    with transaction.atomic():
        for n, stay in zip(entries, enter(list(entries.values()), by=place.user) if entries else [], strict=True):
            made[n] = Held(stay=stay)
            found_at_last(place, rows[n])
    for n, district in listed.items():
        made[n] = Held(difference=note_missing(place, rows[n], district))
    return [made[n] for n in range(len(rows))]


def found_at_last(place: Place, values: dict) -> None:
    """What was on the list of somebody who is taken in now is settled by it."""
    rows = Difference.objects.visible_to(place.user).open().filter(kind=K.MISSING_HERE, entered_on=values["entered_on"])
    same = Q(number_index=index_of(values))
    if values.get("committee"):
        same |= Q(committee_number=values["committee"])
    rows.filter(same).update(settled_on=place.on, settled_by=place.user, note=_("已按全国系统登记"))


def entry_of(station, values: dict) -> Entry:
    return Entry(
        station=station,
        name=values["name"],
        kind=kind_of(values["number"], values.get("paper")),
        number=values["number"],
        entered_on=values["entered_on"],
        values={"committee_number": values.get("committee") or "",
                "certificate_number": values.get("certificate") or "" if values.get("ended_on") else ""},
        ended_on=values.get("ended_on"),
    )  # fmt: skip


def home(place: Place) -> District:
    """The highest of the districts that this person works in."""
    seen = District.objects.filter(pk__in=place.user.scope.districts).order_by("depth", "path_order")
    if "home" not in place.memory:
        place.memory["home"] = seen.first()
    return place.memory["home"]


def note_missing(place: Place, values: dict, district: District) -> Difference:
    return Difference.objects.create(
        kind=K.MISSING_HERE, district=district, name=values["name"], number_index=index_of(values),
        by=place.user, told_on=place.on, **told(values),
    )  # fmt: skip


def told(values: dict) -> dict[str, Any]:
    """What a row says, by column of a difference."""
    return {
        "committee_number": values.get("committee") or "",
        "entered_on": values.get("entered_on"),
        "ended_on": values.get("ended_on"),
        "unit": values.get("unit") or "",
        "flow": values.get("flow") or "",
        "state": values.get("state") or "",
    }


SAID = {"committee": "committee_number", "unit": "unit", "flow": "flow", "state": "state"}


def renew(row: Difference, values: dict, *, by: User, on: date) -> None:
    """The national record says something new of somebody on the list: it is open again."""
    for name in ("committee", "entered_on", "ended_on", "unit", "flow", "state"):
        if name in values:
            setattr(row, SAID.get(name, name), values[name] or ("" if name in SAID else None))
    row.settled_on = row.settled_by = None
    row.by, row.told_on = by, on
    row.save()


# --- the list ----------------------------------------------------------------------------------


@transaction.atomic
def note_absent(stays: Iterable[Stay], *, by: User, on: date) -> int:
    """Put stays on the list that the national record doesn't have; gives how many were not there yet."""
    stays = list(stays)
    known = set(
        Difference.objects.select_for_update()
        .filter(kind=K.MISSING_THERE, stay__in=stays)
        .values_list("stay", flat=True)
    )
    rows = [
        Difference(
            kind=K.MISSING_THERE, stay=s, district_id=s.matter.district_id, name=s.person.name, by=by, told_on=on,
            committee_number=s.committee_number, entered_on=s.entered_on, ended_on=s.ended_on,
            unit=s.matter.organisation.name,
        )
        for s in stays
        if s.pk not in known
    ]  # fmt: skip
    Difference.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


@transaction.atomic
def settle(row: Difference, *, note: str, by: User, on: date) -> Difference:
    """Somebody looked into it and says what was done. Raises Refused."""
    row = Difference.objects.select_for_update().get(pk=row.pk)
    if row.settled_on:
        raise Refused(_("这条差异已由他人处理，请刷新页面查看。"))
    if not note.strip():
        raise Refused(_("请写明怎么处理的。"))
    row.settled_on, row.settled_by, row.note = on, by, note.strip()
    row.save(update_fields=["settled_on", "settled_by", "note"])
    return row
