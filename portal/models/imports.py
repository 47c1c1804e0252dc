"""Workbooks that people hand in: what each line is, what came of it, and how to take it back."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


def stored_name(batch, original):
    """A name that can't be guessed; the original one is only a label."""
    return f"imports/{uuid.uuid4().hex}"


class Batch(models.Model):
    """One workbook, from upload to its rows being in, or taken back. `head` says how its columns were understood.

    `problem` is why it stands where it stands: what is wrong with the file, or why the last try changed nothing.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("正在核对")
        BROKEN = "broken", _("读不出来")
        READY = "ready", _("待入库")
        APPLYING = "applying", _("正在入库")
        DONE = "done", _("已入库")
        UNDOING = "undoing", _("正在撤回")
        UNDONE = "undone", _("已撤回")

    class Choice(models.TextChoices):
        ALL = "all", _("全部成功才入库")
        RIGHT = "right", _("只导入正确行")

    kind = models.CharField(max_length=30)
    name = models.CharField(_("文件"), max_length=200)
    content = models.FileField(upload_to=stored_name)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="batches")
    uploaded_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    choice = models.CharField(max_length=10, choices=Choice.choices, blank=True)
    problem = models.TextField(blank=True)
    head = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    job = models.ForeignKey("portal.Job", models.SET_NULL, null=True, related_name="+")
    applied_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("导入")

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("import", args=[self.pk])

    @property
    def written(self) -> models.QuerySet["Line"]:
        """The lines that are in."""
        there = self.state in (self.State.DONE, self.State.UNDOING)
        return self.lines.filter(outcome__in=Line.WRITTEN) if there else self.lines.none()

    @property
    def busy(self) -> bool:
        return self.state in (self.State.WAITING, self.State.APPLYING, self.State.UNDOING)


class Line(models.Model):
    """One row of the sheet, by the number that Excel shows. `cells` are as the file has them, by column of the sheet.

    `problems`: a sentence by column name, "" for the row as a whole. `changes`: [was, is] by column name, in words; where
    both sides changed it since the workbook was taken out, [was, is, ours now].
    `target` is the row of ours that it speaks of, `before` what that one said in the columns that were changed.
    `sealed` holds the cells that nobody reads in the database; in `cells` they are masked (see `portal/veiled.py`).
    """

    class Outcome(models.TextChoices):
        NEW = "new", _("新增")
        CHANGED = "changed", _("有变化")
        SAME = "same", _("没变化")
        WRONG = "wrong", _("有错")
        DOUBLE = "double", _("重复")
        DOUBT = "doubt", _("疑似重复")
        CONFLICT = "conflict", _("两边都改过")

    WRITTEN = (Outcome.NEW, Outcome.CHANGED)  # these are, or come, in
    HELD = (Outcome.WRONG, Outcome.CONFLICT, Outcome.DOUBT, Outcome.DOUBLE)  # these stay out until somebody mends them

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="lines", db_index=False)
    number = models.PositiveIntegerField()
    cells = models.JSONField()
    sealed = models.BinaryField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    problems = models.JSONField(default=dict)
    changes = models.JSONField(default=dict)
    target = models.CharField(max_length=40, blank=True)
    before = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="line_once")]
        indexes = [models.Index(fields=["batch", "outcome"], condition=~Q(outcome="same"), name="line_told")]

    def __str__(self):
        return f"{self.batch_id}:{self.number}"
