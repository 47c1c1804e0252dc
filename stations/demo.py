"""The stations' part of the demonstration: a register that grew, and applications on their way, as the plot tells."""

from datetime import date, timedelta
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile
from stdnum.cn.uscc import calc_check_digit

from portal import uploads
from portal.demo import MARK, Story, chapter, learn
from portal.models import District, Organisation, ReturnItem, Role, User
from stations.applications import actions, cases
from stations.applications import lifecycle as applications_lifecycle
from stations.behalf import demo as casework_demo
from stations.consultations import demo as demo_portrait
from stations.demands import demo as demand_demo
from stations.evaluation import demo as evaluation_demo
from stations.ledger import demo as demo_ledger
from stations.models import (
    Application,
    ApplicationType,
    Enterprise,
    IndustryChain,
    Signing,
    SiteVisit,
    Slot,
    Station,
    StationKind,
)
from stations.pool import demo as pool_demo
from stations.register import lifecycle as register_lifecycle
from stations.standing import demo as standing_demo

TAGS = ["high_tech", "special", "little_giant", "gazelle"]  # in the order in which pages name them


@chapter
def tell(story: Story) -> None:
    if "districts" not in story.plot:
        return
    teller = Teller(story)
    for code, numbers in story.plot["districts"].items():
        teller.register(code, numbers)
    for number, step in enumerate(story.plot["under_way"]):
        teller.under_way(number, **step)
    pool_demo.tell(teller)
    demand_demo.tell(story)
    demo_ledger.enrich(teller)
    learn()
    standing_demo.count(teller)
    evaluation_demo.tell(story)
    standing_demo.tell(teller)
    demo_portrait.tell(teller)
    casework_demo.tell(teller)


class Teller:
    """Makes enterprises, files and steps; keeps the numbers that make codes and dates differ."""

    def __init__(self, story: Story):
        self.story = story
        self.type = ApplicationType.objects.get(pack=story.pack, code=story.plot["type"])
        self.recommended = list(self.type.conditions.filter(group="recommended").values_list("code", flat=True))
        self.chains = {c.code: c for c in IndustryChain.objects.filter(pack=story.pack)}
        self.signing = actions.signing_of(story.pack)
        self.count = 0
        self.papers = 0
        self.approver = story.people[Role.BUREAU_APPROVER]
        self.maker = story.people[Role.BUREAU_HANDLER]

    # --- enterprises ---

    def enterprise(self, district: District, *, own: bool = False) -> tuple[Enterprise, User, User]:
        """An invented enterprise with its two accounts; `own` is the one of the printed demo accounts."""
        story, random = self.story, self.story.random
        self.count += 1
        known = [c for c in self.chains if c != "low-altitude"]
        chain = random.choice([*known, *known, "", "", ""]) if known else ""
        body = f"9199000{story.digits % 10}MA{self.count:07d}"
        organisation = Organisation.objects.create(
            code=body + calc_check_digit(body),
            name=story.unit_name(chain),
            kind=Organisation.Kind.ENTERPRISE,
            district=district,
            demo=True,
        )
        prefix = story.pack.prefix.lower()
        people = [
            story.person(
                story.person_name() + MARK,
                role,
                username=f"{prefix}-{role}" if own else f"demo-{prefix}-{self.count}-{role}",
                phone=f"{story.digits}{self.count + 200:06d}{n}",
                organisation=organisation,
            )
            for n, role in enumerate((Role.HANDLER, Role.CERTIFIER))
        ]
        staff = random.randrange(120, 1800, 10)
        enterprise = Enterprise.objects.create(
            organisation=organisation,
            unit_type=random.choice(["private", "private", "foreign", "joint"]),
            legal_person=True,
            address=f"{district.name}演示路{self.count}号",
            industry="C39 计算机、通信和其他电子设备制造业" if chain == "ic" else "C35 专用设备制造业",
            chain=self.chains.get(chain),
            tags=sorted(random.sample(TAGS, random.randrange(1, 4)), key=TAGS.index),
            revenue=Decimal(random.randrange(8000, 120000)) * 10000,
            rd_spend=Decimal(random.randrange(600, 9000)) * 10000,
            staff=staff,
            rd_staff=staff // random.randrange(4, 9),
            senior_staff=random.randrange(2, 12),
            doctors=random.randrange(1, 9),
            rd_name="企业技术中心",
            rd_level=random.choice(["provincial", "municipal", "municipal"]),
            contact=people[0].name,
            contact_phone=people[0].phone,
            confirmed_on=story.on,
        )
        return enterprise, people[0], people[1]

    # --- the register ---

    def register(self, code: str, numbers: dict) -> None:
        """A district's stations: those from before the plan, what was added, cancelled and upgraded since."""
        story, district = self.story, District.objects.get(code=code)
        lost = story.plot.get("cancelled", []).count(code)
        raised = story.plot.get("upgraded", []).count(code)
        national = self.type.kind == StationKind.NATIONAL
        bases_of = raised + numbers["before"] // 5 if national else 0
        old = [self.old_station(district, base=n < bases_of) for n in range(numbers["before"])]
        bases = [s for s in old if s.kind == StationKind.BASE_PROVINCIAL]
        for station in old[-lost:] if lost else []:
            self.cancel(station)
        for station in bases[:raised]:
            self.approve(station.enterprise)
        for _n in range(numbers["now"] - numbers["before"] + lost):
            self.approve(None, district)

    def old_station(self, district: District, *, base: bool) -> Station:
        """A station from before the plan, entered from the paper that approved it."""
        story, random = self.story, self.story.random
        enterprise, _handler, _certifier = self.enterprise(district)
        year = random.choices(range(2010, 2025), weights=[2] * 12 + [4, 6, 4])[0]
        on = date(year, random.randrange(1, 13), random.randrange(1, 28))
        self.papers += 1
        return register_lifecycle.enter_station(
            enterprise,
            kind=StationKind.BASE_PROVINCIAL if base else StationKind(self.type.kind),
            approved_on=on,
            document=f"演示〔{year}〕{self.papers}号",
            approver=[story.pack.bureau, *self.type.levels][-2 if base else -1],
            district=district,
            by=self.approver,
        )

    def cancel(self, station: Station) -> None:
        on = date(2025, 11, 14) + timedelta(self.papers % 40)
        paper = {"document": f"演示注销〔{on.year}〕{self.papers}号", "document_on": on.isoformat(), "ground": "moved"}
        register_lifecycle.station.move(
            station, "cancel", by=self.approver, on=on, note="单位迁出，不再开展博士后工作", details=paper
        )

    def approve(self, enterprise: Enterprise | None, district: District | None = None) -> None:
        """A whole application within the plan, up to the paper that approves it."""
        if enterprise is None:
            enterprise, *_people = self.enterprise(district)
        people = User.objects.filter(appointments__organisation=enterprise.organisation).order_by("pk")
        self.papers += 1
        begun = date(2025, 2, 10) + timedelta(self.papers * 37 % 520)
        case = self.filled(enterprise, people[0], begun)
        for action, days in zip(self.path, (3, 4, 9, 15, 18, 30, 45), strict=False):
            case = self.step(case, action, begun + timedelta(days), people)
        on = begun + timedelta(60)
        paper = {"document": f"演示〔{on.year}〕{self.papers}号", "document_on": on.isoformat()}
        last = "approve" if self.type.levels else "recognise"
        self.step(case, last, on + timedelta(5), people, details=paper)

    @property
    def path(self) -> list[str]:
        """The steps up to the one that decides: each level above sees the case, or the city recognises by itself."""
        up = ["send_up", *["forward"] * (len(self.type.levels) - 1)] if self.type.levels else []
        unit = ["to_certify", "submit"] if self.signing == Signing.ACCOUNT else ["submit"]
        return [*unit, "recommend", "pass", *up]

    # --- what is under way ---

    def under_way(self, number: int, *, at: str, district: str, days: int, own: bool = False, pool: str = "") -> None:
        """One application that stands at `at` since so many working days; `pool`: the tier it came from."""
        story = self.story
        enterprise, handler, certifier = self.enterprise(District.objects.get(code=district), own=own)
        after = {"certifying": "to_certify", "district": "submit", "returned": "submit", "bureau": "recommend"}
        after |= {"passed": "pass", "sent": "forward"}
        upto = 0 if at == "draft" else self.path.index(after[at]) + 1
        steps = self.path[:upto] + (["return"] if at == "returned" else [])
        begun = story.back(days + 3 * len(steps) + 3)
        if pool:
            pool_demo.PoolTeller(story).enter(enterprise, handler, tier=pool, days=days + 3 * len(steps) + 40, met=3)
        case = self.filled(enterprise, handler, begun)
        if own:
            Enterprise.objects.filter(pk=enterprise.pk).update(rd_spend=Decimal("48600000"))
        if at == "draft":
            self.unfinish(case)
        for n, action in enumerate(steps):
            on = story.back(days + 3 * (len(steps) - 1 - n))
            items = [self.item(case, **row) for row in story.plot["sent_back"]] if action == "return" else []
            case = self.step(case, action, on, [handler, certifier], items=items)

    def item(self, case: Application, target: str, code: str, note: str) -> ReturnItem:
        return ReturnItem(target=target, label=cases.labels_of(case)[target], code=code, note=note)

    def unfinish(self, case: Application) -> None:
        """A draft that still lacks a promise of salary and a plan."""
        case.matter.evidence.filter(slot__regex=r"\.(salary|letter)$").delete()
        Application.objects.filter(pk=case.pk).update(project="", innovation="", salary_promise=None)

    # --- one case ---

    def filled(self, enterprise: Enterprise, handler: User, on: date) -> Application:
        """A draft with everything answered and a paper in every required slot."""
        random = self.story.random
        case = actions.start(enterprise=enterprise, kind=self.type, by=handler, on=on)
        claimed = random.choice(self.story.plot.get("claimed", self.recommended) or [""])
        for answer in case.answers.select_related("condition"):
            basic = answer.condition.group == "basic"
            if basic or answer.condition.code == claimed:
                actions.answer(case, answer.condition, claimed=True, statement="")
                for slot in Slot.objects.filter(condition=answer.condition, required=True).select_related("condition"):
                    actions.cite(case, slot, self.file(enterprise, slot, handler), by=handler)
        Application.objects.filter(pk=case.pk).update(
            supervisor=self.story.names["surnames"].split()[self.count % 20] + "工",
            supervisor_title="正高级工程师",
            supervisor_field="机器人控制",
            recruits=random.randrange(1, 4),
            project=f"演示项目{self.count}：关键部件在线检测",
            project_budget=Decimal(random.randrange(120, 600)) * 10000,
            innovation="演示数据：用少量样本识别细小缺陷，替代人工目检。",
            partner="演示大学 控制科学与工程流动站",
            salary_promise=Decimal(random.randrange(18, 42)) * 10000,
            manager=handler.name,
            manager_phone=handler.phone,
            classified=False,
        )
        return Application.objects.get(pk=case.pk)

    def file(self, enterprise: Enterprise, slot: Slot, by: User):
        paper = demo_pdf(slot.title_en or slot.code, enterprise.organisation.code)
        upload = SimpleUploadedFile(f"{slot.title}.pdf", paper, "application/pdf")
        return uploads.store(upload, organisation=enterprise.organisation, by=by)

    @staticmethod
    def paper(title: str, code: str) -> bytes:
        return demo_pdf(title, code)

    def sealed(self, enterprise: Enterprise, by: User):
        paper = demo_pdf("Application form with seal", enterprise.organisation.code)
        upload = SimpleUploadedFile("审批表（盖章）.pdf", paper, "application/pdf")
        return uploads.store(upload, organisation=enterprise.organisation, by=by)

    def step(self, case: Application, action: str, on: date, people, *, details=None, items=()) -> Application:
        """One step by whoever's it is; officers judge every condition before they recommend."""
        handler, certifier = people[0], people[1]
        officer = self.story.officers[case.matter.district.code]
        by = {
            "to_certify": handler,
            "submit": certifier,
            "recommend": officer,
            "return": officer,
            "send_up": self.approver,
            "recognise": self.approver,
        }.get(action, self.maker)
        if action == "submit":
            if case.signing == Signing.PAGE:
                by = handler
                actions.stamp(case, self.sealed(case.enterprise, by), by=by)
            return actions.certify(case, by=by, on=on)
        if action == "recommend":
            for answer in case.answers.filter(claimed=True).select_related("condition"):
                actions.judge(case, answer.condition, verdict=True, note="", by=by, on=on)
            if self.count % 3 == 0:
                found = "演示数据：看了实验场地、样机和人才公寓，与申报内容一致。"
                visit = SiteVisit(visited_on=on, visitors=f"{by.name}、产业科负责人", findings=found)
                actions.record_visit(case, visit, by=by, on=on)
        return applications_lifecycle.application.move(case, action, by=by, on=on, details=details, items=items)


def demo_pdf(title: str, code: str) -> bytes:
    """A one-page PDF with a letterhead, some lines and a seal, drawn by hand: enough to look at, plainly a demo."""
    lines = "".join(f"0.87 0.89 0.92 rg 72 {y} {330 + y * 7 % 120} 7 re f\n" for y in range(330, 620, 22))
    seal = (
        "0.65 0.2 0.17 RG 2.5 w 470 200 m 470 222 452 240 430 240 c 408 240 390 222 390 200 c "
        "390 178 408 160 430 160 c 452 160 470 178 470 200 c S\n"
    )
    text = (
        "0.65 0.2 0.17 rg BT /F1 20 Tf 72 740 Td (DEMONSTRATION DOCUMENT) Tj ET\n"
        "0.65 0.2 0.17 RG 1 w 72 728 m 523 728 l S\n"
        f"0.11 0.15 0.2 rg BT /F1 15 Tf 72 690 Td ({title.encode('ascii', 'ignore').decode()}) Tj ET\n"
        f"BT /F1 11 Tf 72 664 Td (Credit code {code} - invented, for training only) Tj ET\n"
    )
    content = (text + lines + seal).encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    pdf, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(pdf))
        pdf += b"%d 0 obj%s\nendobj\n" % (number, body)
    start = len(pdf)
    pdf += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    pdf += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return pdf + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
