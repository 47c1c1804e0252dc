"""Where is my money: the way of a claim as stations with dates, past, present and expected."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from subsidies.claims.models import GONE, Claim, ClaimStatus

C = ClaimStatus
ROAD = (  # (the statuses of a station, its name)
    ((C.DRAFT, C.PERSON, C.UNIT), gettext_lazy("单位和本人")),
    ((C.DISTRICT,), gettext_lazy("区镇初审")),
    ((C.HANDLING, C.REVIEW, C.APPROVAL), gettext_lazy("市级审核")),
    ((C.PUBLICITY, C.DISPUTED), gettext_lazy("公示")),
    ((C.PAYABLE, C.BOUNCED), gettext_lazy("待拨付")),
    ((C.BATCHED, C.RELEASED), gettext_lazy("拨付")),
    ((C.PAID,), gettext_lazy("到账")),
)
AFTER = (C.RECOVERING, C.RECOVERED)


def road_of(row: Claim, today: date) -> list[dict]:
    """The stations as the timeline tag wants them."""
    events = list(row.matter.events.all())
    at = next((n for n, (statuses, _t) in enumerate(ROAD) if row.status in statuses), None)
    if row.status in AFTER:
        at = len(ROAD) - 1
    stops = []
    for n, (statuses, title) in enumerate(ROAD):
        reached = [e for e in events if e.target in statuses]
        left = [e for e in events if e.source in statuses and e.target not in statuses]
        if at is None:  # gone: only what was
            if reached or n == 0:
                stops.append(stop(title, "past", left[-1] if left else None, reached))
            continue
        shape = "past" if n < at or row.status in (C.PAID, *AFTER) else "here" if n == at else "later"
        stops.append(stop(title, shape, left[-1] if left and shape == "past" else None, reached, due=row.matter.due_on))
    if row.status in GONE and events:
        stops.append({"shape": "back", "title": row.get_status_display(), "when": day(events[-1].on), "lines": []})
    return stops


def stop(title, shape: str, left, reached, *, due: date | None = None) -> dict:
    """One station: the day it was passed and by whom, or since when it is there and until when it is promised."""
    if left is not None:
        return {"shape": shape, "title": title, "when": day(left.on), "lines": [str(left.actor or _("系统"))]}
    since = [_("%(since)s 起") % {"since": day(reached[-1].on)}] if reached and shape == "here" else []
    promise = _("%(day)s 前") % {"day": day(due)} if shape == "here" and due else ""
    return {"shape": shape, "title": title, "when": promise, "lines": since}


def day(value: date) -> str:
    return f"{value:%Y-%m-%d}"
