"""What is written about a stay beside its steps: the candidate, what is told, documents, milestones."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import jobs, uploads
from portal.lifecycle import HAPPENINGS, Refused, open_matter
from portal.models import Event, Evidence, Matter, ReturnItem, Role, User
from portal.models.people import BUREAU
from postdocs.particulars import rows as particulars
from postdocs.people import actions as people
from postdocs.stays import lifecycle
from postdocs.stays.facts import PAPER
from postdocs.stays.models import INSIDE, EntryPaper, Milestone, Stay, StayStatus
from stations.ledger import rows as ledger
from stations.models import Station, StationStatus
from stations.roles import DISTRICT

S = StayStatus
OPEN = (S.DRAFT, S.EXITING)  # when the enterprise puts papers together
Stage = EntryPaper.Stage
COLLECTED = {
    S.DRAFT: Stage.ENTRY,
    S.EXITING: Stage.EXIT,
    S.WITHDRAWING: Stage.WITHDRAWAL,
}  # which papers are put in when
HAPPENINGS.update({"milestone": gettext_lazy("登记在站节点"), "check_milestone": gettext_lazy("核对在站节点")})


def recruiting(user: User):
    """The stations for which this person may enter somebody: of their enterprises, valid, of a kind that recruits."""
    organisations = user.scope.by_role.get(Role.HANDLER, (frozenset(), frozenset()))[0]
    rows = Station.objects.filter(enterprise__in=organisations, status=StationStatus.VALID).select_related("matter")
    mine = [station.pk for station in rows if ledger.may_recruit(station) is not False]
    return Station.objects.filter(pk__in=mine).select_related("matter", "enterprise__organisation").order_by("pk")


def lock(stay: Stay) -> Stay:
    """The fresh row, with its matter, both locked: in the order in which `move()` locks them."""
    Stay.objects.select_for_update().get(pk=stay.pk)
    Matter.objects.select_for_update().get(pk=stay.matter_id)
    return Stay.objects.select_related("matter__organisation", "person", "station__matter").get(pk=stay.pk)


def handles(stay: Stay, user: User) -> bool:
    matter = stay.matter
    return Role.HANDLER in user.roles_for(organisation_id=matter.organisation_id, district_id=matter.district_id)


# --- beginning ---------------------------------------------------------------------------------


@transaction.atomic
def begin(*, station: Station, name: str, kind: str, number: str, by: User, on: date, **person: Any) -> Stay:
    """Somebody is to enter a station. Raises Refused where the station may not recruit."""
    if ledger.may_recruit(station) is False:
        raise Refused(
            _("%(kind)s不招收博士后。请选本单位的工作站、分站或创新实践基地。") % {"kind": station.get_kind_display()}
        )
    if station.status != StationStatus.VALID:
        raise Refused(
            _("%(station)s 现在是“%(state)s”，不能招收。") % {"station": station, "state": station.get_status_display()}
        )
    someone = people.candidate(name=name, kind=kind, number=number, **person)
    matter = open_matter(
        lifecycle.cycle,
        S.DRAFT,
        series="BH",
        title=f"{name}（{station.enterprise}）",
        organisation=station.enterprise.organisation,
        district=station.matter.district,
        by=by,
        on=on,
    )
    return Stay.objects.create(matter=matter, person=someone, station=station)


# --- what the enterprise tells -----------------------------------------------------------------


def open_targets(stay: Stay) -> set[str] | None:
    """What may be changed now: everything (None), what a return named, or nothing."""
    if stay.status not in OPEN:
        return set()
    if not stay.matter.return_to:
        return None
    items = ReturnItem.objects.filter(event__matter=stay.matter_id, resolved_at=None)
    return set(items.values_list("target", flat=True))


def is_open(targets: set[str] | None, target: str) -> bool:
    return targets is None or target in targets


def mended(stay: Stay, *targets: str) -> None:
    """Note that these were worked on, and that the matter changed."""
    items = ReturnItem.objects.filter(event__matter=stay.matter_id, target__in=targets, resolved_at=None)
    items.filter(answered_at=None).update(answered_at=now())
    stay.matter.version += 1
    stay.matter.save(update_fields=["version", "changed_at"])


def may_tell(stay: Stay, user: User) -> bool:
    """Whether this person may say something of person and stay: before the entry; later it is a change to be filed."""
    return stay.status == S.DRAFT and handles(stay, user)


@transaction.atomic
def tell(
    stay: Stay,
    *,
    person: Mapping[str, Any],
    values: Mapping[str, Any],
    by: User,
    more: Mapping[str, Any] | None = None,
) -> Stay:
    """What the enterprise says of the person and of the stay, as far as it may be changed now; `more` is what the
    national form asks for beside it. Raises Refused."""
    stay = lock(stay)
    targets = open_targets(stay)
    if not may_tell(stay, by) or targets == set():
        raise Refused(_("这件进站已提交，现在不能修改。"))
    changed = set()
    for row, told, prefix in ((stay.person, person, "person"), (stay, values, "field")):
        for name, value in told.items():
            target = f"{prefix}:{name}"
            if getattr(row, name) != value and is_open(targets, target):
                setattr(row, name, value)
                changed.add(target)
    if more is not None and targets is None:
        particulars.keep(stay.person, more)
    stay.person.initials = people.initials_of(stay.person.name)
    stay.person.version += 1
    for row in (stay.person, stay):
        row.full_clean(exclude=["matter", "person", "station"])
        row.save()
    title = f"{stay.person}（{stay.station.enterprise}）"
    if stay.matter.title != title:
        stay.matter.title = title
        stay.matter.save(update_fields=["title"])
    mended(stay, *changed)
    return stay


# --- documents ---------------------------------------------------------------------------------


def citable(stay: Stay, user: User) -> Callable[[EntryPaper], bool]:
    """Which documents the enterprise may put in now: those of the stage it works at, as far as they are open, and those
    that may follow the entry. Asked once for all documents of a page."""
    if not handles(stay, user):
        return lambda row: False
    collected = COLLECTED.get(S(stay.status))
    targets = open_targets(stay) if stay.status in OPEN else None

    def may(row: EntryPaper) -> bool:
        if row.stage == collected:
            return is_open(targets, f"slot:{PAPER}{row.code}")
        return stay.status in INSIDE and row.months is not None

    return may


def may_cite(stay: Stay, slot: str, user: User) -> bool:
    """Whether the enterprise may put a file into this slot now."""
    rows = EntryPaper.objects.filter(pack__root__down__node=stay.matter.district_id, code=slot.removeprefix(PAPER))
    row = rows.first()
    return row is not None and citable(stay, user)(row)


@transaction.atomic
def cite(stay: Stay, slot: str, upload, *, by: User) -> Evidence:
    """Put an uploaded file into a slot. Raises Refused, uploads.BadFile."""
    stay = lock(stay)
    if not may_cite(stay, slot, by):
        raise Refused(_("这份材料现在不能上传：已提交，或退回时没有列出。"))
    file = uploads.store(upload, organisation=stay.matter.organisation, by=by)
    evidence, _new = Evidence.objects.get_or_create(
        matter=stay.matter, slot=slot, file=file, removed_at=None, defaults={"added_by": by}
    )
    mended(stay, f"slot:{slot}")
    return evidence


@transaction.atomic
def uncite(stay: Stay, evidence: Evidence, *, by: User) -> None:
    """Take a file out of its slot. Raises Refused."""
    stay = lock(stay)
    if not may_cite(stay, evidence.slot, by):
        raise Refused(_("这份材料现在不能取出：已提交，或退回时没有列出。"))
    Evidence.objects.filter(pk=evidence.pk, removed_at=None).update(removed_at=now())
    mended(stay, f"slot:{evidence.slot}")


# --- milestones --------------------------------------------------------------------------------


def may_hold(stay: Stay, user: User) -> bool:
    """Whether this person may write down what was held: the enterprise, as long as the person is in station."""
    return stay.status in (S.HERE, S.EXITING, S.WISHING) and handles(stay, user)


def may_check(stay: Stay, user: User) -> bool:
    roles = user.roles_for(organisation_id=None, district_id=stay.matter.district_id)
    return bool(roles & (DISTRICT | BUREAU))


@transaction.atomic
def hold(stay: Stay, row: Milestone, *, upload=None, by: User, on: date) -> Milestone:
    """Write down what was held for a stay. Raises Refused, ValidationError, uploads.BadFile."""
    stay = lock(stay)
    if not may_hold(stay, by):
        raise Refused(_("这个人现在不在站，不能登记在站节点。"))
    row.stay, row.by, row.recorded_on = stay, by, on
    if stay.entered_on and row.held_on < stay.entered_on:
        raise Refused(_("%(day)s 早于进站日期 %(entered)s。") % {"day": row.held_on, "entered": stay.entered_on})
    if upload:
        row.file = uploads.store(upload, organisation=stay.matter.organisation, by=by)
    row.full_clean(exclude=["stay"])
    row.validate_constraints()
    row.save()
    if row.file:
        slot = f"milestone.{row.pk}"
        Evidence.objects.create(matter=stay.matter, slot=slot, file=row.file, added_by=by)
    written(stay, "milestone", by=by, on=on, details={"kind": row.kind, "grade": row.grade, "on": str(row.held_on)})
    return row


@transaction.atomic
def check(row: Milestone, *, by: User, on: date) -> Milestone:
    """An official has looked at it. Raises Refused."""
    stay = lock(row.stay)
    row = Milestone.objects.select_for_update().get(pk=row.pk)
    if not may_check(stay, by):
        raise Refused(_("这一步不由您办理。"))
    if row.checked_by_id is None:
        row.checked_by, row.checked_on = by, on
        row.save(update_fields=["checked_by", "checked_on"])
        written(stay, "check_milestone", by=by, on=on, details={"kind": row.kind})
    return row


def written(stay: Stay, action: str, *, by: User, on: date, details: dict) -> None:
    """Something happened to a stay in its place."""
    Event.objects.create(
        matter=stay.matter, round=stay.matter.round, action=action, source=stay.status, target=stay.status, on=on, by=by,
        details=details,
    )  # fmt: skip
    jobs.ask("recompute", about=[["matter", stay.matter_id]])


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or the month's last."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(1)).day
    return date(year, month, min(day.day, last))
