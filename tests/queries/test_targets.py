"""Dashboards, reports and returns of figures."""

from datetime import date

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from portal.models import Job, Organisation, Role, Setting
from stations.models import Station
from targets.models import Indicator, Plan, Report, Subscription
from targets.plans import indicators
from tests import make
from tests.queries.counting import a_case_and_a_station, counted, read, signed_in
from tests.targets import returning

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
