"""A station with its registers, matching, evaluation, standing and consultations."""

from datetime import date

from django.utils.timezone import localdate

from portal.models import Job, Organisation, Role, Setting
from portal.rules import amend
from stations.consultations import actions as consultations
from stations.models import Certificate, Condition, IndustryChain, MainStation, Partner, Slot, StationKind
from stations.standing import radar
from tests import make
from tests.queries.counting import a_case_and_a_station, a_page_of_rows, counted, signed_in
from tests.queries.test_lists import A_YEAR
from tests.stations import evaluating, standing_cases

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
