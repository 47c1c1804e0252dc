"""What can be said of an activity; only what was held has a day by which it counts."""

from django.utils.translation import gettext_lazy as _

from portal.facts import Entry, Vocabulary
from targets.activities.models import Activity


def describe(row: Activity) -> Entry:
    return Entry(str(row), row.get_absolute_url(), str(row.organiser), f"{row.kind} · {row.venue}")


activity = Vocabulary("activity", Activity, describe=describe, select=("matter", "kind", "organiser"))
activity.column("held_on", _("举办日期"))
activity.column("kind", _("活动类别"), path="kind__code")
activity.column("enterprises", _("参加单位"), unit=_("家"))
activity.column("universities", _("参加高校"), unit=_("家"))
activity.column("postdocs", _("博士、博士后"), unit=_("人"))
activity.column("signed", _("签约数"), unit=_("项"))
