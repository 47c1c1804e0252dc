"""Builders: plain functions that make the smallest true thing, free of surprise. Every value can be given."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from stdnum.cn.uscc import calc_check_digit

from portal import uploads
from portal.models import (
    Ancestry,
    Appointment,
    Clause,
    District,
    Document,
    Guard,
    Matter,
    Organisation,
    Pack,
    ReturnItem,
    Role,
    Setting,
    User,
)
from portal.models.people import UNIT
from stations.applications import actions, lifecycle
from stations.consultations import actions as consultations_actions
from stations.consultations import lifecycle as consultations
from stations.demands import actions as demand_actions
from stations.demands import lifecycle as demand_lifecycle
from stations.demo import demo_pdf
from stations.evaluation import actions as evaluation
from stations.models import (
    Application,
    ApplicationType,
    Condition,
    Consultation,
    Contact,
    Demand,
    Enterprise,
    Evaluation,
    FlowStation,
    IndustryChain,
    Match,
    Measure,
    Pairing,
    PoolBasis,
    PoolEntry,
    Registration,
    Sheet,
    Slot,
    StandingCase,
    Station,
    StationKind,
    University,
    UniversityName,
)
from stations.pool import actions as pool_actions
from stations.pool import lifecycle as pool
from stations.register import lifecycle as register_lifecycle
from stations.registrations import actions as registrations
from targets.models import Indicator, Plan, Target

ON = date(2026, 6, 1)  # the Monday on which most tests play
numbers = count(1)


@dataclass
class City:
    """What `city()` makes; `north` and `south` are districts, `upward` and `own` application types."""

    pack: Pack
    root: District
    north: District
    south: District
    east: District
    clause: Clause
    chain: IndustryChain
    upward: ApplicationType
    own: ApplicationType
    enterprise: Enterprise


def district(code: str, parent: District | None = None, name: str = "") -> District:
    """A district with its ancestry."""
    place = District.objects.filter(parent=parent).count()
    row = District.objects.create(
        code=code,
        name=name or code,
        parent=parent,
        depth=parent.depth + 1 if parent else 0,
        path_order=f"{parent.path_order if parent else ''}{place:03d}.",
    )
    for up in [row, *(District.objects.above(parent) if parent else [])]:
        Ancestry.objects.create(node=row, ancestor=up)
    return row


def city(code: str = "testcity") -> City:
    """A pack with three districts, one clause, working-day promises, guards and two application types."""
    root = district(code, name="测试市")
    north, south, east = (district(f"{code}-{n}", root, n) for n in ("north", "south", "east"))
    pack = Pack.objects.create(code=code, name="测试市", bureau="测试市人社局", prefix=code[:2].upper(), root=root)
    paper = Document.objects.create(pack=pack, code="paper", title="测试文件", number="测〔2026〕1号", issuer="测试市")
    clause = Clause.objects.create(document=paper, number="一", summary="要点")
    for kind, place in (
        (Organisation.Kind.BUREAU, root),
        *((Organisation.Kind.DISTRICT_OFFICE, d) for d in (north, south, east)),
    ):
        organisation(kind=kind, district=place, code=f"office-{place.code}", pack=pack, phone="0512-00000000")
    promises = (("days.district", 5), ("days.bureau", 10), ("days.approval", 5), ("days.correction", 10))
    Setting.objects.bulk_create(
        Setting(pack=pack, code=setting, title=setting, why="测试", kind="integer", value=days)
        for setting, days in promises
    )
    Setting.objects.create(
        pack=pack,
        code="A2",
        title="算哪些站",
        why="测试",
        kind="choices",
        options={"national": "国家级", "branch": "分站", "base_city": "市级基地"},
        value=["national", "branch"],
    )
    chain = IndustryChain.objects.create(pack=pack, code="robotics", name="机器人", name_en="Robotics")
    guards(pack, clause)
    for basis, focus in (("special", True), ("seedling", False)):
        PoolBasis.objects.create(pack=pack, code=basis, title=basis, focus=focus, clause=clause)
    upward = application_type(pack, clause, "national", StationKind.NATIONAL, "upward", ["市级", "省级"])
    own = application_type(pack, clause, "municipal", StationKind.BASE_CITY, "recognise", [])
    return City(pack, root, north, south, east, clause, chain, upward, own, enterprise(north))


def guards(pack: Pack, clause: Clause) -> None:
    rules = (
        ("to_certify", "classified", "exact", False),
        ("to_certify", "profile_missing", "lte", 0),
        ("to_certify", "basic_open", "lte", 0),
        ("to_certify", "recommended_ready", "gte", 1),
        ("to_certify", "recommended_open", "lte", 0),
        ("to_certify", "plan_missing", "lte", 0),
        ("submit", "truthful", "exact", True),
        ("recommend", "district_unjudged", "lte", 0),
        ("recommend", "district_unmet", "lte", 0),
        ("recommend", "district_recommended_met", "gte", 1),
        ("pass", "bureau_unmet", "lte", 0),
    )
    Guard.objects.bulk_create(
        Guard(pack=pack, lifecycle="application", action=action, fact=fact, lookup=lookup, value=value, clause=clause)
        for action, fact, lookup, value in rules
    )


def application_type(pack, clause, code, kind, route, levels) -> ApplicationType:
    """Two basic conditions and one recommended, each with a required document; the first has a welcome one too."""
    row = ApplicationType.objects.create(
        pack=pack, code=code, title=f"设立{kind.label}", kind=kind, route=route, levels=levels, clause=clause
    )
    conditions = Condition.objects.bulk_create(
        Condition(type=row, code=name, group=group, title=f"条件{name}", summary="要点", clause=clause, order=n)
        for n, (name, group) in enumerate((("basic-1", "basic"), ("basic-2", "basic"), ("rec-1", "recommended")))
    )
    proofs = [Slot(condition=condition, code="proof", title=f"证明{condition.code}") for condition in conditions]
    Slot.objects.bulk_create(
        [*proofs, Slot(condition=conditions[0], code="more", title="补充", required=False, order=1)]
    )
    return row


# --- people and organisations ------------------------------------------------------------------


def credit_code(number: int) -> str:
    body = f"91990000MA{number:07d}"
    return body + calc_check_digit(body)


def organisation(
    *, kind=Organisation.Kind.ENTERPRISE, district, code: str = "", name: str = "", **values
) -> Organisation:
    number = next(numbers)
    return Organisation.objects.create(
        code=code or credit_code(number), name=name or f"测试单位{number}", kind=kind, district=district, **values
    )


def enterprise(district: District, **values) -> Enterprise:
    """An enterprise whose profile is complete."""
    given = {
        "unit_type": "private",
        "legal_person": True,
        "address": "测试路1号",
        "industry": "C39",
        "revenue": Decimal("500000000"),
        "rd_spend": Decimal("48600000"),
        "staff": 200,
        "rd_staff": 40,
        "senior_staff": 4,
        "rd_name": "研发中心",
        "rd_level": "municipal",
        "contact": "联系人",
        "contact_phone": "13800000000",
        "tags": ["high_tech"],
    }
    owner = values.pop("organisation", None) or organisation(district=district)
    return Enterprise.objects.create(organisation=owner, **(given | values))


def user(*roles: Role, organisation=None, district=None, password: str = "", since=date(2020, 1, 1), **values) -> User:
    """A person with these roles: a unit's for the organisation, others for the district."""
    number = next(numbers)
    row = User(**{"username": f"u{number}", "name": f"人{number}", "phone": f"138{number:08d}"} | values)
    row.set_password(password or None)
    row.save()
    for role in roles:
        scope = {"organisation": organisation} if role in UNIT else {"district": district}
        Appointment.objects.create(user=row, role=role, since=since, **scope)
    return row


def people(place: City) -> dict[str, User]:
    """One person per role; district officers of the enterprise's district and of another."""
    own = place.enterprise.organisation
    found = {role: user(role, organisation=own, district=place.root) for role in Role if role != Role.DISTRICT}
    found[Role.DISTRICT] = user(Role.DISTRICT, district=place.north)
    found["other_district"] = user(Role.DISTRICT, district=place.south)
    stranger = enterprise(place.south)
    found["other_unit"] = user(Role.HANDLER, organisation=stranger.organisation)
    found["nobody"] = user()
    return found


# --- cases -------------------------------------------------------------------------------------


def pdf(title: str = "proof") -> bytes:
    return demo_pdf(title, str(next(numbers)))


def upload(name: str = "证明.pdf", content: bytes | None = None, media_type: str = "application/pdf"):
    return SimpleUploadedFile(name, pdf() if content is None else content, media_type)


def file(owner: Organisation, by: User, **values):
    return uploads.store(upload(**values), organisation=owner, by=by)


def draft(place: City, by: User, *, kind: ApplicationType | None = None, on: date = ON) -> Application:
    """An empty draft."""
    return actions.start(enterprise=place.enterprise, kind=kind or place.upward, by=by, on=on)


PLAN = {
    "supervisor": "导师",
    "supervisor_title": "正高级工程师",
    "supervisor_field": "控制",
    "recruits": 2,
    "project": "项目",
    "project_budget": Decimal("4200000"),
    "innovation": "创新",
    "partner": "某大学",
    "salary_promise": Decimal("300000"),
    "manager": "管理员",
    "manager_phone": "13800000001",
    "classified": False,
}


def filled(place: City, by: User, *, kind: ApplicationType | None = None, on: date = ON) -> Application:
    """A draft that lacks nothing."""
    case = draft(place, by, kind=kind, on=on)
    for answer in case.answers.select_related("condition"):
        actions.answer(case, answer.condition, claimed=True, statement="")
        for slot in Slot.objects.filter(condition=answer.condition, required=True).select_related("condition"):
            actions.cite(case, slot, file(place.enterprise.organisation, by), by=by)
    Application.objects.filter(pk=case.pk).update(**PLAN)
    return Application.objects.get(pk=case.pk)


PATH = ("to_certify", "submit", "recommend", "pass", "send_up", "approve")


def brought_to(
    status: str, place: City, who: dict, *, kind: ApplicationType | None = None, on: date = ON
) -> Application:
    """An application moved along the table to `status`, by the people whose steps they are."""
    case = filled(place, who[Role.HANDLER], kind=kind, on=on)
    ends = {"draft": 0, "certifying": 1, "district": 2, "bureau": 3, "passed": 4, "sent": 5, "approved": 6}
    path = list(PATH) if case.route == "upward" else ["to_certify", "submit", "recommend", "pass", "recognise"]
    if status == "approved" and case.route == "recognise":
        ends["approved"] = 5
    for action in path[: ends[status]]:
        case = step(case, action, who, on=on)
    return case


def step(case: Application, action: str, who: dict, *, on: date = ON, by: User | None = None, **values) -> Application:
    """One step by whoever's it is in these tests."""
    by = by or {
        "to_certify": who[Role.HANDLER],
        "submit": who[Role.CERTIFIER],
        "recommend": who[Role.DISTRICT],
        "send_up": who[Role.BUREAU_APPROVER],
        "recognise": who[Role.BUREAU_APPROVER],
    }.get(action, who[Role.BUREAU_HANDLER])
    if action == "submit":
        return actions.certify(case, by=by, on=on)
    if action == "recommend":
        judge_all(case, by, on=on)
    if action in ("approve", "recognise"):
        values.setdefault("details", {"document": "测〔2026〕9号", "document_on": on.isoformat()})
    return lifecycle.application.move(case, action, by=by, on=on, **values)


def judge_all(case: Application, by: User, *, verdict: bool | None = True, on: date = ON) -> None:
    for answer in case.answers.filter(claimed=True).select_related("condition"):
        actions.judge(case, answer.condition, verdict=verdict, note="", by=by, on=on)


def station(
    place: City | None, by: User, *, district=None, owner=None, kind=StationKind.NATIONAL, approved_on=ON, **values
) -> Station:
    """A station entered in the register, of `owner` or else of an enterprise of its own with these values."""
    if owner is None:
        assert place
        owner = enterprise(district or place.north, **values)
    return register_lifecycle.enter_station(
        owner,
        kind=kind,
        approved_on=approved_on,
        document="测〔2025〕1号",
        approver="省级",
        district=owner.organisation.district,
        by=by,
    )


def people_of(place: City, owner: Enterprise, who: dict, *, officer: str = Role.DISTRICT) -> tuple[City, dict]:
    """The same city and officials as another enterprise sees them, with two accounts of its own."""
    own = {
        Role.HANDLER: user(Role.HANDLER, organisation=owner.organisation),
        Role.CERTIFIER: user(Role.CERTIFIER, organisation=owner.organisation),
        Role.DISTRICT: who[officer],
    }
    return replace(place, enterprise=owner), who | own


# --- demands -----------------------------------------------------------------------------------


def university(place: City, **values) -> University:
    given = {"name": f"测试大学{next(numbers)}", "province": "江苏", "key": True, "phone": "0512-00000001"}
    return University.objects.create(pack=place.pack, **(given | values))


def flow(place: City, *, owner: University | None = None, discipline: str = "0812", **values) -> FlowStation:
    return FlowStation.objects.create(university=owner or university(place), discipline=discipline, **values)


WANTED = {
    "kind": "postdoc",
    "title": "缺陷检测",
    "description": "小样本机器视觉",
    "disciplines": ["0812"],
    "people": 1,
    "deadline": date(2027, 6, 30),
    "contact": "联系人",
    "contact_phone": "13800000000",
}


def demand(place: City, who: dict, *, status: str = "published", on: date = ON, **values) -> Demand:
    """A demand of `place.enterprise`, brought to draft, review or published by those whose steps they are."""
    row = Demand(enterprise=place.enterprise, **(WANTED | values))
    row = demand_actions.draft(row, by=who[Role.HANDLER], on=on)
    steps = [("submit", who[Role.HANDLER]), ("publish", who[Role.DISTRICT])]
    for action, by in steps[: ("draft", "review", "published").index(status)]:
        row = demand_lifecycle.demand.move(row, action, by=by, on=on)
    return row


def match(
    place: City, who: dict, *, status: str = "proposed", wanted: Demand | None = None, flow_: FlowStation | None = None
) -> Match:
    """A match on ON, brought to proposed, talking (they met), signed or entered by the enterprise's handler."""
    by = who[Role.HANDLER]
    row = demand_actions.propose(wanted or demand(place, who), flow_ or flow(place), channel="portal", by=by, on=ON)
    if status == "proposed":
        return row
    contact(row, by)
    row.refresh_from_db()
    for action in ("sign", "enter")[: ("talking", "signed", "entered").index(status)]:
        details = {"document_on": ON.isoformat(), "people": "1"}
        row = demand_lifecycle.match.move(row, action, by=by, on=ON, details=details)
    return row


def contact(row: Match, by: User, *, on: date = ON, today: date | None = None, **values) -> Contact:
    given = {"way": "meeting", "both": True, "result": "谈过"} | values
    return demand_actions.note_contact(row, Contact(on=on, **given), by=by, on=today or max(on, ON))


def pairing(place: City, by: User, **values) -> Pairing:
    given = {"pack": place.pack, "enterprise": place.enterprise, "by": by}
    return Pairing.objects.create(**(given | {"university": university(place)} | values))


@dataclass
class World:
    """Rows on both sides of every border. By letter:

    A was handed in by `city.enterprise` in the north and B by the other unit in the south; both wait for their
    district. D is a draft of A's enterprise, R a case of it that was sent back. C was handed in in another city.
    A, B and C have a station and an entry in the reserve pool too.
    A, B and C have a station too, a demand on the list and a match of another demand; the cities A and C a university
    and a line of a pairing.
    A, B and C have a station too, and each a sheet in its city's round of evaluation.
    These stations have been reminded by a clock, undertake something, and have told of one year. A, B and C have
    raised a problem; somebody is to enter each of the three stations, and somebody there brought forth an outcome.
    raised a problem; somebody is to enter each of the three stations, which were visited and asked for a service.
    The districts of A, B and C correct a return that was confirmed once.
    For each of the three stations its enterprise claims money; A and C have a city with a budget and a batch of payment.
    """

    city: City
    who: dict
    cases: dict[str, Application]
    stations: dict[str, Station]
    plans: dict[str, Plan]
    indicators: dict[str, Indicator]
    entries: dict[str, PoolEntry]
    demands: dict[str, Demand]
    matches: dict[str, Match]
    pairings: dict[str, Pairing]
    rounds: dict[str, Evaluation]
    sheets: dict[str, Sheet]
    standings: dict[str, StandingCase]
    talks: dict[str, Consultation]
    stays: dict[str, Any]
    registrations: dict[str, Registration]
    outcomes: dict[str, Any]
    served: dict[str, Any]
    claims: dict[str, Any]
    money: dict[str, Any]
    returns: dict[str, Any]
    reports: dict[str, Any]


def world() -> World:
    here = city()
    who = people(here)
    there = city("othercity")
    strangers = people(there)
    rival = Enterprise.objects.get(organisation__appointments__user=who["other_unit"])
    south, others = people_of(here, rival, who, officer="other_district")
    third = application_type(here.pack, here.clause, "third", StationKind.DOCTOR_STATION, "recognise", [])
    cases = {
        "A": brought_to("district", here, who),
        "B": brought_to("district", south, others),
        "C": brought_to("district", there, strangers),
        "D": filled(here, who[Role.HANDLER], kind=here.own),
        "R": brought_to("district", here, who, kind=third),
    }
    item = ReturnItem(target="slot:basic-1.proof", label="证明", code="R03", note="请重传")
    cases["R"] = step(cases["R"], "return", who, by=who[Role.DISTRICT], items=[item])
    stations = {
        "A": station(here, who[Role.BUREAU_APPROVER], owner=here.enterprise, kind=StationKind.BRANCH),
        "B": station(here, who[Role.BUREAU_APPROVER], owner=rival, kind=StationKind.BRANCH),
        "C": station(there, strangers[Role.BUREAU_APPROVER], owner=there.enterprise, kind=StationKind.BRANCH),
    }
    plans = {"A": plan(here), "C": plan(there, code="else")}
    for row in plans.values():
        period = {"since": date(2027, 1, 1), "until": date(2027, 12, 31), "state": "draft", "former": row}
        Plan.every.create(pack=row.pack, code=f"next-{row.code}", name="下一期", document=row.document, **period)
    indicators = {letter: indicator(row, here if letter == "A" else there, code="I") for letter, row in plans.items()}
    entries = {
        "A": pool_entry("growing", here, who),
        "B": pool_entry("growing", south, others),
        "C": pool_entry("growing", there, strangers),
    }
    flows = {"A": flow(here), "C": flow(there)}
    sides = {"A": (here, who, "A"), "B": (south, others, "A"), "C": (there, strangers, "C")}
    demands = {letter: demand(place, them) for letter, (place, them, _home) in sides.items()}
    matches = {letter: match(place, them, flow_=flows[home]) for letter, (place, them, home) in sides.items()}
    pairings = {
        letter: pairing(place, them[Role.BUREAU_HANDLER], university=flows[letter].university)
        for letter, (place, them, _home) in sides.items()
        if letter in flows
    }
    for row in pairings.values():
        UniversityName.objects.create(pack=row.pack, university=row.university, name="某某学院", on=ON, by=row.by)
    rounds = {letter: a_round(*city) for letter, city in (("A", (here, who)), ("C", (there, strangers)))}
    sheets = {letter: Sheet.objects.get(station=row) for letter, row in stations.items()}
    for sheet in sheets.values():
        by = User.objects.filter(appointments__organisation=sheet.matter.organisation_id).earliest("pk")
        evaluation.cite(sheet, "recruits", file(sheet.matter.organisation, by), by=by)
    homes = {"A": (here, who), "B": (here, who), "C": (there, strangers)}
    standings = {letter: reminded(*homes[letter], row) for letter, row in stations.items()}
    talks = {letter: talk(place, them) for letter, (place, them, _home) in sides.items()}
    found = (here, who, cases, stations, plans, indicators, entries, demands, matches, pairings, rounds, sheets)
    stays = {letter: entering(place, them, stations[letter]) for letter, (place, them, _home) in sides.items()}
    owners = {
        letter: enterprise(place.enterprise.organisation.district) for letter, (place, _them, _home) in sides.items()
    }
    asked = {letter: registration(sides[letter][0], owner=owner) for letter, owner in owners.items()}
    outcomes = brought_forth(
        {letter: (place, them, stations[letter]) for letter, (place, them, _home) in sides.items()}
    )
    served = {letter: serving(place, them, stations[letter]) for letter, (place, them, _home) in sides.items()}
    claims = claimed({letter: (place, them, stations[letter]) for letter, (place, them, _home) in sides.items()})
    reports = {letter: bulletin(row, homes[letter][1][Role.BUREAU_HANDLER]) for letter, row in plans.items()}
    of_targets = (reported(plans, homes), reports)
    return World(*found, standings, talks, stays, asked, outcomes, served, claims, money_of(homes), *of_targets)


def reported(plans: dict[str, Plan], homes: dict) -> dict[str, Any]:
    """Returns of a quarter: confirmed once, and open again for a correction."""
    from tests.targets import returning

    return returning.one_each(plans, homes)


def bulletin(row: Plan, by: User):
    """The draft of a bulletin on the plan, its figures frozen."""
    from targets.reports import actions as reports

    return reports.make(reports.begin("bulletin", row, on=ON, by=by, today=ON).pk, today=ON)


def money_of(homes: dict) -> dict[str, Any]:
    """The budget of each city, and an empty batch of payment."""
    from tests.subsidies import paying

    return {letter: paying.empty(*homes[letter]) for letter in ("A", "C")}


def claimed(sides: dict) -> dict[str, Any]:
    """A claim about each station that waits for its district."""
    from tests.subsidies import granting

    return granting.one_each(sides)


def serving(place: City, who: dict, row: Station):
    """A visit to the station, with a file, and something its enterprise asked for on it."""
    from tests.postdocs import serving

    return serving.found_on_a_visit(place, who, row)


def entering(place: City, who: dict, row: Station):
    """A stay at the station that waits for its district, with a document and a milestone."""
    from tests.postdocs import rostering, staying

    rostering.around(place, who, row)
    return staying.entering(place, who, row)


def brought_forth(sides: dict) -> dict[str, Any]:
    """An outcome at each station that waits for its district, of somebody who is in station there."""
    from tests.postdocs import recording

    return recording.one_each(sides)


def reminded(place: City, who: dict, row: Station) -> StandingCase:
    """A case of standing about the station, in which its enterprise undertook something; and one year that it told."""
    from tests.stations import standing_cases

    return standing_cases.reminded(place, who, row)


def a_round(place: City, who: dict) -> Evaluation:
    """A round that every station of this city reports for."""
    from tests.stations import evaluating

    scheme = evaluating.counting(evaluating.scheme(place))
    return evaluating.started(place, who, by_scheme=scheme, cut_off=date(2027, 12, 31))


@dataclass(frozen=True)
class Life:
    """One station as the register has it: where, from when, until when; `owner` numbers the enterprise."""

    district: District
    since: date
    until: date | None = None
    kind: str = "branch"
    chain: IndustryChain | None = None
    owner: int = 0


def bare_stations(lives: list[Life]) -> list[Station]:
    """These stations in four statements, past every action: for counting, where how they came about doesn't matter."""
    first = next(numbers) * 1000
    owners = sorted({life.owner for life in lives})
    places = {life.owner: life.district for life in reversed(lives)}
    organisations = Organisation.objects.bulk_create(
        Organisation(code=f"bare-{first}-{n}", name=f"单位{n}", kind="enterprise", district=places[n]) for n in owners
    )
    enterprises = dict(
        zip(owners, Enterprise.objects.bulk_create(Enterprise(organisation=o) for o in organisations), strict=True)
    )
    matters = Matter.objects.bulk_create(
        Matter(
            number=f"BARE-WS-{first}-{n}", kind="station", title=f"站{n}", organisation=enterprises[life.owner].organisation,
            district=life.district, opened_on=life.since, filed_on=life.since, held_since=life.since,
            status="cancelled" if life.until else "valid", closed_on=life.until,
        )
        for n, life in enumerate(lives)
    )  # fmt: skip
    return Station.objects.bulk_create(
        Station(
            matter=matter, name=matter.title, enterprise=enterprises[life.owner], kind=life.kind,
            level="national", chain=life.chain, approved_on=life.since, approval_document="测", approver="省级",
            status="cancelled" if life.until else "valid", ended_on=life.until,
        )
        for matter, life in zip(matters, lives, strict=True)
    )  # fmt: skip


# --- plans -------------------------------------------------------------------------------------


def plan(place: City, *, code: str = "plan", since=date(2025, 1, 1), until=date(2026, 12, 31)) -> Plan:
    return Plan.objects.create(
        pack=place.pack, code=code, name="测试计划", document=place.clause.document, since=since, until=until
    )


def indicator(row: Plan, place: City, *, target=100, **values) -> Indicator:
    """A level of valid stations, unless said otherwise; with a target for the city at the plan's end."""
    given = {
        "code": f"I{next(numbers)}",
        "name": "工作站",
        "unit": "家",
        "kind": Indicator.Kind.LEVEL,
        "clause": place.clause,
        "source": "station",
        "starts": "approved_on",
        "stops": "ended_on",
        "headline": True,
    }
    found = Indicator.objects.create(pack=place.pack, plan=row, **(given | values))
    if target is not None:
        Target.objects.create(pack=place.pack, indicator=found, district=place.root, on=row.until, value=target)
    return found


# --- the reserve pool --------------------------------------------------------------------------


def pool_values(place: City, **values) -> dict:
    """What an enterprise says when it enters the pool."""
    given = {"intention": "some", "statement": "", "target": place.upward, "target_year": 2027}
    return {"bases": PoolBasis.objects.filter(pack=place.pack, code="special"), **given, **values}


POOL_PATH = ("support", "admit", "begin")


def pool_entry(status: str, place: City, who: dict, *, on: date = ON, source: str = "unit", **values) -> PoolEntry:
    """An entry of the city's enterprise brought to `status` by the people whose steps they are; one that grows has one
    measure, of the enterprise, due in a month."""
    by = who[{"unit": Role.HANDLER, "district": Role.DISTRICT, "bureau": Role.BUREAU_HANDLER}[source]]
    told = pool_values(place, **({"intention": ""} if source == "bureau" else {}) | values)
    row = pool_actions.open_entry(enterprise=place.enterprise, source=source, values=told, by=by, on=on, note="推荐")
    ends = {"district": 0, "bureau": 1, "admitted": 2, "growing": 3}
    for action in POOL_PATH[1 if source == "district" else 0 : ends[status]]:
        if action == "begin":
            measure(row, who[Role.DISTRICT], due_on=on + timedelta(30), added_on=on)
        row = pool_step(row, action, who, on=on)
    return row


def pool_step(row: PoolEntry, action: str, who: dict, *, on: date = ON, by: User | None = None, **values) -> PoolEntry:
    """One step by whoever's it is in these tests."""
    officers = {"support": Role.DISTRICT, "begin": Role.DISTRICT, "withdraw": Role.HANDLER, "resubmit": Role.HANDLER}
    officers["decline"] = Role.DISTRICT
    asked = {"tier": "b", "because": "moved"} if action in ("admit", "leave", "grade") else {}
    values.setdefault("details", {"intention": "some"} if action == "support" and not row.intention else asked)
    by = by or who[officers.get(action, Role.BUREAU_HANDLER)]
    return pool.pool.move(row, action, by=by, on=on, **{"note": "意见", **values})


def measure(row: PoolEntry, by: User, **values) -> Measure:
    given = {"text": f"措施{next(numbers)}", "owner": "unit", "due_on": ON, "added_on": ON}
    return Measure.objects.create(entry=row, added_by=by, **(given | values))


# --- consultations -----------------------------------------------------------------------------

TALK_PATH = ("assign", "conclude", "close")


def talk(
    place: City, who: dict, *, status: str = "raised", side: str = "unit", on: date = ON, **values
) -> Consultation:
    """A problem of the city's enterprise, brought to raised, assigned (to the bureau), concluded or closed."""
    by = who[{"unit": Role.HANDLER, "district": Role.DISTRICT, "bureau": Role.BUREAU_HANDLER}[side]]
    given = {
        "topic": "recruiting",
        "title": "招不到人",
        "problem": "连续两年没有招到。",
        "enterprise": place.enterprise,
    }
    given |= {"side": side, "district": place.north}
    row = consultations_actions.bring_up(**(given | values), by=by, on=on)
    for action in TALK_PATH[: ("raised", "assigned", "concluded", "closed").index(status)]:
        row = talk_step(row, action, who, on=on)
    return row


def registration(place: City, *, on: date = ON, owner: Enterprise | None = None, **values) -> Registration:
    """Somebody new asks to act for an enterprise that an office entered."""
    owner = owner or enterprise(place.north)
    number = next(numbers)
    user = User(**{"username": f"u{number}", "name": f"人{number}", "phone": f"138{number:08d}"} | values)
    user.set_unusable_password()
    return registrations.ask(owner.organisation, user=user, on=on)


def talk_step(row: Consultation, action: str, who: dict, *, on: date = ON, by: User | None = None, **details):
    """One step by the bureau's handler, unless said otherwise; the bureau sees to it, in ten days and in thirty."""
    office = Organisation.objects.filter(kind="bureau", district__down__node=row.matter.district_id).get()
    given = {"owner": office.pk, "meets_on": str(on + timedelta(10))} if action in ("assign", "reassign") else {}
    if action == "conclude":
        given = {"conclusion": "联合招聘", "held_on": str(on), "due_on": str(on + timedelta(30))}
    by = by or who[Role.BUREAU_HANDLER]
    return consultations.consultation.move(row, action, by=by, on=on, note="理由", details=given | details)
