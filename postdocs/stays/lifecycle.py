"""The life of a stay: intended, filed nationally, in station, out, withdrawn.

Flow stations, the province and the national office have no login: what they did stands here as dates and numbers.
"""

from datetime import date, timedelta

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext_lazy as _

from portal.facts import Criterion, Lookup
from portal.lifecycle import Lifecycle, Refused, Stage, Transition
from portal.models import Evidence, Matter, Role
from portal.rules import plain
from postdocs.careers import rows as careers
from postdocs.people import actions as people
from postdocs.stays import facts
from postdocs.stays.models import Side, Stay, StayStatus, WithdrawalGround
from stations.roles import ALL_ANSWERED, DISTRICT, HANDLER, MAKERS, PAPER

S = StayStatus
FILED = (("entered_on", _("进站日期")), ("committee_number", _("博管会编号")))
OUT = (("ended_on", _("出站日期")), ("certificate_number", _("博士后证书编号")))
ONWARD = (
    ("ended_on", _("出站日期")),
    ("second_station", _("转入的设站单位")),
    ("consented_on", _("对方同意接收的日期")),
)
GROUND = (
    ("withdrawal_side", _("谁提出退站")),
    ("withdrawal_ground", _("退站原因")),
    ("heard_on", _("听取本人意见的日期")),
)
TOLD = Criterion("destination_told", Lookup.IS, True, _("出站后登记去向"))  # see postdocs/destinations
POSTDOC = frozenset({Role.POSTDOC})
OWN = {"wish_withdrawal", "take_back"}  # steps that only whose stay it is may take
SETTLE_DAYS = 30  # within which the destination is to be registered


def snapshot(subject: Stay) -> dict:
    """What is handed in: what was told of the person and of the stay, and the documents."""
    cited = Evidence.objects.filter(matter=subject.matter_id, removed_at=None).select_related("file")
    slots: dict[str, list[str]] = {}
    for evidence in cited.order_by("slot", "file"):
        slots.setdefault(evidence.slot, []).append(str(evidence.file_id))
    return {
        "person": {name: plain(getattr(subject.person, name)) for name in people.columns()},
        "career": careers.told(subject.person),
        "field": {name: plain(getattr(subject, name)) for name in told()},
        "slot": slots,
        "file": {str(e.file_id): e.file.name for e in cited},
    }


def told() -> tuple[str, ...]:
    """What the enterprise tells of the stay itself, by column."""
    return (*Stay.NEEDED, "flow_station", "flow_supervisor", "salary", "channel")


def day_in(details: dict, name: str, on: date, label) -> date:
    """A date that a step was given, not in the future. Raises Refused."""
    day = date.fromisoformat(details[name])
    if day > on:
        raise Refused(_("%(label)s %(day)s 在今天之后，请核对。") % {"label": label, "day": day})
    return day


def hold_together(subject: Stay) -> None:
    """What the database would refuse, as a sentence. Raises Refused."""
    try:
        subject.validate_constraints()
    except ValidationError as wrong:
        messages = wrong.message_dict.get(NON_FIELD_ERRORS, wrong.messages)
        raise Refused(_("；").join(map(str, messages))) from wrong


def file_entry(subject: Stay, *, by, on, details):
    """The entry is on the national record: from its date the person is in station, and their record the only one."""
    subject.entered_on = day_in(details, "entered_on", on, _("进站日期"))
    subject.committee_number = details["committee_number"].strip()
    if subject.planned_until and subject.planned_until <= subject.entered_on:
        raise Refused(
            _("进站日期 %(day)s 不早于合同止 %(until)s，请核对。")
            % {"day": subject.entered_on, "until": subject.planned_until}
        )
    if subject.entered_on < subject.station.approved_on:
        raise Refused(
            _("进站日期 %(day)s 早于工作站批准的日期 %(approved)s，请核对。")
            % {"day": subject.entered_on, "approved": subject.station.approved_on}
        )
    subject.person, differing = people.settle(subject.person, on=on)
    if differing:
        details["person_differs"] = differing
    hold_together(subject)


def begin_work(subject: Stay, *, by, on, details):
    subject.reported_on = day_in(details, "reported_on", on, _("报到日期"))


def end_stay(subject: Stay, *, by, on, details):
    """Out of station from the day of the exit; the destination is to follow."""
    subject.ended_on = day_in(details, "ended_on", on, _("出站日期"))
    subject.certificate_number = details["certificate_number"].strip()
    hold_together(subject)
    Matter.objects.filter(pk=subject.matter_id).update(due_on=on + timedelta(SETTLE_DAYS))


def move_on(subject: Stay, *, by, on, details):
    """Out of this station and on to a second one, which agreed to it; no certificate is given out for the first."""
    day_in(details, "consented_on", on, _("对方同意接收的日期"))
    subject.ended_on = day_in(details, "ended_on", on, _("出站日期"))
    subject.second_station = details["second_station"].strip()
    hold_together(subject)
    Matter.objects.filter(pk=subject.matter_id).update(due_on=on + timedelta(SETTLE_DAYS))


def ask_withdrawal(subject: Stay, *, by, on, details):
    """Nobody is withdrawn unheard: the day of the hearing is kept with the ground."""
    day_in(details, "heard_on", on, _("听取本人意见的日期"))
    if details["withdrawal_ground"] not in WithdrawalGround.values:
        raise Refused(_("请选择退站原因。"))
    if details["withdrawal_side"] not in Side.values:
        raise Refused(_("请选择谁提出退站。"))
    subject.withdrawal_ground, subject.withdrawal_side = details["withdrawal_ground"], details["withdrawal_side"]


def wish_withdrawal(subject: Stay, *, by, on, details):
    """The postdoc themselves ask; the unit hears them and confirms, or finds a way that they stay."""
    if by.pk != subject.person.user_id:
        raise Refused(_("这一步只能由博士后本人办理。"))
    subject.withdrawal_ground, subject.withdrawal_side = WithdrawalGround.W11, Side.PERSON


def take_back(subject: Stay, *, by, on, details):
    if by.pk != subject.person.user_id:
        raise Refused(_("这一步只能由博士后本人办理。"))
    stay_on(subject, by=by, on=on, details=details)


def confirm_withdrawal(subject: Stay, *, by, on, details):
    day_in(details, "heard_on", on, _("听取本人意见的日期"))


def stay_on(subject: Stay, *, by, on, details):
    subject.withdrawal_ground = subject.withdrawal_side = ""


def withdraw(subject: Stay, *, by, on, details):
    """Withdrawn from the date of the paper; whatever counted stops counting then."""
    subject.ended_on = subject.withdrawn_on = day_in(details, "document_on", on, _("文件日期"))
    hold_together(subject)


cycle = Lifecycle(
    "stay",
    _("博士后"),
    url="postdocs:stay",
    vocabulary=facts.stay,
    snapshot=snapshot,
    stages={
        S.DRAFT: Stage(_("拟进站"), Role.HANDLER),
        S.DISTRICT: Stage(_("待区镇核对"), Role.DISTRICT, "days.district"),
        S.FILING: Stage(_("待全国备案"), outside=True),
        S.HERE: Stage(_("在站"), outside=True),
        S.EXITING: Stage(_("办理出站"), Role.HANDLER),
        S.CHECKING: Stage(_("待区镇核对出站"), Role.DISTRICT, "days.district"),
        S.ISSUING: Stage(_("待登记出站"), outside=True),
        S.LEFT: Stage(_("已出站待登记去向"), Role.HANDLER),
        S.SETTLED: Stage(_("已出站")),
        S.WISHING: Stage(_("本人申请退站，待单位确认"), Role.HANDLER),
        S.WITHDRAWING: Stage(_("待退站"), Role.BUREAU_HANDLER),
        S.WITHDRAWN: Stage(_("已退站")),
        S.DROPPED: Stage(_("未进站")),
    },
    transitions=[
        Transition("submit", S.DRAFT, S.DISTRICT, HANDLER, _("提交进站"), (ALL_ANSWERED,), files=True),
        Transition("return", S.DISTRICT, S.DRAFT, DISTRICT, _("退回补正"), returns=True),
        Transition("accept", S.DISTRICT, S.FILING, DISTRICT, _("核对无误，送全国备案")),
        Transition(
            "file", S.FILING, S.HERE, DISTRICT | MAKERS, _("登记进站备案"), effect=file_entry, needs=FILED
        ),
        *(
            Transition("drop", source, S.DROPPED, HANDLER, _("不再进站"), note_needed=True)
            for source in (S.DRAFT, S.DISTRICT)
        ),
        Transition(
            "drop", S.FILING, S.DROPPED, HANDLER | DISTRICT | MAKERS, _("不再进站"), note_needed=True
        ),
        Transition("leave", S.HERE, S.EXITING, HANDLER, _("办理出站")),
        Transition("stay", S.EXITING, S.HERE, HANDLER, _("暂不出站"), note_needed=True),
        Transition("hand_in", S.EXITING, S.CHECKING, HANDLER, _("提交出站"), (ALL_ANSWERED,), files=True),
        Transition("return", S.CHECKING, S.EXITING, DISTRICT, _("退回补正"), returns=True),
        Transition("agree", S.CHECKING, S.ISSUING, DISTRICT, _("核对无误，送登记出站")),
        Transition("issue", S.ISSUING, S.LEFT, DISTRICT | MAKERS, _("登记出站"), effect=end_stay, needs=OUT),
        Transition("settle", S.LEFT, S.SETTLED, HANDLER | POSTDOC, _("登记去向"), (TOLD,)),
        Transition(
            "transfer", S.ISSUING, S.LEFT, DISTRICT | MAKERS, _("登记转二站"), effect=move_on, needs=ONWARD,
            guarded_as=("issue",),
        ),
        *(
            Transition(
                "ask_withdrawal", source, S.WITHDRAWING, HANDLER, _("申请退站"), effect=ask_withdrawal, needs=GROUND,
                note_needed=True,
            )
            for source in (S.HERE, S.EXITING)
        ),
        *(
            Transition(
                "wish_withdrawal", source, S.WISHING, POSTDOC, _("申请退站"), effect=wish_withdrawal, note_needed=True
            )
            for source in (S.HERE, S.EXITING)
        ),
        Transition("take_back", S.WISHING, S.HERE, POSTDOC, _("撤回退站申请"), effect=take_back),
        Transition(
            "confirm_withdrawal", S.WISHING, S.WITHDRAWING, HANDLER, _("确认退站申请"), effect=confirm_withdrawal,
            needs=GROUND[2:], guarded_as=("ask_withdrawal",),
        ),
        Transition("talked", S.WISHING, S.HERE, HANDLER, _("协商后继续在站"), effect=stay_on, note_needed=True),
        Transition("keep", S.WITHDRAWING, S.HERE, MAKERS, _("不予退站"), effect=stay_on, note_needed=True),
        Transition("withdraw", S.WITHDRAWING, S.WITHDRAWN, MAKERS, _("登记退站"), effect=withdraw, needs=PAPER),
    ],
)  # fmt: skip


def possible(stay: Stay, user) -> list[Transition]:
    """What this person may do now; what only whose stay it is may do, nobody else is shown."""
    steps = cycle.possible(stay, user)
    return [step for step in steps if step.action not in OWN or stay.person.user_id == user.pk]
