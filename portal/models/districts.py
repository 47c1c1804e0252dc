"""Districts (区镇) as a tree, and the pack of rules that each city brings."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DistrictQuerySet(models.QuerySet):
    def below(self, district):
        """`district` itself and all that lies under it, in official order."""
        return self.filter(up__ancestor=district).order_by("path_order")

    def above(self, district):
        """`district` itself and all that lies over it, the highest first."""
        return self.filter(down__node=district).order_by("depth")


class District(models.Model):
    """A node of the administrative tree: province, city, county, town or development zone.

    `path_order` sorts a tree in official order (行政序列), parents before children; it is derived on loading,
    as `depth` is. Where no document names a district, `documented` is false: it was entered as public knowledge.
    """

    code = models.CharField(_("代码"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=80, blank=True)
    short_name = models.CharField(_("简称"), max_length=30, blank=True)
    short_name_en = models.CharField(max_length=40, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    gb_code = models.CharField(_("行政区划代码"), max_length=12, blank=True)
    documented = models.BooleanField(_("文件列名"), default=True)
    depth = models.PositiveSmallIntegerField(default=0)
    path_order = models.CharField(max_length=120, default="", db_index=True)

    objects = DistrictQuerySet.as_manager()

    class Meta:
        verbose_name = _("区镇")
        verbose_name_plural = _("区镇")

    def __str__(self):
        return self.name

    @property
    def short(self):
        return self.short_name or self.name


class Ancestry(models.Model):
    """The closure of the tree: one row per node and each node above it, itself included. Derived on loading."""

    node = models.ForeignKey(District, models.CASCADE, related_name="up")
    ancestor = models.ForeignKey(District, models.CASCADE, related_name="down")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["node", "ancestor"], name="ancestry_once")]

    def __str__(self):
        return f"{self.node_id} < {self.ancestor_id}"


class PackQuerySet(models.QuerySet):
    def above(self, district):
        """The packs that cover `district`, the one whose root lies nearest first."""
        return self.filter(root__down__node=district).order_by("-root__depth")

    def get_for(self, district):
        """The pack whose rules `district` follows; raises Pack.DoesNotExist where none does."""
        pack = self.above(district).select_related("root").first()
        if pack is None:
            raise Pack.DoesNotExist(f"no pack covers {district}")
        return pack

    def prefixes(self, districts):
        """The prefixes of the packs that get_for() finds, by the keys of these districts; in one query."""
        rows = Ancestry.objects.filter(node__in=districts, ancestor__pack__in=self).order_by("ancestor__depth")
        found = dict(rows.values_list("node", "ancestor__pack__prefix"))
        if missing := set(districts) - set(found):
            raise self.model.DoesNotExist(f"no pack covers {sorted(missing)}")
        return found


class Pack(models.Model):
    """All that one city brings: districts, documents, settings, conditions, plans. There is no global city."""

    code = models.SlugField(_("代码"), unique=True)
    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=80, blank=True)
    bureau = models.CharField(_("主管部门"), max_length=60)
    bureau_en = models.CharField(_("主管部门英文名"), max_length=120, blank=True)
    prefix = models.CharField(_("编号前缀"), max_length=6, unique=True)
    root = models.OneToOneField(District, models.PROTECT, related_name="pack")
    changed: int  # how many rows the last loading moved

    objects = PackQuerySet.as_manager()

    class Meta:
        verbose_name = _("地方规则包")

    def __str__(self):
        return self.name


class PackRow(models.Model):
    """A row that came from a pack's file.

    `loaded` is what the file said when it was last loaded, `edited_at` when somebody changed the row on a page: from
    the three (file, loaded, now) loading tells an edit here from an edit there, and refuses to lose either.
    """

    pack = models.ForeignKey(Pack, models.PROTECT, related_name="+")
    loaded = models.JSONField(null=True, editable=False)
    edited_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True
