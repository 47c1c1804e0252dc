"""The life of a case of standing: a station is warned, rectifies, is restored or removed. People decide; what the
clock saw when they did is kept with the case."""

from datetime import date

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.facts import Criterion, Lookup
from portal.lifecycle import LIFECYCLES, SYSTEM, Lifecycle, Refused, Stage, Transition
from portal.models import Matter, Pack, Role
from portal.models.people import BUREAU
from stations.models import Plate, StandingCase, StandingStatus, Station
from stations.roles import APPROVER, DISTRICT, HANDLER, MAKERS, PAPER
from stations.standing import clocks
from stations.standing.clocks import Reading, months_after
from stations.standing.facts import standing as facts

S = StandingStatus
UNTIL = (("until", _("整改到")),)


# --- effects -----------------------------------------------------------------------------------


def remember(subject: StandingCase, *, on: date, action: str) -> Reading | None:
    """Keep with the case what the clock says on this day. None: the case rests on an evaluation alone."""
    reading = reading_of(subject, on)
    if reading is not None:
        subject.seen = [*subject.seen, {"action": action, **reading.seen()}]
    return reading


def reading_of(subject: StandingCase, on: date) -> Reading | None:
    """The case's clock read for its station; a clock that doesn't run for it any more says nothing."""
    if subject.clock is None:
        return None
    pack = Pack.objects.get_for(subject.station.matter.district_id)
    rows = Station.objects.filter(pk=subject.station_id)
    found = clocks.with_years(clocks.readings(rows, pack, on, clocks=[subject.clock]))
    return found[0] if found else None


def due(subject: StandingCase, day: date | None) -> None:
    Matter.objects.filter(pk=subject.matter_id).update(due_on=day)
    subject.matter.due_on = day


def warned(subject, *, by, on, details):
    """The enterprise has until the last day on which the next step can still be prevented."""
    reading = remember(subject, on=on, action="warn")
    later = [d.worst for d in reading.dues if d.worst > on] if reading else []
    due(subject, date.fromordinal(min(later).toordinal() - 1) if later else None)


def rectified_until(subject, *, by, on, details):
    """The rectification runs from today, or goes on. Raises Refused on an impossible last day."""
    until = date.fromisoformat(details["until"])
    if until <= on:
        raise Refused(_("整改截止 %(day)s 应在今天之后。") % {"day": until})
    if details.get("document_on") and date.fromisoformat(details["document_on"]) > on:
        raise Refused(_("文件日期 %(day)s 在今天之后，请核对文件上的日期。") % {"day": details["document_on"]})
    subject.rectify_since = subject.rectify_since or on
    subject.rectify_by = until
    remember(subject, on=on, action="rectify")
    due(subject, until)


def proposed(subject, *, by, on, details):
    remember(subject, on=on, action="propose")


def lifted(subject, *, by, on, details):
    remember(subject, on=on, action="lift")


def removed(subject, *, by, on, details):
    """The station ends by the paper that says so; its plate comes down, and it may be barred for some years."""
    remember(subject, on=on, action="remove")
    ground = {"ground": subject.ground, "case": subject.pk}
    station = LIFECYCLES["station"].move(
        subject.station, "cancel", by=by, on=on, note=gettext("按动态管理办理"), details={**details, **ground}
    )
    Plate.objects.filter(station=station, until=None, since__lt=station.ended_on).update(until=station.ended_on)
    if subject.clock and subject.clock.barred_years:
        subject.barred_until = months_after(station.ended_on, 12 * subject.clock.barred_years)
    due(subject, None)


def handed_back(subject, *, by, on, details):
    day = date.fromisoformat(details["returned_on"])
    if day > on:
        raise Refused(_("%(day)s 还没有到。") % {"day": day})
    subject.returned_on = day


UNDERTAKEN = Criterion("remedies", Lookup.AT_LEAST, 1, _("至少登记一项整改措施"))
DONE = Criterion("remedies_open", Lookup.AT_MOST, 0, _("整改措施都要有结果"))
BY_RULE, BY_PAPER = (("assumed", False),), (("assumed", True),)

cycle = Lifecycle(
    "standing",
    _("动态管理"),
    url="stations:standing_case",
    vocabulary=facts,
    stages={
        S.NEW: Stage(_("研判"), Role.BUREAU_HANDLER),
        S.WARNED: Stage(_("已提示"), Role.HANDLER),
        S.RECTIFYING: Stage(_("整改中"), Role.HANDLER),
        S.AGAIN: Stage(_("待复评"), Role.BUREAU_APPROVER),
        S.PROPOSED: Stage(_("拟摘牌"), Role.BUREAU_APPROVER),
        S.REMOVED: Stage(_("已摘牌待交回"), Role.DISTRICT),
        S.HANDED: Stage(_("已摘牌")),
        S.LIFTED: Stage(_("已恢复")),
        S.DISMISSED: Stage(_("不予处理")),
    },
    transitions=[
        Transition("warn", S.NEW, S.WARNED, MAKERS, _("发出提示"), effect=warned, note_needed=True),
        *(
            Transition(
                "rectify",
                source,
                S.RECTIFYING,
                APPROVER,
                _("限期整改"),
                effect=rectified_until,
                where=BY_RULE,
                needs=UNTIL,
                note_needed=True,
            )
            for source in (S.NEW, S.WARNED)
        ),
        *(
            Transition(
                "rectify_by_paper",
                source,
                S.RECTIFYING,
                APPROVER,
                _("依文件限期整改"),
                effect=rectified_until,
                where=BY_PAPER,
                needs=(*UNTIL, *PAPER),
                note_needed=True,
            )
            for source in (S.NEW, S.WARNED)
        ),
        Transition("lift", S.WARNED, S.LIFTED, MAKERS, _("解除提示"), effect=lifted, note_needed=True),
        Transition(
            "report", S.RECTIFYING, S.AGAIN, HANDLER, _("报告整改完成"), (UNDERTAKEN, DONE), note_needed=True
        ),
        *(
            Transition("pass", source, S.LIFTED, APPROVER, _("整改合格，恢复"), effect=lifted, note_needed=True)
            for source in (S.RECTIFYING, S.AGAIN)
        ),
        *(
            Transition(
                "go_on", source, S.RECTIFYING, APPROVER, _("继续整改"), effect=rectified_until, needs=UNTIL,
                note_needed=True,
            )
            for source in (S.AGAIN, S.PROPOSED)
        ),
        Transition(
            "propose", S.WARNED, S.PROPOSED, BUREAU, _("提请摘牌"), effect=proposed, where=BY_RULE, duty="removal",
            note_needed=True,
        ),
        *(
            Transition(
                "propose", source, S.PROPOSED, BUREAU, _("提请摘牌"), effect=proposed, duty="removal", note_needed=True
            )
            for source in (S.RECTIFYING, S.AGAIN)
        ),
        Transition(
            "remove", S.PROPOSED, S.REMOVED, APPROVER, _("摘牌"), effect=removed, duty="removal", needs=PAPER,
            note_needed=True,
        ),
        Transition(
            "hand_back", S.REMOVED, S.HANDED, MAKERS | DISTRICT, _("登记交回"), effect=handed_back,
            needs=(("returned_on", _("交回日期")),),
        ),
        Transition("dismiss", S.WARNED, S.DISMISSED, MAKERS | APPROVER, _("不再处理"), note_needed=True),
        *(
            Transition("dismiss", source, S.DISMISSED, APPROVER, _("不再处理"), note_needed=True)
            for source in (S.RECTIFYING, S.AGAIN, S.PROPOSED)
        ),
        *(
            Transition("lapse", source, S.DISMISSED, SYSTEM, _("随站终止"))
            for source in (S.WARNED, S.RECTIFYING, S.AGAIN, S.PROPOSED)
        ),
    ],
)  # fmt: skip
