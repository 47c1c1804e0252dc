"""What was granted is public before it is paid: under a masked name, open to objections, which stop the money."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import localdate

from portal.lifecycle import Refused
from portal.models import Notice, Role
from stations.models import Objection
from stations.publicity import actions as publicity
from subsidies.claims import actions
from subsidies.claims.models import Claim, ClaimStatus
from subsidies.publicity.lifecycle import masked_name
from tests import make
from tests.postdocs import staying
from tests.queries.counting import counted, signed_in
from tests.reading import Visitor
from tests.subsidies import granting

ON, DAY, C = make.ON, timedelta(1), ClaimStatus
SAID = {"name": "赵女士", "contact": "13900002222", "reason": "已在别处领过"}


@pytest.fixture
def place(city, people):
    granting.living(city)
    return city, people


def public(place, until=None, stay=None) -> Claim:
    """A claim that is public today."""
    row = granting.brought_to("publicity", *place, granting.begun(*place, stay) if stay else None)
    Claim.objects.update(publicity_since=localdate() - DAY, publicity_until=until or localdate() + DAY)
    return Claim.objects.get(pk=row.pk)


def objected(row, by=None, **values) -> Objection:
    return publicity.record(row, Objection(**(SAID | values)), on=localdate(), by=by, address="1.2.3.4")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张伟", "张*"),
        ("李建华", "李*华"),
        ("欧阳小夫", "欧**夫"),
        ("John Smith", "J* S*"),
        ("李", "李*"),
        ("孙晏如（演示）", "孙*如（演示）"),
        ("", "*"),
    ],
)
def test_a_name_is_masked(name, shown):
    assert masked_name(name) == shown


def test_anybody_reads_what_was_granted_and_nobody_whom(place):
    row = public(place)
    page = Visitor().go("/publicity/")
    assert "资助公示" in page.text
    assert "160,000.00" in page.text
    page.go(f"/publicity/{row.matter.number}/")
    assert row.matter.organisation.name in page.text
    for text in (page.text, Visitor().go("/publicity/").text):
        assert str(row.person) not in text
        assert masked_name(row.person.name) in text


@pytest.mark.parametrize("values", [{"publicity_until": localdate() - DAY}, {"publicity_since": localdate() + DAY}])
def test_before_and_after_its_days_a_claim_is_not_public(values, place):
    row = public(place, until=localdate() + 3 * DAY)
    Claim.objects.update(**values)
    assert Visitor().go(f"/publicity/{row.matter.number}/").status == 404
    assert "资助公示" not in Visitor().go("/publicity/").text


def test_an_objection_stops_the_money_until_it_is_answered(place):
    _city, who = place
    row = public(place)
    page = Visitor().go(f"/publicity/{row.matter.number}/").press("提出异议", **SAID)
    assert "已收到您的异议" in page.told[0]
    row = Claim.objects.get(pk=row.pk)
    assert (row.status, row.matter.holder) == (C.DISPUTED, Role.BUREAU_HANDLER)
    assert Notice.objects.filter(user=who[Role.BUREAU_HANDLER], text__contains="异议").exists()
    with pytest.raises(Refused, match="异议都要答复"):
        granting.step(row, "dismiss", who, on=localdate())
    bureau = Visitor(who[Role.BUREAU_HANDLER]).go(row.get_absolute_url())
    assert "1 件公示异议没有答复" in bureau.text
    bureau.go(f"/claims/{row.matter.number}/objections/")
    assert "13900002222" in bureau.text
    bureau.press("记下答复", answer="查无此事，已答复。")
    row = granting.step(row, "dismiss", who, on=localdate())
    assert row.status == C.PUBLICITY
    Claim.objects.update(publicity_until=localdate() - DAY)
    assert actions.clear_publicity(on=localdate()) == 1
    with pytest.raises(Refused, match="不能再改"):
        publicity.answer(Objection.objects.get(), text="x", by=who[Role.BUREAU_HANDLER], on=localdate())


def test_an_unanswered_objection_stops_the_end_of_the_publicity_itself(place):
    row = public(place)
    objected(row)
    Claim.objects.update(status=C.PUBLICITY, publicity_until=localdate() - DAY)  # as if nobody had looked
    assert actions.clear_publicity(on=localdate()) == 0
    Objection.objects.update(answer="x", answered_on=localdate(), answered_by=place[1][Role.BUREAU_HANDLER])
    assert actions.clear_publicity(on=localdate()) == 1


def test_an_objection_that_holds_frees_the_money(place):
    _city, who = place
    row = public(place)
    objected(row, who[Role.BUREAU_REVIEWER], received_on=localdate())
    row = granting.step(Claim.objects.get(pk=row.pk), "uphold", who, on=localdate())
    assert (row.status, row.decision_id) == (C.HANDLING, None)
    assert publicity.answer(
        Objection.objects.get(), text="属实", by=who[Role.BUREAU_HANDLER], on=localdate()
    ).answered_on


@pytest.mark.parametrize(
    ("person", "status"),
    [(Role.AUDITOR, 200), (Role.DISTRICT, 403), (Role.HANDLER, 403), (Role.FINANCE_MAKER, 403)],
    ids=str,
)
def test_who_objected_is_for_the_bureau(person, status, place):
    row = public(place)
    objected(row)
    user = place[1].get(person) or make.user(person, district=place[0].root)
    client = Client()
    client.force_login(user, "portal.accounts.Backend")
    assert client.get(f"/claims/{row.matter.number}/objections/").status_code == status
    assert client.get(f"/evaluations/{row.matter.number}/objections/").status_code in (403, 404)
    page = client.get(row.get_absolute_url()).content.decode()
    assert "赵女士" not in page
    assert "已在别处领过" not in page


def test_its_pages_take_as_many_queries_for_one_row_as_for_three(place):
    city, who = place
    client = signed_in(who[Role.BUREAU_HANDLER])
    station = staying.station(city, who)
    for number in range(3):
        row = public(place, stay=staying.brought_to("here", city, who, at=station))
        if number == 0:
            urls = {
                "list": "/publicity/",
                "one": f"/publicity/{row.matter.number}/",
                "objections": f"/claims/{row.matter.number}/objections/",
            }
            first = row
        objected(first, who[Role.BUREAU_HANDLER], received_on=localdate())
        if number in (0, 2):
            assert counted(client, urls) == {"list": 6, "one": 7, "objections": 6}
