"""Quarters, the return of each district, what was frozen on confirmation, and what was known of the figures when."""

import json

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from portal.models import ScopedQuerySet
from portal.words import localised


class ReturnStatus(models.TextChoices):
    FILLING = "filling", _("待填报")
    CHECKING = "checking", _("待市级核对")
    RETURNED = "returned", pgettext_lazy("状态", "退回补正")
    CONFIRMED = "confirmed", _("已确认")


class Quarter(models.Model):
    """A quarter for which a plan's districts report, by its last day; `due_on` is the last day to hand in."""

    plan = models.ForeignKey("targets.Plan", models.PROTECT, related_name="quarters")
    until = models.DateField(_("截至"))
    due_on = models.DateField(_("报送期限"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_on = models.DateField()

    class Meta:
        verbose_name = _("季度")
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "until"], name="quarter_once", violation_error_message=_("这个季度已经开过。")
            ),
            models.CheckConstraint(
                name="quarter_due",
                condition=Q(due_on__gt=models.F("until")),
                violation_error_message=_("报送期限须在季度末之后。"),
            ),
        ]

    def __str__(self):
        return gettext("%(year)s 年第 %(n)s 季度") % {"year": self.until.year, "n": (self.until.month + 2) // 3}

    def get_absolute_url(self):
        return reverse("targets:return_quarter", args=[self.pk])


class ReturnQuerySet(ScopedQuerySet):
    def for_page(self):
        return self.select_related(
            "quarter__plan__pack__root", "matter__district", "matter__organisation", "district"
        ).prefetch_related("matter__events__by")


class QuarterlyReturn(models.Model):
    """What one district reports for one quarter, with all that lies below it."""

    matter = models.OneToOneField("portal.Matter", models.PROTECT, related_name="+")
    quarter = models.ForeignKey(Quarter, models.PROTECT, related_name="returns")
    district = models.ForeignKey("portal.District", models.PROTECT, related_name="+")
    status = models.CharField(max_length=12, choices=ReturnStatus.choices, default=ReturnStatus.FILLING)

    objects = ReturnQuerySet.as_manager()

    class Meta:
        verbose_name = _("季报")
        constraints = [
            models.UniqueConstraint(
                fields=["quarter", "district"],
                name="return_once",
                violation_error_message=_("这个区镇在这个季度已有季报。"),
            )
        ]

    def __str__(self):
        return localised(self.matter, "title")

    def get_absolute_url(self):
        return reverse("targets:return", args=[self.matter.number])


class ReturnLine(models.Model):
    """One indicator of a return. `stated` is what the district says, None: as the portal's records have it.

    `system`, `target`, `pace` and `state` are what the portal had when the return was last handed in; before that they
    are asked for live. `why` and `measures` are wanted where the figure is behind.
    """

    quarterly = models.ForeignKey(QuarterlyReturn, models.CASCADE, related_name="lines")
    indicator = models.ForeignKey("targets.Indicator", models.PROTECT, related_name="+")
    stated = models.DecimalField(_("区镇填报"), max_digits=14, decimal_places=2, null=True, blank=True)
    comment = models.CharField(_("差异说明"), max_length=300, blank=True)
    why = models.CharField(_("滞后原因"), max_length=300, blank=True)
    measures = models.CharField(_("措施"), max_length=300, blank=True)
    system = models.DecimalField(_("系统值"), max_digits=14, decimal_places=2, null=True)
    target = models.DecimalField(_("任务"), max_digits=14, decimal_places=2, null=True)
    pace = models.DecimalField(_("序时进度"), max_digits=14, decimal_places=2, null=True)
    state = models.CharField(max_length=10, blank=True)

    class Meta:
        verbose_name = _("季报指标")
        constraints = [
            models.UniqueConstraint(fields=["quarterly", "indicator"], name="return_line_once"),
            models.CheckConstraint(
                name="return_line_stated",
                condition=Q(stated=None) | Q(stated__gte=0),
                violation_error_message=_("填报数不能为负数。"),
            ),
        ]

    def __str__(self):
        return f"{self.quarterly_id} {self.indicator_id}"

    @property
    def differs(self) -> bool:
        return self.stated is not None and self.stated != self.system


class Frozen(models.Model):
    """A return as it was confirmed: the figures and the very rows that counted. Written once, never changed; the database
    refuses it too. A correction makes the next version.

    `text` is the sealed JSON, `digest` its SHA-256; `known_on` is the day whose knowledge it holds: that of handing in.
    """

    quarterly = models.ForeignKey(QuarterlyReturn, models.PROTECT, related_name="versions")
    version = models.PositiveSmallIntegerField(_("版次"))
    text = models.TextField()
    digest = models.CharField(max_length=64)
    known_on = models.DateField(_("数据提取日"))
    on = models.DateField(_("确认日"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("季报定稿")
        constraints = [models.UniqueConstraint(fields=["quarterly", "version"], name="frozen_once")]

    def __str__(self):
        return f"{self.quarterly_id} v{self.version}"

    @cached_property
    def data(self) -> dict:
        return json.loads(self.text)


class KnownFigure(models.Model):
    """What the nightly job of `known_on` found: the figure of `indicator` in `district` on the day `on`. A row is written
    only where that differs from what was known before; `value` None: no data any more."""

    indicator = models.ForeignKey("targets.Indicator", models.CASCADE, related_name="+")
    district = models.ForeignKey("portal.District", models.PROTECT, related_name="+")
    on = models.DateField()
    known_on = models.DateField()
    value = models.DecimalField(max_digits=14, decimal_places=2, null=True)

    class Meta:
        verbose_name = _("历史数值")
        constraints = [
            models.UniqueConstraint(fields=["indicator", "district", "on", "known_on"], name="known_figure_once")
        ]

    def __str__(self):
        return f"{self.indicator_id} {self.on} @ {self.known_on}: {self.value}"
