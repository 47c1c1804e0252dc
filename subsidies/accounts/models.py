"""Bank accounts that money goes to (收款账户): sealed, never changed, only followed by another."""

import uuid

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from portal import sealed
from portal.sealed import masked
from postdocs.models import Person


class OtherPayee(models.Model):
    """Whose money a claim is for that is neither the postdoc's nor the unit's (收款人): a supervisor, a referrer, a buyer.

    They have no account here: the unit of the stay names them, and they sign on paper. `unit`: an organisation, known by
    its credit code; else a person, known by an identity number. The number is sealed. Told anew it is another row.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("收款人"), max_length=100)
    unit = models.BooleanField(_("是单位"), default=False)
    number = models.BinaryField()
    number_index = models.CharField(max_length=64)
    phone = models.CharField(_("联系电话"), max_length=20, blank=True)
    by = models.ForeignKey("portal.User", models.PROTECT, null=True, related_name="+", editable=False)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("收款人")

    def __str__(self):
        return self.name

    @property
    def about(self) -> str:
        """What the sealed number is bound to."""
        return f"other_payee.number:{self.pk}"

    @property
    def masked(self) -> str:
        """The number as a page shows it: a credit code is public, an identity number is not."""
        number = sealed.unseal(self.number, about=self.about)
        return number if self.unit else masked(number)

    def keep(self, number: str) -> None:
        """Seal a number that was normalised; not saved."""
        self.number = sealed.seal(number, about=self.about)
        self.number_index = sealed.index_of(number)


class PayeeAccountQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own, one's enterprise's, those of people with a stay one may see, and of whom one's enterprise named."""
        people = Person.objects.visible_to(user).filter(pk=OuterRef("person"))
        units = Q(organisation__in=user.scope.organisations) | Q(organisation__district__in=user.scope.districts)
        mine = Q(claims__matter__organisation__in=user.scope.organisations)
        mine |= Q(claims__matter__district__in=user.scope.districts)
        others = OtherPayee.objects.filter(mine, pk=OuterRef("payee"))
        return self.filter(units | Exists(people.order_by()) | Exists(others))

    def in_use(self):
        return self.filter(until=None)


class PayeeAccount(models.Model):
    """Where the money of one person, one organisation or one other payee goes, from `since` to before `until`. A row is never changed:
    another account is another row. The number is sealed; `number_index` tells that two are the same."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+", editable=False)
    organisation = models.ForeignKey(
        "portal.Organisation", models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    payee = models.ForeignKey(OtherPayee, models.PROTECT, null=True, blank=True, related_name="+", editable=False)
    holder = models.CharField(_("户名"), max_length=100)
    bank = models.CharField(_("开户行"), max_length=100)
    number = models.BinaryField()
    number_index = models.CharField(max_length=64)
    tail = models.CharField(max_length=4)  # the last digits, which people know it by
    since = models.DateField(editable=False)
    until = models.DateField(null=True, editable=False)
    by = models.ForeignKey("portal.User", models.PROTECT, null=True, related_name="+", editable=False)
    recorded_at = models.DateTimeField(auto_now_add=True)

    objects = PayeeAccountQuerySet.as_manager()

    class Meta:
        verbose_name = _("收款账户")
        constraints = [
            models.CheckConstraint(
                name="account_of_somebody",
                condition=Q(person=None, organisation__isnull=False, payee=None)
                | Q(person__isnull=False, organisation=None, payee=None)
                | Q(person=None, organisation=None, payee__isnull=False),
                violation_error_message=_("账户属于一个人或一家单位。"),
            ),
            models.CheckConstraint(name="account_period", condition=Q(until=None) | Q(until__gte=F("since"))),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(until=None, person__isnull=False),
                name="one_account_of_a_person",
                violation_error_message=_("这个人已有在用的收款账户，请刷新页面。"),
            ),
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(until=None, organisation__isnull=False),
                name="one_account_of_a_unit",
                violation_error_message=_("这家单位已有在用的收款账户，请刷新页面。"),
            ),
            models.UniqueConstraint(
                fields=["payee"],
                condition=Q(until=None, payee__isnull=False),
                name="one_account_of_a_payee",
                violation_error_message=_("这位收款人已有在用的收款账户，请刷新页面。"),
            ),
        ]

    def __str__(self):
        return f"{self.holder} {self.bank} **** {self.tail}"

    @property
    def about(self) -> str:
        """What the sealed number is bound to."""
        return f"payee.number:{self.pk}"

    @property
    def plain(self) -> str:
        """The number itself: for the bank's file, and where a purpose was asked and logged."""
        return sealed.unseal(self.number, about=self.about)

    @property
    def masked(self) -> str:
        return masked(self.plain)

    def keep(self, number: str) -> None:
        """Seal a number that was normalised (digits only); not saved."""
        self.number = sealed.seal(number, about=self.about)
        self.number_index = sealed.index_of(number)
        self.tail = number[-4:]
