"""Invented careers, one person with an account, one who stands in the records twice, and who looked at a number."""

from datetime import date, timedelta
from typing import Any

from portal.demo import Story
from portal.models import Role
from postdocs.careers.models import CareerKind, CareerRow, Level, Standing
from postdocs.disclosures.models import Disclosure, Kind, Purpose
from postdocs.people.models import PaperKind, Person
from postdocs.stays.actions import add_months
from postdocs.stays.models import Stay, StayStatus
from postdocs.stays.register import Entry, enter


def tell(story: Story) -> None:
    rows = Stay.objects.filter(matter__organisation__demo=True, matter__district__up__ancestor=story.pack.root)
    rows = rows.select_related("matter", "person", "station__matter", "station__enterprise__organisation").order_by(
        "pk"
    )
    inside = list(rows.filter(status=StayStatus.HERE, planned_until__gt=story.on).order_by("-entered_on", "pk")[:12])
    drafts = list(rows.filter(status=StayStatus.DRAFT))
    if not inside:
        return
    CareerRow.objects.bulk_create(row for n, stay in enumerate([*inside, *drafts]) for row in career(stay, story.on, n))
    mine = inside[5 % len(inside)]
    account = story.people[Role.POSTDOC]
    account.name = mine.person.name
    account.save(update_fields=["name"])
    Person.objects.filter(pk=mine.person_id).update(user=account)
    seen(story, mine)
    twice(story, inside[0])


def career(stay: Stay, on: date, number: int) -> list[CareerRow]:
    """From the first degree to the doctorate; every third person has months that nothing tells of."""
    doctor = (stay.person.degree_on or on).replace(day=1)
    gap = 8 if number % 3 == 0 else 0
    entered = (stay.entered_on or on).replace(day=1)
    steps = ((Level.BACHELOR, 48, 84 + gap), (Level.MASTER, 36, 48), (Level.DOCTOR, 48, 0))
    rows = []
    for level, months, until in steps:
        end = add_months(doctor, -until)
        rows.append(
            CareerRow(
                person=stay.person, kind=CareerKind.STUDY, level=level, place=stay.person.degree_school or "演示大学",
                since=add_months(end, -months), until=end, discipline=stay.person.discipline,
            )
        )  # fmt: skip
    if entered > doctor:
        work = {"kind": CareerKind.WORK, "standing": Standing.STAFF, "post": "助理研究员"}
        rows.append(CareerRow(person=stay.person, place="演示研究院", since=doctor, until=entered, **work))
    return rows


def seen(story: Story, stay: Stay) -> None:
    """The number of whoever has an account was looked at twice, for a purpose."""
    paper = stay.person.papers.get()
    for role, purpose, note in (
        (Role.BUREAU_HANDLER, Purpose.FILING, ""),
        (Role.BUREAU_REVIEWER, Purpose.PAYMENT, "演示：核对银行户名"),
    ):
        Disclosure.objects.create(
            kind=Kind.SHOWN, by=story.people[role], on=story.on, person=stay.person, paper=paper, matter=stay.matter,
            district_id=stay.matter.district_id, purpose=purpose, note=note,
        )  # fmt: skip


def twice(story: Story, stay: Stay) -> None:
    """An earlier stay of the same person, entered by a passport: another record, as nobody knew."""
    since = max(add_months(stay.entered_on or story.on, -40), stay.station.approved_on + timedelta(1))
    ended = add_months(since, 24)
    if stay.entered_on is None or ended >= stay.entered_on:
        return
    about = {"born_on": stay.person.born_on, "degree_school": stay.person.degree_school, "sex": stay.person.sex}
    values: dict[str, Any] = {
        "recruit_type": "alone",
        "identity": "foreign",
        "topic": stay.topic,
        "discipline": stay.discipline,
    }
    values |= {"supervisor_name": stay.supervisor_name, "contract_since": since, "planned_until": ended}
    values |= {"committee_number": "299999", "certificate_number": "BSH299999"}
    entry = Entry(
        station=stay.station, name=stay.person.name, kind=PaperKind.PASSPORT, number=f"EZ{story.digits}017",
        entered_on=since, person=about, values=values, ended_on=ended,
    )  # fmt: skip
    enter([entry], by=story.people[Role.BUREAU_HANDLER])
