"""The reserve pool (储备库): enterprises on their way to a station, what each still lacks, and the plan to get there."""

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, F, Min, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, NullIf
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.models import PackRow, ScopedQuerySet
from portal.words import word_of
from stations.applications.models import ApplicationType
from stations.enterprises.models import Enterprise


class PoolBasis(PackRow):
    """On what an enterprise may enter the pool of a city. `focus`: a group that the city's paper aims at; the others
    may enter as well."""

    code = models.SlugField(_("代码"))
    title = models.CharField(_("入库依据"), max_length=40)
    title_en = models.CharField(_("英文"), max_length=80, blank=True)
    focus = models.BooleanField(_("重点对象"), default=True)
    clause = models.ForeignKey("portal.Clause", models.PROTECT, related_name="+", verbose_name=_("依据"))
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("入库依据")
        constraints = [models.UniqueConstraint(fields=["pack", "code"], name="pool_basis_once")]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return f"{reverse('stations:pool')}?basis={self.pk}"


class PoolBasisCriterion(models.Model):
    """What our own data can say of a basis: any one of its criteria is enough. A hint, never a wall."""

    basis = models.ForeignKey(PoolBasis, models.CASCADE, related_name="criteria")
    fact = models.CharField(max_length=60)
    lookup = models.CharField(max_length=10)
    value = models.JSONField()
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("数据提示")
        constraints = [models.UniqueConstraint(fields=["basis", "fact", "lookup"], name="pool_criterion_once")]

    def __str__(self):
        return f"{self.basis_id}: {self.fact}"


class PoolStatus(models.TextChoices):
    """NEW is never seen: an entry is written and handed in within one transaction."""

    NEW = "new", _("登记")
    DISTRICT = "district", _("待区镇意见")
    RETURNED = "returned", pgettext_lazy("状态", "退回补正")
    BUREAU = "bureau", _("待市局选拔")
    ADMITTED = "admitted", _("在库待定方案")
    GROWING = "growing", _("培育中")
    APPLIED = "applied", _("已申报")
    ESTABLISHED = "established", _("已建站出库")
    LEFT = "left", _("已退出储备库")
    WITHDRAWN = "withdrawn", _("已撤回")


IN_POOL = (PoolStatus.ADMITTED, PoolStatus.GROWING, PoolStatus.APPLIED)
IN_SELECTION = (PoolStatus.DISTRICT, PoolStatus.RETURNED, PoolStatus.BUREAU)
ENDED = (PoolStatus.ESTABLISHED, PoolStatus.LEFT, PoolStatus.WITHDRAWN)


class PoolTier(models.TextChoices):
    """How near an enterprise is to applying: proposed from its gaps, decided by a person."""

    A = "a", _("A 可申报")
    B = "b", _("B 一年内")
    C = "c", _("C 苗子")


class PoolSource(models.TextChoices):
    UNIT = "unit", _("企业自荐")
    DISTRICT = "district", _("区镇推荐")
    BUREAU = "bureau", _("市级筛选")


class Intention(models.TextChoices):
    FIRM = "firm", _("有明确意向")
    SOME = "some", _("有意向")
    NONE = "none", _("暂无")


class LeavingReason(models.TextChoices):
    MOVED = "moved", _("迁出本市")
    CLOSED = "closed", _("注销、破产或重组")
    UNWILLING = "unwilling", _("连续两年没有招收意向")
    UNFIT = "unfit", _("不再具备培育条件")
    HOSTED = "hosted", _("已有工作站")
    OTHER = "other", pgettext_lazy("退出", "其他")


class PoolEntryQuerySet(ScopedQuerySet):
    def open(self):
        return self.exclude(status__in=ENDED)

    def in_pool(self):
        return self.filter(status__in=IN_POOL)

    def with_case(self):
        return self.select_related(
            *("matter__organisation", "matter__district", "enterprise__organisation", "enterprise__chain"),
            *("target", "contact", "application__matter"),
        ).prefetch_related("bases")

    def for_list(self):
        """With what a line of a list says; its bases by `with_names_of_bases()`."""
        return self.select_related(
            "matter__district", "enterprise__organisation", "enterprise__chain", "target", "contact"
        )

    def with_names_of_bases(self, english):
        """`bases_named`: on what an entry rests, in words; for lists."""
        title = Coalesce(NullIf("title_en", Value("")), "title") if english else F("title")
        rows = PoolBasis.objects.filter(entry=OuterRef("pk")).order_by("order", "pk")
        return self.annotate(bases_named=ArraySubquery(rows.annotate(said=title).values("said")))

    def with_measures(self, on):
        """`measures_all`, `measures_done`, `measures_late` (open and past their day) and `next_due` of the plan."""
        mine = Measure.objects.filter(entry=OuterRef("pk")).order_by().values("entry")

        def number(**values):
            return Coalesce(Subquery(mine.filter(**values).annotate(n=Count("pk")).values("n")), 0)

        return self.annotate(
            measures_all=number(),
            measures_done=number(done_on__isnull=False),
            measures_late=number(done_on=None, due_on__lt=on),
            next_due=Subquery(mine.filter(done_on=None).annotate(day=Min("due_on")).values("day")),
        )


class PoolEntry(models.Model):
    """One stay of an enterprise in the reserve pool, from its application or its district's proposal to its end.

    `entered_on` is the day the bureau took it in, `ended_on` the first day on which it is out again (or its
    application for the pool ended without entry). `plan` is the one made for this enterprise (一企一策); its measures
    are rows of their own. `application` is the station application that it handed in while in the pool. `intention` is
    not known of whom the bureau found, until their district has asked them.
    """

    matter = models.OneToOneField("portal.Matter", models.PROTECT, related_name="+")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="pool_entries")
    status = models.CharField(_("状态"), max_length=12, choices=PoolStatus.choices, default=PoolStatus.NEW)
    source = models.CharField(_("来源"), max_length=10, choices=PoolSource.choices)
    bases = models.ManyToManyField(
        PoolBasis, through="PoolGround", related_name="+", related_query_name="entry", verbose_name=_("入库依据")
    )
    intention = models.CharField(_("招收意向"), max_length=6, choices=Intention.choices, blank=True)
    statement = models.TextField(_("情况说明"), max_length=500, blank=True)
    target = models.ForeignKey(ApplicationType, models.PROTECT, related_name="+", verbose_name=_("目标"))
    target_year = models.PositiveSmallIntegerField(
        _("目标年份"), validators=[MinValueValidator(2020), MaxValueValidator(2099)]
    )
    tier = models.CharField(_("培育梯队"), max_length=1, choices=PoolTier.choices, blank=True)
    contact = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("区镇联系人")
    )
    plan = models.TextField(_("培育方案"), max_length=2000, blank=True)
    entered_on = models.DateField(_("入库日期"), null=True, blank=True)
    ended_on = models.DateField(_("出库日期"), null=True, blank=True)
    left_because = models.CharField(_("退出原因"), max_length=10, choices=LeavingReason.choices, blank=True)
    application = models.ForeignKey(
        "stations.Application", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("设站申报")
    )
    bases_named: list[str]  # with with_names_of_bases()
    measures_all: int  # these four with with_measures()
    measures_done: int
    measures_late: int

    get_status_display = word_of("status", PoolStatus)
    get_tier_display = word_of("tier", PoolTier)

    objects = PoolEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("储备库")
        indexes = [models.Index(fields=["status", "tier"], name="pool_entry_tier")]
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise"],
                condition=~Q(status__in=["established", "left", "withdrawn"]),
                name="one_open_pool_entry",
                violation_error_message=_("这家单位已经在储备库，或正在选拔，不能重复入库。"),
            ),
            models.CheckConstraint(
                name="pool_entry_entered",
                condition=Q(status__in=["new", "district", "returned", "bureau", "withdrawn"], entered_on=None, tier="")
                | Q(status="left")
                | (
                    Q(status__in=["admitted", "growing", "applied", "established"], entered_on__isnull=False)
                    & ~Q(tier="")
                ),
                violation_error_message=_("在库单位须有入库日期和培育梯队，未入库的没有。"),
            ),
            models.CheckConstraint(
                name="pool_entry_ended",
                condition=Q(status__in=["established", "left", "withdrawn"], ended_on__isnull=False)
                | (~Q(status__in=["established", "left", "withdrawn"]) & Q(ended_on=None)),
                violation_error_message=_("出库单位须有出库日期，在库的没有。"),
            ),
            models.CheckConstraint(
                name="pool_entry_period",
                condition=Q(ended_on=None) | Q(entered_on=None) | Q(ended_on__gte=F("entered_on")),
                violation_error_message=_("出库日期不能早于入库日期。"),
            ),
            models.CheckConstraint(
                name="pool_entry_left",
                condition=(Q(status="left") & ~Q(left_because="")) | (~Q(status="left") & Q(left_because="")),
                violation_error_message=_("退出储备库须有退出原因。"),
            ),
            models.CheckConstraint(
                name="pool_entry_intention",
                condition=~Q(intention="") | Q(source="bureau"),
                violation_error_message=_("请选一项招收意向。"),
            ),
            models.CheckConstraint(
                name="pool_entry_applied",
                condition=~Q(status="applied") | Q(application__isnull=False),
                violation_error_message=_("“已申报”须有对应的设站申报。"),
            ),
            models.CheckConstraint(
                name="pool_entry_year",
                condition=Q(target_year__gte=2020, target_year__lte=2099),
                violation_error_message=_("目标年份应在 2020 至 2099 之间。"),
            ),
        ]

    def __str__(self):
        return f"{self.matter.number} {self.enterprise}"

    def get_absolute_url(self):
        return reverse("stations:pool_entry", args=[self.matter.number])

    @property
    def is_in_pool(self):
        return self.status in IN_POOL

    @property
    def is_open(self):
        return self.status not in ENDED


class PoolGround(models.Model):
    """One basis on which an entry rests."""

    entry = models.ForeignKey(PoolEntry, models.CASCADE, related_name="grounds")
    basis = models.ForeignKey(PoolBasis, models.PROTECT, related_name="+", related_query_name="ground")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "basis"], name="pool_ground_once")]

    def __str__(self):
        return f"{self.entry_id}: {self.basis_id}"


class Measure(models.Model):
    """One thing that somebody does for the enterprise by a day; done on the day that `done_on` says."""

    class Owner(models.TextChoices):
        UNIT = "unit", pgettext_lazy("责任方", "企业")
        DISTRICT = "district", pgettext_lazy("责任方", "区镇")
        BUREAU = "bureau", pgettext_lazy("责任方", "市局")

    entry = models.ForeignKey(PoolEntry, models.CASCADE, related_name="measures")
    text = models.CharField(_("措施"), max_length=200)
    owner = models.CharField(_("责任方"), max_length=10, choices=Owner.choices)
    due_on = models.DateField(_("完成时限"))
    done_on = models.DateField(_("完成日期"), null=True, blank=True)
    done_note = models.CharField(_("完成情况"), max_length=200, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_on = models.DateField()

    class Meta:
        verbose_name = _("培育措施")
        indexes = [models.Index(fields=["due_on"], condition=Q(done_on=None), name="measure_open")]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "text"],
                name="measure_once",
                violation_error_message=_("方案里已有同样的措施。"),
            ),
            models.CheckConstraint(
                name="measure_note",
                condition=Q(done_on__isnull=False) | Q(done_note=""),
                violation_error_message=_("填写了完成情况，请同时填写完成日期。"),
            ),
        ]

    def __str__(self):
        return self.text
