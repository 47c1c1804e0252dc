"""What can be said of an entry in the reserve pool."""

from django.db.models import Count, Q, Value
from django.utils.translation import gettext_lazy as _

from portal.facts import Coming, Entry, Vocabulary
from stations.models import Intention, Measure, PoolEntry, PoolGround, PoolSource
from stations.pool.models import IN_SELECTION


def describe(row: PoolEntry) -> Entry:
    return Entry(row.matter.number, row.get_absolute_url(), str(row.enterprise), row.get_tier_display())


def in_selection():
    return PoolEntry.objects.filter(status__in=IN_SELECTION)


vocabulary = Vocabulary(
    "pool",
    PoolEntry,
    describe=describe,
    select=("matter__district", "enterprise__organisation"),
    coming=[Coming(in_selection)],
)
vocabulary.column("entered_on", _("入库日期"))
vocabulary.column("ended_on", _("出库日期"))
vocabulary.column("source", _("来源"), choices=dict(PoolSource.choices))
vocabulary.column("intention", _("招收意向"), choices=dict(Intention.choices))
vocabulary.column("enterprise", _("单位"))
vocabulary.total(
    "bases",
    _("入库依据"),
    unit=_("项"),
    source=PoolGround,
    key="entry_id",
    aggregate=lambda q: Count(Value(1), filter=q),
    when=lambda on: Q(),
)
vocabulary.total(
    "measures",
    _("培育措施"),
    unit=_("项"),
    source=Measure,
    key="entry_id",
    aggregate=lambda q: Count(Value(1), filter=q),
    when=lambda on: Q(added_on__lte=on),
)
