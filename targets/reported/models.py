"""Figures that departments report."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Reading(models.Model):
    """A figure that a department reports: its absolute value at the end of a period. A correction is a new row."""

    indicator = models.ForeignKey("targets.Indicator", models.PROTECT, related_name="readings")
    district = models.ForeignKey("portal.District", models.PROTECT, related_name="+")
    on = models.DateField(_("截至"))
    value = models.DecimalField(_("数值"), max_digits=14, decimal_places=2)
    source = models.CharField(_("来源"), max_length=160)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reported_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("上报数值")
        indexes = [models.Index(fields=["indicator", "district", "-on", "-reported_at"], name="reading_latest")]

    def __str__(self):
        return f"{self.indicator_id} {self.on}: {self.value}"
