"""The life of an application, from draft to the paper that approves it."""

from datetime import date

from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.facts import Criterion, Lookup
from portal.lifecycle import Fork, Lifecycle, Refused, Stage, Transition
from portal.models import Evidence, Pack, ReturnItem, Revision, Role
from portal.rules import plain
from portal.words import localised
from stations.applications import facts
from stations.applications.models import STAMP, VISIT
from stations.behalf.models import CONSENT
from stations.models import Application, ApplicationStatus, Enterprise, Route, Signing, StationKind
from stations.pool import lifecycle as pool
from stations.register.lifecycle import enter_station
from stations.roles import ALL_ANSWERED, APPROVER, CERTIFIER, DISTRICT, HANDLER, MAKERS, PAPER, UNIT
from stations.windows import openings as windows

S = ApplicationStatus


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


STAMPED = Criterion("stamped", Lookup.IS, True, _("由盖章页确认的，要先上传盖章页"))
BY_ACCOUNT, BY_PAGE = (("signing", Signing.ACCOUNT),), (("signing", Signing.PAGE),)

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
        *(  # what an office filled in is vouched for by the enterprise's page all the same: stations/behalf
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
            where=(("route", Route.UPWARD),),
            duty="decision",
            effect=reach_first_level,
        ),
        Transition(
            "recognise",
            S.PASSED,
            S.APPROVED,
            APPROVER,
            _("认定备案"),
            where=(("route", Route.RECOGNISE),),
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
