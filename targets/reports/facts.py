"""What can be said of a report: only where it stands."""

from django.utils.translation import gettext_lazy as _

from portal.facts import Vocabulary
from targets.reports.models import Report, ReportStatus

report = Vocabulary("report", Report)
report.column("status", _("环节"), choices=dict(ReportStatus.choices))
