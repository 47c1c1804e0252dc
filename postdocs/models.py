"""People, their stays and what belongs to them; each topic keeps its own."""

from postdocs.insurance.models import Insured, InsuredMonth
from postdocs.people.models import NUMBERED, IdentityPaper, PaperKind, Person, Sex
from postdocs.rosters.models import Degree, Doctor, Doctoral, Engagement, Post, Rank, Relation, Talent
from postdocs.selections.models import Programme, Selection
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
    "Channel",
    "Degree",
    "Doctor",
    "Doctoral",
    "Engagement",
    "EntryPaper",
    "Grade",
    "INSIDE",
    "IN_SERVICE",
    "Identity",
    "IdentityPaper",
    "Insured",
    "InsuredMonth",
    "Milestone",
    "MilestoneKind",
    "MilestoneRule",
    "NUMBERED",
    "OUT",
    "PaperKind",
    "Person",
    "Post",
    "Programme",
    "Rank",
    "RecruitType",
    "Relation",
    "Selection",
    "Sex",
    "Stay",
    "StayStatus",
    "Talent",
    "WithdrawalGround",
]
