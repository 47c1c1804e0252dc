"""What the day brings to stations."""

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from portal.jobs import handler
from stations import reminders


@handler("remind_stations", _("提醒快到期的证书和批次"), merge=True, daily=True)
def remind_stations(job) -> dict:
    on = localdate()
    return {"certificates": reminders.certificates(on), "drafts": reminders.drafts(on)}
