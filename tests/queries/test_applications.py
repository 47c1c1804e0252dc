"""One application on its way, its review, and batches of them."""

from portal.models import Confirmation, Evidence, ReturnItem, Role
from stations.applications import actions
from stations.models import Answer, Application, Condition, ConditionCriterion, Slot
from tests import make
from tests.queries.counting import counted, signed_in


def enlarge(case, who) -> None:
    """Two more conditions, two more papers on each, verdicts on all of them."""
    owner = case.enterprise.organisation
    for number in (3, 4):
        for group in ("basic", "recommended"):
            row = Condition.objects.create(
                type=case.type, code=f"{group}-{number}", group=group, title="x", summary="x",
                clause=case.type.clause, order=9,
            )  # fmt: skip
            Slot.objects.create(condition=row, code="proof", title="x")
            Answer.objects.create(application=case, condition=row, claimed=True)
            ConditionCriterion.objects.create(condition=row, fact="staff", lookup="gte", value=number)
    for slot in Slot.objects.filter(condition__type=case.type).select_related("condition"):
        for _n in range(2):
            paper = make.file(owner, who[Role.HANDLER])
            Evidence.objects.create(matter=case.matter, slot=slot.name, file=paper, added_by=who[Role.HANDLER])
        for level in Confirmation.Level.values:
            Confirmation.objects.get_or_create(
                matter=case.matter, topic=slot.condition.code, level=level, until=None,
                defaults={"verdict": False, "by": who[Role.DISTRICT], "since": make.ON},
            )  # fmt: skip


def parts(number, *names) -> dict[str, str]:
    base = f"/applications/{number}/"
    return {"case": base} | {name: f"{base}parts/{name}/" for name in names}


def review(number) -> dict[str, str]:
    return {"review": f"/applications/{number}/", "return": f"/applications/{number}/return/"}


PARTS = ("profile", "plan", "basic", "recommended", "check")


def test_a_draft_takes_as_many_queries_with_one_paper_as_with_three(stage, people):
    client, case = signed_in(people[Role.HANDLER]), make.filled(stage, people[Role.HANDLER])
    due = {"case": 12, "profile": 8, "plan": 6, "basic": 11, "recommended": 11, "check": 13}
    assert counted(client, parts(case.matter.number, *PARTS)) == due
    enlarge(case, people)
    assert counted(client, parts(case.matter.number, *PARTS)) == due


def test_a_returned_case_takes_as_many_queries_with_one_item_as_with_three(stage, people):
    client, case = signed_in(people[Role.HANDLER]), make.brought_to("district", stage, people)
    items = [ReturnItem(target="slot:basic-1.proof", label="x", code="R03")]
    case = make.step(case, "return", people, by=people[Role.DISTRICT], items=items)
    due = {"case": 12, "profile": 9, "plan": 7, "basic": 12, "recommended": 12, "check": 14}
    assert counted(client, parts(case.matter.number, *PARTS)) == due
    enlarge(case, people)
    event = ReturnItem.objects.get().event
    for target in ("field:project", "profile:staff", "condition:basic-2"):
        ReturnItem.objects.create(event=event, target=target, label="x", code="R01")
    assert counted(client, parts(case.matter.number, *PARTS)) == due


def resubmitted(case, who):
    """Sent back and handed in once more, with something changed."""
    item = ReturnItem(target="field:project", label="x", code="R01")
    case = make.step(case, "return", who, by=who[Role.DISTRICT], items=[item])
    Application.objects.filter(pk=case.pk).update(project=f"项目{case.matter.round}")
    actions.mended(case, "field:project")
    return make.step(make.step(case, "to_certify", who), "submit", who)


def test_a_review_takes_as_many_queries_with_one_paper_as_with_three(stage, people):
    client, case = signed_in(people[Role.DISTRICT]), make.brought_to("district", stage, people)
    due = {"review": 18, "return": 11}
    assert counted(client, review(case.matter.number)) == due
    enlarge(case, people)
    resubmitted(case, people)
    due["return"] += 3  # what could be seen at the first return
    assert counted(client, review(case.matter.number)) == due


def test_a_case_on_its_way_takes_as_many_queries_for_its_enterprise(stage, people):
    client, case = signed_in(people[Role.HANDLER]), make.brought_to("district", stage, people)
    due = {"case": 11}
    assert counted(client, parts(case.matter.number)) == due
    enlarge(case, people)
    resubmitted(case, people)
    assert counted(client, parts(case.matter.number)) == due


BATCH = {"batch": "/applications/batch/"}


SHEETS = {name: f"/applications/batch/summary/{name}" for name in ("", "file/", "export/")}


def sheets(number) -> dict[str, str]:
    return {name: f"/applications/{number}/papers/form/{name}" for name in ("", "file/")}


def test_papers_and_batches_take_as_many_queries_for_one_row_as_for_three(stage, people):
    client, numbers = signed_in(people[Role.BUREAU_APPROVER]), []
    for number in range(3):
        here, them = make.people_of(stage, make.enterprise(stage.north), people)
        case = make.brought_to("passed", here, them)
        numbers.append(f"n={case.matter.number}")
        if number in (0, 2):
            assert counted(client, BATCH) == {"batch": 6}
            picked = {name: f"{url}?{'&'.join(numbers)}" for name, url in SHEETS.items()}
            assert counted(client, picked) == {"": 5, "file/": 4, "export/": 4}
            assert counted(client, sheets(case.matter.number)) == {"": 10, "file/": 9}
        if number == 0:
            enlarge(case, people)
            assert counted(client, sheets(case.matter.number)) == {"": 10, "file/": 9}
