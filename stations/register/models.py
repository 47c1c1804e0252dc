"""Stations in the register: their kinds, levels and states."""

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.models import ScopedQuerySet, Spell
from portal.words import localised, word_of
from stations.chains.models import IndustryChain
from stations.enterprises.models import Enterprise


class StationKind(models.TextChoices):
    """The kinds of stations, whichever city; `level_of` gives the level that approves each."""

    NATIONAL = "national", _("国家级博士后科研工作站")
    BRANCH = "branch", _("博士后科研工作站分站")
    REGIONAL = "regional", _("区域性（园区）总站")
    BASE_PROVINCIAL = "base_provincial", _("省级博士后创新实践基地")
    BASE_CITY = "base_city", _("市级博士后科研工作站（基地）")
    DOCTOR_STATION = "doctor_station", _("博士工作站（省级）")
    OVERSEAS = "overseas", _("海外博士后工作室")

    @property
    def level(self):
        return LEVELS[self]


class StationLevel(models.TextChoices):
    NATIONAL = "national", _("国家级")
    PROVINCIAL = "provincial", _("省级")
    CITY = "city", _("市级")


LEVELS = {
    StationKind.NATIONAL: StationLevel.NATIONAL,
    StationKind.BRANCH: StationLevel.NATIONAL,
    StationKind.REGIONAL: StationLevel.NATIONAL,
    StationKind.BASE_PROVINCIAL: StationLevel.PROVINCIAL,
    StationKind.BASE_CITY: StationLevel.CITY,
    StationKind.DOCTOR_STATION: StationLevel.PROVINCIAL,
    StationKind.OVERSEAS: StationLevel.CITY,
}


class StationStatus(models.TextChoices):
    VALID = "valid", _("有效")
    PAUSED = "paused", _("暂停")
    UPGRADED = "upgraded", _("已升格")
    CANCELLED = "cancelled", _("已注销")


ENDED = (StationStatus.CANCELLED, StationStatus.UPGRADED)  # in whatever other state, it is in the stock


class CancelGround(models.TextChoices):
    """Why a station ends."""

    FAILED = "failed", _("评估不合格，整改后仍不合格")
    IDLE = "idle", _("连续多年未招收")
    BREACH = "breach", _("严重违规")
    MISCONDUCT = "misconduct", _("学术不端")
    BANKRUPT = "bankrupt", _("单位破产")
    RESTRUCTURED = "restructured", _("单位重组")
    MOVED = "moved", _("单位迁出")
    CONDITIONS = "conditions", _("不再具备设站条件")
    REQUEST = "request", _("单位申请")


class StationQuerySet(ScopedQuerySet):
    def valid(self, on):
        return self.filter(Q(ended_on=None) | Q(ended_on__gt=on), approved_on__lte=on)

    def as_of(self, on):
        """The register of a day: those approved by then, with their state and their enterprise's name of that day.

        The paper that ends a station counts from its own date; a pause from the day it was decided.
        """
        from stations.ledger.models import EnterpriseEvent

        spells = Spell.objects.filter(Q(until=None) | Q(until__gt=on), matter=OuterRef("matter"), since__lte=on)
        renamed = EnterpriseEvent.objects.filter(enterprise=OuterRef("enterprise"), kind="renamed", on__gt=on)
        return self.filter(approved_on__lte=on).annotate(
            status_then=Case(
                When(ended_on__lte=on, then=F("status")),
                When(Exists(spells.filter(status=StationStatus.PAUSED)), then=Value(StationStatus.PAUSED)),
                default=Value(StationStatus.VALID),
            ),
            owner_then=Coalesce(
                Subquery(renamed.order_by("on").values("before")[:1]), F("enterprise__organisation__name")
            ),
        )


class Station(models.Model):
    """A station in the register: it exists from the date of the paper that approves it, to before `ended_on`.

    An upgrade ends the lower station and opens the higher one, so that the stock counts it once.
    """

    matter = models.OneToOneField("portal.Matter", models.PROTECT, related_name="+")
    name = models.CharField(_("工作站名称"), max_length=120)
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="stations")
    kind = models.CharField(_("站点类型"), max_length=20, choices=StationKind.choices)
    level = models.CharField(_("级别"), max_length=12, choices=StationLevel.choices)
    chain = models.ForeignKey(
        IndustryChain, models.PROTECT, null=True, blank=True, related_name="+", related_query_name="station"
    )
    approved_on = models.DateField(_("批准日期"))
    approval_document = models.CharField(_("批准文号"), max_length=80)
    approver = models.CharField(_("批准机关"), max_length=80)
    application = models.OneToOneField("stations.Application", models.PROTECT, null=True, related_name="+")
    upgraded_from = models.OneToOneField("self", models.PROTECT, null=True, related_name="+")
    status = models.CharField(max_length=12, choices=StationStatus.choices, default=StationStatus.VALID)
    ended_on = models.DateField(_("注销或升格日期"), null=True, blank=True)
    end_document = models.CharField(_("注销或升格文号"), max_length=80, blank=True)
    end_ground = models.CharField(_("注销原因"), max_length=12, choices=CancelGround.choices, blank=True)

    get_kind_display = word_of("kind", StationKind)
    get_level_display = word_of("level", StationLevel)
    get_status_display = word_of("status", StationStatus)

    objects = StationQuerySet.as_manager()

    class Meta:
        verbose_name = _("博士后工作站")
        indexes = [models.Index(fields=["approved_on"], name="station_approved")]
        constraints = [
            models.CheckConstraint(
                name="station_end",
                condition=(~Q(status__in=["cancelled", "upgraded"]) & Q(ended_on=None))
                | Q(status__in=["cancelled", "upgraded"], ended_on__gte=F("approved_on")),
                violation_error_message=_("注销或升格的站须有日期，且不早于批准日期。"),
            ),
            models.UniqueConstraint(
                fields=["enterprise", "kind"],
                condition=~Q(status__in=["cancelled", "upgraded"]) & ~Q(kind__in=["branch", "overseas"]),
                name="one_valid_station_of_a_kind",
                violation_error_message=_("这家单位已有一个有效的同类站。"),
            ),
        ]

    def __str__(self):
        return localised(self.matter, "title")

    def get_absolute_url(self):
        return reverse("stations:station", args=[self.matter.number])
