"""Extensions and changes as whole tables, what they leave behind, what a stay said on any day; time abroad and funds."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from portal.facts import Criterion
from portal.lifecycle import NotYours, Refused
from portal.models import Event, Guard, Matter, Role
from postdocs.inside import actions, facts, lifecycle
from postdocs.models import Abroad, Change, Extension, Grant, Stay
from postdocs.stays.facts import stay as vocabulary
from tests import make
from tests.postdocs import asking, staying
from tests.postdocs.test_facts import fact, met, with_
from tests.threads import at_once

ON, DAY = make.ON, timedelta(1)
PLANNED = date(2028, 4, 30)
CYCLES = {"extension": lifecycle.extension_cycle, "topic": lifecycle.change_cycle}
TABLE = [(kind, *key) for kind, cycle in CYCLES.items() for key in sorted(cycle.transitions)]


@pytest.fixture
def stay(city, people):
    return staying.brought_to("here", city, people)


def said_of(row, fact_name, on=ON):
    cycle = lifecycle.cycle_of(row)
    (found,) = cycle.vocabulary.table(type(row).objects.filter(pk=row.pk), [fact_name], on=on)
    return found[f"fact_{fact_name}"]


# --- the tables --------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "status", "action"), TABLE)
def test_each_step_leads_where_the_table_says(kind, status, action, stay, people):
    row = asking.asked(stay, people, kind, at=status)
    step = CYCLES[kind].transitions[status, action]
    moved = asking.step(row, action, people)
    assert moved.status == step.target
    matter = Matter.objects.get(pk=row.matter_id)
    assert matter.holder == (CYCLES[kind].stages[step.target].holder or "")
    assert (matter.closed_on is not None) == CYCLES[kind].stages[step.target].closed


@pytest.mark.parametrize("kind", sorted(CYCLES))
@pytest.mark.parametrize("status", ["draft", "asked", "filed", "refused", "dropped"])
def test_only_whose_step_it_is_takes_it(kind, status, stay, people):
    row = asking.asked(stay, people, kind, at=status)
    for (source, action), step in CYCLES[kind].transitions.items():
        if source != status:
            continue
        for role, user in people.items():
            if role not in step.roles:
                with pytest.raises(NotYours):
                    CYCLES[kind].move(row, action, by=user, on=ON, note="理由")


# --- an extension ------------------------------------------------------------------------------


def test_an_extension_moves_the_planned_end_only_when_it_is_filed(stay, people):
    row = asking.asked(stay, people)
    assert Stay.objects.get(pk=stay.pk).planned_until == PLANNED
    row = asking.step(row, "file", people)
    assert Stay.objects.get(pk=stay.pk).planned_until == date(2028, 10, 31)
    assert (row.planned_before, row.filed_on) == (PLANNED, ON)
    event = Event.objects.get(matter=stay.matter, action="extended")
    assert event.details["number"] == row.matter.number


def test_what_was_planned_on_an_earlier_day_stays_so(stay, people):
    """Nothing dated after a day changes a fact of that day; and two extensions are taken back one by one."""
    day = ON + 10 * DAY
    names = ("planned_until", "months_planned", "months_in_all", "extensions", "exit_kind", "days_overdue")
    was = {n: fact(stay, n, on=ON) for n in names}
    asking.asked(stay, people, at="filed", on=day)
    asking.asked(stay, people, at="filed", on=day + DAY, planned_until=date(2029, 4, 30))
    assert {n: fact(stay, n, on=ON) for n in names} == was
    found = [fact(stay, "planned_until", on=d) for d in (day - DAY, day, day + DAY)]
    assert found == [PLANNED, date(2028, 10, 31), date(2029, 4, 30)]
    assert fact(stay, "extensions", on=day + DAY) == 2


def test_an_extension_that_is_not_longer_is_refused(stay, people):
    row = asking.asked(stay, people)
    Stay.objects.filter(pk=stay.pk).update(planned_until=date(2029, 1, 1))
    with pytest.raises(Refused, match="不晚于现在约定的 2029-01-01"):
        asking.step(row, "file", people)
    assert Extension.objects.get(pk=row.pk).status == "asked"


def test_of_one_stay_one_extension_is_under_way(stay, people):
    asking.asked(stay, people)
    with pytest.raises(ValidationError, match="已有一件延期在办"):
        asking.asked(stay, people)
    assert Matter.objects.filter(kind="extension").count() == 1


def test_who_is_out_gets_no_extension(stay, people):
    row = asking.asked(stay, people)
    for action in staying.STEPS[3:]:
        stay = staying.step(stay, action, people)
    with pytest.raises(Refused, match="已出站待登记去向"):
        asking.step(row, "file", people)
    with pytest.raises(Refused, match="不在站"):
        asking.asked(stay, people, "topic")


@pytest.mark.parametrize(
    ("until", "wanted"), [(date(2032, 5, 20), True), (date(2032, 6, 19), True), (date(2032, 6, 20), False)]
)
def test_an_extension_beyond_six_years_in_all(until, wanted, stay, people):
    row = asking.asked(stay, people, planned_until=until)
    (finding,) = facts.extension.findings(row, [Criterion("months_in_all_then", "lte", 72, "")], on=ON)
    assert finding.met is wanted


def test_months_of_earlier_stations_count_for_an_extension(city, people):
    number = staying.paper_number()
    first = staying.brought_to("left", city, people, number=number)
    Stay.objects.filter(pk=first.pk).update(entered_on=date(2020, 6, 1), ended_on=date(2022, 6, 1))
    second = staying.brought_to("here", city, people, at=first.station, number=number)
    row = asking.asked(second, people)
    assert (said_of(row, "months_then"), said_of(row, "months_in_all_then")) == (29, 29 + 24)


def test_months_are_unknown_without_an_entry(stay, people):
    row = asking.asked(stay, people)
    Stay.objects.filter(pk=stay.pk).update(status="draft", entered_on=None)
    (finding,) = facts.extension.findings(row, [Criterion("months_then", "lte", 48, "")], on=ON)
    assert finding.met is None


@pytest.mark.parametrize(("on", "left"), [(PLANNED - DAY, 1), (PLANNED, 0), (PLANNED + DAY, -1)])
def test_days_to_the_agreed_end(on, left, stay, people):
    row = asking.asked(stay, people)
    assert said_of(row, "days_left", on) == left


def test_consents_that_are_missing_are_counted(stay, people):
    row = asking.asked(stay, people, paper=False, supervisor_agreed_on=None, unit_agreed_on=None, flow_agreed_on=None)
    assert said_of(row, "consents_missing") == 3
    with_(stay, recruit_type="joint")
    assert said_of(row, "consents_missing") == 4
    change = asking.asked(stay, people, "topic", at="draft", paper=False, agreed_on=None)
    assert said_of(change, "consents_missing") == 2
    change = actions.rewrite(change, {"agreed_on": ON}, upload=make.upload(), by=people[Role.HANDLER])
    assert said_of(change, "consents_missing") == 0


def test_a_rule_of_the_pack_is_a_wall_or_asks_for_a_reason(city, stay, people):
    row = asking.asked(stay, people, at="draft", planned_until=date(2033, 1, 1))
    wall = {"pack": city.pack, "lifecycle": "extension", "lookup": "lte", "clause": city.clause}
    soft = Guard.objects.create(action="submit", fact="months_then", value=48, justifiable=True, **wall)
    with pytest.raises(Refused, match="为什么仍要办理：延长后本站合计：79 个月"):
        asking.step(row, "submit", people)
    Guard.objects.create(action="submit", fact="months_in_all_then", value=72, **wall)
    with pytest.raises(Refused, match="^延长后各站合计：不符合，请问市局，应不多于 72 个月"):
        asking.step(row, "submit", people, details={"justification": "国家项目"})
    Guard.objects.exclude(pk=soft.pk).delete()
    asking.step(row, "submit", people, details={"justification": "国家项目"})
    details = Event.objects.get(matter=row.matter, action="submit").details
    assert details["justification"] == "国家项目"
    assert "79 个月" in details["justified"][0]


@pytest.mark.django_db(transaction=True)
def test_an_extension_and_an_exit_at_once_leave_one_story():
    """Whichever comes first: who is out has no extension, and the extension of who left later is on record."""
    city = make.city()
    people = make.people(city)
    stay = staying.brought_to("issuing", city, people)
    row = asking.asked(stay, people)
    outcomes = at_once(lambda: asking.step(row, "file", people), lambda: staying.step(stay, "issue", people))
    now = Stay.objects.get(pk=stay.pk)
    filed = Extension.objects.get(pk=row.pk)
    assert now.status == "left"
    assert (now.planned_until == filed.planned_until) == (filed.status == "filed")
    assert [type(o).__name__ for o in outcomes] in (["Extension", "Stay"], ["Refused", "Stay"])
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_two_officers_who_file_at_once_file_once():
    city = make.city()
    people = make.people(city)
    row = asking.asked(staying.brought_to("here", city, people), people)
    outcomes = at_once(*(lambda: asking.step(row, "file", people) for _n in range(2)))
    assert sorted(type(o).__name__ for o in outcomes) == ["Extension", "Refused"]
    assert Event.objects.filter(action="extended").count() == 1
    connection.close()


# --- changes -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", sorted(asking.OTHER))
def test_a_change_is_in_force_from_its_filing_and_what_was_is_kept(kind, stay, people):
    was = Stay.objects.get(pk=stay.pk)
    row = asking.asked(stay, people, kind, at="filed", on=ON + DAY)
    now = Stay.objects.get(pk=stay.pk)
    for name, value in asking.OTHER[kind].items():
        if name == "unit_name":
            assert row.before == {"unit_name": stay.matter.organisation.name}
        else:
            assert (getattr(was, name) != value, getattr(now, name)) == (True, value)
    assert actions.as_of(now, ON) == row.before
    assert actions.as_of(now, ON + DAY) == {}


def test_the_flow_station_changes_with_its_supervisor(city, stay, people):
    flow = make.flow(city)
    row = asking.asked(stay, people, "flow", at="filed", flow_station=flow, flow_supervisor="教授")
    now = Stay.objects.get(pk=stay.pk)
    assert (now.flow_station, now.flow_supervisor) == (flow, "教授")
    assert row.before == {"flow_station": None, "flow_supervisor": ""}


def test_a_change_must_say_what(stay, people):
    with pytest.raises(ValidationError, match="变更成什么"):
        asking.asked(stay, people, "topic", topic="")
    row = asking.asked(stay, people, "topic")
    with pytest.raises(IntegrityError, match="change_says_what"), transaction.atomic():
        Change.objects.filter(pk=row.pk).update(topic="")


def test_what_a_stay_said_on_each_day(stay, people):
    asking.asked(stay, people, "topic", at="filed", on=ON + DAY)
    asking.asked(stay, people, "topic", at="filed", on=ON + 3 * DAY, topic="第三题")
    now = Stay.objects.get(pk=stay.pk)
    topics = [actions.as_of(now, ON + n * DAY).get("topic", now.topic) for n in range(5)]
    assert topics == ["缺陷检测", "新题目", "新题目", "第三题", "第三题"]


def test_another_enterprise_and_another_district_see_nothing(stay, people):
    row = asking.asked(stay, people)
    for who in ("other_unit", "other_district", "nobody"):
        assert not Extension.objects.visible_to(people[who]).exists()
    postdoc = people[Role.POSTDOC]
    assert not Extension.objects.visible_to(postdoc).exists()
    type(stay.person).objects.filter(pk=stay.person_id).update(user=postdoc)
    assert Extension.objects.visible_to(postdoc).get() == row
    draft = asking.asked(stay, people, "topic", at="draft")
    assert not Change.objects.visible_to(postdoc).filter(pk=draft.pk).exists()


# --- time abroad and funds ----------------------------------------------------------------------


def away(stay, people, **values):
    given = {"country": "德国", "purpose": "合作研究", "since": date(2026, 5, 21), "back_by": date(2026, 5, 25)}
    return actions.write_down(stay, Abroad(**(given | values)), by=people[Role.HANDLER], on=ON)


@pytest.mark.parametrize(("days", "wanted"), [(30, False), (31, True)])
def test_abroad_thirty_days_beyond_the_agreed_return(days, wanted, stay, people):
    row = away(stay, people)
    day = row.back_by + days * DAY
    assert met(stay, "days_abroad_over", "gt", 30, on=day) is wanted
    Abroad.objects.filter(pk=row.pk).update(returned_on=day + DAY)
    assert met(stay, "days_abroad_over", "gt", 30, on=day) is wanted  # what comes later doesn't change that day
    Abroad.objects.filter(pk=row.pk).update(returned_on=day)
    assert fact(stay, "days_abroad_over", on=day) == 0


def test_impossible_days_abroad_are_told(stay, people):
    with pytest.raises(Refused, match="早于进站日期"):
        away(stay, people, since=date(2026, 5, 19))
    with pytest.raises(Refused, match="还没有到"):
        away(stay, people, returned_on=ON + DAY)
    with pytest.raises(ValidationError, match="不能早于出境"):
        away(stay, people, back_by=date(2026, 5, 20))
    away(stay, people)
    with pytest.raises(ValidationError, match="还没有登记返回日期"):
        away(stay, people, since=date(2026, 5, 26), back_by=date(2026, 5, 30))


def fund(stay, people, **values):
    given = {"programme": "general", "title": "面上", "year": 2026, "result": "won", "result_on": date(2026, 5, 25)}
    return actions.write_down(stay, Grant(**(given | values)), by=people[Role.HANDLER], on=ON)


@pytest.mark.parametrize(
    ("values", "opened"),
    [
        ({}, 1),
        ({"result": "lost"}, 0),
        ({"result": "applied", "result_on": None}, 0),
        ({"programme": "province"}, 0),
        ({"closed_on": ON}, 0),
        ({"closed_on": ON - DAY}, 0),
    ],
)
def test_a_foundation_grant_is_open_until_it_is_closed(values, opened, stay, people):
    row = fund(stay, people, **values)
    assert fact(stay, "funds_open") == opened
    assert fact(stay, "funds_open", on=date(2026, 5, 24)) == 0
    if row.closed_on == ON:
        assert fact(stay, "funds_open", on=ON - DAY) == 1


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"result_on": None}, "填公布日期"),
        ({"result": "lost", "amount": 5}, "只有获资助的才填金额"),
        ({"closed_on": date(2026, 5, 24)}, "不早于公布日期"),
    ],
)
def test_a_fund_that_contradicts_itself_is_told(values, told, stay, people):
    with pytest.raises(ValidationError, match=told):
        fund(stay, people, **values)


def test_every_fact_of_a_stay_is_known_to_its_vocabulary():
    assert {"days_abroad_over", "funds_open", "extensions"} <= set(vocabulary.facts)
