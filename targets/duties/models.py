"""The work list of a city: duties as its papers state them, and each time one falls due."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.models import District, PackRow, Role, ScopedQuerySet
from portal.words import localised, word_of
from targets.activities.models import ActivityKind


class Recurrence(models.TextChoices):
    """When a duty falls due."""

    ONCE = "once", _("一次")
    MONTH = "month", _("每月")
    QUARTER = "quarter", _("每季度")
    HALF = "half", _("每半年")
    YEAR = "year", _("每年")
    SECOND_HALF = "second_half", _("每年下半年")
    OTHER_SECOND_HALF = "other_second_half", _("每两年下半年")
    ONGOING = "ongoing", _("长期推进")


class Duty(PackRow):
    """Something that somebody must do.

    `no` is the number in the list, `due` the due time as it is printed. In force from `since` to `until`, both included
    (None: no end is known); `month` is by the end of which month a yearly one is due, December where none is given; every second year counts
    from that of `since`. `lead` answers for it; `units` are the others, `everywhere` all districts, `others` a group of
    units that no list names one by one. `goal` is what each time asks for, in `goal_unit`; the number is that of
    `indicator`, or counts the activities of the kind `activity` (and those that name the occurrence), or is reported.
    `assumed`: the paper doesn't say how often or how many, and we say it for now.
    """

    code = models.SlugField(_("代码"), max_length=20)
    no = models.CharField(_("序号"), max_length=8)
    group = models.CharField(_("分类"), max_length=40)
    group_en = models.CharField(max_length=80, blank=True)
    title = models.CharField(_("任务"), max_length=60)
    title_en = models.CharField(_("英文"), max_length=120, blank=True)
    summary = models.CharField(_("做什么"), max_length=200)
    summary_en = models.CharField(max_length=300, blank=True)
    due = models.CharField(_("完成时限（文件写法）"), max_length=30, blank=True)
    due_en = models.CharField(max_length=60, blank=True)
    recurrence = models.CharField(_("频次"), max_length=20, choices=Recurrence.choices)
    month = models.PositiveSmallIntegerField(_("月份"), null=True, blank=True)
    since = models.DateField(_("起"))
    until = models.DateField(_("止"), null=True, blank=True)
    lead = models.ForeignKey("portal.Organisation", models.PROTECT, related_name="+", verbose_name=_("牵头单位"))
    everywhere = models.BooleanField(_("各区镇都参加"), default=False)
    others = models.CharField(_("其他责任单位"), max_length=60, blank=True)
    others_en = models.CharField(max_length=120, blank=True)
    goal = models.DecimalField(_("量化目标"), max_digits=12, decimal_places=2, null=True, blank=True)
    goal_unit = models.CharField(pgettext_lazy("计量", "单位"), max_length=12, blank=True)
    goal_unit_en = models.CharField(max_length=30, blank=True)
    indicator = models.ForeignKey(
        "targets.Indicator", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("指标")
    )
    activity = models.ForeignKey(
        ActivityKind, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("活动类别")
    )
    assumed = models.BooleanField(_("次数为暂定"), default=False)
    clause = models.ForeignKey("portal.Clause", models.PROTECT, related_name="+", verbose_name=_("依据"))
    order = models.PositiveSmallIntegerField(default=0)

    get_recurrence_display = word_of("recurrence", Recurrence)

    class Meta:
        verbose_name = _("任务")
        constraints = [
            models.UniqueConstraint(fields=["pack", "code"], name="duty_once"),
            models.CheckConstraint(
                name="duty_period",
                condition=Q(until=None) | Q(until__gte=F("since")),
                violation_error_message=_("任务止期不能早于起期。"),
            ),
            models.CheckConstraint(
                name="duty_once_has_a_day",
                condition=~Q(recurrence="once") | Q(until__isnull=False),
                violation_error_message=_("一次完成的任务须写明止期。"),
            ),
            models.CheckConstraint(
                name="duty_month",
                condition=Q(month=None) | Q(recurrence="year", month__gte=1, month__lte=12),
                violation_error_message=_("只有每年的任务可以写月份（1 到 12）。"),
            ),
            models.CheckConstraint(
                name="duty_goal_unit",
                condition=Q(goal=None) | ~Q(goal_unit=""),
                violation_error_message=_("有量化目标的须写明计量单位。"),
            ),
        ]

    def __str__(self):
        return localised(self, "title")

    def get_absolute_url(self):
        return reverse("targets:duty", args=[self.code])


class DutyUnit(PackRow):
    """A unit that takes part in a duty; `joint`: the paper names it beside the lead."""

    duty = models.ForeignKey(Duty, models.CASCADE, related_name="units")
    organisation = models.ForeignKey("portal.Organisation", models.PROTECT, related_name="+")
    joint = models.BooleanField(default=False)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("责任单位")
        constraints = [models.UniqueConstraint(fields=["duty", "organisation"], name="duty_unit_once")]

    def __str__(self):
        return localised(self.organisation, "name")


class OccurrenceStatus(models.TextChoices):
    PENDING = "pending", _("未开始")
    UNDERWAY = "underway", _("进行中")
    REPORTED = "reported", _("已报完成")
    RETURNED = "returned", pgettext_lazy("任务", "已退回")
    CONFIRMED = "confirmed", _("已确认")
    DROPPED = "dropped", _("不再要求")


S = OccurrenceStatus
OPEN = (S.PENDING, S.UNDERWAY, S.RETURNED)  # somebody has something to do before it is due


class OccurrenceQuerySet(ScopedQuerySet):
    def reach(self, user):
        """City-wide officials all; a department what it leads or takes part in; a district what every district does."""
        scope = user.scope
        reach = super().reach(user)
        if scope.seats:
            mine = DutyUnit.objects.filter(duty=OuterRef("duty"), organisation__in=scope.seats)
            reach |= Q(lead__in=scope.seats) | Q(Exists(mine))
        if Role.DISTRICT in scope.roles:
            below = scope.by_role[Role.DISTRICT][1]
            above = District.objects.filter(down__node__in=below).values("pk")
            reach |= Q(duty__everywhere=True, matter__district__in=above)
        return reach

    def late(self, on):
        return self.filter(status__in=OPEN, due_on__lt=on)

    def for_page(self):
        return self.select_related(
            "matter__district", "duty__clause__document", "duty__indicator__plan", "duty__activity", "lead"
        )


class Occurrence(models.Model):
    """One time a duty falls due, known by its `period`: 2026, 2026Q1, 2026-02, 2026H2, once, all.

    From `since` to `due_on`, both included; None: it has no end. `goal` and `lead` are those of the duty when it was
    reported; a change of the duty later leaves them as they are. `number` is what was reported, `figure` what the
    portal counted then.
    """

    matter = models.OneToOneField("portal.Matter", models.PROTECT, related_name="+")
    duty = models.ForeignKey(Duty, models.PROTECT, related_name="occurrences")
    period = models.CharField(_("时段"), max_length=8)
    since = models.DateField(_("起"))
    due_on = models.DateField(_("完成时限"), null=True, blank=True)
    lead = models.ForeignKey("portal.Organisation", models.PROTECT, related_name="+", verbose_name=_("牵头单位"))
    goal = models.DecimalField(_("量化目标"), max_digits=12, decimal_places=2, null=True, blank=True)
    status = models.CharField(max_length=10, choices=S.choices, default=S.PENDING)
    number = models.DecimalField(_("完成数"), max_digits=12, decimal_places=2, null=True, blank=True)
    figure = models.DecimalField(_("系统值"), max_digits=12, decimal_places=2, null=True, blank=True)
    note = models.TextField(_("完成情况"), max_length=2000, blank=True)
    reported_on = models.DateField(_("报送日期"), null=True, blank=True)

    objects = OccurrenceQuerySet.as_manager()

    get_status_display = word_of("status", S)

    class Meta:
        verbose_name = _("任务完成情况")
        indexes = [models.Index(fields=["status", "due_on"], name="occurrence_open")]
        constraints = [
            models.UniqueConstraint(fields=["duty", "period"], name="occurrence_once"),
            models.CheckConstraint(
                name="occurrence_period",
                condition=Q(due_on=None) | Q(due_on__gte=F("since")),
                violation_error_message=_("完成时限不能早于开始日期。"),
            ),
            models.CheckConstraint(
                name="occurrence_reported",
                condition=~Q(status__in=["reported", "confirmed"]) | (Q(reported_on__isnull=False) & ~Q(note="")),
                violation_error_message=_("报完成须写明完成情况和日期。"),
            ),
        ]

    def __str__(self):
        return localised(self.matter, "title")

    def get_absolute_url(self):
        return reverse("targets:occurrence", args=[self.matter.number])

    def state(self, on, near: int) -> str:
        """late, near, later (not begun), open, waiting, done or gone: what a list says of it on a day."""
        if self.status == S.CONFIRMED:
            return "done"
        if self.status == S.DROPPED:
            return "gone"
        if self.status == S.REPORTED:
            return "waiting"
        if self.due_on and self.due_on < on:
            return "late"
        if self.due_on and (self.due_on - on).days <= near:
            return "near"
        return "later" if self.since > on and self.status == S.PENDING else "open"


class Progress(models.Model):
    """What a unit says of an occurrence on a day; never changed, a later word stands beside it."""

    occurrence = models.ForeignKey(Occurrence, models.CASCADE, related_name="progress")
    organisation = models.ForeignKey("portal.Organisation", models.PROTECT, related_name="+")
    on = models.DateField(_("日期"))
    note = models.TextField(_("进展"), max_length=1000)
    number = models.DecimalField(_("完成数"), max_digits=12, decimal_places=2, null=True, blank=True)
    by = models.ForeignKey("portal.User", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("进展")
        indexes = [models.Index(fields=["occurrence", "-on"], name="progress_latest")]

    def __str__(self):
        return f"{self.occurrence_id} {self.on}"
