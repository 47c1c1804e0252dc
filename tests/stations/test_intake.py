"""Workbooks of stations, enterprises and supervisors: every kind of wrong row is told, nothing is half in, all comes out."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.timezone import localdate
from python_calamine import CalamineWorkbook

from portal import jobs
from portal.imports import KINDS, Place, bare, understand
from portal.lifecycle import LIFECYCLES
from portal.models import Batch, Event, Job, Line, Matter, Organisation, Role, Spell
from stations.models import Enterprise, Plate, Registration, Station, StationKind, Supervisor
from stations.register import lifecycle
from tests import make
from tests.portal.test_sheets import xlsx
from tests.reading import Visitor

HEAD = ["统一社会信用代码", "设站单位", "站点类型", "工作站名称", "批准日期", "批准文号", "批准机关", "区镇", "产业链"]
HEAD += ["挂牌日期", "注销日期", "注销文号", "注销原因"]
TODAY = date(2026, 11, 20)


@pytest.fixture
def officer(people):
    return people[Role.BUREAU_HANDLER]


def good(owner, **values) -> dict:
    given = {
        "统一社会信用代码": owner.organisation.code,
        "设站单位": owner.organisation.name,
        "站点类型": "海外博士后工作室",
        "批准日期": "2024-03-01",
        "批准文号": "测〔2024〕1号",
        "批准机关": "省级",
    }
    return given | values


def book(rows: list[dict], head=HEAD) -> bytes:
    return xlsx([head, *([row.get(name, "") for name in head] for row in rows)])


def hand_in(user, content: bytes, kind="stations", name="名册.xlsx") -> Batch:
    client = Client()
    client.force_login(user, "portal.accounts.Backend")
    answer = client.post(f"/imports/new/{kind}/", {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302, answer.content.decode()
    jobs.work_off("import_read")
    assert not Job.objects.exclude(error="").exists()
    return Batch.objects.latest("pk")


def write(batch: Batch, choice="right") -> Batch:
    client = Client()
    client.force_login(batch.by, "portal.accounts.Backend")
    client.post(f"/imports/{batch.pk}/apply/", {"choice": choice})
    jobs.work_off("import_apply")
    assert not Job.objects.exclude(error="").exists()
    return Batch.objects.get(pk=batch.pk)


def undo(batch: Batch) -> Batch:
    client = Client()
    client.force_login(batch.by, "portal.accounts.Backend")
    client.post(f"/imports/{batch.pk}/undo/")
    jobs.work_off("import_undo")
    assert not Job.objects.exclude(error="").exists()
    return Batch.objects.get(pk=batch.pk)


def only(batch: Batch) -> Line:
    return batch.lines.get()


# --- thirty kinds of wrong rows ----------------------------------------------------------------

ENDED = {"注销日期": "2026-01-05", "注销文号": "测〔2026〕3号", "注销原因": "单位破产"}
WRONG = {
    "no code": ({"统一社会信用代码": ""}, "code", "必填"),
    "a code of 17": ({"统一社会信用代码": "91990000MA0000111"}, "code", "有 17 位"),
    "a code with a wrong digit": ({"统一社会信用代码": "91990000MA0000001X"}, "code", "校验位"),
    "a code that Excel rounded": ({"统一社会信用代码": 913205830000000000.0}, "code", "丢了末位"),
    "an unknown enterprise": ({"统一社会信用代码": make.credit_code(8_888_888)}, "code", "没有登记这家单位"),
    "another name": ({"设站单位": "不是这家"}, "unit", "登记的单位是"),
    "no kind": ({"站点类型": ""}, "kind", "必填"),
    "an unknown kind": ({"站点类型": "研究所"}, "kind", "不在可选范围"),
    "a name too long": ({"工作站名称": "长" * 121}, "name", "120"),
    "no date": ({"批准日期": ""}, "approved_on", "必填"),
    "a day that is none": ({"批准日期": "2026-02-30"}, "approved_on", "不是日期"),
    "a date in words": ({"批准日期": "二〇二六年"}, "approved_on", "不是日期"),
    "a month only": ({"批准日期": "2026-03"}, "approved_on", "不是日期"),
    "a date to come": ({"批准日期": "2026-11-21"}, "approved_on", "还没有到"),
    "a date of long ago": ({"批准日期": "1985-06-30"}, "approved_on", "早于博士后制度"),
    "no number": ({"批准文号": ""}, "document", "必填"),
    "a number too long": ({"批准文号": "长" * 81}, "document", "80"),
    "no authority": ({"批准机关": ""}, "approver", "必填"),
    "an unknown district": ({"区镇": "火星镇"}, "district", "不在可选范围"),
    "another district": ({"区镇": "testcity-south"}, "district", "登记在"),
    "an unknown chain": ({"产业链": "炼丹"}, "chain", "不在可选范围"),
    "no plate day": ({"挂牌日期": "x"}, "plate_on", "不是日期"),
    "a plate before the paper": ({"挂牌日期": "2024-02-29"}, "plate_on", "早于批准日期"),
    "a plate to come": ({"挂牌日期": "2027-01-01"}, "plate_on", "还没有到"),
    "an end before the paper": (ENDED | {"注销日期": "2024-02-29"}, "ended_on", "早于批准日期"),
    "an end to come": (ENDED | {"注销日期": "2027-01-01"}, "ended_on", "还没有到"),
    "an end without a paper": (ENDED | {"注销文号": ""}, "end_document", "请填注销文号"),
    "an end without a ground": (ENDED | {"注销原因": ""}, "end_ground", "请选注销原因"),
    "an unknown ground": (ENDED | {"注销原因": "不想办了"}, "end_ground", "不在可选范围"),
    "a paper without an end": ({"注销文号": "测"}, "ended_on", "请填注销日期"),
    "a cell that is an error": ({"批准机关": "#N/A"}, "approver", "公式错误"),
    "control characters": ({"批准机关": "省\u202e级"}, "approver", "控制字符"),
    "a second one of its kind": ({"站点类型": "国家级博士后科研工作站"}, "kind", "一家只能有一个"),
    "a new name for one we have": (
        {"站点类型": "国家级博士后科研工作站", "批准日期": "2023-03-01", "工作站名称": "别的名"}, "name", "办理更名",
    ),
    "an end for one we have": (
        {"站点类型": "国家级", "批准日期": "2023-03-01"} | ENDED, "ended_on", "请在站点页办理",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_row_is_told_at_its_cell_in_a_sentence(name, city, people, officer):
    make.station(city, people[Role.BUREAU_APPROVER], owner=city.enterprise, approved_on=date(2023, 3, 1))
    values, column, told = WRONG[name]
    line = only(hand_in(officer, book([good(city.enterprise, **values)])))
    assert line.outcome == "wrong"
    assert told in line.problems[column]
    assert set(line.problems) == {column}


def test_there_are_thirty_of_them():
    assert len(WRONG) >= 30


def test_a_row_of_another_district_is_not_an_officers(city, people):
    line = only(hand_in(people["other_district"], book([good(city.enterprise)])))
    assert "不在您的区镇" in line.problems["code"]


def test_the_same_station_twice_is_written_once(city, officer):
    batch = hand_in(officer, book([good(city.enterprise), good(city.enterprise)]))
    assert {outcome: n for outcome, n in batch.counts.items() if n} == {"new": 1, "double": 1}
    assert "与第 2 行" in batch.lines.get(outcome="double").problems[""]
    assert write(batch).state == "done"
    assert Station.objects.count() == 1


# --- what comes in -----------------------------------------------------------------------------


def test_stations_come_in_with_their_plate_and_their_end(city, officer):
    rows = [
        good(city.enterprise, 挂牌日期="2024年6月1日", 产业链="机器人", 工作站名称="我们的工作室"),
        good(city.enterprise, 批准日期="45000", 批准文号="测", **ENDED),
    ]
    batch = write(hand_in(officer, book(rows)))
    assert (batch.state, batch.counts["new"]) == ("done", 2)
    first, ended = Station.objects.select_related("matter").order_by("pk")
    assert (str(first), first.chain, first.status) == ("我们的工作室", city.chain, "valid")
    assert Plate.objects.get().since == date(2024, 6, 1)
    assert (ended.approved_on, ended.ended_on, ended.end_ground) == (date(2023, 3, 15), date(2026, 1, 5), "bankrupt")
    assert [(s.status, s.until) for s in Spell.objects.filter(matter=ended.matter).order_by("pk")] == [
        ("valid", date(2026, 1, 5)),
        ("cancelled", None),
    ]
    assert ended.matter.closed_on == date(2026, 1, 5)


def test_only_what_differs_is_written_and_an_empty_cell_changes_nothing(city, people, officer):
    row = make.station(city, people[Role.BUREAU_APPROVER], owner=city.enterprise, kind=StationKind.OVERSEAS,
                       approved_on=date(2024, 3, 1))  # fmt: skip
    same = good(city.enterprise, 批准文号="测〔2025〕1号")
    assert only(hand_in(officer, book([same]))).outcome == "same"
    batch = hand_in(officer, book([same | {"批准文号": "测〔2025〕2号", "批准机关": "省级"}]))
    assert only(batch).changes == {"document": ["测〔2025〕1号", "测〔2025〕2号"]}
    write(batch)
    row.refresh_from_db()
    assert (row.approval_document, row.approver) == ("测〔2025〕2号", "省级")
    assert undo(batch).state == "undone"
    row.refresh_from_db()
    assert row.approval_document == "测〔2025〕1号"


def mixed(city):
    return book(
        [good(city.enterprise), good(city.enterprise, 批准日期="x"), good(city.enterprise, 批准日期="2024-04-01")]
    )


def test_the_right_rows_only_or_all_or_nothing(city, officer):
    batch = write(hand_in(officer, mixed(city)), "all")
    assert (batch.state, Station.objects.count()) == ("ready", 0)
    batch = write(batch, "right")
    assert (batch.state, Station.objects.count()) == ("done", 2)


def test_what_changed_since_the_preview_stops_all_or_only_itself(city, people, officer):
    rows = [good(city.enterprise, 站点类型="国家级"), good(city.enterprise)]
    batches = [hand_in(officer, book(rows)) for _n in range(2)]
    make.station(city, people[Role.BUREAU_APPROVER], owner=city.enterprise, approved_on=date(2020, 1, 1))
    batch = write(batches[0], "all")
    assert (batch.state, Station.objects.count()) == ("ready", 1)
    assert "一行都没有入库" in batch.problem
    batch = write(batches[1], "right")
    assert (batch.state, Station.objects.count()) == ("done", 2)
    assert "一家只能有一个" in batch.lines.get(outcome="wrong").problems["kind"]


def test_the_same_file_twice_changes_nothing(city, officer):
    content = book([good(city.enterprise)])
    write(hand_in(officer, content))
    again = hand_in(officer, content)
    assert again.counts["same"] == 1
    assert write(again).state == "ready"
    assert Station.objects.count() == 1


def test_a_batch_is_taken_back_whole(city, officer):
    before = Matter.objects.count()
    ended = good(city.enterprise, 批准日期="2024-05-01", **ENDED)
    batch = undo(write(hand_in(officer, book([good(city.enterprise, 挂牌日期="2024-06-01"), ended]))))
    assert batch.state == "undone"
    assert (Station.objects.count(), Matter.objects.count(), Plate.objects.count()) == (0, before, 0)
    assert not Event.objects.exists()


def test_nothing_is_taken_back_once_something_depends_on_a_row(city, people, officer):
    batch = write(hand_in(officer, book([good(city.enterprise), good(city.enterprise, 批准日期="2024-05-01")])))
    row = Station.objects.select_related("matter").order_by("pk").first()
    lifecycle.station.move(row, "pause", by=officer, on=TODAY, note="x")
    batch = undo(batch)
    assert (batch.state, Station.objects.count()) == ("done", 2)
    assert "不能撤回" in batch.problem


def test_a_worker_that_hears_the_bell_twice_writes_once(city, officer):
    batch = write(hand_in(officer, book([good(city.enterprise)])))
    Job.objects.filter(kind="import_apply").update(state="waiting")
    jobs.work_off("import_apply")
    assert Station.objects.count() == 1
    assert Batch.objects.get(pk=batch.pk).state == "done"


# --- headings ----------------------------------------------------------------------------------


def test_titles_and_merged_headings_are_understood(city, officer):
    owner = city.enterprise.organisation
    rows = [
        ["测试市博士后工作站名册"],
        ["填报单位：测试市人社局", None, None, None, "2026年11月"],
        ["序号", "信用代码*", "单位名称", "类型", "批准", None, None, "备注"],
        [None, None, None, None, "日期", "文号", "机关", None],
        [1, owner.code, owner.name, "海外博士后工作室", "2024/3/1", "测1号", "省级", "x"],
        [None, None, None, None, None, None, None, None],
        ["合计", 1],
    ]
    batch = hand_in(officer, xlsx(rows))
    assert (batch.counts["new"], batch.lines.get().number) == (1, 5)
    assert batch.head["unused"] == ["序号", "备注"]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([["甲", "乙"], ["1", "2"]], "没有找到表头"),
        ([[*HEAD, "批准文号"], ["x"] * 14], "出现了两次"),
        ([[h for h in HEAD if h != "批准文号"], ["x"] * 12], "缺少必填的列：批准文号"),
        ([HEAD], "没有内容"),
        ([[*HEAD, *(f"列{n}" for n in range(100))], ["x"] * 113], "最多 100 列"),
    ],
    ids=["no heading", "twice", "one missing", "nothing below", "too wide"],
)
def test_a_sheet_that_is_not_understood_is_told(rows, told, city, officer):
    batch = hand_in(officer, xlsx(rows))
    assert batch.state == "broken"
    assert told in batch.problem
    assert told in Visitor(officer).go(batch.get_absolute_url()).text


def test_a_heading_keeps_its_name_whatever_people_put_around_it():
    assert bare(" 批准 日期＊（必填）") == "批准日期"


def test_a_file_that_is_no_workbook_is_refused_at_once(city, officer):
    client = Client()
    client.force_login(officer, "portal.accounts.Backend")
    large = SimpleUploadedFile("x.xlsx", b"PK" + bytes(10 * 1024 * 1024))  # X26
    for files, told in (
        ({"file": SimpleUploadedFile("x.txt", b"a,b")}, "CSV"),
        ({"file": large}, "超过 10 MB"),
        ({}, "请先选择"),
    ):
        answer = client.post("/imports/new/stations/", files)
        assert answer.status_code == 422
        assert told in answer.content.decode()
    assert not Batch.objects.exists()


# --- workbooks out -----------------------------------------------------------------------------


def sheet_of(answer, n=0):
    return CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(n).to_python()


@pytest.mark.parametrize("kind", ["stations", "enterprises"])
def test_the_template_is_understood_and_explained(kind, city, officer):
    answer = Visitor(officer).client.get(f"/imports/template/{kind}/")
    rows = sheet_of(answer)
    columns = KINDS[kind].columns(Place.of(officer, TODAY))
    assert understand([[str(x) for x in rows[0]]], columns)["names"] == [c.name for c in columns]
    assert [row[0] for row in sheet_of(answer, 1)[1:]] == [c.label for c in columns]


def test_the_wrong_rows_come_back_in_the_columns_of_the_file_and_go_in_once_mended(city, officer):
    head = ["备注", *HEAD]
    rows = [good(city.enterprise, 备注="=1+1", 批准日期="x"), good(city.enterprise)]
    batch = hand_in(officer, book(rows, head))
    answer = Visitor(officer).client.get(f"/imports/{batch.pk}/mistakes/")
    back = sheet_of(answer)
    assert back[0] == [*head, "原来的行号", "错在哪里"]
    assert len(back) == 2
    assert back[1][-2:] == ["2", "批准日期：“x”不是日期。请写成 2026-11-20 这样。"]
    back[1][head.index("批准日期")] = "2024-09-09"
    again = hand_in(officer, xlsx(back))
    assert again.counts["new"] == 1


def test_without_wrong_rows_there_is_no_workbook_of_them(city, officer):
    batch = hand_in(officer, book([good(city.enterprise)]))
    assert Visitor(officer).client.get(f"/imports/{batch.pk}/mistakes/").status_code == 404


def test_the_preview_shows_what_is_wrong_first_and_unchanged_rows_on_request(city, officer):
    write(hand_in(officer, book([good(city.enterprise)])))
    wrong = good(city.enterprise, 批准日期="x")
    batch = hand_in(officer, book([good(city.enterprise), good(city.enterprise, 批准日期="2024-07-01"), wrong]))
    page = Visitor(officer).go(batch.get_absolute_url())
    assert [line.outcome for line, *_rest in page.answer.context["lines"]] == ["wrong", "new"]
    page.go(f"{batch.get_absolute_url()}?show=all")
    assert [line.outcome for line, *_rest in page.answer.context["lines"]] == ["wrong", "new", "same"]


# --- enterprises -------------------------------------------------------------------------------

UNIT = {"统一社会信用代码": make.credit_code(7_000_001), "单位全称": "导入单位", "区镇": "testcity-north"}
UNIT_HEAD = [
    "统一社会信用代码",
    "单位全称",
    "区镇",
    "单位性质",
    "独立法人",
    "产业链",
    "企业资质",
    "上年度营业收入（万元）",
]
UNIT_HEAD += ["职工人数", "研发人员", "联系电话"]


def units(*rows) -> bytes:
    return book(list(rows), UNIT_HEAD)


def test_an_enterprise_comes_in_and_goes_again(city, officer):
    rich = UNIT | {"单位性质": "民营企业", "独立法人": "是", "企业资质": "高新技术企业、已上市", "职工人数": "420"}
    rich |= {"上年度营业收入（万元）": "5,320.5", "产业链": "机器人", "研发人员": 86.0}
    batch = write(hand_in(officer, units(rich), "enterprises"))
    row = Enterprise.objects.get(organisation__code=UNIT["统一社会信用代码"])
    assert (row.unit_type, row.legal_person, row.tags, row.staff, row.rd_staff) == (
        "private", True, ["high_tech", "listed"], 420, 86,
    )  # fmt: skip
    assert (int(row.revenue), row.chain) == (53_205_000, city.chain)
    changed = write(
        hand_in(officer, units(rich | {"职工人数": "500", "上年度营业收入（万元）": "6000"}), "enterprises")
    )
    row.refresh_from_db()
    assert (row.staff, int(row.revenue)) == (500, 60_000_000)
    undo(changed)
    row.refresh_from_db()
    assert (row.staff, int(row.revenue)) == (420, 53_205_000)
    assert undo(batch).state == "undone"
    assert not Organisation.objects.filter(code=UNIT["统一社会信用代码"]).exists()


@pytest.mark.parametrize(
    ("values", "column", "told"),
    [
        ({"单位全称": ""}, "name", "必填"),
        ({"区镇": ""}, "district", "必填"),
        ({"单位性质": "行会"}, "unit_type", "不在可选范围"),
        ({"独立法人": "也许"}, "legal_person", "不在可选范围"),
        ({"企业资质": "高新技术企业、最强企业"}, "tags", "最强企业"),
        ({"职工人数": "许多"}, "staff", "整数"),
        ({"职工人数": "-1"}, "staff", "0"),
        ({"上年度营业收入（万元）": "1e309"}, "revenue", ""),
        ({"职工人数": "10", "研发人员": "11"}, "rd_staff", "多于职工人数"),
        ({"联系电话": "12"}, "contact_phone", "不像电话"),
    ],
)
def test_a_wrong_enterprise_is_told(values, column, told, city, officer):
    line = only(hand_in(officer, units(UNIT | values), "enterprises"))
    assert set(line.problems) == {column}
    assert told in line.problems[column]


def test_what_an_enterprise_keeps_itself_is_not_written_over(city, people, officer):
    own = city.enterprise.organisation
    row = {"统一社会信用代码": own.code, "单位全称": own.name, "区镇": "testcity-north"}
    assert only(hand_in(officer, units(row), "enterprises")).outcome == "same"
    line = only(hand_in(officer, units(row | {"职工人数": "9999"}), "enterprises"))
    assert "由它自己维护" in line.problems[""]
    line = only(hand_in(officer, units(row | {"单位全称": "新名"}), "enterprises"))
    assert "登记更名" in line.problems["name"]
    line = only(hand_in(officer, units(row | {"区镇": "testcity-south"}), "enterprises"))
    assert "迁移" in line.problems["district"]


def test_an_imported_enterprise_is_claimed_by_its_first_handler(city, officer):
    batch = write(hand_in(officer, units(UNIT), "enterprises"))
    typed = {
        "name": "张三",
        "phone": "13911112222",
        "password1": "eine-lange-Nacht-7",
        "password2": "eine-lange-Nacht-7",
    }
    typed |= {"code": UNIT["统一社会信用代码"], "district": str(city.north.pk)}
    page = Visitor().go("/register/").press("注册", unit="另一个名", **typed)
    assert page.status == 422
    page = Visitor().go("/register/").press("注册", unit="导入单位", **typed)
    assert (page.status, page.url) == (200, "/register/waiting/")  # the office entered it, the office confirms
    row = Enterprise.objects.get(organisation__code=UNIT["统一社会信用代码"])
    assert row.organisation.appointments.count() == 0
    asked = Registration.objects.get(enterprise=row)
    LIFECYCLES["registration"].move(asked, "confirm", by=officer, on=localdate(), note="", details={"proof": "phone"})
    assert row.organisation.appointments.count() == 1
    assert "不能撤回" in undo(batch).problem or "已有人注册" in Batch.objects.get(pk=batch.pk).problem


# --- supervisors -------------------------------------------------------------------------------


def test_a_handler_brings_in_supervisors_of_their_own_stations_only(city, people):
    chief, handler = people[Role.BUREAU_APPROVER], people[Role.HANDLER]
    own = make.station(city, chief, owner=city.enterprise, approved_on=date(2024, 1, 1))
    other = make.station(city, chief, approved_on=date(2024, 1, 1))
    head = ["工作站编号", "姓名", "职称", "研究方向", "电话", "是否全职", "起"]
    base = {"姓名": "张三", "职称": "研究员", "研究方向": "控制", "起": "2024-03-01"}
    rows = [base | {"工作站编号": own.matter.number}, base | {"工作站编号": other.matter.number}]
    rows += [base | {"工作站编号": own.matter.number, "姓名": "李四", "是否全职": "兼职", "起": "2023-12-31"}]
    batch = write(hand_in(handler, book(rows, head), "supervisors"))
    assert [line.outcome for line in batch.lines.order_by("number")] == ["new", "wrong", "wrong"]
    row = Supervisor.objects.get()
    assert (row.station, row.name, row.full_time, row.by) == (own, "张三", True, handler)
    assert Event.objects.get(matter=own.matter).action == "row_added"
    changed = write(hand_in(handler, book([rows[0] | {"职称": "正高级工程师"}], head), "supervisors"))
    row.refresh_from_db()
    assert row.title == "正高级工程师"
    undo(changed)
    row.refresh_from_db()
    assert row.title == "研究员"
    assert undo(batch).state == "undone"
    assert not Supervisor.objects.exists()


def test_an_officer_has_no_supervisors_to_bring_in(city, officer, people):
    assert Visitor(officer).client.get("/imports/new/supervisors/").status_code == 403
    assert Visitor(people[Role.HANDLER]).client.get("/imports/new/stations/").status_code == 403
    assert Visitor(officer).client.get("/imports/new/nothing/").status_code == 404


def test_what_may_come_in_stands_room_by_room_and_leads_to_pages_that_open(city, people, officer):
    for person in (officer, people[Role.HANDLER]):
        page = Visitor(person).go("/imports/")
        rooms = {room: [kind.code for kind in kinds] for room, kinds in page.answer.context["groups"]}
        assert {"demands", "recruits"} <= set(rooms["设站"])
        assert "outcomes" in rooms["博士后"]
        assert all(kind.shown_to(person) for _room, kinds in page.answer.context["groups"] for kind in kinds)
