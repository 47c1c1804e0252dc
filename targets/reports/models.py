"""Reports with their frozen figures, the templates they are made from, and who gets which at what times."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.models import PackRow, Role
from portal.models.people import BUREAU
from portal.words import localised


class ReportTemplate(PackRow):
    """What a report of one kind has in it, chapter by chapter; pack data. `clause`: the paper that asks for it."""

    class Period(models.TextChoices):
        QUARTER = "quarter", _("季度")
        YEAR = "year", _("年度")

    code = models.SlugField(_("代码"))
    title = models.CharField(_("报告"), max_length=80)
    title_en = models.CharField(max_length=120, blank=True)
    period = models.CharField(_("周期"), max_length=10, choices=Period.choices)
    plan = models.ForeignKey("targets.Plan", models.PROTECT, related_name="+", verbose_name=_("计划"))
    clause = models.ForeignKey(
        "portal.Clause", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("依据")
    )
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("报告模板")
        constraints = [models.UniqueConstraint(fields=["pack", "code"], name="report_template_once")]

    def __str__(self):
        return localised(self, "title")


class TemplateChapter(models.Model):
    """One chapter: how it opens, and what is shown in it. `blocks` are {show, of, days}: see targets/reports/blocks.py."""

    template = models.ForeignKey(ReportTemplate, models.CASCADE, related_name="chapters")
    code = models.SlugField(_("代码"))
    title = models.CharField(_("标题"), max_length=80)
    text = models.TextField(_("开头"), blank=True)
    blocks = models.JSONField(default=list, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("报告章节")
        constraints = [models.UniqueConstraint(fields=["template", "code"], name="template_chapter_once")]

    def __str__(self):
        return self.title


class ReportStatus(models.TextChoices):
    MAKING = "making", pgettext_lazy("报告", "生成中")
    DRAFT = "draft", pgettext_lazy("报告", "草稿")
    CHECKED = "checked", pgettext_lazy("报告", "已核对")
    ISSUED = "issued", pgettext_lazy("报告", "已印发，封存中")
    SEALED = "sealed", pgettext_lazy("报告", "已印发")
    KEPT = "kept", pgettext_lazy("报告", "已存")
    DROPPED = "dropped", pgettext_lazy("报告", "已作废")


S = ReportStatus
OUT = (S.ISSUED, S.SEALED)  # what districts and departments read


class ReportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The bureau and auditors see all of their city; whoever else sees figures there, what was issued. A brief is for
        the bureau."""
        office: set[int] = set()
        for role in BUREAU | {Role.AUDITOR}:
            office |= user.scope.by_role.get(role, (frozenset(), frozenset()))[1]
        city = Q(matter__district__down__node__in=user.scope.figures, status__in=OUT) & ~Q(kind=Report.Kind.BRIEF)
        return self.filter(Q(matter__district__in=office) | Q(pk__in=self.model.objects.filter(city).values("pk")))

    def for_page(self):
        return self.select_related("matter__district", "plan__pack__root", "template", "pack__root")


class Report(models.Model):
    """A brief, a bulletin or a report of one plan: the figures of the day `on` with what had come since the day `before`
    (None: nothing to compare with), as they were known at `made_at`. Nothing in it is computed again. A `report` is made
    by a template of the pack; a bulletin, a quarterly and a yearly report every city has without one.

    `words` are the names of that moment: city, bureau, plan, districts. `occasion` names the date of a schedule for which
    it was made, once. `digest` is the SHA-256 of the frozen content, written when it is sealed.
    """

    class Kind(models.TextChoices):
        BRIEF = "brief", _("简报")
        BULLETIN = "bulletin", _("通报")
        REPORT = "report", pgettext_lazy("报告", "报告")
        QUARTER = "quarter", _("季度报告")
        YEAR = "year", _("年度报告")

    pack = models.ForeignKey("portal.Pack", models.PROTECT, related_name="+")
    matter = models.OneToOneField("portal.Matter", models.PROTECT, related_name="+")
    kind = models.CharField(_("类别"), max_length=10, choices=Kind.choices)
    template = models.ForeignKey(ReportTemplate, models.PROTECT, null=True, related_name="+", verbose_name=_("模板"))
    plan = models.ForeignKey("targets.Plan", models.PROTECT, related_name="+", verbose_name=_("计划"))
    status = models.CharField(max_length=10, choices=S.choices, default=S.MAKING)
    on = models.DateField(_("截至"))
    before = models.DateField(_("对比日"), null=True, blank=True)
    made_at = models.DateTimeField(_("取数时间"), null=True, editable=False)
    words = models.JSONField(default=dict, editable=False)
    occasion = models.CharField(max_length=60, blank=True, editable=False)
    document = models.CharField(_("文号"), max_length=80, blank=True)
    issued_on = models.DateField(_("印发日期"), null=True, blank=True)
    digest = models.CharField(_("校验码"), max_length=64, blank=True, editable=False)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("报告")
        constraints = [
            models.UniqueConstraint(
                fields=["pack", "occasion"], condition=~Q(occasion=""), name="report_once_an_occasion"
            ),
            models.CheckConstraint(
                name="report_compares_backward",
                condition=Q(before=None) | Q(before__lt=F("on")),
                violation_error_message=_("对比日须早于截至日期。"),
            ),
            models.CheckConstraint(
                name="report_template_of_reports",
                condition=Q(kind="report", template__isnull=False) | (~Q(kind="report") & Q(template=None)),
                violation_error_message=_("报告须有模板，简报和通报没有。"),
            ),
            models.CheckConstraint(
                name="report_sealed_whole",
                condition=Q(status="sealed", issued_on__isnull=False) & ~Q(digest="")
                | Q(status="issued", issued_on__isnull=False, digest="")
                | (~Q(status__in=["issued", "sealed"]) & Q(digest="", issued_on=None)),
                violation_error_message=_("印发须有日期，封存须有校验码。"),
            ),
            models.CheckConstraint(
                name="report_made",
                condition=Q(status__in=["making", "dropped"]) | Q(made_at__isnull=False),
                violation_error_message=_("还没有取数。"),
            ),
        ]

    def __str__(self):
        return localised(self.matter, "title")

    def get_absolute_url(self):
        return reverse("targets:report", args=[self.matter.number])

    @property
    def has_cover(self) -> bool:
        """Reports have one, with contents; a bulletin is a letter, a brief a page."""
        return self.kind not in (self.Kind.BRIEF, self.Kind.BULLETIN)


class ReportIndicator(models.Model):
    """An indicator as it stood when a report was made: its `words`, the `version` of its definition, and the
    city's very `entries`, with the definition and the settings they were taken by (targets/returns/entries.py); None where
    the portal keeps no records of it."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="indicators")
    indicator = models.ForeignKey("targets.Indicator", models.PROTECT, related_name="+")
    version = models.PositiveSmallIntegerField(_("口径版本"))
    words = models.JSONField()
    entries = models.JSONField(null=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "indicator"], name="report_indicator_once")]

    def __str__(self):
        return f"{self.report_id} {self.indicator_id}"


class ReportFigure(models.Model):
    """One frozen figure: what was known at `computed_at` of one indicator in one district on one day. `value` None: no
    data, which is not 0. `lead`, `gap` and `state` as in targets/plans/indicators.py."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="figures")
    indicator = models.ForeignKey("targets.Indicator", models.PROTECT, related_name="+")
    district = models.ForeignKey("portal.District", models.PROTECT, related_name="+")
    on = models.DateField(_("截至"))
    value = models.DecimalField(_("数值"), max_digits=14, decimal_places=2, null=True)
    target = models.DecimalField(_("目标"), max_digits=14, decimal_places=2, null=True)
    pace = models.DecimalField(_("序时进度"), max_digits=14, decimal_places=2, null=True)
    lead = models.DecimalField(_("较序时"), max_digits=14, decimal_places=2, null=True)
    gap = models.DecimalField(_("尚差"), max_digits=14, decimal_places=2, null=True)
    state = models.CharField(_("状态"), max_length=10)
    version = models.PositiveSmallIntegerField(_("口径版本"))
    computed_at = models.DateTimeField(_("取数时间"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "indicator", "district", "on"], name="report_figure_once")
        ]

    def __str__(self):
        return f"{self.indicator_id} {self.district_id} {self.on}: {self.value}"


class ReportChapter(models.Model):
    """A chapter of one report: its text may be changed in a draft, what is shown in it is made of the figures."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="chapters")
    code = models.SlugField()
    title = models.CharField(_("标题"), max_length=80)
    text = models.TextField(_("文字"), blank=True, max_length=8000)
    blocks = models.JSONField(default=list)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("章节")
        constraints = [models.UniqueConstraint(fields=["report", "code"], name="report_chapter_once")]

    def __str__(self):
        return self.title


class ReportFile(models.Model):
    """A sealed report as a file: it is given out as it is, and never made again."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="files")
    form = models.CharField(max_length=4, choices=[(form, form) for form in ("pdf", "docx", "xlsx")])
    content = models.FileField(upload_to="reports/")
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "form"], name="report_file_once")]

    def __str__(self):
        return f"{self.report_id}.{self.form}"

    def read(self) -> bytes:
        with self.content.open("rb") as kept:
            return kept.read()


class SubscriptionQuerySet(models.QuerySet):
    def in_force(self, on):
        return self.filter(Q(until=None) | Q(until__gt=on), since__lte=on)


class Subscription(models.Model):
    """Somebody gets a brief, or hears of a new draft of the bulletin, once a week, a month or a quarter, from `since` to
    before `until`; they asked for it themselves, or the bureau set it."""

    class Kind(models.TextChoices):
        BRIEF = "brief", _("简报")
        BULLETIN = "bulletin", _("通报草稿")

    class Every(models.TextChoices):
        WEEK = "week", _("每周")
        MONTH = "month", _("每月")
        QUARTER = "quarter", _("每季度")

    pack = models.ForeignKey("portal.Pack", models.PROTECT, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="report_subscriptions", verbose_name=_("收件人")
    )
    kind = models.CharField(_("内容"), max_length=10, choices=Kind.choices)
    every = models.CharField(_("多久一次"), max_length=10, choices=Every.choices)
    since = models.DateField()
    until = models.DateField(null=True)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("定期简报")
        constraints = [
            models.UniqueConstraint(
                fields=["pack", "user", "kind", "every"],
                condition=Q(until=None),
                name="subscription_once",
                violation_error_message=_("已经订阅过了。"),
            ),
            models.CheckConstraint(
                name="subscription_period",
                condition=Q(until=None) | Q(until__gte=F("since")),
                violation_error_message=_("止期须不早于起期。"),
            ),
        ]

    def __str__(self):
        return f"{self.user_id} {self.kind} {self.every}"
