"""Who is entitled to what, as the last sweep found it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from subsidies.schemes.models import Instalment, SchemeVersion
from subsidies.subjects import SUBJECTS, OfSubject, one_subject


class EntitlementQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of subjects that one may see."""
        reach = Q(pk__in=[])
        for name, model in SUBJECTS.items():
            reach |= Q(**{f"{name}__in": model._default_manager.visible_to(user).order_by().values("pk")})
        return self.filter(reach)

    def open_on(self, day):
        """To be claimed on a day."""
        return self.filter(Q(lapses_on=None) | Q(lapses_on__gt=day), met=True, opens_on__lte=day)


class Entitlement(OfSubject):
    """What one version gives one subject in one instalment, so since the sweep of `checked_on`, which alone writes it.

    `met` None: something is unknown or for an officer to decide; who isn't entitled has no row. `opens_on` None: what
    opens it has not happened. `lapses_on` is the first day on which it can't be claimed any more. `amount` is yuan, of
    everything up to that day where it is paid by quantity; None where the papers name none. `right` is what can be had
    but once; `units` how much of it there is so far.
    """

    version = models.ForeignKey(SchemeVersion, models.CASCADE, related_name="entitlements")
    instalment = models.ForeignKey(Instalment, models.CASCADE, related_name="entitlements")
    right = models.CharField(max_length=120)
    met = models.BooleanField(null=True)
    event_on = models.DateField(_("资格产生"))
    opens_on = models.DateField(_("何时可领"), null=True)
    lapses_on = models.DateField(_("何时失效"), null=True)
    units = models.PositiveIntegerField(default=1)
    amount = models.DecimalField(_("金额"), max_digits=14, decimal_places=2, null=True)
    checked_on = models.DateField()

    objects = EntitlementQuerySet.as_manager()

    class Meta:
        verbose_name = _("资格")
        indexes = [models.Index(fields=["right"], name="entitlement_right")]
        constraints = [
            one_subject("entitlement"),
            *(
                models.UniqueConstraint(fields=["instalment", name], name=f"entitlement_once_a_{name}")
                for name in SUBJECTS
            ),
        ]

    def __str__(self):
        return self.right
