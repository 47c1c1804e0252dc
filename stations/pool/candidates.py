"""Enterprises that the bureau finds for the reserve pool by itself: who may come in, who is nearest, and the way in.

How far each is from the conditions is counted by the database for the whole city, so that the nearest come first.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import add, and_

from django.db import transaction
from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.lifecycle import Refused
from portal.models import User
from stations.enterprises import facts
from stations.models import (
    ENDED,
    Application,
    ApplicationType,
    Condition,
    Enterprise,
    EnterpriseEvent,
    PoolBasis,
    PoolEntry,
    PoolSource,
    Station,
)
from stations.pool import actions, gaps

WHY = {
    "in_pool": gettext_lazy("已经在储备库，或正在选拔。"),
    "has_station": gettext_lazy("已有有效的工作站。"),
    "applies": gettext_lazy("设站申报正在办理。"),
    "gone": gettext_lazy("已登记迁出本市、破产或注销。"),
}


def obstacles(on: date) -> dict[str, Exists]:
    """What keeps an enterprise out of a selection, by the names of WHY."""
    mine = {"enterprise": OuterRef("pk")}
    return {
        "in_pool": Exists(PoolEntry.objects.open().filter(**mine)),
        "has_station": Exists(Station.objects.exclude(status__in=ENDED).filter(**mine)),
        "applies": Exists(Application.objects.filter(**mine, matter__filed_on__isnull=False, matter__closed_on=None)),
        "gone": Exists(EnterpriseEvent.objects.filter(**mine, kind__in=EnterpriseEvent.ENDS, on__lte=on)),
    }


def candidates(user: User, *, on: date) -> QuerySet[Enterprise]:
    """Those whom nothing keeps out, as far as this person may see them."""
    return Enterprise.objects.visible_to(user).filter(*(~found for found in obstacles(on).values()))


def by_nearness(rows: QuerySet[Enterprise], kind: ApplicationType, *, on: date) -> QuerySet:
    """Rows of `pk` and `short`: how many conditions of `kind` are not so, or not known to be so; the nearest first.

    The same count as `Gaps.short` of an enterprise where nobody has looked on the spot.
    """
    conditions = gaps.conditions_of(kind.pk)
    asked = {c.pk: list(c.criteria.all()) for c in conditions}
    questions = {
        f"q{c.pk}": facts.enterprise.criterion(c.fact, c.lookup, c.value, str(condition.clause))
        for condition in conditions
        for c in asked[condition.pk]
    }

    def met(group):
        """How many conditions of the group are so."""
        wanted = [asked[c.pk] for c in conditions if c.group == group and asked[c.pk]]
        held = (reduce(and_, (Q(**{f"q{c.pk}": True}) for c in criteria)) for criteria in wanted)
        return reduce(add, (Case(When(q, then=1), default=0, output_field=IntegerField()) for q in held), Value(0))

    basic = sum(c.group == Condition.Group.BASIC for c in conditions)
    short = Value(basic) - met(Condition.Group.BASIC)
    short += Greatest(Value(kind.recommended_needed) - met(Condition.Group.RECOMMENDED), Value(0))
    found = facts.enterprise.verdicts(rows, questions, on=on).annotate(short=short)
    return found.order_by(F("short"), "pk").values("pk", "short")


# --- the way in --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Result:
    """What became of one enterprise: its new entry, or why there is none."""

    enterprise: Enterprise
    entry: PoolEntry | None
    said: str


def select(
    enterprises: Iterable[Enterprise],
    *,
    target: ApplicationType,
    year: int,
    otherwise: PoolBasis | None,
    by: User,
    on: date,
    note: str,
) -> list[Result]:
    """Propose each to its district, each in a transaction of its own. An entry rests on whatever our data bear out;
    where they bear out nothing, on `otherwise`."""
    enterprises = list(enterprises)
    bases = list(PoolBasis.objects.filter(pack=target.pack_id).prefetch_related("criteria").order_by("order", "pk"))
    borne = gaps.backed_each([e.pk for e in enterprises], bases, on=on)
    values = {"intention": "", "statement": "", "target": target, "target_year": year}
    results = []
    for enterprise in enterprises:
        rests = [b for b in bases if borne[enterprise.pk].get(b.pk)] or [b for b in [otherwise] if b]
        results.append(one(enterprise, {**values, "bases": rests}, by=by, on=on, note=note))
    return results


def one(enterprise: Enterprise, values: Mapping, *, by: User, on: date, note: str) -> Result:
    try:
        with transaction.atomic():
            let_in(enterprise, on=on)
            if not values["bases"]:
                raise Refused(_("数据里没有相符的入库依据，请选一项依据再推荐。"))
            entry = actions.open_entry(
                enterprise=enterprise, source=PoolSource.BUREAU, values=dict(values), by=by, on=on, note=note
            )
    except Refused as reason:
        return Result(enterprise, None, str(reason))
    return Result(enterprise, entry, _("已推荐，%(stage)s") % {"stage": entry.get_status_display()})


def let_in(enterprise: Enterprise, *, on: date) -> None:
    """Raises Refused where something keeps the enterprise out; it is locked until the transaction ends."""
    Enterprise.objects.select_for_update(of=("self",)).get(pk=enterprise.pk)
    found = Enterprise.objects.filter(pk=enterprise.pk).annotate(**obstacles(on)).values(*WHY).get()
    if reasons := [str(why) for name, why in WHY.items() if found[name]]:
        raise Refused("".join(reasons))
