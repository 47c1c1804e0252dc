"""Every fact of an enterprise, an application and a station: met, unmet and unknown; and as of a day."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.utils.timezone import now

from portal.models import Confirmation, Evidence, ReturnItem, Role
from stations.applications import actions, facts, lifecycle
from stations.enterprises import facts as enterprises_facts
from stations.models import (
    Answer,
    Application,
    ApplicationType,
    Certificate,
    Condition,
    Enterprise,
    Slot,
    Station,
    StationKind,
)
from stations.register import facts as register_facts
from tests import make

ON = make.ON
LATER = ON + timedelta(1)


def met(vocabulary, subject, fact, lookup, value, on=ON):
    """What a rule says that lays this on the subject."""
    (finding,) = vocabulary.findings(subject, [vocabulary.criterion(fact, lookup, value, "测一")], on=on)
    return finding.met


def fact(subject, name, on=ON):
    """The value itself; None is unknown."""
    vocabulary = {
        Application: facts.application,
        Enterprise: enterprises_facts.enterprise,
        Station: register_facts.station,
    }[type(subject)]
    (row,) = vocabulary.table(type(subject).objects.filter(pk=subject.pk), [name], on=on)
    return row[f"fact_{name}"]


# --- enterprise --------------------------------------------------------------------------------

COLUMNS = {  # lookup, what is wanted, a value that meets it, one that just doesn't
    "legal_person": ("exact", True, True, False),
    "revenue": ("gte", 200_000_000, Decimal("200000000"), Decimal("199999999.99")),
    "rd_spend": ("gte", 10_000_000, Decimal("10000000"), Decimal("9999999.99")),
    "staff": ("gte", 100, 100, 99),
    "rd_staff": ("gte", 20, 20, 19),
    "senior_staff": ("gte", 3, 3, 2),
    "doctors": ("gt", 0, 1, 0),
    "rd_level": ("in", ["national", "provincial"], "provincial", "municipal"),
}


@pytest.mark.parametrize("name", COLUMNS)
def test_a_figure_of_an_enterprise_meets_a_rule_misses_it_or_is_unknown(name, city):
    lookup, wanted, good, bad = COLUMNS[name]
    for value, answer in ((good, True), (bad, False), ("" if name == "rd_level" else None, None)):
        Enterprise.objects.filter(pk=city.enterprise.pk).update(**{name: value})
        assert met(enterprises_facts.enterprise, city.enterprise, name, lookup, wanted) is answer
        case_fact = f"enterprise_{name}"
        assert case_fact in facts.application.facts


@pytest.mark.parametrize("tag", Enterprise.Tag.values)
@pytest.mark.parametrize(
    ("tags", "confirmed", "answer"),
    [("own", None, True), ("other", ON, False), ("other", None, None), ("none", None, None), ("none", ON, False)],
    ids=["ticked", "another ticked and confirmed", "another ticked", "none ticked", "none ticked and confirmed"],
)
def test_a_tag_is_unknown_until_the_enterprise_says_that_all_is_right(tag, tags, confirmed, answer, city):
    other = next(value for value in Enterprise.Tag.values if value != tag)
    ticked = {"own": [tag], "other": [other], "none": []}[tags]
    Enterprise.objects.filter(pk=city.enterprise.pk).update(tags=ticked, confirmed_on=confirmed)
    assert met(enterprises_facts.enterprise, city.enterprise, f"is_{tag}", "exact", True) is answer


def test_what_certificates_say_is_lent_to_the_cases_and_stations_of_the_same_enterprise(city, people):
    """The rows' keys differ on purpose: a lent fact asks of the enterprise, not of who borrows it."""
    case = make.draft(city, people[Role.HANDLER])
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval('stations_station_id_seq', %s)", [case.pk + city.enterprise.pk + 1])
    station = make.station(city, people[Role.BUREAU_APPROVER], owner=city.enterprise, kind=StationKind.BRANCH)
    assert len({case.pk, station.pk, city.enterprise.pk}) == 3
    Enterprise.objects.filter(pk=city.enterprise.pk).update(tags=["special"], confirmed_on=ON)
    Certificate.objects.create(
        enterprise=city.enterprise, tag="high_tech", number="GR1", since=ON, until=ON + timedelta(30)
    )
    for on, answer in ((ON - timedelta(1), False), (ON, True), (ON + timedelta(30), False)):
        assert fact(city.enterprise, "is_high_tech", on) is answer
        assert fact(case, "enterprise_is_high_tech", on) is answer
        assert fact(station, "enterprise_is_high_tech", on) is answer


def test_no_fact_of_an_enterprise_is_left_untested():
    assert set(enterprises_facts.enterprise.facts) == set(COLUMNS) | {"is_barred"} | {
        f"is_{tag}" for tag in Enterprise.Tag.values
    }


# --- application: its own columns --------------------------------------------------------------

PLAN = {
    "salary_promise": ("gte", 200_000, Decimal("200000"), Decimal("199999.99"), None),
    "recruits": ("gte", 2, 2, 1, None),
    "classified": ("exact", False, False, True, None),
    "truthful": ("exact", True, True, False, False),  # not declared is not true
    "route": ("in", ["upward"], "upward", "recognise", "recognise"),
}
MISSING = {"profile_missing": Enterprise.NEEDED, "plan_missing": Application.NEEDED}
CASEWORK = {"stamped", "site_visits"}  # in test_casework.py
CONDITIONS = {"basic", "basic_open", "recommended_ready", "recommended_open", "recommended_short"}
VERDICTS = {"unjudged", "unmet", "recommended_met", "recommended_short"}


def test_no_fact_of_an_application_is_left_untested():
    borrowed = {f"enterprise_{name}" for name in enterprises_facts.enterprise.facts}
    judged = {f"{level}_{what}" for level in ("district", "bureau") for what in VERDICTS}
    tested = set(PLAN) | set(MISSING) | CONDITIONS | CASEWORK | judged | borrowed | {"returns_unanswered"}
    assert set(facts.application.facts) == tested


@pytest.fixture
def case(city, people):
    return make.draft(city, people[Role.HANDLER])


@pytest.mark.parametrize("name", PLAN)
def test_a_promise_meets_a_rule_misses_it_or_is_unknown(name, case):
    lookup, wanted, good, bad, silent = PLAN[name]
    for value, answer in ((good, True), (bad, False), (silent, None if silent is None else silent == good)):
        Application.objects.filter(pk=case.pk).update(**{name: value})
        assert met(facts.application, case, name, lookup, wanted) is answer


@pytest.mark.parametrize("name", sorted(MISSING))
def test_each_column_that_says_nothing_is_counted_once(name, city, people):
    case = make.filled(city, people[Role.HANDLER])
    model, pk = (Enterprise, case.enterprise_id) if name == "profile_missing" else (Application, case.pk)
    assert fact(case, name) == 0
    for number, column in enumerate(MISSING[name], 1):
        field = model._meta.get_field(column)
        empty = "" if field.empty_strings_allowed and not field.null else None
        model.objects.filter(pk=pk).update(**{column: empty})
        assert fact(case, name) == number
    assert fact(case, name) == len(MISSING[name])


def test_a_zero_is_not_missing(city, people):
    case = make.filled(city, people[Role.HANDLER])
    Enterprise.objects.filter(pk=city.enterprise.pk).update(rd_spend=0, senior_staff=0, legal_person=False)
    assert fact(case, "profile_missing") == 0


# --- application: conditions and their papers --------------------------------------------------


def say(case, code, claimed, *, papers=1):
    """Answer a condition, with so many papers in its required slot."""
    row = Condition.objects.get(type=case.type, code=code)
    slot = Slot.objects.select_related("condition").get(condition=row, required=True)
    Answer.objects.filter(application=case, condition=row).update(claimed=claimed)
    user = case.matter.opener
    for evidence in Evidence.objects.filter(matter=case.matter, slot=slot.name, removed_at=None)[papers:]:
        actions.uncite(case, evidence)
    for _n in range(papers - Evidence.objects.filter(matter=case.matter, slot=slot.name, removed_at=None).count()):
        actions.cite(case, slot, make.file(case.enterprise.organisation, user), by=user)


def test_an_empty_draft_has_everything_open(case):
    known = {name: fact(case, name) for name in sorted(CONDITIONS)}
    assert known == {
        "basic": 2,
        "basic_open": 2,
        "recommended_ready": 0,
        "recommended_open": 0,
        "recommended_short": 1,
    }


@pytest.mark.parametrize(
    ("claimed", "papers", "is_open"),
    [(True, 1, 0), (True, 2, 0), (True, 0, 1), (False, 1, 1), (None, 1, 1)],
    ids=["claimed and proved", "two papers", "no paper", "not met, by its own word", "not answered"],
)
def test_a_basic_condition_is_open_until_it_is_claimed_and_proved(claimed, papers, is_open, case):
    say(case, "basic-1", claimed, papers=papers)
    say(case, "basic-2", True)
    assert fact(case, "basic_open") == is_open
    assert met(facts.application, case, "basic_open", "lte", 0) is (is_open == 0)


def test_a_paper_that_is_only_welcome_leaves_nothing_open(case):
    say(case, "basic-1", True)  # its slot "more" is empty
    say(case, "basic-2", True)
    assert fact(case, "basic_open") == 0


def test_a_paper_that_was_taken_out_proves_nothing(case):
    say(case, "basic-1", True)
    say(case, "basic-2", True)
    actions.uncite(case, Evidence.objects.filter(slot="basic-2.proof").get())
    assert fact(case, "basic_open") == 1


def test_a_paper_of_another_case_proves_nothing(case, city, people):
    other = make.draft(city, people[Role.HANDLER], kind=city.own)
    say(other, "basic-1", True)
    say(other, "basic-2", True)
    assert (fact(other, "basic_open"), fact(case, "basic_open")) == (0, 2)


@pytest.mark.parametrize(
    ("claimed", "papers", "ready", "is_open", "short"),
    [(True, 1, 1, 0, 0), (True, 0, 0, 1, 1), (False, 1, 0, 0, 1), (None, 1, 0, 0, 1)],
    ids=["claimed and proved", "claimed without proof", "not met", "not answered"],
)
def test_a_recommended_condition_counts_once_it_is_proved(claimed, papers, ready, is_open, short, case):
    say(case, "rec-1", claimed, papers=papers)
    assert (fact(case, "recommended_ready"), fact(case, "recommended_open")) == (ready, is_open)
    assert fact(case, "recommended_short") == short


@pytest.mark.parametrize(
    ("needed", "short"), [(0, 0), (1, 0), (2, 1), (3, 2)], ids=["none", "one", "two", "three of two"]
)
def test_how_many_recommended_conditions_are_short_follows_the_type(needed, short, case, city):
    more = Condition.objects.create(
        type=city.upward, code="rec-2", group="recommended", title="x", summary="x", clause=city.clause
    )
    Slot.objects.create(condition=more, code="proof", title="x")
    Answer.objects.create(application=case, condition=more)
    ApplicationType.objects.filter(pk=case.type_id).update(recommended_needed=needed)
    say(case, "rec-1", True)
    assert fact(case, "recommended_short") == short
    assert met(facts.application, case, "recommended_short", "lte", 0) is (short == 0)


def test_a_type_without_recommended_conditions_is_never_short(case, city):
    Answer.objects.filter(condition__group="recommended").delete()
    Condition.objects.filter(type=city.upward, group="recommended").delete()
    ApplicationType.objects.filter(pk=case.type_id).update(recommended_needed=0)
    assert (fact(case, "recommended_short"), fact(case, "recommended_open")) == (0, 0)


# --- application: what officials found ---------------------------------------------------------


@pytest.fixture
def at_district(city, people):
    return make.brought_to("district", city, people)


@pytest.fixture(params=["district", "bureau"])
def level(request):
    return request.param


@pytest.fixture
def found(at_district, people, level):
    """Gives a verdict of the level on one condition; the newer one ends the older."""

    def judge(code, verdict, on=ON):
        same = {"matter": at_district.matter, "topic": code, "level": level}
        Confirmation.objects.filter(**same, until=None).update(until=on)
        Confirmation.objects.create(**same, verdict=verdict, by=people[Role.DISTRICT], since=on)

    return judge


def known(case, level, on=ON):
    return tuple(fact(case, f"{level}_{what}", on) for what in ("unjudged", "unmet", "recommended_met"))


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [(True, (2, 0, 0)), (False, (2, 1, 0)), (None, (3, 0, 0))],
    ids=["met", "unmet", "can't tell"],
)
def test_a_verdict_on_a_basic_condition(verdict, expected, at_district, level, found):
    assert known(at_district, level) == (3, 0, 0)
    found("basic-1", verdict)
    assert known(at_district, level) == expected


@pytest.mark.parametrize(
    ("verdict", "expected", "short"),
    [(True, (2, 0, 1), 0), (False, (2, 0, 0), 1), (None, (3, 0, 0), 1)],
    ids=["met", "unmet", "can't tell"],
)
def test_a_verdict_on_a_recommended_condition(verdict, expected, short, at_district, level, found):
    found("rec-1", verdict)
    assert known(at_district, level) == expected
    assert fact(at_district, f"{level}_recommended_short") == short


def test_a_recommended_condition_that_is_not_claimed_concerns_nobody(at_district, level, found):
    found("rec-1", True)
    Answer.objects.filter(application=at_district, condition__code="rec-1").update(claimed=None)
    assert known(at_district, level) == (2, 0, 0)
    assert fact(at_district, f"{level}_recommended_short") == 1


def test_the_verdict_of_one_level_is_not_the_others(at_district, level, found):
    found("basic-1", False)
    other = {"district": "bureau", "bureau": "district"}[level]
    assert known(at_district, other) == (3, 0, 0)


def test_a_newer_verdict_of_the_same_day_replaces_the_older(at_district, level, found):
    found("basic-1", False)
    found("basic-1", True)
    assert known(at_district, level) == (2, 0, 0)


def test_a_verdict_holds_from_its_day_to_the_next_one(at_district, level, found):
    found("basic-1", False, on=ON)
    found("basic-1", True, on=LATER)
    assert known(at_district, level, on=ON - timedelta(1)) == (3, 0, 0)
    assert known(at_district, level, on=ON) == (2, 1, 0)
    assert known(at_district, level, on=LATER) == (2, 0, 0)


# --- application: what was sent back -----------------------------------------------------------


def test_what_was_sent_back_is_open_until_it_is_answered(at_district, people):
    items = [ReturnItem(target=t, label=t, code="R01") for t in ("field:project", "field:recruits")]
    assert fact(at_district, "returns_unanswered") == 0
    case = make.step(at_district, "return", people, by=people[Role.DISTRICT], items=items)
    assert fact(case, "returns_unanswered") == 2
    assert fact(case, "returns_unanswered", on=ON - timedelta(1)) == 0
    actions.mended(case, "field:project")
    assert met(facts.application, case, "returns_unanswered", "lte", 0) is False
    ReturnItem.objects.filter(target="field:recruits").update(answered_at=now())
    assert met(facts.application, case, "returns_unanswered", "lte", 0) is True


def test_an_item_that_was_handed_in_again_is_not_open(at_district, people):
    item = ReturnItem(target="field:project", label="x", code="R01")
    case = make.step(at_district, "return", people, by=people[Role.DISTRICT], items=[item])
    ReturnItem.objects.update(resolved_at=now())
    assert fact(case, "returns_unanswered") == 0


# --- station -----------------------------------------------------------------------------------


def test_a_station_says_what_it_is(city, people):
    chief = people[Role.BUREAU_APPROVER]
    base = make.station(city, chief, kind=StationKind.BASE_PROVINCIAL, approved_on=date(2024, 5, 1), chain=city.chain)
    raised = make.station(city, chief, owner=base.enterprise, approved_on=ON)
    base.refresh_from_db()
    names = ["approved_on", "chain", "ended_on", "enterprise", "is_upgrade", "kind", "level"]
    evaluated = {"years_since_approval", "is_valid", "rd_share"}  # see test_evaluation.py
    years = {f"idle_{what}{end}" for what in ("since", "day") for end in ("", "_worst", "_best")}
    years |= {f"years_without_recruits{end}" for end in ("", "_most", "_least")}
    years |= {"ever_recruited", "recruits_last_year", "recruits_this_year", "present_last_year"}
    years |= {"failed_evaluations", "failed_on", "evaluated_on"}  # see test_standing_facts.py
    evaluated |= {"supervisors", "supervisors_told", "partners", "partners_told"}  # see test_portrait.py
    evaluated |= {"demands_year", "matches", "salary_promise", "end_ground"}  # the last one: portal/test_facts.py
    evaluated |= {"salary_day", "salary_promised", "salary_short", "paid_last_year", "promised_last_year"}
    evaluated |= {"first_postdoc_on", "first_proposal_on", "first_recruit_on", "excellent_on"}  # see tests/subsidies
    assert set(register_facts.station.facts) == {
        *names,
        *evaluated,
        *years,
        *(f"enterprise_{n}" for n in enterprises_facts.enterprise.facts),
    }
    assert [fact(base, name) for name in names] == [
        *(date(2024, 5, 1), city.chain.pk, ON, base.enterprise_id, False, "base_provincial", "provincial"),
    ]
    assert [fact(raised, name) for name in names] == [
        *(ON, city.chain.pk, None, base.enterprise_id, True, "national", "national"),
    ]


@pytest.mark.parametrize(
    ("name", "lookup", "wanted", "answer"),
    [
        ("kind", "in", ["national", "branch"], True),
        ("kind", "in", ["overseas"], False),
        ("level", "exact", "national", True),
        ("level", "exact", "city", False),
        ("approved_on", "gte", "2026-06-01", True),
        ("approved_on", "gte", "2026-06-02", False),
        ("approved_on", "lte", "2026-05-31", False),
        ("ended_on", "lte", "2026-12-31", None),
        ("chain", "gte", 0, None),
        ("is_upgrade", "exact", False, True),
        ("is_upgrade", "exact", True, False),
        ("enterprise", "gte", 0, True),
        ("enterprise", "lt", 0, False),
    ],
)
def test_a_rule_about_a_station(name, lookup, wanted, answer, city, people):
    row = make.station(city, people[Role.BUREAU_APPROVER])
    assert met(register_facts.station, row, name, lookup, wanted) is answer


def test_cases_in_review_may_become_stations(city, people):
    seen = {}
    for status in ("draft", "certifying", "district", "bureau", "passed", "sent", "approved"):
        owner = make.enterprise(city.north)
        here, who = make.people_of(city, owner, people)
        seen[status] = make.brought_to(status, here, who)
    assert set(register_facts.in_review()) == {seen[status] for status in ("district", "bureau", "passed", "sent")}
    assert lifecycle.application.stages["sent"].outside
