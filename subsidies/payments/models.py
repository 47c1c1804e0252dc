"""Batches of payment (拨付批次): claims of one budget line that leave together, and what became of each."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.words import localised
from subsidies.accounts.models import PayeeAccount
from subsidies.claims.models import Claim
from subsidies.ledger.models import treasuries
from subsidies.schemes.models import BudgetLine


class PaymentStatus(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("拨付", "编制中")
    CHECKING = "checking", pgettext_lazy("拨付", "待复核发出")
    SENDING = "sending", pgettext_lazy("拨付", "发出中")
    SENT = "sent", pgettext_lazy("拨付", "待登记结果")
    DONE = "done", pgettext_lazy("拨付", "已了结")
    DISSOLVED = "dissolved", pgettext_lazy("拨付", "已撤销")


class PaymentBatchQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of the cities whose money one looks after."""
        return self.filter(line__pack__root__in=treasuries(user))

    def for_page(self):
        return self.select_related("matter__district", "line__pack__root", "maker", "checker")


class PaymentBatch(models.Model):
    """Claims of one line that are paid with one instruction. `content` is what the maker handed over, `digest` its
    SHA-256: who releases it releases this and nothing else. `maker` handed over, `checker` released: two people."""

    matter = models.OneToOneField("portal.Matter", models.PROTECT, related_name="+")
    line = models.ForeignKey(BudgetLine, models.PROTECT, related_name="batches", verbose_name=_("资金科目"))
    status = models.CharField(max_length=10, choices=PaymentStatus.choices, default=PaymentStatus.DRAFT)
    content = models.JSONField(null=True, editable=False)
    digest = models.CharField(max_length=64, blank=True, editable=False)
    maker = models.ForeignKey("portal.User", models.PROTECT, null=True, related_name="+", editable=False)
    checker = models.ForeignKey("portal.User", models.PROTECT, null=True, related_name="+", editable=False)
    released_at = models.DateTimeField(null=True, editable=False)

    objects = PaymentBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("拨付批次")
        constraints = [
            models.CheckConstraint(
                name="payment_two_people",
                condition=Q(checker=None) | (Q(maker__isnull=False) & ~Q(maker=F("checker"))),
                violation_error_message=_("编制和发出须由不同的人办理。"),
            ),
            models.CheckConstraint(
                name="payment_released",
                condition=Q(status__in=["draft", "checking", "dissolved"], checker=None, released_at=None)
                | (
                    Q(status__in=["sending", "sent", "done"], checker__isnull=False, released_at__isnull=False)
                    & ~Q(digest="")
                ),
                violation_error_message=_("发出的批次须写明由谁、何时发出，以及核对过的内容。"),
            ),
        ]

    def __str__(self):
        return localised(self.matter, "title")

    def get_absolute_url(self):
        return reverse("subsidies:payment", args=[self.matter.number])


class LineState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("拨付", "待发出")
    SENT = "sent", pgettext_lazy("拨付", "已发出")
    PAID = "paid", pgettext_lazy("拨付", "已到账")
    BOUNCED = "bounced", pgettext_lazy("拨付", "退票")
    REMOVED = "removed", pgettext_lazy("拨付", "已移出")


L = LineState
LIVE = (L.WAITING, L.SENT, L.PAID)  # of these a claim has one at most, in all batches together


class PaymentLine(models.Model):
    """One claim in one batch: how much goes where, in yuan. Its key `pk` names what it does in the journal, so that
    nothing is written twice. `result_on` is the day on which the money arrived or came back, `reason` why it did."""

    batch = models.ForeignKey(PaymentBatch, models.PROTECT, related_name="lines")
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="payments")
    amount = models.DecimalField(_("金额"), max_digits=14, decimal_places=2)
    account = models.ForeignKey(PayeeAccount, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=L.choices, default=L.WAITING)
    sent_on = models.DateField(_("发出日期"), null=True)
    result_on = models.DateField(_("结果日期"), null=True)
    reason = models.CharField(_("退票原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("拨付明细")
        constraints = [
            models.UniqueConstraint(
                fields=["claim"],
                condition=Q(state__in=["waiting", "sent", "paid"]),
                name="one_live_payment",
                violation_error_message=_("这件申领已在一个批次里，或者已经拨付。"),
            ),
            models.CheckConstraint(
                name="payment_amount",
                condition=Q(amount__gt=0),
                violation_error_message=_("金额应大于 0。"),
            ),
            models.CheckConstraint(
                name="payment_result",
                condition=Q(state__in=["waiting", "removed"], sent_on=None, result_on=None)
                | Q(state="sent", sent_on__isnull=False, result_on=None)
                | Q(state="paid", sent_on__isnull=False, result_on__gte=F("sent_on"))
                | (Q(state="bounced", sent_on__isnull=False, result_on__gte=F("sent_on")) & ~Q(reason="")),
                violation_error_message=_("到账和退票须写日期，不早于发出；退票还要写原因。"),
            ),
        ]

    def __str__(self):
        return f"{self.claim_id} {self.state}"
