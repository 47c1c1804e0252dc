"""Ledgers of postdocs as tests hand them in, and what comes out of the portal."""

from datetime import date

from portal.models import Batch
from postdocs.models import Stay
from postdocs.stays.register import Entry, enter
from tests.portal.test_sheets import xlsx
from tests.postdocs import staying
from tests.postdocs.staying import paper_number
from tests.reading import Visitor
from tests.stations.test_intake import hand_in, sheet_of

HEAD = [
    "姓名",
    "证件类型",
    "身份证号",
    "性别",
    "出生日期",
    "国籍",
    "手机",
    "工作站编号",
    "设站单位",
    "招收类型",
    "当前身份",
]
HEAD += [
    "博士毕业院校",
    "证书签发日期",
    "博士一级学科",
    "合作流动站",
    "流动站导师",
    "企业导师",
    "研究题目",
    "合同起",
    "预计出站",
]
HEAD += [
    "年薪（万元）",
    "引才渠道",
    "进站时间",
    "博管会编号",
    "出站日期",
    "证书编号",
    "退站日期",
    "退站原因",
    "确认另有其人",
    "备注",
]


BORN = date(1996, 3, 1)


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


def outcomes(batch: Batch) -> list[str]:
    return list(batch.lines.order_by("number").values_list("outcome", flat=True))


def taken_out(user, query: str = "", *, kind: str = "stays") -> list[list]:
    answer = Visitor(user).client.get(f"/imports/out/{kind}/{query}")
    assert answer.status_code == 200
    return [[str(cell) for cell in row] for row in sheet_of(answer)]


def edited(rows: list[list], name: str, value: str, n: int = 1) -> list[list]:
    column = [heading.removesuffix("*") for heading in rows[0]].index(name)
    return [[value if (r, c) == (n, column) else cell for c, cell in enumerate(row)] for r, row in enumerate(rows)]
