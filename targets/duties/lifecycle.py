"""The life of an occurrence: on its way with the first progress, reported, confirmed by whoever leads or sent back.

Who leads confirms; where a department has no account, or none but the one who reported, the bureau does so for it, and the
history says for whom.
"""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from portal.lifecycle import SYSTEM, Lifecycle, NotYours, Refused, Stage, Transition
from portal.models import Appointment, Organisation, Role
from portal.models.people import BUREAU
from targets.duties.facts import facts
from targets.duties.figures import figures_of
from targets.duties.models import OPEN, Occurrence, OccurrenceStatus

S = OccurrenceStatus
Kind = Organisation.Kind
DOERS = BUREAU | {Role.REPORTER}
NOTE = (("progress", _("完成情况")),)


# --- whose it is -------------------------------------------------------------------------------


def is_of_lead(row: Occurrence, user) -> bool:
    """Whether this person speaks for the unit that leads."""
    if row.lead.kind == Kind.BUREAU and user.roles_for(organisation_id=None, district_id=row.lead.district_id) & BUREAU:
        return True
    return row.lead_id in user.scope.seats


def accounts_of(organisation: Organisation, on) -> set[int]:
    """The people who can speak for a unit: reporters who sit in it, and officers of the bureau."""
    roles = {Role.REPORTER} | (BUREAU if organisation.kind == Kind.BUREAU else set())
    rows = Appointment.objects.in_force(on).filter(organisation=organisation, role__in=roles, user__is_active=True)
    if organisation.kind == Kind.BUREAU:
        rows |= Appointment.objects.in_force(on).filter(
            district=organisation.district_id, role__in=BUREAU, user__is_active=True
        )
    return set(rows.values_list("user", flat=True))


def stands_for_lead(row: Occurrence, user, on, *, confirming: bool) -> bool:
    """Whether the bureau does this for the unit that leads, because nobody of it can; whoever reported can't confirm."""
    if row.lead.kind == Kind.BUREAU:
        return False
    if not user.roles_for(organisation_id=None, district_id=row.matter.district_id) & BUREAU:
        return False
    people = accounts_of(row.lead, on)
    if people and confirming:
        matter = row.matter
        people -= {e.by_id for e in matter.events.all() if (e.action, e.round) == ("report", matter.round)}
    return not people


def may_act(row: Occurrence, user, on) -> bool:
    return is_of_lead(row, user) or stands_for_lead(row, user, on, confirming=row.status == S.REPORTED)


def possible(row: Occurrence, user, on) -> list:
    """The buttons: what the table allows to those whose it is."""
    steps = cycle.possible(row, user)
    return steps if steps and may_act(row, user, on) else []


def side_of(lead: Organisation, on) -> str:
    """Who does the work of a unit that leads: its own reporter, or the bureau for it."""
    return Role.REPORTER if lead.kind != Kind.BUREAU and accounts_of(lead, on) else Role.BUREAU_HANDLER


def holder_of(row: Occurrence, on, side: str) -> str:
    """Whose work list it is on; nobody's before its period begins, nor when it was over before the portal knew of it."""
    over = row.due_on is not None and row.due_on < row.matter.opened_on and row.status == S.PENDING
    if row.status in (S.CONFIRMED, S.DROPPED) or row.since > on or over:
        return ""
    return Role.BUREAU_REVIEWER if side == Role.BUREAU_HANDLER and row.status == S.REPORTED else side


def hand_over(row: Occurrence, on) -> None:
    """Put it on the right list, with its day."""
    matter, holder = row.matter, holder_of(row, on, side_of(row.lead, on))
    due_on = row.due_on if row.status in (*OPEN, S.REPORTED) else None
    if (matter.holder, matter.due_on) != (holder, due_on):
        matter.holder, matter.due_on = holder, due_on
        matter.save(update_fields=["holder", "due_on"])


# --- effects -----------------------------------------------------------------------------------


def theirs(subject, by, on, details, *, confirming: bool) -> None:
    """Only those whose it is; the bureau for another is put on the record. Raises NotYours."""
    if is_of_lead(subject, by):
        return
    if not stands_for_lead(subject, by, on, confirming=confirming):
        raise NotYours(_("这项任务由%(lead)s办理。") % {"lead": subject.lead})
    details["for_lead"] = subject.lead.name


def follow(subject, *, by, on, details):
    """What the day brings: only whose list it is on."""
    hand_over(subject, on)


def report(subject, *, by, on, details):
    """What was done, and what the portal counted on that day; from now on the duty's changes leave it alone."""
    theirs(subject, by, on, details, confirming=False)
    if subject.since > on:
        raise Refused(_("%(day)s 才开始，现在还不能报完成。") % {"day": subject.since})
    subject.note, subject.reported_on = str(details["progress"]), on
    subject.number = Decimal(details["number"]) if details.get("number") else None
    subject.figure = figures_of([subject], on)[subject.pk]
    hand_over(subject, on)


def confirm(subject, *, by, on, details):
    theirs(subject, by, on, details, confirming=True)
    hand_over(subject, on)


def send_back(subject, *, by, on, details):
    """What was reported is taken back whole; the history keeps it, and a new round begins."""
    theirs(subject, by, on, details, confirming=True)
    subject.note, subject.number, subject.figure, subject.reported_on = "", None, None, None
    subject.matter.round += 1
    subject.matter.save(update_fields=["round"])
    hand_over(subject, on)


cycle = Lifecycle(
    "duty",
    _("任务"),
    url="targets:occurrence",
    vocabulary=facts,
    stages={
        S.PENDING: Stage(_("未开始"), outside=True),
        S.UNDERWAY: Stage(_("进行中"), Role.BUREAU_HANDLER),
        S.REPORTED: Stage(_("已报完成"), Role.BUREAU_REVIEWER),
        S.RETURNED: Stage(_("已退回"), Role.BUREAU_HANDLER),
        S.CONFIRMED: Stage(_("已确认")),
        S.DROPPED: Stage(_("不再要求")),
    },
    transitions=[
        Transition("begin", S.PENDING, S.UNDERWAY, SYSTEM, _("开始"), effect=follow),
        *(
            Transition(
                "report", source, S.REPORTED, DOERS, _("报完成"), effect=report, needs=NOTE, duty="duty"
            )
            for source in OPEN
        ),
        Transition("confirm", S.REPORTED, S.CONFIRMED, DOERS, _("确认完成"), effect=confirm, duty="duty"),
        Transition("send_back", S.REPORTED, S.RETURNED, DOERS, _("退回"), effect=send_back, duty="duty", note_needed=True),
        *(Transition("drop", source, S.DROPPED, SYSTEM, _("不再要求"), effect=follow) for source in OPEN),
    ],
)  # fmt: skip
