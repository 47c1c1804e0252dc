"""Who acts for an enterprise: a handler hands over to another, and nobody leaves it without one."""

import pytest

from portal.lifecycle import Refused
from portal.models import Appointment, Role
from stations.enterprises import actions
from tests import make
from tests.reading import Visitor
from tests.threads import at_once

ON = make.ON


@pytest.fixture
def second(city):
    """Another handler of the same enterprise."""
    return make.user(Role.HANDLER, organisation=city.enterprise.organisation)


def role_of(user) -> Appointment:
    return Appointment.objects.get(user=user)


def test_who_hands_over_is_gone_and_what_they_had_in_hand_is_free(city, people, second):
    first = people[Role.HANDLER]
    case = make.draft(city, first)
    type(case.matter).objects.filter(pk=case.matter.pk).update(claimed_by=first)
    page = Visitor(second).go("/enterprise/people/")
    row = role_of(first)
    page.press("结束任职", to=f"/{row.pk}/end/")
    assert page.told == [f"{first.name}已不再代表本单位办事，权限立即失效。"]
    case.matter.refresh_from_db()
    assert case.matter.claimed_by is None
    assert Visitor(first).go(case.get_absolute_url()).status in (403, 404)
    assert row.user.name not in [a.user.name for a, _may in page.answer.context["people"]]


def test_one_may_hand_over_oneself(people, second):
    page = Visitor(people[Role.HANDLER]).go("/enterprise/people/")
    page.press("结束任职", to=f"/{role_of(people[Role.HANDLER]).pk}/end/")
    assert list(Appointment.objects.filter(role=Role.HANDLER, user__in=[people[Role.HANDLER], second], until=None)) == [
        role_of(second)
    ]


def test_the_last_who_fills_in_stays_and_is_offered_no_end(city, people):
    row = role_of(people[Role.HANDLER])
    page = Visitor(people[Role.HANDLER]).go("/enterprise/people/")
    assert f"/{row.pk}/end/" not in page.page
    assert f"/{role_of(people[Role.CERTIFIER]).pk}/end/" in page.page
    with pytest.raises(Refused, match="至少要留一位经办人"):
        actions.leave(city.enterprise, row, on=ON)


def test_who_left_already_is_told(city, people, second):
    row = role_of(people[Role.HANDLER])
    actions.leave(city.enterprise, row, on=ON)
    with pytest.raises(Refused, match="已经结束"):
        actions.leave(city.enterprise, row, on=ON)


@pytest.mark.django_db(transaction=True)
def test_two_who_end_each_other_at_once_leave_one(city, people, second):
    rows = [role_of(people[Role.HANDLER]), role_of(second)]
    outcomes = at_once(*(lambda row=row: actions.leave(city.enterprise, row, on=ON) for row in rows))
    assert {type(outcome) for outcome in outcomes} == {type(None), Refused}
