"""Which entries of the pool nobody has touched for long: their district looks again whether they stay.

It only reminds. A review is a step of the pool's lifecycle from a status to the same, so whoever takes the next measure
goes on holding the matter; nobody leaves the pool by silence.
"""

from datetime import date

from django.db.models import DateField, Max, OuterRef, Subquery
from django.db.models.functions import Greatest

from portal.models import Event, Pack, Setting
from stations.models import Measure, PoolEntry, PoolStatus
from stations.standing.clocks import months_after

SETTING = "pool.review_months"
REVIEWED = (PoolStatus.ADMITTED, PoolStatus.GROWING)  # an application that runs is a sign of life


def with_last_sign(rows):
    """`last_sign`: the day of the latest step, or of a measure that was added or done."""

    def latest(kept, key, field):
        found = kept.filter(**{key: OuterRef(key if key == "matter" else "pk")}).order_by().values(key)
        return Subquery(found.annotate(day=Max(field)).values("day"), DateField())

    measures = Measure.objects.all()
    signs = [latest(Event.objects.all(), "matter", "on"), latest(measures, "entry", "added_on")]
    return rows.annotate(last_sign=Greatest("entered_on", *signs, latest(measures, "entry", "done_on")))


def due(rows, pack: Pack | int | None, on: date):
    """Those of these entries that are due for a review on the day; none where the city says no number of months."""
    months = Setting.objects.filter(pack=pack, code=SETTING).values_list("value", flat=True).first()
    rows = with_last_sign(rows.filter(status__in=REVIEWED))
    return rows.none() if months is None else rows.filter(last_sign__lte=months_after(on, -months))


def last_sign(entry: PoolEntry, pack: Pack | int | None, on: date) -> date | None:
    """Since when nothing has happened to an entry that is due; None: it isn't."""
    return due(PoolEntry.objects.filter(pk=entry.pk), pack, on).values_list("last_sign", flat=True).first()
