"""The life of an application, from draft to the paper that approves it, and of a station after that."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext, pgettext_lazy

from portal.bulk import pour
from portal.facts import Criterion, Lookup
from portal.lifecycle import Birth, Fork, Lifecycle, Past, Refused, Stage, Transition, open_matters
from portal.models import District, Evidence, Pack, ReturnItem, Revision, Role
from portal.models.people import BUREAU
from portal.rules import plain
from portal.words import localised
from stations import facts, pool, standing, windows
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
from stations.models.behalf import CONSENT
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
    cited = Evidence.objects.filter(matter=subject.matter_id, removed_at=None).exclude(slot__in=(VISIT, CONSENT))
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


def hand_in(subject, *, by, on, details):
    """It belongs to a batch from now on, and its entry in the reserve pool has reached what it was for."""
    windows.take_in(subject, on=on)
    pool.hand_in(subject, by=by, on=on, details=details)


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


@dataclass(frozen=True)
class Entry:
    """A station to be entered in the register, by the paper that approved it. `name`: where it bears one of its own.
    `ended_on`: it ended long ago, by the paper named beside."""

    enterprise: Enterprise
    kind: StationKind
    approved_on: date
    document: str
    approver: str
    district: District
    application: Application | None = None
    name: str = ""
    chain_id: int | None = None
    ended_on: date | None = None
    end_document: str = ""
    end_ground: str = ""

    @property
    def past(self) -> tuple[Past, ...]:
        if self.ended_on is None:
            return ()
        details = {"document": self.end_document, "document_on": str(self.ended_on), "ground": self.end_ground}
        return (Past("cancel", StationStatus.CANCELLED, self.ended_on, details),)


def enter_station(enterprise, *, by, **values) -> Station:
    """Enter a station in the register; a valid base of the same enterprise is thereby upgraded."""
    return enter_stations([Entry(enterprise, **values)], by=by)[0]


BASES = (StationKind.BASE_PROVINCIAL, StationKind.BASE_CITY)


def enter_stations(entries: Sequence[Entry], *, by) -> list[Station]:
    """Enter many, in their order: a base that stands before the national station of the same enterprise is upgraded."""
    made: list[Station] = []
    waiting: list[Entry] = []
    bases: set[int] = set()  # enterprises with a base among those that wait
    for entry in entries:
        if entry.kind == StationKind.NATIONAL and entry.enterprise.pk in bases:
            made += written(waiting, by=by)
            waiting, bases = [], set()
        waiting.append(entry)
        if entry.kind in BASES:
            bases.add(entry.enterprise.pk)
    return made + written(waiting, by=by)


def written(entries: Sequence[Entry], *, by) -> list[Station]:
    lower = upgraded(entries, by=by)
    titles = {}
    for language in ("zh-hans", "en"):
        with override(language):
            pattern, kinds = pgettext("站名", "%(enterprise)s%(kind)s"), {e.kind: str(e.kind.label) for e in entries}
            titles[language] = [pattern % {"enterprise": e.enterprise, "kind": kinds[e.kind]} for e in entries]
    names = [e.name or title for e, title in zip(entries, titles["zh-hans"], strict=True)]
    births = [
        Birth(name, e.enterprise.organisation, e.district, e.approved_on, "" if e.name else title_en, e.past)
        for e, name, title_en in zip(entries, names, titles["en"], strict=True)
    ]
    matters = open_matters(station, StationStatus.VALID, births, series="WS", by=by, filed=True)
    return pour(
        [
            Station(
                matter=matter,
                name=name,
                enterprise=e.enterprise,
                kind=e.kind,
                level=LEVELS[e.kind],
                chain_id=e.chain_id or e.enterprise.chain_id,
                approved_on=e.approved_on,
                approval_document=e.document,
                approver=e.approver,
                application=e.application,
                upgraded_from=lower.get(n),
                status=matter.status,
                ended_on=e.ended_on,
                end_document=e.end_document,
                end_ground=e.end_ground,
            )
            for n, (e, name, matter) in enumerate(zip(entries, names, matters, strict=True))
        ]
    )


def upgraded(entries: Sequence[Entry], *, by) -> dict[int, Station]:
    """The bases that national stations among these raise, moved on; by the place of the entry in the list."""
    national = {e.enterprise.pk for e in entries if e.kind == StationKind.NATIONAL}
    standing: dict[int, list[Station]] = {}
    for base in (
        Station.objects.filter(enterprise__in=national, kind__in=BASES).exclude(status__in=ENDED).order_by("pk")
        if national
        else ()
    ):
        standing.setdefault(base.enterprise_id, []).append(base)
    lower = {}
    for n, entry in enumerate(entries):
        if entry.kind == StationKind.NATIONAL and (bases := standing.get(entry.enterprise.pk)):
            details = {"document": entry.document, "document_on": str(entry.approved_on)}
            lower[n] = station.move(bases.pop(0), "upgrade", by=by, on=entry.approved_on, details=details)
    return lower


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
    standing.station_ended(subject, on=on, details=details)


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
                effect=hand_in,
            )
            for source, criteria in ((S.DRAFT, (STAMPED,)), (S.RETURNED, (ALL_ANSWERED, STAMPED)))
        ),
        *(  # what an office filled in is vouched for by the enterprise's page all the same: stations/behalf.py
            Transition(
                *("enter", source, Fork(S.DISTRICT), DISTRICT | MAKERS, _("代为提交"), criteria),
                files=True,
                where=(*BY_PAGE, ("helped", True)),
                effect=hand_in,
                guarded_as=("to_certify", "submit"),
            )
            for source, criteria in ((S.DRAFT, (STAMPED,)), (S.RETURNED, (ALL_ANSWERED, STAMPED)))
        ),
        Transition("decline", S.CERTIFYING, Fork(S.DRAFT, S.RETURNED), CERTIFIER, _("退给经办人"), note_needed=True),
        Transition(
            *("submit", S.CERTIFYING, Fork(S.DISTRICT), CERTIFIER, _("确认并提交")),
            duty="submission",
            files=True,
            effect=hand_in,
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
