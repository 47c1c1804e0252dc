"""Plans on a page: targets revised and shared out, a new plan drafted from an old one, checked as a pack is, published by
a second person."""

import io
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate, make_aware
from python_calamine import CalamineWorkbook

from portal.lifecycle import Refused
from portal.models import Amendment, Job, Role
from targets.models import DepartmentTarget, Indicator, Plan, Target
from targets.plans import actions, indicators
from targets.plans.actions import Basis, revise, share_out
from targets.plans.history import history
from tests import make
from tests.reading import Visitor

PAPER = Basis(None, "测办发〔2026〕8号")
END = date(2026, 12, 31)


@pytest.fixture
def plan(city):
    return make.plan(city)


@pytest.fixture
def chief(people):
    return Visitor(people[Role.BUREAU_HANDLER])


# --- revising ----------------------------------------------------------------------------------


def test_a_target_is_revised_with_reason_and_paper_and_keeps_its_history(plan, city, chief):
    row = make.indicator(plan, city, code="ST")
    target = row.targets.get()
    page = chief.go("/targets/plan/ST/").go("/targets/plan/ST/revise/")
    page.press("保存调整", reason="上级追加任务", paper="测办发〔2026〕8号", clause="", **{f"n{target.pk}": "120"})
    assert page.told == ["已调整目标，相关指标正在重算。"]
    target.refresh_from_db()
    assert (target.value, target.paper, target.clause) == (120, "测办发〔2026〕8号", None)
    (line,) = history(row)
    assert (line["before"], line["after"], line["basis"], line["whole"]) == ("100.00", "120", "测办发〔2026〕8号", True)
    assert "上级追加任务" in page.text
    assert Job.objects.filter(kind="recompute", state="waiting").exists()


def test_a_past_day_is_held_against_the_target_of_that_day(plan, city, people):
    """Revised twice and split in between; what was entered later and replaced nothing held before."""
    row, by = make.indicator(plan, city, code="ST"), people[Role.BUREAU_HANDLER]
    today, first, second = localdate(), localdate() - timedelta(40), localdate() - timedelta(20)
    for at, change in (
        (first, lambda: revise(row, {END: Decimal(120)}, total=None, basis=PAPER, by=by, reason="追加")),
        (first, lambda: share_out(row, END, {city.north: Decimal(70), city.south: Decimal(50)}, by=by, reason="分解")),
        (second, lambda: revise(row, {END: Decimal(90)}, total=None, basis=PAPER, by=by, reason="调减")),
        (second, lambda: share_out(row, END, {city.north: Decimal(40), city.south: None}, by=by, reason="分解")),
    ):
        last = Amendment.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        change()
        Amendment.objects.filter(pk__gt=last).update(at=make_aware(datetime.combine(at, time(12))))

    def told(set_on):
        found = indicators.figures(plan, [city.root, city.north, city.south], today, set_on=set_on)
        return [found[row.pk, place.pk].target for place in (city.root, city.north, city.south)]

    assert told(None) == told(second) == [90, 40, None]
    assert told(second - timedelta(1)) == told(first) == [120, 70, 50]
    assert told(first - timedelta(1)) == [100, 70, 50]
    client = Visitor(by).client
    on = (second - timedelta(1)).isoformat()
    for address in (f"?on={on}", f"?known={on}", f"?on={on}&known={on}"):
        (line,) = client.get(f"/api/v1/plans/plan/figures/{address}").json()
        assert line["target"] == "120.00"
        assert client.get(f"/targets/plan/ST/{address}").context["figure"].target == 120
    assert "目标按当天有效的" in client.get(f"/targets/?on={on}").content.decode()
    page = client.get(f"/targets/plan/?on={on}&district={city.north.code}").content.decode()
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(client.get(f"/targets/plan/export/?on={on}&district={city.north.code}").content)
    )
    assert f"/targets/plan/export/?on={on}&amp;district={city.north.code}" in page
    assert 70 in [cell for line in book.get_sheet_by_index(0).to_python() for cell in line]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"paper": ""}, "请选依据条款，或写明依据的文件。"),
        ({"reason": ""}, "必填"),
        ({"value": "-1"}, "0"),
        ({"value": "100"}, "目标没有改动。"),
    ],
    ids=["no paper", "no reason", "below nothing", "the same"],
)
def test_a_revision_that_says_too_little_changes_nothing(typed, said, plan, city, chief):
    row = make.indicator(plan, city, code="ST")
    given = {"reason": "追加", "paper": "纪要", "value": "120"} | typed
    page = chief.go("/targets/plan/ST/revise/")
    page.press("保存调整", clause="", **{f"n{row.targets.get().pk}": given.pop("value")}, **given)
    assert (page.status, row.targets.get().value, Amendment.objects.count()) == (422, 100, 0)
    assert said in page.text


def test_a_revision_is_checked_as_a_pack_is(plan, city, people):
    """Years add up to what the paper says; a part is not more than its whole."""
    by = {"by": people[Role.BUREAU_HANDLER], "reason": "追加", "basis": PAPER}
    flow = make.indicator(plan, city, kind="flow", stops="", target=60, plan_total=100)
    Target.objects.create(pack=city.pack, indicator=flow, district=city.root, on=date(2025, 12, 31), value=40)
    values = {date(2025, 12, 31): Decimal(40), END: Decimal(70)}
    with pytest.raises(ValidationError, match="各年目标合计 110，与计划总数 100 不符"):
        actions.revise(flow, values, total=Decimal(100), **by)
    assert actions.revise(flow, values, total=Decimal(110), **by) == 1
    flow.refresh_from_db()
    assert flow.plan_total == 110
    whole = make.indicator(plan, city)
    part = make.indicator(plan, city, parent=whole, target=50)
    with pytest.raises(ValidationError, match=f"{part.name}：{END} 的目标 50 大于上级指标"):
        actions.revise(whole, {END: Decimal(40)}, total=None, **by)
    assert whole.targets.get().value == 100


# --- sharing out -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "parts", "more"),
    [
        ("level", [60, 40], 0),
        ("level", [60, None], -40),
        ("level", [60, 50], 10),
        ("coverage", [60, 60], 0),
        ("level", [None, None], None),
    ],
    ids=["as much", "less", "more", "chains don't add up", "none yet"],
)
def test_parts_are_held_against_the_whole(kind, parts, more, plan, city):
    row = make.indicator(plan, city, kind=kind, distinct="chain" if kind == "coverage" else "")
    share = actions.share_of(row, Decimal(100), [p and Decimal(p) for p in parts])
    assert share.differs == bool(more)
    if more is not None:
        assert share.more == more


def test_a_difference_is_said_and_saved_only_on_purpose(plan, city, chief):
    make.indicator(plan, city, code="ST")
    page = chief.go("/targets/plan/ST/split/")
    page.press("保存分解", reason="会议", **{f"d{city.north.pk}": "40"})
    assert page.status == 422
    assert "合计 40，比全市目标 100 少 60。" in page.text
    assert not Target.objects.filter(district=city.north).exists()
    page.press("保存分解", reason="其余待定", differs="on", **{f"d{city.north.pk}": "40"})
    assert Target.objects.get(district=city.north).value == 40
    assert "各区镇任务合计 40，全市 100" in chief.go("/targets/plan/ST/").text


def test_departments_get_their_share_too(plan, city, people, chief):
    row = make.indicator(plan, city, code="ST", departments=["科技局", "工信局"])
    page = chief.go("/targets/plan/ST/split/?by=departments")
    page.press("保存分解", reason="部门分工", d0="70", d1="30")
    assert dict(DepartmentTarget.objects.values_list("department", "value")) == {"科技局": 70, "工信局": 30}
    assert {line["department"] for line in history(row)} == {"科技局", "工信局"}
    assert "科技局" in chief.go("/targets/plan/ST/").text
    actions.share_out(row, END, {"科技局": None}, by=people[Role.BUREAU_HANDLER], reason="不再承担")
    assert DepartmentTarget.objects.get().department == "工信局"


def test_each_year_of_a_flow_is_shared_out_for_itself(plan, city, chief):
    row = make.indicator(plan, city, code="FL", kind="flow", stops="", target=20)
    first = date(2025, 12, 31)
    Target.objects.create(pack=city.pack, indicator=row, district=city.root, on=first, value=15)
    page = chief.go(f"/targets/plan/FL/split/?node={first}")
    page.press("保存分解", reason="会议", **{f"d{city.north.pk}": "10", f"d{city.south.pk}": "5"})
    assert set(Target.objects.filter(indicator=row, district=city.north).values_list("on", flat=True)) == {first}


# --- a new plan --------------------------------------------------------------------------------


def drafted(plan, city, by, **values) -> Plan:
    given = {"name": "下一期", "code": "next", "since": date(2027, 1, 1), "until": date(2027, 12, 31)}
    return actions.draft(plan, Plan(document=city.clause.document, **(given | values)), by=by)


def test_a_draft_copies_definitions_moves_days_and_leaves_figures_to_be_typed(plan, city, people):
    whole = make.indicator(
        plan, city, code="PD", kind="cumulative", baseline="A1.x", settings=["A1"],
        where=[{"fact": "approved_on", "lookup": "gte", "setting": "A1"}],
    )  # fmt: skip
    make.indicator(plan, city, code="PT", parent=whole, target=50)
    flow = make.indicator(plan, city, code="FL", kind="flow", stops="", target=4, pace="steps")
    for month, day in ((3, 31), (6, 30)):
        Target.objects.create(pack=city.pack, indicator=flow, district=city.root, on=date(2025, month, day), value=1)
    row = drafted(plan, city, people[Role.BUREAU_HANDLER])
    copies = {i.code: i for i in Indicator.objects.filter(plan=row)}
    assert set(copies) == {"PD-27", "PT-27", "FL-27"}
    assert copies["PT-27"].parent == copies["PD-27"]
    new = copies["PD-27"]
    assert new.where == [{"fact": "approved_on", "lookup": "gte", "value": "2027-01-01"}]
    assert (new.baseline, new.settings, new.former, new.targets.count()) == ("", [], whole, 0)
    assert actions.days_of_targets(new) == [date(2027, 12, 31)]
    days = [date(2027, 3, 31), date(2027, 6, 30), date(2027, 12, 31)]
    assert actions.days_of_targets(copies["FL-27"]) == days
    assert not Plan.objects.filter(code="next").exists()


def test_codes_of_copies_stay_short_and_apart():
    assert actions.new_code("KS-PD", date(2027, 12, 31), set()) == "KS-PD-27"
    assert actions.new_code("KS-PD-27", date(2028, 12, 31), set()) == "KS-PD-28"
    assert actions.new_code("KS-PD", date(2027, 12, 31), {"KS-PD-27"}) == "KS-PD-27b"
    with pytest.raises(Refused):
        actions.new_code("X" * 19, date(2027, 12, 31), set())


def test_a_draft_is_typed_checked_and_published_by_another(plan, city, people, chief):
    make.indicator(plan, city, code="ST")
    make.indicator(plan, city, code="CV", kind="coverage", distinct="chain")
    page = chief.go("/targets/plans/new/")
    page.press(
        "起草",
        name="下一期",
        code="next",
        document=str(city.clause.document_id),
        since="2027-01-01",
        until="2027-12-31",
    )
    row = Plan.every.get(code="next")
    assert page.url.endswith("/targets/drafts/next/")
    assert "没有全市目标" in page.text
    new, gone = row.indicators.get(code="ST-27"), row.indicators.get(code="CV-27")
    page.press("保存草稿", **{f"n{new.pk}-2027-12-31": "120", f"t{new.pk}": "百站", f"x{gone.pk}": "on"})
    assert list(row.indicators.values_list("name", flat=True)) == ["百站"]
    assert "没有发现问题" in page.text
    assert "须由另一人发布" in page.text
    with pytest.raises(Refused, match="须由另一人发布"):
        actions.publish(row, by=people[Role.BUREAU_HANDLER], on=date(2026, 12, 1))
    other = Visitor(people[Role.BUREAU_APPROVER]).go("/targets/drafts/next/")
    other.press("发布", to="publish")
    row = Plan.objects.get(code="next")
    assert (row.published_by, row.state) == (people[Role.BUREAU_APPROVER], "published")
    assert other.go("/targets/next/").status == 200
    assert chief.go("/targets/drafts/next/").status == 404


@pytest.mark.parametrize("code", ["plans", "screen", "drafts", "own", "next", "plan", "A B"])
def test_a_code_that_another_page_has_is_refused(code, plan, city, people, chief):
    make.indicator(plan, city, code="ST")
    drafted(plan, city, people[Role.BUREAU_HANDLER])
    page = chief.go("/targets/plans/new/")
    about = {"document": str(city.clause.document_id), "since": "2028-01-01", "until": "2028-12-31"}
    page.press("起草", name="再下一期", code=code, **about)
    assert (page.status, Plan.every.count()) == (422, 2)


def test_a_draft_is_nobodys_business_until_it_is_published(plan, city, people):
    make.indicator(plan, city, code="ST")
    drafted(plan, city, people[Role.BUREAU_HANDLER], since=date(2025, 2, 1))
    for role in (Role.AUDITOR, Role.DISTRICT, Role.REPORTER):
        assert Visitor(people[role]).go("/targets/next/").status == 404
        assert "下一期" not in Visitor(people[role]).go("/targets/plans/").text
    assert "下一期" in Visitor(people[Role.BUREAU_REVIEWER]).go("/targets/plans/").text


def test_what_a_pack_would_be_refused_for_keeps_a_draft_a_draft(plan, city, people):
    make.indicator(plan, city, code="ST")
    row = drafted(plan, city, people[Role.BUREAU_HANDLER])
    with pytest.raises(Refused, match="没有全市目标"):
        actions.publish(row, by=people[Role.BUREAU_APPROVER], on=date(2026, 12, 1))
    actions.drop(row, by=people[Role.BUREAU_HANDLER])
    assert not Plan.every.filter(code="next").exists()
    with pytest.raises(Refused, match="已经发布或放弃"):
        actions.publish(row, by=people[Role.BUREAU_APPROVER], on=date(2026, 12, 1))


def test_the_database_wants_two_people(plan, people):
    plan.drafted_by = plan.published_by = people[Role.BUREAU_HANDLER]
    with pytest.raises(IntegrityError), transaction.atomic():
        plan.save()
