"""What the lifecycles of several topics share: who takes a step, and what it asks for."""

from django.utils.translation import gettext_lazy as _

from portal.facts import Criterion, Lookup
from portal.models import Role

HANDLER, CERTIFIER = frozenset({Role.HANDLER}), frozenset({Role.CERTIFIER})
UNIT, DISTRICT = HANDLER | CERTIFIER, frozenset({Role.DISTRICT})
MAKERS = frozenset({Role.BUREAU_HANDLER, Role.BUREAU_REVIEWER})
APPROVER = frozenset({Role.BUREAU_APPROVER})

ALL_ANSWERED = Criterion("returns_unanswered", Lookup.AT_MOST, 0, _("退回的每一处都要修改或说明"))
PAPER = (("document", _("文号")), ("document_on", _("文件日期")))
