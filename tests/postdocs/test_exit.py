"""Leaving a station: what the rules look at on both sides of each boundary, papers by stage, a second station."""

from datetime import date, timedelta

import pytest

from portal.lifecycle import Refused
from portal.models import Guard, Role, Setting
from postdocs.models import Milestone, Stay
from postdocs.stays import actions, timeline
from tests import make
from tests.postdocs import asking, staying
from tests.postdocs.test_facts import fact, met, with_

ON, DAY = make.ON, timedelta(1)
ENTERED = staying.ENTERED  # 2026-05-20


@pytest.fixture
def months(city):
    for code, value in (("stays.months", 21), ("stays.months_foreign", 12), ("stays.months_usual", 24)):
        Setting.objects.create(pack=city.pack, code=code, title="x", why="x", kind="integer", value=value)


@pytest.fixture
def stay(city, people):
    return staying.brought_to("here", city, people)


@pytest.mark.parametrize(
    ("identity", "day", "left"),
    [
        ("graduate", date(2028, 2, 19), 1),
        ("graduate", date(2028, 2, 20), 0),
        ("foreign", date(2027, 5, 19), 1),
        ("foreign", date(2027, 5, 20), 0),
        ("foreign", date(2029, 5, 20), 0),
        ("", date(2028, 2, 20), None),
    ],
)
def test_how_long_until_somebody_may_leave(identity, day, left, months, stay):
    assert fact(with_(stay, identity=identity), "months_to_exit", on=day) == left


def test_where_a_city_says_nothing_it_is_unknown(stay):
    assert met(stay, "months_to_exit", "lte", 0, on=date(2030, 1, 1)) is None


@pytest.mark.parametrize(
    ("day", "kind"), [(ENTERED - DAY, None), (date(2028, 5, 19), "early"), (date(2028, 5, 20), "normal")]
)
def test_an_exit_is_early_before_two_years(day, kind, months, stay):
    assert fact(stay, "exit_kind", on=day) == kind


def test_an_exit_after_an_extension_is_an_extended_one(months, stay, people):
    asking.asked(stay, people, at="filed", on=ON + DAY)
    day = date(2028, 6, 1)
    assert fact(stay, "exit_kind", on=day) == "extended"
    assert fact(stay, "exit_kind", on=date(2028, 5, 19)) == "early"
    with_(stay, status="withdrawn", ended_on=ON, withdrawn_on=ON, withdrawal_ground="11")
    assert fact(stay, "exit_kind", on=day) is None


def assessed(stay, held_on, **values):
    given = {"kind": "assessment", "grade": "passed", "recorded_on": held_on}
    return Milestone.objects.create(stay=stay, held_on=held_on, **(given | values))


@pytest.mark.parametrize(("panel", "wanted"), [(5, True), (4, False), (None, None)])
def test_five_experts_at_least(panel, wanted, stay):
    assessed(stay, ON, panel=panel)
    assert met(stay, "assessment_panel", "gte", 5) is wanted
    assert met(stay, "assessment_panel", "gte", 5, on=ON - DAY) is None


@pytest.mark.parametrize(("chaired", "wanted"), [(False, True), (True, False), (None, None)])
def test_the_supervisor_does_not_chair(chaired, wanted, stay):
    assessed(stay, ON, chaired=chaired)
    assert met(stay, "assessment_chaired", "exact", False) is wanted


@pytest.mark.parametrize(("held", "wanted"), [(date(2028, 5, 19), True), (date(2028, 5, 20), False)])
def test_the_assessment_is_held_before_the_twenty_fourth_month(held, wanted, stay):
    assert met(stay, "assessment_months", "lt", 24, on=held) is None
    assessed(stay, held)
    assert met(stay, "assessment_months", "lt", 24, on=held) is wanted


# --- papers by stage ---------------------------------------------------------------------------


def test_each_paper_is_asked_for_and_put_in_at_its_stage(city, people):
    for code, stage in (("form", "entry"), ("report", "exit"), ("hearing", "withdrawal")):
        staying.paper(city, code, stage=stage)
    handler = people[Role.HANDLER]

    def shown(stay):
        row = Stay.objects.for_page().get(pk=stay.pk)
        slots = timeline.slots_of(row)
        return [s.code for s in slots], [s.code for s in slots if actions.may_cite(row, s.name, handler)]

    stay = staying.told(city, people)
    assert shown(stay) == (["form"], ["form"])
    for action in ("submit", "accept", "file"):
        stay = staying.step(stay, action, people)
    assert shown(stay) == ([], [])
    stay = staying.step(stay, "leave", people)
    assert shown(stay) == (["report"], ["report"])
    assert [fact(stay, n) for n in ("papers_missing", "exit_papers_missing", "withdrawal_papers_missing")] == [1, 1, 1]
    actions.cite(stay, "paper.report", make.upload(), by=handler)
    assert fact(stay, "exit_papers_missing") == 0
    with pytest.raises(Refused, match="不能上传"):
        actions.cite(stay, "paper.hearing", make.upload(), by=handler)
    stay = staying.step(stay, "ask_withdrawal", people)
    assert shown(stay) == (["report", "hearing"], ["hearing"])


def test_nobody_is_withdrawn_before_the_hearing_is_on_file(city, people):
    staying.paper(city, "hearing", stage="withdrawal")
    Guard.objects.create(
        pack=city.pack, lifecycle="stay", action="withdraw", fact="withdrawal_papers_missing", lookup="lte", value=0,
        clause=city.clause,
    )  # fmt: skip
    stay = staying.brought_to("withdrawing", city, people)
    assert stay.withdrawal_side == "person"
    with pytest.raises(Refused, match="还没传的退站材料：1 份"):
        staying.step(stay, "withdraw", people)
    actions.cite(stay, "paper.hearing", make.upload(), by=people[Role.HANDLER])
    assert staying.step(stay, "withdraw", people).status == "withdrawn"


def test_what_a_stay_says_is_only_told_before_the_entry(city, people):
    stay = staying.brought_to("exiting", city, people)
    with pytest.raises(Refused, match="不能修改"):
        actions.tell(stay, person={}, values={"topic": "别的"}, by=people[Role.HANDLER])


def test_who_goes_on_to_a_second_station_leaves_with_its_consent(city, people):
    stay = staying.brought_to("issuing", city, people)
    with pytest.raises(Refused, match="对方同意接收的日期"):
        staying.step(stay, "transfer", people, consented_on="")
    with pytest.raises(Refused, match="在今天之后"):
        staying.step(stay, "transfer", people, consented_on=(ON + DAY).isoformat())
    stay = staying.step(stay, "transfer", people)
    assert (stay.status, stay.second_station, stay.ended_on, stay.certificate_number) == ("left", "二站", ON, "")


# --- drawn -------------------------------------------------------------------------------------


def test_papers_of_one_day_are_one_point_and_those_of_a_ledger_are_not_missed(city, people):
    staying.paper(city, "form")
    staying.paper(city, "degree", months=6)
    stay = staying.told(city, people)
    for code in ("form", "degree"):
        actions.cite(stay, f"paper.{code}", make.upload(), by=people[Role.HANDLER])
    points = timeline.points_of(timeline.slots_of(Stay.objects.for_page().get(pk=stay.pk)), ON)
    assert [p["label"] for p in points] == ["2 份材料"]
    other = staying.brought_to("here", city, people, at=stay.station)
    points = timeline.points_of(timeline.slots_of(Stay.objects.for_page().get(pk=other.pk)), ON)
    assert [(p["label"], p["kind"], p["on"]) for p in points] == [("材料degree", "later", date(2026, 11, 20))]
    other.matter.events.filter(action="file").delete()  # as one that was entered from a ledger
    assert timeline.slots_of(Stay.objects.for_page().get(pk=other.pk)) == []


def test_a_failed_proposal_is_due_again_within_the_months_of_the_rule(city, people, stay):
    from postdocs.models import MilestoneRule

    MilestoneRule.objects.create(pack=city.pack, kind="proposal", due=3, again=1, clause=city.clause)
    (step,) = timeline.steps_of(stay, ON)
    assert (step.state, step.due) == ("open", date(2026, 8, 20))
    staying.milestone(stay, "proposal", date(2026, 6, 1), people[Role.HANDLER], grade="failed")
    (step,) = timeline.steps_of(stay, ON)
    assert (step.state, step.due) == ("failed", date(2026, 7, 1))
