"""What the day brings to those who left."""

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from portal.jobs import handler
from postdocs.destinations import reminders


@handler("remind_follow_ups", _("提醒该跟踪的出站人员"), merge=True, daily=True)
def remind_follow_ups(job) -> dict:
    return {"told": reminders.follow_ups(localdate())}
