"""What can be said of visits: until when somebody counts as newly introduced, when they were last visited."""

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    DateField,
    F,
    Func,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Least
from django.utils.translation import gettext_lazy as _

from portal.facts import Entry, Vocabulary
from portal.laid_down import laid_down, laid_down_at
from postdocs.stays.facts import later, stay
from postdocs.visits.models import Visit

WINDOW = "A24"  # for how many months somebody counts as newly introduced
AGAIN = "visits.again"  # for how many months a visit holds


def introduced(prefix: str, months):
    """The first day on which a stay no longer counts as newly introduced: after the months, or with a withdrawal."""
    return Case(
        When(Q(**{f"{prefix}entered_on": None}), then=None),
        default=Least(later(F(f"{prefix}entered_on"), months), F(f"{prefix}withdrawn_on")),
        output_field=DateField(null=True),
    )


def introduced_over(on, told):
    return introduced("", told.number)


HERE = "matter__district"


@stay.fact(_("算新引进到哪一天"), DateField(null=True), sources=(laid_down_at(WINDOW, HERE),), over=introduced_over)
def introduced_until(on):
    return introduced("", laid_down(WINDOW, OuterRef(HERE)))


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
    again = laid_down(AGAIN, OuterRef(HERE))
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
    months = laid_down(AGAIN, OuterRef("district"))
    return Least(later(F("visited_on"), months), introduced("stay__", laid_down(WINDOW, OuterRef(f"stay__{HERE}"))))


@visit.fact(_("走访时算新引进"), BooleanField(null=True))
def of_introduced(on):
    until = introduced("stay__", laid_down(WINDOW, OuterRef(f"stay__{HERE}")))
    return Case(
        When(Q(stay=None), then=None),
        When(Q(visited_on__lt=until, visited_on__gte=F("stay__entered_on")), then=True),
        default=False,
        output_field=BooleanField(null=True),
    )
