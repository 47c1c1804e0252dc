"""What a person decided about records that look alike: merged, not the same, or what was told otherwise taken over."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from postdocs.people.models import Person


class Merge(models.Model):
    """Two records made one by a person: `gone` was merged into `kept`.

    `chosen` says by column whose value stays ("kept" or "gone"); `moved` which rows went over, by model, as keys.
    `before` is what `kept` said until then, `after` what its record looked like right afterwards: as long as it still
    looks so, the merge can be undone.
    """

    kept = models.ForeignKey(Person, models.PROTECT, related_name="+")
    gone = models.ForeignKey(Person, models.PROTECT, related_name="+")
    chosen = models.JSONField()
    before = models.JSONField()
    moved = models.JSONField()
    after = models.JSONField()
    note = models.CharField(_("理由"), max_length=300)
    by = models.ForeignKey("portal.User", models.PROTECT, related_name="+")
    on = models.DateField()
    undone_by = models.ForeignKey("portal.User", models.PROTECT, null=True, related_name="+")
    undone_on = models.DateField(null=True)
    undone_note = models.CharField(_("撤销理由"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("人员合并")
        constraints = [
            models.UniqueConstraint(fields=["gone"], condition=Q(undone_on=None), name="merged_once"),
            models.CheckConstraint(name="merge_of_two", condition=~Q(kept=F("gone"))),
            models.CheckConstraint(
                name="merge_undone",
                condition=Q(undone_by=None, undone_on=None) | Q(undone_by__isnull=False, undone_on__gte=F("on")),
            ),
        ]

    def __str__(self):
        return f"{self.kept} {self.on}"


class NotTheSame(models.Model):
    """Two records that look alike and are two people; `first` is the one whose key is smaller."""

    first = models.ForeignKey(Person, models.PROTECT, related_name="+")
    second = models.ForeignKey(Person, models.PROTECT, related_name="+")
    note = models.CharField(_("理由"), max_length=300)
    by = models.ForeignKey("portal.User", models.PROTECT, related_name="+")
    on = models.DateField()

    class Meta:
        verbose_name = _("不是同一人")
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="apart_once"),
            models.CheckConstraint(name="apart_in_order", condition=Q(first__lt=F("second"))),
        ]

    def __str__(self):
        return f"{self.first} / {self.second}"


class Ruling(models.Model):
    """What was decided where a filed entry told of a person otherwise than was known: by column, "known" or "told"."""

    event = models.OneToOneField("portal.Event", models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    chosen = models.JSONField()
    note = models.CharField(_("理由"), max_length=300)
    by = models.ForeignKey("portal.User", models.PROTECT, related_name="+")
    on = models.DateField()

    class Meta:
        verbose_name = _("不一致的处理")

    def __str__(self):
        return f"{self.person} {self.on}"
