"""Builders for duties, their occurrences, and activities."""

from datetime import date

from portal.models import Appointment, Organisation, Role
from targets.activities import actions as activities
from targets.duties import actions
from targets.models import Activity, ActivityKind, Duty, DutyUnit, Occurrence
from tests import make

ON = make.ON


def bureau(city) -> Organisation:
    return Organisation.objects.get(pack=city.pack, kind="bureau")


def department(city, code: str = "science") -> Organisation:
    return make.organisation(kind="department", district=city.root, code=f"{city.pack.code}-{code}", pack=city.pack)


def duty(city, *, code: str = "d1", units=(), **values) -> Duty:
    """A yearly duty of the bureau, from this year on."""
    given = {
        "no": "1", "group": "引才", "title": "研修班", "summary": "办一期研修班", "recurrence": "year",
        "since": date(2026, 1, 1), "until": date(2026, 12, 31), "clause": city.clause,
    }  # fmt: skip
    given |= {"lead": values.pop("lead", None) or bureau(city)} | values
    row = Duty.objects.create(pack=city.pack, code=code, **given)
    for unit in units:
        DutyUnit.objects.create(pack=city.pack, duty=row, organisation=unit)
    return row


def occurrence(city, *, on: date = ON, **values) -> Occurrence:
    """The one occurrence of a new duty."""
    row = duty(city, **values)
    actions.generate(city.pack, on=on)
    return fresh(Occurrence.objects.filter(duty=row).order_by("since")[0])


def fresh(row: Occurrence) -> Occurrence:
    return Occurrence.objects.select_related("matter", "duty", "lead").get(pk=row.pk)


def reporter(city, office: Organisation):
    """Somebody who speaks for a department."""
    who = make.user(Role.REPORTER, district=city.root)
    Appointment.objects.filter(user=who).update(organisation=office)
    return who


def kind(city, code: str = "matching") -> ActivityKind:
    found = ActivityKind.objects.filter(pack=city.pack, code=code).first()
    return found or ActivityKind.objects.create(pack=city.pack, code=code, name=f"类别{code}", clause=city.clause)


def activity(city, people, *, district=None, by=None, **values) -> Activity:
    """A planned activity of the city; with `held_on` one that was held."""
    day = values.get("held_on") or ON
    given = {"kind": kind(city), "name": "对接会", "since": day, "until": day, "venue": "会场",
             "organiser": bureau(city)}  # fmt: skip
    return activities.plan(
        Activity(**(given | values)), district=district or city.root, by=by or people[Role.BUREAU_HANDLER], on=ON
    )
