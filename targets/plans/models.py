"""Plans with their indicators and targets, and the snapshots that dashboards show."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.models import PackRow


class PublishedPlans(models.Manager):
    """What everybody reads: no drafts."""

    def get_queryset(self):
        return super().get_queryset().filter(state=Plan.State.PUBLISHED)


class Plan(PackRow):
    """A plan that a paper announces, in force on every day from `since` to `until`, both included.

    One drafted on a page is a copy of `former`; nobody but the bureau sees it until a second person has published it.
    `objects` are the published ones, and so what a pack's file is written from; `every` has the drafts too.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("起草")
        PUBLISHED = "published", _("已发布")

    code = models.SlugField(_("代码"))
    name = models.CharField(_("计划"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=100, blank=True)
    document = models.ForeignKey("portal.Document", models.PROTECT, related_name="+", verbose_name=_("文件"))
    since = models.DateField(_("起"))
    until = models.DateField(_("止"))
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.PUBLISHED)
    former = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    published_on = models.DateField(null=True, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    objects = PublishedPlans()
    every = models.Manager()

    class Meta:
        verbose_name = _("计划")
        constraints = [
            models.UniqueConstraint(fields=["pack", "code"], name="plan_once"),
            models.CheckConstraint(
                name="plan_period",
                condition=Q(until__gt=F("since")),
                violation_error_message=_("计划止期须晚于起期。"),
            ),
            models.CheckConstraint(
                name="plan_two_people",
                condition=Q(drafted_by=None)
                | Q(published_by=None, state="draft")
                | (Q(state="published", published_by__isnull=False) & ~Q(published_by=F("drafted_by"))),
                violation_error_message=_("起草的人不能自己发布。"),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        name = "targets:draft" if self.state == self.State.DRAFT else "targets:plan"
        return reverse(name, args=[self.code])


class Indicator(PackRow):
    """What a plan measures.

    `kind`: a level is what counts on a day; a cumulative count what began to count since the plan did and still
    counts; a flow what began within each year; coverage the number of different values; a value of a year is reported,
    and so is a rate without `over`. `source` names a vocabulary, or is "reported", or empty as long as its records can't be kept here:
    then `awaiting` says what is missing and the figure is "no data", never 0. `starts`/`stops` are date facts,
    `where` criteria that don't depend on the day: {fact, lookup, value} or {fact, lookup, setting}. `distinct` and
    `sum_of` name the fact whose values are counted or added up, else rows are counted. `baseline` and `opening` name
    settings. `over` makes a rate of two streams of the portal's own records: {source, starts, stops, where, distinct} is
    what the first is a percentage of. `watched`: the paper sets no figure to reach, it is only followed.
    `plan_total` is what the paper itself gives as the sum of the years (checked on loading).
    """

    class Kind(models.TextChoices):
        LEVEL = "level", _("存量")
        CUMULATIVE = "cumulative", _("计划期累计")
        FLOW = "flow", _("年度增量")
        COVERAGE = "coverage", _("覆盖数")
        RATE = "rate", _("比率")
        VALUE = "value", _("年度数值")

    class Pace(models.TextChoices):
        EVEN = "even", _("按天均摊")
        STEPS = "steps", _("按节点")

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="indicators")
    code = models.CharField(_("代码"), max_length=20)
    name = models.CharField(_("指标"), max_length=80)
    name_en = models.CharField(_("英文名称"), max_length=120, blank=True)
    unit = models.CharField(pgettext_lazy("计量", "单位"), max_length=12)
    unit_en = models.CharField(_("英文单位"), max_length=20, blank=True)
    kind = models.CharField(_("类型"), max_length=10, choices=Kind.choices)
    group = models.CharField(_("分类"), max_length=20, blank=True)
    group_en = models.CharField(max_length=40, blank=True)
    headline = models.BooleanField(_("主要目标"), default=False)
    watched = models.BooleanField(_("只监测"), default=False)
    former = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    clause = models.ForeignKey("portal.Clause", models.PROTECT, related_name="+", verbose_name=_("依据"))
    departments = models.JSONField(_("责任部门"), default=list, blank=True)
    source = models.CharField(max_length=30, blank=True)
    starts = models.CharField(max_length=60, blank=True)
    stops = models.CharField(max_length=60, blank=True)
    where = models.JSONField(default=list, blank=True)
    distinct = models.CharField(max_length=60, blank=True)
    sum_of = models.CharField(max_length=60, blank=True)
    over = models.JSONField(default=dict, blank=True)
    plan_total = models.DecimalField(_("计划总数"), max_digits=14, decimal_places=2, null=True, blank=True)
    baseline = models.CharField(_("起点（参数编号）"), max_length=40, blank=True)
    opening = models.CharField(_("期初数（参数编号）"), max_length=40, blank=True)
    settings = models.JSONField(_("相关口径"), default=list, blank=True)
    awaiting = models.CharField(_("暂无数据的原因"), max_length=100, blank=True)
    awaiting_en = models.CharField(max_length=200, blank=True)
    counts = models.CharField(_("算什么"), max_length=200, blank=True)
    counts_en = models.CharField(max_length=300, blank=True)
    begins = models.CharField(_("何时计入"), max_length=100, blank=True)
    begins_en = models.CharField(max_length=200, blank=True)
    ends = models.CharField(_("何时撤出"), max_length=100, blank=True)
    ends_en = models.CharField(max_length=200, blank=True)
    excludes = models.CharField(_("不计"), max_length=200, blank=True)
    excludes_en = models.CharField(max_length=300, blank=True)
    pace = models.CharField(_("序时"), max_length=5, choices=Pace.choices, default=Pace.EVEN)
    decimals = models.PositiveSmallIntegerField(_("小数位"), default=0)
    falling = models.BooleanField(_("越低越好"), default=False)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("指标")
        constraints = [
            models.UniqueConstraint(fields=["pack", "code"], name="indicator_once"),
            models.CheckConstraint(
                name="indicator_source",
                condition=(Q(source="") & ~Q(awaiting="")) | (~Q(source="") & Q(awaiting="")),
                violation_error_message=_("指标要么有数据来源，要么写明为什么暂无数据。"),
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.name}"

    def get_absolute_url(self):
        return reverse("targets:indicator", args=[self.plan.code, self.code])


class Target(PackRow):
    """What is to be reached: in `district` by the day `on` (a level, a cumulative count), or within its year.

    `clause` or `paper` say what it rests on once it was revised; before, it rests on the indicator's own clause.
    """

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="targets")
    district = models.ForeignKey("portal.District", models.PROTECT, related_name="+")
    on = models.DateField(_("节点"))
    value = models.DecimalField(_("目标"), max_digits=14, decimal_places=2)
    clause = models.ForeignKey(
        "portal.Clause", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("依据")
    )
    paper = models.CharField(_("文件"), max_length=120, blank=True)

    rests_on = "indicator__clause"

    class Meta:
        verbose_name = _("目标")
        constraints = [
            models.UniqueConstraint(fields=["indicator", "district", "on"], name="target_once"),
            models.CheckConstraint(
                name="target_positive", condition=Q(value__gte=0), violation_error_message=_("目标不能为负数。")
            ),
        ]

    def __str__(self):
        return f"{self.indicator.code} {self.district} {self.on}: {self.value}"


class DepartmentTarget(PackRow):
    """What a department that answers for the indicator is to contribute by the node `on`, of the city's own target."""

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="department_targets")
    department = models.CharField(_("部门"), max_length=60)
    on = models.DateField(_("节点"))
    value = models.DecimalField(_("任务"), max_digits=14, decimal_places=2)

    class Meta:
        verbose_name = _("部门任务")
        constraints = [
            models.UniqueConstraint(fields=["indicator", "department", "on"], name="department_target_once"),
            models.CheckConstraint(
                name="department_target_positive",
                condition=Q(value__gte=0),
                violation_error_message=_("目标不能为负数。"),
            ),
        ]

    def __str__(self):
        return f"{self.indicator.code} {self.department} {self.on}: {self.value}"


class Pipeline(models.Model):
    """How much is on its way into an indicator, and out of it, before the day of its target; per district with all
    below it, as of the last recompute. Only what isn't all zero has a row.

    `here`: cases that the city's own offices have; `soon`: those of them that nobody has to wait for afterwards, and that
    are promised in time; `above`: cases that wait for levels above; `signed`: agreed, nothing handed in yet; `leaving`:
    what counts now and is due to end.
    """

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="+")
    district = models.ForeignKey("portal.District", models.PROTECT, related_name="+")
    here = models.PositiveIntegerField(default=0)
    soon = models.PositiveIntegerField(default=0)
    above = models.PositiveIntegerField(default=0)
    signed = models.PositiveIntegerField(default=0)
    leaving = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["district", "indicator"], name="pipeline_once")]

    def __str__(self):
        return f"{self.indicator_id}: +{self.here} +{self.above} +{self.signed} -{self.leaving}"


class Snapshot(models.Model):
    """One computed figure of one day, district with all below it. Replaced when the past is corrected."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="snapshots")
    district = models.ForeignKey("portal.District", models.PROTECT, related_name="+")
    on = models.DateField()
    value = models.DecimalField(max_digits=14, decimal_places=2)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["district", "on", "indicator"], name="snapshot_once")]

    def __str__(self):
        return f"{self.indicator_id} {self.on}: {self.value}"
