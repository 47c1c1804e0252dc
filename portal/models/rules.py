"""Policy documents, their clauses, and the settings and guards that rest on them."""

from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from portal.models.districts import Pack, PackRow
from portal.words import localised


class Document(PackRow):
    """A policy paper (文件): its number, date and issuer, in force from `since` to `until`, both included.

    The text is not kept here; `file` is a copy that the bureau attached on a page, `file_source` where it has it from.
    """

    code = models.SlugField(_("代码"))
    title = models.CharField(_("标题"), max_length=160)
    title_en = models.CharField(_("英文标题"), max_length=240, blank=True)
    number = models.CharField(_("文号"), max_length=60, blank=True)
    issuer = models.CharField(_("发文机关"), max_length=80)
    issuer_en = models.CharField(_("发文机关英文名"), max_length=160, blank=True)
    issued_on = models.DateField(_("成文日期"), null=True, blank=True)
    since = models.DateField(_("执行起"), null=True, blank=True)
    until = models.DateField(_("执行止"), null=True, blank=True)
    file = models.ForeignKey(
        "portal.File", models.PROTECT, null=True, blank=True, editable=False, related_name="+", verbose_name=_("附件")
    )
    file_source = models.CharField(_("附件来源"), max_length=120, blank=True, editable=False)

    class Meta:
        verbose_name = _("政策文件")
        constraints = [
            models.UniqueConstraint(fields=["pack", "code"], name="document_once"),
            models.CheckConstraint(
                name="document_period",
                condition=Q(until=None) | Q(since=None) | Q(until__gte=F("since")),
                violation_error_message=_("执行止须不早于执行起。"),
            ),
        ]

    def __str__(self):
        return self.number or localised(self, "title")

    def get_absolute_url(self):
        return reverse("document", args=[self.pk])


class Clause(models.Model):
    """One clause, with our own short summary of what it asks. `number` as printed: 二(一)1.

    `described`: it asks for nothing that this portal could do: an aim in words, a principle, another body's work.
    `pages` are the places of the navigation where it is carried out, for what needs no row of a rule. What rows
    implement it nobody writes down here: see portal/documents.py.
    """

    document = models.ForeignKey(Document, models.CASCADE, related_name="clauses")
    number = models.CharField(_("条款"), max_length=40)
    summary = models.CharField(_("要点"), max_length=200)
    summary_en = models.CharField(_("英文要点"), max_length=400, blank=True)
    rules = models.CharField(_("规则编号"), max_length=200, blank=True)  # ids of the requirement rows behind it
    described = models.BooleanField(_("只作说明"), default=False)
    pages = models.JSONField(_("办理的页面"), default=list, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("条款")
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="clause_once"),
            models.CheckConstraint(
                name="clause_described",
                condition=Q(described=False) | Q(pages=[]),
                violation_error_message=_("只作说明的条款不写办理的页面。"),
            ),
        ]

    def __str__(self):
        return f"{self.document} {self.number}"

    def get_absolute_url(self):
        """Its place in the page of its document."""
        return f"{reverse('document', args=[self.document_id])}#c{self.pk}"


class Relation(PackRow):
    """What one paper says of another: that it replaces it, rests on it, or only names it.

    `clause` is where `document` says so; `other_clause` what it speaks of, None: the whole of `other`. A replacement
    counts from `since` on, None: from the day `document` comes into force.
    """

    class Kind(models.TextChoices):
        REPLACES = "replaces", pgettext_lazy("文件", "取代")
        RESTS_ON = "rests_on", pgettext_lazy("文件", "依据")
        NAMES = "names", pgettext_lazy("文件", "提到")

    kind = models.CharField(_("关系"), max_length=10, choices=Kind.choices)
    document = models.ForeignKey(Document, models.CASCADE, related_name="relations", verbose_name=_("文件"))
    clause = models.ForeignKey(Clause, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("条款"))
    other = models.ForeignKey(Document, models.PROTECT, related_name="told_of", verbose_name=_("对方文件"))
    other_clause = models.ForeignKey(
        Clause, models.PROTECT, null=True, blank=True, related_name="told_of", verbose_name=_("对方条款")
    )
    since = models.DateField(_("从何时起"), null=True, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("文件关系")
        constraints = [
            models.UniqueConstraint(
                fields=["pack", "document", "kind", "other", "other_clause"], nulls_distinct=False, name="relation_once"
            ),
            models.CheckConstraint(
                name="relation_of_two",
                condition=~Q(document=F("other")),
                violation_error_message=_("文件不能取代或依据自己。"),
            ),
        ]

    def __str__(self):
        return f"{self.document} {self.get_kind_display()} {self.other_clause or self.other}"

    def clean(self):
        """Each clause must be one of its own document."""
        pairs = (("clause", self.clause, self.document_id), ("other_clause", self.other_clause, self.other_id))
        for name, clause, document in pairs:
            if clause is not None and clause.document_id != document:
                raise ValidationError({name: gettext("条款 %(clause)s 不在这份文件里") % {"clause": clause.number}})

    @property
    def begins(self) -> date | None:
        """The day from which a replacement counts; None where no paper gives one."""
        return self.since or self.document.since or self.document.issued_on


class SettingQuerySet(models.QuerySet):
    def values_of(self, pack) -> dict:
        """Every setting of a pack by its code."""
        return dict(self.filter(pack=pack).values_list("code", "value"))


class Setting(PackRow):
    """A point the papers leave open, and how this city decides it: a value with its reason, open to change.

    `kind` says how the value is written: a date is ISO text, money is yuan, days are working days.
    """

    class Kind(models.TextChoices):
        DATE = "date", _("日期")
        INTEGER = "integer", _("整数")
        DECIMAL = "decimal", _("小数")
        BOOLEAN = "boolean", _("是或否")
        CHOICE = "choice", _("单选")
        CHOICES = "choices", _("多选")
        TEXT = "text", _("文字")

    code = models.CharField(_("编号"), max_length=40)
    title = models.CharField(_("事项"), max_length=120)
    title_en = models.CharField(_("英文"), max_length=200, blank=True)
    why = models.TextField(_("为什么这样定"))
    why_en = models.TextField(blank=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    options = models.JSONField(default=dict, blank=True)  # code -> label, for choice and choices
    options_en = models.JSONField(default=dict, blank=True)
    unit = models.CharField(pgettext_lazy("计量", "单位"), max_length=20, blank=True)
    unit_en = models.CharField(max_length=30, blank=True)
    value = models.JSONField(_("取值"), null=True, blank=True)
    ask = models.BooleanField(_("待市局确认"), default=False)
    clause = models.ForeignKey(Clause, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("依据"))
    order = models.PositiveSmallIntegerField(default=0)

    objects = SettingQuerySet.as_manager()

    class Meta:
        verbose_name = _("口径与参数")
        constraints = [models.UniqueConstraint(fields=["pack", "code"], name="setting_once")]

    def __str__(self):
        return f"{self.code} {self.title}"

    def get_absolute_url(self):
        return reverse("setting", args=[self.code])

    def clean(self):
        """A value must be of its kind, and an option one of those on offer."""
        problem = self.problem()
        if problem:
            raise ValidationError({"value": problem})
        if unknown := set(self.options_en) - set(self.options):
            raise ValidationError(
                {"options_en": gettext("options 里没有 %(codes)s") % {"codes": gettext("、").join(sorted(unknown))}}
            )

    def problem(self) -> str:
        kind, value, known = self.kind, self.value, gettext("、").join(self.options)
        if value is None:
            return ""
        if kind == self.Kind.DATE:
            return "" if isinstance(value, str) and is_date(value) else gettext("应为日期，如 2026-01-01")
        if kind == self.Kind.INTEGER:
            return "" if type(value) is int and value >= 0 else gettext("应为 0 或正整数")
        if kind == self.Kind.DECIMAL:
            return "" if type(value) in (int, float) else gettext("应为数字")
        if kind == self.Kind.BOOLEAN:
            return "" if isinstance(value, bool) else gettext("应为 true 或 false")
        if kind == self.Kind.CHOICE:
            fits = isinstance(value, str) and value in self.options
            return "" if fits else gettext("应为其中之一：%(codes)s") % {"codes": known}
        if kind == self.Kind.CHOICES:
            fits = isinstance(value, list) and bool(value) and set(map(str, value)) <= set(self.options)
            return "" if fits else gettext("应为列表，从中选一个或几个：%(codes)s") % {"codes": known}
        return "" if isinstance(value, str) else gettext("应为文字")


def is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


class Guard(PackRow):
    """A criterion that a pack lays on one action of one lifecycle, in force from `since` to before `until`.

    `justifiable`: a warning, not a wall: whoever goes on without meeting it says why.
    """

    lifecycle = models.CharField(_("流程"), max_length=30)
    action = models.CharField(_("动作"), max_length=40)
    fact = models.CharField(max_length=60)
    lookup = models.CharField(max_length=10)
    value = models.JSONField()
    justifiable = models.BooleanField(_("说明理由可办"), default=False)
    clause = models.ForeignKey(Clause, models.PROTECT, related_name="+", verbose_name=_("依据"))
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("办理条件")
        constraints = [
            models.UniqueConstraint(
                fields=["pack", "lifecycle", "action", "fact", "lookup", "since"],
                nulls_distinct=False,
                name="guard_once",
            ),
            models.CheckConstraint(
                name="guard_period",
                condition=Q(until=None) | Q(since=None) | Q(until__gt=F("since")),
                violation_error_message=_("止期须晚于起期。"),
            ),
        ]

    def __str__(self):
        return f"{self.lifecycle}.{self.action}: {self.fact}"


class Amendment(models.Model):
    """A pack row that somebody changed on a page: what it was, what it is, why. Never deleted."""

    pack = models.ForeignKey(Pack, models.PROTECT, related_name="amendments")
    table = models.CharField(max_length=40)  # stations.industrychain
    key = models.CharField(max_length=120)  # the natural key within the pack
    label = models.CharField(max_length=200)
    before = models.JSONField()
    after = models.JSONField()
    reason = models.TextField(_("原因"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("变更记录")
        indexes = [models.Index(fields=["table", "key", "-at"], name="amendment_row")]

    def __str__(self):
        return f"{self.table} {self.key}"
