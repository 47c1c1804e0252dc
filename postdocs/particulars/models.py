"""Marital status and family of a person as far as anybody told: read by whoever typed it and by the person."""

import json
import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal import sealed
from postdocs.people.models import Person


class Marital(models.TextChoices):
    SINGLE = "single", _("未婚")
    MARRIED = "married", _("已婚")
    DIVORCED = "divorced", _("离婚")
    WIDOWED = "widowed", _("丧偶")


class Particulars(models.Model):
    """What was told, sealed as a whole and bound to its own row, so that it stays readable when two records of a person
    are merged. Of several rows of one person the latest speaks; the others are what the merged record brought along."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="particulars")
    content = models.BinaryField()
    told_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("选填情况")

    def __str__(self):
        return str(self.person)

    @property
    def about(self) -> str:
        """What the sealed content is bound to."""
        return f"particulars:{self.pk}"

    @property
    def plain(self) -> dict:
        """What was told, by name of the field."""
        return json.loads(sealed.unseal(self.content, about=self.about))

    def keep(self, told: dict) -> None:
        """Seal what was told; not saved."""
        self.content = sealed.seal(json.dumps(told, ensure_ascii=False), about=self.about)
