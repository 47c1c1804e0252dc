"""What came true after money was granted: a condition that ends a right, or that asks the money back (停发、追回线索)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from subsidies.claims.models import Claim
from subsidies.schemes.models import Condition


class TraceQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of claims that one may see."""
        return self.filter(claim__in=Claim.objects.visible_to(user).order_by().values("pk"))

    def open(self):
        """What is so today, and nobody answered yet."""
        return self.filter(gone_on=None, answered_on=None)


class Trace(models.Model):
    """A condition of a granted claim that came true, as the nightly look found it from `found_on` on.

    `gone_on`: it is so no longer. `answered_on`: the bureau took the claim up (`step`), or lets it be (no step), and
    why. Found again after it was gone, it is open again.
    """

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="traces")
    condition = models.ForeignKey(Condition, models.CASCADE, related_name="+")
    found_on = models.DateField(_("发现日期"))
    gone_on = models.DateField(null=True)
    answered_on = models.DateField(_("处理日期"), null=True)
    answered_by = models.ForeignKey("portal.User", models.PROTECT, null=True, related_name="+")
    step = models.CharField(max_length=20, blank=True)
    note = models.CharField(_("说明"), max_length=300, blank=True)

    objects = TraceQuerySet.as_manager()

    class Meta:
        verbose_name = _("停发、追回线索")
        constraints = [
            models.UniqueConstraint(fields=["claim", "condition"], name="trace_once"),
            models.CheckConstraint(
                name="trace_answered",
                condition=Q(answered_on=None, answered_by=None, step="", note="")
                | (Q(answered_on__gte=F("found_on"), answered_by__isnull=False) & ~Q(note="")),
                violation_error_message=_("处理要写明由谁、哪一天、为什么。"),
            ),
        ]

    def __str__(self):
        return str(self.condition)

    @property
    def id_text(self) -> str:
        """For the names of what a page shows of it."""
        return str(self.pk)
