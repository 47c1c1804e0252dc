"""What falls due when, whose it is, who says it is done, and what a change of the duty leaves alone."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils.timezone import localdate
from drf_spectacular.generators import SchemaGenerator

from portal import packs
from portal.lifecycle import NotYours, Refused
from portal.models import Appointment, Event, Evidence, Matter, Notice, Pack, Role, Setting, Spell, User
from targets.duties import actions, lifecycle, reminders, shown
from targets.duties.figures import figures_of
from targets.duties.models import OPEN, OccurrenceStatus
from targets.duties.periods import periods, said
from targets.models import Duty, DutyUnit, Occurrence, Snapshot
from tests import make
from tests.reading import Visitor
from tests.targets import working
from tests.threads import at_once

ON, S = make.ON, OccurrenceStatus
cycle = lifecycle.cycle


# --- when --------------------------------------------------------------------------------------


def keys(until=None, on=date(2028, 3, 1), **values) -> list[tuple]:
    row = Duty(since=values.pop("since", date(2027, 11, 15)), until=until, **values)
    return [(p.key, p.since.isoformat(), p.due_on and p.due_on.isoformat()) for p in periods(row, on)]


def test_every_month_over_the_end_of_a_leap_year():
    found = keys(recurrence="month")
    assert found[:2] == [("2027-11", "2027-11-15", "2027-11-30"), ("2027-12", "2027-12-01", "2027-12-31")]
    assert found[3:] == [("2028-02", "2028-02-01", "2028-02-29"), ("2028-03", "2028-03-01", "2028-03-31")]


def test_every_quarter_and_every_half_year():
    assert keys(recurrence="quarter") == [
        ("2027Q4", "2027-11-15", "2027-12-31"), ("2028Q1", "2028-01-01", "2028-03-31"),
    ]  # fmt: skip
    assert keys(recurrence="half") == [
        ("2027H2", "2027-11-15", "2027-12-31"), ("2028H1", "2028-01-01", "2028-06-30"),
    ]  # fmt: skip


def test_every_december_every_april_and_every_february():
    assert keys(recurrence="year") == [
        ("2027", "2027-11-15", "2027-12-31"), ("2028", "2028-01-01", "2028-12-31"),
    ]  # fmt: skip
    assert keys(recurrence="year", month=4) == [("2028", "2028-01-01", "2028-04-30")]  # April 2027 was before it began
    assert keys(recurrence="year", month=2) == [("2028", "2028-01-01", "2028-02-29")]


def test_the_second_half_of_every_and_of_every_second_year():
    since = date(2026, 1, 1)
    assert [k for k, _s, _d in keys(recurrence="second_half", since=since)] == ["2026H2", "2027H2"]
    assert keys(recurrence="other_second_half", since=since, on=date(2028, 12, 31)) == [
        ("2026H2", "2026-07-01", "2026-12-31"), ("2028H2", "2028-07-01", "2028-12-31"),
    ]  # fmt: skip


def test_once_and_long_term():
    assert keys(recurrence="once", until=date(2028, 5, 31)) == [("once", "2027-11-15", "2028-05-31")]
    assert keys(recurrence="ongoing") == [("all", "2027-11-15", None)]
    assert keys(recurrence="ongoing", until=date(2029, 1, 1)) == [("all", "2027-11-15", "2029-01-01")]
    assert keys(recurrence="once", until=date(2029, 1, 1), on=date(2027, 11, 14)) == []


def test_nothing_begins_after_the_duty_ends_and_the_last_is_cut():
    assert keys(recurrence="quarter", until=date(2028, 2, 10)) == [
        ("2027Q4", "2027-11-15", "2027-12-31"), ("2028Q1", "2028-01-01", "2028-02-10"),
    ]  # fmt: skip


@pytest.mark.parametrize("recurrence", ["month", "quarter", "half", "year"])
def test_periods_follow_each_other_without_a_gap(recurrence):
    row = Duty(since=date(2023, 2, 28), recurrence=recurrence)
    found = list(periods(row, date(2030, 1, 1)))
    assert all(a.due_on + timedelta(1) == b.since for a, b in zip(found, found[1:], strict=False))
    assert len({p.key for p in found}) == len(found)


def test_a_period_has_words():
    assert [said(k) for k in ("once", "all", "2026", "2026Q3", "2026H1", "2026H2", "2026-02")] == [
        "一次完成", "长期", "2026 年", "2026 年第 3 季度", "2026 年上半年", "2026 年下半年", "2026 年 2 月",
    ]  # fmt: skip


# --- coming about ------------------------------------------------------------------------------


def test_generating_twice_makes_them_once(city):
    working.duty(city, recurrence="quarter", until=date(2027, 12, 31))
    assert actions.generate(city.pack, on=ON)["made"] == 6  # up to the end of June of the next year
    assert actions.generate(city.pack, on=ON) == {"made": 0, "changed": 0, "dropped": 0}
    assert Occurrence.objects.count() == Matter.objects.filter(kind="duty").count() == 6
    assert actions.generate(city.pack, on=date(2026, 7, 1))["made"] == 1


def test_the_city_says_how_far_ahead(city):
    Setting.objects.create(pack=city.pack, code=actions.HORIZON, title="x", why="x", kind="integer", value=0)
    working.duty(city, recurrence="month", until=date(2027, 12, 31))
    actions.generate(city.pack, on=date(2026, 2, 27))
    assert list(Occurrence.objects.order_by("since").values_list("period", flat=True)) == ["2026-01", "2026-02"]


@pytest.mark.django_db(transaction=True)
def test_two_who_generate_at_once_make_them_once():
    city = make.city()
    working.duty(city, recurrence="month")
    counts = at_once(*[lambda: actions.generate(city.pack, on=ON)] * 2)
    assert sorted(c["made"] for c in counts) == [0, 12]
    assert Occurrence.objects.count() == 12


def test_a_change_of_the_duty_moves_what_is_open_and_leaves_what_was_reported(city, people):
    row = working.duty(city, goal=1, goal_unit="期")
    actions.generate(city.pack, on=ON)
    (done,) = Occurrence.objects.all()
    other = working.duty(city, code="d2", goal=1, goal_unit="期")
    actions.generate(city.pack, on=ON)
    cycle.move(done, "report", by=people[Role.BUREAU_HANDLER], on=ON, details={"progress": "办了"})
    science = working.department(city)
    Duty.objects.filter(pk__in=[row.pk, other.pk]).update(goal=5, month=9, lead=science, title="新名")
    assert actions.generate(city.pack, on=ON)["changed"] == 1
    done, moved = working.fresh(done), working.fresh(Occurrence.objects.get(duty=other))
    assert (done.goal, done.due_on, done.lead, str(done)) == (
        1,
        date(2026, 12, 31),
        working.bureau(city),
        "研修班（2026 年）",
    )
    assert (moved.goal, moved.due_on, moved.lead, str(moved)) == (5, date(2026, 9, 30), science, "新名（2026 年）")
    assert (moved.matter.organisation, moved.matter.due_on) == (science, date(2026, 9, 30))


def test_a_period_that_the_duty_no_longer_has_is_dropped(city, people):
    row = working.duty(city, recurrence="quarter")
    actions.generate(city.pack, on=ON)
    first = Occurrence.objects.get(period="2026Q1")
    cycle.move(first, "report", by=people[Role.BUREAU_HANDLER], on=ON, details={"progress": "办了"})
    Duty.objects.filter(pk=row.pk).update(recurrence="half")
    assert actions.generate(city.pack, on=ON) == {"made": 2, "changed": 0, "dropped": 3}
    assert dict(Occurrence.objects.values_list("period", "status")) == {
        "2026Q1": "reported", "2026Q2": "dropped", "2026Q3": "dropped", "2026Q4": "dropped", "2026H1": "pending",
        "2026H2": "pending",
    }  # fmt: skip


# --- whose it is -------------------------------------------------------------------------------


def holder(row) -> str:
    return Matter.objects.get(pk=row.matter_id).holder


def test_it_is_on_a_list_from_its_first_day(city, people):
    working.duty(city, recurrence="quarter")
    actions.generate(city.pack, on=ON)
    held = dict(Occurrence.objects.values_list("period", "matter__holder"))
    assert held == {"2026Q1": "", "2026Q2": "bureau_handler", "2026Q3": "", "2026Q4": ""}  # the first was over
    actions.generate(city.pack, on=date(2026, 7, 1))
    assert holder(Occurrence.objects.get(period="2026Q3")) == "bureau_handler"
    assert Occurrence.objects.get(period="2026Q3").matter in Matter.objects.to_do(people[Role.BUREAU_HANDLER])


def test_a_department_with_an_account_has_it_and_nobody_else_of_the_city(city, people):
    science = working.department(city)
    row = working.occurrence(city, lead=science)
    assert holder(row) == "bureau_handler"
    clerk = working.reporter(city, science)
    other = working.reporter(city, working.department(city, "health"))
    actions.generate(city.pack, on=ON)
    assert holder(row) == "reporter"
    assert row.matter in Matter.objects.to_do(clerk) & Matter.objects.visible_to(clerk)
    assert not Matter.objects.to_do(other).exists()
    assert not Matter.objects.visible_to(other).exists()
    assert not Matter.objects.to_do(people[Role.BUREAU_HANDLER]).exists()


def seen_by(user) -> set[str]:
    return set(Occurrence.objects.visible_to(user).values_list("duty__code", flat=True))


def test_who_sees_what(city, people):
    science, health = working.department(city), working.department(city, "health")
    working.duty(city, code="own")
    working.duty(city, code="science", lead=science)
    working.duty(city, code="joint", units=[science])
    working.duty(city, code="all", everywhere=True)
    elsewhere = make.city("another")
    working.duty(elsewhere, code="far", everywhere=True)
    for pack in (city.pack, elsewhere.pack):
        actions.generate(pack, on=ON)
    whole = {"own", "science", "joint", "all"}
    assert seen_by(people[Role.BUREAU_HANDLER]) == seen_by(people[Role.AUDITOR]) == whole
    assert seen_by(working.reporter(city, science)) == {"science", "joint"}
    assert seen_by(working.reporter(city, health)) == set()
    assert seen_by(people[Role.DISTRICT]) == seen_by(people["other_district"]) == {"all"}
    assert seen_by(people[Role.HANDLER]) == seen_by(people["nobody"]) == set()
    two = make.user(Role.DISTRICT, district=city.north)
    Appointment.objects.create(user=two, role=Role.DISTRICT, district=city.south, since=date(2020, 1, 1))
    assert Occurrence.objects.visible_to(two).count() == 1


# --- progress ----------------------------------------------------------------------------------


def test_each_unit_speaks_for_itself_and_the_first_word_begins_it(city, people):
    science = working.department(city)
    row = working.occurrence(city, units=[science], everywhere=True)
    actions.add_progress(row, note="请了两所高校", number=Decimal(2), by=working.reporter(city, science), on=ON)
    officer = people[Role.DISTRICT]
    actions.add_progress(row, note="收集了需求", by=officer, on=ON)
    actions.add_progress(row, note="场地定了", by=people[Role.BUREAU_APPROVER], on=ON)
    assert working.fresh(row).status == S.UNDERWAY
    told = [(p.organisation.kind, p.organisation.district) for p in row.progress.order_by("pk")]
    assert told == [("department", city.root), ("district_office", city.north), ("bureau", city.root)]
    assert [e.details for e in row.matter.events.all()] == [{"by_unit": science.name}]


def test_who_has_no_part_in_it_has_no_word(city, people):
    row = working.occurrence(city)
    for who in (people[Role.DISTRICT], working.reporter(city, working.department(city)), people[Role.HANDLER]):
        with pytest.raises(Refused, match="不在这项任务的责任单位里"):
            actions.add_progress(row, note="x", by=who, on=ON)


def test_there_is_no_progress_before_the_beginning_nor_after_the_report(city, people):
    by = people[Role.BUREAU_HANDLER]
    row = working.occurrence(city, since=date(2026, 6, 2))
    with pytest.raises(Refused, match="2026-06-02 才开始"):
        actions.add_progress(row, note="x", by=by, on=ON)
    with pytest.raises(Refused, match="2026-06-02 才开始"):
        cycle.move(row, "report", by=by, on=ON, details={"progress": "x"})
    cycle.move(row, "report", by=by, on=date(2026, 6, 2), details={"progress": "x"})
    with pytest.raises(Refused, match="已报完成"):
        actions.add_progress(row, note="x", by=by, on=date(2026, 6, 2))


# --- reported and confirmed --------------------------------------------------------------------


def lead_of_two(city):
    science = working.department(city)
    row = working.occurrence(city, lead=science)
    clerk, chief = working.reporter(city, science), working.reporter(city, science)
    actions.generate(city.pack, on=ON)
    return working.fresh(row), clerk, chief


def test_the_lead_reports_and_another_of_it_confirms(city, people):
    row, clerk, chief = lead_of_two(city)
    row = cycle.move(row, "report", by=clerk, on=ON, details={"progress": "办了一期", "number": "3"})
    assert (row.status, row.note, row.number, row.reported_on, holder(row)) == (
        "reported", "办了一期", 3, ON, "reporter",
    )  # fmt: skip
    assert lifecycle.possible(row, clerk, ON) == lifecycle.possible(row, people[Role.BUREAU_APPROVER], ON) == []
    with pytest.raises(NotYours, match="另一人"):
        cycle.move(row, "confirm", by=clerk, on=ON)
    row = cycle.move(row, "confirm", by=chief, on=ON)
    assert (row.status, holder(row), row.matter.closed_on) == ("confirmed", "", ON)
    assert row.matter.events.get(action="confirm").details == {}


def test_the_bureau_does_it_for_a_lead_without_an_account_and_says_so(city, people):
    science = working.department(city)
    row = working.occurrence(city, lead=science)
    row = cycle.move(row, "report", by=people[Role.BUREAU_HANDLER], on=ON, details={"progress": "办了"})
    assert holder(row) == "bureau_reviewer"
    row = cycle.move(row, "confirm", by=people[Role.BUREAU_REVIEWER], on=ON)
    assert [e.details.get("for_lead") for e in row.matter.events.order_by("pk")] == [science.name] * 2


def test_where_only_who_reported_could_confirm_the_bureau_does(city, people):
    science = working.department(city)
    row = working.occurrence(city, lead=science)
    clerk = working.reporter(city, science)
    with pytest.raises(NotYours, match="由.*办理"):
        cycle.move(row, "report", by=people[Role.BUREAU_HANDLER], on=ON, details={"progress": "办了"})
    row = cycle.move(row, "report", by=clerk, on=ON, details={"progress": "办了"})
    assert [s.action for s in lifecycle.possible(row, people[Role.BUREAU_HANDLER], ON)] == ["confirm", "send_back"]
    row = cycle.move(row, "confirm", by=people[Role.BUREAU_HANDLER], on=ON)
    assert row.matter.events.get(action="confirm").details == {"for_lead": science.name}


def test_what_was_sent_back_is_reported_again_and_the_history_keeps_both(city):
    row, clerk, chief = lead_of_two(city)
    row = cycle.move(row, "report", by=clerk, on=ON, details={"progress": "差不多了", "number": "1"})
    with pytest.raises(Refused, match="理由"):
        cycle.move(row, "send_back", by=chief, on=ON)
    row = cycle.move(row, "send_back", by=chief, on=ON, note="缺照片")
    assert (row.status, row.note, row.number, row.reported_on) == ("returned", "", None, None)
    row = cycle.move(row, "report", by=clerk, on=ON, details={"progress": "补齐了"})
    row = cycle.move(row, "confirm", by=chief, on=ON)
    told = [(e.action, e.details.get("progress"), e.note) for e in row.matter.events.order_by("pk")]
    assert told == [
        ("report", "差不多了", ""), ("send_back", None, "缺照片"), ("report", "补齐了", ""), ("confirm", None, ""),
    ]  # fmt: skip


@pytest.mark.parametrize(("status", "action"), sorted(cycle.transitions))
def test_each_step_of_the_table_leads_where_it_says(status, action, city, people):
    step, row = cycle.transitions[status, action], working.occurrence(city)
    given = {"note": "办了", "reported_on": ON} if status in (S.REPORTED, S.CONFIRMED) else {}
    Occurrence.objects.filter(pk=row.pk).update(status=status, **given)
    by = None if "system" in step.roles else people[Role.BUREAU_APPROVER]
    moved = cycle.move(row, action, by=by, on=ON, note="理由", details={"progress": "办了"})
    matter = Matter.objects.get(pk=row.matter_id)
    assert moved.status == matter.status == step.target
    assert (matter.closed_on is not None) == cycle.stages[step.target].closed
    assert (matter.holder != "") == (step.target in (*OPEN, S.REPORTED))


@pytest.mark.parametrize("status", S.values)
@pytest.mark.parametrize("action", sorted(cycle.actions))
def test_nothing_else_moves_an_occurrence(status, action, city, people):
    if (status, action) in cycle.transitions:
        return
    row = working.occurrence(city)
    Occurrence.objects.filter(pk=row.pk).update(status=status, note="x", reported_on=ON)
    with pytest.raises(Refused):
        cycle.move(row, action, by=people[Role.BUREAU_APPROVER], on=ON, note="理由", details={"progress": "办了"})


@pytest.mark.django_db(transaction=True)
def test_two_who_report_at_once_are_one_report_and_one_refusal():
    city = make.city()
    people = make.people(city)
    row = working.occurrence(city)
    who = (people[Role.BUREAU_HANDLER], people[Role.BUREAU_REVIEWER])
    outcomes = at_once(*(
        lambda u=u: cycle.move(row, "report", by=User.objects.get(pk=u.pk), on=ON, details={"progress": "办了"})
        for u in who
    ))  # fmt: skip
    assert sorted(type(o).__name__ for o in outcomes) == ["Occurrence", "Refused"]
    assert Event.objects.filter(matter=row.matter, action="report").count() == 1


@pytest.mark.parametrize("values", [{"status": "reported"}, {"due_on": date(2025, 1, 1)}, {"period": "2026Q1"}])
def test_the_database_keeps_what_an_occurrence_says(values, city):
    working.duty(city, recurrence="quarter")
    actions.generate(city.pack, on=ON)
    row = Occurrence.objects.get(period="2026Q3")
    with pytest.raises(IntegrityError), transaction.atomic():
        Occurrence.objects.filter(pk=row.pk).update(**values)


# --- figures -----------------------------------------------------------------------------------


def snap(indicator, city, **days):
    for day, value in days.items():
        on = date.fromisoformat(day[1:].replace("_", "-"))
        Snapshot.objects.create(indicator=indicator, district=city.root, on=on, value=value)


def test_a_flow_counts_what_came_within_the_days(city):
    plan = make.plan(city, since=date(2025, 1, 1), until=date(2026, 12, 31))
    indicator = make.indicator(plan, city, code="FL", kind="flow")
    snap(indicator, city, d2025_12_31=9, d2026_03_31=2, d2026_05_31=5)
    quarter = working.duty(city, recurrence="quarter", indicator=indicator, goal=1, goal_unit="场")
    both = working.duty(city, code="d2", recurrence="once", since=date(2025, 1, 1), indicator=indicator)
    always = working.duty(city, code="d3", recurrence="ongoing", since=date(2025, 1, 1), indicator=indicator)
    actions.generate(city.pack, on=ON)
    rows = {(r.duty_id, r.period): r for r in Occurrence.objects.select_related("duty__indicator", "matter")}
    found = {key: figures_of([row], ON)[row.pk] for key, row in rows.items()}
    assert found[quarter.pk, "2026Q1"] == 2
    assert found[quarter.pk, "2026Q2"] == 3
    assert found[quarter.pk, "2026Q3"] is None
    assert found[both.pk, "once"] == 14
    assert found[always.pk, "all"] == 5


def test_activities_of_the_kind_and_those_that_name_it_count_once(city, people):
    meeting = working.kind(city)
    row = working.occurrence(city, recurrence="quarter", activity=meeting, since=date(2026, 4, 1))
    other = Occurrence.objects.get(period="2026Q3")
    working.activity(city, people, name="一", held_on=date(2026, 4, 1))
    working.activity(city, people, name="二", held_on=date(2026, 5, 1), occurrence=row)
    working.activity(
        city, people, name="三", held_on=date(2026, 5, 2), kind=working.kind(city, "salon"), occurrence=row
    )
    working.activity(city, people, name="四", held_on=date(2026, 5, 3), occurrence=other)
    working.activity(city, people, name="五")  # only planned
    working.activity(city, people, name="六", held_on=date(2026, 3, 31))
    found = figures_of(Occurrence.objects.select_related("duty__indicator", "matter"), ON)
    assert (found[row.pk], found[other.pk]) == (3, 1)


def test_the_figure_of_the_day_of_the_report_is_kept(city, people):
    row = working.occurrence(city, activity=working.kind(city), goal=1, goal_unit="场")
    working.activity(city, people, held_on=date(2026, 5, 3))
    row = cycle.move(row, "report", by=people[Role.BUREAU_HANDLER], on=ON, details={"progress": "办了"})
    working.activity(city, people, name="又一场", held_on=date(2026, 5, 4))
    (line,) = shown.lines_of([working.fresh(row)], ON, 30)
    assert (row.figure, line.value, line.counted, line.reached) == (1, 1, True, True)


# --- what is said of them ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "state", "words"),
    [
        (date(2026, 6, 30), "later", "未到时间"),
        (date(2026, 7, 1), "open", "未开始"),
        (date(2026, 8, 30), "open", "未开始"),
        (date(2026, 9, 1), "near", "临期，还有 29 天"),
        (date(2026, 9, 30), "near", "临期，还有 0 天"),
        (date(2026, 10, 1), "late", "逾期 1 天"),
    ],
)
def test_the_state_of_a_day_is_the_same_in_the_list_and_in_the_filter(on, state, words, city):
    working.duty(city, recurrence="quarter", since=date(2026, 7, 1), until=date(2026, 9, 30))
    actions.generate(city.pack, on=ON)
    (line,) = shown.lines_of(Occurrence.objects.for_page(), on, 30)
    assert (line.state, line.words) == (state, words)
    counts = shown.counts_of(Occurrence.objects.all(), on, 30)
    assert {name for name, n in counts.items() if n} == {"all", state}


def test_reminders_ring_a_month_and_a_week_before_for_all_who_have_part(city, people):
    science = working.department(city)
    row = working.occurrence(city, recurrence="quarter", units=[science], everywhere=True, since=date(2026, 4, 1))
    clerk = working.reporter(city, science)
    Notice.objects.all().delete()
    assert reminders.near(date(2026, 5, 30)) == 0
    told = reminders.near(date(2026, 5, 31))
    names = set(Notice.objects.values_list("user", flat=True))
    assert names == {clerk.pk, people[Role.BUREAU_HANDLER].pk, people[Role.DISTRICT].pk, people["other_district"].pk}
    assert told == 4
    assert reminders.near(ON) == 0
    assert reminders.near(date(2026, 6, 23)) == 4
    assert Notice.objects.latest("pk").text.startswith(row.matter.number)
    cycle.move(row, "report", by=people[Role.BUREAU_HANDLER], on=ON, details={"progress": "x"})
    assert reminders.near(date(2026, 6, 29)) == 0


# --- pages -------------------------------------------------------------------------------------


def today_row(city, **values) -> Occurrence:
    on = localdate()
    return working.occurrence(city, on=on, since=date(on.year, 1, 1), until=date(on.year, 12, 31), **values)


def test_a_department_tells_its_progress_and_reports_on_the_page(city):
    science = working.department(city)
    row = today_row(city, lead=science, goal=2, goal_unit="场")
    clerk, chief = working.reporter(city, science), working.reporter(city, science)
    actions.generate(city.pack, on=localdate())
    visit = Visitor(clerk).go("/work/")
    assert row.matter.number in visit.page
    url = row.get_absolute_url()
    answer = visit.client.post(f"{url}progress/", {"progress-note": "", "progress-number": "1"})
    assert answer.status_code == 422
    assert 'value="1"' in answer.content.decode()
    upload = make.upload()
    answer = visit.client.post(f"{url}progress/", {"progress-note": "场地定了", "progress-upload": upload})
    assert answer.status_code == 302
    proof = Evidence.objects.get(matter=row.matter)
    paper = visit.client.get(f"{url}files/{proof.pk}/")
    assert b"".join(paper.streaming_content).startswith(b"%PDF")
    answer = visit.client.post(f"{url}move/report/", {"report-progress": "办了两场", "report-number": "2"})
    assert answer.status_code == 302
    page = Visitor(chief).go(url).page
    assert "确认完成" in page
    assert "办了两场" in page
    assert Visitor(working.reporter(city, working.department(city, "health"))).client.get(url).status_code == 404


def test_a_step_that_is_another_units_is_refused(city, people):
    science = working.department(city)
    row = today_row(city, lead=science)
    working.reporter(city, science)
    client = Visitor(people[Role.BUREAU_HANDLER]).client
    assert "报完成" not in client.get(row.get_absolute_url()).content.decode()
    url = f"{row.get_absolute_url()}move/report/"
    assert client.get(url).status_code == client.post(url, {"report-progress": "x"}).status_code == 403
    assert client.post(f"{row.get_absolute_url()}move/begin/").status_code == 404


def test_the_list_is_narrowed_and_goes_out(city, people):
    today_row(city, goal=1, goal_unit="期")
    today_row(city, code="d2", title="对接会", group="对接", everywhere=True)
    client = Visitor(people[Role.BUREAU_HANDLER]).client
    assert "研修班" not in client.get("/duties/?group=对接").content.decode().split("<tbody>")[1]
    assert client.get("/duties/export/").status_code == 200
    page = client.get("/duties/year/").content.decode()
    assert "对接会" in page
    assert "12月" in page
    assert client.get("/duties/d2/").status_code == 200


def test_the_description_of_the_api_leaves_the_choices_of_a_list_alone(city, people):
    """Describing an address once built the field of each filter, and the class kept it with the choices of then."""
    SchemaGenerator().get_schema(public=True)
    today_row(city)
    today_row(city, code="d2", title="对接会", group="对接")
    page = Visitor(people[Role.BUREAU_HANDLER]).client.get("/duties/?group=对接").content.decode()
    assert '<option value="对接" selected>' in page
    assert "研修班" not in page.split("<tbody>")[1]


def test_the_pages_take_as_many_queries_with_one_row_as_with_three(city, people):
    """Nothing is asked per occurrence, unit, paper or word of progress."""
    by, found = people[Role.BUREAU_HANDLER], []
    meeting = working.kind(city)
    row = today_row(city, activity=meeting, units=[working.department(city)])
    urls = ("/duties/", "/duties/export/", "/duties/year/", "/duties/d1/", row.get_absolute_url(), "/api/v1/duties/")
    for number in range(3):
        if number:
            office = working.department(city, f"o{number}")
            working.duty(city, code=f"x{number}", units=[office], activity=meeting)
            DutyUnit.objects.create(pack=city.pack, duty=row.duty, organisation=office)
            actions.generate(city.pack, on=localdate())
        actions.tell(row, note="x", number=None, upload=make.upload(), by=by, on=localdate())
        working.activity(city, people, name=f"n{number}", held_on=date(2026, 5, 1), occurrence=row)
        if number in (0, 2):
            found.append(working.asked(by, *urls))
    assert found[0] == found[1]
    assert max(found[0].values()) <= 18


# --- the packs ---------------------------------------------------------------------------------


@pytest.mark.django_db
def test_jianghai_has_the_twenty_rows_of_its_list():
    pack = packs.load(packs.HOME / "jianghai")
    rows = {d.no: d for d in Duty.objects.filter(pack=pack).select_related("lead").order_by("order")}
    assert len(rows) == 20
    assert list(rows) == [
        *("1", "2a", "2b", "3", "4", "5", "6a", "6b", "7", "8", "9", "10a", "10b", "11", "12", "13"),
        *("14a", "14b", "14c", "15"),
    ]
    leads = {no: d.lead.code.removeprefix("jh-") for no, d in rows.items()}
    assert leads == dict.fromkeys(rows, "bureau") | {
        "2a": "jyj", "6b": "fgj", "7": "zzb", "10a": "zzb", "11": "kjj", "13": "zzb", "14a": "zzb", "14b": "zzb",
        "14c": "zzb", "15": "xcb",
    }  # fmt: skip
    assert {no: d.units.count() for no, d in rows.items() if d.units.count() > 1} == {"6b": 6, "10a": 8, "15": 2}
    assert {d.due for d in rows.values()} == {
        *("每年12月", "长期推进", "2022年5月", "2024年底", "2022年12月", "每年4月", "每年下半年", "每两年下半年"),
    }
    assert {no: d.goal for no, d in rows.items() if no in ("6a", "9", "10b", "14b", "14c")} == {
        "6a": 50, "9": 10, "10b": 2, "14b": 100, "14c": 12,
    }  # fmt: skip
    actions.generate(pack, on=date(2024, 6, 1))
    assert [o.due_on for o in rows["10a"].occurrences.order_by("since")] == [date(y, 4, 30) for y in (2022, 2023, 2024)]
    assert list(rows["12"].occurrences.order_by("since").values_list("period", flat=True)) == ["2022H2", "2024H2"]
    assert rows["5"].occurrences.get().due_on == date(2022, 5, 31)


def test_kunshan_has_the_measures_and_the_recurring_duties(kunshan):
    rows = {d.code: d for d in Duty.objects.filter(pack=kunshan).select_related("lead").order_by("order")}
    measures = [d for code, d in rows.items() if code.startswith("m")]
    assert [d.no for d in measures] == [str(n) for n in range(1, 23)]
    leads = {}
    for row in measures:
        leads.setdefault(row.lead.code, []).append(int(row.no))
    assert leads == {
        "ks-zzb": [1, 2, 4, 5, 6, 9, 12, 17, 18, 20, 21, 22], "ks-finance": [3], "ks-kjj": [7, 8, 10, 11, 14, 15, 16],
        "ks-fgw": [13], "ks-tb": [19],
    }  # fmt: skip
    joint = {d.no: list(d.units.filter(joint=True).order_by("order").values_list("organisation__code", flat=True))
             for d in measures}  # fmt: skip
    assert {no: codes for no, codes in joint.items() if codes} == {
        "11": ["ks-gyy"], "12": ["ks-jrb"], "13": ["ks-kjj", "ks-gxj"], "15": ["ks-gxj"], "17": ["ks-kjj"],
        "18": ["ks-kjj"],
    }  # fmt: skip
    assert sum(d.everywhere for d in measures) == 21
    assert {code: d.recurrence for code, d in rows.items() if not code.startswith("m")} == {
        "k25": "year", "k26": "quarter", "k31": "ongoing", "k32": "ongoing", "k33": "once", "k51": "ongoing",
        "k58": "ongoing", "p09": "quarter", "p10": "year",
    }  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "number"), [("qingdao", 8), ("chongqing", 6)])
def test_the_other_cities_have_their_recurring_duties(name, number):
    pack = packs.load(packs.HOME / name)
    assert Duty.objects.filter(pack=pack, clause__document__pack=pack).count() == number
    assert actions.generate(pack, on=date(2025, 6, 1))["made"] >= number
    assert packs.load(packs.HOME / name).changed == 0


def test_each_duty_of_a_pack_counts_by_one_thing_and_names_no_unit_twice(kunshan, tmp_path):
    import shutil

    folder = tmp_path / "kunshan"
    shutil.copytree(packs.HOME / "kunshan", folder)
    text = (folder / "duties.yaml").read_text(encoding="utf-8")
    text = text.replace("indicator: KS-DJ", "indicator: KS-DJ\n  activity: matching", 1)
    text = text.replace("- organisation: ks-jyj", "- organisation: ks-zzb", 1)
    (folder / "duties.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(packs.WrongPack) as wrong:
        packs.load(folder)
    assert sorted(m.text for m in wrong.value.mistakes) == [
        "indicator 和 activity 只写一个：数从指标来，或者数这一类活动", "牵头单位不要再写进 units",
    ]  # fmt: skip
    assert Pack.objects.count() == 1
    assert Spell.objects.count() == 0
    assert connection.in_atomic_block
