"""People, their stays and what belongs to them; each topic keeps its own."""

from postdocs.careers.models import CareerRow
from postdocs.destinations.models import Destination, DestinationType, FollowUp
from postdocs.disclosures.models import Disclosure
from postdocs.due.models import Sign
from postdocs.duplicates.models import Merge, NotTheSame, Ruling
from postdocs.filing.models import Difference
from postdocs.inside.models import Abroad, AskStatus, Change, ChangeKind, Extension, Grant, GrantProgramme
from postdocs.insurance.models import Insured, InsuredMonth
from postdocs.outcomes.models import During, Outcome, OutcomeStatus, Owner
from postdocs.own.models import OwnInvitation
from postdocs.particulars.models import Marital, Particulars
from postdocs.people.models import NUMBERED, IdentityPaper, PaperKind, Person, Sex
from postdocs.prospects.models import Opportunity, OpportunityCriterion
from postdocs.rosters.models import Degree, Doctor, Doctoral, Engagement, Post, Rank, Relation, Talent
from postdocs.selections.models import Programme, Selection
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
    Side,
    Stay,
    StayStatus,
    WithdrawalGround,
)
from postdocs.visits.models import Visit

__all__ = [
    "Marital",
    "Particulars",
    "Abroad",
    "AskStatus",
    "BEFORE",
    "CareerRow",
    "Change",
    "ChangeKind",
    "Channel",
    "During",
    "Destination",
    "DestinationType",
    "Difference",
    "Disclosure",
    "Degree",
    "Doctor",
    "Doctoral",
    "Engagement",
    "EntryPaper",
    "FollowUp",
    "Extension",
    "Grade",
    "Grant",
    "INSIDE",
    "IN_SERVICE",
    "Identity",
    "IdentityPaper",
    "Merge",
    "Insured",
    "InsuredMonth",
    "Milestone",
    "MilestoneKind",
    "MilestoneRule",
    "NUMBERED",
    "NotTheSame",
    "OUT",
    "Outcome",
    "OutcomeStatus",
    "Owner",
    "Opportunity",
    "OpportunityCriterion",
    "OwnInvitation",
    "PaperKind",
    "Person",
    "Post",
    "GrantProgramme",
    "Programme",
    "Rank",
    "RecruitType",
    "Ruling",
    "Relation",
    "Selection",
    "Sex",
    "Side",
    "Sign",
    "Stay",
    "StayStatus",
    "Talent",
    "WithdrawalGround",
    "Asker",
    "Group",
    "RequestStatus",
    "Service",
    "ServiceRequest",
    "Visit",
]
