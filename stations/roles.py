"""What the lifecycles of several topics share: who takes a step, and what it asks for."""

from django.db.models import Count, Q, Value
from django.utils.translation import gettext_lazy as _

from portal.facts import Criterion, Lookup, Vocabulary
from portal.models import ReturnItem, Role

HANDLER, CERTIFIER = frozenset({Role.HANDLER}), frozenset({Role.CERTIFIER})
UNIT, DISTRICT = HANDLER | CERTIFIER, frozenset({Role.DISTRICT})
MAKERS = frozenset({Role.BUREAU_HANDLER, Role.BUREAU_REVIEWER})
APPROVER = frozenset({Role.BUREAU_APPROVER})

ALL_ANSWERED = Criterion("returns_unanswered", Lookup.AT_MOST, 0, _("退回的每一处都要修改或说明"))
PAPER = (("document", _("文号")), ("document_on", _("文件日期")))


def count_unanswered(vocabulary: Vocabulary) -> None:
    """The fact that ALL_ANSWERED asks for, of rows that have a matter."""
    vocabulary.total(
        "returns_unanswered",
        _("退回后还没改的地方"),
        unit=_("处"),
        source=ReturnItem,
        key="event__matter_id",
        subject="matter_id",
        aggregate=lambda q: Count(Value(1), filter=q),
        when=lambda on: Q(event__on__lte=on, answered_at=None, resolved_at=None),
    )
