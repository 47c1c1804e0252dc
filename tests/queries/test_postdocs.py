"""A stay, its outcomes, services, destinations, and what a unit tells of its people."""

from datetime import date, timedelta

from django.utils.timezone import localdate

from portal.models import Batch, Role, Setting
from postdocs.disclosures import actions as disclosures
from postdocs.models import CareerRow, Destination, Difference, Grant, Person, Stay
from postdocs.outcomes import actions as outcomes
from postdocs.services import actions as services
from postdocs.stays import actions as stays
from tests import make
from tests.postdocs import asking, recording, rostering, serving, staying
from tests.queries.counting import A_DAY, counted, signed_in


def stay_pages(number, person) -> dict[str, str]:
    return {"stay": f"/postdocs/{number}/", "entry": f"/postdocs/{number}/entry/", "person": f"/people/{person}/"}


def test_a_stay_takes_as_many_queries_with_one_paper_as_with_three(stage, people):
    """On its way in, as its handler sees it; and in station, with milestones."""
    handler = people[Role.HANDLER]
    row = staying.told(stage, people)
    inside = staying.brought_to("here", stage, people, at=row.station, values={"planned_until": date(2030, 1, 1)})
    for number in range(3):
        staying.paper(stage, f"p{number}", months=6)
        for stay in (row, inside):
            stays.cite(stay, f"paper.p{number}", make.upload(), by=handler)
        staying.milestone(inside, "annual", date(2026, 6, 1 + number), handler)
        if number in (0, 2):
            assert counted(signed_in(handler), stay_pages(row.matter.number, row.person_id)) == STAY_QUERIES
            page = {"inside": f"/postdocs/{inside.matter.number}/"}
            assert counted(signed_in(handler), page) == {"inside": 23}


STAY_QUERIES = {"stay": 17, "entry": 19, "person": 11}


def outcome_pages(number) -> dict[str, str]:
    return {"outcome": f"/outcomes/{number}/", "edit": f"/outcomes/{number}/edit/", "new": "/outcomes/new/paper/",
            "many": "/outcomes/many/paper/", "kinds": "/outcomes/new/"}  # fmt: skip


def test_an_outcome_takes_as_many_queries_with_one_owner_as_with_three(stage, people):
    """As its handler writes it, with the forms of a new one; and as its district reads it."""
    by = people[Role.HANDLER]
    stay = recording.entered(stage, people)
    row = recording.recorded(stay, by, kind="paper")
    given = recording.waiting(stay, people)
    for number in range(3):
        outcomes.join(
            row, [(recording.entered(stage, people, at=stay.station, name=f"名{number}"), 2)], by=by, on=make.ON
        )
        outcomes.cite(row, make.upload(), by=by)
        recording.waiting(stay, people)  # of the same title: to be compared
        if number in (0, 2):
            assert counted(signed_in(by), outcome_pages(row.matter.number)) == OUTCOME_QUERIES
            page = {"read": f"/outcomes/{given.matter.number}/", "return": f"/outcomes/{given.matter.number}/return/"}
            assert counted(signed_in(people[Role.DISTRICT]), page) == {"read": 11, "return": 7}


OUTCOME_QUERIES = {"outcome": 9, "edit": 12, "new": 9, "many": 14, "kinds": 4}


def served_pages(visit, request) -> dict[str, str]:
    return {"visit": f"/visits/{visit}/", "request": f"/requests/{request}/"}


def test_a_visit_and_a_request_take_as_many_queries_for_one_row_as_for_three(stage, people):
    officer = people[Role.DISTRICT]
    visit, row = serving.found_on_a_visit(stage, people, staying.station(stage, people))
    for number in range(3):
        about = {"content": "x", "owner": None, "due_on": None, "by": officer, "on": make.ON}
        services.note_need(visit, serving.service(stage), **about)
        if number == 0:
            row = serving.step(row, "accept", stage, officer)
        row = serving.step(row, ("pass", "repass", "repass")[number], stage, officer)
        if number in (0, 2):
            pages = served_pages(visit.pk, row.matter.number)
            assert counted(signed_in(officer), pages) == {"visit": 9, "request": 9}


LEFT = {
    "destinations": "/destinations/?view=district",
    "destinations, exported": "/destinations/export/?view=district",
    "by entry": "/destinations/?view=entry",
    "follow-ups": "/destinations/due/",
    "follow-ups, exported": "/destinations/due/export/",
    "differences": "/filing/",
    "differences, exported": "/filing/export/",
}


LEFT_QUERIES = {
    **{"destinations": 8, "destinations, exported": 6, "by entry": 7},
    **{"follow-ups": 7, "follow-ups, exported": 6, "differences": 7, "differences, exported": 5},
}


def test_destinations_take_as_many_queries_for_one_who_left_as_for_three(stage, people):
    officer = people[Role.DISTRICT]
    Setting.objects.create(
        pack=stage.pack, code="followup.months", title="x", why="x", kind="choices", value=["6"], options={"6": "6"}
    )
    at = staying.station(stage, people)
    for number in range(3):
        row = staying.brought_to("left", stage, people, at=at)
        left = localdate() - timedelta(200 + number)
        Stay.objects.filter(pk=row.pk).update(entered_on=left - timedelta(700), ended_on=left, certificate_number="")
        Destination.objects.create(stay=row, type="host", in_city=True, told_on=left)
        Difference.objects.create(kind="there", stay=row, district=stage.north, name="x", by=officer, told_on=make.ON)
        Batch.objects.create(kind="filing", name="x", by=officer, state="ready")
        if number in (0, 2):
            assert counted(signed_in(officer), LEFT) == LEFT_QUERIES


def own_pages(person) -> dict[str, str]:
    return {"me": "/me/", "career": f"/people/{person}/career/"}


READ = {"disclosures": "/disclosures/", "disclosures, exported": "/disclosures/export/"}


ALIKE = {"duplicates": "/people/duplicates/"}


def test_people_take_as_many_queries_with_one_row_as_with_three(stage, people):
    """The postdoc's own page with career and who looked; the auditor's list; the bureau's pairs."""
    at = staying.station(stage, people)
    mine = staying.brought_to("here", stage, people, at=at, values={"planned_until": date(2030, 1, 1)})
    me = make.user(Role.POSTDOC, district=stage.root)
    Person.objects.filter(pk=mine.person_id).update(user=me)
    for number in range(3):
        staying.brought_to("here", stage, people, at=at, name="重名", number=staying.paper_number(date(1990, 1, 1)))
        if number == 0:
            staying.brought_to("here", stage, people, at=at, name="重名", number=staying.paper_number(date(1990, 1, 1)))
        since = date(2010 + number, 1, 1)
        CareerRow.objects.create(
            person=mine.person, kind="work", standing="staff", place="x", since=since, until=since + 31 * A_DAY
        )
        disclosures.show(
            mine.person.papers.get(),
            matter=mine.matter,
            purpose="filing",
            note="",
            by=people[Role.DISTRICT],
            on=make.ON,
        )
        if number in (0, 2):
            assert counted(signed_in(me), own_pages(mine.person_id)) == {"me": 16, "career": 9}
            assert counted(signed_in(people[Role.AUDITOR]), READ) == {"disclosures": 6, "disclosures, exported": 5}
            assert counted(signed_in(people[Role.BUREAU_HANDLER]), ALIKE) == {"duplicates": 8}


def told_pages(place) -> dict[str, str]:
    keys = rostering.keys(place.enterprise.organisation_id)
    pages = {sort: f"/{sort}s/{keys[sort]}/" for sort in ("doctor", "talent", "selection")}
    return pages | {"unit": f"/insurance/{keys['unit']}/", "unit, exported": f"/insurance/{keys['unit']}/export/"}


def test_told_rows_and_a_unit_s_lists_take_as_many_queries_for_one_row_as_for_three(stage, people):
    by, station = people[Role.BUREAU_HANDLER], staying.station(stage, people)
    rostering.around(stage, people, station)
    for number in range(3):
        if number in (0, 2):
            assert counted(signed_in(people[Role.HANDLER]), told_pages(stage)) == TOLD_QUERIES
        months = {f"2026-0{month}": True for month in range(1, 4 + number)}
        rostering.insured(stage.enterprise, staying.paper_number(), by, months, name="x")
        rostering.programme(stage, f"p{number}")


TOLD_QUERIES = {"doctor": 7, "talent": 7, "selection": 7, "unit": 6, "unit, exported": 5}


def inside_pages(number, asked) -> dict[str, str]:
    return {"inside": f"/postdocs/{number}/inside/", "asked": f"/asked/{asked}/"}


def test_what_happens_inside_takes_as_many_queries_with_one_row_as_with_three(stage, people):
    handler = people[Role.HANDLER]
    stay = staying.brought_to("here", stage, people, values={"planned_until": date(2030, 1, 1)})
    row = asking.asked(stay, people, planned_until=date(2031, 1, 1))
    for number in range(3):
        asking.asked(stay, people, "topic", at="filed", topic=f"题目{number}")
        Grant.objects.create(stay=stay, programme="city", title="x", year=2026, recorded_on=make.ON)
        if number in (0, 2):
            pages = inside_pages(stay.matter.number, row.matter.number)
            assert counted(signed_in(handler), pages) == {"inside": 11, "asked": 8}
