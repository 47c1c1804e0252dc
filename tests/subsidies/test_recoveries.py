"""What came true after money was granted: found, told once, taken up with one step or let be with a reason."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.lifecycle import NotYours, Refused
from portal.models import Notice, Role
from postdocs.models import Stay
from subsidies.models import Claim, Trace
from subsidies.recoveries import actions
from tests import make
from tests.subsidies import granting, paying
from tests.subsidies.test_schemes import signed_in

ON = paying.DAY + timedelta(30)
CONDITIONS = [
    *granting.ENTERED,
    {"code": "gone", "title": "已退站", "purpose": "recover", "fact": "withdrawn", "lookup": "exact", "value": True},
    {"code": "own", "title": "在职", "purpose": "stop", "fact": "in_service", "lookup": "exact", "value": True},
]


def look(city, on=ON) -> int:
    return actions.look(city.pack, on=on)


def withdrawn(claim, day=paying.DAY, **values) -> None:
    Stay.objects.filter(pk=claim.stay_id).update(
        withdrawn_on=day, ended_on=day, status="withdrawn", withdrawal_ground="02", **values
    )


def back(claim) -> None:
    Stay.objects.filter(pk=claim.stay_id).update(withdrawn_on=None, ended_on=None, status="here", withdrawal_ground="")


@pytest.fixture
def claims(city, people) -> list[Claim]:
    granting.living(city, conditions=CONDITIONS)
    return paying.payable(city, people, count=2)


@pytest.fixture
def paid(city, people, claims) -> list[Claim]:
    batch = paying.sent(city, people, claims)
    for line in batch.lines.all():
        paying.book(line, people)
    return claims


def status(claim) -> str:
    return Claim.objects.get(pk=claim.pk).status


def test_nothing_came_true_and_nothing_is_told(city, paid):
    assert (look(city), Trace.objects.count(), Notice.objects.filter(path="/recoveries/").count()) == (0, 0, 0)


def test_money_to_ask_back_is_found_and_told_once(city, people, paid):
    withdrawn(paid[0])
    assert (look(city), look(city)) == (1, 0)
    row = Trace.objects.get()
    assert (row.claim_id, row.condition.code, row.found_on) == (paid[0].pk, "gone", ON)
    assert list(Notice.objects.filter(path="/recoveries/").values_list("user", "text")) == [
        (people[Role.BUREAU_HANDLER].pk, "1 件已拨付的资助出现追回情形")
    ]


def test_what_is_so_no_longer_is_closed_and_opens_anew(city, people, paid):
    withdrawn(paid[0])
    look(city)
    actions.let_be(Trace.objects.get(), note="已说明", by=people[Role.BUREAU_HANDLER], on=ON)
    back(paid[0])
    look(city, ON + timedelta(1))
    assert Trace.objects.get().gone_on == ON + timedelta(1)
    withdrawn(paid[0])
    look(city, ON + timedelta(2))
    row = Trace.objects.get()
    assert (row.gone_on, row.answered_on, row.found_on) == (None, None, ON + timedelta(2))
    assert Notice.objects.filter(path="/recoveries/").count() == 2


def test_one_step_opens_the_recovery_with_the_condition_as_its_reason(city, people, paid):
    withdrawn(paid[0])
    look(city)
    me = signed_in(people[Role.BUREAU_HANDLER])
    page = me.get("/recoveries/").content.decode()
    row = Trace.objects.get()
    assert f'action="/recoveries/{row.pk}/take/?part=recover"' in page
    assert me.post(f"/recoveries/{row.pk}/take/").status_code == 302
    row.refresh_from_db()
    event = paid[0].matter.events.get(action="recover")
    assert (status(paid[0]), row.step, "已退站" in event.note) == ("recovering", "recover", True)
    assert "已退站" not in me.get("/recoveries/").content.decode()
    assert "已退站" in me.get("/recoveries/?part=answered").content.decode()
    assert look(city) == 0  # it is on its way


def test_what_is_not_paid_yet_is_looked_at_once_more(city, people, claims):
    withdrawn(claims[0], identity="employed")
    assert look(city) == 2
    assert Notice.objects.get(path="/recoveries/").text == "1 件待拨付的资助出现停发情形"
    row = Trace.objects.get(condition__code="own")
    actions.take_up(row, by=people[Role.BUREAU_HANDLER], on=ON)
    assert status(claims[0]) == "handling"
    assert set(Trace.objects.values_list("step", flat=True)) == {"uphold"}


def test_who_lets_it_be_says_why(city, people, paid):
    withdrawn(paid[0])
    look(city)
    row, by = Trace.objects.get(), people[Role.BUREAU_HANDLER]
    with pytest.raises(Refused, match="为什么不处理"):
        actions.let_be(row, note=" ", by=by, on=ON)
    with pytest.raises(NotYours):
        actions.let_be(row, note="x", by=people[Role.BUREAU_REVIEWER], on=ON)
    assert signed_in(by).post(f"/recoveries/{row.pk}/keep/", {"note": "死亡，按规定不追回"}).status_code == 302
    with pytest.raises(Refused, match="已经处理过"):
        actions.take_up(row, by=by, on=ON)
    assert status(paid[0]) == "paid"


def test_the_auditor_reads_and_others_see_nothing(city, people, paid):
    withdrawn(paid[0])
    look(city)
    page = signed_in(people[Role.AUDITOR]).get("/recoveries/").content.decode()
    assert ("已退站" in page, "/take/" in page) == (True, False)
    other = make.city("other")
    stranger = signed_in(make.user(Role.BUREAU_HANDLER, district=other.root))
    assert "已退站" not in stranger.get("/recoveries/").content.decode()
    assert stranger.post(f"/recoveries/{Trace.objects.get().pk}/take/").status_code == 404


def test_the_list_costs_the_same_for_one_and_for_two(city, people, paid):
    me, counted = signed_in(people[Role.BUREAU_HANDLER]), []
    for claim in paid:
        withdrawn(claim)
        look(city)
        me.get("/recoveries/")
        with CaptureQueriesContext(connection) as queries:
            assert me.get("/recoveries/").status_code == 200
        counted.append(len(queries))
    assert counted[0] == counted[1]
