"""What the day brings to duties: what falls due next, and reminders."""

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from portal.jobs import handler
from portal.models import Pack
from targets.duties import actions, reminders


@handler("duties", _("生成工作清单各期任务"), merge=True, daily=True)
def duties(job) -> dict:
    counts = {"made": 0, "changed": 0, "dropped": 0}
    for pack in Pack.objects.select_related("root").order_by("pk"):
        for name, number in actions.generate(pack, on=localdate()).items():
            counts[name] += number
    return counts


@handler("remind_duties", _("提醒快到期的任务"), merge=True, daily=True)
def remind(job) -> dict:
    return {"told": reminders.near(localdate())}
