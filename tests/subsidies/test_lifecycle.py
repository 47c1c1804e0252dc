"""Claims as a whole table, said here once more: each status × action × role; and two at once."""

from datetime import timedelta

import pytest

from portal.lifecycle import Refused
from portal.models import Event, Role
from subsidies.claims import lifecycle
from subsidies.claims.models import Claim, ClaimStatus
from tests import make
from tests.subsidies import granting
from tests.threads import at_once

C = ClaimStatus
HANDLER, CERTIFIER, DISTRICT, SELF = {Role.HANDLER}, {Role.CERTIFIER}, {Role.DISTRICT}, {"me"}
MAKERS, REVIEWER, APPROVER = (
    {Role.BUREAU_HANDLER, Role.BUREAU_REVIEWER},
    {Role.BUREAU_REVIEWER},
    {Role.BUREAU_APPROVER},
)
PAYERS = {Role.BUREAU_HANDLER, Role.FINANCE_MAKER}
UNIT, GIVE_UP = HANDLER | CERTIFIER, {"give_up": {"me"}}
WITHDRAW = {"withdraw": HANDLER | CERTIFIER}

# of a claim whose person has an account here; `me` is that person
STEPS: dict[str, dict[str, set]] = {
    "draft": {"ask_person": HANDLER, "apply": SELF, **WITHDRAW, **GIVE_UP},
    "person": {"agree": SELF, "decline": SELF, "take_back": HANDLER, **GIVE_UP},
    "unit": {"confirm": HANDLER, "give_back": UNIT, **WITHDRAW, **GIVE_UP},
    "district": {"forward": DISTRICT, "return": DISTRICT, "refuse": DISTRICT, **WITHDRAW, **GIVE_UP},
    "handling": {"handle": MAKERS, "return": MAKERS, "refuse": MAKERS, **WITHDRAW, **GIVE_UP},
    "review": {"review": REVIEWER, "reconsider": REVIEWER},
    "approval": {"approve": APPROVER, "refuse": APPROVER, "reconsider": APPROVER},
    "publicity": {},
    "disputed": {"dismiss": MAKERS, "uphold": MAKERS},
    "payable": {"batch": PAYERS, "uphold": MAKERS},
    "batched": {"unbatch": PAYERS | APPROVER | {Role.FINANCE_CHECKER}},
    "released": {"pay": PAYERS, "bounce": PAYERS},
    "paid": {"recover": MAKERS},
    "bounced": {"mend": MAKERS},
    "recovering": {"keep": MAKERS, "recovered": MAKERS},
    "recovered": {},
    "refused": {},
    "withdrawn": {},
}
OF_UNIT = {"draft": {"to_certify": HANDLER, **WITHDRAW}, "unit": {"certify": CERTIFIER, "give_back": UNIT, **WITHDRAW}}


@pytest.fixture
def place(city, people):
    granting.living(city)
    return city, people


def in_status(row: Claim, status: str) -> Claim:
    """The row as it would be in this status, past every step."""
    paid = row.publicity_until if status in ("paid", "recovering", "recovered") else None
    Claim.objects.filter(pk=row.pk).update(status=status, paid_on=paid)
    return Claim.objects.for_page().get(pk=row.pk)


def taken_by(row: Claim, who: dict) -> dict[str, set]:
    """Which steps are possible now, and for whom."""
    found: dict[str, set] = {}
    for name, user in who.items():
        for step in lifecycle.claim.possible(row, user):
            found.setdefault(step.action, set()).add(name)
    return found


def test_each_status_has_its_steps_and_each_step_its_roles(place):
    city, who = place
    row = granting.brought_to("payable", city, who)
    Event.objects.filter(matter=row.matter).update(duty="")  # who decided before is another table's business
    who = who | {"me": row.person.user}
    found = {status: taken_by(in_status(row, status), who) for status in C.values}
    assert found == STEPS


def test_what_a_unit_signs_alone_has_its_own_steps(place):
    city, who = place
    row = granting.begun(city, who)
    assert {status: taken_by(in_status(row, status), who) for status in OF_UNIT} == OF_UNIT


PRESSED = (("district", "forward", Role.DISTRICT), ("review", "review", Role.BUREAU_REVIEWER))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("status", "action", "role"), PRESSED)
def test_two_who_press_at_once_make_one_event_and_one_refusal(place, status, action, role):
    city, who = place
    row = granting.brought_to(status, city, who)
    rivals = [make.user(role, district=city.root) for _n in range(2)]

    def press(by):
        return lambda: lifecycle.claim.move(row, action, by=by, on=make.ON + timedelta(1), note="理由")

    outcomes = at_once(*map(press, rivals))
    assert [isinstance(o, Claim) for o in outcomes].count(True) == 1
    assert [isinstance(o, Refused) for o in outcomes].count(True) == 1
    assert Event.objects.filter(matter=row.matter, action=action).count() == 1


@pytest.mark.django_db(transaction=True)
def test_sixteen_approvals_reserve_the_money_once(place):
    city, who = place
    row = granting.brought_to("approval", city, who)
    chiefs = [make.user(Role.BUREAU_APPROVER, district=city.root) for _n in range(16)]
    outcomes = at_once(*(lambda by=by: lifecycle.claim.move(row, "approve", by=by, on=make.ON) for by in chiefs))
    assert [isinstance(o, Claim) for o in outcomes].count(True) == 1
    assert row.entries.filter(kind="reserve").count() == 1
    assert row.decisions.count() == 1
