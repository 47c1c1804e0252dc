"""What was changed on the targets of an indicator: whose, from what to what, on what ground; and what they were on a day."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext as _

from portal.models import Amendment, District
from targets.models import Indicator, Target

HISTORY = 50
Nodes = dict[tuple[int, int], dict[date, Decimal]]  # (indicator, district) -> day -> target


def history(row, *, tables=("targets.target", "targets.departmenttarget", "targets.indicator")):
    """What was changed on an indicator's targets, the newest first, each with the part it speaks of in words."""
    mine = Q(key__startswith=f"{row.code} ") | Q(key=row.code)
    rows = Amendment.objects.filter(mine, pack=row.pack_id, table__in=tables).select_related("by")
    named = {d.code: d for d in District.objects.below(row.pack.root)}
    return [told(change, named, row.pack.root) for change in rows.order_by("-at", "-pk")[:HISTORY]]


def told(change: Amendment, named: dict, root: District) -> dict:
    """One line of the history: whose target, of which day, from what to what, on what ground."""
    _code, _space, rest = change.key.partition(" ")
    place, _space, on = rest.rpartition(" ") if rest.count(" ") else (rest, "", "")
    district = named.get(place)
    what = next((name for name in ("value", "plan_total") if name in change.after), "")
    return {
        "change": change,
        "district": district,
        "department": "" if district else place,
        "whole": district == root,
        "on": on or (_("各年合计") if what == "plan_total" else ""),
        "before": change.before.get(what),
        "after": change.after.get(what),
        "basis": " ".join(str(change.after[name]) for name in ("clause", "paper") if change.after.get(name)),
    }


# --- what was in force on a day ----------------------------------------------------------------


def targets_of(rows: Sequence[Indicator], districts: Iterable[District], set_on: date | None = None) -> Nodes:
    """The targets of these indicators by district; as they were set on the day `set_on`, None: as they are.

    What was entered since and replaced nothing was in force before: papers are older than their rows here.
    """
    places = {d.code: d.pk for d in districts}
    found: Nodes = {}
    told = Target.objects.filter(indicator__in=rows, district__in=places.values())
    for i, d, day, value in told.values_list("indicator", "district", "on", "value"):
        found.setdefault((i, d), {})[day] = value
    if set_on is not None and rows:
        undo(found, rows, places, set_on)
    return found


def undo(found: Nodes, rows: Sequence[Indicator], places: dict[str, int], set_on: date) -> None:
    """Take back what was changed after the day, the last change first."""
    codes = {row.code: row.pk for row in rows}
    later = Amendment.objects.filter(pack=rows[0].pack_id, table="targets.target", at__date__gt=set_on)
    for key, before in later.order_by("-at", "-pk").values_list("key", "before"):
        code, place, on = [*key.split(" "), "", ""][:3]
        if code in codes and place in places and before.get("value") is not None:
            found.setdefault((codes[code], places[place]), {})[date.fromisoformat(on)] = Decimal(before["value"])
