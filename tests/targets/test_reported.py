"""Reported figures: what is refused, what wants a reason, whose they are, that nothing is ever overwritten."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from portal.models import Appointment, Organisation, Role, Setting
from targets.models import Indicator, Reading, Target
from targets.plans import indicators
from targets.reported import departments, reminders
from targets.reported.checks import Known, Said, wrong
from tests import make
from tests.portal.test_sheets import xlsx
from tests.reading import Visitor
from tests.stations.test_intake import hand_in, undo, write

Q1, Q2, Q3 = date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30)
REPORTED = {"source": "reported", "starts": "", "stops": "", "departments": ["科技局"]}


@pytest.fixture
def plan(city):
    return make.plan(city, until=date(2027, 12, 31))


@pytest.fixture
def office(city):
    return make.organisation(kind="department", district=city.root, code="te-kjj", name="科技局", pack=city.pack)


@pytest.fixture
def reporter(city, office):
    user = make.user()
    Appointment.objects.create(
        user=user, role=Role.REPORTER, organisation=office, district=city.root, since=date(2020, 1, 1)
    )
    return user


def reported(plan, city, kind="level", **values):
    return make.indicator(plan, city, **(REPORTED | {"code": "RE", "kind": kind, "target": None} | values))


def told(indicator, city, on, value, by, **values):
    given = {"source": "月报", "by": by, "district": city.root} | values
    return Reading.objects.create(indicator=indicator, on=on, value=value, **given)


def problems(plan, indicator, on, value, beside=None, **values):
    said = Said(indicator, on, None if value is None else Decimal(value), **values)
    return [name for name, _text in wrong(said, Known(plan), beside or {})]


# --- what is looked at -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "unit", "value", "found"),
    [
        ("rate", "%", "0", []),
        ("rate", "%", "-0.01", ["value"]),
        ("rate", "%", "100", []),
        ("rate", "%", "100.01", ["value"]),
        ("level", "家", "0", []),
        ("level", "家", "-1", ["value"]),
        ("value", "亿元", "-0.1", ["value"]),
        ("flow", "家", "-1", ["comment"]),
    ],
)
def test_a_figure_that_can_not_be(kind, unit, value, found, plan, city):
    assert problems(plan, reported(plan, city, kind, unit=unit), Q2, value) == found


@pytest.mark.parametrize(
    ("kind", "values", "value", "found"),
    [
        ("cumulative", {}, 100, []),
        ("cumulative", {}, 99, ["value"]),
        ("cumulative", {"falling": True}, 99, []),
        ("level", {}, 100, []),
        ("level", {}, 99, ["comment"]),
        ("level", {"falling": True}, 99, []),
        ("flow", {}, 99, ["comment"]),
        ("value", {}, 99, []),
    ],
)
def test_what_should_only_grow(kind, values, value, found, plan, city, people):
    indicator = reported(plan, city, kind, **values)
    told(indicator, city, Q1, 100, people[Role.REPORTER])
    assert problems(plan, indicator, Q2, value) == found
    assert problems(plan, indicator, Q2, value, comment="资质到期") == [n for n in found if n != "comment"]


def test_a_stock_that_may_not_fall_by_the_citys_setting(plan, city, people):
    indicator = reported(plan, city)
    told(indicator, city, Q1, 100, people[Role.REPORTER])
    Setting.objects.create(pack=city.pack, code="A30", title="x", why="x", kind="boolean", value=False)
    assert problems(plan, indicator, Q2, 99, comment="资质到期") == ["value"]


def test_a_flow_begins_anew_each_year(plan, city, people):
    indicator = reported(plan, city, "flow")
    told(indicator, city, date(2025, 12, 31), 100, people[Role.REPORTER])
    assert problems(plan, indicator, Q1, 5) == []


@pytest.mark.parametrize(("value", "found"), [(150, []), (151, ["comment"]), (50, []), (49, ["comment"])])
def test_a_jump_beyond_the_settings_per_cent(value, found, plan, city, people):
    indicator = reported(plan, city, "value")
    told(indicator, city, Q1, 100, people[Role.REPORTER])
    assert problems(plan, indicator, Q2, value) == found
    Setting.objects.create(pack=city.pack, code="readings.jump", title="x", why="x", kind="integer", value=60)
    assert problems(plan, indicator, Q2, value) == []


def test_a_flow_is_held_against_the_same_day_of_the_year_before(plan, city, people):
    indicator = reported(plan, city, "flow")
    told(indicator, city, Q1, 10, people[Role.REPORTER])
    told(indicator, city, date(2025, 6, 30), 100, people[Role.REPORTER])
    assert problems(plan, indicator, Q2, 150) == []
    assert problems(plan, indicator, Q2, 151) == ["comment"]


@pytest.mark.parametrize(("part", "found"), [(10, []), (11, ["value"])])
def test_a_part_is_not_more_than_its_whole(part, found, plan, city, people):
    whole = reported(plan, city)
    inner = reported(plan, city, code="RE1", parent=whole)
    told(whole, city, Q2, 10, people[Role.REPORTER])
    assert problems(plan, inner, Q2, part) == found
    assert problems(plan, inner, Q2, part, beside={whole.pk: Decimal(20), inner.pk: Decimal(part)}) == []
    told(inner, city, Q2, 10, people[Role.REPORTER])
    assert problems(plan, whole, Q2, 9, comment="更正") == ["value"]
    assert problems(plan, whole, Q2, 11, comment="更正") == []


@pytest.mark.parametrize(("kind", "found"), [("rate", []), ("value", []), ("level", ["value"]), ("flow", ["value"])])
def test_only_rates_and_yearly_values_are_estimated(kind, found, plan, city):
    indicator = reported(plan, city, kind)
    assert problems(plan, indicator, Q2, 5, estimated=True) == found
    Setting.objects.create(pack=city.pack, code="A29", title="x", why="x", kind="boolean", value=False)
    assert problems(plan, indicator, Q2, 5, estimated=True) == ["value"]


def test_who_is_behind_says_why_and_what_is_done(plan, city):
    indicator = reported(plan, city, "flow")
    Target.objects.create(pack=city.pack, indicator=indicator, district=city.root, on=date(2026, 12, 31), value=100)
    assert problems(plan, indicator, Q2, 40) == ["why", "measures"]
    assert problems(plan, indicator, Q2, 40, why="申报晚") == ["measures"]
    assert problems(plan, indicator, Q2, 40, why="申报晚", measures="调度") == []
    assert problems(plan, indicator, Q2, 50) == []


# --- a correction ------------------------------------------------------------------------------


def test_a_correction_is_a_new_row_with_a_reason_and_the_last_word_counts(plan, city, people):
    indicator = reported(plan, city)
    first = told(indicator, city, Q2, 10, people[Role.REPORTER])
    assert problems(plan, indicator, Q2, 12) == ["comment"]
    told(indicator, city, Q2, 12, people[Role.REPORTER], comment="漏报")
    assert indicators.reported([indicator], Q2) == {(indicator.pk, city.root.pk, Q2): 12}
    assert problems(plan, indicator, Q2, None) == ["comment"]
    told(indicator, city, Q2, None, people[Role.REPORTER], comment="误报")
    assert indicators.reported([indicator], Q2) == {}
    for attempt in (lambda: Reading.objects.filter(pk=first.pk).update(value=1), first.delete):
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            attempt()


# --- whose it is -------------------------------------------------------------------------------


def test_a_name_in_a_paper_means_one_organisation(city):
    bureau = Organisation(kind="bureau", name="测试市人力资源和社会保障局")
    assert departments.speaks_for(bureau, "人社局")
    assert departments.speaks_for(bureau, "市人力资源和社会保障局")
    assert not departments.speaks_for(bureau, "科技局")
    assert not departments.speaks_for(bureau, "保障局")
    assert not departments.speaks_for(Organisation(kind="department", name="市科技局"), "科技局")


def page(office, plan, on=Q2):
    return f"/departments/{office.code}/report/?plan={plan.code}&on={on}"


def test_a_department_types_its_own_figures(plan, city, office, reporter):
    own = reported(plan, city)
    foreign = reported(plan, city, code="FO", departments=["工信局"])
    client = Visitor(reporter).client
    answer = client.post(
        page(office, plan), {"RE-value": "1，200", "FO-value": "7", "source": "月报", "upload": make.upload()}
    )
    assert answer.status_code == 302
    row = Reading.objects.get()
    assert (row.indicator, row.value, row.on, row.by, row.district) == (own, 1200, Q2, reporter, city.root)
    paper = client.get(f"/readings/{row.pk}/file/")
    assert paper.status_code == 200
    assert b"".join(paper.streaming_content).startswith(b"%PDF")
    assert not Reading.objects.filter(indicator=foreign).exists()
    assert "1,200" in client.get(f"/departments/{office.code}/").content.decode()
    assert client.get(f"/readings/{plan.code}/RE/").status_code == 200


def test_who_has_nothing_to_report_is_not_asked_to(plan, city, office, reporter):
    reported(plan, city, departments=["工信局"])
    client = Visitor(reporter).client
    home = client.get(f"/departments/{office.code}/").content.decode()
    assert "这个计划里没有由本部门上报的指标" in home
    assert "/report/" not in home
    assert "一期已报" not in home
    form = client.get(page(office, plan)).content.decode()
    assert "这个计划里没有由本部门上报的指标" in form
    assert "data-guard" not in form


def test_a_reported_figure_leads_to_what_was_reported(plan, city, people):
    row = reported(plan, city)
    text = Visitor(people[Role.BUREAU_HANDLER]).go(row.get_absolute_url()).text
    assert "这是责任部门上报的数，没有逐条明细。" in text
    assert "没有您能看到的明细" not in text


def test_a_department_does_not_see_the_page_of_another(plan, city, office, reporter, people):
    reported(plan, city)
    other = make.organisation(kind="department", district=city.root, code="te-gxj", name="工信局", pack=city.pack)
    client = Visitor(reporter).client
    for code in (other.code, "nothing"):
        assert client.get(f"/departments/{code}/").status_code == 404
        assert client.get(f"/departments/{code}/report/").status_code == 404
        assert client.post(f"/departments/{code}/report/", {"RE-value": "7", "source": "x"}).status_code == 404
    chief = Visitor(people[Role.BUREAU_APPROVER]).client
    assert chief.get(f"/departments/{office.code}/").status_code == 200
    assert chief.get(f"/departments/{office.code}/report/").status_code == 403
    assert not Reading.objects.exists()


def test_nothing_typed_is_lost_when_a_figure_is_refused(plan, city, office, reporter):
    reported(plan, city)
    rate = reported(plan, city, "rate", code="RA", unit="%")
    client = Visitor(reporter).client
    answer = client.post(
        page(office, plan), {"RE-value": "12.5", "RA-value": "101", "RE-comment": "一句话", "source": "月报"}
    )
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "12.5" in text
    assert "101" in text
    assert "一句话" in text
    assert "请填整数" in text
    answer = client.post(page(office, plan), {"RE-value": "12", "RA-value": "101", "source": "月报"})
    assert answer.status_code == 422
    assert "0 到 100" in answer.content.decode()
    assert not Reading.objects.filter(indicator=rate).exists()


@pytest.mark.parametrize("on", ["2026-05-31", "2030-03-31", "nonsense", "2024-12-31"])
def test_only_ends_of_quarters_that_are_over_are_reported(on, plan, city, office, reporter):
    reported(plan, city)
    assert Visitor(reporter).client.get(page(office, plan, on)).status_code == 404


# --- what is due -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "bells"),
    [(date(2026, 7, 4), 0), (date(2026, 7, 5), 1), (date(2026, 7, 10), 0), (date(2026, 7, 11), 1)],
    ids=["six days left", "five days left", "told already", "overdue"],
)
def test_a_department_is_reminded_once_before_and_once_after(day, bells, plan, city, office, reporter):
    reported(plan, city)
    if day == date(2026, 7, 10):
        reminders.remind(date(2026, 7, 5))
    assert reminders.remind(day) == bells
    assert reminders.remind(day) == 0


def test_who_has_reported_is_left_alone(plan, city, office, reporter):
    told(reported(plan, city), city, Q2, 5, reporter)
    assert reminders.remind(date(2026, 7, 11)) == 0


def test_every_reported_indicator_of_kunshan_has_a_department_that_can_report_it(kunshan):
    offices = departments.departments(kunshan)
    rows = Indicator.objects.filter(pack=kunshan, source="reported")
    assert rows.count() == 31
    assert {i.code for i in rows} == {i.code for office in offices for i in departments.own(office, rows)}
    for indicator in rows:
        for name in indicator.departments:
            assert sum(departments.speaks_for(office, name) for office in offices) == 1, (indicator, name)


# --- one table for all -------------------------------------------------------------------------

HEADS = ("指标", "截至", "数值", "数据来源", "说明", "滞后原因", "措施")


def outcomes(batch):
    return {line.number: (line.outcome, sorted(line.problems)) for line in batch.lines.all()}


def test_the_bureau_imports_one_table_for_all_and_takes_it_back(plan, city, people):
    level, rate = reported(plan, city), reported(plan, city, "rate", code="RA", unit="%", departments=["工信局"])
    cumulative = reported(plan, city, "cumulative", code="CU")
    told(level, city, Q2, 10, people[Role.REPORTER])
    told(cumulative, city, Q1, 50, people[Role.REPORTER])
    by = people[Role.BUREAU_HANDLER]
    rows = [
        ("RE 工作站", "2026-06-30", "12", "月报", "漏报两家", "", ""),  # a correction, with its reason
        ("RA", "2026-06-30", "101", "月报", "", "", ""),
        ("CU", "2026-06-30", "49", "月报", "没有用", "", ""),
        ("RE", "2026-03-31", "9", "月报", "", "", ""),
        ("RE", "2026-05-31", "9", "月报", "", "", ""),
        ("RA", "2026-03-31", "55.5", "月报", "", "", ""),
        ("ZZ", "2026-06-30", "1", "月报", "", "", ""),
    ]
    batch = hand_in(by, xlsx([HEADS, *rows]), "readings")
    assert outcomes(batch) == {
        2: ("changed", []),
        3: ("wrong", ["value"]),
        4: ("wrong", ["value"]),
        5: ("new", []),
        6: ("wrong", ["on"]),
        7: ("wrong", ["value"]),
        8: ("wrong", ["indicator"]),
    }
    before = Reading.objects.count()
    write(batch)
    assert Reading.objects.count() == before + 2
    values = indicators.reported([level, rate], Q2)
    assert values == {(level.pk, city.root.pk, Q2): 12, (level.pk, city.root.pk, Q1): 9}
    undo(batch)
    assert Reading.objects.count() == before + 4  # words of their own, nothing is erased
    assert indicators.reported([level, rate], Q2) == {(level.pk, city.root.pk, Q2): 10}
    again = hand_in(by, xlsx([HEADS, ("RE", "2026-06-30", "10", "月报", "", "", "")]), "readings")
    assert [line.outcome for line in again.lines.all()] == ["same"]


def test_only_the_bureau_imports_for_all(people):
    client = Visitor(people[Role.REPORTER]).client
    assert client.get("/imports/new/readings/").status_code == 403
    assert Visitor(people[Role.DISTRICT]).client.get("/imports/new/readings/").status_code == 403
    chief = Visitor(people[Role.BUREAU_HANDLER]).client
    assert chief.get("/imports/template/readings/").status_code == 200
