"""Dated rows of a station and an enterprise: who keeps them, what is refused, and the page of any day."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from portal.lifecycle import NotYours, Refused
from portal.models import Event, File, Role, Setting, Spell
from stations.enterprises import facts
from stations.ledger import certificates
from stations.ledger import rows as ledger
from stations.ledger.rows import KINDS
from stations.models import (
    Certificate,
    Enterprise,
    EnterpriseEvent,
    MainStation,
    Manager,
    Partner,
    SalaryPromise,
    Station,
    StationDiscipline,
    StationKind,
    Supervisor,
)
from stations.register import lifecycle
from tests import make
from tests.reading import Visitor
from tests.threads import at_once

ON = make.ON
SINCE = date(2024, 1, 1)


@pytest.fixture
def chief(people):
    return people[Role.BUREAU_APPROVER]


@pytest.fixture
def station(city, chief):
    return make.station(city, chief, owner=city.enterprise, approved_on=date(2023, 3, 1))


def supervisor(station, **values):
    given = {"name": "张三", "title": "研究员", "field": "控制", "since": SINCE}
    return Supervisor(station=station, **(given | values))


def keep(code, row, by=None, **values):
    ledger.keep(KINDS[code], row, by=by, on=ON, **values)
    return row


# --- the lifecycle -----------------------------------------------------------------------------

CANCEL = {"document": "测〔2026〕9号", "document_on": ON.isoformat(), "ground": "idle"}


@pytest.mark.parametrize(("status", "action"), sorted(lifecycle.station.transitions))
def test_each_step_of_a_station_leads_where_the_table_says(status, action, city, people, station):
    step = lifecycle.station.transitions[status, action]
    if status == "paused":
        lifecycle.station.move(station, "pause", by=people[Role.BUREAU_HANDLER], on=ON, note="搬迁")
    everybody = make.user(*Role, organisation=city.enterprise.organisation, district=city.root)
    moved = lifecycle.station.move(station, action, by=everybody, on=ON, note="理由", details=CANCEL)
    assert moved.status == step.target
    assert (moved.ended_on is None) == (step.target in ("valid", "paused"))
    assert moved.end_ground == ("idle" if action == "cancel" else "")


@pytest.mark.parametrize("role", [Role.DISTRICT, Role.HANDLER, Role.AUDITOR])
def test_only_the_bureau_pauses(role, people, station):
    with pytest.raises(NotYours):
        lifecycle.station.move(station, "pause", by=people[role], on=ON, note="x")


def test_a_pause_asks_for_a_reason_and_a_cancellation_for_a_ground_of_the_list(people, chief, station):
    with pytest.raises(Refused, match="理由"):
        lifecycle.station.move(station, "pause", by=chief, on=ON)
    with pytest.raises(Refused, match="注销原因"):
        lifecycle.station.move(station, "cancel", by=chief, on=ON, note="x", details=CANCEL | {"ground": ""})
    with pytest.raises(Refused, match="从列表里选"):
        lifecycle.station.move(station, "cancel", by=chief, on=ON, note="x", details=CANCEL | {"ground": "bored"})


@pytest.mark.django_db(transaction=True)
def test_two_who_pause_at_once_make_one_pause():
    city = make.city()
    who = make.people(city)
    row = make.station(city, who[Role.BUREAU_APPROVER])

    def pause():
        lifecycle.station.move(row, "pause", by=who[Role.BUREAU_HANDLER], on=ON, note="x")

    assert sorted(type(e).__name__ for e in at_once(pause, pause)) == ["NoneType", "Refused"]
    assert Event.objects.filter(matter=row.matter, action="pause").count() == 1


def test_a_paused_station_stays_in_the_stock_and_counts_as_one_of_its_kind(city, chief, station):
    lifecycle.station.move(station, "pause", by=chief, on=ON, note="x")
    assert Station.objects.valid(ON + timedelta(9)).count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        make.station(city, chief, owner=city.enterprise)


# --- a name ------------------------------------------------------------------------------------


def rename(station, chief, name="新站名", since=date(2025, 5, 5), **values):
    return ledger.rename(station, name=name, document="测〔2025〕5号", since=since, by=chief, on=ON, **values)


def test_a_renamed_station_keeps_its_former_names(chief, station):
    old = station.name
    station = rename(station, chief, name_en="New Name")
    station = rename(station, chief, "再新站名", date(2026, 1, 1))
    assert (str(station), station.name) == ("再新站名", "再新站名")
    assert [(n.name, n.until) for n in station.former_names.order_by("until")] == [
        (old, date(2025, 5, 5)),
        ("新站名", date(2026, 1, 1)),
    ]

    def name_on(day, english=False):
        row = Station.objects.as_of(day).select_related("matter", "enterprise__organisation").get(pk=station.pk)
        return ledger.portrait(row, day, names=row.former_names.all(), english=english).name

    assert [name_on(date(2025, 5, n)) for n in (4, 5)] == [old, "新站名"]
    assert name_on(date(2025, 5, 5), english=True) == "New Name"
    assert name_on(date(2026, 1, 1)) == "再新站名"


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"since": ON + timedelta(1)}, "今天之后"),
        ({"since": date(2023, 3, 1)}, "须晚于"),
        ({"name": None}, "一样"),
    ],
    ids=["paper of tomorrow", "on the day of approval", "the same name"],
)
def test_a_renaming_that_cannot_be(values, told, chief, station):
    if "name" in values:
        values["name"] = station.name
    with pytest.raises(Refused, match=told):
        rename(station, chief, **values)
    assert not station.former_names.exists()


def test_an_ended_station_has_no_new_name(chief, station):
    lifecycle.station.move(station, "cancel", by=chief, on=ON, note="x", details=CANCEL)
    with pytest.raises(Refused, match="已终止"):
        rename(station, chief)


# --- rows --------------------------------------------------------------------------------------


def test_a_manager_follows_another_from_a_day(station, people):
    handler = people[Role.HANDLER]
    keep("manager", Manager(station=station, name="甲", phone="13800000000", since=SINCE), handler)
    keep("manager", Manager(station=station, name="乙", phone="13800000001", since=date(2025, 7, 1)), handler)
    assert [(m.name, m.until) for m in Manager.objects.order_by("since")] == [
        ("甲", date(2025, 7, 1)),
        ("乙", None),
    ]
    assert Manager.objects.on(date(2025, 6, 30)).get().name == "甲"


def test_one_supervisor_is_not_registered_twice_for_one_time(station):
    keep("supervisor", supervisor(station, until=date(2025, 1, 1)))
    keep("supervisor", supervisor(station, since=date(2025, 1, 1)))
    with pytest.raises(ValidationError, match="这位导师"):
        keep("supervisor", supervisor(station, since=date(2024, 6, 1)))
    with pytest.raises(IntegrityError), transaction.atomic():
        supervisor(station, since=date(2024, 6, 1)).save()


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (lambda s: ("supervisor", supervisor(s, since=date(2023, 2, 28))), "才批准"),
        (lambda s: ("supervisor", supervisor(s, until=SINCE)), "不能早于"),
        (lambda s: ("salary", SalaryPromise(station=s, amount=Decimal(0), since=SINCE)), "大于 0"),
        (lambda s: ("discipline", StationDiscipline(station=s, code="9999", since=SINCE)), "9999"),
        (lambda s: ("manager", Manager(station=s, name="", phone="1", since=SINCE)), "name"),
    ],
    ids=["before the station", "ends before it begins", "no salary", "no discipline", "no name"],
)
def test_a_row_that_cannot_be(row, told, station):
    code, made = row(station)
    with pytest.raises(ValidationError, match=told):
        keep(code, made)


def test_every_write_is_in_the_history_with_what_was_before(station, people):
    handler = people[Role.HANDLER]
    row = keep("supervisor", supervisor(station), handler)
    row.title = "正高级工程师"
    keep("supervisor", row, handler)
    ledger.remove(KINDS["supervisor"], row, by=handler, on=ON)
    events = Event.objects.filter(matter=station.matter).order_by("pk")
    assert [e.action for e in events] == ["row_added", "row_changed", "row_removed"]
    assert (events[1].details["before"]["title"], events[1].details["after"]["title"]) == ("研究员", "正高级工程师")
    assert events[2].details["before"]["name"] == "张三"
    assert not Supervisor.objects.exists()


def test_a_second_window_is_told(station, people):
    handler = people[Role.HANDLER]
    url = f"/stations/{station.matter.number}/rows/supervisor/"
    one, two = Visitor(handler).go(url), Visitor(handler).go(url)
    typed = {"name": "张三", "title": "研究员", "field": "控制", "since": "2024-01-01"}
    assert one.press("保存", **typed).told == ["已保存：合作导师。"]
    two.press("保存", **typed | {"name": "李四"})
    assert two.status == 422
    assert "有人改过" in two.text
    assert Supervisor.objects.count() == 1
    two.press("保存")
    assert [s.name for s in Supervisor.objects.order_by("pk")] == ["张三", "李四"]


# --- main stations -----------------------------------------------------------------------------


@pytest.fixture
def branch(city, chief):
    return make.station(city, chief, kind=StationKind.BRANCH, approved_on=date(2024, 1, 1))


@pytest.fixture
def main(city, chief):
    return make.station(city, chief, kind=StationKind.REGIONAL, approved_on=date(2023, 1, 1))


def test_a_branch_has_one_main_station_at_a_time(city, chief, branch, main):
    other = make.station(city, chief, kind=StationKind.REGIONAL, approved_on=date(2023, 1, 1))
    first = keep("main", MainStation(station=branch, main=main, since=date(2024, 1, 1)), chief)
    with pytest.raises(ValidationError, match="两个总站不能重叠"):
        keep("main", MainStation(station=branch, main=other, since=date(2025, 1, 1)), chief)
    with pytest.raises(IntegrityError), transaction.atomic():
        MainStation(station=branch, main=other, since=date(2025, 1, 1)).save()
    first.until = date(2025, 1, 1)
    keep("main", first, chief)
    keep("main", MainStation(station=branch, main=other, since=date(2025, 1, 1)), chief)
    assert [MainStation.objects.on(date(year, 12, 31)).get().main for year in (2024, 2025)] == [main, other]


def test_a_main_station_is_regional_and_there(city, chief, branch, main, station):
    with pytest.raises(ValidationError, match="不是区域性总站"):
        keep("main", MainStation(station=branch, main=station, since=date(2024, 1, 1)), chief)
    with pytest.raises(ValidationError, match="只有分站"):
        keep("main", MainStation(station=station, main=main, since=date(2024, 1, 1)), chief)
    late = make.station(city, chief, kind=StationKind.REGIONAL, approved_on=date(2025, 1, 1))
    with pytest.raises(ValidationError, match="才批准"):
        keep("main", MainStation(station=branch, main=late, since=date(2024, 6, 1)), chief)
    lifecycle.station.move(late, "cancel", by=chief, on=ON, note="x", details=CANCEL)
    late.refresh_from_db()
    with pytest.raises(ValidationError, match="已于"):
        keep("main", MainStation(station=branch, main=late, since=date(2025, 6, 1)), chief)


def test_a_main_station_with_branches_does_not_end(chief, branch, main):
    row = keep("main", MainStation(station=branch, main=main, since=date(2024, 1, 1)), chief)
    with pytest.raises(Refused, match="还有分站"):
        lifecycle.station.move(main, "cancel", by=chief, on=ON, note="x", details=CANCEL)
    row.until = ON
    keep("main", row, chief)
    assert lifecycle.station.move(main, "cancel", by=chief, on=ON, note="x", details=CANCEL).status == "cancelled"


def test_a_branch_without_a_main_station_says_so(chief, branch, main):
    page = Visitor(chief).go(branch.get_absolute_url())
    assert "还没有登记所属总站" in page.text
    page = Visitor(chief).go(f"{branch.get_absolute_url()}rows/main/")
    page.press("保存", main=str(main.pk), since="2024-01-01", document="测")
    assert page.told == ["已保存：所属总站。"]
    assert "还没有登记所属总站" not in page.text


@pytest.mark.parametrize(("kinds", "told"), [(["national"], "可以招收"), (["branch"], "不能招收"), (None, "")])
def test_a_kind_that_may_not_recruit_is_told(kinds, told, city, chief, station):
    if kinds:
        Setting.objects.create(
            pack=city.pack, code="stations.recruiting", title="x", why="x", kind="choices",
            options={"national": "x", "branch": "x"}, value=kinds,
        )  # fmt: skip
    text = Visitor(chief).go(station.get_absolute_url()).text
    assert told in text
    assert ("招收博士后" in text) == bool(told)


# --- the page ----------------------------------------------------------------------------------


def test_the_page_of_any_day(city, chief, people, station):
    handler = people[Role.HANDLER]
    keep("supervisor", supervisor(station, until=date(2025, 1, 1)), handler)
    keep("supervisor", supervisor(station, name="李四", since=date(2025, 1, 1)), handler)
    old = station.name
    rename(station, chief)
    lifecycle.station.move(station, "pause", by=chief, on=date(2026, 2, 1), note="搬迁")
    lifecycle.station.move(station, "resume", by=chief, on=date(2026, 4, 1))
    address = station.get_absolute_url()

    def seen(day):
        page = Visitor(handler).go(f"{address}?on={day}")
        assert page.status == 200
        then = page.answer.context["then"]
        return then.name, then.status, [s.name for s in then.supervisors]

    assert seen("2024-12-31") == (old, "valid", ["张三"])
    assert seen("2025-05-05") == ("新站名", "valid", ["李四"])
    assert seen("2026-02-01") == ("新站名", "paused", ["李四"])
    assert seen("2026-04-01") == ("新站名", "valid", ["李四"])
    page = Visitor(handler).go(f"{address}?on=2024-12-31")
    assert "/rows/" not in page.page
    assert "当天的样子" in page.text
    assert [s.status for s in Spell.objects.filter(matter=station.matter).order_by("pk")] == [
        "valid",
        "paused",
        "valid",
    ]


@pytest.mark.parametrize(
    ("day", "told"),
    [("2999-01-01", "还没有到"), ("2023-02-28", "才批准"), ("2025-02-30", "不是日期"), ("x", "不是日期")],
)
def test_a_day_that_cannot_be_shown(day, told, chief, station):
    page = Visitor(chief).go(f"{station.get_absolute_url()}?on={day}")
    assert page.status == 422
    assert told in page.text


def test_the_enterprise_keeps_its_rows_and_the_bureau_the_rest(people, station):
    def forms(role):
        page = Visitor(people[role]).go(station.get_absolute_url()).page
        return {code for code in KINDS if f"/rows/{code}/" in page}

    assert forms(Role.HANDLER) == {"supervisor", "discipline", "partner", "manager", "studio", "recruits"}
    assert forms(Role.BUREAU_HANDLER) == {"salary", "plate", "recruits"}
    assert forms(Role.DISTRICT) == {"recruits"}
    assert forms(Role.CERTIFIER) == forms(Role.AUDITOR) == set()


def test_an_agreement_comes_with_its_file(people, station):
    handler = people[Role.HANDLER]
    client = Visitor(handler).client
    url = f"{station.get_absolute_url()}rows/partner/"
    typed = {"university": "某大学", "flow_station": "控制", "since": "2024-01-01", "until": "2026-12-31"}
    bad = client.post(url, typed | {"upload": make.upload("x.exe", b"MZ", "application/pdf")})
    assert bad.status_code == 422
    assert "不是能收的类型" in bad.content.decode()
    assert not Partner.objects.exists()
    assert client.post(url, typed | {"upload": make.upload()}).status_code == 302
    row = Partner.objects.get()
    assert row.until == date(2027, 1, 1)
    for role in (Role.HANDLER, Role.DISTRICT, Role.AUDITOR):
        assert File.objects.visible_to(people[role]).filter(pk=row.file_id).exists()
    assert not File.objects.visible_to(people["other_unit"]).filter(pk=row.file_id).exists()
    page = Visitor(handler).go(f"{url}{row.pk}/")
    assert ("until", "2026-12-31") in page.form("保存")[0].fields


# --- certificates ------------------------------------------------------------------------------


@pytest.fixture
def warned(city):
    Setting.objects.create(pack=city.pack, code="days.certificate", title="x", why="x", kind="integer", value=90)
    return city


def certificate(enterprise, until, *, tag="high_tech", since=date(2023, 1, 1), number="GR1"):
    row = Certificate(enterprise=enterprise, tag=tag, number=number, since=since, until=until)
    return keep("certificate", row)


def state(row, on):
    return certificates.with_state(Certificate.objects.filter(pk=row.pk), on, 90).get().state


def test_the_states_of_a_certificate_on_both_sides_of_each_border(city):
    until = date(2026, 9, 1)
    row = certificate(city.enterprise, until)
    assert state(row, date(2022, 12, 31)) == "coming"
    assert [state(row, until - timedelta(n)) for n in (91, 90, 1, 0)] == ["holding", "ending", "ending", "ended"]
    certificate(city.enterprise, None, since=until, number="GR2")
    assert [state(row, until - timedelta(n)) for n in (91, 90, 0)] == ["holding", "renewed", "renewed"]


def test_the_desk_and_the_districts_list_warn(warned, people):
    today = localdate()
    certificate(warned.enterprise, today + timedelta(90))
    certificate(warned.enterprise, today + timedelta(91), tag="special", number="ZJTX")
    desk = Visitor(people[Role.HANDLER]).go("/desk/")
    assert "GR1" in desk.text
    assert "ZJTX" not in desk.text
    page = Visitor(people[Role.DISTRICT]).go("/certificates/")
    assert [row.number for row, *_rest in page.answer.context["rows"]] == ["GR1"]
    everything = Visitor(people[Role.DISTRICT]).go("/certificates/?state=all&tag=special")
    assert [row.number for row, *_rest in everything.answer.context["rows"]] == ["ZJTX"]
    assert Visitor(people["other_district"]).go("/certificates/?state=all").answer.context["rows"] == []


def test_a_certificate_says_whether_a_tag_holds_on_a_day(city):
    Enterprise.objects.filter(pk=city.enterprise.pk).update(tags=[])
    city.enterprise.refresh_from_db()
    certificate(city.enterprise, date(2026, 9, 1))
    city.enterprise.refresh_from_db()
    assert city.enterprise.tags == ["high_tech"]

    def held(on):
        rows = facts.enterprise.table(Enterprise.objects.filter(pk=city.enterprise.pk), ["is_high_tech"], on=on)
        return next(iter(rows))["fact_is_high_tech"]

    assert held(date(2026, 8, 31)) is True
    assert held(date(2026, 9, 1)) is None  # over, and still ticked: ask for the next one
    before = held(date(2026, 9, 30))
    certificate(city.enterprise, None, since=date(2026, 10, 1), number="GR2")
    assert (before, held(date(2026, 9, 30)), held(date(2026, 10, 1))) == (None, None, True)


def test_two_certificates_of_one_tag_do_not_overlap(city):
    certificate(city.enterprise, date(2026, 9, 1))
    with pytest.raises(ValidationError, match="已有证书"):
        certificate(city.enterprise, None, since=date(2026, 8, 31))


def test_a_handler_writes_certificates_and_research_organisations(city, people):
    visitor = Visitor(people[Role.HANDLER]).go("/enterprise/papers/certificate/")
    visitor.press("保存", tag="special", number="Z1", since="2024-01-01", until="2026-12-31")
    assert visitor.told == ["已保存：资质证书。"]
    visitor.go("/enterprise/papers/research/").press("保存", name="技术中心", level="municipal", since="2020-01-01")
    assert visitor.told == ["已保存：研发机构。"]
    row = Certificate.objects.get()
    assert row.until == date(2027, 1, 1)
    visitor.go(f"/enterprise/papers/certificate/{row.pk}/").press("删除这一行")
    assert not Certificate.objects.exists()


# --- what befalls an enterprise ----------------------------------------------------------------


def befall(city, people, kind, **values):
    given = {"on": ON, "document": "登〔2026〕1号", "by": people[Role.DISTRICT], "today": ON}
    return ledger.befall(city.enterprise, kind=kind, **(given | values))


def test_a_move_takes_the_enterprise_along_and_leaves_what_was(city, people, station):
    event = befall(city, people, "moved", district=city.south)
    assert (event.before, event.after) == (city.north.name, city.south.name)
    city.enterprise.organisation.refresh_from_db()
    assert city.enterprise.organisation.district == city.south
    station.matter.refresh_from_db()
    assert station.matter.district == city.north
    north, south = people[Role.DISTRICT], people["other_district"]
    assert Station.objects.visible_to(north).exists()
    assert not Enterprise.objects.visible_to(north).filter(pk=city.enterprise.pk).exists()
    assert Enterprise.objects.visible_to(south).filter(pk=city.enterprise.pk).exists()


def test_a_renamed_enterprise_bears_its_name_of_the_day_in_the_register(city, people, station):
    old = str(city.enterprise)
    befall(city, people, "renamed", name="新单位名", on=date(2025, 5, 5))

    def name(day):
        return Station.objects.as_of(day).get(pk=station.pk).owner_then

    assert [name(date(2025, 5, n)) for n in (4, 5)] == [old, "新单位名"]
    assert station.name == Station.objects.get(pk=station.pk).name


@pytest.mark.parametrize(
    ("kind", "values", "told"),
    [
        ("renamed", {"name": "same"}, "一样"),
        ("moved", {}, "迁入的区镇"),
        ("bankrupt", {"on": ON + timedelta(1)}, "今天之后"),
    ],
)
def test_an_event_that_cannot_be(kind, values, told, city, people):
    if values.get("name") == "same":
        values = {"name": city.enterprise.organisation.name}
    with pytest.raises(Refused, match=told):
        befall(city, people, kind, **values)
    assert not EnterpriseEvent.objects.exists()


def test_the_station_of_a_bankrupt_enterprise_says_so(city, people, chief, station):
    officer = Visitor(people[Role.DISTRICT]).go(f"/enterprises/{city.enterprise.organisation.code}/happenings/")
    officer.press("登记", kind="bankrupt", on="2026-06-01", document="破字1号")
    assert officer.told == ["已登记单位变更。"]
    assert "破产" in Visitor(chief).go(station.get_absolute_url()).text


@pytest.mark.parametrize(("kind", "field"), [("renamed", "新名称"), ("moved", "迁入的区镇")])
def test_what_an_event_needs_is_asked_for(kind, field, city, people):
    officer = Visitor(people[Role.DISTRICT]).go(f"/enterprises/{city.enterprise.organisation.code}/happenings/")
    officer.press("登记", kind=kind, on="2026-06-01", document="登1号")
    assert officer.status == 422
    assert field in officer.text


# --- the list of any day -----------------------------------------------------------------------


def test_the_register_of_any_day(city, people, chief, station):
    late = make.station(city, chief, approved_on=date(2025, 1, 1))
    lifecycle.station.move(station, "pause", by=chief, on=date(2025, 6, 1), note="x")
    lifecycle.station.move(late, "cancel", by=chief, on=ON, note="x", details=CANCEL)
    old = str(city.enterprise)
    befall(city, people, "renamed", name="新单位名", on=date(2025, 5, 5))

    def seen(query):
        answer = Visitor(chief).client.get(f"/stations/?{query}")
        assert answer.status_code == 200
        return [(row.pk, row.owner_then, status.value) for row, status in answer.context["rows"]]

    other = str(late.enterprise)
    assert seen("on=2023-02-28") == []
    assert seen("on=2024-12-31") == [(station.pk, old, "valid")]
    assert seen("on=2025-06-01") == [(late.pk, other, "valid"), (station.pk, "新单位名", "paused")]
    assert seen("on=2025-06-01&status=paused") == [(station.pk, "新单位名", "paused")]
    assert seen("") == [(late.pk, other, "cancelled"), (station.pk, "新单位名", "paused")]
    assert seen("on=x") == seen("on=2999-01-01") == seen("")
