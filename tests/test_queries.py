"""How many queries each page takes: one exact number, the same for one row and for three.

A page is asked twice and the second answer counts: whose city it is, its districts and its working days are
remembered for a minute. Every address is either counted here or named among those that show no rows.
"""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve
from django.utils.timezone import localdate, now

from portal.models import (
    Absence,
    Batch,
    Clause,
    Confirmation,
    Document,
    Evidence,
    Invitation,
    Job,
    Line,
    Notice,
    Organisation,
    Relation,
    ReturnItem,
    Role,
    Setting,
    Watch,
    Workday,
)
from portal.rules import amend
from postdocs.disclosures import actions as disclosures
from postdocs.models import CareerRow, Destination, Difference, Grant, Person, Stay
from postdocs.outcomes import actions as outcomes
from postdocs.services import actions as services
from postdocs.stays import actions as stays
from stations.applications import actions
from stations.behalf import actions as behalf
from stations.consultations import actions as consultations
from stations.models import (
    Answer,
    Application,
    ApplicationWindow,
    Certificate,
    Condition,
    ConditionCriterion,
    EnterpriseEvent,
    Honour,
    IndustryChain,
    MainStation,
    OverseasStudio,
    Partner,
    PoolBasis,
    PoolBasisCriterion,
    Recruits,
    ResearchOrganisation,
    Slot,
    Station,
    StationDiscipline,
    StationKind,
    StationName,
    Supervisor,
)
from stations.standing import radar
from subsidies.claims import actions as claims
from subsidies.entitlements.sweep import sweep
from subsidies.models import Budget
from targets.models import Indicator, Plan, Reading, Report, Subscription
from targets.plans import indicators
from tests import make
from tests.postdocs import asking, recording, rostering, serving, staying
from tests.stations import evaluating, standing_cases
from tests.subsidies import granting, paying
from tests.targets import returning
from tests.test_routes import walked


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, "portal.accounts.Backend")
    return client


def counted(client, urls) -> dict[str, int]:
    """How many queries each address takes, by the name the test gives it."""
    found = {}
    for name, url in urls.items():
        assert client.get(url).status_code == 200, url
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        found[name] = len(queries)
    return found


@pytest.fixture
def stage(city, people):
    """The city of the tests with a working-day calendar, hints on its conditions and a plan of both kinds."""
    Workday.objects.create(on=date(2026, 10, 1), works=False)
    for row in Condition.objects.filter(code="basic-1"):
        ConditionCriterion.objects.create(condition=row, fact="staff", lookup="gte", value=100)
    row = make.plan(city, since=date(2026, 1, 1), until=date(2027, 12, 31))
    later = {"since": date(2028, 1, 1), "until": date(2028, 12, 31), "state": "draft", "former": row}
    draft = Plan.every.create(pack=city.pack, code="next", name="下一期", document=row.document, **later)
    make.indicator(row, city, code="ST")
    make.indicator(draft, city, code="NX")
    make.indicator(row, city, code="RE", source="reported", starts="", stops="")
    make.indicator(row, city, code="CV", kind="coverage", distinct="chain", headline=False)
    return city


def read(city, who, value) -> None:
    Reading.objects.create(
        indicator=Indicator.objects.get(code="RE"),
        district=city.root,
        on=date(2026, 6, value),
        value=value,
        source="部门",
        by=who[Role.REPORTER],
    )


def a_case_and_a_station(city, who) -> None:
    """One more row on every list."""
    owner = make.enterprise(city.north)
    here, them = make.people_of(city, owner, who)
    case = make.brought_to("district", here, them)
    row = make.station(city, who[Role.BUREAU_APPROVER], owner=make.enterprise(city.north, chain=city.chain))
    a_page_of_rows(row, owner)
    Watch.objects.create(user=who[Role.DISTRICT], matter=case.matter)
    behalf.consent(make.draft(here, them[Role.HANDLER], kind=city.own), by=them[Role.HANDLER], on=make.ON)
    make.match(here, them, flow_=make.flow(city, owner=make.university(city)))
    make.pairing(here, who[Role.BUREAU_HANDLER])
    make.talk(here, them)
    entering = staying.brought_to("district", here, them)
    recording.waiting(recording.entered(here, them, at=entering.station), them)
    granting.one_each({"x": (here, them, entering.station)})
    serving.found_on_a_visit(here, them, row)
    serving.visit(staying.brought_to("here", here, them, at=entering.station), them[Role.DISTRICT], make.ON)
    rostering.around(here, dict.fromkeys((Role.HANDLER, Role.BUREAU_HANDLER), who[Role.BUREAU_HANDLER]), row)
    read(city, who, Station.objects.count())
    n = ApplicationWindow.objects.count()
    ApplicationWindow.objects.create(
        pack=city.pack,
        type=city.own,
        code=f"b{n}",
        title="x",
        since=make.ON + 9 * n * A_DAY,
        until=make.ON + (9 * n + 2) * A_DAY,
    )
    day = localdate() + timedelta(2 * Absence.objects.count())
    Absence.objects.create(user=who[Role.DISTRICT], deputy=who[Role.AUDITOR], since=day, until=day + A_DAY)


def a_page_of_rows(station, owner) -> None:
    """One more of each dated row."""
    since = make.ON + timedelta(Supervisor.objects.count())
    for model, values in (
        (Supervisor, {"name": "x", "title": "x", "field": "x"}),
        (Partner, {"university": "x", "flow_station": f"x{since}"}),
        (OverseasStudio, {"country": "x", "host": f"x{since}"}),
        (StationDiscipline, {"code": f"08{Supervisor.objects.count():02d}"}),
    ):
        model.objects.create(station=station, since=since, **values)
    Recruits.objects.create(
        station=station, year=since.year, entered=0, counted_on=since, source="x", recorded_on=since
    )
    Certificate.objects.create(enterprise=owner, tag="high_tech", number="x", since=since, until=since + A_DAY)
    ResearchOrganisation.objects.create(enterprise=owner, name="x", level="none", since=since, until=since + A_DAY)
    EnterpriseEvent.objects.create(enterprise=owner, kind="restructured", on=since, document="x")
    StationName.objects.create(station=station, name="x", until=since, document="x")
    Honour.objects.create(station=station, code="x", title="x", awarded_on=since, document="x")


A_DAY = timedelta(1)
A_YEAR = localdate() + timedelta(300)
BY_PROGRAM = {  # of stations, and how many queries each takes
    **dict.fromkeys(("demands", "matches", "assessments", "evaluations", "enterprises", "certificates"), 4),
    **dict.fromkeys(("research-organisations", "enterprise-events", "supervisors", "disciplines", "partners"), 4),
    **dict.fromkeys(("managers", "salaries", "plates", "main-stations", "station-names"), 4),
    **{"honours": 4, "universities": 6},
    **{"recruits": 4, "overseas-studios": 4, "windows": 4, "consultations": 5},
}
PEOPLE_BY_PROGRAM = {
    **{"destinations": 4, "visits": 5, "requests": 4, "doctors": 5, "talents": 4, "selections": 4, "insurance": 5}
}
ADMIN = {"officials": "/officials/"}
LISTS = {
    "work": "/work/",
    "watched": "/work/?box=watched",
    "search": "/search/?q=TE",
    "applications": "/applications/",
    "applications, filtered": "/applications/?q=TE&status=district",
    "applications, exported": "/applications/export/",
    "stations": "/stations/",
    "stations, exported": "/stations/export/",
    "certificates": "/certificates/?state=all",
    "certificates, exported": "/certificates/export/?state=all",
    "notices": "/notices/",
    "jobs": "/jobs/",
    "imports": "/imports/",
    "settings": "/settings/",
    "chains": "/chains/",
    "documents": "/documents/",
    "documents, exported": "/documents/export/",
    "api: documents": "/api/v1/documents/",
    "guide": "/guide/",
    "plans": "/targets/plans/",
    "api: applications": "/api/v1/applications/",
    "api: stations": "/api/v1/stations/",
    **{f"api: {name}": f"/api/v1/{name}/" for name in BY_PROGRAM},
    "demands": "/demands/",
    "demands, exported": "/demands/export/",
    "matches": "/matches/",
    "matches, exported": "/matches/export/",
    "universities": "/universities/",
    "universities, exported": "/universities/export/",
    "board": "/board/",
    "contacts": "/contacts/",
    "talks": "/talks/",
    "talks, exported": "/talks/export/",
    "postdocs": "/postdocs/",
    "postdocs, exported": "/postdocs/export/",
    "claims": "/claims/",
    "claims, exported": "/claims/export/",
    "outcomes": "/outcomes/",
    "outcomes, exported": "/outcomes/export/",
    "api: outcomes": "/api/v1/outcomes/",
    "to visit, exported": "/visits/export/",
    "visits": "/visits/made/",
    "visits, exported": "/visits/made/export/",
    "requests": "/requests/",
    "requests, exported": "/requests/export/",
    "requests, counted": "/requests/figures/",
    "requests, counted, exported": "/requests/figures/export/",
    "services": "/services/",
    **{sort: f"/{sort}/" for sort in ("doctors", "talents", "selections", "insurance")},
    **{f"{sort}, exported": f"/{sort}/export/" for sort in ("doctors", "talents", "selections")},
    "postdocs, out for editing": "/imports/out/stays/",
    **{f"api: {name}": f"/api/v1/{name}/" for name in PEOPLE_BY_PROGRAM},
    "api: postdocs": "/api/v1/postdocs/",
    "due": "/postdocs/due/",
    "due, exported": "/postdocs/due/export/",
    "enterprises": "/enterprises/",
    "enterprises, exported": "/enterprises/export/",
    "supervisors": "/supervisors/",
    "supervisors, exported": "/supervisors/export/",
    "studios": "/studios/",
    "studios, exported": "/studios/export/",
    "behalf": "/behalf/",
    "absences": "/absences/",
    "windows": "/windows/",
}
MAP = {"coverage": "/coverage/", "coverage, exported": "/coverage/export/", "to visit": "/visits/"}
LIST_QUERIES = {
    "work": 7,
    "watched": 7,
    "search": 8,
    "applications": 6,
    "applications, filtered": 6,
    "applications, exported": 6,
    "stations": 6,
    "stations, exported": 7,
    "certificates": 7,
    "certificates, exported": 7,
    "notices": 7,
    "jobs": 5,
    "imports": 6,
    "settings": 6,
    "chains": 5,
    "documents": 8,
    "documents, exported": 7,
    "api: documents": 7,
    "guide": 6,
    "plans": 6,
    "api: applications": 4,
    "api: stations": 4,
    **{f"api: {name}": queries for name, queries in BY_PROGRAM.items()},
    "demands": 6,
    "demands, exported": 7,
    "matches": 6,
    "matches, exported": 7,
    "universities": 7,
    "universities, exported": 5,
    "board": 7,
    "contacts": 5,
    "talks": 6,
    "talks, exported": 4,
    "postdocs": 6,
    "postdocs, exported": 6,
    "claims": 7,
    "claims, exported": 6,
    "outcomes": 8,
    "outcomes, exported": 7,
    "api: outcomes": 5,
    "to visit, exported": 6,
    "visits": 7,
    "visits, exported": 5,
    "requests": 6,
    "requests, exported": 6,
    "requests, counted": 6,
    "requests, counted, exported": 5,
    "services": 5,
    **{"doctors": 6, "talents": 6, "selections": 6, "insurance": 6},
    **{f"{sort}, exported": 5 for sort in ("doctors", "talents", "selections")},
    "postdocs, out for editing": 7,
    **{f"api: {name}": queries for name, queries in PEOPLE_BY_PROGRAM.items()},
    "api: postdocs": 4,
    "due": 7,
    "due, exported": 5,
    "enterprises": 6,
    "enterprises, exported": 7,
    "supervisors": 6,
    "supervisors, exported": 6,
    "studios": 7,
    "studios, exported": 4,
    "behalf": 6,
    "absences": 6,
    "windows": 8,
}
MAP_QUERIES = {"coverage": 11, "coverage, exported": 10, "to visit": 11}


def test_a_list_takes_as_many_queries_for_one_row_as_for_three(stage, people):
    officer = people[Role.DISTRICT]
    client = signed_in(officer)
    for number in range(3):
        a_case_and_a_station(stage, people)
        Job.objects.create(kind="recompute", asked_by=officer)
        Batch.objects.create(kind="stations", name="x", by=officer, state="ready")
        Notice.objects.create(user=officer, text="x")
        if number in (0, 2):
            assert counted(client, LISTS) == LIST_QUERIES
            assert counted(client, MAP) == MAP_QUERIES
        make.application_type(stage.pack, stage.clause, f"t{number}", StationKind.DOCTOR_STATION, "recognise", [])
        IndustryChain.objects.create(pack=stage.pack, code=f"c{number}", name=f"链{number}")
        Setting.objects.create(pack=stage.pack, code=f"S{number}", title="x", why="x", kind="integer", value=1)
        paper = Document.objects.create(pack=stage.pack, code=f"p{number}", title="x", number="x", issuer="x")
        Clause.objects.create(document=paper, number="一", summary="x")
    assert max(LIST_QUERIES.values()) <= 8


def test_the_list_of_officials_takes_as_many_queries_for_one_row_as_for_three(city):
    client = signed_in(make.user(Role.SYSTEM_ADMIN, district=city.root))
    for number in range(3):
        Invitation.objects.create(
            role=Role.AUDITOR, district=city.north, name="x", phone="x", token_hash=number, expires_at=now() + A_DAY
        )
        if number in (0, 2):
            assert counted(client, ADMIN) == {"officials": 9}
        make.user(Role.DISTRICT, district=city.south)


def paper_pages(pk) -> dict[str, str]:
    base = f"/documents/{pk}/"
    gaps = {"gaps": "/documents/gaps/", "gaps, exported": "/documents/gaps/export/"}
    return gaps | {"paper": base, "exported": f"{base}export/", "program": f"/api/v1{base}"}


def test_a_paper_and_the_gaps_take_as_many_queries_with_three_rows_of_each_rule_as_with_one(stage, people):
    """One for each model that has any row on the paper; the gaps, one for each that may stand without a clause."""
    client, paper = signed_in(people[Role.BUREAU_HANDLER]), stage.clause.document
    newer = Document.objects.create(pack=stage.pack, code="newer", title="x", issuer="x")
    Relation.objects.create(pack=stage.pack, kind="replaces", document=newer, other=paper)
    for number in range(3):
        clause = Clause.objects.create(document=paper, number=f"n{number}", summary="x")
        Clause.objects.create(document=paper, number=f"m{number}", summary="x")
        IndustryChain.objects.create(pack=stage.pack, code=f"c{number}", name=f"链{number}", clause=clause)
        IndustryChain.objects.create(pack=stage.pack, code=f"d{number}", name=f"别{number}")
        Setting.objects.create(
            pack=stage.pack, code=f"S{number}", title="x", why="x", kind="integer", value=1, clause=clause
        )
        if number in (0, 2):
            assert counted(client, paper_pages(paper.pk)) == PAPER_QUERIES


PAPER_QUERIES = {"gaps": 26, "gaps, exported": 25, "paper": 18, "exported": 17, "program": 7}
BOARDS = {
    "dashboard": "/targets/",
    "plan": "/targets/plan/",
    "plan, exported": "/targets/plan/export/",
    "indicator": "/targets/plan/ST/",
    "coverage": "/targets/plan/CV/",
    "reported": "/targets/plan/RE/",
    "indicator, exported": "/targets/plan/ST/export/",
    "split": "/targets/plan/ST/split/",
    "revise": "/targets/plan/ST/revise/",
    "new plan": "/targets/plans/new/",
    "draft": "/targets/drafts/next/",
    "screen": "/targets/screen/",
    "api: figures": "/api/v1/plans/plan/figures/",
    "reports": "/targets/reports/",
    "report, new": "/targets/reports/new/",
    "reports, sent": "/targets/reports/subscriptions/",
    "api: reports": "/api/v1/reports/",
}
BOARD_QUERIES = {
    "dashboard": 7,
    "plan": 6,
    "plan, exported": 10,
    "indicator": 15,
    "coverage": 15,
    "reported": 15,
    "indicator, exported": 6,
    "split": 12,
    "revise": 12,
    "new plan": 8,
    "draft": 21,
    "screen": 6,
    "api: figures": 9,
    "reports": 6,
    "report, new": 7,
    "reports, sent": 7,
    "api: reports": 4,
}


def test_a_dashboard_takes_as_many_queries_for_one_row_as_for_three(stage, people):
    client = signed_in(people[Role.BUREAU_APPROVER])
    for number in range(3):
        a_case_and_a_station(stage, people)
        make.indicator(Plan.objects.get(), stage)
        one = make.bulletin(Plan.objects.get(), people[Role.BUREAU_HANDLER])
        Report.objects.filter(pk=one.pk).update(status="sealed", digest="x", issued_on=make.ON)
        Subscription.objects.create(
            pack=stage.pack, user=make.user(), kind="brief", every="week", since=make.ON, set_by=one.matter.opener
        )
        indicators.recompute(localdate())
        if number in (0, 2):
            assert counted(client, BOARDS) == BOARD_QUERIES


def report_pages(number) -> dict[str, str]:
    base = f"/targets/reports/{number}/"
    pages = {"report": base, "figures": f"{base}figures/", "file": f"{base}file/docx/", "brief": "/targets/brief/"}
    return pages | {"chapter": f"{base}chapters/remarks/"}


REPORT_QUERIES = {"report": 12, "figures": 31, "file": 8, "brief": 23, "chapter": 6}


def test_a_report_takes_as_many_queries_for_one_indicator_as_for_three(stage, people):
    client = signed_in(people[Role.BUREAU_HANDLER])
    program = f"/api/v1{report_pages('TE-BS-2026-0001')['figures'].removeprefix('/targets')}"
    for number in range(3):
        make.indicator(Plan.objects.get(), stage)
        if number in (0, 2):
            row = make.bulletin(Plan.objects.get(), people[Role.BUREAU_HANDLER])
            assert counted(client, report_pages(row.matter.number)) == REPORT_QUERIES
            Report.objects.filter(pk=row.pk).update(status="sealed", digest="x", issued_on=make.ON)
            assert counted(client, {"program": program}) == {"program": 5}


def test_a_dashboard_of_another_day_is_computed_in_a_fixed_number_of_queries(stage, people):
    client = signed_in(people[Role.BUREAU_APPROVER])
    urls = {"dashboard": "/targets/?on=2026-06-15", "indicator": "/targets/plan/ST/?on=2026-06-15"}
    due = {"dashboard": 7, "indicator": 20}
    for number in range(3):
        a_case_and_a_station(stage, people)
        make.indicator(Plan.objects.get(), stage)
        if number in (0, 2):
            assert counted(client, urls) == due


def test_a_dashboard_after_a_change_is_made_anew_in_a_fixed_number_of_queries(stage, people):
    client = signed_in(people[Role.BUREAU_APPROVER])
    for number in range(3):
        a_case_and_a_station(stage, people)
        make.indicator(Plan.objects.get(), stage)
        indicators.recompute(localdate())
        client.get("/targets/")
        Job.objects.create(kind="recompute")
        if number in (0, 2):
            with CaptureQueriesContext(connection) as queries:
                client.get("/targets/")
            assert len(queries) == 21


SEEN_BY_OTHERS = {"own": "/targets/own/", "public": "/figures/"}


def test_what_others_see_of_the_figures_takes_as_many_queries_for_one_row_as_for_three(stage, people):
    Setting.objects.create(
        pack=stage.pack, code="targets.public", title="x", why="x", kind="boolean", value=True, clause=stage.clause
    )
    client = signed_in(people[Role.HANDLER])
    for number in range(3):
        make.station(stage, people[Role.BUREAU_APPROVER], owner=make.enterprise(stage.north))
        Station.objects.filter(enterprise=stage.enterprise).exists() or make.station(
            stage, people[Role.BUREAU_APPROVER], owner=stage.enterprise
        )
        indicators.recompute(localdate())
        if number in (0, 2):
            assert counted(client, SEEN_BY_OTHERS) == {"own": 10, "public": 12}


# --- one case ----------------------------------------------------------------------------------


def enlarge(case, who) -> None:
    """Two more conditions, two more papers on each, verdicts on all of them."""
    owner = case.enterprise.organisation
    for number in (3, 4):
        for group in ("basic", "recommended"):
            row = Condition.objects.create(
                type=case.type, code=f"{group}-{number}", group=group, title="x", summary="x",
                clause=case.type.clause, order=9,
            )  # fmt: skip
            Slot.objects.create(condition=row, code="proof", title="x")
            Answer.objects.create(application=case, condition=row, claimed=True)
            ConditionCriterion.objects.create(condition=row, fact="staff", lookup="gte", value=number)
    for slot in Slot.objects.filter(condition__type=case.type).select_related("condition"):
        for _n in range(2):
            paper = make.file(owner, who[Role.HANDLER])
            Evidence.objects.create(matter=case.matter, slot=slot.name, file=paper, added_by=who[Role.HANDLER])
        for level in Confirmation.Level.values:
            Confirmation.objects.get_or_create(
                matter=case.matter, topic=slot.condition.code, level=level, until=None,
                defaults={"verdict": False, "by": who[Role.DISTRICT], "since": make.ON},
            )  # fmt: skip


def parts(number, *names) -> dict[str, str]:
    base = f"/applications/{number}/"
    return {"case": base} | {name: f"{base}parts/{name}/" for name in names}


def review(number) -> dict[str, str]:
    return {"review": f"/applications/{number}/", "return": f"/applications/{number}/return/"}


PARTS = ("profile", "plan", "basic", "recommended", "check")


def test_a_draft_takes_as_many_queries_with_one_paper_as_with_three(stage, people):
    client, case = signed_in(people[Role.HANDLER]), make.filled(stage, people[Role.HANDLER])
    due = {"case": 12, "profile": 8, "plan": 6, "basic": 11, "recommended": 11, "check": 13}
    assert counted(client, parts(case.matter.number, *PARTS)) == due
    enlarge(case, people)
    assert counted(client, parts(case.matter.number, *PARTS)) == due


def test_a_returned_case_takes_as_many_queries_with_one_item_as_with_three(stage, people):
    client, case = signed_in(people[Role.HANDLER]), make.brought_to("district", stage, people)
    items = [ReturnItem(target="slot:basic-1.proof", label="x", code="R03")]
    case = make.step(case, "return", people, by=people[Role.DISTRICT], items=items)
    due = {"case": 12, "profile": 9, "plan": 7, "basic": 12, "recommended": 12, "check": 14}
    assert counted(client, parts(case.matter.number, *PARTS)) == due
    enlarge(case, people)
    event = ReturnItem.objects.get().event
    for target in ("field:project", "profile:staff", "condition:basic-2"):
        ReturnItem.objects.create(event=event, target=target, label="x", code="R01")
    assert counted(client, parts(case.matter.number, *PARTS)) == due


def resubmitted(case, who):
    """Sent back and handed in once more, with something changed."""
    item = ReturnItem(target="field:project", label="x", code="R01")
    case = make.step(case, "return", who, by=who[Role.DISTRICT], items=[item])
    Application.objects.filter(pk=case.pk).update(project=f"项目{case.matter.round}")
    actions.mended(case, "field:project")
    return make.step(make.step(case, "to_certify", who), "submit", who)


def test_a_review_takes_as_many_queries_with_one_paper_as_with_three(stage, people):
    client, case = signed_in(people[Role.DISTRICT]), make.brought_to("district", stage, people)
    due = {"review": 18, "return": 11}
    assert counted(client, review(case.matter.number)) == due
    enlarge(case, people)
    resubmitted(case, people)
    due["return"] += 3  # what could be seen at the first return
    assert counted(client, review(case.matter.number)) == due


def test_a_case_on_its_way_takes_as_many_queries_for_its_enterprise(stage, people):
    client, case = signed_in(people[Role.HANDLER]), make.brought_to("district", stage, people)
    due = {"case": 11}
    assert counted(client, parts(case.matter.number)) == due
    enlarge(case, people)
    resubmitted(case, people)
    assert counted(client, parts(case.matter.number)) == due


BATCH = {"batch": "/applications/batch/"}
SHEETS = {name: f"/applications/batch/summary/{name}" for name in ("", "file/", "export/")}


def sheets(number) -> dict[str, str]:
    return {name: f"/applications/{number}/papers/form/{name}" for name in ("", "file/")}


def test_papers_and_batches_take_as_many_queries_for_one_row_as_for_three(stage, people):
    client, numbers = signed_in(people[Role.BUREAU_APPROVER]), []
    for number in range(3):
        here, them = make.people_of(stage, make.enterprise(stage.north), people)
        case = make.brought_to("passed", here, them)
        numbers.append(f"n={case.matter.number}")
        if number in (0, 2):
            assert counted(client, BATCH) == {"batch": 6}
            picked = {name: f"{url}?{'&'.join(numbers)}" for name, url in SHEETS.items()}
            assert counted(client, picked) == {"": 5, "file/": 4, "export/": 4}
            assert counted(client, sheets(case.matter.number)) == {"": 10, "file/": 9}
        if number == 0:
            enlarge(case, people)
            assert counted(client, sheets(case.matter.number)) == {"": 10, "file/": 9}


ONE_ROW = {
    "suitability": "/guide/testcity/national/check/",
    "setting": "/settings/A2/",
    "guide of a type": "/guide/testcity/national/",
}
CHANGED = {"chain": "/chains/robotics/", "setting": "/settings/A2/"}
OWN = {"desk": "/desk/", "profile": "/enterprise/", "people": "/enterprise/people/", "new": "/applications/new/"}
OWN |= {"guide": "/guide/", "account": "/account/", "papers": "/enterprise/papers/"}


def records(station, enterprise) -> dict[str, str]:
    base = f"/stations/{station}/"
    return {"station": base, "year": f"{base}recruits/2026/", "enterprise": f"/enterprises/{enterprise}/"}


def test_a_page_with_its_history_takes_as_many_queries_for_one_change_as_for_three(stage, people):
    by = people[Role.BUREAU_HANDLER]
    for number in range(3):
        amend(stage.chain, {"name": f"链{number}"}, key="robotics", by=by, reason="x")
        setting = Setting.objects.get(code="A2")
        amend(setting, {"value": ["national", "branch"][: number % 2 + 1]}, key="A2", by=by, reason="x")
        if number in (0, 2):
            assert counted(signed_in(by), CHANGED) == {"chain": 6, "setting": 6}


def test_other_single_pages(stage, people):
    officer, unit = signed_in(people[Role.DISTRICT]), signed_in(people[Role.HANDLER])
    due = {"setting": 6, "suitability": 7, "guide of a type": 9, "station": 21, "year": 7, "enterprise": 13}
    own = {"desk": 17, "papers": 9, "profile": 6, "people": 7, "new": 7, "guide": 6, "account": 6}
    for number in range(3):
        kind = make.application_type(
            stage.pack, stage.clause, f"t{number}", StationKind.DOCTOR_STATION, "recognise", []
        )
        case = make.filled(stage, people[Role.HANDLER], kind=kind)
        case = make.step(make.step(case, "to_certify", people), "submit", people)
        kinds = ("overseas", "branch", "regional")  # of a branch one more asks for its main station
        row = make.station(stage, people[Role.BUREAU_APPROVER], owner=stage.enterprise, kind=StationKind(kinds[number]))
        code = stage.enterprise.organisation.code
        a_page_of_rows(row, stage.enterprise)
        if number in (0, 2):
            assert counted(officer, ONE_ROW | records(row.matter.number, code)) == due
            assert counted(unit, OWN) == own
        make.user(Role.CERTIFIER, organisation=stage.enterprise.organisation)
        IndustryChain.objects.create(pack=stage.pack, code=f"c{number}", name=f"链{number}")
        condition = Condition.objects.create(
            type=stage.upward, code=f"x{number}", group="basic", title="x", summary="x", clause=stage.clause
        )
        Slot.objects.create(condition=condition, code="proof", title="x")


PAIRED = {"pairing": "/pairing/", "pairing, exported": "/pairing/export/", "api: pairings": "/api/v1/pairings/"}


def test_the_pairing_takes_as_many_queries_for_one_line_as_for_three(stage, people):
    client = signed_in(people[Role.BUREAU_HANDLER])
    for number in range(3):
        a_case_and_a_station(stage, people)
        if number in (0, 2):
            assert counted(client, PAIRED) == {"pairing": 7, "pairing, exported": 4, "api: pairings": 4}


def met(demand, match, university) -> dict[str, str]:
    addresses = {"demand": f"/demands/{demand}/", "match": f"/matches/{match}/"}
    return addresses | {"university": f"/universities/{university}/"}


def test_a_demand_takes_as_many_queries_with_one_match_as_with_three(stage, people):
    wanted, university = make.demand(stage, people), make.university(stage)
    client, due = signed_in(people[Role.DISTRICT]), {"demand": 13, "match": 8, "university": 10}
    for number in range(3):
        flow = make.flow(stage, owner=university, discipline=f"081{number}")
        flow.chains.set([stage.chain])
        make.flow(stage)
        row = make.match(stage, people, wanted=wanted, flow_=flow)
        for _n in range(number):
            make.contact(row, people[Role.HANDLER])
        wanted.refresh_from_db()
        if number in (0, 2):
            assert counted(client, met(wanted.matter.number, row.matter.number, university.pk)) == due


# --- the reserve pool --------------------------------------------------------------------------

POOL = {
    "pool": "/pool/",
    "pool, filtered": "/pool/?tier=b&status=growing&q=TE",
    "pool, exported": "/pool/export/",
    "api: pool": "/api/v1/pool/",
}
POOL_OWN = {"own pool": "/pool/own/"}
POOL_QUERIES = {
    "pool": 8,
    "pool, filtered": 8,
    "pool, exported": 7,
    "api: pool": 5,
    "entry": 14,
    "its own": 10,
    "own pool": 14,
}


CANDIDATES = {
    "candidates": "/pool/candidates/",
    "candidates, filtered": "/pool/candidates/?tag=high_tech&rd=municipal&short=3",
    "candidates, exported": "/pool/candidates/export/",
}


def test_candidates_take_as_many_queries_for_one_as_for_three(stage, people):
    maker = signed_in(people[Role.BUREAU_HANDLER])
    special = PoolBasis.objects.get(pack=stage.pack, code="special")
    PoolBasisCriterion.objects.create(basis=special, fact="is_special", lookup="exact", value=True)
    for number in range(3):
        make.enterprise(stage.north, chain=stage.chain)
        if number in (0, 2):
            assert counted(maker, CANDIDATES) == {
                "candidates": 7,
                "candidates, filtered": 7,
                "candidates, exported": 6,
            }


def pool_entry_pages(number) -> dict[str, str]:
    return {"entry": f"/pool/{number}/"}


def test_the_pool_takes_as_many_queries_for_one_entry_as_for_three(stage, people):
    officer = signed_in(people[Role.DISTRICT])
    for number in range(3):
        here, them = make.people_of(stage, make.enterprise(stage.north, chain=stage.chain), people)
        row = make.pool_entry("growing", here, them)
        for _n in range(number):
            make.measure(row, people[Role.DISTRICT])
        if number in (0, 2):
            page = pool_entry_pages(row.matter.number)
            found = counted(officer, POOL | page) | counted(signed_in(people[Role.HANDLER]), POOL_OWN)
            assert found | {"its own": counted(signed_in(them[Role.HANDLER]), page)["entry"]} == POOL_QUERIES
        condition = Condition.objects.create(
            type=stage.upward, code=f"x{number}", group="basic", title="x", summary="x", clause=stage.clause, order=9
        )
        ConditionCriterion.objects.create(condition=condition, fact="staff", lookup="gte", value=number)
        Slot.objects.create(condition=condition, code="proof", title="x")


WORKBOOK = {"workbook": "/imports/{}/?show=all"}


def test_the_look_at_a_workbook_takes_as_many_queries_for_one_row_as_for_three(stage, people):
    officer = people[Role.DISTRICT]
    head = {"row": 1, "rows": 3, "names": ["code"], "labels": ["代码"], "unused": [], "sheet": "x", "others": []}
    counts = {"new": 3, "changed": 0, "same": 0, "wrong": 0, "double": 0}
    row = Batch.objects.create(kind="stations", name="x", by=officer, state="ready", head=head, counts=counts)
    for number in range(3):
        Line.objects.create(batch=row, number=number, cells=["x"], outcome="new")
        if number in (0, 2):
            assert counted(signed_in(officer), {"workbook": WORKBOOK["workbook"].format(row.pk)}) == {"workbook": 7}


# --- evaluation --------------------------------------------------------------------------------


def rounds_and_sheets(round_: str, sheet: str) -> dict[str, str]:
    return {
        "rounds": "/evaluations/",
        "round": f"/evaluations/{round_}/",
        "round, exported": f"/evaluations/{round_}/export/",
        "sheet": f"/assessments/{sheet}/",
        "figure": f"/assessments/{sheet}/figures/recruits/",
        "return": f"/assessments/{sheet}/return/",
    }


def test_an_evaluation_takes_as_many_queries_for_one_station_as_for_three(stage, people):
    client, rows, whose = signed_in(people[Role.BUREAU_HANDLER]), [], {}
    due = {"rounds": 7, "round": 8, "round, exported": 8, "sheet": 11, "figure": 8, "return": 8}
    evaluating.counting(evaluating.scheme(stage))
    for number in range(3):
        owner = make.enterprise(stage.north)
        whose[owner.pk] = make.people_of(stage, owner, people)[1]
        rows.append(make.station(stage, people[Role.BUREAU_APPROVER], owner=owner, approved_on=date(2020, 1, 1)))
        if number in (0, 2):
            round_ = evaluating.started(stage, people)
            for sheet in round_.sheets.select_related("station"):
                evaluating.brought(sheet, "review", whose[sheet.station.enterprise_id])
            round_ = evaluating.step(evaluating.step(round_, "end_reports", people), "begin_review", people)
            first = round_.sheets.order_by("pk").first()
            assert counted(client, rounds_and_sheets(round_.matter.number, first.matter.number)) == due


# --- standing ----------------------------------------------------------------------------------


def standing_pages(case: str) -> dict[str, str]:
    return {
        "radar": "/standing/?view=all",
        "radar, exported": "/standing/export/?view=all",
        "case": f"/standing/{case}/",
        "letter": f"/standing/{case}/letter/",
        "letter, file": f"/standing/{case}/letter/file/",
        "api: standing": "/api/v1/standing/",
    }


OPENING = "/stations/{}/clocks/idle/"


def test_standing_takes_as_many_queries_for_one_station_as_for_three(stage, people):
    client = signed_in(people[Role.BUREAU_HANDLER])
    due = {"radar": 9, "radar, exported": 7, "case": 18, "letter": 7, "letter, file": 6, "api: standing": 6}
    standing_cases.clock(stage)
    for number in range(3):
        row = standing_cases.idle(stage, people, owner=make.enterprise(stage.north))
        case = standing_cases.reminded(stage, people, row)
        for year in range(number):
            standing_cases.Recruits.objects.create(
                station=row, year=2028 + year, entered=1, counted_on=date(2028 + year, 12, 31), source="x",
                recorded_on=date(2030, 1, 1),
            )  # fmt: skip
        fresh = standing_cases.idle(stage, people, owner=make.enterprise(stage.north))
        if number in (0, 2):
            assert counted(client, standing_pages(case.matter.number)) == due
            assert counted(client, {"open": OPENING.format(fresh.matter.number)}) == {"open": 15}
            Job.objects.all().delete()  # nothing waits to be read: the radar is what is kept
            radar.keep(stage.pack, on=localdate())
            assert counted(client, {"radar": "/standing/?view=all"}) == {"radar": 8}


# --- portrait, consultations, branches ---------------------------------------------------------


def portraits(station) -> dict[str, str]:
    base = f"/stations/{station}/portrait/"
    return {"portrait": base} | {part: f"{base}{part}/" for part in ("figures", "lines", "dates")}


def test_a_portrait_takes_as_many_queries_for_one_row_as_for_three(stage, people):
    due = {"portrait": 22, "figures": 6, "lines": 12, "dates": 11}
    row = make.station(stage, people[Role.BUREAU_APPROVER], owner=stage.enterprise, approved_on=date(2020, 1, 2))
    evaluating.started(stage, people)
    for number in range(3):
        a_case_and_a_station(stage, people)
        Partner.objects.create(station=row, university="x", flow_station=f"x{number}", since=make.ON, until=A_YEAR)
        Certificate.objects.create(
            enterprise=stage.enterprise, tag=f"x{number}", number="x", since=make.ON, until=A_YEAR
        )
        make.demand(stage, people)
        make.talk(stage, people, status="assigned")
        if number in (0, 2):
            assert counted(signed_in(people[Role.DISTRICT]), portraits(row.matter.number)) == due


def talk_pages(number) -> dict[str, str]:
    return {"talk": f"/talks/{number}/"}


def test_a_consultation_takes_as_many_queries_with_one_step_as_with_three(stage, people):
    row, client = make.talk(stage, people, status="assigned"), signed_in(people[Role.BUREAU_HANDLER])
    for number in range(3):
        row = make.talk_step(row, "reassign", people)
        row.participants.add(*Organisation.objects.filter(pack=stage.pack)[: number + 1])
        consultations.keep_minutes(row, make.upload(), by=people[Role.BUREAU_HANDLER])
        if number in (0, 2):
            assert counted(client, talk_pages(row.matter.number)) == {"talk": 12}


def stay_pages(number, person) -> dict[str, str]:
    return {"stay": f"/postdocs/{number}/", "entry": f"/postdocs/{number}/entry/", "person": f"/people/{person}/"}


def test_a_stay_takes_as_many_queries_with_one_paper_as_with_three(stage, people):
    """On its way in, as its handler sees it; and in station, with milestones."""
    handler = people[Role.HANDLER]
    row = staying.told(stage, people)
    inside = staying.brought_to("here", stage, people, at=row.station, values={"planned_until": date(2030, 1, 1)})
    for number in range(3):
        staying.paper(stage, f"p{number}", months=6)
        for stay in (row, inside):
            stays.cite(stay, f"paper.p{number}", make.upload(), by=handler)
        staying.milestone(inside, "annual", date(2026, 6, 1 + number), handler)
        if number in (0, 2):
            assert counted(signed_in(handler), stay_pages(row.matter.number, row.person_id)) == STAY_QUERIES
            page = {"inside": f"/postdocs/{inside.matter.number}/"}
            assert counted(signed_in(handler), page) == {"inside": 23}


STAY_QUERIES = {"stay": 17, "entry": 19, "person": 11}


def outcome_pages(number) -> dict[str, str]:
    return {"outcome": f"/outcomes/{number}/", "edit": f"/outcomes/{number}/edit/", "new": "/outcomes/new/paper/",
            "many": "/outcomes/many/paper/", "kinds": "/outcomes/new/"}  # fmt: skip


def test_an_outcome_takes_as_many_queries_with_one_owner_as_with_three(stage, people):
    """As its handler writes it, with the forms of a new one; and as its district reads it."""
    by = people[Role.HANDLER]
    stay = recording.entered(stage, people)
    row = recording.recorded(stay, by, kind="paper")
    given = recording.waiting(stay, people)
    for number in range(3):
        outcomes.join(
            row, [(recording.entered(stage, people, at=stay.station, name=f"名{number}"), 2)], by=by, on=make.ON
        )
        outcomes.cite(row, make.upload(), by=by)
        recording.waiting(stay, people)  # of the same title: to be compared
        if number in (0, 2):
            assert counted(signed_in(by), outcome_pages(row.matter.number)) == OUTCOME_QUERIES
            page = {"read": f"/outcomes/{given.matter.number}/", "return": f"/outcomes/{given.matter.number}/return/"}
            assert counted(signed_in(people[Role.DISTRICT]), page) == {"read": 11, "return": 7}


OUTCOME_QUERIES = {"outcome": 9, "edit": 12, "new": 9, "many": 14, "kinds": 4}


def test_a_claim_takes_as_many_queries_with_one_paper_as_with_three(stage, people):
    """As its handler fills it in, and as its bureau decides it, with three conditions judged."""
    codes = [{"code": f"judged-{n}", "title": "由人看"} for n in range(3)]
    granting.living(stage, conditions=[*granting.ENTERED, *codes], papers=("a", "b", "c"))
    row = granting.begun(stage, people)
    page = {"claim": f"/claims/{row.matter.number}/"}
    assert counted(signed_in(people[Role.HANDLER]), page) == {"claim": 14}
    row = granting.brought_to("handling", stage, people, row)
    for number in range(3):
        claims.find(row, f"judged-{number}", True, note="", by=people[Role.BUREAU_HANDLER], on=make.ON)
        granting.proved(row, people[Role.HANDLER])
        if number in (0, 2):
            assert counted(signed_in(people[Role.BUREAU_HANDLER]), page) == {"claim": 16}


def card_pages(person, station) -> dict[str, str]:
    return {"person": f"/people/{person}/card/", "station": f"/stations/{station}/card/"}


UNCLAIMED = {
    "entitlements": "/entitlements/?part=missing",
    "entitlements, exported": "/entitlements/export/?part=missing",
    "calendar": "/entitlements/calendar/",
    "calendar, exported": "/entitlements/calendar/export/",
}


def test_cards_and_those_who_have_not_claimed_take_as_many_queries_for_one_as_for_three(stage, people):
    """Three people on the lists; one person with three schemes and a claim on each."""
    at, officer, found = staying.station(stage, people), people[Role.BUREAU_HANDLER], []
    first = staying.brought_to("here", stage, people, at=at)
    for number in range(3):
        granting.version(
            stage,
            granting.scheme(stage, f"s{number}", title=f"项目{number}"),
            conditions=[*granting.ENTERED, {"code": "judged", "title": "由人看"}],
            instalments=[
                {"number": 1, "opens": "entered_on", "share": 50},
                {"number": 2, "opens": "planned_until", "share": 50},
            ],
        )
        born, until = date(1990, 1, number + 1), {"planned_until": localdate() + A_DAY}
        staying.brought_to("here", stage, people, at=at, number=staying.paper_number(born), values=until)
        claims.begin(first, f"s{number}", 1, by=people[Role.HANDLER], on=localdate())
        sweep(stage.pack, on=localdate())
        if number in (0, 2):
            pages = card_pages(first.person_id, first.station.matter.number)
            found.append(counted(signed_in(officer), UNCLAIMED) | counted(signed_in(people[Role.HANDLER]), pages))
    assert found == [UNCLAIMED_QUERIES, UNCLAIMED_QUERIES]


UNCLAIMED_QUERIES = {
    **{"entitlements": 10, "entitlements, exported": 8, "calendar": 7, "calendar, exported": 5},
    **{"person": 20, "station": 9},
}


def scheme_pages(draft) -> dict[str, str]:
    draft_page = f"/schemes/living/{draft}/"
    pages = {"schemes": "/schemes/", "schemes, exported": "/schemes/export/", "scheme": "/schemes/living/"}
    pages |= {"draft": draft_page, "edit": f"{draft_page}edit/", "impact": f"{draft_page}impact/?basis=all"}
    return pages | {"impact, exported": f"{draft_page}impact/export/?basis=all"}


def test_schemes_take_as_many_queries_with_one_condition_and_person_as_with_three(stage, people):
    row = granting.living(stage)
    draft = granting.version(stage, row.scheme, since=date(2026, 7, 1), state="draft", amount=180_000)
    at = staying.station(stage, people)
    for number in range(3):
        staying.brought_to("here", stage, people, at=at, number=staying.paper_number())
        for version in (row, draft):
            version.boundaries.create(name=f"用例{number}", given={"entered_on": "2026-01-01"}, expect="met")
            about = {"fact": "in_service", "lookup": "exact", "value": False, "clause": stage.clause}
            version.conditions.create(code=f"own-{number}", title="x", **about)
            version.papers.create(code=f"more-{number}", title="x")
        granting.version(stage, granting.scheme(stage, f"other-{number}"))
        if number in (0, 2):
            found = counted(signed_in(people[Role.BUREAU_HANDLER]), scheme_pages(draft.pk))
            assert found == SCHEME_QUERIES


SCHEME_QUERIES = {
    "schemes": 9, "schemes, exported": 7, "scheme": 26, "draft": 41, "edit": 23, "impact": 31, "impact, exported": 29,
}  # fmt: skip


def served_pages(visit, request) -> dict[str, str]:
    return {"visit": f"/visits/{visit}/", "request": f"/requests/{request}/"}


def test_a_visit_and_a_request_take_as_many_queries_for_one_row_as_for_three(stage, people):
    officer = people[Role.DISTRICT]
    visit, row = serving.found_on_a_visit(stage, people, staying.station(stage, people))
    for number in range(3):
        about = {"content": "x", "owner": None, "due_on": None, "by": officer, "on": make.ON}
        services.note_need(visit, serving.service(stage), **about)
        if number == 0:
            row = serving.step(row, "accept", stage, officer)
        row = serving.step(row, ("pass", "repass", "repass")[number], stage, officer)
        if number in (0, 2):
            pages = served_pages(visit.pk, row.matter.number)
            assert counted(signed_in(officer), pages) == {"visit": 9, "request": 9}


LEFT = {
    "destinations": "/destinations/?view=district",
    "destinations, exported": "/destinations/export/?view=district",
    "by entry": "/destinations/?view=entry",
    "follow-ups": "/destinations/due/",
    "follow-ups, exported": "/destinations/due/export/",
    "differences": "/filing/",
    "differences, exported": "/filing/export/",
}
LEFT_QUERIES = {
    **{"destinations": 8, "destinations, exported": 6, "by entry": 7},
    **{"follow-ups": 7, "follow-ups, exported": 6, "differences": 7, "differences, exported": 5},
}


def test_destinations_take_as_many_queries_for_one_who_left_as_for_three(stage, people):
    officer = people[Role.DISTRICT]
    Setting.objects.create(
        pack=stage.pack, code="followup.months", title="x", why="x", kind="choices", value=["6"], options={"6": "6"}
    )
    at = staying.station(stage, people)
    for number in range(3):
        row = staying.brought_to("left", stage, people, at=at)
        left = localdate() - timedelta(200 + number)
        Stay.objects.filter(pk=row.pk).update(entered_on=left - timedelta(700), ended_on=left, certificate_number="")
        Destination.objects.create(stay=row, type="host", in_city=True, told_on=left)
        Difference.objects.create(kind="there", stay=row, district=stage.north, name="x", by=officer, told_on=make.ON)
        Batch.objects.create(kind="filing", name="x", by=officer, state="ready")
        if number in (0, 2):
            assert counted(signed_in(officer), LEFT) == LEFT_QUERIES


def own_pages(person) -> dict[str, str]:
    return {"me": "/me/", "career": f"/people/{person}/career/"}


READ = {"disclosures": "/disclosures/", "disclosures, exported": "/disclosures/export/"}
ALIKE = {"duplicates": "/people/duplicates/"}


def test_people_take_as_many_queries_with_one_row_as_with_three(stage, people):
    """The postdoc's own page with career and who looked; the auditor's list; the bureau's pairs."""
    at = staying.station(stage, people)
    mine = staying.brought_to("here", stage, people, at=at, values={"planned_until": date(2030, 1, 1)})
    me = make.user(Role.POSTDOC, district=stage.root)
    Person.objects.filter(pk=mine.person_id).update(user=me)
    for number in range(3):
        staying.brought_to("here", stage, people, at=at, name="重名", number=staying.paper_number(date(1990, 1, 1)))
        if number == 0:
            staying.brought_to("here", stage, people, at=at, name="重名", number=staying.paper_number(date(1990, 1, 1)))
        since = date(2010 + number, 1, 1)
        CareerRow.objects.create(
            person=mine.person, kind="work", standing="staff", place="x", since=since, until=since + 31 * A_DAY
        )
        disclosures.show(
            mine.person.papers.get(),
            matter=mine.matter,
            purpose="filing",
            note="",
            by=people[Role.DISTRICT],
            on=make.ON,
        )
        if number in (0, 2):
            assert counted(signed_in(me), own_pages(mine.person_id)) == {"me": 16, "career": 9}
            assert counted(signed_in(people[Role.AUDITOR]), READ) == {"disclosures": 6, "disclosures, exported": 5}
            assert counted(signed_in(people[Role.BUREAU_HANDLER]), ALIKE) == {"duplicates": 8}


def told_pages(place) -> dict[str, str]:
    keys = rostering.keys(place.enterprise.organisation_id)
    pages = {sort: f"/{sort}s/{keys[sort]}/" for sort in ("doctor", "talent", "selection")}
    return pages | {"unit": f"/insurance/{keys['unit']}/", "unit, exported": f"/insurance/{keys['unit']}/export/"}


def test_told_rows_and_a_unit_s_lists_take_as_many_queries_for_one_row_as_for_three(stage, people):
    by, station = people[Role.BUREAU_HANDLER], staying.station(stage, people)
    rostering.around(stage, people, station)
    for number in range(3):
        if number in (0, 2):
            assert counted(signed_in(people[Role.HANDLER]), told_pages(stage)) == TOLD_QUERIES
        months = {f"2026-0{month}": True for month in range(1, 4 + number)}
        rostering.insured(stage.enterprise, staying.paper_number(), by, months, name="x")
        rostering.programme(stage, f"p{number}")


TOLD_QUERIES = {"doctor": 7, "talent": 7, "selection": 7, "unit": 6, "unit, exported": 5}


def inside_pages(number, asked) -> dict[str, str]:
    return {"inside": f"/postdocs/{number}/inside/", "asked": f"/asked/{asked}/"}


def test_what_happens_inside_takes_as_many_queries_with_one_row_as_with_three(stage, people):
    handler = people[Role.HANDLER]
    stay = staying.brought_to("here", stage, people, values={"planned_until": date(2030, 1, 1)})
    row = asking.asked(stay, people, planned_until=date(2031, 1, 1))
    for number in range(3):
        asking.asked(stay, people, "topic", at="filed", topic=f"题目{number}")
        Grant.objects.create(stay=stay, programme="city", title="x", year=2026, recorded_on=make.ON)
        if number in (0, 2):
            pages = inside_pages(stay.matter.number, row.matter.number)
            assert counted(signed_in(handler), pages) == {"inside": 11, "asked": 8}


def main_pages(number) -> dict[str, str]:
    return {"branches": f"/stations/{number}/branches/", "exported": f"/stations/{number}/branches/export/"}


def test_a_main_station_takes_as_many_queries_with_one_branch_as_with_three(stage, people):
    chief = people[Role.BUREAU_APPROVER]
    main = make.station(stage, chief, kind=StationKind.REGIONAL, approved_on=date(2020, 1, 2))
    for number in range(3):
        row = make.station(stage, chief, kind=StationKind.BRANCH)
        MainStation.objects.create(station=row, main=main, since=make.ON)
        if number in (0, 2):
            assert counted(signed_in(chief), main_pages(main.matter.number)) == {"branches": 9, "exported": 8}


MONEY = {
    "budgets": "/budgets/",
    "ledger": "/ledger/",
    "forecast": "/forecast/",
    "forecast, exported": "/forecast/export/",
    "payments": "/payments/",
}
MONEY_QUERIES = {
    **{"budgets": 6, "ledger": 15, "forecast": 12, "forecast, exported": 10, "payments": 7},
    **{"budget": 9, "budget, exported": 7, "new": 6, "payment": 11, "release": 10},
}


def money_pages(line, budget, number) -> dict[str, str]:
    return {
        "budget": f"/budgets/{budget}/",
        "budget, exported": f"/budgets/export/?budget={budget}",
        "new": f"/payments/new/{line}/",
        "payment": f"/payments/{number}/",
        "release": f"/payments/{number}/release/",
    }


def test_money_takes_as_many_queries_for_one_claim_as_for_three(stage, people):
    client = signed_in(make.user(Role.BUREAU_HANDLER, Role.BUREAU_APPROVER, district=stage.root))
    for number in range(3):
        paying.payable(stage, people)
        more = paying.payable(stage, people, count=number + 1)
        row = paying.handed_over(stage, people, more)
        if number in (0, 2):
            budget = Budget.objects.get()
            pages = MONEY | money_pages(budget.line_id, budget.pk, row.matter.number)
            assert counted(client, pages) == MONEY_QUERIES


# --- nothing is left out -----------------------------------------------------------------------

WITHOUT_ROWS = {
    *("home", "healthz", "readyz", "session", "set_language", "schema"),
    *("login", "logout", "totp", "verify", "join", "password_change"),
    *("password_reset", "password_reset_done", "password_reset_confirm"),
    *("matter", "watch", "hand", "present", "notices_read", "notice_open", "official_end"),  # they lead elsewhere
    "stations:people_end",
    *("file", "file_page", "job", "job_file", "document_file", "document_attach"),
    *("import_new", "import_template", "import_apply", "import_undo", "import_mistakes"),
    *(
        "stations:registration",
        "stations:waiting",
        "stations:registration_move",
        "stations:registration_case",
    ),  # one row
    *(
        f"stations:application_{name}"
        for name in ("answer", "upload", "remove", "explain", "certify", "verdict", "copy", "visit")
    ),
    *("stations:application_move", "stations:station_move"),  # the form of one step
    *("stations:demand_move", "stations:match_move", "stations:demand_propose", "stations:match_contact"),
    *("stations:match_agreement", "stations:university_link", "stations:university_unlink"),
    *("stations:demand_new", "stations:demand_edit", "stations:pairing_propose", "stations:pairing_line"),
    *("stations:university_new", "stations:university_edit", "stations:university_flow"),
    *("stations:station_rename", "stations:station_row", "stations:station_row_edit", "stations:happening"),  # one row
    *("stations:enterprise_row", "stations:enterprise_row_edit"),
    *(f"stations:standing_{name}" for name in ("move", "remedy", "done", "opinion")),
    "stations:recruits_confirm",
    *("stations:evaluation_new", "stations:evaluation_move", "stations:evaluation_grades"),
    *(f"stations:assessment_{name}" for name in ("move", "upload", "remove", "explain", "refill")),
    *("api_demand-detail", "api_match-detail", "api_evaluation-detail", "api_assessment-detail"),
    *("api_application-detail", "api_station-detail", "api_pool-detail"),
    *("api_standing-detail", "api_consultation-detail", "api_postdoc-detail"),
    *(f"postdocs:{name}" for name in ("stay_new", "stay_upload", "stay_remove", "stay_move", "stay_return")),
    *("postdocs:milestone_new", "postdocs:milestone_check", "postdocs:match"),
    *(f"postdocs:outcome_{name}" for name in ("join", "upload", "remove", "move", "return")),
    *("api_outcome-detail", "api_destination-detail", "api_request-detail"),
    *("view_new", "view", "view_remove"),  # one row
    *("subsidies:card", "subsidies:card_file", "subsidies:person_card_file", "subsidies:station_card_file"),
    *("subsidies:prepare", "subsidies:calculator"),  # the card again; a button; the same schemes for everybody
    *("subsidies:scheme_draft", "subsidies:version_case", "subsidies:version_move"),  # one step
    *(f"subsidies:{name}" for name in ("scheme_new", "scheme_found", "scheme_tell", "version_case_edit")),  # one row
    *(f"subsidies:claim_{name}" for name in ("new", "payee", "account", "upload", "remove", "find", "move", "return")),
    *("subsidies:recoveries", "subsidies:recoveries_export", "subsidies:recovery_answer"),  # test_recoveries.py
    *("subsidies:money", "subsidies:money_export"),  # tests/subsidies/test_boards.py
    *(f"subsidies:claim_objections{end}" for end in ("", "_answer", "_file")),  # tests/subsidies/test_publicity.py
    *("subsidies:claim_decision", "subsidies:claim_decision_json"),  # tests/subsidies/test_decisions.py
    *("api_claim-list", "api_claim-detail", "api_entitlement-list"),  # tests/subsidies/test_api.py
    *("api_scheme-list", "api_scheme-detail", "api_budget-list", "api_batch-list", "api_batch-detail"),
    *(f"subsidies:payment_{name}" for name in ("add", "remove", "result", "results", "move", "dissolve", "list")),
    *("subsidies:budget_new", "subsidies:budget_change", "subsidies:payment_letter"),
    *(
        "postdocs:visit_new",
        "postdocs:visit_need",
        "postdocs:visit_file",
        "postdocs:request_new",
        "postdocs:request_move",
    ),
    *("postdocs:destination", "postdocs:follow_up"),  # forms of one step
    *("postdocs:difference", "postdocs:reconciled"),  # tests/postdocs/test_filing.py
    *("postdocs:career_edit", "postdocs:career_strike", "postdocs:paper", "postdocs:person_search"),  # one row
    *(
        "postdocs:duplicate",
        "postdocs:apart",
        "postdocs:merge_undo",
        "postdocs:told_twice",
        "postdocs:difference",
        "postdocs:postdoc_invite",
    ),
    *(f"postdocs:{sort}_{name}" for sort in ("doctor", "talent", "selection") for name in ("new", "remove")),
    *(f"postdocs:{sort}s_confirm" for sort in ("doctor", "talent", "selection")),
    *(f"postdocs:{name}" for name in ("ask", "asked_edit", "asked_move", "inside_row", "inside_row_edit")),  # one form
    "api_publicity-list",  # tests/stations/test_api.py
    *("stations:talk_new", "stations:talk_move", "stations:talk_minutes"),
    *("stations:pool_new", "stations:pool_return", "stations:pool_move"),  # forms of one step
    *(f"stations:pool_{name}" for name in ("plan", "correct", "verdict", "done")),
    *("stations:publicity", "stations:publicity_round", "stations:objections"),  # tests/stations/test_publicity.py
    *("stations:objections_answer", "stations:objections_file"),
    *(f"targets:{name}" for name in ("duties", "duties_export", "duty_year", "duty")),  # tests/targets/test_duties.py
    *(f"targets:occurrence{end}" for end in ("", "_progress", "_move", "_proof")),
    *("targets:activities", "targets:activities_export", "targets:activity"),  # tests/targets/test_activities.py
    *(f"targets:activity_{name}" for name in ("new", "edit", "results", "move", "sign_in", "off", "keep", "paper")),
    *(f"api_{name}-{page}" for name in ("duty", "activity") for page in ("list", "detail")),
    *("reminders", "absence_back", "stations:window", "stations:window_strike"),
    *("stations:behalf_new", "stations:application_help", "stations:application_helping"),
    *("targets:return_open", "targets:return_back", "targets:return_move"),  # forms of one step
    *("targets:return_file", "targets:return_file_remove", "targets:return_sealed", "targets:return_paper_file"),
    *("targets:department_report", "targets:reading_file"),  # tests/targets/test_reported.py
    *("targets:report_subscription_end", "targets:report_picture", "targets:report_move"),
    *("targets:draft_publish", "targets:draft_drop"),
}


def return_pages(quarter: int, number: str, code: str) -> dict[str, str]:
    case = f"/returns/{number}/"
    return {
        "returns": "/returns/",
        "quarter": f"/returns/quarters/{quarter}/",
        "return": case,
        "exported": f"{case}export/",
        "paper": f"{case}paper/",
        "changes": f"{case}changes/",
        "changes, exported": f"{case}changes/export/",
        "api: returns": "/api/v1/returns/",
        "api: return": f"/api/v1/returns/{number}/",
        "departments": "/departments/",
        "department": f"/departments/{code}/",
        "readings": "/readings/plan/RE/",
        "api: readings": "/api/v1/readings/",
    }


RETURN_QUERIES = {
    "returns": 5,
    "quarter": 6,
    "return": 11,
    "exported": 8,
    "paper": 10,
    "changes": 15,
    "changes, exported": 14,
    "api: returns": 7,
    "api: return": 7,
    "departments": 10,
    "department": 12,
    "readings": 7,
    "api: readings": 4,
}


def test_pages_of_returns_take_as_many_queries_for_one_row_as_for_three(stage, people):
    """The differences take two statements for each indicator, whatever the number of its rows."""
    plan = Plan.objects.get()
    Indicator.objects.filter(code="RE").update(departments=["人社局"])
    Organisation.objects.filter(kind="bureau", pack=stage.pack).update(name="测试市人力资源和社会保障局")
    row = returning.opened(stage, people, plan)
    row = returning.handed_in(row, people)
    returning.quarterly.move(row, "confirm", by=people[Role.BUREAU_HANDLER], on=returning.ON)
    client = signed_in(people[Role.BUREAU_HANDLER])
    urls = return_pages(row.quarter_id, row.matter.number, f"office-{stage.root.code}")
    for number in range(3):
        make.bare_stations([make.Life(stage.north, date(2026, 5, 1 + number), owner=number)])
        read(stage, people, number + 1)
        if number == 1:
            south = row.quarter.returns.get(district=stage.south)
            returning.confirmed(south, people | {Role.DISTRICT: people["other_district"]})
        if number in (0, 2):
            assert counted(client, urls) == RETURN_QUERIES


def test_every_address_is_counted_or_shows_no_rows():
    tables = [LISTS, ADMIN, BOARDS, ONE_ROW, CHANGED, OWN, records("TE-WS-2026-0001", "x"), PAIRED]
    tables += [met("TE-XQ-2026-0001", "TE-DJ-2026-0001", 1), {"workbook": "/imports/1/"}]
    tables += [MAP, portraits("TE-WS-2026-0001"), talk_pages("TE-HS-2026-0001"), main_pages("TE-WS-2026-0001")]
    tables += [paper_pages(1), SEEN_BY_OTHERS, return_pages(1, "TE-JB-2026-0001", "x")]
    tables += [{"told": "/doctors/1/", "t": "/talents/1/", "s": "/selections/1/"}]
    tables += [{"unit": "/insurance/1/", "exported": "/insurance/1/export/"}]
    tables += [stay_pages("TE-BH-2026-0001", "00000000-0000-4000-8000-000000000000")]
    tables += [outcome_pages("TE-CG-2026-0001")]
    tables += [served_pages(1, "TE-FW-2026-0001")]
    tables += [{"claim": "/claims/TE-ZJ-2026-0001/"}, UNCLAIMED, scheme_pages(1)]
    tables += [card_pages("00000000-0000-4000-8000-000000000000", "TE-WS-2026-0001")]
    tables += [MONEY, money_pages(1, 1, "TE-BF-2026-0001")]
    tables += [own_pages("00000000-0000-4000-8000-000000000000"), READ, ALIKE]
    tables += [inside_pages("TE-BH-2026-0001", "TE-YQ-2026-0001")]
    tables += [BATCH, SHEETS, sheets("TE-SZ-2026-0001")]
    tables += [LEFT, BATCH, SHEETS, sheets("TE-SZ-2026-0001")]
    tables += [CANDIDATES, POOL, POOL_OWN, pool_entry_pages("TE-CB-2026-0001")]
    tables += [parts("TE-SZ-2026-0001", *PARTS), review("TE-SZ-2026-0001")]
    tables += [rounds_and_sheets("TE-PG-2026-0001", "TE-PB-2026-0001")]
    tables += [report_pages("TE-BS-2026-0001"), {"program": "/api/v1/reports/TE-BS-2026-0001/figures/"}]
    tables += [standing_pages("TE-DT-2026-0001"), {"open": OPENING.format("TE-WS-2026-0001")}]
    found = {resolve(url.partition("?")[0]).view_name for table in tables for url in table.values()}
    assert sorted(found & WITHOUT_ROWS) == []
    assert found | WITHOUT_ROWS == {name for name, _view in walked()}
