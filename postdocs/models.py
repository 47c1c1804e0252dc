"""People, their stays and what belongs to them; each topic keeps its own."""

from postdocs.careers.models import CareerRow
from postdocs.disclosures.models import Disclosure
from postdocs.duplicates.models import Merge, NotTheSame, Ruling
from postdocs.own.models import OwnInvitation
from postdocs.people.models import NUMBERED, IdentityPaper, PaperKind, Person, Sex
from postdocs.prospects.models import Opportunity, OpportunityCriterion
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

__all__ = [
    "BEFORE",
    "CareerRow",
    "Channel",
    "Disclosure",
    "EntryPaper",
    "Grade",
    "INSIDE",
    "IN_SERVICE",
    "Identity",
    "IdentityPaper",
    "Merge",
    "Milestone",
    "MilestoneKind",
    "MilestoneRule",
    "NUMBERED",
    "NotTheSame",
    "OUT",
    "Opportunity",
    "OpportunityCriterion",
    "OwnInvitation",
    "PaperKind",
    "Person",
    "RecruitType",
    "Ruling",
    "Sex",
    "Stay",
    "StayStatus",
    "WithdrawalGround",
]
