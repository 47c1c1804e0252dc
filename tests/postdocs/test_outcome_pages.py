"""Outcomes in the browser: typed one by one and many at once, joined, proved, stepped; and as a workbook."""

from datetime import date, timedelta

import pytest
from django.test import Client

from portal.models import Role
from postdocs.models import Outcome
from postdocs.outcomes import actions
from tests import make
from tests.postdocs import recording, staying
from tests.reading import Visitor
from tests.stations.test_intake import book, hand_in, only, undo, write

TYPED = {
    "title": "一种装置",
    "done_on": "2026-05-26",
    "patent_kind": "invention",
    "number": "2026 1000 0001",
    "summary": "x",
}


@pytest.fixture
def stay(city, people):
    return recording.entered(city, people)


@pytest.fixture
def by(people):
    return people[Role.HANDLER]


# --- typed -------------------------------------------------------------------------------------


def test_the_unit_types_one_proves_it_and_the_district_verifies_it(city, people, stay, by):
    visitor = Visitor(by).go("/outcomes/new/patent/").press("保存", **TYPED)
    row = Outcome.objects.get()
    assert (visitor.url, row.status, row.key) == (row.get_absolute_url(), "unit", "patent:number:202610000001")
    assert "已保存" in visitor.told[0]
    refused = visitor.press("确认并提交", to="confirm")
    assert (refused.status, "证明材料" in refused.text) == (422, True)
    client = visitor.client
    client.post(f"{row.get_absolute_url()}proof/", {"file": make.upload()})
    assert Visitor(by).go(row.get_absolute_url()).press("确认并提交", to="confirm").told == ["已办理：确认并提交。"]
    officer = Visitor(people[Role.DISTRICT]).go(row.get_absolute_url()).press("核验通过", to="verify")
    assert "已核验" in officer.text
    granted = {"grant-granted_on": "2026-06-20", "grant-grant_number": "ZL1", "grant-upload": make.upload("证书.pdf")}
    answer = client.post(f"{row.get_absolute_url()}move/grant/", granted)
    row.refresh_from_db()
    assert (answer.status_code, row.status, row.granted_on) == (302, "district", date(2026, 6, 20))
    assert row.matter.evidence.count() == 2


def test_what_was_typed_stays_when_it_is_wrong(stay, by):
    page = Visitor(by).go("/outcomes/new/patent/").press("保存", **(TYPED | {"done_on": "2099-01-01", "summary": ""}))
    assert (page.status, Outcome.objects.count()) == (422, 0)
    assert "还没有到" in page.text
    assert 'value="2026 1000 0001"' in page.page


def test_a_duplicate_of_the_unit_is_shown_and_joined(city, people, stay, by):
    row = recording.waiting(stay, people, number="202610000001")
    other = recording.entered(city, people, at=stay.station, name="顾念安")
    again = TYPED | {"owner-1": str(other.pk), "rank-1": "2"}
    page = Visitor(by).go("/outcomes/new/patent/").press("保存", **again)
    assert (page.status, row.matter.number in page.text) == (422, True)
    joined = page.press("加为共有人", **again)
    assert joined.url == row.get_absolute_url()
    assert set(row.owners.values_list("stay", "rank")) == {(stay.pk, 1), (other.pk, 2)}
    assert Outcome.objects.count() == 1


def test_of_another_units_record_only_that_the_bureau_will_compare_is_said(city, people, stay, by):
    other, them = make.people_of(city, make.enterprise(city.south), people, officer="other_district")
    theirs = recording.waiting(recording.entered(other, them, name="顾念安"), them, number="202610000001")
    page = Visitor(by).go("/outcomes/new/patent/").press("保存", **TYPED)
    row = Outcome.objects.get(enterprise=stay.station.enterprise)
    assert (page.url, any("比对" in told for told in page.told)) == (row.get_absolute_url(), True)
    for hidden in (theirs.matter.number, str(theirs.enterprise), "顾念安"):
        assert hidden not in page.text
    assert Visitor(by).go(theirs.get_absolute_url()).status == 404


def test_of_ten_lines_the_right_ones_are_saved_and_the_wrong_ones_stay(stay, by):
    def line(n, **values):
        given = {"title": f"论文{n}", "done_on": "2026-05-26", "venue": "学报", "indexed": "ei", "doi": f"10.1/{n}"}
        return {f"r{n}-{k}": v for k, v in (given | {"owner-1": str(stay.pk)} | values).items()}

    typed = line(1) | line(2, done_on="2026-13-01") | line(4, doi="10.1/1") | line(5)
    page = Visitor(by).go("/outcomes/many/paper/").press("保存", **typed)
    assert page.status == 422
    assert set(Outcome.objects.values_list("title", flat=True)) == {"论文1", "论文5"}
    assert ("论文2" in page.page, "论文4" in page.page, "论文5" in page.page) == (True, True, False)
    assert ("不是日期" in page.text, "已登记为" in page.text) == (True, True)
    assert page.press("保存", **(line(2) | line(4))).url.startswith("/outcomes/?kind=paper")
    assert Outcome.objects.count() == 4


def test_a_postdoc_drafts_their_own_and_reads_it_on_their_stay(city, people, stay, by):
    me = Visitor(recording.postdoc(stay, city))
    page = me.go("/outcomes/new/patent/").press("保存", **TYPED)
    row = Outcome.objects.get()
    assert (row.status, page.url) == ("draft", row.get_absolute_url())
    page = page.press("交单位确认", to="hand_over")
    assert ("待单位确认" in page.text, "修改" in page.text) == (True, False)
    assert row.title in me.go(stay.get_absolute_url()).text
    assert "退给本人" in Visitor(by).go(row.get_absolute_url()).text


def test_the_list_is_searched_by_title_number_and_owner(people, stay, by):
    row = recording.verified(stay, people, number="202610000001", title="晶圆检测装置")
    officer = people[Role.DISTRICT]
    for q in ("晶圆", "ZL2026 1000 0001".replace("ZL", ""), "林知远", "lzy", row.matter.number):
        assert "晶圆检测装置" in Visitor(officer).go(f"/outcomes/?q={q}").text, q
    for miss in ("q=不存在的", "kind=paper", "year=2020", "status=void"):
        assert "晶圆检测装置" not in Visitor(officer).go(f"/outcomes/?{miss}").text, miss
    client = Client()
    client.force_login(officer, "portal.accounts.Backend")
    (found,) = client.get("/api/v1/outcomes/?kind=patent").json()["results"]
    assert (found["number"], found["owners"], found["details"]["number"]) == (
        row.matter.number, ["林知远"], "202610000001"
    )  # fmt: skip


# --- as a workbook -----------------------------------------------------------------------------

HEAD = ["成果类型", "成果名称", "成果日期", "工作站编号", "完成人", "类别", "级别", "刊物、出版社或买方", "成果编号"]
HEAD += ["合同编号", "金额（万元）", "简介"]


def good(stay, **values) -> dict:
    given = {
        "成果类型": "专利",
        "成果名称": "一种装置",
        "成果日期": "2026-05-26",
        "工作站编号": stay.station.matter.number,
        "完成人": "林知远",
        "类别": "发明",
        "成果编号": "2026 1000 0001",
        "简介": "检测",
    }
    return given | values


WRONG = {
    "no kind": ({"成果类型": ""}, "kind", "必填"),
    "an unknown kind": ({"成果类型": "发现"}, "kind", "不在可选范围"),
    "no title": ({"成果名称": ""}, "title", "必填"),
    "no day": ({"成果日期": ""}, "done_on", "必填"),
    "a day to come": ({"成果日期": "2099-01-01"}, "done_on", "还没有到"),
    "a day before the entry": ({"成果日期": str(staying.ENTERED - timedelta(1))}, "done_on", "早于进站日期"),
    "another's station": ({"工作站编号": "TE-WS-2020-9999"}, "station", "没有编号 TE-WS-2020-9999"),
    "somebody unknown": ({"完成人": "林知远、无此人"}, "owners", "没有叫“无此人”"),
    "a patent without its type": ({"类别": ""}, "sort", "专利要填专利类型"),
    "a type that is none": ({"类别": "大发明"}, "sort", "只能是"),
    "a patent without number": ({"成果编号": ""}, "number", "专利要填"),
    "a patent without summary": ({"简介": ""}, "summary", "专利要填简介"),
    "a project without level": ({"成果类型": "项目", "类别": ""}, "level", "项目要填级别"),
    "a transfer without contract": ({"成果类型": "成果转化", "类别": "转让"}, "contract", "要填合同编号"),
    "an amount in words": ({"成果类型": "项目", "金额（万元）": "若干"}, "amount", ""),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_row_is_told_what_is_wrong(name, stay, by):
    values, column, told = WRONG[name]
    line = only(hand_in(by, book([good(stay, **values)], HEAD), "outcomes"))
    assert line.outcome == "wrong"
    assert told in line.problems[column], line.problems


def test_what_a_unit_imports_waits_for_it_and_can_be_taken_back(stay, by):
    rows = [
        good(stay),
        good(stay),
        good(stay, 成果类型="基金", 类别="面上资助二等", 成果编号="2026M1", **{"金额（万元）": "8"}),
    ]
    batch = hand_in(by, book([*rows, good(stay, 完成人="无此人", 成果编号="9")], HEAD), "outcomes")
    assert [line.outcome for line in batch.lines.order_by("number")] == ["new", "double", "new", "wrong"]
    batch = write(batch)
    assert {(o.kind, o.status, o.details.get("amount")) for o in Outcome.objects.all()} == {
        ("patent", "unit", None), ("grant", "unit", "80000"),
    }  # fmt: skip
    again = hand_in(by, book([good(stay, 简介="改了"), rows[2]], HEAD), "outcomes")
    assert [line.outcome for line in again.lines.order_by("number")] == ["changed", "same"]
    again = write(again)
    assert Outcome.objects.get(kind="patent").details["summary"] == "改了"
    assert (undo(again).state, Outcome.objects.get(kind="patent").details["summary"]) == ("undone", "检测")
    undo(batch)
    assert not Outcome.objects.exists()


def test_what_an_official_imports_is_verified_and_not_written_over(people, stay, by):
    batch = write(hand_in(people[Role.DISTRICT], book([good(stay)], HEAD), "outcomes"))
    row = Outcome.objects.get()
    assert (row.status, row.verified_by, batch.state) == ("verified", people[Role.DISTRICT], "done")
    line = only(hand_in(by, book([good(stay, 简介="改了")], HEAD), "outcomes"))
    assert (line.outcome, "不能覆盖" in line.problems[""]) == ("wrong", True)


def test_an_official_of_another_district_learns_nothing(people, stay):
    stranger = people["other_district"]
    line = only(hand_in(stranger, book([good(stay)], HEAD), "outcomes"))
    assert (line.outcome, "不在您的范围内" in line.problems["station"]) == ("wrong", True)


# --- given back --------------------------------------------------------------------------------


def test_a_draft_that_is_given_back_keeps_the_owners_that_the_unit_added(city, people, stay, by):
    me = recording.postdoc(stay, city)
    row = recording.step(recording.recorded(stay, me), "hand_over", me)
    other = recording.entered(city, people, at=stay.station, name="顾念安")
    row = recording.step(actions.join(row, [(other, 2)], by=by, on=make.ON), "give_back", by)
    page = Visitor(me).go(f"{row.get_absolute_url()}edit/").press("保存", title="新名称")
    row.refresh_from_db()
    assert (page.url, row.title) == (row.get_absolute_url(), "新名称")
    assert set(row.owners.values_list("stay", "rank")) == {(stay.pk, 1), (other.pk, 2)}


def test_a_return_opens_only_what_it_names_on_the_page(people, stay, by):
    row = recording.waiting(stay, people)
    Visitor(people[Role.DISTRICT]).go(f"{row.get_absolute_url()}return/").press(
        "退回补正", **{"on-field:title": "on", "code-field:title": "R06"}
    )
    page = Visitor(by).go(f"{row.get_absolute_url()}edit/").press("保存", title="新名称", summary="改了")
    row.refresh_from_db()
    assert (page.url, row.title, row.details["summary"]) == (row.get_absolute_url(), "新名称", "检测")
    assert "已改" in page.text
