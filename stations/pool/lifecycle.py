"""The life of an entry in the reserve pool: its steps, and what an application does to it.

That its enterprise applies for a station, gets one or doesn't, moves the entry by itself: the effects at the end of
the steps are called by the application's own transitions, in their transaction.
"""

from datetime import date

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.facts import Criterion, Lookup
from portal.lifecycle import Fork, Lifecycle, Refused, Stage, Transition
from portal.models import Role
from portal.models.people import BUREAU, UNIT
from stations.models import Application, Intention, LeavingReason, Measure, PoolEntry, PoolSource, PoolStatus, PoolTier
from stations.pool.facts import vocabulary
from stations.pool.models import IN_SELECTION
from stations.roles import DISTRICT, HANDLER, MAKERS

S = PoolStatus
HOLDERS = {
    Measure.Owner.UNIT: Role.HANDLER,
    Measure.Owner.DISTRICT: Role.DISTRICT,
    Measure.Owner.BUREAU: Role.BUREAU_HANDLER,
}
# what an enterprise says when it applies for the pool; what a return may name
TOLD = ("bases", "intention", "statement", "target", "target_year")

HAS_BASIS = Criterion("bases", Lookup.AT_LEAST, 1, _("入库须有依据"))
HAS_MEASURES = Criterion("measures", Lookup.AT_LEAST, 1, _("一企一策须有措施、责任方和时限"))

# --- what the steps leave behind ---------------------------------------------------------------


def set_contact(subject, *, by, on, details):
    """Whoever of the district speaks for the enterprise first is the one it may call."""
    subject.contact = subject.contact or by


def second(subject, *, by, on, details):
    """The district's yes. Of an enterprise that the bureau found it has asked whether it wants postdocs at all."""
    set_contact(subject, by=by, on=on, details=details)
    if not subject.intention:
        if details.get("intention") not in Intention.values:
            raise Refused(_("请先问过单位，再选一项招收意向。"))
        subject.intention = details["intention"]


def enter(subject, *, by, on, details):
    subject.entered_on = on
    set_tier(subject, by=by, on=on, details=details)


def set_tier(subject, *, by, on, details):
    if details["tier"] not in PoolTier.values:
        raise Refused(_("请选择培育梯队。"))
    subject.tier = details["tier"]
    schedule(subject)


def begin(subject, *, by, on, details):
    schedule(subject)


def link(subject, *, by, on, details):
    subject.application = Application.objects.get(matter__number=details["application"])


def unlink(subject, *, by, on, details):
    subject.application = None
    schedule(subject)


def end(subject, *, by, on, details):
    """It is out from this day on."""
    subject.ended_on = on


def establish(subject, *, by, on, details):
    link(subject, by=by, on=on, details=details)
    end(subject, by=by, on=on, details=details)


def leave(subject, *, by, on, details):
    if details["because"] not in LeavingReason.values:
        raise Refused(_("请选择退出原因。"))
    subject.left_because = details["because"]
    end(subject, by=by, on=on, details=details)


def schedule(entry: PoolEntry) -> None:
    """While an entry grows, whoever has to take the next measure of its plan holds it, until that measure's day."""
    if entry.status != S.GROWING:
        return
    measure = Measure.objects.filter(entry=entry, done_on=None).order_by("due_on", "pk").first()
    entry.matter.holder = HOLDERS[Measure.Owner(measure.owner)] if measure else Role.DISTRICT
    entry.matter.due_on = measure.due_on if measure else None
    entry.matter.save(update_fields=["holder", "due_on", "changed_at"])


def snapshot(subject: PoolEntry) -> dict:
    """What was handed in."""
    return {
        "bases": sorted(subject.grounds.values_list("basis__code", flat=True)),
        "intention": subject.intention,
        "statement": subject.statement,
        "target": subject.target.code,
        "target_year": subject.target_year,
    }


TIER = (("tier", _("培育梯队")),)
BEGINNINGS = {PoolSource.UNIT: "apply", PoolSource.DISTRICT: "propose", PoolSource.BUREAU: "select"}
BY_UNIT, BY_DISTRICT, BY_BUREAU = ((("source", source),) for source in PoolSource)
BY_ITSELF = frozenset({"applied", "resume", "await_plan", "established"})  # nobody presses these

pool = Lifecycle(
    "pool",
    _("储备库"),
    url="stations:pool_entry",
    vocabulary=vocabulary,
    snapshot=snapshot,
    stages={
        S.NEW: Stage(_("登记"), outside=True),
        S.DISTRICT: Stage(_("待区镇意见"), Role.DISTRICT, days="days.pool_opinion"),
        S.RETURNED: Stage(pgettext_lazy("状态", "退回补正"), Role.HANDLER, days="days.correction"),
        S.BUREAU: Stage(_("待市局选拔"), Role.BUREAU_HANDLER, days="days.pool_selection"),
        S.ADMITTED: Stage(_("在库待定方案"), Role.DISTRICT, days="days.pool_plan"),
        S.GROWING: Stage(_("培育中"), Role.DISTRICT),
        S.APPLIED: Stage(_("已申报"), outside=True),
        S.ESTABLISHED: Stage(_("已建站出库")),
        S.LEFT: Stage(_("已退出储备库")),
        S.WITHDRAWN: Stage(_("已撤回")),
    },
    transitions=[
        Transition("apply", S.NEW, S.DISTRICT, HANDLER, _("申请入库"), (HAS_BASIS,), where=BY_UNIT, files=True),
        Transition(
            *("propose", S.NEW, S.BUREAU, DISTRICT, _("推荐入库"), (HAS_BASIS,)),
            where=BY_DISTRICT,
            files=True,
            note_needed=True,
            effect=set_contact,
        ),
        Transition(
            *("select", S.NEW, S.DISTRICT, MAKERS, _("市级筛选，推荐入库"), (HAS_BASIS,)),
            where=BY_BUREAU,
            files=True,
            note_needed=True,
        ),
        Transition(
            "support", S.DISTRICT, S.BUREAU, DISTRICT, _("同意入库"), (HAS_BASIS,), note_needed=True, effect=second
        ),
        Transition("decline", S.DISTRICT, S.BUREAU, DISTRICT, _("不同意入库"), where=BY_BUREAU, note_needed=True),
        Transition("send_back", S.DISTRICT, S.RETURNED, DISTRICT, _("退回补正"), where=BY_UNIT, returns=True),
        Transition("send_back", S.BUREAU, S.RETURNED, MAKERS, _("退回补正"), where=BY_UNIT, returns=True),
        Transition("to_district", S.BUREAU, S.DISTRICT, MAKERS, _("退回区镇"), note_needed=True),
        Transition(
            *("resubmit", S.RETURNED, Fork(S.DISTRICT), HANDLER, _("再次提交"), (HAS_BASIS,)),
            files=True,
            note_needed=True,
        ),
        Transition("admit", S.BUREAU, S.ADMITTED, MAKERS, _("批准入库"), effect=enter, needs=TIER),
        Transition("begin", S.ADMITTED, S.GROWING, DISTRICT, _("开始培育"), (HAS_MEASURES,), effect=begin),
        *(
            Transition("grade", at, at, DISTRICT | MAKERS, _("调整梯队"), needs=TIER, note_needed=True, effect=set_tier)
            for at in (S.ADMITTED, S.GROWING)
        ),
        *(Transition("review", at, at, DISTRICT, _("复核，继续培育"), effect=begin) for at in (S.ADMITTED, S.GROWING)),
        *(
            Transition("applied", at, S.APPLIED, UNIT, _("设站申报已提交"), effect=link)
            for at in (S.ADMITTED, S.GROWING)
        ),
        Transition("resume", S.APPLIED, S.GROWING, UNIT | DISTRICT | BUREAU, _("申报未成，继续培育"), effect=unlink),
        Transition(
            "await_plan", S.APPLIED, S.ADMITTED, UNIT | DISTRICT | BUREAU, _("申报未成，待定方案"), effect=unlink
        ),
        *(
            Transition("established", at, S.ESTABLISHED, BUREAU, _("已建站，出库"), effect=establish)
            for at in (S.ADMITTED, S.GROWING, S.APPLIED)
        ),
        *(
            Transition(
                *("leave", at, S.LEFT, MAKERS, _("退出储备库")),
                effect=leave,
                needs=(("because", _("退出原因")),),
                note_needed=True,
            )
            for at in (*IN_SELECTION, S.ADMITTED, S.GROWING, S.APPLIED)
        ),
        *(
            Transition("withdraw", at, S.WITHDRAWN, UNIT, _("撤回入库申请"), note_needed=True, effect=end)
            for at in IN_SELECTION
        ),
        *(
            Transition(
                "retract", at, S.WITHDRAWN, DISTRICT, _("撤回推荐"), where=BY_DISTRICT, note_needed=True, effect=end
            )
            for at in (S.DISTRICT, S.BUREAU)
        ),
    ],
)

# --- by itself: what an application does to the entry of its enterprise ------------------------


def entry_of(application: Application, *statuses: str) -> PoolEntry | None:
    """The open entry of the application's enterprise, where it stands at one of these."""
    return PoolEntry.objects.filter(enterprise=application.enterprise_id, status__in=statuses).first()


def follow(entry: PoolEntry | None, action: str, application: Application, *, by, on: date) -> None:
    if entry:
        pool.move(entry, action, by=by, on=on, details={"application": application.matter.number})


def hand_in(application, *, by, on, details):
    """An application was handed in: an enterprise of the pool has applied."""
    follow(entry_of(application, S.ADMITTED, S.GROWING), "applied", application, by=by, on=on)


def go_back(application, *, by, on, details):
    """It came to nothing: the enterprise stays in the pool, where its plan goes on."""
    entry = entry_of(application, S.APPLIED)
    if entry and entry.application_id == application.pk:
        follow(entry, "resume" if entry.measures.exists() else "await_plan", application, by=by, on=on)


def found_station(application, *, by, on):
    """It became a station: the entry has reached its end."""
    follow(entry_of(application, S.ADMITTED, S.GROWING, S.APPLIED), "established", application, by=by, on=on)
