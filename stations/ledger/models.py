"""What is kept of stations and enterprises as dated rows, so that a page can show them as they were on any day."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.facts import yuan
from stations.disciplines import choices, name_of
from stations.enterprises.models import Enterprise
from stations.register.models import Station, StationKind


class DatedQuerySet(models.QuerySet):
    def on(self, day):
        return self.filter(Q(until=None) | Q(until__gt=day), since__lte=day)


class Dated(models.Model):
    """Something that is so from `since` to before `until`; no `until`: still. `by` is who wrote it down."""

    since = models.DateField(_("起"))
    until = models.DateField(_("止"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+")
    recorded_at = models.DateTimeField(auto_now=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_period",
                condition=Q(until=None) | Q(until__gt=F("since")),
                violation_error_message=_("止日不能早于起日。"),
            )
        ]

    def in_force(self, on) -> bool:
        return self.since <= on and (self.until is None or self.until > on)


class StationRow(Dated):
    station = models.ForeignKey(Station, models.PROTECT, related_name="%(class)ss", editable=False)

    class Meta(Dated.Meta):
        abstract = True


def never_twice(name: str, *same: str, message) -> ExclusionConstraint:
    """Of two rows that agree in `same`, the periods don't overlap."""
    period = Func(F("since"), F("until"), function="daterange", output_field=DateRangeField())
    return ExclusionConstraint(
        name=name,
        expressions=[(period, RangeOperators.OVERLAPS), *((field, RangeOperators.EQUAL) for field in same)],
        violation_error_message=message,
    )


class SupervisorQuerySet(DatedQuerySet):
    def visible_to(self, user):
        return self.filter(station__in=Station.objects.visible_to(user))


class Supervisor(StationRow):
    """Whoever guides postdocs on the enterprise's side (企业合作导师)."""

    name = models.CharField(_("姓名"), max_length=40)
    title = models.CharField(_("职称"), max_length=40)
    field = models.CharField(_("研究方向"), max_length=80)
    phone = models.CharField(_("电话"), max_length=20, blank=True)
    full_time = models.BooleanField(_("全职"), default=True)

    objects = SupervisorQuerySet.as_manager()  # type: ignore[misc]

    class Meta(StationRow.Meta):
        verbose_name = _("合作导师")
        constraints = [
            *Dated.Meta.constraints,
            never_twice(
                "supervisor_once",
                "station",
                "name",
                "phone",
                message=_("这位导师在这段时间已经登记。请改原来那一行，或给新的一行另一个起日。"),
            ),
        ]

    def __str__(self):
        return f"{self.name}（{self.title}）"


class StationDiscipline(StationRow):
    code = models.CharField(_("一级学科"), max_length=4, choices=choices)

    class Meta(StationRow.Meta):
        verbose_name = _("一级学科")
        constraints = [
            *Dated.Meta.constraints,
            never_twice("discipline_once", "station", "code", message=_("这个学科在这段时间已经登记。")),
        ]

    def __str__(self):
        return name_of(self.code)


class Partner(StationRow):
    """A flow station (流动站) that the station works with, by an agreement that is signed on `since`.

    `university` is the name as the agreement has it; `listed` is whom the city's register knows by it, None while
    nobody is. Only `stations.cooperation` writes it.
    """

    university = models.CharField(_("高校院所"), max_length=80)
    listed = models.ForeignKey(
        "stations.University", models.SET_NULL, null=True, blank=True, related_name="agreements", editable=False
    )
    flow_station = models.CharField(_("流动站"), max_length=80)
    file = models.ForeignKey("portal.File", models.PROTECT, null=True, blank=True, related_name="+", editable=False)

    class Meta(StationRow.Meta):
        verbose_name = _("合作流动站")
        constraints = [
            *Dated.Meta.constraints,
            never_twice(
                "partner_once",
                "station",
                "university",
                "flow_station",
                message=_("与这个流动站的协议在这段时间已经登记；续签请从前一份期满后起。"),
            ),
        ]

    def __str__(self):
        return f"{self.university} {self.flow_station}"


class Manager(StationRow):
    """Who looks after the station, and the person in charge above them. One at a time."""

    name = models.CharField(_("管理人员"), max_length=40)
    phone = models.CharField(_("电话"), max_length=20)
    leader = models.CharField(_("分管领导"), max_length=40, blank=True)

    class Meta(StationRow.Meta):
        verbose_name = _("管理人员")
        constraints = [
            *Dated.Meta.constraints,
            never_twice("manager_once", "station", message=_("这段时间已经登记了管理人员。")),
        ]

    def __str__(self):
        return self.name


class SalaryPromise(StationRow):
    """What the station promises a postdoc: yuan per person and year, before tax. One at a time."""

    amount = models.DecimalField(_("承诺年薪"), max_digits=14, decimal_places=2)

    class Meta(StationRow.Meta):
        verbose_name = _("承诺年薪")
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                name="salary_positive", condition=Q(amount__gt=0), violation_error_message=_("承诺年薪应大于 0。")
            ),
            never_twice("salary_once", "station", message=_("这段时间已经登记了承诺年薪。")),
        ]

    def __str__(self):
        return yuan(self.amount)


class Plate(StationRow):
    """The plate hangs from `since`; taken down at `until`."""

    class Meta(StationRow.Meta):
        verbose_name = _("挂牌")
        constraints = [
            *Dated.Meta.constraints,
            never_twice("plate_once", "station", message=_("这段时间已经登记了挂牌。")),
        ]

    def __str__(self):
        return self.since.isoformat()


class MainStation(StationRow):
    """The regional main station (区域性总站) that a branch belongs to, by the paper that says so. One at a time."""

    main = models.ForeignKey(Station, models.PROTECT, related_name="branchings", verbose_name=_("所属总站"))
    document = models.CharField(_("文号"), max_length=80, blank=True)

    class Meta(StationRow.Meta):
        verbose_name = _("所属总站")
        constraints = [
            *Dated.Meta.constraints,
            never_twice(
                "main_station_once",
                "station",
                message=_("这段时间分站已属于另一个总站，两个总站不能重叠。请先给原来的那一行填止日。"),
            ),
        ]

    def __str__(self):
        return str(self.main)

    def clean(self):
        """Only a branch belongs to a main station, and the main station is regional and exists all that time."""
        if self.station.kind != StationKind.BRANCH:
            kind = self.station.get_kind_display()
            raise ValidationError(_now("只有分站才有所属总站；这是%(kind)s。") % {"kind": kind})
        if self.main_id is None or self.since is None:
            return
        main = self.main
        if main.kind != StationKind.REGIONAL:
            raise ValidationError(
                {
                    "main": _now("“%(name)s”是%(kind)s，不是区域性总站。")
                    % {"name": main, "kind": main.get_kind_display()}
                }
            )
        if self.since < main.approved_on:
            text = _now("总站 %(day)s 才批准，起日不能更早。") % {"day": main.approved_on}
            raise ValidationError({"since": text})
        if main.ended_on and (self.until is None or self.until > main.ended_on):
            text = _now("总站已于 %(day)s 终止，请选有效的总站，或填不晚于这天的止日。") % {"day": main.ended_on}
            raise ValidationError({"main": text})


class StationName(models.Model):
    """A name that the station bore until before the day `until`, when the paper gave it the next one."""

    station = models.ForeignKey(Station, models.PROTECT, related_name="former_names")
    name = models.CharField(_("曾用名"), max_length=120)
    name_en = models.CharField(max_length=240, blank=True)
    until = models.DateField(_("更名日期"))
    document = models.CharField(_("文号"), max_length=80)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("曾用名")
        constraints = [
            models.UniqueConstraint(
                fields=["station", "until"],
                name="station_renamed_once_a_day",
                violation_error_message=_("这一天已经登记过更名。"),
            )
        ]

    def __str__(self):
        return self.name


# --- enterprises -------------------------------------------------------------------------------


class EnterpriseRow(Dated):
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="%(class)ss", editable=False)

    class Meta(Dated.Meta):
        abstract = True


class CertificateQuerySet(DatedQuerySet):
    def visible_to(self, user):
        return self.filter(enterprise__in=Enterprise.objects.visible_to(user))


class Certificate(EnterpriseRow):
    """The paper behind a tag: its number, and until when it holds."""

    tag = models.CharField(_("企业资质"), max_length=20, choices=Enterprise.Tag.choices)
    number = models.CharField(_("证书编号"), max_length=60)

    objects = CertificateQuerySet.as_manager()  # type: ignore[misc]

    class Meta(EnterpriseRow.Meta):
        verbose_name = _("资质证书")
        constraints = [
            *Dated.Meta.constraints,
            never_twice(
                "certificate_once",
                "enterprise",
                "tag",
                message=_("这项资质在这段时间已有证书。续期的新证书请从旧证书期满后起。"),
            ),
        ]

    def __str__(self):
        return f"{self.get_tag_display()} {self.number}"


class ResearchOrganisation(EnterpriseRow):
    """A research organisation (研发机构) of the enterprise; `since` is when it was set up or recognised."""

    name = models.CharField(_("研发机构名称"), max_length=100)
    level = models.CharField(_("级别"), max_length=12, choices=Enterprise.Level.choices)
    document = models.CharField(_("批准文号"), max_length=80, blank=True)

    class Meta(EnterpriseRow.Meta):
        verbose_name = _("研发机构")
        constraints = [
            *Dated.Meta.constraints,
            never_twice("research_once", "enterprise", "name", "level", message=_("这个研发机构在这段时间已经登记。")),
        ]

    def __str__(self):
        return self.name


class EnterpriseEvent(models.Model):
    """What befell an enterprise, by the paper that says so: `before` and `after` are names, or districts."""

    class Kind(models.TextChoices):
        RENAMED = "renamed", _("更名")
        MOVED = "moved", _("市内迁移")
        LEFT = "left", _("迁出本市")
        RESTRUCTURED = "restructured", _("重组")
        BANKRUPT = "bankrupt", _("破产")
        DEREGISTERED = "deregistered", pgettext_lazy("单位", "注销")

    ENDS = frozenset({Kind.LEFT, Kind.BANKRUPT, Kind.DEREGISTERED})

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="happenings")
    kind = models.CharField(_("变更"), max_length=12, choices=Kind.choices)
    on = models.DateField(_("日期"))
    document = models.CharField(_("依据文件"), max_length=80)
    before = models.CharField(_("变更前"), max_length=120, blank=True)
    after = models.CharField(_("变更后"), max_length=120, blank=True)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("单位变更")
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "kind", "on"],
                name="enterprise_event_once",
                violation_error_message=_("这一天已经登记过同样的变更。"),
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.on}"


class StudioQuerySet(DatedQuerySet):
    def visible_to(self, user):
        return self.filter(station__in=Station.objects.visible_to(user))


class OverseasStudio(StationRow):
    """A studio abroad, of a station or itself entered as one. `postdocs` is how many work there from `since` on, None
    where nobody has said; when the number changes, a new row follows the old one."""

    country = models.CharField(_("国家或地区"), max_length=40)
    city = models.CharField(_("城市"), max_length=40, blank=True)
    host = models.CharField(_("合作机构"), max_length=100)
    contact = models.CharField(_("联系人"), max_length=40, blank=True)
    reach = models.CharField(_("联系方式"), max_length=80, blank=True)
    postdocs = models.PositiveSmallIntegerField(_("博士后人数"), null=True, blank=True)
    document = models.CharField(_("依据文件"), max_length=80, blank=True)

    objects = StudioQuerySet.as_manager()  # type: ignore[misc]

    class Meta(StationRow.Meta):
        verbose_name = _("海外博士后工作室")
        constraints = [
            *Dated.Meta.constraints,
            never_twice(
                "studio_once",
                "station",
                "country",
                "host",
                message=_("这个工作室在这段时间已经登记；情况变了请给原来的一行填最后一天，再登记新的。"),
            ),
        ]

    def __str__(self):
        return f"{self.country} {self.host}"
