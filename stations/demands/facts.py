"""What can be said of a demand and of a match."""

from django.db.models import BooleanField, Case, Count, DateField, Q, Value, When
from django.utils.translation import gettext_lazy as _

from portal.facts import Entry, Vocabulary
from stations.models import Cooperation, Demand, Match, MatchStatus

OPEN = (MatchStatus.PROPOSED, MatchStatus.TALKING, MatchStatus.SIGNED)

demand = Vocabulary("demand", Demand)
demand.column("kind", _("需求类型"), choices=dict(Demand.Kind.choices))
demand.column("published_on", _("发布日期"))


@demand.fact(_("截止日期还没过"), BooleanField())
def in_time(on):
    if on is None:
        return Value(None, BooleanField(null=True))
    return Case(When(deadline__gte=Value(on, DateField()), then=True), default=False)


demand.total(
    "open_matches",
    _("没有结束的对接"),
    unit=_("个"),
    source=Match,
    key="demand_id",
    aggregate=lambda q: Count(Value(1), filter=q),
    when=lambda on: Q(status__in=OPEN),
)


def describe(row):
    title = _("%(demand)s × %(flow)s") % {"demand": row.demand, "flow": row.flow}
    return Entry(title, row.get_absolute_url(), str(row.demand.enterprise), str(row.get_status_display()))


match = Vocabulary(
    "match",
    Match,
    describe=describe,
    select=("demand__enterprise__organisation", "flow__university", "matter__district"),
)
match.column("meetings", _("双方见面次数"), unit=_("次"))
match.column("matched_on", _("精准对接日期"))
match.column("signed_on", _("签约日期"))
match.column("entered_on", _("进站日期"))
match.column("people", _("引进人数"), unit=_("人"))
match.column("enterprise", _("需求单位"), path="demand__enterprise")
match.column("host", _("设站企业"), path="demand__station__enterprise")
match.column("university", _("高校院所"), path="flow__university")
match.column("key_university", _("重点高校"), path="flow__university__key")


def describe_cooperation(row):
    url = row.match.get_absolute_url() if row.match_id else row.partner.station.get_absolute_url()
    return Entry(str(row.university), url, str(row.enterprise), row.match.matter.number if row.match_id else "")


cooperation = Vocabulary(
    "cooperation",
    Cooperation,
    describe=describe_cooperation,
    select=("enterprise__organisation", "university", "match__matter", "partner__station__matter", "matter__district"),
)
cooperation.column("signed_on", _("签约日期"), path="since")
cooperation.column("over_on", _("协议期满"), path="until")
cooperation.column("university", _("高校院所"))
cooperation.column("key_university", _("重点高校"), path="university__key")
cooperation.column("host", _("签约单位"), path="enterprise")
