"""People (人员), each once, found by the number of an identity paper that nobody reads in the database."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal import sealed
from portal.sealed import masked
from stations.disciplines import choices as disciplines


class PaperKind(models.TextChoices):
    """By which paper a person is known (证件类型)."""

    ID_CARD = "id_card", _("居民身份证")
    RESIDENCE = "residence", _("港澳台居民居住证")
    HK_MACAU = "hk_macau", _("港澳居民来往内地通行证")
    TAIWAN = "taiwan", _("台湾居民来往大陆通行证")
    PASSPORT = "passport", _("护照")
    FOREIGNER = "foreigner", _("外国人永久居留身份证")


NUMBERED = (PaperKind.ID_CARD, PaperKind.RESIDENCE)  # whose number says the birth date and the sex


class Sex(models.TextChoices):
    MALE = "male", _("男")
    FEMALE = "female", _("女")


class PersonQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Oneself, and whoever has a stay that the user may see."""
        from postdocs.stays.models import Stay

        stays = Stay.objects.visible_to(user).filter(person=OuterRef("pk"))
        return self.filter(Q(user=user) | Exists(stays.order_by()))


HOME = "中国"  # where no paper says otherwise


def country(name: str) -> str:
    """A country or region as it is read: people write it in Chinese, and only the one of nearly all is translated."""
    return str(_("中国")) if name == HOME else name


class Person(models.Model):
    """One person with the doctorate that lets them enter.

    `settled_on` is the day from which the record is the only one of its papers: the day of the first filed entry. Before
    it the row is what one enterprise typed about a candidate, and nobody else hears of it. `degree_on` is the day the
    certificate was issued, `defended_on` that of the defence; `accredited_on` when a degree from abroad was recognised.
    `has_certificate` None: not told. `merged_into`: the record that a person found to be of the same one; this one only
    says what was. `initials` is the name by the first letters of its syllables, for searching.
    """

    NEEDED = ("name", "sex", "born_on", "nationality", "mobile", "degree_school", "degree_country", "discipline")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("姓名"), max_length=60)
    initials = models.CharField(max_length=60, blank=True, editable=False)
    sex = models.CharField(_("性别"), max_length=6, choices=Sex.choices, blank=True)
    born_on = models.DateField(_("出生日期"), null=True, blank=True)
    nationality = models.CharField(_("国籍（地区）"), max_length=40, blank=True, default=HOME)
    mobile = models.CharField(_("手机"), max_length=20, blank=True)
    email = models.EmailField(_("电子邮箱"), blank=True)
    degree_school = models.CharField(_("博士毕业单位"), max_length=80, blank=True)
    degree_country = models.CharField(_("获博士学位国别（地区）"), max_length=40, blank=True, default=HOME)
    discipline = models.CharField(_("博士一级学科"), max_length=4, choices=disciplines, blank=True)
    thesis = models.CharField(_("博士论文题目"), max_length=200, blank=True)
    abstract = models.TextField(_("博士论文摘要"), max_length=1000, blank=True)
    defended_on = models.DateField(_("答辩通过日期"), null=True, blank=True)
    has_certificate = models.BooleanField(_("已取得博士学位证书"), null=True, blank=True)
    degree_on = models.DateField(_("证书签发日期"), null=True, blank=True)
    accredited_on = models.DateField(_("国（境）外学位认证日期"), null=True, blank=True)
    title = models.CharField(_("专业技术职称"), max_length=40, blank=True)
    settled_on = models.DateField(null=True, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="person", editable=False
    )
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+", editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("人员")
        indexes = [
            models.Index(fields=["name"], name="person_name"),
            models.Index(fields=["initials"], name="person_az"),
        ]
        constraints = [
            models.CheckConstraint(
                name="person_born",
                condition=Q(born_on=None) | Q(born_on__gte="1930-01-01"),
                violation_error_message=_("出生日期早于 1930 年，请核对。"),
            ),
            models.CheckConstraint(
                name="person_certificate",
                condition=Q(degree_on=None) | Q(has_certificate=True),
                violation_error_message=_("填了证书签发日期，“已取得博士学位证书”应选“是”。"),
            ),
            models.CheckConstraint(
                name="person_degree_order",
                condition=Q(degree_on=None) | Q(defended_on=None) | Q(degree_on__gte=F("defended_on")),
                violation_error_message=_("证书签发日期早于答辩通过日期，请核对证书。"),
            ),
        ]  # fmt: skip

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("postdocs:person", args=[self.pk])

    def get_nationality_display(self) -> str:
        return country(self.nationality)

    def get_degree_country_display(self) -> str:
        return country(self.degree_country)

    @property
    def final(self) -> "Person":
        """The record that speaks for this one: itself, or the one it was merged into."""
        return self.merged_into.final if self.merged_into else self


class IdentityPaper(models.Model):
    """An identity paper: its number is sealed, and found by its index. One settled person holds a number.

    `settled` copies whether the person is settled: two candidates of two enterprises may be the same person, and
    neither enterprise learns of the other.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="papers", db_index=False)
    kind = models.CharField(_("证件类型"), max_length=12, choices=PaperKind.choices)
    number = models.BinaryField()
    number_index = models.CharField(max_length=64)
    settled = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("证件")
        indexes = [models.Index(fields=["number_index"], name="paper_number")]
        constraints = [
            models.UniqueConstraint(
                fields=["number_index"],
                condition=Q(settled=True),
                name="paper_of_one_person",
                violation_error_message=_("这个证件号码已属另一份人员记录，请市局核对。"),
            ),
            models.UniqueConstraint(
                fields=["person", "kind"],
                name="paper_once_a_kind",
                violation_error_message=_("这个人已登记过这种证件，请改原来那一份。"),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.masked}"

    @property
    def about(self) -> str:
        """What the sealed number is bound to."""
        return f"paper.number:{self.person_id}:{self.kind}"

    @property
    def plain(self) -> str:
        """The number itself: only where a purpose was asked and logged."""
        return sealed.unseal(self.number, about=self.about)

    @property
    def masked(self) -> str:
        return masked(self.plain)

    def keep(self, number: str, index: str = "") -> None:
        """Seal a number that was normalised (see `papers.normal`); not saved. `index`: where it was reckoned already."""
        self.number = sealed.seal(number, about=self.about)
        self.number_index = index or sealed.index_of(number)
