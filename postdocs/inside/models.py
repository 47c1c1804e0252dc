"""Extensions and changes, which an enterprise asks for and its district files; time abroad and funds, written down."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.models import Role, ScopedQuerySet
from portal.words import localised
from postdocs.stays.models import Stay
from stations.models import FlowStation


class AskStatus(models.TextChoices):
    DRAFT = "draft", _("草拟")
    ASKED = "asked", _("待区镇办理")
    FILED = "filed", _("已备案")
    REFUSED = "refused", _("未同意")
    DROPPED = "dropped", _("已撤回")


class AskedQuerySet(ScopedQuerySet):
    def reach(self, user):
        """Those of one's enterprise or district, and a postdoc's own once they were handed in."""
        reach = super().reach(user)
        if Role.POSTDOC in user.scope.roles:
            reach |= Q(stay__person__user=user, matter__filed_on__isnull=False)
        return reach

    def for_page(self):
        return self.select_related(
            "matter__organisation", "matter__district", "stay__matter", "stay__person", "stay__station__enterprise__organisation",
            "stay__flow_station__university",
        )  # fmt: skip


class Asked(models.Model):
    """What an enterprise asks for about a stay and its district files; nothing of the stay changes before `filed_on`."""

    matter = models.OneToOneField("portal.Matter", models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=AskStatus.choices, default=AskStatus.DRAFT)
    reason = models.CharField(_("理由"), max_length=500)
    filed_on = models.DateField(null=True, editable=False)

    objects = AskedQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self):
        return localised(self.matter, "title")

    def get_absolute_url(self):
        return reverse("postdocs:asked", args=[self.matter.number])


class Extension(Asked):
    """A longer stay (延期): until which last day, and on which days who agreed. `planned_before` is what the stay
    planned when this was filed: by it one knows what was planned on any earlier day."""

    stay = models.ForeignKey(Stay, models.PROTECT, related_name="extensions")
    planned_until = models.DateField(_("延长到"))
    planned_before = models.DateField(null=True, editable=False)
    supervisor_agreed_on = models.DateField(_("合作导师同意日期"), null=True, blank=True)
    unit_agreed_on = models.DateField(_("设站单位同意日期"), null=True, blank=True)
    flow_agreed_on = models.DateField(_("流动站同意日期"), null=True, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("博士后", "延期")
        constraints = [
            models.CheckConstraint(
                name="extension_filed",
                condition=Q(status="filed", filed_on__isnull=False) | ~Q(status="filed") & Q(filed_on=None),
                violation_error_message=_("已备案的延期须有备案日期。"),
            ),
            models.CheckConstraint(
                name="extension_longer",
                condition=Q(planned_before=None) | Q(planned_until__gt=F("planned_before")),
                violation_error_message=_("延期须晚于原来约定的日期。"),
            ),
            models.UniqueConstraint(
                fields=["stay"],
                condition=Q(status__in=["draft", "asked"]),
                name="one_extension_under_way",
                violation_error_message=_("这个人已有一件延期在办，请先办完或撤回。"),
            ),
        ]


class ChangeKind(models.TextChoices):
    SUPERVISOR = "supervisor", _("变更企业导师")
    TOPIC = "topic", _("变更研究题目")
    FLOW = "flow", _("变更合作流动站")
    CONTRACT = "contract", _("变更合同")
    UNIT = "unit", _("变更设站单位名称")


# which columns each kind changes; a column of the stay has the same name there
COLUMNS = {
    ChangeKind.SUPERVISOR: ("supervisor_name",),
    ChangeKind.TOPIC: ("topic",),
    ChangeKind.FLOW: ("flow_station", "flow_supervisor"),
    ChangeKind.CONTRACT: ("contract_since", "salary"),
    ChangeKind.UNIT: ("unit_name",),
}


class Change(Asked):
    """Something of a stay becomes something else (变更). `before` is what it was when this was filed, by column.

    The name of the unit isn't a column of a stay: its change is on record here, and in the register for the station.
    """

    stay = models.ForeignKey(Stay, models.PROTECT, related_name="changes")
    kind = models.CharField(_("变更什么"), max_length=10, choices=ChangeKind.choices)
    agreed_on = models.DateField(_("有关各方同意日期"), null=True, blank=True)
    supervisor_name = models.CharField(_("企业导师"), max_length=60, blank=True)
    topic = models.CharField(_("研究题目"), max_length=160, blank=True)
    flow_station = models.ForeignKey(
        FlowStation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("一个", "合作流动站"),
    )
    flow_supervisor = models.CharField(_("流动站导师"), max_length=60, blank=True)
    contract_since = models.DateField(_("合同起"), null=True, blank=True)
    salary = models.DecimalField(_("年薪"), max_digits=14, decimal_places=2, null=True, blank=True)
    unit_name = models.CharField(_("设站单位名称"), max_length=80, blank=True)
    before = models.JSONField(default=dict, editable=False)

    class Meta:
        verbose_name = _("变更")
        constraints = [
            models.CheckConstraint(
                name="change_filed",
                condition=Q(status="filed", filed_on__isnull=False) | ~Q(status="filed") & Q(filed_on=None),
                violation_error_message=_("已备案的变更须有备案日期。"),
            ),
            models.CheckConstraint(
                name="change_says_what",
                condition=Q(kind="supervisor") & ~Q(supervisor_name="")
                | Q(kind="topic") & ~Q(topic="")
                | Q(kind="flow", flow_station__isnull=False) & ~Q(flow_supervisor="")
                | Q(kind="contract") & (Q(contract_since__isnull=False) | Q(salary__gt=0))
                | Q(kind="unit") & ~Q(unit_name=""),
                violation_error_message=_("请写明变更成什么。"),
            ),
            models.UniqueConstraint(
                fields=["stay", "kind"],
                condition=Q(status__in=["draft", "asked"]),
                name="one_change_of_a_kind_under_way",
                violation_error_message=_("这一项已有一件变更在办，请先办完或撤回。"),
            ),
        ]  # fmt: skip


Either = Extension | Change

# --- written down ------------------------------------------------------------------------------


class Abroad(models.Model):
    """Time abroad (出国出境) during a stay. `back_by` is the last day agreed, `returned_on` the day of return."""

    stay = models.ForeignKey(Stay, models.PROTECT, related_name="abroad")
    country = models.CharField(_("国家（地区）"), max_length=40)
    purpose = models.CharField(_("事由"), max_length=160)
    since = models.DateField(_("出境日期"))
    back_by = models.DateField(_("约定返回日期"))
    returned_on = models.DateField(_("实际返回日期"), null=True, blank=True)
    by = models.ForeignKey("portal.User", models.PROTECT, null=True, related_name="+", editable=False)
    recorded_on = models.DateField(editable=False)

    class Meta:
        verbose_name = _("出国出境")
        constraints = [
            models.UniqueConstraint(
                fields=["stay", "since"],
                name="abroad_once",
                violation_error_message=_("这一天出境的已经登记，请改原来那一条。"),
            ),
            models.UniqueConstraint(
                fields=["stay"],
                condition=Q(returned_on=None),
                name="abroad_one_at_a_time",
                violation_error_message=_("上一次出国出境还没有登记返回日期，请先登记。"),
            ),
            models.CheckConstraint(
                name="abroad_period",
                condition=Q(back_by__gte=F("since")) & (Q(returned_on=None) | Q(returned_on__gte=F("since"))),
                violation_error_message=_("返回日期不能早于出境日期。"),
            ),
        ]

    def __str__(self):
        return f"{self.country} {self.since}"


class GrantProgramme(models.TextChoices):
    """What somebody applied to for a fund (申报的基金和项目)."""

    GENERAL = "general", _("中国博士后科学基金面上资助")
    SPECIAL = "special", _("中国博士后科学基金特别资助")
    NATIONAL = "national", _("国家资助博士后研究人员计划")
    NSFC = "nsfc", _("国家自然科学基金")
    PROVINCE = "province", _("省级项目或资助")
    CITY = "city", _("市级项目或资助")
    OTHER = "other", pgettext_lazy("基金", "其他")


FOUNDATION = (GrantProgramme.GENERAL, GrantProgramme.SPECIAL)  # to be closed before the exit


class Grant(models.Model):
    """A fund somebody applied for during a stay, and what came of it. `amount` is yuan, of what was granted;
    `closed_on` the day the fund was closed (结题)."""

    class Result(models.TextChoices):
        APPLIED = "applied", _("已申报")
        WON = "won", _("获资助")
        LOST = "lost", _("未获资助")

    stay = models.ForeignKey(Stay, models.PROTECT, related_name="grants")
    programme = models.CharField(_("项目类别"), max_length=10, choices=GrantProgramme.choices)
    title = models.CharField(_("项目名称"), max_length=160)
    year = models.PositiveSmallIntegerField(_("申报年份"))
    result = models.CharField(_("结果"), max_length=8, choices=Result.choices, default=Result.APPLIED)
    result_on = models.DateField(_("公布日期"), null=True, blank=True)
    amount = models.DecimalField(_("资助金额"), max_digits=14, decimal_places=2, null=True, blank=True)
    closed_on = models.DateField(_("结题日期"), null=True, blank=True)
    by = models.ForeignKey("portal.User", models.PROTECT, null=True, related_name="+", editable=False)
    recorded_on = models.DateField(editable=False)

    class Meta:
        verbose_name = _("基金和项目")
        constraints = [
            models.CheckConstraint(
                name="grant_result",
                condition=Q(result="applied", result_on=None) | ~Q(result="applied") & Q(result_on__isnull=False),
                violation_error_message=_("有了结果须填公布日期，还没有结果的不填。"),
            ),
            models.CheckConstraint(
                name="grant_amount",
                condition=Q(amount=None) | Q(result="won", amount__gt=0),
                violation_error_message=_("只有获资助的才填金额，金额应大于 0。"),
            ),
            models.CheckConstraint(
                name="grant_closed",
                condition=Q(closed_on=None) | Q(result="won", closed_on__gte=F("result_on")),
                violation_error_message=_("只有获资助的才有结题日期，且不早于公布日期。"),
            ),
        ]

    def __str__(self):
        return f"{self.get_programme_display()} {self.year}"
