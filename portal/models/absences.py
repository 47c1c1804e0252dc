"""An official is away and somebody of the same office stands in."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _


class AbsenceQuerySet(models.QuerySet):
    def in_force(self, on):
        return self.filter(since__lte=on, until__gt=on)


class Absence(models.Model):
    """From `since` to before `until` the deputy sees and does what the absent person could, in their name.

    Only appointments of one's own are lent, so a deputy hands nothing on. One that was called off before it began is
    kept with no days.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="absences")
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="stands_in", verbose_name=_("代办人")
    )
    since = models.DateField(_("从哪天起"))
    until = models.DateField(_("到哪天"))
    note = models.CharField(_("说明"), max_length=200, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("委托代办")
        constraints = [
            models.CheckConstraint(
                name="absence_period",
                condition=Q(until__gte=F("since")),
                violation_error_message=_("结束日期不能早于开始日期。"),
            ),
            models.CheckConstraint(
                name="absence_other_person",
                condition=~Q(user=F("deputy")),
                violation_error_message=_("代办人须是另一个人。"),
            ),
            ExclusionConstraint(
                name="absence_one_deputy_a_day",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    (
                        Func("since", "until", Value("[)"), function="daterange", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_("这段时间已经委托过，请先收回或另选日期。"),
            ),
        ]

    def __str__(self):
        return f"{self.user_id} → {self.deputy_id} {self.since}"
