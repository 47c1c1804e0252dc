"""What a city wants to reach and how far it is; each topic keeps its own."""

from targets.plans.models import DepartmentTarget, Indicator, Pipeline, Plan, Snapshot, Target
from targets.reported.models import Reading

__all__ = ["DepartmentTarget", "Indicator", "Pipeline", "Plan", "Reading", "Snapshot", "Target"]
