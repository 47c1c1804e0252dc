"""Builders for duties, their occurrences, and activities."""

from datetime import date
from types import SimpleNamespace

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from portal.models import Appointment, Clause, Organisation, Role
from targets.activities import actions as activities
from targets.activities.lifecycle import cycle as activity_cycle
from targets.duties import actions
from targets.models import Activity, ActivityKind, Duty, DutyUnit, Occurrence, Participant
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


# --- for the table of addresses ----------------------------------------------------------------


def keys(letter: str, world) -> dict:
    """Of two cities each a duty of the bureau in which every district takes part, and an activity that was announced."""
    if letter not in world.plans:
        return none()
    pack = world.plans[letter].pack
    found = Occurrence.objects.filter(duty__pack=pack).select_related("duty", "matter").first()
    row = found or begun(world, letter, pack)
    meeting = Activity.objects.select_related("matter").get(kind__pack=pack)
    return {
        "duty": row.duty.code,
        "occurrence": row.matter.number,
        "occurrence_proof": row.matter.evidence.get().pk,
        "activity": meeting.matter.number,
        "participant": meeting.participants.get().pk,
        "activity_paper": meeting.matter.evidence.get().pk,
    }


def none() -> dict:
    return {
        "duty": "nothing", "occurrence": "TE-GZ-2026-9999", "occurrence_proof": 10**9, "activity": "TE-HD-2026-9999",
        "participant": 10**9, "activity_paper": 10**9,
    }  # fmt: skip


def begun(world, letter: str, pack) -> Occurrence:
    on, clause = localdate(), Clause.objects.filter(document__pack=pack).first()
    place = SimpleNamespace(pack=pack, root=pack.root, clause=clause)
    by = world.who[Role.BUREAU_HANDLER] if letter == "A" else make.user(Role.BUREAU_HANDLER, district=pack.root)
    office = department(place, f"of-{letter.lower()}")
    if letter == "A":
        world.who[Role.REPORTER].appointments.update(organisation=office)
    row = duty(
        place, code=f"duty-{letter.lower()}", units=[office], everywhere=True, since=date(on.year, 1, 1),
        until=date(on.year, 12, 31),
    )  # fmt: skip
    actions.generate(pack, on=on)
    row = fresh(Occurrence.objects.get(duty=row))
    actions.keep_file(row, make.upload(), by=by, on=on)
    meeting = activity(place, {Role.BUREAU_HANDLER: by})
    activities.sign_in(meeting, [Participant(unit="某公司")], pack=pack, by=by, on=on)
    activities.keep_file(meeting, "photo", make.upload(), by=by)
    activity_cycle.move(meeting, "publish", by=by, on=on)
    return row


# --- queries -----------------------------------------------------------------------------------


def asked(user, *urls: str) -> dict[str, int]:
    """How many queries each address takes, the second time it is asked."""
    client, found = Client(), {}
    client.force_login(user, "portal.accounts.Backend")
    for url in urls:
        assert client.get(url).status_code == 200, url
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        found[url] = len(queries)
    return found
