"""Claims for supervisors, referrers and buyers: the unit names whose money it is, they sign on paper, the rest is as always."""

import pytest

from portal.lifecycle import Refused
from portal.models import Evidence, Role
from subsidies.claims import actions, lifecycle
from subsidies.claims.facts import CONSENT
from subsidies.models import Claim, OtherPayee, PayeeAccount
from subsidies.publicity.lifecycle import payee_of
from tests import make
from tests.postdocs import staying
from tests.subsidies import granting
from tests.subsidies.test_schemes import signed_in

ON = make.ON
SUPERVISOR = {"name": "陈守正", "unit": False, "number": "320583197501010014", "phone": ""}
TYPED = {"name": "陈守正", "kind": "id_card", "number": "32058319750101001X", "phone": ""}
BUYER = {"name": "测试买方有限公司", "kind": "unit", "number": "91320583MA1ABCDE2E", "phone": "0512-55550000"}


@pytest.fixture
def stay(city, people):
    return staying.brought_to("here", city, people)


def scheme(city, payee: str = "supervisor"):
    return granting.version(
        city, granting.scheme(city, "tutor", payee=payee, title="导师工作补贴"), shape="fixed", amount=20_000
    )


@pytest.fixture
def row(city, people, stay) -> Claim:
    scheme(city)
    return granting.begun(city, people, stay, scheme="tutor")


def fresh(row: Claim) -> Claim:
    return Claim.objects.for_page().get(pk=row.pk)


def complete(row: Claim, by) -> Claim:
    actions.name_payee(row, **SUPERVISOR, by=by)
    file = make.file(row.matter.organisation, by)
    Evidence.objects.create(matter=row.matter, slot=CONSENT, file=file, added_by=by)
    actions.give_account(fresh(row), holder="陈守正", bank="测试银行", number="6222000000000000009", by=by, on=ON)
    return fresh(row)


def test_the_unit_claims_for_a_supervisor_and_the_money_goes_to_them(city, people, row):
    by = people[Role.HANDLER]
    granting.budget(city)
    assert (row.person, row.whose, row.by_unit) == (None, "导师", True)
    row = complete(row, by)
    for action, who in (("to_certify", by), ("certify", people[Role.CERTIFIER])):
        row = lifecycle.claim.move(row, action, by=who, on=ON)
    for action in ("forward", "handle", "review", "approve"):
        row = granting.step(fresh(row), action, people, approved="20000")
    row = fresh(row)
    assert (row.status, row.whose, payee_of(row)) == ("publicity", "陈守正", "陈*正")
    assert row.decision.data["payee"] == str(row.payee_id)
    assert PayeeAccount.objects.get().payee == row.payee


@pytest.mark.parametrize(
    ("leave_out", "told"),
    [("payee", "要写明收款人"), ("consent", "申领材料要齐"), ("account", "收款账户")],
)
def test_what_is_missing_stops_it_with_a_sentence(people, row, leave_out, told):
    by = people[Role.HANDLER]
    row = complete(row, by)
    if leave_out == "payee":
        Claim.objects.filter(pk=row.pk).update(payee=None)
    elif leave_out == "consent":
        Evidence.objects.filter(slot=CONSENT).delete()
    else:
        Claim.objects.filter(pk=row.pk).update(account=None)
    with pytest.raises(Refused, match=told):
        lifecycle.claim.move(fresh(row), "to_certify", by=by, on=ON)


def test_money_goes_only_to_an_account_in_the_payees_name(people, row):
    by = people[Role.HANDLER]
    row = complete(row, by)
    actions.give_account(row, holder="别人", bank="测试银行", number="6222000000000000008", by=by, on=ON)
    with pytest.raises(Refused, match="户名"):
        lifecycle.claim.move(fresh(row), "to_certify", by=by, on=ON)


def test_another_payee_takes_the_former_ones_account_away(people, row):
    by = people[Role.HANDLER]
    row = complete(row, by)
    again = actions.name_payee(row, **SUPERVISOR | {"phone": "0512-55550000"}, by=by)
    assert (again.pk, fresh(row).account_id is None) == (row.payee_id, False)
    actions.name_payee(row, **SUPERVISOR | {"name": "陈守己"}, by=by)
    assert (fresh(row).whose, fresh(row).account) == ("陈守己", None)


def test_no_account_before_somebody_is_named(people, row):
    with pytest.raises(Refused, match="先写明收款人"):
        granting.account(row, people[Role.HANDLER])


def test_nobody_else_claims_for_them_and_nothing_is_prepared(city, people, stay):
    scheme(city)
    me = granting.person_with_account(stay)
    with pytest.raises(Refused, match="由设站单位经办人或本人"):
        actions.begin(stay, "tutor", 1, by=me, on=ON)
    from subsidies.entitlements.sweep import sweep

    assert sweep(city.pack, on=ON) == 1
    assert actions.prepare(city.pack, on=ON) == 0
    assert "导师工作补贴" not in signed_in(me).get("/card/").content.decode()
    card = signed_in(people[Role.HANDLER]).get(f"/people/{stay.person_id}/card/").content.decode()
    assert "导师工作补贴（给导师）" in card
    assert "/claims/new/stay/" in card


def test_a_right_is_claimed_once_whoever_is_named(city, people, stay, row):
    with pytest.raises(Refused, match="已有申领"):
        actions.begin(stay, "tutor", 1, by=people[Role.HANDLER], on=ON)


def test_a_payee_is_named_on_the_page_and_the_number_is_not_shown(people, row):
    me, page = signed_in(people[Role.HANDLER]), row.get_absolute_url()
    wrong = me.post(f"{page}payee/", TYPED | {"number": "320583197501010019"})
    assert (wrong.status_code, "校验位" in wrong.content.decode(), "陈守正" in wrong.content.decode()) == (
        422,
        True,
        True,
    )
    assert OtherPayee.objects.count() == 0
    assert me.post(f"{page}payee/", TYPED | {"number": good()}).status_code == 302
    text = me.get(page).content.decode()
    assert ("陈守正" in text, good() in text) == (True, False)
    assert bytes(OtherPayee.objects.get().number).find(good().encode()) == -1


def good() -> str:
    from postdocs.people.papers import check_digit

    return "32058319750101001" + check_digit("32058319750101001")


def test_a_buyer_is_an_enterprise_and_a_supervisor_is_not(city, people, stay):
    scheme(city, "buyer")
    row = granting.begun(city, people, stay, scheme="tutor")
    me, page = signed_in(people[Role.HANDLER]), row.get_absolute_url()
    assert me.post(f"{page}payee/", TYPED).status_code == 422
    code = "91320583MA1ABCDE2E"
    answer = me.post(f"{page}payee/", BUYER | {"number": code})
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    assert (fresh(row).whose, fresh(row).payee.masked) == ("测试买方有限公司", code)


def test_an_enterprise_names_nobody_for_another(city, row):
    other = make.enterprise(city.north)
    stranger = make.user(Role.HANDLER, organisation=other.organisation)
    assert signed_in(stranger).post(f"{row.get_absolute_url()}payee/", TYPED).status_code == 404
