"""Studios that station enterprises keep abroad (海外博士后工作室)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from stations.models.ledger import Dated, DatedQuerySet, StationRow, never_twice
from stations.models.register import Station


class StudioQuerySet(DatedQuerySet):
    def visible_to(self, user):
        return self.filter(station__in=Station.objects.visible_to(user))


class OverseasStudio(StationRow):
    """A studio abroad, of a station or itself entered as one. `postdocs` is how many work there from `since` on, None
    where nobody has said; when the number changes, a new row follows the old one."""

    country = models.CharField(_("国家或地区"), max_length=40)
    city = models.CharField(_("城市"), max_length=40, blank=True)
    host = models.CharField(_("合作机构"), max_length=100)
    contact = models.CharField(_("联系人"), max_length=40, blank=True)
    reach = models.CharField(_("联系方式"), max_length=80, blank=True)
    postdocs = models.PositiveSmallIntegerField(_("博士后人数"), null=True, blank=True)
    document = models.CharField(_("依据文件"), max_length=80, blank=True)

    objects = StudioQuerySet.as_manager()  # type: ignore[misc]

    class Meta(StationRow.Meta):
        verbose_name = _("海外博士后工作室")
        constraints = [
            *Dated.Meta.constraints,
            never_twice(
                "studio_once",
                "station",
                "country",
                "host",
                message=_("这个工作室在这段时间已经登记；情况变了请给原来的一行填最后一天，再登记新的。"),
            ),
        ]

    def __str__(self):
        return f"{self.country} {self.host}"
