"""Months of insurance as subqueries of a row outside. `at` leads to that row's columns:
`OuterRef("person")`, or one level further out `OuterRef(OuterRef("person"))`."""

from datetime import date, timedelta

from django.db.models import DateField, Func, Q, QuerySet, Subquery, Value

from portal.models import Pack
from postdocs.insurance.models import InsuredMonth
from postdocs.people.models import IdentityPaper


def first_of(day: date) -> date:
    return day.replace(day=1)


def months_before(month: date, number: int) -> date:
    """The first day of the month so many months earlier."""
    at = month.year * 12 + month.month - 1 - number
    return date(at // 12, at % 12 + 1, 1)


def last_whole(on: date) -> date:
    """The last month that is over by the end of the day."""
    return months_before(first_of(on + timedelta(1)), 1)


def paid(on: date | None) -> Q:
    """Paid in its time, or paid back by the day."""
    back = Q(back_paid_on__isnull=False) if on is None else Q(back_paid_on__lte=on)
    return Q(paid=True) | back


def of_person(at) -> QuerySet:
    """Months of whoever holds a paper of the person."""
    numbers = IdentityPaper.objects.filter(person=at).values("number_index")
    return InsuredMonth.objects.filter(insured__number_index__in=numbers).order_by()


def in_city(rows: QuerySet, at) -> QuerySet:
    """Of these months those at units of the city in which the district lies."""
    root = Subquery(Pack.objects.filter(root__down__node=at).values("root")[:1])
    return rows.filter(insured__organisation__district__up__ancestor=root)


def month_of(day) -> Func:
    return Func(Value("month"), day, template="date_trunc(%(expressions)s)::date", output_field=DateField())


def earlier(day, months) -> Func:
    """The first day of the month so many months before a day; NULL where either isn't known."""
    template = "date_trunc('month', %(expressions)s)::date"
    return Func(day, months, template=template, arg_joiner=" - interval '1 month' * ", output_field=DateField())
