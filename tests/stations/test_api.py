"""Stations by program: the rows and filters of the pages, as of a day, since a moment, and nobody's telephone."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils.timezone import now

from portal.models import Matter, Role
from stations.models import (
    ApplicationWindow,
    Certificate,
    EnterpriseEvent,
    Evaluation,
    Honour,
    MainStation,
    Manager,
    OverseasStudio,
    Partner,
    Plate,
    Recruits,
    ResearchOrganisation,
    SalaryPromise,
    Sheet,
    StationDiscipline,
    StationKind,
    StationName,
    Supervisor,
)
from stations.standing import actions as standing
from tests import make
from tests.queries.counting import counted
from tests.stations import evaluating, standing_cases

SINCE = date(2025, 1, 1)
ROWS = {
    "supervisors": (Supervisor, {"name": "张三", "title": "研究员", "field": "控制", "phone": "13800000009"}),
    "disciplines": (StationDiscipline, {"code": "0811"}),
    "partners": (Partner, {"university": "某大学", "flow_station": "控制"}),
    "managers": (Manager, {"name": "李四", "phone": "13800000009"}),
    "salaries": (SalaryPromise, {"amount": 300_000}),
    "plates": (Plate, {}),
    "overseas-studios": (OverseasStudio, {"country": "德国", "host": "某所", "reach": "13800000009"}),
    "certificates": (Certificate, {"tag": "high_tech", "number": "GR1"}),
    "research-organisations": (ResearchOrganisation, {"name": "研究院", "level": "none"}),
}


def api(user):
    client = Client()
    client.force_login(user, "portal.accounts.Backend")
    return lambda path, **query: client.get(f"/api/v1/{path}/", query)


def results(answer) -> list[dict]:
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()["results"]


@pytest.fixture
def station(city, people):
    return make.station(city, people[Role.BUREAU_APPROVER], owner=city.enterprise, approved_on=date(2024, 1, 1))


@pytest.mark.parametrize("path", ROWS)
def test_dated_rows_are_those_of_a_day_and_of_whom_one_may_see(path, city, people, station):
    model, values = ROWS[path]
    of_station = hasattr(model, "station")
    owner = {"station": station} if of_station else {"enterprise": city.enterprise}
    model.objects.create(**owner, **values, since=SINCE, until=SINCE + timedelta(30))
    asked = api(people[Role.DISTRICT])
    (row,) = results(asked(path))
    key, name = (station.matter.number, "station") if of_station else (city.enterprise.organisation.code, "enterprise")
    assert (row[name], row["since"], row["until"]) == (key, "2025-01-01", "2025-01-31")
    assert "13800000009" not in str(row)
    assert len(results(asked(path, on="2025-01-30", **{name: key}))) == 1
    assert results(asked(path, on="2025-01-31")) == results(asked(path, **{name: "x"})) == []
    assert len(results(asked(path, updated_since=(now() - timedelta(minutes=1)).isoformat()))) == 1
    assert results(asked(path, updated_since=(now() + timedelta(minutes=1)).isoformat())) == []
    assert asked(path, on="gestern").status_code == 400
    assert results(api(people["other_district"])(path)) == results(api(people["other_unit"])(path)) == []


def test_former_names_main_stations_and_what_befell_an_enterprise(city, people, station):
    chief = people[Role.BUREAU_APPROVER]
    branch = make.station(city, chief, kind=StationKind.BRANCH, approved_on=SINCE)
    main = make.station(city, chief, kind=StationKind.REGIONAL, approved_on=SINCE)
    MainStation.objects.create(station=branch, main=main, since=SINCE)
    StationName.objects.create(station=station, name="旧名", until=SINCE, document="文")
    EnterpriseEvent.objects.create(
        enterprise=city.enterprise, kind="moved", on=SINCE, document="文", before="a", after="b"
    )
    asked = api(people[Role.AUDITOR])
    assert [(r["station"], r["main"]) for r in results(asked("main-stations"))] == [
        (branch.matter.number, main.matter.number)
    ]
    assert [(r["name"], r["until"]) for r in results(asked("station-names"))] == [("旧名", "2025-01-01")]
    assert [(r["kind"], r["after"]) for r in results(asked("enterprise-events", on="2025-01-01"))] == [("moved", "b")]
    assert results(asked("enterprise-events", on="2024-12-31")) == []


def test_enterprises_are_narrowed_by_what_they_are(city, people):
    asked = api(people[Role.AUDITOR])
    (row,) = results(asked("enterprises", code=city.enterprise.organisation.code))
    assert (row["name"], row["staff"], row["tags"]) == (city.enterprise.organisation.name, 200, ["high_tech"])
    assert "contact" not in str(row)
    assert results(asked("enterprises", tag="unicorn")) == []


def test_the_register_by_program_is_that_of_the_day(city, people, station):
    asked = api(people[Role.AUDITOR])
    EnterpriseEvent.objects.create(
        enterprise=city.enterprise, kind="renamed", on=date(2026, 1, 1), document="文", before="从前的名字", after="x"
    )
    assert results(asked("stations", on="2023-12-31")) == []
    assert [r["enterprise"] for r in results(asked("stations", on="2025-01-01"))] == ["从前的名字"]
    assert [r["status"] for r in results(asked("stations"))] == ["valid"]
    Matter.objects.filter(pk=station.matter_id).update(changed_at=now() - timedelta(days=3))
    assert results(asked("stations", updated_since=(now() - timedelta(days=1)).isoformat())) == []


def test_demands_matches_and_universities_by_program(city, people):
    match = make.match(city, people)
    asked = api(people[Role.DISTRICT])
    numbers = {r["number"] for r in results(asked("demands"))}
    assert match.demand.matter.number in numbers
    one = asked(f"demands/{match.demand.matter.number}").json()
    assert (one["disciplines"], "contact" in str(one)) == (match.demand.disciplines, False)
    (row,) = results(asked("matches"))
    assert (row["demand"], row["university"]) == (match.demand.matter.number, match.flow.university.name)
    schools = {r["name"]: r["flows"] for r in results(asked("universities"))}
    assert results(asked("universities", signed="true")) == []
    assert [f["discipline"] for f in schools[match.flow.university.name]] == [match.flow.discipline]
    draft = make.demand(city, people, status="draft")
    assert draft.matter.number not in {r["number"] for r in results(asked("demands"))}
    assert draft.matter.number in {r["number"] for r in results(api(people[Role.HANDLER])("demands"))}


def test_a_result_is_nobodys_before_it_is_published(city, people, station):
    evaluating.scheme(city)
    round_ = evaluating.started(city, people)
    sheet = round_.sheets.get(station=station)
    grade = round_.scheme.grades.order_by("order").first()
    Sheet.objects.filter(pk=sheet.pk).update(grade=grade, final_score="91.50", status="scored")
    for who in (Role.BUREAU_HANDLER, Role.DISTRICT, Role.HANDLER):
        (row,) = results(api(people[who])("assessments"))
        assert (row["station"], row["grade"], row["grade_title"], row["score"]) == (
            station.matter.number, None, None, None,
        )  # fmt: skip
    Sheet.objects.filter(pk=sheet.pk).update(decision={"rank": 1})
    (row,) = results(api(people[Role.HANDLER])("assessments", evaluation=round_.matter.number))
    assert (row["grade"], row["score"]) == (grade.code, "91.50")
    assert [r["number"] for r in results(api(people[Role.AUDITOR])("evaluations"))] == [round_.matter.number]


def test_recruits_are_those_counted_by_a_day(city, people, station):
    for year, n in ((2024, 0), (2025, 3)):
        end = date(year, 12, 31)
        Recruits.objects.create(
            station=station, year=year, entered=n, counted_on=end, source="备案表", recorded_on=end, by=people[Role.HANDLER]
        )  # fmt: skip
    asked = api(people[Role.DISTRICT])
    assert [(r["year"], r["entered"], r["present"]) for r in results(asked("recruits"))] == [
        (2025, 3, None),
        (2024, 0, None),
    ]
    assert [r["year"] for r in results(asked("recruits", on="2025-01-01", station=station.matter.number))] == [2024]
    assert [r["year"] for r in results(asked("recruits", year=2025))] == [2025]
    assert results(asked("recruits", updated_since="2026-01-01T08:00:00+08:00")) == []
    Recruits.objects.filter(year=2024).update(confirmed_on=date(2026, 1, 1), confirmed_by=people[Role.DISTRICT])
    assert [r["year"] for r in results(asked("recruits", updated_since="2026-01-01T08:00:00+08:00"))] == [2024]
    assert results(api(people["other_unit"])("recruits")) == results(api(people["other_district"])("recruits")) == []


def test_a_case_of_standing_hides_the_districts_opinion_from_the_enterprise(city, people):
    case = standing_cases.begun(city, people)
    standing.opine(case, verdict=False, note="在招", by=people[Role.DISTRICT], on=make.ON)
    (row,) = results(api(people[Role.BUREAU_HANDLER])("standing", status="rectifying", rule="idle"))
    assert (row["number"], row["rectify_by"]) == (case.matter.number, "2026-12-31")
    assert row["opinion"] == {"agrees": False, "note": "在招", "since": make.ON.isoformat()}
    own = api(people[Role.HANDLER])(f"standing/{case.matter.number}").json()
    assert (own["station"], own["opinion"]) == (case.station.matter.number, None)
    assert "在招" not in str(own)
    for stranger in ("other_unit", "other_district"):
        assert results(api(people[stranger])("standing")) == []
        assert api(people[stranger])(f"standing/{case.matter.number}").status_code == 404


def test_consultations_by_program_are_those_of_the_list(city, people):
    row = make.talk(city, people, status="concluded")
    (told,) = results(api(people[Role.DISTRICT])("consultations", topic="recruiting", status="concluded"))
    assert (told["number"], told["side"], told["conclusion"]) == (row.matter.number, "unit", "联合招聘")
    assert told["enterprise"] == city.enterprise.organisation.name
    assert results(api(people[Role.AUDITOR])("consultations", late="late")) == [told]  # its day is long past
    assert results(api(people["other_unit"])("consultations")) == []
    assert results(api(people[Role.DISTRICT])("consultations", updated_since="2099-01-01T08:00:00+08:00")) == []


def test_batches_are_those_of_ones_city_and_open_on_a_day(city, people):
    for place in (city, make.city("othercity")):
        ApplicationWindow.objects.create(
            pack=place.pack, type=place.upward, code="b", title="第一批", since=SINCE, until=SINCE + timedelta(30)
        )
    asked = api(people[Role.HANDLER])
    assert [(r["type"], r["until"]) for r in results(asked("windows"))] == [(city.upward.code, "2025-01-31")]
    assert len(results(asked("windows", on="2025-01-30"))) == 1
    assert results(asked("windows", on="2025-01-31")) == results(asked("windows", type="x")) == []


def test_what_is_public_is_so_for_everybody_and_takes_as_many_queries_for_three_as_for_one(city, people, station):
    evaluating.scheme(city)
    client = Client()
    client.force_login(people["other_unit"], "portal.accounts.Backend")
    assert results(api(people["other_unit"])("publicity")) == []
    for n in range(3):
        make.station(
            city, people[Role.BUREAU_APPROVER], owner=make.enterprise(city.north), approved_on=date(2020, 1, 2)
        )
        evaluating.started(city, people)
        Evaluation.objects.update(status="publicity", publicity_since=make.ON, publicity_until=make.ON)
        if n in (0, 2):
            assert counted(client, {"publicity": "/api/v1/publicity/"}) == {"publicity": 5}
    rows = results(api(people["other_unit"])("publicity"))
    assert [len(r["results"]) for r in rows] == [4, 3, 2]
    assert (rows[0]["since"], rows[0]["published_on"]) == (make.ON.isoformat(), None)
    assert station.matter.number in {r["station"] for r in rows[0]["results"]}
    assert results(api(people["other_unit"])("publicity", updated_since="2099-01-01T08:00:00+08:00")) == []


def test_titles_are_those_held_on_a_day_and_the_pairing_is_the_bureaus(city, people, station):
    title = {"station": station, "code": "excellent", "title": "优秀", "document": "测1号"}
    Honour.objects.create(**title, awarded_on=SINCE, ended_on=date(2026, 1, 1), end_document="测2号")
    Honour.objects.create(**title, awarded_on=date(2026, 1, 1))
    asked = api(people[Role.HANDLER])
    assert [row["awarded_on"] for row in results(asked("honours"))] == ["2026-01-01", "2025-01-01"]
    assert [row["ended_on"] for row in results(asked("honours", on="2025-12-31"))] == ["2026-01-01"]
    assert results(api(people["other_district"])("honours")) == []
    line = make.pairing(city, people[Role.BUREAU_HANDLER])
    (told,) = results(api(people[Role.BUREAU_APPROVER])("pairings", kept="false"))
    assert (told["code"], told["university"]) == (line.enterprise.organisation.code, str(line.university))
    assert asked("pairings").status_code == 403


def test_the_schema_names_every_endpoint(people):
    client = Client()
    client.force_login(people[Role.AUDITOR], "portal.accounts.Backend")
    text = client.get("/api/v1/schema/").content.decode()
    for path in (*ROWS, "stations", "applications", "pool", "demands", "matches", "universities", "evaluations",
                 "assessments", "honours", "pairings", "enterprises", "enterprise-events", "main-stations", "station-names", "recruits",
                 "standing", "consultations", "windows", "publicity"):  # fmt: skip
        assert f"/api/v1/{path}/" in text
