"""Visits (走访): one row for each postdoc, station or pool entry that somebody went to see on a day."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.models import Role
from postdocs.stays.models import Stay
from stations.models import PoolEntry, Station


class VisitQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of one's districts; a postdoc sees the visits to themselves. An enterprise sees none."""
        mine = Q(district__in=user.scope.districts)
        if Role.POSTDOC in user.scope.roles:
            mine |= Q(stay__person__user=user, stay__matter__filed_on__isnull=False)
        return self.filter(mine)

    def for_page(self):
        return self.select_related(
            "district", "by", "file", "stay__matter__organisation", "stay__person", "station__matter__organisation",
            "entry__matter__organisation",
        )  # fmt: skip


class Visit(models.Model):
    """One visit to one of the three. `district` is where it lay on that day. What people said they need is a request
    of its own (`postdocs.services`), with an owner and a day."""

    stay = models.ForeignKey(
        Stay, models.PROTECT, null=True, blank=True, related_name="visits", verbose_name=_("博士后")
    )
    station = models.ForeignKey(
        Station, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=pgettext_lazy("一个", "工作站")
    )
    entry = models.ForeignKey(
        PoolEntry, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("储备库企业")
    )
    district = models.ForeignKey("portal.District", models.PROTECT, related_name="+")
    visited_on = models.DateField(_("走访日期"))
    visitors = models.CharField(_("走访人"), max_length=100)
    promised = models.CharField(_("答应做的事"), max_length=500, blank=True)
    note = models.TextField(_("走访情况"), max_length=2000, blank=True)
    file = models.ForeignKey("portal.File", models.PROTECT, null=True, blank=True, related_name="+", editable=False)
    by = models.ForeignKey("portal.User", models.PROTECT, related_name="+", editable=False)
    recorded_on = models.DateField(editable=False)

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("走访")
        indexes = [
            models.Index(fields=["stay", "-visited_on"], name="visit_stay"),
            models.Index(fields=["district", "-visited_on"], name="visit_district"),
        ]
        constraints = [
            models.CheckConstraint(
                name="visit_of_one",
                condition=Q(stay__isnull=False, station=None, entry=None)
                | Q(stay=None, station__isnull=False, entry=None)
                | Q(stay=None, station=None, entry__isnull=False),
                violation_error_message=_("一次走访只记一个对象：博士后、工作站或储备库企业。"),
            ),
            models.CheckConstraint(
                name="visit_not_ahead",
                condition=Q(visited_on__lte=F("recorded_on")),
                violation_error_message=_("走访日期还没有到，只能登记已经走访的。"),
            ),
            *(
                models.UniqueConstraint(
                    fields=[whom, "visited_on"],
                    name=f"visit_once_{whom}",
                    violation_error_message=_("这一天的走访已经登记过，请打开原来那一条。"),
                )
                for whom in ("stay", "station", "entry")
            ),
        ]

    def __str__(self):
        return str(self.subject)

    def get_absolute_url(self):
        return reverse("postdocs:visit", args=[self.pk])

    @property
    def subject(self):
        """Who was visited."""
        return self.stay or self.station or self.entry

    @property
    def organisation(self):
        return self.subject.matter.organisation

    @property
    def label(self) -> str:
        """The name by which a list calls whom was visited."""
        return self.stay.person.name if self.stay_id else self.organisation.name
