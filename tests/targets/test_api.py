"""Figures by program: the same numbers as the pages, no data is null, nothing of what one may not see."""

from datetime import date

import pytest
from django.test import Client

from portal.models import Role
from targets.plans import indicators
from tests import make
from tests.make import Life

URL = "/api/v1/plans/plan/figures/"


def api(user):
    client = Client()
    client.force_login(user, "portal.accounts.Backend")
    return client


@pytest.fixture
def plan(city):
    row = make.plan(city)
    make.indicator(row, city, code="ST", name="工作站", unit="家")
    make.indicator(row, city, code="RE", source="", awaiting="记录尚未启用", starts="", stops="")
    return row


def test_each_figure_has_these_names_and_values(plan, city, people):
    make.bare_stations([Life(city.north, date(2025, 3, 1)), Life(city.south, date(2025, 4, 1), owner=1)])
    rows = api(people[Role.AUDITOR]).get(URL, {"on": "2025-12-31"}).json()
    assert rows == [
        {
            "code": "ST",
            "name": "工作站",
            "kind": "level",
            "unit": "家",
            "district": "testcity",
            "target": "100.00",
            "value": "2.00",
            "pace": "50.00",
            "gap": "98.00",
            "state": "behind",
            "as_of": "2025-12-31",
        },
        {
            "code": "RE",
            "name": "工作站",
            "kind": "level",
            "unit": "家",
            "district": "testcity",
            "target": "100.00",
            "value": None,
            "pace": None,
            "gap": None,
            "state": "none",
            "as_of": "2025-12-31",
        },
    ]


def test_the_figures_are_those_of_the_pages(plan, city, people):
    make.bare_stations([Life(city.north, date(2025, 3, 1)), Life(city.south, date(2025, 4, 1), owner=1)])
    for who, place in ((Role.AUDITOR, city.root), (Role.DISTRICT, city.north)):
        client = api(people[who])
        due = indicators.figures(plan, [place], date(2026, 3, 5))
        rows = client.get(URL, {"on": "2026-03-05"}).json()
        assert [(row["code"], row["district"], row["value"]) for row in rows] == [
            (f.indicator.code, place.code, None if f.value is None else f"{f.value:.2f}") for f in due.values()
        ]
        page = client.get("/targets/plan/ST/", {"on": "2026-03-05"})
        assert f"{page.context['figure'].value:.2f}" == rows[0]["value"]


def test_a_plan_of_another_city_is_not_found(plan, city, people):
    elsewhere = make.city("othercity")
    make.plan(elsewhere, code="theirs")
    client = api(people[Role.AUDITOR])
    foreign, none = (client.get(f"/api/v1/plans/{code}/figures/") for code in ("theirs", "nothing"))
    assert (foreign.status_code, foreign.content) == (none.status_code, none.content) == (404, foreign.content)


@pytest.mark.parametrize("who", [Role.HANDLER, Role.FINANCE_MAKER, Role.SYSTEM_ADMIN, Role.POSTDOC, "nobody"])
def test_who_sees_no_figures_is_refused(who, plan, people):
    assert api(people[who]).get(URL).status_code == 403


def test_stations_and_applications_have_these_names(city, people):
    case = make.brought_to("approved", city, people)
    client = api(people[Role.AUDITOR])
    (row,) = client.get("/api/v1/applications/").json()["results"]
    changed = row.pop("changed_at")
    assert changed.startswith("20")
    assert row == {
        "number": case.matter.number,
        "type": "national",
        "enterprise": str(city.enterprise),
        "code": city.enterprise.organisation.code,
        "district": "testcity-north",
        "status": "approved",
        "route": "upward",
        "filed_on": "2026-06-01",
        "due_on": None,
    }
    (row,) = client.get("/api/v1/stations/").json()["results"]
    row.pop("changed_at")
    assert row == {
        "number": "TE-WS-2026-0001",
        "name": f"{city.enterprise}国家级博士后科研工作站",
        "enterprise": str(city.enterprise),
        "code": city.enterprise.organisation.code,
        "district": "testcity-north",
        "kind": "national",
        "level": "national",
        "chain": None,
        "status": "valid",
        "approved_on": "2026-06-01",
        "approval_document": "测〔2026〕9号",
        "approver": "省级",
        "ended_on": None,
        "end_document": "",
    }
    assert (
        client.get("/api/v1/stations/TE-WS-2026-0001/").json() | row
        == client.get("/api/v1/stations/TE-WS-2026-0001/").json()
    )


def test_the_schema_names_every_address(client):
    paths = client.get("/api/v1/schema/", HTTP_ACCEPT="application/json").content.decode()
    for path in ("/api/v1/applications/", "/api/v1/stations/{number}/", "/api/v1/plans/{plan}/figures/"):
        assert path in paths
