"""How a case of standing begins and ends with its station, and what is written beside its steps."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from portal import uploads
from portal.lifecycle import Refused, absent_for, open_matter
from portal.models import Confirmation, Evidence, Matter, Pack, Role, User
from stations.models import (
    SETTLED,
    CancelGround,
    Clock,
    ClockStep,
    Remedy,
    Sheet,
    StandingCase,
    StandingStatus,
    Station,
)
from stations.roles import DISTRICT, HANDLER
from stations.standing import clocks
from stations.standing.clocks import Reading, months_after
from stations.standing.lifecycle import cycle

S = StandingStatus
OPINION = "standing"  # the topic of a district's opinion
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
