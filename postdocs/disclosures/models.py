"""Who saw or looked for the number of an identity paper, when and what for. Rows are written once."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.models import Role
from postdocs.people.models import IdentityPaper, Person

READERS = frozenset({Role.AUDITOR, Role.AUDIT_ADMIN})


class Purpose(models.TextChoices):
    FILING = "filing", _("办理全国系统备案")
    COMPARE = "compare", _("与证件原件核对")
    PAYMENT = "payment", _("资助兑现核验")
    INSURANCE = "insurance", _("社保或个税核验")
    DUPLICATE = "duplicate", _("核对是否同一人")
    INQUIRY = "inquiry", _("信访、举报核查")
    OTHER = "other", pgettext_lazy("查看号码的目的", "其他")


class Kind(models.TextChoices):
    SHOWN = "shown", _("查看号码")
    SEARCHED = "searched", _("按号码查找")


class WrittenOnce(TypeError):
    """Somebody tried to change or delete what is written once."""


class DisclosureQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of the districts in which the user audits."""
        reach = [user.scope.by_role[role][1] for role in READERS & user.scope.roles]
        return self.filter(district__in=frozenset().union(*reach))

    def of(self, person: Person):
        """Whatever was seen of a person, also of records that were merged into theirs."""
        return self.filter(Q(person=person) | Q(person__merged_into=person)).filter(kind=Kind.SHOWN)

    def update(self, **values):
        raise WrittenOnce("disclosures are written once")

    def delete(self):
        raise WrittenOnce("disclosures are written once")


class Disclosure(models.Model):
    """One number seen by one person, or looked for.

    `person` is None where a search found nobody whom the searcher may see; the number itself is nowhere here. `matter`:
    from which case; None for a search. `district` says who audits it: that of the case, else the searcher's city.
    """

    kind = models.CharField(_("事项"), max_length=8, choices=Kind.choices)
    by = models.ForeignKey("portal.User", models.PROTECT, related_name="+", verbose_name=_("谁"))
    at = models.DateTimeField(_("时间"), auto_now_add=True)
    on = models.DateField()
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("本人"))
    paper = models.ForeignKey(IdentityPaper, models.PROTECT, null=True, related_name="+", verbose_name=_("证件"))
    matter = models.ForeignKey("portal.Matter", models.PROTECT, null=True, related_name="+", verbose_name=_("事项编号"))
    district = models.ForeignKey("portal.District", models.PROTECT, related_name="+")
    purpose = models.CharField(_("目的"), max_length=10, choices=Purpose.choices)
    note = models.CharField(_("说明"), max_length=200, blank=True)

    objects = DisclosureQuerySet.as_manager()

    class Meta:
        verbose_name = _("号码查看记录")
        indexes = [
            models.Index(fields=["by", "on"], name="disclosure_day"),
            models.Index(fields=["person", "-at"], name="disclosure_person"),
            models.Index(fields=["district", "-at"], name="disclosure_audit"),
        ]
        constraints = [
            models.CheckConstraint(
                name="disclosure_of_something",
                condition=~Q(kind="shown") | Q(person__isnull=False, paper__isnull=False, matter__isnull=False),
                violation_error_message=_("查看号码须记下本人、证件和事项。"),
            ),
            models.CheckConstraint(
                name="disclosure_explained",
                condition=~Q(purpose="other") | ~Q(note=""),
                violation_error_message=_("目的选“其他”的，请写明做什么用。"),
            ),
        ]

    def __str__(self):
        return f"{self.by} {self.get_kind_display()}"

    def delete(self, *args, **kwargs):
        raise WrittenOnce("disclosures are written once")
