"""What can be said of a selection."""

from django.db.models import BooleanField, Case, CharField, DateField, F, Value, When
from django.db.models.functions import Cast, Concat, Least
from django.utils.translation import get_language
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from portal.facts import Coming, Entry, Vocabulary
from portal.site import remembered
from postdocs.selections.models import Programme, Selection


def describe(row: Selection) -> Entry:
    return Entry(f"{row} {row.programme}", row.get_absolute_url(), str(row.organisation), row.document)


def names() -> dict[str, str]:
    """The names of programmes by their codes, in the reader's language; where two cities use one code both."""

    def find():
        found: dict[str, dict[str, None]] = {}
        for row in Programme.objects.order_by("order", "pk"):
            found.setdefault(row.code, {})[str(row)] = None
        return {code: _now("、").join(several) for code, several in found.items()} or None

    return remembered(f"programmes:{get_language()}", find) or {}


OF_A_SELECTION = ("programme", "stay__person", "organisation", "district")
selection = Vocabulary(
    "selection",
    Selection,
    district="district",
    describe=describe,
    select=OF_A_SELECTION,
    coming=[
        Coming(
            lambda: Selection.objects.filter(confirmed_on=None, revoked_on=None),
            given=frozenset({"confirmed"}),
            district="district",
            describe=describe,
            select=OF_A_SELECTION,
        )
    ],
)
selection.column("listed_on", _("名单日期"))
selection.column("year", _("年度"))
selection.column("rank", _("等次"))
selection.column("amount", _("资助金额"), unit="yuan")
selection.column("programme", _("遴选项目"), path="programme__code", names=names)
selection.column("level", _("级别"), path="programme__level", choices=dict(Programme.Level.choices))
selection.column("kind", _("类别"), path="programme__kind", choices=dict(Programme.Kind.choices))


@selection.fact(_("已核对"), BooleanField())
def confirmed(on):
    return Case(When(confirmed_on__isnull=False, then=True), default=False)


@selection.fact(_("不再算的日期"), DateField(null=True))
def ended_on(on):
    """The selection was revoked, or the postdoc withdrawn; whichever came first."""
    return Least(F("revoked_on"), F("stay__withdrawn_on"), output_field=DateField(null=True))


@selection.fact(_("人员"), CharField(null=True))
def person(on):
    """Unknown where a project was selected and no postdoc is named."""
    return Cast("stay__person_id", CharField(null=True))


@selection.fact(_("项目"), CharField(null=True))
def project(on):
    """One project of one unit, whatever selected it; unknown where a person was."""
    return Case(
        When(project="", then=None),
        default=Concat(Cast("organisation_id", CharField()), Value(" "), F("project")),
        output_field=CharField(null=True),
    )
