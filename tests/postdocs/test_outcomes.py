"""Outcomes: the whole table, duplicates, owners, who sees what, what counts from when."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from portal.lifecycle import Refused
from portal.models import Event, Matter, ReturnItem, Role
from postdocs.models import Outcome, Owner
from postdocs.outcomes import actions, lifecycle
from postdocs.outcomes.facts import outcome as vocabulary
from postdocs.outcomes.kinds import KINDS
from postdocs.outcomes.models import OutcomeStatus
from targets.plans.streams import Stream, Tree, Wanted, read
from tests import make
from tests.postdocs import recording, staying
from tests.threads import at_once

ON = make.ON
S = OutcomeStatus
cycle = lifecycle.cycle


@pytest.fixture
def stay(city, people):
    return recording.entered(city, people)


@pytest.fixture
def by(people):
    return people[Role.HANDLER]


def rival(city, people):
    """Another enterprise of the south with somebody in station, and its people."""
    other, them = make.people_of(city, make.enterprise(city.south), people, officer="other_district")
    return recording.entered(other, them, name="顾念安"), them


# --- the table ---------------------------------------------------------------------------------


def brought_to(status, stay, people, city):
    by = people[Role.HANDLER]
    if status == "draft":
        return recording.recorded(stay, recording.postdoc(stay, city))
    if status == "unit":
        return recording.proved(recording.recorded(stay, by), by)
    return (recording.waiting if status == "district" else recording.verified)(stay, people)


@pytest.mark.parametrize(("status", "action"), sorted(cycle.transitions))
@pytest.mark.django_db
def test_each_step_of_the_table_leads_where_it_says(status, action, city, people, stay):
    step = cycle.transitions[status, action]
    row = brought_to(status, stay, people, city)
    kept = recording.waiting(stay, people, number="1") if action == "merge" else row
    if action == "give_back":
        Outcome.objects.filter(pk=row.pk).update(by_postdoc=True)
    everybody = make.user(*Role, organisation=city.enterprise.organisation, district=city.root)
    Matter.objects.filter(pk=row.matter_id).update(opener=everybody)
    items = [ReturnItem(target="field:title", label="名称", code="R06")] if step.returns else []
    details = {"same_as": kept.matter.number, "granted_on": str(ON), "grant_number": "ZL1"}
    moved = cycle.move(
        Outcome.objects.get(pk=row.pk), action, by=everybody, on=ON, note="理由", details=details, items=items
    )
    assert moved.status == step.target
    matter = Matter.objects.get(pk=row.matter_id)
    assert (matter.status, matter.holder) == (step.target, cycle.stages[step.target].holder or "")
    assert (matter.closed_on is not None) == cycle.stages[step.target].closed
    assert (moved.voided_on is not None) == (step.target == S.VOID)


def test_a_postdoc_drafts_the_unit_confirms_with_evidence_and_the_district_verifies(city, people, stay, by):
    me = recording.postdoc(stay, city)
    row = recording.recorded(stay, me)
    assert (row.status, row.by_postdoc, row.matter.holder) == ("draft", True, "")
    assert not Outcome.objects.visible_to(people[Role.DISTRICT]).exists()
    row = recording.step(row, "hand_over", me)
    with pytest.raises(Refused, match="证明材料"):
        recording.step(row, "confirm", by)
    row = recording.step(recording.step(row, "give_back", by), "hand_over", me)
    row = recording.step(recording.proved(row, by), "confirm", by)
    assert Outcome.objects.visible_to(people[Role.DISTRICT]).get() == row
    row = recording.step(row, "verify", people[Role.DISTRICT])
    assert (row.status, row.verified_on, row.verified_by) == ("verified", ON, people[Role.DISTRICT])


def test_another_postdoc_has_no_part_in_a_draft(city, people, stay, by):
    row = recording.recorded(stay, recording.postdoc(stay, city))
    other = recording.entered(city, people, at=stay.station, name="顾念安")
    stranger = recording.postdoc(other, city)
    assert not Outcome.objects.visible_to(stranger).exists()
    assert cycle.possible(row, stranger) == []
    assert not actions.writes(row, stranger)


def test_only_what_a_return_names_can_be_changed(people, stay, by):
    row = recording.waiting(stay, people)
    items = [ReturnItem(target="field:summary", label="简介", code="R06")]
    row = cycle.move(row, "return", by=people[Role.DISTRICT], on=ON, items=items)
    row = actions.mend(row, values={"title": "改了"}, details={"summary": "新的", "country": "日本"}, by=by)
    assert (row.title, row.details["summary"], row.details.get("country")) == ("一种装置", "新的", None)
    with pytest.raises(Refused, match="现在不能上传"):
        actions.cite(row, make.upload(), by=by)
    row = recording.step(row, "confirm", by)
    assert (row.status, ReturnItem.objects.get().resolved_at is not None) == ("district", True)


# --- duplicates --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "one", "other", "same"),
    [
        ("paper", {"doi": "10.1000/AbC.1"}, {"doi": "https://doi.org/10.1000/abc.1 "}, True),
        ("paper", {"doi": "10.1000/abc.1"}, {"doi": "10.1000/abc1"}, False),
        ("paper", {"venue": "《学 报》"}, {"venue": "学报"}, True),
        ("paper", {"venue": "学报"}, {"venue": "学报（英文）"}, False),
        ("patent", {"number": "ZL 2023 1 0123456.7"}, {"number": "202310123456"}, True),
        ("patent", {"number": "CN202310123456.7"}, {"number": "202310123457.6"}, False),
        ("standard", {"number": "GB/T 1234—2026"}, {"number": "gb/t1234-2026"}, True),
        ("transfer", {"number": "2026-1"}, {"number": "20261"}, True),
        ("transfer", {"contract": "A1", "buyer": "甲"}, {"contract": "A1", "buyer": "乙"}, False),
    ],
)
def test_numbers_are_compared_as_people_mean_them(kind, one, other, same):
    keys = [KINDS[kind].key(title="题目", on=recording.DONE, details=d) for d in (one, other)]
    assert all(keys)
    assert (keys[0] == keys[1]) is same


def test_where_too_little_is_told_nothing_is_compared():
    assert KINDS["award"].key(title="大赛", on=recording.DONE, details={}) == ""
    assert KINDS["software"].key(title="软件", on=recording.DONE, details={"number": " "}) == ""


def test_a_unit_records_a_thing_once_and_joins_owners_instead(city, people, stay, by):
    row = recording.verified(stay, people, number="202610000001")
    with pytest.raises(Refused, match="添加共有人"):
        recording.recorded(stay, by, number="2026 1000 0001")
    second = recording.entered(city, people, at=stay.station, name="顾念安")
    actions.join(row, [(second, 2)], by=by, on=ON)
    with pytest.raises(Refused, match="已经是完成人"):
        actions.join(row, [(second, 3)], by=by, on=ON)
    assert [(o.stay, o.rank) for o in row.owners.order_by("rank")] == [(stay, 1), (second, 2)]
    assert Event.objects.filter(matter=row.matter, action="join", note="顾念安").exists()
    recording.step(row, "void", people[Role.BUREAU_HANDLER])
    assert recording.recorded(stay, by, number="202610000001").pk != row.pk  # what is void holds nothing


def test_two_units_may_record_the_same_and_the_city_counts_it_once(city, people, stay):
    mine = recording.verified(stay, people, number="202610000001")
    theirs_, them = rival(city, people)
    theirs = recording.waiting(theirs_, them, number="202610000001")
    assert actions.recorded_already(theirs, them[Role.HANDLER]) is None
    assert actions.is_elsewhere(theirs)
    with pytest.raises(Refused, match="只计一次"):
        recording.step(theirs, "verify", them[Role.DISTRICT])
    with pytest.raises(Refused, match="不在您的范围内"):
        recording.step(theirs, "merge", them[Role.DISTRICT], same_as=mine.matter.number)
    assert not Outcome.objects.visible_to(them[Role.HANDLER]).filter(pk=mine.pk).exists()
    recording.step(theirs, "merge", people[Role.BUREAU_HANDLER], same_as=mine.matter.number)
    assert set(mine.owners.values_list("stay", flat=True)) == {stay.pk, theirs_.pk}
    assert Outcome.objects.counted(ON).get() == mine
    for reader in (them[Role.HANDLER], them[Role.DISTRICT], people[Role.HANDLER]):
        assert Outcome.objects.visible_to(reader).counted(ON).get() == mine


def test_what_another_unit_only_drafts_is_not_spoken_of(city, people, stay, by):
    theirs, them = rival(city, people)
    recording.recorded(theirs, them[Role.HANDLER], number="202610000001")
    row = recording.recorded(stay, by, number="202610000001")
    assert not actions.is_elsewhere(row)


def test_the_database_itself_keeps_a_thing_once(people, stay, by):
    first = recording.verified(stay, people, number="1")
    second = recording.recorded(stay, by, number="2")
    with pytest.raises(IntegrityError, match="outcome_once_a_unit"), transaction.atomic():
        Outcome.objects.filter(pk=second.pk).update(key=first.key)
    other = make.enterprise(stay.station.matter.district)
    with pytest.raises(IntegrityError, match="outcome_counted_once"), transaction.atomic():
        Outcome.objects.filter(pk=second.pk).update(
            key=first.key, enterprise=other, status="verified", verified_on=ON, verified_by=by
        )
    with pytest.raises(IntegrityError, match="outcome_not_ahead"), transaction.atomic():
        Outcome.objects.filter(pk=second.pk).update(done_on=ON + timedelta(1))
    with pytest.raises(IntegrityError, match="outcome_granted"), transaction.atomic():
        Outcome.objects.filter(pk=first.pk).update(granted_on=recording.DONE - timedelta(1))


@pytest.mark.django_db(transaction=True)
def test_two_districts_that_verify_the_same_at_once_make_one_count():
    city = make.city()
    people = make.people(city)
    mine = recording.waiting(recording.entered(city, people), people, number="1")
    stay, them = rival(city, people)
    theirs = recording.waiting(stay, them, number="1")
    done = at_once(
        lambda: recording.step(mine, "verify", people[Role.DISTRICT]),
        lambda: recording.step(theirs, "verify", them[Role.DISTRICT]),
    )
    assert sorted(type(o).__name__ for o in done) == ["Outcome", "Refused"]
    assert Outcome.objects.counted(ON).count() == 1
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_two_colleagues_who_record_the_same_at_once_make_one_record():
    city = make.city()
    people = make.people(city)
    stay = recording.entered(city, people)
    by = people[Role.HANDLER]
    done = at_once(
        lambda: recording.recorded(stay, by, number="1"),
        lambda: recording.recorded(stay, by, number="1"),
    )
    assert sorted(type(o).__name__ for o in done) == ["Outcome", "Refused"]
    assert (Outcome.objects.count(), Matter.objects.filter(kind="outcome").count()) == (1, 1)
    connection.close()


# --- owners ------------------------------------------------------------------------------------


def test_nobody_owns_twice_and_not_for_another_unit_and_not_before_the_entry(city, people, stay, by):
    with pytest.raises(Refused, match="列了两次"):
        recording.recorded(stay, by, owners=[(stay, 1), (stay, 2)])
    theirs, _them = rival(city, people)
    with pytest.raises(Refused, match="同一单位"):
        recording.recorded(stay, by, owners=[(stay, 1), (theirs, 2)])
    with pytest.raises(Refused, match="早于进站日期"):
        recording.recorded(stay, by, done_on=staying.ENTERED - timedelta(1))
    assert recording.recorded(stay, by, done_on=staying.ENTERED).owners.get().during == "inside"


def test_an_outcome_after_the_exit_is_told_apart(people, city, by):
    stay = recording.entered(city, people, ended_on=date(2026, 5, 26))
    after = recording.recorded(stay, by, done_on=date(2026, 5, 26))
    before = recording.recorded(stay, by, done_on=date(2026, 5, 25))
    assert (after.owners.get().during, before.owners.get().during) == ("after", "inside")
    assert (fact(after, "during"), fact(before, "during")) == ("after", "inside")


# --- facts and figures -------------------------------------------------------------------------


def fact(row, name, on=ON):
    (found,) = vocabulary.table(Outcome.objects.filter(pk=row.pk), [name], on=on)
    return found[f"fact_{name}"]


def test_only_what_is_verified_counts_from_its_own_day(people, stay):
    row = recording.waiting(stay, people)
    assert (fact(row, "counted_on"), fact(row, "is_verified")) == (None, False)
    row = recording.step(row, "verify", people[Role.DISTRICT])
    assert fact(row, "counted_on") == recording.DONE
    assert (fact(row, "is_verified", ON - timedelta(1)), fact(row, "is_verified", ON)) == (False, True)
    later = ON + timedelta(5)
    recording.step(row, "void", people[Role.BUREAU_HANDLER], on=later)
    assert (fact(row, "is_verified", later - timedelta(1)), fact(row, "is_verified", later)) == (True, False)


def test_a_grant_takes_the_place_of_the_application(people, stay, by):
    row = recording.verified(stay, people)
    later = ON + timedelta(30)
    assert (fact(row, "is_granted"), cycle.possible(row, by)[0].action) == (False, "grant")
    row = recording.step(row, "grant", by, on=later, granted_on=str(later - timedelta(1)), grant_number="ZL1")
    assert (row.status, row.verified_on, fact(row, "counted_on")) == ("district", ON, recording.DONE)
    assert (fact(row, "is_granted", later - timedelta(2)), fact(row, "is_granted", later)) == (False, True)
    row = recording.step(row, "verify", people[Role.DISTRICT], on=later)
    assert (row.verified_on, Outcome.objects.counted(later).count(), cycle.possible(row, by)) == (ON, 1, [])
    paper = recording.verified(stay, people, kind="paper")
    assert (fact(paper, "is_granted"), cycle.possible(paper, by)) == (None, [])


def test_money_and_landing_are_read_from_the_details_and_unknown_stays_unknown(stay, by):
    row = recording.recorded(stay, by, kind="transfer")
    assert (fact(row, "amount"), fact(row, "is_landed")) == (120000, None)
    other = recording.recorded(stay, by, kind="transfer", contract="HT2", landed=True)
    assert (fact(other, "is_landed"), fact(recording.recorded(stay, by), "amount")) == (True, None)


def test_the_headline_of_a_history(city, people, stay):
    """Since the baseline, of the kinds that count, each once, until voided; as the city's plan declares it."""
    bureau, day = people[Role.BUREAU_HANDLER], timedelta(1)
    rows = {
        "counts": recording.verified(stay, people),
        "waits": recording.waiting(stay, people),
        "another kind": recording.verified(stay, people, kind="book"),
        "voided later": recording.verified(stay, people, kind="paper"),
        "before": recording.verified(stay, people, done_on=recording.DONE - 3 * day),
    }
    recording.step(rows["voided later"], "void", bureau, on=ON + 9 * day)
    criteria = (
        vocabulary.criterion("counted_on", "gte", str(recording.DONE - day), "x"),
        vocabulary.criterion("kind", "in", ["paper", "patent"], "x"),
    )
    stream = Stream("KS-CG", vocabulary, "counted_on", "voided_on", criteria)
    days = [recording.DONE - day, recording.DONE, ON + 8 * day, ON + 9 * day]
    wanted = [Wanted(stream, on) for on in days]
    tree = Tree.load()
    found = read(wanted, tree)
    assert [found[w][tree.index[city.root.pk]] for w in wanted] == [0, 2, 2, 1]
    assert set(stream.rows(on=days[-1])) == {rows["counts"]}


def test_every_kind_can_be_recorded_and_says_what_was_told(stay, by):
    for kind, declared in KINDS.items():
        row = recording.recorded(stay, by, kind=kind, done_on=recording.DONE)
        assert row.key, kind
        assert {d.name for d in declared.details if d.required} <= set(row.details), kind
        assert len(row.said) == len(row.details)
    assert Owner.objects.count() == len(KINDS) == 10
