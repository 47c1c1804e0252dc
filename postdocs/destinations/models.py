"""Destinations (去向) of those who left their station, and what was found out about them later on (后续跟踪)."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.models import ScopedQuerySet
from postdocs.destinations.regions import name_of
from postdocs.stays.models import Stay


class DestinationType(models.TextChoices):
    HOST = "host", _("留设站单位")
    CITY_FIRM = "city_firm", _("本市其他企业")
    CITY_ACADEMY = "city_academy", _("本市高校院所")
    CITY_OFFICE = "city_office", _("本市机关事业")
    STARTUP = "startup", _("本市自主创业")
    AWAY_FIRM = "away_firm", _("市外企业")
    AWAY_UNIVERSITY = "away_univ", _("市外高校")
    AWAY_ACADEMY = "away_academy", _("市外院所")
    AWAY_OFFICE = "away_office", _("市外机关事业")
    SECOND = "second", _("进入二站")
    BACK = "back", _("回原单位")
    ABROAD = "abroad", _("出国（境）")
    OTHER = "other", pgettext_lazy("去向", "其他")


T = DestinationType
IN_CITY = (T.HOST, T.CITY_FIRM, T.CITY_ACADEMY, T.CITY_OFFICE, T.STARTUP)  # the type itself says so
AWAY = (T.AWAY_FIRM, T.AWAY_UNIVERSITY, T.AWAY_ACADEMY, T.AWAY_OFFICE, T.ABROAD)
FIRMS = (T.HOST, T.CITY_FIRM, T.AWAY_FIRM)  # where a labour contract is asked for
UNNAMED = (T.HOST, T.STARTUP, T.ABROAD, T.OTHER)  # need not name a receiving unit


class Destination(models.Model):
    """Where one person went after one stay; a later correction is an event of the stay with what it said before.

    `in_city` follows from the type, or from the region where the type leaves it open; None: not known. `full_time`
    None: not told. `share` is what the person holds of their own company, in per cent. `region` is of GB/T 2260.
    """

    stay = models.OneToOneField(Stay, models.PROTECT, related_name="destination")
    type = models.CharField(_("去向类型"), max_length=12, choices=T.choices)
    unit = models.CharField(_("接收单位"), max_length=100, blank=True)
    unit_code = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    region = models.CharField(
        _("所在地区划代码"),
        max_length=6,
        blank=True,
        validators=[RegexValidator(r"^\d{6}$", _("区划代码是 6 位数字，如 320583。"))],
    )
    in_city = models.BooleanField(_("在本市"), null=True, editable=False)
    position = models.CharField(_("岗位"), max_length=60, blank=True)
    contract_since = models.DateField(_("合同起"), null=True, blank=True)
    contract_years = models.DecimalField(_("合同年限"), max_digits=4, decimal_places=2, null=True, blank=True)
    full_time = models.BooleanField(pgettext_lazy("去向", "全职"), null=True, blank=True)
    company = models.CharField(_("创办企业"), max_length=100, blank=True)
    company_code = models.CharField(_("创办企业的信用代码"), max_length=18, blank=True)
    share = models.DecimalField(_("本人股权比例"), max_digits=5, decimal_places=2, null=True, blank=True)
    registered_on = models.DateField(_("企业登记日期"), null=True, blank=True)
    file = models.ForeignKey("portal.File", models.PROTECT, null=True, blank=True, related_name="+", editable=False)
    by = models.ForeignKey("portal.User", models.PROTECT, null=True, related_name="+", editable=False)
    told_on = models.DateField(_("登记日期"), editable=False)

    class Meta:
        verbose_name = _("去向")
        constraints = [
            models.CheckConstraint(
                name="destination_place",
                condition=Q(type__in=IN_CITY, in_city=True)
                | Q(type__in=AWAY, in_city=False)
                | ~Q(type__in=[*IN_CITY, *AWAY]),
                violation_error_message=_("去向类型与所在地不一致：类型写“本市”的在本市，写“市外”或出国（境）的不在。"),
            ),
            models.CheckConstraint(
                name="destination_unit",
                condition=Q(type__in=UNNAMED) | ~Q(unit=""),
                violation_error_message=_("请填接收单位。"),
            ),
            models.CheckConstraint(
                name="destination_startup",
                condition=Q(type=T.STARTUP) & ~Q(company="")
                | ~Q(type=T.STARTUP) & Q(company="", company_code="", share=None, registered_on=None),
                violation_error_message=_("自主创业要填创办企业；其他去向不填创业情况。"),
            ),
            models.CheckConstraint(
                name="destination_share",
                condition=Q(share=None) | Q(share__gt=0, share__lte=100),
                violation_error_message=_("股权比例在 0 到 100 之间，不能是 0。"),
            ),
            models.CheckConstraint(
                name="destination_years",
                condition=Q(contract_years=None) | Q(contract_years__gt=0),
                violation_error_message=_("合同年限应大于 0；无固定期限的填 99。"),
            ),
        ]

    def __str__(self):
        return str(self.get_type_display())

    @property
    def place(self) -> str:
        return name_of(self.region)

    @property
    def years(self) -> str:
        """The contract's years without idle zeros."""
        return "" if self.contract_years is None else f"{self.contract_years.normalize():f}"


class FollowUpQuerySet(ScopedQuerySet):
    matter_path = "stay__matter__"


class FollowUp(models.Model):
    """What was found out so many `months` after the exit: in the city still, not any more, or unknown (None), which is
    an answer too. `checked_on` is the day for which it was found out."""

    class Source(models.TextChoices):
        INSURANCE = "insurance", _("社会保险")
        VISIT = "visit", _("走访")
        PHONE = "phone", _("电话")
        OTHER = "other", pgettext_lazy("来源", "其他")

    stay = models.ForeignKey(Stay, models.PROTECT, related_name="follow_ups")
    months = models.PositiveSmallIntegerField(_("出站后几个月"))
    checked_on = models.DateField(_("核实日期"))
    in_city = models.BooleanField(_("仍在本市"), null=True, blank=True)
    where = models.CharField(_("现在哪里"), max_length=100, blank=True)
    source = models.CharField(_("核实方式"), max_length=10, choices=Source.choices)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    by = models.ForeignKey("portal.User", models.PROTECT, null=True, related_name="+", editable=False)
    recorded_on = models.DateField(editable=False)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("后续跟踪")
        constraints = [
            models.UniqueConstraint(
                fields=["stay", "months"],
                name="follow_up_once",
                violation_error_message=_("这一次跟踪已经登记，请刷新页面查看。"),
            ),
            models.CheckConstraint(
                name="follow_up_not_ahead",
                condition=Q(checked_on__lte=F("recorded_on")),
                violation_error_message=_("核实日期还没有到。"),
            ),
        ]

    def __str__(self):
        return f"{self.stay_id} +{self.months}"
