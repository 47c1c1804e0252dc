"""Invented outcomes of the demonstration's postdocs: most verified, a few on their way, two that are the same."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from portal.demo import MARK, Story
from portal.lifecycle import Past
from portal.models import Appointment, Role, User
from postdocs.outcomes import actions, lifecycle
from postdocs.outcomes.actions import Owners
from postdocs.outcomes.kinds import OutcomeKind
from postdocs.outcomes.models import Outcome, OutcomeStatus
from postdocs.stays.models import Stay
from stations.demo import demo_pdf

K, S = OutcomeKind, OutcomeStatus
KINDS = (K.PAPER, K.PATENT, K.PROJECT, K.GRANT, K.AWARD, K.STANDARD, K.TRANSFER, K.SOFTWARE, K.BOOK, K.PRODUCT)
WEIGHTS = (36, 34, 14, 8, 4, 2, 3, 5, 1, 2)
TITLES = {
    K.PAPER: "{topic}的方法与实验",
    K.PATENT: "一种用于{topic}的装置",
    K.BOOK: "{topic}导论",
    K.PROJECT: "{topic}关键技术研究",
    K.GRANT: "{topic}",
    K.AWARD: "博士后创新创业大赛",
    K.STANDARD: "{topic}通用要求",
    K.TRANSFER: "{topic}技术开发合同",
    K.SOFTWARE: "{topic}软件",
    K.PRODUCT: "{topic}样机",
}


def tell(story: Story) -> None:
    plot = story.plot["outcomes"]
    stays = Stay.objects.filter(
        entered_on__isnull=False, withdrawn_on=None, matter__organisation__demo=True,
        matter__district__up__ancestor=story.pack.root,
    ).select_related("person", "matter", "station__matter__district", "station__enterprise__organisation")  # fmt: skip
    teller = Teller(story, list(stays.order_by("entered_on", "pk")))
    if teller.stays:
        teller.verified(plot["verified"])
        for step in plot.get("under_way", ()):
            teller.under_way(**step)


class Teller:
    """Makes outcomes; keeps the numbers that make them differ."""

    def __init__(self, story: Story, stays: list[Stay]):
        self.story, self.stays, self.count = story, stays, 0

    def told(self, kind: str, stay: Stay) -> tuple[dict, dict]:
        """The title and the details of one outcome of a postdoc."""
        random = self.story.random
        self.count += 1
        n, topic = self.count, stay.topic or "智能检测"
        values = {"title": f"{TITLES[K(kind)].format(topic=topic)}{MARK}{n}"}
        details: dict[OutcomeKind, dict] = {
            K.PAPER: {"venue": f"演示学报{MARK}", "indexed": random.choice(("sci", "sci", "ei", "pku")),
                      "doi": f"10.99999/demo.{self.story.digits}.{n}"},
            K.PATENT: {"patent_kind": random.choice(("invention", "invention", "utility")), "summary": topic,
                       "number": f"9999{self.story.digits}{n:04d}", "country": "中国"},
            K.BOOK: {"publisher": f"演示出版社{MARK}"},
            K.PROJECT: {"level": random.choice(("province", "city", "industry")), "amount": Decimal(200000 + n * 100),
                        "number": f"DEMO-XM-{n}", "duty": "lead"},
            K.GRANT: {"programme": random.choice(("general2", "general1", "provincial")), "amount": Decimal(80000),
                      "number": f"DEMO-ZZ-{n}"},
            K.AWARD: {"level": "province", "grade": random.choice(("bronze", "merit", "silver")),
                      "number": f"DEMO-JL-{n}", "competition": True},
            K.STANDARD: {"number": f"T/DEMO {n}—2026", "level": "group", "duty": "part"},
            K.TRANSFER: {"contract": f"DEMO-HT-{n}", "way": "develop", "buyer": f"演示买方{MARK}",
                         "amount": Decimal(500000), "number": f"DEMO-DJ-{n}", "landed": True},
            K.SOFTWARE: {"number": f"9999SR{n:06d}"},
            K.PRODUCT: {"period": "2026", "revenue": Decimal(3000000)},
        }  # fmt: skip
        return values, details[K(kind)]

    def day_of(self, stay: Any) -> date | None:
        """A day of the stay, or a little after it."""
        since, until = stay.entered_on + timedelta(60), min(stay.ended_on or self.story.on, self.story.on)
        late = until - timedelta(12)
        return since + timedelta(self.story.random.randrange((late - since).days)) if late > since else None

    def verified(self, number: int) -> None:
        """What districts verified, a week or two after each."""
        random, rows, days = self.story.random, [], {}
        for _n in range(number):
            stay = random.choice(self.stays)
            if (day := self.day_of(stay)) is None:
                continue
            kind = random.choices(KINDS, WEIGHTS)[0]
            values, details = self.told(kind, stay)
            owners: Owners = [(stay, 1)]
            checked = day + timedelta(random.randrange(5, 12))
            outcome = actions.made(kind, owners, values=values | {"done_on": day}, details=details, on=checked)
            outcome.status, outcome.verified_on, outcome.verified_by = S.VERIFIED, checked, self.officer(stay)
            if kind == K.PATENT and random.random() < 0.3 and day < self.story.on - timedelta(400):
                outcome.granted_on, outcome.grant_number = day + timedelta(390), f"ZL{details['number']}"
            days[id(outcome)] = checked
            rows.append((outcome, owners))
        for officer in dict.fromkeys(outcome.verified_by for outcome, _owners in rows):
            mine = [row for row in rows if row[0].verified_by == officer]
            actions.keep(mine, by=officer, past=lambda o: (Past("verify", S.VERIFIED, days[id(o)], {}),), filed=True)

    def officer(self, stay: Stay) -> User:
        return self.story.officers[stay.station.matter.district.code]

    def under_way(self, *, kind: str, at: str, days: int) -> None:
        """One that its unit still writes, or that waits for its district."""
        handlers = {
            a.organisation_id: a.user
            for a in Appointment.objects.filter(
                role=Role.HANDLER, until=None, organisation__demo=True,
                organisation__district__up__ancestor=self.story.pack.root,
            ).select_related("user").order_by("-pk")
        }  # fmt: skip
        mine = [s for s in self.stays if s.matter.organisation_id in handlers and s.ended_on is None]
        if not mine:
            return
        stay: Any = mine[self.count % len(mine)]
        handler, on = handlers[stay.matter.organisation_id], self.story.back(days)
        values, details = self.told(kind, stay)
        told = {"values": values | {"done_on": max(stay.entered_on, on - timedelta(40))}, "details": details}
        outcome: Outcome = actions.record(kind, [(stay, 1)], **told, by=handler, on=on)
        if at == "district":
            sheet = SimpleUploadedFile("证明材料.pdf", demo_pdf("证明材料", outcome.matter.number))
            actions.cite(outcome, sheet, by=handler)
            lifecycle.cycle.move(outcome, "confirm", by=handler, on=on)
