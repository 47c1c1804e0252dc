"""Differences between the national record and ours that no workbook can settle by itself."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from postdocs.stays.models import Stay


class DifferenceQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(district__in=user.scope.districts)

    def open(self):
        return self.filter(settled_on=None)


class Difference(models.Model):
    """One person of whom the two records say different things, until somebody settles it with a note.

    `stay` is ours, where there is one. The rest is what the national record says; of the identity number only the index
    is kept. `settled_on` None: it is open.
    """

    class Kind(models.TextChoices):
        MISSING_HERE = "here", _("全国有，这里没有")
        MISSING_THERE = "there", _("这里有，全国没有")
        EXIT = "exit", _("全国已出站，这里没办完")

    kind = models.CharField(_("差异"), max_length=10, choices=Kind.choices)
    district = models.ForeignKey("portal.District", models.PROTECT, related_name="+", verbose_name=_("区镇"))
    stay = models.ForeignKey(Stay, models.CASCADE, null=True, blank=True, related_name="differences")
    name = models.CharField(_("姓名"), max_length=60)
    committee_number = models.CharField(_("博管会编号"), max_length=40, blank=True)
    number_index = models.CharField(max_length=64, blank=True, editable=False)
    entered_on = models.DateField(_("进站日期"), null=True, blank=True)
    ended_on = models.DateField(_("出站日期"), null=True, blank=True)
    unit = models.CharField(_("设站单位"), max_length=100, blank=True)
    flow = models.CharField(_("流动站"), max_length=100, blank=True)
    state = models.CharField(_("全国系统的状态"), max_length=40, blank=True)
    by = models.ForeignKey("portal.User", models.PROTECT, related_name="+")
    told_on = models.DateField(_("列入日期"))
    settled_by = models.ForeignKey("portal.User", models.PROTECT, null=True, blank=True, related_name="+")
    settled_on = models.DateField(null=True, blank=True)
    note = models.CharField(_("处理说明"), max_length=300, blank=True)

    objects = DifferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("备案差异")
        indexes = [
            models.Index(fields=["district"], condition=Q(settled_on=None), name="difference_open"),
            models.Index(fields=["number_index"], condition=~Q(number_index=""), name="difference_number"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "stay"],
                condition=Q(settled_on=None, stay__isnull=False),
                name="difference_open_once",
                violation_error_message=_("这条差异已在清单里。"),
            ),
            models.UniqueConstraint(
                fields=["district", "committee_number", "number_index", "entered_on"],
                condition=Q(stay=None),
                name="difference_of_nobody_once",
                violation_error_message=_("这条差异已在清单里。"),
            ),
            models.CheckConstraint(
                name="difference_whose",
                condition=Q(kind="here", stay=None) | ~Q(kind="here") & Q(stay__isnull=False),
                violation_error_message=_("这里没有的没有在站经历，其余的都有。"),
            ),
            models.CheckConstraint(
                name="difference_settled",
                condition=Q(settled_on=None, settled_by=None)
                | Q(settled_on__isnull=False, settled_by__isnull=False) & ~Q(note=""),
                violation_error_message=_("处理差异要写明说明。"),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("postdocs:difference", args=[self.pk])

    @property
    def agrees(self) -> bool:
        """Whether ours says the same by now, so that nothing but the note is missing."""
        return self.kind == self.Kind.EXIT and self.stay is not None and self.stay.ended_on == self.ended_on
