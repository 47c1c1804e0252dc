"""Matters (事项): the one thing work lists, timelines and scopes know, and what is written about each."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.models.people import STANDS_IN, Role


class ScopedQuerySet(models.QuerySet):
    """Rows that belong to an organisation and a district; `visible_to` stands on every way out.

    Officials see a case once it has been filed; what an enterprise is still writing is its own, unless it lets its
    office help with it.
    """

    matter_path = "matter__"

    def visible_to(self, user):
        return self.filter(self.reach(user))

    def reach(self, user) -> Q:
        """What of these rows the person may see, by whose they are and where."""
        scope, at = user.scope, self.matter_path
        return Q(**{f"{at}organisation__in": scope.organisations}) | Q(**{f"{at}district__in": scope.districts}) & (
            Q(**{f"{at}filed_on__isnull": False}) | Q(**{f"{at}helped": True})
        )


class MatterQuerySet(ScopedQuerySet):
    matter_path = ""

    def reach(self, user):
        """A department sees what it has in hand."""
        seats = user.scope.seats
        return super().reach(user) | Q(holder=Role.REPORTER, organisation__in=seats) if seats else super().reach(user)

    def to_do(self, user):
        """What waits for this person: held by one of their roles, or one they stand in for, within its own reach."""
        mine = Q(pk__in=[])
        for role, (organisations, districts) in user.scope.by_role.items():
            if role == Role.REPORTER:  # of one department, wherever in the city
                organisations, districts = user.scope.seats, frozenset()
            holders = {role, *STANDS_IN.get(role, ())}
            mine |= Q(holder__in=holders) & (Q(organisation__in=organisations) | Q(district__in=districts))
        return self.filter(mine, closed_on=None)

    def done_by(self, user):
        """Where this person took a step, whoever holds it now."""
        return self.filter(models.Exists(Event.objects.filter(matter=models.OuterRef("pk"), by=user)))

    def opened_by(self, user):
        return self.filter(opener=user)

    def watched_by(self, user):
        return self.filter(watches__user=user)


class Matter(models.Model):
    """One case that somebody holds.

    `status` copies the subject's, so that one list can show every kind; only Lifecycle.move() writes it.
    `holder` is the role whose turn it is, empty when nobody of the portal holds it (waiting for an upper level,
    or closed). `claimed_by` is who of several holders has taken it in hand; a step leaves it free again, but it comes back to whom
    had it when it was sent back. `due_on` is
    the last promised day. `return_to` is the status that sent it back: a resubmission goes there. `filed_on` is the
    first submission; before it only the organisation itself sees the matter, unless it is `helped`: an office fills it in
    with the organisation's consent. `round` counts submissions, `version`
    every change: two people editing one matter notice each other by it.
    """

    number = models.CharField(_("编号"), max_length=40, unique=True)
    kind = models.CharField(_("事项"), max_length=30)
    title = models.CharField(_("名称"), max_length=160)
    title_en = models.CharField(max_length=240, blank=True)
    # two indexes below begin with these columns; each of its own would only be work on every step
    organisation = models.ForeignKey(
        "portal.Organisation", models.PROTECT, null=True, related_name="matters", db_index=False
    )
    district = models.ForeignKey("portal.District", models.PROTECT, related_name="matters", db_index=False)
    opener = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    opened_on = models.DateField()
    filed_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=20)
    holder = models.CharField(max_length=20, choices=Role.choices, blank=True)
    claimed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    held_since = models.DateField()
    due_on = models.DateField(null=True, blank=True)
    return_to = models.CharField(max_length=20, blank=True)
    helped = models.BooleanField(default=False)
    round = models.PositiveSmallIntegerField(default=1)
    version = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(auto_now=True)

    objects = MatterQuerySet.as_manager()

    class Meta:
        verbose_name = _("事项")
        indexes = [
            models.Index(fields=["district", "holder", "due_on"], name="matter_to_do"),
            models.Index(fields=["organisation", "holder"], name="matter_to_do_unit"),
            models.Index(fields=["due_on"], condition=~Q(holder=""), name="matter_held"),
        ]
        constraints = [
            models.CheckConstraint(
                name="matter_closed_unheld",
                condition=Q(closed_on=None) | Q(holder=""),
                violation_error_message=_("已办结的事项没有承办人。"),
            )
        ]

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        """A short address that leads to the page of whichever app shows this kind."""
        return reverse("matter", args=[self.number])


class Event(models.Model):
    """One step of one matter: who took it, when, from where to where, why. `by` is None for the system itself,
    `on_behalf` of whom they stood in for."""

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="events")
    round = models.PositiveSmallIntegerField()
    action = models.CharField(max_length=40)
    duty = models.CharField(max_length=20, blank=True)
    source = models.CharField(max_length=20)
    target = models.CharField(max_length=20)
    on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    on_behalf = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    note = models.TextField(blank=True)
    details = models.JSONField(default=dict)  # what the step was given beside the note: document number, date
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["by", "matter"], name="event_by")]
        constraints = [
            ExclusionConstraint(
                name="one_person_one_step_of_a_duty",
                expressions=[
                    ("matter", RangeOperators.EQUAL),
                    ("round", RangeOperators.EQUAL),
                    ("duty", RangeOperators.EQUAL),
                    ("by", RangeOperators.EQUAL),
                    ("action", RangeOperators.NOT_EQUAL),
                ],
                condition=~Q(duty=""),
                violation_error_message=_("经办、审核、审批须由不同的人办理。"),
            ),
            ExclusionConstraint(
                name="one_person_one_step_by_deputy",
                expressions=[
                    ("matter", RangeOperators.EQUAL),
                    ("round", RangeOperators.EQUAL),
                    ("duty", RangeOperators.EQUAL),
                    ("on_behalf", RangeOperators.EQUAL),
                    ("action", RangeOperators.NOT_EQUAL),
                ],
                condition=~Q(duty="") & Q(on_behalf__isnull=False),
                violation_error_message=_("经办、审核、审批须由不同的人办理，代办也算本人办理。"),
            ),
        ]

    def __str__(self):
        return f"{self.matter_id} {self.action}"

    @property
    def actor(self):
        """Who took the step and in whose name, as a page says it; empty for the system."""
        return said_of(self.by, self.details.get("for")) if self.by else ""


def said_of(by, absent) -> str:
    """Who acted, and in whose name where that is somebody else's."""
    return _("%(who)s（代%(absent)s）") % {"who": by, "absent": absent} if absent else str(by)


class Spell(models.Model):
    """A matter's status from `since` to the day before `until`; what as-of questions read. `held_by` had it in hand
    when it ended: to them it comes back."""

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="spells")
    status = models.CharField(max_length=20)
    since = models.DateField()
    until = models.DateField(null=True)
    held_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["matter"], condition=Q(until=None), name="one_open_spell"),
            models.CheckConstraint(
                name="spell_period",
                condition=Q(until=None) | Q(until__gte=F("since")),
                violation_error_message=_("这一步的日期早于上一步，请核对日期。"),
            ),
        ]

    def __str__(self):
        return f"{self.matter_id} {self.status}"


class Revision(models.Model):
    """What a submission said, whole, as JSON. The difference between two of them is what changed."""

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="revisions")
    event = models.OneToOneField(Event, models.PROTECT, related_name="revision")
    data = models.JSONField()

    def __str__(self):
        return f"{self.matter_id} @ {self.event_id}"


class ReturnCode(models.TextChoices):
    """Why something is sent back (first list, from the complaints that offices print)."""

    R01 = "R01", _("材料缺失")
    R02 = "R02", _("材料模糊或不是原件")
    R03 = "R03", _("缺签字盖章")
    R04 = "R04", _("盖章过期")
    R05 = "R05", _("身份类别选择错误")
    R06 = "R06", _("信息与证件不一致")
    R07 = "R07", _("与上次填报不一致")
    R08 = "R08", _("时间不连续或逻辑错误")
    R09 = "R09", _("条件不符：年龄")
    R10 = "R10", _("条件不符：博士毕业年限")
    R11 = "R11", _("条件不符：在职或社保")
    R12 = "R12", _("条件不符：其他")
    R13 = "R13", _("超出申报时限")
    R14 = "R14", _("重复申报")
    R15 = "R15", _("金额计算有误")
    R16 = "R16", _("账户信息有误")
    R17 = "R17", _("佐证不足")
    R18 = "R18", _("单位信息未完善")
    R19 = "R19", _("合同或协议期限不足")
    R20 = "R20", _("涉密材料不得上传")
    R99 = "R99", _("其他")


class ReturnItem(models.Model):
    """One thing to mend: a field, a condition or a document slot. Only open items may be edited after a return.

    `target` is "field:NAME", "condition:CODE" or "slot:CONDITION.SLOT". `answered_at` is set when the thing was
    mended, or when the enterprise wrote in `answer` why it stays as it is; `resolved_at` by the resubmission.
    """

    event = models.ForeignKey(Event, models.PROTECT, related_name="items")
    target = models.CharField(max_length=80)
    label = models.CharField(max_length=120)
    code = models.CharField(_("原因"), max_length=3, choices=ReturnCode.choices)
    note = models.TextField(_("说明"), blank=True)
    answer = models.TextField(_("单位说明"), blank=True, max_length=500)
    answered_at = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["event", "target"],
                name="return_item_once",
                violation_error_message=_("同一处只能列一次。"),
            ),
            models.CheckConstraint(
                name="return_item_other_says_what",
                condition=~Q(code="R99") | ~Q(note=""),
                violation_error_message=_("原因选“其他”时，请写明是什么问题、怎么改。"),
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.target}"


class Confirmation(models.Model):
    """What a paper can't decide by itself: somebody looked and says yes, no, or can't tell (None).

    `topic` names the matter's part (a condition's code), `level` the role group that looked. A newer verdict on the
    same topic and level ends the older one: valid from `since` to the day before `until`. `on_behalf`: for whom `by`
    stood in.
    """

    class Level(models.TextChoices):
        DISTRICT = "district", _("区镇")
        BUREAU = "bureau", _("市局")

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="confirmations")
    topic = models.CharField(max_length=60)
    level = models.CharField(max_length=10, choices=Level.choices)
    verdict = models.BooleanField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    on_behalf = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    note = models.TextField(blank=True)
    file = models.ForeignKey("portal.File", models.PROTECT, null=True, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "topic", "level"], condition=Q(until=None), name="one_verdict_in_force"
            ),
            models.CheckConstraint(name="confirmation_period", condition=Q(until=None) | Q(until__gte=F("since"))),
        ]

    def __str__(self):
        return f"{self.topic}: {self.verdict}"

    @property
    def actor(self):
        """Who looked and in whose name, as a page says it."""
        return said_of(self.by, self.on_behalf)


class Watch(models.Model):
    """A person follows a matter that isn't theirs to handle (关注)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="watches")
    matter = models.ForeignKey(Matter, models.CASCADE, related_name="watches")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "matter"], name="watch_once")]

    def __str__(self):
        return f"{self.user_id} watches {self.matter_id}"


class Serial(models.Model):
    """The last number given out in one series of one year; its row is locked while the next is taken."""

    series = models.CharField(max_length=30)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["series", "year"], name="serial_once")]

    def __str__(self):
        return f"{self.series}-{self.year}"

    @classmethod
    def take(cls, series: str, year: int) -> str:
        """The next number, as KS-SZ-2026-0037. A number whose transaction is rolled back is given again."""
        return cls.take_many(series, year, 1)[0]

    @classmethod
    @transaction.atomic
    def take_many(cls, series: str, year: int, count: int) -> list[str]:
        """The next numbers, one after the other."""
        cls.objects.get_or_create(series=series, year=year)
        serial = cls.objects.select_for_update().get(series=series, year=year)
        first = serial.last + 1
        serial.last += count
        serial.save(update_fields=["last"])
        return [f"{series}-{year}-{n:04d}" for n in range(first, serial.last + 1)]
