"""What the years say on a day: full years and rolling ones, what is untold, upgraded and paused stations, failures."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from portal.models import Role
from stations.applications import facts
from stations.enterprises import facts as enterprises_facts
from stations.ledger import rows as ledger
from stations.models import Enterprise, Evaluation, Recruits, SalaryPromise, Sheet, StandingCase, Station, StationKind
from stations.register import facts as register_facts
from stations.register import lifecycle
from tests import make
from tests.stations import evaluating

ON = date(2026, 6, 1)
NAMES = (
    *("idle_since", "idle_since_worst", "idle_since_best", "years_without_recruits"),
    *("years_without_recruits_most", "years_without_recruits_least", "ever_recruited", "recruits_last_year"),
)


def value(station, name, on=ON):
    (row,) = register_facts.station.table(Station.objects.filter(pk=station.pk), [name], on=on)
    return row[f"fact_{name}"]


def told(station, **years):
    """Rows of whole years (`y2024=0`), or of part of one (`y2026=(0, date)`)."""
    for name, said in years.items():
        year = int(name[1:])
        entered, counted = said if isinstance(said, tuple) else (said, date(year, 12, 31))
        Recruits.objects.create(
            station=station, year=year, entered=entered, counted_on=counted, source="测", recorded_on=date(2030, 1, 1)
        )


@pytest.fixture
def station(city):
    (row,) = make.bare_stations([make.Life(city.north, date(2022, 5, 1))])
    return row


JAN = {year: date(year, 1, 1) for year in range(2020, 2030)}


@pytest.mark.parametrize(
    ("years", "since", "worst", "best"),
    [
        ({"y2023": 0, "y2024": 0, "y2025": 0}, 2023, 2023, 2023),
        ({"y2023": 0, "y2024": 2, "y2025": 0}, 2025, 2025, 2025),
        ({"y2025": 1}, 2026, 2026, 2026),
        ({"y2026": (1, ON)}, 2027, 2027, 2027),
        ({"y2025": 0, "y2026": (0, ON)}, None, 2023, 2025),
        ({"y2023": 0, "y2025": 0}, None, 2023, 2025),
        ({"y2023": 0, "y2024": 0}, None, 2023, 2026),
        ({"y2024": 1}, None, 2025, 2026),
        ({}, None, 2023, 2026),
        ({"y2023": 0, "y2024": 0, "y2025": (0, date(2025, 11, 30))}, None, 2023, 2026),
        ({"y2022": 1, "y2023": 0, "y2024": 0, "y2025": 0}, 2023, 2023, 2023),
    ],
    ids=[
        *("three empty years", "somebody in between", "last year", "this year", "two untold, this year empty so far"),
        *("an untold year in the middle", "last year untold", "untold after a recruit", "nothing told"),
        *("last year told to November only", "the year of the approval doesn't count"),
    ],
)
def test_idle_since_the_first_full_year_without_a_recruit(years, since, worst, best, station):
    told(station, **years)
    assert value(station, "idle_since") == (since and JAN[since])
    assert (value(station, "idle_since_worst"), value(station, "idle_since_best")) == (JAN[worst], JAN[best])
    most, least = max(2026 - worst, 0), max(2026 - best, 0)
    assert value(station, "years_without_recruits_most") == most
    assert value(station, "years_without_recruits_least") == least
    assert value(station, "years_without_recruits") == (most if most == least else None)


@pytest.mark.parametrize(
    ("on", "years"),
    [(date(2025, 12, 31), 2), (date(2026, 1, 1), 3)],
    ids=["the last day of the third year", "the first day of the fourth"],
)
def test_a_year_counts_when_it_is_over(on, years, station):
    told(station, y2023=0, y2024=0, y2025=0)
    assert value(station, "years_without_recruits", on) == years


@pytest.mark.parametrize(("limit", "answer"), [(3, True), (4, False)], ids=["three are met", "four are not"])
def test_a_rule_about_years_is_met_unmet_or_unknown(limit, answer, station):
    rule = register_facts.station.criterion("years_without_recruits", "gte", limit, "测一")
    told(station, y2023=0, y2024=0)
    (unknown,) = register_facts.station.findings(station, [rule], on=ON)
    told(station, y2025=0)
    (known,) = register_facts.station.findings(station, [rule], on=ON)
    assert (unknown.met, known.met) == (None, answer)
    assert "尚不知道" in unknown.text


def test_nothing_counted_after_a_day_changes_a_fact_of_that_day(station):
    names = [
        n
        for n in register_facts.station.facts
        if n.startswith(("idle", "years_without", "recruits", "ever", "present"))
    ]
    told(station, y2023=0)
    before = {name: value(station, name, date(2024, 6, 1)) for name in names}
    told(station, y2024=(3, date(2024, 6, 2)), y2025=1, y2026=(2, ON))
    assert {name: value(station, name, date(2024, 6, 1)) for name in names} == before
    assert value(station, "idle_since", date(2024, 6, 2)) == JAN[2025]


def test_before_its_approval_a_station_has_no_idle_years(station):
    assert value(station, "years_without_recruits", date(2022, 1, 1)) == 0
    assert value(station, "idle_since", date(2022, 6, 1)) == JAN[2023]


def test_whether_anybody_ever_came(station):
    assert value(station, "ever_recruited") is None
    told(station, y2023=0, y2024=0, y2025=0)
    assert value(station, "ever_recruited") is False
    told(station, y2026=(1, ON))
    assert (value(station, "ever_recruited"), value(station, "ever_recruited", date(2026, 5, 31))) == (True, False)


def test_the_figures_of_a_year(station):
    told(station, y2025=2, y2026=(1, ON))
    Recruits.objects.filter(year=2025).update(present=5)
    assert [value(station, n) for n in ("recruits_last_year", "recruits_this_year", "present_last_year")] == [2, 1, 5]
    assert value(station, "recruits_last_year", date(2025, 6, 1)) is None


def test_an_upgraded_station_counts_on_from_the_one_it_was(city, people):
    chief = people[Role.BUREAU_APPROVER]
    base = make.station(city, chief, kind=StationKind.BASE_CITY, approved_on=date(2021, 3, 1))
    raised = make.station(city, chief, owner=base.enterprise, approved_on=date(2025, 3, 1))
    base.refresh_from_db()
    assert value(raised, "idle_since_worst") == JAN[2022]
    told(base, y2022=0, y2023=1, y2024=0)
    told(raised, y2025=0)
    assert value(raised, "idle_since") == JAN[2024]
    assert value(raised, "years_without_recruits") == 2


def test_a_pause_does_not_stop_a_year(city, people):
    chief = people[Role.BUREAU_APPROVER]
    row = make.station(city, chief, approved_on=date(2022, 5, 1))
    told(row, y2023=0, y2024=0, y2025=0)
    row = lifecycle.station.move(row, "pause", by=chief, on=date(2024, 1, 1), note="搬迁")
    assert value(row, "years_without_recruits") == 3


# --- rolling years -----------------------------------------------------------------------------


def test_a_rolling_clock_runs_from_the_day_of_the_last_recruit(station):
    assert (value(station, "idle_day_worst"), value(station, "idle_day")) == (date(2022, 5, 1), None)
    told(station, y2023=0, y2024=0, y2025=0)
    assert value(station, "idle_day") == date(2022, 5, 1)
    Recruits.objects.filter(year=2024).update(entered=1, last_on=date(2024, 9, 9))
    assert value(station, "idle_day") == date(2024, 9, 9)
    Recruits.objects.filter(year=2024).update(last_on=None)
    days = [value(station, n) for n in ("idle_day", "idle_day_worst", "idle_day_best")]
    assert days == [None, date(2024, 1, 1), date(2024, 12, 31)]


# --- how evaluations ended ---------------------------------------------------------------------


@pytest.fixture
def judged(city, people):
    row = make.station(city, people[Role.BUREAU_APPROVER], owner=city.enterprise, approved_on=date(2022, 5, 1))

    def result(grade, on, number=0):
        """A published result, past every step."""
        scheme = evaluating.scheme(city, code=f"s{number}") if number else evaluating.scheme(city)
        round_ = evaluating.prepared(city, people, by_scheme=scheme)
        Evaluation.objects.filter(pk=round_.pk).update(
            status="published", publicity_since=on.replace(day=1), publicity_until=on.replace(day=2), published_on=on,
            document="测",
        )  # fmt: skip
        matter = make.Matter.objects.create(
            number=f"T-PB-{number}-{on}", kind="assessment", title="x", organisation=city.enterprise.organisation,
            district=city.north, opened_on=on, filed_on=on, held_since=on, status="graded",
        )  # fmt: skip
        return Sheet.objects.create(
            matter=matter, evaluation=round_, station=row, status="graded", final_score=50, decision={},
            grade=scheme.grades.get(code=grade),
        )  # fmt: skip

    return row, result


def test_failures_count_from_the_last_pass(judged):
    row, result = judged
    assert [value(row, n) for n in ("failed_evaluations", "failed_on", "evaluated_on")] == [0, None, date(2022, 5, 1)]
    result("fail", date(2024, 3, 3))
    result("fail", date(2025, 3, 3), 1)
    assert [value(row, n) for n in ("failed_evaluations", "failed_on")] == [2, date(2025, 3, 3)]
    before = [value(row, n, date(2025, 3, 2)) for n in ("failed_evaluations", "failed_on", "evaluated_on")]
    assert before == [1, date(2024, 3, 3), date(2024, 3, 3)]
    result("ok", date(2026, 3, 3), 2)
    assert [value(row, n) for n in ("failed_evaluations", "failed_on", "evaluated_on")] == [0, None, date(2026, 3, 3)]


def test_a_failure_counts_no_more_once_its_rectification_was_passed(judged, city):
    row, result = judged
    sheet = result("fail", date(2025, 3, 3))
    matter = make.Matter.objects.create(
        number="T-DT-1", kind="standing", title="x", organisation=city.enterprise.organisation, district=city.north,
        opened_on=ON, held_since=ON, status="lifted", closed_on=date(2026, 2, 1),
    )  # fmt: skip
    StandingCase.objects.create(matter=matter, station=row, sheet=sheet, ground="failed", status="lifted")
    assert [value(row, "failed_evaluations", day) for day in (date(2026, 1, 31), date(2026, 2, 1))] == [1, 0]


def test_who_was_removed_is_barred_until_the_day_of_the_rule(judged, city):
    row, result = judged
    sheet = result("fail", date(2025, 3, 3))
    Station.objects.filter(pk=row.pk).update(status="cancelled", ended_on=date(2026, 3, 1))
    matter = make.Matter.objects.create(
        number="T-DT-2", kind="standing", title="x", organisation=city.enterprise.organisation, district=city.north,
        opened_on=ON, held_since=ON, status="removed",
    )  # fmt: skip
    StandingCase.objects.create(
        matter=matter, station=row, sheet=sheet, ground="failed", status="removed", barred_until=date(2029, 3, 1)
    )
    days = (date(2026, 2, 28), date(2026, 3, 1), date(2029, 2, 28), date(2029, 3, 1))

    def barred(on):
        table = enterprises_facts.enterprise.table(
            Enterprise.objects.filter(pk=row.enterprise_id), ["is_barred"], on=on
        )
        return table.get()["fact_is_barred"]

    assert [barred(day) for day in days] == [False, True, True, False]
    assert "enterprise_is_barred" in facts.application.facts


# --- the rows ----------------------------------------------------------------------------------


def keep(station, by, on=ON, **values):
    given = {"year": 2025, "entered": 1, "counted_on": date(2025, 12, 31), "source": "备案表"} | values
    row = Recruits(station=station, **given)
    ledger.keep(ledger.KINDS["recruits"], row, by=by, on=on)
    return row


@pytest.mark.parametrize(
    ("values", "told_"),
    [
        ({"year": 2021, "counted_on": date(2021, 12, 31)}, "不能登记更早年份"),
        ({"year": 2026, "counted_on": date(2026, 6, 2)}, "还没有到"),
        ({"year": 2026, "counted_on": date(2025, 12, 31)}, "应在这一年之内"),
        ({"entered": -1}, "0"),
        ({"entered": 0, "last_on": date(2025, 3, 3)}, "人数大于 0"),
        ({"last_on": date(2024, 3, 3)}, "应在这一年"),
        ({"source": ""}, "空白|空"),
    ],
    ids=[
        *("before the approval", "a day to come", "counted in another year", "less than nobody"),
        *("a day of nobody's", "a day of another year", "no source"),
    ],
)
def test_what_can_not_be_said_of_a_year(values, told_, city, people):
    row = make.station(city, people[Role.BUREAU_APPROVER], approved_on=date(2022, 5, 1))
    with pytest.raises(ValidationError, match=told_):
        keep(row, people[Role.BUREAU_HANDLER], **values)
    assert not Recruits.objects.exists()


def test_a_year_is_told_once(station, city, people):
    keep(station, people[Role.BUREAU_HANDLER])
    with pytest.raises(ValidationError, match="已经登记"):
        keep(station, people[Role.BUREAU_HANDLER], entered=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        told(station, y2025=2)


def test_an_enterprise_s_figure_waits_for_an_official_to_look(city, people):
    chief = people[Role.BUREAU_APPROVER]
    row = make.station(city, chief, owner=city.enterprise, approved_on=date(2022, 5, 1))
    own = keep(row, people[Role.HANDLER])
    assert (own.confirmed_by, own.confirmed_on) == (None, None)
    ledger.confirm(own, by=people[Role.DISTRICT], on=ON)
    own.refresh_from_db()
    assert (own.confirmed_by, own.confirmed_on) == (people[Role.DISTRICT], ON)
    own.entered = 2
    ledger.keep(ledger.KINDS["recruits"], own, by=people[Role.HANDLER], on=ON)
    assert own.confirmed_by is None
    assert keep(row, people[Role.DISTRICT], year=2024, counted_on=date(2024, 12, 31)).confirmed_on == ON


# --- pay ---------------------------------------------------------------------------------------


def paid(station, pay, *, promised=200_000, counted=date(2025, 12, 31), since=date(2023, 1, 1), until=None):
    """What was paid in 2025, and what was promised."""
    if promised is not None:
        SalaryPromise.objects.create(station=station, amount=promised, since=since, until=until)
    Recruits.objects.create(
        station=station, year=counted.year, entered=1, pay=pay, counted_on=counted, source="测", recorded_on=ON
    )


@pytest.mark.parametrize(
    ("pay", "values", "short"),
    [
        (199_999, {}, True),
        (200_000, {}, False),
        (200_001, {}, False),
        (None, {}, None),
        (100_000, {"promised": None}, None),
        (100_000, {"counted": date(2025, 11, 30)}, None),
        (100_000, {"counted": date(2024, 12, 31)}, None),
        (100_000, {"since": date(2025, 12, 31)}, True),
        (100_000, {"since": date(2026, 1, 1)}, None),
        (100_000, {"until": date(2025, 12, 31)}, None),
    ],
    ids=[
        *("one yuan less", "just what was promised", "one yuan more", "not told", "nothing promised"),
        *("told to November only", "another year", "promised on the last day", "promised since", "promised until then"),
    ],
)
def test_pay_is_short_of_the_promise_or_not_or_unknown(pay, values, short, station):
    paid(station, pay, **values)
    assert value(station, "salary_short") is short
    assert value(station, "salary_promised") == bool(SalaryPromise.objects.on(date(2025, 12, 31)).exists())


def test_each_year_is_looked_at_anew(station):
    paid(station, 100_000)
    assert [value(station, "salary_short", on) for on in (date(2025, 12, 31), JAN[2026], date(2026, 12, 31))] == [
        *(None, True, True)
    ]
    assert value(station, "salary_short", JAN[2027]) is None
    assert value(station, "salary_day") == JAN[2026]


def test_pay_of_nothing_is_refused(station):
    with pytest.raises(IntegrityError), transaction.atomic():
        paid(station, 0)
