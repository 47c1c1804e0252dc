"""What the pages of a case show: sections and their states, who has it, what was sent back, what changed."""

from datetime import date

import pytest
from django.core.cache import cache
from django.utils import translation

from portal.models import Confirmation, Evidence, ReturnItem, Role, Workday
from stations.applications import actions, cases, progress, submissions
from stations.models import Answer, Application, ApplicationType, Condition, ConditionCriterion, Enterprise, Slot
from tests import make

ON = make.ON


def read(case, user=None) -> Application:
    """The case as pages read it."""
    return Application.objects.for_page(user or case.matter.opener).get(pk=case.pk)


def sections(case):
    case = read(case)
    return {s.key: s for s in cases.sections_of(case, cases.conditions_of(case, on=ON))}


def say(case, code, claimed=True, *, proved=True):
    answer = case.answers.select_related("condition").get(condition__code=code)
    actions.answer(case, answer.condition, claimed=claimed, statement="")
    if proved:
        slot = Slot.objects.select_related("condition").get(condition=answer.condition, required=True)
        user = case.matter.opener
        actions.cite(case, slot, make.file(case.enterprise.organisation, user), by=user)


# --- sections ----------------------------------------------------------------------------------


@pytest.fixture
def case(city, people):
    return make.draft(city, people[Role.HANDLER])


def test_a_fresh_draft_has_its_profile_and_everything_else_to_do(case):
    found = sections(case)
    assert {key: (s.status, s.text) for key, s in found.items()} == {
        "profile": ("done", "已完成"),
        "basic": ("todo", "未开始"),
        "recommended": ("todo", "未开始"),
        "plan": ("todo", "未开始"),
        "check": ("locked", "还不能开始"),
    }
    assert found["check"].href == ""
    assert found["check"].locked == "基本条件、推荐条件、导师、招收计划和科研项目完成后打开"
    assert found["basic"].missing == ["条件basic-1", "条件basic-2"]
    assert found["recommended"].missing == ["至少选 1 项推荐条件"]
    assert found["basic"].href == f"/applications/{case.matter.number}/parts/basic/"


def test_the_basic_part_goes_from_not_begun_to_done(case):
    say(case, "basic-1", proved=False)
    assert (sections(case)["basic"].status, sections(case)["basic"].text) == ("doing", "填写中 0/2")
    say(case, "basic-1")
    assert sections(case)["basic"].text == "填写中 1/2"
    assert sections(case)["basic"].missing == ["条件basic-2"]
    say(case, "basic-2")
    assert (sections(case)["basic"].status, sections(case)["basic"].missing) == ("done", [])
    say(case, "basic-1", False, proved=False)
    assert sections(case)["basic"].text == "填写中 1/2"


def test_the_recommended_part_needs_one_with_its_paper(case):
    say(case, "rec-1", proved=False)
    assert (sections(case)["recommended"].status, sections(case)["recommended"].text) == ("doing", "还差证明")
    say(case, "rec-1")
    assert sections(case)["recommended"].text == "已完成，选了 1 项"
    say(case, "rec-1", False, proved=False)
    assert sections(case)["recommended"].text == "未开始"


@pytest.mark.parametrize(
    ("needed", "claimed", "state"),
    [
        (0, 0, ("done", "已完成，选了 0 项", [])),
        (0, 1, ("done", "已完成，选了 1 项", [])),
        (2, 0, ("todo", "未开始", ["至少选 2 项推荐条件"])),
        (2, 1, ("doing", "填写中 1/2", ["至少选 2 项推荐条件"])),
        (2, 2, ("done", "已完成，选了 2 项", [])),
    ],
)
def test_as_many_recommended_conditions_are_asked_for_as_the_type_says(needed, claimed, state, case, city):
    more = Condition.objects.create(
        type=city.upward, code="rec-2", group="recommended", title="x", summary="x", clause=city.clause, order=9
    )
    Slot.objects.create(condition=more, code="proof", title="x")
    Answer.objects.create(application=case, condition=more)
    ApplicationType.objects.filter(pk=case.type_id).update(recommended_needed=needed)
    for code in ("rec-1", "rec-2")[:claimed]:
        say(case, code)
    found = sections(case)["recommended"]
    assert (found.status, found.text, found.missing) == state


def test_a_type_without_recommended_conditions_can_be_completed(city, people):
    """As the provincial base of Jianghai: the part isn't there, and stands in nobody's way."""
    Condition.objects.filter(type=city.upward, group="recommended").delete()
    ApplicationType.objects.filter(pk=city.upward.pk).update(recommended_needed=0)
    case = make.filled(city, people[Role.HANDLER])
    assert list(sections(case)) == ["profile", "basic", "plan", "check"]
    assert sections(case)["check"].status == "todo"
    assert [title[:4] for title, _rows in cases.conditions_for_guide(case.type)] == ["基本条件"]


@pytest.mark.parametrize(
    ("told", "status", "text"),
    [(0, "todo", "未开始"), (1, "todo", "未开始"), (2, "doing", "填写中 2/12"), (11, "doing", "填写中 11/12")]
    + [(12, "done", "已完成")],
)
def test_the_plan_part_counts_what_is_filled_in(told, status, text, case):
    values = dict(list(make.PLAN.items())[:told])
    Application.objects.filter(pk=case.pk).update(**values)
    found = sections(case)["plan"]
    assert (found.status, found.text, len(found.missing)) == (status, text, 12 - told)


def test_the_profile_part_names_what_is_missing(case):
    Enterprise.objects.update(rd_spend=None, rd_name="", senior_staff=0)
    assert sections(case)["profile"].missing == ["上年度研发投入", "研发机构名称"]


def test_when_all_is_done_the_check_opens(city, people):
    case = make.filled(city, people[Role.HANDLER])
    assert (sections(case)["check"].status, sections(case)["check"].text) == ("todo", "可以开始")
    assert sections(case)["check"].href.endswith("/parts/check/")


@pytest.mark.parametrize(
    ("claimed", "papers", "state"),
    [
        (None, 0, ("todo", "未填写")),
        (False, 1, ("unmet", "自述不符合")),
        (True, 0, ("doing", "差 1 份证明")),
        (True, 1, ("done", "证明已齐")),
    ],
    ids=["not answered", "not met", "without paper", "proved"],
)
def test_the_state_of_a_condition(claimed, papers, state, case):
    say(case, "basic-1", claimed, proved=bool(papers))
    first = cases.conditions_of(read(case), on=ON)[0]
    assert (first.number, first.state) == ("一", state)


def test_a_recommended_condition_that_is_not_met_is_no_fault(case):
    say(case, "rec-1", False, proved=False)
    assert cases.conditions_of(read(case), on=ON)[2].state == ("todo", "自述不符合")


def test_what_our_data_say_of_a_condition_is_a_hint(case, city):
    row = case.answers.get(condition__code="basic-1").condition
    for name, value in (("staff", 200), ("rd_staff", 41), ("doctors", 1)):
        ConditionCriterion.objects.create(condition=row, fact=name, lookup="gte", value=value)
    cards = cases.conditions_of(read(case), on=ON, hints=True)
    assert {hint.text.split("：")[0]: hint.met for hint in cards[0].hints} == {
        "职工人数": True,
        "研发人员": False,
        "博士人数": None,
    }
    assert [card.hints for card in cards[1:]] == [[], []]


def test_a_verdict_is_shown_with_its_level(city, people):
    case = make.brought_to("bureau", city, people)
    make.judge_all(case, people[Role.BUREAU_HANDLER], verdict=None)
    Confirmation.objects.filter(topic="basic-2", level="bureau").delete()
    first, second, _third = cases.conditions_of(read(case), on=ON, verdicts=True)
    assert (first.verdict_state("district"), first.verdict_state("bureau")) == (("met", "符合"), ("unknown", "待核实"))
    assert second.verdict_state("bureau") == ("todo", "未核")


# --- who has it --------------------------------------------------------------------------------


def chain(case, on=ON):
    return [(item["shape"], item["title"]) for item in progress.chain_of(read(case), on=on)]


def test_the_way_upward_from_a_draft(case):
    assert chain(case) == [
        ("here", "单位经办人填写"),
        ("later", "单位审核人确认"),
        ("later", "north审核推荐"),
        ("later", "市局审核"),
        ("later", "市局审批上报"),
        ("later", "上级审批，以批复文件为准"),
    ]


def test_the_way_to_recognition_ends_at_the_bureau(city, people):
    case = make.brought_to("passed", city, people, kind=city.own)
    assert chain(case)[-1] == ("here", "市局认定")


def test_a_case_at_the_upper_levels_names_the_one_that_has_it(city, people):
    case = make.brought_to("sent", city, people)
    assert chain(case)[-1] == ("here", "市级审批")
    assert chain(make.step(case, "forward", people))[-1] == ("here", "省级审批")


def test_a_case_that_was_sent_back_goes_to_the_level_that_asked(city, people):
    case = make.brought_to("bureau", city, people)
    item = ReturnItem(target="field:project", label="x", code="R01")
    case = make.step(case, "return", people, items=[item])
    assert chain(case)[-6:-1] == [
        ("back", "退回补正"),
        ("here", "单位补正"),
        ("later", "单位审核人确认"),
        ("later", "市局审核"),
        ("later", "市局审批上报"),
    ]


def test_a_closed_case_has_only_a_past(city, people):
    case = make.brought_to("approved", city, people)
    assert {shape for shape, _title in chain(case)} == {"past"}
    last = progress.chain_of(read(case), on=ON)[-1]
    assert last["lines"][-1] == "测〔2026〕9号（2026-06-01）"


def test_what_is_left_of_a_promise_counts_working_days(city, people):
    case = make.brought_to("district", city, people)  # Monday 1 June, five working days
    here = progress.chain_of(read(case), on=date(2026, 6, 3))[2]
    assert here["when"] == "2026-06-08 前，还剩 3 个工作日"
    Workday.objects.create(on=date(2026, 6, 5), works=False)
    cache.clear()
    assert "还剩 2 个" in progress.chain_of(read(case), on=date(2026, 6, 3))[2]["when"]
    assert progress.chain_of(read(case), on=date(2026, 6, 8))[2]["when"] == "2026-06-08 前，还剩 0 个工作日"
    late = progress.chain_of(read(case), on=date(2026, 6, 10))[2]["when"]
    assert late == "应在 2026-06-08 前，已超时 2 个工作日"


def test_the_office_to_call_is_that_of_the_district(case, city):
    assert progress.office_for(case.matter).code == f"office-{city.north.code}"


# --- returns -----------------------------------------------------------------------------------


def sent_back(case, people, *targets):
    labels = cases.labels_of(case)
    items = [ReturnItem(target=t, label=labels[t], code="R17", note="请补") for t in targets]
    return make.step(case, "return", people, by=people[Role.DISTRICT], items=items)


def rows(case):
    case = read(case)
    items = cases.open_items(case)
    return submissions.return_rows(case, cases.conditions_of(case, on=ON, items=items), items)


def test_each_item_leads_to_where_it_is_mended(city, people):
    case = make.brought_to("district", city, people)
    case = sent_back(case, people, "profile:rd_spend", "field:project", "condition:rec-1", "slot:basic-1.proof")
    base = f"/applications/{case.matter.number}/parts"
    assert [(row.item.label, row.part, row.url) for row in rows(case)] == [
        ("上年度研发投入", "单位情况", f"{base}/profile/#id_rd_spend"),
        ("博士后科研项目", "招收计划和项目", f"{base}/plan/#id_project"),
        ("条件rec-1", "推荐条件一", f"{base}/recommended/#rec-1"),
        ("证明basic-1", "基本条件一", f"{base}/basic/#basic-1"),
    ]
    assert [row.slot.slot.code if row.slot else None for row in rows(case)] == [None, None, None, "proof"]


@translation.override("en")
def test_an_item_is_named_in_the_language_of_the_reader(city, people):
    Condition.objects.filter(code="rec-1").update(title_en="A platform")
    case = make.brought_to("district", city, people)
    with translation.override("zh-hans"):
        case = sent_back(case, people, "profile:rd_spend", "condition:rec-1")
    assert [(row.item.label, row.label, row.part) for row in rows(case)] == [
        ("上年度研发投入", "R&D spending last year", "Enterprise profile"),
        ("条件rec-1", "A platform", "Recommended condition 1"),
    ]


def test_a_field_is_shown_as_it_was_and_as_it_is(city, people):
    case = make.brought_to("district", city, people)
    case = sent_back(case, people, "profile:rd_spend", "profile:unit_type", "field:project_budget")
    Enterprise.objects.update(rd_spend=46_800_000, unit_type="state")
    Application.objects.update(project_budget=5_000_000)
    assert [(row.before, row.now) for row in rows(case)] == [
        ("4860 万元", "4680 万元"),
        ("民营企业", "国有企业"),
        ("420 万元", "500 万元"),
    ]


def test_after_handing_in_again_nothing_is_open(city, people):
    case = make.brought_to("district", city, people)
    case = sent_back(case, people, "field:project")
    actions.mended(case, "field:project")
    case = make.step(make.step(case, "to_certify", people), "submit", people)
    assert rows(case) == []


# --- what changed ------------------------------------------------------------------------------


def changes(case):
    case = read(case)
    cards = cases.conditions_of(case, on=ON)
    found = submissions.changes_of(case, cards)
    return [(c.target, c.label, c.before, c.after) for c in found], [c.condition.code for c in cards if c.changed]


def test_a_first_submission_changed_nothing(city, people):
    case = make.brought_to("district", city, people)
    assert changes(case) == ([], [])


def test_the_second_submission_is_held_against_the_first(city, people):
    case = make.brought_to("district", city, people)
    handler, owner = people[Role.HANDLER], city.enterprise.organisation
    targets = ("profile:rd_spend", "profile:tags", "field:project", "condition:basic-2", "slot:basic-1.proof")
    case = sent_back(case, people, *targets)
    Enterprise.objects.update(rd_spend=46_800_000, tags=["high_tech", "special"], staff=999)
    Application.objects.update(project="新项目")
    row = case.answers.select_related("condition").get(condition__code="basic-2")
    actions.answer(case, row.condition, claimed=True, statement="补充说明")
    slot = Slot.objects.select_related("condition").get(
        condition__type=case.type, condition__code="basic-1", code="proof"
    )
    old = Evidence.objects.get(slot=slot.name)
    actions.cite(case, slot, make.file(owner, handler, name="新证明.pdf"), by=handler)
    actions.uncite(case, old)
    actions.mended(case, *targets)
    case = make.step(make.step(case, "to_certify", people), "submit", people)
    found, marked = changes(case)
    assert found == [
        ("profile:rd_spend", "上年度研发投入", "4860 万元", "4680 万元"),
        ("profile:tags", "企业资质", "高新技术企业", "高新技术企业、专精特新企业（省级）"),
        ("field:project", "博士后科研项目", "项目", "新项目"),
        ("condition:basic-2", "条件basic-2", "符合", "符合 补充说明"),
        ("slot:basic-1.proof", "证明basic-1", "证明.pdf", "新证明.pdf"),
    ]
    assert marked == ["basic-1", "basic-2"]


def test_only_the_last_two_submissions_are_compared(city, people):
    case = make.brought_to("district", city, people)
    for project in ("第二版", "第三版"):
        case = sent_back(case, people, "field:project")
        Application.objects.update(project=project)
        actions.mended(case, "field:project")
        case = make.step(make.step(case, "to_certify", people), "submit", people)
    assert changes(case)[0] == [("field:project", "博士后科研项目", "第二版", "第三版")]


def test_the_profile_is_shown_as_it_was_handed_in(city, people):
    case = make.brought_to("district", city, people)
    before = dict(submissions.submitted_profile(read(case)))
    Enterprise.objects.update(rd_spend=1, unit_type="state", tags=[], legal_person=False)
    assert dict(submissions.submitted_profile(read(case))) == before
    assert before["上年度研发投入"] == "4860 万元"
    assert (before["单位性质"], before["独立法人"], before["企业资质"]) == ("民营企业", "是", "高新技术企业")


def test_before_handing_in_the_profile_is_as_it_is(case):
    Enterprise.objects.update(rd_spend=10_000)
    assert dict(submissions.submitted_profile(read(case)))["上年度研发投入"] == "1 万元"


def test_everything_that_may_be_sent_back_has_a_name(case):
    labels = cases.labels_of(case)
    targets = {f"profile:{n}" for n in (*Enterprise.NEEDED, "chain", "tags")}
    targets |= {f"field:{n}" for n in Application.NEEDED}
    for answer in Answer.objects.filter(application=case).select_related("condition"):
        targets.add(f"condition:{answer.condition.code}")
        targets |= {f"slot:{answer.condition.code}.{slot.code}" for slot in answer.condition.slots.all()}
    assert set(labels) == targets
    assert all(labels.values())
    cards = cases.conditions_of(read(case), on=ON)
    assert cases.labels_of(case, cards) == labels


# --- the guide ---------------------------------------------------------------------------------


def test_the_guide_says_who_has_how_long(city):
    steps = cases.steps_for_guide(city.upward)
    assert [(s["title"], s["lines"][0]) for s in steps[2:]] == [
        ("区镇审核推荐", "承诺 5 个工作日"),
        ("市局审核", "承诺 10 个工作日"),
        ("市局审批后上报", "承诺 5 个工作日"),
        ("上级审批", "市级 → 省级"),
    ]
    assert cases.steps_for_guide(city.own)[-1]["title"] == "市局认定备案"


def test_the_guide_lists_conditions_with_their_papers(city, django_assert_num_queries):
    with django_assert_num_queries(2):
        groups = cases.conditions_for_guide(city.upward)
        found = [(title, [(c.code, [s.code for s in c.slots.all()]) for c in rows]) for title, rows in groups]
    assert [(title[:4], rows) for title, rows in found] == [
        ("基本条件", [("basic-1", ["proof", "more"]), ("basic-2", ["proof"])]),
        ("推荐条件", [("rec-1", ["proof"])]),
    ]
