"""What the lists of social insurance say of somebody at a unit: since when, whether in a month, how long without a gap.

All of it is three-valued: a month of which the unit has no list is unknown, and never a gap.
"""

from datetime import date

from django.db.models import (
    BooleanField,
    Case,
    Count,
    DateField,
    Exists,
    ExpressionWrapper,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, ExtractMonth, ExtractYear
from django.db.models.lookups import GreaterThan, LessThanOrEqual
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from portal.facts import Vocabulary
from portal.laid_down import laid_down, laid_down_at
from postdocs.insurance.models import InsuredMonth
from postdocs.insurance.rows import (
    earlier,
    first_of,
    in_city,
    last_whole,
    months_before,
    of_person,
    paid,
)
from postdocs.rosters.facts import doctor
from postdocs.stays.facts import reckoned, stay

SPANS = (6, 12, 24)  # whole months in a row that schemes ask for
TOLERANCE = "A23"  # the setting: how many of them may be missing


def unknown(field):
    return Value(None, field)


class At:
    """The months of one row's person at the row's unit; `unit` and `district` are paths from the row."""

    def __init__(self, unit: str, district: str):
        self.unit, self.district = unit, district

    def paid(self, on):
        rows = of_person(OuterRef(OuterRef("person")))
        return rows.filter(paid(on), insured__organisation=OuterRef(self.unit))

    def listed(self):
        """The unit's lists, whoever they name."""
        return InsuredMonth.objects.filter(insured__organisation=OuterRef(self.unit)).order_by()

    def begins(self, on, last: date):
        """The month in which the last run of paid months began."""
        before = InsuredMonth.objects.filter(paid(on), insured=OuterRef("insured"))
        before = before.filter(month=earlier(OuterRef("month"), Value(1)))
        rows = self.paid(on).filter(~Exists(before), month__lte=last).order_by("-month")
        return Subquery(rows.values("month")[:1], output_field=DateField())

    def said(self, on, month: date, yes, field):
        """`yes` where the month was paid, a plain no where the unit's list of it doesn't say so, else unknown."""
        no = False if isinstance(field, BooleanField) else 0
        return Case(
            When(Exists(self.paid(on).filter(month=month)), then=yes),
            When(Exists(self.listed().filter(month=month)), then=Value(no)),
            default=None,
            output_field=field,
        )


def register(vocabulary: Vocabulary, at: At) -> None:
    @vocabulary.fact(_("本市首次参保月份"), DateField(null=True))
    def insured_first(on):
        """The first month paid at any unit of the city, as far as there are lists."""
        rows = of_person(OuterRef(OuterRef("person"))).filter(paid(on), **({"month__lte": on} if on else {}))
        rows = in_city(rows, OuterRef(OuterRef(at.district))).order_by("month")
        return Subquery(rows.values("month")[:1], output_field=DateField())

    @vocabulary.fact(_("当月在本单位参保"), BooleanField(null=True))
    def insured_now(on):
        """In the month in which the day lies."""
        field = BooleanField(null=True)
        return at.said(on, first_of(on), Value(True), field) if on else unknown(field)

    @vocabulary.fact(_("本单位连续参保至少"), IntegerField(null=True), unit=_("个月"))
    def insured_months(on):
        """Paid months in a row up to the last whole one. An unknown month before them ends them as a gap does, so it may
        have been more."""
        field = IntegerField(null=True)
        if on is None:
            return unknown(field)
        last = last_whole(on)
        start = at.begins(on, last)
        months = Value(last.year * 12 + last.month + 1) - ExtractYear(start) * 12 - ExtractMonth(start)
        return at.said(on, last, ExpressionWrapper(months, field), field)

    for span in SPANS:
        in_a_row(vocabulary, at, span)


def in_a_row(vocabulary: Vocabulary, at: At, span: int) -> None:
    """Whether the last `span` whole months were paid at the unit, but for the gaps that the city allows: no once there
    are more gaps than that, unknown as long as unknown months could be some."""

    def enough_of(on, allowed):
        last = last_whole(on)
        window = Q(month__lte=last, month__gte=months_before(last, span - 1))
        months = Count("month", distinct=True)
        held, lists = reckoned(at.paid(on).filter(window), months), reckoned(at.listed().filter(window), months)
        enough, gaps = Value(span) - held, lists - held
        return Case(
            When(LessThanOrEqual(ExpressionWrapper(enough, IntegerField()), allowed), then=True),
            When(GreaterThan(ExpressionWrapper(gaps, IntegerField()), allowed), then=False),
            default=None,
            output_field=BooleanField(null=True),
        )

    def fact(on):
        return over(on, None)

    def over(on, city):
        if on is None:
            return unknown(BooleanField(null=True))
        number = laid_down(TOLERANCE, OuterRef(at.district)) if city is None else city.number
        return enough_of(on, Coalesce(number, 0))

    fact.__name__ = f"insured_{span}"
    label = format_lazy(_("本单位连续参保满 {span} 个月"), span=span)
    sources = (laid_down_at(TOLERANCE, at.district),)
    vocabulary.fact(label, BooleanField(null=True), sources=sources, over=over)(fact)


register(stay, At("matter__organisation", "matter__district"))
register(doctor, At("organisation", "district"))
