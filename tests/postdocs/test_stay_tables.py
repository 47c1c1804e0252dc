"""Ledgers of postdocs: every kind of wrong row is told, and numbers lie nowhere in the clear."""

import csv
import io
import zipfile
from datetime import date, datetime, timedelta

import pytest
import xlsxwriter
from django.db import connection
from django.utils.timezone import now

from portal import intake, sheets
from portal.imports import KINDS, Place
from portal.models import Batch, Event, Job, Line, Matter, Role, Spell
from postdocs.models import IdentityPaper, Person, Stay
from postdocs.stays import lifecycle
from stations.models import StationKind
from tests import make
from tests.portal.test_sheets import xlsx
from tests.postdocs import staying
from tests.postdocs.ledgers import BORN, HEAD, book, good, ledger, outcomes, registered
from tests.postdocs.staying import paper_number
from tests.reading import Visitor
from tests.stations.test_intake import hand_in, only, sheet_of, undo, write


@pytest.fixture
def officer(people):
    return people[Role.DISTRICT]


@pytest.fixture
def station(city, people):
    return staying.station(city, people)


# --- one row becomes a stay --------------------------------------------------------------------


def test_a_row_becomes_a_person_and_a_stay_that_is_filed(city, people, officer, station):
    row = good(station, 身份证号=f" {(number := paper_number(BORN)).lower()}　", 手机="+86 139 0000 0000")
    batch = write(ledger(officer, row))
    assert (batch.state, batch.counts["new"]) == ("done", 1)
    stay = Stay.objects.select_related("person", "matter").get()
    assert (stay.status, stay.matter.status, stay.entered_on) == ("here", "here", date(2026, 3, 2))
    assert (stay.recruit_type, stay.identity, stay.salary) == ("joint", "graduate", 260000)
    person = stay.person
    assert (person.name, person.initials, person.born_on, person.sex) == ("林知远", "lzy", BORN, "male")
    assert (person.discipline, person.degree_on, person.has_certificate) == ("0812", date(2025, 12, 30), True)
    assert (person.mobile, person.settled_on) == ("13900000000", date(2026, 3, 2))
    assert person.papers.get().plain == number


def test_who_left_or_was_withdrawn_is_born_with_that_past(officer, station):
    rows = [
        good(station, 出站日期="2026-09-01", 证书编号="BSH1"),
        good(station, 姓名="王二", 退站日期="2026-08-01", 退站原因="个人申请"),
    ]
    assert write(ledger(officer, *rows)).state == "done"
    left, gone = Stay.objects.order_by("pk")
    assert (left.status, left.ended_on, left.certificate_number) == ("left", date(2026, 9, 1), "BSH1")
    assert (gone.status, gone.withdrawn_on, gone.withdrawal_ground) == ("withdrawn", date(2026, 8, 1), "11")
    spells = Spell.objects.filter(matter=gone.matter).order_by("pk").values_list("status", "since", "until")
    assert list(spells) == [("here", date(2026, 3, 2), date(2026, 8, 1)), ("withdrawn", date(2026, 8, 1), None)]


def test_second_stays_of_one_person_come_in_together(officer, station):
    number = paper_number(BORN)
    first = good(station, 身份证号=number, 出站日期="2026-06-01", 证书编号="B1")
    second = good(station, 身份证号=number, 进站时间="2026-06-01")
    assert write(ledger(officer, first, second)).counts["new"] == 2
    assert (Stay.objects.count(), Person.objects.count(), IdentityPaper.objects.count()) == (2, 1, 1)


def test_other_papers_say_what_a_chinese_number_would(officer, station):
    foreign = {"证件类型": "护照", "身份证号": "E1234567", "国籍": "德国", "出生日期": "1993-05-06", "性别": "女"}
    assert write(ledger(officer, good(station, **foreign))).counts["new"] == 1
    person = Person.objects.get()
    assert (person.nationality, person.born_on, person.sex) == ("德国", date(1993, 5, 6), "female")


# --- wrong rows: X30–X35, X38–X48 of the corpus ------------------------------------------------

ID = "身份证号"


WRONG = {
    "X30 a number that Excel rounded": ({ID: 320583199603010011.0}, "number", "丢了末位"),
    "X30 as a file of commas has it": ({ID: "3.20583E+17"}, "number", "丢了末位"),
    "X31 a wrong check digit": ({ID: "99900019960301001X"}, "number", "校验位"),
    "X31 seventeen digits": ({ID: "99900019960301001"}, "number", "现在是 17 位"),
    "X31 fifteen digits": ({ID: "320583960301001"}, "number", "15 位旧号码"),
    "X32 a birth date that is none": ({ID: "999000199602300011"}, "number", "出生日期不存在"),
    "X32 born tomorrow": ({ID: paper_number(date(2026, 12, 1))}, "number", "不满 18 岁"),
    "X32 seventeen years old": ({ID: paper_number(date(2009, 1, 1))}, "number", "不满 18 岁"),
    "no number": ({ID: ""}, "number", "必填"),
    "a masked number": ({ID: "99**************11"}, "number", "遮住"),
    "a passport that is called nothing": ({ID: "E1234567"}, "kind", "请填证件类型"),
    "a passport without a birth date": ({ID: "E1234567", "证件类型": "护照", "国籍": "德国"}, "born_on", "没有出生日期"),
    "a passport of no country": ({ID: "E1234567", "证件类型": "护照", "出生日期": "1990-01-01"}, "nationality", "请填国籍"),
    "another birth date": ({"出生日期": "1996-03-02"}, "born_on", "不一致"),
    "another sex": ({"性别": "女"}, "sex", "不一致"),
    "X34 a bidirectional mark": ({"姓名": "林\u202e知远"}, "name", "控制字符"),
    "a number in the name": ({"姓名": "林知远1996"}, "name", "填错了位置"),
    "no name": ({"姓名": ""}, "name", "必填"),
    "X38 a day that is none": ({"进站时间": "2026-2-30"}, "entered_on", "不是日期"),
    "X38 no leap year": ({"合同起": "2026/02/29"}, "contract_since", "不是日期"),
    "X38 a year in words": ({"进站时间": "二〇二六年"}, "entered_on", "不是日期"),
    "X39 the day that never was": ({"进站时间": "60"}, "entered_on", "不是日期"),
    "X40 a moment with a time zone": ({"进站时间": "2026-03-02T08:00:00+08:00"}, "entered_on", "不是日期"),
    "a month": ({"进站时间": "2026.3"}, "entered_on", "不是日期"),
    "no entry": ({"进站时间": ""}, "entered_on", "必填"),
    "an entry to come": ({"进站时间": "2026-11-21", "合同起": ""}, "entered_on", "还没有到"),
    "an entry before the station": ({"进站时间": "2026-01-09"}, "entered_on", "2026-01-10 才批准"),
    "X41 an exit before the entry": ({"出站日期": "2026-03-01"}, "ended_on", "不晚于进站"),
    "X41 a contract that ends first": ({"预计出站": "2026-02-28"}, "planned_until", "晚于合同起"),
    "a contract that ends with the entry": ({"合同起": "", "预计出站": "2026-03-02"}, "planned_until", "不晚于进站"),
    "an exit to come": ({"出站日期": "2027-01-01"}, "ended_on", "还没有到"),
    "an exit and a withdrawal": (
        {"出站日期": "2026-09-01", "退站日期": "2026-09-01", "退站原因": "个人申请"}, "withdrawn_on", "只能填一个"),
    "a withdrawal without a ground": ({"退站日期": "2026-09-01"}, "ground", "请选退站原因"),
    "a ground without a withdrawal": ({"退站原因": "个人申请"}, "withdrawn_on", "请填退站日期"),
    "an unknown ground": ({"退站日期": "2026-09-01", "退站原因": "不想做了"}, "ground", "不在可选范围"),
    "a certificate without an exit": ({"证书编号": "BSH1"}, "ended_on", "请填出站日期"),
    "a degree long after": ({"证书签发日期": "2026-09-03"}, "degree_on", "晚半年以上"),
    "X42 a negative salary": ({"年薪（万元）": "-5"}, "salary", ""),
    "X42 no salary at all": ({"年薪（万元）": "0"}, "salary", "大于 0"),
    "X42 yuan": ({"年薪（万元）": "260000"}, "salary", "按元填的"),
    "X43 not a number": ({"年薪（万元）": "NaN"}, "salary", ""),
    "X43 without end": ({"年薪（万元）": "Infinity"}, "salary", ""),
    "X43 beyond all numbers": ({"年薪（万元）": "1e309"}, "salary", ""),
    "X43 more than is ever paid": ({"年薪（万元）": "99999999999999999999"}, "salary", ""),
    "X42 more decimals than a yuan has": ({"年薪（万元）": "26.00001"}, "salary", ""),
    "X36 a control sign": ({"研究题目": "检测\x0b方法"}, "topic", "控制字符"),
    "X37 ten thousand signs": ({"研究题目": "长" * 10_000}, "topic", "160"),
    "X47 a telephone that is none": ({"手机": "12345"}, "mobile", "不像电话"),
    "X44 a formula that failed": ({"研究题目": "#REF!"}, "topic", "公式错误"),
    "an unknown recruit type": ({"招收类型": "随便"}, "recruit_type", "不在可选范围"),
    "an unknown flow station": ({"合作流动站": "火星大学"}, "flow", "没有登记"),
    "a topic too long": ({"研究题目": "长" * 161}, "topic", "160"),
    "no such station": ({"工作站编号": "TE-WS-2026-9999"}, "station", "没有编号"),
    "another unit": ({"设站单位": "不是这家"}, "unit", "的站属"),
    "neither station nor unit": ({"工作站编号": "", "设站单位": ""}, "station", "请填工作站编号"),
    "a unit without a station": ({"工作站编号": "", "设站单位": "没有站的公司"}, "unit", "没有登记"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_row_is_told_at_its_cell_in_a_sentence(name, officer, station):
    values, column, told = WRONG[name]
    line = only(ledger(officer, good(station, **values)))
    assert line.outcome == "wrong"
    assert told in line.problems[column]
    assert set(line.problems) == {column}


def test_x48_a_station_of_another_district_is_not_an_officers(city, people, station):
    line = only(ledger(people["other_district"], good(station)))
    assert "不在您的区镇" in line.problems["station"]


def test_a_unit_with_two_stations_needs_the_number(city, people, officer, station):
    row = good(station, 工作站编号="")
    assert only(ledger(officer, row)).outcome == "new"
    make.station(
        city,
        people[Role.BUREAU_APPROVER],
        owner=city.enterprise,
        kind=StationKind.BASE_CITY,
        approved_on=date(2026, 1, 1),
    )
    line = only(ledger(officer, row))
    assert "有 2 个站" in line.problems["station"]
    assert station.matter.number in line.problems["station"]


def ending_in_x() -> str:
    return next(number for number in (paper_number(BORN) for _n in range(40)) if number.endswith("X"))


X = ending_in_x()


GOOD = {
    "X31 a small x": {ID: X.lower()},
    "X34 full width, spaces, a tab": {ID: f"\t９９{X[2:6]}　{X[6:14]}\u00a0{X[14]}\u200b{X[15:]}"},
    "X35 rare characters": {"姓名": "𠮷䶮㛃"},
    "X37 a sign of four bytes": {"研究题目": "缺陷检测🙂"},
    "X39 Excel's number of a day": {"进站时间": "46083"},
    "X40 the last moment of a day": {"进站时间": "2026-03-02 23:59:59.999"},
    "X42 full width": {"年薪（万元）": "２６"},
    "X42 thousands": {"年薪（万元）": "1,000.00"},
    "X45 what looks like a formula": {"研究题目": '\'=HYPERLINK("http://evil.example")'},
    "X47 a country code": {"手机": "+86-139 0000 0000"},
    "X47 a landline": {"手机": "0512-57500000"},
}


@pytest.mark.parametrize("name", GOOD)
def test_what_people_mean_is_understood_and_kept(name, officer, station):
    batch = write(ledger(officer, good(station, **GOOD[name])))
    assert only(batch).problems == {}
    stay = Stay.objects.select_related("person").get()
    assert stay.entered_on == date(2026, 3, 2)
    if ID in GOOD[name]:
        assert stay.person.papers.get().plain == X
    for column, value in (("姓名", stay.person.name), ("研究题目", stay.topic)):
        assert GOOD[name].get(column, value).removeprefix("'") == value


def test_x44_a_formula_is_what_it_came_to(officer, station):
    row = good(station)
    stream = io.BytesIO()
    made = xlsxwriter.Workbook(stream, {"in_memory": True})
    page = made.add_worksheet()
    for n, name in enumerate(HEAD):
        page.write_string(0, n, name)
        page.write_string(1, n, row.get(name, ""))
    page.write_formula(
        1, HEAD.index("进站时间"), "=DATE(2026,3,2)", made.add_format({"num_format": "yyyy-mm-dd"}), 46083
    )
    page.write_formula(1, HEAD.index("研究题目"), '="缺陷"&"检测"', None, "缺陷检测")
    made.close()
    assert write(hand_in(officer, stream.getvalue(), kind="stays")).counts["new"] == 1
    assert (Stay.objects.get().entered_on, Stay.objects.get().topic) == (date(2026, 3, 2), "缺陷检测")


def test_x39_a_workbook_that_counts_from_1904_means_its_own_days(officer, station):
    row = good(station)
    stream = io.BytesIO()
    made = xlsxwriter.Workbook(stream, {"in_memory": True, "date_1904": True, "default_date_format": "yyyy-mm-dd"})
    page = made.add_worksheet()
    for n, name in enumerate(HEAD):
        page.write_string(0, n, name)
        page.write_string(1, n, row.get(name, ""))
    page.write_datetime(1, HEAD.index("进站时间"), datetime(2026, 3, 2, 8))
    made.close()
    assert write(hand_in(officer, stream.getvalue(), kind="stays")).counts["new"] == 1
    assert Stay.objects.get().entered_on == date(2026, 3, 2)


# --- rows that speak of what is there: X33, X41, X50 ------------------------------------------


def test_x50_the_same_file_twice_changes_nothing(officer, station):
    content = book([good(station)])
    write(hand_in(officer, content, kind="stays"))
    again = hand_in(officer, content, kind="stays")
    assert again.counts["same"] == 1
    assert (write(again).state, Stay.objects.count()) == ("ready", 1)


def test_what_differs_is_shown_field_by_field_written_and_taken_back(officer, station):
    row = good(station)
    write(ledger(officer, row))
    batch = ledger(
        officer, row | {"研究题目": "别的题目", "年薪（万元）": "30", "博士毕业院校": "另一所大学", "手机": ""}
    )
    assert only(batch).changes == {
        "topic": ["缺陷检测", "别的题目"],
        "salary": ["26", "30"],
        "degree_school": ["测试大学", "另一所大学"],
    }
    write(batch)
    stay = Stay.objects.select_related("person", "matter").get()
    assert (stay.topic, stay.salary, stay.person.degree_school) == ("别的题目", 300000, "另一所大学")
    assert Event.objects.filter(matter=stay.matter, action="imported").count() == 1
    assert "按导入的名册修改" in Visitor(officer).go(stay.get_absolute_url()).text
    assert undo(batch).state == "undone"
    stay = Stay.objects.select_related("person").get()
    assert (stay.topic, stay.salary, stay.person.degree_school) == ("缺陷检测", 260000, "测试大学")


def test_two_stays_of_one_person_change_the_person_once(officer, station):
    number = paper_number(BORN)
    rows = [
        good(station, 身份证号=number, 出站日期="2026-06-01"),
        good(station, 身份证号=number, 进站时间="2026-06-01"),
    ]
    write(ledger(officer, *rows))
    write(ledger(officer, rows[0], rows[1] | {"博士毕业院校": "另一所大学", "研究题目": "新"}))
    assert Person.objects.get().degree_school == "另一所大学"
    assert {s.topic for s in Stay.objects.all()} == {"缺陷检测", "新"}


def test_who_has_two_papers_is_known_by_the_one_that_the_sheet_names(officer, station):
    write(ledger(officer, row := good(station)))
    passport = IdentityPaper(person=Person.objects.get(), kind="passport", settled=True)
    passport.keep("E12345678")
    passport.save()
    named = {"证件类型": "护照", "身份证号": "E12345678", "出生日期": str(BORN), "国籍": "中国", "研究题目": "新"}
    for other in (row | {"研究题目": "新"}, row | named):
        assert only(batch := ledger(officer, other)).changes == {"topic": ["缺陷检测", "新"]}, (
            batch.lines.get().problems
        )
    assert write(batch).state == "done"
    assert Stay.objects.get().topic == "新"


KNOWN = {
    "another name": ({"姓名": "王二"}, "name", "登记的姓名是“林知远”"),
    "another day": ({"进站时间": "2026-03-09"}, "entered_on", "登记的进站日期是 2026-03-02"),
    "an exit": ({"出站日期": "2026-09-01"}, "ended_on", "请在博士后页办理"),
    "a withdrawal": ({"退站日期": "2026-09-01", "退站原因": "个人申请"}, "withdrawn_on", "请在博士后页办理"),
}


@pytest.mark.parametrize("name", KNOWN)
def test_a_workbook_does_not_change_who_it_is_and_how_it_went_on(name, officer, station):
    values, column, told = KNOWN[name]
    row = good(station)
    write(ledger(officer, row))
    line = only(ledger(officer, row | values))
    assert (line.outcome, set(line.problems)) == ("wrong", {column})
    assert told in line.problems[column]


def test_x33_the_same_number_twice_is_one_person_and_says_so(officer, station):
    number = paper_number(BORN)
    row = good(station, 身份证号=number)
    batch = ledger(
        officer,
        row,
        row,  # the same stay
        row | {"进站时间": "2026-05-02", "博管会编号": ""},  # overlaps the first
        row | {"姓名": "王二", "进站时间": "2026-07-02", "博管会编号": ""},  # another name
        good(station, 姓名="李三", 博管会编号=row["博管会编号"]),  # the first one's number of the committee
    )
    assert outcomes(batch) == ["new", "double", "wrong", "wrong", "wrong"]
    told = {line.number: line.problems for line in batch.lines.all()}
    assert "与第 2 行" in told[3][""]
    assert "第 2 行同一个人的在站时间" in told[4]["entered_on"]
    assert "第 2 行同一个证件号码的姓名" in told[5]["name"]
    assert "与第 2 行的博管会编号相同" in told[6]["committee_number"]


def test_x33_a_number_on_record_is_known_in_another_station_of_the_district(city, people, officer, station):
    number = paper_number(BORN)
    stay = registered(station, officer, number=number, values={"committee_number": "318000"})
    other = make.station(city, people[Role.BUREAU_APPROVER], approved_on=date(2026, 1, 10))
    overlapping, named = ledger(
        officer, good(other, 身份证号=number), good(other, 姓名="李三", 博管会编号="318000")
    ).lines.order_by("number")
    assert "2026-03-02 至 今 已有一段在站经历" in overlapping.problems["entered_on"]
    assert f"已登记给林知远（{stay.matter.number}）" in named.problems["committee_number"]


def test_somebody_of_the_same_name_and_birth_date_is_written_only_once_a_person_says_so(officer, station):
    stay = registered(station, officer)
    twins = [good(station, 姓名="李三"), good(station, 姓名="李三")]
    batch = ledger(officer, good(station), *twins)
    assert outcomes(batch) == ["doubt", "new", "doubt"]
    first, _new, last = batch.lines.order_by("number")
    assert stay.matter.number in first.problems[""]
    assert "第 3 行" in last.problems[""]
    page = Visitor(officer).go(batch.get_absolute_url()).text
    assert "疑似重复" in page
    assert (write(batch).state, Stay.objects.count()) == ("done", 2)
    back = sheet_of(Visitor(officer).client.get(f"/imports/{batch.pk}/mistakes/"))
    for row in back[1:]:
        row[HEAD.index("确认另有其人")] = "是"
    assert write(hand_in(officer, xlsx(back), kind="stays")).counts["new"] == 2
    assert Person.objects.count() == 4


def test_who_is_being_entered_by_an_enterprise_is_filed_there(city, people, officer, station):
    number = paper_number(BORN)
    stay = staying.brought_to("filing", city, people, at=station, number=number)
    line = only(ledger(officer, good(station, 身份证号=number)))
    assert stay.matter.number in line.problems[""]


def test_a_look_tells_no_other_district_whether_a_number_is_known(city, people, station):
    """Neither the overlap nor the namesake; only a filed entry that can't be is refused when it is written."""
    number = paper_number(BORN)
    registered(station, people[Role.DISTRICT], number=number, values={"committee_number": "318000"})
    south = make.station(city, people[Role.BUREAU_APPROVER], district=city.south, approved_on=date(2026, 1, 10))
    other = people["other_district"]
    rows = [good(south, 身份证号=number, 姓名="另名"), good(south), good(south, 姓名="李三", 博管会编号="318000")]
    batch = ledger(other, *rows)
    assert batch.counts["new"] == 3
    assert not any(line.problems for line in batch.lines.all())
    batch = write(batch)
    assert (batch.state, batch.counts["new"], batch.counts["wrong"]) == ("done", 1, 2)
    assert not {word for line in batch.lines.all() for word in ("林知远", "2026-03-02") if word in str(line.problems)}


def test_an_entry_is_dropped_with_its_batch_unless_something_came_after(city, people, officer, station):
    before = Matter.objects.count()
    batch = write(ledger(officer, good(station), good(station, 姓名="王二", 出站日期="2026-09-01")))
    assert undo(batch).state == "undone"
    assert (Stay.objects.count(), Person.objects.count(), IdentityPaper.objects.count()) == (0, 0, 0)
    assert Matter.objects.count() == before
    batch = write(ledger(officer, good(station)))
    lifecycle.cycle.move(Stay.objects.select_related("matter").get(), "leave", by=people[Role.HANDLER], on=make.ON)
    batch = undo(batch)
    assert (batch.state, Stay.objects.count()) == ("done", 1)
    assert "不能撤回" in batch.problem


# --- numbers lie nowhere in the clear ----------------------------------------------------------


def everything_written() -> str:
    """Every row of every table as text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        found = []
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT coalesce(string_agg(t::text, chr(10)), '') FROM \"{table}\" t")
            found += [f"{table}: {line}" for (text,) in cursor.fetchall() for line in text.split(chr(10))]
    return chr(10).join(found)


def test_after_an_import_no_table_holds_a_number_and_no_file(officer, station):
    numbers = [paper_number(BORN) for _n in range(6)]
    wrong = numbers[2][:-1] + ("0" if numbers[2][-1] != "0" else "1")
    batch = ledger(
        officer,
        good(station, 身份证号=numbers[0]),
        good(station, 姓名="王二", 身份证号=numbers[1], 备注=f"配偶 {numbers[3]}"),  # where nobody asked for it
        good(station, 姓名="李三", 身份证号=wrong),
        good(station, 姓名="赵四", 身份证号=numbers[4], 招收类型=numbers[5]),  # in the wrong column
        good(station, 姓名="钱五", 身份证号=" ".join(numbers[2])),
    )
    assert outcomes(batch) == ["new", "new", "wrong", "wrong", "new"]
    secret = [*numbers, wrong]
    assert not [n for n in secret if n in everything_written().replace(" ", "")]
    assert (batch.content.name, Batch.objects.get(pk=batch.pk).content.name) == ("", "")
    page = Visitor(officer).go(batch.get_absolute_url()).text
    assert not [n for n in secret if n in page.replace(" ", "")]
    assert f"{wrong[:2]}{'*' * 14}{wrong[-2:]}" in page
    batch = write(batch)
    assert batch.counts["new"] == 3
    assert not [n for n in secret if n in everything_written().replace(" ", "")]
    assert {paper.plain for paper in IdentityPaper.objects.all()} == {numbers[0], numbers[1], numbers[2]}
    back = sheet_of(Visitor(officer).client.get(f"/imports/{batch.pk}/mistakes/"))
    assert [row[HEAD.index(ID)] for row in back[1:]] == [wrong, numbers[4]]  # whoever handed it in has it again


def test_nobody_else_gets_the_rows_of_a_batch(people, officer, station):
    batch = ledger(officer, good(station, 身份证号="1"))
    for other in (people["other_district"], people[Role.BUREAU_HANDLER]):
        assert Visitor(other).client.get(f"/imports/{batch.pk}/mistakes/").status_code == 404


def test_what_nobody_wrote_is_forgotten_after_a_month(officer, station):
    kept, waiting, broken = (
        ledger(officer, good(station, 姓名=name, 身份证号="1")) for name in ("甲某", "乙某", "丙某")
    )
    Batch.objects.filter(pk=kept.pk).update(state="done")
    Batch.objects.filter(pk=broken.pk).update(content="imports/x", state="broken")
    Batch.objects.update(uploaded_at=now() - intake.FORGOTTEN + timedelta(hours=1))
    intake.forget(Job())
    assert (Batch.objects.count(), Batch.objects.get(pk=broken.pk).content.name) == (3, "")
    assert Line.objects.filter(batch=kept, sealed__isnull=False).exists()
    Batch.objects.update(uploaded_at=now() - intake.FORGOTTEN - timedelta(hours=1))
    intake.forget(Job())
    assert not Batch.objects.filter(pk=waiting.pk).exists()
    assert not Line.objects.filter(sealed__isnull=False).exists()
    back = sheet_of(Visitor(officer).client.get(f"/imports/{kept.pk}/mistakes/"))
    assert back[1][HEAD.index(ID)] == "*"


# --- as offices keep them ----------------------------------------------------------------------


def test_an_ordinary_ledger_is_understood(officer, station):
    number, unit = paper_number(BORN), station.enterprise.organisation.name
    rows = [
        ["测试市北区博士后工作台账"],
        ["填报单位：北区人社中心", None, None, None, None, None, "2026年11月"],
        ["序号", "姓名", "身份证号码", "设站单位", "进站", None, None, "博士", None, "年薪\n（万元）", "备注"],
        [None, None, None, None, "时间", "类型", "身份", "毕业院校", "毕业时间", None, None],
        [1, "林知远", number, unit, "2026.3.2", "联合招收", "应届博士", "测试大学", "2025年12月30日", 26, "优秀"],
        [None] * 11,
        ["合计", "1人"],
    ]
    batch = hand_in(officer, xlsx(rows), kind="stays")
    assert (batch.state, batch.head["unused"]) == ("ready", ["序号", "备注"]), batch.problem
    assert (batch.counts["new"], batch.lines.get().number) == (1, 5), batch.lines.get().problems
    write(batch)
    stay = Stay.objects.get()
    assert (stay.station, stay.recruit_type, stay.identity) == (station, "joint", "graduate")
    assert stay.person.degree_on == date(2025, 12, 30)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_file_of_commas_is_read_in_the_encodings_of_excel(encoding, mark, officer, station):
    row = good(station, 姓名="𠮷䶮", 身份证号=f'="{(number := paper_number(BORN))}"', 研究题目="一、二")
    stream = io.StringIO()
    csv.writer(stream, delimiter=mark).writerows([["台账"], HEAD, [row.get(name, "") for name in HEAD]])
    batch = hand_in(officer, stream.getvalue().encode(encoding), kind="stays", name="台账.csv")
    assert batch.counts["new"] == 1, batch.problem
    assert batch.lines.get().number == 3
    write(batch)
    person = Person.objects.get()
    assert (person.name, person.papers.get().plain) == ("𠮷䶮", number)


def test_x27_to_x29_columns_in_another_order_fewer_and_more(officer, station):
    """An old template has fewer columns, a ledger has its own beside ours: they are named and left alone."""
    row = good(station)
    head = [*reversed([name for name in HEAD if row.get(name)]), "备注"]
    batch = hand_in(officer, xlsx([head, [*(row[name] for name in head[:-1]), "x"]]), kind="stays")
    assert (only(batch).outcome, batch.head["unused"]) == ("new", ["备注"])


def test_x35_rare_characters_are_kept_byte_for_byte(officer, station):
    assert write(ledger(officer, good(station, 姓名="㛃𠮷", 研究题目="䶮方"))).state == "done"
    stay = Stay.objects.select_related("person").get()
    assert (stay.person.name.encode(), stay.topic) == ("㛃𠮷".encode(), "䶮方")


def test_x49_as_many_rows_as_are_told_and_not_one_more(officer, station, monkeypatch):
    monkeypatch.setattr(sheets, "ROWS", 3)
    rows = [good(station, 姓名=f"第{n}") for n in "甲乙丙丁"]
    assert ledger(officer, *rows[:3]).counts["doubt"] + ledger(officer, *rows[:3]).counts["new"] == 3
    batch = ledger(officer, *rows)
    assert (batch.state, "最多导入 3 行" in batch.problem) == ("broken", True)
    assert batch.content.name == ""


def test_x51_all_or_nothing_is_nothing_for_one_wrong_row(officer, station):
    batch = ledger(
        officer, *(good(station, 姓名=name) for name in ("甲某", "乙某")), good(station, 姓名="丙某", 进站时间="x")
    )
    batch = write(batch, "all")
    assert (batch.state, Stay.objects.count(), Person.objects.count()) == ("ready", 0, 0)


def test_the_template_has_text_cells_lists_and_comes_back(officer, station):
    answer = Visitor(officer).client.get("/imports/template/stays/")
    columns = KINDS["stays"].columns(Place.of(officer, make.ON))
    assert [str(x).removesuffix("*") for x in sheet_of(answer)[0]] == [c.label for c in columns]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as parts:
        page, styles = (parts.read(f"xl/{name}.xml").decode() for name in ("worksheets/sheet1", "styles"))
    assert page.count("<dataValidation ") >= 9
    assert 'formatCode="@"' in styles or 'numFmtId="49"' in styles


def test_what_is_wrong_stands_at_its_cell_as_a_comment(officer, station):
    batch = ledger(officer, good(station, 进站时间="x", 身份证号="99900019960301001"))
    answer = Visitor(officer).client.get(f"/imports/{batch.pk}/mistakes/")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as parts:
        comments = parts.read("xl/comments1.xml").decode()
    places = {f"{xlsxwriter.utility.xl_col_to_name(HEAD.index(name))}2" for name in ("进站时间", ID)}
    assert all(f'ref="{place}"' in comments for place in places)
