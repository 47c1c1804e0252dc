"""What the page of a stay shows of where the person went: the destination, the follow-ups, a lane of the picture."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from portal.models import Pack, User
from postdocs.destinations.actions import may_follow, may_write
from postdocs.destinations.due import due_day, months_of
from postdocs.destinations.models import Destination, FollowUp
from postdocs.stays.models import OUT, Stay


@dataclass
class Asked:
    """One follow-up: when it is due, what was found. `state`: done, due, missed (a later one is due), later."""

    months: int
    due: date
    row: FollowUp | None
    state: str = "later"

    @property
    def answer(self) -> str:
        if self.row is None:
            return ""
        return {True: _("仍在本市"), False: _("不在本市"), None: _("查不到")}[self.row.in_city]


def part(stay: Stay, user: User, lanes: dict | None, on: date) -> dict:
    """For `stays.views.shown()`; `lanes` gets a lane more. Nothing as long as the person hasn't left."""
    if stay.status not in OUT:
        return {}
    row = Destination.objects.filter(stay=stay).select_related("file").first()
    asked = asked_of(stay, on)
    if lanes is not None:
        add_lane(lanes, stay, row, asked)
    return {
        "destination": row,
        "asked": asked,
        "told": True,  # there is a card to show
        "tells": may_write(stay, user),
        "follows": may_follow(stay, user),
        "corrections": [(e, changes(e)) for e in stay.matter.events.all() if e.action == "correct_destination"],
    }


def asked_of(stay: Stay, on: date) -> list[Asked]:
    """Every follow-up that the city wants or that was written down."""
    rows = {row.months: row for row in FollowUp.objects.filter(stay=stay).select_related("by")}
    months = sorted({*months_of(Pack.objects.get_for(stay.matter.district_id)), *rows})
    found = [Asked(n, due_day(stay, n), rows.get(n)) for n in months]
    latest = max((a.months for a in found if a.due <= on), default=None)
    for one in found:
        if one.row:
            one.state = "done"
        elif one.due <= on:
            one.state = "due" if one.months == latest else "missed"
    return found


def add_lane(lanes: dict, stay: Stay, row: Destination | None, asked: list[Asked]) -> None:
    """Where they went at the exit and what was found later; of what is to come only the next."""
    points = [{"on": stay.ended_on, "label": str(row) if row else _("去向未登记"), "kind": "past" if row else "late"}]
    coming = next((a for a in asked if a.state == "later"), None)
    for one in asked:
        words = _("%(n)s 个月") % {"n": one.months}
        if one.row:
            label = _("%(when)s：%(answer)s") % {"when": words, "answer": one.answer}
            points.append({"on": one.row.checked_on, "label": label, "kind": "past"})
        elif one.state == "due" or one is coming:
            points.append({"on": one.due, "label": words, "kind": "late" if one.state == "due" else "later"})
    lanes["rows"].append({"label": _("去向"), "points": points})
    lanes["until"] = max(lanes["until"], *(point["on"] for point in points))


def changes(event) -> list[tuple[str, str, str]]:
    """What a correction changed: the column, what was said before, what is said since."""
    found = []
    for name, pair in event.details.get("changed", {}).items():
        if name in ("in_city", "file_id"):
            continue
        field = Destination._meta.get_field(name)
        words = dict(field.choices or ()) | {True: _("是"), False: _("否"), None: "—", "": "—"}
        was, is_now = (str(words.get(value, value)) for value in pair)
        found.append((str(field.verbose_name), was, is_now))
    return found
