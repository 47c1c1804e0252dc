"""A problem from the day it is raised to the day it is over: who sees it, who holds it, until when."""

import io
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from python_calamine import CalamineWorkbook

from portal.lifecycle import Refused
from portal.models import File, Matter, Organisation, Role
from stations.consultations import actions as consultations
from stations.models import Consultation, StationKind
from tests import make
from tests.reading import Visitor

ON = make.ON


def held(row) -> tuple:
    matter = Matter.objects.get(pk=row.matter_id)
    return matter.status, matter.holder, matter.due_on


def district_office(city):
    return Organisation.objects.get(kind="district_office", district=city.north)


# --- the way -----------------------------------------------------------------------------------


def test_a_problem_is_assigned_concluded_and_closed(city, people):
    row = make.talk(city, people)
    assert (row.matter.number, held(row)) == ("TE-HS-2026-0001", ("raised", "bureau_handler", None))
    row = make.talk_step(row, "assign", people)
    assert held(row) == ("assigned", "bureau_handler", ON + timedelta(10))
    row = make.talk_step(row, "conclude", people)
    assert held(row) == ("concluded", "bureau_handler", ON + timedelta(30))
    row = make.talk_step(row, "close", people)
    assert held(row) == ("closed", "", None)


def test_what_a_district_leads_is_on_its_list_until_it_is_carried_out(city, people):
    row = make.talk_step(make.talk(city, people), "assign", people, owner=district_office(city).pk)
    row = make.talk_step(row, "conclude", people)
    assert held(row) == ("concluded", "district", ON + timedelta(30))
    assert row.matter in Matter.objects.to_do(people[Role.DISTRICT])
    assert row.matter not in Matter.objects.to_do(people["other_district"])
    assert make.talk_step(row, "carry_out", people, by=people[Role.DISTRICT]).status == "closed"


def test_what_a_department_leads_is_followed_up_by_the_bureau(city, people):
    health = make.organisation(kind="department", district=city.root, code="health", pack=city.pack)
    row = make.talk_step(make.talk(city, people), "assign", people, owner=health.pk, participants=[health.pk])
    assert held(make.talk_step(row, "conclude", people))[1] == "bureau_handler"
    assert list(row.participants.all()) == [health]
    with pytest.raises(Refused, match="不能"):
        make.talk_step(row, "carry_out", people, by=people[Role.DISTRICT])


def test_one_that_was_closed_begins_again_and_its_history_keeps_the_conclusion(city, people):
    row = make.talk(city, people, status="closed")
    row = make.talk_step(row, "reopen", people, by=people[Role.HANDLER])
    assert (held(row), row.conclusion, row.owner, row.due_on) == (("raised", "bureau_handler", None), "", None, None)
    assert row.matter.closed_on is None
    assert row.matter.events.get(action="conclude").details["conclusion"] == "联合招聘"
    assert make.talk_step(row, "assign", people).status == "assigned"


@pytest.mark.parametrize(
    ("status", "action", "details", "told"),
    [
        ("raised", "assign", {"meets_on": "2026-05-31"}, "已经过了"),
        ("raised", "assign", {"owner": 10**9}, "请从列表里选牵头单位"),
        ("raised", "assign", {"owner": ""}, "请填写：牵头单位"),
        ("assigned", "conclude", {"held_on": "2026-06-02"}, "在今天之后"),
        ("assigned", "conclude", {"due_on": "2026-05-31"}, "已经过了"),
        ("assigned", "conclude", {"conclusion": ""}, "请填写：会商结论"),
        ("concluded", "postpone", {"due_on": "2026-07-01"}, "新的期限应晚于原来的 2026-07-01"),
    ],
)
def test_an_impossible_day_or_nobody_is_refused(status, action, details, told, city, people):
    row = make.talk(city, people, status=status)
    with pytest.raises(Refused, match=told):
        make.talk_step(row, action, people, **details)
    assert Consultation.objects.get().status == status


def test_the_day_may_be_put_off_with_a_reason(city, people):
    row = make.talk_step(make.talk(city, people, status="concluded"), "postpone", people, due_on="2026-07-02")
    assert (row.due_on, held(row)[2]) == (date(2026, 7, 2), date(2026, 7, 2))


@pytest.mark.parametrize(
    "values",
    [
        {"status": "assigned"},
        {"status": "concluded", "held_on": ON, "due_on": ON},
        {"held_on": ON, "due_on": ON - timedelta(1)},
        {"enterprise": None},
    ],
)
def test_the_database_keeps_what_a_status_says(values, city, people):
    row = make.talk(city, people)
    with pytest.raises(IntegrityError), transaction.atomic():
        Consultation.objects.filter(pk=row.pk).update(**values)


# --- who sees it -------------------------------------------------------------------------------


def seen_by(people) -> set:
    return {str(name) for name, user in people.items() if Consultation.objects.visible_to(user).exists()}


BUREAU = {"bureau_handler", "bureau_reviewer", "bureau_approver", "auditor"}


@pytest.mark.parametrize(
    ("side", "told", "eyes"),
    [
        ("unit", False, {"handler", "certifier", "district"} | BUREAU),
        ("district", True, {"handler", "certifier", "district"} | BUREAU),
        ("district", False, {"district"} | BUREAU),
        ("bureau", False, {"district"} | BUREAU),
    ],
)
def test_an_enterprise_sees_what_it_raised_and_what_it_is_told(side, told, eyes, city, people):
    make.talk(city, people, side=side, told=told)
    assert seen_by(people) == eyes


def test_a_general_topic_of_the_bureau_is_the_bureaus(city, people):
    row = make.talk(city, people, side="bureau", enterprise=None, district=city.root)
    assert (row.enterprise, seen_by(people)) == (None, BUREAU)


# --- the pages ---------------------------------------------------------------------------------

TYPED = {"topic": "living", "title": "住房", "problem": "公寓排不上"}


def test_an_enterprise_raises_from_its_desk_and_follows_its_own(city, people):
    station = make.station(city, people[Role.BUREAU_APPROVER], owner=city.enterprise, kind=StationKind.BRANCH)
    page = Visitor(people[Role.HANDLER]).go("/desk/")
    assert "/talks/new/" in page.page
    page.go(f"/talks/new/?about={station.pk}").press("提出", **TYPED)
    row = Consultation.objects.get()
    assert (row.enterprise, row.station, row.side) == (city.enterprise, station, "unit")
    assert row.title in page.go("/talks/").text
    page.go(f"/talks/{row.matter.number}/").press("撤回")
    row.refresh_from_db()
    assert row.status == "withdrawn"


def test_the_bureau_takes_it_the_whole_way_on_pages(city, people):
    row = make.talk(city, people, on=localdate())
    page, day = Visitor(people[Role.BUREAU_HANDLER]).go(row.get_absolute_url()), localdate()
    office = district_office(city)
    typed = {"assign-owner": str(office.pk), "assign-meets_on": str(day), "assign-participants": [str(office.pk)]}
    page.press("分办", to="assign", **typed)
    typed = {"conclusion": "区镇落实两套", "held_on": str(day), "due_on": str(day + timedelta(9))}
    page.press("登记结论", to="conclude", **{f"conclude-{name}": value for name, value in typed.items()})
    assert "区镇落实两套" in page.text
    page.client.post(f"{row.get_absolute_url()}minutes/", {"upload": make.upload("纪要.pdf")})
    assert "纪要.pdf" in page.go(row.get_absolute_url()).text
    reader = Visitor(people[Role.HANDLER])
    assert b"".join(reader.client.get(File.objects.get().get_absolute_url())).startswith(b"%PDF-")
    officer = Visitor(people[Role.DISTRICT]).go(row.get_absolute_url())
    officer.press("落实销号", to="carry_out", **{"carry_out-note": "两套已交付"})
    assert "两套已交付" in officer.text
    row.refresh_from_db()
    assert row.status == "closed"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"conclude-due_on": "2020-01-01"}, "落实期限不能早于会商日期"),
        ({"conclude-due_on": "x"}, "日期"),
        ({"conclude-held_on": ""}, "实际会商日期"),
    ],
)
def test_a_wrong_conclusion_is_told_and_nothing_typed_is_lost(typed, told, city, people):
    row = make.talk(city, people, status="assigned", on=localdate())
    day = str(localdate())
    given = {"conclude-conclusion": "先写的内容", "conclude-held_on": day, "conclude-due_on": day}
    page = Visitor(people[Role.BUREAU_HANDLER]).go(f"{row.get_absolute_url()}move/conclude/")
    page.press("登记结论", **(given | typed))
    assert (page.status, told in page.text, "先写的内容" in page.page) == (422, True, True)


def test_an_official_may_raise_it_of_an_enterprise_without_its_knowing(city, people):
    page = Visitor(people[Role.DISTRICT]).go("/talks/new/")
    page.press("提出", **TYPED, enterprise=str(city.enterprise.pk), told=None)
    assert seen_by(people) == {"district"} | BUREAU
    other = make.station(city, people[Role.BUREAU_APPROVER])
    page.go("/talks/new/").press("提出", **TYPED, enterprise=str(city.enterprise.pk), station=str(other.pk))
    assert (page.status, "这个站不是所选单位的" in page.text) == (422, True)
    page.press("提出", station="", enterprise="")
    assert Consultation.objects.latest("pk").matter.district == city.north


def test_a_foreign_enterprise_can_not_be_chosen(city, people):
    page = Visitor(people["other_district"]).go("/talks/new/")
    page.press("提出", **TYPED, enterprise=str(city.enterprise.pk))
    assert (page.status, Consultation.objects.count()) == (422, 0)


def test_what_is_overdue_is_found_and_exported(city, people):
    late = make.talk(city, people, status="assigned")
    make.talk(city, people)
    page = Visitor(people[Role.AUDITOR]).go("/talks/?late=late")
    assert late.meets_on < localdate()
    assert [row.pk for row, is_late in page.answer.context["rows"] if is_late] == [late.pk]
    assert page.answer.context["page"].paginator.count == 1
    book = CalamineWorkbook.from_filelike(io.BytesIO(page.client.get("/talks/export/?late=late").content))
    rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)[4:]
    assert [row[0] for row in rows] == [late.matter.number]
    assert "已超时" in Visitor(people[Role.BUREAU_HANDLER]).go("/work/").text


def test_minutes_only_once_there_is_a_meeting(city, people):
    row = make.talk(city, people)
    with pytest.raises(Refused, match="分办以后"):
        consultations.keep_minutes(row, make.upload(), by=people[Role.BUREAU_HANDLER])
    page = Visitor(people[Role.BUREAU_HANDLER])
    assert page.client.post(f"{row.get_absolute_url()}minutes/", {}).status_code == 422
