"""Consultations (会商): a problem, who sees to it, what was concluded, and that it is over."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.models import ScopedQuerySet
from portal.words import localised
from stations.enterprises.models import Enterprise
from stations.register.models import Station


class ConsultationStatus(models.TextChoices):
    RAISED = "raised", _("待分办")
    ASSIGNED = "assigned", _("待会商")
    CONCLUDED = "concluded", _("落实中")
    CLOSED = "closed", _("已销号")
    DROPPED = "dropped", _("不予会商")
    WITHDRAWN = "withdrawn", _("已撤回")


C = ConsultationStatus


class ConsultationQuerySet(ScopedQuerySet):
    def late(self, on):
        """Open and past the day that the meeting or the conclusion set."""
        return self.filter(matter__due_on__lt=on, matter__closed_on=None)


class Consultation(models.Model):
    """A problem that several offices settle together.

    `enterprise` is whom it is about, None for a topic of general concern. `side` brought it up. `meets_on` is the day
    the offices are called together for, `held_on` the day they met, `due_on` the last day to carry the conclusion out;
    a reopened one begins again without them, its history keeps what was said. Whether the enterprise sees it is a
    matter of whose the matter is: its own, or the office's.
    """

    class Topic(models.TextChoices):
        RECRUITING = "recruiting", _("博士后招收")
        PARTNER = "partner", _("合作导师和流动站")
        FUNDING = "funding", _("经费和补贴")
        LIVING = "living", _("住房、子女和落户")
        PROJECT = "project", _("科研项目和转化")
        RUNNING = "running", _("工作站管理")
        POLICY = "policy", _("政策和流程")
        OTHER = "other", pgettext_lazy("会商", "其他")

    class Side(models.TextChoices):
        UNIT = "unit", pgettext_lazy("会商", "企业")
        DISTRICT = "district", pgettext_lazy("会商", "区镇")
        BUREAU = "bureau", pgettext_lazy("会商", "市局")

    class OwnerSide(models.TextChoices):
        """Whose work list the conclusion is on: a department has none, the bureau follows it up."""

        BUREAU = "bureau", pgettext_lazy("会商", "市局")
        DISTRICT = "district", pgettext_lazy("会商", "区镇")

    matter = models.OneToOneField("portal.Matter", models.PROTECT, related_name="+")
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, null=True, blank=True, related_name="consultations", verbose_name=_("关于哪家单位")
    )
    station = models.ForeignKey(
        Station, models.PROTECT, null=True, blank=True, related_name="consultations", verbose_name=_("关于哪个站")
    )
    side = models.CharField(_("谁提出"), max_length=10, choices=Side.choices)
    topic = models.CharField(_("问题类别"), max_length=12, choices=Topic.choices)
    title = models.CharField(_("难点堵点"), max_length=100)
    problem = models.TextField(_("具体情况"), max_length=2000)
    status = models.CharField(max_length=12, choices=C.choices, default=C.RAISED)
    owner = models.ForeignKey(
        "portal.Organisation", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("牵头单位")
    )
    owner_side = models.CharField(max_length=10, choices=OwnerSide.choices, blank=True)
    participants = models.ManyToManyField(
        "portal.Organisation", related_name="+", blank=True, verbose_name=_("参加部门")
    )
    meets_on = models.DateField(_("会商日期"), null=True, blank=True)
    held_on = models.DateField(_("实际会商日期"), null=True, blank=True)
    conclusion = models.TextField(_("会商结论"), max_length=2000, blank=True)
    due_on = models.DateField(_("落实期限"), null=True, blank=True)

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        verbose_name = _("会商")
        indexes = [models.Index(fields=["status", "due_on"], name="consultation_open")]
        constraints = [
            models.CheckConstraint(
                name="consultation_assigned",
                condition=~Q(status__in=["assigned", "concluded", "closed"])
                | (Q(owner__isnull=False, meets_on__isnull=False) & ~Q(owner_side="")),
                violation_error_message=_("已分办的会商须有牵头单位和会商日期。"),
            ),
            models.CheckConstraint(
                name="consultation_concluded",
                condition=~Q(status__in=["concluded", "closed"])
                | (Q(held_on__isnull=False, due_on__isnull=False) & ~Q(conclusion="")),
                violation_error_message=_("有结论的会商须写明结论、会商日期和落实期限。"),
            ),
            models.CheckConstraint(
                name="consultation_days",
                condition=Q(held_on=None) | Q(due_on=None) | Q(due_on__gte=F("held_on")),
                violation_error_message=_("落实期限不能早于会商日期。"),
            ),
            models.CheckConstraint(
                name="consultation_whose",
                condition=~Q(side="unit") | Q(enterprise__isnull=False),
                violation_error_message=_("企业提出的会商须写明是哪家企业。"),
            ),
        ]

    def __str__(self):
        return localised(self.matter, "title")

    def get_absolute_url(self):
        return reverse("stations:talk", args=[self.matter.number])
