"""The targets' part of the demonstration: each topic tells a chapter of its own."""

from targets.plans import demo as plans
from targets.reported import demo as reported
from targets.returns import demo as returns

__all__ = ["plans", "reported", "returns"]
