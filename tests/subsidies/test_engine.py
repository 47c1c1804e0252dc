"""What a version makes of facts: each shape, steps, ceilings, upper money, groups, stops, windows, shares; by event date."""

import random
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import models

from portal.facts import VOCABULARIES, WrongCriterion
from portal.lifecycle import Birth, open_matters
from portal.models import Role, Setting
from postdocs.models import Doctor, Milestone, Person, Stay
from postdocs.stays.lifecycle import cycle
from subsidies.entitlements.models import Entitlement
from subsidies.entitlements.sweep import sweep
from subsidies.schemes import boundaries, engine
from subsidies.schemes.explain import State, explain
from subsidies.schemes.models import SchemeVersion
from tests import make
from tests.postdocs import rostering, staying
from tests.subsidies import granting

ON = make.ON
DAY = timedelta(1)
NONE_ASKED = [{"code": "entered", "fact": "entered_on", "lookup": "gte", "value": "2000-01-01"}]
ENTERED = {"entered_on": "2026-05-20"}


def fact(code: str, name: str, lookup: str, value, **values) -> dict:
    return {"code": code, "fact": name, "lookup": lookup, "value": value} | values


def ask(version: SchemeVersion, **given) -> dict:
    """Every column that the version says of these facts; instalments by their numbers."""
    (ruling,) = engine.rulings(SchemeVersion.objects.filter(pk=version.pk).for_engine())
    row = boundaries.supposed(ruling, given).values(*ruling.columns()).get()
    found = {name: row[ruling.name(name)] for name in ("met", "units", "whole")}
    for part in version.instalments.all():
        found |= {f"{name}{part.number}": row[f"i{part.pk}_{name}"] for name in ("opens", "lapses", "amount")}
    return found


# --- verdicts ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "met"),
    [
        ({"entered_on": "2025-01-01"}, True),
        ({"entered_on": "2024-12-31"}, False),
        ({}, None),
    ],
    ids=["on the day", "the day before", "unknown"],
)
def test_a_wall_has_three_answers(city, given, met):
    assert ask(granting.living(city), **given)["met"] is met


@pytest.mark.parametrize(
    ("given", "met"),
    [
        ({"in_service": False}, True),
        ({"in_service": True}, None),
        ({}, None),
    ],
    ids=["met", "not met: for an officer", "unknown: for an officer"],
)
def test_what_is_borrowed_refuses_nobody(city, given, met):
    row = granting.living(city, conditions=[*NONE_ASKED, fact("own", "in_service", "exact", False, assumed=True)])
    assert ask(row, **ENTERED, **given)["met"] is met


@pytest.mark.parametrize(("said", "met"), [("exclude", False), ("count_ask", None)])
def test_a_setting_makes_what_is_borrowed_a_wall(city, said, met):
    about = {
        "pack": city.pack,
        "code": "A11",
        "title": "x",
        "kind": "choice",
        "options": {"exclude": "", "count_ask": ""},
    }
    Setting.objects.create(value=said, clause=city.clause, **about)
    soft = fact("own", "in_service", "exact", False, assumed=True, setting="A11", wall="exclude")
    assert ask(granting.living(city, conditions=[*NONE_ASKED, soft]), **ENTERED, in_service=True)["met"] is met


def test_what_only_a_person_can_judge_stays_open(city):
    row = granting.living(city, conditions=[*NONE_ASKED, {"code": "degree", "title": "全日制"}])
    assert ask(row, **ENTERED)["met"] is None


T, F, U = "2026-01-01", "2020-01-01", None  # a day that meets it, one that doesn't, none


@pytest.mark.parametrize(
    ("first", "second", "third", "met"),
    [
        (T, T, F, True), (T, T, U, True), (T, F, U, None), (T, U, U, None), (F, U, U, None),
        (F, F, U, False), (F, F, T, False), (U, U, U, None), (T, T, T, True), (F, F, F, False),
    ],
)  # fmt: skip
def test_at_least_two_of_three_is_three_valued(city, first, second, third, met):
    names = ("proposal_on", "midterm_on", "assessment_on")
    group = [fact(f"g{n}", name, "gte", "2025-01-01", group="papers") for n, name in enumerate(names)]
    row = granting.living(city, conditions=[*NONE_ASKED, *group], needed={"papers": 2})
    given = {n: v for n, v in zip(names, (first, second, third), strict=True) if v}
    assert ask(row, **ENTERED, **given)["met"] is met


@pytest.mark.parametrize(("withdrawn", "met"), [(True, False), (False, True)])
def test_a_stop_ends_the_right_whatever_else_is_met(city, withdrawn, met):
    row = granting.living(city, conditions=[*NONE_ASKED, fact("gone", "withdrawn", "exact", True, purpose="stop")])
    assert ask(row, **ENTERED, withdrawn=withdrawn)["met"] is met


def test_what_asks_money_back_leaves_the_right_as_it_is(city):
    back = fact("gone", "withdrawn", "exact", True, purpose="recover")
    assert ask(granting.living(city, conditions=[*NONE_ASKED, back]), **ENTERED, withdrawn=True)["met"] is True


# --- amounts -----------------------------------------------------------------------------------

STEPS = [
    {"code": "upgrade", "fact": "is_upgrade", "lookup": "exact", "value": True, "amount": 400_000},
    {"code": "station", "fact": "kind", "lookup": "in", "value": ["national", "branch"], "amount": 600_000},
    {"code": "base", "fact": "kind", "lookup": "exact", "value": "base_provincial", "amount": 200_000},
]
OF_STATION = {"conditions": [fact("kind", "kind", "in", ["national", "branch", "base_provincial", "overseas"])],
              "instalments": [{"number": 1, "opens": "approved_on"}]}  # fmt: skip


@pytest.mark.parametrize(
    ("given", "whole"),
    [
        ({"kind": "national", "is_upgrade": True}, 400_000),
        ({"kind": "national", "is_upgrade": False}, 600_000),
        ({"kind": "base_provincial", "is_upgrade": False}, 200_000),
        ({"kind": "overseas", "is_upgrade": False}, None),
        ({"is_upgrade": False}, None),
    ],
    ids=["the first that holds", "the second", "the last", "none holds", "not known which"],
)
def test_the_first_step_that_holds_gives_the_amount(city, given, whole):
    scheme = granting.scheme(city, "set-up", vocabulary="station", event="approved_on", payee="unit")
    row = granting.version(city, scheme, shape="steps", amount=None, ceiling=600_000, steps=STEPS, **OF_STATION)
    assert ask(row, **given)["whole"] == whole


@pytest.mark.parametrize(
    ("months", "units", "whole"), [(0, 0, 0), (23, 23, 34_500), (24, 24, 36_000), (25, 24, 36_000)]
)
def test_what_is_paid_by_the_month_stops_at_its_limit(city, months, units, whole):
    row = granting.living(city, shape="per", amount=1500, quantity="months_in", limit=24)
    found = ask(row, **ENTERED, months_in=months)
    assert (found["units"], found["whole"]) == (units, whole)


def test_what_is_paid_by_the_month_stays_under_its_ceiling(city):
    about = {"shape": "per", "amount": 1500, "quantity": "months_in", "limit": 24, "ceiling": 30_000}
    assert ask(granting.living(city, **about), **ENTERED, months_in=24)["whole"] == 30_000


@pytest.mark.parametrize(
    ("upper", "whole"), [(300_000, 150_000), ("100000.01", 50_000), (500_000, 200_000), (None, None)]
)
def test_matching_is_a_share_of_upper_money_to_the_fen_and_under_its_ceiling(city, upper, whole):
    row = of_selection(city, shape="matching", amount=50, quantity="upper_amount", ceiling=200_000)
    expected = Decimal("50000.01") if upper == "100000.01" else whole
    assert ask(row, confirmed=True, **({"upper_amount": upper} if upper else {}))["whole"] == expected


def of_selection(city, **values) -> SchemeVersion:
    scheme = granting.scheme(city, "excellent", vocabulary="selection", event="listed_on")
    about = {"conditions": [fact("confirmed", "confirmed", "exact", True)]}
    return granting.version(city, scheme, instalments=[{"number": 1, "opens": "listed_on"}], **about | values)


@pytest.mark.parametrize(
    ("includes", "upper", "whole"),
    [
        (True, 300_000, 200_000), (True, 500_000, 0), (True, 600_000, 0), (True, None, None),
        (False, 300_000, 500_000), (False, None, 500_000), (None, 300_000, 500_000),
    ],
)  # fmt: skip
def test_a_ceiling_that_includes_upper_money_leaves_the_rest(city, includes, upper, whole):
    row = of_selection(city, amount=500_000, ceiling=500_000, upper="upper_amount", includes_upper=includes)
    assert ask(row, confirmed=True, **({"upper_amount": upper} if upper else {}))["whole"] == whole


@pytest.mark.parametrize(("said", "whole"), [("includes", 200_000), ("excludes", 500_000), ("unknown", 500_000)])
def test_the_setting_says_whether_ceilings_include_upper_money(city, said, whole):
    options = {"includes": "", "excludes": "", "unknown": ""}
    about = {"pack": city.pack, "code": "A16", "title": "x", "kind": "choice", "options": options}
    Setting.objects.create(value=said, clause=city.clause, **about)
    row = of_selection(city, amount=500_000, ceiling=500_000, upper="upper_amount")
    assert ask(row, confirmed=True, upper_amount=300_000)["whole"] == whole


def test_no_sum_is_no_sum_and_not_nothing(city):
    found = ask(granting.living(city, shape="unstated", amount=None), **ENTERED)
    assert (found["met"], found["whole"], found["amount1"]) == (True, None, None)


def test_shares_round_to_the_fen(city):
    parts = [{"number": 1, "opens": "entered_on", "share": Decimal("33.33")},
             {"number": 2, "opens": "entered_on", "share": Decimal("66.67")}]  # fmt: skip
    found = ask(granting.living(city, amount=Decimal("100.10"), instalments=parts), **ENTERED)
    assert (found["amount1"], found["amount2"]) == (Decimal("33.36"), Decimal("66.74"))
    assert found["amount1"] + found["amount2"] == found["whole"]


# --- days --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entered", "opens"), [("2026-05-20", date(2026, 8, 20)), ("2026-11-30", date(2027, 2, 28)), (None, None)]
)
def test_an_instalment_opens_so_many_months_on(city, entered, opens):
    row = granting.living(city, instalments=[{"number": 1, "opens": "entered_on", "waiting_months": 3}])
    assert ask(row, **({"entered_on": entered} if entered else {}))["opens1"] == opens


@pytest.mark.parametrize(("assumed", "lapses"), [(False, date(2027, 5, 21)), (True, None)])
def test_a_window_lapses_after_its_last_day_unless_it_is_only_borrowed(city, assumed, lapses):
    row = granting.living(city, window_months=12, window_assumed=assumed)
    assert ask(row, **ENTERED)["lapses1"] == lapses


def test_the_window_is_open_on_its_last_day_and_shut_on_the_next(city, people):
    granting.living(city, window_months=12)
    stay = staying.brought_to("here", city, people)  # since 2026-05-20
    states = {day: explain(stay, on=day)[0].parts[0].state for day in (date(2027, 5, 20), date(2027, 5, 21))}
    assert list(states.values()) == [State.MET, State.LAPSED]


@pytest.mark.parametrize(("day", "amount"), [("2026-05-19", 160_000), ("2026-05-20", 180_000), ("2026-05-21", 180_000)])
def test_the_event_picks_the_version_and_not_the_day_on_which_one_asks(city, people, day, amount):
    scheme = granting.scheme(city)
    granting.version(city, scheme, until=date(2026, 5, 20))
    granting.version(city, scheme, since=date(2026, 5, 20), amount=180_000)
    stay = staying.brought_to("here", city, people)
    Stay.objects.filter(pk=stay.pk).update(entered_on=day)
    assert [e.whole for e in explain(Stay.objects.get(pk=stay.pk), on=date(2030, 1, 1))] == [amount]
    sweep(city.pack, on=date(2030, 1, 1))
    assert [e.amount for e in Entitlement.objects.all()] == [amount]


def test_a_sweep_writes_what_is_new_or_different_and_takes_away_what_is_found_no_more(city, people):
    granting.living(city)
    stay = staying.brought_to("here", city, people)
    assert sweep(city.pack, on=ON) == 1
    first = Entitlement.objects.get()
    for rows in (None, {"stay": Stay.objects.all()}):
        assert sweep(city.pack, on=ON + timedelta(1), rows=rows) == 1
        assert Entitlement.objects.get().checked_on == ON  # says the same: untouched
    SchemeVersion.objects.update(amount=Decimal(100_000))
    sweep(city.pack, on=ON + timedelta(2))
    again = Entitlement.objects.get()
    assert (again.pk, again.amount, again.checked_on) == (first.pk, 100_000, ON + timedelta(2))
    Stay.objects.filter(pk=stay.pk).update(entered_on=date(2024, 12, 31))
    assert sweep(city.pack, on=ON, rows={"stay": Stay.objects.none()}) == 0
    assert Entitlement.objects.count() == 1  # nobody was asked about
    assert sweep(city.pack, on=ON, rows={"stay": Stay.objects.all()}) == 0
    assert not Entitlement.objects.exists()


def test_who_came_before_the_first_version_has_nothing(city, people):
    granting.living(city, since=date(2026, 5, 21))
    stay = staying.brought_to("here", city, people)
    assert (explain(stay, on=ON), sweep(city.pack, on=ON)) == ([], 0)


def test_a_case_that_asks_what_the_version_does_not_read_is_refused(city):
    row = granting.living(city)
    with pytest.raises(WrongCriterion, match="没有用到 age"):
        ask(row, **ENTERED, age=30)
    with pytest.raises(WrongCriterion, match="取值"):
        ask(row, entered_on="gestern")


# --- one statement for everybody ---------------------------------------------------------------

PEOPLE = 240


def generated(city, people, chance: random.Random) -> list[Stay]:
    """Stays of every sort: not entered yet, in station, left, withdrawn; facts told or not; some of them passed things."""
    first = staying.brought_to("here", city, people)
    births = [Birth("生成", first.matter.organisation, first.matter.district, ON) for _n in range(PEOPLE)]
    matters = open_matters(cycle, "draft", births, series="BH", by=None)
    persons, stays, milestones = [], [], []
    for number, matter in enumerate(matters):
        told = {
            name: getattr(first.person, name) for name in ("sex", "born_on", "nationality", "mobile", "degree_school")
        }
        degree = chance.choice([None, date(2023, 6, 30), date(2025, 6, 30), date(2026, 5, 1)])
        persons.append(
            Person(name=f"生成{number}", discipline=chance.choice(["", "0812", "0701"]), degree_on=degree, **told)
        )
        stays.append(stay_of(first, persons[-1], matter, chance))
    Person.objects.bulk_create(persons)
    Stay.objects.bulk_create(stays)
    for stay in stays:
        for kind, after in (("proposal", 90), ("midterm", 400)):
            if stay.entered_on and chance.random() < 0.6:
                held = stay.entered_on + timedelta(after + chance.randrange(60))
                grade = chance.choice(["passed", "failed"])
                milestones.append(Milestone(stay=stay, kind=kind, held_on=held, grade=grade, recorded_on=max(held, ON)))
    Milestone.objects.bulk_create(milestones)
    return [first, *stays]


def stay_of(first: Stay, person: Person, matter, chance: random.Random) -> Stay:
    entered = chance.choice([None, *(date(2024, 12, 20) + timedelta(chance.randrange(700)) for _n in range(9))])
    left = chance.random() < 0.35 and entered
    ended = entered + timedelta(chance.randrange(30, 800)) if left else None
    withdrawn = ended if ended and chance.random() < 0.4 else None
    status = "draft" if entered is None else "here" if ended is None else "withdrawn" if withdrawn else "left"
    values = {name: getattr(first, name) for name in Stay.NEEDED if name != "identity"}
    ground = {"withdrawal_ground": "11", "withdrawal_side": "person"} if withdrawn else {}
    return Stay(
        matter=matter, person=person, station=first.station, status=status, entered_on=entered, ended_on=ended,
        withdrawn_on=withdrawn, committee_number=f"G{matter.pk}" if entered else "",
        certificate_number=f"B{matter.pk}" if ended and not withdrawn else "",
        identity=chance.choice(["", "graduate", "employed", "free"]) if entered is None else chance.choice(
            ["graduate", "employed", "free"]), **values | ground,
    )  # fmt: skip


def fresh_within(city, months: int = 12) -> None:
    Setting.objects.create(pack=city.pack, code="A21", title="x", kind="integer", value=months, clause=city.clause)


def several_schemes(city) -> None:
    """One of each shape, with two versions, a window, a group, a stop, something borrowed, something to judge."""
    fresh_within(city)
    stop = fact("gone", "withdrawn", "exact", True, purpose="stop")
    living = granting.scheme(city, once_per_person=True)
    own = fact("own", "in_service", "exact", False, assumed=True)
    parts = [{"number": 1, "opens": "proposal_on", "share": 50}, {"number": 2, "opens": "midterm_on", "share": 50}]
    granting.version(city, living, conditions=[*granting.ENTERED, own, stop], instalments=parts, until=date(2026, 1, 1))
    granting.version(city, living, conditions=[*granting.ENTERED, stop], instalments=parts, since=date(2026, 1, 1),
                     amount=Decimal("180000.33"))  # fmt: skip
    rent = granting.scheme(city, "rent", group="rent", title="租房")
    fresh = fact("fresh", "fresh", "exact", True)
    part = [{"number": 1, "opens": "entered_on", "waiting_months": 3, "every": 3}]
    granting.version(city, rent, conditions=[fresh, stop], instalments=part, shape="per", amount=1500,
                     quantity="months_in", limit=24)  # fmt: skip
    settle = granting.scheme(city, "stay", event="exited_on", title="留下")
    judged = {"code": "insured", "title": "参保"}
    granting.version(city, settle, conditions=[fact("out", "exited_on", "gte", "2025-06-01"), judged], window_months=12,
                     instalments=[{"number": 1, "opens": "exited_on"}])  # fmt: skip
    group = [fact("a", "proposal_passed", "exact", True, group="g"), fact("b", "midterm_passed", "exact", True, group="g"),
             fact("c", "fresh", "exact", True, group="g")]  # fmt: skip
    best = granting.scheme(city, "best", title="优先")
    steps = [{"code": "x", "fact": "identity", "lookup": "in", "value": ["graduate"], "amount": 3000},
             {"code": "y", "fact": "identity", "lookup": "exact", "value": "employed", "amount": 1000}]  # fmt: skip
    granting.version(city, best, conditions=group, needed={"g": 2}, shape="steps", amount=None, steps=steps)


FIELDS = ("instalment", "met", "event_on", "opens_on", "lapses_on", "units", "amount", "right")


def swept(vocabulary: str) -> dict:
    """What the sweep wrote, by subject."""
    found: dict = {}
    rows = Entitlement.objects.exclude(**{vocabulary: None})
    for subject, *told in rows.values_list(vocabulary, *FIELDS):
        found.setdefault(subject, set()).add(tuple(told))
    return found


def explained(subject, on: date) -> set:
    """What the explanation says that it should have written."""
    found = set()
    for e in explain(subject, on=on):
        if e.event_on is None or e.state == State.UNMET:
            continue
        met = True if e.state == State.MET else None
        found |= {
            (p.instalment.pk, met, e.event_on, p.opens_on, p.lapses_on, e.units, cent(p.amount), p.right)
            for p in e.parts
        }
    return found


def cent(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else amount.quantize(Decimal("0.01"))


def differing(subjects, on: date) -> list[str]:
    subjects = list(subjects)
    found = swept(subjects[0]._meta.model_name)
    return [str(s) for s in subjects if found.get(s.pk, set()) != explained(s, on)]


def test_the_sweep_and_the_single_explanation_agree_for_everybody(city, people):
    chance = random.Random(1)
    several_schemes(city)
    stays = generated(city, people, chance)
    on = date(2026, 11, 20)
    assert sweep(city.pack, on=on) == Entitlement.objects.count() > PEOPLE / 2
    assert {True, None} == set(Entitlement.objects.values_list("met", flat=True).distinct())
    assert differing(stays, on) == []
    some = chance.sample([s.pk for s in stays], 20)
    Stay.objects.filter(pk__in=some[:10]).exclude(entered_on=None).update(identity="employed")
    sweep(city.pack, on=on, rows={"stay": Stay.objects.filter(pk__in=some)})
    assert differing(chance.sample(stays, 60), on) == []


def test_a_fact_has_one_value_whichever_way_it_is_read(city, people):
    """For all at once by grouped sources, for a few of them, and in filters row by row."""
    stays, known = generated(city, people, random.Random(2)), VOCABULARIES["stay"]
    for code, number in (("A20", 6), ("A21", 12), ("A23", 1)):
        about = {"title": code, "kind": "integer", "clause": city.clause}
        Setting.objects.update_or_create(pack=city.pack, code=code, defaults={"value": number, **about})
    names = [name for name, fact in known.facts.items() if getattr(fact, "sources", ())]
    assert {"proposal_on", "fresh", "newly", "insured_12"} <= set(names)
    few, seen = [s.pk for s in stays[::3]], set()
    for on in (date(2025, 6, 1), date(2026, 11, 20)):
        rows = known.with_row_facts(names, on=on)
        alone = {r["pk"]: r for r in rows.values("pk", **{f"told_{name}": models.F(f"fact_{name}") for name in names})}
        for all_ in (True, False):
            chosen = Stay.objects.all() if all_ else Stay.objects.filter(pk__in=few)
            for row in known.table(chosen, names, on=on, all_=all_):
                assert {n: row[f"fact_{n}"] for n in names} == {n: alone[row["pk"]][f"told_{n}"] for n in names}
                seen |= {(n, row[f"fact_{n}"] is None) for n in names}
    assert {("proposal_on", False), ("proposal_on", True), ("fresh", False), ("newly", False)} <= seen


def test_doctors_agree_as_well(city, people):
    scheme = granting.scheme(city, "come", vocabulary="doctor", event="since", title="来")
    about = {"conditions": [fact("full", "full_time", "exact", True), fact("fresh", "fresh", "exact", True)]}
    granting.version(city, scheme, instalments=[{"number": 1, "opens": "since", "waiting_months": 12}], **about)
    by = people[Role.BUREAU_HANDLER]
    fresh_within(city)
    rostering.doctor(city, by, since=date(2026, 3, 2))
    rostering.doctor(city, by, since=date(2026, 3, 2), degree_on=date(2020, 1, 1))
    rostering.doctor(city, by, since=date(2025, 3, 2), engagement="dual")
    sweep(city.pack, on=ON)
    assert differing(Doctor.objects.all(), ON) == []
    assert Entitlement.objects.count() == 1
