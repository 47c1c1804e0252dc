"""Subsidies by program: the rows of the pages for the same people, since a moment, and no number of an account."""

import pytest
from django.test import Client

from portal.models import Role
from subsidies.entitlements.sweep import sweep
from tests import make
from tests.postdocs import staying
from tests.queries.counting import counted, signed_in
from tests.stations.test_api import api, results
from tests.subsidies import granting, paying

ON = make.ON


@pytest.fixture
def row(city, people):
    granting.living(city)
    return granting.brought_to("payable", city, people)


def test_a_claim_is_told_with_its_account_masked(row, people):
    ask = api(people[Role.DISTRICT])
    (told,) = results(ask("claims"))
    assert (told["number"], told["scheme"], told["approved"]) == (row.matter.number, "living", "160000.00")
    assert (told["subject"], told["status"], told["account"]) == (
        row.stay.matter.number,
        "payable",
        "测试银行 **** 0001",
    )
    answer = ask(f"claims/{row.matter.number}")
    assert answer.json() == told
    assert "6222000000000000001" not in answer.content.decode()


@pytest.mark.parametrize(
    ("role", "n"),
    [(Role.HANDLER, 1), ("other_unit", 0), (Role.DISTRICT, 1), ("other_district", 0), (Role.AUDITOR, 1)],
    ids=str,
)
def test_everybody_reads_what_they_may_see(role, n, row, people):
    sweep(row.instalment.version.pack, on=ON)
    ask = api(people[role])
    assert len(results(ask("claims"))) == n
    assert len(results(ask("entitlements"))) == n
    assert ask(f"claims/{row.matter.number}").status_code == (200 if n else 404)


def test_filters_are_those_of_the_page(row, people):
    ask = api(people[Role.AUDITOR])
    found = {
        "shown": ("waiting", "paid"), "status": ("payable", "draft"), "q": (row.matter.number, "nobody"),
        "updated_since": ("2020-01-01T00:00:00+08:00", "2099-01-01T00:00:00+08:00"),
    }  # fmt: skip
    for name, (some, none) in found.items():
        assert len(results(ask("claims", **{name: some}))) == 1
        assert results(ask("claims", **{name: none})) == []
    assert ask("claims", status="x").status_code == 400


def test_entitlements_are_those_of_the_last_sweep(row, people):
    sweep(row.instalment.version.pack, on=ON)
    ask = api(people[Role.AUDITOR])
    (told,) = results(ask("entitlements", met="true", scheme="living"))
    assert (told["subject"], told["amount"], told["checked_on"]) == (row.stay.matter.number, "160000.00", str(ON))
    assert results(ask("entitlements", open_on="2020-01-01")) == []
    assert results(ask("entitlements", updated_since="2099-01-01T00:00:00+08:00")) == []


def test_budgets_balance_and_are_for_who_sees_them_all(row, people, city):
    (told,) = results(api(people[Role.BUREAU_HANDLER])("budgets"))
    assert (told["granted"], told["reserved"], told["paid"]) == ("10000000.00", "160000.00", "0.00")
    assert float(told["granted"]) == sum(float(told[name]) for name in ("available", "reserved", "transit", "paid"))
    finance = make.user(Role.FINANCE_CHECKER, district=city.root)
    assert len(results(api(finance)("budgets"))) == 1
    for role in (Role.DISTRICT, Role.HANDLER):
        assert api(people[role])("budgets").status_code == 403


def test_batches_tell_what_left_for_whom_and_no_number(city, people):
    batch = paying.sent(city, people, paying.payable(city, people, count=2))
    gone, left = batch.lines.order_by("pk")
    paying.book(gone, people)
    paying.book(left, people, paid=False)
    finance = api(make.user(Role.FINANCE_MAKER, district=city.root))
    (told,) = results(finance("batches"))
    assert (told["number"], told["status"], told["line"]) == (batch.matter.number, "done", "talent")
    assert [(x["claim"], x["amount"], x["state"], x["reason"]) for x in told["lines"]] == [
        (gone.claim.matter.number, "160000.00", "paid", ""), (left.claim.matter.number, "160000.00", "bounced", "户名不符"),
    ]  # fmt: skip
    answer = finance(f"batches/{batch.matter.number}")
    assert answer.json() == told
    assert gone.account.plain not in answer.content.decode()
    assert told["lines"][0]["account"] == f"测试银行 **** {gone.account.tail}"
    assert results(finance("batches", status="draft")) == []
    assert len(results(finance("batches", updated_since="2020-01-01T00:00:00+08:00", line="talent"))) == 1
    assert api(people[Role.HANDLER])("batches").status_code == 403
    other = make.city("other")
    stranger = api(make.user(Role.BUREAU_HANDLER, district=other.root))
    assert (results(stranger("batches")), stranger(f"batches/{batch.matter.number}").status_code) == ([], 404)


def test_schemes_are_public_facts(row, people):
    for role in (Role.POSTDOC, "other_unit", Role.AUDITOR):
        (told,) = results(api(people[role])("schemes"))
        (version,) = told["versions"]
        assert (told["code"], version["amount"], len(version["conditions"])) == ("living", "160000.00", 1)
    assert api(people[Role.AUDITOR])("schemes/living").json() == told
    assert results(api(people[Role.AUDITOR])("schemes", payee="park")) == []


def test_the_schema_names_them(people):
    text = Client()
    text.force_login(people[Role.AUDITOR], "portal.accounts.Backend")
    schema = text.get("/api/v1/schema/").content.decode()
    for name in ("schemes", "claims", "entitlements", "budgets", "batches"):
        assert f"/api/v1/{name}/" in schema


def test_as_many_queries_for_three_rows_as_for_one(city, people):
    granting.living(city)
    station = staying.station(city, people)
    client = signed_in(people[Role.AUDITOR])
    urls = {name: f"/api/v1/{name}/" for name in ("claims", "entitlements", "schemes", "budgets")}
    seen = []
    for _n in range(3):
        stay = staying.brought_to("here", city, people, at=station)
        granting.brought_to("payable", city, people, granting.begun(city, people, stay))
        sweep(city.pack, on=ON)
        seen.append(counted(client, urls))
    assert seen[0] == seen[2]
