"""What a city wants to reach and how far it is; each topic keeps its own."""

from targets.activities.models import Activity, ActivityKind, Participant
from targets.duties.models import Duty, DutyUnit, Occurrence, Progress
from targets.plans.models import DepartmentTarget, Indicator, Pipeline, Plan, Snapshot, Target
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
from targets.returns.models import Frozen, KnownFigure, Quarter, QuarterlyReturn, ReturnLine, ReturnStatus

__all__ = [
    "Activity",
    "ActivityKind",
    "DepartmentTarget",
    "Duty",
    "DutyUnit",
    "Frozen",
    "Indicator",
    "KnownFigure",
    "Occurrence",
    "Participant",
    "Pipeline",
    "Plan",
    "Progress",
    "Quarter",
    "QuarterlyReturn",
    "Reading",
    "Report",
    "ReportChapter",
    "ReportFigure",
    "ReportFile",
    "ReportIndicator",
    "ReportTemplate",
    "ReturnLine",
    "ReturnStatus",
    "Snapshot",
    "Subscription",
    "Target",
    "TemplateChapter",
]
