"""Programmes (人才计划、基金、路演、大赛) and who or what they selected."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.models import PackRow
from portal.words import localised
from postdocs.stays.models import Stay
from postdocs.told import Told
from stations.models import Station


class Programme(PackRow):
    """Something that selects. Of a plan and a fund persons are counted, of a roadshow and a competition projects."""

    class Level(models.TextChoices):
        NATIONAL = "national", _("国家级")
        PROVINCIAL = "provincial", _("省级")
        MUNICIPAL = "municipal", _("市级")
        DISTRICT = "district", _("区县级")

    class Kind(models.TextChoices):
        PLAN = "plan", _("人才计划")
        FUND = "fund", _("基金")
        ROADSHOW = "roadshow", _("项目路演")
        CONTEST = "contest", _("创新创业大赛")

    PERSONAL = (Kind.PLAN, Kind.FUND)

    code = models.SlugField(_("代码"), max_length=30)
    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文"), max_length=120, blank=True)
    level = models.CharField(_("级别"), max_length=10, choices=Level.choices)
    kind = models.CharField(pgettext_lazy("遴选", "类别"), max_length=10, choices=Kind.choices)
    ranks = models.JSONField(_("等次"), default=list, blank=True)
    clause = models.ForeignKey("portal.Clause", models.PROTECT, related_name="+", verbose_name=_("依据"))
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("遴选项目")
        constraints = [models.UniqueConstraint(fields=["pack", "code"], name="programme_once")]

    def __str__(self):
        return localised(self, "name")

    def get_absolute_url(self):
        return reverse("postdocs:selections")


class Selection(Told):
    """One line of a list: a postdoc, or a project of a station (perhaps a postdoc's).

    `listed_on` is the date of the list; from `revoked_on` on it stands no longer. `amount` is yuan.
    """

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="selections", verbose_name=_("遴选项目"))
    station = models.ForeignKey(Station, models.PROTECT, related_name="selections", editable=False)
    stay = models.ForeignKey(Stay, models.PROTECT, null=True, blank=True, related_name="selections")
    project = models.CharField(_("项目名称"), max_length=120, blank=True)
    year = models.PositiveSmallIntegerField(_("年度"))
    listed_on = models.DateField(_("名单日期"))
    document = models.CharField(_("文号或名单"), max_length=80)
    number = models.CharField(_("资助或获奖编号"), max_length=40, blank=True)
    rank = models.CharField(_("等次"), max_length=20, blank=True)
    amount = models.DecimalField(_("资助金额"), max_digits=14, decimal_places=2, null=True, blank=True)
    revoked_on = models.DateField(_("取消日期"), null=True, blank=True)

    ENDS: tuple[str, ...] = ()

    class Meta:
        verbose_name = _("入选")
        indexes = [models.Index(fields=["listed_on"], name="selection_listed")]
        constraints = [
            models.CheckConstraint(
                name="selection_of",
                condition=Q(stay__isnull=False) | ~Q(project=""),
                violation_error_message=_("请写明入选的博士后，或项目名称。"),
            ),
            models.CheckConstraint(
                name="selection_revoked",
                condition=Q(revoked_on=None) | Q(revoked_on__gt=F("listed_on")),
                violation_error_message=_("取消日期须晚于名单日期。"),
            ),
            models.CheckConstraint(
                name="selection_amount",
                condition=Q(amount=None) | Q(amount__gt=0),
                violation_error_message=_("资助金额应大于 0；没有就空着。"),
            ),
            models.CheckConstraint(
                name="selection_year",
                condition=Q(year__gte=1985, year__lte=2100),
                violation_error_message=_("年度应在 1985 到 2100 之间。"),
            ),
            models.UniqueConstraint(
                fields=["programme", "year", "stay", "project", "station"],
                nulls_distinct=False,
                name="selection_once",
                violation_error_message=_("这个人或项目这一年度已登记过同一遴选。"),
            ),
        ]

    def __str__(self):
        return self.project or str(self.stay.person if self.stay else "")

    def get_absolute_url(self):
        return reverse("postdocs:selection", args=[self.pk])
