"""What an evaluation counts from records, and what entries on record say of a station's years."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from portal.facts import WrongCriterion
from portal.lifecycle import Refused
from portal.models import Role, Setting
from postdocs.models import Owner, Stay
from postdocs.stays.register import Entry, enter
from stations.evaluation import actions, scoring
from stations.evaluation import lifecycle as life
from stations.evaluation.figures import Period, count_of, counted
from stations.evaluation.forms import LineForm
from stations.models import Line, Recruits, SchemeItem, Sheet
from stations.register.facts import station as vocabulary
from stations.standing import clocks
from stations.standing.counted import SETTING, both_of
from tests import make
from tests.postdocs import recording, staying
from tests.stations import evaluating, standing_cases

ON = make.ON
FLOW = evaluating.ENTRIES
LEVEL = {"rows": "stay", "kind": "level", "starts": "entered_on", "stops": "ended_on"}
KEPT = FLOW | {"starts": "ended_on", "where": [{"fact": "stayed_at_exit", "lookup": "exact", "value": True}]}
WORKS = {
    "rows": "outcome",
    "kind": "flow",
    "starts": "counted_on",
    "stops": "voided_on",
    "where": [{"fact": "kind", "lookup": "in", "value": ["patent"]}, {"fact": "during", "lookup": "exact", "value": "inside"}],
}  # fmt: skip
PERIOD = Period(date(2026, 1, 1), date(2026, 5, 1), ON)


def item(counts, code="entered", **values) -> SchemeItem:
    return SchemeItem(code=code, source="counted", counts=counts, **values)


def asked(station, counts, period=PERIOD):
    return counted([station.pk], [item(counts)], period)[station.pk]["entered"]


def elsewhere(city, people):
    return staying.station(city, people, owner=make.enterprise(city.north), approved_on=date(2021, 1, 2))


def enters(station, people, *, on) -> Stay:
    """Somebody at whatever station."""
    entry = Entry(station=station, name="陈思", kind="id_card", number=staying.paper_number(), entered_on=on)
    return enter([entry], by=people[Role.BUREAU_HANDLER])[0]


# --- what is counted ---------------------------------------------------------------------------


@pytest.fixture
def host(city, people):
    return staying.station(city, people, approved_on=date(2020, 1, 2))


@pytest.mark.parametrize(
    ("entered_on", "counts"),
    [(date(2025, 12, 31), False), (date(2026, 1, 1), True), (date(2026, 4, 30), True), (date(2026, 5, 1), False)],
    ids=["the eve", "first day", "last day", "the day after"],
)
def test_a_flow_counts_what_began_within_the_period(entered_on, counts, host, city, people):
    stay = recording.entered(city, people, at=host, on=entered_on)
    found = asked(host, FLOW)
    assert (found.rows, found.value) == ([stay.pk], 1) if counts else ([], None)


@pytest.mark.parametrize(
    ("ended_on", "counts"), [(ON, False), (date.fromordinal(ON.toordinal() + 1), True)], ids=["gone", "there"]
)
def test_a_level_counts_who_is_there_on_the_day(ended_on, counts, host, city, people):
    stay = recording.entered(city, people, at=host, on=date(2024, 1, 1))
    Stay.objects.filter(pk=stay.pk).update(ended_on=ended_on, status="left")
    assert asked(host, LEVEL).rows == ([stay.pk] if counts else [])


def test_who_was_withdrawn_by_the_day_does_not_count(host, city, people):
    stay = recording.entered(city, people, at=host, on=date(2026, 2, 1))
    gone = {"status": "withdrawn", "withdrawal_ground": "11"}
    Stay.objects.filter(pk=stay.pk).update(ended_on=ON, withdrawn_on=ON, **gone)
    assert asked(host, FLOW).rows == []
    later = date.fromordinal(ON.toordinal() + 1)
    Stay.objects.filter(pk=stay.pk).update(ended_on=later, withdrawn_on=later)
    assert asked(host, FLOW).rows == [stay.pk]


def test_where_one_row_can_not_be_told_the_figure_is_unknown_and_names_it(host, city, people):
    stay = recording.entered(city, people, at=host, on=date(2024, 1, 1))
    Stay.objects.filter(pk=stay.pk).update(ended_on=date(2026, 3, 1), status="left")
    found = asked(host, KEPT)
    assert (found.rows, found.doubtful, found.value) == ([], [stay.pk], None)


def test_only_verified_outcomes_count_and_a_shared_one_counts_once_for_each_owner_s_station(host, city, people):
    mine = recording.entered(city, people, at=host, on=date(2025, 6, 1))
    other = elsewhere(city, people)
    friend = enters(other, people, on=date(2025, 6, 1))
    row = recording.verified(mine, people, done_on=date(2026, 2, 2))
    Owner.objects.create(outcome=row, stay=friend, rank=2)
    second = recording.entered(city, people, at=host, name="顾言", on=date(2025, 6, 1))
    Owner.objects.create(outcome=row, stay=second, rank=3)
    recording.recorded(mine, people[Role.HANDLER], done_on=date(2026, 2, 3), title="未核验")
    recording.verified(mine, people, done_on=date(2026, 2, 4), kind="book", title="专著")
    assert (asked(host, WORKS).rows, asked(other, WORKS).rows) == ([row.pk], [row.pk])


def test_all_stations_and_items_are_asked_in_a_statement_for_each_kind_of_rows(
    host, city, people, django_assert_num_queries
):
    stations = [host, *(elsewhere(city, people) for _n in (2, 3))]
    for row in stations:
        enters(row, people, on=date(2026, 2, 1))
    items = [item(FLOW, "a"), item(LEVEL, "b"), item(WORKS, "c")]
    for some in (stations[:1], stations):
        with django_assert_num_queries(2):
            found = counted([s.pk for s in some], items, PERIOD)
    assert [figures["a"].value for figures in found.values()] == [1, 1, 1]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"rows": "enterprise"}, "没有属于工作站的记录"),
        ({"kind": "rate"}, "counts.kind"),
        ({"starts": "salary"}, "counts.starts"),
        ({"stops": "nothing"}, "counts.stops"),
        ({"where": [{"fact": "age"}]}, "counts.where"),
        ({"where": [{"fact": "returns_unanswered", "lookup": "exact", "value": 0}]}, "自身的事实"),
        ({"more": 1}, "counts 应写作"),
    ],
)
def test_a_wrong_declaration_is_told(change, told):
    with pytest.raises(WrongCriterion, match=told):
        count_of(item(FLOW | change))


# --- on a sheet --------------------------------------------------------------------------------


@pytest.fixture
def sheet(host, city, people):
    """A sheet whose first item counts entries; one is on record."""
    scheme = evaluating.counting(evaluating.scheme(city))
    recording.entered(city, people, at=host, on=date(2026, 2, 1))
    evaluating.started(city, people, by_scheme=scheme)
    return Sheet.objects.select_related("matter", "evaluation", "station").get(station=host)


def test_a_sheet_opens_with_what_is_on_record_and_keeps_the_rows(sheet, host):
    line = evaluating.line(sheet, "recruits")
    assert (line.record, line.counted) == (1, [Stay.objects.get().pk])
    assert scoring.score(line.item, line.figure("self")).points == 10


def test_a_station_may_correct_with_a_reason_and_a_paper(sheet, people):
    by = people[Role.HANDLER]
    form = LineForm({"recruits": "2", "recruits-note": ""}, instance=evaluating.line(sheet, "recruits"), pen="claimed")
    assert form.errors["statement"] == ["改动了“指标recruits”的数值，请写明理由。"]
    actions.write(sheet, "claimed", {"recruits": (Decimal(2), "一人刚备案"), "rules": (None, "见附件")}, by=by)
    line = evaluating.line(sheet, "recruits")
    assert (line.record, line.claimed, line.figure("self")) == (1, 2, 2)
    with pytest.raises(Refused, match="还缺证明的指标：1 项"):
        life.sheet.move(sheet, "to_certify", by=by, on=ON)
    actions.cite(sheet, "recruits", make.file(sheet.matter.organisation, by), by=by)
    row = next(r for part in scoring.parts_of(sheet, seen=True) for r in part.rows if r.counted)
    assert row.source == "单位更正"


def test_what_the_records_say_needs_no_paper_and_the_same_figure_is_no_correction(sheet, people):
    by = people[Role.HANDLER]
    actions.write(sheet, "claimed", {"recruits": (Decimal(1), "无误")}, by=by)
    assert evaluating.line(sheet, "recruits").claimed is None
    form = LineForm({"recruits": "1", "recruits-note": ""}, instance=evaluating.line(sheet, "recruits"), pen="claimed")
    assert form.is_valid()
    assert form.cleaned_data["claimed"] is None
    actions.write(sheet, "claimed", {"rules": (None, "见附件")}, by=by)
    assert life.sheet.move(sheet, "to_certify", by=by, on=ON).status == "certifying"


def test_the_database_refuses_a_correction_of_the_records_without_a_reason(sheet):
    with pytest.raises(IntegrityError, match="line_claim_says_why"), transaction.atomic():
        Line.objects.filter(sheet=sheet, item__code="recruits").update(claimed=5)


@pytest.mark.parametrize(("statement", "kept"), [("", None), ("另有一人", 3)], ids=["no reason", "a reason"])
def test_what_was_typed_gives_way_to_the_records_unless_it_says_why(statement, kept, host, city, people):
    evaluating.counting(evaluating.scheme(city))
    evaluating.started(city, people)
    sheet = Sheet.objects.get(station=host)
    line = evaluating.line(sheet, "recruits")
    assert (line.record, line.counted) == (None, [])  # nothing on record isn't 0
    actions.write(sheet, "claimed", {"recruits": (Decimal(3), statement)}, by=people[Role.HANDLER])
    assert evaluating.line(sheet, "recruits").figure("self") == 3
    recording.entered(city, people, at=host, on=date(2026, 2, 1))
    assert actions.refill(sheet, by=people[Role.HANDLER]) == 1
    line = evaluating.line(sheet, "recruits")
    assert (line.record, line.claimed, line.figure("self")) == (1, kept, kept or 1)


def test_a_figure_opens_into_its_rows_and_says_what_moved_since(sheet, host, city, people, client):
    url = reverse("stations:assessment_figure", args=[sheet.matter.number, "recruits"])
    stay = Stay.objects.get()
    client.force_login(people[Role.HANDLER])
    answer = client.get(url)
    assert [(row.state, row.entry.url) for row in answer.context["rows"]] == [("kept", stay.get_absolute_url())]
    recording.entered(city, people, at=host, name="陈思", on=date(2026, 3, 1))
    Stay.objects.filter(pk=stay.pk).update(
        status="withdrawn", ended_on=ON, withdrawn_on=ON, withdrawal_ground="11"
    )  # fmt: skip
    answer = client.get(url)
    assert [row.state for row in answer.context["rows"]] == ["gone", "new"]
    assert answer.context["moved"]
    Sheet.objects.filter(pk=sheet.pk).update(decision={"rank": 1})
    assert [row.state for row in client.get(url).context["rows"]] == ["kept"]
    assert client.get(reverse("stations:assessment_figure", args=[sheet.matter.number, "staff"])).status_code == 404


# --- years -------------------------------------------------------------------------------------


def value(station, name, on=ON):
    (row,) = vocabulary.table(type(station).objects.filter(pk=station.pk), [name], on=on)
    return row[f"fact_{name}"]


def typed(station, **years):
    for year, entered in years.items():
        n = int(year[1:])
        Recruits.objects.create(
            station=station,
            year=n,
            entered=entered,
            counted_on=date(n, 12, 31),
            source="测",
            recorded_on=date(n, 12, 31),
        )


def says(city, value):
    options = {"records": "平台记录", "typed": "登记数"}
    Setting.objects.create(
        pack=city.pack, code=SETTING, title="x", why="x", kind="choice", options=options, value=value
    )  # fmt: skip


@pytest.mark.parametrize(
    ("setting", "since", "count"),
    [("records", date(2025, 1, 1), 1), ("typed", date(2024, 1, 1), 0), ("", date(2025, 1, 1), 1)],
)
def test_the_setting_says_which_counts_where_a_year_contradicts_itself(setting, since, count, host, city, people):
    if setting:
        says(city, setting)
    typed(host, y2023=1, y2024=0, y2025=0)
    recording.entered(city, people, at=host, on=date(2024, 9, 9))
    assert value(host, "idle_since") == since
    assert value(host, "recruits_last_year", date(2025, 6, 1)) == count
    assert value(host, "idle_day_worst") == (date(2024, 9, 9) if count else date(2023, 1, 1))


@pytest.mark.parametrize("setting", ["records", "typed"])
def test_records_fill_a_year_that_nobody_typed(setting, host, city, people):
    says(city, setting)
    typed(host, y2025=0)
    assert value(host, "ever_recruited") is None
    recording.entered(city, people, at=host, on=date(2024, 9, 9))
    assert (value(host, "idle_since"), value(host, "ever_recruited")) == (date(2025, 1, 1), True)
    assert value(host, "idle_day") == date(2024, 9, 9)
    assert value(host, "recruits_last_year", date(2025, 6, 1)) == 1


def test_nothing_on_record_says_nothing_of_a_year(host, city, people):
    says(city, "records")
    typed(host, y2024=2)
    recording.entered(city, people, at=host, on=date(2023, 9, 9))
    assert (value(host, "idle_since"), value(host, "recruits_last_year", date(2025, 6, 1))) == (None, 2)
    assert value(host, "recruits_last_year") is None


def test_an_entry_after_the_day_changes_nothing_of_that_day(host, city, people):
    typed(host, y2023=1, y2024=0, y2025=0)
    before = value(host, "idle_since"), value(host, "idle_day"), value(host, "recruits_this_year")
    recording.entered(city, people, at=host, on=date.fromordinal(ON.toordinal() + 1))
    assert (value(host, "idle_since"), value(host, "idle_day"), value(host, "recruits_this_year")) == before


def test_an_upgraded_station_counts_the_entries_of_the_one_it_was(host, city, people):
    typed(host, y2025=0)
    above = elsewhere(city, people)
    type(above).objects.filter(pk=above.pk).update(upgraded_from=host)
    recording.entered(city, people, at=host, on=date(2024, 3, 3))
    assert value(above, "idle_day_worst") == date(2024, 3, 3)


@pytest.mark.parametrize(
    ("number", "day", "days", "differs"),
    [
        (1, date(2025, 12, 31), [date(2025, 3, 1)], False),
        (2, date(2025, 12, 31), [date(2025, 3, 1)], True),
        (0, date(2025, 12, 31), [date(2025, 3, 1)], True),
        (2, date(2025, 12, 31), [], False),
        (1, date(2025, 6, 30), [date(2025, 6, 30), date(2025, 7, 1)], False),
        (1, date(2025, 6, 29), [date(2025, 6, 30)], True),
    ],
    ids=["same", "more typed", "none typed", "none on record", "one came later", "one too early"],
)
def test_two_figures_contradict_each_other_up_to_the_day_of_the_typed_one(number, day, days, differs):
    row = Recruits(year=2025, entered=number, counted_on=day)
    assert both_of(2025, [row], days, typed_counts=False).differs is differs


def test_the_radar_shows_both_sides_and_goes_by_the_one_that_counts(host, city, people, client):
    typed(host, y2022=0, y2023=0, y2024=0, y2025=0)
    standing_cases.clock(city)
    recording.entered(city, people, at=host, on=date(2024, 9, 9))
    (reading,) = clocks.with_years(clocks.readings(type(host).objects.filter(pk=host.pk), city.pack, ON))
    cells = {c.year: (c.kind, c.entered, c.both.typed, c.both.recorded) for c in reading.cells if c.both}
    assert cells[2024] == ("recruited", 1, 0, 1)
    assert cells[2025] == ("empty", 0, 0, 0)
    assert reading.worst == date(2025, 1, 1)
    assert [2024, 0, 1] in reading.seen()["sides"]
    client.force_login(people[Role.BUREAU_HANDLER])
    said = "2024 年登记 0 人（截至 2024-12-31），平台记录 1 人备案进站，以平台记录为准"
    assert said in client.get(reverse("stations:standing"), {"view": "all"}).content.decode()
    says(city, "typed")
    (reading,) = clocks.with_years(clocks.readings(type(host).objects.filter(pk=host.pk), city.pack, ON))
    assert [cell.both.said for cell in reading.cells if cell.both and cell.both.differs] == [
        said.replace("以平台记录为准", "以登记数为准")
    ]
    assert reading.worst == date(2021, 1, 1)


def test_a_year_opens_into_its_entries(host, city, people, client):
    typed(host, y2024=2)
    stay = recording.entered(city, people, at=host, on=date(2024, 9, 9))
    client.force_login(people[Role.HANDLER])
    answer = client.get(reverse("stations:recruits_year", args=[host.matter.number, 2024]))
    assert [row.entry.url for row in answer.context["rows"]] == [stay.get_absolute_url()]
    assert answer.context["both"].differs
    page = client.get(host.get_absolute_url()).content.decode()
    assert f'href="{reverse("stations:recruits_year", args=[host.matter.number, 2024])}"' in page
    for year in (1900, ON.year + 90):
        assert client.get(reverse("stations:recruits_year", args=[host.matter.number, year])).status_code == 404
