"""The catalogue of services of a city, and the requests people make."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from portal.models import PackRow, Role, ScopedQuerySet
from portal.words import localised
from postdocs.stays.models import Stay
from postdocs.visits.models import Visit


class Group(models.TextChoices):
    """What a service is about (类别)."""

    HOUSING = "housing", _("住房安居")
    MONEY = "money", _("生活补贴")
    FINANCE = "finance", _("金融贷款")
    FAMILY = "family", _("子女入学和配偶就业")
    HEALTH = "health", _("医疗和疗休养")
    SECURITY = "security", _("社保和落户")
    CAREER = "career", _("职称和项目")
    TRAVEL = "travel", _("交通和出行")
    CARD = "card", _("人才卡")
    CARE = "care", _("联系和关怀")
    OTHER = "other", pgettext_lazy("服务", "其他")


class Asker(models.TextChoices):
    POSTDOC = "postdoc", _("博士后本人")
    UNIT = "unit", _("设站单位代提")


class Service(PackRow):
    """One thing a city does for postdocs.

    `askers` are who may ask for it. `criteria` are conditions on the facts of a stay, where a paper states them so that
    records can tell; what only an officer can judge is said in `conditions`. `papers` is what to bring. `days` are the
    working days promised; `assumed` where no paper says so. `tiers` of a card: {code, title, title_en, how, how_en}.
    """

    code = models.SlugField(_("代码"), max_length=30)
    title = models.CharField(_("服务"), max_length=40)
    title_en = models.CharField(_("英文"), max_length=80, blank=True)
    group = models.CharField(_("类别"), max_length=10, choices=Group.choices)
    brings = models.CharField(_("能得到什么"), max_length=200)
    brings_en = models.CharField(max_length=300, blank=True)
    askers = models.JSONField(_("谁可以提"), default=list)
    criteria = models.JSONField(_("条件"), default=list, blank=True)
    conditions = models.CharField(_("由经办判断的条件"), max_length=200, blank=True)
    conditions_en = models.CharField(max_length=300, blank=True)
    papers = models.JSONField(_("要带的材料"), default=list, blank=True)
    papers_en = models.JSONField(default=list, blank=True)
    department = models.CharField(_("主管部门"), max_length=40)
    department_en = models.CharField(max_length=80, blank=True)
    owner = models.ForeignKey(
        "portal.Organisation", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("登记的部门")
    )
    days = models.PositiveSmallIntegerField(_("承诺工作日"))
    assumed = models.BooleanField(_("时限为征求意见"), default=False)
    tiers = models.JSONField(_("档次"), default=list, blank=True)
    clause = models.ForeignKey("portal.Clause", models.PROTECT, related_name="+", verbose_name=_("依据"))
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("服务")
        constraints = [
            models.UniqueConstraint(fields=["pack", "code"], name="service_once"),
            models.CheckConstraint(
                name="service_days",
                condition=Q(days__gt=0),
                violation_error_message=_("承诺工作日应大于 0。"),
            ),
        ]

    def __str__(self):
        return localised(self, "title")

    def get_absolute_url(self):
        return reverse("postdocs:services")

    @property
    def tier_labels(self) -> dict[str, str]:
        return {tier["code"]: localised_word(tier, "title") for tier in self.tiers}

    @property
    def tier_rows(self) -> list[tuple[str, str]]:
        return [(localised_word(tier, "title"), localised_word(tier, "how")) for tier in self.tiers]


def localised_word(words: dict, name: str) -> str:
    """A word of a JSON row in the reader's language."""
    return (get_language() == "en" and words.get(f"{name}_en")) or words.get(name, "")


class RequestStatus(models.TextChoices):
    SUBMITTED = "submitted", _("已提交")
    ACCEPTED = "accepted", _("已受理")
    UNDERWAY = "underway", _("办理中")
    ANSWERED = "answered", _("已答复")
    RATED = "rated", _("已评价")
    FOLLOWING = "following", _("差评待回访")
    WITHDRAWN = "withdrawn", _("已撤回")


R = RequestStatus
OPEN = (R.SUBMITTED, R.ACCEPTED, R.UNDERWAY)  # before the answer
REPLIED = (R.ANSWERED, R.RATED, R.FOLLOWING)


class ServiceRequestQuerySet(ScopedQuerySet):
    def reach(self, user):
        """Officials by district, an enterprise what is its own, a postdoc what is about them. What a postdoc asks has no
        organisation: their enterprise doesn't see it."""
        reach = super().reach(user)
        if Role.POSTDOC in user.scope.roles:
            reach |= Q(stay__person__user=user)
        return reach

    def late(self, on):
        return self.filter(status__in=OPEN, matter__due_on__lt=on)

    def for_page(self):
        return self.select_related(
            "matter__organisation", "matter__district", "service__clause__document", "stay__person", "stay__matter",
            "owner", "visit",
        )  # fmt: skip


class ServiceRequest(models.Model):
    """Something asked of the offices: by a postdoc, by an enterprise for one, or written down by an office on a visit.

    `stay` is whom it is for, None for a need of an enterprise itself. `level` says whose turn it is while it is open: the
    district's, or the bureau's after it was escalated or passed to it. `owner` is the department that does it. `due_on` is
    the last promised day, from the acceptance on. `score` is the last rating; `low`: one of them was bad.
    """

    class Side(models.TextChoices):
        POSTDOC = "postdoc", _("博士后本人")
        UNIT = "unit", _("设站单位代提")
        OFFICE = "office", _("走访时登记")

    class Level(models.TextChoices):
        DISTRICT = "district", pgettext_lazy("服务", "区镇")
        BUREAU = "bureau", pgettext_lazy("服务", "市局")

    class Outcome(models.TextChoices):
        DONE = "done", _("已办成")
        EXPLAINED = "explained", _("不符合或办不了，已说明")

    matter = models.OneToOneField("portal.Matter", models.PROTECT, related_name="+")
    service = models.ForeignKey(Service, models.PROTECT, related_name="requests", verbose_name=_("服务"))
    side = models.CharField(_("谁提出"), max_length=8, choices=Side.choices)
    stay = models.ForeignKey(
        Stay, models.PROTECT, null=True, blank=True, related_name="requests", verbose_name=_("博士后")
    )
    visit = models.ForeignKey(Visit, models.PROTECT, null=True, blank=True, related_name="needs", editable=False)
    tier = models.CharField(_("档次"), max_length=20, blank=True)
    content = models.TextField(_("诉求内容"), max_length=1000)
    status = models.CharField(max_length=12, choices=R.choices, default=R.SUBMITTED)
    level = models.CharField(max_length=8, choices=Level.choices, default=Level.DISTRICT)
    owner = models.ForeignKey(
        "portal.Organisation", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("承办部门")
    )
    accepted_on = models.DateField(_("受理日期"), null=True, blank=True)
    due_on = models.DateField(_("承诺答复日期"), null=True, blank=True)
    answered_on = models.DateField(_("答复日期"), null=True, blank=True)
    outcome = models.CharField(_("结果"), max_length=10, choices=Outcome.choices, blank=True)
    answer = models.TextField(_("答复"), max_length=2000, blank=True)
    score = models.PositiveSmallIntegerField(_("评分"), null=True, blank=True)
    comment = models.CharField(_("评价"), max_length=500, blank=True)
    low = models.BooleanField(_("有过差评"), default=False)

    objects = ServiceRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("服务诉求")
        indexes = [
            models.Index(fields=["status", "level", "due_on"], name="request_open"),
            models.Index(fields=["service", "status"], name="request_service"),
        ]
        constraints = [
            models.CheckConstraint(
                name="request_for_somebody",
                condition=Q(side="office") | Q(stay__isnull=False),
                violation_error_message=_("请写明是为哪位博士后提的。"),
            ),
            models.CheckConstraint(
                name="request_found_on_visit",
                condition=Q(side="office", visit__isnull=False) | (~Q(side="office") & Q(visit=None)),
                violation_error_message=_("走访时登记的诉求须写明哪次走访，其他的没有。"),
            ),
            models.CheckConstraint(
                name="request_accepted",
                condition=Q(status__in=["submitted", "withdrawn"]) | Q(accepted_on__isnull=False, due_on__isnull=False),
                violation_error_message=_("受理以后须有受理日期和承诺答复日期。"),
            ),
            models.CheckConstraint(
                name="request_answered",
                condition=~Q(status__in=["answered", "rated", "following"])
                | (Q(answered_on__gte=F("accepted_on")) & ~Q(answer="") & ~Q(outcome="")),
                violation_error_message=_("答复须有日期、结果和内容，且不早于受理。"),
            ),
            models.CheckConstraint(
                name="request_score",
                condition=Q(score=None) | Q(score__gte=1, score__lte=5),
                violation_error_message=_("评分为 1 到 5 分。"),
            ),
            models.CheckConstraint(
                name="request_rated",
                condition=~Q(status__in=["rated", "following"]) | Q(score__isnull=False),
                violation_error_message=_("已评价的须有评分。"),
            ),
        ]

    def __str__(self):
        return localised(self.matter, "title")

    def get_absolute_url(self):
        return reverse("postdocs:request", args=[self.matter.number])

    def is_late(self, on) -> bool:
        return self.status in OPEN and self.matter.due_on is not None and self.matter.due_on < on

    @property
    def tier_label(self) -> str:
        return self.service.tier_labels.get(self.tier, "") if self.tier else ""
