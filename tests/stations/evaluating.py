"""What tests of evaluation start from: a small scheme, and a round brought to a stage."""

from datetime import date
from decimal import Decimal

from portal.models import Evidence, Role
from stations.evaluation import actions as evaluation_actions
from stations.evaluation import lifecycle as life
from stations.models import (
    Evaluation,
    EvaluationScheme,
    Line,
    SchemeDimension,
    SchemeEntrant,
    SchemeGrade,
    SchemeItem,
    Sheet,
)
from tests import make

ON = make.ON
ITEMS = (  # code, points, source, fact, bands, evidence
    ("recruits", 40, "reported", "", {"1": 10, "2": 25, "4": 40}, True),
    ("staff", 30, "fact", "enterprise_staff", {"100": 15, "300": 30}, False),
    ("rules", 30, "judged", "", {}, False),
)


def scheme(place, *, cap=None, honour="excellent", **values) -> EvaluationScheme:
    given = {
        "code": "test",
        "title": "测试评估",
        "clause": place.clause,
        "cap": cap,
        "rectify_months": 12,
        "honour": honour,
        "honour_title": "优秀工作站" if honour else "",
        "since": date(2020, 1, 1),
    }
    row = EvaluationScheme.objects.create(pack=place.pack, **(given | values))
    for n, (code, title, at_least) in enumerate((("top", "优秀", 85), ("ok", "合格", 60), ("fail", "不合格", 0))):
        SchemeGrade.objects.create(
            scheme=row, code=code, title=title, at_least=at_least, failing=code == "fail", order=n
        )
    SchemeEntrant.objects.create(scheme=row, fact="is_valid", lookup="exact", value=True)
    SchemeEntrant.objects.create(scheme=row, fact="years_since_approval", lookup="gte", value=1, order=1)
    dimension = SchemeDimension.objects.create(scheme=row, code="all", title="全部")
    for n, (code, points, source, fact, bands, evidence) in enumerate(ITEMS):
        SchemeItem.objects.create(
            dimension=dimension, code=code, title=f"指标{code}", points=points, source=source, fact=fact,
            unit="人", bands=bands, evidence=evidence, order=n,
        )  # fmt: skip
    return row


ENTRIES = {"rows": "stay", "kind": "flow", "starts": "entered_on", "stops": "withdrawn_on"}


def counting(row: EvaluationScheme, counts: dict = ENTRIES) -> EvaluationScheme:
    """The same scheme, its first item counted from records."""
    SchemeItem.objects.filter(dimension__scheme=row, code="recruits").update(source="counted", counts=counts)
    return row


def prepared(place, who, *, by_scheme=None, on=ON, cut_off=None) -> Evaluation:
    """A round in preparation, for the year up to today."""
    return evaluation_actions.prepare(
        scheme=by_scheme or EvaluationScheme.objects.filter(pack=place.pack).first() or scheme(place),
        by=who[Role.BUREAU_HANDLER],
        on=on,
        name="2026年度评估",
        name_en="Evaluation 2026",
        since=date(on.year, 1, 1),
        until=date(on.year + 1, 1, 1),
        cut_off=cut_off or on,
        report_by=date(2030, 1, 31),
    )


def started(place, who, **values) -> Evaluation:
    round_ = prepared(place, who, **values)
    return step(round_, "start", who, on=values.get("on", ON))


def step(round_, action, who, *, on=ON, **values) -> Evaluation:
    by = who[Role.BUREAU_APPROVER] if action in ("publish", "reopen") else who[Role.BUREAU_HANDLER]
    return life.evaluation.move(round_, action, by=by, on=on, **values)


def filled(sheet: Sheet, by, recruits: int = 4) -> Sheet:
    """A sheet with its figures and its paper, by its own handler."""
    evaluation_actions.write(sheet, "claimed", {"recruits": (Decimal(recruits), ""), "rules": (None, "见附件")}, by=by)
    if recruits and not Evidence.objects.filter(matter=sheet.matter, slot="recruits").exists():
        evaluation_actions.cite(sheet, "recruits", make.file(sheet.matter.organisation, by), by=by)
    return sheet


PATH = ("to_certify", "submit", "check", "score")


def brought(sheet: Sheet, status: str, who, *, recruits: int = 4, rules: int = 25, on=ON) -> Sheet:
    """A sheet moved along to this status; `who` holds its own handler and certifier and its officer."""
    ends = {"reporting": 0, "certifying": 1, "checking": 2, "review": 3, "scored": 4}
    filled(sheet, who[Role.HANDLER], recruits)
    for action in PATH[: ends[status]]:
        by = {
            "to_certify": who[Role.HANDLER],
            "submit": who[Role.CERTIFIER],
            "check": who[Role.DISTRICT],
            "score": who[Role.BUREAU_HANDLER],
        }[action]
        if action == "score":
            evaluation_actions.write(sheet, "settled", {"rules": (Decimal(rules), "")}, by=by)
        sheet = life.sheet.move(sheet, action, by=by, on=on)
    return sheet


def published(
    round_, who, *, since=ON, on=date(2026, 6, 20), day="2026-06-15", document="测〔2026〕20号"
) -> Evaluation:
    """From review through publicity to the published result, as proposed."""
    if round_.status == "reporting":
        round_ = step(step(round_, "end_reports", who, on=since), "begin_review", who, on=since)
    places, _quota = life.proposal(round_)
    evaluation_actions.decide(round_, {p.sheet.pk: (p.proposed, "") for p in places})
    round_ = step(round_, "publicise", who, on=since)
    return step(round_, "publish", who, on=on, details={"document": document, "document_on": day})


def line(sheet: Sheet, code: str) -> Line:
    return Line.objects.select_related("item").get(sheet=sheet, item__code=code)


def in_status(kind: str, status: str, place, who):
    """A round, or the sheet of `place.enterprise`, set to a status past every step, as its constraints allow."""
    approver = who[Role.BUREAU_APPROVER]
    station = make.station(place, approver, owner=place.enterprise, approved_on=date(2020, 1, 2))
    round_ = prepared(place, who) if kind == "evaluation" else started(place, who)
    if kind == "evaluation":
        public = {"publicity_since": ON, "publicity_until": ON} if status in ("publicity", "published") else {}
        over = {"published_on": date(2026, 6, 2), "document": "测"} if status == "published" else {}
        Evaluation.objects.filter(pk=round_.pk).update(status=status, **public, **over)
        return Evaluation.objects.get(pk=round_.pk)
    given = {}
    if status in ("scored", "graded"):
        given = {"final_score": 70, "grade": SchemeGrade.objects.get(code="ok")}
    if status == "graded":
        given |= {"decision": {}}
    Sheet.objects.filter(station=station).update(status=status, **given)
    return Sheet.objects.select_related("matter", "evaluation__scheme").get(station=station)
