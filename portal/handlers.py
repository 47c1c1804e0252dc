"""What the day brings to any matter."""

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from portal import reminders
from portal.jobs import handler


@handler("remind_promises", _("提醒快到期的承诺时限"), merge=True, daily=True)
def remind_promises(job) -> dict:
    return {"told": reminders.promises(localdate())}
