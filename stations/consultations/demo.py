"""The demonstration's consultations, studios abroad, and a main station with two branches; few rows, no chance drawn."""

from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from portal.models import Appointment, District, Matter, Organisation, Pack, Role
from stations.consultations import actions
from stations.consultations import lifecycle as consultations_lifecycle
from stations.demands import demo as demand_demo
from stations.ledger import rows as ledger
from stations.ledger.rows import KINDS
from stations.models import Enterprise, FlowStation, MainStation, OverseasStudio, Station, StationKind
from stations.register import lifecycle

HOSTS = 8
ABROAD = (
    ("德国", "亚琛", "演示应用研究所", 2),
    ("新加坡", "", "演示理工学院", 1),
    ("日本", "大阪", "演示大学材料中心", None),
)
TALKS = (  # topic, title, what it is, how far it has come, working days ago, days to carry out
    (
        "recruiting",
        "连续两年没有招到控制方向博士后",
        "校招三次，应聘的都去了省会。希望市里组织专场，并帮助对接流动站。",
        "raised",
        2,
        0,
    ),
    ("living", "博士后公寓排不上", "园区公寓已满，进站的博士后在外租房，补贴手续要跑三个窗口。", "assigned", 9, 0),
    ("funding", "出站留昆资助申请材料重复", "同一份合同在两个部门各交一次，企业反映强烈。", "concluded", 40, 20),
    (
        "partner",
        "流动站一方迟迟不盖章",
        "联合招收协议走了四个月，学校研究生院和博管办意见不一致。",
        "concluded",
        60,
        -6,
    ),
    ("project", "中试场地不够", "成果要做小批量验证，产业园没有合适的场地。", "closed", 90, -30),
)


def tell(teller) -> None:
    story = teller.story
    hosts = hosts_of(story.pack)
    for number, (country, city, host, people) in enumerate(ABROAD):
        if number + 1 < len(hosts):
            studio(story, hosts[number + 1], country, city, host, people)
    for number, told in enumerate(TALKS):
        if number < len(hosts):
            talk(teller, hosts[number], *told)
    if park := story.plot.get("park"):
        main_station(teller, **park)


def hosts_of(pack: Pack) -> list[Station]:
    """The first stations of the city, read table by table: the story is one transaction, and the planner, which takes
    its tables for empty, would join every row with every other."""
    matters = Matter.objects.filter(kind="station", number__startswith=f"{pack.prefix}-WS-").values_list(
        "pk", flat=True
    )
    rows = Station.objects.filter(matter__in=list(matters), status="valid").order_by("pk")
    return list(rows.prefetch_related("matter__district", "enterprise__organisation__district")[:HOSTS])


def handler_of(enterprise: Enterprise):
    rows = Appointment.objects.filter(organisation=enterprise.pk, role=Role.HANDLER).select_related("user")
    return rows.order_by("pk")[0].user


def studio(story, station: Station, country: str, city: str, host: str, people: int | None) -> None:
    row = OverseasStudio(
        station=station,
        country=country,
        city=city,
        host=host,
        postdocs=people,
        contact="联络员（演示）",
        since=max(station.approved_on, story.on - timedelta(400)),
    )
    ledger.keep(KINDS["studio"], row, by=handler_of(station.enterprise), on=story.on)


def talk(teller, station: Station, topic: str, title: str, problem: str, at: str, days: int, due: int) -> None:
    """One problem, as far as it has come; a district raises every second one."""
    story, maker = teller.story, teller.maker
    begun = story.back(days)
    by_unit = topic in ("recruiting", "living", "partner")
    officer = story.officers[station.matter.district.code]
    row = actions.bring_up(
        topic=topic,
        title=title,
        problem=f"演示数据：{problem}",
        by=handler_of(station.enterprise) if by_unit else officer,
        on=begun,
        side="unit" if by_unit else "district",
        district=station.matter.district,
        station=station,
    )
    move = consultations_lifecycle.consultation.move
    if at == "raised":
        return
    offices = list(consultations_lifecycle.offices(story.pack))
    own = next((o for o in offices if o.district_id == station.matter.district_id), offices[0])
    met = story.back(max(days - 6, 0)) if at != "assigned" else story.on + timedelta(6)
    details = {"meets_on": str(met), **consultations_lifecycle.named(own, offices[:2])}
    row = move(row, "assign", by=maker, on=story.back(max(days - 2, 0)), details=details)
    if at == "assigned":
        return
    until = story.on + timedelta(due)
    details = {"conclusion": "演示数据：材料一次交、两家共用；区镇十个工作日内办结并回访企业。", "held_on": str(met)}
    row = move(row, "conclude", by=maker, on=met, details=details | {"due_on": str(until)})
    minutes = teller.paper("Minutes of a consultation", row.matter.number)
    paper = SimpleUploadedFile("会商纪要.pdf", minutes, "application/pdf")
    actions.keep_minutes(row, paper, by=maker)
    if at == "closed":
        move(row, "close", by=maker, on=until, note="演示数据：已回访，企业确认解决")


def main_station(teller, district: str, branches: int) -> None:
    """A park's main station with branches of its own; a postdoc has come to the first."""
    story, place = teller.story, District.objects.get(code=district)
    park = Organisation.objects.create(
        code=f"91990000PARK{story.digits}",
        name=f"{place.name}产业园（演示）",
        name_en="Industrial park (demo)",
        kind=Organisation.Kind.PARK,
        district=place,
        demo=True,
    )
    owner = Enterprise.objects.create(organisation=park, unit_type="park", legal_person=True)
    main = enter(teller, owner, StationKind.REGIONAL, date(story.on.year - 4, 5, 1))
    for number in range(branches):
        enterprise, *_people = teller.enterprise(place)
        joined = date(story.on.year - 1, 3, 1) + timedelta(40 * number)
        branch = enter(teller, enterprise, StationKind.BRANCH, joined)
        row = MainStation(station=branch, main=main, document=branch.approval_document, since=joined)
        ledger.keep(KINDS["main"], row, by=teller.maker, on=story.on)
        flows = list(FlowStation.objects.filter(university__pack=story.pack).order_by("pk")[:3])
        if number == 0 and flows:
            demand_demo.Teller(story).match(enterprise, flows, joined + timedelta(30), 0)


def enter(teller, owner: Enterprise, kind: StationKind, on: date) -> Station:
    teller.papers += 1
    return lifecycle.enter_station(
        owner,
        kind=kind,
        approved_on=on,
        document=f"演示〔{on.year}〕{teller.papers}号",
        approver=teller.story.pack.bureau,
        district=owner.organisation.district,
        by=teller.approver,
    )
