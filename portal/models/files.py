"""Uploaded documents: private, typed by content, hashed, versioned, cited by matters."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.models.matters import Matter


class FileQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Files of one's own organisations, and those cited by matters one may see."""
        cited = Evidence.objects.filter(matter__in=Matter.objects.visible_to(user)).values("file")
        return self.filter(Q(organisation__in=user.scope.organisations) | Q(pk__in=cited))


def stored_name(file, original):
    """A name that says nothing and can't be guessed; the original name is only a label."""
    key = file.pk.hex
    return f"{key[:2]}/{key}"


class File(models.Model):
    """One version of one document. A replacement is a new row that names the one it replaces."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey("portal.Organisation", models.PROTECT, related_name="files")
    name = models.CharField(_("文件名"), max_length=200)
    content = models.FileField(upload_to=stored_name, max_length=100)
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField(_("字节数"))
    pages = models.PositiveSmallIntegerField(_("页数"), default=1)
    sha256 = models.CharField(max_length=64)
    replaces = models.ForeignKey("self", models.PROTECT, null=True, related_name="replaced_by")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)

    objects = FileQuerySet.as_manager()

    class Meta:
        verbose_name = _("文件")
        indexes = [models.Index(fields=["organisation", "sha256"], name="file_hash")]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("file", args=[self.pk])

    @property
    def badge(self):
        return {"application/pdf": "PDF", "image/jpeg": "JPG", "image/png": "PNG"}[self.media_type]


class Evidence(models.Model):
    """A matter cites a file in one of its slots ("CONDITION.SLOT"). Taken out: `removed_at`, never deleted."""

    matter = models.ForeignKey("portal.Matter", models.PROTECT, related_name="evidence")
    slot = models.CharField(max_length=80)
    file = models.ForeignKey(File, models.PROTECT, related_name="citations")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "slot", "file"],
                condition=Q(removed_at=None),
                name="evidence_once",
                violation_error_message=_("这份材料里已经有同一个文件。"),
            )
        ]

    def __str__(self):
        return f"{self.slot}: {self.file_id}"
