"""What can be said of a consultation."""

from django.utils.translation import gettext_lazy as _

from portal.facts import Vocabulary
from stations.models import Consultation, ConsultationStatus

C, Side, OwnerSide = ConsultationStatus, Consultation.Side, Consultation.OwnerSide

facts = Vocabulary("consultation", Consultation)
facts.column("side", _("谁提出"), choices=dict(Side.choices))
facts.column("meets_on", _("会商日期"))
facts.column("due_on", _("落实期限"))
