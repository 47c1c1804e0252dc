"""Filters of a list that a person keeps under a name."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SavedView(models.Model):
    """One's own name for the filters of one list. `path` is the list's address, `query` what stands behind its question
    mark, as `portal.saved.query_of` writes it. The default is how the list opens when nothing is asked of it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    path = models.CharField(max_length=200)
    query = models.CharField(max_length=2000)
    name = models.CharField(_("名称"), max_length=40)
    is_default = models.BooleanField(_("打开这份清单时默认用它"), default=False)

    class Meta:
        verbose_name = _("视图")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "path", "name"],
                name="saved_view_once",
                violation_error_message=_("这份清单已有同名的视图，请换一个名称。"),
            ),
            models.UniqueConstraint(
                fields=["user", "path"],
                condition=Q(is_default=True),
                name="saved_view_one_default",
                violation_error_message=_("一份清单只能有一个默认视图。"),
            ),
            models.CheckConstraint(
                name="saved_view_filters",
                condition=~Q(query="") & ~Q(name=""),
                violation_error_message=_("请先选好筛选，并给它一个名称。"),
            ),
        ]

    def __str__(self):
        return self.name
