"""Jobs: whatever must happen later is a row, written in the same transaction as its cause."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class Job(models.Model):
    """Work to be done once, by whoever hears the bell first; the row, not the message, is what can't be lost.

    `asked_by` is None for the system's own work. `done`/`total` are rows of work. `error` is the last failure;
    a job that failed three times stays failed until somebody asks again.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("等待")
        RUNNING = "running", _("进行中")
        DONE = "done", _("完成")
        FAILED = "failed", _("失败")

    kind = models.CharField(max_length=30)
    payload = models.JSONField(default=dict)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="jobs")
    asked_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True)
    result = models.JSONField(default=dict)
    error = models.TextField(blank=True)
    content = models.FileField(upload_to="jobs/", blank=True)  # what it made, if it made a file
    content_name = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["kind", "id"], condition=Q(state__in=["waiting", "running"]), name="job_open"),
            models.Index(fields=["kind", "-finished_at"], name="job_finished"),
        ]

    def __str__(self):
        return f"{self.kind} {self.pk}"

    def get_absolute_url(self):
        return reverse("job", args=[self.pk])
