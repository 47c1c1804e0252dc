"""The money, twice written (复式记账): budgets, journal entries, their postings. Nothing here is changed or deleted."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.models.people import MONEY
from subsidies.schemes.models import BudgetLine


def treasuries(user) -> frozenset[int]:
    """The districts over whose money one has a say, or an eye on it; a city's budget hangs at its root. The finance
    office sees no cases, therefore `Scope.districts` is not enough."""
    return frozenset().union(*(places for role, (_o, places) in user.scope.by_role.items() if role in MONEY))


class BudgetQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of the cities in whose root district one works."""
        return self.filter(line__pack__root__in=treasuries(user))


class Budget(models.Model):
    """What one line may spend in one year. `available` is what is neither granted to anybody nor spent, in yuan: it copies
    the balance of the journal, so that one statement can take from it and never below 0."""

    line = models.ForeignKey(BudgetLine, models.PROTECT, related_name="budgets")
    year = models.PositiveSmallIntegerField(_("年度"))
    available = models.DecimalField(_("未动用"), max_digits=14, decimal_places=2, default=0)

    objects = BudgetQuerySet.as_manager()

    class Meta:
        verbose_name = _("预算")
        constraints = [
            models.UniqueConstraint(fields=["line", "year"], name="budget_once_a_year"),
            models.CheckConstraint(
                name="budget_not_overdrawn",
                condition=Q(available__gte=0),
                violation_error_message=_("预算不足。"),
            ),
        ]

    def __str__(self):
        return f"{self.line} {self.year}"


class Place(models.TextChoices):
    """Where money is. Every yuan of a budget is at one of them; `source` is where it came from, and below 0."""

    SOURCE = "source", _("财政下达")
    AVAILABLE = "available", pgettext_lazy("资金", "未动用")
    RESERVED = "reserved", pgettext_lazy("资金", "已承诺")
    TRANSIT = "transit", pgettext_lazy("资金", "拨付途中")
    PAID = "paid", pgettext_lazy("资金", "已拨付")


class JournalEntry(models.Model):
    """One thing that happened to money. `key` names it, so that the same thing can't be written twice."""

    class Kind(models.TextChoices):
        GRANT = "grant", _("下达预算")
        CUT = "cut", _("调减预算")
        RESERVE = "reserve", pgettext_lazy("记账", "批准")
        FREE = "free", pgettext_lazy("记账", "批准作废")
        RELEASE = "release", _("发出拨付指令")
        PAY = "pay", pgettext_lazy("记账", "到账")
        BOUNCE = "bounce", _("退票")
        RECOVER = "recover", _("收回")

    key = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    budget = models.ForeignKey(Budget, models.PROTECT, related_name="entries")
    claim = models.ForeignKey("subsidies.Claim", models.PROTECT, null=True, related_name="entries")
    on = models.DateField(_("日期"))
    by = models.ForeignKey("portal.User", models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("记账")
        indexes = [models.Index(fields=["budget", "on"], name="entry_budget")]

    def __str__(self):
        return self.key


class Posting(models.Model):
    """One side of an entry: so many yuan to a place (above 0) or from it (below 0). Those of an entry make 0 together."""

    entry = models.ForeignKey(JournalEntry, models.PROTECT, related_name="postings")
    place = models.CharField(max_length=10, choices=Place.choices)
    amount = models.DecimalField(max_digits=14, decimal_places=2)

    class Meta:
        verbose_name = _("分录")
        constraints = [
            models.UniqueConstraint(fields=["entry", "place"], name="posting_once_a_place"),
            models.CheckConstraint(name="posting_not_nothing", condition=~Q(amount=0)),
        ]

    def __str__(self):
        return f"{self.place} {self.amount}"
