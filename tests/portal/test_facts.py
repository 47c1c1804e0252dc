"""Facts of a day, criteria on both sides of every boundary, and the one answer for one, a few and everybody."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import product

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import (
    BooleanField,
    Count,
    DateField,
    DecimalField,
    ExpressionWrapper,
    F,
    IntegerField,
    Q,
    Sum,
    TextField,
    Value,
)
from django.utils import translation

from portal import facts
from portal.facts import (
    VOCABULARIES,
    AtLeast,
    Criterion,
    Lookup,
    RowFact,
    TotalFact,
    Vocabulary,
    WrongCriterion,
    column_of,
    prefixed,
    yuan,
)
from portal.models import Confirmation, Event, Matter, Organisation, ReturnItem, Role, Spell
from stations.applications import lifecycle
from stations.applications.facts import application
from stations.enterprises.facts import enterprise
from stations.evaluation import lifecycle as evaluation
from stations.models import Answer, Application, Certificate, Enterprise, Measure, SiteVisit, Station, StationKind
from stations.register import lifecycle as register_lifecycle
from stations.register.facts import station
from tests import make
from tests.stations import evaluating

ON = make.ON
LATER = ON + timedelta(30)


def value_of(vocabulary, subject, name, *, on=ON):
    rows = vocabulary.model.objects.filter(pk=subject.pk)
    return vocabulary.table(rows, [name], on=on).get()[f"fact_{name}"]


def verdict_of(vocabulary, subject, question, *, on=ON):
    rows = vocabulary.model.objects.filter(pk=subject.pk)
    return vocabulary.verdicts(rows, {"asked": question}, on=on).get()["asked"]


@pytest.fixture
def apart(monkeypatch):
    """No vocabularies but those a test makes for itself."""
    monkeypatch.setattr(facts, "VOCABULARIES", {})


# --- facts of a row ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "given", "told"),
    [
        ("staff", {"staff": 200}, 200),
        ("staff", {"staff": None}, None),
        ("legal_person", {"legal_person": False}, False),
        ("legal_person", {"legal_person": None}, None),
        ("rd_spend", {"rd_spend": Decimal("48600000")}, Decimal("48600000.00")),
        ("rd_level", {"rd_level": "municipal"}, "municipal"),
        ("rd_level", {"rd_level": ""}, None),
        ("is_high_tech", {"tags": ["high_tech", "gazelle"]}, True),
        ("is_high_tech", {"tags": ["gazelle"]}, None),
        ("is_high_tech", {"tags": ["gazelle"], "confirmed_on": ON}, False),
    ],
    ids=[
        *("a number", "no number yet", "no", "not answered", "money", "a code", "an empty code"),
        *("a tag", "other tags, not confirmed", "other tags, confirmed"),
    ],
)
def test_a_row_fact_reads_the_row(name, given, told, city):
    assert value_of(enterprise, make.enterprise(city.north, **given), name) == told


def test_a_borrowed_fact_reads_the_row_it_points_to(city, people):
    case = make.draft(city, people[Role.HANDLER])
    Enterprise.objects.filter(pk=city.enterprise.pk).update(rd_level="", tags=["gazelle"], staff=70)
    borrowed = [application.facts[f"enterprise_{name}"] for name in ("staff", "rd_level", "is_gazelle", "is_listed")]
    assert [value_of(application, case, f.name) for f in borrowed] == [70, None, True, None]
    assert str(borrowed[0].label) == "单位职工人数"


def test_row_facts_filter_and_group_everybody(city):
    for staff in (110, 120, 130):
        make.enterprise(city.south, staff=staff)
    rows = enterprise.with_row_facts(["staff"], on=ON).filter(Criterion("staff", Lookup.AT_LEAST, 120, "甲").q)
    assert sorted(rows.values_list("staff", flat=True)) == [120, 130, 200]


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        (F("staff"), "F(a__staff)"),
        (Q(staff=None) | Q(staff__gt=F("doctors")), "(OR: ('a__staff', None), ('a__staff__gt', F(a__doctors)))"),
        (Q(~Q(tags=[]), staff=None), "(AND: (NOT (AND: ('a__tags', []))), ('a__staff', None))"),
        (F("staff") + Value(1), "F(a__staff) + Value(1)"),
        (Sum("revenue", filter=Q(staff=1)), "Sum(F(a__revenue), filter=(AND: ('a__staff', 1)))"),
        (Value(3), "Value(3)"),
        ("plain", "plain"),
    ],
    ids=["a column", "a condition", "a negation", "a sum", "an aggregate", "a constant", "no expression"],
)
def test_an_expression_is_asked_of_the_row_at_the_end_of_a_path(expression, told):
    assert str(prefixed(expression, "a__")) == told


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("staff", IntegerField),
        ("legal_person", BooleanField),
        ("confirmed_on", DateField),
        ("revenue", DecimalField),
        ("address", TextField),
        ("organisation__district", IntegerField),
        ("organisation__district__name", TextField),
    ],
)
def test_a_column_has_the_type_of_what_its_path_leads_to(path, kind):
    found = column_of(Enterprise, path)
    assert (type(found), found.null) == (kind, True)


# --- totals ------------------------------------------------------------------------------------


def test_a_total_counts_what_points_to_the_subject(city, people):
    case = make.draft(city, people[Role.HANDLER])
    assert value_of(application, case, "basic") == 2
    assert value_of(application, case, "basic_open") == 2
    assert value_of(application, make.filled(make.city("zweite"), people["nobody"]), "basic_open") == 0


def test_a_total_is_zero_where_there_is_nothing(city, people):
    case = make.draft(city, people[Role.HANDLER])
    Answer.objects.filter(application=case).delete()
    names = ("basic", "basic_open", "returns_unanswered", "district_unjudged", "recommended_short")
    assert [value_of(application, case, name) for name in names] == [0, 0, 0, 0, 0]


@pytest.mark.parametrize(("claimed", "short"), [(True, 0), (False, 1), (None, 1)], ids=["claimed", "denied", "open"])
def test_a_shortfall_counts_what_is_missing_where_no_row_counts(claimed, short, city, people):
    case = make.filled(city, people[Role.HANDLER])
    Answer.objects.filter(application=case, condition__group="recommended").update(claimed=claimed)
    assert value_of(application, case, "recommended_short") == short


@pytest.mark.parametrize(
    ("asked_on", "told"),
    [(ON - timedelta(1), (3, 0, 1)), (ON, (0, 1, 0)), (LATER, (0, 1, 0))],
    ids=["the day before", "the day itself", "a month later"],
)
def test_a_total_counts_what_was_so_on_the_day(asked_on, told, city, people):
    case = make.brought_to("district", city, people)
    make.judge_all(case, people[Role.DISTRICT])
    names = ("district_unjudged", "district_recommended_met", "district_recommended_short")
    assert tuple(value_of(application, case, name, on=asked_on) for name in names) == told


def test_totals_of_two_tables_do_not_multiply_each_other(city, people):
    case = make.brought_to("district", city, people)
    items = [ReturnItem(target=f"field:{n}", label="项", code="R01") for n in ("project", "innovation")]
    case = lifecycle.application.move(case, "return", by=people[Role.DISTRICT], on=ON, items=items)
    row = application.table(Application.objects.filter(pk=case.pk), ["basic", "returns_unanswered"], on=ON).get()
    assert row == {"pk": case.pk, "fact_basic": 2, "fact_returns_unanswered": 2}


def test_a_total_is_the_same_asked_alone_or_beside_others(apart, city, people):
    """A total that counts every row stands in one group with one that doesn't."""
    case = make.draft(city, people[Role.HANDLER])
    own = Vocabulary("own", Application)
    for name, when in (("answers", Q()), ("recommended", Q(condition__group="recommended"))):
        own.total(
            name,
            name,
            source=Answer,
            key="application_id",
            aggregate=lambda q: Count(Value(1), filter=q),
            when=lambda on, when=when: when,
        )
    together = own.table(Application.objects.all(), own.facts, on=ON).get()
    assert together == {"pk": case.pk, "fact_answers": 3, "fact_recommended": 1}
    assert (value_of(own, case, "answers"), value_of(own, case, "recommended")) == (3, 1)


def test_a_total_may_add_up_money(apart, city, people):
    case = make.draft(city, people[Role.HANDLER])
    Application.objects.filter(pk=case.pk).update(project_budget=Decimal("4200000.50"))
    own = Vocabulary("own", Enterprise)
    own.total(
        "budgets",
        "项目经费",
        source=Application,
        key="enterprise_id",
        aggregate=lambda q: Sum("project_budget", filter=q),
        when=lambda on: Q(matter__opened_on__lte=on),
        unit="yuan",
        field=DecimalField(max_digits=14, decimal_places=2),
    )
    assert value_of(own, city.enterprise, "budgets") == Decimal("4200000.50")
    assert value_of(own, city.enterprise, "budgets", on=ON - timedelta(1)) == 0
    assert value_of(own, make.enterprise(city.south), "budgets") == 0


# --- nothing later counts ----------------------------------------------------------------------


def a_world(city, people):
    """Something of every kind that the facts of today speak of, as it stands on ON."""
    case = make.brought_to("district", city, people)
    make.judge_all(case, people[Role.DISTRICT], verdict=False)
    SiteVisit.objects.create(application=case, visited_on=ON, visitors="甲", findings="属实", by=people[Role.DISTRICT])
    case = make.step(case, "recommend", people)
    make.judge_all(case, people[Role.BUREAU_HANDLER])
    item = ReturnItem(target="field:project", label="项目", code="R01")
    lifecycle.application.move(case, "return", by=people[Role.BUREAU_HANDLER], on=ON, items=[item])
    make.station(city, people[Role.BUREAU_APPROVER])
    make.station(city, people[Role.BUREAU_APPROVER], approved_on=ON - timedelta(300))
    make.draft(city, people[Role.HANDLER], kind=city.own)
    make.match(city, people, wanted=make.demand(city, people, deadline=ON), status="signed")
    make.station(city, people[Role.BUREAU_APPROVER], approved_on=date(2025, 6, 10))  # a year old within the month
    ending = make.station(city, people[Role.BUREAU_APPROVER], approved_on=date(2020, 1, 1))
    Station.objects.filter(pk=ending.pk).update(status="cancelled", ended_on=LATER)
    sheet = evaluating.in_status("assessment", "checking", city, people)
    item = ReturnItem(target="item:recruits", label="指标", code="R17")
    evaluation.sheet.move(sheet, "return", by=people[Role.DISTRICT], on=ON, items=[item])
    evaluation.award(sheet.evaluation, sheet, on=ON)
    make.station(city, people[Role.BUREAU_APPROVER], owner=city.enterprise, kind=StationKind.OVERSEAS)
    for tag in Enterprise.Tag.values:
        Certificate.objects.create(enterprise=city.enterprise, tag=tag, number="1", since=ON, until=LATER)
    entry = make.pool_entry("growing", *make.people_of(city, make.enterprise(city.north), people))
    Measure.objects.create(
        entry=entry, text="以后", owner="unit", due_on=LATER, added_on=LATER, added_by=people[Role.DISTRICT]
    )


def all_facts(vocabulary, subjects, *, on=ON):
    """{subject: {fact: value on that day}}; a fact that is itself a date says nothing of days to come."""
    rows = vocabulary.table(vocabulary.model.objects.filter(pk__in=subjects), vocabulary.facts, on=on)
    return {row["pk"]: {name: None if isinstance(v, date) and v > on else v for name, v in row.items()} for row in rows}


def dates_of(model):
    return [f for f in model._meta.concrete_fields if type(f) is DateField and not f.primary_key]


def go_on(row):
    """The same thing once more, a month later, with every yes a no; the present one is over by then."""
    for column in row._meta.concrete_fields:
        if column in dates_of(type(row)):
            setattr(row, column.attname, None if column.null and not getattr(row, column.attname) else LATER)
        elif isinstance(column, BooleanField):
            setattr(row, column.attname, not getattr(row, column.attname))
    row.pk, row._state.adding = None, True
    row.save(force_insert=True)


def add_a_month():
    """A later row beside every dated row that the database lets stand beside another, and what hangs on it.

    Walks the models of the portal, so that a table added tomorrow takes part. Returns the models concerned.
    """
    grown = set()
    ours = ("portal", "stations", "postdocs", "subsidies", "targets")
    models = [m for m in apps.get_models() if m.__module__.split(".")[0] in ours and m._meta.managed]  # no views
    dated = [m for m in models if dates_of(m)]
    for model in dated:
        for row in list(model.objects.order_by("pk")):
            before = row.pk
            try:
                with transaction.atomic():
                    if any(f.name == "until" for f in dates_of(model)):
                        model.objects.filter(pk=before, until=None).update(until=LATER)
                    go_on(row)
            except IntegrityError:
                continue
            grown.add(model)
            for lower in models:
                for link in lower._meta.concrete_fields:
                    if link.many_to_one and link.related_model is model and not dates_of(lower):
                        for hanging in list(lower.objects.filter(**{link.name: before})):
                            try:
                                with transaction.atomic():
                                    setattr(hanging, link.name, row)
                                    go_on(hanging)
                            except IntegrityError:
                                continue
                            grown.add(lower)
    judge_what_is_open()
    return grown


def judge_what_is_open():
    """A verdict on every condition that had none."""
    for answer in Answer.objects.select_related("application__matter", "condition"):
        case = answer.application.matter
        for level in Confirmation.Level.values:
            given = {"matter": case, "topic": answer.condition.code, "level": level}
            if not Confirmation.objects.filter(**given).exists():
                Confirmation.objects.create(**given, verdict=True, by=case.opener, since=LATER)


def test_nothing_dated_after_a_day_changes_a_fact_of_that_day(city, people):
    """Every registered fact of every vocabulary, no list to keep."""
    a_world(city, people)
    subjects = {v: list(v.model.objects.values_list("pk", flat=True)) for v in VOCABULARIES.values()}
    before = {v.name: all_facts(v, pks) for v, pks in subjects.items()}
    assert add_a_month() >= {Event, Spell, Confirmation, ReturnItem}
    for row in Station.objects.filter(status="valid"):
        paper = {"document": "测", "document_on": LATER.isoformat(), "ground": "idle"}
        register_lifecycle.station.move(
            row, "cancel", by=people[Role.BUREAU_APPROVER], on=LATER, note="迁出", details=paper
        )
    make.station(city, people[Role.BUREAU_APPROVER], approved_on=LATER)
    assert {v.name: all_facts(v, pks) for v, pks in subjects.items()} == before


# Facts of what is dated. All others are what a row says of itself now, and are the same on every day.
TAGS = {f"is_{tag}" for tag in Enterprise.Tag.values}  # what certificates say
DATED = {
    "payment": set(),
    **{name: set() for name in ("activity", "occurrence", "report")},
    "quarterly": set(),
    "enterprise": TAGS,
    "pool": {"measures"},
    "application": {"returns_unanswered"}
    | {"site_visits"}
    | {f"enterprise_{tag}" for tag in TAGS}
    | {
        f"{level}_{what}"
        for level in Confirmation.Level.values
        for what in ("unjudged", "unmet", "recommended_met", "recommended_short")
    },
    "demand": {"in_time"},
    "match": set(),
    "cooperation": set(),
    "station": {"years_since_approval", "is_valid", "end_ground"} | {f"enterprise_{tag}" for tag in TAGS},
    "honour": set(),
    "evaluation": set(),
    "assessment": {"returns_unanswered"},
    "standing": set(),
    "registration": set(),
    "stay": set(),
    **{name: set() for name in ("outcome", "request", "doctor", "doctoral", "talent", "selection")},
    **{name: set() for name in ("extension", "change", "visit")},
    "consultation": set(),
    "claim": set(),
}
# Dated too, but no month of the world above changes them: years of recruits and what follows from them, dated rows of
# a station, objections. Their controls, on both sides of each day, are in tests/stations, beside what they are for:
# test_standing_facts.py, test_standing.py, test_portrait.py and test_publicity.py.
ELSEWHERE = {
    "enterprise": {"is_barred"},
    "application": {"enterprise_is_barred"},
    "station": {"enterprise_is_barred", "ever_recruited", "failed_evaluations", "failed_on", "evaluated_on"}
    | {f"idle_{what}{end}" for what in ("since", "day") for end in ("", "_worst", "_best")}
    | {f"years_without_recruits{end}" for end in ("", "_most", "_least")}
    | {"recruits_last_year", "recruits_this_year", "present_last_year"}
    | {"supervisors", "supervisors_told", "partners", "partners_told", "demands_year", "matches", "salary_promise"},
    "standing": {"remedies", "remedies_open"},
    "evaluation": {"objections_open"},
    "quarterly": {"returns_unanswered"},  # tests/targets/test_returns.py
}
OF_STATION = {
    f"station_{name}"
    for name in DATED["station"] | ELSEWHERE["station"]
    if isinstance(VOCABULARIES["station"].facts[name], RowFact)
}
INSURED = {f"insured_{what}" for what in ("first", "now", "months", "6", "12", "24")}
ELSEWHERE |= {  # tests/postdocs: test_facts.py, test_exit.py, test_inside.py, test_destinations.py, test_insurance.py …
    "stay": OF_STATION
    | INSURED
    | {f"{kind}_{what}" for kind in ("proposal", "midterm", "assessment") for what in ("on", "grade", "passed")}
    | {f"{kind}_failures" for kind in ("proposal", "midterm", "assessment")}
    | {f"assessment_{what}" for what in ("chaired", "months", "panel")}
    | {f"months_{what}" for what in ("in", "in_all", "planned", "so_far", "to_exit", "uncertified")}
    | {"age", "doctor_months", "returns_unanswered", "planned_until", "exit_kind", "extensions", "funds_open"}
    | {"days_abroad_over", "days_overdue", "destination", "stayed_at_exit", "stays_in_city", "works_full_time"}
    | {"last_visited_on", "visited_lately", "special_share"},
    "outcome": OF_STATION | {"is_granted", "is_verified", "returns_unanswered"},
    "doctor": INSURED,
    "extension": {"days_left"},
}
OF_MONEY = {  # tests/subsidies/test_facts.py, test_claims.py
    "stay": {"withdrawn", "exited_on", "transferred_on"},
    "station": {"first_postdoc_on", "first_proposal_on", "first_recruit_on", "excellent_on"},
    "doctor": {"months_here"},
    "selection": {"revoked"},
    "claim": {"returns_unanswered", "objections_open"},
}
ELSEWHERE |= {name: ELSEWHERE.get(name, set()) | facts for name, facts in OF_MONEY.items()}


def test_every_dated_fact_has_something_later_that_would_change_it(city, people):
    """The control of the test above, fact by fact: asked of the later day, each of them says something else."""
    a_world(city, people)
    subjects = {v: list(v.model.objects.values_list("pk", flat=True)) for v in VOCABULARIES.values()}
    add_a_month()
    found = {}
    for vocabulary, pks in subjects.items():
        days = [all_facts(vocabulary, pks, on=on) for on in (ON, LATER)]
        found[vocabulary.name] = {
            name.removeprefix("fact_")
            for pk in pks
            for name in days[0][pk]
            if len({str(day[pk][name]) for day in days}) > 1
            and not any(isinstance(day[pk][name], date) for day in days)  # a date is told once it has come
        }
    assert {name: facts - ELSEWHERE.get(name, set()) for name, facts in found.items()} == DATED


def test_a_fact_whose_words_depend_on_the_day_is_among_the_dated():
    """One that nothing in the world above would change stands in no table, and fails here."""
    found = {
        v.name: {f.name for f in v.facts.values() if said_on(v, f, ON) != said_on(v, f, LATER)}
        for v in VOCABULARIES.values()
    }
    assert found == {name: facts | ELSEWHERE.get(name, set()) for name, facts in DATED.items()}


def said_on(vocabulary, fact, day):
    """In the words of the database: two expressions with a subquery are never equal."""
    if isinstance(fact, TotalFact):
        return fact.when(day)
    return str(vocabulary.model.objects.values_list(ExpressionWrapper(fact.at(day), output_field=fact.field)).query)


def test_a_fact_that_forgets_its_day_is_found_out(apart, city, people):
    """The control of the test above: a total that counts every row, whenever it began."""
    a_world(city, people)
    leaky = Vocabulary("leaky", Application)
    leaky.total(
        "verdicts",
        "结论",
        source=Confirmation,
        key="matter_id",
        subject="matter_id",
        aggregate=lambda q: Count(Value(1), filter=q),
        when=lambda on: Q(),
    )
    leaky.total(
        "dated_verdicts",
        "结论",
        source=Confirmation,
        key="matter_id",
        subject="matter_id",
        aggregate=lambda q: Count(Value(1), filter=q),
        when=lambda on: Q(since__lte=on) & (Q(until=None) | Q(until__gt=on)),
    )
    case = Application.objects.exclude(status="draft").get()
    before = all_facts(leaky, [case.pk])[case.pk]
    add_a_month()
    after = all_facts(leaky, [case.pk])[case.pk]
    assert (before["fact_dated_verdicts"], after["fact_dated_verdicts"]) == (6, 6)
    assert (before["fact_verdicts"], after["fact_verdicts"]) == (9, 18)


# --- criteria ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lookup", "value", "staff", "met"),
    [
        ("exact", 200, 200, True),
        ("exact", 200, 201, False),
        ("lt", 200, 199, True),
        ("lt", 200, 200, False),
        ("lte", 200, 200, True),
        ("lte", 200, 201, False),
        ("gt", 200, 201, True),
        ("gt", 200, 200, False),
        ("gte", 200, 200, True),
        ("gte", 200, 199, False),
        ("in", [100, 200], 200, True),
        ("in", [100, 200], 150, False),
        *((lookup, [200] if lookup == "in" else 200, None, None) for lookup in Lookup.values),
    ],
)
def test_a_criterion_is_met_unmet_or_unknown(lookup, value, staff, met, city):
    asked = enterprise.criterion("staff", lookup, value, "甲")
    assert verdict_of(enterprise, make.enterprise(city.north, staff=staff), asked) is met


@pytest.mark.parametrize(
    ("legal_person", "wanted", "met"),
    [(True, True, True), (True, False, False), (False, False, True), (False, True, False), (None, False, None)],
)
def test_a_criterion_on_yes_or_no_has_three_answers(legal_person, wanted, met, city):
    asked = enterprise.criterion("legal_person", "exact", wanted, "甲")
    assert verdict_of(enterprise, make.enterprise(city.north, legal_person=legal_person), asked) is met


COLUMNS = ("doctors", "rd_staff", "senior_staff")
HELD = {True: 5, False: 1, None: None}  # against "at least 3"


@pytest.mark.parametrize("needed", [1, 2, 3])
def test_at_least_n_is_true_false_or_open_as_its_parts_allow(needed, city):
    """The whole truth table of three criteria."""
    asked = AtLeast(needed, tuple(Criterion(name, Lookup.AT_LEAST, 3, "甲") for name in COLUMNS))
    Enterprise.objects.all().delete()
    expected = {}
    for answers in product(HELD, repeat=3):
        values = dict(zip(COLUMNS, (HELD[a] for a in answers), strict=True))
        met, unknown = answers.count(True), answers.count(None)
        outcome = True if met >= needed else False if met + unknown < needed else None
        expected[make.enterprise(city.north, **values).pk] = outcome
    rows = enterprise.verdicts(Enterprise.objects.all(), {"asked": asked}, on=ON)
    assert {row["pk"]: row["asked"] for row in rows} == expected


def test_one_case_a_few_and_everybody_get_the_same_verdict(city, people):
    questions = {
        "open": Criterion("basic_open", Lookup.AT_MOST, 0, "甲"),
        "staff": Criterion("enterprise_staff", Lookup.AT_LEAST, 100, "甲"),
        "two": AtLeast(2, (Criterion("truthful", "exact", True, "甲"), Criterion("basic", "gte", 2, "甲"))),
    }
    make.filled(city, people[Role.HANDLER])
    make.brought_to("approved", city, people, kind=city.own)
    other = make.city("zweite")
    Enterprise.objects.filter(pk=other.enterprise.pk).update(staff=None)
    make.draft(other, people["nobody"])
    everybody = {row["pk"]: row for row in application.verdicts(Application.objects.all(), questions, on=ON)}
    few = sorted(everybody)[:2]
    rows = application.verdicts(Application.objects.filter(pk__in=few), questions, on=ON)
    assert {row["pk"]: row for row in rows} == {pk: everybody[pk] for pk in few}
    for case in Application.objects.all():
        findings = application.findings(case, questions.values(), on=ON)
        assert [f.met for f in findings] == [everybody[case.pk][name] for name in questions]
    assert sorted((r["open"], r["staff"], r["two"]) for r in everybody.values() if r["staff"] is not None) == [
        (True, True, False),
        (True, True, True),
    ]


def test_findings_take_one_query_however_many_questions(city, people, django_assert_num_queries):
    case = make.filled(city, people[Role.HANDLER])
    questions = [
        application.criterion(name, "lte", 0, "甲") for name in ("basic_open", "plan_missing", "recommended_short")
    ]
    with django_assert_num_queries(1):
        application.findings(case, questions, on=ON)
    with django_assert_num_queries(0):
        assert application.findings(case, [], on=ON) == []


# --- words -------------------------------------------------------------------------------------


def said(subject, *criterion, vocabulary=enterprise):
    (finding,) = vocabulary.findings(subject, [vocabulary.criterion(*criterion, "甲一")], on=ON)
    return finding.text


@pytest.mark.parametrize(
    ("given", "criterion", "text"),
    [
        ({"staff": 200}, ("staff", "gte", 300), "职工人数：200 人，应不少于 300 人（甲一）"),
        ({"staff": 200}, ("staff", "in", [100, 300]), "职工人数：200 人，应为其中之一： 100 人、300 人（甲一）"),
        ({"staff": None}, ("staff", "gte", 300), "职工人数：尚不知道，请补充，应不少于 300 人（甲一）"),
        ({"doctors": 2}, ("doctors", "lte", 0), "博士人数：2 人，应为 0 人（甲一）"),
        ({"doctors": 2}, ("doctors", "lte", 1), "博士人数：2 人，应不多于 1 人（甲一）"),
        ({"legal_person": False}, ("legal_person", "exact", True), "独立法人：否，应为 是（甲一）"),
        ({"rd_spend": 48_600_000}, ("rd_spend", "gte", 100_000_000), "上年度研发投入：4860 万元，应不少于 1 亿元（甲一）"),
        ({"rd_level": "none"}, ("rd_level", "in", ["national"]), "研发机构级别：未认定，应为其中之一： 国家级（甲一）"),
    ],
    ids=["people", "one of", "unknown", "none at all", "at most one", "yes or no", "money", "a code"],
)  # fmt: skip
def test_a_sentence_says_what_is_and_what_is_wanted(given, criterion, text, city):
    assert said(make.enterprise(city.north, **given), *criterion) == text


def test_a_sentence_writes_days_as_people_do(city, people):
    row = make.station(city, people[Role.BUREAU_APPROVER])
    text = said(row, "approved_on", "lt", "2026-01-01", vocabulary=station)
    assert text == "批准日期：2026-06-01，应早于 2026-01-01（甲一）"


def test_days_are_earlier_and_later_and_numbers_less_and_more():
    day, number = station.facts["approved_on"], enterprise.facts["staff"]
    assert [facts.compared(day, lookup) for lookup in ("gte", "lte", "exact")] == ["应不早于", "应不晚于", "应为"]
    assert [facts.compared(number, lookup) for lookup in ("gte", "lte", "exact")] == ["应不少于", "应不多于", "应为"]


def test_a_sentence_lists_all_that_would_do(city):
    asked = AtLeast(
        1, (enterprise.criterion("staff", "gte", 300, "甲"), enterprise.criterion("doctors", "gte", 1, "乙"))
    )
    (finding,) = enterprise.findings(make.enterprise(city.north), [asked], on=ON)
    assert (finding.met, finding.text) == (
        None,
        "以下至少符合 1 项：职工人数：200 人，应不少于 300 人（甲）；博士人数：尚不知道，请补充，应不少于 1 人（乙）",
    )


@translation.override("en")
def test_a_sentence_is_said_in_the_readers_language(city):
    row = make.enterprise(city.north, legal_person=False)
    assert said(row, "staff", "gte", 300) == "Employees: 200 persons; must be at least 300 persons (甲一)"
    assert said(row, "legal_person", "exact", True) == "Independent legal person: No; must be Yes (甲一)"
    assert said(row, "staff", "in", [1, 2]) == "Employees: 200 persons; must be one of: 1 person, 2 persons (甲一)"


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "0 元"),
        ("900", "900 元"),
        ("900.50", "900.5 元"),
        ("9999", "9999 元"),
        ("10000", "1 万元"),
        ("120000", "12 万元"),
        ("120001", "12.0001 万元"),
        ("120000.50", "120000.5 元"),
        ("532000000", "5.32 亿元"),
        ("500000000", "5 亿元"),
        ("500000001", "50000.0001 万元"),
        ("-30000", "-3 万元"),
    ],
)
def test_yuan_are_said_as_people_say_them_and_exactly(amount, text):
    assert yuan(Decimal(amount)) == text


# --- what can't be asked -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fact", "lookup", "value", "told"),
    [
        ("size", "gte", 1, "“enterprise”没有名为 size 的事实；可用：doctors、is_barred、is_chain_leader、"),
        (["staff"], "gte", 1, "“enterprise”没有名为 ['staff'] 的事实；可用："),
        ("staff", "ne", 1, "比较方式 ne 不认识；可用：exact、lt、lte、gt、gte、in"),
        ("staff", "in", [], "staff in 需要一个非空列表"),
        ("staff", "in", 3, "staff in 需要一个非空列表"),
        ("staff", "gte", "many", "staff 的取值 'many' 不对：应为 IntegerField"),
        ("staff", "gte", 3.5, "staff 的取值 3.5 不对：应为 IntegerField"),
        ("staff", "gte", True, "staff 的取值 True 不对：应为 IntegerField"),
        ("staff", "gte", [3], "staff 的取值 [3] 不对：应为 IntegerField"),
        ("staff", "gte", None, "staff 缺少取值"),
        ("staff", "in", [3, None], "staff 缺少取值"),
        ("legal_person", "exact", "perhaps", "legal_person 的取值 'perhaps' 不对：应为 BooleanField"),
        ("legal_person", "exact", 1, "legal_person 的取值 1 不对：应为 BooleanField"),
        ("rd_spend", "gte", "much", "rd_spend 的取值 'much' 不对：应为 DecimalField"),
        ("rd_level", "exact", "world", "rd_level 的取值 'world' 不在代码表内：national、provincial、municipal、none"),
        ("rd_level", "in", ["national", "world"], "rd_level 的取值 ['national', 'world'] 不在代码表内"),
    ],
)
def test_a_wrong_criterion_says_what_is_wrong(fact, lookup, value, told):
    with pytest.raises(WrongCriterion) as refused:
        enterprise.criterion(fact, lookup, value, "甲")
    assert str(refused.value)[: len(told)] == told


@pytest.mark.parametrize(
    ("vocabulary", "fact", "value", "kept"),
    [
        (enterprise, "staff", "12", 12),
        (enterprise, "rd_spend", 1_000_000, Decimal(1_000_000)),
        (enterprise, "legal_person", True, True),
        (station, "approved_on", "2026-01-02", date(2026, 1, 2)),
        (station, "approved_on", date(2026, 1, 2), date(2026, 1, 2)),
        (station, "kind", "national", "national"),
    ],
)
def test_a_criterion_brings_its_value_to_the_type_of_the_fact(vocabulary, fact, value, kept):
    found = vocabulary.criterion(fact, "exact", value, "甲")
    assert (found.value, type(found.value)) == (kept, type(kept))


def test_a_list_of_values_is_kept_as_a_tuple():
    assert enterprise.criterion("staff", "in", ["1", 2], "甲").value == (1, 2)


# --- names -------------------------------------------------------------------------------------


def test_a_name_is_given_once(apart):
    own = Vocabulary("own", Enterprise)
    with pytest.raises(ValueError, match="vocabulary 'own' is already defined"):
        Vocabulary("own", Organisation)
    own.column("staff", "人数")
    with pytest.raises(ValueError, match="fact 'staff' is already defined"):
        own.column("staff", "人数", path="doctors")
    with pytest.raises(ValueError, match="fact 'staff' is already defined"):

        @own.fact("人数", IntegerField())
        def staff(on):
            return F("staff")


def test_only_row_facts_are_borrowed_under_the_name_of_the_path(apart):
    lender, own = Vocabulary("lender", Enterprise), Vocabulary("own", Application)
    lender.column("staff", "人数", unit="人")
    lender.total("cases", "申报", source=Application, key="enterprise_id", aggregate=Count, when=lambda on: Q())
    own.borrow("enterprise", lender, "单位")
    assert {name: (str(f.label), f.unit) for name, f in own.facts.items()} == {"enterprise_staff": ("单位人数", "人")}


def test_every_fact_of_every_vocabulary_can_be_asked(city, people):
    """A fact whose name or path is wrong breaks here, before a pack names it."""
    a_world(city, people)
    for vocabulary in VOCABULARIES.values():
        rows = vocabulary.table(vocabulary.model.objects.all(), vocabulary.facts, on=ON)
        assert rows.count() == vocabulary.model.objects.count()
        for fact in vocabulary.facts.values():
            assert str(fact.label)
    assert Matter.objects.exists()
