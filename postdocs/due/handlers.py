"""What the day brings to postdocs."""

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from portal.jobs import handler
from postdocs.due import reminders


@handler("remind_postdocs", _("提醒博士后快到期和逾期的事项"), merge=True, daily=True)
def remind_postdocs(job) -> dict:
    return {"dues": reminders.dues(localdate())}
