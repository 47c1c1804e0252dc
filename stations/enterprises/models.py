"""Enterprises."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from stations.chains.models import IndustryChain


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
