"""Writes of an enterprise and of officials: what each changes, what it refuses, and two people at once."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from portal.lifecycle import Refused
from portal.models import Appointment, Confirmation, Evidence, File, Guard, Matter, Organisation, ReturnItem, Role, User
from stations.applications import actions
from stations.enterprises import actions as enterprises_actions
from stations.models import Answer, Application, Enterprise, Slot, StationKind, StationStatus
from stations.register import lifecycle
from tests import make
from tests.threads import at_once

ON = make.ON


# --- registering -------------------------------------------------------------------------------


def registered(place, code, phone, *, name="新单位"):
    user = User(username=phone, phone=phone, name="经办人")
    user.set_unusable_password()
    return enterprises_actions.register(
        code=code, name=name, district=place.north, user=user, code_confirmed=False, on=ON
    )


def test_registering_makes_an_enterprise_with_its_first_handler(city):
    enterprise = registered(city, make.credit_code(77), "13900000001")
    assert (enterprise.organisation.district, enterprise.organisation.kind) == (city.north, "enterprise")
    assert (enterprise.contact, enterprise.contact_phone) == ("经办人", "13900000001")
    (appointment,) = Appointment.objects.filter(organisation=enterprise.organisation)
    assert (appointment.user.username, appointment.role, appointment.since) == ("13900000001", Role.HANDLER, ON)


def test_a_code_that_is_taken_leaves_nothing_behind(city):
    code = city.enterprise.organisation.code
    with pytest.raises(ValidationError):
        registered(city, code, "13900000001")
    assert not User.objects.filter(phone="13900000001").exists()


def test_a_phone_that_is_taken_leaves_nothing_behind(city, people):
    phone = people[Role.HANDLER].phone
    with pytest.raises(IntegrityError), transaction.atomic():
        registered(city, make.credit_code(77), phone)
    assert not Organisation.objects.filter(code=make.credit_code(77)).exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_register_one_enterprise_at_once_make_one():
    place = make.city()
    code = make.credit_code(77)
    outcomes = at_once(*(lambda p=p: registered(place, code, p) for p in ("13900000001", "13900000002")))
    assert sorted(type(o).__name__ for o in outcomes) in (
        ["Enterprise", "IntegrityError"],
        ["Enterprise", "ValidationError"],
    )
    assert Enterprise.objects.filter(organisation__code=code).count() == 1
    assert Appointment.objects.filter(organisation__code=code).count() == 1
    assert User.objects.filter(phone__startswith="1390000").count() == 1


# --- beginning ---------------------------------------------------------------------------------


def test_a_draft_begins_with_one_unanswered_row_per_condition(city, people):
    case = make.draft(city, people[Role.HANDLER])
    assert (case.status, case.route, case.matter.number) == ("draft", "upward", "TE-SZ-2026-0001")
    assert (case.matter.holder, case.matter.filed_on, case.matter.opened_on) == (Role.HANDLER, None, ON)
    rows = case.answers.order_by("condition__order").values_list("condition__code", "claimed", "statement")
    assert list(rows) == [("basic-1", None, ""), ("basic-2", None, ""), ("rec-1", None, "")]


def test_starting_twice_opens_the_same_draft(city, people):
    first = make.draft(city, people[Role.HANDLER])
    assert make.draft(city, people[Role.HANDLER]) == first
    assert make.draft(city, people[Role.HANDLER], kind=city.own) != first
    assert Matter.objects.filter(kind="application").count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_who_start_at_once_get_the_same_draft():
    place = make.city()
    who = make.people(place)
    first, second = at_once(*[lambda: make.draft(place, who[Role.HANDLER])] * 2)
    assert first == second
    assert Application.objects.count() == 1
    assert Matter.objects.filter(kind="application").count() == 1


@pytest.mark.parametrize("ending", ["refuse", "withdraw"])
def test_after_a_case_is_closed_another_may_begin(ending, city, people):
    first = make.brought_to("district", city, people)
    by = people[Role.DISTRICT if ending == "refuse" else Role.HANDLER]
    make.step(first, ending, people, by=by, note="理由")
    assert make.draft(city, people[Role.HANDLER]) != first


def test_who_has_a_valid_station_of_the_kind_need_not_apply(city, people):
    chief = people[Role.BUREAU_APPROVER]
    row = make.station(city, chief, owner=city.enterprise, approved_on=ON)
    with pytest.raises(Refused, match="已有国家级博士后科研工作站"):
        make.draft(city, people[Role.HANDLER])
    paper = {"document": "测", "document_on": "2026-06-05", "ground": "idle"}
    lifecycle.station.move(row, "cancel", by=chief, on=date(2026, 6, 5), note="理由", details=paper)
    with pytest.raises(Refused):
        make.draft(city, people[Role.HANDLER], on=date(2026, 6, 4))
    assert make.draft(city, people[Role.HANDLER], on=date(2026, 6, 5)).status == "draft"


def test_branches_may_be_several(city, people):
    make.station(city, people[Role.BUREAU_APPROVER], owner=city.enterprise, kind=StationKind.BRANCH)
    kind = make.application_type(city.pack, city.clause, "branch", StationKind.BRANCH, "upward", ["省级"])
    assert make.draft(city, people[Role.HANDLER], kind=kind).status == "draft"


# --- editing -----------------------------------------------------------------------------------


@pytest.fixture
def case(city, people):
    return make.draft(city, people[Role.HANDLER])


def slot_of(case, name):
    code, slot = name.split(".")
    return Slot.objects.select_related("condition").get(condition__type=case.type, condition__code=code, code=slot)


def version(case):
    return Matter.objects.get(pk=case.matter_id).version


def test_an_answer_is_kept_and_counts_as_one_change(case):
    condition = slot_of(case, "basic-1.proof").condition
    actions.answer(case, condition, claimed=True, statement="有导师")
    row = Answer.objects.get(application=case, condition=condition)
    assert (row.claimed, row.statement, version(case)) == (True, "有导师", 1)
    actions.answer(case, condition, claimed=True, statement="有导师")
    assert version(case) == 1


def test_the_same_file_twice_in_a_slot_is_one_citation(case, people):
    slot, handler = slot_of(case, "basic-1.proof"), people[Role.HANDLER]
    paper = make.file(case.enterprise.organisation, handler)
    first = actions.cite(case, slot, paper, by=handler)
    assert actions.cite(case, slot, paper, by=handler) == first
    assert actions.cite(case, slot_of(case, "basic-1.more"), paper, by=handler) != first
    assert Evidence.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_same_file_cited_twice_at_once_is_one_citation():
    place = make.city()
    handler = make.people(place)[Role.HANDLER]
    case = make.draft(place, handler)
    slot, paper = slot_of(case, "basic-1.proof"), make.file(place.enterprise.organisation, handler)
    first, second = at_once(*[lambda: actions.cite(case, slot, paper, by=handler)] * 2)
    assert first == second
    assert Evidence.objects.count() == 1


def test_a_paper_taken_out_stays_in_the_locker_and_in_the_history(case, people):
    slot, handler = slot_of(case, "basic-1.proof"), people[Role.HANDLER]
    paper = make.file(case.enterprise.organisation, handler)
    evidence = actions.cite(case, slot, paper, by=handler)
    actions.uncite(case, evidence)
    evidence.refresh_from_db()
    assert evidence.removed_at is not None
    assert File.objects.filter(pk=paper.pk).exists()
    assert actions.cite(case, slot, paper, by=handler) != evidence


LOCKED = ["certifying", "district", "bureau", "passed", "sent", "approved"]


@pytest.mark.parametrize("status", LOCKED)
def test_what_was_handed_in_cannot_be_edited(status, city, people):
    case, handler = make.brought_to(status, city, people), people[Role.HANDLER]
    slot, before = slot_of(case, "basic-1.proof"), version(case)
    evidence = Evidence.objects.filter(slot="basic-1.proof").get()
    paper = make.file(city.enterprise.organisation, handler)
    for edit in (
        lambda: actions.answer(case, slot.condition, claimed=False, statement="x"),
        lambda: actions.cite(case, slot, paper, by=handler),
        lambda: actions.uncite(case, evidence),
        lambda: actions.explain(case, ReturnItem(pk=0), text="x"),
    ):
        with pytest.raises(actions.Locked):
            edit()
    evidence.refresh_from_db()
    assert (evidence.removed_at, version(case)) == (None, before)
    assert Answer.objects.get(application=case, condition=slot.condition).claimed is True


def sent_back(city, people, *targets):
    case = make.brought_to("district", city, people)
    items = [ReturnItem(target=t, label=t, code="R03", note="改") for t in targets]
    return make.step(case, "return", people, by=people[Role.DISTRICT], items=items)


@pytest.mark.parametrize(
    ("named", "may"),
    [
        ("slot:basic-1.proof", {"slot:basic-1.proof"}),
        ("condition:basic-1", {"condition:basic-1", "slot:basic-1.proof", "slot:basic-1.more"}),
        ("field:project", {"field:project"}),
        ("profile:staff", {"profile:staff"}),
    ],
)
def test_a_return_opens_what_it_named_and_a_condition_its_papers(named, may, city, people):
    case = sent_back(city, people, named)
    targets = actions.open_targets(case)
    every = {f"slot:{c}.proof" for c in ("basic-1", "basic-2", "rec-1")} | {"slot:basic-1.more", "field:project"}
    every |= {"condition:basic-1", "condition:basic-2", "condition:rec-1", "field:recruits", "profile:staff"}
    assert {target for target in every if actions.is_open(targets, target)} == may


def test_mending_a_paper_answers_its_item_or_its_conditions(city, people):
    handler = people[Role.HANDLER]
    case = sent_back(city, people, "condition:basic-1", "slot:basic-2.proof")
    for name in ("basic-1.more", "basic-2.proof"):
        actions.cite(case, slot_of(case, name), make.file(city.enterprise.organisation, handler), by=handler)
    assert not ReturnItem.objects.filter(answered_at=None).exists()


def test_an_explanation_answers_and_an_emptied_one_does_not(city, people):
    case = sent_back(city, people, "field:project")
    item = ReturnItem.objects.get()
    actions.explain(case, item, text="与合同一致")
    item.refresh_from_db()
    assert (item.answer, item.answered_at is None) == ("与合同一致", False)
    actions.explain(case, item, text="")
    item.refresh_from_db()
    assert (item.answer, item.answered_at) == ("", None)


def test_saving_no_reason_does_not_undo_what_was_mended(city, people):
    case = sent_back(city, people, "field:project")
    actions.mended(case, "field:project")
    actions.explain(case, ReturnItem.objects.get(), text="")
    assert ReturnItem.objects.get().answered_at is not None


# --- certifying and judging --------------------------------------------------------------------


def test_certifying_declares_and_hands_in(city, people):
    case = make.brought_to("certifying", city, people)
    assert not case.truthful
    case = actions.certify(case, by=people[Role.CERTIFIER], on=ON)
    assert (case.truthful, case.status) == (True, "district")


def test_a_refused_certification_declares_nothing(city, people):
    case = make.brought_to("certifying", city, people)
    Guard.objects.create(
        pack=city.pack, lifecycle="application", action="submit", fact="plan_missing", lookup="lte", value=0,
        clause=city.clause,
    )  # fmt: skip
    Application.objects.filter(pk=case.pk).update(project="")
    with pytest.raises(Refused, match="未填项"):
        actions.certify(case, by=people[Role.CERTIFIER], on=ON)
    case.refresh_from_db()
    assert (case.truthful, case.status) == (False, "certifying")


LEVELS = {
    ("district", Role.DISTRICT): "district",
    ("bureau", Role.BUREAU_HANDLER): "bureau",
    ("bureau", Role.BUREAU_REVIEWER): "bureau",
}


@pytest.mark.parametrize("status", ["certifying", "district", "bureau", "passed", "sent", "approved"])
def test_only_who_has_the_case_in_hand_may_judge(status, city, people):
    case = make.brought_to(status, city, people)
    condition = slot_of(case, "basic-1.proof").condition
    for who, user in people.items():
        level = LEVELS.get((status, who))
        assert actions.level_for(case, user) == level
        if level is None:
            with pytest.raises(Refused, match="不在您手里"):
                actions.judge(case, condition, verdict=True, note="", by=user, on=ON)


def test_a_newer_verdict_ends_the_older(city, people):
    case = make.brought_to("district", city, people)
    condition, officer = slot_of(case, "basic-1.proof").condition, people[Role.DISTRICT]
    later = ON + timedelta(1)
    first = actions.judge(case, condition, verdict=False, note="只有封面", by=officer, on=ON)
    second = actions.judge(case, condition, verdict=True, note="", by=officer, on=later)
    first.refresh_from_db()
    assert (first.until, second.until, second.since) == (later, None, later)
    assert Confirmation.objects.filter(matter=case.matter, until=None).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_verdicts_at_once_leave_one_in_force():
    place = make.city()
    who = make.people(place)
    case = make.brought_to("district", place, who)
    Confirmation.objects.all().delete()
    condition, officer = slot_of(case, "basic-1.proof").condition, who[Role.DISTRICT]
    outcomes = at_once(
        *(
            lambda v=v: actions.judge(case, condition, verdict=v, note="", by=officer, on=ON)
            for v in (True, False)
        )
    )  # fmt: skip
    assert {type(o) for o in outcomes} == {Confirmation}
    assert Confirmation.objects.filter(until=None).count() == 1


# --- the register ------------------------------------------------------------------------------


def test_a_station_cannot_end_before_it_began_or_in_the_future(city, people):
    chief = people[Role.BUREAU_APPROVER]
    row = make.station(city, chief, approved_on=ON)
    for day, told in ((ON - timedelta(1), "早于批准日期"), (ON + timedelta(10), "在今天之后")):
        paper = {"document": "测", "document_on": day.isoformat(), "ground": "idle"}
        with pytest.raises(Refused, match=told):
            lifecycle.station.move(row, "cancel", by=chief, on=ON + timedelta(9), note="理由", details=paper)
    row.refresh_from_db()
    assert (row.status, row.ended_on) == (StationStatus.VALID, None)
