"""What can be said of visits: until when somebody counts as newly introduced, when they were last visited."""

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    DateField,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Least
from django.utils.translation import gettext_lazy as _

from portal.facts import Entry, Vocabulary
from portal.models import Setting
from postdocs.stays.facts import later, stay
from postdocs.visits.models import Visit

WINDOW = "A24"  # for how many months somebody counts as newly introduced
AGAIN = "visits.again"  # for how many months a visit holds


def months_of(code: str, district: str):
    """A setting of the row's city, as a number of months; NULL where the city has none."""
    rows = Setting.objects.filter(pack__root__down__node=OuterRef(district), code=code)
    return Subquery(rows.values(n=Cast("value", IntegerField()))[:1], output_field=IntegerField())


def introduced(prefix: str, district: str):
    """The first day on which a stay no longer counts as newly introduced: after the months, or with a withdrawal."""
    until = later(F(f"{prefix}entered_on"), months_of(WINDOW, district))
    return Case(
        When(Q(**{f"{prefix}entered_on": None}), then=None),
        default=Least(until, F(f"{prefix}withdrawn_on")),
        output_field=DateField(null=True),
    )


@stay.fact(_("算新引进到哪一天"), DateField(null=True))
def introduced_until(on):
    return introduced("", "matter__district")


def visits_by(on):
    rows = Visit.objects.filter(stay=OuterRef("pk"))
    return (rows.filter(visited_on__lte=on) if on else rows).order_by("-visited_on")


@stay.fact(_("最近走访日期"), DateField(null=True))
def last_visited_on(on):
    return Subquery(visits_by(on).values("visited_on")[:1], output_field=DateField(null=True))


@stay.fact(_("走访仍有效"), BooleanField(null=True))
def visited_lately(on):
    """Whether the last visit still holds on the day; unknown where the city doesn't say how long one holds."""
    if on is None:
        return Value(None, BooleanField(null=True))
    again = months_of(AGAIN, "matter__district")
    until = later(last_visited_on(on), again)
    return Case(
        When(Q(entered_on=None), then=None),
        When(LaterThan(until, on), then=True),
        When(Missing(again), then=None),
        default=False,
        output_field=BooleanField(null=True),
    )


def LaterThan(expression, on):
    """A condition: the day of the expression is after this one."""
    return Func(expression, Value(on, DateField()), template="(%(expressions)s)", arg_joiner=" > ",
                output_field=BooleanField())  # fmt: skip


def Missing(expression):
    return Func(expression, template="(%(expressions)s IS NULL)", output_field=BooleanField())


def describe(row: Visit) -> Entry:
    return Entry(row.label, row.get_absolute_url(), str(row.organisation), row.visitors)


visit = Vocabulary(
    "visit",
    Visit,
    district="district",
    describe=describe,
    select=("district", "stay__person", "stay__matter__organisation", "station__matter__organisation",
            "entry__matter__organisation"),
)  # fmt: skip
visit.column("visited_on", _("走访日期"))


@visit.fact(_("走访了谁"), CharField(null=True))
def person(on):
    """The postdoc, for counting everybody once; NULL for a station or an enterprise."""
    return Cast("stay__person_id", CharField())


@visit.fact(_("走访有效到哪一天"), DateField(null=True))
def holds_until(on):
    """The first day on which the visit no longer covers anybody: it is too long ago, or they aren't new any more."""
    months = months_of(AGAIN, "district")
    return Least(later(F("visited_on"), months), introduced("stay__", "stay__matter__district"))


@visit.fact(_("走访时算新引进"), BooleanField(null=True))
def of_introduced(on):
    until = introduced("stay__", "stay__matter__district")
    return Case(
        When(Q(stay=None), then=None),
        When(Q(visited_on__lt=until, visited_on__gte=F("stay__entered_on")), then=True),
        default=False,
        output_field=BooleanField(null=True),
    )
