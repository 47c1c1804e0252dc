"""Outcomes (产出) with their owners: one row for each thing brought forth, however many share it."""

from datetime import date

from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.models import Event, Role, ScopedQuerySet
from portal.words import word_of
from postdocs.outcomes.kinds import KINDS, Kind, OutcomeKind
from postdocs.stays.models import Stay
from stations.models import Station


class OutcomeStatus(models.TextChoices):
    DRAFT = "draft", _("本人草稿")
    UNIT = "unit", _("待单位确认")
    DISTRICT = "district", _("待区镇核验")
    VERIFIED = "verified", _("已核验")
    VOID = "void", _("作废")


class During(models.TextChoices):
    """When an outcome came, for a postdoc."""

    BEFORE = "before", _("进站前")
    INSIDE = "inside", _("在站期间")
    AFTER = "after", _("出站后")


class OutcomeQuerySet(ScopedQuerySet):
    def reach(self, user):
        """Those of one's enterprise or district; those that name a stay of it, once they were handed in; one's own."""
        scope, filed = user.scope, Q(matter__filed_on__isnull=False)
        owned = Owner.objects.filter(outcome=OuterRef("pk"))
        shared = owned.filter(
            Q(stay__matter__organisation__in=scope.organisations) | Q(stay__matter__district__in=scope.districts)
        )
        reach = super().reach(user) | filed & Exists(shared)
        if Role.POSTDOC in scope.roles:
            mine = Exists(owned.filter(stay__person__user=user))
            reach |= mine & (filed | Q(matter__opener=user))
        return reach

    def counted(self, on: date):
        """Verified by a day and not voided by it."""
        return self.filter(verified_on__lte=on).filter(Q(voided_on=None) | Q(voided_on__gt=on))

    def for_page(self):
        events = Event.objects.select_related("by").order_by("pk")
        return self.for_list().prefetch_related(Prefetch("matter__events", events))

    def for_list(self):
        """With what a line of a list says."""
        owners = Owner.objects.select_related("stay__person", "stay__matter", "stay__station__enterprise__organisation")
        return self.select_related(
            "matter__organisation", "matter__district", "station__chain", "station__matter"
        ).prefetch_related(Prefetch("owners", owners.order_by("rank", "pk")))


class Outcome(models.Model):
    """One outcome. What only its kind tells stands in `details`, as `kinds.KINDS` declares it.

    `done_on` is the day it came about, as its kind names that day. `key` is what tells a duplicate, empty where too
    little is told; `alike` the bare title, for looking. An enterprise records a thing once, a city counts it once: two
    enterprises may both record it until the bureau has compared, because neither hears of the other's row.
    `granted_on`: a patent's grant takes the place of its application and isn't counted again. `verified_on` stays
    when a grant is checked later; `voided_on` ends the counting.
    """

    matter = models.OneToOneField("portal.Matter", models.PROTECT, related_name="+")
    pack = models.ForeignKey("portal.Pack", models.PROTECT, related_name="+", db_index=False)
    enterprise = models.ForeignKey("stations.Enterprise", models.PROTECT, related_name="+")
    station = models.ForeignKey(Station, models.PROTECT, related_name="outcomes", db_index=False)
    kind = models.CharField(_("类型"), max_length=10, choices=OutcomeKind.choices)
    title = models.CharField(_("名称"), max_length=200)
    done_on = models.DateField(_("成果日期"))
    first_unit = models.BooleanField(_("本单位为第一完成单位"), null=True, blank=True)
    details = models.JSONField(default=dict, blank=True)
    key = models.CharField(max_length=400, blank=True)
    alike = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=10, choices=OutcomeStatus.choices, default=OutcomeStatus.UNIT)
    by_postdoc = models.BooleanField(default=False)  # drafted by the postdoc, to whom it may be given back
    recorded_on = models.DateField()
    granted_on = models.DateField(_("授权日期"), null=True, blank=True)
    grant_number = models.CharField(_("授权号"), max_length=60, blank=True)
    verified_on = models.DateField(null=True, blank=True)
    verified_by = models.ForeignKey("portal.User", models.PROTECT, null=True, blank=True, related_name="+")
    voided_on = models.DateField(null=True, blank=True)

    get_kind_display = word_of("kind", OutcomeKind)
    get_status_display = word_of("status", OutcomeStatus)

    objects = OutcomeQuerySet.as_manager()

    class Meta:
        verbose_name = _("成果")
        indexes = [
            models.Index(fields=["pack", "key"], condition=~Q(key=""), name="outcome_key"),
            models.Index(fields=["pack", "alike"], name="outcome_alike"),
            models.Index(fields=["done_on"], name="outcome_done"),
            models.Index(fields=["station", "kind"], name="outcome_station"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "key"],
                condition=Q(voided_on=None) & ~Q(key=""),
                name="outcome_once_a_unit",
                violation_error_message=_("本单位已登记过这项成果。多人共有的，在原记录里添加共有人。"),
            ),
            models.UniqueConstraint(
                fields=["pack", "key"],
                condition=Q(voided_on=None, verified_on__isnull=False) & ~Q(key=""),
                name="outcome_counted_once",
                violation_error_message=_("同一项成果已核验计数，一项只计一次。请并入原记录；看不到原记录的，请市局办理。"),
            ),
            models.CheckConstraint(
                name="outcome_kind",
                condition=Q(kind__in=OutcomeKind.values),
                violation_error_message=_("没有这种成果类型。"),
            ),
            models.CheckConstraint(
                name="outcome_title", condition=~Q(title=""), violation_error_message=_("请填写成果名称。")
            ),
            models.CheckConstraint(
                name="outcome_not_ahead",
                condition=Q(done_on__lte=F("recorded_on")),
                violation_error_message=_("成果日期还没有到，请核对。"),
            ),
            models.CheckConstraint(
                name="outcome_verified",
                condition=(Q(verified_on=None, verified_by=None) & ~Q(status="verified"))
                | Q(verified_on__gte=F("done_on"), verified_by__isnull=False),
                violation_error_message=_("已核验的成果须有核验人和日期，且不早于成果日期。"),
            ),
            models.CheckConstraint(
                name="outcome_void",
                condition=Q(status="void", voided_on__isnull=False) | (~Q(status="void") & Q(voided_on=None)),
                violation_error_message=_("作废的成果须有作废日期，未作废的不能有。"),
            ),
            models.CheckConstraint(
                name="outcome_granted",
                condition=Q(granted_on=None) | Q(kind="patent", granted_on__gte=F("done_on")),
                violation_error_message=_("只有专利有授权日期，且不早于申请日期。"),
            ),
        ]  # fmt: skip

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("postdocs:outcome", args=[self.matter.number])

    @property
    def declared(self) -> Kind:
        return KINDS[self.kind]

    @property
    def said(self) -> list[tuple[str, str]]:
        """What its kind tells, as people read it."""
        return self.declared.said(self.details)

    @property
    def names(self) -> list[str]:
        """The owners in their order."""
        return [str(owner.stay.person) for owner in self.owners.all()]


class Owner(models.Model):
    """A postdoc who has part in an outcome, by their stay; `rank` is their place among its authors or inventors."""

    outcome = models.ForeignKey(Outcome, models.CASCADE, related_name="owners")
    stay = models.ForeignKey(Stay, models.PROTECT, related_name="owned", verbose_name=_("博士后"))
    rank = models.PositiveSmallIntegerField(_("排名"), default=1)

    class Meta:
        verbose_name = _("完成人")
        constraints = [
            models.UniqueConstraint(
                fields=["outcome", "stay"],
                name="owner_once",
                violation_error_message=_("这个人已经是完成人。"),
            ),
            models.CheckConstraint(
                name="owner_rank", condition=Q(rank__gte=1), violation_error_message=_("排名从 1 开始。")
            ),
        ]

    def __str__(self):
        return f"{self.stay.person} {self.rank}"

    @property
    def during(self) -> During:
        return during_of(self.stay, self.outcome.done_on)


def during_of(stay: Stay, day: date) -> During:
    """Whether a day lies before, in or after a stay."""
    if stay.entered_on is None or day < stay.entered_on:
        return During.BEFORE
    return During.AFTER if stay.ended_on and day >= stay.ended_on else During.INSIDE
