"""The register of stations: the list and its filters, its export, one station, its end; and the same of applications."""

import io
from datetime import date, timedelta

import pytest
from django.utils.timezone import localdate
from python_calamine import CalamineWorkbook

from portal import paging
from portal.models import Event, Role, Spell
from stations.models import Honour, Station, StationKind, StationStatus
from stations.register import lifecycle
from tests import make
from tests.reading import Visitor

ON, DAY = make.ON, timedelta(1)


def numbers(rows):
    return [row.matter.number for row in rows]


def sheet(answer):
    """All rows of the workbook that was sent, its head with them."""
    return CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()


@pytest.fixture
def chief(people):
    return people[Role.BUREAU_APPROVER]


@pytest.fixture
def register(city, chief):
    """Four stations, the youngest first: of two kinds, in two districts, one with a chain, one cancelled."""
    chained = make.station(city, chief, approved_on=date(2024, 3, 1), chain=city.chain)
    base = make.station(city, chief, kind=StationKind.BASE_PROVINCIAL, approved_on=date(2025, 3, 1))
    south = make.station(city, chief, district=city.south, approved_on=date(2025, 6, 1))
    ended = make.station(city, chief, approved_on=date(2026, 1, 5))
    cancel(ended, chief, on=date(2026, 3, 2))
    ended.refresh_from_db()
    return {"ended": ended, "south": south, "base": base, "chained": chained}


def cancel(row, by, *, on, document="测〔2026〕3号"):
    paper = {"document": document, "document_on": on.isoformat(), "ground": "moved"}
    return lifecycle.station.move(row, "cancel", by=by, on=on, note="单位迁出", details=paper)


# --- the list ----------------------------------------------------------------------------------


def test_the_youngest_stand_first_and_ended_ones_stay(register, chief):
    page = Visitor(chief).go("/stations/").answer.context["page"]
    assert list(page) == [register[name] for name in ("ended", "south", "base", "chained")]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"kind": "base_provincial"}, ["base"]),
        ({"status": "cancelled"}, ["ended"]),
        ({"status": "valid", "kind": "national"}, ["south", "chained"]),
        ({"chain": "robotics"}, ["chained"]),
        ({"district": "south"}, ["south"]),
        ({"q": "WS-2026-0001"}, ["ended"]),
        ({"q": "没有这家"}, []),
        ({"kind": "nothing"}, ["ended", "south", "base", "chained"]),
    ],
)
def test_the_list_is_narrowed_by_what_the_address_says(asked, found, register, chief, city):
    ids = {"robotics": city.chain.pk, "south": city.south.pk}
    asked = {name: ids.get(value, value) for name, value in asked.items()}
    answer = Visitor(chief).client.get("/stations/", asked)
    assert list(answer.context["page"]) == [register[name] for name in found]
    assert len(sheet(Visitor(chief).client.get("/stations/export/", asked))) == 4 + len(found)
    rows = Visitor(chief).client.get("/api/v1/stations/", asked)
    if asked.get("kind") == "nothing":
        assert rows.status_code == 400
    else:
        assert {row["number"] for row in rows.json()["results"]} == set(numbers(register[name] for name in found))


def test_a_list_of_a_city_is_one_page_and_a_long_one_comes_in_pages(city, chief, monkeypatch):
    owner = make.enterprise(city.north)
    for _n in range(51):
        make.station(city, chief, owner=owner, kind=StationKind.OVERSEAS)
    visitor = Visitor(chief).go("/stations/")
    assert len(visitor.answer.context["page"].object_list) == 51
    assert "page=2" not in visitor.page
    monkeypatch.setattr(paging, "WHOLE", 50)
    visitor.go("/stations/")
    assert len(visitor.answer.context["page"].object_list) == 50
    assert len(visitor.go("/stations/?page=2").answer.context["page"].object_list) == 1
    assert len(sheet(visitor.client.get("/stations/export/"))) == 4 + 51
    first = visitor.client.get("/api/v1/stations/").json()
    assert (len(first["results"]), first["previous"]) == (50, None)
    assert len(visitor.client.get(first["next"]).json()["results"]) == 1


def test_the_same_list_as_of_a_day(register):
    """`valid(on)` is what counts on the day: from the paper that approves to before the one that ends."""

    def valid(*day):
        return set(Station.objects.valid(date(*day)))

    assert valid(2024, 2, 29) == set()
    assert valid(2024, 3, 1) == {register["chained"]}
    assert valid(2026, 1, 4) == {register["chained"], register["base"], register["south"]}
    assert valid(2026, 3, 1) == set(register.values())
    assert valid(2026, 3, 2) == set(register.values()) - {register["ended"]}


# --- the export --------------------------------------------------------------------------------


def test_the_workbook_says_whose_view_it_is_and_of_which_day(register, chief):
    answer = Visitor(chief).client.get("/stations/export/")
    head = sheet(answer)[:4]
    assert head[0][0] == f"工作站名册　测试市　截至 {localdate().isoformat()}"
    assert head[1][0].startswith(f"{chief} 于 {localdate().isoformat()}")
    assert head[3] == [
        *("编号", "设站单位", "统一社会信用代码", "区镇", "站点类型", "级别", "产业链"),
        *("批准日期", "批准文号", "批准机关", "状态", "注销或升格日期", "海外博士后工作室"),
    ]
    assert answer["Cache-Control"] == "no-store"
    assert "attachment" in answer["Content-Disposition"]


def test_the_workbook_holds_the_rows_of_the_list_in_their_order(register, chief):
    rows = sheet(Visitor(chief).client.get("/stations/export/"))[4:]
    assert [row[0] for row in rows] == numbers(register.values())
    row = register["ended"]
    assert rows[0] == [
        *(row.matter.number, str(row.enterprise), row.enterprise.organisation.code, "north"),
        *(
            "国家级博士后科研工作站",
            "国家级",
            "",
            date(2026, 1, 5),
            "测〔2025〕1号",
            "省级",
            "已注销",
            date(2026, 3, 2),
            0,
        ),
    ]
    assert rows[3][6] == "机器人"


def test_text_that_looks_like_a_formula_stays_text(city, chief):
    owner = make.enterprise(city.north, organisation=make.organisation(district=city.north, name='=HYPERLINK("x")'))
    make.station(city, chief, owner=owner)
    assert sheet(Visitor(chief).client.get("/stations/export/"))[4][1] == '\'=HYPERLINK("x")'


def test_applications_are_exported_as_they_are_listed(city, people):
    first = make.brought_to("district", city, people)
    here, who = make.people_of(city, make.enterprise(city.south), people, officer="other_district")
    second = make.brought_to("approved", here, who)
    visitor = Visitor(people[Role.AUDITOR])
    listed = [row.matter.number for row in visitor.go("/applications/").answer.context["rows"]]
    rows = sheet(visitor.client.get("/applications/export/"))
    assert [row[0] for row in rows[4:]] == listed == [second.matter.number, first.matter.number]
    due = first.matter.due_on or make.Matter.objects.get(pk=first.matter_id).due_on
    assert rows[5] == [
        *(first.matter.number, str(city.enterprise), city.enterprise.organisation.code, "north"),
        *(first.matter.title, "待区镇审核", "区镇经办", ON, due),
    ]
    assert rows[4][5:] == ["已批准", "", ON, ""]


# --- one station -------------------------------------------------------------------------------


def test_the_page_of_a_station_leads_to_its_application_and_its_forerunner(city, people, chief):
    make.brought_to("approved", city, people, kind=city.own, on=date(2025, 3, 3))
    case = make.brought_to("approved", city, people, on=date(2026, 3, 2))
    base, raised = Station.objects.order_by("pk")
    visitor = Visitor(chief).go(raised.get_absolute_url())
    assert case.matter.number in visitor.page
    assert f'href="{base.get_absolute_url()}"' in visitor.page
    visitor.go(base.get_absolute_url())
    assert f'href="{raised.get_absolute_url()}"' in visitor.page
    assert "已升格" in visitor.text
    assert "注销" not in [text for form in visitor.forms for text, *_b in form.buttons]


@pytest.mark.parametrize("who", [Role.BUREAU_HANDLER, Role.DISTRICT, Role.AUDITOR, Role.HANDLER])
def test_only_the_approver_sees_the_button(who, city, people, chief):
    row = make.station(city, chief, owner=city.enterprise)
    visitor = Visitor(people[who]).go(row.get_absolute_url())
    assert visitor.status == 200
    assert "注销" not in [text for form in visitor.forms for text, *_b in form.buttons]


def press(chief, row, **typed):
    paper = {
        "document": "测〔2026〕9号",
        "document_on": localdate().isoformat(),
        "note": "单位破产",
        "ground": "bankrupt",
    }
    visitor = Visitor(chief).go(row.get_absolute_url())
    return visitor.press("注销", **{f"cancel-{name}": value for name, value in (paper | typed).items()})


def test_a_station_is_cancelled_with_the_paper_that_says_so(city, chief):
    row = make.station(city, chief)
    visitor = press(chief, row)
    assert visitor.told == ["已办理：注销。"]
    row.refresh_from_db()
    assert (row.status, row.ended_on, row.end_document) == (StationStatus.CANCELLED, localdate(), "测〔2026〕9号")
    event = Event.objects.get(matter=row.matter)
    assert (event.action, event.note, event.details["document"]) == ("cancel", "单位破产", "测〔2026〕9号")
    assert [s.status for s in Spell.objects.filter(matter=row.matter).order_by("pk")] == ["valid", "cancelled"]
    assert "单位破产" in visitor.go(row.get_absolute_url()).text


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"document": ""}, "必填"),
        ({"document_on": ""}, "必填"),
        ({"note": ""}, "必填"),
        ({"ground": ""}, "必填"),
        ({"document_on": "2999-01-01"}, "在今天之后"),
        ({"document_on": (ON - timedelta(1)).isoformat()}, "早于批准日期"),
    ],
    ids=["no number", "no date", "no reason", "no ground", "in the future", "before the station"],
)
def test_an_end_that_cannot_be_is_shown_again_with_what_was_typed(typed, told, city, chief):
    row = make.station(city, chief)
    visitor = press(chief, row, **typed)
    assert visitor.status == 422
    assert told in visitor.text
    form, _button = visitor.form("注销")
    kept = {"cancel-document": "测〔2026〕9号", "cancel-note": "单位破产"}
    assert dict(form.fields).items() >= (kept | {f"cancel-{n}": v for n, v in typed.items()}).items()
    row.refresh_from_db()
    assert row.status == StationStatus.VALID


def test_cancelling_twice_says_so(city, chief):
    row = make.station(city, chief)
    visitor = Visitor(chief).go(row.get_absolute_url())
    cancel(row, chief, on=ON)
    paper = {
        "cancel-ground": "idle",
        "cancel-document": "测",
        "cancel-document_on": localdate().isoformat(),
        "cancel-note": "理由",
    }
    visitor.press("注销", **paper)
    assert visitor.told == ["这一步现在不能办理，可能已由他人办理。请看现在的状态。"]
    assert Event.objects.filter(action="cancel").count() == 1


def test_an_upgrade_is_not_pressed_by_hand(city, chief):
    row = make.station(city, chief, kind=StationKind.BASE_PROVINCIAL)
    for send in (Visitor(chief).client.get, Visitor(chief).client.post):
        assert send(f"{row.get_absolute_url()}move/upgrade/").status_code == 404


def test_a_title_of_the_station_before_an_upgrade_is_shown_with_it_and_counted_once(city, people, chief):
    base = make.station(
        city, chief, owner=city.enterprise, kind=StationKind.BASE_PROVINCIAL, approved_on=ON - 400 * DAY
    )
    given = {"code": "excellent", "title": "优秀工作站", "awarded_on": ON - 200 * DAY, "document": "测〔2025〕8号"}
    Honour.objects.create(station=base, **given)
    raised = make.station(city, chief, owner=city.enterprise, approved_on=ON - 100 * DAY)
    page = Visitor(people[Role.HANDLER]).go(raised.get_absolute_url()).text
    assert "优秀工作站" in page
    assert "升格前授予" in page
    assert "升格前授予" not in Visitor(people[Role.HANDLER]).go(base.get_absolute_url()).text
    assert Honour.objects.count() == 1
    day = ON - 150 * DAY
    assert "优秀工作站" in Visitor(people[Role.HANDLER]).go(f"{base.get_absolute_url()}?on={day}").text
