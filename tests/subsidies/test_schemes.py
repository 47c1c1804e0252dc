"""A new version from the draft to its publication: who may, what is refused, whom it changes, what stays as it was."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from portal.lifecycle import Refused
from portal.models import Amendment, Role, Setting
from postdocs.models import Milestone, Person, Stay
from stations.models import Station
from subsidies.entitlements.sweep import sweep
from subsidies.models import Boundary, Condition, SchemeVersion, Step, SubsidyScheme
from subsidies.schemes import actions, boundaries, impact
from subsidies.schemes.impact import Kind
from subsidies.schemes.views import figures
from tests import make
from tests.postdocs import staying
from tests.reading import Forms
from tests.subsidies import granting
from tests.threads import at_once

ON = make.ON
NEXT, LATER = date(2026, 6, 1), date(2026, 11, 20)
CASE = {"entered_on": "2026-06-01"}


@pytest.fixture
def version(city):
    row = granting.living(city)
    Boundary.objects.create(version=row, name="当天进站", given=CASE, expect="met", amount=160_000)
    return row


@pytest.fixture
def by(people):
    return people[Role.BUREAU_HANDLER]


def drafted(version, by, *, since=NEXT, amount: int = 180_000) -> SchemeVersion:
    """A draft that gives another sum, its boundary case mended."""
    row = actions.draft(version.scheme, since=since, by=by)
    case = row.boundaries.get()
    case.amount = amount
    return actions.edit(row, {"amount": Decimal(amount)}, [case], [], by=by)


def published(row, by, other, *, on=ON) -> SchemeVersion:
    actions.propose(row, by=by)
    return actions.publish(row, seen=looked(row, on=on), by=other, on=on)


def looked(row, *, on=ON) -> str:
    former = impact.former_of(row)
    return impact.seen_of(row, former, impact.difference(row, former, on=on), on=on)["digest"]


def fresh(row) -> SchemeVersion:
    return SchemeVersion.objects.get(pk=row.pk)


# --- drafting ----------------------------------------------------------------------------------


def test_a_draft_is_a_copy_with_all_that_stands_below(version, by):
    Step.objects.create(version=version, code="x", title="x", fact="in_service", lookup="exact", value=True, amount=1)
    row = actions.draft(version.scheme, since=NEXT, by=by)
    assert (row.state, row.since, row.loaded, fresh(version).until) == ("draft", NEXT, None, None)
    was, now = impact.content(fresh(version)), impact.content(row)
    assert {k: v for k, v in was.items() if k != "since"} == {k: v for k, v in now.items() if k != "since"}


def test_a_scheme_has_one_draft_at_a_time(version, by):
    row = actions.draft(version.scheme, since=NEXT, by=by)
    with pytest.raises(Refused, match="已有一版在起草"):
        actions.draft(version.scheme, since=NEXT + timedelta(1), by=by)
    actions.drop(row, by=by)
    assert actions.draft(version.scheme, since=NEXT, by=by).since == NEXT
    assert Amendment.objects.filter(reason="放弃草稿").get().before["shape"] == "fixed"


def test_a_draft_comes_after_what_is_in_force(version, by):
    with pytest.raises(Refused, match="晚于现行版"):
        actions.draft(version.scheme, since=version.since, by=by)


@pytest.mark.django_db(transaction=True)
def test_two_who_draft_at_once_make_one(version, by):
    outcomes = at_once(*(lambda: actions.draft(version.scheme, since=NEXT, by=by) for _n in range(2)))
    assert sorted(type(o).__name__ for o in outcomes) == ["Refused", "SchemeVersion"]


# --- publishing --------------------------------------------------------------------------------


def test_publishing_ends_the_former_version_on_the_day_the_new_one_begins(version, by, people):
    row = published(drafted(version, by), by, people[Role.BUREAU_REVIEWER])
    former = fresh(version)
    assert (former.until, row.state, row.published_by, row.published_on) == (
        NEXT, "published", people[Role.BUREAU_REVIEWER], ON,
    )  # fmt: skip
    assert row.seen["digest"]
    assert former.edited_at is not None  # a pack that is loaded again leaves it so


def test_whoever_proposed_does_not_publish(version, by):
    row = actions.propose(drafted(version, by), by=by)
    with pytest.raises(Refused, match="须由另一人"):
        actions.publish(row, seen=looked(row), by=by, on=ON)
    row.published_by, row.published_on, row.seen, row.state = by, ON, {}, "published"
    with pytest.raises(IntegrityError, match="version_two_people"), transaction.atomic():
        SchemeVersion.objects.filter(pk=row.pk).update(published_by=by)


def test_nothing_is_published_that_nobody_looked_at(version, by):
    row = actions.propose(drafted(version, by), by=by)
    with pytest.raises(IntegrityError, match="version_seen"), transaction.atomic():
        SchemeVersion.objects.filter(pk=row.pk).update(state="published")


def test_what_changed_since_somebody_looked_has_to_be_looked_at_again(city, version, by, people):
    row = actions.propose(drafted(version, by), by=by)
    seen = looked(row)
    staying.brought_to("here", city, people)
    with pytest.raises(Refused, match="再看一遍"):
        actions.publish(row, seen=seen, by=people[Role.BUREAU_APPROVER], on=ON)
    assert fresh(row).state == "proposed"
    assert fresh(version).until is None


def test_a_boundary_case_that_fails_stops_the_proposal_and_the_publication(version, by, people):
    row = actions.draft(version.scheme, since=NEXT, by=by)
    row = actions.edit(row, {"amount": Decimal(180_000)}, [], [], by=by)
    with pytest.raises(Refused, match="用例“当天进站”金额应为 160000.00，算得 180000"):
        actions.propose(row, by=by)
    SchemeVersion.objects.filter(pk=row.pk).update(state="proposed", proposed_by=by)
    with pytest.raises(Refused, match="用例"):
        actions.publish(row, seen=looked(row), by=people[Role.BUREAU_REVIEWER], on=ON)


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda row: row.conditions.all().delete(), "空的条件会发给所有人"),
        (lambda row: row.boundaries.all().delete(), "缺少边界用例"),
        (lambda row: row.instalments.update(share=40), "各期占比合计应为 100"),
        (lambda row: row.conditions.update(fact="no_such"), "没有名为 no_such 的事实"),
    ],
    ids=["asks nothing", "no case", "shares", "an unknown fact"],
)
def test_a_draft_is_checked_as_a_pack_is(version, by, spoil, told):
    row = drafted(version, by)
    spoil(row)
    with pytest.raises(Refused, match=told):
        actions.propose(row, by=by)


def test_a_version_that_was_sent_back_is_a_draft_again(version, by, people):
    row = actions.propose(drafted(version, by), by=by)
    with pytest.raises(Refused, match="写明要改什么"):
        actions.send_back(row, by=people[Role.BUREAU_REVIEWER], note=" ")
    row = actions.send_back(row, by=people[Role.BUREAU_REVIEWER], note="金额再核")
    assert (row.state, row.proposed_by) == ("draft", None)
    with pytest.raises(Refused, match="状态已变"):
        actions.send_back(row, by=people[Role.BUREAU_REVIEWER], note="再来")


# --- what decisions rest on --------------------------------------------------------------------


def test_a_new_version_takes_nothing_from_under_a_decision(city, version, by, people):
    granting.brought_to("publicity", city, people)  # entered on 2026-05-20
    row = actions.propose(drafted(version, by, since=date(2026, 5, 20)), by=by)
    with pytest.raises(Refused, match="已有 1 件按现行版作出决定"):
        actions.publish(row, seen=looked(row), by=people[Role.BUREAU_REVIEWER], on=ON)
    actions.send_back(row, by=by, note="改日期")
    row = actions.edit(row, {"since": date(2026, 5, 21)}, [], [], by=by)
    assert published(row, by, people[Role.BUREAU_REVIEWER]).state == "published"


def test_a_version_that_a_decision_rests_on_is_never_changed(city, version, people):
    granting.brought_to("publicity", city, people)
    for change in (
        lambda: SchemeVersion.objects.filter(pk=version.pk).update(amount=1),
        lambda: Condition.objects.filter(version=version).update(value="2026-01-01"),
        lambda: version.instalments.update(share=50),
        lambda: Condition.objects.filter(version=version).delete(),
    ):
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            change()
    SchemeVersion.objects.filter(pk=version.pk).update(until=NEXT, note="可以写")
    Condition.objects.filter(version=version).update(order=7)


# --- whom it changes ---------------------------------------------------------------------------


def entered(city, people, day: str, **values) -> Stay:
    at = Station.objects.filter(enterprise=city.enterprise).first() or staying.station(city, people)
    stay = staying.brought_to("here", city, people, at=at)
    Stay.objects.filter(pk=stay.pk).update(entered_on=day, **values)
    return stay


def test_the_difference_tells_who_gains_who_loses_and_who_becomes_unknown(city, people, by):
    own = {"code": "own", "fact": "in_service", "lookup": "exact", "value": False}
    Setting.objects.create(pack=city.pack, code="A21", title="x", kind="integer", value=12, clause=city.clause)
    fresh_ = {"code": "fresh", "fact": "fresh", "lookup": "exact", "value": True}
    row = granting.living(city, conditions=[own, fresh_])
    draft = actions.draft(row.scheme, since=NEXT, by=by)
    conditions = {c.code: c for c in draft.conditions.all()}
    conditions["own"].fact, conditions["own"].lookup, conditions["own"].value = "proposal_on", "gte", "2026-01-01"
    draft = actions.edit(draft, {"amount": Decimal(180_000)}, [conditions["own"]], [], by=by)
    passed = entered(city, people, "2026-06-02", identity="employed")
    Milestone.objects.create(
        stay=passed, kind="proposal", held_on="2026-06-20", grade="passed", recorded_on="2026-06-20"
    )
    waits = entered(city, people, "2026-06-03", identity="graduate")
    late = entered(city, people, "2026-05-31", identity="graduate")
    Person.objects.filter(pk=late.person_id).update(defended_on="2019-12-01", degree_on="2020-01-01")
    lines = {x.pk: x for x in impact.difference(draft, row, on=LATER)}
    assert {pk: (x.kind, x.concerned) for pk, x in lines.items()} == {
        passed.pk: (Kind.GAIN, True), waits.pk: (Kind.UNKNOWN, True),
    }  # fmt: skip
    assert late.pk not in lines  # neither version gives anything
    assert [c.code for c in lines[waits.pk].because] == ["own"]
    tallied = impact.tally(lines.values())
    assert (tallied["gain"], tallied["unknown"], tallied["before"], tallied["after"], tallied["cost"]) == (
        1, 1, Decimal(160_000), Decimal(360_000), Decimal(200_000),
    )  # fmt: skip


def test_who_loses_is_told_and_an_open_claim_is_counted(city, people, by, version):
    stay = entered(city, people, "2026-06-01", identity="employed")
    granting.begun(city, people, stay)
    draft = drafted(version, by)
    wall = Condition(
        version=draft, code="own", title="x", clause=city.clause, fact="in_service", lookup="exact", value=False
    )
    draft = actions.edit(draft, {}, [wall], [], by=by)
    (line,) = impact.difference(draft, version, on=ON)
    assert (line.kind, line.before, line.after) == (Kind.LOSE, Decimal(160_000), None)
    assert actions.under_way(version, draft) == 1
    by_year = impact.grouped([line], lambda x: x.event_on.year)
    assert by_year[2026]["cost"] == Decimal(-160_000)


def test_the_difference_takes_as_many_statements_for_one_person_as_for_three(
    city, people, by, version, django_assert_num_queries
):
    draft = drafted(version, by)
    for number in range(3):
        entered(city, people, f"2026-06-0{number + 1}")
        with django_assert_num_queries(13):
            assert len(impact.difference(fresh(draft), version, on=ON)) == number + 1


# --- pages -------------------------------------------------------------------------------------


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, "portal.accounts.Backend")
    return client


def filled(client, address: str, ending: str) -> dict:
    """What the form of a page would post as it came."""
    page = client.get(address).content.decode()
    form = next(f for f in Forms(page).found if f.action.endswith(ending))
    data: dict[str, list] = {}
    for name, value in form.fields:
        data.setdefault(name, []).append(value)
    return data


def test_a_draft_is_changed_and_published_on_pages(city, version, by, people):
    staying.brought_to("here", city, people)
    me, other = signed_in(by), signed_in(people[Role.BUREAU_REVIEWER])
    assert me.post("/schemes/living/draft/", {"since": "2026-05-01"}).status_code == 302
    row = SchemeVersion.objects.get(state="draft")
    base = f"/schemes/living/{row.pk}/"
    typed = filled(me, f"{base}edit/", "/edit/")
    case = row.boundaries.get()
    typed |= {"amount": ["18 万"], f"boundary-{case.pk}-amount": ["180,000"]}
    wrong = me.post(f"{base}edit/", typed)
    assert wrong.status_code == 422
    assert "18 万" in wrong.content.decode()
    assert me.post(f"{base}edit/", typed | {"amount": ["180000"]}).status_code == 302
    assert (
        me.post(
            f"{base}case/", {"case-name": "前一天", "case-expect": "unmet", "case-fact-entered_on": "2024-12-31"}
        ).status_code
        == 302
    )
    assert [v.passes for v in boundaries.judged(fresh(row))] == [True, True]
    assert "160,000" not in me.get(base).content.decode() or "16 万元" in me.get(base).content.decode()
    assert me.post(f"{base}move/propose/").status_code == 302
    assert "我已看过影响" not in me.get(f"{base}impact/").content.decode()
    assert other.post(f"{base}move/publish/", {"seen": "不对"}).status_code == 422
    page = other.get(f"{base}impact/").content.decode()
    assert "金额增加" in page
    seen = re.search(r'name="seen" value="(\w+)"', page)
    assert seen
    assert other.post(f"{base}move/publish/", {"seen": seen[1]}).status_code == 302
    assert fresh(row).seen["concerned"]["more"] == 1
    assert "发布人看过的影响" in other.get(base).content.decode()


def test_a_form_that_is_sent_as_it_came_changes_nothing(city, version, by):
    own = {"code": "own", "fact": "in_service", "lookup": "exact", "value": False, "clause": city.clause}
    Condition.objects.create(version=version, title="x", **own)
    Condition.objects.create(version=version, title="y", assumed=True, **own | {"code": "soft"})
    row = actions.draft(version.scheme, since=NEXT, by=by)
    was, me, base = impact.content(row), signed_in(by), f"/schemes/living/{row.pk}/edit/"
    assert me.post(base, filled(me, base, "/edit/")).status_code == 302
    assert impact.content(fresh(row)) == was
    assert Amendment.objects.filter(reason="修改草稿").count() == 0


def test_a_value_of_a_condition_that_is_none_is_refused_where_it_stands(version, by):
    row = actions.draft(version.scheme, since=NEXT, by=by)
    me, base = signed_in(by), f"/schemes/living/{row.pk}/edit/"
    name = f"condition-{row.conditions.get().pk}-value"
    answer = me.post(base, filled(me, base, "/edit/") | {name: ["gestern"], "until": ["2026-01-01"]})
    assert answer.status_code == 422
    assert "gestern" in answer.content.decode()
    assert fresh(row).until is None


def test_periods_that_end_before_they_begin_are_a_sentence(version, by):
    row = actions.draft(version.scheme, since=NEXT, by=by)
    me, base = signed_in(by), f"/schemes/living/{row.pk}/edit/"
    answer = me.post(base, filled(me, base, "/edit/") | {"until": ["2026-05-01"]})
    assert (answer.status_code, "执行止须晚于执行起" in answer.content.decode()) == (422, True)


def test_whoever_is_entitled_is_counted_whenever_it_was_found(city, people, version, by):
    station = None
    for n in (0, 1):
        stay = staying.brought_to("here", city, people, **({"at": station} if station else {}))
        station = stay.station
        sweep(city.pack, on=make.ON + timedelta(n), rows={"stay": Stay.objects.filter(pk=stay.pk)})
    assert figures(version.scheme, by)["sure"] == 2


def test_visitors_read_what_the_city_gives_and_no_draft(city, version, by, settings):
    settings.CITY = city.pack.code
    row = drafted(version, by)
    visitor = Client()
    listed = visitor.get(reverse("subsidies:schemes")).content.decode()
    shown = visitor.get("/schemes/living/").content.decode()
    assert "生活补贴" in listed
    assert "16 万元" in shown
    assert "边界用例" not in shown
    assert "2026-06-01" not in listed + shown
    assert visitor.get(f"/schemes/living/{row.pk}/").status_code == 302


def test_a_scheme_of_another_city_is_not_found(version, db):
    other = make.city("other")
    stranger = make.user(Role.BUREAU_HANDLER, district=other.root)
    assert signed_in(stranger).get("/schemes/living/").status_code == 404
    assert SubsidyScheme.objects.count() == 1
