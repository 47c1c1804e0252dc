"""One file of the national system held against ours, both ways."""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError

from portal.imports import DayCell
from portal.models import Batch, Line, User
from postdocs.stays.models import Stay, StayStatus


@dataclass
class Both:
    """What a file says and what it doesn't: how many rows agree, differ, are missing here or wrong; `absent` are stays
    of ours, entered within the days that the file covers, of which it says nothing."""

    same: int
    changed: int
    new: int
    wrong: int
    since: date | None
    until: date | None
    absent: list[Stay]


def both(batch: Batch, user: User) -> Both:
    counts = batch.counts
    since, until = covered(batch)
    return Both(
        counts.get("same", 0), counts.get("changed", 0), counts.get("new", 0),
        counts.get("wrong", 0) + counts.get("double", 0), since, until,
        absent(batch, user, since, until) if since and until else [],
    )  # fmt: skip


def covered(batch: Batch) -> tuple[date | None, date | None]:
    """The first and the last day of entry that a file names."""
    names = batch.head.get("names", [])
    if "entered_on" not in names:
        return None, None
    place, field, days = names.index("entered_on"), DayCell(required=False), set()
    for text in set(batch.lines.values_list(f"cells__{place}", flat=True)):
        try:
            days.add(field.clean(text))
        except ValidationError:
            continue
    days.discard(None)
    return min(days, default=None), max(days, default=None)


def absent(batch: Batch, user: User, since: date, until: date) -> list[Stay]:
    named = Line.objects.filter(batch=batch).exclude(target="").values_list("target", flat=True)
    seen = [int(target) for target in named if target.isdigit()]
    rows = Stay.objects.visible_to(user).filter(entered_on__range=(since, until)).exclude(pk__in=seen)
    rows = rows.exclude(status=StayStatus.WITHDRAWN).select_related(
        "matter__organisation", "matter__district", "person"
    )
    return list(rows.order_by("entered_on", "pk"))
