"""Invented stays: filed ones of several years with what was held, and entries on their way, as the plot tells."""

from datetime import date, timedelta
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile
from stdnum.cn.ric import calc_check_digit

from portal import uploads
from portal.demo import MARK, Story
from portal.models import Appointment, Evidence, Role, User
from postdocs.people.models import PaperKind
from postdocs.stays import actions, lifecycle
from postdocs.stays.actions import add_months
from postdocs.stays.models import (
    Channel,
    EntryPaper,
    Grade,
    Identity,
    Milestone,
    MilestoneKind,
    RecruitType,
    Stay,
    WithdrawalGround,
)
from postdocs.stays.register import Entry, enter
from stations.demo import demo_pdf
from stations.ledger import rows as ledger
from stations.models import FlowStation, Match, MatchStatus, Recruits, Station, StationStatus

DISCIPLINES = ("0809", "0812", "0805", "0802", "0811", "0703", "0817", "0831")
GRADES = (Grade.PASSED, Grade.PASSED, Grade.PASSED, Grade.EXCELLENT, Grade.PASSED)


def tell(story: Story) -> None:
    teller = Teller(story)
    teller.cohorts()
    teller.agree()
    teller.led()
    for number, step in enumerate(story.plot["postdocs"].get("under_way", ())):
        teller.under_way(number, **step)


class Teller:
    """Makes people and their stays; keeps the numbers that make papers differ."""

    def __init__(self, story: Story):
        self.story, self.count = story, 0
        self.hosts: dict[int, list[Station]] = {}
        self.maker: User = story.people[Role.BUREAU_HANDLER]
        rows = Station.objects.filter(
            matter__organisation__demo=True, matter__district__up__ancestor=story.pack.root, status=StationStatus.VALID
        ).select_related("matter__district", "enterprise__organisation")
        self.stations = [s for s in rows.order_by("approved_on", "pk") if ledger.may_recruit(s) is not False]
        flows = FlowStation.objects.filter(university__pack=story.pack).select_related("university")
        self.flows = list(flows.order_by("pk"))

    def paper(self, born: date) -> str:
        """An identity number of an area that doesn't exist."""
        self.count += 1
        body = f"999{self.story.digits % 10:03d}{born:%Y%m%d}{self.count % 1000:03d}"
        return body + calc_check_digit(body + "0")

    def person(self, on: date) -> dict:
        """Who enters on a day: between 28 and 37, a doctor of the last years."""
        random = self.story.random
        born = date(on.year - random.randint(28, 35), random.randint(1, 12), random.randint(1, 28))
        degree = on - timedelta(random.randint(30, 700))
        return {
            "name": self.story.person_name() + MARK,
            "kind": PaperKind.ID_CARD,
            "number": self.paper(born),
            "person": {
                "degree_school": random.choice(self.flows).university.name if self.flows else "演示大学",
                "discipline": random.choice(DISCIPLINES),
                "defended_on": degree - timedelta(20),
                "has_certificate": True,
                "degree_on": degree,
                "mobile": f"{self.story.digits}7{self.count:06d}",
            },
        }

    def told(self, on: date, months: int) -> dict:
        """What is told of a stay that begins on a day."""
        random = self.story.random
        identity = random.choices(
            (Identity.GRADUATE, Identity.FREE, Identity.EMPLOYED, Identity.FOREIGN), (60, 28, 8, 4)
        )[0]
        joint = bool(self.flows) and random.random() < 0.9
        return {
            "recruit_type": RecruitType.JOINT if joint else RecruitType.ALONE,
            "identity": identity,
            "flow_station": random.choice(self.flows) if joint else None,
            "flow_supervisor": self.story.person_name() + MARK if joint else "",
            "discipline": random.choice(DISCIPLINES),
            "supervisor_name": self.story.person_name() + MARK,
            "topic": random.choice(self.story.plot["postdocs"]["topics"]),
            "contract_since": on,
            "planned_until": add_months(on, months) - timedelta(1),
            "salary": Decimal(random.choice((180000, 200000, 240000, 260000, 300000))),
            "channel": random.choice(Channel.values),
        }

    def cohorts(self) -> None:
        """Everybody who entered, year by year; who is through has left, a few were withdrawn."""
        random, on = self.story.random, self.story.on
        entries = []
        for year, number in self.story.plot["postdocs"]["entered"].items():
            last = min(date(int(year), 12, 31), on - timedelta(10))
            for _n in range(number):
                stations = self.recruiting(int(year)) or self.stations[:1]
                day = date(int(year), 1, 5) + timedelta(random.randrange((last - date(int(year), 1, 5)).days))
                entries.append(self.entry(random.choice(stations), day))
        stays = enter(entries, by=self.maker)
        self.milestones(stays)

    def recruiting(self, year: int) -> list[Station]:
        """The stations that said they recruited in a year, so that nobody enters where the radar shows an empty one."""
        if year not in self.hosts:
            rows = Recruits.objects.filter(station__in=[s.pk for s in self.stations], year=year, entered__gt=0)
            said = set(rows.values_list("station_id", flat=True))
            first = date(year, 1, 1)
            self.hosts[year] = [s for s in self.stations if s.pk in said and s.approved_on < first]
        return self.hosts[year]

    def agree(self) -> None:
        """What stations typed is what is on record, apart from the last few, where both are shown and told apart."""
        entered: dict[tuple[int, int], list[date]] = {}
        for pk, day in Stay.objects.filter(station__in=self.stations, entered_on__isnull=False).values_list(
            "station", "entered_on"
        ):
            entered.setdefault((pk, day.year), []).append(day)
        rows = list(Recruits.objects.filter(station__in=self.stations).order_by("pk"))
        rows = [row for row in rows if (row.station_id, row.year) in entered]
        for row in rows[:-4]:
            row.entered = sum(day <= row.counted_on for day in entered[row.station_id, row.year])
        Recruits.objects.bulk_update(rows[:-4], ["entered"])

    def led(self) -> None:
        """Who came because of a match: the first at its enterprise after the signing, as many as it brought."""
        matches = Match.objects.filter(
            status=MatchStatus.ENTERED, demand__enterprise__in=[s.enterprise_id for s in self.stations]
        )
        rows = list(
            Stay.objects.filter(entered_on__isnull=False).select_related("station").order_by("entered_on", "pk")
        )
        led = []
        for match in matches.select_related("demand").order_by("pk"):
            mine = [r for r in rows if r.station.enterprise_id == match.demand.enterprise_id and r.match_id is None]
            mine = [
                r
                for r in mine
                if match.signed_on <= r.entered_on and match.demand.station_id in (None, r.station_id)  # type: ignore[operator]
            ]
            for row in mine[: match.people]:
                row.match_id = match.pk
                led.append(row)
        Stay.objects.bulk_update(led, ["match"])

    def entry(self, station: Station, day: date) -> Entry:
        random, on = self.story.random, self.story.on
        values = self.told(day, random.choice((24, 24, 24, 30, 36)))
        number = f"{3_000_00 + self.count + 1}"
        ended, ground, extra = None, "", {}
        if random.random() < 0.04 and (on - day).days > 250:
            ended, ground = day + timedelta(random.randrange(120, 240)), WithdrawalGround.W11
        elif values["planned_until"] < on - timedelta(20) and random.random() < 0.93:
            ended = values["planned_until"] + timedelta(1)
            extra = {"certificate_number": f"BSH{number}"}
        settled = None
        if ended is not None and not ground and (on - ended).days > 40 and self.count % 9:  # most, not all
            settled = ended + timedelta(20)
        return Entry(
            station=station, entered_on=day, values={**values, "committee_number": number, **extra}, ended_on=ended,
            ground=ground, settled_on=settled, **self.person(day),
        )  # fmt: skip

    def milestones(self, stays: list[Stay]) -> None:
        """What was held in time by most, late or not at all by some."""
        random, on, rows = self.story.random, self.story.on, []
        plan = ((MilestoneKind.PROPOSAL, 2, 3), (MilestoneKind.MIDTERM, 12, 14), (MilestoneKind.ASSESSMENT, 21, 23))
        for stay in stays:
            until = min(stay.ended_on or on, on)
            for kind, first, last in plan:
                day = add_months(stay.entered_on, random.randint(first, last)) + timedelta(random.randrange(20))
                if day >= until or (random.random() < 0.06 and stay.ended_on is None):
                    break
                by = self.maker if random.random() < 0.9 else None
                rows.append(
                    Milestone(
                        stay=stay, kind=kind, held_on=day, grade=random.choice(GRADES), panel=5, recorded_on=day,
                        title=stay.topic, checked_by=by, checked_on=day if by else None,
                    )
                )  # fmt: skip
        Milestone.objects.bulk_create(rows)

    def under_way(self, number: int, *, at: str, days: int, own: bool = False) -> None:
        """One entry that is being typed, checked by its district, or waits for the national record."""
        story = self.story
        handlers = {a.organisation_id: a.user for a in appointments(story)}
        mine = [s for s in self.stations if s.enterprise_id in handlers]
        station = mine[number % len(mine)] if not own else own_station(story, mine)
        handler, officer = handlers[station.enterprise_id], story.officers[station.matter.district.code]
        on = story.back(days + 3)
        who = self.person(on)
        stay = actions.begin(
            station=station, name=who["name"], kind=who["kind"], number=who["number"], by=handler, on=on,
            **who["person"],
        )  # fmt: skip
        if at == "draft":
            return
        told = {**self.told(on, 24), "identity": Identity.GRADUATE}
        stay = actions.tell(stay, person={"degree_country": "中国"}, values=told, by=handler)
        self.papers(stay, handler)
        steps = {"district": ("submit",), "filing": ("submit", "accept")}[at]
        for action, by in zip(steps, (handler, officer), strict=False):
            reason = {"justification": "演示：高校与单位均同意"}
            stay = lifecycle.cycle.move(stay, action, by=by, on=story.back(days), details=reason)

    def papers(self, stay: Stay, handler: User) -> None:
        """A file in every slot that the entry needs."""
        rows = EntryPaper.objects.filter(pack=self.story.pack, required=True, months=None, stage="entry").order_by(
            "order"
        )
        sheet = SimpleUploadedFile("进站材料.pdf", demo_pdf("进站材料", stay.matter.number))
        file = uploads.store(sheet, organisation=stay.matter.organisation, by=handler)
        Evidence.objects.bulk_create(
            Evidence(matter=stay.matter, slot=f"paper.{row.code}", file=file, added_by=handler)
            for row in rows
            if row.is_for(stay)
        )


def appointments(story: Story):
    return Appointment.objects.filter(
        role=Role.HANDLER, until=None, organisation__demo=True, organisation__district__up__ancestor=story.pack.root
    ).select_related("user")


def own_station(story: Story, stations: list[Station]) -> Station:
    """A station of the enterprise whose account is printed, else any."""
    name = f"{story.pack.prefix.lower()}-handler"
    own = [a.organisation_id for a in appointments(story) if a.user.username == name]
    return next((s for s in stations if s.enterprise_id in own), stations[0])
