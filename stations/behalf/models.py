"""An office fills in a case for an enterprise (代填): the consent it does so with, and who typed what."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

CONSENT = "consent.file"  # under this slot a matter cites the paper that consents


class ConsentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The enterprise's own, and those given to the offices of its district: a consent that has ended stays on
        record there, though the draft is the enterprise's alone again."""
        scope = user.scope
        return self.filter(
            Q(application__matter__organisation__in=scope.organisations)
            | Q(application__matter__district__in=scope.districts)
        )

    def in_force(self):
        return self.filter(ended_on=None)


class Consent(models.Model):
    """An enterprise lets its office fill in one application, from `given_on` until it says otherwise.

    By a paper (`signer` and `file`, recorded by an officer), or in the portal by its handler (`recorded_by`).
    """

    class Way(models.TextChoices):
        PAPER = "paper", _("书面委托")
        PORTAL = "portal", _("在平台上同意")

    application = models.ForeignKey("stations.Application", models.PROTECT, related_name="consents")
    way = models.CharField(_("同意方式"), max_length=6, choices=Way.choices)
    given_on = models.DateField(_("同意日期"))
    signer = models.CharField(_("单位签字人"), max_length=60)
    file = models.ForeignKey("portal.File", models.PROTECT, null=True, blank=True, related_name="+")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)
    ended_on = models.DateField(null=True, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    end_note = models.CharField(_("说明"), max_length=300, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("代填同意书")
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(ended_on=None),
                name="one_consent_in_force",
                violation_error_message=_("这件申报已有一份有效的代填同意。"),
            ),
            models.CheckConstraint(
                name="consent_paper",
                condition=~Q(signer="") & (~Q(way="paper") | Q(file__isnull=False)),
                violation_error_message=_("书面委托须写明签字人并上传文件。"),
            ),
            models.CheckConstraint(
                name="consent_period",
                condition=Q(ended_on=None) | Q(ended_on__gte=F("given_on"), ended_by__isnull=False),
                violation_error_message=_("终止日期不能早于同意日期。"),
            ),
        ]

    def __str__(self):
        return f"{self.application_id} {self.given_on}"


class Filling(models.Model):
    """What an officer typed for an enterprise: the target, and how it read when this person wrote it last."""

    application = models.ForeignKey("stations.Application", models.PROTECT, related_name="fillings")
    target = models.CharField(max_length=80)
    value = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("代填记录")
        constraints = [models.UniqueConstraint(fields=["application", "target", "by"], name="filling_once")]

    def __str__(self):
        return f"{self.application_id} {self.target}"
