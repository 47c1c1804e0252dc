"""From a demand that an enterprise writes to the match that counts: each step on its page, and what follows from it."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from portal import jobs
from portal.lifecycle import NotYours, Refused
from portal.models import Event, Notice, Role
from stations.demands import actions as demand_actions
from stations.demands import lifecycle as demand_lifecycle
from stations.models import Contact, Demand, FlowStation, Match, University
from targets.plans.indicators import compute
from tests import make
from tests.reading import Visitor

ON = make.ON
LATER = ON + timedelta(1)
TYPED = {
    "kind": "postdoc",
    "title": "伺服驱动算法",
    "description": "小惯量电机的伺服驱动",
    "first": "0811",
    "second": "0811",
    "third": "0812",
    "people": "2",
    "salary": "36",
    "deadline": "2099-12-31",
    "scope": "public",
}


@pytest.fixture
def handler(people):
    return people[Role.HANDLER]


def demand_of(row) -> Demand:
    return Demand.objects.get(pk=row.pk)


# --- writing and publishing --------------------------------------------------------------------


def test_a_demand_goes_from_its_form_over_the_district_to_everybody(city, people, handler):
    visitor = Visitor(handler).go("/demands/new/").press("保存草稿", **TYPED)
    row = Demand.objects.get()
    assert visitor.told == ["已存为草稿，核对后请提交审核。"]
    assert (row.disciplines, row.salary, row.people, row.status) == (["0811", "0812"], 360000, 2, "draft")
    assert (row.contact, row.matter.number) == ("联系人", "TE-XQ-2026-0001")
    visitor.press("提交审核")
    officer = Visitor(people[Role.DISTRICT]).go("/work/")
    assert "伺服驱动算法" in officer.text
    officer.go(row.get_absolute_url()).press("审核发布")
    row = demand_of(row)
    assert (row.status, row.published_on) == ("published", localdate())
    public = Visitor().go("/board/")
    assert "伺服驱动算法" in public.text
    assert "36 万元" in public.text


def test_an_edited_draft_keeps_its_number_and_changes_its_title(city, people, handler):
    row = make.demand(city, people, status="draft")
    visitor = Visitor(handler).go(f"{row.get_absolute_url()}edit/")
    visitor.press("保存草稿", title="新的题目", second="0802")
    row = demand_of(row)
    assert (row.title, row.matter.title, row.disciplines) == ("新的题目", "新的题目", ["0812", "0802"])


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"people": ""}, "至少 1 人"),
        ({"deadline": "2020-01-01"}, "已经过了"),
        ({"deadline": "明天"}, "不是日期"),
        ({"first": ""}, "必填"),
        ({"first": "9999"}, "9999"),
        ({"salary": "-1"}, "0"),
        ({"title": ""}, "必填"),
        ({"kind": None}, "必填"),
        ({"contact_phone": "abc"}, "不像电话号码"),
    ],
    ids=["nobody wanted", "over", "no date", "no discipline", "unknown", "negative", "no title", "no kind", "no phone"],
)
def test_a_demand_that_cannot_be_is_shown_again_as_it_was_typed(typed, told, city, handler):
    visitor = Visitor(handler).go("/demands/new/").press("保存草稿", **(TYPED | typed))
    assert visitor.status == 422
    assert told in visitor.text
    assert "小惯量电机的伺服驱动" in visitor.page
    assert not Demand.objects.exists()


def test_a_problem_needs_nobody(city, handler):
    Visitor(handler).go("/demands/new/").press("保存草稿", **(TYPED | {"kind": "problem", "people": ""}))
    assert Demand.objects.get().people is None


def test_a_demand_sent_back_is_a_draft_again_and_says_why(city, people, handler):
    row = make.demand(city, people, status="review")
    Visitor(people[Role.DISTRICT]).go(row.get_absolute_url()).press("退给单位修改", **{"send_back-note": "写清指标"})
    page = Visitor(handler).go(row.get_absolute_url())
    assert demand_of(row).status == "draft"
    assert "写清指标" in page.text
    assert Notice.objects.filter(user=handler, matter=row.matter).exists()


def test_a_demand_that_was_handed_in_is_not_edited(city, people, handler):
    row = make.demand(city, people, status="review")
    with pytest.raises(Refused, match="已提交"):
        demand_actions.rewrite(row, by=handler)
    assert "已提交" in Visitor(handler).go(f"{row.get_absolute_url()}edit/").text


@pytest.mark.parametrize("status", ["draft", "review"])
def test_what_is_past_its_deadline_goes_no_further(status, city, people):
    row = make.demand(city, people, status=status, deadline=ON)
    action, by = {"draft": ("submit", Role.HANDLER), "review": ("publish", Role.DISTRICT)}[status]
    with pytest.raises(Refused, match="截止日期"):
        demand_lifecycle.demand.move(row, action, by=people[by], on=LATER)
    demand_lifecycle.demand.move(row, action, by=people[by], on=ON)


def test_a_draft_is_seen_by_its_unit_alone(city, people):
    row = make.demand(city, people, status="draft")
    for who in (Role.DISTRICT, Role.BUREAU_HANDLER, "other_unit"):
        assert Visitor(people[who]).go(row.get_absolute_url()).status == 404
    assert Visitor(people[Role.CERTIFIER]).go(row.get_absolute_url()).status == 200


# --- the public list ---------------------------------------------------------------------------


@pytest.fixture
def everything(city, people):
    """A demand in every state that the public list must tell apart."""
    rows = {
        "public": make.demand(city, people, title="公开的", contact="张某某", contact_phone="13912345678"),
        "flow only": make.demand(city, people, title="仅流动站的", scope="flow"),
        "draft": make.demand(city, people, title="草稿的", status="draft"),
        "review": make.demand(city, people, title="待审的", status="review"),
        "over": make.demand(city, people, title="过期的", deadline=ON),
    }
    there = make.city("othercity")
    rows["elsewhere"] = make.demand(there, make.people(there), title="外市的")
    return rows


def test_only_what_is_public_open_and_of_this_city_is_on_the_list(everything, city):
    assert list(Demand.objects.on_list(city.pack, LATER)) == [everything["public"]]
    assert set(Demand.objects.on_list(city.pack, ON)) == {everything["public"], everything["over"]}
    assert [row.title for row, _office in Visitor().go("/board/").answer.context["rows"]] == ["公开的"]


def test_the_list_names_no_person(everything, city):
    page = Visitor().go("/board/").page
    assert "张某某" not in page
    assert "13912345678" not in page
    assert "0512-00000000" in page  # the office of the district


@pytest.mark.parametrize(("asked", "found"), [("kind=doctor", 0), ("kind=postdoc", 1), ("q=公开", 1), ("q=别的", 0)])
def test_the_list_is_narrowed_by_anybody(asked, found, everything):
    assert len(Visitor().go(f"/board/?{asked}").answer.context["rows"]) == found


# --- matching ----------------------------------------------------------------------------------


def test_a_suggestion_is_proposed_with_one_button(city, people):
    flow, row = make.flow(city), make.demand(city, people)
    visitor = Visitor(people[Role.BUREAU_HANDLER]).go(row.get_absolute_url())
    assert "同一级学科：计算机科学与技术" in visitor.text
    visitor.press("推荐这个")
    found = Match.objects.get()
    assert (found.demand, found.flow, found.status, found.matter.holder) == (row, flow, "proposed", Role.HANDLER)
    assert visitor.url == found.get_absolute_url()
    assert f"对接：缺陷检测 × {flow}" in Visitor(people[Role.HANDLER]).go("/work/").text


def test_the_same_pair_is_matched_once(city, people):
    row = make.match(city, people)
    with pytest.raises(Refused, match="已在对接"):
        demand_actions.propose(row.demand, row.flow, channel="portal", by=people[Role.HANDLER], on=ON)
    with pytest.raises(IntegrityError), transaction.atomic():
        Match.objects.create(matter=make.demand(city, people).matter, demand=row.demand, flow=row.flow)


def test_only_a_demand_on_the_list_is_matched(city, people):
    row = make.demand(city, people, status="review")
    with pytest.raises(Refused, match="待区镇审核"):
        demand_actions.propose(row, make.flow(city), channel="portal", by=people[Role.DISTRICT], on=ON)
    visitor = Visitor(people[Role.DISTRICT]).go(row.get_absolute_url())
    assert "推荐别的流动站" not in visitor.text


def test_a_flow_station_of_another_city_is_none(city, people):
    row, foreign = make.demand(city, people), make.flow(make.city("othercity"))
    answer = Visitor(people[Role.DISTRICT]).client.post(
        f"{row.get_absolute_url()}propose/", {"flow": foreign.pk, "channel": "portal"}
    )
    assert (answer.status_code, "没有这个流动站" in answer.content.decode()) == (422, True)


def test_the_first_contact_begins_the_talks_of_match_and_demand(city, people):
    row = make.match(city, people)
    visitor = Visitor(people[Role.HANDLER]).go(row.get_absolute_url())
    visitor.press("记下", on="2026-06-01", way="call", result="约了见面")
    row.refresh_from_db()
    assert (row.status, row.demand.status, row.matched_on) == ("talking", "talking", None)
    assert "约了见面" in visitor.text
    assert Contact.objects.get().by == people[Role.HANDLER]


@pytest.mark.parametrize(
    ("told", "matched"),
    [
        ([], None),
        ([(0, False)], None),
        ([(0, True)], None),
        ([(0, True), (3, False)], ON + timedelta(3)),
        ([(3, False), (0, True)], ON + timedelta(3)),
        ([(0, False), (3, True)], None),
        ([(0, True), (5, True), (3, False)], ON + timedelta(3)),
    ],
    ids=["none", "a call", "they met", "a follow-up", "entered the other way round", "met last", "the first follow-up"],
)
def test_from_which_day_a_match_counts(told, matched, city, people):
    row = make.match(city, people)
    for days, both in told:
        make.contact(row, people[Role.HANDLER], on=ON + timedelta(days), today=ON + timedelta(9), both=both)
    row.refresh_from_db()
    assert (row.matched_on, row.meetings) == (matched, sum(both for _days, both in told))


def test_signing_is_a_follow_up(city, people):
    row = make.match(city, people, status="talking")
    row = demand_lifecycle.match.move(
        row, "sign", by=people[Role.HANDLER], on=LATER, details={"document_on": LATER.isoformat()}
    )
    assert (row.signed_on, row.matched_on, demand_of(row.demand).status) == (LATER, LATER, "signed")


def test_a_contact_of_a_day_to_come_is_refused_on_its_page(city, people):
    row = make.match(city, people)
    visitor = Visitor(people[Role.HANDLER]).go(row.get_absolute_url())
    visitor.press("记下", on="2099-01-01", way="call", result="约好")
    assert (visitor.status, "在今天之后" in visitor.text, "约好" in visitor.page) == (422, True, True)
    assert not Contact.objects.exists()


@pytest.mark.parametrize(
    ("status", "action", "details", "told"),
    [
        ("talking", "sign", {"document_on": "2026-06-03"}, "今天之后"),
        ("talking", "sign", {"document_on": "2026-05-31"}, "早于双方第一次见面"),
        ("talking", "sign", {}, "请填写：签约日期"),
        ("signed", "enter", {"document_on": "2026-05-31", "people": "1"}, "早于签约日期"),
        ("signed", "enter", {"document_on": "2026-06-01", "people": "0"}, "至少为 1"),
        ("signed", "enter", {"document_on": "2026-06-01"}, "请填写：引进人数"),
    ],
)
def test_an_impossible_step_of_a_match_is_refused(status, action, details, told, city, people):
    row = make.match(city, people, status=status)
    with pytest.raises(Refused, match=told):
        demand_lifecycle.match.move(row, action, by=people[Role.HANDLER], on=LATER, details=details)


def test_a_demand_is_filled_when_enough_people_came(city, people):
    wanted = make.demand(city, people, people=2)
    make.match(city, people, wanted=wanted, status="entered")
    assert demand_of(wanted).status == "published"  # one is still wanted
    make.match(city, people, wanted=demand_of(wanted), status="entered")
    assert demand_of(wanted).status == "entered"
    assert demand_of(wanted).matter.closed_on == ON


def test_a_demand_follows_what_is_left_of_its_matches(city, people):
    wanted, by = make.demand(city, people), people[Role.HANDLER]
    signed = make.match(city, people, wanted=wanted, status="signed")
    talking = make.match(city, people, wanted=demand_of(wanted), status="talking")
    assert demand_of(wanted).status == "signed"
    demand_lifecycle.match.move(signed, "end", by=by, on=ON, note="没谈成")
    assert demand_of(wanted).status == "talking"
    demand_lifecycle.match.move(Match.objects.get(pk=talking.pk), "end", by=by, on=ON, note="没谈成")
    assert demand_of(wanted).status == "published"


def test_a_demand_in_talks_is_not_taken_down(city, people):
    row = make.match(city, people)
    visitor = Visitor(people[Role.HANDLER]).go(row.demand.get_absolute_url())
    visitor.press("撤下", **{"take_down-note": "不招了"})
    assert (visitor.status, "请先终止还没结束的对接" in visitor.text) == (422, True)
    demand_lifecycle.match.move(row, "end", by=people[Role.HANDLER], on=ON, note="不招了")
    visitor.go(row.demand.get_absolute_url()).press("撤下", **{"take_down-note": "不招了"})
    assert demand_of(row.demand).status == "down"


# --- the day -----------------------------------------------------------------------------------


def test_the_day_after_its_deadline_a_demand_expires_with_its_proposals(city, people):
    over = make.demand(city, people, deadline=ON)
    proposed = make.match(city, people, wanted=over)
    talking = make.match(city, people, wanted=make.demand(city, people, deadline=ON), status="talking")
    assert demand_actions.expire(on=ON) == 0
    assert demand_actions.expire(on=LATER) == 1
    proposed.refresh_from_db()
    assert (demand_of(over).status, proposed.status) == ("expired", "ended")
    assert demand_of(talking.demand).status == "talking"
    assert Event.objects.filter(action="expire").values_list("by", flat=True).get() is None
    assert Notice.objects.filter(user=people[Role.HANDLER], matter=over.matter, text__contains="到期").exists()
    assert demand_actions.expire(on=LATER) == 0


def test_the_beat_asks_for_it_every_day(db):
    assert jobs.HANDLERS["expire_demands"].daily


def test_nobody_makes_a_demand_expire(city, people):
    row = make.demand(city, people, deadline=ON)
    for user in people.values():
        with pytest.raises(NotYours):
            demand_lifecycle.demand.move(row, "expire", by=user, on=LATER)
    with pytest.raises(NotYours):
        demand_lifecycle.demand.move(row, "take_down", by=None, on=LATER, note="x")


# --- the register ------------------------------------------------------------------------------


def test_the_bureau_keeps_universities_and_their_flow_stations(city, people):
    visitor = Visitor(people[Role.BUREAU_HANDLER]).go("/universities/new/")
    visitor.press("保存", name="某某大学", province="江苏", key="on", phone="0512-55550000")
    row = University.objects.get()
    assert (row.pack, row.key, visitor.url) == (city.pack, True, row.get_absolute_url())
    visitor.press("加入", discipline="0811", strengths="伺服", chains=[str(city.chain.pk)])
    flow = FlowStation.objects.get()
    assert (list(flow.chains.all()), str(flow)) == ([city.chain], "某某大学控制科学与工程流动站")
    again = visitor.press("加入", discipline="0811")
    assert (again.status, "已有这个学科的流动站" in again.text) == (422, True)
    twice = (
        Visitor(people[Role.BUREAU_HANDLER]).go("/universities/new/").press("保存", name="某某大学", province="江苏")
    )
    assert (twice.status, "名单里已有这所高校院所" in twice.text) == (422, True)


def test_the_register_is_found_by_name_discipline_and_topic(city, people):
    flow = make.flow(city, owner=make.university(city, name="临湖大学"), strengths="机器视觉")
    make.university(city, name="望山大学", key=False)
    for q, found in (("临湖", 1), ("计算机", 1), ("视觉", 1), ("化学", 0), ("大学", 2)):
        page = Visitor(people[Role.HANDLER]).go(f"/universities/?q={q}").answer.context["page"]
        assert len(page.object_list) == found, q
    page = Visitor(people[Role.HANDLER]).go("/universities/?key=true").answer.context["page"]
    assert list(page) == [flow.university]


@pytest.mark.parametrize(
    "values",
    [{"disciplines": []}, {"people": None}, {"salary": -1}, {"status": "published", "published_on": None}],
    ids=["no discipline", "nobody wanted", "negative", "published without a day"],
)
def test_the_database_refuses_a_demand_that_cannot_be(values, city, people):
    row = make.demand(city, people, status="draft")
    for name, value in values.items():
        setattr(row, name, value)
    with pytest.raises(ValidationError):
        row.validate_constraints()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


# --- what counts -------------------------------------------------------------------------------


def counted(city, **values) -> int:
    row = make.indicator(
        make.plan(city, code=f"p{next(make.numbers)}"),
        city,
        kind="cumulative",
        source="match",
        stops="",
        where=[{"fact": values["starts"], "lookup": "gte", "value": "2025-01-01"}],
        **values,
    )
    return int(compute(city.pack, {row: [ON]})[row.pk, city.root.pk, ON])


def test_matches_count_by_different_hosts_universities_and_people(city, people):
    chief, owner = people[Role.BUREAU_APPROVER], city.enterprise
    station, university = make.station(city, chief, owner=owner), make.university(city)
    for code in ("0812", "0811"):
        wanted = make.demand(city, people, station=station)
        make.match(
            city, people, wanted=wanted, flow_=make.flow(city, owner=university, discipline=code), status="signed"
        )
    make.match(city, people, status="entered")  # of an enterprise whose demand names no station
    assert counted(city, starts="matched_on", distinct="host") == 1
    assert counted(city, starts="matched_on", distinct="enterprise") == 1
    assert counted(city, starts="signed_on", distinct="university") == 2
    assert counted(city, starts="entered_on", sum_of="people") == 1
