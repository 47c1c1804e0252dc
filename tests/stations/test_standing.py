"""Standing: what the clocks propose, the way of a case, and that people decide."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from portal.lifecycle import NotYours, Refused
from portal.models import Confirmation, Matter, Notice, Role, Setting
from stations.applications import facts
from stations.ledger import rows as ledger
from stations.models import Clock, Plate, Recruits, SalaryPromise, StandingCase, Station, StationKind
from stations.register import lifecycle
from stations.standing import actions as standing_actions
from stations.standing import clocks
from stations.standing import facts as standing_facts
from stations.standing import lifecycle as standing
from tests import make
from tests.stations import evaluating, standing_cases
from tests.stations.standing_cases import PAPER, UNTIL, begun, clock, idle

ON = make.ON


def reading(station, on=ON):
    """What the one clock of the city says of the station."""
    pack = clocks.Pack.objects.get_for(station.matter.district_id)
    found = clocks.with_years(clocks.readings(Station.objects.filter(pk=station.pk), pack, on))
    return found[0] if found else None


def told(reading):
    return reading.state, reading.next and (reading.next.step.kind, reading.next.worst, reading.next.best)


# --- what the clock proposes -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("years", "state", "kind", "day"),
    [
        (0, "coming", "warn", date(2028, 1, 1)),
        (1, "coming", "warn", date(2027, 1, 1)),
        (2, "due", "warn", date(2026, 1, 1)),
        (3, "due", "rectify", date(2026, 1, 1)),
        (4, "due", "rectify", date(2025, 1, 1)),
    ],
    ids=["recruited last year", "one empty year", "two", "three", "four, and never given time"],
)
def test_the_clock_warns_after_two_years_and_gives_time_in_the_fourth(years, state, kind, day, city, people):
    clock(city)
    assert told(reading(idle(city, people, years=years))) == (state, (kind, day, day))


@pytest.mark.parametrize(
    ("on", "state"), [(date(2025, 12, 31), "coming"), (date(2026, 1, 1), "due")], ids=["the day before", "the day"]
)
def test_a_step_is_due_from_its_day_on(on, state, city, people):
    clock(city, steps={"warn": (24, None)})
    assert reading(idle(city, people, years=2), on).state == state


def test_a_missing_year_makes_it_say_until_when_it_can_not_tell(city, people):
    clock(city)
    row = idle(city, people)
    Recruits.objects.filter(year=2024).delete()
    found = reading(row)
    assert told(found) == ("unknown", ("rectify", date(2026, 1, 1), date(2028, 1, 1)))
    assert found.untold == [2024]
    Recruits.objects.create(
        station=row, year=2024, entered=1, counted_on=date(2024, 12, 31), source="测", recorded_on=ON
    )
    assert told(reading(row)) == ("coming", ("warn", date(2027, 1, 1), date(2027, 1, 1)))


def test_it_says_what_would_prevent_the_next_step(city, people):
    clock(city)
    assert clocks.prevents(reading(idle(city, people))) == (
        "2026-12-31（含）以前有 1 名博士后进站，即重新起算，可免“摘牌”"
    )


def test_one_recruit_starts_the_count_anew(city, people):
    clock(city)
    row = idle(city, people)
    Recruits.objects.create(station=row, year=2026, entered=1, counted_on=ON, source="测", recorded_on=ON)
    assert told(reading(row)) == ("coming", ("warn", date(2029, 1, 1), date(2029, 1, 1)))


def test_the_strip_shows_each_year_in_its_state(city, people):
    clock(city)
    row = idle(city, people)
    Recruits.objects.filter(year=2024).delete()
    kinds = {cell.year: cell.kind for cell in reading(row).cells}
    assert kinds == {
        **{2022: "recruited", 2023: "empty", 2024: "untold", 2025: "empty", 2026: "running"},
        **{2027: "later", 2028: "later", 2029: "later"},
    }
    assert [(c.year, [s.kind for s in c.steps]) for c in reading(row).cells if c.steps] == [
        *((2025, ["warn"]), (2026, ["rectify"]), (2027, ["remove"])),
    ]


def test_a_clock_runs_only_for_whom_it_is_meant(city, people):
    clock(city, criteria=(("is_valid", "exact", True), ("kind", "in", ["base_city"])))
    assert reading(idle(city, people)) is None


def test_where_a_fact_is_unknown_it_can_not_tell_whether_the_clock_runs(city, people):
    clock(city, criteria=(("is_valid", "exact", True), ("ever_recruited", "exact", False)))
    row = make.station(city, people[Role.BUREAU_APPROVER], owner=city.enterprise, approved_on=date(2022, 5, 1))
    found = reading(row)
    assert (found.applies, found.state, found.missing) == (None, "unknown", ["招收过博士后"])


def test_years_and_the_way_of_counting_may_be_settings_of_the_city(city, people):
    row = clock(city, starts={"calendar": "idle_since", "rolling": "idle_day"}, setting="A32", steps={})
    row.steps.create(kind="remove", setting="A32.years", months=-12)
    for code, kind, value in (("A32", "choice", "calendar"), ("A32.years", "integer", 4)):
        Setting.objects.create(pack=city.pack, code=code, title=code, why="测", kind=kind, value=value)
    station = idle(city, people)
    assert reading(station).dues[0].worst == date(2026, 1, 1)
    Recruits.objects.filter(year=2022).update(last_on=date(2022, 9, 9))
    Setting.objects.filter(code="A32").update(value="rolling")
    Setting.objects.filter(code="A32.years").update(value=5)
    assert reading(station).dues[0].worst == date(2026, 9, 9)


def test_a_clock_of_another_time_says_nothing(city, people):
    clock(city, until=date(2026, 6, 1))
    row = idle(city, people)
    assert (reading(row), reading(row, date(2026, 5, 31)) is None) == (None, False)


# --- the way of a case -------------------------------------------------------------------------


def step(case, action, who, *, on=ON, by=None, note="理由", **details):
    by = by or {"report": who[Role.HANDLER], "warn": who[Role.BUREAU_HANDLER], "lift": who[Role.BUREAU_HANDLER]}.get(
        action, who[Role.BUREAU_APPROVER]
    )
    return standing.cycle.move(case, action, by=by, on=on, note=note, details=details)


def test_a_reminder_tells_the_enterprise_and_lasts_until_the_next_step(city, people):
    case = begun(city, people, "warn", station=idle(city, people, years=2))
    matter = Matter.objects.get(pk=case.matter_id)
    assert (case.status, matter.holder, matter.due_on) == ("warned", "handler", date(2026, 12, 31))
    assert Notice.objects.filter(user=people[Role.HANDLER], matter=matter).exists()
    assert told(reading(case.station))[0] == "open"


def test_what_the_clock_saw_is_kept_and_never_computed_again(city, people):
    case = begun(city, people)
    (seen,) = case.seen
    assert (seen["action"], seen["on"], seen["since"]) == ("rectify", "2026-06-01", "2023-01-01")
    assert seen["steps"][-1] == ["remove", "2027-01-01", "2027-01-01"]
    assert [2023, "empty", 0] in seen["years"]
    Recruits.objects.filter(year=2023).update(entered=5)
    case = step(case, "propose", people, by=people[Role.BUREAU_HANDLER])
    assert (case.seen[0], len(case.seen)) == (seen, 2)


def test_the_whole_way_to_the_end_of_a_station(city, people):
    clock(city, barred_years=3)
    station = idle(city, people)
    Plate.objects.create(station=station, since=date(2022, 1, 1))
    case = begun(city, people, station=station)
    assert (case.rectify_since, case.rectify_by, case.matter.due_on) == (ON, date(2026, 12, 31), date(2026, 12, 31))
    with pytest.raises(Refused, match="至少登记一项整改措施"):
        step(case, "report", people)
    own = people[Role.HANDLER]
    remedy = standing_actions.undertake(case, text="招人", due_on=date(2026, 9, 1), by=own, on=ON)
    with pytest.raises(Refused, match="整改措施都要有结果"):
        step(case, "report", people)
    paper = make.upload()
    standing_actions.accomplish(remedy, done_on=ON, result="已签约", upload=paper, by=own, on=ON)
    case = step(case, "report", people)
    case = step(case, "go_on", people, until="2026-12-15")
    assert case.rectify_by == date(2026, 12, 15)
    case = step(case, "propose", people, by=people[Role.BUREAU_HANDLER], on=date(2026, 12, 16))
    case = step(case, "remove", people, on=date(2027, 1, 5), document="测〔2027〕1号", document_on="2027-01-04")
    station.refresh_from_db()
    assert (station.status, station.ended_on, station.end_ground) == ("cancelled", date(2027, 1, 4), "idle")
    assert (case.status, case.barred_until, case.matter.holder) == ("removed", date(2030, 1, 4), "district")
    assert Plate.objects.get().until == date(2027, 1, 4)
    case = step(case, "hand_back", people, by=people[Role.DISTRICT], on=date(2027, 1, 9), returned_on="2027-01-08")
    assert (case.status, case.returned_on) == ("handed", date(2027, 1, 8))
    assert Matter.objects.get(pk=case.matter_id).closed_on == date(2027, 1, 9)


def test_who_was_removed_does_not_apply_again_where_the_pack_says_so(city, people):
    clock(city, barred_years=3)
    case = step(begun(city, people), "propose", people, by=people[Role.BUREAU_HANDLER])
    step(case, "remove", people, **PAPER)
    draft = make.draft(city, people[Role.HANDLER], kind=city.own)
    rule = facts.application.criterion("enterprise_is_barred", "exact", False, "测一")
    days = (date(2029, 5, 31), date(2029, 6, 1))
    assert [facts.application.findings(draft, [rule], on=day)[0].met for day in days] == [False, True]


def test_who_proposes_a_removal_does_not_decide_it(city, people):
    case = step(begun(city, people), "propose", people)
    with pytest.raises(NotYours, match="另一人"):
        step(case, "remove", people, **PAPER)


def test_a_station_that_recruits_is_restored(city, people):
    case = begun(city, people)
    case = step(case, "pass", people, note="一名博士后已进站")
    assert (case.status, Matter.objects.get(pk=case.matter_id).holder) == ("lifted", "")


def test_what_was_dismissed_stays_so_until_the_next_step_is_due(city, people):
    case = begun(city, people, "warn", station=idle(city, people, years=2))
    step(case, "dismiss", people, note="已有意向")
    assert told(reading(case.station)) == ("coming", ("rectify", date(2027, 1, 1), date(2027, 1, 1)))
    Recruits.objects.create(
        station=case.station, year=2026, entered=0, counted_on=date(2026, 12, 31), source="测",
        recorded_on=date(2027, 1, 2),
    )  # fmt: skip
    assert told(reading(case.station, date(2027, 1, 2)))[0] == "due"


def test_a_case_that_ends_another_way_ends_with_its_station(city, people):
    case = begun(city, people)
    details = PAPER | {"ground": "bankrupt"}
    lifecycle.station.move(case.station, "cancel", by=people[Role.BUREAU_APPROVER], on=ON, note="破产", details=details)
    case.refresh_from_db()
    assert (case.status, case.matter.events.latest("pk").action) == ("dismissed", "lapse")


def test_an_upgrade_ends_the_case_and_the_higher_station_counts_on(city, people):
    clock(city)
    base = idle(city, people, kind=StationKind.BASE_CITY)
    begun(city, people, station=base)
    raised = make.station(city, people[Role.BUREAU_APPROVER], owner=city.enterprise, approved_on=ON)
    assert StandingCase.objects.get().status == "dismissed"
    assert told(reading(raised)) == ("due", ("rectify", date(2026, 1, 1), date(2026, 1, 1)))


# --- people decide -----------------------------------------------------------------------------


def test_nothing_begins_that_the_clock_does_not_propose(city, people):
    clock(city)
    fresh = idle(city, people, years=1)
    for action in ("warn", "rectify"):
        with pytest.raises(Refused, match="还没有到要处理"):
            begun(city, people, action, station=fresh)
    assert not StandingCase.objects.exists()


def test_a_rectification_is_not_ordered_where_a_reminder_is_due(city, people):
    with pytest.raises(Refused, match="还没有到要处理"):
        begun(city, people, "rectify", station=idle(city, people, years=2))


def test_an_unknown_year_begins_nothing(city, people):
    row = idle(city, people)
    Recruits.objects.filter(year=2025).delete()
    with pytest.raises(Refused, match="年份没有登记全"):
        begun(city, people, station=row)


def test_one_case_at_a_time(city, people):
    case = begun(city, people)
    with pytest.raises(Refused, match="已有一件在办"):
        begun(city, people, "warn", station=case.station)
    matter = Matter.objects.get(pk=case.matter_id)
    matter.pk, matter.number = None, "T-2"
    matter.save(force_insert=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        StandingCase.objects.create(matter=matter, station=case.station, clock=case.clock, ground="idle")


def test_a_borrowed_rule_only_proposes(city, people):
    rule, row = clock(city, assumed=True), idle(city, people)
    with pytest.raises(Refused, match="不能再“限期整改”"):
        begun(city, people, "rectify", station=row, rule=rule)
    case = begun(city, people, "warn", station=row, rule=rule)
    with pytest.raises(Refused):
        step(case, "propose", people)
    assert step(case, "rectify_by_paper", people, **UNTIL, **PAPER).status == "rectifying"


@pytest.mark.parametrize(
    ("until", "match"), [("2026-06-01", "应在今天之后"), ("2020-01-01", "应在今天之后")], ids=["today", "long ago"]
)
def test_an_impossible_last_day_is_refused(until, match, city, people):
    with pytest.raises(Refused, match=match):
        begun(city, people, until=until)
    assert not StandingCase.objects.exists()


def test_a_district_has_its_say_and_binds_nobody(city, people):
    case = begun(city, people)
    standing_actions.opine(case, verdict=False, note="正在招", by=people[Role.DISTRICT], on=ON)
    standing_actions.opine(case, verdict=True, note="没有招到", by=people[Role.DISTRICT], on=ON)
    assert Confirmation.objects.get(until=None).verdict is True
    with pytest.raises(Refused):
        standing_actions.opine(case, verdict=True, note="x", by=people["other_district"], on=ON)
    assert step(case, "dismiss", people).status == "dismissed"


@pytest.mark.parametrize(
    ("values", "match"),
    [({"done_on": date(2026, 6, 2)}, "到今天之间"), ({"done_on": date(2026, 5, 31)}, "到今天之间"), ({"by": "other"}, "现在不能")],
    ids=["tomorrow", "before it was undertaken", "somebody else"],
)  # fmt: skip
def test_what_can_not_be_said_of_a_remedy(values, match, city, people):
    case = begun(city, people)
    remedy = standing_actions.undertake(case, text="招人", due_on=ON, by=people[Role.HANDLER], on=ON)
    given = {"done_on": ON, "by": people[Role.HANDLER]} | values
    given["by"] = people["other_unit"] if given["by"] == "other" else given["by"]
    with pytest.raises(Refused, match=match):
        standing_actions.accomplish(remedy, result="x", on=ON, **given)


def test_remedies_have_a_future_and_a_text(city, people):
    case = begun(city, people)
    own = people[Role.HANDLER]
    with pytest.raises(Refused, match="已经过了"):
        standing_actions.undertake(case, text="x", due_on=date(2026, 5, 31), by=own, on=ON)
    with pytest.raises(ValidationError):
        standing_actions.undertake(case, text="", due_on=ON, by=own, on=ON)
    case = step(case, "propose", people)
    with pytest.raises(Refused, match="现在不能登记整改措施"):
        standing_actions.undertake(case, text="x", due_on=ON, by=own, on=ON)


def test_remedies_count_as_of_a_day(city, people):
    case = begun(city, people)
    remedy = standing_actions.undertake(case, text="招人", due_on=date(2026, 9, 1), by=people[Role.HANDLER], on=ON)
    later = date(2026, 7, 1)
    standing_actions.accomplish(remedy, done_on=later, result="x", by=people[Role.HANDLER], on=later)

    def count(on):
        (row,) = standing_facts.standing.table(StandingCase.objects.all(), ["remedies", "remedies_open"], on=on)
        return row["fact_remedies"], row["fact_remedies_open"]

    assert [count(day) for day in (date(2026, 5, 31), ON, date(2026, 6, 30), later)] == [(0, 0), (1, 1), (1, 1), (1, 0)]


# --- evaluation joins --------------------------------------------------------------------------


def failed_round(city, people):
    owner = make.enterprise(city.north)
    row = make.station(city, people[Role.BUREAU_APPROVER], owner=owner, approved_on=date(2020, 1, 2))
    who = make.people_of(city, owner, people)[1]
    round_ = evaluating.started(city, people, by_scheme=evaluating.scheme(city, honour=""))
    evaluating.brought(round_.sheets.get(), "scored", who, rules=0)
    round_ = evaluating.step(evaluating.step(round_, "end_reports", people), "begin_review", people)
    evaluating.published(round_, people)
    return row


FAILED = {"code": "failed", "starts": "failed_on", "steps": {"rectify": (0, 12), "remove": (12, None)}}
FAILED |= {"criteria": (("is_valid", "exact", True), ("failed_evaluations", "gte", 1)), "ground": "failed"}


def test_a_failed_evaluation_is_the_same_case_as_any_other(city, people):
    clock(city, assumed=True, **FAILED)
    row = failed_round(city, people)
    case = StandingCase.objects.get()
    assert (case.clock.code, case.ground, case.status, case.assumed) == ("failed", "failed", "rectifying", False)
    assert case.seen[0]["since"] == "2026-06-15"
    on = date(2026, 6, 20)
    assert told(reading(row, on)) == ("open", ("remove", date(2027, 6, 15), date(2027, 6, 15)))
    step(case, "pass", people, on=date(2026, 12, 1))
    assert reading(row, date(2027, 7, 1)) is None


def test_a_second_failure_joins_what_is_under_way(city, people):
    clock(city, **FAILED)
    failed_round(city, people)
    case = StandingCase.objects.get()
    assert standing_actions.after_evaluation(
        case.sheet, months=12, by=people[Role.BUREAU_APPROVER], on=date(2026, 7, 1), details={}
    ) == case  # fmt: skip


def test_a_case_is_as_it_was_on_the_day(city, people):
    case = begun(city, people, "warn")
    step(case, "dismiss", people, on=date(2026, 7, 1))
    assert [c.status_then for c in StandingCase.objects.standing(ON)] == ["warned"]
    assert not StandingCase.objects.standing(date(2026, 5, 31)).exists()
    assert reading(case.station, date(2026, 6, 30)).state == "open"


def test_every_status_has_its_case(city, people):
    """The builder that the table of the lifecycle stands on."""
    assert standing_cases.in_status("handed", city, people).returned_on == ON
    assert Clock.objects.count() == 1


def test_a_removed_row_leaves_the_year_untold(city, people):
    clock(city)
    row = idle(city, people)
    ledger.remove(ledger.KINDS["recruits"], Recruits.objects.get(year=2025), by=people[Role.BUREAU_HANDLER], on=ON)
    assert reading(row).state == "unknown"


# --- pay below the promise ---------------------------------------------------------------------


def test_pay_below_the_promise_is_reminded_of_once_a_year_and_keeps_both_amounts(city, people):
    pay = (("is_valid", "exact", True), ("salary_promised", "exact", True), ("salary_short", "exact", True))
    clock(city, "pay", starts="salary_day", steps={"warn": (0, None)}, criteria=pay, assumed=True)
    row = idle(city, people, years=0)
    assert reading(row) is None  # nothing was promised
    SalaryPromise.objects.create(station=row, amount=200_000, since=date(2024, 1, 1))
    assert (reading(row).state, len(reading(row).missing), reading(row).beside[0][1]) == ("unknown", 1, 200_000)
    Recruits.objects.filter(station=row, year=ON.year - 1).update(pay=180_000)
    found = reading(row)
    assert (found.state, found.next.step.kind, found.next.worst) == ("due", "warn", date(ON.year, 1, 1))
    case = begun(city, people, "warn", station=row)
    assert [amount for _label, amount in case.seen[0]["beside"]] == ["200000.00", "180000.00"]
    assert [s.action for s in standing.cycle.possible(case, people[Role.BUREAU_APPROVER])] == [
        *("rectify_by_paper", "dismiss")  # a paper of the office itself, never the borrowed rule
    ]
    Recruits.objects.filter(station=row, year=ON.year - 1).update(pay=200_000)
    assert reading(row).applies is False
