"""Who was insured at which unit in which month (参保清单)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class InsuredQuerySet(models.QuerySet):
    def visible_to(self, user):
        scope = user.scope
        mine = Q(organisation__in=scope.organisations) | Q(organisation__district__in=scope.districts)
        return self.filter(mine)


class Insured(models.Model):
    """Somebody on the lists of one unit, known by the index of their identity number alone: a list may come before we
    know the person, and one that is imported doesn't make anybody a person here."""

    organisation = models.ForeignKey("portal.Organisation", models.PROTECT, related_name="+")
    number_index = models.CharField(max_length=64)
    name = models.CharField(_("姓名"), max_length=60)

    objects = InsuredQuerySet.as_manager()

    class Meta:
        verbose_name = _("参保人员")
        indexes = [models.Index(fields=["number_index"], name="insured_number")]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "number_index"],
                name="insured_once",
                violation_error_message=_("这个证件号码在这家单位已有一行。"),
            )
        ]

    def __str__(self):
        return self.name


class InsuredMonth(models.Model):
    """What a list says of somebody in one month, as an official confirmed it: paid in its time, or not.

    `month` is its first day. `back_paid_on`: what was not paid was paid then, and is a gap no longer. A unit has a list
    of a month where any of its people has a row; where nobody has one, nothing is known of that month.
    """

    insured = models.ForeignKey(Insured, models.PROTECT, related_name="months")
    month = models.DateField(_("月份"))
    paid = models.BooleanField(_("当月已缴"))
    back_paid_on = models.DateField(_("补缴日期"), null=True, blank=True)
    source = models.CharField(_("依据"), max_length=80)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmed_on = models.DateField(_("核对日期"))

    class Meta:
        verbose_name = _("参保月份")
        indexes = [models.Index(fields=["month"], name="insured_month")]
        constraints = [
            models.UniqueConstraint(
                fields=["insured", "month"],
                name="insured_month_once",
                violation_error_message=_("这个人这个月已有一行。"),
            ),
            models.CheckConstraint(
                name="insured_month_first",
                condition=Q(month__day=1),
                violation_error_message=_("月份记作当月第一天。"),
            ),
            models.CheckConstraint(
                name="insured_back_paid",
                condition=Q(back_paid_on=None) | Q(paid=False, back_paid_on__gt=F("month")),
                violation_error_message=_("补缴日期只写在当月没缴的行上，且晚于当月。"),
            ),
        ]

    def __str__(self):
        return f"{self.insured_id} {self.month:%Y-%m}"
