"""With which universities the city's units have an agreement, however it came about."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.models import ScopedQuerySet
from stations.models.demands import Match, University
from stations.models.enterprises import Enterprise
from stations.models.ledger import Partner


class UniversityName(models.Model):
    """Another way in which agreements name a university: short, former, or misspelt. Said by `by` on `on`."""

    pack = models.ForeignKey("portal.Pack", models.PROTECT, related_name="+")
    university = models.ForeignKey(University, models.CASCADE, related_name="other_names")
    name = models.CharField(_("协议里的名称"), max_length=80)
    on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("高校院所的其他名称")
        constraints = [
            models.UniqueConstraint(
                fields=["pack", "name"],
                name="university_name_once",
                violation_error_message=_("这个名称已经关联到一所高校院所。"),
            )
        ]

    def __str__(self):
        return self.name


class Cooperation(models.Model):
    """One agreement with a university of the register: a match that was signed, or a row of a station's partners.

    A view of the database, never written. In force from `since` to before `until`; None: no end is known. An agreement
    that a match led to shows as both: count universities, not rows.
    """

    matter = models.ForeignKey("portal.Matter", models.DO_NOTHING, related_name="+")
    enterprise = models.ForeignKey(Enterprise, models.DO_NOTHING, related_name="+")
    university = models.ForeignKey(University, models.DO_NOTHING, related_name="+")
    match = models.ForeignKey(Match, models.DO_NOTHING, null=True, related_name="+")
    partner = models.ForeignKey(Partner, models.DO_NOTHING, null=True, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        managed = False
        verbose_name = _("签约合作")

    def __str__(self):
        return f"{self.enterprise} × {self.university}"
