"""What the day brings to demands."""

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from portal.jobs import handler
from stations.demands import actions


@handler("expire_demands", _("撤下到期的需求"), merge=True, daily=True)
def expire_demands(job) -> dict:
    return {"expired": actions.expire(on=localdate())}
