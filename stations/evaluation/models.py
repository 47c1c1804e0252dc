"""Evaluation: a city's schemes as dated rules, the rounds, one sheet per station with its lines, and honours."""

from decimal import Decimal

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Prefetch, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.models import Event, PackRow, ScopedQuerySet, Spell
from portal.words import localised
from stations.register.models import Station


class SchemeQuerySet(models.QuerySet):
    def in_force(self, on):
        return self.filter(Q(until=None) | Q(until__gt=on), since__lte=on)


class EvaluationScheme(PackRow):
    """How stations are evaluated: one version of a scheme, for rounds begun from `since` to before `until`.

    `cap` is the greatest share of the stations taking part that may get the first grade, in percent, None where
    nothing limits it. `publicity_days` are working days. `rectify_months`: what a failed station is given, None where
    the rules give none. `honour` is the title that the first grade brings, valid until the next round of the scheme.
    `assumed`: the city's papers don't say it so; `note` says what is taken from where.
    """

    code = models.SlugField(_("代码"))
    title = models.CharField(_("评估办法"), max_length=60)
    title_en = models.CharField(_("英文名称"), max_length=100, blank=True)
    clause = models.ForeignKey("portal.Clause", models.PROTECT, related_name="+", verbose_name=_("依据"))
    note = models.CharField(_("说明"), max_length=300, blank=True)
    note_en = models.CharField(max_length=500, blank=True)
    assumed = models.BooleanField(_("征求意见"), default=False)
    cycle_years = models.PositiveSmallIntegerField(_("周期（年）"), default=1)
    cap = models.PositiveSmallIntegerField(_("第一等次比例上限（%）"), null=True, blank=True)
    publicity_days = models.PositiveSmallIntegerField(_("公示工作日"), default=5)
    rectify_months = models.PositiveSmallIntegerField(_("整改月数"), null=True, blank=True)
    honour = models.SlugField(_("称号代码"), blank=True)
    honour_title = models.CharField(_("称号"), max_length=40, blank=True)
    honour_title_en = models.CharField(max_length=80, blank=True)
    since = models.DateField(_("执行起"))
    until = models.DateField(_("执行止"), null=True, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    objects = SchemeQuerySet.as_manager()

    class Meta:
        verbose_name = _("评估办法")
        constraints = [
            models.UniqueConstraint(fields=["pack", "code", "since"], name="scheme_once"),
            models.CheckConstraint(
                name="scheme_period",
                condition=Q(until=None) | Q(until__gt=F("since")),
                violation_error_message=_("执行止须晚于执行起。"),
            ),
            models.CheckConstraint(
                name="scheme_cap",
                condition=Q(cap=None) | Q(cap__gt=0, cap__lte=100),
                violation_error_message=_("第一等次比例上限应为 1 到 100。"),
            ),
            models.CheckConstraint(
                name="scheme_honour",
                condition=Q(honour="", honour_title="") | (~Q(honour="") & ~Q(honour_title="")),
                violation_error_message=_("称号的代码和名称要么都写，要么都不写。"),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("stations:evaluations")


class SchemeGrade(models.Model):
    """A grade of a scheme, the best first: from `at_least` points on. `failing`: brings rectification."""

    scheme = models.ForeignKey(EvaluationScheme, models.CASCADE, related_name="grades")
    code = models.SlugField(_("代码"))
    title = models.CharField(_("等次"), max_length=20)
    title_en = models.CharField(_("英文"), max_length=40, blank=True)
    at_least = models.DecimalField(_("最低分"), max_digits=5, decimal_places=2)
    failing = models.BooleanField(_("须整改"), default=False)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("等次")
        constraints = [models.UniqueConstraint(fields=["scheme", "code"], name="grade_once")]

    def __str__(self):
        return localised(self, "title")


class SchemeEntrant(models.Model):
    """Who takes part: all of these must hold of a station on the day of the cut-off."""

    scheme = models.ForeignKey(EvaluationScheme, models.CASCADE, related_name="entrants")
    fact = models.CharField(max_length=60)
    lookup = models.CharField(max_length=10)
    value = models.JSONField()
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("参评条件")
        constraints = [models.UniqueConstraint(fields=["scheme", "fact", "lookup"], name="entrant_once")]

    def __str__(self):
        return f"{self.scheme_id}: {self.fact}"


class SchemeDimension(models.Model):
    """A group of items: 引才效果."""

    scheme = models.ForeignKey(EvaluationScheme, models.CASCADE, related_name="dimensions")
    code = models.SlugField(_("代码"))
    title = models.CharField(_("维度"), max_length=40)
    title_en = models.CharField(_("英文"), max_length=80, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("评估维度")
        constraints = [models.UniqueConstraint(fields=["scheme", "code"], name="dimension_once")]

    def __str__(self):
        return self.title


class SchemeItem(models.Model):
    """What is measured and how many points it brings at most.

    `source` says where the figure comes from: a fact of the station's records, rows that are counted, a report of the
    station, or the judgement of a reviewer, whose figure is the points themselves. `counts` says which rows
    (see `figures`). `bands` maps a figure, a whole number as text, to the points it brings from there on; below the
    lowest there are none. `evidence`: a paper is needed.
    """

    class Source(models.TextChoices):
        FACT = "fact", _("平台记录")
        COUNTED = "counted", _("平台明细")
        REPORTED = "reported", _("单位填报")
        JUDGED = "judged", _("评审打分")

    dimension = models.ForeignKey(SchemeDimension, models.CASCADE, related_name="items")
    code = models.SlugField(_("代码"))
    title = models.CharField(_("指标"), max_length=60)
    title_en = models.CharField(_("英文"), max_length=120, blank=True)
    points = models.DecimalField(_("满分"), max_digits=5, decimal_places=2)
    source = models.CharField(_("数据来源"), max_length=10, choices=Source.choices)
    fact = models.CharField(_("事实"), max_length=60, blank=True)
    counts = models.JSONField(_("数哪些记录"), default=dict, blank=True)
    unit = models.CharField(pgettext_lazy("计量", "单位"), max_length=10, blank=True)
    unit_en = models.CharField(max_length=30, blank=True)
    hint = models.CharField(_("怎么填"), max_length=120, blank=True)
    hint_en = models.CharField(max_length=240, blank=True)
    bands = models.JSONField(_("分档"), default=dict, blank=True)
    evidence = models.BooleanField(_("须附证明"), default=False)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("评估指标")
        constraints = [
            models.UniqueConstraint(fields=["dimension", "code"], name="item_once"),
            models.CheckConstraint(
                name="item_points",
                condition=Q(points__gt=0, points__lte=100),
                violation_error_message=_("满分应大于 0，不超过 100。"),
            ),
            models.CheckConstraint(
                name="item_fact",
                condition=(Q(source="fact") & ~Q(fact="")) | (~Q(source="fact") & Q(fact="")),
                violation_error_message=_("来源为 fact 的指标须写明是哪个事实；其他来源不写。"),
            ),
            models.CheckConstraint(
                name="item_counts",
                condition=(Q(source="counted") & ~Q(counts={})) | (~Q(source="counted") & Q(counts={})),
                violation_error_message=_("来源为 counted 的指标须写明数哪些记录（counts）；其他来源不写。"),
            ),
        ]

    def __str__(self):
        return localised(self, "title")

    @property
    def judged(self):
        return self.source == self.Source.JUDGED


# --- rounds ------------------------------------------------------------------------------------


class EvaluationStatus(models.TextChoices):
    PREPARING = "preparing", pgettext_lazy("评估", "准备")
    REPORTING = "reporting", _("自评填报")
    CHECKING = "checking", _("区镇核查")
    REVIEW = "review", _("市级评审")
    PUBLICITY = "publicity", pgettext_lazy("评估", "公示")
    PUBLISHED = "published", pgettext_lazy("评估", "已公布")
    DROPPED = "dropped", _("已取消")


class EvaluationQuerySet(ScopedQuerySet):
    def visible_to(self, user):
        """Rounds of one's own city; who sees only part of it, those that have begun and concern a sheet of theirs."""
        sheets = Sheet.objects.visible_to(user).filter(evaluation=OuterRef("pk"))
        return self.filter(Q(matter__district__in=user.scope.districts) | Exists(sheets))

    def for_page(self):
        rows = self.select_related("matter__district", "scheme__clause__document")
        return rows.prefetch_related("scheme__grades")


class Evaluation(models.Model):
    """One round under one version of a scheme. Figures are those of [since, until); who takes part is asked on
    `cut_off`; `report_by` is the last day for the self-reports; the publicity runs to the end of `publicity_until`."""

    matter = models.OneToOneField("portal.Matter", models.PROTECT, related_name="+")
    scheme = models.ForeignKey(EvaluationScheme, models.PROTECT, related_name="rounds")
    name = models.CharField(_("评估名称"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=100, blank=True)
    since = models.DateField(_("评估期起"))
    until = models.DateField(_("评估期止"))
    cut_off = models.DateField(_("截止日"))
    report_by = models.DateField(_("自评截止"))
    status = models.CharField(max_length=12, choices=EvaluationStatus.choices, default=EvaluationStatus.PREPARING)
    publicity_since = models.DateField(_("公示起"), null=True, blank=True)
    publicity_until = models.DateField(_("公示止"), null=True, blank=True)
    published_on = models.DateField(_("公布日期"), null=True, blank=True)
    document = models.CharField(_("结果文号"), max_length=80, blank=True)

    objects = EvaluationQuerySet.as_manager()

    class Meta:
        verbose_name = _("评估")
        constraints = [
            models.CheckConstraint(
                name="evaluation_period",
                condition=Q(until__gt=F("since"), cut_off__gte=F("since")),
                violation_error_message=_("评估期止须晚于起，截止日不早于评估期起。"),
            ),
            models.CheckConstraint(
                name="evaluation_publicity",
                condition=~Q(status__in=["publicity", "published"])
                | Q(publicity_since__isnull=False, publicity_until__gte=F("publicity_since")),
                violation_error_message=_("公示须有起止日期。"),
            ),
            models.CheckConstraint(
                name="evaluation_published",
                condition=(Q(status="published", published_on__gt=F("publicity_until")) & ~Q(document=""))
                | (~Q(status="published") & Q(published_on=None, document="")),
                violation_error_message=_("公布须在公示期满之后，并有结果文件。"),
            ),
        ]

    def __str__(self):
        return localised(self, "name")

    def get_absolute_url(self):
        return reverse("stations:evaluation", args=[self.matter.number])


class SheetStatus(models.TextChoices):
    REPORTING = "reporting", _("待自评")
    CERTIFYING = "certifying", _("待单位审核")
    CHECKING = "checking", _("待区镇核查")
    RETURNED = "returned", pgettext_lazy("状态", "退回补正")
    REVIEW = "review", _("待市局评审")
    SCORED = "scored", _("已评分待定等")
    GRADED = "graded", _("已定等")
    EXEMPT = "exempt", _("不参评")


class SheetQuerySet(ScopedQuerySet):
    def of(self, enterprise):
        """The sheets of an enterprise's stations, the newest first, as its desk lists them."""
        rows = self.filter(station__enterprise=enterprise).select_related("matter", "grade", "evaluation__matter")
        return rows.select_related("station__matter").order_by("-pk")

    def as_of(self, on):
        """Those there were by the day, with their status of that day as `status_then`."""
        spells = Spell.objects.filter(Q(until=None) | Q(until__gt=on), matter=OuterRef("matter"), since__lte=on)
        return self.filter(matter__opened_on__lte=on).annotate(
            status_then=Subquery(spells.order_by("-since", "-pk").values("status")[:1])
        )

    def for_page(self):
        """With what the page of one sheet shows."""
        events = Event.objects.select_related("by", "revision").order_by("pk")
        rows = self.select_related("matter__organisation", "matter__district", "evaluation__matter", "grade")
        rows = rows.select_related("evaluation__scheme__clause__document", "station__enterprise__organisation")
        return rows.select_related("station__matter", "standing").prefetch_related(Prefetch("matter__events", events))


class Sheet(models.Model):
    """A station in a round (评估表). The three scores are those of the last hand-over at each level.

    `grade` is what a person decided; before publication it may still change. `decision` is what the publication saw,
    line by line, and is never computed again. A failed station's rectification is a case of its own (`standing`).
    """

    matter = models.OneToOneField("portal.Matter", models.PROTECT, related_name="+")
    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="sheets")
    station = models.ForeignKey(Station, models.PROTECT, related_name="sheets")
    status = models.CharField(max_length=12, choices=SheetStatus.choices, default=SheetStatus.REPORTING)
    self_score = models.DecimalField(_("自评分"), max_digits=5, decimal_places=2, null=True, blank=True)
    checked_score = models.DecimalField(_("核查分"), max_digits=5, decimal_places=2, null=True, blank=True)
    final_score = models.DecimalField(_("最终分"), max_digits=5, decimal_places=2, null=True, blank=True)
    grade = models.ForeignKey(SchemeGrade, models.PROTECT, null=True, blank=True, related_name="+")
    grade_note = models.CharField(_("与建议不同的理由"), max_length=200, blank=True)
    decision = models.JSONField(null=True, blank=True)

    objects = SheetQuerySet.as_manager()

    class Meta:
        verbose_name = _("评估表")
        constraints = [
            models.UniqueConstraint(
                fields=["evaluation", "station"],
                name="sheet_once",
                violation_error_message=_("一个站在一轮评估里只有一张评估表。"),
            ),
            models.CheckConstraint(
                name="sheet_scored",
                condition=~Q(status="scored") | Q(final_score__isnull=False),
                violation_error_message=_("还没有最终分，不能定等。"),
            ),
            models.CheckConstraint(
                name="sheet_decided",
                condition=~Q(status="graded")
                | Q(grade__isnull=False, final_score__isnull=False, decision__isnull=False),
                violation_error_message=_("公布的结果须有最终分、等次和依据。"),
            ),
        ]

    def __str__(self):
        return localised(self.matter, "title")

    def get_absolute_url(self):
        return reverse("stations:assessment", args=[self.matter.number])

    @property
    def shown_grade(self):
        """The grade once it is published: before that it is the bureau's alone."""
        return self.grade if self.decision else None


class Line(models.Model):
    """One item of a sheet: the figure as the records have it, as the station reports it, and as it was corrected.

    None is not known (or, of a correction, none). A correction at one level stands for all later ones, that of the
    station over the records too. `counted` are the keys of the rows that make `record`, as they were when it was taken.
    Of a judged item the station gives only the statement, and `settled` are its points.
    """

    sheet = models.ForeignKey(Sheet, models.PROTECT, related_name="lines")
    item = models.ForeignKey(SchemeItem, models.PROTECT, related_name="+")
    record = models.DecimalField(_("平台记录"), max_digits=14, decimal_places=2, null=True, blank=True)
    counted = models.JSONField(null=True, editable=False)
    claimed = models.DecimalField(_("自报"), max_digits=14, decimal_places=2, null=True, blank=True)
    statement = models.TextField(_("说明"), max_length=500, blank=True)
    checked = models.DecimalField(_("区镇核定"), max_digits=14, decimal_places=2, null=True, blank=True)
    check_note = models.CharField(_("核定理由"), max_length=200, blank=True)
    settled = models.DecimalField(_("市局评定"), max_digits=14, decimal_places=2, null=True, blank=True)
    settle_note = models.CharField(_("评定理由"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("评估表的一行")
        constraints = [
            models.UniqueConstraint(fields=["sheet", "item"], name="sheet_line_once"),
            models.CheckConstraint(
                name="line_figures",
                condition=(Q(claimed=None) | Q(claimed__gte=0))
                & (Q(checked=None) | Q(checked__gte=0))
                & (Q(settled=None) | Q(settled__gte=0)),
                violation_error_message=_("数值不能为负数。"),
            ),
            models.CheckConstraint(
                name="line_correction_says_why",
                condition=Q(checked=None) | ~Q(check_note=""),
                violation_error_message=_("改动数值要写明理由。"),
            ),
            models.CheckConstraint(
                name="line_claim_says_why",
                condition=Q(record=None) | Q(claimed=None) | ~Q(statement=""),
                violation_error_message=_("与平台明细不同，要写明理由。"),
            ),
        ]

    def __str__(self):
        return f"{self.sheet_id}: {self.item_id}"

    def validate_constraints(self, exclude=None):
        """Beside those of the table: the bureau says why it corrects a figure; the points it gives need no reason."""
        super().validate_constraints(exclude=exclude)
        corrected = self.settled is not None and not self.settle_note
        if corrected and not {"settled", "settle_note"} & set(exclude or ()) and not self.item.judged:
            raise ValidationError({NON_FIELD_ERRORS: _("改动数值要写明理由。")})

    def figure(self, level: str) -> Decimal | None:
        """The figure that holds at a level: "self", "checked" or "final". Points are given by the bureau alone."""
        if self.item.judged:
            return self.settled
        own = self.record if self.claimed is None else self.claimed
        if level == "self":
            return own
        at_district = own if self.checked is None else self.checked
        if level == "checked":
            return at_district
        return at_district if self.settled is None else self.settled


# --- honours -----------------------------------------------------------------------------------


class HonourQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(station__in=Station.objects.visible_to(user))

    def held(self, on):
        return self.filter(Q(ended_on=None) | Q(ended_on__gt=on), awarded_on__lte=on)


class Honour(models.Model):
    """A title of a station (称号), from the day of the paper that awards it to before `ended_on`.

    `sheet` is the result it rests on. A title of the same kind follows the one before; two never hold at once.
    """

    station = models.ForeignKey(Station, models.PROTECT, related_name="honours")
    code = models.SlugField(_("称号代码"))
    title = models.CharField(_("称号"), max_length=40)
    title_en = models.CharField(max_length=80, blank=True)
    awarded_on = models.DateField(_("授予日期"))
    document = models.CharField(_("授予文号"), max_length=80)
    ended_on = models.DateField(_("终止日期"), null=True, blank=True)
    end_document = models.CharField(_("终止依据"), max_length=80, blank=True)
    sheet = models.OneToOneField(Sheet, models.PROTECT, null=True, blank=True, related_name="honour")

    objects = HonourQuerySet.as_manager()

    class Meta:
        verbose_name = _("称号")
        constraints = [
            models.CheckConstraint(
                name="honour_period",
                condition=Q(ended_on=None) | Q(ended_on__gte=F("awarded_on")),
                violation_error_message=_("终止日期不早于授予日期。"),
            ),
            ExclusionConstraint(
                name="honour_one_at_a_time",
                expressions=[
                    ("station", RangeOperators.EQUAL),
                    ("code", RangeOperators.EQUAL),
                    (
                        Func("awarded_on", "ended_on", function="daterange", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_("这个站已有同样的称号，尚未终止。"),
            ),
        ]

    def __str__(self):
        return localised(self, "title")
