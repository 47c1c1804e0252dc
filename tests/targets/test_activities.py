"""Activities: what counts from which day, who sees and handles them, who came, and workbooks of both."""

import io
from datetime import date

import pytest
import xlsxwriter
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from portal.lifecycle import NotYours, Refused
from portal.models import Evidence, Matter, Pack, Role, User
from targets.activities import actions
from targets.activities.lifecycle import cycle
from targets.activities.models import COUNTED, ActivityStatus
from targets.models import Activity, Participant
from targets.plans import indicators
from tests import make
from tests.reading import Visitor
from tests.stations.test_intake import hand_in, undo, write
from tests.targets import working
from tests.threads import at_once

ON, A = make.ON, ActivityStatus


# --- what counts -------------------------------------------------------------------------------


def figure(city, on=ON, **values) -> int:
    """How many matching events the year has up to a day, as an indicator counts them."""
    plan = make.plan(city, since=date(2026, 1, 1), until=date(2026, 12, 31))
    given = {"kind": "flow", "source": "activity", "starts": "held_on", "stops": "",
             "where": [{"fact": "kind", "lookup": "exact", "value": "matching"}]}  # fmt: skip
    row = make.indicator(plan, city, code="DJ", **(given | values))
    return indicators.compute(city.pack, {row: [on]})[row.pk, city.root.pk, on]


def test_only_what_was_held_counts_by_the_day_it_was_held(city, people):
    by = people[Role.BUREAU_HANDLER]
    working.activity(city, people, name="计划")
    published = working.activity(city, people, name="发布")
    cycle.move(published, "publish", by=by, on=ON)
    working.activity(city, people, name="去年", held_on=date(2025, 12, 31))
    working.activity(city, people, name="元旦", held_on=date(2026, 1, 1))
    working.activity(city, people, name="别的", held_on=date(2026, 2, 1), kind=working.kind(city, "salon"))
    held = working.activity(city, people, name="举办")
    held = cycle.move(held, "hold", by=by, on=ON, details={"held_on": "2026-05-20"})
    working.activity(city, people, name="区里的", held_on=date(2026, 3, 1), district=city.north)
    assert (held.status, held.held_on) == ("held", date(2026, 5, 20))
    assert figure(city) == 3
    assert figure_on(city, date(2026, 5, 19)) == 2


def figure_on(city, on) -> int:
    from targets.models import Indicator

    row = Indicator.objects.get(code="DJ")
    return indicators.compute(city.pack, {row: [on]})[row.pk, city.root.pk, on]


def test_what_was_undone_or_cancelled_counts_no_more(city, people):
    by = people[Role.BUREAU_HANDLER]
    row = working.activity(city, people, held_on=date(2026, 5, 20))
    assert figure(city) == 1
    row = cycle.move(row, "undo", by=by, on=ON, note="记错了")
    assert (row.held_on, figure_on(city, ON)) == (None, 0)
    assert cycle.move(row, "cancel", by=by, on=ON, note="不办了").status == "cancelled"
    assert figure_on(city, ON) == 0


def test_the_indicators_of_the_packs_count_activities(kunshan):
    from portal import packs
    from targets.models import Indicator

    for name in ("jianghai", "qingdao"):
        packs.load(packs.HOME / name)
    found = dict(Indicator.objects.filter(source="activity").values_list("code", "where"))
    assert {code: where[0]["value"] for code, where in found.items()} == {
        "KS-YXB": "office_seminar", "KS-DJ": "matching", "JH-JH": "tour", "JH-JW": "overseas_visit",
        "JH-GX": "university_visit", "JH-KT": "demand_round", "QD-ZP": "fair", "QD-DJ": "matching",
        "QD-TJ": "promotion",
    }  # fmt: skip
    for row in Indicator.objects.filter(source="activity").select_related("pack"):
        from targets.models import ActivityKind

        assert ActivityKind.objects.filter(pack=row.pack, code=row.where[0]["value"]).exists()
    assert not Indicator.objects.exclude(awaiting="").exists()


# --- the life ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("status", "action"), sorted(cycle.transitions))
def test_each_step_of_the_table_leads_where_it_says(status, action, city, people):
    step, row = cycle.transitions[status, action], working.activity(city, people)
    given = {"held_on": ON} if status in COUNTED else {}
    Activity.objects.filter(pk=row.pk).update(status=status, result="成了", **given)
    moved = cycle.move(
        row, action, by=people[Role.BUREAU_HANDLER], on=ON, note="理由", details={"held_on": ON.isoformat()}
    )
    matter = Matter.objects.get(pk=row.matter_id)
    assert moved.status == matter.status == step.target
    assert (matter.closed_on is not None) == (matter.holder == "") == cycle.stages[step.target].closed
    assert (moved.held_on is not None) == (step.target in COUNTED)


@pytest.mark.parametrize("status", A.values)
@pytest.mark.parametrize("action", sorted(cycle.actions))
def test_nothing_else_moves_an_activity(status, action, city, people):
    if (status, action) in cycle.transitions:
        return
    row = working.activity(city, people)
    Activity.objects.filter(pk=row.pk).update(status=status, held_on=ON if status in COUNTED else None)
    with pytest.raises(Refused):
        cycle.move(row, action, by=people[Role.BUREAU_HANDLER], on=ON, note="x", details={"held_on": str(ON)})


def test_it_is_not_held_before_its_day_nor_put_on_file_without_result(city, people):
    by, row = people[Role.BUREAU_HANDLER], working.activity(city, people)
    with pytest.raises(Refused, match="2026-06-02 在今天之后"):
        cycle.move(row, "hold", by=by, on=ON, details={"held_on": "2026-06-02"})
    row = cycle.move(row, "hold", by=by, on=ON, details={"held_on": "2026-06-01"})
    with pytest.raises(Refused, match="还没有写活动成果"):
        cycle.move(row, "archive", by=by, on=ON)
    row = actions.change(row, {"result": "签了三项", "signed": 3}, by=by, on=ON)
    assert row.matter.events.latest("pk").details == {"changed": {"result": ["", "签了三项"], "signed": ["", "3"]}}
    assert cycle.move(row, "archive", by=by, on=ON).status == "archived"
    with pytest.raises(Refused):
        actions.change(row, {"signed": 4}, by=by, on=ON)


@pytest.mark.django_db(transaction=True)
def test_two_who_hold_it_at_once_are_one_step_and_one_refusal():
    city = make.city()
    people = make.people(city)
    row = working.activity(city, people)
    who = (people[Role.BUREAU_HANDLER].pk, people[Role.BUREAU_REVIEWER].pk)
    outcomes = at_once(*(
        lambda pk=pk: cycle.move(row, "hold", by=User.objects.get(pk=pk), on=ON, details={"held_on": str(ON)})
        for pk in who
    ))  # fmt: skip
    assert sorted(type(o).__name__ for o in outcomes) == ["Activity", "Refused"]


@pytest.mark.parametrize(
    "values", [{"status": "held"}, {"held_on": ON}, {"until": date(2026, 5, 1)}, {"intentions": 1, "signed": 2}]
)
def test_the_database_keeps_what_an_activity_says(values, city, people):
    row = working.activity(city, people)
    with pytest.raises(IntegrityError), transaction.atomic():
        Activity.objects.filter(pk=row.pk).update(**values)


# --- who ---------------------------------------------------------------------------------------


def seen_by(user) -> set[str]:
    return set(Activity.objects.visible_to(user).values_list("name", flat=True))


def test_officials_see_their_plans_and_everybody_of_the_city_what_was_announced(city, people):
    by = people[Role.BUREAU_HANDLER]
    working.activity(city, people, name="市里计划")
    cycle.move(working.activity(city, people, name="市里发布"), "publish", by=by, on=ON)
    working.activity(city, people, name="北区计划", district=city.north, by=people[Role.DISTRICT])
    assert seen_by(by) == {"市里计划", "市里发布", "北区计划"}
    assert seen_by(people[Role.DISTRICT]) == {"市里发布", "北区计划"}
    assert seen_by(people["other_district"]) == {"市里发布"}
    assert seen_by(people[Role.HANDLER]) == seen_by(people[Role.POSTDOC]) == {"市里发布"}
    assert seen_by(people["nobody"]) == set()
    elsewhere = make.city("another")
    assert seen_by(make.user(Role.BUREAU_HANDLER, district=elsewhere.root)) == set()


def test_a_district_handles_its_own_alone(city, people):
    row = working.activity(city, people, held_on=ON)
    officer = people[Role.DISTRICT]
    with pytest.raises(NotYours):
        working.activity(city, people, district=city.root, by=officer)
    with pytest.raises(NotYours):
        cycle.move(row, "undo", by=officer, on=ON, note="x")
    with pytest.raises(NotYours):
        actions.sign_in(row, [Participant(unit="某大学")], pack=city.pack, by=officer, on=ON)
    own = working.activity(city, people, district=city.north, by=officer)
    assert Matter.objects.get(pk=own.matter_id).holder == "district"


# --- who came ----------------------------------------------------------------------------------


def test_who_signed_in_is_recognised_by_name(city, people):
    row = working.activity(city, people, held_on=ON)
    own = city.enterprise.organisation
    school = make.university(city, name="演示大学")
    lines = [
        Participant(unit=own.name, name="王"),
        Participant(unit="演示大学"),
        Participant(unit="路人公司", name="李"),
    ]
    actions.sign_in(row, lines, pack=city.pack, by=people[Role.BUREAU_HANDLER], on=ON)
    assert [(x.kind, x.organisation, x.university) for x in lines] == [
        ("enterprise", own, None), ("university", None, school), ("other", None, None),
    ]  # fmt: skip


def test_a_line_stands_once_and_nothing_is_added_to_what_is_on_file(city, people):
    by, row = people[Role.BUREAU_HANDLER], working.activity(city, people, held_on=ON, result="成了")
    actions.sign_in(row, [Participant(unit="某公司", name="王")], pack=city.pack, by=by, on=ON)
    page = Visitor(by).client.post(
        f"{row.get_absolute_url()}people/", {"one-unit": "某公司", "one-name": "王", "one-people": "7"}
    )
    assert page.status_code == 422
    assert "签到表里已有这一位" in page.content.decode()
    assert 'value="7"' in page.content.decode()
    cycle.move(row, "archive", by=by, on=ON)
    with pytest.raises(Refused, match="已归档"):
        actions.sign_in(row, [Participant(unit="另一家")], pack=city.pack, by=by, on=ON)


def test_names_of_those_who_came_are_for_those_who_handle_it(city, people):
    row = working.activity(city, people, held_on=ON)
    by = people[Role.BUREAU_HANDLER]
    actions.sign_in(row, [Participant(unit="某公司", name="王小明")], pack=city.pack, by=by, on=ON)
    assert "王小明" in Visitor(by).go(row.get_absolute_url()).page
    for who in (people[Role.HANDLER], people[Role.DISTRICT]):
        assert "王小明" not in Visitor(who).go(row.get_absolute_url()).page


# --- pages -------------------------------------------------------------------------------------


def form(city, **values) -> dict:
    given = {"kind": working.kind(city).pk, "name": "三季度对接会", "since": "2026-09-15", "until": "", "venue": "会场",
             "organiser": working.bureau(city).pk, "district": city.root.pk}  # fmt: skip
    return given | values


def test_from_plan_to_file_on_the_pages(city, people):
    client = Visitor(people[Role.BUREAU_HANDLER]).client
    today = localdate()
    wrong = client.post("/activities/new/", form(city, since="2026-09-15", until="2026-09-14", name="留着"))
    assert wrong.status_code == 422
    assert "留着" in wrong.content.decode()
    assert client.post("/activities/new/", form(city, since=today.isoformat())).status_code == 302
    row = Activity.objects.get()
    url = row.get_absolute_url()
    assert (row.until, row.status) == (today, "planned")
    for action, data in (("publish", {}), ("hold", {"hold-held_on": today.isoformat()})):
        assert client.post(f"{url}move/{action}/", data).status_code == 302
    assert client.post(f"{url}edit/", form(city, since=today.isoformat(), name="改名")).status_code == 302
    bad = client.post(f"{url}results/", {"intentions": "1", "signed": "2", "result": "写了很多", "matches": ""})
    assert bad.status_code == 422
    assert "写了很多" in bad.content.decode()
    unknown = client.post(f"{url}results/", {"result": "好", "matches": "TE-DJ-2026-9999"})
    assert unknown.status_code == 422
    assert "TE-DJ-2026-9999" in unknown.content.decode()
    match = make.match(city, people)
    good = {"intentions": "5", "signed": "2", "result": "好", "matches": match.matter.number}
    assert client.post(f"{url}results/", good).status_code == 302
    sent = client.post(f"{url}papers/", {"paper-slot": "photo", "paper-upload": make.upload()})
    assert sent.status_code == 302
    kept = client.get(f"{url}papers/{Evidence.objects.get(matter=row.matter).pk}/")
    assert b"".join(kept.streaming_content).startswith(b"%PDF")
    assert client.post(f"{url}move/archive/").status_code == 302
    row = Activity.objects.get()
    assert (row.name, row.status, row.signed, [m.pk for m in row.matches.all()]) == ("改名", "archived", 2, [match.pk])
    assert match.matter.number in client.get(url).content.decode()
    assert client.get("/activities/export/").status_code == 200


def test_the_pages_take_as_many_queries_with_one_row_as_with_three(city, people):
    by, found = people[Role.BUREAU_HANDLER], []
    row = working.activity(city, people, held_on=ON)
    urls = ("/activities/", "/activities/export/", row.get_absolute_url(), "/api/v1/activities/")
    for number in range(3):
        working.activity(city, people, name=f"n{number}", held_on=ON)
        actions.sign_in(row, [Participant(unit=f"单位{number}")], pack=city.pack, by=by, on=ON)
        actions.keep_file(row, "photo", make.upload(), by=by)
        if number in (0, 2):
            found.append(working.asked(by, *urls))
    assert found[0] == found[1]
    assert max(found[0].values()) <= 16


# --- workbooks ---------------------------------------------------------------------------------


def book(heads, *rows) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        for number, line in enumerate((heads, *rows)):
            sheet.write_row(number, 0, line)
    return out.getvalue()


HEADS = ["活动类别", "活动名称", "开始日期", "举办日期", "地点", "主办单位", "意向数", "签约数"]


def test_a_ledger_of_activities_comes_in_and_goes_again(city, people):
    working.kind(city)
    by, office = people[Role.BUREAU_HANDLER], working.bureau(city).name
    rows = (
        ["类别matching", "甲", "2026-03-01", "2026-03-02", "会场", office, 5, 2],
        ["类别matching", "乙", "2027-03-01", "", "会场", office, "", ""],
        ["类别matching", "丙", "2026-03-01", "2026-03-01", "会场", office, 1, 2],
    )
    batch = hand_in(by, book(HEADS, *rows), kind="activities")
    assert (batch.counts["new"], batch.counts["wrong"]) == (2, 1), list(batch.lines.values_list("problems", flat=True))
    batch = write(batch)
    found = {a.name: (a.status, a.held_on, a.signed) for a in Activity.objects.all()}
    assert found == {"甲": ("held", date(2026, 3, 2), 2), "乙": ("planned", None, None)}
    number = Activity.objects.get(name="甲").matter.number
    heads = ["活动编号", "单位", "姓名"]
    signed = hand_in(by, book(heads, [number, "某公司", "王"], ["TE-HD-2026-9999", "某公司", "李"]), kind="signins")
    assert (signed.counts["new"], signed.counts["wrong"]) == (1, 1)
    signed = write(signed)
    assert list(Participant.objects.values_list("unit", "name", "kind")) == [("某公司", "王", "other")]
    undo(signed)
    undo(batch)
    assert not Activity.objects.exists()
    assert not Matter.objects.filter(kind="activity").exists()


def test_the_packs_of_the_test_have_no_kind_of_another_city(city, people):
    elsewhere = make.city("another")
    far = working.kind(elsewhere, "far")
    answer = Visitor(people[Role.BUREAU_HANDLER]).client.post("/activities/new/", form(city, kind=far.pk))
    assert answer.status_code == 422
    assert Pack.objects.count() == 2
