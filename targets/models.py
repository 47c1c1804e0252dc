"""What a city wants to reach and how far it is; each topic keeps its own."""

from targets.plans.models import Indicator, Plan, Snapshot, Target
from targets.reported.models import Reading

__all__ = ["Indicator", "Plan", "Reading", "Snapshot", "Target"]
