"""Schemes (资助项目): what a city gives, to whom, on what conditions and how much, as dated versions."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.models import PackRow
from portal.words import localised
from stations.disciplines import choices as disciplines


class BudgetLine(PackRow):
    """A line of the city's money from which schemes are paid (资金科目)."""

    code = models.SlugField(_("代码"))
    title = models.CharField(_("资金科目"), max_length=60)
    title_en = models.CharField(_("英文"), max_length=120, blank=True)
    clause = models.ForeignKey("portal.Clause", models.PROTECT, null=True, blank=True, related_name="+")
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("资金科目")
        constraints = [models.UniqueConstraint(fields=["pack", "code"], name="budget_line_once")]

    def __str__(self):
        return localised(self, "title")


class ScarceMajor(PackRow):
    """A discipline on the list of urgently needed majors of one year (急需紧缺专业)."""

    year = models.PositiveSmallIntegerField(_("年度"))
    discipline = models.CharField(_("一级学科"), max_length=4, choices=disciplines)
    clause = models.ForeignKey("portal.Clause", models.PROTECT, null=True, blank=True, related_name="+")
    assumed = models.BooleanField(_("征求意见"), default=False)

    class Meta:
        verbose_name = _("急需紧缺专业")
        constraints = [models.UniqueConstraint(fields=["pack", "year", "discipline"], name="scarce_major_once")]

    def __str__(self):
        return f"{self.year} {self.get_discipline_display()}"


class Payee(models.TextChoices):
    UNIT = "unit", _("设站单位")
    PERSON = "person", _("本人")
    PARK = "park", _("园区总站")
    SUPERVISOR = "supervisor", _("导师")
    REFERRER = "referrer", _("引荐单位或个人")
    BUYER = "buyer", _("购买成果的企业")


OTHERS = (Payee.SUPERVISOR, Payee.REFERRER, Payee.BUYER)  # neither the postdoc nor the unit: somebody has to name them


class SchemeQuerySet(models.QuerySet):
    def published(self):
        """Those of which a version was ever published; the others are only drafted, and the office's."""
        return self.filter(Exists(SchemeVersion.objects.published().filter(scheme=OuterRef("pk")).order_by()))


class SubsidyScheme(PackRow):
    """Something a city gives. It speaks one vocabulary, whose rows are its subjects.

    `event` names the date fact that creates the right and picks the version. Schemes with the same `group` share one
    right: who had one of them has no other. `once_per_person`: however many stays somebody has. No `line`: others pay
    it (`payer`), here it is only followed.
    """

    code = models.SlugField(_("代码"))
    title = models.CharField(_("资助项目"), max_length=40)
    title_en = models.CharField(_("英文名称"), max_length=100, blank=True)
    vocabulary = models.SlugField(_("对象"))
    event = models.SlugField(_("何时产生资格"), max_length=60)
    payee = models.CharField(_("资金给谁"), max_length=10, choices=Payee.choices)
    line = models.ForeignKey(
        BudgetLine, models.PROTECT, null=True, blank=True, related_name="schemes", verbose_name=_("资金科目")
    )
    payer = models.CharField(_("由谁兑现"), max_length=60, blank=True)
    payer_en = models.CharField(max_length=120, blank=True)
    group = models.SlugField(_("不重复享受"), blank=True)
    once_per_person = models.BooleanField(_("一生一次"), default=False)
    order = models.PositiveSmallIntegerField(default=0)

    objects = SchemeQuerySet.as_manager()

    class Meta:
        verbose_name = _("资助项目")
        constraints = [
            models.UniqueConstraint(fields=["pack", "code"], name="subsidy_once"),
            models.CheckConstraint(
                name="subsidy_paid_by_somebody",
                condition=Q(line__isnull=False, payer="") | (Q(line=None) & ~Q(payer="")),
                violation_error_message=_("要么写资金科目（本局拨付），要么写由谁兑现。"),
            ),
        ]

    def __str__(self):
        return localised(self, "title")

    def get_absolute_url(self):
        return reverse("subsidies:scheme", args=[self.code])


class Shape(models.TextChoices):
    """How an amount comes about."""

    FIXED = "fixed", _("定额")
    STEPS = "steps", _("分档")
    PER = "per", _("按数量")
    MATCHING = "matching", _("配套")
    UNSTATED = "unstated", _("文件没有写金额")


class VersionState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("规则版本", "起草")
    PROPOSED = "proposed", pgettext_lazy("规则版本", "待复核发布")
    PUBLISHED = "published", pgettext_lazy("规则版本", "已发布")


class VersionQuerySet(models.QuerySet):
    def published(self):
        """Those that were published: what only is drafted gives nothing, and is nobody's business yet."""
        return self.filter(state=VersionState.PUBLISHED)

    def for_engine(self):
        return self.select_related("scheme__pack__root", "scheme__line", "clause__document").prefetch_related(
            "conditions__clause__document", "steps", "instalments", "papers"
        )


class SchemeVersion(PackRow):
    """A scheme as it stands for whatever happens from `since` to before `until`.

    `amount` is yuan: the whole of it (fixed), of one `quantity` (per), the share in per cent of `quantity` (matching);
    None where steps or nothing say it. `limit` is the greatest quantity that counts. `ceiling` holds the whole.
    `upper` names the fact with what upper levels give; `includes_upper`: whether the ceiling includes that, None where
    the setting A16 says it or nobody knows. `window_months` is how long after its opening a claim may be made;
    `window_assumed`: no paper of the city says so, then nothing lapses. `needed`: of each group of conditions how many
    are enough. `transition` says what becomes of those from before. `boundaries` have to pass before publishing.
    """

    scheme = models.ForeignKey(SubsidyScheme, models.CASCADE, related_name="versions")
    since = models.DateField(_("执行起"))
    until = models.DateField(_("执行止"), null=True, blank=True)
    state = models.CharField(max_length=10, choices=VersionState.choices, default=VersionState.PUBLISHED)
    clause = models.ForeignKey("portal.Clause", models.PROTECT, related_name="+", verbose_name=_("依据"))
    shape = models.CharField(_("金额方式"), max_length=10, choices=Shape.choices)
    amount = models.DecimalField(_("金额"), max_digits=14, decimal_places=2, null=True, blank=True)
    quantity = models.SlugField(_("数量"), max_length=60, blank=True)
    quantity_unit = models.CharField(_("数量单位"), max_length=10, blank=True)
    quantity_unit_en = models.CharField(max_length=20, blank=True)
    limit = models.PositiveSmallIntegerField(_("最多"), null=True, blank=True)
    ceiling = models.DecimalField(_("最高"), max_digits=14, decimal_places=2, null=True, blank=True)
    upper = models.SlugField(_("上级资金"), max_length=60, blank=True)
    includes_upper = models.BooleanField(_("最高额含上级资金"), null=True, blank=True)
    window_months = models.PositiveSmallIntegerField(_("几个月内申领"), null=True, blank=True)
    window_assumed = models.BooleanField(_("申领期限为征求意见"), default=False)
    publicity_days = models.PositiveSmallIntegerField(_("公示工作日"), default=5)
    needed = models.JSONField(_("几项中至少"), default=dict, blank=True)
    assumed = models.BooleanField(_("征求意见"), default=False)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    note_en = models.CharField(max_length=500, blank=True)
    transition = models.CharField(_("新旧衔接"), max_length=200, blank=True)
    transition_en = models.CharField(max_length=400, blank=True)
    # of a version that was drafted on a page: who stands for it, who published it, and the difference they saw
    proposed_by = models.ForeignKey("portal.User", models.PROTECT, null=True, editable=False, related_name="+")
    published_by = models.ForeignKey("portal.User", models.PROTECT, null=True, editable=False, related_name="+")
    published_on = models.DateField(null=True, editable=False)
    seen = models.JSONField(null=True, editable=False)

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("资助规则版本")
        constraints = [
            ExclusionConstraint(
                name="one_version_in_force",
                expressions=[
                    ("scheme", RangeOperators.EQUAL),
                    (
                        Func(F("since"), F("until"), function="daterange", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(state="published"),
                violation_error_message=_("同一天只能有一版规则在执行：请先写明前一版的执行止。"),
            ),
            models.UniqueConstraint(
                fields=["scheme", "since"],
                name="version_since_once",
                violation_error_message=_("这一天起已有一版，请换一个执行起。"),
            ),
            models.CheckConstraint(
                name="version_period",
                condition=Q(until=None) | Q(until__gt=F("since")),
                violation_error_message=_("执行止须晚于执行起。"),
            ),
            models.CheckConstraint(
                name="version_two_people",
                condition=Q(published_by=None) | Q(proposed_by=None) | ~Q(published_by=F("proposed_by")),
                violation_error_message=_("规则须由另一人复核后发布。"),
            ),
            models.CheckConstraint(
                name="version_seen",
                condition=~Q(state="published")
                | Q(proposed_by=None)
                | Q(published_by__isnull=False, published_on__isnull=False, seen__isnull=False),
                violation_error_message=_("发布人须先看过对在册人员的影响。"),
            ),
            models.CheckConstraint(
                name="version_amount",
                condition=Q(shape__in=["fixed", "per", "matching"], amount__isnull=False, amount__gt=0)
                | Q(shape__in=["steps", "unstated"], amount=None),
                violation_error_message=_("定额、按数量、配套须写金额；分档写在各档里。"),
            ),
            models.CheckConstraint(
                name="version_quantity",
                condition=(Q(shape__in=["per", "matching"]) & ~Q(quantity=""))
                | (~Q(shape__in=["per", "matching"]) & Q(quantity="", limit=None)),
                violation_error_message=_("按数量、配套须写数量从哪里来，其他方式不写。"),
            ),
            models.CheckConstraint(
                name="version_ceiling",
                condition=Q(ceiling=None) | Q(ceiling__gt=0),
                violation_error_message=_("最高额应大于 0；没有就不写。"),
            ),
        ]

    def __str__(self):
        return f"{self.scheme} {self.since}"

    def get_absolute_url(self):
        return reverse("subsidies:version", args=[self.scheme.code, self.pk])


class Step(models.Model):
    """One step of an amount: the first whose criterion holds gives it."""

    version = models.ForeignKey(SchemeVersion, models.CASCADE, related_name="steps")
    code = models.SlugField(_("代码"))
    title = models.CharField(_("档次"), max_length=40)
    title_en = models.CharField(max_length=80, blank=True)
    fact = models.CharField(max_length=60)
    lookup = models.CharField(max_length=10)
    value = models.JSONField()
    amount = models.DecimalField(_("金额"), max_digits=14, decimal_places=2)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("档次")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="step_once"),
            models.CheckConstraint(
                name="step_amount", condition=Q(amount__gt=0), violation_error_message=_("金额应大于 0。")
            ),
        ]

    def __str__(self):
        return localised(self, "title")


class Instalment(models.Model):
    """One part of the money (第几期): it opens on the day that `opens` names, `waiting_months` later; `share` is per cent
    of the whole. A scheme paid by quantity has one, claimed again as the quantity grows, at least `every` at a time."""

    version = models.ForeignKey(SchemeVersion, models.CASCADE, related_name="instalments")
    number = models.PositiveSmallIntegerField(_("第几期"))
    title = models.CharField(_("名称"), max_length=40)
    title_en = models.CharField(max_length=80, blank=True)
    opens = models.SlugField(_("何时可领"), max_length=60)
    waiting_months = models.PositiveSmallIntegerField(_("之后几个月"), default=0)
    share = models.DecimalField(_("占比（%）"), max_digits=5, decimal_places=2, default=100)
    every = models.PositiveSmallIntegerField(_("每次至少"), default=1)

    class Meta:
        verbose_name = _("分期")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["version", "number"], name="instalment_once"),
            models.CheckConstraint(
                name="instalment_share",
                condition=Q(share__gt=0, share__lte=100),
                violation_error_message=_("占比应大于 0，不超过 100。"),
            ),
        ]

    def __str__(self):
        return localised(self, "title")


class Condition(models.Model):
    """One condition of a version. With a `fact` the records tell; without one an officer looks (`judged`).

    `assumed`: borrowed from elsewhere, so that what isn't met is for an officer to decide, and refuses nobody; where a
    `setting` is named, it is a wall as soon as that says `wall`. `purpose`: needed for the right, ends it (`stop`: no
    new money from then on), or asks money back. `group`: of those with the same, so many as the version's `needed` says.
    `ask` says who can tell what is not known, `missing` what they should bring.
    """

    class Purpose(models.TextChoices):
        NEED = "need", _("享受条件")
        STOP = "stop", _("停发")
        RECOVER = "recover", _("追回")

    class Ask(models.TextChoices):
        PERSON = "person", _("本人")
        UNIT = "unit", _("设站单位")
        DISTRICT = "district", _("区镇")
        BUREAU = "bureau", _("市局")

    version = models.ForeignKey(SchemeVersion, models.CASCADE, related_name="conditions")
    code = models.SlugField(_("代码"))
    title = models.CharField(_("条件"), max_length=60)
    title_en = models.CharField(max_length=120, blank=True)
    purpose = models.CharField(_("用途"), max_length=8, choices=Purpose.choices, default=Purpose.NEED)
    group = models.SlugField(_("组"), blank=True)
    fact = models.CharField(max_length=60, blank=True)
    lookup = models.CharField(max_length=10, blank=True)
    value = models.JSONField(null=True, blank=True)
    clause = models.ForeignKey("portal.Clause", models.PROTECT, related_name="+", verbose_name=_("依据"))
    assumed = models.BooleanField(_("征求意见"), default=False)
    setting = models.CharField(_("参数"), max_length=40, blank=True)
    wall = models.CharField(_("参数取何值时为硬条件"), max_length=40, blank=True)
    ask = models.CharField(_("向谁要"), max_length=10, choices=Ask.choices, default=Ask.UNIT)
    missing = models.CharField(_("缺什么、怎么补"), max_length=120, blank=True)
    missing_en = models.CharField(max_length=240, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("享受条件")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="subsidy_condition_once"),
            models.CheckConstraint(
                name="condition_asks",
                condition=Q(fact="", lookup="", value=None) | (~Q(fact="") & ~Q(lookup="") & Q(value__isnull=False)),
                violation_error_message=_("条件要么写全 fact、lookup、value，要么都不写（由人认定）。"),
            ),
        ]

    def __str__(self):
        return localised(self, "title")

    @property
    def judged(self) -> bool:
        return not self.fact


class SchemePaper(models.Model):
    """A document that a claim needs."""

    version = models.ForeignKey(SchemeVersion, models.CASCADE, related_name="papers")
    code = models.SlugField(_("代码"))
    title = models.CharField(_("材料"), max_length=60)
    title_en = models.CharField(max_length=120, blank=True)
    required = models.BooleanField(_("必需"), default=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("申领材料")
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["version", "code"], name="scheme_paper_once")]

    def __str__(self):
        return localised(self, "title")


class Boundary(models.Model):
    """A case that a version must decide so (边界用例): facts as given, what must come of them, and how much."""

    class Expect(models.TextChoices):
        MET = "met", _("符合")
        UNMET = "unmet", _("不符合")
        OPEN = "open", _("待认定")

    version = models.ForeignKey(SchemeVersion, models.CASCADE, related_name="boundaries")
    name = models.CharField(_("用例"), max_length=60)
    given = models.JSONField(_("事实"), default=dict, blank=True)
    expect = models.CharField(_("应为"), max_length=6, choices=Expect.choices)
    amount = models.DecimalField(_("金额"), max_digits=14, decimal_places=2, null=True, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("边界用例")
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["version", "name"], name="boundary_once")]

    def __str__(self):
        return self.name
