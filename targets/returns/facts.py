"""What can be said of a return before it is handed in."""

from django.db.models import Count, F, Q, Value
from django.utils.translation import gettext_lazy as _

from portal.facts import Vocabulary
from stations.roles import count_unanswered
from targets.models import QuarterlyReturn, ReturnLine

BEHIND = ("behind", "missed")
quarterly = Vocabulary("quarterly", QuarterlyReturn)
count_unanswered(quarterly)


def lines(name, label, when: Q) -> None:
    """Counts lines that still want something."""
    quarterly.total(
        name,
        label,
        unit=_("项"),
        source=ReturnLine,
        key="quarterly_id",
        aggregate=lambda q: Count(Value(1), filter=q),
        when=lambda on: when,
    )


lines(
    "unexplained",
    _("与系统值不一致、还没有说明的指标"),
    Q(stated__isnull=False, comment="") & (Q(system=None) | ~Q(stated=F("system"))),
)
lines("behind_unsaid", _("滞后序时、还没有写原因和措施的指标"), Q(state__in=BEHIND) & (Q(why="") | Q(measures="")))
