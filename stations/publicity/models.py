"""Objections that reach the bureau while something is public (公示异议): a round of evaluation, a subsidy granted."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Objection(models.Model):
    """Somebody says that what is public is wrong. It came through the public page (`recorded_by` None, `origin` a hash of
    where from, against floods), or an officer wrote it down. Name and contact are for the bureau's eyes alone."""

    matter = models.ForeignKey("portal.Matter", models.PROTECT, related_name="objections")
    name = models.CharField(_("姓名或单位"), max_length=60)
    contact = models.CharField(_("联系方式"), max_length=100)
    reason = models.TextField(_("异议内容和理由"), max_length=2000)
    file = models.ForeignKey("portal.File", models.PROTECT, null=True, blank=True, related_name="+")
    received_on = models.DateField(_("收到日期"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)
    origin = models.CharField(max_length=32, blank=True)
    answer = models.TextField(_("核查情况和答复"), max_length=2000, blank=True)
    answered_on = models.DateField(null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("公示异议")
        indexes = [models.Index(fields=["origin", "recorded_at"], name="objection_origin")]
        constraints = [
            models.CheckConstraint(
                name="objection_answered_whole",
                condition=Q(answer="", answered_on=None, answered_by=None)
                | (~Q(answer="") & Q(answered_on__gte=F("received_on"), answered_by__isnull=False)),
                violation_error_message=_("答复须写明内容，日期不早于收到日期。"),
            )
        ]

    def __str__(self):
        return f"{self.matter_id} {self.received_on}"
