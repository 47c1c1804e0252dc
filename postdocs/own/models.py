"""Whose record an invited account will be joined to."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from postdocs.people.models import Person


class OwnInvitation(models.Model):
    """An invitation of the portal that goes to a postdoc: accepted, the account is theirs and `person` their record."""

    invitation = models.OneToOneField("portal.Invitation", models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("博士后的邀请")

    def __str__(self):
        return str(self.person)
