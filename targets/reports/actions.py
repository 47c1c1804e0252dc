"""Beginning a report, freezing its figures, changing its words, sealing it."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal import jobs, notices
from portal.lifecycle import NotYours, Refused, open_matter
from portal.models import Appointment, Notice, Role, User
from portal.models.people import BUREAU
from portal.words import localised
from targets.models import Plan
from targets.reports import blocks, lifecycle, papers
from targets.reports.due import duties_due
from targets.reports.freezing import freeze, keep, month_end_before
from targets.reports.models import Report, ReportChapter, ReportFile, ReportStatus, ReportTemplate

SERIES = "BS"
OFFICE = BUREAU | {Role.AUDITOR}  # see drafts and briefs
S, Kind = ReportStatus, Report.Kind
BULLETIN = (  # what every bulletin has; the last one is for the bureau to write
    ("overall", "总体情况", [{"show": "overall"}, {"show": "figures"}, {"show": "lagging"}]),
    ("ranking", "各区镇进度", [{"show": "districts"}]),
    ("changes", "较上期变化", [{"show": "changes"}]),
    ("remarks", "工作要求", []),
)
CHAPTERS = {  # of what every city has without a template
    Kind.BULLETIN: BULLETIN,
    Kind.QUARTER: (
        ("overall", "总体进展", [{"show": "overall"}, {"show": "figures"}, {"show": "changes"}]),
        ("trends", "主要目标走势", [{"show": "trend"}]),
        ("districts", "各区镇情况", [{"show": "districts"}]),
        ("problems", "存在问题", [{"show": "lagging"}]),
        ("next", "下季度打算", []),
        ("method", "口径说明", [{"show": "method", "of": "all"}]),
    ),
    Kind.YEAR: (
        ("overall", "年度总体情况", [{"show": "overall"}, {"show": "figures", "of": "all"}, {"show": "changes"}]),
        ("trends", "主要目标走势", [{"show": "trend"}]),
        ("districts", "各区镇情况", [{"show": "districts"}, {"show": "bars"}]),
        ("problems", "存在问题", [{"show": "lagging"}]),
        ("next", "下年度打算", []),
        ("method", "口径说明", [{"show": "method", "of": "all"}]),
    ),
}


def compared_with(kind: str, on: date, template: ReportTemplate | None) -> date | None:
    """The day a report looks back to: the end of the month, quarter or year before. A brief doesn't look back."""
    if kind == Kind.BRIEF:
        return None
    period = papers.period_of(kind, template)
    if not period:
        return month_end_before(on)
    if period == ReportTemplate.Period.YEAR:
        return date(on.year - 1, 12, 31)
    return date(on.year, (on.month - 1) // 3 * 3 + 1, 1) - timedelta(1)


@transaction.atomic
def begin(
    kind: str,
    plan: Plan,
    *,
    on: date,
    by: User | None,
    today: date,
    template: ReportTemplate | None = None,
    before: date | None = None,
    occasion: str = "",
) -> Report:
    """A report to be: a worker freezes its figures."""
    pack = plan.pack
    title, title_en = papers.titles(kind, pack, on, template)
    matter = open_matter(
        lifecycle.report, S.MAKING, series=SERIES, title=title, title_en=title_en, organisation=None,
        district=pack.root, by=by, on=today, filed=True,
    )  # fmt: skip
    report = Report.objects.create(
        pack=pack, matter=matter, kind=kind, template=template, plan=plan, on=on, occasion=occasion,
        before=before or compared_with(kind, on, template),
    )  # fmt: skip
    jobs.ask("make_report", by=by, report=report.pk)
    return report


@transaction.atomic
def make(pk: int, *, today: date, at: datetime | None = None) -> Report | None:
    """Freeze the figures of a report that waits for them; None where it doesn't any more."""
    rows = Report.objects.select_for_update(of=("self",)).select_related("plan__pack__root", "matter", "template")
    report = rows.filter(pk=pk, status=S.MAKING).first()
    if report is None:
        return None
    told = freeze(report.plan, on=report.on, before=report.before, made_on=today, made_at=at or now())
    told.words["duties"] = duties_due(report.plan.pack, today)
    keep(report, told)
    report.save(update_fields=["words", "made_at"])
    if report.kind != Kind.BRIEF and not report.chapters.exists():
        ReportChapter.objects.bulk_create(chapters_of(report))
    step = "keep" if report.kind == Kind.BRIEF else "made"
    return lifecycle.report.move(report, step, by=None, on=today)


def chapters_of(report: Report) -> list[ReportChapter]:
    """The chapters of its template; without one they are the same in every city."""
    if report.template is None:
        return [
            ReportChapter(report=report, code=code, title=title, blocks=shown, order=n)
            for n, (code, title, shown) in enumerate(CHAPTERS[report.kind])
        ]
    return [
        ReportChapter(report=report, code=c.code, title=c.title, text=c.text, blocks=c.blocks, order=n)
        for n, c in enumerate(report.template.chapters.order_by("order", "pk"))
    ]


@transaction.atomic
def write(chapter: ReportChapter, values: Mapping[str, Any], *, by: User) -> ReportChapter:
    """Change the words of a chapter, while the report is a draft. Raises NotYours or Refused."""
    report = Report.objects.select_for_update(of=("self",)).select_related("matter").get(pk=chapter.report_id)
    if report.status != S.DRAFT:
        raise Refused(_("只有草稿能改文字。要改请先退回。"))
    if not writes(report, by):
        raise NotYours(_("报告由市局经办或审核修改。"))
    for name in ("title", "text"):
        setattr(chapter, name, values[name])
    chapter.full_clean(exclude=["report", "blocks"])
    chapter.save(update_fields=["title", "text"])
    return chapter


def writes(report: Report, user: User) -> bool:
    """Whether this person may change its words now."""
    roles = user.roles_for(organisation_id=None, district_id=report.matter.district_id)
    return report.status == S.DRAFT and bool(roles & lifecycle.MAKERS)


@transaction.atomic
def seal(pk: int, *, today: date) -> Report | None:
    """Make the files of an issued report once and for all, with the digest of what they say; then tell the districts."""
    rows = Report.objects.select_for_update(of=("self",)).select_related("matter", "template", "plan__pack__root")
    report = rows.filter(pk=pk, status=S.ISSUED).first()
    if report is None:
        return None
    digest = papers.seal_of(report)
    report.digest = digest  # for the foot of the pages; move() writes it
    for form in ("docx", "pdf", "xlsx"):
        content = papers.made(report, form)
        row = ReportFile(report=report, form=form, size=len(content), sha256=hashlib.sha256(content).hexdigest())
        row.content.save(f"{report.matter.number}.{form}", ContentFile(content), save=False)
        row.save()
    report = lifecycle.report.move(report, "seal", by=None, on=today, details={"digest": digest})
    publish(report, today)
    return report


def publish(report: Report, on: date) -> None:
    """Whoever looks after a district of the city, and the departments, hear of it."""
    told = Appointment.objects.in_force(on).filter(
        role__in=[Role.DISTRICT, Role.REPORTER], district__up__ancestor=report.matter.district_id
    )
    found = []
    for user in User.objects.filter(pk__in=told.values("user"), is_active=True).order_by("pk"):
        with override(user.language):
            text = _("已印发：%(title)s（%(document)s）") % {
                "title": localised(report.matter, "title"), "document": report.document
            }  # fmt: skip
        found.append(Notice(user=user, text=text[:300], path=report.get_absolute_url()))
    notices.deliver(found, urgent=False)


def block_labels(shown: list[dict]) -> list[str]:
    """What a chapter shows by itself, in words."""
    return [blocks.LABELS[block["show"]]() for block in shown]
