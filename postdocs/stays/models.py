"""Stays (在站经历): one person at one station, from the intended entry over the filed one to exit or withdrawal."""

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Prefetch, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.models import Event, PackRow, Role, ScopedQuerySet
from portal.words import localised, word_of
from postdocs.people.models import HOME, Person
from stations.disciplines import choices as disciplines
from stations.models import FlowStation, Station, Supervisor


class StayStatus(models.TextChoices):
    DRAFT = "draft", _("拟进站")
    DISTRICT = "district", _("待区镇核对")
    FILING = "filing", _("待全国备案")
    HERE = "here", _("在站")
    EXITING = "exiting", _("办理出站")
    CHECKING = "checking", _("待区镇核对出站")
    ISSUING = "issuing", _("待登记出站")
    LEFT = "left", _("已出站待登记去向")
    SETTLED = "settled", _("已出站")
    WISHING = "wishing", _("本人申请退站")
    WITHDRAWING = "withdrawing", _("待退站")
    WITHDRAWN = "withdrawn", _("已退站")
    DROPPED = "dropped", _("未进站")


S = StayStatus
BEFORE = (S.DRAFT, S.DISTRICT, S.FILING)  # not entered yet
INSIDE = (S.HERE, S.EXITING, S.CHECKING, S.ISSUING, S.WISHING, S.WITHDRAWING)  # entered and not out
OUT = (S.LEFT, S.SETTLED)


class RecruitType(models.TextChoices):
    """How a postdoc is recruited (招收类型), as the national system lists it."""

    JOINT = "joint", _("工作站联合招收")
    ALONE = "alone", _("工作站单独招收")
    FLOW = "flow", _("流动站招收")
    EXCHANGE = "exchange", _("国际交流计划")
    INNOVATION = "innovation", _("创新人才支持计划")
    OTHER = "other", pgettext_lazy("招收类型", "其他")


class Identity(models.TextChoices):
    """What somebody is when they enter (当前身份): it decides full-time or in-service, and which papers are needed."""

    GRADUATE = "graduate", _("非定向就业博士毕业生")
    ASSIGNED = "assigned", _("定向委培博士毕业生")
    EMPLOYED = "employed", _("在职人员")
    MILITARY = "military", _("现役军人")
    FREE = "free", _("无人事（劳动）关系人员")
    DISCHARGED = "discharged", _("转业（复员）军人")
    HMT = "hmt", _("港澳台人员")
    FOREIGN = "foreign", _("外籍人员")


IN_SERVICE = (Identity.ASSIGNED, Identity.EMPLOYED, Identity.MILITARY)  # keep their employment elsewhere (在职)


class Channel(models.TextChoices):
    """How the station found them (引才渠道)."""

    CAMPUS = "campus", _("校园招聘")
    PARTNER = "partner", _("技术合作单位引荐")
    ALMA_MATER = "alma_mater", _("博士后母校资源")
    TECH_TEAM = "tech_team", _("科技镇长团")
    ALUMNI = "alumni", _("校友会")
    AGENCY = "agency", _("中介机构")
    CHALLENGE = "challenge", _("揭榜领题")
    MATCHING = "matching", _("校企对接")
    SELF = "self", _("自荐")
    OTHER = "other", pgettext_lazy("引才渠道", "其他")


class WithdrawalGround(models.TextChoices):
    """Why somebody is withdrawn (退站原因), numbered as offices number them."""

    W01 = "01", _("进站半年未取得国家承认的博士学位证书")
    W02 = "02", _("以虚假材料进站")
    W03 = "03", _("中期或出站考核不合格")
    W04 = "04", _("严重违反学术道德")
    W05 = "05", _("受刑事处罚")
    W06 = "06", _("旷工等违反劳动纪律")
    W07 = "07", _("患病难以完成研究")
    W08 = "08", _("出国逾期不归超过三十天")
    W09 = "09", _("期满无正当理由不办出站")
    W10 = "10", _("在站超过六年")
    W11 = "11", _("个人申请")
    W12 = "12", _("设站单位原因")
    W99 = "99", pgettext_lazy("退站原因", "其他")


class Side(models.TextChoices):
    """Who asks for a withdrawal."""

    UNIT = "unit", pgettext_lazy("退站", "设站单位")
    PERSON = "person", pgettext_lazy("退站", "博士后本人")


class StayQuerySet(ScopedQuerySet):
    def reach(self, user):
        """Those of one's enterprise or district, and one's own once it was handed in."""
        reach = super().reach(user)
        if Role.POSTDOC in user.scope.roles:
            reach |= Q(person__user=user, matter__filed_on__isnull=False)
        return reach

    def entered(self, on):
        return self.filter(entered_on__lte=on)

    def inside(self, on):
        """In station on a day."""
        return self.entered(on).filter(Q(ended_on=None) | Q(ended_on__gt=on))

    def for_page(self):
        events = Event.objects.select_related("by").order_by("pk")
        rows = self.select_related(
            "matter__organisation",
            "matter__district",
            "person",
            "station__matter",
            "station__enterprise__organisation",
            "station__chain",
            "flow_station__university",
            "supervisor",
            "match__matter",
        )
        return rows.prefetch_related(Prefetch("matter__events", events), "person__papers")


class Stay(models.Model):
    """One stay. Columns are empty in a draft; a constraint closes them with the filed entry.

    `entered_on` is the date of the filing in the national system, which wins over every other (A38); `ended_on` the
    first day on which the person is no longer in station, by exit or by withdrawal. `planned_until` is the last day
    agreed in the contract or a later extension. `salary` is yuan a year. `committee_number` is given out by the national
    office with the filing. `reported_on` is the day the person began work. `second_station`: where somebody who left enters a
    second time (转二站). `match`: the match of a demand that led to it, of the same enterprise and, where the demand names
    one, the same station or the one that was upgraded to it; a trigger of the database says so (`stay_match_agrees`).
    """

    # what the enterprise types about the stay itself; what it types about the person is in Person.NEEDED
    NEEDED = ("recruit_type", "identity", "topic", "discipline", "supervisor_name", "contract_since", "planned_until")

    matter = models.OneToOneField("portal.Matter", models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="stays")
    station = models.ForeignKey(Station, models.PROTECT, related_name="stays", db_index=False)
    status = models.CharField(max_length=12, choices=S.choices, default=S.DRAFT)
    recruit_type = models.CharField(_("招收类型"), max_length=12, choices=RecruitType.choices, blank=True)
    identity = models.CharField(_("当前身份"), max_length=12, choices=Identity.choices, blank=True)
    flow_station = models.ForeignKey(
        FlowStation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("一个", "合作流动站"),
    )
    discipline = models.CharField(_("招收一级学科"), max_length=4, choices=disciplines, blank=True)
    supervisor = models.ForeignKey(Supervisor, models.SET_NULL, null=True, blank=True, related_name="+", editable=False)
    supervisor_name = models.CharField(_("企业导师"), max_length=60, blank=True)
    flow_supervisor = models.CharField(_("流动站导师"), max_length=60, blank=True)
    topic = models.CharField(_("研究题目"), max_length=160, blank=True)
    contract_since = models.DateField(_("合同起"), null=True, blank=True)
    planned_until = models.DateField(_("合同止（预计出站）"), null=True, blank=True)
    salary = models.DecimalField(_("年薪"), max_digits=14, decimal_places=2, null=True, blank=True)
    channel = models.CharField(_("引才渠道"), max_length=12, choices=Channel.choices, blank=True)
    entered_on = models.DateField(_("进站日期"), null=True, blank=True)
    committee_number = models.CharField(_("博管会编号"), max_length=40, blank=True)
    reported_on = models.DateField(_("报到日期"), null=True, blank=True)
    ended_on = models.DateField(_("出站或退站日期"), null=True, blank=True)
    certificate_number = models.CharField(_("博士后证书编号"), max_length=40, blank=True)
    withdrawn_on = models.DateField(_("退站日期"), null=True, blank=True)
    withdrawal_ground = models.CharField(_("退站原因"), max_length=2, choices=WithdrawalGround.choices, blank=True)
    withdrawal_side = models.CharField(_("谁提出退站"), max_length=6, choices=Side.choices, blank=True)
    second_station = models.CharField(_("转入的设站单位"), max_length=80, blank=True)
    match = models.ForeignKey(
        *("stations.Match", models.PROTECT),
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        db_index=False,  # few have one: see the index below
        verbose_name=_("对接"),
    )

    get_status_display = word_of("status", StayStatus)
    get_recruit_type_display = word_of("recruit_type", RecruitType)
    get_identity_display = word_of("identity", Identity)

    objects = StayQuerySet.as_manager()

    class Meta:
        verbose_name = _("在站经历")
        indexes = [
            models.Index(fields=["entered_on"], name="stay_entered"),
            models.Index(fields=["station", "status"], name="stay_station"),
            models.Index(fields=["planned_until"], condition=Q(ended_on=None), name="stay_due"),
            models.Index(fields=["match"], condition=Q(match__isnull=False), name="stay_match"),
        ]
        constraints = [
            ExclusionConstraint(
                name="stays_of_a_person_apart",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    (
                        Func(F("entered_on"), F("ended_on"), function="daterange", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(entered_on__isnull=False),
                violation_error_message=_("这个人在这段时间已有另一段在站经历，两段不能重叠。请核对进站、出站日期。"),
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(status__in=["draft", "district", "filing"]),
                name="one_entry_under_way",
                violation_error_message=_("这个人已有一件进站在办。"),
            ),
            models.UniqueConstraint(
                fields=["committee_number"],
                condition=~Q(committee_number=""),
                name="committee_number_once",
                violation_error_message=_("这个博管会编号已登记给另一段在站经历，请核对。"),
            ),
            models.CheckConstraint(
                name="stay_entered_or_not",
                condition=Q(status__in=["draft", "district", "filing", "dropped"], entered_on=None)
                | (~Q(status__in=["draft", "district", "filing", "dropped"]) & Q(entered_on__isnull=False)),
                violation_error_message=_("已进站的须有进站日期，未进站的不能有。"),
            ),
            models.CheckConstraint(
                name="stay_ended_or_not",
                condition=Q(status__in=["left", "settled", "withdrawn"], ended_on__gt=F("entered_on"))
                | (~Q(status__in=["left", "settled", "withdrawn"]) & Q(ended_on=None)),
                violation_error_message=_("出站或退站日期须晚于进站日期，未出站的不能有。"),
            ),
            models.CheckConstraint(
                name="stay_withdrawn",
                condition=Q(status="withdrawn", withdrawn_on=F("ended_on")) & ~Q(withdrawal_ground="")
                | ~Q(status="withdrawn") & Q(withdrawn_on=None),
                violation_error_message=_("退站须有日期和原因。"),
            ),
            models.CheckConstraint(
                name="stay_contract",
                condition=Q(contract_since=None) | Q(planned_until=None) | Q(planned_until__gt=F("contract_since")),
                violation_error_message=_("合同止须晚于合同起。"),
            ),
            models.CheckConstraint(
                name="stay_salary",
                condition=Q(salary=None) | Q(salary__gt=0),
                violation_error_message=_("年薪应大于 0；还不知道就空着。"),
            ),
        ]  # fmt: skip

    def __str__(self):
        return localised(self.matter, "title")

    def get_absolute_url(self):
        return reverse("postdocs:stay", args=[self.matter.number])

    @property
    def in_service(self) -> bool | None:
        """在职 rather than 全职; None as long as the identity isn't known."""
        return self.identity in IN_SERVICE if self.identity else None

    def is_overdue(self, on: date) -> bool:
        """Still in station after the last agreed day."""
        return self.status in INSIDE and self.planned_until is not None and self.planned_until < on


# --- what a city lays down ---------------------------------------------------------------------


class EntryPaper(PackRow):
    """A document that a stay needs (进出站材料) at one `stage`: of everybody, or only of some identities, of joint
    recruits or of those with a degree from abroad. `months` is how long after the entry one of the entry may still
    follow; None: with the entry."""

    class Stage(models.TextChoices):
        ENTRY = "entry", pgettext_lazy("材料", "进站")
        EXIT = "exit", pgettext_lazy("材料", "出站")
        WITHDRAWAL = "withdrawal", pgettext_lazy("材料", "退站")

    class For(models.TextChoices):
        ALL = "all", _("所有人")
        JOINT = "joint", _("联合招收")
        ABROAD = "abroad", _("国（境）外学位")

    code = models.SlugField(_("代码"), max_length=30)
    title = models.CharField(_("材料"), max_length=60)
    title_en = models.CharField(_("英文"), max_length=120, blank=True)
    hint = models.CharField(_("说明"), max_length=160, blank=True)
    hint_en = models.CharField(max_length=240, blank=True)
    stage = models.CharField(_("哪个环节"), max_length=10, choices=Stage.choices, default=Stage.ENTRY)
    whom = models.CharField(_("谁要交"), max_length=8, choices=For.choices, default=For.ALL)
    identities = models.JSONField(_("哪些身份"), default=list, blank=True)  # empty: all
    required = models.BooleanField(_("必交"), default=True)
    months = models.PositiveSmallIntegerField(_("可在进站后几个月内补交"), null=True, blank=True)
    clause = models.ForeignKey("portal.Clause", models.PROTECT, related_name="+", verbose_name=_("依据"))
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("进站材料")
        constraints = [
            models.UniqueConstraint(fields=["pack", "code"], name="entry_paper_once"),
            models.CheckConstraint(
                name="entry_paper_follows",
                condition=Q(months=None) | Q(stage="entry"),
                violation_error_message=_("只有进站材料可以在进站后补交。"),
            ),
        ]

    def __str__(self):
        return localised(self, "title")

    def is_for(self, stay: "Stay") -> bool:
        """Whether this stay needs it."""
        if self.identities and stay.identity not in self.identities:
            return False
        if self.whom == self.For.JOINT:
            return stay.recruit_type == RecruitType.JOINT
        return self.whom == self.For.ALL or stay.person.degree_country not in ("", HOME)


# --- milestones --------------------------------------------------------------------------------


class MilestoneKind(models.TextChoices):
    PROPOSAL = "proposal", _("开题")
    MIDTERM = "midterm", _("中期考核")
    ANNUAL = "annual", _("年度考核")
    ASSESSMENT = "assessment", _("出站考核")


class Grade(models.TextChoices):
    EXCELLENT = "excellent", _("优秀")
    GOOD = "good", _("良好")
    PASSED = "passed", _("合格")
    FAILED = "failed", _("不合格")


class MilestoneRule(PackRow):
    """When a milestone is due: it opens `opens` months after the entry and is due `due` months after it; None: never
    too early, or at no fixed time. One that failed is held again within `again` months. `assumed`: no paper of this
    city says so."""

    kind = models.CharField(_("节点"), max_length=12, choices=MilestoneKind.choices)
    opens = models.PositiveSmallIntegerField(_("进站后几个月起"), null=True, blank=True)
    due = models.PositiveSmallIntegerField(_("进站后几个月内"), null=True, blank=True)
    again = models.PositiveSmallIntegerField(_("未通过后几个月内重新进行"), null=True, blank=True)
    panel = models.PositiveSmallIntegerField(_("专家至少几人"), null=True, blank=True)
    assumed = models.BooleanField(_("征求意见"), default=False)
    clause = models.ForeignKey("portal.Clause", models.PROTECT, related_name="+", verbose_name=_("依据"))

    class Meta:
        verbose_name = _("在站节点")
        constraints = [
            models.UniqueConstraint(fields=["pack", "kind"], name="milestone_rule_once"),
            models.CheckConstraint(
                name="milestone_rule_period",
                condition=Q(opens=None) | Q(due=None) | Q(due__gte=F("opens")),
                violation_error_message=_("截止不能早于开始。"),
            ),
        ]

    def __str__(self):
        return str(self.get_kind_display())

    def get_absolute_url(self):
        return reverse("postdocs:due")

    @property
    def code(self) -> str:
        return self.kind


class Milestone(models.Model):
    """Something that was held for a stay: a proposal, an assessment. One that failed is followed by another.

    `panel` is how many experts sat; `chaired` whether the supervisor chaired it, which none may. `checked_by` is the
    official who looked; until then it is the enterprise's word, which counts for what is due but not for money.
    """

    stay = models.ForeignKey(Stay, models.PROTECT, related_name="milestones")
    kind = models.CharField(_("节点"), max_length=12, choices=MilestoneKind.choices)
    held_on = models.DateField(_("日期"))
    grade = models.CharField(_("结果"), max_length=10, choices=Grade.choices)
    title = models.CharField(_("题目"), max_length=160, blank=True)
    panel = models.PositiveSmallIntegerField(_("专家人数"), null=True, blank=True)
    chaired = models.BooleanField(_("由合作导师任组长"), null=True, blank=True)
    opinion = models.CharField(_("意见"), max_length=300, blank=True)
    file = models.ForeignKey("portal.File", models.PROTECT, null=True, blank=True, related_name="+", editable=False)
    by = models.ForeignKey("portal.User", models.PROTECT, null=True, related_name="+", editable=False)
    recorded_on = models.DateField(editable=False)
    checked_by = models.ForeignKey("portal.User", models.PROTECT, null=True, related_name="+", editable=False)
    checked_on = models.DateField(null=True, editable=False)

    class Meta:
        verbose_name = _("在站节点记录")
        constraints = [
            models.UniqueConstraint(
                fields=["stay", "kind", "held_on"],
                name="milestone_once_a_day",
                violation_error_message=_("这一天的这个节点已经登记，请改原来那一条。"),
            ),
            models.UniqueConstraint(
                fields=["stay", "kind"],
                condition=~Q(grade="failed") & ~Q(kind="annual"),
                name="milestone_passed_once",
                violation_error_message=_("这个节点已经通过，不必再登记。"),
            ),
            models.CheckConstraint(
                name="milestone_not_ahead",
                condition=Q(held_on__lte=F("recorded_on")),
                violation_error_message=_("日期还没有到，只能登记已经举行的。"),
            ),
            models.CheckConstraint(
                name="milestone_checked",
                condition=Q(checked_by=None, checked_on=None)
                | Q(checked_by__isnull=False, checked_on__gte=F("recorded_on")),
                violation_error_message=_("核对须有人和日期，且不早于登记。"),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.get_grade_display()}"

    @property
    def passed(self) -> bool:
        return self.grade != Grade.FAILED
