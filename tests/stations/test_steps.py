"""Every lifecycle as a whole, said here once more: each status × action × role; each step's page; two at once.

A status lists its steps with the roles that take them; whatever is not listed is refused and leaves everything as it
was. A lifecycle without a table here fails, and so does a status.
"""

from datetime import date

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from portal.lifecycle import LIFECYCLES, Refused
from portal.models import Event, Matter, Role, Spell
from stations.models import Application, Consultation, Demand, Match, PoolEntry, Registration, Station, StationStatus
from tests import make
from tests.postdocs import staying
from tests.stations import evaluating, standing_cases
from tests.threads import at_once

HANDLER, CERTIFIER, DISTRICT = {Role.HANDLER}, {Role.CERTIFIER}, {Role.DISTRICT}
UNIT = HANDLER | CERTIFIER
MAKERS = {Role.BUREAU_HANDLER, Role.BUREAU_REVIEWER}
APPROVER = {Role.BUREAU_APPROVER}
BROKERS = HANDLER | DISTRICT | MAKERS | APPROVER

STEPS = {
    "application": {
        "draft": {"to_certify": HANDLER, "withdraw": UNIT},
        "certifying": {"submit": CERTIFIER, "decline": CERTIFIER, "withdraw": UNIT},
        "district": {"recommend": DISTRICT, "return": DISTRICT, "refuse": DISTRICT, "withdraw": UNIT},
        "returned": {"to_certify": HANDLER, "withdraw": UNIT},
        "bureau": {"pass": MAKERS, "return": MAKERS, "to_district": MAKERS, "refuse": MAKERS, "withdraw": UNIT},
        "passed": {"send_up": APPROVER, "recognise": APPROVER, "reconsider": APPROVER, "withdraw": UNIT},
        "sent": {"forward": MAKERS, "approve": MAKERS, "reject": MAKERS},
        "approved": {},
        "refused": {},
        "rejected": {},
        "withdrawn": {},
    },
    "station": {
        "valid": {"pause": MAKERS | APPROVER, "upgrade": MAKERS | APPROVER, "cancel": APPROVER},
        "paused": {"resume": MAKERS | APPROVER, "upgrade": MAKERS | APPROVER, "cancel": APPROVER},
        "upgraded": {},
        "cancelled": {},
    },
    "pool": {
        "new": {"apply": HANDLER, "propose": DISTRICT, "select": MAKERS},
        "district": {
            "support": DISTRICT,
            "decline": DISTRICT,
            "send_back": DISTRICT,
            "leave": MAKERS,
            "withdraw": UNIT,
            "retract": DISTRICT,
        },
        "returned": {"resubmit": HANDLER, "leave": MAKERS, "withdraw": UNIT},
        "bureau": {
            **{"admit": MAKERS, "send_back": MAKERS, "to_district": MAKERS, "leave": MAKERS},
            **{"withdraw": UNIT, "retract": DISTRICT},
        },
        "admitted": {
            **{"begin": DISTRICT, "grade": DISTRICT | MAKERS, "leave": MAKERS, "review": DISTRICT},
            **{"applied": UNIT, "established": MAKERS | APPROVER},
        },
        "growing": {
            **{"grade": DISTRICT | MAKERS, "leave": MAKERS, "review": DISTRICT},
            **{"applied": UNIT, "established": MAKERS | APPROVER},
        },
        "applied": {
            "resume": UNIT | DISTRICT | MAKERS | APPROVER,
            "await_plan": UNIT | DISTRICT | MAKERS | APPROVER,
            "established": MAKERS | APPROVER,
            "leave": MAKERS,
        },
        "established": {},
        "left": {},
        "withdrawn": {},
    },
    "demand": {
        "draft": {"submit": HANDLER, "take_down": HANDLER},
        "review": {"publish": DISTRICT, "send_back": DISTRICT, "take_down": HANDLER},
        "published": {"talk": BROKERS, "take_down": BROKERS},  # the day alone makes it expire
        "talking": {"sign": BROKERS, "resume": BROKERS, "take_down": BROKERS},
        "signed": {"talk": BROKERS, "resume": BROKERS, "enter": BROKERS, "take_down": BROKERS},
        "entered": {},
        "down": {},
        "expired": {},
    },
    "match": {
        "proposed": {"talk": BROKERS, "end": BROKERS},  # and it lapses with its demand
        "talking": {"sign": BROKERS, "end": BROKERS},
        "signed": {"enter": BROKERS, "end": BROKERS},
        "entered": {},
        "ended": {},
    },
}
BY_PAGE = {"draft": {"submit": HANDLER, "withdraw": UNIT}, "returned": {"submit": HANDLER, "withdraw": UNIT}}
OPEN = {"exempt": MAKERS}
STEPS["evaluation"] = {
    "preparing": {"start": MAKERS, "drop": MAKERS},
    "reporting": {"end_reports": MAKERS},
    "checking": {"begin_review": MAKERS},
    "review": {"publicise": MAKERS},
    "publicity": {"publish": APPROVER, "reopen": APPROVER},
    "published": {},
    "dropped": {},
}
STEPS["assessment"] = {
    "reporting": {"to_certify": HANDLER, "take_over": MAKERS, **OPEN},
    "certifying": {"submit": CERTIFIER, "decline": CERTIFIER, "take_over": MAKERS, **OPEN},
    "checking": {"check": DISTRICT, "return": DISTRICT, **OPEN},
    "returned": {"to_certify": HANDLER, "take_over": MAKERS, **OPEN},
    "review": {"score": MAKERS, "return": MAKERS, "to_district": MAKERS, **OPEN},
    "scored": {"rescore": MAKERS, "grade": APPROVER},
    "graded": {},
    "exempt": {},
}
STEPS["standing"] = {
    "new": {"warn": MAKERS, "rectify": APPROVER, "rectify_by_paper": APPROVER},
    "warned": {
        **{"rectify": APPROVER, "rectify_by_paper": APPROVER, "lift": MAKERS},
        **{"propose": MAKERS | APPROVER, "dismiss": MAKERS | APPROVER},
    },
    "rectifying": {"report": HANDLER, "pass": APPROVER, "propose": MAKERS | APPROVER, "dismiss": APPROVER},
    "again": {"pass": APPROVER, "go_on": APPROVER, "propose": MAKERS | APPROVER, "dismiss": APPROVER},
    "proposed": {"remove": APPROVER, "go_on": APPROVER, "dismiss": APPROVER},
    "removed": {"hand_back": MAKERS | DISTRICT},
    "handed": {},
    "lifted": {},
    "dismissed": {},
}
STEPS["consultation"] = {  # of an enterprise, its district's to carry out
    "raised": {"assign": MAKERS, "drop": MAKERS, "withdraw": HANDLER},
    "assigned": {"reassign": MAKERS, "conclude": MAKERS | APPROVER},
    "concluded": {"postpone": MAKERS, "close": MAKERS | APPROVER, "carry_out": DISTRICT},
    "closed": {"reopen": BROKERS},
    "dropped": {},
    "withdrawn": {},
}
STEPS["registration"] = {
    "asked": {"confirm": DISTRICT | MAKERS, "refuse": DISTRICT | MAKERS},
    "confirmed": {},
    "refused": {},
}
STEPS["stay"] = {
    "draft": {"submit": HANDLER, "drop": HANDLER},
    "district": {"accept": DISTRICT, "return": DISTRICT, "drop": HANDLER},
    "filing": {"file": DISTRICT | MAKERS, "drop": HANDLER | DISTRICT | MAKERS},
    "here": {"leave": HANDLER, "ask_withdrawal": HANDLER, "wish_withdrawal": {Role.POSTDOC}},
    "exiting": {"hand_in": HANDLER, "stay": HANDLER, "ask_withdrawal": HANDLER, "wish_withdrawal": {Role.POSTDOC}},
    "checking": {"agree": DISTRICT, "return": DISTRICT},
    "issuing": {"issue": DISTRICT | MAKERS, "transfer": DISTRICT | MAKERS},
    "left": {"settle": HANDLER | {Role.POSTDOC}},
    "settled": {},
    "wishing": {"take_back": {Role.POSTDOC}, "confirm_withdrawal": HANDLER, "talked": HANDLER},
    "withdrawing": {"keep": MAKERS, "withdraw": MAKERS},
    "withdrawn": {},
    "dropped": {},
}
ELSEWHERE = {  # whose whole tables, and two at once, are in tests/postdocs, tests/subsidies and tests/targets
    "outcome": "test_outcomes.py",
    "request": "test_services.py",
    "extension": "test_inside.py",
    "change": "test_inside.py",
    "claim": "test_lifecycle.py",
    "payment": "test_payments.py",
    "quarterly": "test_returns.py",
    "activity": "test_activities.py",
    "duty": "test_duties.py",
    "report": "test_reports.py",
}
OF_A_ROUTE = {("application", "send_up"): "upward", ("application", "recognise"): "recognise"}
OF_A_ROUTE |= {("pool", "apply"): "unit", ("pool", "send_back"): "unit"}
OF_A_ROUTE |= {("pool", "propose"): "district", ("pool", "retract"): "district"}
OF_A_ROUTE |= {("pool", "select"): "bureau", ("pool", "decline"): "bureau"}
OF_A_ROUTE |= {("standing", "rectify"): "upward", ("standing", "rectify_by_paper"): "assumed"}
CELLS = [(kind, status, "unit" if kind == "pool" else "upward") for kind, table in STEPS.items() for status in table]
CELLS += [("pool", status, route) for status in ("new", "district", "bureau") for route in ("district", "bureau")]
CELLS += [("standing", status, "assumed") for status in ("new", "warned")]
CELLS += [("application", "passed", "recognise")]  # where the two routes part
PAPER = {"document": "测〔2026〕9号", "document_on": "2026-06-02", "people": "1", "ground": "idle"}
PAPER |= {"entered_on": "2026-05-20", "committee_number": "1", "ended_on": "2026-06-01", "certificate_number": "1"}
PAPER |= {"withdrawal_ground": "11", "heard_on": "2026-06-01"}
PAPER |= {"until": "2027-06-01", "returned_on": "2026-06-02", "proof": "phone"}


def test_every_lifecycle_has_its_table_and_every_status_its_line():
    found = {kind: set(table) for kind, table in STEPS.items()}
    assert found == {k: set(c.stages) for k, c in LIFECYCLES.items() if k not in ELSEWHERE}


def subject_of(kind, status, city, who, *, route="upward"):
    """A row in this status from which every step of it could be taken; what is not handed in is its owner's alone."""
    if kind == "station":
        row = make.station(city, who[Role.BUREAU_APPROVER])
        ended = (
            {}
            if status in (StationStatus.VALID, StationStatus.PAUSED)
            else {"ended_on": date(2026, 6, 2), "end_document": "测"}
        )
        Station.objects.filter(pk=row.pk).update(status=status, **ended)
        return Station.objects.get(pk=row.pk)
    if kind == "pool":
        return entry_of(status, city, who, route if route in ("district", "bureau") else "unit")
    if kind == "demand":
        row = make.demand(city, who)
        Demand.objects.filter(pk=row.pk).update(status=status)
        return Demand.objects.get(pk=row.pk)
    if kind == "match":
        row = make.match(city, who)
        dates = {"signed_on": make.ON} if status in ("signed", "entered") else {}
        dates |= {"entered_on": make.ON, "people": 1} if status == "entered" else {}
        Match.objects.filter(pk=row.pk).update(status=status, **dates)
        return Match.objects.get(pk=row.pk)
    if kind == "standing":
        return standing_cases.in_status(status, city, who, assumed=route == "assumed")
    if kind == "consultation":
        reached = status if status in ("assigned", "concluded", "closed") else "raised"
        row = make.talk(city, who, status=reached)
        sees_to_it = {} if reached == "raised" else {"owner_side": "district"}
        Consultation.objects.filter(pk=row.pk).update(status=status, **sees_to_it)
        return Consultation.objects.get(pk=row.pk)
    if kind == "registration":
        row = make.registration(city)
        Registration.objects.filter(pk=row.pk).update(status=status, proof="phone" if status == "confirmed" else "")
        return Registration.objects.get(pk=row.pk)
    if kind == "stay":
        return staying.in_status(status, city, who)
    if kind in ("evaluation", "assessment"):
        return evaluating.in_status(kind, status, city, who)
    row = make.brought_to("passed", city, who, kind=city.upward if route == "upward" else city.own)
    Application.objects.filter(pk=row.pk).update(status=status)
    if status in ("draft", "certifying"):
        Matter.objects.filter(pk=row.matter_id).update(filed_on=None)
    return Application.objects.get(pk=row.pk)


def entry_of(status, city, who, source):
    """An entry of the reserve pool in this status, with what its columns must say there."""
    row = make.pool_entry("admitted", city, who, source=source)
    values = {"status": status}
    if status not in ("admitted", "growing", "applied", "established", "left"):
        values |= {"entered_on": None, "tier": ""}
    if status in ("established", "left", "withdrawn"):
        values["ended_on"] = date(2026, 6, 2)
    if status == "applied":
        values["application"] = make.filled(city, who[Role.HANDLER])
    PoolEntry.objects.filter(pk=row.pk).update(left_because="moved" if status == "left" else "", **values)
    return PoolEntry.objects.get(pk=row.pk)


def steps_of(kind, status, route) -> dict:
    if (kind, status, route) == ("standing", "warned", "assumed"):  # a borrowed rule alone removes nobody
        return {a: r for a, r in STEPS[kind][status].items() if a not in ("propose", "rectify")}
    return {
        action: roles for action, roles in STEPS[kind][status].items() if OF_A_ROUTE.get((kind, action), route) == route
    }


@pytest.mark.parametrize(("kind", "status", "route"), CELLS)
def test_a_role_takes_the_steps_of_the_table_and_no_other(kind, status, route, city, people):
    """The buttons of each role are those of the table; pressing any other is refused and changes nothing."""
    cycle, row = LIFECYCLES[kind], subject_of(kind, status, city, people, route=route)
    steps = steps_of(kind, status, route)
    people = {role: people[role] for role in Role}
    found = {role: {step.action for step in cycle.possible(row, user)} for role, user in people.items()}
    assert found == {role: {action for action, roles in steps.items() if role in roles} for role in Role}

    before = Event.objects.count()
    for role, user in people.items():
        for action in set(cycle.actions) - found[role]:
            with pytest.raises(Refused):
                cycle.move(row, action, by=user, on=date(2026, 6, 3), note="理由", details=PAPER)
    assert Event.objects.count() == before
    row.refresh_from_db()
    assert row.status == status


@pytest.mark.parametrize("status", sorted(BY_PAGE))
def test_where_a_page_with_the_seal_vouches_the_handler_submits(status, city, people):
    row = subject_of("application", status, city, people)
    Application.objects.filter(pk=row.pk).update(signing="page")
    row.refresh_from_db()
    cycle = LIFECYCLES["application"]
    found = {role: {step.action for step in cycle.possible(row, people[role])} for role in Role}
    assert found == {role: {action for action, roles in BY_PAGE[status].items() if role in roles} for role in Role}
    for role in Role:
        with pytest.raises(Refused):
            cycle.move(row, "to_certify", by=people[role], on=date(2026, 6, 3))


# --- the pages of the steps --------------------------------------------------------------------

SEEING = (*UNIT, *DISTRICT, *MAKERS, *APPROVER, Role.AUDITOR)
FOREIGN = ("other_unit", "other_district")


def asked(client, case, action) -> tuple[int, int, bool]:
    """What the page of a step answers, opened and sent, and whether that moved the case; then all is taken back."""
    url = reverse("stations:application_move", args=[case.matter.number, action])
    typed = {f"{action}-{name}": value for name, value in {"note": "理由", **PAPER}.items()}
    events = Event.objects.filter(matter=case.matter)
    before = events.count()
    opened = client.get(url).status_code
    assert events.count() == before
    with transaction.atomic():
        sent = client.post(url, typed).status_code
        moved = events.count() > before
        transaction.set_rollback(True)
    return opened, sent, moved


@pytest.mark.parametrize(
    ("status", "route"), [(status, route) for kind, status, route in CELLS if kind == "application"]
)
def test_the_page_of_a_step_opens_for_whoever_takes_it(status, route, city, people):
    """A foreign case is not there; a step of another status leads back to the case; a step of others is refused."""
    case = subject_of("application", status, city, people, route=route)
    hidden = status in ("draft", "certifying")  # from officials
    steps = STEPS["application"][status]
    first = [*steps, "nothing"][:1]
    tries = [(person, action) for person in SEEING for action in steps]
    tries += [(person, action) for person in FOREIGN for action in first] + [(Role.HANDLER, "nothing")]
    found, due = {}, {}
    for person, action in tries:
        client = Client()
        client.force_login(people[person], "portal.accounts.Backend")
        found[person, action] = asked(client, case, action)
        may = person in steps.get(action, ())
        if person in FOREIGN or (hidden and person not in UNIT):
            due[person, action] = (404, 404, False)
        elif action in ("nothing", "return") or OF_A_ROUTE.get(("application", action), route) != route:
            # there is no such step; a return has a page of its own
            due[person, action] = (302, 302, False)
        else:
            due[person, action] = (200, 302, True) if may else (403, 403, False)
    assert found == due


# --- at once -----------------------------------------------------------------------------------

PRESSED = {
    "application": ("bureau", "pass", Role.BUREAU_HANDLER),
    "station": ("valid", "cancel", Role.BUREAU_APPROVER),
    "demand": ("review", "publish", Role.DISTRICT),
    "match": ("proposed", "end", Role.BUREAU_HANDLER),
    "pool": ("bureau", "to_district", Role.BUREAU_HANDLER),
    "evaluation": ("preparing", "start", Role.BUREAU_HANDLER),
    "assessment": ("checking", "check", Role.DISTRICT),
    "standing": ("warned", "dismiss", Role.BUREAU_HANDLER),
    "consultation": ("raised", "drop", Role.BUREAU_HANDLER),
    "registration": ("asked", "confirm", Role.BUREAU_HANDLER),
    "stay": ("district", "accept", Role.DISTRICT),
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", sorted(set(LIFECYCLES) - set(ELSEWHERE)))
def test_two_who_press_at_once_make_one_event_and_one_refusal(kind):
    status, action, role = PRESSED[kind]
    city = make.city()
    row = subject_of(kind, status, city, make.people(city))
    rivals = [make.user(role, district=city.root) for _n in range(2)]
    events = Event.objects.filter(matter=row.matter, action=action)
    before = events.count()

    def press(by):
        return LIFECYCLES[kind].move(row, action, by=by, on=date(2026, 6, 3), note="理由", details=PAPER)

    outcomes = at_once(*(lambda by=by: press(by) for by in rivals))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == sorted([type(row).__name__, "Refused"])
    assert events.count() == before + 1
    assert Spell.objects.filter(matter=row.matter, until=None).count() == 1
