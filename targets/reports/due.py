"""What the work list (工作清单) of a city asks for that is late or soon due, as a report says it."""

from datetime import date

from django.db.models import Count

from portal.models import Pack
from targets.duties.actions import near_of
from targets.duties.filters import in_state
from targets.duties.models import Duty, Occurrence

FIRST = 3  # told by name


def duties_due(pack: Pack, on: date) -> dict | None:
    """How many are late and how many fall due in so many days, as the page of duties counts them, with the earliest by
    name; None where the city has no work list."""
    days = near_of(pack)
    rows = Occurrence.objects.filter(duty__pack=pack)
    late, near = (in_state(state, on, days) for state in ("late", "near"))
    told = rows.aggregate(late=Count("pk", filter=late), near=Count("pk", filter=near))
    if not (told["late"] or told["near"]) and not Duty.objects.filter(pack=pack).exists():
        return None
    first = rows.filter(late | near).select_related("duty", "lead").order_by("due_on", "pk")[:FIRST]
    return told | {
        "days": days,
        "first": [
            {
                "title": row.duty.title, "title_en": row.duty.title_en,
                "who": row.lead.name, "who_en": row.lead.name_en, "on": row.due_on.isoformat(),
            }
            for row in first
        ],
    }  # fmt: skip
