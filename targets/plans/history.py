"""What was changed on the targets of an indicator: whose, from what to what, on what ground."""

from django.db.models import Q
from django.utils.translation import gettext as _

from portal.models import Amendment, District

HISTORY = 50


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
