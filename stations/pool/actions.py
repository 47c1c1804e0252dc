"""What people write into an entry of the reserve pool. Each is one transaction, its actor is `by`."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from portal.lifecycle import Refused, absent_for, open_matter
from portal.models import Confirmation, Matter, Role, User
from portal.words import localised
from stations.models import Condition, Enterprise, Measure, PoolBasis, PoolEntry, PoolGround, PoolSource, PoolStatus
from stations.pool.gaps import topic_of
from stations.pool.lifecycle import BEGINNINGS, TOLD, pool, schedule
from stations.roles import DISTRICT, MAKERS

S = PoolStatus


@transaction.atomic
def open_entry(*, enterprise: Enterprise, source: str, values: dict, by: User, on: date, note: str = "") -> PoolEntry:
    """An enterprise applies for the pool, its district proposes it, or the bureau found it. `values` has what TOLD names, `bases` as rows.

    Raises Refused where it is in the pool or in selection already.
    """
    Enterprise.objects.select_for_update(of=("self",)).get(pk=enterprise.pk)
    if PoolEntry.objects.open().filter(enterprise=enterprise).exists():
        raise Refused(_("这家单位已经在储备库，或正在选拔，不能重复入库。"))
    titles = {}
    for language in ("zh-hans", "en"):
        with override(language):
            titles[language] = str(_("储备库：%(target)s") % {"target": localised(values["target"], "title")})
    matter = open_matter(
        pool,
        S.NEW,
        series="CB",
        title=titles["zh-hans"],
        title_en=titles["en"],
        organisation=enterprise.organisation,
        district=enterprise.organisation.district,
        by=by,
        on=on,
    )
    told = {name: values[name] for name in TOLD if name != "bases"}
    entry = PoolEntry(matter=matter, enterprise=enterprise, source=source, **told)
    entry.full_clean(exclude=["matter", "enterprise"])
    entry.save()
    rest_on(entry, values["bases"])
    return pool.move(entry, BEGINNINGS[PoolSource(source)], by=by, on=on, note=note)


def rest_on(entry: PoolEntry, bases: Iterable[PoolBasis]) -> None:
    """These and no other bases."""
    bases = list(bases)
    entry.grounds.exclude(basis__in=bases).delete()
    for basis in bases:
        PoolGround.objects.get_or_create(entry=entry, basis=basis)


def lock(entry: PoolEntry) -> PoolEntry:
    """The row, locked and read again, so that two windows write one after the other."""
    return (
        PoolEntry.objects.select_for_update(of=("self",))
        .select_related("matter", "target", "enterprise__organisation")
        .get(pk=entry.pk)
    )


def changed(entry: PoolEntry) -> None:
    """Somebody wrote into the plan: the next measure may be another's."""
    matter = Matter.objects.select_for_update().get(pk=entry.matter_id)
    matter.version += 1
    matter.save(update_fields=["version", "changed_at"])
    entry.matter = matter
    schedule(entry)


def may_plan(entry: PoolEntry, user: User) -> bool:
    """Whether this person may write the plan now: its district or the bureau, as long as the enterprise is in the pool."""
    matter = entry.matter
    roles = user.roles_for(organisation_id=matter.organisation_id, district_id=matter.district_id)
    return entry.is_in_pool and bool(roles & (DISTRICT | MAKERS))


@transaction.atomic
def finish(measure: Measure, *, done_on: date, note: str, by: User, on: date) -> Measure:
    """A measure is done. An enterprise says so of its own measures; officials of any. Raises Refused."""
    entry = lock(measure.entry)
    measure = Measure.objects.select_for_update().get(pk=measure.pk)
    unit = Role.HANDLER in by.roles_for(organisation_id=entry.matter.organisation_id, district_id=None)
    if not may_plan(entry, by) and not (unit and entry.is_in_pool and measure.owner == Measure.Owner.UNIT):
        raise Refused(_("这项措施由%(owner)s负责，您不能登记完成。") % {"owner": measure.get_owner_display()})
    if measure.done_on:
        raise Refused(_("这项措施已登记完成，请刷新查看。"))
    if done_on > on:
        raise Refused(_("完成日期 %(day)s 在今天之后，请核对。") % {"day": done_on})
    measure.done_on, measure.done_note = done_on, note
    measure.full_clean(exclude=["entry", "added_by"])
    measure.save()
    changed(entry)
    return measure


def level_for(entry: PoolEntry, user: User) -> Confirmation.Level | None:
    """At which level this person may say whether a condition is met; None: not now, or not this person."""
    matter = entry.matter
    roles = user.roles_for(organisation_id=matter.organisation_id, district_id=matter.district_id)
    if not entry.is_open:
        return None
    if Role.DISTRICT in roles:
        return Confirmation.Level.DISTRICT
    return Confirmation.Level.BUREAU if roles & MAKERS else None


@transaction.atomic
def judge(
    entry: PoolEntry, condition: Condition, *, verdict: bool | None, note: str, by: User, on: date
) -> Confirmation:
    """What an official found on the spot of one condition: met, not met, can't tell; the newer one ends the older."""
    entry = lock(entry)
    level = level_for(entry, by)
    if level is None:
        raise Refused(_("这家单位已经出库，或不归您联系，不能登记核实结果。"))
    same = {"matter": entry.matter, "topic": topic_of(entry.target, condition), "level": level}
    Confirmation.objects.filter(**same, until=None).update(until=on)
    absent = absent_for(entry.matter, by, {Role.DISTRICT} if level == Confirmation.Level.DISTRICT else MAKERS)
    return Confirmation.objects.create(**same, verdict=verdict, note=note, by=by, on_behalf_id=absent, since=on)
