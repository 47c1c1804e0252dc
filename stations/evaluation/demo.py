"""The evaluation's part of the demonstration: rounds that are over or under way, as the plot tells."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from django.core.files.uploadedfile import SimpleUploadedFile

from portal import uploads
from portal.demo import MARK, Story
from portal.models import Evidence, ReturnItem, Role, User
from stations.evaluation import actions, lifecycle
from stations.evaluation.figures import Period
from stations.models import Evaluation, EvaluationScheme, Line, SchemeItem, Sheet

# What a station says, by how well it does: a share of the highest band, or of the points where people judge.
STRENGTHS = {"best": (1.0, 0.9), "good": (0.85, 0.8), "fair": (0.74, 0.7), "poor": (0.45, 0.4)}


def tell(story: Story) -> None:
    for plot in story.plot.get("evaluations", ()):
        Round(story, plot).tell()


def take_again(story: Story) -> None:
    """Sheets that are still to be reported ask the records again, once there are any."""
    rounds = Evaluation.objects.filter(matter__district=story.pack.root, status="reporting")
    for round_ in rounds.select_related("scheme"):
        lines = list(
            Line.objects.filter(sheet__evaluation=round_, sheet__status__in=["reporting", "returned"]).select_related(
                "item", "sheet"
            )
        )
        items = {line.item_id: line.item for line in lines}.values()
        known = lifecycle.records({line.sheet.station_id for line in lines}, items, Period.of(round_))
        for line in lines:
            if found := known[line.sheet.station_id].get(line.item.code):
                actions.retaken(line, found)
        Line.objects.bulk_update(lines, ["record", "counted", "claimed"])


class Round:
    """One round of the plot. `at` is where it stands on the day of the story: reporting or published."""

    def __init__(self, story: Story, plot: dict):
        self.story, self.plot, self.random = story, plot, Random(len(plot["name"]))
        self.maker, self.approver = story.people[Role.BUREAU_HANDLER], story.people[Role.BUREAU_APPROVER]
        self.begun: date = plot["begun"]
        self.strengths: dict[int, str] = {}
        self.own_told = False

    def tell(self) -> None:
        plot = self.plot
        schemes = EvaluationScheme.objects.filter(pack=self.story.pack, code=plot["scheme"])
        scheme = schemes.in_force(self.begun).get()
        fields = ("name", "name_en", "since", "until", "cut_off", "report_by")
        round_ = actions.prepare(
            scheme=scheme, by=self.maker, on=self.begun - timedelta(5), **{name: plot[name] for name in fields}
        )
        self.move(round_, "start", self.begun)
        sheets = list(self.sheets(round_))
        self.report(round_, sheets)
        if plot["at"] == "reporting":
            return
        self.move(round_, "end_reports", plot["report_by"] + timedelta(3))
        self.check(round_, plot["report_by"] + timedelta(4))
        self.finish(round_)

    def move(self, round_: Evaluation, action: str, on: date, by: User | None = None, **values) -> Evaluation:
        return lifecycle.evaluation.move(round_, action, by=by or self.maker, on=on, **values)

    def sheets(self, round_: Evaluation):
        rows = Sheet.objects.filter(evaluation=round_).select_related("matter__district", "matter__organisation")
        return rows.select_related("station").order_by("pk")

    # --- the stations report ---

    def report(self, round_: Evaluation, sheets: list[Sheet]) -> None:
        """Who is to be excellent and who to fail is drawn among those whose station goes on."""
        going_on = [s for s in sheets if s.station.status == "valid"]
        drawn = self.random.sample(going_on, min(len(going_on), self.plot["best"] + self.plot["poor"]))
        best = {s.pk for s in drawn[: self.plot["best"]]}
        poor = {s.pk for s in drawn[self.plot["best"] :]}
        over = self.plot["at"] == "published"  # else only some have reported so far
        for number, sheet in enumerate(sheets):
            own = self.plot.get("own") == sheet.matter.district.code and not self.own_told
            if not over and number % 5 and not own:
                continue
            strength = (
                "best" if sheet.pk in best else "poor" if sheet.pk in poor else self.random.choice(["good", "fair"])
            )
            self.strengths[sheet.pk] = strength
            people = self.people(sheet, own=own)
            self.fill(sheet, strength, people[0])
            on = self.begun + timedelta(3 + number % 14)
            lifecycle.sheet.move(sheet, "to_certify", by=people[0], on=on)
            actions.certify(sheet, by=people[1], on=on + timedelta(1))
            if own:
                self.own_told = True
                item = ReturnItem(target="item:recruits", label="评估期新进站博士后", code="R17")
                item.note = "证明里有一人的进站备案日期在评估期之前，请核对人数并补备案页。"
                lifecycle.sheet.move(
                    sheet,
                    "return",
                    by=self.story.officers[sheet.matter.district.code],
                    on=self.story.back(2),
                    items=[item],
                )

    def people(self, sheet: Sheet, *, own: bool) -> list[User]:
        """The two accounts of the station's enterprise; `own`: with names that the demonstration prints."""
        rows = User.objects.filter(appointments__organisation=sheet.matter.organisation).order_by("pk")
        if own:
            for user, role in zip(rows, (Role.HANDLER, Role.CERTIFIER), strict=False):
                User.objects.filter(pk=user.pk).update(username=f"{self.story.pack.prefix.lower()}-station-{role}")
        return list(rows)

    def fill(self, sheet: Sheet, strength: str, by: User) -> None:
        """Figures for what the station reports, one paper for all that needs one."""
        lines = list(Line.objects.filter(sheet=sheet).select_related("item"))
        for line in lines:
            if line.record is None and line.item.source in (SchemeItem.Source.REPORTED, SchemeItem.Source.COUNTED):
                line.claimed = self.figure(line.item, STRENGTHS[strength][0])
            elif line.item.judged:
                line.statement = "演示数据：见所附材料。"
        Line.objects.bulk_update(lines, ["claimed", "statement"])
        paper = self.paper(sheet, by)
        cited = [line.item.code for line in lines if line.item.evidence]
        Evidence.objects.bulk_create(
            Evidence(matter=sheet.matter, slot=code, file=paper, added_by=by) for code in cited
        )

    def figure(self, item: SchemeItem, share: float) -> Decimal:
        """The figure that brings about this share of the points."""
        steps = sorted((int(figure), points) for figure, points in item.bands.items())
        wish = share + self.random.choice([-0.06, 0, 0, 0.06]) if share < 1 else 1
        reached = [figure for figure, points in steps if points <= float(item.points) * wish]
        return Decimal(reached[-1] if reached else 0)

    def paper(self, sheet: Sheet, by: User):
        from stations.demo import demo_pdf

        content = demo_pdf("Evidence", sheet.matter.organisation.code)
        upload = SimpleUploadedFile("评估佐证材料.pdf", content, "application/pdf")
        return uploads.store(upload, organisation=sheet.matter.organisation, by=by)

    # --- the officials check, mark and decide ---

    def check(self, round_: Evaluation, on: date) -> None:
        """Districts look at every sheet and correct a few; a station that ended meanwhile drops out."""
        for number, sheet in enumerate(self.sheets(round_).filter(status="checking")):
            officer = self.story.officers[sheet.matter.district.code]
            if sheet.station.status == "cancelled":
                lifecycle.sheet.move(sheet, "exempt", by=self.maker, on=on, note="站已注销，不再参评")
                continue
            if number % 9 == 4 and self.strengths.get(sheet.pk) == "good":
                line = sheet.lines.select_related("item").get(item__code="outputs")
                if line.claimed:
                    actions.write(sheet, "checked", {"outputs": (line.claimed - 1, "一项专利不在评估期内")}, by=officer)
            lifecycle.sheet.move(sheet, "check", by=officer, on=on + timedelta(number % 9))

    def finish(self, round_: Evaluation) -> None:
        """Marks, grades as proposed, publicity, publication."""
        plot, day = self.plot, self.plot["publicised"]
        self.move(round_, "begin_review", day - timedelta(14))
        for sheet in self.sheets(round_).filter(status="review"):
            self.mark(sheet, day - timedelta(10))
        round_ = Evaluation.objects.select_related("scheme", "matter__district").get(pk=round_.pk)
        places, _quota = lifecycle.proposal(round_)
        actions.decide(round_, {p.sheet.pk: (p.proposed, "") for p in places})
        self.move(round_, "publicise", day)
        paper = {"document": f"{plot['document']}{MARK}", "document_on": plot["published"].isoformat()}
        self.move(round_, "publish", plot["published"], by=self.approver, details=paper)

    def mark(self, sheet: Sheet, on: date) -> None:
        lines = list(Line.objects.filter(sheet=sheet).select_related("item"))
        share = STRENGTHS[self.strengths.get(sheet.pk, "fair")][1]
        for line in lines:
            if line.item.judged:
                line.settled = round(line.item.points * Decimal(str(share)), 0)
        Line.objects.bulk_update(lines, ["settled"])
        lifecycle.sheet.move(sheet, "score", by=self.maker, on=on)
