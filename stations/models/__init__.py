"""Enterprises, applications with their conditions, and stations."""

from stations.models.applications import (
    Answer,
    Application,
    ApplicationStatus,
    ApplicationType,
    Condition,
    ConditionCriterion,
    Route,
    Slot,
)
from stations.models.enterprises import Enterprise, IndustryChain
from stations.models.register import LEVELS, Station, StationKind, StationLevel, StationStatus

__all__ = [
    "Answer",
    "Application",
    "ApplicationStatus",
    "ApplicationType",
    "Condition",
    "ConditionCriterion",
    "Enterprise",
    "IndustryChain",
    "LEVELS",
    "Route",
    "Slot",
    "Station",
    "StationKind",
    "StationLevel",
    "StationStatus",
]
