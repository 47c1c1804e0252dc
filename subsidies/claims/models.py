"""Claims (资助申领): what somebody asks for, and the sealed decision that grants it."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import IntegerRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Prefetch, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.models import Event, Role, ScopedQuerySet
from portal.words import localised
from subsidies.accounts.models import OtherPayee, PayeeAccount
from subsidies.schemes.models import OTHERS, Instalment, Payee
from subsidies.subjects import WITH_SUBJECT, OfSubject, one_subject


class ClaimStatus(models.TextChoices):
    DRAFT = "draft", _("待填报")
    PERSON = "person", _("待本人确认")
    UNIT = "unit", pgettext_lazy("资助", "待单位审核")
    DISTRICT = "district", pgettext_lazy("资助", "待区镇初审")
    HANDLING = "handling", pgettext_lazy("资助", "待市局经办")
    REVIEW = "review", pgettext_lazy("资助", "待市局审核")
    APPROVAL = "approval", pgettext_lazy("资助", "待市局审批")
    PUBLICITY = "publicity", pgettext_lazy("资助", "公示中")
    DISPUTED = "disputed", _("公示有异议")
    PAYABLE = "payable", _("待拨付")
    BATCHED = "batched", _("已列入批次")
    RELEASED = "released", _("已发拨付指令")
    PAID = "paid", _("已拨付")
    BOUNCED = "bounced", _("退票待更正")
    RECOVERING = "recovering", _("追回中")
    RECOVERED = "recovered", _("已追回")
    REFUSED = "refused", _("不予资助")
    WITHDRAWN = "withdrawn", pgettext_lazy("资助", "已撤回")


C = ClaimStatus
GONE = (C.REFUSED, C.WITHDRAWN, C.RECOVERED)  # these leave the right as it was before
WITH_UNIT = (C.DRAFT, C.PERSON, C.UNIT)
IN_REVIEW = (C.DISTRICT, C.HANDLING, C.REVIEW, C.APPROVAL)
GRANTED = (C.PUBLICITY, C.DISPUTED, C.PAYABLE, C.BATCHED, C.RELEASED, C.PAID, C.BOUNCED, C.RECOVERING)


class ClaimQuerySet(ScopedQuerySet):
    def reach(self, user):
        """Those of one's enterprise or district, and one's own."""
        reach = super().reach(user)
        if Role.POSTDOC in user.scope.roles:
            reach |= Q(person__user=user)
        return reach

    def live(self):
        return self.exclude(status__in=GONE)

    def granted(self):
        return self.filter(status__in=GRANTED)

    def for_page(self):
        events = Event.objects.select_related("by").order_by("pk")
        rows = self.select_related(
            "matter__organisation", "matter__district", "person", "payee", "account", "decision",
            "instalment__version__scheme__line", "instalment__version__scheme__pack",
            "instalment__version__clause__document", *WITH_SUBJECT,
        )  # fmt: skip
        return rows.prefetch_related(Prefetch("matter__events", events))


class Claim(OfSubject):
    """One instalment asked for, for one subject.

    `right` names what can be had but once, and [`first_unit`, `last_unit`) which part of it: months 0–6 of a rent, 0–1 of
    what is paid whole. The database refuses a second live claim of any of these, so that nothing is paid twice. Money is
    yuan: `calculated` what the rules give, None where they name no sum; `approved` what the bureau grants. `person` is
    whose money it is, None for a unit's; `payee` where it is somebody else's whom the unit names.
    `account` is where it shall go; what was approved is sealed in `decision`.
    `prepared`: the sweep found it, nobody asked. `payable_on` is the day from which nothing stands in the way.
    """

    matter = models.OneToOneField("portal.Matter", models.PROTECT, related_name="+")
    instalment = models.ForeignKey(Instalment, models.PROTECT, related_name="claims")
    person = models.ForeignKey("postdocs.Person", models.PROTECT, null=True, related_name="claims")
    payee = models.ForeignKey(OtherPayee, models.PROTECT, null=True, related_name="claims")
    right = models.CharField(max_length=120)
    first_unit = models.PositiveIntegerField(default=0)
    last_unit = models.PositiveIntegerField(default=1)
    event_on = models.DateField(_("资格产生"))
    prepared = models.BooleanField(default=False)
    calculated = models.DecimalField(_("测算金额"), max_digits=14, decimal_places=2, null=True)
    approved = models.DecimalField(_("核定金额"), max_digits=14, decimal_places=2, null=True)
    upper_paid = models.DecimalField(_("上级资金"), max_digits=14, decimal_places=2, null=True, blank=True)
    account = models.ForeignKey(PayeeAccount, models.PROTECT, null=True, related_name="claims")
    declared_on = models.DateField(_("承诺日期"), null=True)
    status = models.CharField(max_length=12, choices=C.choices, default=C.DRAFT)
    decision = models.OneToOneField("subsidies.Decision", models.PROTECT, null=True, related_name="+")
    publicity_since = models.DateField(_("公示起"), null=True)
    publicity_until = models.DateField(_("公示止"), null=True)
    payable_on = models.DateField(null=True)
    paid_on = models.DateField(_("到账日期"), null=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("资助申领")
        indexes = [
            models.Index(fields=["right"], name="claim_right"),
            models.Index(fields=["status", "instalment"], name="claim_status"),
        ]
        constraints = [
            one_subject("claim"),
            ExclusionConstraint(
                name="granted_once",
                expressions=[
                    ("right", RangeOperators.EQUAL),
                    (
                        Func(
                            F("first_unit"), F("last_unit"), function="int4range", output_field=IntegerRangeField()
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=~Q(status__in=["refused", "withdrawn", "recovered"]),
                violation_error_message=_("这一项已有申领在办或已经拨付，不能重复申领。"),
            ),
            models.CheckConstraint(
                name="claim_units",
                condition=Q(last_unit__gt=F("first_unit")),
                violation_error_message=_("申领的数量应大于 0。"),
            ),
            models.CheckConstraint(
                name="claim_approved",
                condition=Q(approved=None) | Q(approved__gt=0),
                violation_error_message=_("核定金额应大于 0；不给就办理“不予资助”。"),
            ),
            models.CheckConstraint(
                name="claim_granted",
                condition=~Q(
                    status__in=["publicity", "disputed", "payable", "batched", "released", "paid", "recovering"]
                )
                | Q(approved__isnull=False, account__isnull=False, decision__isnull=False),
                violation_error_message=_("批准须有核定金额、收款账户和决定记录。"),
            ),
            models.CheckConstraint(
                name="claim_one_payee",
                condition=Q(person=None) | Q(payee=None),
                violation_error_message=_("收款人只有一个：本人，或者另行写明的人。"),
            ),
            models.CheckConstraint(
                name="claim_paid",
                condition=Q(status__in=["paid", "recovering", "recovered"], paid_on__isnull=False)
                | (~Q(status__in=["paid", "recovering", "recovered"]) & Q(paid_on=None)),
                violation_error_message=_("已拨付的须有到账日期，其他的没有。"),
            ),
        ]  # fmt: skip

    def __str__(self):
        return localised(self.matter, "title")

    def get_absolute_url(self):
        return reverse("subsidies:claim", args=[self.matter.number])

    @property
    def for_person(self) -> bool:
        """Whether the money is a person's; else it is the unit's."""
        return self.person_id is not None

    @property
    def for_other(self) -> bool:
        """Whether the money is neither the postdoc's nor the unit's: a supervisor's, a referrer's, a buyer's."""
        return self.scheme.payee in OTHERS

    @property
    def whose(self) -> str:
        """Whose money it is, by name; of another payee whom nobody named yet what they are."""
        if self.for_other:
            return str(self.payee or Payee(self.scheme.payee).label)
        return str(self.person or self.matter.organisation)

    @property
    def by_unit(self) -> bool:
        """Whether the unit signs alone: its own money, or that of somebody who has no account here and signs on paper."""
        return not self.for_person or self.person.user_id is None

    @property
    def version(self):
        return self.instalment.version

    @property
    def scheme(self):
        return self.instalment.version.scheme

    @property
    def amount(self):
        """What it is about at present, in yuan: granted, else reckoned; None where nobody named a sum yet."""
        return self.approved if self.approved is not None else self.calculated


class Decision(models.Model):
    """What was decided and on what: the version, the facts seen, each finding, the arithmetic, the account. Never
    changed; `digest` is the SHA-256 of `data` in canonical form, so that a change would show."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="decisions")
    by = models.ForeignKey("portal.User", models.PROTECT, related_name="+")
    on = models.DateField()
    data = models.JSONField()
    digest = models.CharField(max_length=64)
    voided_on = models.DateField(null=True)
    voided_because = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("决定")

    def __str__(self):
        return self.digest[:12]
