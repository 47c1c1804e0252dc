"""What a portrait asks of a station beside the figures of its enterprise: people, partners, promise, demands, matches.

A station that has never entered a row of a kind hasn't said that it has none: `…_told` counts what was ever entered.
"""

from datetime import timedelta

from django.db.models import Count, DecimalField, OuterRef, Q, Subquery, Value
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from stations.models import Demand, Match, Partner, SalaryPromise, Supervisor
from stations.register.facts import station

YEAR = timedelta(365)


def number(name, label, unit, source, key, when, subject="pk"):
    station.total(
        name,
        label,
        unit=unit,
        source=source,
        key=key,
        subject=subject,
        aggregate=lambda q: Count(Value(1), filter=q),
        when=when,
    )


def in_force(on):
    return (Q(until=None) | Q(until__gt=on)) & Q(since__lte=on)


number("supervisors", pgettext_lazy("名册", "合作导师"), _("人"), Supervisor, "station_id", in_force)
number("supervisors_told", _("登记过的合作导师"), _("人"), Supervisor, "station_id", lambda on: Q(since__lte=on))
number("partners", _("合作流动站协议"), pgettext_lazy("协议", "份"), Partner, "station_id", in_force)
number(
    "partners_told",
    _("登记过的合作流动站协议"),
    pgettext_lazy("协议", "份"),
    Partner,
    "station_id",
    lambda on: Q(since__lte=on),
)
number(
    "demands_year",
    _("近一年发布的需求"),
    pgettext_lazy("需求", "条"),
    Demand,
    "enterprise_id",
    lambda on: Q(published_on__gt=on - YEAR, published_on__lte=on),
    subject="enterprise_id",
)
number(
    "matches",
    pgettext_lazy("数据", "精准对接"),
    _("次"),
    Match,
    "demand__enterprise_id",
    lambda on: Q(matched_on__lte=on),
    subject="enterprise_id",
)


@station.fact(_("承诺年薪"), DecimalField(max_digits=14, decimal_places=2, null=True), unit="yuan")
def salary_promise(on):
    rows = SalaryPromise.objects.filter(station=OuterRef("pk"))
    rows = rows.on(on) if on else rows.none()
    return Subquery(rows.order_by("-since").values("amount")[:1])
