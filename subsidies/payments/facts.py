"""What can be said of a batch of payment on a given day."""

from django.db.models import Count, IntegerField, OuterRef
from django.utils.translation import gettext_lazy as _

from portal.facts import Vocabulary
from postdocs.stays.facts import reckoned
from subsidies.payments.models import LineState, PaymentBatch, PaymentLine, PaymentStatus

payment = Vocabulary("payment", PaymentBatch)
payment.column("status", _("环节"), choices=dict(PaymentStatus.choices))


def lines(*states):
    rows = PaymentLine.objects.filter(batch=OuterRef("pk"), state__in=states)
    return reckoned(rows.order_by(), Count("pk"))


@payment.fact(_("待发出的申领"), IntegerField(), unit=_("件"))
def lines_waiting(on):
    return lines(LineState.WAITING)


@payment.fact(_("还没有结果的申领"), IntegerField(), unit=_("件"))
def lines_open(on):
    return lines(LineState.WAITING, LineState.SENT)
