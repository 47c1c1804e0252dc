"""The national record held against ours: what wins, what is made, what stays on the list, and what nobody may learn."""

from datetime import date

import pytest
from django.db import IntegrityError
from django.test import Client

from portal import sealed
from portal.imports import KINDS
from portal.lifecycle import Refused
from portal.models import Batch, Event, Line, Role
from postdocs.filing import actions
from postdocs.filing.models import Difference
from postdocs.models import Person, Stay
from tests import make
from tests.portal.test_sheets import xlsx
from tests.postdocs import staying
from tests.stations.test_intake import hand_in, undo, write

HEAD = ["姓名", "全国博管会编号", "身份证号", "进站时间", "出站时间", "博士后证书编号", "单位", "流动站", "状态"]
NAMES = ("name", "committee", "number", "entered", "ended", "certificate", "unit", "flow", "state")


@pytest.fixture
def officer(people):
    return people[Role.BUREAU_HANDLER]


def rows(*given: dict) -> bytes:
    return xlsx([HEAD, *[[str(row.get(name) or "") for name in NAMES] for row in given]])


def row_of(stay: Stay, **values) -> dict:
    """What the national system says of a stay as we have it."""
    given = {"name": stay.person.name, "committee": stay.committee_number, "entered": stay.entered_on,
             "ended": stay.ended_on, "number": stay.person.papers.get().plain, "unit": stay.matter.organisation.name,
             "certificate": stay.certificate_number, "state": "在站"}  # fmt: skip
    return given | values


def handed(by, *given: dict) -> Batch:
    return hand_in(by, rows(*given), kind="filing")


def counted(batch: Batch) -> dict:
    return {name: n for name, n in batch.counts.items() if n}


@pytest.fixture
def here(city, people) -> Stay:
    return staying.brought_to("here", city, people)


# --- what wins ---------------------------------------------------------------------------------


def test_what_agrees_changes_nothing(here, officer):
    batch = handed(officer, row_of(here))
    assert (batch.state, counted(batch)) == ("ready", {"same": 1})


def test_the_national_date_and_number_win_and_the_event_keeps_both(here, officer):
    day = date(2026, 5, 25)
    batch = handed(officer, row_of(here, committee="400001", entered=day))
    assert counted(batch) == {"changed": 1}
    batch = write(batch)
    fresh = Stay.objects.get(pk=here.pk)
    assert (batch.state, fresh.entered_on, fresh.committee_number) == ("done", day, "400001")
    event = Event.objects.get(matter=here.matter, action="national")
    was = [here.committee_number, "2026-05-20"]
    assert [event.details["changed"][n][0] for n in ("committee_number", "entered_on")] == was
    assert counted(handed(officer, row_of(fresh))) == {"same": 1}
    undo(batch)
    assert Stay.objects.get(pk=here.pk).entered_on == here.entered_on


def test_somebody_is_found_by_number_alone_and_by_the_paper_alone(here, officer):
    day = date(2026, 5, 25)
    assert counted(handed(officer, row_of(here, number="", entered=day))) == {"changed": 1}
    assert counted(handed(officer, row_of(here, committee="", entered=day))) == {"changed": 1}


def test_who_waits_for_filing_enters_on_the_national_date(city, people, officer):
    stay = staying.brought_to("filing", city, people)
    batch = write(handed(officer, row_of(stay, committee="318900", entered="2026-05-20")))
    fresh = Stay.objects.get(pk=stay.pk)
    assert (batch.state, fresh.status, fresh.entered_on, fresh.committee_number) == (
        "done",
        "here",
        date(2026, 5, 20),
        "318900",
    )
    assert Event.objects.get(matter=stay.matter, action="file").details["imported"] is True
    assert undo(batch).problem
    assert Stay.objects.get(pk=stay.pk).status == "here"


def test_an_exit_is_registered_where_nothing_else_is_missing(city, people, officer):
    stay = staying.brought_to("issuing", city, people)
    write(handed(officer, row_of(stay, ended="2026-05-30", certificate="BSH9")))
    fresh = Stay.objects.get(pk=stay.pk)
    assert (fresh.status, fresh.ended_on, fresh.certificate_number) == ("left", date(2026, 5, 30), "BSH9")


def test_another_exit_is_put_on_the_list_once(here, officer):
    given = row_of(here, ended="2026-05-30")
    batch = write(handed(officer, given))
    row = Difference.objects.get()
    assert (row.kind, row.stay, row.ended_on) == ("exit", here, date(2026, 5, 30))
    assert counted(handed(officer, given)) == {"same": 1}
    assert Stay.objects.get(pk=here.pk).ended_on is None
    undo(batch)
    assert not Difference.objects.exists()


# --- what is missing here ----------------------------------------------------------------------


def new(city, people, **values) -> dict:
    station = staying.station(city, people)
    given = {"name": "周未登", "committee": "500001", "number": staying.paper_number(), "entered": "2026-03-02",
             "unit": station.enterprise.organisation.name}  # fmt: skip
    return given | values


def test_who_is_missing_here_is_entered_where_station_and_person_can_be_told(city, people, officer):
    given = new(city, people)
    batch = handed(officer, given)
    assert counted(batch) == {"new": 1}
    batch = write(batch)
    stay = Stay.objects.get(committee_number="500001")
    assert (stay.status, stay.entered_on, stay.person.name) == ("here", date(2026, 3, 2), "周未登")
    assert stay.person.papers.get().plain == given["number"]
    assert counted(handed(officer, given)) == {"same": 1}
    assert undo(batch).state == "undone"
    assert not Stay.objects.exists()
    assert not Person.objects.exists()


@pytest.mark.parametrize("values", [{"unit": "没有的单位"}, {"number": ""}, {"entered": "2025-12-31"}], ids=str)
def test_who_cannot_be_told_stays_on_the_list_until_somebody_settles_it(values, city, people, officer):
    given = new(city, people, **values)
    write(handed(officer, given))
    row = Difference.objects.get()
    assert (row.kind, row.name, row.stay) == ("here", "周未登", None)
    assert counted(handed(officer, given)) == {"same": 1}
    with pytest.raises(Refused, match="怎么处理"):
        actions.settle(row, note=" ", by=officer, on=make.ON)
    row = actions.settle(row, note="外市人员", by=officer, on=make.ON)
    with pytest.raises(Refused, match="已由他人处理"):
        actions.settle(row, note="再一次", by=officer, on=make.ON)
    assert counted(handed(officer, given)) == {"same": 1}
    assert not Stay.objects.exists()


def test_what_was_on_the_list_is_taken_in_once_the_unit_is_registered(city, people, officer):
    given = new(city, people, unit="后来的单位")
    write(handed(officer, given))
    staying.station(
        city,
        people,
        owner=make.enterprise(city.north, organisation=make.organisation(district=city.north, name="后来的单位")),
    )
    write(handed(officer, given))
    assert Stay.objects.get().committee_number == "500001"
    assert Difference.objects.get().settled_on


# --- what is wrong -----------------------------------------------------------------------------

WRONG = {
    "no name": ({"name": ""}, "name", "必填"),
    "no day": ({"entered": ""}, "entered_on", "必填"),
    "a day that is none": ({"entered": "2026-02-30"}, "entered_on", "不是日期"),
    "a day to come": ({"entered": "2099-01-01"}, "entered_on", "还没有到"),
    "a day before all": ({"entered": "1980-01-01"}, "entered_on", "早于博士后制度"),
    "an exit before the entry": ({"ended": "2026-03-01"}, "ended_on", "不晚于进站"),
    "neither number": ({"committee": "", "number": ""}, "committee", "至少要有一个"),
    "a wrong digit": ({"number": "999000199603010010"}, "number", "校验位"),
    "a digit short": ({"number": "99900019960301001"}, "number", "17 位"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_row_is_told_and_the_others_go_in(name, city, people, officer):
    values, column, why = WRONG[name]
    good = new(city, people)
    batch = handed(officer, good | {"number": staying.paper_number(), "committee": "500002"} | values, good)
    line = batch.lines.get(number=2)
    assert (line.outcome, why in line.problems[column]) == ("wrong", True), line.problems
    write(batch, choice="right")
    assert Stay.objects.get().committee_number == "500001"


def test_a_number_of_another_person_is_told(here, officer):
    batch = handed(officer, row_of(here, name="别人", number=staying.paper_number()))
    assert "登记的是“林知远”" in batch.lines.get().problems["name"]


def test_an_entry_that_its_district_has_not_checked_is_told(city, people, officer):
    stay = staying.brought_to("district", city, people)
    batch = handed(officer, row_of(stay, committee="318900", entered="2026-05-20"))
    assert "待区镇核对" in batch.lines.get().problems[""]


def test_identity_numbers_are_sealed_in_the_lines_and_shown_in_part(city, people, officer):
    given = new(city, people)
    batch = handed(officer, given | {"entered": ""})
    assert given["number"] not in str(list(Line.objects.values_list("cells", flat=True)))
    client = signed_in(officer)
    page = client.get(f"/imports/{batch.pk}/").content.decode()
    assert (given["number"] in page, f"{given['number'][:2]}****" in page) == (False, True)
    assert client.get(f"/imports/{batch.pk}/mistakes/").status_code == 200
    Line.objects.update(number=77)  # a cell of another row can't be opened
    with pytest.raises(sealed.Unreadable):
        client.get(f"/imports/{batch.pk}/mistakes/")


# --- nobody learns of others -------------------------------------------------------------------


def test_a_number_of_another_district_counts_as_unknown(here, city, people):
    """The officer of the south brings a row with a number, or a person, of the north: the answer is that of a row that
    nobody knows, and says nothing of the north."""
    south = people["other_district"]
    other, _them = make.people_of(city, make.enterprise(city.south), people, officer="other_district")
    station = staying.station(other, people)
    given = {"name": "周未登", "unit": station.enterprise.organisation.name, "entered": "2026-05-21"}
    same_number = given | {"committee": here.committee_number, "number": staying.paper_number()}
    same_person = given | {"committee": "500003", "number": here.person.papers.get().plain}
    unknown = given | {"committee": "500004", "number": staying.paper_number(), "unit": "没有的单位"}
    batch = handed(south, same_number, same_person, unknown)
    assert counted(batch) == {"new": 3}
    assert [(x.outcome, x.problems, x.changes, x.target) for x in batch.lines.all()] == [("new", {}, {}, "")] * 3
    batch = write(batch)
    assert counted(batch) == {"new": 3}
    assert {d.kind for d in Difference.objects.visible_to(south)} == {"here"}
    assert Stay.objects.get() == here
    assert here.person.name not in str(list(batch.lines.values_list("problems", "changes")))


def test_who_waits_for_filing_with_a_number_of_another_district_is_refused_without_a_reason(here, city, people):
    other, them = make.people_of(city, make.enterprise(city.south), people, officer="other_district")
    waiting = staying.brought_to("filing", other, them)
    batch = write(
        handed(people["other_district"], row_of(waiting, committee=here.committee_number, entered="2026-05-20")),
        choice="right",
    )
    assert batch.lines.get().problems == {"": "没能自动登记，请市局核对。"}
    assert Stay.objects.get(pk=waiting.pk).status == "filing"


def test_differences_are_seen_in_their_district(city, people, officer):
    write(handed(officer, new(city, people, number="")))
    row = Difference.objects.get()
    seen = {who: Difference.objects.visible_to(people[who]).exists()
            for who in (Role.DISTRICT, "other_district", Role.BUREAU_HANDLER, Role.HANDLER, Role.POSTDOC)}  # fmt: skip
    assert list(seen.values()) == [True, False, True, False, False]
    assert signed_in(people["other_district"]).get(f"/filing/{row.pk}/").status_code == 404


@pytest.mark.parametrize("role", [Role.HANDLER, Role.BUREAU_APPROVER, Role.AUDITOR, Role.POSTDOC])
def test_only_who_registers_entries_hands_in_the_record(role, people):
    assert role not in KINDS["filing"].roles


# --- what the file doesn't name ----------------------------------------------------------------


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, "portal.accounts.Backend")
    return client


def test_who_is_missing_there_goes_on_the_list_once(here, city, people, officer):
    second = staying.brought_to("here", city, people, at=here.station)
    Stay.objects.filter(pk=second.pk).update(entered_on=date(2026, 5, 22))
    third = staying.brought_to("here", city, people, at=here.station)
    Stay.objects.filter(pk=third.pk).update(entered_on=date(2026, 5, 30))  # after what the file covers
    given = row_of(here)
    batch = handed(officer, given, {**given, "name": "另一人", "committee": "1", "number": "", "entered": "2026-05-25"})
    client, url = signed_in(officer), f"/filing/files/{batch.pk}/"
    page = client.get(url).content.decode()
    assert (second.matter.number in page, third.matter.number in page, here.matter.number in page) == (
        True,
        False,
        False,
    )
    assert [client.post(url).status_code for _n in (1, 2)] == [302, 302]
    row = Difference.objects.get(kind="there")
    assert row.stay == second
    page = client.get("/filing/").content.decode()
    assert f"/filing/{row.pk}/" in page
    assert client.post(f"/filing/{row.pk}/", {"note": ""}).status_code == 422
    assert client.post(f"/filing/{row.pk}/", {"note": "已请省里补录"}).status_code == 302
    assert f"/filing/{row.pk}/" not in client.get("/filing/").content.decode()
    assert f"/filing/{row.pk}/" in client.get("/filing/?state=settled").content.decode()
    assert client.get("/filing/export/?state=all").status_code == 200
    assert signed_in(people[Role.BUREAU_REVIEWER]).get(url).status_code == 404


def test_the_database_keeps_one_open_difference_of_a_stay(here, officer):
    given = {
        "kind": "there",
        "stay": here,
        "district": here.matter.district,
        "name": "x",
        "by": officer,
        "told_on": make.ON,
    }
    Difference.objects.create(**given)
    with pytest.raises(IntegrityError, match="difference_open_once"):
        Difference.objects.create(**given)
