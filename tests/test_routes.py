"""Every address × every role × whose row: what must come back, said here once more and apart from the code.

Three tables say it. ROUTES, one part per topic in tests/routes/, names each address with the kind of row it shows and,
per method, who is let in and what they get for a row they may see; everybody else gets 403, anonymous people the login.
SEES says whose rows each person may see, by the letters of `make.World`; any other row must look exactly like one that
doesn't exist. An address without a line here fails, and so does a line without an address.
"""

import copy
import hashlib
import io
import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django.utils.timezone import localdate, now
from python_calamine import CalamineWorkbook

from portal.models import (
    Appointment,
    Batch,
    Document,
    Evidence,
    File,
    Invitation,
    Job,
    Matter,
    Notice,
    ReturnItem,
    Role,
    SavedView,
    Setting,
    Watch,
)
from portal.views import errors
from stations.models import Enterprise, IndustryChain
from tests import make
from tests.postdocs import rostering
from tests.routes import TABLES
from tests.routes.terms import DISTRICTS, PEOPLE, SEES, SIGNED_IN, UNIT
from tests.targets import working

ROUTES = {name: route for table in TABLES for name, route in table.items()}
PUBLIC = {name for name, route in ROUTES.items() if "anonymous" in route.get}
BY_PROGRAM = {name for name in ROUTES if name.startswith("api_")}


def address_of(line: str) -> str:
    """The name of the address a line of ROUTES speaks of."""
    return line.partition(" ")[0]


def walked(resolver=None, space="") -> list:
    """Every address the portal answers: its name and its view."""
    found = []
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            found += walked(entry, f"{space}{entry.namespace}:" if entry.namespace else space)
        else:
            found.append((f"{space}{entry.name}", entry.callback))
    return found


def test_every_address_has_its_line_and_every_line_an_address():
    """A name is given once: of two addresses with one name, `reverse` would find, and we would try, only the last."""
    assert sorted(name for name, _view in walked()) == sorted({address_of(line) for line in ROUTES})


def test_no_address_has_a_line_in_two_tables():
    assert len(ROUTES) == sum(map(len, TABLES))


def test_every_role_is_asked():
    assert set(Role.values) <= set(PEOPLE)


def test_only_listed_addresses_are_open_to_everybody():
    assert len(PUBLIC) == 26
    open_by_code = {name for name, view in walked() if not getattr(view, "login_required", True)}
    assert open_by_code - BY_PROGRAM == PUBLIC  # those by program refuse with a status of their own


def test_only_the_api_is_free_of_csrf_tokens():
    exempt = {name for name, view in walked() if getattr(view, "csrf_exempt", False)}
    assert exempt == BY_PROGRAM | {"schema"}  # signed in by session, the API asks for one itself


# --- the world ---------------------------------------------------------------------------------

NOTHING = SimpleNamespace(
    number="TE-SZ-2026-9999",
    station="TE-WS-2026-9999",
    code=make.credit_code(9_999_999),
    file="00000000-0000-4000-8000-000000000000",
    evidence=10**9,
    item=10**9,
    entry="TE-CB-2026-9999",
    measure=10**9,
    setting="ZZ",
    chain="nothing",
    plan="none",
    demand="TE-XQ-2026-9999",
    match="TE-DJ-2026-9999",
    university=10**9,
    flow=10**9,
    other_name=10**9,
    pairing=10**9,
    round="TE-PG-2026-9999",
    sheet="TE-PB-2026-9999",
    paper=10**9,
    standing="TE-DT-2026-9999",
    remedy=10**9,
    recruits=10**9,
    talk="TE-HS-2026-9999",
    stay="TE-BH-2026-9999",
    stay_file=10**9,
    milestone=10**9,
    asked="TE-BG-2026-9999",
    grant=10**9,
    person="00000000-0000-4000-8000-000000000000",
    registration="TE-ZC-2026-9999",
    outcome="TE-CG-2026-9999",
    claim="TE-ZJ-2026-9999",
    claim_paper=10**9,
    line=10**9,
    budget=10**9,
    payment="TE-BF-2026-9999",
    station_pk=10**9,
    proof=10**9,
    visit=10**9,
    request="TE-FW-2026-9999",
    service="nothing",
    document=10**9,
    identity=10**9,
    doctor=10**9,
    talent=10**9,
    selection=10**9,
    unit=10**9,
    returned="TE-JB-2026-9999",
    quarter=10**9,
    **working.none(),
    report="TE-BS-2026-9999",
)


def row_of(letter, world) -> SimpleNamespace:
    """What addresses name of one row."""
    case = world.cases[letter]
    item = ReturnItem.objects.filter(event__matter=case.matter).first()
    station = world.stations.get(letter)
    entry = world.entries.get(letter)
    cited = Evidence.objects.filter(matter=case.matter).latest("pk")
    demand, match = world.demands.get(letter), world.matches.get(letter)
    pairing = world.pairings.get(letter)
    sheet, standing = world.sheets.get(letter), world.standings.get(letter)
    stay, outcome = world.stays.get(letter), world.outcomes.get(letter)
    return SimpleNamespace(
        number=case.matter.number,
        code=case.enterprise.organisation.code,
        file=cited.file_id,
        evidence=cited.pk,
        item=item.pk if item else NOTHING.item,
        station=station.matter.number if station else NOTHING.station,
        entry=entry.matter.number if entry else NOTHING.entry,
        measure=entry.measures.get().pk if entry else NOTHING.measure,
        plan=world.plans[letter].code if letter in world.plans else NOTHING.plan,
        setting={"A": "A2", "C": "B2"}.get(letter),
        chain={"A": "robotics", "C": "aviation"}.get(letter),
        demand=demand.matter.number if demand else NOTHING.demand,
        match=match.matter.number if match else NOTHING.match,
        university=pairing.university_id if pairing else NOTHING.university,
        flow=pairing.university.flows.get().pk if pairing else NOTHING.flow,
        other_name=pairing.university.other_names.get().pk if pairing else NOTHING.other_name,
        pairing=pairing.pk if pairing else NOTHING.pairing,
        round=world.rounds[letter].matter.number if letter in world.rounds else NOTHING.round,
        sheet=sheet.matter.number if sheet else NOTHING.sheet,
        paper=sheet.matter.evidence.get().pk if sheet else NOTHING.paper,
        standing=standing.matter.number if standing else NOTHING.standing,
        remedy=standing.remedies.get().pk if standing else NOTHING.remedy,
        recruits=station.recruits.get().pk if station else NOTHING.recruits,
        talk=world.talks[letter].matter.number if letter in world.talks else NOTHING.talk,
        stay=stay.matter.number if stay else NOTHING.stay,
        stay_file=stay.matter.evidence.get().pk if stay else NOTHING.stay_file,
        milestone=stay.milestones.get().pk if stay else NOTHING.milestone,
        asked=stay.changes.get().matter.number if stay else NOTHING.asked,
        grant=stay.grants.get().pk if stay else NOTHING.grant,
        person=stay.person_id if stay else NOTHING.person,
        registration=world.registrations[letter].matter.number
        if letter in world.registrations
        else NOTHING.registration,
        claim=claim.matter.number if (claim := world.claims.get(letter)) else NOTHING.claim,
        claim_paper=claim.matter.evidence.get().pk if claim else NOTHING.claim_paper,
        station_pk=station.pk if station else NOTHING.station_pk,
        line=money.line.pk if (money := world.money.get(letter)) else NOTHING.line,
        budget=money.budget.pk if money else NOTHING.budget,
        payment=money.batch.matter.number if money else NOTHING.payment,
        outcome=outcome.matter.number if outcome else NOTHING.outcome,
        proof=outcome.matter.evidence.get().pk if outcome else NOTHING.proof,
        visit=served[0].pk if (served := world.served.get(letter)) else NOTHING.visit,
        request=served[1].matter.number if served else NOTHING.request,
        document=Document.objects.get(pack=world.cases[letter].type.pack, code="paper").pk,
        service=served[1].service.code if served else NOTHING.service,
        identity=stay.person.papers.get().pk if stay else NOTHING.identity,
        returned=filed.matter.number if (filed := world.returns.get(letter)) else NOTHING.returned,
        quarter=filed.quarter_id if filed else NOTHING.quarter,
        **working.keys(letter, world),
        report=world.reports[letter].matter.number if letter in world.reports else NOTHING.report,
        **(rostering.keys(stay.matter.organisation_id) if stay else rostering.none(NOTHING)),
    )


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        world = make.world()
        elsewhere = world.cases["C"].type.pack
        IndustryChain.objects.filter(pack=elsewhere).update(code="aviation")
        Setting.objects.filter(pack=elsewhere, code="A2").update(code="B2")
        rows = {letter: row_of(letter, world) for letter in world.cases} | {"-": NOTHING}
        people = {str(name): user for name, user in world.who.items()}
        people = {name: people[name] for name in SIGNED_IN}
        Notice.objects.all().delete()
        personal = {name: own_rows(user) for name, user in people.items()}
        yield SimpleNamespace(world=world, rows=rows, people=people, personal=personal)
        transaction.set_rollback(True)


def own_rows(user):
    notice = Notice.objects.create(user=user, text="x")
    batch = Batch.objects.create(
        kind="stations", name="x.xlsx", content="imports/none", by=user, state="ready",
        counts={"new": 1, "changed": 0, "same": 0, "wrong": 0, "double": 0},
        head={"row": 1, "rows": 1, "names": [], "labels": [], "unused": [], "sheet": "x", "others": []},
    )  # fmt: skip
    job = Job.objects.create(kind="recompute", asked_by=user)
    view = SavedView.objects.create(user=user, path="/jobs/", query="x=1", name="x")
    return SimpleNamespace(notice=notice.pk, job=job.pk, batch=batch.pk, view=view.pk)


@pytest.fixture
def stage(built, db):
    """The world, built once; what a test does to it is taken back after the test."""
    return built


@pytest.fixture
def as_a(stage):
    """A browser in which this person is signed in; the cache and the connection are the test's."""

    def sign_in(name):
        client = Client(raise_request_exception=True)
        if name != "anonymous":
            user = type(stage.people[name]).objects.get(pk=stage.people[name].pk)
            client.force_login(user, "portal.accounts.Backend")
            client.get(reverse("session"))  # notes in the session that its owner was seen, once and not at each request
        return client

    return sign_in


# --- asking ------------------------------------------------------------------------------------

WATCHED = (
    *("portal_matter", "portal_event", "portal_spell", "portal_revision", "portal_returnitem", "portal_confirmation"),
    *("portal_evidence", "portal_file", "portal_organisation", "portal_appointment", "portal_invitation"),
    *("portal_setting", "portal_amendment", "portal_watch", "portal_notice", "portal_job", "portal_user"),
    *("portal_batch", "portal_document", "portal_savedview", "targets_target", "targets_reading"),
    *("stations_enterprise", "stations_certificate", "stations_enterpriseevent", "stations_industrychain"),
    *("stations_application", "stations_answer", "stations_sitevisit"),
    *("stations_station", "stations_stationname", "stations_supervisor", "stations_plate"),
    *("stations_poolentry", "stations_poolground", "stations_measure"),
    *("stations_demand", "stations_match", "stations_contact", "stations_pairing"),
    *("stations_university", "stations_flowstation", "stations_universityname"),
    *("stations_evaluation", "stations_sheet", "stations_line", "stations_honour"),
    *("stations_recruits", "stations_standingcase", "stations_remedy"),
    *("targets_target", "targets_reading"),
    *("stations_demand", "stations_match", "stations_contact", "stations_university", "stations_flowstation"),
    *("stations_pairing", "targets_target", "targets_reading"),
    *("postdocs_person", "postdocs_identitypaper", "postdocs_stay", "postdocs_milestone"),
    *("postdocs_outcome", "postdocs_owner"),
    *("postdocs_visit", "postdocs_servicerequest"),
    *("postdocs_destination", "postdocs_followup", "postdocs_difference"),
    *("postdocs_careerrow", "postdocs_disclosure", "postdocs_merge", "postdocs_notthesame", "postdocs_ruling"),
    *("postdocs_extension", "postdocs_change", "postdocs_abroad", "postdocs_grant"),
    *("stations_consultation", "stations_consultation_participants", "stations_overseasstudio"),
    "stations_registration",
    *("subsidies_claim", "subsidies_payeeaccount", "subsidies_journalentry", "subsidies_schemeversion"),
    *("subsidies_budget", "subsidies_paymentbatch", "subsidies_paymentline"),
    *("targets_quarter", "targets_quarterlyreturn", "targets_returnline", "targets_frozen"),
    *("targets_occurrence", "targets_progress", "targets_activity", "targets_participant"),
    *("targets_report", "targets_reportchapter", "targets_subscription"),
)
ROWS = "SELECT " + ", ".join(f"(SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {x} t)" for x in WATCHED)


def state_of_the_rows():
    """A fingerprint of every row that a request might change."""
    with connection.cursor() as cursor:
        cursor.execute(ROWS)
        return dict(zip(WATCHED, cursor.fetchone(), strict=True))


WRITTEN = "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables WHERE relname = ANY(%s)"


def written_so_far() -> int:
    """How many of these rows this transaction has written, also what it took back: while it stays the same, a fingerprint of
    all rows would too, and takes twenty times as long."""
    with connection.cursor() as cursor:
        cursor.execute(WRITTEN, [list(WATCHED)])
        return cursor.fetchone()[0] or 0


TYPED = {"csrfmiddlewaretoken": "x"}  # what every form sends beside its fields


def ask(client, method, url, data, *, still):
    """The answer and whether it left all rows as they were, if `still` says how that was; whatever it wrote, cookies
    too, is taken back."""
    cookies, before = copy.deepcopy(client.cookies), written_so_far() if still else 0
    with transaction.atomic():
        if method == "post":
            files = {"file": make.upload()} if url.endswith(".proof/") else {}
            answer = client.post(url, TYPED | data | files)
        else:
            answer = getattr(client, method)(url)
        content = b"".join(answer) if answer.streaming else answer.content.replace(url.encode(), b"")
        is_free = method == "get" or not still or written_so_far() == before
        unchanged = is_free or state_of_the_rows() == still
        transaction.set_rollback(True)
    client.cookies = cookies
    return SimpleNamespace(
        status=answer.status_code, length=len(content), to=answer.headers.get("Location"), unchanged=unchanged
    )


def expected(name, route, method, person, sees) -> int:
    """The status this person must get for a row they may see (`sees`) or may not."""
    allowed = route.get if method == "get" else route.post
    if person not in allowed:
        if person == "anonymous":
            return 403 if name in BY_PROGRAM else 302 if method == "get" else 401
        return 403
    status = allowed[person]
    return status if sees or status == 405 else 404


def rows_for(route, person, stage) -> dict[str, tuple[bool, object]]:
    """The rows to try, each with whether the person may see it."""
    rows, kind = stage.rows, route.kind
    if kind in ("case", "item", "station", "unit", "pool", "demand", "office"):
        own = "" if kind == "office" and person in UNIT else SEES.get(person, "")
        letters = {"case": "ABCD-", "item": "RB-"}.get(kind, "ABC-")
        return {letter: (letter in own and not (kind == "item" and letter != "R"), rows[letter]) for letter in letters}
    if kind == "city":
        return {letter: (letter == "A", rows[letter]) for letter in "AC-"}
    if kind == "mine":
        other = "auditor" if person != "auditor" else "nobody"
        gone = SimpleNamespace(notice=10**9, job=10**9, batch=10**9, view=10**9)
        mine = stage.personal.get(person, gone)
        return {"own": (True, mine), "another's": (False, stage.personal[other]), "-": (False, gone)}
    if kind == "colleague":
        second = Appointment.objects.filter(role=Role.CERTIFIER)
        pks = {x: second.get(organisation=stage.world.cases[x].matter.organisation_id).pk for x in "ABC"} | {"-": 10**9}
        return {x: (x in SEES.get(person, ""), SimpleNamespace(appointment=pk)) for x, pk in pks.items()}
    if kind == "appointment":
        here, there = stage.people["auditor"], stage.world.cases["C"].matter.district.up.first()
        elsewhere = Appointment.objects.filter(district=stage.world.plans["C"].pack.root).first()
        assert there
        return {
            "own": (True, SimpleNamespace(appointment=here.appointments.get().pk)),
            "other city": (False, SimpleNamespace(appointment=elsewhere.pk)),
            "-": (False, SimpleNamespace(appointment=10**9)),
        }
    if kind == "invitation":
        token = "a" * 32
        Invitation.objects.get_or_create(
            token_hash=hashlib.sha256(token.encode()).hexdigest(),
            defaults={
                "organisation": stage.world.city.enterprise.organisation,
                "role": Role.HANDLER,
                "name": "新同事",
                "phone": "13922223333",
                "invited_by": stage.people["handler"],
                "expires_at": now() + timedelta(1),
            },
        )
        return {"own": (True, SimpleNamespace(token=token)), "-": (False, SimpleNamespace(token="b" * 32))}
    return {"": (True, None)}


def bare(request, template, context=None, *, status):
    return HttpResponse(status=status) if status in (403, 404) else render(request, template, context, status=status)


def tried(person, stage, as_a):
    """What went otherwise than the tables say, one sentence each."""
    client, faults = as_a(person), []
    still = state_of_the_rows()
    for name, route in ROUTES.items():
        rows = rows_for(route, person, stage)
        if route.kind == "invitation":  # its row is made on asking
            still = state_of_the_rows()
        for method in ("get", "post"):
            allowed = person in (route.get if method == "get" else route.post)
            answers, read = {}, 0
            for letter, (sees, row) in rows.items():
                if not allowed and letter not in ("A", "R", "own", ""):
                    continue  # refused before anything is looked up
                if method == "post" and sees and person in route.kept and route.post[person] == 200:
                    read += 1  # a page that is only read answers as to GET: once is enough
                    if read > 1:
                        continue
                args = route.args(row) if route.args else []
                cell, due = f"{method} {name} {letter}", expected(name, route, method, person, sees)
                if letter == "D" and sees and allowed and route.draft:
                    due = route.draft
                keeps = due >= 400 or (letter and letter in route.locked) or person in route.kept
                answer = ask(client, method, reverse(address_of(name), args=args), route.data, still=keeps and still)
                if answer.status != due:
                    faults.append(f"{cell}: {answer.status}, not {due}")
                if keeps and not answer.unchanged:
                    faults.append(f"{cell}: refused, and yet rows changed")
                if not sees:
                    answers[letter] = (answer.status, answer.length, (answer.to or "").split("?")[0] if allowed else "")
            if len(set(answers.values())) > 1 and allowed:
                faults.append(f"{method} {name}: a foreign row can be told from none: {answers}")
    return faults


def test_what_was_written_is_noticed_also_if_it_was_taken_back(stage):
    """The quick look of `ask` stands on it."""
    before = written_so_far()
    with transaction.atomic():
        Notice.objects.filter(user=stage.people["auditor"]).update(text="y")
        assert written_so_far() == before + 1
        transaction.set_rollback(True)
    assert written_so_far() == before + 1


@pytest.mark.parametrize("person", PEOPLE)
def test_each_address_answers_as_the_table_says(person, stage, as_a, monkeypatch):
    """Thousands of times 403 and 404: how these pages look is a matter of tests/portal/test_errors.py, and they are
    told nothing of the row."""
    monkeypatch.setattr(errors, "render", bare)
    faults = tried(person, stage, as_a)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("person", ["handler", "district", "bureau_approver", "finance_maker", "nobody"])
def test_the_api_only_reads(person, stage, as_a):
    client = as_a(person)
    still = state_of_the_rows()
    for name in BY_PROGRAM:
        route = ROUTES[name]
        url = reverse(name, args=route.args(stage.rows["A"]) if route.args else [])
        for method in ("put", "patch", "delete"):
            answer = ask(client, method, url, {}, still=still)
            assert (name, method, answer.status) == (name, method, 405 if person in route.get else 403)
            assert answer.unchanged


# --- every way out of the database shows the same rows ------------------------------------------

# Who sees which matters, in plain SQL over appointments and the tree of districts; nothing of the code is used.
ORACLE = """
WITH RECURSIVE mine AS (
    SELECT role, organisation_id, district_id FROM portal_appointment
    WHERE user_id = %(user)s AND since <= %(on)s AND (until IS NULL OR until > %(on)s)
), reach AS (
    SELECT district_id AS id FROM mine
    WHERE role IN ('district', 'bureau_handler', 'bureau_reviewer', 'bureau_approver', 'auditor')
    UNION SELECT d.id FROM portal_district d JOIN reach ON d.parent_id = reach.id
), own AS (
    SELECT organisation_id AS id FROM mine WHERE role IN ('handler', 'certifier')
), seen AS (
    SELECT m.* FROM portal_matter m
    WHERE m.organisation_id IN (SELECT id FROM own)
       OR m.filed_on IS NOT NULL AND m.district_id IN (SELECT id FROM reach)
)
"""
MATTERS = ORACLE + "SELECT number FROM seen WHERE kind = %(kind)s"
TO_DO = (
    ORACLE
    + """
SELECT number FROM seen WHERE closed_on IS NULL AND (
    holder IN (SELECT role FROM mine WHERE organisation_id = seen.organisation_id AND role IN ('handler', 'certifier'))
    OR EXISTS (
        WITH RECURSIVE down AS (
            SELECT district_id AS id FROM mine WHERE role = seen.holder AND role NOT IN ('handler', 'certifier')
            UNION SELECT d.id FROM portal_district d JOIN down ON d.parent_id = down.id
        ) SELECT 1 FROM down WHERE down.id = seen.district_id
    )
)"""
)
FILES = (
    ORACLE
    + """
SELECT f.id FROM portal_file f WHERE f.organisation_id IN (SELECT id FROM own)
    OR EXISTS (SELECT 1 FROM portal_evidence e JOIN seen ON seen.id = e.matter_id WHERE e.file_id = f.id)"""
)
UNITS = (
    ORACLE
    + """
SELECT o.code FROM stations_enterprise e JOIN portal_organisation o ON o.id = e.organisation_id
WHERE o.id IN (SELECT id FROM own) OR o.district_id IN (SELECT id FROM reach)"""
)
LEAVES = (
    ORACLE
    + """
SELECT id::text FROM reach WHERE NOT EXISTS (SELECT 1 FROM portal_district d WHERE d.parent_id = reach.id)"""
)


def told_by(query, user, **values) -> set:
    with connection.cursor() as cursor:
        cursor.execute(query, {"user": user.pk, "on": localdate(), **values})
        return {row[0] for row in cursor.fetchall()}


def numbers_in(answer, series) -> set:
    return set(re.findall(rf"[A-Z]{{2}}-{series}-\d{{4}}-\d{{4}}", answer.content.decode()))


def sheet_of(answer) -> list[list]:
    """The rows of an exported workbook below its head."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    return book.get_sheet_by_index(0).to_python(skip_empty_area=False)[4:]


def api_numbers(client, url) -> set:
    return {row["number"] for row in client.get(url).json()["results"]}


@pytest.fixture
def someone(stage, as_a):
    """Signs a person of the stage in, or one whose appointments are out of the ordinary; gives browser and person."""
    world, here = stage.world, stage.world.city
    today = localdate()

    def sign_in(name):
        if name in stage.people:
            return as_a(name), stage.people[name]
        if name == "handler there, officer here":
            user = make.user(Role.HANDLER, organisation=world.cases["B"].enterprise.organisation)
            Appointment.objects.create(user=user, role=Role.DISTRICT, district=here.north, since=make.ON)
        else:
            user = make.user()
            since, until = {"until today": (make.ON, today), "from tomorrow": (today + timedelta(1), None)}[name]
            Appointment.objects.create(
                user=user, role=Role.BUREAU_HANDLER, district=here.root, since=since, until=until
            )
        client = Client()
        client.force_login(user, "portal.accounts.Backend")
        return client, user

    return sign_in


SEEING = [*UNIT, "certifier", *DISTRICTS, "bureau_handler", "auditor", "handler there, officer here"]


@pytest.mark.parametrize("person", dict.fromkeys(SEEING))
def test_every_way_out_shows_the_same_matters(person, stage, someone):
    client, user = someone(person)
    stage_matters = Matter.objects.all()
    Watch.objects.bulk_create(Watch(user=user, matter=m) for m in stage_matters)
    for kind, series in (("application", "SZ"), ("station", "WS")):
        due = told_by(MATTERS, user, kind=kind)
        assert due, "a test of nothing"
        listed, search = client.get(f"/{kind}s/"), client.get("/search/", {"q": series})
        assert numbers_in(listed, series) == due
        assert listed.context["page"].paginator.count == len(due)
        assert {row[0] for row in sheet_of(client.get(f"/{kind}s/export/"))} == due
        assert api_numbers(client, f"/api/v1/{kind}s/") == due
        assert numbers_in(search, series) == due
        assert search.context["page"].paginator.count == len(due)
        assert numbers_in(client.get("/work/", {"box": "watched", "kind": kind}), series) == due
        every = {m.number for m in stage_matters if m.kind == kind}
        assert {n for n in every if client.get(f"/{kind}s/{n}/").status_code == 200} == due
        assert {n for n in every if client.get(f"/matters/{n}/").status_code == 302} == due
        assert {n for n in every if client.get(f"/api/v1/{kind}s/{n}/").status_code == 200} == due


@pytest.mark.parametrize("person", dict.fromkeys(SEEING))
def test_work_files_units_and_choices_end_at_the_same_border(person, stage, someone):
    client, user = someone(person)
    to_do = client.get("/work/")
    assert {row.matter.number for row in to_do.context["rows"]} == told_by(TO_DO, user)
    assert next(n["count"] for n in to_do.context["nav"] if n["count"] is not None) == len(told_by(TO_DO, user))

    every = set(File.objects.values_list("pk", flat=True))
    assert {pk for pk in every if opened(client.get(f"/files/{pk}/"))} == told_by(FILES, user)

    codes = set(Enterprise.objects.values_list("organisation__code", flat=True))
    assert {c for c in codes if client.get(f"/enterprises/{c}/").status_code == 200} == told_by(UNITS, user)

    choices = client.get("/applications/").context["filter"].form.fields["district"].queryset
    assert {str(d.pk) for d in choices} == told_by(LEAVES, user)


def opened(answer) -> bool:
    return answer.status_code == 200 and b"".join(answer).startswith(b"%PDF-")


def test_the_page_of_an_enterprise_names_only_its_cases_that_one_may_see(stage, someone):
    client, user = someone("district")
    page = client.get(f"/enterprises/{stage.world.city.enterprise.organisation.code}/")
    due = told_by(MATTERS, user, kind="application")
    assert numbers_in(page, "SZ") == due
    assert stage.world.cases["D"].matter.number not in due


@pytest.mark.parametrize("person", ["until today", "from tomorrow", "nobody"])
def test_rights_begin_and_end_with_their_day(person, stage, someone):
    client, user = someone(person)
    assert told_by(MATTERS, user, kind="application") == set()
    for url in ("/work/", "/applications/", "/stations/", "/targets/", "/search/?q=SZ"):
        assert client.get(url).status_code == 403
    assert client.get("/api/v1/applications/").status_code == 403


def test_a_role_that_is_taken_away_is_gone_on_the_next_click(stage, someone):
    client, user = someone("district")
    assert client.get("/work/").status_code == 200
    user.appointments.update(until=localdate())
    assert client.get("/work/").status_code == 403


def test_a_foreign_district_in_the_address_finds_nothing_more(stage, someone):
    client, user = someone("district")
    south, due = stage.world.city.south, told_by(MATTERS, user, kind="application")
    assert numbers_in(client.get("/applications/", {"district": south.pk}), "SZ") == due
    assert client.get("/api/v1/applications/", {"district": south.pk}).status_code == 400
    assert client.get("/targets/", {"district": south.code}).status_code == 404
    assert client.get("/targets/plan/I/", {"district": stage.world.city.root.code}).status_code == 404


def test_being_a_handler_elsewhere_does_not_open_a_case_that_one_sees_as_an_officer(stage, someone):
    client, _user = someone("handler there, officer here")
    row, still = stage.rows["R"], state_of_the_rows()
    number = row.number
    for url, data in (
        (reverse("stations:application_answer", args=[number, "basic-1"]), {"basic-1-claimed": "false"}),
        (reverse("stations:application_upload", args=[number, "basic-1.proof"]), {"file": make.upload()}),
        (reverse("stations:application_remove", args=[number, row.evidence]), {}),
        (reverse("stations:application_explain", args=[number, row.item]), {"answer": "x"}),
        (reverse("stations:application_section", args=[number, "plan"]), {"project": "x"}),
    ):
        assert client.post(url, data).status_code == 403
        assert state_of_the_rows() == still


@pytest.mark.parametrize("person", ["district", "bureau_handler", "auditor"])
def test_a_number_opens_into_the_records_one_may_see(person, stage, someone):
    client, user = someone(person)
    page = client.get("/targets/plan/I/")
    due = told_by(MATTERS, user, kind="station")
    assert numbers_in(page, "WS") == due
    assert len(sheet_of(client.get("/targets/plan/I/export/"))) == len(due)


def test_a_reporter_sees_figures_but_no_records(stage, someone):
    client, _user = someone("reporter")
    assert numbers_in(client.get("/targets/plan/I/"), "WS") == set()
    assert sheet_of(client.get("/targets/plan/I/export/")) == []


def test_who_follows_a_case_is_told_only_as_long_as_they_may_see_it(stage):
    world, who = stage.world, stage.world.who
    case = world.cases["A"]
    gone, stays = make.user(), who[Role.AUDITOR]
    for user in (gone, stays):
        Watch.objects.create(user=user, matter=case.matter)
    make.step(case, "recommend", who)
    assert not Notice.objects.filter(user=gone).exists()
    assert Notice.objects.filter(user=stays, matter=case.matter).count() == 1
