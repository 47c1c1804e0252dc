"""How visits come on record."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from portal import jobs, uploads
from portal.lifecycle import Refused
from portal.models import District, Role, User
from portal.models.people import BUREAU
from postdocs.stays.models import Stay
from postdocs.visits.models import Visit
from stations.consultations.actions import bureau_of

RECORDERS = BUREAU | {Role.DISTRICT}


def may_record(district_id: int, user: User) -> bool:
    return bool(user.roles_for(organisation_id=None, district_id=district_id) & RECORDERS)


@transaction.atomic
def record(subjects: Sequence, *, upload=None, by: User, on: date, **values) -> list[Visit]:
    """Put one visit to each of these on record, all of the same day and the same people; all or none.

    `subjects` are stays, stations or pool entries with their matter. Raises Refused, ValidationError, uploads.BadFile.
    """
    rows, kept = [], None
    for subject in subjects:
        if not may_record(subject.matter.district_id, by):
            raise Refused(_("%(whom)s 不在您的辖区。") % {"whom": subject})
        row = Visit(**{told(subject): subject}, district=subject.matter.district, by=by, recorded_on=on, **values)
        if isinstance(subject, Stay) and (subject.entered_on is None or row.visited_on < subject.entered_on):
            raise Refused(
                _("%(whom)s：走访日期 %(day)s 早于进站日期。") % {"whom": subject.person, "day": row.visited_on}
            )
        rows.append(row)
    if not rows:
        raise Refused(_("请先选走访了谁。"))
    if upload:
        kept = keep(rows[0].district, upload, by=by)
    for row in rows:
        row.file = kept
        row.full_clean(exclude=["stay", "station", "entry", "district", "by"])
        row.validate_constraints()
        row.save()
    jobs.ask("recompute")
    return rows


def told(subject) -> str:
    """By which column a visit names what was visited."""
    return {"Stay": "stay", "Station": "station", "PoolEntry": "entry"}[type(subject).__name__]


def keep(district: District, upload, *, by: User):
    """A file of a visit belongs to the bureau, so that the enterprise doesn't read it. Raises Refused, uploads.BadFile."""
    owner = bureau_of(district)
    if owner is None:
        raise Refused(_("本市还没有登记市局，不能存放文件。"))
    return uploads.store(upload, organisation=owner, by=by)
