"""Visits: who is to be visited on a day, who was, who may read it, and the figure of the plan."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from portal.facts import WrongCriterion
from portal.lifecycle import Refused
from portal.models import Matter, Role, Setting
from postdocs.models import ServiceRequest, Visit
from postdocs.stays.facts import stay as vocabulary
from postdocs.visits import actions, coverage
from targets.models import Snapshot
from targets.plans import indicators
from targets.plans.indicators import stream_of, whole_of
from tests import make
from tests.postdocs import serving, staying

ON = make.ON
ENTERED = staying.ENTERED
A_DAY = timedelta(1)


@pytest.fixture
def here(city, people):
    serving.rules(city)
    return staying.brought_to("here", city, people)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, "portal.accounts.Backend")
    return client


def told(stay, on):
    """Whether the stay is newly introduced on the day, when it was last visited, whether that holds."""
    names = ("introduced_until", "last_visited_on", "visited_lately")
    (row,) = vocabulary.table(vocabulary.model.objects.filter(pk=stay.pk), names, on=on)
    until, last, holds = (row[f"fact_{name}"] for name in names)
    return until > on, last, holds


# --- coverage ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "counts"), [(ENTERED, True), (date(2028, 5, 19), True), (date(2028, 5, 20), False)])
@pytest.mark.django_db
def test_somebody_is_newly_introduced_for_24_months(day, counts, here, people):
    assert told(here, day)[0] is counts
    assert coverage.introduced(people[Role.DISTRICT], day).exists() is counts


def test_nobody_is_introduced_before_the_entry(here, people):
    assert not coverage.introduced(people[Role.DISTRICT], ENTERED - A_DAY).exists()


@pytest.mark.parametrize(
    ("day", "last", "holds"),
    [
        (date(2026, 5, 31), None, False),
        (date(2026, 6, 1), ON, True),
        (date(2027, 5, 31), ON, True),
        (date(2027, 6, 1), ON, False),
    ],
)
@pytest.mark.django_db
def test_a_visit_holds_for_12_months_and_changes_nothing_before_it(day, last, holds, here, people):
    serving.visit(here, people[Role.DISTRICT], ON)
    assert told(here, day)[1:] == (last, holds)


def test_who_is_withdrawn_is_not_to_be_visited_any_more(here, city, people):
    stay = staying.step(staying.step(here, "ask_withdrawal", people), "withdraw", people)
    assert not coverage.introduced(people[Role.DISTRICT], stay.withdrawn_on).exists()
    assert coverage.introduced(people[Role.DISTRICT], stay.withdrawn_on - A_DAY).exists()


def test_where_a_city_says_nothing_nobody_is_on_the_list_and_nothing_is_known(here, city, people):
    Setting.objects.filter(pack=city.pack, code__in=["A24", "visits.again"]).delete()
    assert not coverage.introduced(people[Role.DISTRICT], ON).exists()
    (row,) = vocabulary.table(vocabulary.model.objects.filter(pk=here.pk), ["visited_lately"], on=ON)
    assert row["fact_visited_lately"] is None


def test_coverage_counts_each_person_once_by_district(here, city, people):
    serving.visit(here, people[Role.DISTRICT], ON)
    other, them = make.people_of(city, make.enterprise(city.south), people, officer="other_district")
    staying.brought_to("here", other, them)
    rows = coverage.introduced(people[Role.BUREAU_HANDLER], ON)
    assert (coverage.whole(rows).people, coverage.whole(rows).visited, coverage.whole(rows).percent) == (2, 1, 50)
    found = coverage.shares(rows, "matter__district")
    assert [(r["matter__district"], r["people"], r["visited"]) for r in found] == [
        (city.south.pk, 1, 0), (city.north.pk, 1, 1)
    ]  # fmt: skip
    assert coverage.whole(coverage.introduced(people["other_district"], ON)).visited == 0


# --- recording ---------------------------------------------------------------------------------


def test_several_people_visited_on_one_day_are_entered_at_once(here, city, people):
    other = staying.brought_to("here", city, people, at=here.station)
    client = signed_in(people[Role.DISTRICT])
    url = f"{reverse('postdocs:visit_new')}?stays={here.pk}&stays={other.pk}"
    assert client.get(url).status_code == 200
    form = {"stays": [here.pk, other.pk], "visited_on": ON.isoformat(), "visitors": "张三、李四", "note": "顺利"}
    assert client.post(url, form).status_code == 302
    assert list(Visit.objects.values_list("visited_on", "visitors", "note").distinct()) == [(ON, "张三、李四", "顺利")]
    again = client.post(url, form)
    assert (again.status_code, Visit.objects.count()) == (422, 2)
    assert "已经登记过" in again.content.decode()


@pytest.mark.parametrize(("day", "said"), [(ENTERED - A_DAY, "早于进站日期"), (ON + A_DAY, "还没有到")])
@pytest.mark.django_db
def test_an_impossible_day_is_refused(day, said, here, people):
    with pytest.raises((Refused, ValidationError), match=said):
        serving.visit(here, people[Role.DISTRICT], day, on=ON)


def test_a_visit_is_of_one_thing_in_ones_own_district(here, city, people):
    with pytest.raises(Refused, match="不在您的辖区"):
        serving.visit(here, people["other_district"], ON)
    with pytest.raises(Refused, match="不在您的辖区"):
        serving.visit(here, people[Role.HANDLER], ON)
    entry = make.pool_entry("growing", city, people)
    for subject in (here.station, entry):
        assert serving.visit(subject, people[Role.DISTRICT], ON).label == city.enterprise.organisation.name
    with pytest.raises(ValidationError, match="只记一个对象"):
        Visit(
            stay=here,
            station=here.station,
            district=city.north,
            visited_on=ON,
            recorded_on=ON,
            by=people[Role.DISTRICT],
        ).validate_constraints()
    assert not actions.may_record(city.north.pk, people[Role.AUDITOR])


def test_who_sees_a_visit_and_its_file(here, city, people):
    own = serving.own(here, city)
    row = serving.visit(here, people[Role.DISTRICT], ON, upload=make.upload(), note="家里的事")
    for who, sees in (
        (Role.DISTRICT, True), (Role.BUREAU_APPROVER, True), (Role.AUDITOR, True), (Role.HANDLER, False),
        (Role.POSTDOC, False), ("other_district", False), ("other_unit", False),
    ):  # fmt: skip
        assert Visit.objects.visible_to(people[who]).filter(pk=row.pk).exists() is sees, who
        status = {True: 200, False: 404}[sees]
        status = 403 if who in (Role.HANDLER, "other_unit", Role.POSTDOC) else status
        answer = signed_in(people[who]).get(reverse("postdocs:visit_file", args=[row.pk]))
        assert answer.status_code == status, who
        assert not answer.streaming or b"".join(answer.streaming_content)
        assert signed_in(people[who]).get(row.file.get_absolute_url()).status_code in (403, 404)
    page = signed_in(own).get(row.get_absolute_url()).content.decode()
    assert "张三" in page
    assert "家里的事" not in page


def test_a_need_found_on_a_visit_is_on_a_work_list_with_its_day(here, city, people):
    row = serving.visit(here, people[Role.DISTRICT], ON)
    flat = serving.service(city)
    form = {"service": flat.pk, "content": "想住公寓", "owner": "", "due_on": "2026-12-31"}
    client = signed_in(people[Role.DISTRICT])
    assert client.post(reverse("postdocs:visit_need", args=[row.pk]), form).status_code == 302
    need = ServiceRequest.objects.select_related("matter").get()
    assert (need.side, need.status, need.visit, need.due_on) == ("office", "accepted", row, date(2026, 12, 31))
    assert Matter.objects.to_do(people[Role.DISTRICT]).filter(pk=need.matter_id, due_on=date(2026, 12, 31)).exists()
    past = client.post(reverse("postdocs:visit_need", args=[row.pk]), form | {"due_on": "2020-01-01"})
    assert (past.status_code, ServiceRequest.objects.count()) == (422, 1)


# --- the figure of the plan --------------------------------------------------------------------


def rate(city):
    row = make.plan(city, since=date(2025, 1, 1), until=date(2028, 12, 31))
    over = {"source": "stay", "starts": "entered_on", "stops": "introduced_until", "distinct": "person"}
    return make.indicator(
        row, city, kind="rate", source="visit", starts="visited_on", stops="holds_until", distinct="person", decimals=1,
        where=[{"fact": "of_introduced", "value": True}], over=over, target=None,
    )  # fmt: skip


def test_the_rate_of_a_history_on_each_of_its_days(here, city, people):
    """Two in the north, one in the south; one visited twice, one before the end of the 24 months only."""
    staying.brought_to("here", city, people, at=here.station)
    other, them = make.people_of(city, make.enterprise(city.south), people, officer="other_district")
    third = staying.brought_to("here", other, them)
    serving.visit(here, people[Role.DISTRICT], ON)
    serving.visit(here, people[Role.DISTRICT], date(2026, 8, 1))
    serving.visit(third, people["other_district"], date(2028, 3, 1))
    row = rate(city)
    days = [
        ENTERED - A_DAY, ENTERED, ON - A_DAY, ON, date(2026, 8, 1), date(2027, 7, 31), date(2027, 8, 1), date(2028, 3, 1),
        date(2028, 5, 19), date(2028, 5, 20),
    ]  # fmt: skip
    found = indicators.compute(city.pack, {row: days})
    third_of = Decimal("33.33")
    expected = dict(zip(days, [None, 0, 0, third_of, third_of, third_of, 0, third_of, third_of, None], strict=True))
    assert {day: found.get((row.pk, city.root.pk, day)) for day in days} == expected
    north = {day: found.get((row.pk, city.north.pk, day)) for day in (ON, date(2027, 8, 1))}
    assert north == {ON: 50, date(2027, 8, 1): 0}
    assert (row.pk, city.east.pk, ON) not in found  # a share of nobody is no data


def test_a_share_that_turned_out_to_be_of_nobody_is_taken_back(here, city, people):
    row = rate(city)
    indicators.recompute(date(2026, 7, 1))
    assert Snapshot.objects.filter(indicator=row, district=city.north).exists()
    type(here).objects.filter(pk=here.pk).update(entered_on=date(2026, 7, 1))
    indicators.recompute(date(2026, 7, 1))
    assert not Snapshot.objects.filter(indicator=row, district=city.north, on__lt=date(2026, 7, 1)).exists()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"over": {}}, "须写明 over"),
        ({"over": {"starts": "entered_on"}}, "source 必填"),
        ({"over": {"source": "stay", "ends": "x"}}, "over 应写作"),
        ({"over": {"source": "stay", "starts": "never"}}, "没有名为 never 的事实"),
        ({"kind": "level", "over": {"source": "stay"}}, "只有比率"),
    ],
)
@pytest.mark.django_db
def test_a_rate_that_does_not_hold_together_says_why(values, said, city):
    row = rate(city)
    for name, value in values.items():
        setattr(row, name, value)
    with pytest.raises(WrongCriterion, match=said):
        both_of(row)


def both_of(row) -> None:
    stream_of(row, {})
    if whole := whole_of(row):
        stream_of(whole, {})
