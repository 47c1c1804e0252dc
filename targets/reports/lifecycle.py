"""The life of a report: made of frozen figures, checked by one person, issued by another, sealed. A brief is made and
kept."""

from django.utils.translation import gettext_lazy as _

from portal import jobs
from portal.lifecycle import SYSTEM, Lifecycle, Stage, Transition
from portal.models import Role
from stations.roles import APPROVER, MAKERS
from targets.reports import facts
from targets.reports.models import ReportStatus

S = ReportStatus
DOCUMENT = (("document", _("文号")),)
SEALED = (("digest", _("校验码")),)
BRIEF = (("kind", "brief"),)


def make_again(subject, *, by, on, details):
    """The figures are frozen anew; texts stay."""
    jobs.ask("make_report", by=by, report=subject.pk)


def issue(subject, *, by, on, details):
    """From now on nothing in it changes; the files are made and kept by a job."""
    subject.issued_on, subject.document = on, details["document"].strip()
    jobs.ask("seal_report", by=by, report=subject.pk)


def seal(subject, *, by, on, details):
    subject.digest = details["digest"]


report = Lifecycle(
    "report",
    _("简报和报告"),
    url="targets:report",
    vocabulary=facts.report,
    stages={
        S.MAKING: Stage(_("生成中"), outside=True),
        S.DRAFT: Stage(_("草稿"), Role.BUREAU_HANDLER),
        S.CHECKED: Stage(_("待印发"), Role.BUREAU_APPROVER),
        S.ISSUED: Stage(_("封存中"), outside=True),
        S.SEALED: Stage(_("已印发")),
        S.KEPT: Stage(_("已存")),
        S.DROPPED: Stage(_("已作废")),
    },
    transitions=[
        Transition("made", S.MAKING, S.DRAFT, SYSTEM, _("生成草稿")),
        Transition("keep", S.MAKING, S.KEPT, SYSTEM, _("生成简报"), where=BRIEF),
        Transition("refresh", S.DRAFT, S.MAKING, MAKERS, _("重新取数"), effect=make_again),
        Transition("check", S.DRAFT, S.CHECKED, MAKERS, _("核对无误"), duty="report"),
        Transition("send_back", S.CHECKED, S.DRAFT, MAKERS | APPROVER, _("退回修改"), note_needed=True),
        Transition("issue", S.CHECKED, S.ISSUED, APPROVER, _("印发"), duty="report", effect=issue, needs=DOCUMENT),
        Transition("seal", S.ISSUED, S.SEALED, SYSTEM, _("封存"), effect=seal, needs=SEALED),
        Transition("drop", S.DRAFT, S.DROPPED, MAKERS, _("作废"), note_needed=True),
    ],
)
