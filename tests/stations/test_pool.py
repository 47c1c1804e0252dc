"""The reserve pool: the way in and out, what is missing, the plan, and what an application does to an entry by itself."""

import io
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate
from python_calamine import CalamineWorkbook

from portal.facts import VOCABULARIES, Criterion
from portal.lifecycle import NotYours, Refused
from portal.models import Confirmation, Event, Matter, ReturnItem, Revision, Role, Setting, Spell, Workday
from stations.models import (
    Application,
    Condition,
    ConditionCriterion,
    IndustryChain,
    Measure,
    PoolBasis,
    PoolBasisCriterion,
    PoolEntry,
    PoolTier,
    StationKind,
)
from stations.pool import actions as pool_actions
from stations.pool import gaps
from stations.pool import lifecycle as pool
from stations.register import lifecycle as register_lifecycle
from targets.plans import indicators
from tests import make
from tests.reading import Visitor
from tests.stations.test_register import sheet

ON = make.ON
A_DAY = timedelta(1)


@pytest.fixture
def promised(city):
    """The days of the pack, on a calendar without holidays."""
    Workday.objects.create(on=date(2026, 10, 1), works=False)
    for code, days in (("days.pool_opinion", 5), ("days.pool_selection", 10), ("days.pool_plan", 20)):
        Setting.objects.create(pack=city.pack, code=code, title=code, why="测试", kind="integer", value=days)
    return city


def entry_in(status, city, people, **values):
    return make.pool_entry(status, city, people, **values)


# --- the way in --------------------------------------------------------------------------------


def test_an_enterprise_applies_its_district_supports_and_the_bureau_takes_it_in(promised, people):
    row = entry_in("growing", promised, people)
    assert (row.status, row.tier, row.entered_on, row.source) == ("growing", "b", ON, "unit")
    assert row.contact == people[Role.DISTRICT]
    assert row.matter.number == "TE-CB-2026-0001"
    spells = Spell.objects.filter(matter=row.matter).order_by("pk").values_list("status", flat=True)
    assert list(spells) == ["new", "district", "bureau", "admitted", "growing"]
    assert Revision.objects.get().data["bases"] == ["special"]


@pytest.mark.parametrize(
    ("status", "holder", "due"),
    [
        ("district", "district", date(2026, 6, 8)),
        ("bureau", "bureau_handler", date(2026, 6, 15)),
        ("admitted", "district", date(2026, 6, 29)),
    ],
)
def test_each_office_has_the_days_of_the_pack(status, holder, due, promised, people):
    matter = entry_in(status, promised, people).matter
    assert (matter.holder, matter.due_on) == (holder, due)


def test_a_district_proposes_and_has_spoken_with_that(city, people):
    row = entry_in("bureau", city, people, source="district")
    assert (row.status, row.contact) == ("bureau", people[Role.DISTRICT])
    assert list(Event.objects.values_list("action", "note")) == [("propose", "推荐")]


def test_a_seedling_enters_too(city, people):
    seedling = PoolBasis.objects.filter(pack=city.pack, code="seedling")
    assert entry_in("admitted", city, people, bases=seedling).status == "admitted"


def test_nobody_enters_without_a_basis(city, people):
    with pytest.raises(Refused, match="入库须有依据"), transaction.atomic():
        entry_in("district", city, people, bases=[])
    assert not PoolEntry.objects.exists()


def test_an_officer_of_another_district_proposes_nobody_here(city, people):
    with pytest.raises(NotYours), transaction.atomic():
        pool_actions.open_entry(
            enterprise=city.enterprise, source="district", values=make.pool_values(city), by=people["other_district"],
            on=ON, note="x",
        )  # fmt: skip
    assert not Matter.objects.filter(kind="pool").exists()


def test_an_enterprise_is_in_the_pool_once(city, people):
    row = entry_in("district", city, people)
    with pytest.raises(Refused, match="不能重复入库"):
        entry_in("district", city, people)
    with pytest.raises(IntegrityError), transaction.atomic():
        PoolEntry.objects.create(
            matter=make.draft(city, people[Role.HANDLER]).matter, enterprise=city.enterprise, source="unit",
            intention="some", target=city.upward, target_year=2027,
        )  # fmt: skip
    make.pool_step(row, "withdraw", people)
    assert entry_in("district", city, people).matter.number == "TE-CB-2026-0002"


def test_what_was_sent_back_goes_to_whoever_asked(city, people):
    row = entry_in("bureau", city, people)
    item = ReturnItem(target="field:statement", label="情况说明", code="R17", note="补充方向")
    row = make.pool_step(row, "send_back", people, items=[item])
    assert (row.status, row.matter.holder) == ("returned", "handler")
    row = make.pool_step(row, "resubmit", people)
    assert row.status == "bureau"
    assert not ReturnItem.objects.filter(resolved_at=None).exists()


def test_growing_begins_with_a_plan(city, people):
    row = entry_in("admitted", city, people)
    with pytest.raises(Refused, match="培育措施：0 项"):
        make.pool_step(row, "begin", people)
    make.measure(row, people[Role.DISTRICT], added_on=ON + A_DAY)  # not yet on the day
    with pytest.raises(Refused, match="培育措施：0 项"):
        make.pool_step(row, "begin", people)
    assert make.pool_step(row, "begin", people, on=ON + A_DAY).status == "growing"


@pytest.mark.parametrize(("action", "details"), [("admit", {"tier": "z"}), ("leave", {"because": "z"})])
def test_a_tier_and_a_reason_are_those_of_the_list(action, details, city, people):
    with pytest.raises(Refused, match="请选择"):
        make.pool_step(entry_in("bureau", city, people), action, people, details=details)
    assert PoolEntry.objects.get().status == "bureau"


def test_who_leaves_has_a_reason_and_a_day(city, people):
    row = make.pool_step(entry_in("growing", city, people), "leave", people, on=ON + A_DAY)
    assert (row.status, row.left_because, row.ended_on) == ("left", "moved", ON + A_DAY)
    assert row.matter.closed_on == ON + A_DAY


@pytest.mark.parametrize(
    "values",
    [
        {"tier": ""},
        {"entered_on": None},
        {"ended_on": ON},
        {"left_because": "moved"},
        {"status": "applied"},
        {"status": "left", "ended_on": ON},
        {"status": "established"},
        {"status": "left", "left_because": "moved", "ended_on": ON - A_DAY},
        {"target_year": 1999},
    ],
    ids=lambda v: " ".join(f"{k}={w}" for k, w in v.items()),
)
def test_the_database_keeps_an_entry_whole(values, city, people):
    row = entry_in("growing", city, people)
    with pytest.raises(IntegrityError), transaction.atomic():
        PoolEntry.objects.filter(pk=row.pk).update(**values)


# --- by itself ---------------------------------------------------------------------------------


def test_an_application_makes_it_applied_and_a_station_ends_it(city, people):
    row = entry_in("growing", city, people)
    case = make.brought_to("certifying", city, people)
    assert PoolEntry.objects.get().status == "growing"
    case = make.step(case, "submit", people)
    row.refresh_from_db()
    assert (row.status, row.application) == ("applied", case)
    for action in ("recommend", "pass", "send_up", "approve"):
        case = make.step(case, action, people)
    row.refresh_from_db()
    assert (row.status, row.ended_on, row.application) == ("established", ON, case)


def test_recognition_ends_it_too_and_so_from_where_no_plan_was_made(city, people):
    row = entry_in("admitted", city, people)
    make.brought_to("approved", city, people, kind=city.own)
    row.refresh_from_db()
    assert row.status == "established"


@pytest.mark.parametrize(
    ("at", "action", "who"),
    [
        ("district", "refuse", Role.DISTRICT),
        ("bureau", "refuse", Role.BUREAU_HANDLER),
        ("sent", "reject", Role.BUREAU_HANDLER),
        ("district", "withdraw", Role.HANDLER),
        ("passed", "withdraw", Role.CERTIFIER),
    ],
)
def test_it_goes_back_when_nothing_comes_of_the_application(at, action, who, city, people):
    row = entry_in("growing", city, people)
    case = make.brought_to(at, city, people)
    assert PoolEntry.objects.get().status == "applied"
    make.step(case, action, people, by=people[who], note="理由")
    row.refresh_from_db()
    assert (row.status, row.application) == ("growing", None)
    assert (row.matter.holder, row.matter.due_on) == ("handler", ON + timedelta(30))  # the next measure of its plan


def test_without_a_plan_it_goes_back_to_wait_for_one(city, people):
    row = entry_in("admitted", city, people)
    case = make.brought_to("district", city, people)
    make.step(case, "withdraw", people, by=people[Role.HANDLER])
    row.refresh_from_db()
    assert row.status == "admitted"


def test_a_return_and_another_application_leave_it_where_it_is(city, people):
    entry_in("growing", city, people)
    case, other = make.brought_to("district", city, people), make.brought_to("district", city, people, kind=city.own)
    make.step(other, "withdraw", people, by=people[Role.HANDLER])
    item = ReturnItem(target="field:project", label="x", code="R01")
    make.step(case, "return", people, by=people[Role.DISTRICT], items=[item])
    row = PoolEntry.objects.get()
    assert (row.status, row.application) == ("applied", case)


def test_selection_goes_on_whatever_its_enterprise_applies_for(city, people):
    entry_in("bureau", city, people)
    make.brought_to("approved", city, people)
    assert PoolEntry.objects.get().status == "bureau"


def test_an_application_that_is_not_handed_in_moves_nothing(city, people, monkeypatch):
    """Both or none: what fails in the entry takes the application's step back with it."""
    entry_in("growing", city, people)
    case = make.brought_to("certifying", city, people)

    def fail(*args, **kwargs):
        raise Refused("不行")

    monkeypatch.setattr(pool.pool, "move", fail)
    with pytest.raises(Refused):
        make.step(case, "submit", people)
    assert Application.objects.get().status == "certifying"
    assert not Event.objects.filter(action="submit").exists()


# --- what is missing ---------------------------------------------------------------------------


@pytest.fixture
def asked(city, people):
    """Basic 1 asks for 200 staff, basic 2 for nothing we know, the recommended one for a tag."""
    conditions = {c.code: c for c in Condition.objects.filter(type=city.upward)}
    ConditionCriterion.objects.create(condition=conditions["basic-1"], fact="staff", lookup="gte", value=200)
    ConditionCriterion.objects.create(condition=conditions["rec-1"], fact="is_champion", lookup="exact", value=True)
    return conditions


def told(row, on=ON):
    return gaps.of_entries([row], on=on)[row.pk]


def met(row, on=ON):
    return {gap.condition.code: gap.met for gap in told(row, on).rows}


@pytest.mark.parametrize(("staff", "answer"), [(199, False), (200, True), (None, None)], ids=["199", "200", "unknown"])
def test_a_condition_is_answered_from_what_the_portal_knows(staff, answer, asked, city, people):
    row = entry_in("bureau", city, people)
    city.enterprise.staff, city.enterprise.rd_staff, city.enterprise.senior_staff = staff, None, None
    city.enterprise.save()
    assert met(row) == {"basic-1": answer, "basic-2": None, "rec-1": None}  # it never said that it has no more tags


def test_several_criteria_of_a_condition_must_all_hold(asked, city, people):
    row = entry_in("bureau", city, people)
    ConditionCriterion.objects.create(condition=asked["basic-1"], fact="doctors", lookup="gte", value=1, order=1)
    assert met(row)["basic-1"] is None
    city.enterprise.doctors = 0
    city.enterprise.save()
    assert met(row)["basic-1"] is False


@pytest.mark.parametrize(
    ("verdict", "answer"), [(True, True), (False, False), (None, True)], ids=["met", "unmet", "can't tell"]
)
def test_who_has_looked_knows_better_than_a_figure(verdict, answer, asked, city, people):
    row = entry_in("bureau", city, people)
    pool_actions.judge(row, asked["basic-1"], verdict=verdict, note="看过", by=people[Role.DISTRICT], on=ON)
    assert met(row)["basic-1"] is answer


def test_a_finding_counts_from_its_day_until_the_next(asked, city, people):
    row, officer = entry_in("bureau", city, people), people[Role.DISTRICT]
    pool_actions.judge(row, asked["basic-2"], verdict=True, note="", by=officer, on=ON + A_DAY)
    pool_actions.judge(row, asked["basic-2"], verdict=False, note="", by=officer, on=ON + 3 * A_DAY)
    days = [met(row, ON + n * A_DAY)["basic-2"] for n in range(5)]
    assert days == [None, True, True, False, False]


def test_of_two_levels_the_later_word_counts_and_of_another_target_none(asked, city, people):
    row = entry_in("bureau", city, people)
    pool_actions.judge(row, asked["basic-2"], verdict=True, note="", by=people[Role.DISTRICT], on=ON)
    pool_actions.judge(row, asked["basic-2"], verdict=False, note="", by=people[Role.BUREAU_HANDLER], on=ON)
    assert met(row)["basic-2"] is False
    PoolEntry.objects.update(target=city.own)
    assert met(PoolEntry.objects.get())["basic-2"] is None


@pytest.mark.parametrize("who", ["other_district", "other_unit", Role.HANDLER, Role.AUDITOR, Role.BUREAU_APPROVER])
def test_others_find_nothing_out(who, asked, city, people):
    row = entry_in("bureau", city, people)
    with pytest.raises(Refused):
        pool_actions.judge(row, asked["basic-2"], verdict=True, note="", by=people[who], on=ON)
    assert not Confirmation.objects.exists()


@pytest.mark.parametrize(
    ("known", "short", "tier"),
    [
        ((), 3, "c"),
        (("basic-1",), 2, "c"),
        (("basic-1", "rec-1"), 1, "b"),
        (("basic-1", "basic-2"), 1, "b"),
        (("basic-1", "basic-2", "rec-1"), 0, "a"),
    ],
    ids=["nothing", "one", "one basic wanting", "the recommended one wanting", "all"],
)
def test_the_gaps_propose_a_tier(known, short, tier, city, people):
    """Near is one open condition here."""
    row = entry_in("bureau", city, people)
    for code in known:
        condition = Condition.objects.get(type=city.upward, code=code)
        pool_actions.judge(row, condition, verdict=True, note="", by=people[Role.DISTRICT], on=ON)
    found = told(row)
    assert (found.short, found.total, found.tier(1)) == (short, 3, tier)
    assert len([piece for piece in found.pieces if piece == "done"]) == 3 - short


def test_how_near_is_near_is_the_pack_s_word(city):
    assert gaps.near_of(city.pack) == 3
    from django.core.cache import cache

    cache.clear()
    Setting.objects.create(pack=city.pack, code="pool.near", title="x", why="x", kind="integer", value=0)
    assert gaps.near_of(city.pack) == 0


def test_enough_recommended_conditions_make_the_others_spare(asked, city, people):
    row = entry_in("bureau", city, people)
    Condition.objects.create(
        type=city.upward, code="rec-2", group="recommended", title="x", summary="x", clause=city.clause, order=9
    )
    pool_actions.judge(row, asked["rec-1"], verdict=True, note="", by=people[Role.DISTRICT], on=ON)
    first, second = told(row).recommended
    assert (first.state[0], second.state[0], second.spare) == ("met", "todo", True)


def test_the_gaps_of_many_take_as_many_queries_as_of_one(asked, city, people):
    entry_in("bureau", city, people)
    for _n in range(2):
        here, them = make.people_of(city, make.enterprise(city.north), people)
        entry_in("bureau", here, them)
    rows, counts = list(PoolEntry.objects.with_case().order_by("pk")), []
    for some in (rows[:1], rows):
        with CaptureQueriesContext(connection) as queries:
            gaps.of_entries(some, on=ON)
        counts.append(len(queries))
    assert counts == [5, 2]  # the conditions are remembered
    assert gaps.of_entries([], on=ON) == {}


def test_a_basis_is_borne_out_by_any_of_its_criteria(city):
    special = PoolBasis.objects.get(pack=city.pack, code="special")
    for fact in ("is_special", "is_little_giant"):
        PoolBasisCriterion.objects.create(basis=special, fact=fact, lookup="exact", value=True)
    bases = list(PoolBasis.objects.filter(pack=city.pack).prefetch_related("criteria"))
    assert gaps.backed(city.enterprise, bases, on=ON) == {special.pk: None}
    for tags, confirmed, answer in ((["little_giant"], None, True), (["gazelle"], ON, False)):
        city.enterprise.tags, city.enterprise.confirmed_on = tags, confirmed
        city.enterprise.save()
        assert gaps.backed(city.enterprise, bases, on=ON) == {special.pk: answer}


# --- the plan ----------------------------------------------------------------------------------


def test_whoever_has_the_next_measure_holds_the_entry(city, people):
    row, officer = entry_in("growing", city, people), people[Role.DISTRICT]
    sooner = make.measure(row, officer, owner="bureau", due_on=ON + 5 * A_DAY)
    pool_actions.changed(row)
    matter = Matter.objects.get(pk=row.matter_id)
    assert (matter.holder, matter.due_on) == ("bureau_handler", ON + 5 * A_DAY)
    pool_actions.finish(sooner, done_on=ON, note="", by=people[Role.BUREAU_HANDLER], on=ON)
    matter.refresh_from_db()
    assert (matter.holder, matter.due_on) == ("handler", ON + 30 * A_DAY)
    pool_actions.finish(row.measures.get(done_on=None), done_on=ON, note="签了", by=people[Role.HANDLER], on=ON)
    matter.refresh_from_db()
    assert (matter.holder, matter.due_on) == ("district", None)


def test_changing_the_tier_leaves_the_clock_of_the_plan(city, people):
    row = make.pool_step(entry_in("growing", city, people), "grade", people, details={"tier": "a"})
    assert (row.tier, row.matter.due_on, row.matter.holder) == ("a", ON + 30 * A_DAY, "handler")


@pytest.mark.parametrize(
    ("owner", "who", "done_on", "told"),
    [
        ("district", Role.HANDLER, ON, "由区镇负责"),
        ("unit", "other_unit", ON, "由企业负责"),
        ("unit", Role.CERTIFIER, ON, "由企业负责"),
        ("unit", Role.HANDLER, ON + A_DAY, "在今天之后"),
    ],
    ids=["another's measure", "another's enterprise", "who only signs", "tomorrow"],
)
def test_a_measure_is_done_by_whose_it_is_and_not_tomorrow(owner, who, done_on, told, city, people):
    row = entry_in("growing", city, people)
    one = make.measure(row, people[Role.DISTRICT], owner=owner)
    with pytest.raises(Refused, match=told):
        pool_actions.finish(one, done_on=done_on, note="", by=people[who], on=ON)


def test_a_measure_is_late_the_day_after_its_day(city, people):
    row = entry_in("growing", city, people)
    make.measure(row, people[Role.DISTRICT], due_on=ON)

    def late(on):
        found = PoolEntry.objects.with_measures(on).get()
        return (found.measures_all, found.measures_done, found.measures_late, found.next_due)

    assert late(ON) == (2, 0, 0, ON)
    assert late(ON + A_DAY) == (2, 0, 1, ON)
    Measure.objects.filter(due_on=ON).update(done_on=ON)
    assert late(ON + A_DAY) == (2, 1, 0, ON + 30 * A_DAY)


# --- the pages ---------------------------------------------------------------------------------


def this_year() -> dict:
    return {"target_year": str(localdate().year + 1), "intention": "firm"}


def basis(city, code="special"):
    return str(PoolBasis.objects.get(pack=city.pack, code=code).pk)


def test_an_enterprise_sees_what_is_missing_and_applies(asked, city, people):
    page = Visitor(people[Role.HANDLER]).go("/pool/own/")
    assert "条件basic-2" in page.text
    assert "证明basic-2" in page.text  # what to bring
    page.press("提交申请", bases=[basis(city)], target=str(city.upward.pk), statement="方向", **this_year())
    row = PoolEntry.objects.get()
    assert (page.url, row.status, row.statement) == (row.get_absolute_url(), "district", "方向")
    assert page.go("/pool/own/").url == row.get_absolute_url()
    assert "储备库" in page.go("/desk/").text


def test_what_is_typed_wrong_is_shown_again(city, people):
    page = Visitor(people[Role.HANDLER]).go("/pool/own/")
    page.press("提交申请", target=str(city.upward.pk), statement="留着", target_year="1999", intention="firm")
    assert page.status == 422
    assert "请至少选一项入库依据。" in page.text
    assert "目标年份应在" in page.text
    assert "留着</textarea>" in page.page
    assert not PoolEntry.objects.exists()


def test_who_only_signs_reads(city, people):
    page = Visitor(people[Role.CERTIFIER]).go("/pool/own/")
    assert (page.status, "提交申请" in page.text) == (200, False)
    assert page.client.post("/pool/own/", {}).status_code == 403


def test_a_correction_opens_only_what_was_named(city, people):
    row = entry_in("district", city, people)
    officer = Visitor(people[Role.DISTRICT]).go(f"{row.get_absolute_url()}return/")
    officer.press("退回补正", **{"on-field:statement": "on", "code-field:statement": "R17"})
    unit = Visitor(people[Role.HANDLER]).go(row.get_absolute_url())
    assert "佐证不足" in unit.text
    unit.press("再次提交", to="correct", statement="新的", target_year="2040", note="")
    assert unit.status == 422
    assert "请说明改了什么" in unit.text
    assert "新的</textarea>" in unit.page
    unit.press("再次提交", to="correct", statement="新的", target_year="2040", note="补了方向")
    row.refresh_from_db()
    assert (row.status, row.statement, row.target_year) == ("district", "新的", 2027)
    assert unit.client.post(f"{row.get_absolute_url()}correct/", {"note": "x"}).status_code == 302  # no more


def test_an_officer_proposes_an_enterprise_of_the_district(city, people):
    page = Visitor(people[Role.DISTRICT]).go(f"/enterprises/{city.enterprise.organisation.code}/")
    assert f"/pool/new/?unit={city.enterprise.organisation.code}" in page.page
    page.go(f"/pool/new/?unit={city.enterprise.organisation.code}")
    page.press("推荐入库", bases=[basis(city, "seedling")], target=str(city.upward.pk), note="值得培育", **this_year())
    row = PoolEntry.objects.get()
    assert (row.status, row.source, row.enterprise) == ("bureau", "district", city.enterprise)


def test_an_enterprise_of_another_district_is_not_found(city, people):
    page = Visitor(people["other_district"]).go("/pool/new/")
    name = city.enterprise.organisation.name
    page.press("推荐入库", unit=name, bases=[basis(city)], target=str(city.upward.pk), note="x", **this_year())
    assert page.status == 422
    assert f"您的区镇没有“{name}”这家单位" in page.text


def test_the_bureau_takes_it_in_with_the_tier_proposed(city, people):
    row = entry_in("bureau", city, people)
    page = Visitor(people[Role.BUREAU_HANDLER]).go(row.get_absolute_url())
    assert "按短板建议" in page.text
    page.press("批准入库", to="admit", note="")
    row.refresh_from_db()
    assert (row.status, row.tier) == ("admitted", PoolTier.B)  # three of three open, and three are near


def test_the_plan_is_written_in_one_go(city, people):
    row = entry_in("growing", city, people)
    one, day = row.measures.get(), localdate()
    page = Visitor(people[Role.DISTRICT]).go(row.get_absolute_url())
    page.press(
        "保存方案", plan="先补流动站", **{f"m{one.pk}-done_on": day.isoformat(), "n0-text": "签意向书",
        "n0-owner": "bureau", "n0-due_on": "2026年12月1日"},
    )  # fmt: skip
    assert page.told == ["培育方案已保存。"]
    first, second = row.measures.order_by("pk")
    assert (first.done_on, second.text, second.owner, second.due_on) == (day, "签意向书", "bureau", date(2026, 12, 1))
    assert PoolEntry.objects.get().plan == "先补流动站"
    assert Matter.objects.get(pk=row.matter_id).holder == "bureau_handler"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"n0-text": "只有措施"}, "必填"),
        ({"n0-text": "措施", "n0-due_on": "哪天"}, "不是日期"),
        ({"n0-text": "同", "n0-due_on": "2026-12-01", "n1-text": "同", "n1-due_on": "2026-12-01"}, "已有同样的措施"),
        ({"n0-text": "措施", "n0-due_on": "2026-12-01", "n0-done_on": "2099-01-01"}, "在今天之后"),
        ({"target_year": "3000"}, "2099"),
    ],
    ids=["no day", "no date", "twice", "done tomorrow", "no year"],
)
def test_a_plan_that_cannot_be_keeps_all_that_was_typed(typed, told, city, people):
    row = entry_in("growing", city, people)
    page = Visitor(people[Role.DISTRICT]).go(row.get_absolute_url())
    page.press("保存方案", plan="写了很多", **typed)
    assert page.status == 422
    assert told in page.text
    assert "写了很多</textarea>" in page.page
    assert all(f'value="{value}"' in page.page for name, value in typed.items() if name.endswith("text"))
    assert (row.measures.count(), PoolEntry.objects.get().plan) == (1, "")


def test_a_measure_is_taken_away_and_one_of_the_same_words_is_not_added(city, people):
    row = entry_in("growing", city, people)
    one = row.measures.get()
    page = Visitor(people[Role.DISTRICT]).go(row.get_absolute_url())
    page.press("保存方案", **{"n0-text": one.text, "n0-due_on": "2026-12-01"})
    assert page.status == 422
    page.go(row.get_absolute_url()).press("保存方案", **{f"m{one.pk}-remove": "on"})
    assert row.measures.count() == 0


def test_two_who_write_the_plan_lose_nothing(city, people):
    row = entry_in("growing", city, people)
    one = row.measures.get()
    here, there = (Visitor(people[role]).go(row.get_absolute_url()) for role in (Role.DISTRICT, Role.BUREAU_HANDLER))
    there.press("保存方案", **{f"m{one.pk}-text": "改过的措施"})
    here.press("保存方案", plan="区镇写的")
    assert (row.measures.get().text, PoolEntry.objects.get().plan) == ("改过的措施", "区镇写的")
    there.press("保存方案", plan="市局写的")
    assert there.status == 422
    assert "刚才有人把它改成了“区镇写的”" in there.text
    there.press("保存方案")
    assert PoolEntry.objects.get().plan == "市局写的"


def test_a_done_measure_reopened_forgets_how_it_was_done(city, people):
    row = entry_in("growing", city, people)
    one = row.measures.get()
    pool_actions.finish(one, done_on=ON, note="签了", by=people[Role.HANDLER], on=ON)
    page = Visitor(people[Role.DISTRICT]).go(row.get_absolute_url())
    page.press("保存方案", **{f"m{one.pk}-done_on": ""})
    one.refresh_from_db()
    assert (one.done_on, one.done_note) == (None, "")


def test_an_enterprise_says_that_its_measure_is_done(city, people):
    row = entry_in("growing", city, people)
    page = Visitor(people[Role.HANDLER]).go(row.get_absolute_url())
    page.press("登记完成", **{"done-done_on": "没有", "done-note": "已签"})
    assert (page.status, 'value="已签"' in page.page) == (422, True)
    page.press("登记完成", **{"done-done_on": localdate().isoformat(), "done-note": "已签"})
    assert row.measures.get().done_note == "已签"


def test_an_officer_writes_down_what_was_found(city, people):
    row = entry_in("growing", city, people)
    page = Visitor(people[Role.DISTRICT]).go(row.get_absolute_url())
    url = f"{row.get_absolute_url()}verdict/basic-2/"
    assert page.client.post(url, {"verdict": "met", "note": "看过现场"}).status_code == 302
    assert "看过现场" in page.go(row.get_absolute_url()).text
    wrong = page.client.post(url, {"verdict": "met", "note": "长" * 501})
    assert wrong.status_code == 422
    assert "长" * 501 in wrong.content.decode()
    assert page.client.post(f"{row.get_absolute_url()}verdict/nothing/", {}).status_code == 404


# --- the list ----------------------------------------------------------------------------------


@pytest.fixture
def listed(city, people):
    """One that grows (b, robotics, late), one in selection in the south, one that left."""
    city.enterprise.chain = city.chain
    city.enterprise.save()
    grown = entry_in("growing", city, people)
    grown.measures.update(due_on=date(2099, 1, 1))
    make.measure(grown, people[Role.DISTRICT], due_on=date(2026, 1, 1))
    south, officers = make.people_of(city, make.enterprise(city.south), people, officer="other_district")
    waits = entry_in("bureau", south, officers, source="district")
    gone, them = make.people_of(city, make.enterprise(city.north), people)
    left = make.pool_step(entry_in("growing", gone, them), "leave", them)
    return {"grown": grown, "waits": waits, "left": left}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["waits", "grown", "left"]),
        ({"tier": "b"}, ["grown", "left"]),
        ({"status": ["growing", "bureau"]}, ["waits", "grown"]),
        ({"district": "south"}, ["waits"]),
        ({"chain": "robotics"}, ["grown"]),
        ({"chain": "null"}, ["waits", "left"]),
        ({"basis": "special", "tier": "b"}, ["grown", "left"]),
        ({"basis": "seedling"}, []),
        ({"q": "CB-2026-0002"}, ["waits"]),
    ],
)
def test_page_workbook_and_api_show_the_same(asked, found, listed, city, people):
    ids = {"robotics": city.chain.pk, "south": city.south.pk}
    ids |= {code: basis(city, code) for code in ("special", "seedling")}
    asked = {n: ids.get(v, v) if isinstance(v, str) else v for n, v in asked.items()}
    client = Visitor(people[Role.BUREAU_HANDLER]).client
    numbers = [listed[name].matter.number for name in found]
    assert [e.matter.number for e in client.get("/pool/", asked).context["page"]] == numbers
    assert [row[0] for row in sheet(client.get("/pool/export/", asked))[4:]] == numbers
    assert {row["number"] for row in client.get("/api/v1/pool/", asked).json()["results"]} == set(numbers)


def test_tiers_and_chains_are_counted_and_lead_to_their_rows(listed, city, people):
    IndustryChain.objects.create(pack=city.pack, code="empty", name="空链", order=1)
    visitor = Visitor(people[Role.BUREAU_HANDLER]).go("/pool/")
    context = visitor.answer.context
    assert [(row["label"], row["total"]) for row in context["lines"]] == [
        ("A 可申报", 0), ("B 一年内", 1), ("C 苗子", 0), ("选拔中", 1),
    ]  # fmt: skip
    assert (context["in_pool"], context["in_selection"], context["late"], context["holes"]) == (1, 1, 1, ["空链"])
    cell = context["lines"][1]["cells"][0]
    assert [e for e in visitor.go(cell["url"]).answer.context["page"]] == [listed["grown"]]


def test_a_district_sees_its_own(listed, city, people):
    for role, names in ((Role.DISTRICT, ["grown", "left"]), ("other_district", ["waits"])):
        page = Visitor(people[role]).go("/pool/").answer.context["page"]
        assert [e.matter.number for e in page] == [listed[n].matter.number for n in names]


def test_the_workbook_says_what_the_page_says(listed, city, people):
    answer = Visitor(people[Role.BUREAU_HANDLER]).client.get("/pool/export/?tier=b&status=growing")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    told = dict(zip(rows[3], rows[4], strict=True))
    assert (told["培育梯队"], told["条件"], told["还缺的条件"]) == (
        "B 一年内", "还差 3 项，其中 2 项还不知道", "条件basic-1、条件basic-2",
    )  # fmt: skip
    assert (told["措施总数"], told["已完成"], told["逾期"], told["下一项时限"]) == (2, 0, 1, date(2026, 1, 1))


@pytest.mark.parametrize("action", sorted(pool.BY_ITSELF))
def test_what_comes_by_itself_has_no_button(action, city, people):
    row = entry_in("growing", city, people)
    client = Visitor(people[Role.BUREAU_HANDLER]).client
    assert client.post(f"{row.get_absolute_url()}move/{action}/").status_code == 404


# --- as an indicator ---------------------------------------------------------------------------


def test_targets_count_the_pool_by_a_day(city, people):
    row = entry_in("growing", city, people)
    plan = make.plan(city)
    counted = make.indicator(plan, city, source="pool", starts="entered_on", stops="ended_on")
    make.pool_step(row, "leave", people, on=ON + 9 * A_DAY)

    def value(on):
        return indicators.compute(city.pack, {counted: [on]})[counted.pk, city.root.pk, on]

    assert [value(ON + n * A_DAY) for n in (-1, 0, 8, 9)] == [0, 1, 1, 0]


def test_a_fact_of_a_day_is_not_moved_by_what_comes_later(city, people):
    row = entry_in("growing", city, people)
    pool_facts = VOCABULARIES["pool"]
    ask = [Criterion("measures", "gte", 1, "x")]
    before = [f.met for f in pool_facts.findings(row, ask, on=ON - A_DAY)]
    make.measure(row, people[Role.DISTRICT], added_on=ON + A_DAY)
    assert [f.met for f in pool_facts.findings(row, ask, on=ON - A_DAY)] == before == [False]


def test_an_entry_in_the_register_without_its_pool_is_no_trouble(city, people):
    """A station that is entered straight from its paper moves no entry."""
    row = entry_in("growing", city, people)
    register_lifecycle.enter_station(
        city.enterprise, kind=StationKind.BRANCH, approved_on=ON, document="x", approver="x",
        district=city.north, by=people[Role.BUREAU_APPROVER],
    )  # fmt: skip
    row.refresh_from_db()
    assert row.status == "growing"
