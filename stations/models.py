"""Enterprises, applications with their conditions, and stations. Fields follow the national and municipal forms."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, Subquery, Value
from django.db.models.functions import Coalesce, Concat
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.models import Event, Evidence, PackRow, ScopedQuerySet, Watch


class IndustryChain(PackRow):
    """A key industry chain (重点产业链) of a city. The list stays open: papers name only some of them."""

    code = models.SlugField(_("代码"))
    name = models.CharField(_("名称"), max_length=40)
    name_en = models.CharField(_("英文名称"), max_length=60, blank=True)
    clause = models.ForeignKey("portal.Clause", models.PROTECT, null=True, blank=True, related_name="+")
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("产业链")
        constraints = [
            models.UniqueConstraint(
                fields=["pack", "code"], name="chain_once", violation_error_message=_("这个代码已有产业链使用。")
            ),
            models.UniqueConstraint(
                fields=["pack", "name"], name="chain_name_once", violation_error_message=_("已有同名的产业链。")
            ),
        ]

    def __str__(self):
        return self.name


class EnterpriseQuerySet(models.QuerySet):
    def visible_to(self, user):
        scope = user.scope
        return self.filter(Q(organisation__in=scope.organisations) | Q(organisation__district__in=scope.districts))


class Enterprise(models.Model):
    """What an enterprise says of itself; the organisation holds its credit code, name and district.

    Money is yuan, people are head counts at the end of last year. None is "not told yet". `code_confirmed`: the
    credit code fails its check digit, and the enterprise says that its licence shows it so.
    """

    class UnitType(models.TextChoices):
        STATE = "state", _("国有企业")
        PRIVATE = "private", _("民营企业")
        FOREIGN = "foreign", _("外资（含台资）企业")
        JOINT = "joint", _("合资企业")
        UNIVERSITY = "university", _("高校")
        INSTITUTE = "institute", _("科研院所")
        NEW_RD = "new_rd", _("新型研发机构")
        PUBLIC = "public", _("其他事业单位")
        PARK = "park", _("园区管委会")

    class Level(models.TextChoices):
        NATIONAL = "national", _("国家级")
        PROVINCIAL = "provincial", _("省级")
        MUNICIPAL = "municipal", _("市级")
        NONE = "none", _("未认定")

    class Tag(models.TextChoices):
        HIGH_TECH = "high_tech", _("高新技术企业")
        SPECIAL = "special", _("专精特新企业（省级）")
        LITTLE_GIANT = "little_giant", _("国家级专精特新“小巨人”")
        CHAMPION = "champion", _("制造业单项冠军")
        GAZELLE = "gazelle", _("瞪羚企业")
        UNICORN = "unicorn", _("独角兽培育企业")
        TO_LIST = "to_list", _("拟上市")
        LISTED = "listed", _("已上市")
        CHAIN_LEADER = "chain_leader", _("链主企业")

    organisation = models.OneToOneField("portal.Organisation", models.PROTECT, primary_key=True, related_name="+")
    code_confirmed = models.BooleanField(default=False)
    unit_type = models.CharField(_("单位性质"), max_length=12, choices=UnitType.choices, blank=True)
    legal_person = models.BooleanField(_("独立法人"), null=True)
    address = models.CharField(_("单位地址"), max_length=160, blank=True)
    industry = models.CharField(_("国民经济行业"), max_length=60, blank=True)
    chain = models.ForeignKey(
        IndustryChain, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("重点产业链")
    )
    tags = models.JSONField(_("企业资质"), default=list, blank=True)
    revenue = models.DecimalField(_("上年度营业收入"), max_digits=14, decimal_places=2, null=True, blank=True)
    rd_spend = models.DecimalField(_("上年度研发投入"), max_digits=14, decimal_places=2, null=True, blank=True)
    staff = models.PositiveIntegerField(_("职工人数"), null=True, blank=True)
    rd_staff = models.PositiveIntegerField(_("研发人员"), null=True, blank=True)
    senior_staff = models.PositiveIntegerField(_("高级职称人员"), null=True, blank=True)
    doctors = models.PositiveIntegerField(_("博士人数"), null=True, blank=True)
    rd_name = models.CharField(_("研发机构名称"), max_length=100, blank=True)
    rd_level = models.CharField(_("研发机构级别"), max_length=12, choices=Level.choices, blank=True)
    contact = models.CharField(_("联系人"), max_length=40, blank=True)
    contact_phone = models.CharField(_("联系电话"), max_length=20, blank=True)
    version = models.PositiveIntegerField(default=0)
    confirmed_on = models.DateField(null=True)  # the day the enterprise last said that all of this is right

    objects = EnterpriseQuerySet.as_manager()

    class Meta:
        verbose_name = _("设站单位")
        indexes = [GinIndex(fields=["tags"], name="enterprise_tags")]
        constraints = [
            models.CheckConstraint(
                name="enterprise_rd_staff",
                condition=Q(rd_staff=None) | Q(staff=None) | Q(rd_staff__lte=F("staff")),
                violation_error_message=_("研发人员不能多于职工人数。"),
            ),
            models.CheckConstraint(
                name="enterprise_senior_staff",
                condition=Q(senior_staff=None) | Q(staff=None) | Q(senior_staff__lte=F("staff")),
                violation_error_message=_("高级职称人员不能多于职工人数。"),
            ),
            models.CheckConstraint(
                name="enterprise_doctors",
                condition=Q(doctors=None) | Q(staff=None) | Q(doctors__lte=F("staff")),
                violation_error_message=_("博士人数不能多于职工人数。"),
            ),
            models.CheckConstraint(
                name="enterprise_money",
                condition=(Q(revenue=None) | Q(revenue__gte=0)) & (Q(rd_spend=None) | Q(rd_spend__gte=0)),
                violation_error_message=_("金额不能为负数。"),
            ),
        ]

    # What must be known before an application may be handed in (domain: unit profile, M and C fields).
    NEEDED = (
        "unit_type",
        "legal_person",
        "address",
        "industry",
        "revenue",
        "rd_spend",
        "staff",
        "rd_staff",
        "senior_staff",
        "rd_name",
        "rd_level",
        "contact",
        "contact_phone",
    )

    def __str__(self):
        return self.organisation.name

    def get_absolute_url(self):
        return reverse("stations:enterprise", args=[self.organisation.code])


class StationKind(models.TextChoices):
    """The kinds of stations, whichever city; `level_of` gives the level that approves each."""

    NATIONAL = "national", _("国家级博士后科研工作站")
    BRANCH = "branch", _("博士后科研工作站分站")
    REGIONAL = "regional", _("区域性（园区）总站")
    BASE_PROVINCIAL = "base_provincial", _("省级博士后创新实践基地")
    BASE_CITY = "base_city", _("市级博士后科研工作站（基地）")
    DOCTOR_STATION = "doctor_station", _("博士工作站（省级）")
    OVERSEAS = "overseas", _("海外博士后工作室")

    @property
    def level(self):
        return LEVELS[self]


class StationLevel(models.TextChoices):
    NATIONAL = "national", _("国家级")
    PROVINCIAL = "provincial", _("省级")
    CITY = "city", _("市级")


LEVELS = {
    StationKind.NATIONAL: StationLevel.NATIONAL,
    StationKind.BRANCH: StationLevel.NATIONAL,
    StationKind.REGIONAL: StationLevel.NATIONAL,
    StationKind.BASE_PROVINCIAL: StationLevel.PROVINCIAL,
    StationKind.BASE_CITY: StationLevel.CITY,
    StationKind.DOCTOR_STATION: StationLevel.PROVINCIAL,
    StationKind.OVERSEAS: StationLevel.CITY,
}


class Route(models.TextChoices):
    """Who decides: the bureau itself, or a level above to whom the bureau recommends."""

    UPWARD = "upward", _("审核上报")
    RECOGNISE = "recognise", _("认定备案")


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
        return self.select_related("matter__organisation", "matter__district", "enterprise__organisation", "type")

    def for_page(self, user):
        """With what every page of a case shows: its history, oldest first, and whether this person follows it."""
        events = Event.objects.select_related("by", "revision").order_by("pk")
        followed = Watch.objects.filter(matter=OuterRef("matter"), user=user)
        return self.with_case().annotate(watched=Exists(followed)).prefetch_related(Prefetch("matter__events", events))


class Application(models.Model):
    """An application for a station. Columns may stay empty while it is a draft; the enterprise's own figures are
    copied into the revision when it is handed in.

    `salary_promise` is yuan per person and year. `reached` counts the upper levels that already have it.
    """

    matter = models.OneToOneField("portal.Matter", models.PROTECT, related_name="+")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="applications")
    type = models.ForeignKey(ApplicationType, models.PROTECT, related_name="+")
    route = models.CharField(max_length=10, choices=Route.choices)
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
    watched: bool  # by who asked, with for_page()

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


class StationStatus(models.TextChoices):
    VALID = "valid", _("有效")
    UPGRADED = "upgraded", _("已升格")
    CANCELLED = "cancelled", _("已注销")


class StationQuerySet(ScopedQuerySet):
    def valid(self, on):
        return self.filter(Q(ended_on=None) | Q(ended_on__gt=on), approved_on__lte=on)


class Station(models.Model):
    """A station in the register: it exists from the date of the paper that approves it, to before `ended_on`.

    An upgrade ends the lower station and opens the higher one, so that the stock counts it once.
    """

    matter = models.OneToOneField("portal.Matter", models.PROTECT, related_name="+")
    name = models.CharField(_("工作站名称"), max_length=120)
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="stations")
    kind = models.CharField(_("站点类型"), max_length=20, choices=StationKind.choices)
    level = models.CharField(_("级别"), max_length=12, choices=StationLevel.choices)
    chain = models.ForeignKey(
        IndustryChain, models.PROTECT, null=True, blank=True, related_name="+", related_query_name="station"
    )
    approved_on = models.DateField(_("批准日期"))
    approval_document = models.CharField(_("批准文号"), max_length=80)
    approver = models.CharField(_("批准机关"), max_length=80)
    application = models.OneToOneField(Application, models.PROTECT, null=True, related_name="+")
    upgraded_from = models.OneToOneField("self", models.PROTECT, null=True, related_name="+")
    status = models.CharField(max_length=12, choices=StationStatus.choices, default=StationStatus.VALID)
    ended_on = models.DateField(_("注销或升格日期"), null=True, blank=True)
    end_document = models.CharField(_("注销或升格文号"), max_length=80, blank=True)

    objects = StationQuerySet.as_manager()

    class Meta:
        verbose_name = _("博士后工作站")
        indexes = [models.Index(fields=["approved_on"], name="station_approved")]
        constraints = [
            models.CheckConstraint(
                name="station_end",
                condition=Q(status="valid", ended_on=None) | (~Q(status="valid") & Q(ended_on__gte=F("approved_on"))),
                violation_error_message=_("注销或升格的站须有日期，且不早于批准日期。"),
            ),
            models.UniqueConstraint(
                fields=["enterprise", "kind"],
                condition=Q(status="valid") & ~Q(kind__in=["branch", "overseas"]),
                name="one_valid_station_of_a_kind",
                violation_error_message=_("这家单位已有一个有效的同类站。"),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("stations:station", args=[self.matter.number])
