"""What the page of a stay says of outcomes: a card, and points on its timeline."""

from django.utils.translation import gettext as _

from postdocs.outcomes.models import Outcome, OutcomeStatus, during_of
from postdocs.stays.models import Stay

POINTS = 12  # on the timeline: of more, the latest


def of(stay: Stay, user, lanes: dict | None) -> dict:
    """The outcomes that name this stay, as far as one may see them; their points are added to `lanes`."""
    if stay.entered_on is None:
        return {"outcomes": None}
    rows = Outcome.objects.visible_to(user).filter(owners__stay=stay).exclude(status=OutcomeStatus.VOID)
    rows = list(rows.select_related("matter").order_by("-done_on", "-pk"))
    if lanes and rows:
        points = [
            {"on": row.done_on, "label": row.get_kind_display(), "kind": "past" if row.verified_on else "open"}
            for row in rows[:POINTS]
        ]
        lanes["rows"].append({"label": _("成果"), "points": points})
    return {
        "outcomes": [(row, during_of(stay, row.done_on)) for row in rows],
        "outcomes_counted": sum(row.verified_on is not None for row in rows),
    }
