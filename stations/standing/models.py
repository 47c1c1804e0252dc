"""Standing: what a station recruited year by year, a city's clocks, and the case that follows when one runs out."""

from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, OuterRef, Prefetch, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from portal.models import Event, PackRow, ScopedQuerySet, Spell
from portal.words import localised
from stations.evaluation.models import Sheet
from stations.register.models import CancelGround, Station

FIRST_YEAR = 1985  # when postdoctoral work began in China


class Recruits(models.Model):
    """What a station recruited in one calendar year, as far as it was counted: up to and with the day `counted_on`.

    A year without a row is not known, which is never 0. A 0 settles a year only when it was counted to 31 December.
    The year of an upgrade is told by the higher station, with whoever entered before. `pay` is what a postdoc was paid in
    the year on average, in yuan before tax; None: not told. `confirmed_by` is the official
    who looked; until then it is the enterprise's word, which counts.
    """

    station = models.ForeignKey(Station, models.PROTECT, related_name="recruits", editable=False)
    year = models.PositiveSmallIntegerField(_("年份"))
    entered = models.PositiveSmallIntegerField(_("备案进站人数"))
    last_on = models.DateField(_("最近一次备案进站"), null=True, blank=True)
    present = models.PositiveSmallIntegerField(_("年末在站人数"), null=True, blank=True)
    pay = models.DecimalField(_("博士后平均年薪"), max_digits=14, decimal_places=2, null=True, blank=True)
    counted_on = models.DateField(_("统计截至"))
    source = models.CharField(_("依据"), max_length=80)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+")
    recorded_on = models.DateField(editable=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    confirmed_on = models.DateField(null=True, editable=False)

    class Meta:
        verbose_name = _("招收情况")
        constraints = [
            models.UniqueConstraint(
                fields=["station", "year"],
                name="recruits_once_a_year",
                violation_error_message=_("这一年的招收情况已经登记，请改原来那一行。"),
            ),
            models.CheckConstraint(
                name="recruits_year",
                condition=Q(year__gte=FIRST_YEAR),
                violation_error_message=_("年份早于博士后制度建立，请核对。"),
            ),
            models.CheckConstraint(
                name="recruits_counted",
                condition=Q(counted_on__year=F("year")),
                violation_error_message=_("统计截至日应在这一年之内。"),
            ),
            models.CheckConstraint(
                name="recruits_not_ahead",
                condition=Q(counted_on__lte=F("recorded_on")),
                violation_error_message=_("统计截至日还没有到，只能登记已经发生的。"),
            ),
            models.CheckConstraint(
                name="recruits_last",
                condition=Q(last_on=None) | Q(last_on__year=F("year"), last_on__lte=F("counted_on"), entered__gt=0),
                violation_error_message=_("最近一次备案进站应在这一年、统计截至日以前，且人数大于 0。"),
            ),
            models.CheckConstraint(
                name="recruits_pay",
                condition=Q(pay=None) | Q(pay__gt=0),
                violation_error_message=_("平均年薪应大于 0；不知道的不填。"),
            ),
            models.CheckConstraint(
                name="recruits_confirmed",
                condition=Q(confirmed_by=None, confirmed_on=None)
                | Q(confirmed_by__isnull=False, confirmed_on__gte=F("recorded_on")),
                violation_error_message=_("核实须有人和日期，且不早于登记。"),
            ),
        ]

    def __str__(self):
        return _now("%(year)s 年 %(n)s 人") % {"year": self.year, "n": self.entered}

    def clean(self):
        """Nothing is told of a year before the station was approved, or after it ended."""
        approved, ended = self.station.approved_on, self.station.ended_on
        if self.year is None:
            return
        if self.year < approved.year:
            text = _now("工作站 %(day)s 才批准，不能登记更早年份的招收。") % {"day": approved}
            raise ValidationError({"year": text})
        if ended and self.year > ended.year:
            raise ValidationError({"year": _now("工作站已于 %(day)s 终止。") % {"day": ended}})
        if self.counted_on and self.counted_on < approved:
            text = _now("工作站 %(day)s 才批准，统计截至日不能更早。") % {"day": approved}
            raise ValidationError({"counted_on": text})

    @property
    def whole(self) -> bool:
        """Whether the year is told to its end."""
        return self.counted_on == date(self.year, 12, 31)


# --- a city's clocks ---------------------------------------------------------------------------


class Clock(PackRow):
    """A rule that runs for years: since when (a date fact of the station), for which stations, what follows when.

    `starts` names the fact, or one per option of the choice setting `setting`. `remedy` says what makes it begin anew.
    `assumed`: no paper of this city says so; it may only propose. `barred_years`: how long who was removed may not
    apply again. A version that a case rests on is never changed.
    """

    code = models.SlugField(_("代码"))
    title = models.CharField(_("规则"), max_length=60)
    title_en = models.CharField(_("英文名称"), max_length=120, blank=True)
    clause = models.ForeignKey("portal.Clause", models.PROTECT, related_name="+", verbose_name=_("依据"))
    note = models.CharField(_("说明"), max_length=300, blank=True)
    note_en = models.CharField(max_length=500, blank=True)
    assumed = models.BooleanField(_("征求意见"), default=False)
    starts = models.JSONField(_("从何时起算"))
    setting = models.CharField(_("参数"), max_length=40, blank=True)
    remedy = models.CharField(_("怎样重新起算"), max_length=80)
    remedy_en = models.CharField(max_length=200, blank=True)
    ground = models.CharField(_("注销原因"), max_length=12, choices=CancelGround.choices)
    barred_years = models.PositiveSmallIntegerField(_("几年内不得再申报"), null=True, blank=True)
    since = models.DateField(_("执行起"))
    until = models.DateField(_("执行止"), null=True, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("动态管理规则")
        constraints = [
            models.UniqueConstraint(fields=["pack", "code", "since"], name="clock_once"),
            models.CheckConstraint(
                name="clock_period",
                condition=Q(until=None) | Q(until__gt=F("since")),
                violation_error_message=_("执行止须晚于执行起。"),
            ),
        ]

    def __str__(self):
        return localised(self, "title")

    def get_absolute_url(self):
        return f"{reverse('stations:standing')}#rules"


class ClockCriterion(models.Model):
    """For which stations a clock runs: all of these hold of them."""

    clock = models.ForeignKey(Clock, models.CASCADE, related_name="criteria")
    fact = models.CharField(max_length=60)
    lookup = models.CharField(max_length=10)
    value = models.JSONField()
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("适用条件")
        constraints = [models.UniqueConstraint(fields=["clock", "fact", "lookup"], name="clock_criterion_once")]

    def __str__(self):
        return f"{self.clock_id}: {self.fact}"


class ClockStep(models.Model):
    """What is proposed so many months after the clock began; with `setting`, so many years of it and `months` more
    (or less). `rectify_months`: how long a rectification lasts."""

    class Kind(models.TextChoices):
        WARN = "warn", _("提示")
        RECTIFY = "rectify", _("整改")
        REMOVE = "remove", _("摘牌")

    clock = models.ForeignKey(Clock, models.CASCADE, related_name="steps")
    kind = models.CharField(_("步骤"), max_length=8, choices=Kind.choices)
    months = models.SmallIntegerField(_("满几个月"), default=0)
    setting = models.CharField(_("参数"), max_length=40, blank=True)
    rectify_months = models.PositiveSmallIntegerField(_("整改月数"), null=True, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("步骤")
        constraints = [
            models.UniqueConstraint(fields=["clock", "kind"], name="clock_step_once"),
            models.CheckConstraint(
                name="clock_step_months",
                condition=Q(months__gte=0) | ~Q(setting=""),
                violation_error_message=_("月数不能为负；只有写明 setting 时可以从它减去。"),
            ),
            models.CheckConstraint(
                name="clock_step_rectify",
                condition=Q(kind="rectify", rectify_months__gt=0) | (~Q(kind="rectify") & Q(rectify_months=None)),
                violation_error_message=_("整改须写明 rectify_months，其他步骤不写。"),
            ),
        ]

    def __str__(self):
        return f"{self.clock_id}: {self.kind}"


# --- cases -------------------------------------------------------------------------------------


class StandingStatus(models.TextChoices):
    NEW = "new", _("研判")
    WARNED = "warned", _("已提示")
    RECTIFYING = "rectifying", _("整改中")
    AGAIN = "again", _("待复评")
    PROPOSED = "proposed", _("拟摘牌")
    REMOVED = "removed", _("已摘牌待交回")
    HANDED = "handed", _("已摘牌")
    LIFTED = "lifted", _("已恢复")
    DISMISSED = "dismissed", _("不予处理")


SETTLED = (StandingStatus.HANDED, StandingStatus.LIFTED, StandingStatus.DISMISSED)


class StandingQuerySet(ScopedQuerySet):
    def standing(self, on):
        """Those begun by the day, with their status of that day as `status_then`."""
        spells = Spell.objects.filter(Q(until=None) | Q(until__gt=on), matter=OuterRef("matter"), since__lte=on)
        return self.filter(matter__opened_on__lte=on).annotate(
            status_then=Subquery(spells.order_by("-since", "-pk").values("status")[:1])
        )

    def of(self, enterprise):
        """The cases of an enterprise's stations, the newest first, as its desk lists them."""
        return (
            self.filter(station__enterprise=enterprise)
            .select_related("matter", "clock", "station__matter", "sheet__evaluation")
            .order_by("-pk")
        )

    def for_page(self):
        events = Event.objects.select_related("by").order_by("pk")
        rows = self.select_related("matter__organisation", "matter__district", "clock__clause__document")
        rows = rows.select_related("station__matter__district", "station__enterprise__organisation")
        rows = rows.select_related("sheet__matter", "sheet__evaluation__matter")
        return rows.prefetch_related(Prefetch("matter__events", events))


class StandingCase(models.Model):
    """A station that was warned, rectifies, or is to be removed: because a clock ran out or an evaluation failed.

    `started_on` is since when the clock ran. `rectify_by` is the last day. `seen` is what the clock saw at each
    decision, and is never computed again. `barred_until`: before that day the enterprise may not apply again.
    """

    matter = models.OneToOneField("portal.Matter", models.PROTECT, related_name="+")
    station = models.ForeignKey(Station, models.PROTECT, related_name="standing_cases")
    clock = models.ForeignKey(Clock, models.PROTECT, null=True, blank=True, related_name="cases")
    sheet = models.OneToOneField(Sheet, models.PROTECT, null=True, blank=True, related_name="standing")
    ground = models.CharField(_("注销原因"), max_length=12, choices=CancelGround.choices)
    assumed = models.BooleanField(default=False)
    started_on = models.DateField(_("起算"), null=True, blank=True)
    status = models.CharField(max_length=12, choices=StandingStatus.choices, default=StandingStatus.NEW)
    rectify_since = models.DateField(_("整改起"), null=True, blank=True)
    rectify_by = models.DateField(_("整改截止"), null=True, blank=True)
    returned_on = models.DateField(_("交回日期"), null=True, blank=True)
    barred_until = models.DateField(_("此前不得再申报"), null=True, blank=True)
    seen = models.JSONField(default=list)

    objects = StandingQuerySet.as_manager()

    class Meta:
        verbose_name = _("动态管理")
        constraints = [
            models.UniqueConstraint(
                fields=["station", "clock"],
                condition=~Q(status__in=SETTLED),
                name="standing_one_open",
                violation_error_message=_("这个站按这条规则已有一件在办。"),
            ),
            models.CheckConstraint(
                name="standing_because",
                condition=Q(clock__isnull=False) | Q(sheet__isnull=False),
                violation_error_message=_("须写明是哪条规则或哪次评估。"),
            ),
            models.CheckConstraint(
                name="standing_rectify",
                condition=(
                    ~Q(status__in=["rectifying", "again"])
                    & (Q(rectify_by=None) | Q(rectify_by__gte=F("rectify_since")))
                )
                | Q(status__in=["rectifying", "again"], rectify_by__gte=F("rectify_since")),
                violation_error_message=_("整改须有起止日期，截止不早于起。"),
            ),
            models.CheckConstraint(
                name="standing_handed",
                condition=~Q(status="handed") | Q(returned_on__isnull=False),
                violation_error_message=_("请填写交回日期。"),
            ),
        ]

    def __str__(self):
        return localised(self.matter, "title")

    def get_absolute_url(self):
        return reverse("stations:standing_case", args=[self.matter.number])

    @property
    def _then(self) -> str:
        """Its status, on the day it was asked for with `standing(on)`, or now."""
        return getattr(self, "status_then", None) or self.status

    @property
    def shown_status(self):
        return StandingStatus(self._then).label

    @property
    def is_settled(self) -> bool:
        return self._then in SETTLED

    @property
    def rule(self):
        """What it rests on: the clock, or the evaluation where the city has no clock for it."""
        return self.clock or self.sheet.evaluation  # type: ignore[union-attr]


class RadarSweep(models.Model):
    """As of when the rows of a city's radar were kept: for the day `on`, at the moment `read_at`."""

    pack = models.OneToOneField("portal.Pack", models.CASCADE, related_name="+")
    on = models.DateField()
    read_at = models.DateTimeField()

    def __str__(self):
        return f"{self.pack_id} {self.on}"


class RadarRow(models.Model):
    """What one clock says of one station, as the last sweep read it (`clocks.Reading`), so that a list may be sorted and
    counted by it. Written by `radar.keep()` alone, anew each time; what a clock has nothing more to say of has no row.

    `worst` and `best` are the days the clock counts from; `place`, `day`, `rank` and `order` say where the list has it.
    """

    pack = models.ForeignKey("portal.Pack", models.CASCADE, related_name="+")
    station = models.ForeignKey(Station, models.CASCADE, related_name="+")
    clock = models.ForeignKey(Clock, models.CASCADE, related_name="+")
    case = models.ForeignKey(StandingCase, models.CASCADE, null=True, related_name="+")
    case_status = models.CharField(max_length=12, blank=True)
    applies = models.BooleanField(null=True)
    worst = models.DateField(null=True)
    best = models.DateField(null=True)
    lacking = models.JSONField(default=list)
    compared = models.JSONField(default=dict)  # decimals as text
    step = models.CharField(max_length=8, blank=True)
    place = models.CharField(max_length=8)
    day = models.DateField()
    rank = models.PositiveSmallIntegerField()
    order = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["station", "clock"], name="radar_row_once")]
        indexes = [models.Index(fields=["pack", "day", "rank", "station", "order"], name="radar_row_order")]

    def __str__(self):
        return f"{self.station_id}: {self.clock_id}"


class Remedy(models.Model):
    """What the enterprise undertakes in its rectification (整改措施): until when, when done, and the paper for it."""

    case = models.ForeignKey(StandingCase, models.PROTECT, related_name="remedies")
    text = models.CharField(_("措施"), max_length=200)
    due_on = models.DateField(_("计划完成"))
    done_on = models.DateField(_("完成日期"), null=True, blank=True)
    result = models.CharField(_("结果"), max_length=200, blank=True)
    file = models.ForeignKey("portal.File", models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_on = models.DateField()

    class Meta:
        verbose_name = _("整改措施")
        constraints = [
            models.CheckConstraint(
                name="remedy_done",
                condition=Q(done_on=None) | (Q(done_on__gte=F("added_on")) & ~Q(result="")),
                violation_error_message=_("完成日期不早于登记，并写明结果。"),
            ),
        ]

    def __str__(self):
        return self.text
