"""Workbooks of doctors, research talents, selections and outcomes that go out, are edited and come back."""

from datetime import date

import pytest

from portal.models import Role
from postdocs import told
from postdocs.models import Doctor, Outcome
from tests import make
from tests.portal.test_sheets import xlsx
from tests.postdocs import recording, rostering, staying
from tests.postdocs.ledgers import edited, taken_out
from tests.reading import Visitor
from tests.stations.test_intake import hand_in, only, undo, write

ON = make.ON


@pytest.fixture
def handler(people):
    return people[Role.HANDLER]


@pytest.fixture
def officer(people):
    return people[Role.DISTRICT]


def made(kind: str, city, people):
    """One row that its unit may still write."""
    handler = people[Role.HANDLER]
    if kind == "doctors":
        return rostering.doctor(city, handler, until=None)
    if kind == "talents":
        return rostering.talent(staying.station(city, people), handler)
    if kind == "selections":
        return rostering.selection(recording.entered(city, people), handler, rostering.programme(city))
    return recording.recorded(recording.entered(city, people), handler, number="2026 1000 0001")


def out(kind: str, user, query: str = "") -> list[list]:
    return taken_out(user, query, kind=kind)


def back(kind: str, user, rows):
    return hand_in(user, xlsx(rows), kind=kind)


EDITED = {  # kind: the column, what is typed there, the attribute, what it becomes, what somebody else writes meanwhile
    "doctors": ("全职或双聘", "双聘", "engagement", "dual", {"first_insured_on": date(2026, 3, 9)}),
    "talents": ("职称", "高级工程师", "title", "高级工程师", {"rank": "senior"}),
    "selections": ("等次", "一等", "rank", "一等", {"number": "编7"}),
    "outcomes": ("成果名称", "另一种装置", "title", "另一种装置", {"done_on": date(2026, 5, 27)}),
}


@pytest.mark.parametrize("kind", EDITED)
def test_what_goes_out_comes_back_as_it_was_and_edited(kind, city, people, handler):
    row = made(kind, city, people)
    rows = out(kind, handler)
    assert len(rows) == 2
    assert only(back(kind, handler, rows)).outcome == "same"
    column, typed, name, becomes, meanwhile = EDITED[kind]
    type(row).objects.filter(pk=row.pk).update(**meanwhile)
    batch = back(kind, handler, edited(rows, column, typed))
    assert (only(batch).outcome, set(only(batch).changes)) == ("changed", {name})
    assert getattr(type(row).objects.get(), name) != becomes
    batch = write(batch)
    found = type(row).objects.get()
    assert (getattr(found, name), batch.state) == (becomes, "done")
    assert {n: getattr(found, n) for n in meanwhile} == meanwhile
    undo(batch)
    assert getattr(type(row).objects.get(), name) == getattr(row, name)


@pytest.mark.parametrize("kind", EDITED)
def test_what_both_sides_changed_is_shown_three_ways_and_written_by_nobody(kind, city, people, handler):
    row = made(kind, city, people)
    rows = out(kind, handler)
    column, typed, name, _becomes, _meanwhile = EDITED[kind]
    other = {"doctors": "full", "talents": "技师", "selections": "二等", "outcomes": "第三种"}[kind]
    if kind == "doctors":  # from dual to full here, and to nothing that was there: a channel instead
        name, column, typed, other = "channel", "引才渠道", "校园招聘", "agency"
    type(row).objects.filter(pk=row.pk).update(**{name: other})
    batch = back(kind, handler, edited(rows, column, typed))
    line = only(batch)
    assert (line.outcome, len(line.changes[name])) == ("conflict", 3)
    assert getattr(type(row).objects.get(), name) == other


TOUCHED = [
    ("doctors", "姓名", "王二", "name", "登记的姓名"),
    ("doctors", "到岗日期", "2026-03-03", "since", "不能用表格改"),
    ("doctors", "统一社会信用代码", make.credit_code(7_654_321), "code", "不能用表格改"),
    ("talents", "入职日期", "2026-03-03", "since", "不能用表格改"),
    ("talents", "工作站编号", "TE-WS-2026-9999", "station", "不能用表格改"),
    ("selections", "博士后", "王二", "name", "不能用表格改"),
    ("selections", "年度", "2025", "year", "不能用表格改"),
    ("outcomes", "完成人", "王二", "owners", "在成果页办理"),
    ("outcomes", "成果类型", "软件著作权", "kind", "在成果页办理"),
]


@pytest.mark.parametrize(("kind", "column", "typed", "name", "part"), TOUCHED)
def test_a_row_that_came_back_stays_the_one_it_is(kind, column, typed, name, part, city, people, handler):
    made(kind, city, people)
    line = only(back(kind, handler, edited(out(kind, handler), column, typed)))
    assert line.outcome == "wrong"
    assert part in line.problems[name], line.problems


@pytest.mark.parametrize("kind", EDITED)
def test_nobody_takes_out_or_hands_in_what_is_not_theirs(kind, city, people, handler):
    made(kind, city, people)
    rows, stranger = out(kind, handler), people["other_district"]
    assert len(out(kind, stranger)) == 1
    line = only(back(kind, stranger, edited(rows, *EDITED[kind][:2])))
    assert (line.outcome, line.target) == ("wrong", "")


@pytest.mark.parametrize("kind", ["doctors", "talents"])
def test_a_number_does_not_go_out_and_a_new_row_needs_one(kind, city, people, handler):
    made(kind, city, people)
    rows = out(kind, handler)
    number = [heading.removesuffix("*") for heading in rows[0]].index("证件号码")
    assert rows[1][number] == ""
    rows[1][-1] = ""  # without the mark of ours it is a new row
    assert "必填" in only(back(kind, handler, rows)).problems["number"]


@pytest.mark.parametrize("kind", ["doctors", "talents"])
def test_of_a_confirmed_row_its_unit_still_tells_the_end_by_workbook(kind, city, people, handler, officer):
    row = made(kind, city, people)
    told.confirm(row, by=officer, on=ON)
    rows, (end, other) = out(kind, handler), (("离岗日期", "引才渠道") if kind == "doctors" else ("离职日期", "职称"))
    write(back(kind, handler, edited(rows, end, "2026-09-01")))
    assert type(row).objects.get().until == date(2026, 9, 1)
    typed = "自荐" if kind == "doctors" else "技师"
    assert "已核对" in str(only(back(kind, handler, edited(rows, other, typed))).problems)


def test_the_end_of_a_doctor_may_not_reach_into_the_next_row(city, people, handler):
    number = staying.paper_number()
    first = rostering.doctor(city, handler, number=number, since=date(2026, 1, 5), until=date(2026, 3, 1))
    Doctor.objects.filter(pk=first.pk).update(person=first.person)
    second = rostering.doctor(city, handler, number=staying.paper_number(), since=date(2026, 4, 1))
    Doctor.objects.filter(pk=second.pk).update(person=first.person)
    rows = [row for row in out("doctors", handler) if row[0] == "统一社会信用代码*" or "2026-01-05" in row]
    line = only(back("doctors", handler, edited(rows, "离岗日期", "2026-05-01")))
    assert "已登记在本单位" in line.problems["until"]


def test_a_verified_outcome_comes_back_unchanged_or_is_refused(city, people, handler):
    row = made("outcomes", city, people)
    Outcome.objects.filter(pk=row.pk).update(status="district")
    row.matter.__class__.objects.filter(pk=row.matter_id).update(status="district")
    rows = out("outcomes", handler)
    assert only(back("outcomes", handler, rows)).outcome == "same"
    assert "不能覆盖" in only(back("outcomes", handler, edited(rows, "成果名称", "改了"))).problems[""]


def test_the_page_offers_it(people, handler):
    for kind in EDITED:
        assert f"/imports/out/{kind}/" in Visitor(handler).go(f"/imports/new/{kind}/").page
