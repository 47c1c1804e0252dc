"""What can be said of a station on a given day."""

from django.db.models import BooleanField, Case, CharField, ExpressionWrapper, F, Q, When
from django.utils.translation import gettext_lazy as _

from portal.facts import Coming, Entry, Vocabulary
from stations.models import Application, CancelGround, Route, Station, StationKind, StationLevel


def describe(row):
    return Entry(str(row), row.get_absolute_url(), str(row.enterprise), row.approval_document, row.end_document)


def in_review():
    return Application.objects.filter(status__in=["district", "bureau", "passed", "sent"])


station = Vocabulary(
    "station",
    Station,
    describe=describe,
    select=("enterprise__organisation", "matter__district"),
    coming=[
        Coming(
            in_review,
            {"kind": F("type__kind"), "chain": F("enterprise__chain"), "enterprise": F("enterprise")},
            waits=Q(route=Route.UPWARD),
            select=("matter__organisation", "matter__district", "type"),
        )
    ],
)
station.column("kind", _("站点类型"), choices=dict(StationKind.choices))
station.column("level", _("级别"), choices=dict(StationLevel.choices))
station.column("approved_on", _("批准日期"))
station.column("ended_on", _("注销或升格日期"))
station.column("chain", _("重点产业链"))
station.column("enterprise", _("设站单位"))


@station.fact(_("注销原因"), CharField(null=True), choices=dict(CancelGround.choices))
def end_ground(on):
    """Why it ended, once it has."""
    if on is None:
        return F("end_ground")
    return Case(When(ended_on__lte=on, then=F("end_ground")), default=None, output_field=CharField(null=True))


@station.fact(_("由升格设立"), BooleanField())
def is_upgrade(on):
    return ExpressionWrapper(Q(upgraded_from__isnull=False), BooleanField())
