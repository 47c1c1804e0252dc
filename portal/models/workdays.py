"""The calendar of working days: weekends are the rule, rows are the exceptions that the State Council announces."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Workday(models.Model):
    """One announced exception: a holiday on a weekday, or a weekend day worked in exchange (调休)."""

    on = models.DateField(_("日期"), unique=True)
    works = models.BooleanField(_("上班"))
    name = models.CharField(_("节日"), max_length=20)
    source = models.CharField(_("依据"), max_length=60)

    class Meta:
        verbose_name = _("工作日历")

    def __str__(self):
        return f"{self.on} {self.name}"
