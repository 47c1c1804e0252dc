"""What may be applied for with its conditions, and the applications. Fields follow the national and municipal forms."""

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, Subquery, Value
from django.db.models.functions import Coalesce, Concat
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.models import Event, Evidence, PackRow, ScopedQuerySet, Watch
from portal.words import word_of
from stations.enterprises.models import Enterprise
from stations.register.models import StationKind


class Route(models.TextChoices):
    """Who decides: the bureau itself, or a level above to whom the bureau recommends."""

    UPWARD = "upward", _("审核上报")
    RECOGNISE = "recognise", _("认定备案")


class Signing(models.TextChoices):
    """How an enterprise vouches for what it hands in: by a second account, or by a page with its seal."""

    ACCOUNT = "account", _("单位审核人确认")
    PAGE = "page", _("上传盖章页")


SIGNING = "certify"  # the setting of a city that says which
STAMP = "stamp.page"  # the slot of the stamped page; no condition has it


class ApplicationTypeQuerySet(models.QuerySet):
    def in_force(self, on):
        return self.filter(Q(since=None) | Q(since__lte=on), Q(until=None) | Q(until__gt=on))


class ApplicationType(PackRow):
    """A kind of station that enterprises of a city may apply for, from `since` to before `until`.

    `levels` are the authorities above the bureau in the order they see it, the last of them approves; empty where
    the bureau recognises. `recommended_needed` is how many recommended conditions must be met beside all basic ones.
    `minutes` is how long filling in takes, said on the guide.
    """

    code = models.SlugField(_("代码"))
    title = models.CharField(_("事项名称"), max_length=60)
    title_en = models.CharField(_("英文名称"), max_length=100, blank=True)
    kind = models.CharField(_("站点类型"), max_length=20, choices=StationKind.choices)
    route = models.CharField(_("办理方式"), max_length=10, choices=Route.choices)
    levels = models.JSONField(_("上级"), default=list, blank=True)
    levels_en = models.JSONField(default=list, blank=True)
    clause = models.ForeignKey("portal.Clause", models.PROTECT, related_name="+", verbose_name=_("依据"))
    note = models.CharField(_("说明"), max_length=300, blank=True)
    note_en = models.CharField(max_length=500, blank=True)
    recommended_needed = models.PositiveSmallIntegerField(_("至少几项推荐条件"), default=1)
    minutes = models.PositiveSmallIntegerField(_("填写约需（分钟）"), default=40)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    get_kind_display = word_of("kind", StationKind)

    objects = ApplicationTypeQuerySet.as_manager()

    class Meta:
        verbose_name = _("申报类型")
        constraints = [
            models.UniqueConstraint(fields=["pack", "code"], name="application_type_once"),
            models.CheckConstraint(
                name="application_type_levels",
                condition=Q(route=Route.RECOGNISE, levels=[]) | (Q(route=Route.UPWARD) & ~Q(levels=[])),
                violation_error_message=_("审核上报须列出上级；认定备案没有上级。"),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("stations:guide_type", args=[self.pack.code, self.code])


class Condition(models.Model):
    """One condition of an application type: all basic ones are needed, and some of the recommended ones.

    `assumed`: the city's own paper doesn't list it; it is taken from the level that approves and marked so.
    """

    class Group(models.TextChoices):
        BASIC = "basic", _("基本条件")
        RECOMMENDED = "recommended", _("推荐条件")

    type = models.ForeignKey(ApplicationType, models.CASCADE, related_name="conditions")
    code = models.SlugField(_("代码"))
    group = models.CharField(_("类别"), max_length=12, choices=Group.choices)
    title = models.CharField(_("条件"), max_length=60)
    title_en = models.CharField(_("英文"), max_length=120, blank=True)
    summary = models.CharField(_("要点"), max_length=200)
    summary_en = models.CharField(_("英文要点"), max_length=400, blank=True)
    clause = models.ForeignKey("portal.Clause", models.PROTECT, related_name="+", verbose_name=_("依据"))
    assumed = models.BooleanField(_("参照执行"), default=False)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("设站条件")
        constraints = [models.UniqueConstraint(fields=["type", "code"], name="condition_once")]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return self.type.get_absolute_url()


class Slot(models.Model):
    """A document that proves a condition. Not required: welcome, but its absence stops nothing."""

    condition = models.ForeignKey(Condition, models.CASCADE, related_name="slots")
    code = models.SlugField(_("代码"))
    title = models.CharField(_("材料"), max_length=60)
    title_en = models.CharField(_("英文"), max_length=120, blank=True)
    hint = models.CharField(_("要求"), max_length=120, blank=True)
    hint_en = models.CharField(_("英文要求"), max_length=240, blank=True)
    required = models.BooleanField(_("必需"), default=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("证明材料")
        constraints = [models.UniqueConstraint(fields=["condition", "code"], name="slot_once")]

    def __str__(self):
        return self.title

    @property
    def name(self):
        """How evidence names it: CONDITION.SLOT."""
        return f"{self.condition.code}.{self.code}"


class ConditionCriterion(models.Model):
    """What our own data can say of a condition beforehand: a hint for the suitability check, never the verdict."""

    condition = models.ForeignKey(Condition, models.CASCADE, related_name="criteria")
    fact = models.CharField(max_length=60)
    lookup = models.CharField(max_length=10)
    value = models.JSONField()
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("数据提示")
        constraints = [models.UniqueConstraint(fields=["condition", "fact", "lookup"], name="condition_criterion_once")]

    def __str__(self):
        return f"{self.condition_id}: {self.fact}"


class ApplicationStatus(models.TextChoices):
    DRAFT = "draft", _("草稿")
    CERTIFYING = "certifying", _("待单位审核")
    DISTRICT = "district", _("待区镇审核")
    RETURNED = "returned", pgettext_lazy("状态", "退回补正")
    BUREAU = "bureau", _("待市局审核")
    PASSED = "passed", _("待市局审批")
    SENT = "sent", _("已上报待批复")
    APPROVED = "approved", _("已批准")
    REFUSED = "refused", pgettext_lazy("状态", "不予推荐")
    REJECTED = "rejected", _("上级未批准")
    WITHDRAWN = "withdrawn", _("已撤回")


class ApplicationQuerySet(ScopedQuerySet):
    def with_case(self):
        return self.select_related(
            *("matter__organisation", "matter__district", "matter__claimed_by", "enterprise__organisation", "type"),
            "window",
        )

    def for_page(self, user):
        """With what every page of a case shows: its history, oldest first, and whether this person follows it."""
        events = Event.objects.select_related("by", "revision").order_by("pk")
        followed = Watch.objects.filter(matter=OuterRef("matter"), user=user)
        rows = self.with_case().select_related("enterprise__chain").annotate(watched=Exists(followed))
        return rows.prefetch_related(Prefetch("matter__events", events))


class Application(models.Model):
    """An application for a station. Columns may stay empty while it is a draft; the enterprise's own figures are
    copied into the revision when it is handed in.

    `signing` is what the city asked for when the draft was begun. `salary_promise` is yuan per person and year.
    `reached` counts the upper levels that already have it. `window` is the batch it was first handed in with, where
    the city takes applications in batches.
    """

    matter = models.OneToOneField("portal.Matter", models.PROTECT, related_name="+")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="applications")
    type = models.ForeignKey(ApplicationType, models.PROTECT, related_name="+")
    route = models.CharField(max_length=10, choices=Route.choices)
    signing = models.CharField(_("单位确认方式"), max_length=10, choices=Signing.choices, default=Signing.ACCOUNT)
    status = models.CharField(max_length=12, choices=ApplicationStatus.choices, default=ApplicationStatus.DRAFT)
    supervisor = models.CharField(_("拟任合作导师"), max_length=40, blank=True)
    supervisor_title = models.CharField(_("导师职称"), max_length=40, blank=True)
    supervisor_field = models.CharField(_("导师研究方向"), max_length=80, blank=True)
    recruits = models.PositiveSmallIntegerField(_("两年内拟招收人数"), null=True, blank=True)
    project = models.CharField(_("博士后科研项目"), max_length=120, blank=True)
    project_budget = models.DecimalField(_("项目经费"), max_digits=14, decimal_places=2, null=True, blank=True)
    innovation = models.TextField(_("创新点"), max_length=500, blank=True)
    partner = models.CharField(_("拟合作流动站"), max_length=100, blank=True)
    salary_promise = models.DecimalField(_("承诺年薪"), max_digits=14, decimal_places=2, null=True, blank=True)
    manager = models.CharField(_("博士后管理人员"), max_length=40, blank=True)
    manager_phone = models.CharField(_("管理人员电话"), max_length=20, blank=True)
    classified = models.BooleanField(_("材料是否涉密"), null=True)
    truthful = models.BooleanField(_("承诺材料真实"), default=False)
    reached = models.PositiveSmallIntegerField(default=0)
    window = models.ForeignKey(
        "stations.ApplicationWindow", models.PROTECT, null=True, blank=True, related_name="applications"
    )
    watched: bool  # by who asked, with for_page()

    get_status_display = word_of("status", ApplicationStatus)

    objects = ApplicationQuerySet.as_manager()

    NEEDED = (
        "supervisor",
        "supervisor_title",
        "supervisor_field",
        "recruits",
        "project",
        "project_budget",
        "innovation",
        "partner",
        "salary_promise",
        "manager",
        "manager_phone",
        "classified",
    )

    class Meta:
        verbose_name = _("设站申报")
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "type"],
                condition=~Q(status__in=["approved", "refused", "rejected", "withdrawn"]),
                name="one_open_application",
                violation_error_message=_("贵单位已有一件同类申报在办，请先办完或撤回那一件。"),
            ),
            models.CheckConstraint(
                name="application_submitted_complete",
                condition=Q(status__in=["draft", "certifying", "returned", "withdrawn"])
                | Q(
                    recruits__gte=1,
                    project_budget__isnull=False,
                    salary_promise__isnull=False,
                    classified=False,
                    truthful=True,
                ),
                violation_error_message=_("申报内容还不完整，不能提交。"),
            ),
            models.CheckConstraint(
                name="application_money",
                condition=(Q(project_budget=None) | Q(project_budget__gte=0))
                & (Q(salary_promise=None) | Q(salary_promise__gte=0)),
                violation_error_message=_("金额不能为负数。"),
            ),
        ]

    def __str__(self):
        return f"{self.matter.number} {self.type}"

    def get_absolute_url(self):
        return reverse("stations:application", args=[self.matter.number])

    @property
    def helped(self):
        """An office fills it in, with the enterprise's consent."""
        return self.matter.helped


class AnswerQuerySet(models.QuerySet):
    def with_missing(self):
        """`missing`: required documents of the condition that nobody has cited yet."""
        cited = Evidence.objects.filter(
            matter=OuterRef(OuterRef("application__matter")),
            removed_at=None,
            slot=Concat(OuterRef("condition__code"), Value("."), OuterRef("code"), output_field=models.CharField()),
        )
        missing = (
            Slot.objects.filter(~Exists(cited), condition=OuterRef("condition"), required=True)
            .order_by()
            .values("condition")
            .annotate(n=Count("pk"))
            .values("n")
        )
        return self.annotate(missing=Coalesce(Subquery(missing), 0))


class Answer(models.Model):
    """What the enterprise says about one condition: met or not (None: not answered), and in its own words why."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="answers")
    condition = models.ForeignKey(Condition, models.PROTECT, related_name="+")
    claimed = models.BooleanField(_("是否符合"), null=True)
    statement = models.TextField(_("说明"), max_length=500, blank=True)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("条件自述")
        constraints = [models.UniqueConstraint(fields=["application", "condition"], name="answer_once")]

    def __str__(self):
        return f"{self.application_id}: {self.condition_id}"


VISIT = "visit.file"  # under this slot a matter cites what a visit left, so that whoever sees the case may read it


class SiteVisit(models.Model):
    """A visit on site (实地考察): when, who went, what they found; a file may say more."""

    application = models.ForeignKey("stations.Application", models.PROTECT, related_name="visits")
    visited_on = models.DateField(_("考察日期"))
    visitors = models.CharField(_("考察人员"), max_length=200)
    findings = models.TextField(_("考察情况"), max_length=1000)
    file = models.ForeignKey("portal.File", models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("实地考察记录")
        constraints = [
            models.CheckConstraint(
                name="visit_says_what",
                condition=~models.Q(visitors="") & ~models.Q(findings=""),
                violation_error_message=_("请写明考察人员和考察情况。"),
            )
        ]

    def __str__(self):
        return f"{self.application_id} {self.visited_on}"


class Phrase(PackRow):
    """A sentence that officers of a city often need in an opinion; `verdict` says beside which finding it is offered."""

    class Verdict(models.TextChoices):
        MET = "met", _("符合")
        UNMET = "unmet", _("不符合")
        UNKNOWN = "unknown", _("待核实")

    code = models.SlugField(_("代码"))
    verdict = models.CharField(_("结论"), max_length=8, choices=Verdict.choices)
    text = models.CharField(_("常用意见"), max_length=100)
    text_en = models.CharField(_("英文"), max_length=200, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("常用意见")
        constraints = [models.UniqueConstraint(fields=["pack", "code"], name="phrase_once")]

    def __str__(self):
        return self.text
