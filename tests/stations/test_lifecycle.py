"""Where each step of an application leads, what it leaves behind, and who may not take two of them."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from portal.lifecycle import NotYours, Refused
from portal.models import Event, Evidence, File, Matter, ReturnItem, Role, Spell
from stations.applications import actions, lifecycle
from stations.applications.models import STAMP
from stations.models import Application, Station, StationKind, StationStatus
from stations.register import lifecycle as register_lifecycle
from tests import make

ON = make.ON
cycle = lifecycle.application


@pytest.mark.parametrize(("status", "action"), sorted(cycle.transitions))
@pytest.mark.django_db
def test_each_step_of_the_table_leads_where_it_says(status, action, city, people):
    """Who may take it, and that nothing else moves an application, is held in test_steps.py."""
    step = cycle.transitions[status, action]
    columns = dict(step.where)
    case = make.filled(
        city, people[Role.HANDLER], kind=city.own if columns.get("route") == "recognise" else city.upward
    )
    Matter.objects.filter(pk=case.matter_id).update(helped=columns.pop("helped", False))
    Application.objects.filter(pk=case.pk).update(status=status, truthful=True, **columns)
    Evidence.objects.create(matter=case.matter, slot=STAMP, file=File.objects.first(), added_by=people[Role.HANDLER])
    everybody = make.user(*Role, organisation=city.enterprise.organisation, district=city.root)
    free_of_criteria(case, step)
    moved = cycle.move(
        case,
        action,
        by=everybody,
        on=ON,
        note="理由",
        details={"document": "测〔2026〕9号", "document_on": ON.isoformat()},
        items=[ReturnItem(target="field:project", label="项目", code="R01")] if step.returns else [],
    )
    target = step.target if isinstance(step.target, str) else step.target.first
    assert moved.status == target
    assert Event.objects.latest("pk").action == action
    matter = Matter.objects.get(pk=case.matter_id)
    assert (matter.status, matter.holder) == (target, cycle.stages[target].holder or "")
    assert (matter.closed_on is not None) == cycle.stages[target].closed


def free_of_criteria(case, step):
    """The table alone is tested here: what officials must find first is found."""
    from portal.models import Guard

    Guard.objects.filter(action=step.action).exclude(fact="truthful").delete()


def test_the_way_up_ends_in_a_station_of_the_paper(city, people):
    case = make.brought_to("sent", city, people)
    case = make.step(case, "forward", people)
    with pytest.raises(Refused, match="最后一级"):
        make.step(case, "forward", people)
    make.step(
        case, "approve", people, on=date(2026, 9, 1), details={"document": "测〔2026〕9号", "document_on": "2026-08-20"}
    )
    station = Station.objects.get()
    assert (station.approved_on, station.approval_document, station.approver) == (
        date(2026, 8, 20),
        "测〔2026〕9号",
        "省级",
    )
    assert (station.kind, station.level, station.application) == ("national", "national", case)
    assert station.matter.number == "TE-WS-2026-0001"
    assert [s.status for s in Spell.objects.filter(matter=case.matter).order_by("pk")] == [
        *("draft", "certifying", "district", "bureau", "passed", "sent", "approved")
    ]


def test_recognition_ends_in_a_station_without_an_upper_level(city, people):
    case = make.brought_to("approved", city, people, kind=city.own)
    station = Station.objects.get()
    assert (case.status, station.kind, station.approver) == ("approved", "base_city", "测试市人社局")
    owner = station.enterprise
    assert str(station) == station.name == f"{owner}市级博士后科研工作站（基地）"
    with translation.override("en"):
        assert str(station) == f"{owner}: City-level station or base"


def test_an_upgrade_ends_the_base_and_opens_the_workstation(city, people):
    make.brought_to("approved", city, people, kind=city.own, on=date(2025, 3, 3))
    make.brought_to("approved", city, people, on=date(2026, 3, 2))
    base, raised = Station.objects.order_by("pk")
    assert (base.status, base.ended_on) == (StationStatus.UPGRADED, date(2026, 3, 2))
    assert (raised.upgraded_from, raised.status) == (base, StationStatus.VALID)


@pytest.mark.parametrize(
    ("day", "told"),
    [("2026-06-02", "在今天之后"), ("2026-05-31", "早于申报建立")],
    ids=["paper of tomorrow", "paper older than the application"],
)
def test_an_impossible_date_of_approval_is_refused(day, told, city, people):
    case = make.brought_to("sent", city, people)
    with pytest.raises(Refused, match=told):
        make.step(case, "approve", people, details={"document": "测", "document_on": day})
    assert Application.objects.get().status == "sent"
    assert not Station.objects.exists()


# --- who ---------------------------------------------------------------------------------------


def test_handler_and_certifier_are_two_people(city, people):
    both = make.user(Role.HANDLER, Role.CERTIFIER, organisation=city.enterprise.organisation)
    case = make.filled(city, both)
    case = cycle.move(case, "to_certify", by=both, on=ON)
    with pytest.raises(NotYours, match="另一人"):
        actions.certify(case, by=both, on=ON)
    assert [step.action for step in cycle.possible(case, both)] == ["decline", "withdraw"]


def test_who_passes_does_not_send_up(city, people):
    both = make.user(Role.BUREAU_HANDLER, Role.BUREAU_APPROVER, district=city.root)
    case = make.brought_to("bureau", city, people)
    case = cycle.move(case, "pass", by=both, on=ON)
    with pytest.raises(NotYours, match="另一人"):
        cycle.move(case, "send_up", by=both, on=ON)
    assert make.step(case, "send_up", people).status == "sent"


def test_the_database_keeps_duties_apart(city, people):
    case = make.brought_to("passed", city, people)
    passed = Event.objects.get(action="pass")
    with pytest.raises(IntegrityError), transaction.atomic():
        Event.objects.create(
            matter=case.matter, round=passed.round, action="send_up", duty="decision", source="passed", target="sent",
            on=ON, by=passed.by,
        )  # fmt: skip


@pytest.mark.parametrize("who", ["other_district", "other_unit", Role.AUDITOR, Role.REPORTER, "nobody"])
def test_a_stranger_has_no_step(who, city, people):
    case = make.brought_to("district", city, people)
    assert cycle.possible(case, people[who]) == []
    with pytest.raises(NotYours):
        cycle.move(case, "refuse", by=people[who], on=ON, note="理由")


# --- returns -----------------------------------------------------------------------------------


def sent_back(city, people, level="district", *targets):
    case = make.brought_to(level, city, people)
    by = people[Role.DISTRICT] if level == "district" else people[Role.BUREAU_HANDLER]
    targets = targets or ("slot:basic-1.proof", "field:project")
    items = [ReturnItem(target=t, label=t, code="R03", note="改") for t in targets]
    return cycle.move(case, "return", by=by, on=ON, items=items)


@pytest.mark.parametrize("level", ["district", "bureau"])
def test_a_correction_goes_back_to_the_level_that_asked(level, city, people):
    case = sent_back(city, people, level)
    for item in ReturnItem.objects.all():
        actions.explain(case, item, text="保持原样")
    case = make.step(case, "to_certify", people)
    assert make.step(case, "submit", people).status == level
    assert not ReturnItem.objects.filter(resolved_at=None).exists()


def test_only_what_was_named_may_be_edited(city, people):
    case = sent_back(city, people)
    named, other = (Slot_of(case, code) for code in ("basic-1", "basic-2"))
    paper = make.file(city.enterprise.organisation, people[Role.HANDLER])
    actions.cite(case, named, paper, by=people[Role.HANDLER])
    with pytest.raises(actions.Locked):
        actions.cite(case, other, paper, by=people[Role.HANDLER])
    with pytest.raises(actions.Locked):
        actions.answer(case, named.condition, claimed=False, statement="")


def Slot_of(case, code):
    from stations.models import Slot

    return Slot.objects.select_related("condition").get(condition__type=case.type, condition__code=code, code="proof")


def test_it_goes_on_only_when_every_item_is_mended_or_explained(city, people):
    case = sent_back(city, people)
    with pytest.raises(Refused, match="退回后还没改的地方：2 处"):
        make.step(case, "to_certify", people)
    first, second = ReturnItem.objects.order_by("pk")
    actions.cite(
        case,
        Slot_of(case, "basic-1"),
        make.file(city.enterprise.organisation, people[Role.HANDLER]),
        by=people[Role.HANDLER],
    )
    actions.explain(case, second, text="与合同一致，不改")
    assert make.step(case, "to_certify", people).status == "certifying"


def test_a_return_without_items_is_refused(city, people):
    case = make.brought_to("district", city, people)
    with pytest.raises(Refused, match="至少列出一处"):
        cycle.move(case, "return", by=people[Role.DISTRICT], on=ON)


def test_the_profile_of_a_correction_changes_only_where_it_was_named(city, people):
    case = sent_back(city, people, "district", "profile:rd_spend")
    city.enterprise.refresh_from_db()
    city.enterprise.rd_spend, city.enterprise.staff = 46_800_000, 999
    city.enterprise.save()
    actions.mended(case, "profile:rd_spend")
    case = make.step(make.step(case, "to_certify", people), "submit", people)
    told = case.matter.revisions.latest("pk").data["enterprise"]
    assert (told["rd_spend"], told["staff"]) == ("46800000.00", 200)


# --- promises ----------------------------------------------------------------------------------


def test_a_correction_does_not_restart_the_promise(city, people):
    case = make.brought_to("district", city, people)  # Monday 1 June: five working days end on 8 June
    assert Matter.objects.get(pk=case.matter_id).due_on == date(2026, 6, 8)
    item = ReturnItem(target="field:project", label="项目", code="R01")
    case = cycle.move(case, "return", by=people[Role.DISTRICT], on=date(2026, 6, 3), items=[item])
    actions.explain(case, ReturnItem.objects.get(), text="不改")
    case = make.step(case, "to_certify", people, on=date(2026, 6, 10))
    case = make.step(case, "submit", people, on=date(2026, 6, 10))
    assert Matter.objects.get(pk=case.matter_id).due_on == date(2026, 6, 15)  # three of five days are left


def test_a_failing_effect_leaves_nothing(city, people):
    case = make.brought_to("sent", city, people)
    make.station(city, people[Role.BUREAU_APPROVER])
    register_lifecycle.enter_station(
        case.enterprise, kind=case.type.kind and StationKind(case.type.kind), approved_on=ON, document="x",
        approver="x", district=city.north, by=people[Role.BUREAU_APPROVER],
    )  # fmt: skip
    before = Event.objects.count()
    with pytest.raises(IntegrityError), transaction.atomic():
        make.step(case, "approve", people)
    assert Application.objects.get().status == "sent"
    assert Event.objects.count() == before
