"""The life of a return, who may take which step, what is wanted before it is handed in, its pages; what nights knew."""

import io
import json
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils.timezone import make_aware
from python_calamine import CalamineWorkbook

from portal.lifecycle import NotYours, Refused
from portal.models import Matter, Notice, ReturnItem, Role, Setting
from targets.models import Frozen, KnownFigure, QuarterlyReturn, Reading, ReturnLine, Snapshot, Target
from targets.plans import indicators
from targets.returns import actions, known
from targets.returns.lifecycle import quarterly
from tests import make
from tests.make import Life
from tests.reading import Visitor
from tests.targets import returning
from tests.threads import at_once

UNTIL, ON = returning.UNTIL, returning.ON
STATUSES = list(quarterly.stages)
ACTIONS = sorted(quarterly.actions)


@pytest.fixture
def plan(city):
    return make.plan(city)


@pytest.fixture
def row(city, people, plan):
    returning.level(city, plan)
    return returning.opened(city, people, plan)


def brought_to(status, row, people):
    if status == "filling":
        return row
    row = returning.handed_in(row, people)
    if status == "returned":
        return returning.sent_back(row, people)
    return quarterly.move(row, "confirm", by=people["bureau_handler"], on=ON) if status == "confirmed" else row


# --- opening -----------------------------------------------------------------------------------


def test_a_quarter_is_opened_for_every_district_with_every_counted_indicator(city, people, plan):
    returning.level(city, plan)
    make.indicator(plan, city, code="RE", source="reported", starts="", stops="")
    quarter = actions.open_quarter(plan=plan, until=UNTIL, by=people["bureau_handler"], on=ON)
    rows = quarter.returns.order_by("pk")
    assert [r.district for r in rows] == [city.north, city.south, city.east]
    assert {(r.matter.due_on, r.matter.holder, r.status) for r in rows} == {(date(2026, 7, 10), "district", "filling")}
    assert [line.indicator.code for line in rows[0].lines.all()] == ["ST"]
    assert Notice.objects.filter(user=people[Role.DISTRICT], matter=rows[0].matter).count() == 1


@pytest.mark.parametrize(
    ("until", "why"),
    [
        (date(2026, 5, 31), "季度末"),
        (date(2026, 9, 30), "季度末"),
        (date(2024, 12, 31), "季度末"),
        (date(2026, 3, 31), None),
    ],
)
def test_only_a_quarter_of_the_plan_that_is_over_is_opened_and_once(until, why, city, people, plan):
    returning.level(city, plan)
    opened = {"plan": plan, "until": until, "by": people["bureau_handler"], "on": ON}
    if why:
        with pytest.raises(Refused, match=why):
            actions.open_quarter(**opened)
        return
    assert actions.open_quarter(**opened).due_on == date(2026, 7, 15)  # late: everybody still has ten days
    with pytest.raises(Refused, match="已经开过"):
        actions.open_quarter(**opened)


def test_a_plan_without_counted_indicators_is_not_opened(city, people, plan):
    make.indicator(plan, city, code="RE", source="reported", starts="", stops="")
    with pytest.raises(Refused, match="部门指标"):
        actions.open_quarter(plan=plan, until=UNTIL, by=people["bureau_handler"], on=ON)


def test_the_city_says_how_many_days_there_are(city, people, plan):
    returning.level(city, plan)
    Setting.objects.create(pack=city.pack, code="returns.days", title="x", why="x", kind="integer", value=15)
    quarter = actions.open_quarter(plan=plan, until=UNTIL, by=people["bureau_handler"], on=ON)
    assert quarter.due_on == date(2026, 7, 15)


# --- the table ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("status", "action"), sorted(quarterly.transitions))
def test_each_step_of_the_table_leads_where_it_says(status, action, city, people, row):
    step = quarterly.transitions[status, action]
    row = brought_to(status, row, people)
    actions.take(row)
    ReturnItem.objects.update(answered_at=make_aware(datetime(2026, 7, 5)))
    everybody = make.user(*Role, organisation=city.enterprise.organisation, district=city.root)
    items = [ReturnItem(target="field:ST", label="工作站", code="R07")] if step.returns else []
    moved = quarterly.move(row, action, by=everybody, on=ON, note="理由", items=items)
    matter = Matter.objects.get(pk=row.matter_id)
    assert (moved.status, matter.status) == (step.target, step.target)
    assert matter.holder == (quarterly.stages[step.target].holder or "")
    assert (matter.closed_on is not None) == quarterly.stages[step.target].closed
    assert moved.versions.count() == (action == "confirm" or status == "confirmed")


@pytest.mark.parametrize("status", STATUSES)
def test_nothing_else_moves_a_return_and_nobody_else(status, city, people, row):
    row = brought_to(status, row, people)
    actions.take(row)
    ReturnItem.objects.update(answered_at=make_aware(datetime(2026, 7, 5)))
    may = {
        "submit": {Role.DISTRICT},
        "return": {Role.BUREAU_HANDLER, Role.BUREAU_REVIEWER},
        "confirm": {Role.BUREAU_HANDLER, Role.BUREAU_REVIEWER},
        "correct": {Role.BUREAU_HANDLER, Role.BUREAU_REVIEWER},
    }
    taken = set()
    for action in ACTIONS:
        for role, user in people.items():
            items = [ReturnItem(target="field:ST", label="工作站", code="R07")] if action == "return" else []
            with transaction.atomic():
                try:
                    quarterly.move(row, action, by=user, on=ON, note="理由", items=items)
                    taken.add((action, role))
                except (NotYours, Refused):
                    pass
                transaction.set_rollback(True)
    there = {action for source, action in quarterly.transitions if source == status}
    assert taken == {(action, role) for action in there for role in may[action]}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("status", "action"), [("filling", "submit"), ("checking", "confirm")])
def test_two_who_press_at_once_make_one_event_and_one_refusal(status, action):
    city = make.city()
    people = make.people(city)
    plan = make.plan(city)
    returning.level(city, plan)
    row = brought_to(status, returning.opened(city, people, plan), people)
    ReturnLine.objects.update(why="x", measures="x")
    by = people[Role.DISTRICT if action == "submit" else Role.BUREAU_HANDLER]

    def press():
        mine = QuarterlyReturn.objects.get(pk=row.pk)
        if action == "submit":
            return actions.submit(mine, by=by, on=ON)
        return quarterly.move(mine, action, by=by, on=ON)

    outcomes = at_once(press, press)
    assert sorted(type(o).__name__ for o in outcomes) == ["QuarterlyReturn", "Refused"]
    assert row.matter.events.filter(action=action).count() == 1
    assert Frozen.objects.count() == (action == "confirm")


@pytest.mark.django_db(transaction=True)
def test_two_who_open_at_once_open_one():
    city = make.city()
    people, plan = make.people(city), make.plan(city)
    returning.level(city, plan)

    def press():
        return actions.open_quarter(plan=plan, until=UNTIL, by=people["bureau_handler"], on=ON)

    assert sorted(type(o).__name__ for o in at_once(press, press)) == ["Quarter", "Refused"]
    assert QuarterlyReturn.objects.count() == 3


# --- filling in --------------------------------------------------------------------------------


def given(stated=None, comment="", why="", measures=""):
    return {"ST": {"stated": stated, "comment": comment, "why": why, "measures": measures}}


@pytest.mark.parametrize(
    ("stated", "comment", "refused"),
    [(None, "", False), (1, "", False), (2, "", True), (2, "一家在途", False), (0, "", True)],
    ids=["as the records", "the same", "more, unsaid", "more, with a reason", "less, unsaid"],
)
def test_what_differs_from_the_records_wants_a_comment(stated, comment, refused, city, people, row):
    make.bare_stations([Life(city.north, date(2026, 3, 1))])
    typed = given(stated if stated is None else Decimal(stated), comment)
    actions.fill(row, typed, by=people[Role.DISTRICT])
    if refused:
        with pytest.raises(Refused, match="差异说明"):
            actions.submit(row, by=people[Role.DISTRICT], on=ON)
    else:
        assert actions.submit(row, by=people[Role.DISTRICT], on=ON).status == "checking"


@pytest.mark.parametrize(
    ("target", "why", "measures", "refused"),
    [(0, "", "", False), (9, "", "", True), (9, "晚", "", True), (9, "", "催", True), (9, "晚", "催", False)],
)
def test_what_is_behind_wants_a_reason_and_measures(target, why, measures, refused, city, people, plan, row):
    if target:
        indicator = row.lines.get().indicator
        Target.objects.create(pack=city.pack, indicator=indicator, district=city.north, on=plan.until, value=target)
        Snapshot.objects.create(indicator=indicator, district=city.north, on=date(2024, 12, 31), value=0)
    actions.fill(row, given(None, "", why, measures), by=people[Role.DISTRICT])
    if refused:
        with pytest.raises(Refused, match="原因和措施"):
            actions.submit(row, by=people[Role.DISTRICT], on=ON)
    else:
        assert actions.submit(row, by=people[Role.DISTRICT], on=ON).status == "checking"


def test_only_what_a_return_names_can_be_changed_and_all_of_it_is_answered(city, people, plan):
    returning.level(city, plan)
    returning.level(city, plan, code="S2")
    row = returning.opened(city, people, plan)
    row = returning.sent_back(returning.handed_in(row, people), people)
    officer = people[Role.DISTRICT]
    with pytest.raises(Refused, match="修改或说明"):
        actions.submit(row, by=officer, on=ON)
    typed = given(Decimal(4), "一家在途", "晚", "催") | {"S2": given(Decimal(9), "不许")["ST"]}
    actions.fill(row, typed, by=officer)
    assert {line.indicator.code: line.stated for line in row.lines.all()} == {"ST": 4, "S2": None}
    assert actions.submit(row, by=officer, on=ON).status == "checking"
    assert ReturnItem.objects.get().resolved_at is not None


def test_what_was_sent_back_may_stay_with_a_reason(people, row):
    row = returning.sent_back(returning.handed_in(row, people), people)
    same = given(None, "", "企业申报晚", "逐家上门")
    same["ST"]["answer"] = "与名册一致"
    actions.fill(row, same, by=people[Role.DISTRICT])
    assert ReturnItem.objects.get().answer == "与名册一致"
    assert actions.submit(row, by=people[Role.DISTRICT], on=ON).status == "checking"


def test_whoever_has_not_the_return_in_hand_writes_nothing(city, people, row):
    for user in (people["other_district"], people["bureau_handler"]):
        with pytest.raises(Refused, match="不在您手里"):
            actions.fill(row, given(Decimal(4)), by=user)
    row = returning.handed_in(row, people)
    with pytest.raises(Refused, match="不在您手里"):
        actions.fill(row, given(Decimal(4)), by=people[Role.DISTRICT])


def test_the_database_keeps_one_return_per_district_and_no_figure_below_nothing(people, row):
    for attempt in (
        lambda: QuarterlyReturn.objects.filter(district__code="testcity-south").update(district=row.district),
        lambda: row.lines.update(stated=-1),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()


# --- pages -------------------------------------------------------------------------------------


def sheet(answer):
    return CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()


def test_the_way_from_opening_to_the_sealed_record_on_pages(city, people, plan):
    returning.level(city, plan)
    make.bare_stations([Life(city.north, date(2026, 3, 1))])
    chief, officer = Visitor(people[Role.BUREAU_HANDLER]).client, Visitor(people[Role.DISTRICT]).client
    assert chief.post("/returns/open/", {}).status_code == 422
    answer = chief.post("/returns/open/", {"quarter": f"plan:{UNTIL}"})
    row = QuarterlyReturn.objects.get(district=city.north)
    url = row.get_absolute_url()
    assert answer["Location"] == row.quarter.get_absolute_url()
    wrong = officer.post(url, {"ST-stated": "1.5", "ST-comment": "一句话"})
    assert wrong.status_code == 422
    assert "1.5" in wrong.content.decode()
    assert "一句话" in wrong.content.decode()
    unsaid = officer.post(url, {"ST-stated": "2", "submit": "1"})
    assert unsaid.status_code == 422
    assert "差异说明" in unsaid.content.decode()
    assert ReturnLine.objects.get(quarterly=row).stated == 2  # saved all the same
    assert officer.post(url, {"ST-stated": "2", "ST-comment": "一家在途", "submit": "1"}).status_code == 302
    assert chief.get(url).status_code == 200
    assert chief.post(f"{url}confirm/", {"confirm-note": ""}).status_code == 302
    frozen = Frozen.objects.get()
    sealed = chief.get(f"{url}sealed/")
    assert sealed.content.decode() == frozen.text
    assert json.loads(frozen.text)["figures"][0]["stated"] == "2"
    make.bare_stations([Life(city.north, date(2026, 4, 1), owner=1)])
    changes = officer.get(f"{url}changes/").content.decode()
    assert "迟录" in changes
    assert "定稿之后才录入" in changes
    indicator = plan.indicators.get()
    indicator.name_en = "Stations"
    indicator.save()
    assert f"ST {indicator.name}" in changes
    assert "ST Stations" in officer.get(f"{url}changes/", headers={"Accept-Language": "en"}).content.decode()
    assert sheet(officer.get(f"{url}changes/export/"))[4][2:6] == [1, 2, "迟录", 1]
    assert sheet(officer.get(f"{url}export/"))[4][5:8] == [1, 2, "一家在途"]
    assert officer.get(f"{url}paper/file/").content.startswith(b"%PDF")
    told = officer.get(f"/api/v1/returns/{row.matter.number}/").json()
    assert (told["status"], told["lines"][0]["system"], told["versions"][0]["digest"]) == (
        "confirmed",
        "1.00",
        frozen.digest,
    )
    assert Visitor(people["other_district"]).client.get(url).status_code == 404
    assert Visitor(people["other_district"]).client.get(f"/api/v1/returns/{row.matter.number}/").status_code == 404


def test_evidence_is_put_to_a_return_and_taken_out(people, row):
    client, url = Visitor(people[Role.DISTRICT]).client, row.get_absolute_url()
    client.post(f"{url}files/", {"file": make.upload()})
    piece = row.matter.evidence.get()
    assert b"".join(client.get(piece.file.get_absolute_url()).streaming_content).startswith(b"%PDF")
    client.post(f"{url}files/{piece.pk}/remove/")
    assert not row.matter.evidence.filter(removed_at=None).exists()


# --- what nights knew --------------------------------------------------------------------------


def night(on: date) -> int:
    indicators.recompute(on)
    return known.remember(on)


def figure(plan, city, on, known_on):
    found = indicators.figures(plan, [city.root], on, known=known_on)
    return next(iter(found.values())).value


def test_as_at_a_day_as_known_on_another(city, people, plan):
    indicator = returning.level(city, plan)
    make.bare_stations([Life(city.north, date(2026, 3, 1))])
    night(date(2026, 7, 5))
    make.bare_stations([Life(city.north, date(2026, 6, 1), owner=1)])
    night(date(2026, 7, 9))
    assert figure(plan, city, UNTIL, date(2026, 7, 5)) == 1
    assert figure(plan, city, UNTIL, date(2026, 7, 8)) == 1
    assert figure(plan, city, UNTIL, date(2026, 7, 9)) == 2
    assert figure(plan, city, date(2026, 7, 9), date(2026, 7, 9)) == 2
    assert figure(plan, city, UNTIL, date(2026, 7, 4)) is None  # nobody knew anything yet
    client = Visitor(people[Role.BUREAU_HANDLER]).client
    (told,) = client.get("/api/v1/plans/plan/figures/?on=2026-06-30&known=2026-07-05").json()
    assert (told["code"], told["value"], told["as_of"]) == (indicator.code, "1.00", "2026-06-30")
    for path in ("/targets/", "/targets/plan/", "/targets/plan/ST/"):
        page = client.get(path, {"on": "2026-06-30", "known": "2026-07-05"}).content.decode()
        assert "2026-07-05 夜间留存的数" in page
    assert client.get("/targets/", {"on": "2026-06-15", "known": "2026-07-05"}).context["on"] == date(2026, 5, 31)


def test_a_quiet_night_costs_no_row_and_what_was_kept_is_never_changed(city, people, plan):
    returning.level(city, plan)
    make.bare_stations([Life(city.north, date(2026, 3, 1))])
    assert night(date(2026, 7, 5)) > 0
    assert night(date(2026, 7, 6)) == 0 == night(date(2026, 7, 6))
    make.bare_stations([Life(city.north, date(2026, 7, 6), owner=1)])
    assert night(date(2026, 7, 7)) == 2  # the city's day and the district's
    assert night(date(2026, 7, 8)) == 0
    assert figure(plan, city, date(2026, 7, 8), date(2026, 7, 8)) == 2
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        KnownFigure.objects.update(value=9)


def test_what_was_reported_is_told_as_it_was_known(city, people, plan):
    indicator = make.indicator(plan, city, code="RE", source="reported", starts="", stops="")
    for day, value in ((5, 10), (9, 12)):
        Reading.objects.create(
            indicator=indicator, district=city.root, on=UNTIL, value=value, source="x", by=people[Role.REPORTER],
            reported_at=make_aware(datetime(2026, 7, day, 23, 59)),
        )  # fmt: skip
    assert [figure(plan, city, UNTIL, date(2026, 7, day)) for day in (4, 5, 8, 9)] == [None, 10, 10, 12]
