"""The life of a consultation."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext_lazy as _

from portal.lifecycle import Lifecycle, Refused, Stage, Transition
from portal.models import District, Organisation, Pack, Role
from portal.models.people import BUREAU
from stations.consultations.facts import facts
from stations.models import Consultation, ConsultationStatus
from stations.roles import DISTRICT, HANDLER, MAKERS

Kind = Organisation.Kind

C, Side, OwnerSide = ConsultationStatus, Consultation.Side, Consultation.OwnerSide
MINUTES = "minutes"


def named(owner: Organisation, participants: Iterable[Organisation]) -> dict:
    """Who leads and who takes part as the history keeps it, in both languages."""
    return {
        "owner": owner.pk,
        "owner_name": owner.name,
        "owner_name_en": owner.name_en,
        "participants": [row.pk for row in participants],
        "participant_names": [row.name for row in participants],
        "participant_names_en": [row.name_en or row.name for row in participants],
    }


def offices(pack: Pack):
    """Who may see to a problem or take part: the city's bureau, departments, finance and district offices."""
    kinds = [Kind.BUREAU, Kind.DISTRICT_OFFICE, Kind.DEPARTMENT, Kind.FINANCE]
    return Organisation.objects.filter(pack=pack, kind__in=kinds).order_by("kind", "district__path_order", "pk")


# --- effects -----------------------------------------------------------------------------------


def hold(subject, *, role: Role, due_on: date | None) -> None:
    """Whose turn it is depends on who was chosen; the day is the one that was set."""
    matter = subject.matter
    matter.holder, matter.due_on = role, due_on
    matter.save(update_fields=["holder", "due_on"])


def assign(subject, *, by, on, details):
    """Whoever was named sees to it; the offices meet on the day. Raises Refused on an impossible one."""
    chosen = offices(Pack.objects.get_for(subject.matter.district_id))
    subject.owner = chosen.filter(pk=details["owner"]).first()
    if subject.owner is None:
        raise Refused(_("请从列表里选牵头单位。"))
    subject.meets_on = date.fromisoformat(details["meets_on"])
    if subject.meets_on < on:
        raise Refused(_("会商日期 %(day)s 已经过了，请填今天或以后。") % {"day": subject.meets_on})
    theirs = subject.owner.kind == Kind.DISTRICT_OFFICE and covers(subject.owner, subject.matter.district_id)
    subject.owner_side = OwnerSide.DISTRICT if theirs else OwnerSide.BUREAU
    subject.participants.set(chosen.filter(pk__in=details.get("participants") or []))
    hold(subject, role=Role.BUREAU_HANDLER, due_on=subject.meets_on)


def covers(office: Organisation, district_id: int) -> bool:
    """Whether the office's officers see what happens in that district."""
    return District.objects.filter(pk=district_id, up__ancestor=office.district_id).exists()


def conclude(subject, *, by, on, details):
    """What the offices agreed on; from now on it is carried out. Raises Refused on an impossible day."""
    subject.conclusion = details["conclusion"]
    subject.held_on = date.fromisoformat(details["held_on"])
    subject.due_on = date.fromisoformat(details["due_on"])
    if subject.held_on > on:
        raise Refused(_("会商日期 %(day)s 在今天之后，请核对。") % {"day": subject.held_on})
    if subject.due_on < on:
        raise Refused(_("落实期限 %(day)s 已经过了，请填今天或以后。") % {"day": subject.due_on})
    carry_out(subject)


def postpone(subject, *, by, on, details):
    due_on = date.fromisoformat(details["due_on"])
    if due_on <= subject.due_on:
        raise Refused(_("新的期限应晚于原来的 %(day)s。") % {"day": subject.due_on})
    if due_on < on:
        raise Refused(_("落实期限 %(day)s 已经过了，请填今天或以后。") % {"day": due_on})
    subject.due_on = due_on
    carry_out(subject)


def carry_out(subject) -> None:
    theirs = subject.owner_side == OwnerSide.DISTRICT
    hold(subject, role=Role.DISTRICT if theirs else Role.BUREAU_HANDLER, due_on=subject.due_on)


def begin_again(subject, *, by, on, details):
    """The earlier conclusion stays in the history; owner and day are chosen anew."""
    subject.owner, subject.owner_side, subject.meets_on = None, "", None
    subject.held_on, subject.conclusion, subject.due_on = None, "", None
    subject.participants.clear()


OWNER = (("owner", _("牵头单位")), ("meets_on", _("会商日期")))
CONCLUSION = (("conclusion", _("会商结论")), ("held_on", _("实际会商日期")), ("due_on", _("落实期限")))
BY_UNIT, BY_DISTRICT = (("side", Side.UNIT),), (("side", Side.DISTRICT),)
IN_DISTRICT = (("owner_side", OwnerSide.DISTRICT),)

consultation = Lifecycle(
    "consultation",
    _("会商"),
    url="stations:talk",
    vocabulary=facts,
    stages={
        C.RAISED: Stage(_("待分办"), Role.BUREAU_HANDLER),
        C.ASSIGNED: Stage(_("待会商"), Role.BUREAU_HANDLER),
        C.CONCLUDED: Stage(_("落实中"), Role.BUREAU_HANDLER),
        C.CLOSED: Stage(_("已销号")),
        C.DROPPED: Stage(_("不予会商")),
        C.WITHDRAWN: Stage(_("已撤回")),
    },
    transitions=[
        Transition("assign", C.RAISED, C.ASSIGNED, MAKERS, _("分办"), effect=assign, needs=OWNER),
        Transition(
            "reassign", C.ASSIGNED, C.ASSIGNED, MAKERS, _("改派或改期"), effect=assign, needs=OWNER, note_needed=True
        ),
        Transition("conclude", C.ASSIGNED, C.CONCLUDED, BUREAU, _("登记结论"), effect=conclude, needs=CONCLUSION),
        Transition(
            *("postpone", C.CONCLUDED, C.CONCLUDED, MAKERS, _("延期")),
            effect=postpone,
            needs=(("due_on", _("落实期限")),),
            note_needed=True,
        ),
        Transition("close", C.CONCLUDED, C.CLOSED, BUREAU, _("销号"), note_needed=True),
        Transition("carry_out", C.CONCLUDED, C.CLOSED, DISTRICT, _("落实销号"), where=IN_DISTRICT, note_needed=True),
        Transition("drop", C.RAISED, C.DROPPED, MAKERS, _("不予会商"), note_needed=True),
        Transition("withdraw", C.RAISED, C.WITHDRAWN, HANDLER, _("撤回"), where=BY_UNIT),
        Transition("take_back", C.RAISED, C.WITHDRAWN, DISTRICT, _("撤回"), where=BY_DISTRICT),
        Transition(
            "reopen", C.CLOSED, C.RAISED, HANDLER | DISTRICT | BUREAU, _("重新提出"), effect=begin_again,
            note_needed=True,
        ),
    ],
)  # fmt: skip
