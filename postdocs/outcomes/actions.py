"""What is written about an outcome beside its steps: recorded, mended, proved, shared with another owner."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import jobs, uploads
from portal.lifecycle import HAPPENINGS, Birth, Refused, open_matters
from portal.models import Event, Evidence, Matter, Pack, ReturnItem, Role, User
from postdocs.outcomes import lifecycle
from postdocs.outcomes.facts import PROOF
from postdocs.outcomes.kinds import KINDS, bare
from postdocs.outcomes.models import During, Outcome, OutcomeStatus, Owner, during_of
from postdocs.stays.models import Stay

S = OutcomeStatus
Owners = Sequence[tuple[Stay, int]]
COMMON = ("title", "done_on", "first_unit", "granted_on", "grant_number")  # told of every kind, or of patents
HAPPENINGS.update({"join": gettext_lazy("添加共有人")})


# --- who may -----------------------------------------------------------------------------------


def stays_of(user: User, outcome: Outcome | None = None):
    """The stays for which this person may record something: of those who entered an enterprise they handle, and their
    own; for an outcome those of its enterprise and who owns it already."""
    organisations = user.scope.by_role.get(Role.HANDLER, (frozenset(), frozenset()))[0]
    reach = Q(matter__organisation__in=organisations)
    if Role.POSTDOC in user.scope.roles:
        reach |= Q(person__user=user)
    if outcome is not None:
        owned = Owner.objects.filter(outcome=outcome, stay__station__enterprise=outcome.enterprise_id)
        reach = reach & Q(station__enterprise=outcome.enterprise_id) | Q(pk__in=owned.values("stay"))
    rows = Stay.objects.filter(reach, entered_on__isnull=False)
    return rows.select_related("person", "station__matter__district", "station__enterprise__organisation", "matter")


def handles(outcome: Outcome, user: User) -> bool:
    matter = outcome.matter
    return Role.HANDLER in user.roles_for(organisation_id=matter.organisation_id, district_id=None)


def writes(outcome: Outcome, user: User) -> bool:
    """Whether this person may change what is told now: the postdoc their own draft, the unit what waits for it."""
    if outcome.status == S.DRAFT:
        return outcome.matter.opener_id == user.pk
    return outcome.status == S.UNIT and handles(outcome, user)


def open_targets(outcome: Outcome) -> set[str] | None:
    """What may be changed now: everything (None), or what a return named."""
    if not outcome.matter.return_to:
        return None
    items = ReturnItem.objects.filter(event__matter=outcome.matter_id, resolved_at=None)
    return set(items.values_list("target", flat=True))


def may_write(outcome: Outcome, target: str, user: User) -> bool:
    if not writes(outcome, user):
        return False
    targets = open_targets(outcome)
    return targets is None or target in targets


def lock(outcome: Outcome) -> Outcome:
    """The fresh row with its matter, both locked, in the order in which a step locks them."""
    row = Outcome.objects.select_for_update(of=("self",)).get(pk=outcome.pk)
    row.matter = Matter.objects.select_for_update().get(pk=row.matter_id)
    return row


# --- duplicates --------------------------------------------------------------------------------


def same_as(outcome: Outcome):
    """Other records of the same thing in this city that stand, whoever sees them."""
    rows = Outcome.objects.filter(pack=outcome.pack_id, voided_on=None).exclude(pk=outcome.pk)
    return rows.filter(key=outcome.key) if outcome.key else rows.none()


def recorded_already(outcome: Outcome, user: User) -> Outcome | None:
    """The record of the same thing that this person may see: the one to join."""
    visible = Outcome.objects.visible_to(user).filter(pk__in=same_as(outcome).values("pk"))
    return visible.select_related("matter").order_by("pk").first()


def is_elsewhere(outcome: Outcome) -> bool:
    """Whether another enterprise handed the same thing in; nothing more may be said of it."""
    others = same_as(outcome).exclude(enterprise=outcome.enterprise_id)
    return others.filter(matter__filed_on__isnull=False).exists()


def alike(outcome: Outcome, user: User):
    """What an official should compare it with: the same key, or the same kind and title."""
    rows = Outcome.objects.visible_to(user).filter(pack=outcome.pack_id, voided_on=None).exclude(pk=outcome.pk)
    same = Q(kind=outcome.kind, alike=outcome.alike)
    if outcome.key:
        same |= Q(key=outcome.key)
    return rows.filter(same).for_list().order_by("pk")[:5]


# --- recording ---------------------------------------------------------------------------------


def made(kind: str, owners: Owners, *, values: Mapping[str, Any], details: Mapping[str, Any], on: date) -> Outcome:
    """The row that these would make, unsaved and without a matter. Raises Refused for owners who can't be."""
    first = owners[0][0].station
    outcome = Outcome(kind=kind, station=first, enterprise_id=first.enterprise_id, recorded_on=on)
    outcome.pack = Pack.objects.get_for(first.matter.district_id)
    tell(outcome, values, details)
    check_owners(outcome, owners)
    return outcome


def tell(outcome: Outcome, values: Mapping[str, Any], details: Mapping[str, Any]) -> None:
    """Put what is told into the row, with the key that follows from it. Details that are empty aren't kept."""
    for name in COMMON:
        if name in values:
            setattr(outcome, name, values[name])
    known = KINDS[outcome.kind].by_name
    outcome.details = {n: kept(v) for n, v in details.items() if n in known and v not in (None, "")}
    outcome.key = KINDS[outcome.kind].key(title=outcome.title, on=outcome.done_on, details=outcome.details)
    outcome.alike = bare(outcome.title)[:200]


def kept(value: Any) -> Any:
    """A value as JSON holds it: money as an exact text of yuan."""
    return value if isinstance(value, bool | int | str) else str(value)


def check_owners(outcome: Outcome, owners: Owners) -> None:
    """Owners are of one enterprise, each person once; somebody brought it forth in station or later. Raises Refused."""
    people = [stay.person_id for stay, _rank in owners]
    if len(set(people)) < len(people):
        raise Refused(_("同一个人列了两次。一个人只列一次，写明排名。"))
    if any(stay.station.enterprise_id != outcome.enterprise_id for stay, _rank in owners):
        raise Refused(_("完成人须是同一单位的博士后。别的单位的共有人由市局比对后并入。"))
    if all(during_of(stay, outcome.done_on) == During.BEFORE for stay, _rank in owners):
        raise Refused(_("%(day)s 早于进站日期，进站前的成果不在这里登记。") % {"day": outcome.done_on})


def title_of(outcome: Outcome) -> str:
    return f"{KINDS[outcome.kind].label}：{outcome.title}"[:160]


@transaction.atomic
def record(kind: str, owners: Owners, *, values, details, by: User, on: date) -> Outcome:
    """One outcome, written down by the unit, or by the postdoc as a draft. Raises Refused, also where this enterprise has
    it already."""
    outcome = made(kind, owners, values=values, details=details, on=on)
    own = not any(handles_stay(stay, by) for stay, _rank in owners[:1])
    outcome.status, outcome.by_postdoc = (S.DRAFT, True) if own else (S.UNIT, False)
    return keep([(outcome, owners)], by=by)[0]


def handles_stay(stay: Stay, user: User) -> bool:
    return Role.HANDLER in user.roles_for(organisation_id=stay.matter.organisation_id, district_id=None)


@transaction.atomic
def keep(rows: Iterable[tuple[Outcome, Owners]], *, by: User, past=lambda outcome: (), filed: bool = False):
    """Save new outcomes with their matters and owners. `past` says which steps a row took before it was entered."""
    rows = list(rows)
    births = [
        Birth(title_of(o), owners[0][0].station.enterprise.organisation, owners[0][0].station.matter.district,
              o.recorded_on, past=past(o))
        for o, owners in rows
    ]  # fmt: skip
    by_start: dict[str, list[int]] = {}
    for number, (outcome, _owners) in enumerate(rows):
        by_start.setdefault(S.DISTRICT if past(outcome) else outcome.status, []).append(number)
    for start, numbers in by_start.items():
        mine = [births[n] for n in numbers]
        matters = open_matters(lifecycle.cycle, start, mine, series="CG", by=by, filed=filed)
        for n, matter in zip(numbers, matters, strict=True):
            rows[n][0].matter = matter
    try:
        with transaction.atomic():
            Outcome.objects.bulk_create([outcome for outcome, _owners in rows])
    except IntegrityError as error:
        raise Refused(said_by(error)) from error
    Owner.objects.bulk_create(
        Owner(outcome=outcome, stay=stay, rank=rank) for outcome, owners in rows for stay, rank in owners
    )
    jobs.ask("recompute")
    return [outcome for outcome, _owners in rows]


def said_by(error: IntegrityError) -> str:
    """The sentence of the constraint that the database named."""
    named = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "")
    for constraint in Outcome._meta.constraints:
        if constraint.name == named:
            return str(constraint.violation_error_message)
    raise error


@transaction.atomic
def mend(outcome: Outcome, *, values, details, owners: Owners | None = None, by: User) -> Outcome:
    """What is told now, as far as it may be changed. `owners` None leaves them. Raises Refused."""
    outcome = lock(outcome)
    if not writes(outcome, by):
        raise Refused(_("这项成果已提交，现在不能修改。"))
    targets = open_targets(outcome)
    before = {n: getattr(outcome, n) for n in COMMON} | outcome.details
    told = {n: v for n, v in values.items() if targets is None or f"field:{n}" in targets}
    known = KINDS[outcome.kind].by_name
    kept_details = {n: outcome.details.get(n) for n in known}
    kept_details |= {n: v for n, v in details.items() if targets is None or f"field:{n}" in targets}
    tell(outcome, told, kept_details)
    after = {n: getattr(outcome, n) for n in COMMON} | outcome.details
    changed = {f"field:{n}" for n in {*before, *after} if before.get(n) != after.get(n)}
    if owners is not None and (targets is None or "owners" in targets):
        changed |= {"owners"} if replace_owners(outcome, owners) else set()
    check_owners(outcome, [(owner.stay, owner.rank) for owner in outcome.owners.select_related("stay__station")])
    try:
        outcome.validate_constraints()
    except ValidationError as wrong:
        raise Refused(_("；").join(map(str, wrong.message_dict.get(NON_FIELD_ERRORS, wrong.messages)))) from wrong
    outcome.save()
    outcome.matter.title = title_of(outcome)
    mended(outcome, *changed)
    return outcome


def replace_owners(outcome: Outcome, owners: Owners) -> bool:
    """The owners of this enterprise are these; those that another enterprise brought stay. Whether that changed any."""
    wanted = {stay.pk: rank for stay, rank in owners}
    held = outcome.owners.filter(stay__station__enterprise=outcome.enterprise_id)
    was = dict(held.values_list("stay", "rank"))
    held.exclude(stay__in=wanted).delete()
    for stay, rank in wanted.items():
        Owner.objects.update_or_create(outcome=outcome, stay_id=stay, defaults={"rank": rank})
    return was != wanted


def mended(outcome: Outcome, *targets: str) -> None:
    """Note that these were worked on, and that the matter changed."""
    items = ReturnItem.objects.filter(event__matter=outcome.matter_id, target__in=targets, resolved_at=None)
    items.filter(answered_at=None).update(answered_at=now())
    outcome.matter.version += 1
    outcome.matter.save(update_fields=["version", "changed_at", "title"])


# --- another owner -----------------------------------------------------------------------------


@transaction.atomic
def join(outcome: Outcome, owners: Owners, *, by: User, on: date) -> Outcome:
    """More owners of the same unit, at any time as long as it isn't void; nothing is counted twice. Raises Refused."""
    outcome = lock(outcome)
    if outcome.status == S.VOID or not handles(outcome, by):
        raise Refused(_("这项成果不由您登记，不能添加共有人。"))
    there = list(outcome.owners.select_related("stay__station"))
    known = {owner.stay.person_id for owner in there}
    fresh = [(stay, rank) for stay, rank in owners if stay.person_id not in known]
    if not fresh:
        raise Refused(_("这个人已经是完成人。"))
    check_owners(outcome, [*[(o.stay, o.rank) for o in there if o.stay.station.enterprise_id == outcome.enterprise_id],
                           *fresh])  # fmt: skip
    Owner.objects.bulk_create(Owner(outcome=outcome, stay=stay, rank=rank) for stay, rank in fresh)
    Event.objects.create(
        matter=outcome.matter, round=outcome.matter.round, action="join", source=outcome.status, target=outcome.status,
        on=on, by=by, note=_("、").join(str(stay.person) for stay, _rank in fresh), details={},
    )  # fmt: skip
    outcome.matter.version += 1
    outcome.matter.save(update_fields=["version", "changed_at"])
    jobs.ask("recompute")
    return outcome


# --- evidence ----------------------------------------------------------------------------------


@transaction.atomic
def cite(outcome: Outcome, upload, *, by: User) -> Evidence:
    """Put an uploaded file to the evidence. Raises Refused, uploads.BadFile."""
    outcome = lock(outcome)
    if not may_write(outcome, f"slot:{PROOF}", by):
        raise Refused(_("这份材料现在不能上传：已提交，或退回时没有列出。"))
    return stored(outcome, upload, by=by)


def stored(outcome: Outcome, upload, *, by: User) -> Evidence:
    file = uploads.store(upload, organisation=outcome.matter.organisation, by=by)
    evidence, _new = Evidence.objects.get_or_create(
        matter=outcome.matter, slot=PROOF, file=file, removed_at=None, defaults={"added_by": by}
    )
    mended(outcome, f"slot:{PROOF}")
    return evidence


@transaction.atomic
def uncite(outcome: Outcome, evidence: Evidence, *, by: User) -> None:
    """Take a file out of the evidence. Raises Refused."""
    outcome = lock(outcome)
    if not may_write(outcome, f"slot:{evidence.slot}", by):
        raise Refused(_("这份材料现在不能取出：已提交，或退回时没有列出。"))
    Evidence.objects.filter(pk=evidence.pk, removed_at=None).update(removed_at=now())
    mended(outcome, f"slot:{evidence.slot}")
