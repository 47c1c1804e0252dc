"""Activities: their kinds by city, each with its days, who took part, and what came of it."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.models import Organisation, Pack, PackRow, ScopedQuerySet
from portal.words import localised, word_of


class ActivityKind(PackRow):
    """What an activity is, as a city calls it. `clause` is where a paper asks for this kind."""

    code = models.SlugField(_("代码"), max_length=30)
    name = models.CharField(_("活动类别"), max_length=30)
    name_en = models.CharField(_("英文"), max_length=60, blank=True)
    clause = models.ForeignKey("portal.Clause", models.PROTECT, related_name="+", verbose_name=_("依据"))
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("活动类别")
        constraints = [models.UniqueConstraint(fields=["pack", "code"], name="activity_kind_once")]

    def __str__(self):
        return localised(self, "name")

    def get_absolute_url(self):
        return f"{reverse('targets:activities')}?kind={self.pk}"


class ActivityStatus(models.TextChoices):
    PLANNED = "planned", _("计划")
    PUBLISHED = "published", _("已发布")
    HELD = "held", _("已举办")
    ARCHIVED = "archived", _("已归档")
    CANCELLED = "cancelled", pgettext_lazy("活动", "已取消")


A = ActivityStatus
COUNTED = (A.HELD, A.ARCHIVED)
ANNOUNCED = (A.PUBLISHED, A.HELD, A.ARCHIVED)


class ActivityQuerySet(ScopedQuerySet):
    def reach(self, user):
        """Officials what lies in their districts; everybody of the city what was announced in it."""
        return super().reach(user) | Q(status__in=ANNOUNCED, kind__pack__in=packs_of(user))

    def counted(self):
        return self.filter(status__in=COUNTED)


def packs_of(user):
    """The cities in which a person has a place."""
    scope = user.scope
    places = {d for _o, districts in scope.by_role.values() for d in districts}
    homes = Organisation.objects.filter(pk__in=scope.organisations).values("district")
    return Pack.objects.filter(Q(root__down__node__in=places) | Q(root__down__node__in=homes)).values("pk")


class Activity(models.Model):
    """One meeting of people.

    `since` to `until` are the days it is meant for, both included; `held_on` is the first day on which it was held, and
    the day by which it counts; None until then. Where it belongs is its matter's district: the city's own lie at the top.
    `occurrence` is what of the work list it fulfils. `enterprises`, `universities`, `postdocs`, `others` are how many
    came, as the organiser counted; who they were is in the list of those who took part. `intentions`, `signed`: what came
    of it.
    """

    matter = models.OneToOneField("portal.Matter", models.PROTECT, related_name="+")
    kind = models.ForeignKey(ActivityKind, models.PROTECT, related_name="activities", verbose_name=_("活动类别"))
    name = models.CharField(_("活动名称"), max_length=80)
    since = models.DateField(_("开始日期"))
    until = models.DateField(_("结束日期"))
    venue = models.CharField(_("地点"), max_length=100)
    organiser = models.ForeignKey("portal.Organisation", models.PROTECT, related_name="+", verbose_name=_("主办单位"))
    partners = models.CharField(_("协办单位"), max_length=200, blank=True)
    about = models.TextField(_("活动内容"), max_length=1000, blank=True)
    occurrence = models.ForeignKey(
        "targets.Occurrence", models.PROTECT, null=True, blank=True, related_name="activities",
        verbose_name=_("完成哪项任务"),
    )  # fmt: skip
    status = models.CharField(max_length=10, choices=A.choices, default=A.PLANNED)
    held_on = models.DateField(_("举办日期"), null=True, blank=True)
    enterprises = models.PositiveIntegerField(_("参加单位（家）"), null=True, blank=True)
    universities = models.PositiveIntegerField(_("参加高校（家）"), null=True, blank=True)
    postdocs = models.PositiveIntegerField(_("博士、博士后（人）"), null=True, blank=True)
    others = models.PositiveIntegerField(_("其他人员（人）"), null=True, blank=True)
    intentions = models.PositiveIntegerField(_("意向数"), null=True, blank=True)
    signed = models.PositiveIntegerField(_("签约数"), null=True, blank=True)
    result = models.TextField(_("活动成果"), max_length=2000, blank=True)
    matches = models.ManyToManyField("stations.Match", related_name="+", blank=True, verbose_name=_("促成的对接"))

    objects = ActivityQuerySet.as_manager()

    get_status_display = word_of("status", A)

    class Meta:
        verbose_name = _("活动")
        indexes = [models.Index(fields=["kind", "held_on"], name="activity_held")]
        constraints = [
            models.CheckConstraint(
                name="activity_days",
                condition=Q(until__gte=F("since")),
                violation_error_message=_("结束日期不能早于开始日期。"),
            ),
            models.CheckConstraint(
                name="activity_held",
                condition=Q(status__in=["held", "archived"], held_on__isnull=False)
                | Q(~Q(status__in=["held", "archived"]), held_on=None),
                violation_error_message=_("已举办的活动须有举办日期，没有举办的没有。"),
            ),
            models.CheckConstraint(
                name="activity_signed",
                condition=Q(signed=None) | Q(intentions=None) | Q(signed__lte=F("intentions")),
                violation_error_message=_("签约数不能多于意向数。"),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("targets:activity", args=[self.matter.number])


class Participant(models.Model):
    """Who took part, one line of the sign-in list.

    `organisation` is the enterprise or university where it is one of ours, `stay` the postdoc; else `unit` and `name`
    are what was written. `people` counts those who came for it.
    """

    class Kind(models.TextChoices):
        STATION = "station", _("设站单位")
        ENTERPRISE = "enterprise", pgettext_lazy("参加者", "其他企业")
        UNIVERSITY = "university", _("高校院所")
        POSTDOC = "postdoc", pgettext_lazy("参加者", "博士、博士后")
        OTHER = "other", pgettext_lazy("参加者", "其他")

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="participants")
    kind = models.CharField(_("参加者类别"), max_length=10, choices=Kind.choices)
    unit = models.CharField(_("单位"), max_length=100)
    name = models.CharField(_("姓名"), max_length=60, blank=True)
    people = models.PositiveSmallIntegerField(_("人数"), default=1)
    organisation = models.ForeignKey(
        "portal.Organisation", models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    university = models.ForeignKey(
        "stations.University", models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    stay = models.ForeignKey("postdocs.Stay", models.PROTECT, null=True, blank=True, related_name="+", editable=False)
    by = models.ForeignKey("portal.User", models.PROTECT, related_name="+", editable=False)

    get_kind_display = word_of("kind", Kind)

    class Meta:
        verbose_name = _("参加者")
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "unit", "name"],
                name="participant_once",
                violation_error_message=_("签到表里已有这一位。"),
            ),
            models.CheckConstraint(
                name="participant_people",
                condition=Q(people__gte=1),
                violation_error_message=_("人数至少 1。"),
            ),
        ]

    def __str__(self):
        return f"{self.unit} {self.name}".strip()
