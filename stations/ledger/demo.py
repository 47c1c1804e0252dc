"""The demonstration's dated rows: supervisors, partners and managers of a dozen stations, certificates near their end,
two renamed stations and one that pauses. It draws its own chances, so that the rest of the story stays as it is."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from portal.models import Role
from stations.ledger import rows as ledger
from stations.ledger.rows import KINDS
from stations.models import (
    ENDED,
    Certificate,
    Enterprise,
    Manager,
    Partner,
    Plate,
    ResearchOrganisation,
    SalaryPromise,
    Station,
    StationDiscipline,
    StationKind,
    Supervisor,
)
from stations.register import lifecycle

RICH = 12
ENDING = (12, 35, 71)  # days that the certificates near their end still hold
FLOWS = (
    ("演示理工大学", "控制科学与工程流动站", "0811"),
    ("演示大学", "材料科学与工程流动站", "0805"),
    ("演示科技大学", "机械工程流动站", "0802"),
    ("演示师范大学", "化学流动站", "0703"),
)
TITLES = ("正高级工程师", "高级工程师", "研究员")
FIELDS = ("机器视觉", "精密制造", "功能材料", "工业软件", "电源管理芯片")


def enrich(teller) -> None:
    story = teller.story
    chance = Random(story.pack.pk * 7 + 1)
    in_city = Station.objects.filter(matter__organisation__demo=True, matter__district__up__ancestor=story.pack.root)
    rows = in_city.exclude(status__in=ENDED).select_related("matter__district", "enterprise__organisation")
    stations = list(rows.order_by("pk")[:RICH])
    for number, station in enumerate(stations):
        furnish(teller, station, number, chance)
    for number, station in enumerate(stations[:2]):
        on = story.on - timedelta(200 + 60 * number)
        if station.approved_on < on:
            name = station.name.replace("有限公司", "股份有限公司")
            paper = f"演示更名〔{on.year}〕{number + 1}号"
            ledger.rename(station, name=name, document=paper, since=on, by=teller.maker, on=on)
    if len(stations) > 2:
        on = story.on - timedelta(40)
        lifecycle.station.move(stations[2], "pause", by=teller.maker, on=on, note="厂区搬迁，单位申请暂停半年")
    owners = {s.enterprise_id: s.enterprise for s in stations}
    for number, enterprise in enumerate(owners.values()):
        certify(teller, enterprise, number)
    printed = f"{story.pack.prefix.lower()}-{Role.HANDLER}"
    for own in Enterprise.objects.filter(organisation__appointments__user__username=printed):
        settle(teller, own, chance)


def settle(teller, enterprise: Enterprise, chance: Random) -> None:
    """The enterprise of the printed account has a small station of its own, and a certificate near its end."""
    on = date(teller.story.on.year - 3, 9, 1)
    station = lifecycle.enter_station(
        enterprise,
        kind=StationKind.DOCTOR_STATION,
        approved_on=on,
        document=f"演示〔{on.year}〕901号",
        approver=teller.story.pack.bureau,
        district=enterprise.organisation.district,
        by=teller.approver,
    )
    furnish(teller, station, 90, chance)
    certify(teller, enterprise, 0)


def furnish(teller, station: Station, number: int, chance: Random) -> None:
    """People, partners and the rest of one station, entered by its own handler or by the bureau."""
    story = teller.story
    begun = max(station.approved_on, date(story.on.year - 3, 3, 1))
    handler = station.enterprise.organisation.appointments.filter(role=Role.HANDLER).first().user

    def keep(code, row, by=handler):
        ledger.keep(KINDS[code], row, by=by, on=story.on)

    for n in range(1 + number % 3):
        name = story.names["surnames"].split()[(number * 3 + n) % 20] + story.names["given"].split()[number % 10]
        keep(
            "supervisor",
            Supervisor(
                station=station, name=name, title=TITLES[(number + n) % 3], field=chance.choice(FIELDS),
                phone=f"{story.digits}8{number:03d}{n:03d}", full_time=n < 2, since=begun + timedelta(30 * n),
            ),
        )  # fmt: skip
    university, flow, code = FLOWS[number % len(FLOWS)]
    keep("discipline", StationDiscipline(station=station, code=code, since=begun))
    until = begun.replace(year=begun.year + 5) if begun.day < 29 else None
    keep("partner", Partner(station=station, university=university, flow_station=flow, since=begun, until=until))
    manager = story.names["surnames"].split()[number % 20] + "经理"
    phone = f"{story.digits}9{number:06d}"
    keep("manager", Manager(station=station, name=manager, phone=phone, leader="分管副总", since=begun))
    keep("salary", SalaryPromise(station=station, amount=Decimal(180000), since=begun), by=teller.maker)
    later = story.on - timedelta(150)
    if number % 2 == 0 and begun < later:
        keep("salary", SalaryPromise(station=station, amount=Decimal(240000), since=later), by=teller.maker)
    keep("plate", Plate(station=station, since=begun), by=teller.maker)


def certify(teller, enterprise: Enterprise, number: int) -> None:
    """A certificate for each tag; those of the first enterprises end soon."""
    on = teller.story.on
    handler = enterprise.organisation.appointments.filter(role=Role.HANDLER).first().user
    for place, tag in enumerate(sorted(enterprise.tags)):
        until = on + timedelta(ENDING[number] + 1 if place == 0 and number < len(ENDING) else 400 + 40 * place)
        row = Certificate(
            enterprise=enterprise, tag=tag, number=f"DEMO{number:03d}{place:02d}",
            since=until - timedelta(3 * 365), until=until,
        )  # fmt: skip
        ledger.keep(KINDS["certificate"], row, by=handler, on=on)
    research = ResearchOrganisation(
        enterprise=enterprise, name=enterprise.rd_name, level=enterprise.rd_level or "none",
        document=f"演示技中〔{on.year - 4}〕{number + 1}号", since=date(on.year - 4, 6, 1),
    )  # fmt: skip
    ledger.keep(KINDS["research"], research, by=handler, on=on)
