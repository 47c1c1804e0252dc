"""How occurrences come about, what units say of them, and the papers that show it."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal import uploads
from portal.lifecycle import Birth, Past, Refused, open_matters
from portal.models import District, Evidence, Matter, Organisation, Pack, Role, Setting, User
from targets.duties import lifecycle
from targets.duties.models import OPEN, Duty, Occurrence, OccurrenceStatus, Progress
from targets.duties.periods import Period, periods, said

S = OccurrenceStatus
PROOF = "proof"  # the slot of what shows that it was done
HORIZON, NEAR = "duties.horizon", "duties.near"  # settings: months ahead, days before
MONTHS, DAYS = 12, 30  # the same where a city doesn't say


def setting(pack: Pack, code: str, default: int) -> int:
    found = Setting.objects.filter(pack=pack, code=code).values_list("value", flat=True).first()
    return default if found is None else int(found)


def near_of(pack: Pack) -> int:
    return setting(pack, NEAR, DAYS)


# --- coming about ------------------------------------------------------------------------------


def horizon(pack: Pack, on: date) -> date:
    """The last day of the month that lies so many months ahead."""
    month = on.year * 12 + on.month - 1 + setting(pack, HORIZON, MONTHS) + 1
    return date.fromordinal(date(month // 12, month % 12 + 1, 1).toordinal() - 1)


def nothing_yet(duty: Duty, period: Period) -> tuple[Past, ...]:
    """What had become of a period before the portal knew of it: as a rule nothing is known."""
    return ()


@transaction.atomic
def generate(pack: Pack, *, on: date, past=nothing_yet, by: User | None = None) -> dict[str, int]:
    """Every period of every duty of a city that begins up to the horizon has its occurrence, once; what is still open
    follows its duty, what was reported never does; each is on the right list. `past` says what papers tell of earlier ones, as
    far as they do; `by` writes it down. Returns how many were made, changed, dropped."""
    Pack.objects.select_for_update().get(pk=pack.pk)  # one after the other: the second finds what the first made
    duties = list(Duty.objects.filter(pack=pack).select_related("lead", "pack__root").order_by("order", "pk"))
    rows = Occurrence.objects.filter(duty__pack=pack).select_related("matter", "duty", "lead").order_by("pk")
    known = {(row.duty_id, row.period): row for row in rows}
    until, count, new = horizon(pack, on), {"made": 0, "changed": 0, "dropped": 0}, []
    for duty in duties:
        for period in periods(duty, until):
            row = known.pop((duty.pk, period.key), None)
            if row is None:
                new.append((duty, period))
            elif row.status in OPEN:
                count["changed"] += follow(row, duty, period, on)
    count["made"] = len(born(pack, new, on, past, by))
    for row in known.values():  # of a period that the duty no longer has
        if row.status in OPEN:
            lifecycle.cycle.move(row, "drop", by=None, on=on)
            count["dropped"] += 1
    return count


def born(pack: Pack, new: Iterable[tuple[Duty, Period]], on: date, past, by: User | None) -> list[Occurrence]:
    births, made = [], []
    for duty, period in new:
        steps = past(duty, period)
        title, english = title_of(duty, period), title_of(duty, period, english=True)
        births.append(Birth(title, duty.lead, pack.root, period.since if steps else on, english, steps))
        told = steps[-1].details if steps else {}
        made.append(
            Occurrence(
                duty=duty, period=period.key, since=period.since, due_on=period.due_on, lead=duty.lead, goal=duty.goal,
                status=steps[-1].status if steps else S.PENDING, note=told.get("progress", ""),
                reported_on=steps[0].on if steps else None,
            )
        )  # fmt: skip
    for row, matter in zip(made, open_matters(lifecycle.cycle, S.PENDING, births, series="GZ", by=by, filed=True),
                           strict=True):  # fmt: skip
        row.matter = matter
    made = Occurrence.objects.bulk_create(made)
    place(made, on)
    return made


def place(rows: Iterable[Occurrence], on: date) -> None:
    """Put many on the right list at once, with their days."""
    leads: dict[int, str] = {}
    matters = []
    for row in rows:
        if row.lead_id not in leads:
            leads[row.lead_id] = lifecycle.side_of(row.lead, on)
        row.matter.holder = lifecycle.holder_of(row, on, leads[row.lead_id])
        row.matter.due_on = row.due_on if row.status in OPEN else None
        matters.append(row.matter)
    Matter.objects.bulk_update(matters, ["holder", "due_on"], batch_size=500)


def title_of(duty: Duty, period: Period, *, english: bool = False) -> str:
    with override("en" if english else "zh-hans"):
        name = (duty.title_en or duty.title) if english else duty.title
        text = _("%(title)s（%(period)s）") % {"title": name, "period": said(period.key)}
    return text[: 240 if english else 160]


def follow(row: Occurrence, duty: Duty, period: Period, on: date) -> bool:
    """An open occurrence says what its duty says now, and lies with whoever leads now."""
    wanted = {"since": period.since, "due_on": period.due_on, "goal": duty.goal, "lead_id": duty.lead_id}
    titles = {"title": title_of(duty, period), "title_en": title_of(duty, period, english=True)}
    moved = [name for name, value in wanted.items() if getattr(row, name) != value]
    named = [name for name, value in titles.items() if getattr(row.matter, name) != value]
    if moved or named:
        for name, value in wanted.items():
            setattr(row, name, value)
        row.lead = duty.lead
        row.save(update_fields=list(wanted))
        Matter.objects.filter(pk=row.matter_id).update(**titles, organisation=duty.lead)
    held = (row.matter.holder, row.matter.due_on)
    lifecycle.hand_over(row, on)
    return bool(moved or named or held != (row.matter.holder, row.matter.due_on))


# --- progress ----------------------------------------------------------------------------------


def voice(row: Occurrence, user: User, on: date) -> Organisation | None:
    """For which unit this person speaks of an occurrence; None: for none of those that have part in it."""
    if row.lead.kind == Organisation.Kind.BUREAU and lifecycle.is_of_lead(row, user):
        return row.lead
    units = [row.lead_id, *row.duty.units.order_by("order", "pk").values_list("organisation", flat=True)]
    if mine := [pk for pk in units if pk in user.scope.seats]:
        return Organisation.objects.get(pk=mine[0])
    if row.duty.everywhere and (places := user.scope.by_role.get(Role.DISTRICT)):
        inside = District.objects.below(row.matter.district).filter(pk__in=places[1]).values("pk")
        office = Organisation.objects.filter(kind=Organisation.Kind.DISTRICT_OFFICE, district__in=inside)
        if found := office.order_by("district__depth", "pk").first():
            return found
    return row.lead if lifecycle.stands_for_lead(row, user, on, confirming=False) else None


@transaction.atomic
def add_progress(row: Occurrence, *, note: str, number: Decimal | None = None, by: User, on: date) -> Progress:
    """A unit says how far it is; with the first word the occurrence is under way. Raises Refused."""
    row = Occurrence.objects.select_for_update(of=("self",)).select_related("matter", "duty", "lead").get(pk=row.pk)
    organisation = voice(row, by, on)
    if organisation is None:
        raise Refused(_("您的单位不在这项任务的责任单位里。"))
    if row.status not in OPEN:
        raise Refused(_("已报完成，不能再添进展。要改请先退回。"))
    if row.since > on:
        raise Refused(_("%(day)s 才开始，现在还不能填进展。") % {"day": row.since})
    made = Progress.objects.create(occurrence=row, organisation=organisation, on=on, note=note, number=number, by=by)
    if row.status == S.PENDING:
        lifecycle.cycle.move(row, "begin", by=None, on=on, details={"by_unit": organisation.name})
    return made


@transaction.atomic
def tell(row: Occurrence, *, note: str, number: Decimal | None, upload, by: User, on: date) -> Progress:
    """A word of progress and the paper it brings, both or neither. Raises Refused, uploads.BadFile."""
    made = add_progress(row, note=note, number=number, by=by, on=on)
    if upload:
        keep_file(row, upload, by=by, on=on)
    return made


@transaction.atomic
def keep_file(row: Occurrence, upload, *, by: User, on: date) -> None:
    """Put on file what shows that it was done. Raises Refused, uploads.BadFile."""
    row = Occurrence.objects.select_for_update(of=("self",)).select_related("matter", "duty", "lead").get(pk=row.pk)
    owner = voice(row, by, on)
    if owner is None:
        raise Refused(_("您的单位不在这项任务的责任单位里。"))
    if row.status in (S.CONFIRMED, S.DROPPED):
        raise Refused(_("这项任务已经办结，不能再传材料。"))
    file = uploads.store(upload, organisation=owner, by=by)
    Evidence.objects.get_or_create(matter=row.matter, slot=PROOF, file=file, removed_at=None, defaults={"added_by": by})


def open_for(user: User, pack: Pack, on: date):
    """The occurrences that something of today may fulfil: those of this city that one sees and nobody has confirmed."""
    rows = Occurrence.objects.visible_to(user).filter(duty__pack=pack, status__in=[*OPEN, S.REPORTED])
    return rows.filter(Q(since__lte=on)).select_related("matter").order_by("due_on", "pk")
