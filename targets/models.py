"""What a city wants to reach and how far it is; each topic keeps its own."""

from targets.plans.models import Indicator, Plan, Snapshot, Target
from targets.reported.models import Reading
from targets.reports.models import (
    Report,
    ReportChapter,
    ReportFigure,
    ReportFile,
    ReportIndicator,
    ReportTemplate,
    Subscription,
    TemplateChapter,
)

__all__ = [
    "Indicator",
    "Plan",
    "Reading",
    "Report",
    "ReportChapter",
    "ReportFigure",
    "ReportFile",
    "ReportIndicator",
    "ReportTemplate",
    "Snapshot",
    "Subscription",
    "Target",
    "TemplateChapter",
]
