"""Workbooks of demands, universities, flow stations and agreements; and rows that go to the database together."""

import io
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now
from python_calamine import CalamineWorkbook

from portal import intake, jobs, paging
from portal.models import Event, Job, Matter, Role, Serial, Spell
from stations.demands import lifecycle as demand_lifecycle
from stations.models import (
    Demand,
    Enterprise,
    FlowStation,
    Partner,
    Plate,
    Station,
    StationKind,
    Supervisor,
    University,
)
from stations.register import lifecycle
from tests import make
from tests.make import Life
from tests.reading import Visitor
from tests.stations.test_intake import TODAY, book, hand_in, only, undo, units, write

HEAD = [
    "统一社会信用代码",
    "单位全称",
    "需求类型",
    "题目",
    "说明",
    "关键技术指标",
    "一级学科",
    "产业链",
    "人数",
    "年薪（万元）",
]
HEAD += ["科研经费（万元）", "截止日期", "“卡脖子”项目", "发布范围", "工作站编号", "联系人", "联系电话"]


@pytest.fixture
def handler(people):
    return people[Role.HANDLER]


@pytest.fixture
def officer(people):
    return people[Role.BUREAU_HANDLER]


def wanted(owner, **values) -> dict:
    given = {
        "统一社会信用代码": owner.organisation.code,
        "单位全称": owner.organisation.name,
        "需求类型": "博士后招收",
        "题目": "招机器视觉方向博士后",
        "说明": "说明",
        "一级学科": "0811 控制科学与工程、计算机科学与技术",
        "人数": "2",
        "年薪（万元）": "40",
        "截止日期": "2027-06-30",
        "联系人": "李工",
        "联系电话": "13800000000",
    }
    return given | values


def demands(*rows) -> bytes:
    return book(list(rows), HEAD)


# --- thirty kinds of wrong rows ----------------------------------------------------------------

WRONG = {
    "no code": ({"统一社会信用代码": ""}, "code", "必填"),
    "a code of 17": ({"统一社会信用代码": "91990000MA0000111"}, "code", "有 17 位"),
    "a code with a wrong digit": ({"统一社会信用代码": "91990000MA0000001X"}, "code", "校验位"),
    "a code that Excel rounded": ({"统一社会信用代码": 913205830000000000.0}, "code", "丢了末位"),
    "an unknown enterprise": ({"统一社会信用代码": make.credit_code(8_888_888)}, "code", "没有登记这家单位"),
    "another name": ({"单位全称": "不是这家"}, "unit", "登记的单位是"),
    "no kind": ({"需求类型": ""}, "kind", "必填"),
    "an unknown kind": ({"需求类型": "招工"}, "kind", "不在可选范围"),
    "no title": ({"题目": ""}, "title", "必填"),
    "a title too long": ({"题目": "长" * 101}, "title", "100"),
    "no description": ({"说明": ""}, "description", "必填"),
    "a description too long": ({"说明": "长" * 2001}, "description", "2000"),
    "goals too long": ({"关键技术指标": "长" * 1001}, "goals", "1000"),
    "no discipline": ({"一级学科": ""}, "disciplines", "必填"),
    "an unknown discipline": ({"一级学科": "炼丹学"}, "disciplines", "不在可选范围"),
    "four disciplines": ({"一级学科": "0811、0812、0802、0805"}, "disciplines", "最多填 3 个"),
    "an unknown chain": ({"产业链": "炼丹"}, "chain", "不在可选范围"),
    "nobody wanted": ({"人数": ""}, "people", "至少 1 人"),
    "none wanted": ({"人数": "0"}, "people", "1"),
    "people in words": ({"人数": "若干"}, "people", "整数"),
    "too many people": ({"人数": "500"}, "people", "200"),
    "a salary in yuan": ({"年薪（万元）": "400000"}, "salary", "400000 万元太多，是不是按元填的"),
    "a salary in words": ({"年薪（万元）": "面议"}, "salary", ""),
    "a salary below nothing": ({"年薪（万元）": "-1"}, "salary", "0"),
    "money without end": ({"科研经费（万元）": "99999999"}, "funding", "是不是按元填的"),
    "no deadline": ({"截止日期": ""}, "deadline", "必填"),
    "a deadline that is over": ({"截止日期": "2026-11-19"}, "deadline", "已经过了"),
    "a day that is none": ({"截止日期": "2027-02-30"}, "deadline", "不是日期"),
    "maybe a bottleneck": ({"“卡脖子”项目": "也许"}, "bottleneck", "不在可选范围"),
    "an unknown scope": ({"发布范围": "全世界"}, "scope", "不在可选范围"),
    "another's station": ({"工作站编号": "TE-WS-2020-9999"}, "station", "没有编号 TE-WS-2020-9999"),
    "no contact": ({"联系人": ""}, "contact", "必填"),
    "no telephone": ({"联系电话": ""}, "contact_phone", "必填"),
    "a telephone that is none": ({"联系电话": "12"}, "contact_phone", "不像电话"),
    "a cell that is an error": ({"联系人": "#REF!"}, "contact", "公式错误"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_demand_is_told_at_its_cell(name, city, handler):
    values, column, told = WRONG[name]
    line = only(hand_in(handler, demands(wanted(city.enterprise, **values)), "demands"))
    assert (line.outcome, set(line.problems)) == ("wrong", {column})
    assert told in line.problems[column]


def test_there_are_thirty_of_them():
    assert len(WRONG) >= 30


# --- demands -----------------------------------------------------------------------------------


def test_what_an_enterprise_hands_in_becomes_its_drafts_and_goes_again(city, people, handler):
    station = make.station(city, people[Role.BUREAU_APPROVER], owner=city.enterprise, approved_on=date(2024, 1, 1))
    row = wanted(city.enterprise, 工作站编号=station.matter.number, 产业链="机器人")
    batch = write(
        hand_in(handler, demands(row, wanted(city.enterprise, 题目="另一条", 需求类型="技术难题", 人数="")), "demands")
    )
    first, second = Demand.objects.select_related("matter").order_by("pk")
    assert (first.status, first.station, first.chain, first.disciplines) == (
        "draft", station, city.chain, ["0811", "0812"],
    )  # fmt: skip
    assert (int(first.salary), first.scope, first.bottleneck) == (400_000, "public", False)
    assert (first.matter.filed_on, first.matter.holder) == (None, Role.HANDLER)
    assert (second.people, second.matter.title) == (None, "另一条")
    assert Spell.objects.get(matter=first.matter).status == "draft"
    assert undo(batch).state == "undone"
    assert not Demand.objects.exists()
    assert not Matter.objects.filter(kind="demand").exists()


def test_what_an_office_collected_waits_for_the_district(city, people, officer, handler):
    write(hand_in(officer, demands(wanted(city.enterprise)), "demands"))
    row = Demand.objects.select_related("matter").get()
    assert (row.status, row.matter.filed_on, row.matter.holder) == ("review", TODAY, Role.DISTRICT)
    assert row.matter.due_on == date(2026, 11, 27)
    demand_lifecycle.demand.move(row, "publish", by=people[Role.DISTRICT], on=TODAY)
    assert only(hand_in(handler, demands(wanted(city.enterprise)), "demands")).outcome == "same"
    line = only(hand_in(handler, demands(wanted(city.enterprise, 人数="3")), "demands"))
    assert "不能用表格改" in line.problems[""]


def test_only_a_draft_is_changed_and_changed_back(city, handler):
    write(hand_in(handler, demands(wanted(city.enterprise)), "demands"))
    batch = hand_in(
        handler, demands(wanted(city.enterprise, 人数="3", 一级学科="0802", 截止日期="2027-07-31")), "demands"
    )
    assert set(only(batch).changes) == {"people", "disciplines", "deadline"}
    write(batch)
    row = Demand.objects.get()
    assert (row.people, row.disciplines, row.deadline) == (3, ["0802"], date(2027, 7, 31))
    undo(batch)
    row.refresh_from_db()
    assert (row.people, row.disciplines, row.deadline) == (2, ["0811", "0812"], date(2027, 6, 30))


def test_a_demand_that_went_on_is_not_taken_back(city, handler):
    batch = write(hand_in(handler, demands(wanted(city.enterprise)), "demands"))
    demand_lifecycle.demand.move(Demand.objects.get(), "submit", by=handler, on=TODAY)
    batch = undo(batch)
    assert (batch.state, Demand.objects.count()) == ("done", 1)
    assert "不能撤回" in batch.problem


def test_nobody_fills_in_for_an_enterprise_that_is_not_theirs(city, people):
    content = demands(wanted(city.enterprise))
    for who in ("other_unit", "other_district"):
        assert "不归您填报" in only(hand_in(people[who], content, "demands")).problems["code"]


def test_an_office_does_not_learn_of_a_draft(city, officer, handler):
    write(hand_in(handler, demands(wanted(city.enterprise)), "demands"))
    assert only(hand_in(officer, demands(wanted(city.enterprise, 人数="9")), "demands")).outcome == "new"


# --- universities ------------------------------------------------------------------------------

SCHOOL = {"高校院所": "测试大学", "所在省市": "江苏", "“双一流”": "是", "重点高校": "否", "博管办": "人事处"}
SCHOOL |= {"博管办电话": "025-83000000"}
FLOW = {
    "高校院所": "测试大学",
    "一级学科": "0811",
    "批准年份": "2007",
    "研究方向和人才": "视觉",
    "服务的产业链": "机器人",
}


def schools(*rows) -> bytes:
    return book(list(rows), list(SCHOOL))


def flows(*rows) -> bytes:
    return book(list(rows), list(FLOW))


def test_universities_and_then_their_flow_stations_come_in_and_go(city, officer):
    first = write(hand_in(officer, schools(SCHOOL), "universities"))
    second = write(hand_in(officer, flows(FLOW, FLOW | {"一级学科": "机械工程"}), "flows"))
    row = University.objects.get()
    assert (row.pack, row.double_first, row.key, row.phone) == (city.pack, True, False, "025-83000000")
    flow = FlowStation.objects.get(discipline="0811")
    assert (flow.approved_year, flow.strengths, list(flow.chains.all())) == (2007, "视觉", [city.chain])
    third = write(hand_in(officer, flows(FLOW | {"批准年份": "2009", "服务的产业链": ""}), "flows"))
    flow.refresh_from_db()
    assert (flow.approved_year, list(flow.chains.all())) == (2009, [city.chain])
    undo(third)
    flow.refresh_from_db()
    assert flow.approved_year == 2007
    assert "请先撤回流动站" in undo(first).problem
    assert (undo(second).state, undo(first).state) == ("undone", "undone")
    assert not University.objects.exists()


def test_a_flow_station_in_use_is_not_taken_back(city, people, officer):
    write(hand_in(officer, schools(SCHOOL), "universities"))
    batch = write(hand_in(officer, flows(FLOW), "flows"))
    make.match(city, people, flow_=FlowStation.objects.get())
    assert "已经有了后来的办理" in undo(batch).problem


@pytest.mark.parametrize(
    ("kind", "values", "column", "told"),
    [
        ("universities", {"高校院所": ""}, "name", "必填"),
        ("universities", {"所在省市": ""}, "province", "必填"),
        ("universities", {"“双一流”": "一流"}, "double_first", "不在可选范围"),
        ("universities", {"博管办电话": "13800000000"}, "phone", "不要填个人手机"),
        ("flows", {"高校院所": "没有大学"}, "university", "名单里没有"),
        ("flows", {"一级学科": ""}, "discipline", "必填"),
        ("flows", {"一级学科": "炼丹"}, "discipline", "不在可选范围"),
        ("flows", {"批准年份": "1984"}, "approved_year", "1985"),
        ("flows", {"批准年份": "2027"}, "approved_year", "2026"),
        ("flows", {"服务的产业链": "炼丹"}, "chains", "不在可选范围"),
    ],
)
def test_a_wrong_university_or_flow_station_is_told(kind, values, column, told, city, officer):
    make.university(city, name="测试大学")
    made, given = (schools, SCHOOL | {"高校院所": "新大学"}) if kind == "universities" else (flows, FLOW)
    line = only(hand_in(officer, made(given | values), kind))
    assert set(line.problems) == {column}
    assert told in line.problems[column]


def test_the_exported_list_of_flow_stations_goes_in_again(city, officer):
    flow = make.flow(city, owner=make.university(city), discipline="0811")
    answer = Visitor(officer).client.get("/universities/export/")
    batch = hand_in(officer, answer.content, "flows")
    assert (batch.counts["same"], batch.lines.get().target) == (1, str(flow.pk))


# --- agreements --------------------------------------------------------------------------------

DEAL = ["工作站编号", "高校院所", "流动站", "签订日期", "有效期至"]


def test_agreements_come_in_with_their_last_day_and_never_overlap(city, people, handler):
    station = make.station(city, people[Role.BUREAU_APPROVER], owner=city.enterprise, approved_on=date(2024, 1, 1))
    deal = {"工作站编号": station.matter.number, "高校院所": "某大学", "流动站": "控制", "签订日期": "2023-05-01"}
    deal |= {"有效期至": "2026-04-30"}
    rows = [
        deal, deal | {"签订日期": "2025-01-01", "有效期至": ""}, deal | {"签订日期": "2026-05-01", "有效期至": ""},
        deal | {"流动站": "机械", "有效期至": "2023-04-30"}, deal | {"工作站编号": "TE-WS-2024-9999"},
        deal | {"流动站": "电气", "签订日期": "2026-11-21", "有效期至": ""}, deal | {"高校院所": ""},
    ]  # fmt: skip
    batch = write(hand_in(handler, book(rows, DEAL), "partners"))
    told = {line.number: line.problems for line in batch.lines.filter(outcome="wrong")}
    assert {number: list(problems) for number, problems in told.items()} == {
        3: ["since"], 5: ["until"], 6: ["station"], 7: ["since"], 8: ["university"],
    }  # fmt: skip
    assert "续签请从前一份期满后起" in told[3]["since"]
    assert [(p.since, p.until) for p in Partner.objects.order_by("since")] == [
        (date(2023, 5, 1), date(2026, 5, 1)), (date(2026, 5, 1), None),
    ]  # fmt: skip
    assert Event.objects.filter(matter=station.matter, action="row_added").count() == 2
    changed = write(hand_in(handler, book([deal | {"有效期至": "2026-03-31"}], DEAL), "partners"))
    assert Partner.objects.get(since=date(2023, 5, 1)).until == date(2026, 4, 1)
    undo(changed)
    assert Partner.objects.get(since=date(2023, 5, 1)).until == date(2026, 5, 1)
    assert undo(batch).state == "undone"
    assert not Partner.objects.exists()


# --- together, and still each by itself --------------------------------------------------------


def test_what_the_database_objects_is_told_of_its_row_and_the_others_are_written(city, officer):
    owners = [make.enterprise(city.north, staff=None, rd_staff=30) for _n in range(5)]
    rows = [
        {"统一社会信用代码": o.organisation.code, "单位全称": o.organisation.name, "区镇": "testcity-north",
         "职工人数": "20" if n == 3 else "200"}
        for n, o in enumerate(owners)
    ]  # fmt: skip
    batch = hand_in(officer, units(*rows), "enterprises")
    assert batch.counts["changed"] == 5
    write(batch, "all")
    batch.refresh_from_db()
    assert (batch.state, Enterprise.objects.filter(staff__isnull=False, rd_staff=30).count()) == ("ready", 0)
    batch = write(batch, "right")
    assert batch.state == "done"
    line = batch.lines.get(outcome="wrong")
    assert (line.number, line.problems) == (5, {"": "研发人员不能多于职工人数。"})
    assert [e.staff for e in Enterprise.objects.filter(rd_staff=30).order_by("pk")] == [200, 200, 200, None, 200]


def test_stations_born_together_are_numbered_titled_and_dated_like_one_by_one(city, people):
    by = people[Role.BUREAU_APPROVER]
    owners = [make.enterprise(city.north) for _n in range(3)]

    def entry(owner, kind, year, **values):
        paper = {"document": "文", "approver": "省", "district": city.north}
        return lifecycle.Entry(owner, kind=kind, approved_on=date(year, 1, 5), **paper, **values)

    made = lifecycle.enter_stations(
        [
            entry(owners[0], StationKind.BASE_PROVINCIAL, 2020),
            entry(owners[0], StationKind.NATIONAL, 2022),
            entry(
                owners[1], StationKind.OVERSEAS, 2020, ended_on=date(2021, 1, 1), end_document="撤", end_ground="idle"
            ),
            entry(owners[2], StationKind.BRANCH, 2020, name="我们的分站"),
        ],
        by=by,
    )
    base, national, ended, branch = (Station.objects.select_related("matter").get(pk=s.pk) for s in made)
    assert (base.status, national.upgraded_from, base.ended_on) == ("upgraded", base, date(2022, 1, 5))
    assert (str(national), branch.name, branch.matter.title_en) == (
        f"{owners[0]}国家级博士后科研工作站",
        "我们的分站",
        "",
    )
    assert [s.matter.number for s in (base, national, ended, branch)] == [
        "TE-WS-2020-0001", "TE-WS-2022-0001", "TE-WS-2020-0002", "TE-WS-2020-0003",
    ]  # fmt: skip
    assert (ended.status, ended.matter.status, ended.matter.closed_on) == ("cancelled", "cancelled", date(2021, 1, 1))
    assert [(s.status, s.until) for s in Spell.objects.filter(matter=ended.matter).order_by("pk")] == [
        ("valid", date(2021, 1, 1)), ("cancelled", None),
    ]  # fmt: skip
    event = Event.objects.get(matter=ended.matter)
    assert (event.action, event.source, event.target, event.details["entered"]) == (
        "cancel",
        "valid",
        "cancelled",
        True,
    )


def test_numbers_are_taken_in_one_go(db):
    assert Serial.take("X", 2026) == "X-2026-0001"
    assert Serial.take_many("X", 2026, 3) == ["X-2026-0002", "X-2026-0003", "X-2026-0004"]
    assert Serial.take("X", 2026) == "X-2026-0005"


def test_a_workbook_takes_as_many_statements_for_thirty_rows_as_for_ten(city, officer):
    owners = [make.enterprise(city.north) for _n in range(40)]
    rows = [
        {"统一社会信用代码": o.organisation.code, "站点类型": "海外博士后工作室", "批准日期": "2024-03-01",
         "批准文号": "测", "批准机关": "省级", "挂牌日期": "2024-04-01"}
        for o in owners
    ]  # fmt: skip
    head = ["统一社会信用代码", "站点类型", "批准日期", "批准文号", "批准机关", "挂牌日期"]
    batches = [hand_in(officer, book(some, head)) for some in (rows[:1], rows[1:11], rows[11:])]
    taken = []
    for batch in batches:
        intake.start(batch, "import_apply", by=officer, choice="all")
        with CaptureQueriesContext(connection) as queries:
            jobs.work_off("import_apply")
        taken.append(len(queries))
    assert taken[1] == taken[2]  # the first one opens the series of numbers
    assert Plate.objects.count() == 40


# --- out ---------------------------------------------------------------------------------------


def exported(user, url="/stations/export/?kind=overseas", language="zh-hans"):
    client = Client(headers={"accept-language": language})
    client.force_login(user, "portal.accounts.Backend")
    return client, client.get(url)


@pytest.fixture
def three_stations(city, people):
    return [
        make.station(city, people[Role.BUREAU_APPROVER], owner=city.enterprise, kind=StationKind.OVERSEAS)
        for _n in range(3)
    ]


def test_a_long_workbook_is_made_by_a_worker_and_says_the_same(city, people, officer, three_stations, settings):
    _client, at_once = exported(officer)
    settings.EXPORT_AT_ONCE = 2
    client, answer = exported(officer)
    assert exported(officer)[1].url == answer.url, "pressed twice, made once"
    assert client.get(f"{answer.url}file/").status_code == 404
    jobs.work_off("export")
    job = Job.objects.get()
    assert (job.state, job.done, job.total, job.asked_by) == ("done", 3, 3, officer)
    assert "工作站名册" in job.content_name
    made = client.get(f"{answer.url}file/")
    assert rows_in(b"".join(made))[3:] == rows_in(at_once.content)[3:]
    stranger, _answer = exported(people["other_district"], "/stations/")
    assert stranger.get(f"{answer.url}file/").status_code == 404


def rows_in(content: bytes) -> list[list]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def test_the_list_of_enterprises_is_narrowed_and_its_workbook_goes_in_again(city, people, officer):
    bare = make.enterprise(city.north, chain=city.chain, tags=["high_tech", "listed"], staff=None, rd_staff=None)
    make.station(city, people[Role.BUREAU_APPROVER], owner=city.enterprise)
    officials, everybody = Visitor(officer), list(map(str, Enterprise.objects.order_by("-pk")))
    assert rows_of(officials, "/enterprises/") == everybody
    assert rows_of(officials, "/enterprises/?station=yes") == [str(city.enterprise)]
    assert rows_of(officials, "/enterprises/?station=no&tag=listed") == [str(bare)]
    assert rows_of(officials, f"/enterprises/?q={bare.organisation.code}") == [str(bare)]
    assert rows_of(officials, f"/enterprises/?chain={city.chain.pk}") == [str(bare)]
    assert {str(bare), str(city.enterprise)}.isdisjoint(rows_of(Visitor(people["other_district"]), "/enterprises/"))
    content = officials.client.get("/enterprises/export/").content
    head, lines = rows_in(content)[3], rows_in(content)[4:]
    assert [line[1] for line in lines] == everybody
    said = dict(zip(head, next(line for line in lines if line[1] == str(city.enterprise)), strict=True))
    assert (said["上年度营业收入（万元）"], said["有效工作站（个）"], said["情况由单位维护"]) == (50000, 1, "是")
    batch = hand_in(officer, content, "enterprises")
    assert {outcome: n for outcome, n in batch.counts.items() if n} == {"same": len(everybody)}


def rows_of(visitor, url: str) -> list[str]:
    return [str(row) for row in visitor.client.get(url).context["page"]]


def test_the_list_of_supervisors_is_that_of_a_day_and_its_workbook_goes_in_again(city, people, officer, handler):
    station = make.station(city, people[Role.BUREAU_APPROVER], owner=city.enterprise, approved_on=date(2024, 1, 1))
    other = make.station(city, people[Role.BUREAU_APPROVER])
    rows = {"张三": (station, None, True), "李四": (station, date(2025, 1, 1), True), "王五": (other, None, False)}
    for name, (where, until, full) in rows.items():
        Supervisor.objects.create(
            station=where, name=name, title="研究员", field="控制", phone="13800000000", full_time=full,
            since=date(2024, 3, 1), until=until,
        )  # fmt: skip
    assert shown(officer) == {"张三", "王五"}
    assert shown(officer, "?state=all") == {"张三", "李四", "王五"}
    assert shown(officer, "?full_time=0") == {"王五"}
    assert shown(officer, f"?q={other.enterprise}") == {"王五"}
    assert shown(people["other_district"]) == set()
    assert shown(handler) == {"张三"}, "an enterprise reads its own"
    content = Visitor(handler).client.get("/supervisors/export/").content
    assert "13800000000" not in str(rows_in(content))
    batch = hand_in(handler, content, "supervisors")
    assert (batch.counts["same"], sum(batch.counts.values())) == (1, 1)


def shown(user, chosen: str = "") -> set[str]:
    return {row.name for row in Visitor(user).client.get(f"/supervisors/{chosen}").context["page"]}


def test_a_worker_writes_only_what_whoever_asked_may_still_see(city, people, three_stations, settings):
    settings.EXPORT_AT_ONCE = 0
    asker = make.user(Role.DISTRICT, district=city.north)
    exported(asker)
    asker.appointments.update(until=TODAY)
    jobs.work_off("export")
    job = Job.objects.get(kind="export")
    assert job.state == "done"
    with job.content.open() as made:
        assert len(rows_in(made.read())) == 4  # the head alone


def test_a_workbook_that_nobody_fetched_is_thrown_away_after_a_week(people, officer, three_stations, settings):
    settings.EXPORT_AT_ONCE = 0
    exported(officer)
    jobs.work_off("export")
    for days, kept in ((6, True), (8, False)):
        Job.objects.filter(kind="export").update(finished_at=now() - timedelta(days=days))
        jobs.ask("old_exports")
        jobs.work_off("old_exports")
        assert bool(Job.objects.get(kind="export").content) == kept


def test_a_far_page_shows_what_the_first_pages_left(city, people, officer, monkeypatch):
    monkeypatch.setattr(paging, "WHOLE", 50)
    make.bare_stations([Life(city.north, date(2025, 3, 1), owner=n) for n in range(60)])
    client, _answer = exported(officer, "/stations/")
    pages = [client.get(f"/stations/?page={n}").context["rows"] for n in (1, 2)]
    assert [len(rows) for rows in pages] == [50, 10]
    shown = [row.pk for rows in pages for row, _status in rows]
    assert shown == sorted(shown, reverse=True)
    assert len(set(shown)) == 60
