"""Figures that departments report."""

from django.conf import settings
from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _


class Reading(models.Model):
    """A figure that a department reports: its absolute value at the end of a period; of what begins anew each year, that
    year's so far. A correction is a new row, and the database refuses to change an old one.

    `value` None takes back what was reported. `estimated`: a forecast of the year's figure. `comment` says why an unusual
    figure is right, `why` and `measures` why it is behind and what is done about it. `file` is the evidence.
    """

    indicator = models.ForeignKey("targets.Indicator", models.PROTECT, related_name="readings")
    district = models.ForeignKey("portal.District", models.PROTECT, related_name="+")
    on = models.DateField(_("截至"))
    value = models.DecimalField(_("数值"), max_digits=14, decimal_places=2, null=True)
    estimated = models.BooleanField(_("预计数"), default=False)
    source = models.CharField(_("来源"), max_length=160)
    comment = models.CharField(_("说明"), max_length=300, blank=True)
    why = models.CharField(_("滞后原因"), max_length=300, blank=True)
    measures = models.CharField(_("措施"), max_length=300, blank=True)
    file = models.ForeignKey("portal.File", models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reported_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        verbose_name = _("上报数值")
        indexes = [models.Index(fields=["indicator", "district", "-on", "-reported_at"], name="reading_latest")]

    def __str__(self):
        return f"{self.indicator_id} {self.on}: {self.value}"
