"""Ledgers of postdocs: every kind of wrong row is told, numbers lie nowhere in the clear, what comes back never overwrites."""

import io
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils.timezone import now
from python_calamine import CalamineWorkbook

from portal import intake, jobs, sheets
from portal.imports import KINDS, Place
from portal.models import Batch, Event, Job, Line, Matter, Role, Spell
from postdocs.models import IdentityPaper, Person, Stay
from postdocs.stays import lifecycle
from postdocs.stays.register import Entry, enter
from tests import make
from tests.portal.test_sheets import xlsx
from tests.postdocs import staying
from tests.postdocs.staying import paper_number
from tests.reading import Visitor
from tests.stations.test_intake import hand_in, only, sheet_of, undo, write

HEAD = ["姓名", "证件类型", "身份证号", "性别", "出生日期", "国籍", "手机", "工作站编号", "设站单位", "招收类型", "当前身份"]
HEAD += ["博士毕业院校", "证书签发日期", "博士一级学科", "合作流动站", "流动站导师", "企业导师", "研究题目", "合同起", "预计出站"]
HEAD += ["年薪（万元）", "引才渠道", "进站时间", "博管会编号", "出站日期", "证书编号", "退站日期", "退站原因", "确认另有其人", "备注"]
BORN = date(1996, 3, 1)


@pytest.fixture
def officer(people):
    return people[Role.DISTRICT]


@pytest.fixture
def station(city, people):
    return staying.station(city, people)


def good(station, **values) -> dict:
    given = {
        "姓名": "林知远",
        "身份证号": paper_number(BORN),
        "工作站编号": station.matter.number,
        "设站单位": station.enterprise.organisation.name,
        "招收类型": "联合招收",
        "当前身份": "应届博士",
        "博士毕业院校": "测试大学",
        "证书签发日期": "2025年12月30日",
        "博士一级学科": "计算机科学与技术",
        "企业导师": "导师",
        "研究题目": "缺陷检测",
        "合同起": "2026/3/1",
        "预计出站": "2028-02-29",
        "年薪（万元）": "26",
        "进站时间": "2026-03-02",
        "博管会编号": f"3{next(staying.numbers):06d}",
    }
    return given | values


def book(rows: list[dict], head=HEAD) -> bytes:
    return xlsx([head, *([row.get(name, "") for name in head] for row in rows)])


def ledger(user, *rows: dict) -> Batch:
    return hand_in(user, book(list(rows)), kind="stays")


def registered(station, by, **values) -> Stay:
    """A stay that is on record already."""
    given = {"name": "林知远", "kind": "id_card", "number": paper_number(BORN), "entered_on": date(2026, 3, 2)} | values
    (stay,) = enter([Entry(station=station, **given)], by=by)
    return stay


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
    make.station(city, people[Role.BUREAU_APPROVER], owner=city.enterprise, kind="base_city", approved_on=date(2026, 1, 1))
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
    "X39 Excel's number of a day": {"进站时间": "46083"},
    "X40 the last moment of a day": {"进站时间": "2026-03-02 23:59:59.999"},
    "X42 full width": {"年薪（万元）": "２６"},
    "X42 thousands": {"年薪（万元）": "1,000.00"},
    "X45 what looks like a formula": {"研究题目": '=HYPERLINK("http://evil.example")'},
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
        assert GOOD[name].get(column, value) == value
