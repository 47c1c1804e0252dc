"""People, their stays and what belongs to them; each topic keeps its own."""

from postdocs.destinations.models import Destination, DestinationType, FollowUp
from postdocs.filing.models import Difference
from postdocs.outcomes.models import During, Outcome, OutcomeStatus, Owner
from postdocs.people.models import NUMBERED, IdentityPaper, PaperKind, Person, Sex
from postdocs.services.models import Asker, Group, RequestStatus, Service, ServiceRequest
from postdocs.stays.models import (
    BEFORE,
    IN_SERVICE,
    INSIDE,
    OUT,
    Channel,
    EntryPaper,
    Grade,
    Identity,
    Milestone,
    MilestoneKind,
    MilestoneRule,
    RecruitType,
    Stay,
    StayStatus,
    WithdrawalGround,
)
from postdocs.visits.models import Visit

__all__ = [
    "BEFORE",
    "Channel",
    "During",
    "Destination",
    "DestinationType",
    "Difference",
    "EntryPaper",
    "FollowUp",
    "Grade",
    "INSIDE",
    "IN_SERVICE",
    "Identity",
    "IdentityPaper",
    "Milestone",
    "MilestoneKind",
    "MilestoneRule",
    "NUMBERED",
    "OUT",
    "Outcome",
    "OutcomeStatus",
    "Owner",
    "PaperKind",
    "Person",
    "RecruitType",
    "Sex",
    "Stay",
    "StayStatus",
    "WithdrawalGround",
    "Asker",
    "Group",
    "RequestStatus",
    "Service",
    "ServiceRequest",
    "Visit",
]
