"""The life of an application, from draft to the paper that approves it, and of a station after that."""

from datetime import date

from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext, pgettext_lazy

from portal.facts import Criterion, Lookup
from portal.lifecycle import Fork, Lifecycle, Refused, Stage, Transition, open_matter
from portal.models import Event, Evidence, Pack, ReturnItem, Revision, Role, Spell
from portal.models.people import BUREAU
from portal.rules import plain
from portal.words import localised
from stations import facts, pool
from stations.models import (
    ENDED,
    LEVELS,
    Application,
    ApplicationStatus,
    CancelGround,
    Enterprise,
    MainStation,
    Route,
    Signing,
    Station,
    StationKind,
    StationStatus,
)
from stations.models.applications import STAMP
from stations.models.casework import VISIT

S = ApplicationStatus
HANDLER, CERTIFIER = frozenset({Role.HANDLER}), frozenset({Role.CERTIFIER})
UNIT, DISTRICT = HANDLER | CERTIFIER, frozenset({Role.DISTRICT})
MAKERS = frozenset({Role.BUREAU_HANDLER, Role.BUREAU_REVIEWER})
APPROVER = frozenset({Role.BUREAU_APPROVER})


def snapshot(subject: Application) -> dict:
    """What is handed in, whole: the form, the enterprise's profile, the answers and the files cited.

    The profile lives on while a case is open; after a return only what was named may differ from what was handed in
    before, so the rest is carried over.
    """
    cited = Evidence.objects.filter(matter=subject.matter_id, removed_at=None).exclude(slot=VISIT)
    evidence = list(cited.select_related("file"))
    profile = subject.enterprise
    told = {
        "name": str(profile),
        **{name: plain(getattr(profile, name)) for name in (*Enterprise.NEEDED, "chain", "tags")},
    }
    before = Revision.objects.filter(matter=subject.matter_id).order_by("-pk").values_list("data", flat=True).first()
    if before:
        items = ReturnItem.objects.filter(event__matter=subject.matter_id, resolved_at=None)
        named = set(items.values_list("target", flat=True))
        told = {k: v if f"profile:{k}" in named else before["enterprise"].get(k, v) for k, v in told.items()}
    return {
        "enterprise": told,
        "field": {name: plain(getattr(subject, name)) for name in Application.NEEDED},
        "condition": {
            answer.condition.code: {"claimed": answer.claimed, "statement": answer.statement}
            for answer in subject.answers.select_related("condition")
        },
        "slot": {
            slot: sorted(str(e.file_id) for e in evidence if e.slot == slot)
            for slot in sorted({e.slot for e in evidence})
        },
        "file": {str(e.file_id): e.file.name for e in evidence},
    }


def use_up_stamp(subject, *, by, on, details):
    """A page with a seal vouches for what was handed in with it; what is mended needs a new one."""
    Evidence.objects.filter(matter=subject.matter_id, slot=STAMP, removed_at=None).update(removed_at=now())


def reach_first_level(subject, *, by, on, details):
    subject.reached = 0


def reach_next_level(subject, *, by, on, details):
    """The next authority above has it now. Raises Refused when the last one has it already."""
    if subject.reached + 1 >= len(subject.type.levels):
        level = localised(subject.type, "levels")[-1]
        raise Refused(_("已经到最后一级（%(level)s），请登记批复结果。") % {"level": level})
    subject.reached += 1


def open_station(subject, *, by, on, details):
    """The station exists from the date of the paper that approves it. Raises Refused on an impossible date."""
    approved_on = date.fromisoformat(details["document_on"])
    if approved_on > on:
        raise Refused(_("批复日期 %(day)s 在今天之后，请核对文件上的日期。") % {"day": approved_on})
    if approved_on < subject.matter.opened_on:
        raise Refused(
            _("批复日期 %(day)s 早于申报建立的日期 %(opened)s，请核对文件上的日期。")
            % {"day": approved_on, "opened": subject.matter.opened_on}
        )
    levels = subject.type.levels
    enter_station(
        subject.enterprise,
        kind=StationKind(subject.type.kind),
        approved_on=approved_on,
        document=details["document"],
        approver=levels[-1] if levels else Pack.objects.get_for(subject.matter.district_id).bureau,
        district=subject.matter.district,
        application=subject,
        by=by,
    )
    pool.found_station(subject, by=by, on=on)


def enter_station(enterprise, *, kind, approved_on, document, approver, district, by, application=None) -> Station:
    """Enter a station in the register; a valid base of the same enterprise is thereby upgraded."""
    lower = None
    if kind == StationKind.NATIONAL:
        bases = [StationKind.BASE_PROVINCIAL, StationKind.BASE_CITY]
        lower = enterprise.stations.filter(kind__in=bases).exclude(status__in=ENDED).first()
    if lower:
        lower = station.move(
            lower, "upgrade", by=by, on=approved_on, details={"document": document, "document_on": str(approved_on)}
        )
    titles = {}
    for language in ("zh-hans", "en"):
        with override(language):
            parts = {"enterprise": enterprise, "kind": kind.label}
            titles[language] = pgettext("站名", "%(enterprise)s%(kind)s") % parts
    matter = open_matter(
        station,
        StationStatus.VALID,
        series="WS",
        title=titles["zh-hans"],
        title_en=titles["en"],
        organisation=enterprise.organisation,
        district=district,
        by=by,
        on=approved_on,
        filed=True,
    )
    return Station.objects.create(
        matter=matter,
        name=titles["zh-hans"],
        enterprise=enterprise,
        kind=kind,
        level=LEVELS[kind],
        chain=enterprise.chain,
        approved_on=approved_on,
        approval_document=document,
        approver=approver,
        application=application,
        upgraded_from=lower,
    )


def end_station(subject, *, by, on, details):
    """The station ends on the date of the paper that says so. Raises Refused on an impossible date."""
    ended_on = date.fromisoformat(details["document_on"])
    if ended_on > on:
        raise Refused(_("文件日期 %(day)s 在今天之后，请核对文件上的日期。") % {"day": ended_on})
    if ended_on < subject.approved_on:
        raise Refused(
            _("文件日期 %(day)s 早于批准日期 %(approved)s，请核对文件上的日期。")
            % {"day": ended_on, "approved": subject.approved_on}
        )
    branches = MainStation.objects.filter(Q(until=None) | Q(until__gt=ended_on), main=subject)
    if names := [str(row.station) for row in branches.select_related("station__matter").order_by("pk")[:3]]:
        text = _("还有分站属于这个总站：%(names)s。请先登记它们转到哪个总站，或办理分站的注销。")
        raise Refused(text % {"names": _("、").join(names)})
    subject.ended_on, subject.end_document = ended_on, details["document"]


def retire(subject: Station, *, on: date, document: str, ground: str, by) -> None:
    """Enter the end of a station that ended long ago together with the station: the past is recorded, not decided."""
    details = {"document": document, "document_on": str(on), "ground": ground, "entered": True}
    matter = subject.matter
    Event.objects.create(
        matter=matter, round=matter.round, action="cancel", source=matter.status, target=StationStatus.CANCELLED,
        on=on, by=by, details=details,
    )  # fmt: skip
    Spell.objects.filter(matter=matter, until=None).update(until=on)
    Spell.objects.create(matter=matter, status=StationStatus.CANCELLED, since=on)
    matter.status, matter.held_since, matter.closed_on = StationStatus.CANCELLED, on, on
    matter.save()
    subject.status, subject.ended_on, subject.end_document = StationStatus.CANCELLED, on, document
    subject.end_ground = ground
    subject.save()


def cancel_station(subject, *, by, on, details):
    """The station ends for a ground of the list; a main station only once no branch belongs to it."""
    if details["ground"] not in CancelGround.values:
        raise Refused(_("请从列表里选注销原因。"))
    end_station(subject, by=by, on=on, details=details)
    subject.end_ground = details["ground"]


ALL_ANSWERED = Criterion("returns_unanswered", Lookup.AT_MOST, 0, _("退回的每一处都要修改或说明"))
STAMPED = Criterion("stamped", Lookup.IS, True, _("由盖章页确认的，要先上传盖章页"))
BY_ACCOUNT, BY_PAGE = (("signing", Signing.ACCOUNT),), (("signing", Signing.PAGE),)
PAPER = (("document", _("文号")), ("document_on", _("文件日期")))

application = Lifecycle(
    "application",
    _("设站申报"),
    url="stations:application",
    vocabulary=facts.application,
    shared=True,
    snapshot=snapshot,
    stages={
        S.DRAFT: Stage(_("草稿"), Role.HANDLER),
        S.CERTIFYING: Stage(_("待单位审核"), Role.CERTIFIER),
        S.DISTRICT: Stage(_("待区镇审核"), Role.DISTRICT, days="days.district"),
        S.RETURNED: Stage(pgettext_lazy("状态", "退回补正"), Role.HANDLER, days="days.correction"),
        S.BUREAU: Stage(_("待市局审核"), Role.BUREAU_HANDLER, days="days.bureau"),
        S.PASSED: Stage(_("待市局审批"), Role.BUREAU_APPROVER, days="days.approval"),
        S.SENT: Stage(_("已上报待批复"), outside=True),
        S.APPROVED: Stage(_("已批准")),
        S.REFUSED: Stage(pgettext_lazy("状态", "不予推荐")),
        S.REJECTED: Stage(_("上级未批准")),
        S.WITHDRAWN: Stage(_("已撤回")),
    },
    transitions=[
        Transition("to_certify", S.DRAFT, S.CERTIFYING, HANDLER, _("送单位审核"), duty="submission", where=BY_ACCOUNT),
        Transition(
            "to_certify",
            S.RETURNED,
            S.CERTIFYING,
            HANDLER,
            _("送单位审核"),
            (ALL_ANSWERED,),
            duty="submission",
            where=BY_ACCOUNT,
        ),
        *(
            Transition(
                *("submit", source, Fork(S.DISTRICT), HANDLER, _("确认并提交"), criteria),
                files=True,
                where=BY_PAGE,
                effect=pool.hand_in,
            )
            for source, criteria in ((S.DRAFT, (STAMPED,)), (S.RETURNED, (ALL_ANSWERED, STAMPED)))
        ),
        Transition("decline", S.CERTIFYING, Fork(S.DRAFT, S.RETURNED), CERTIFIER, _("退给经办人"), note_needed=True),
        Transition(
            *("submit", S.CERTIFYING, Fork(S.DISTRICT), CERTIFIER, _("确认并提交")),
            duty="submission",
            files=True,
            effect=pool.hand_in,
        ),
        Transition("recommend", S.DISTRICT, S.BUREAU, DISTRICT, _("推荐到市局")),
        Transition("return", S.DISTRICT, S.RETURNED, DISTRICT, _("退回补正"), returns=True, effect=use_up_stamp),
        Transition("refuse", S.DISTRICT, S.REFUSED, DISTRICT, _("不予推荐"), note_needed=True, effect=pool.go_back),
        Transition("pass", S.BUREAU, S.PASSED, MAKERS, _("审核通过"), duty="decision"),
        Transition("return", S.BUREAU, S.RETURNED, MAKERS, _("退回补正"), returns=True, effect=use_up_stamp),
        Transition("to_district", S.BUREAU, S.DISTRICT, MAKERS, _("退回区镇"), note_needed=True),
        Transition("refuse", S.BUREAU, S.REFUSED, MAKERS, _("不予推荐"), note_needed=True, effect=pool.go_back),
        Transition("reconsider", S.PASSED, S.BUREAU, APPROVER, _("退回重审"), note_needed=True),
        Transition(
            "send_up",
            S.PASSED,
            S.SENT,
            APPROVER,
            _("审核上报"),
            route=Route.UPWARD,
            duty="decision",
            effect=reach_first_level,
        ),
        Transition(
            "recognise",
            S.PASSED,
            S.APPROVED,
            APPROVER,
            _("认定备案"),
            route=Route.RECOGNISE,
            duty="decision",
            effect=open_station,
            needs=PAPER,
        ),
        Transition("forward", S.SENT, S.SENT, MAKERS, _("登记转报"), effect=reach_next_level),
        Transition("approve", S.SENT, S.APPROVED, MAKERS, _("登记批复"), effect=open_station, needs=PAPER),
        Transition("reject", S.SENT, S.REJECTED, MAKERS, _("登记未批准"), note_needed=True, effect=pool.go_back),
        *(
            Transition("withdraw", source, S.WITHDRAWN, UNIT, _("撤回申报"), effect=pool.go_back)
            for source in (S.DRAFT, S.CERTIFYING, S.DISTRICT, S.RETURNED, S.BUREAU, S.PASSED)
        ),
    ],
)

station = Lifecycle(
    "station",
    _("博士后工作站"),
    url="stations:station",
    vocabulary=facts.station,
    stages={
        StationStatus.VALID: Stage(_("有效"), outside=True),
        StationStatus.PAUSED: Stage(_("暂停"), outside=True),
        StationStatus.UPGRADED: Stage(_("已升格")),
        StationStatus.CANCELLED: Stage(_("已注销")),
    },
    transitions=[
        Transition("pause", StationStatus.VALID, StationStatus.PAUSED, BUREAU, _("暂停"), note_needed=True),
        Transition("resume", StationStatus.PAUSED, StationStatus.VALID, BUREAU, _("恢复")),
        *(
            Transition("upgrade", source, StationStatus.UPGRADED, BUREAU, _("升格"), effect=end_station, needs=PAPER)
            for source in (StationStatus.VALID, StationStatus.PAUSED)
        ),
        *(
            Transition(
                "cancel",
                source,
                StationStatus.CANCELLED,
                APPROVER,
                _("注销"),
                effect=cancel_station,
                needs=(("ground", _("注销原因")), *PAPER),
                note_needed=True,
            )
            for source in (StationStatus.VALID, StationStatus.PAUSED)
        ),
    ],
)
