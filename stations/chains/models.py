"""Industry chains."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.models import PackRow


class IndustryChain(PackRow):
    """A key industry chain (重点产业链) of a city. The list stays open: papers name only some of them."""

    code = models.SlugField(_("代码"))
    name = models.CharField(_("名称"), max_length=40)
    name_en = models.CharField(_("英文名称"), max_length=60, blank=True)
    clause = models.ForeignKey("portal.Clause", models.PROTECT, null=True, blank=True, related_name="+")
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("产业链")
        constraints = [
            models.UniqueConstraint(
                fields=["pack", "code"], name="chain_once", violation_error_message=_("这个代码已有产业链使用。")
            ),
            models.UniqueConstraint(
                fields=["pack", "name"], name="chain_name_once", violation_error_message=_("已有同名的产业链。")
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("stations:chains")
