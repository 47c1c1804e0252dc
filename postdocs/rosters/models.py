"""Doctors (博士) and research talents (研究人才), and doctors and postdocs in one view."""

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.lifecycle import Refused
from portal.models import User
from postdocs.people import actions as people
from postdocs.people.models import Person
from postdocs.stays.models import Channel
from postdocs.told import Told, ToldQuerySet
from stations.models import Station


def apart(name: str, *same: str, message) -> ExclusionConstraint:
    """Of two rows that agree in `same`, the periods don't overlap."""
    period = Func(F("since"), F("until"), function="daterange", output_field=DateRangeField())
    return ExclusionConstraint(
        name=name,
        expressions=[(period, RangeOperators.OVERLAPS), *((field, RangeOperators.EQUAL) for field in same)],
        violation_error_message=message,
    )


class Engagement(models.TextChoices):
    """How a doctor works for the unit; a postdoc in the common view is one of its own kind."""

    FULL = "full", pgettext_lazy("博士", "全职")
    DUAL = "dual", _("双聘")
    POSTDOC = "postdoc", _("博士后")


class Doctor(Told):
    """A doctor who works for a unit from `since` to before `until`, and is no postdoc there.

    Until the confirmation `person` is the unit's own candidate; then it is the one record of whoever holds the paper.
    `first_insured_on` is the day of the first social insurance in the city, as far as it was told.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="doctor_rows", editable=False)
    engagement = models.CharField(
        _("全职或双聘"), max_length=8, choices=Engagement.choices[:2], default=Engagement.FULL
    )
    channel = models.CharField(_("引才渠道"), max_length=12, choices=Channel.choices, blank=True)
    first_insured_on = models.DateField(_("本市首次参保"), null=True, blank=True)
    since = models.DateField(_("到岗日期"))
    until = models.DateField(_("离岗日期"), null=True, blank=True)

    ENDS = ("until",)

    class Meta:
        verbose_name = _("博士")
        indexes = [models.Index(fields=["organisation", "since"], name="doctor_unit")]
        constraints = [
            models.CheckConstraint(
                name="doctor_period",
                condition=Q(until=None) | Q(until__gt=F("since")),
                violation_error_message=_("离岗日期须晚于到岗日期。"),
            ),
            apart(
                "doctor_once", "person", "organisation",
                message=_("这位博士在这段时间已登记在本单位。请改原来那一行，或核对起止日期。"),
            ),
        ]  # fmt: skip

    def __str__(self):
        return self.person.name

    def get_absolute_url(self):
        return reverse("postdocs:doctor", args=[self.pk])

    def settle(self, *, by: User, on: date) -> None:
        self.person, differing = people.settle(self.person, on=on)
        if any(
            was == "" for was, _told in differing.values()
        ):  # contradicts what is known; no step keeps it for a ruling
            raise Refused(_now("证件号码和学位日期对不上，没有核对。请对照证书，或请市局核对人员记录。"))


class Degree(models.TextChoices):
    DOCTOR = "doctor", pgettext_lazy("学位", "博士")
    MASTER = "master", _("硕士")
    BACHELOR = "bachelor", _("学士")
    OTHER = "other", pgettext_lazy("学位", "其他")


class Rank(models.TextChoices):
    """Level of a professional title (职称等级)."""

    SENIOR = "senior", _("高级")
    MIDDLE = "middle", _("中级")
    JUNIOR = "junior", _("初级")
    NONE = "none", _("没有职称")


class Post(models.TextChoices):
    RESEARCH = "research", _("研发")
    ENGINEERING = "engineering", _("工程")
    MANAGEMENT = "management", _("技术管理")
    OTHER = "other", pgettext_lazy("岗位", "其他")


class Relation(models.TextChoices):
    """What ties a research talent to the station."""

    TEAM = "team", _("博士后团队成员")
    PROJECT = "project", _("博士后项目引进")
    STAFF = "staff", _("工作站研发人员")
    POSTDOC = "postdoc", _("博士后")


class Talent(Told):
    """A research talent on the roster of a station. Of the identity number only the index is kept: it tells that two rows
    speak of one person, and nobody can read it. Without `contract_since` there is no contract on record."""

    station = models.ForeignKey(Station, models.PROTECT, related_name="talents", editable=False)
    number_index = models.CharField(max_length=64, editable=False)
    name = models.CharField(_("姓名"), max_length=60)
    degree = models.CharField(_("学位"), max_length=10, choices=Degree.choices)
    rank = models.CharField(_("职称等级"), max_length=8, choices=Rank.choices, default=Rank.NONE)
    title = models.CharField(_("职称"), max_length=40, blank=True)
    post = models.CharField(_("岗位"), max_length=12, choices=Post.choices)
    relation = models.CharField(_("与工作站的关系"), max_length=8, choices=Relation.choices)
    contract_since = models.DateField(_("合同起"), null=True, blank=True)
    contract_until = models.DateField(_("合同止"), null=True, blank=True)
    since = models.DateField(_("入职日期"))
    until = models.DateField(_("离职日期"), null=True, blank=True)

    ENDS = ("until",)

    class Meta:
        verbose_name = _("研究人才")
        indexes = [
            models.Index(fields=["station", "since"], name="talent_station"),
            models.Index(fields=["number_index"], name="talent_number"),
        ]
        constraints = [
            models.CheckConstraint(
                name="talent_period",
                condition=Q(until=None) | Q(until__gt=F("since")),
                violation_error_message=_("离职日期须晚于入职日期。"),
            ),
            models.CheckConstraint(
                name="talent_contract",
                condition=Q(contract_until=None) | Q(contract_since__isnull=False, contract_until__gt=F("contract_since")),
                violation_error_message=_("合同止须晚于合同起。"),
            ),
            apart(
                "talent_once", "organisation", "number_index",
                message=_("这个证件号码在这段时间已在本单位的花名册上。请改原来那一行，或核对起止日期。"),
            ),
        ]  # fmt: skip

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("postdocs:talent", args=[self.pk])


class Doctoral(models.Model):
    """A database view, whose SQL stands in its migration: confirmed doctors and entered postdocs, one row for each time
    that somebody is one of them at a unit. `person` is the same in both, so that who is both counts once. Read only."""

    id = models.CharField(max_length=24, primary_key=True)
    person = models.ForeignKey(Person, models.DO_NOTHING, related_name="+")
    organisation = models.ForeignKey("portal.Organisation", models.DO_NOTHING, related_name="+")
    district = models.ForeignKey("portal.District", models.DO_NOTHING, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True)
    withdrawn_on = models.DateField(null=True)
    engagement = models.CharField(max_length=8, choices=Engagement.choices)
    channel = models.CharField(max_length=12, blank=True)
    first_insured_on = models.DateField(null=True)
    stay = models.ForeignKey("postdocs.Stay", models.DO_NOTHING, null=True, related_name="+")
    doctor = models.ForeignKey(Doctor, models.DO_NOTHING, null=True, related_name="+")

    objects = ToldQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "postdocs_doctoral"
        verbose_name = _("博士和博士后")

    def __str__(self):
        return self.id
