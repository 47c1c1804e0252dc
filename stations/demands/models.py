"""Demands of enterprises, universities with their flow stations, and what became of bringing the two together."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.models import Organisation, Pack, ScopedQuerySet
from portal.words import localised
from stations import disciplines
from stations.chains.models import IndustryChain
from stations.enterprises.models import Enterprise
from stations.ledger.models import Partner
from stations.register.models import Station

# --- demands -----------------------------------------------------------------------------------


class DemandStatus(models.TextChoices):
    DRAFT = "draft", _("草稿")
    REVIEW = "review", _("待区镇审核")
    PUBLISHED = "published", _("已发布")
    TALKING = "talking", _("对接中")
    SIGNED = "signed", _("已签约")
    ENTERED = "entered", _("已进站")
    DOWN = "down", _("已撤下")
    EXPIRED = "expired", pgettext_lazy("需求", "到期")


D = DemandStatus
UNPUBLISHED = (D.DRAFT, D.REVIEW)


class DemandQuerySet(ScopedQuerySet):
    def on_list(self, pack, on):
        """What anybody may read on the day: published to everybody, not filled, deadline not over."""
        return self.filter(
            matter__district__up__ancestor=pack.root_id,
            scope=Demand.Scope.PUBLIC,
            status__in=[D.PUBLISHED, D.TALKING],
            deadline__gte=on,
        )


class Demand(models.Model):
    """One thing an enterprise looks for. `salary` is yuan a year for each person, `funding` yuan for the research.

    `deadline` is the last day on which somebody may come forward. `disciplines` are codes of the national catalogue.
    `people` is how many are wanted; None where it is an answer that is wanted, not a person. `station` is the one
    that would take them in, None where the enterprise has none.
    """

    class Kind(models.TextChoices):
        POSTDOC = "postdoc", _("博士后招收")
        CHALLENGE = "challenge", _("揭榜领题")
        PROBLEM = "problem", _("技术难题")
        DOCTOR = "doctor", _("博士招聘")

    class Scope(models.TextChoices):
        PUBLIC = "public", pgettext_lazy("需求", "公开")
        FLOW = "flow", _("仅流动站")

    PERSONS = (Kind.POSTDOC, Kind.DOCTOR)

    matter = models.OneToOneField("portal.Matter", models.PROTECT, related_name="+")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="demands")
    station = models.ForeignKey(
        Station, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("设站的站点")
    )
    kind = models.CharField(_("需求类型"), max_length=10, choices=Kind.choices)
    title = models.CharField(pgettext_lazy("需求", "题目"), max_length=100)
    description = models.TextField(pgettext_lazy("需求", "说明"), max_length=2000)
    goals = models.TextField(_("关键技术指标"), max_length=1000, blank=True)
    chain = models.ForeignKey(
        IndustryChain, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("重点产业链")
    )
    disciplines = models.JSONField(_("一级学科"), default=list)
    people = models.PositiveSmallIntegerField(pgettext_lazy("需求", "人数"), null=True, blank=True)
    salary = models.DecimalField(_("年薪"), max_digits=14, decimal_places=2, null=True, blank=True)
    funding = models.DecimalField(_("科研经费"), max_digits=14, decimal_places=2, null=True, blank=True)
    deadline = models.DateField(_("截止日期"))
    bottleneck = models.BooleanField(_("“卡脖子”项目"), default=False)
    contact = models.CharField(_("联系人"), max_length=40)
    contact_phone = models.CharField(_("联系电话"), max_length=20)
    scope = models.CharField(_("发布范围"), max_length=8, choices=Scope.choices, default=Scope.PUBLIC)
    status = models.CharField(max_length=12, choices=D.choices, default=D.DRAFT)
    published_on = models.DateField(null=True, blank=True)

    objects = DemandQuerySet.as_manager()

    class Meta:
        verbose_name = _("需求")
        indexes = [models.Index(fields=["status", "deadline"], name="demand_list")]
        constraints = [
            models.CheckConstraint(
                name="demand_disciplines",
                condition=~Q(disciplines=[]),
                violation_error_message=_("请至少选一个一级学科。"),
            ),
            models.CheckConstraint(
                name="demand_people",
                condition=~Q(kind__in=["postdoc", "doctor"]) | Q(people__isnull=False, people__gte=1),
                violation_error_message=_("招人的需求请填人数，至少 1 人。"),
            ),
            models.CheckConstraint(
                name="demand_money",
                condition=(Q(salary=None) | Q(salary__gte=0)) & (Q(funding=None) | Q(funding__gte=0)),
                violation_error_message=_("金额不能为负数。"),
            ),
            models.CheckConstraint(
                name="demand_published",
                condition=~Q(status__in=["published", "talking", "signed", "entered", "expired"])
                | Q(published_on__isnull=False),
                violation_error_message=_("发布过的需求须有发布日期。"),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("stations:demand", args=[self.matter.number])

    @property
    def discipline_names(self) -> list[str]:
        return [disciplines.name_of(code) for code in self.disciplines]


# --- universities ------------------------------------------------------------------------------


class OfCityQuerySet(models.QuerySet):
    """Rows that a city keeps for everybody who works in it."""

    pack_path = "pack"

    def visible_to(self, user):
        scope = user.scope
        homes = Organisation.objects.filter(pk__in=scope.organisations).values("district")
        packs = Pack.objects.filter(Q(root__down__node__in=scope.districts) | Q(root__down__node__in=homes))
        return self.filter(**{f"{self.pack_path}__in": packs.values("pk")})


class FlowQuerySet(OfCityQuerySet):
    pack_path = "university__pack"


class University(models.Model):
    """A university or institute that a city works with; each city keeps a register of its own, so one may stand in
    several. `office` and `phone` are those of its postdoc office: no person's own. `key`: one of the city's key
    universities (重点高校)."""

    pack = models.ForeignKey("portal.Pack", models.PROTECT, related_name="+")
    name = models.CharField(_("高校院所"), max_length=80)
    name_en = models.CharField(_("英文名称"), max_length=120, blank=True)
    province = models.CharField(_("所在省市"), max_length=20)
    double_first = models.BooleanField(_("“双一流”"), default=False)
    key = models.BooleanField(_("重点高校"), default=False)
    office = models.CharField(_("博管办"), max_length=80, blank=True)
    phone = models.CharField(_("博管办电话"), max_length=30, blank=True)
    demo = models.BooleanField(_("演示数据"), default=False)

    objects = OfCityQuerySet.as_manager()

    class Meta:
        verbose_name = _("高校院所")
        constraints = [
            models.UniqueConstraint(
                fields=["pack", "name"],
                name="university_once",
                violation_error_message=_("名单里已有这所高校院所，请直接打开它修改。"),
            )
        ]

    def __str__(self):
        return localised(self, "name")

    def get_absolute_url(self):
        return reverse("stations:university", args=[self.pk])


class FlowStation(models.Model):
    """A postdoctoral flow station (流动站): a university is approved for each first-level discipline by itself.

    `strengths` is what its supervisors work on (专业和人才清单), in words that demands are compared with.
    """

    university = models.ForeignKey(University, models.CASCADE, related_name="flows")
    discipline = models.CharField(_("一级学科"), max_length=4)
    approved_year = models.PositiveSmallIntegerField(_("批准年份"), null=True, blank=True)
    head = models.CharField(_("负责人"), max_length=40, blank=True)
    strengths = models.TextField(_("研究方向和人才"), max_length=1000, blank=True)
    chains = models.ManyToManyField(IndustryChain, related_name="+", blank=True, verbose_name=_("服务的产业链"))

    objects = FlowQuerySet.as_manager()

    class Meta:
        verbose_name = _("流动站")
        constraints = [
            models.UniqueConstraint(
                fields=["university", "discipline"],
                name="flow_station_once",
                violation_error_message=_("这所高校院所已有这个学科的流动站。"),
            ),
            models.CheckConstraint(
                name="flow_station_discipline",
                condition=Q(discipline__regex=r"^\d{4}$"),
                violation_error_message=_("一级学科代码是 4 位数字。"),
            ),
        ]

    def __str__(self):
        return _("%(university)s%(discipline)s流动站") % {
            "university": self.university,
            "discipline": self.discipline_name,
        }

    @property
    def discipline_name(self) -> str:
        return disciplines.name_of(self.discipline)


# --- matches -----------------------------------------------------------------------------------


class MatchStatus(models.TextChoices):
    PROPOSED = "proposed", pgettext_lazy("对接", "推荐")
    TALKING = "talking", _("洽谈")
    SIGNED = "signed", _("签约")
    ENTERED = "entered", pgettext_lazy("对接", "进站")
    ENDED = "ended", _("终止")


M = MatchStatus


class Match(models.Model):
    """A demand brought together with a flow station.

    `reasons` is why it was proposed, as it was seen then. `matched_on` is the day from which it counts as a match:
    both sides had met, and a follow-up was on record; None until then. `meetings` counts the meetings of both sides.
    `people` is how many came of it. The agreement holds from `signed_on` to before `agreed_until`; `partner` is the same
    agreement in the register of the enterprise's station.
    """

    class Channel(models.TextChoices):
        PORTAL = "portal", _("平台推荐")
        CAMPUS = "campus", _("校园招聘")
        PARTNER = "partner", _("技术合作单位引荐")
        ALMA_MATER = "alma_mater", _("母校资源")
        ENVOYS = "envoys", _("科技镇长团")
        ALUMNI = "alumni", _("校友会")
        AGENCY = "agency", _("中介机构")
        CHALLENGE = "challenge", _("揭榜领题")
        OTHER = "other", pgettext_lazy("渠道", "其他")

    matter = models.OneToOneField("portal.Matter", models.PROTECT, related_name="+")
    demand = models.ForeignKey(Demand, models.PROTECT, related_name="matches")
    flow = models.ForeignKey(FlowStation, models.PROTECT, related_name="matches", verbose_name=_("流动站"))
    channel = models.CharField(_("渠道"), max_length=12, choices=Channel.choices, default=Channel.PORTAL)
    reasons = models.JSONField(default=list, blank=True)
    status = models.CharField(max_length=12, choices=M.choices, default=M.PROPOSED)
    meetings = models.PositiveSmallIntegerField(default=0)
    met_on = models.DateField(null=True, blank=True)
    matched_on = models.DateField(null=True, blank=True)
    signed_on = models.DateField(_("签约日期"), null=True, blank=True)
    agreed_until = models.DateField(_("协议有效期至"), null=True, blank=True)
    partner = models.ForeignKey("stations.Partner", models.SET_NULL, null=True, blank=True, related_name="+")
    entered_on = models.DateField(_("进站日期"), null=True, blank=True)
    people = models.PositiveSmallIntegerField(_("引进人数"), null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("对接")
        indexes = [models.Index(fields=["matched_on"], name="match_matched")]
        constraints = [
            models.UniqueConstraint(
                fields=["demand", "flow"],
                condition=~Q(status="ended"),
                name="match_once",
                violation_error_message=_("这条需求和这个流动站已在对接。"),
            ),
            models.CheckConstraint(
                name="match_order",
                condition=(Q(matched_on=None) | Q(matched_on__gte=F("met_on"), met_on__isnull=False))
                & (Q(entered_on=None) | Q(signed_on__isnull=False, entered_on__gte=F("signed_on"))),
                violation_error_message=_("对接、签约、进站的日期应依次不早于前一步。"),
            ),
            models.CheckConstraint(
                name="match_agreement",
                condition=Q(agreed_until=None) | Q(signed_on__isnull=False, agreed_until__gt=F("signed_on")),
                violation_error_message=_("协议的最后一天不能早于签约日期。"),
            ),
            models.CheckConstraint(
                name="match_result",
                condition=(~Q(status="signed") | Q(signed_on__isnull=False))
                & (~Q(status="entered") | Q(entered_on__isnull=False, people__isnull=False, people__gte=1)),
                violation_error_message=_("签约须有日期；进站须有日期和人数。"),
            ),
        ]

    def __str__(self):
        return localised(self.matter, "title")

    def get_absolute_url(self):
        return reverse("stations:match", args=[self.matter.number])


class Contact(models.Model):
    """One time that the two sides of a match spoke: when, how, what came of it. Never deleted. `both`: both sides
    took part in person."""

    class Way(models.TextChoices):
        EVENT = "event", _("对接活动")
        MEETING = "meeting", _("上门洽谈")
        ONLINE = "online", _("线上会议")
        CALL = "call", _("电话或函件")

    match = models.ForeignKey(Match, models.PROTECT, related_name="contacts")
    on = models.DateField(pgettext_lazy("联系", "日期"))
    way = models.CharField(_("方式"), max_length=10, choices=Way.choices)
    both = models.BooleanField(_("双方都参加"))
    result = models.CharField(_("结果"), max_length=500)
    by = models.ForeignKey("portal.User", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("联系记录")

    def __str__(self):
        return f"{self.match_id} {self.on}"


# --- the pairing of key enterprises and key universities ---------------------------------------


class Pairing(models.Model):
    """One line of the pairing that the plan asks for: a host and the university that fits it best.

    `kept`: the bureau has looked at it, and proposing again leaves it as it is. `reasons` is what spoke for it.
    """

    pack = models.ForeignKey("portal.Pack", models.PROTECT, related_name="+")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="+")
    university = models.ForeignKey(University, models.PROTECT, related_name="+", verbose_name=_("高校院所"))
    reasons = models.JSONField(default=list, blank=True)
    kept = models.BooleanField(default=False)
    by = models.ForeignKey("portal.User", models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    objects = OfCityQuerySet.as_manager()

    class Meta:
        verbose_name = _("精准对接配对")
        constraints = [
            models.UniqueConstraint(
                fields=["pack", "enterprise"],
                name="pairing_once",
                violation_error_message=_("这家单位已有一所配对的高校。"),
            )
        ]

    def __str__(self):
        return f"{self.enterprise_id} × {self.university_id}"


class UniversityName(models.Model):
    """Another way in which agreements name a university: short, former, or misspelt. Said by `by` on `on`."""

    pack = models.ForeignKey("portal.Pack", models.PROTECT, related_name="+")
    university = models.ForeignKey(University, models.CASCADE, related_name="other_names")
    name = models.CharField(_("协议里的名称"), max_length=80)
    on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("高校院所的其他名称")
        constraints = [
            models.UniqueConstraint(
                fields=["pack", "name"],
                name="university_name_once",
                violation_error_message=_("这个名称已经关联到一所高校院所。"),
            )
        ]

    def __str__(self):
        return self.name


class Cooperation(models.Model):
    """One agreement with a university of the register: a match that was signed, or a row of a station's partners.

    A view of the database, never written. In force from `since` to before `until`; None: no end is known. An agreement
    that a match led to shows as both: count universities, not rows.
    """

    matter = models.ForeignKey("portal.Matter", models.DO_NOTHING, related_name="+")
    enterprise = models.ForeignKey(Enterprise, models.DO_NOTHING, related_name="+")
    university = models.ForeignKey(University, models.DO_NOTHING, related_name="+")
    match = models.ForeignKey(Match, models.DO_NOTHING, null=True, related_name="+")
    partner = models.ForeignKey(Partner, models.DO_NOTHING, null=True, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        managed = False
        verbose_name = _("签约合作")

    def __str__(self):
        return f"{self.enterprise} × {self.university}"
