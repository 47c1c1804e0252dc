"""What a city takes for a sign that somebody might have to be withdrawn."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.models.districts import PackRow
from postdocs.stays.models import WithdrawalGround


class Sign(PackRow):
    """A fact of a stay that, once it is so, asks people to look at one ground of withdrawal. It decides nothing."""

    ground = models.CharField(_("退站原因"), max_length=2, choices=WithdrawalGround.choices)
    fact = models.CharField(max_length=60)
    lookup = models.CharField(max_length=10)
    value = models.JSONField()
    clause = models.ForeignKey("portal.Clause", models.PROTECT, related_name="+", verbose_name=_("依据"))

    class Meta:
        verbose_name = _("退站提示")
        constraints = [models.UniqueConstraint(fields=["pack", "ground", "fact"], name="sign_once")]

    def __str__(self):
        return f"{self.ground} {self.fact}"
