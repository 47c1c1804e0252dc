"""What a worker does for the targets: compute every figure again, all at once, whenever something moved."""

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from portal.jobs import handler
from targets.plans import indicators


@handler("recompute", _("重算指标"), merge=True, daily=True)
def recompute(job) -> dict:
    return indicators.recompute(localdate())
