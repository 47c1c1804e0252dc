"""A sealed decision for who checks it: readable, provable, run again."""

import json

import pytest

from portal.models import Role
from subsidies.claims.models import Claim, Decision
from subsidies.schemes.told import digest
from tests import make
from tests.queries.counting import counted, signed_in
from tests.subsidies import granting


@pytest.fixture
def row(city, people):
    granting.living(city)
    return granting.brought_to("publicity", city, people)


def page(row, user, more=""):
    return signed_in(user).get(f"/claims/{row.matter.number}/decision/{more}")


def test_an_auditor_reads_who_decided_what_and_on_what(row, people):
    text = page(row, people[Role.AUDITOR]).content.decode()
    for role in (Role.BUREAU_HANDLER, Role.BUREAU_REVIEWER, Role.BUREAU_APPROVER):
        assert people[role].name in text
    for said in ("没有改动过", "160,000.00", "相同", row.decision.digest, "**** 0001"):
        assert said in text
    assert "6222000000000000001" not in text


def test_a_record_that_was_changed_shows(row, people):
    Decision.objects.update(data=row.decision.data | {"approved": "999999.00"})
    text = page(row, people[Role.AUDITOR]).content.decode()
    assert "记录被改动过" in text


def test_what_is_known_otherwise_today_is_told(row, people):
    type(row.stay).objects.filter(pk=row.stay_id).update(entered_on="2026-05-05")
    text = page(row, people[Role.BUREAU_HANDLER]).content.decode()
    assert "不同" in text
    assert "2026-05-05" in text


def test_the_record_downloads_as_it_was_sealed(row, people):
    told = json.loads(page(row, people[Role.DISTRICT], "json/").content)
    assert digest(told["data"]) == told["digest"] == row.decision.digest
    assert "6222000000000000001" not in json.dumps(told)


def test_one_that_became_void_stays_readable(row, people):
    old = row.decision
    Decision.objects.update(voided_on=make.ON, voided_because="收款账户已更换")
    Claim.objects.update(status="handling", decision=None, approved=None)
    text = page(row, people[Role.AUDITOR], f"?of={old.pk}").content.decode()
    assert "收款账户已更换" in text
    assert page(row, people[Role.AUDITOR], "?of=0").status_code == 404


@pytest.mark.parametrize("role", [Role.HANDLER, Role.CERTIFIER, Role.POSTDOC], ids=str)
def test_it_is_for_officials(role, row, people):
    assert page(row, people[role]).status_code == 403


def test_where_nothing_was_decided_there_is_no_record(city, people):
    granting.living(city)
    row = granting.brought_to("handling", city, people)
    assert page(row, people[Role.AUDITOR]).status_code == 404


def test_queries(row, people):
    client = signed_in(people[Role.AUDITOR])
    url = {"decision": f"/claims/{row.matter.number}/decision/"}
    counted(client, url)
    once = counted(client, url)
    about = {"data": row.decision.data, "digest": row.decision.digest, "on": make.ON}
    Decision.objects.create(claim=row, by=people[Role.DISTRICT], **about)
    assert counted(client, url) == once
