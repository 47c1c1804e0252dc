"""What a worker does for reports: freeze the figures of one, seal one, begin what a schedule asks for."""

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from portal.jobs import handler
from targets.reports import actions, schedule


@handler("make_report", _("生成报告"))
def make(job) -> dict:
    today = localdate()
    report = actions.make(job.payload["report"], today=today)
    if report is None:
        return {}
    return {"report": report.matter.number, "told": schedule.tell(report, today)}


@handler("seal_report", _("封存报告"))
def seal(job) -> dict:
    report = actions.seal(job.payload["report"], today=localdate())
    return {"report": report.matter.number} if report else {}


@handler("send_reports", _("定期简报和通报"), merge=True, daily=True)
def send(job) -> dict:
    return {"begun": schedule.run(localdate())}
