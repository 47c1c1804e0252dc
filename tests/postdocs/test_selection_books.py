"""Workbooks of selections: who a line names, what is judged as on the page, and the way back."""

from datetime import date
from decimal import Decimal

import pytest

from portal.models import Role
from postdocs.models import Selection, Stay
from tests import make
from tests.postdocs import rostering
from tests.postdocs.test_rosters import entered
from tests.reading import Visitor
from tests.stations.test_intake import book, hand_in, only, undo, write

HEAD = [
    "遴选项目",
    "进站编号",
    "博士后",
    "工作站编号",
    "项目名称",
    "年度",
    "名单日期",
    "文号或名单",
    "等次",
    "资助金额（万元）",
]
HEAD += ["取消日期"]


@pytest.fixture
def stay(city, people) -> Stay:
    rostering.programme(city, "plan", kind="plan", ranks=["一等", "二等"])
    rostering.programme(city, "show", kind="roadshow")
    return entered(city, people, date(2025, 3, 1))


def row(**values) -> dict[str, str]:
    return {"遴选项目": "遴选plan", "年度": "2026", "名单日期": "2026-05-06", "文号或名单": "名单"} | values


def handed(user, *rows):
    return hand_in(user, book(list(rows), HEAD), kind="selections")


def test_a_line_names_a_postdoc_by_number_or_by_name_and_station_and_a_project(city, people, stay):
    at = stay.station.matter.number
    batch = handed(
        people[Role.DISTRICT],
        row(**{"进站编号": stay.matter.number, "等次": "一等", "资助金额（万元）": "8"}),
        row(
            **{
                "博士后": stay.person.name,
                "工作站编号": at,
                "年度": "2025",
                "名单日期": "2025-06-30",
                "遴选项目": "plan",
            }
        ),
        row(**{"遴选项目": "遴选show", "工作站编号": at, "项目名称": "机器人"}),
    )
    assert batch.counts["new"] == 3, list(batch.lines.values_list("problems", flat=True))
    batch = write(batch)
    named = Selection.objects.order_by("pk").values_list("stay", "station", "year", "project", "rank", "amount")
    assert list(named) == [
        (stay.pk, stay.station_id, 2026, "", "一等", Decimal(80_000)),
        (stay.pk, stay.station_id, 2025, "", "", None),
        (None, stay.station_id, 2026, "机器人", "", None),
    ]
    assert set(Selection.objects.values_list("confirmed_by", "district")) == {
        (people[Role.DISTRICT].pk, stay.matter.district_id)
    }
    again = handed(people[Role.DISTRICT], row(**{"进站编号": stay.matter.number, "等次": "二等"}))
    assert (only(again).outcome, set(only(again).changes)) == ("changed", {"rank"})
    undo(batch)
    assert not Selection.objects.exists()


def test_what_a_unit_hands_in_waits_for_its_district(people, stay):
    write(handed(people[Role.HANDLER], row(**{"进站编号": stay.matter.number})))
    assert Selection.objects.get().confirmed_on is None


WRONG = {
    "no postdoc": ({}, "stay", "请写明入选的博士后"),
    "an unknown number": ({"进站编号": "TE-BH-1999-0001"}, "stay", "没有编号"),
    "another name": ({"进站编号": "{stay}", "博士后": "王二"}, "name", "不是这个姓名"),
    "another station": ({"进站编号": "{stay}", "工作站编号": "TE-WS-1999-0001"}, "station", "不在这个工作站"),
    "a name nobody has": ({"博士后": "王二", "工作站编号": "{station}"}, "name", "认不出"),
    "a name before the entry": (
        {"博士后": "{name}", "工作站编号": "{station}", "名单日期": "2025-02-28"},
        "name",
        "认不出",
    ),
    "a list before the entry": ({"进站编号": "{stay}", "名单日期": "2025-02-28"}, "listed_on", "不在站"),
    "a list to come": ({"进站编号": "{stay}", "名单日期": "2126-02-28"}, "listed_on", "还没有到"),
    "a rank it doesn't give": ({"进站编号": "{stay}", "等次": "三等"}, "rank", "等次应为"),
    "no amount": ({"进站编号": "{stay}", "资助金额（万元）": "0"}, "amount", "大于 0"),
    "revoked too early": ({"进站编号": "{stay}", "取消日期": "2026-05-06"}, "revoked_on", "晚于名单日期"),
    "a roadshow without a project": ({"进站编号": "{stay}", "遴选项目": "遴选show"}, "project", "按项目登记"),
    "a programme nobody knows": ({"进站编号": "{stay}", "遴选项目": "别的"}, "programme", "不在可选范围内"),
    "a year of no use": ({"进站编号": "{stay}", "年度": "26"}, "year", "1985"),
}


@pytest.mark.parametrize(("values", "name", "part"), WRONG.values(), ids=WRONG)
def test_a_wrong_line_says_what_is_wrong(values, name, part, people, stay):
    names = {"stay": stay.matter.number, "station": stay.station.matter.number, "name": stay.person.name}
    line = only(handed(people[Role.DISTRICT], row(**{key: value.format(**names) for key, value in values.items()})))
    assert line.outcome == "wrong"
    assert part in line.problems[name], line.problems


def test_a_line_speaks_of_ones_own_people_alone(city, people, stay):
    stranger = make.user(Role.DISTRICT, district=city.south)
    line = only(handed(stranger, row(**{"进站编号": stay.matter.number})))
    assert "不在您的范围内" in line.problems["stay"]
    line = only(handed(stranger, row(**{"博士后": stay.person.name, "工作站编号": stay.station.matter.number})))
    assert line.outcome == "wrong"


def test_two_of_one_name_at_a_station_are_told_apart_by_number_alone(city, people, stay):
    second = entered(city, people, date(2025, 4, 1), at=stay.station)
    assert second.person.name == stay.person.name
    named = {"博士后": stay.person.name, "工作站编号": stay.station.matter.number}
    assert "认不出" in only(handed(people[Role.DISTRICT], row(**named))).problems["name"]
    early = row(**named, **{"名单日期": "2025-03-15"})
    assert only(handed(people[Role.DISTRICT], early)).outcome == "new"


def test_the_list_of_selections_offers_its_workbook(people, stay):
    for role in (Role.HANDLER, Role.DISTRICT, Role.BUREAU_HANDLER):
        assert "/imports/new/selections/" in Visitor(people[role]).go("/selections/").page
