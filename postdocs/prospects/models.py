"""Funds and titles (基金、人才计划、职称) that a postdoc can apply for, as a city's rows."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.models import PackRow
from portal.words import localised


class Opportunity(PackRow):
    """One fund or title with what it asks of a stay. `asks`: what only a paper can say, so nobody knows it here; then
    the answer is at best "ask for this". `assumed`: no paper of this city says so."""

    code = models.SlugField(_("代码"), max_length=30)
    title = models.CharField(_("名称"), max_length=60)
    title_en = models.CharField(_("英文"), max_length=120, blank=True)
    hint = models.CharField(_("资助"), max_length=160, blank=True)
    hint_en = models.CharField(max_length=240, blank=True)
    asks = models.CharField(_("另须符合"), max_length=160, blank=True)
    asks_en = models.CharField(max_length=240, blank=True)
    assumed = models.BooleanField(_("征求意见"), default=False)
    clause = models.ForeignKey("portal.Clause", models.PROTECT, related_name="+", verbose_name=_("依据"))
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("可申报项目")
        constraints = [models.UniqueConstraint(fields=["pack", "code"], name="opportunity_once")]

    def __str__(self):
        return localised(self, "title")


class OpportunityCriterion(models.Model):
    """One thing it asks of a fact of the stay; all of them must be met."""

    opportunity = models.ForeignKey(Opportunity, models.CASCADE, related_name="criteria")
    fact = models.CharField(max_length=60)
    lookup = models.CharField(max_length=10)
    value = models.JSONField()
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("申报条件")
        constraints = [
            models.UniqueConstraint(fields=["opportunity", "fact", "lookup"], name="opportunity_criterion_once")
        ]

    def __str__(self):
        return f"{self.opportunity_id}: {self.fact}"
