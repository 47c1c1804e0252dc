"""Reports of the demonstration: a bulletin that was issued, a report that is still a draft, who gets the brief."""

from datetime import date, datetime, time

from django.utils.timezone import make_aware

from portal.demo import Story
from portal.models import Role
from targets.models import Plan
from targets.reports import actions, lifecycle
from targets.reports.models import Report, ReportChapter, ReportTemplate, Subscription


def tell(story: Story) -> None:
    plot = story.plot.get("reports")
    if not plot:
        return
    plan = Plan.objects.select_related("pack__root").get(pack=story.pack, code=plot["plan"])
    handler, approver = story.people[Role.BUREAU_HANDLER], story.people[Role.BUREAU_APPROVER]
    if bulletin := plot.get("bulletin"):
        row = made(story, Report.Kind.BULLETIN, plan, **bulletin)
        ReportChapter.objects.filter(report=row, code="remarks").update(text=plot["remarks"])
        row = lifecycle.report.move(row, "check", by=handler, on=bulletin["made"])
        lifecycle.report.move(
            row, "issue", by=approver, on=bulletin["issued"], details={"document": bulletin["document"]}
        )
        actions.seal(row.pk, today=bulletin["issued"])
    if draft := plot.get("draft"):
        template = ReportTemplate.objects.get(pack=story.pack, code=draft["template"])
        made(story, Report.Kind.REPORT, template.plan, **draft | {"template": template})
    Subscription.objects.create(
        pack=story.pack, user=approver, set_by=handler, kind="brief", every="week", since=story.on
    )


def made(story: Story, kind: str, plan: Plan, *, on: date, made: date, template=None, **rest) -> Report:
    """A report that is a draft since the day it was made."""
    plan = Plan.objects.select_related("pack__root").get(pk=plan.pk)
    by = story.people[Role.BUREAU_HANDLER]
    row = actions.begin(kind, plan, on=on, by=by, today=made, template=template)
    report = actions.make(row.pk, today=made, at=make_aware(datetime.combine(made, time(9, 30))))
    assert report
    return report
