"""What a city wants to reach and how far it is; each topic keeps its own."""

from targets.plans.models import Indicator, Plan, Snapshot, Target
from targets.reported.models import Reading
from targets.returns.models import Frozen, KnownFigure, Quarter, QuarterlyReturn, ReturnLine, ReturnStatus

__all__ = [
    "Frozen",
    "Indicator",
    "KnownFigure",
    "Plan",
    "Quarter",
    "QuarterlyReturn",
    "Reading",
    "ReturnLine",
    "ReturnStatus",
    "Snapshot",
    "Target",
]
