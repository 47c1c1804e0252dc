"""What officials add to a case: visits on site, and the phrases a city uses for its opinions."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.models import PackRow

VISIT = "visit.file"  # under this slot a matter cites what a visit left, so that whoever sees the case may read it


class SiteVisit(models.Model):
    """A visit on site (实地考察): when, who went, what they found; a file may say more."""

    application = models.ForeignKey("stations.Application", models.PROTECT, related_name="visits")
    visited_on = models.DateField(_("考察日期"))
    visitors = models.CharField(_("考察人员"), max_length=200)
    findings = models.TextField(_("考察情况"), max_length=1000)
    file = models.ForeignKey("portal.File", models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("实地考察记录")
        constraints = [
            models.CheckConstraint(
                name="visit_says_what",
                condition=~models.Q(visitors="") & ~models.Q(findings=""),
                violation_error_message=_("请写明考察人员和考察情况。"),
            )
        ]

    def __str__(self):
        return f"{self.application_id} {self.visited_on}"


class Phrase(PackRow):
    """A sentence that officers of a city often need in an opinion; `verdict` says beside which finding it is offered."""

    class Verdict(models.TextChoices):
        MET = "met", _("符合")
        UNMET = "unmet", _("不符合")
        UNKNOWN = "unknown", _("待核实")

    code = models.SlugField(_("代码"))
    verdict = models.CharField(_("结论"), max_length=8, choices=Verdict.choices)
    text = models.CharField(_("常用意见"), max_length=100)
    text_en = models.CharField(_("英文"), max_length=200, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("常用意见")
        constraints = [models.UniqueConstraint(fields=["pack", "code"], name="phrase_once")]

    def __str__(self):
        return self.text
