"""Batches of application (申报批次): from when to when something may be handed in."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from portal.models import PackRow


class ApplicationWindowQuerySet(models.QuerySet):
    def open_on(self, on):
        return self.filter(since__lte=on, until__gt=on)


class ApplicationWindow(PackRow):
    """A batch: from `since` to before `until` applications of one type are taken. A type without any is open all
    year; one that has some is closed on all other days."""

    code = models.SlugField(_("代码"))
    type = models.ForeignKey("stations.ApplicationType", models.PROTECT, related_name="windows")
    title = models.CharField(_("批次名称"), max_length=60)
    title_en = models.CharField(_("英文名称"), max_length=100, blank=True)
    since = models.DateField(_("开始受理"))
    until = models.DateField(_("截止"))

    objects = ApplicationWindowQuerySet.as_manager()

    class Meta:
        verbose_name = _("申报批次")
        constraints = [
            models.UniqueConstraint(
                fields=["pack", "code"],
                name="window_once",
                violation_error_message=_("这个代码已有批次使用。"),
            ),
            models.CheckConstraint(
                name="window_period",
                condition=Q(until__gt=F("since")),
                violation_error_message=_("截止日期不能早于开始日期。"),
            ),
            ExclusionConstraint(
                name="window_one_a_day",
                expressions=[
                    ("type", RangeOperators.EQUAL),
                    (
                        Func("since", "until", Value("[)"), function="daterange", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_("同一类申报的两个批次不能重叠，请核对日期。"),
            ),
        ]

    def __str__(self):
        return self.title

    def clean(self):
        """Told before the database is asked, for which a period that runs backwards is none."""
        if self.since and self.until and self.until <= self.since:
            raise ValidationError({"until": _("截止日期不能早于开始日期。")})
