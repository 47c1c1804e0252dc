"""The machine that moves cases, tried with what stations declare: targets, duties, promises, and all or nothing."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from portal import lifecycle
from portal.lifecycle import LIFECYCLES, Fork, Lifecycle, NotYours, Refused, Stage, Transition, open_matter
from portal.models import Event, Guard, Job, Matter, Notice, ReturnItem, Revision, Role, Setting, Spell, Watch, Workday
from stations.applications import actions
from stations.applications import lifecycle as stations
from stations.applications.facts import application as vocabulary
from stations.models import Application
from tests import make

ON = make.ON
cycle = stations.application
ITEM = {"target": "field:project", "label": "项目", "code": "R01"}


def sent_back(case, by, *, on=ON, **item):
    return cycle.move(case, "return", by=by, on=on, items=[ReturnItem(**(ITEM | item))])


def matter_of(case):
    return Matter.objects.get(pk=case.matter_id)


# --- the table ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", sorted(LIFECYCLES))
def test_every_status_of_a_table_can_be_reached_and_none_is_left_open(kind):
    """From the first stage on; a status without a way on is a closed one, and from a closed one all begins again."""
    found = LIFECYCLES[kind]
    first, *_rest = found.stages
    steps = list(found.transitions.values())
    ends = {
        step: {step.target.first, step.target.again} - {""} if isinstance(step.target, Fork) else {step.target}
        for step in steps
    }
    back = {step.source for step in steps if step.returns}
    reached = {first}
    while more := {end for step in steps if step.source in reached for end in ends[step] | back} - reached:
        reached |= more
    assert reached == set(found.stages)
    closed = {status for status, stage in found.stages.items() if stage.closed}
    assert closed >= set(found.stages) - {step.source for step in steps}
    assert {step.target for step in steps if step.source in closed} <= {first} | AGAIN.get(kind, set())


# A verified outcome may turn out to be another's, and a void one be looked at again; who was answered says how it was;
# what was paid may have to come back.
AGAIN = {
    "outcome": {"void", "district"},
    "request": {"rated", "following"},
    "claim": {"recovering"},
    "activity": {"held"},
}


def table(**values):
    given = {
        "kind": "trial",
        "label": "试",
        "url": "home",
        "vocabulary": vocabulary,
        "stages": {"new": Stage("新", Role.HANDLER), "done": Stage("完")},
        "transitions": [Transition("finish", "new", "done", frozenset({Role.HANDLER}), "办完")],
    }
    given |= values
    return Lifecycle(given.pop("kind"), given.pop("label"), **given)


@pytest.fixture
def alone(monkeypatch):
    """No lifecycles but those a test makes for itself."""
    monkeypatch.setattr(lifecycle, "LIFECYCLES", {})


@pytest.mark.parametrize(
    ("source", "target"),
    [("gone", "done"), ("new", "gone"), ("new", Fork("done", "gone")), ("new", Fork("gone"))],
    ids=["source", "target", "again", "first"],
)
def test_a_table_refuses_a_status_without_a_stage(source, target, alone):
    with pytest.raises(ValueError, match=r"^trial\.finish: a status without a stage$"):
        table(transitions=[Transition("finish", source, target, frozenset(), "办完")])
    assert lifecycle.LIFECYCLES == {}


def test_a_table_refuses_two_ways_of_one_name_from_one_status(alone):
    twice = Transition("finish", "new", "done", frozenset(), "办完")
    with pytest.raises(ValueError, match=r"^trial: two transitions share a source and an action$"):
        table(transitions=[twice, twice])


def test_a_kind_has_one_table(alone):
    table()
    with pytest.raises(ValueError, match=r"^lifecycle 'trial' is already defined$"):
        table()


@pytest.mark.parametrize(
    ("fork", "return_to", "target"),
    [
        (Fork("draft", "returned"), "", "draft"),
        (Fork("draft", "returned"), "bureau", "returned"),
        (Fork("district"), "", "district"),
        (Fork("district"), "bureau", "bureau"),
    ],
    ids=["first", "again", "first, no again", "back to whoever sent it back"],
)
def test_a_fork_leads_where_history_says(fork, return_to, target):
    assert fork.of(Matter(return_to=return_to)) == target


@pytest.mark.parametrize(
    ("stage", "closed"),
    [(Stage("待办", Role.HANDLER), False), (Stage("在外", outside=True), False), (Stage("办结"), True)],
    ids=["held", "outside", "nobody has it"],
)
def test_a_stage_without_a_holder_is_closed_unless_it_waits_for_others(stage, closed):
    assert stage.closed is closed


# --- the matter's copy -------------------------------------------------------------------------


def test_the_matter_says_who_has_it_since_when_and_until_when(city, people):
    case = make.brought_to("certifying", city, people)
    matter = matter_of(case)
    assert (matter.status, matter.holder, matter.filed_on, matter.round) == ("certifying", Role.CERTIFIER, None, 1)
    case = make.step(case, "submit", people, on=date(2026, 6, 3))
    matter = matter_of(case)
    assert (matter.status, matter.holder, matter.held_since) == ("district", Role.DISTRICT, date(2026, 6, 3))
    assert (matter.filed_on, matter.due_on, matter.round) == (date(2026, 6, 3), date(2026, 6, 10), 2)
    case = cycle.move(case, "refuse", by=people[Role.DISTRICT], on=date(2026, 6, 5), note="不符合")
    matter = matter_of(case)
    assert (matter.status, matter.holder, matter.due_on, matter.closed_on) == ("refused", "", None, date(2026, 6, 5))


def test_a_wait_for_others_is_held_by_nobody_and_not_closed(city, people):
    matter = matter_of(make.brought_to("sent", city, people))
    assert (matter.holder, matter.due_on, matter.closed_on) == ("", None, None)


def test_every_step_counts_the_version_up_by_one(city, people):
    case = make.brought_to("district", city, people)
    before = matter_of(case).version
    case = cycle.move(case, "recommend", by=judged(case, people), on=ON)
    assert matter_of(case).version == before + 1


def judged(case, people):
    make.judge_all(case, people[Role.DISTRICT])
    return people[Role.DISTRICT]


def test_a_step_that_stays_keeps_its_spell(city, people):
    case = make.brought_to("sent", city, people)
    make.step(case, "forward", people, on=date(2026, 6, 9))
    assert list(Spell.objects.filter(matter=case.matter, status="sent").values_list("since", "until")) == [(ON, None)]
    assert matter_of(case).held_since == ON


def test_spells_tell_every_status_with_its_days(city, people):
    case = make.brought_to("district", city, people)
    case = sent_back(case, people[Role.DISTRICT], on=date(2026, 6, 3))
    assert list(Spell.objects.filter(matter=case.matter).order_by("pk").values_list("status", "since", "until")) == [
        ("draft", ON, ON),
        ("certifying", ON, ON),
        ("district", ON, date(2026, 6, 3)),
        ("returned", date(2026, 6, 3), None),
    ]


def test_the_database_refuses_a_step_before_the_last(city, people):
    case = make.brought_to("district", city, people)
    with pytest.raises(IntegrityError, match="spell_period"), transaction.atomic():
        sent_back(case, people[Role.DISTRICT], on=date(2026, 5, 29))
    assert matter_of(case).status == "district"


@pytest.mark.parametrize("holder", [Role.DISTRICT, ""], ids=["held", "unheld"])
def test_the_database_refuses_a_closed_matter_that_somebody_holds(holder, city, people):
    matter = make.draft(city, people[Role.HANDLER]).matter
    matter.closed_on, matter.holder = ON, holder
    if holder:
        with pytest.raises(ValidationError, match="已办结的事项没有承办人"):
            matter.full_clean()
    else:
        matter.full_clean()


def test_numbers_run_by_series_and_year(city, people):
    def opened(series, on):
        return open_matter(
            cycle, "draft", series=series, title="试", organisation=None, district=city.north, by=None, on=on
        ).number

    assert [opened("SZ", ON), opened("SZ", ON), opened("XX", ON), opened("SZ", date(2027, 1, 4))] == [
        *("TE-SZ-2026-0001", "TE-SZ-2026-0002", "TE-XX-2026-0001", "TE-SZ-2027-0001")
    ]


# --- what a step asks for ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("details", "told"),
    [
        ({}, "请填写：文号、文件日期。"),
        ({"document": "测〔2026〕9号"}, "请填写：文件日期。"),
        ({"document": "", "document_on": "2026-06-01"}, "请填写：文号。"),
    ],
    ids=["neither", "no date", "an empty number"],
)
def test_a_step_names_what_it_still_needs(details, told, city, people):
    case = make.brought_to("sent", city, people)
    with pytest.raises(Refused, match=f"^{told}$"):
        cycle.move(case, "approve", by=people[Role.BUREAU_HANDLER], on=ON, details=details)
    assert Event.objects.filter(action="approve").count() == 0


def test_a_step_that_returns_lists_what_must_be_mended(city, people):
    case = make.brought_to("district", city, people)
    with pytest.raises(Refused, match="^请至少列出一处要改的内容，一次列全。$"):
        cycle.move(case, "return", by=people[Role.DISTRICT], on=ON, note="请改")


@pytest.mark.parametrize("note", ["", "  \n"], ids=["empty", "blank"])
def test_a_step_that_must_be_explained_needs_a_note(note, city, people):
    case = make.brought_to("district", city, people)
    with pytest.raises(Refused, match="^请写明理由。$"):
        cycle.move(case, "refuse", by=people[Role.DISTRICT], on=ON, note=note)


def test_an_event_keeps_what_the_step_was_given(city, people):
    case = make.brought_to("district", city, people)
    cycle.move(case, "refuse", by=people[Role.DISTRICT], on=ON, note="理由", details={"extra": "1"})
    event = Event.objects.latest("pk")
    assert (event.action, event.source, event.target, event.on) == ("refuse", "district", "refused", ON)
    assert (event.by, event.note, event.details, event.duty) == (people[Role.DISTRICT], "理由", {"extra": "1"}, "")


def test_a_return_item_that_says_nothing_is_refused_whole(city, people):
    case = make.brought_to("district", city, people)
    with pytest.raises(ValidationError, match="请写明是什么问题"):
        sent_back(case, people[Role.DISTRICT], code="R99")
    assert (Application.objects.get().status, ReturnItem.objects.count()) == ("district", 0)


def test_every_submission_is_kept_whole_and_closes_what_was_returned(city, people):
    case = sent_back(make.brought_to("district", city, people), people[Role.DISTRICT])
    actions.explain(case, ReturnItem.objects.get(), text="不改")
    case = make.step(make.step(case, "to_certify", people), "submit", people)
    revisions = Revision.objects.filter(matter=case.matter).order_by("pk")
    assert [r.event.action for r in revisions] == ["submit", "submit"]
    assert [r.event.round for r in revisions] == [1, 2]
    assert ReturnItem.objects.filter(resolved_at=None).count() == 0
    assert (matter_of(case).round, matter_of(case).return_to) == (3, "")


# --- who ---------------------------------------------------------------------------------------


def test_a_step_that_went_already_says_so_with_the_present_stage(city, people):
    case = make.brought_to("bureau", city, people)
    with pytest.raises(Refused) as refused:
        cycle.move(case, "recommend", by=people[Role.DISTRICT], on=ON)
    number = case.matter.number
    assert str(refused.value) == (
        f"{number} 现在是“待市局审核”，不能再“推荐到市局”。可能已由他人办理，请刷新页面查看。"
    )
    assert type(refused.value) is Refused


@pytest.mark.parametrize(
    ("action", "told"),
    [("explode", "没有“explode”这个动作。"), ("refuse", "您的角色不能办理“不予推荐”。")],
    ids=["no such step", "not this role"],
)
def test_a_step_that_is_not_yours_says_why(action, told, city, people):
    case = make.brought_to("district", city, people)
    with pytest.raises(NotYours, match=f"^{told}$"):
        cycle.move(case, action, by=people[Role.HANDLER], on=ON, note="理由")


def test_a_duty_begins_anew_with_every_round(city, people):
    """Who passed it once may pass it again after a correction: another round, another decision."""
    case = make.brought_to("passed", city, people)
    case = cycle.move(case, "reconsider", by=people[Role.BUREAU_APPROVER], on=ON, note="重看")
    case = sent_back(case, people[Role.BUREAU_HANDLER])
    actions.explain(case, ReturnItem.objects.get(), text="不改")
    case = make.step(make.step(case, "to_certify", people), "submit", people)
    both = make.user(Role.BUREAU_HANDLER, Role.BUREAU_APPROVER, district=city.root)
    assert {s.action for s in cycle.possible(case, both)} == {"pass", "return", "to_district", "refuse"}
    assert make.step(case, "pass", people).status == "passed"


def test_two_steps_of_a_duty_are_taken_by_two_people(city, people):
    both = make.user(Role.BUREAU_HANDLER, Role.BUREAU_APPROVER, district=city.root)
    case = cycle.move(make.brought_to("bureau", city, people), "pass", by=both, on=ON)
    assert [s.action for s in cycle.possible(case, both)] == ["reconsider"]
    with pytest.raises(NotYours, match="^这件事的前一步由您办理，“审核上报”须由另一人办理。$"):
        cycle.move(case, "send_up", by=both, on=ON)


def test_one_may_take_the_same_step_of_a_duty_twice(city, people):
    case = make.brought_to("passed", city, people)
    case = cycle.move(case, "reconsider", by=people[Role.BUREAU_APPROVER], on=ON, note="重看")
    assert make.step(case, "pass", people).status == "passed"


def test_only_steps_of_the_route_are_offered(city, people):
    up = make.brought_to("passed", city, people)
    own = make.brought_to("passed", city, people, kind=city.own)
    approver = people[Role.BUREAU_APPROVER]
    assert [s.action for s in cycle.possible(up, approver)] == ["reconsider", "send_up"]
    assert [s.action for s in cycle.possible(own, approver)] == ["reconsider", "recognise"]


# --- what the rules say ------------------------------------------------------------------------


def test_a_refusal_lists_every_rule_that_failed_in_its_own_words(city, people):
    case = make.draft(city, people[Role.HANDLER])
    with pytest.raises(Refused) as refused:
        cycle.move(case, "to_certify", by=people[Role.HANDLER], on=ON)
    failed = {f.question.fact: (f.met, f.text) for f in refused.value.findings}
    assert failed == {
        "classified": (None, "材料涉密：尚不知道，请补充，应为 否（测〔2026〕1号 一）"),
        "basic_open": (False, "还没备齐的基本条件：2 项，应为 0 项（测〔2026〕1号 一）"),
        "recommended_ready": (False, "已备齐的推荐条件：0 项，应不少于 1 项（测〔2026〕1号 一）"),
        "plan_missing": (False, "招收计划和项目未填项：12 项，应为 0 项（测〔2026〕1号 一）"),
    }
    assert str(refused.value) == "；".join(f.text for f in refused.value.findings)


@pytest.mark.parametrize(
    ("since", "until", "asked"),
    [
        (None, None, True),
        (ON, None, True),
        (date(2026, 6, 2), None, False),
        (None, date(2026, 6, 2), True),
        (None, ON, False),
    ],
    ids=["always", "from today", "from tomorrow", "until tomorrow", "until today"],
)
def test_a_guard_is_asked_on_the_days_it_is_in_force(since, until, asked, city, people):
    Guard.objects.all().delete()
    Guard.objects.create(
        pack=city.pack, lifecycle="application", action="to_certify", fact="recruits", lookup="gte", value=5,
        clause=city.clause, since=since, until=until,
    )  # fmt: skip
    case = make.draft(city, people[Role.HANDLER])
    assert [q.fact for q in cycle.questions(case, "to_certify", on=ON)] == ["recruits"] * asked


def test_a_guard_of_another_city_is_not_asked(city, people):
    other = make.city("zweite")
    Guard.objects.filter(pack=other.pack, fact="recommended_ready").update(value=9)
    case = make.filled(city, people[Role.HANDLER])
    assert cycle.move(case, "to_certify", by=people[Role.HANDLER], on=ON).status == "certifying"


def test_guards_are_asked_in_the_order_of_the_file_after_those_of_the_table(city, people):
    for order, guard in enumerate(Guard.objects.filter(action="to_certify").order_by("-pk")):
        Guard.objects.filter(pk=guard.pk).update(order=order)
    case = sent_back(make.brought_to("district", city, people), people[Role.DISTRICT])
    assert [q.fact for q in cycle.questions(case, "to_certify", on=ON)] == [
        *("returns_unanswered", "plan_missing", "recommended_open", "recommended_ready", "basic_open"),
        *("profile_missing", "classified"),
    ]
    assert cycle.questions(case, "explode", on=ON) == []


# --- promises ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("begun", "days", "due"),
    [
        (date(2026, 6, 1), 5, date(2026, 6, 8)),
        (date(2026, 6, 5), 1, date(2026, 6, 8)),
        (date(2026, 6, 6), 1, date(2026, 6, 8)),
        (date(2026, 6, 12), 5, date(2026, 6, 22)),
        (date(2026, 6, 1), None, None),
    ],
    ids=["Monday", "Friday", "Saturday", "over a holiday", "no number is set"],
)
def test_a_promise_is_given_in_working_days(begun, days, due, city, people):
    Workday.objects.create(on=date(2026, 6, 19), works=False, name="端午节", source="测")
    Setting.objects.filter(code="days.district").update(value=days)
    case = make.brought_to("certifying", city, people)
    make.step(case, "submit", people, on=begun)
    assert matter_of(case).due_on == due


def test_a_promise_without_its_setting_runs_for_nobody(city, people):
    Setting.objects.filter(code="days.district").delete()
    assert matter_of(make.brought_to("district", city, people)).due_on is None


def test_a_promise_used_up_leaves_one_day(city, people):
    case = make.brought_to("district", city, people)
    case = sent_back(case, people[Role.DISTRICT], on=date(2026, 6, 30))
    actions.explain(case, ReturnItem.objects.get(), text="不改")
    case = make.step(case, "to_certify", people, on=date(2026, 7, 1))
    case = make.step(case, "submit", people, on=date(2026, 7, 1))
    assert matter_of(case).due_on == date(2026, 7, 2)


# --- together or not at all --------------------------------------------------------------------


def test_the_figures_are_asked_for_with_the_step_and_rolled_back_with_it(city, people):
    case = make.brought_to("district", city, people)
    Job.objects.all().delete()
    before = (Event.objects.count(), Spell.objects.count(), Notice.objects.count(), matter_of(case).version)
    with transaction.atomic():
        cycle.move(case, "refuse", by=people[Role.DISTRICT], on=ON, note="理由")
        assert Job.objects.filter(kind="recompute").count() == 1
        transaction.set_rollback(True)
    assert Job.objects.count() == 0
    assert (Event.objects.count(), Spell.objects.count(), Notice.objects.count(), matter_of(case).version) == before
    cycle.move(case, "refuse", by=people[Role.DISTRICT], on=ON, note="理由")
    assert Job.objects.filter(kind="recompute").count() == 1


def test_a_step_tells_those_whose_turn_it_is_and_the_enterprise_and_nobody_else(city, people):
    second = make.user(Role.DISTRICT, district=city.north)
    former = make.user(Role.DISTRICT, district=city.north)
    former.appointments.update(until=date(2021, 1, 1))
    Watch.objects.create(user=people[Role.AUDITOR], matter=make.draft(city, people[Role.HANDLER], kind=city.own).matter)
    case = make.brought_to("certifying", city, people)
    Notice.objects.all().delete()
    case = make.step(case, "submit", people)
    assert told() == {people[Role.DISTRICT], second}
    Watch.objects.create(user=people[Role.AUDITOR], matter=case.matter)
    Notice.objects.all().delete()
    case = cycle.move(case, "recommend", by=judged(case, people), on=ON)
    unit = {people[Role.HANDLER], people[Role.CERTIFIER]}
    assert told() == {people[Role.BUREAU_HANDLER], people[Role.AUDITOR]} | unit


def told():
    return {notice.user for notice in Notice.objects.select_related("user")}


# --- a wall, and a warning that may be justified --------------------------------------------------


def laid(city, *, justifiable: bool) -> Guard:
    """A rule that no case meets, and none beside it."""
    Guard.objects.filter(pack=city.pack, action="recommend").delete()
    return Guard.objects.create(
        pack=city.pack, lifecycle="application", action="recommend", fact="profile_missing", lookup="gte", value=99,
        justifiable=justifiable, clause=city.clause,
    )  # fmt: skip


def test_a_wall_refuses_whatever_is_said(city, people):
    laid(city, justifiable=False)
    case = make.brought_to("district", city, people)
    with pytest.raises(Refused, match=r"应不少于 99 项（测〔2026〕1号 一）$") as refused:
        cycle.move(case, "recommend", by=people[Role.DISTRICT], on=ON, details={"justification": "有理由"})
    assert [f.justifiable for f in refused.value.findings] == [False]
    assert matter_of(case).status == "district"


@pytest.mark.parametrize("said", [{}, {"justification": "  "}], ids=["nothing", "blanks"])
def test_a_warning_asks_why_and_goes_no_further_without(said, city, people):
    laid(city, justifiable=True)
    case = make.brought_to("district", city, people)
    with pytest.raises(Refused, match=r"^请说明为什么仍要办理：.*应不少于 99 项") as refused:
        cycle.move(case, "recommend", by=people[Role.DISTRICT], on=ON, details=said)
    assert [f.justifiable for f in refused.value.findings] == [True]
    assert matter_of(case).status == "district"


def test_a_justified_warning_passes_and_the_event_keeps_rule_and_reason(city, people):
    laid(city, justifiable=True)
    case = make.brought_to("district", city, people)
    cycle.move(case, "recommend", by=people[Role.DISTRICT], on=ON, details={"justification": "有理由"})
    details = Event.objects.get(matter=case.matter_id, action="recommend").details
    assert details["justification"] == "有理由"
    assert [text.rpartition("，")[2] for text in details["justified"]] == ["应不少于 99 项（测〔2026〕1号 一）"]


def test_a_rule_that_is_met_asks_for_nothing(city, people):
    Guard.objects.filter(pk=laid(city, justifiable=True).pk).update(value=0)
    case = make.brought_to("district", city, people)
    cycle.move(case, "recommend", by=people[Role.DISTRICT], on=ON)
    assert "justified" not in Event.objects.get(matter=case.matter_id, action="recommend").details
