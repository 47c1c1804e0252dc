"""Invented insurance lists of a few units: months paid, one gap, one paid back, one month without a list."""

from datetime import date, timedelta

from portal.demo import Story
from portal.models import Role
from postdocs.insurance.models import Insured, InsuredMonth
from postdocs.insurance.rows import first_of, months_before
from postdocs.stays.models import Stay

MONTHS, UNITS = 14, 3


def tell(story: Story) -> None:
    rows = Stay.objects.inside(story.on).filter(
        matter__organisation__demo=True, matter__district__up__ancestor=story.pack.root
    )
    units = sorted(set(rows.values_list("matter__organisation", flat=True)))[:UNITS]
    people, months = [], []
    for stay in rows.filter(matter__organisation__in=units).select_related("person", "matter").order_by("pk"):
        for kept in stay.person.papers.all():
            unit = stay.matter.organisation_id
            one = Insured(organisation_id=unit, number_index=kept.number_index, name=stay.person.name)
            people.append(one)
            months += told(story, one, stay.entered_on, len(people))
    Insured.objects.bulk_create(people)
    InsuredMonth.objects.bulk_create(months)


def told(story: Story, one: Insured, since: date, number: int) -> list[InsuredMonth]:
    last, found = months_before(first_of(story.on), 1), []
    for back in range(MONTHS - 1, -1, -1):
        month = months_before(last, back)
        if month < first_of(since) or back == 9:  # a month of which no list came
            continue
        gap = back == 4 and number % 4 == 0
        paid_back = month + timedelta(70) if gap and number % 8 == 0 else None
        found.append(
            InsuredMonth(
                insured=one, month=month, paid=not gap, back_paid_on=paid_back, source="演示：社保中心参保证明",
                confirmed_by=story.people[Role.BUREAU_HANDLER], confirmed_on=story.on,
            )
        )  # fmt: skip
    return found
