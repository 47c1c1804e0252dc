"""Ledgers that go out, are edited and come back: nothing that was changed here meanwhile is overwritten."""

from datetime import date

import pytest

from portal.models import Role
from postdocs.models import Stay
from stations.models import Demand, Match
from tests import make
from tests.portal.test_sheets import xlsx
from tests.postdocs import staying
from tests.postdocs.ledgers import HEAD, book, edited, good, ledger, outcomes, taken_out
from tests.reading import Visitor
from tests.stations.test_intake import hand_in, only, sheet_of, undo, write


@pytest.fixture
def officer(people):
    return people[Role.DISTRICT]


@pytest.fixture
def station(city, people):
    return staying.station(city, people)


@pytest.fixture
def stay(officer, station):
    write(ledger(officer, good(station)))
    return Stay.objects.select_related("person").get()


def test_what_goes_out_comes_back_as_it_was(officer, stay):
    rows = taken_out(officer)
    assert stay.person.papers.get().plain not in str(rows)
    batch = hand_in(officer, xlsx(rows), kind="stays")
    assert batch.counts["same"] == 1, batch.lines.get().problems
    assert "登记号" not in Visitor(officer).go(f"{batch.get_absolute_url()}?show=all").text


def test_what_was_edited_outside_is_a_change(officer, stay):
    batch = hand_in(officer, xlsx(edited(taken_out(officer), "研究题目", "外面改的")), kind="stays")
    assert only(batch).changes == {"topic": ["缺陷检测", "外面改的"]}
    assert write(batch).state == "done"
    stay.refresh_from_db()
    assert stay.topic == "外面改的"
    assert stay.person.papers.get().masked  # the masked number that came back changed nothing


def test_the_match_that_led_to_an_entry_comes_in_goes_out_and_is_taken_back(city, people, officer, station):
    match = make.match(city, people, status="entered")
    Match.objects.update(met_on=date(2020, 1, 1), matched_on=date(2020, 1, 1), signed_on=date(2020, 1, 1))
    row = good(station) | {"对接编号": match.matter.number.lower()}
    assert write(hand_in(officer, book([row], [*HEAD, "对接编号"]), kind="stays")).state == "done"
    assert Stay.objects.get().match == match
    rows = taken_out(officer)
    assert match.matter.number in rows[1]
    Stay.objects.update(match=None)
    batch = hand_in(officer, xlsx(edited(taken_out(officer), "对接编号", match.matter.number)), kind="stays")
    assert only(batch).changes == {"match": ["", match.matter.number]}
    batch = write(batch)
    assert Stay.objects.get().match == match
    undo(batch)
    assert Stay.objects.get().match is None


@pytest.mark.parametrize(
    ("case", "sentence"),
    [("unknown", "没有编号"), ("late", "晚于进站日期"), ("other", "不是这个站的")],
)
def test_a_match_that_can_not_have_led_to_the_entry_is_told(case, sentence, city, people, officer, station):
    match = make.match(city, people, status="entered")
    signed = date(2026, 5, 30) if case == "late" else date(2020, 1, 1)
    Match.objects.update(met_on=date(2020, 1, 1), matched_on=date(2020, 1, 1), signed_on=signed)
    if case == "other":
        Demand.objects.update(enterprise=make.enterprise(city.north))
    number = "KS-DJ-1999-0001" if case == "unknown" else match.matter.number
    batch = hand_in(officer, book([good(station) | {"对接编号": number}], [*HEAD, "对接编号"]), kind="stays")
    assert sentence in only(batch).problems["match"]


def test_what_was_changed_here_meanwhile_stays_where_nobody_touched_it_outside(officer, stay):
    rows = edited(taken_out(officer), "企业导师", "新导师")
    Stay.objects.update(topic="里面改的")
    batch = hand_in(officer, xlsx(rows), kind="stays")
    assert only(batch).changes == {"supervisor_name": ["导师", "新导师"]}
    write(batch)
    stay.refresh_from_db()
    assert (stay.topic, stay.supervisor_name) == ("里面改的", "新导师")


def test_what_both_sides_changed_is_shown_three_ways_and_written_by_nobody(officer, stay):
    rows = edited(edited(taken_out(officer), "研究题目", "外面改的"), "企业导师", "新导师")
    Stay.objects.update(topic="里面改的")
    batch = hand_in(officer, xlsx(rows), kind="stays")
    line = only(batch)
    assert (line.outcome, line.changes) == ("conflict", {"topic": ["缺陷检测", "外面改的", "里面改的"]})
    page = Visitor(officer).go(batch.get_absolute_url()).text
    assert all(word in page for word in ("两边都改过", "缺陷检测", "外面改的", "现在登记“里面改的”"))
    assert write(batch).state == "ready"
    assert Stay.objects.get().topic == "里面改的"
    back = sheet_of(Visitor(officer).client.get(f"/imports/{batch.pk}/mistakes/"))
    assert "导出时“缺陷检测”，表里“外面改的”，现在登记“里面改的”" in back[1][-1]
    again = hand_in(officer, xlsx(back), kind="stays")  # whoever hands it in once more has seen it
    assert only(again).changes == {"topic": ["里面改的", "外面改的"], "supervisor_name": ["导师", "新导师"]}
    assert write(again).state == "done"
    assert Stay.objects.get().topic == "外面改的"


def test_both_sides_may_say_the_same(officer, stay):
    rows = edited(taken_out(officer), "研究题目", "一样")
    Stay.objects.update(topic="一样")
    assert only(hand_in(officer, xlsx(rows), kind="stays")).outcome == "same"


def test_what_changes_between_the_look_and_the_write_is_a_conflict_too(officer, stay):
    batch = hand_in(officer, xlsx(edited(taken_out(officer), "研究题目", "外面改的")), kind="stays")
    Stay.objects.update(topic="里面改的")
    batch = write(batch)
    assert (only(batch).outcome, Stay.objects.get().topic) == ("conflict", "里面改的")


def test_a_mark_that_was_touched_or_is_not_ones_own_is_told(people, officer, stay):
    rows = taken_out(officer)
    mark = rows[1][-1]
    line = only(hand_in(officer, xlsx(edited(rows, "登记号（勿改）", mark[:-1])), kind="stays"))
    assert "不完整或被改过" in line.problems["row"]
    line = only(hand_in(people["other_district"], xlsx(rows), kind="stays"))
    assert "不归您管" in line.problems["row"]
    twice = hand_in(officer, xlsx([*rows, rows[1]]), kind="stays")
    assert outcomes(twice) == ["same", "double"]


def test_only_what_one_may_write_goes_out_and_as_narrowed(people, officer, stay):
    assert len(taken_out(officer)) == 2
    assert len(taken_out(officer, "?shown=out")) == 1
    assert len(taken_out(people["other_district"])) == 1
    assert Visitor(officer).client.get("/imports/out/enterprises/").status_code == 404
    assert Visitor(people[Role.HANDLER]).client.get("/imports/out/stays/").status_code == 403
