"""Education and work (学习工作经历) as dated rows of whole months, and the explanations between them."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from postdocs.people.models import HOME, Person
from stations.disciplines import choices as disciplines


class CareerKind(models.TextChoices):
    STUDY = "study", _("学习")
    WORK = "work", _("工作")
    BREAK = "break", _("说明空档")


class Level(models.TextChoices):
    BACHELOR = "bachelor", pgettext_lazy("学历", "本科")
    MASTER = "master", pgettext_lazy("学历", "硕士")
    DOCTOR = "doctor", pgettext_lazy("学历", "博士")
    OTHER = "other", pgettext_lazy("学历", "其他")


class Standing(models.TextChoices):
    """In what position somebody worked (身份)."""

    STAFF = "staff", _("在职员工")
    VISITOR = "visitor", _("访问学者")
    POSTDOC = "postdoc", _("博士后")


class CareerRow(models.Model):
    """Some months of a person's life: a school, an employer, or why there was neither.

    Both ends are first days of months, `until` that of the month after the last; None only for the row that still
    lasts. `beside`: done beside something else (在职攻读、兼职), so it may overlap. `place` is the school, the employer,
    or the explanation.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="career")
    kind = models.CharField(_("类别"), max_length=6, choices=CareerKind.choices)
    since = models.DateField(_("起（年月）"))
    until = models.DateField(_("止（年月）"), null=True, blank=True)
    place = models.CharField(_("学校、单位或说明"), max_length=100)
    level = models.CharField(_("学历"), max_length=8, choices=Level.choices, blank=True)
    discipline = models.CharField(_("一级学科"), max_length=4, choices=disciplines, blank=True)
    post = models.CharField(_("职务"), max_length=60, blank=True)
    standing = models.CharField(pgettext_lazy("工作经历", "身份"), max_length=8, choices=Standing.choices, blank=True)
    country = models.CharField(_("国别（地区）"), max_length=40, blank=True, default=HOME)
    beside = models.BooleanField(_("在职攻读或兼任"), default=False)

    class Meta:
        verbose_name = _("学习工作经历")
        constraints = [
            models.CheckConstraint(
                name="career_months",
                condition=Q(since__day=1) & (Q(until=None) | Q(until__day=1)),
                violation_error_message=_("起止都填年月。"),
            ),
            models.CheckConstraint(
                name="career_order",
                condition=Q(until=None) | Q(until__gt=F("since")),
                violation_error_message=_("止不能早于起。"),
            ),
            models.CheckConstraint(
                name="career_level",
                condition=Q(kind="study") & ~Q(level="") | ~Q(kind="study") & Q(level=""),
                violation_error_message=_("学习经历须选学历，其他经历不填学历。"),
            ),
            models.CheckConstraint(
                name="career_standing",
                condition=Q(kind="work") & ~Q(standing="") | ~Q(kind="work") & Q(standing=""),
                violation_error_message=_("工作经历须选身份，其他经历不填身份。"),
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(until=None, beside=False),
                name="career_one_lasts",
                violation_error_message=_("只有还在继续的那一段可以不填止；前一段请先填上止的年月。"),
            ),
            models.UniqueConstraint(
                fields=["person", "kind", "since", "place"],
                name="career_once",
                violation_error_message=_("这一段已经登记，请改原来那一条。"),
            ),
        ]

    def __str__(self):
        return f"{month(self.since)} {self.place}"

    @property
    def last(self) -> date | None:
        """The last month; None where it still lasts."""
        return before(self.until) if self.until else None


def month(day: date) -> str:
    return f"{day:%Y-%m}"


def before(day: date) -> date:
    """The first day of the month before."""
    return date(day.year - (day.month == 1), day.month - 1 or 12, 1)


def after(day: date) -> date:
    """The first day of the month after."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)
