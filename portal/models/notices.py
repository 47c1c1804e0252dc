"""Notices: what a person is told; each way of telling is a delivery with its own outcome."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Notice(models.Model):
    """A sentence for one person about one matter, in the language that person reads; `path` leads to what it speaks of
    where that is no matter."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    matter = models.ForeignKey("portal.Matter", models.CASCADE, null=True, related_name="notices")
    text = models.CharField(max_length=300)
    path = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["user", "-created_at"], name="notice_list"),
            models.Index(fields=["user"], condition=Q(read_at=None), name="notice_unread"),
        ]

    def __str__(self):
        return self.text


class Delivery(models.Model):
    """One attempt to carry a notice out of the portal. Sent once: `sent_at` and the sending are one step."""

    class Channel(models.TextChoices):
        MAIL = "mail", _("邮件")
        SMS = "sms", _("短信")

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=4, choices=Channel.choices)
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "channel"], name="delivery_once")]
        indexes = [models.Index(fields=["id"], condition=Q(sent_at=None), name="delivery_waiting")]

    def __str__(self):
        return f"{self.channel} {self.notice_id}"


class Reminder(models.Model):
    """That a person was reminded of one thing at one threshold: `key` names both, so that it rings once."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=30)
    key = models.CharField(max_length=100)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind", "key"], name="reminder_once")]

    def __str__(self):
        return f"{self.kind} {self.key}"


class Mute(models.Model):
    """A person doesn't want reminders of one kind. What has to be done stays on the lists all the same."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mutes")
    kind = models.CharField(max_length=30)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="mute_once")]

    def __str__(self):
        return f"{self.user_id} {self.kind}"
