"""What can be said of a request."""

from django.utils.translation import gettext_lazy as _

from portal.facts import Vocabulary
from postdocs.services.models import ServiceRequest

facts = Vocabulary("request", ServiceRequest)
facts.column("side", _("谁提出"), choices=dict(ServiceRequest.Side.choices))
facts.column("due_on", _("承诺答复日期"))
facts.column("score", _("评分"))
