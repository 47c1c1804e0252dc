"""What the day brings to requests."""

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from portal.jobs import handler
from postdocs.services import actions


@handler("escalate_requests", _("超期诉求转市局督办"), merge=True, daily=True)
def escalate_requests(job) -> dict:
    return {"escalated": actions.escalate(on=localdate())}
