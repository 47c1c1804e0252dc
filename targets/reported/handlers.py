"""What the day brings to those who report figures: a reminder before a period is due, and once it is overdue."""

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from portal.jobs import handler
from targets.reported import reminders


@handler("remind_readings", _("提醒部门报数"), merge=True, daily=True)
def remind(job) -> dict:
    return {"told": reminders.remind(localdate())}
