"""The life of a case of standing: a station is warned, rectifies, is restored or removed. People decide; what the
clock saw when they did is kept with the case."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from portal import uploads
from portal.facts import Criterion, Lookup
from portal.lifecycle import LIFECYCLES, SYSTEM, Lifecycle, Refused, Stage, Transition, absent_for, open_matter
from portal.models import Confirmation, Evidence, Matter, Pack, Role, User
from portal.models.people import BUREAU
from stations import clocks
from stations.clocks import Reading, months_after
from stations.models import (
    SETTLED,
    CancelGround,
    Clock,
    ClockStep,
    Plate,
    Remedy,
    Sheet,
    StandingCase,
    StandingStatus,
    Station,
)
from stations.standing_facts import standing as facts

S = StandingStatus
HANDLER, DISTRICT = frozenset({Role.HANDLER}), frozenset({Role.DISTRICT})
MAKERS = frozenset({Role.BUREAU_HANDLER, Role.BUREAU_REVIEWER})
APPROVER = frozenset({Role.BUREAU_APPROVER})
PAPER = (("document", _("文号")), ("document_on", _("文件日期")))
UNTIL = (("until", _("整改到")),)
OPINION = "standing"  # the topic of a district's opinion


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
BY_ITSELF = frozenset({"lapse"})
OPENING = {"warn": ClockStep.Kind.WARN, "rectify": ClockStep.Kind.RECTIFY, "rectify_by_paper": ClockStep.Kind.RECTIFY}


def rank_of(action: str) -> int:
    """Which step of a clock a first step of a case stands for."""
    return clocks.RANK[OPENING[action]]


# --- a case begins, and ends with its station --------------------------------------------------


def new_case(station: Station, *, by: User, on: date, **values) -> StandingCase:
    titles = {}
    for language in ("zh-hans", "en"):
        with override(language):
            about = values["clock"] or values["sheet"].evaluation
            titles[language] = gettext("%(unit)s：%(rule)s") % {"unit": station.enterprise, "rule": str(about)}
    matter = open_matter(
        cycle,
        S.NEW,
        series="DT",
        title=titles["zh-hans"],
        title_en=titles["en"],
        organisation=station.enterprise.organisation,
        district=station.matter.district,
        by=by,
        on=on,
        filed=True,
    )
    return StandingCase.objects.create(matter=matter, station=station, **values)


@transaction.atomic
def begin(
    station: Station, clock: Clock, action: str, *, by: User, on: date, note: str, details: Mapping[str, Any] = {}
) -> StandingCase:
    """Open a case about what a clock proposes, with its first step. Raises Refused where the clock proposes nothing,
    or where a case is under way."""
    Matter.objects.select_for_update().get(pk=station.matter_id)
    if action not in OPENING:
        raise Refused(_("没有“%(action)s”这个动作。") % {"action": action})
    if StandingCase.objects.filter(station=station, clock=clock).exclude(status__in=SETTLED).exists():
        raise Refused(_("这个站按这条规则已有一件在办。"))
    pack = Pack.objects.get_for(station.matter.district_id)
    found = clocks.readings(Station.objects.filter(pk=station.pk), pack, on, clocks=[clock])
    proposal = found[0].next if found and found[0].state == "due" else None
    if proposal is None or rank_of(action) > proposal.rank:
        raise Refused(_("这条规则对这个站还没有到要处理的一步。年份没有登记全的，先请单位登记。"))
    case = new_case(
        station, by=by, on=on, clock=clock, ground=clock.ground, assumed=clock.assumed, started_on=found[0].worst,
    )  # fmt: skip
    return cycle.move(case, action, by=by, on=on, note=note, details=details)


def after_evaluation(sheet: Sheet, *, months: int, by: User, on: date, details: Mapping[str, Any]) -> StandingCase:
    """The rectification that a published failure brings; one that is under way already goes on as it is."""
    decided_on = sheet.evaluation.published_on
    pack = Pack.objects.get_for(sheet.station.matter.district_id)
    clock = next((c for c in clocks.clocks_of(pack, on) if c.starts == "failed_on"), None)
    running = StandingCase.objects.filter(station=sheet.station_id, clock=clock).exclude(status__in=SETTLED)
    if clock and (case := running.first()):
        return case
    case = new_case(
        sheet.station, by=by, on=on, clock=clock, sheet=sheet, ground=CancelGround.FAILED, started_on=decided_on
    )
    until = months_after(decided_on, months)
    note = gettext("评估结果：%(grade)s") % {"grade": sheet.grade}
    return cycle.move(case, "rectify", by=by, on=on, note=note, details={**details, "until": until.isoformat()})


def station_ended(station: Station, *, on: date, details: Mapping[str, Any]) -> None:
    """Whatever was under way about a station ends with it; the case that removed it goes its own way."""
    rows = StandingCase.objects.filter(station=station).exclude(pk=details.get("case", 0))
    for case in rows.exclude(status__in=[*SETTLED, S.NEW, S.REMOVED]):
        cycle.move(case, "lapse", by=None, on=on)


def proposed_until(reading: Reading | None, on: date) -> date:
    """What a form proposes as a rectification's last day: to the clock's next step, or the full time from today."""
    steps = {d.step.kind: d for d in reading.dues} if reading else {}
    rectify, remove = steps.get(ClockStep.Kind.RECTIFY), steps.get(ClockStep.Kind.REMOVE)
    if remove and remove.worst > on:
        return date.fromordinal(remove.worst.toordinal() - 1)
    months = rectify.step.rectify_months if rectify else 12
    return months_after(on, months) or on


# --- what is written beside the steps ----------------------------------------------------------


def lock(case: StandingCase) -> StandingCase:
    rows = StandingCase.objects.select_for_update(of=("self",)).select_related("matter__organisation", "station")
    return rows.get(pk=case.pk)


def roles_of(case: StandingCase, user: User) -> set[Role]:
    return user.roles_for(organisation_id=case.matter.organisation_id, district_id=case.matter.district_id)


def may_undertake(case: StandingCase, user: User) -> bool:
    return case.status in (S.WARNED, S.RECTIFYING) and bool(roles_of(case, user) & HANDLER)


def may_opine(case: StandingCase, user: User) -> bool:
    return case.status in (S.WARNED, S.RECTIFYING, S.AGAIN, S.PROPOSED) and bool(roles_of(case, user) & DISTRICT)


@transaction.atomic
def undertake(case: StandingCase, *, text: str, due_on: date, by: User, on: date) -> Remedy:
    """One more thing that the enterprise will do. Raises Refused, ValidationError."""
    case = lock(case)
    if not may_undertake(case, by):
        raise Refused(_("现在不能登记整改措施。"))
    if due_on < on:
        raise Refused(_("计划完成日期 %(day)s 已经过了。") % {"day": due_on})
    row = Remedy(case=case, text=text, due_on=due_on, by=by, added_on=on)
    row.full_clean()
    row.save()
    return row


@transaction.atomic
def accomplish(remedy: Remedy, *, done_on: date, result: str, upload=None, by: User, on: date) -> Remedy:
    """A remedy is done, with its result and, where there is one, a paper. Raises Refused, uploads.BadFile."""
    case = lock(remedy.case)
    remedy = Remedy.objects.select_for_update().get(pk=remedy.pk)
    if not may_undertake(case, by):
        raise Refused(_("现在不能登记整改结果。"))
    if done_on > on or done_on < remedy.added_on:
        raise Refused(_("完成日期应在 %(first)s 到今天之间。") % {"first": remedy.added_on})
    remedy.done_on, remedy.result = done_on, result
    if upload:
        remedy.file = uploads.store(upload, organisation=case.matter.organisation, by=by)
        Evidence.objects.create(matter=case.matter, slot=f"remedy.{remedy.pk}", file=remedy.file, added_by=by)
    remedy.full_clean()
    remedy.save()
    return remedy


@transaction.atomic
def opine(case: StandingCase, *, verdict: bool | None, note: str, by: User, on: date) -> Confirmation:
    """What the district thinks; a newer opinion ends the older. It binds nobody."""
    case = lock(case)
    if not may_opine(case, by):
        raise Refused(_("现在不能填写意见。"))
    same = {"matter": case.matter, "topic": OPINION, "level": Confirmation.Level.DISTRICT}
    Confirmation.objects.filter(**same, until=None).update(until=on)
    absent = absent_for(case.matter, by, {Role.DISTRICT})
    return Confirmation.objects.create(**same, verdict=verdict, note=note, by=by, on_behalf_id=absent, since=on)
