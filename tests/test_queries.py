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
    Clause,
    Confirmation,
    Document,
    Evidence,
    Invitation,
    Job,
    Notice,
    ReturnItem,
    Role,
    Setting,
    Watch,
    Workday,
)
from portal.rules import amend
from stations import actions
from stations.models import (
    Answer,
    Application,
    Condition,
    ConditionCriterion,
    IndustryChain,
    Slot,
    Station,
    StationKind,
)
from targets import indicators
from targets.models import Indicator, Plan, Reading
from tests import make
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
    make.indicator(row, city, code="ST")
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
    make.station(city, who[Role.BUREAU_APPROVER], owner=make.enterprise(city.north, chain=city.chain))
    Watch.objects.create(user=who[Role.DISTRICT], matter=case.matter)
    read(city, who, Station.objects.count())


A_DAY = timedelta(1)
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
    "notices": "/notices/",
    "jobs": "/jobs/",
    "settings": "/settings/",
    "chains": "/chains/",
    "documents": "/policy/",
    "guide": "/guide/",
    "plans": "/targets/plans/",
    "api: applications": "/api/v1/applications/",
    "api: stations": "/api/v1/stations/",
}
LIST_QUERIES = {
    "work": 6,
    "watched": 6,
    "search": 7,
    "applications": 7,
    "applications, filtered": 7,
    "applications, exported": 4,
    "stations": 8,
    "stations, exported": 4,
    "notices": 7,
    "jobs": 5,
    "settings": 6,
    "chains": 5,
    "documents": 6,
    "guide": 5,
    "plans": 6,
    "api: applications": 4,
    "api: stations": 4,
}


def test_a_list_takes_as_many_queries_for_one_row_as_for_three(stage, people):
    officer = people[Role.DISTRICT]
    client = signed_in(officer)
    for number in range(3):
        a_case_and_a_station(stage, people)
        Job.objects.create(kind="recompute", asked_by=officer)
        Notice.objects.create(user=officer, text="x")
        if number in (0, 2):
            assert counted(client, LISTS) == LIST_QUERIES
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


BOARDS = {
    "dashboard": "/targets/",
    "plan": "/targets/plan/",
    "plan, exported": "/targets/plan/export/",
    "indicator": "/targets/plan/ST/",
    "coverage": "/targets/plan/CV/",
    "reported": "/targets/plan/RE/",
    "indicator, exported": "/targets/plan/ST/export/",
    "split": "/targets/plan/ST/split/",
    "api: figures": "/api/v1/plans/plan/figures/",
}
BOARD_QUERIES = {
    "dashboard": 13,
    "plan": 12,
    "plan, exported": 10,
    "indicator": 11,
    "coverage": 10,
    "reported": 10,
    "indicator, exported": 6,
    "split": 10,
    "api: figures": 9,
}


def test_a_dashboard_takes_as_many_queries_for_one_row_as_for_three(stage, people):
    client = signed_in(people[Role.BUREAU_APPROVER])
    for number in range(3):
        a_case_and_a_station(stage, people)
        make.indicator(Plan.objects.get(), stage)
        indicators.recompute(localdate())
        if number in (0, 2):
            assert counted(client, BOARDS) == BOARD_QUERIES


def test_a_dashboard_of_another_day_is_computed_in_a_fixed_number_of_queries(stage, people):
    client = signed_in(people[Role.BUREAU_APPROVER])
    urls = {"dashboard": "/targets/?on=2026-06-15", "indicator": "/targets/plan/ST/?on=2026-06-15"}
    due = {"dashboard": 19, "indicator": 16}
    for number in range(3):
        a_case_and_a_station(stage, people)
        make.indicator(Plan.objects.get(), stage)
        if number in (0, 2):
            assert counted(client, urls) == due


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
    due = {"case": 9, "profile": 8, "plan": 6, "basic": 11, "recommended": 11, "check": 11}
    assert counted(client, parts(case.matter.number, *PARTS)) == due
    enlarge(case, people)
    assert counted(client, parts(case.matter.number, *PARTS)) == due


def test_a_returned_case_takes_as_many_queries_with_one_item_as_with_three(stage, people):
    client, case = signed_in(people[Role.HANDLER]), make.brought_to("district", stage, people)
    items = [ReturnItem(target="slot:basic-1.proof", label="x", code="R03")]
    case = make.step(case, "return", people, by=people[Role.DISTRICT], items=items)
    due = {"case": 10, "profile": 9, "plan": 7, "basic": 12, "recommended": 12, "check": 12}
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
    due = {"review": 15, "return": 10}
    assert counted(client, review(case.matter.number)) == due
    enlarge(case, people)
    resubmitted(case, people)
    assert counted(client, review(case.matter.number)) == due


def test_a_case_on_its_way_takes_as_many_queries_for_its_enterprise(stage, people):
    client, case = signed_in(people[Role.HANDLER]), make.brought_to("district", stage, people)
    due = {"case": 9}
    assert counted(client, parts(case.matter.number)) == due
    enlarge(case, people)
    resubmitted(case, people)
    assert counted(client, parts(case.matter.number)) == due


ONE_ROW = {"setting": "/settings/A2/", "guide of a type": "/guide/testcity/national/"}
CHANGED = {"chain": "/chains/robotics/", "setting": "/settings/A2/"}
OWN = {"desk": "/desk/", "profile": "/enterprise/", "people": "/enterprise/people/", "new": "/applications/new/"}
OWN |= {"guide": "/guide/", "account": "/account/"}


def records(station, enterprise) -> dict[str, str]:
    return {"station": f"/stations/{station}/", "enterprise": f"/enterprises/{enterprise}/"}


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
    due = {"setting": 6, "guide of a type": 8, "station": 7, "enterprise": 7}
    own = {"desk": 10, "profile": 6, "people": 7, "new": 6, "guide": 5, "account": 6}
    for number in range(3):
        kind = make.application_type(
            stage.pack, stage.clause, f"t{number}", StationKind.DOCTOR_STATION, "recognise", []
        )
        case = make.filled(stage, people[Role.HANDLER], kind=kind)
        case = make.step(make.step(case, "to_certify", people), "submit", people)
        kinds = ("branch", "overseas", "regional")
        row = make.station(stage, people[Role.BUREAU_APPROVER], owner=stage.enterprise, kind=StationKind(kinds[number]))
        code = stage.enterprise.organisation.code
        if number in (0, 2):
            assert counted(officer, ONE_ROW | records(row.matter.number, code)) == due
            assert counted(unit, OWN) == own
        make.user(Role.CERTIFIER, organisation=stage.enterprise.organisation)
        IndustryChain.objects.create(pack=stage.pack, code=f"c{number}", name=f"链{number}")
        condition = Condition.objects.create(
            type=stage.upward, code=f"x{number}", group="basic", title="x", summary="x", clause=stage.clause
        )
        Slot.objects.create(condition=condition, code="proof", title="x")


# --- nothing is left out -----------------------------------------------------------------------

WITHOUT_ROWS = {
    *("home", "healthz", "readyz", "session", "set_language", "schema"),
    *("login", "logout", "totp", "verify", "join", "password_change"),
    *("password_reset", "password_reset_done", "password_reset_confirm"),
    *("matter", "watch", "notices_read", "notice_open", "official_end"),  # they lead elsewhere
    *("file", "file_page", "job", "job_file"),
    "stations:registration",
    *(f"stations:application_{name}" for name in ("answer", "upload", "remove", "explain", "certify", "verdict")),
    *("stations:application_move", "stations:station_move"),  # the form of one step
    *("api_application-detail", "api_station-detail"),
}


def test_every_address_is_counted_or_shows_no_rows():
    tables = [LISTS, ADMIN, BOARDS, ONE_ROW, CHANGED, OWN, records("TE-WS-2026-0001", "x")]
    tables += [parts("TE-SZ-2026-0001", *PARTS), review("TE-SZ-2026-0001")]
    found = {resolve(url.partition("?")[0]).view_name for table in tables for url in table.values()}
    assert sorted(found & WITHOUT_ROWS) == []
    assert found | WITHOUT_ROWS == {name for name, _view in walked()}
