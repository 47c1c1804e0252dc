"""The demonstration's demands: universities that nobody knows, demands of invented enterprises, and how they met."""

from datetime import date, timedelta
from decimal import Decimal

import yaml

from portal.demo import MARK, Story
from portal.models import Appointment, Role, Setting
from portal.packs import HOME
from stations.demands import actions, agreements, lifecycle, matching
from stations.models import (
    Contact,
    Demand,
    Enterprise,
    FlowStation,
    IndustryChain,
    Match,
    Pairing,
    Station,
    University,
)

BEGIN = date(2025, 2, 10)  # what happened before the demonstration began to keep records is not told


def tell(story: Story) -> None:
    if "demands" in story.plot:
        Teller(story).tell()


class Teller:
    def __init__(self, story: Story):
        self.story, self.random = story, story.random
        self.words = yaml.safe_load((HOME / "demo" / "demands.yaml").read_text(encoding="utf-8"))
        self.chains = {chain.code: chain for chain in IndustryChain.objects.filter(pack=story.pack)}
        self.plot = story.plot["demands"]

    def tell(self) -> None:
        flows = self.universities(self.plot["universities"], self.plot["key"])
        hosts = list(
            Enterprise.objects.filter(stations__in=Station.objects.valid(self.story.on), organisation__demo=True)
            .filter(organisation__district__up__ancestor=self.story.pack.root)
            .select_related("organisation__district", "chain")
            .distinct()
            .order_by("pk")
        )
        self.random.shuffle(hosts)
        met = self.plot["met"]
        span = (self.story.on - timedelta(40) - BEGIN).days
        for number, host in enumerate(hosts[:met]):
            self.match(host, flows[(number + 3) % len(flows)], BEGIN + timedelta(span * number // met), number)
        for number, host in enumerate(hosts[met : met + self.plot["open"]]):
            self.publish(self.written(host, self.story.back(20 + number)), self.story.back(15 + number))
        self.own()
        self.pair()

    def pair(self) -> None:
        """The proposal of a pairing, with its first lines kept; only where the city's plan asks for one."""
        told = Setting.objects.values_of(self.story.pack)
        if not told.get("pairing.enterprises"):
            return
        by = self.story.people[Role.BUREAU_HANDLER]
        numbers = {name: told[f"pairing.{name}"] for name in ("enterprises", "universities")}
        actions.pair(self.story.pack, **numbers, by=by, on=self.story.on)
        for row in Pairing.objects.filter(pack=self.story.pack).select_related("university").order_by("pk")[:12]:
            actions.settle_pair(row, university=row.university, kept=True, by=by)

    # --- universities ---

    def universities(self, number: int, key: int) -> list[list[FlowStation]]:
        """The flow stations of this many universities, two or three each; the first `key` are key universities."""
        about = self.words["universities"]
        names = [(p, kind) for kind in about["kinds"] for p in about["places"].split()]
        provinces, made = about["provinces"].split(), []
        for n, (place, kind) in enumerate(names[:number]):
            row = University.objects.create(
                pack=self.story.pack,
                name=f"{place}{kind['name']}{MARK}",
                name_en=f"Demo {kind['name_en']} {n + 1}",
                province=provinces[n % len(provinces)],
                double_first=n % 5 == 0,
                key=n < key,
                office="博士后管理办公室",
                phone=f"{self.story.plot.get('area', '000')}-0000 {3000 + n:04d}",
                demo=True,
            )
            made.append([self.flow(row, self.words["flows"][(n + step * 3) % 10]) for step in range(2 + n % 2)])
        return made

    def flow(self, university: University, about: dict) -> FlowStation:
        row = FlowStation.objects.create(
            university=university,
            discipline=about["discipline"],
            approved_year=self.random.randrange(1988, 2020),
            strengths=about["strengths"],
        )
        row.chains.set([self.chains[about["chain"]]] if about["chain"] in self.chains else [])
        return row

    # --- demands ---

    def written(self, host: Enterprise, on: date, *, deadline: date | None = None) -> Demand:
        """A draft of the enterprise's handler, in words of its trade."""
        own = host.chain.code if host.chain else ""
        mine = [d for d in self.words["demands"] if d["chain"] == own]
        about = self.random.choice([*mine, *mine, *(d for d in self.words["demands"] if d["chain"] == "")])
        handler = Appointment.objects.filter(organisation=host.pk, role=Role.HANDLER).select_related("user").first()
        row = Demand(
            enterprise=host,
            station=Station.objects.valid(self.story.on).filter(enterprise=host).order_by("pk").first(),
            kind=about["kind"],
            title=about["title"],
            description=f"演示数据：{about['text']}",
            goals=about.get("goals", ""),
            chain=host.chain,
            disciplines=about["disciplines"],
            people=self.random.randrange(1, 4) if about["kind"] in Demand.PERSONS else None,
            salary=Decimal(self.random.randrange(24, 50)) * 10000 if about["kind"] in Demand.PERSONS else None,
            funding=Decimal(self.random.randrange(30, 200)) * 10000,
            deadline=deadline or self.story.on + timedelta(self.random.randrange(20, 150)),
            bottleneck=about.get("bottleneck", False),
            contact=handler.user.name,
            contact_phone=handler.user.phone,
            scope=self.random.choice(["public", "public", "public", "flow"]),
        )
        return actions.draft(row, by=handler.user, on=on)

    def submit(self, row: Demand, on: date) -> Demand:
        return lifecycle.demand.move(row, "submit", by=row.matter.opener, on=on)

    def publish(self, row: Demand, on: date) -> Demand:
        officer = self.story.officers[row.matter.district.code]
        return lifecycle.demand.move(self.submit(row, on), "publish", by=officer, on=on)

    def match(self, host: Enterprise, flows: list[FlowStation], on: date, number: int) -> None:
        """The whole way of one match, as far as it has come by the day of the story."""
        row = self.publish(self.written(host, on, deadline=on + timedelta(180)), on)
        flow = max(flows, key=lambda flow: matching.reasons_for(row, flow).rank)
        broker = self.story.people[Role.BUREAU_HANDLER]
        found = actions.propose(row, flow, channel="portal", by=broker, on=on)
        steps = [
            (9, "event", True, "参加对接会，双方交换需求和方向"),
            (30, "online", False, "线上跟进，确定联合招收意向"),
        ]
        for days, way, both, result in steps:
            day = on + timedelta(days)
            contact = Contact(on=day, way=way, both=both, result=f"{result}（演示）")
            actions.note_contact(found, contact, by=broker, on=day)
        for days, action in ((60, "sign"), (110, "enter")):
            day = on + timedelta(days)
            found = Match.objects.get(pk=found.pk)
            if day > self.story.on or (number % 5 == 4 and action == "enter"):
                return
            wanted = row.people or 1
            details = {"document_on": day.isoformat(), "people": str(wanted)}
            found = lifecycle.match.move(found, action, by=broker, on=day, details=details)
            if action == "sign" and number == 0:
                agreements.keep(found, upload=None, until=day + timedelta(3 * 365), by=broker, on=day)

    def own(self) -> None:
        """What waits for the accounts that are printed: a draft and a proposal for the unit, a review for the district."""
        prefix = self.story.pack.prefix.lower()
        host = Enterprise.objects.filter(organisation__appointments__user__username=f"{prefix}-handler").first()
        if host is None:
            return
        self.written(host, self.story.back(1))
        self.submit(self.written(host, self.story.back(3)), self.story.back(2))
        row = self.publish(self.written(host, self.story.back(12)), self.story.back(10))
        flow = FlowStation.objects.filter(university__pack=self.story.pack, discipline__in=row.disciplines).first()
        if flow:
            broker = self.story.people[Role.BUREAU_HANDLER]
            actions.propose(row, flow, channel="portal", by=broker, on=self.story.back(2))
