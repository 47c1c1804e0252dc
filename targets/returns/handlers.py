"""What every night does for the returns: keep what the figures are said to be."""

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from portal.jobs import handler
from targets.plans import indicators
from targets.returns import known


@handler("remember_figures", _("留存当天的指标数值"), merge=True, daily=True)
def remember(job) -> dict:
    """After a fresh look at the records, so that nothing stale is kept."""
    today = localdate()
    indicators.recompute(today)
    return {"kept": known.remember(today)}
