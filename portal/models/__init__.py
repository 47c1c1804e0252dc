"""The ground as rows. One module per room; import from here."""

from portal.models.absences import Absence
from portal.models.districts import Ancestry, District, Pack, PackRow
from portal.models.files import Evidence, File
from portal.models.imports import Batch, Line
from portal.models.jobs import Job
from portal.models.matters import (
    Confirmation,
    Event,
    Matter,
    ReturnCode,
    ReturnItem,
    Revision,
    ScopedQuerySet,
    Serial,
    Spell,
    Watch,
)
from portal.models.notices import Delivery, Mute, Notice, Reminder
from portal.models.people import Appointment, Invitation, Organisation, Role, Scope, User
from portal.models.rules import Amendment, Clause, Document, Guard, Relation, Setting
from portal.models.saved import SavedView
from portal.models.workdays import Workday

__all__ = [
    "Absence",
    "Amendment",
    "Ancestry",
    "Appointment",
    "Batch",
    "Clause",
    "Confirmation",
    "Delivery",
    "District",
    "Document",
    "Event",
    "Evidence",
    "File",
    "Guard",
    "Invitation",
    "Job",
    "Line",
    "Matter",
    "Mute",
    "Notice",
    "Organisation",
    "Pack",
    "PackRow",
    "Relation",
    "Reminder",
    "ReturnCode",
    "ReturnItem",
    "Revision",
    "Role",
    "SavedView",
    "Scope",
    "ScopedQuerySet",
    "Serial",
    "Setting",
    "Spell",
    "User",
    "Watch",
    "Workday",
]
