"""Lists, the rules, and the look at a workbook."""

from datetime import timedelta

from django.utils.timezone import localdate, now

from portal.models import Batch, Clause, Document, Invitation, Job, Line, Notice, Relation, Role, Setting
from stations.models import IndustryChain, StationKind
from tests import make
from tests.queries.counting import A_DAY, a_case_and_a_station, counted, signed_in

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
