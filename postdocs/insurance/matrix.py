"""The lists of one unit as a matrix: its people, its months, and what is known of each."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext_lazy as _

from portal.models import Organisation
from postdocs.insurance.models import Insured, InsuredMonth
from postdocs.insurance.rows import first_of, in_city, months_before, of_person, paid

SHOWN = 24  # months to this one
FEWEST = 12  # that are shown although no list is older
STATES = {  # as the page and the workbook say it, and what it means
    "paid": ("✓", _("已缴")),
    "back": ("+", _("补缴")),
    "gap": ("×", _("没缴")),
    "out": ("", _("名单上没有这个人")),
    "unknown": ("?", _("没有这个月的名单")),
}


@dataclass
class Person:
    """One line: `states` by month, `first` the first month paid at this unit."""

    name: str
    first: date | None
    states: list[str] = field(default_factory=list)


@dataclass
class Matrix:
    months: list[date]
    people: list[Person]


def of_unit(unit: Organisation, on: date, *, number: int = SHOWN) -> Matrix:
    """The unit's last months, from its first list on. Between somebody's first and last month on a list, a list that doesn't name them says that
    nothing was paid."""
    months = [months_before(first_of(on), n) for n in range(number - 1, -1, -1)]
    rows = InsuredMonth.objects.filter(insured__organisation=unit).select_related("insured").order_by("month")
    by_person: dict[Insured, dict[date, InsuredMonth]] = {}
    for row in rows:
        by_person.setdefault(row.insured, {})[row.month] = row
    listed = {row.month for held in by_person.values() for row in held.values()}
    begun = next((n for n, month in enumerate(months) if month in listed), 0)
    months = months[min(begun, max(0, number - FEWEST)) :]
    people = []
    for person, held in sorted(by_person.items(), key=lambda pair: (pair[0].name, pair[0].pk)):
        first = next((month for month, row in held.items() if counts(row, on)), None)
        states = [state(held, month, month in listed, on) for month in months]
        people.append(Person(person.name, first, states))
    return Matrix(months, people)


def counts(row: InsuredMonth, on: date) -> bool:
    return row.paid or (row.back_paid_on is not None and row.back_paid_on <= on)


def state(held: dict[date, InsuredMonth], month: date, listed: bool, on: date) -> str:
    if row := held.get(month):
        return "paid" if row.paid else "back" if counts(row, on) else "gap"
    if not listed:
        return "unknown"
    return "gap" if min(held) < month < max(held) else "out"


# --- a stay's part -----------------------------------------------------------------------------


def of_stay(stay, on: date) -> dict | None:
    """What the lists of the city say of a postdoc by the day: there (`first`, `latest`) and at the station's unit; None
    where none says that a month was paid."""
    rows = of_person(stay.person_id).filter(paid(on), month__lte=on)
    rows = in_city(rows, stay.matter.district_id).select_related("insured")
    everywhere = list(rows.order_by("month"))
    if not everywhere:
        return None
    here = {row.month for row in everywhere if row.insured.organisation_id == stay.matter.organisation_id}
    return {"first": everywhere[0].month, "latest": everywhere[-1].month, "here": min(here, default=None),
            "last": max(here, default=None), "run": run(here, max(here)) if here else 0}  # fmt: skip


def run(months: set[date], last: date) -> int:
    """How many of these months follow one another up to the last."""
    number = 0
    while months_before(last, number) in months:
        number += 1
    return number


def words(states: Sequence[str]) -> list[str]:
    return [str(STATES[s][1]) for s in states]
