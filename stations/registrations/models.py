"""Who asks to act for an enterprise that an office entered, and what the office says to it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.models import ScopedQuerySet
from stations.enterprises.models import Enterprise

LETTER = "registration.letter"  # under this slot the matter cites the letter with the seal


class RegistrationStatus(models.TextChoices):
    ASKED = "asked", pgettext_lazy("注册", "待核对")
    CONFIRMED = "confirmed", pgettext_lazy("注册", "已确认")
    REFUSED = "refused", pgettext_lazy("注册", "未通过")


class Registration(models.Model):
    """Somebody with an account of their own, and nothing else yet, asks to be the first handler of an enterprise.

    Until the office confirms it the account sees nothing of the enterprise. `proof` is how the office made sure. Several
    may ask for one enterprise: who asks first must not keep the right one out.
    """

    class Proof(models.TextChoices):
        LETTER = "letter", _("看了盖章的授权函")
        PHONE = "phone", _("打电话向单位核实")

    matter = models.OneToOneField("portal.Matter", models.PROTECT, related_name="+")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="registrations")
    applicant = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=RegistrationStatus.choices, default=RegistrationStatus.ASKED)
    proof = models.CharField(_("怎样核对的"), max_length=6, choices=Proof.choices, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("经办人注册")
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise"],
                condition=Q(status="confirmed"),
                name="one_confirmed_registration",
                violation_error_message=_("这家单位已有经办人，请由其邀请同事。"),
            ),
            models.UniqueConstraint(
                fields=["applicant"],
                condition=Q(status="asked"),
                name="one_open_registration",
                violation_error_message=_("您已提交申请，正等主管部门核对。"),
            ),
            models.CheckConstraint(
                name="registration_proof",
                condition=Q(status="confirmed") & ~Q(proof="") | ~Q(status="confirmed") & Q(proof=""),
                violation_error_message=_("确认时须写明怎样核对的。"),
            ),
        ]

    def __str__(self):
        return f"{self.matter.number} {self.applicant}"

    def get_absolute_url(self):
        return reverse("stations:registration_case", args=[self.matter.number])
