"""The life of a round of evaluation and of each station's sheet in it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext, override, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from portal import workdays
from portal.facts import Criterion, Finding, Lookup, Question
from portal.lifecycle import Fork, Lifecycle, Refused, Stage, Transition, open_matter
from portal.models import Evidence, Matter, Role
from portal.rules import plain
from stations.evaluation import facts, scoring
from stations.evaluation.figures import Period, counted
from stations.models import (
    Evaluation,
    EvaluationScheme,
    EvaluationStatus,
    Honour,
    Line,
    SchemeItem,
    Sheet,
    SheetStatus,
    Station,
)
from stations.register import facts as register_facts
from stations.roles import ALL_ANSWERED, APPROVER, CERTIFIER, DISTRICT, HANDLER, MAKERS, PAPER
from stations.standing import actions as standing

E, S = EvaluationStatus, SheetStatus

# --- who takes part ----------------------------------------------------------------------------


def questions_of(scheme: EvaluationScheme) -> list[Question]:
    """What must hold of a station that takes part; values brought to the facts' types."""
    rows = sorted(scheme.entrants.all(), key=lambda row: (row.order, row.pk))
    return [register_facts.station.criterion(row.fact, row.lookup, row.value, str(scheme.clause)) for row in rows]


def entrants(evaluation: Evaluation) -> dict[bool | None, list[int]]:
    """The city's stations by whether they take part on the day of the cut-off: True, False, None (can't tell)."""
    asked = {f"q{n}": question for n, question in enumerate(questions_of(evaluation.scheme))}
    rows = Station.objects.filter(matter__district__up__ancestor=evaluation.matter.district_id)
    found: dict[bool | None, list[int]] = {True: [], False: [], None: []}
    if not asked:
        return found
    for row in register_facts.station.verdicts(rows, asked, on=evaluation.cut_off):
        verdicts = {row[name] for name in asked}
        found[False if False in verdicts else None if None in verdicts else True].append(row["pk"])
    return found


def why_not(evaluation: Evaluation, station: Station) -> list[Finding]:
    """What the rules of taking part say of one station."""
    return register_facts.station.findings(station, questions_of(evaluation.scheme), on=evaluation.cut_off)


def open_sheets(subject, *, by, on, details):
    """A sheet for every station that takes part, with what the records know. Raises Refused when nobody does."""
    chosen = entrants(subject)[True]
    if not chosen:
        raise Refused(_("截止日 %(day)s 没有符合参评条件的站，请核对截止日和参评条件。") % {"day": subject.cut_off})
    items = list(SchemeItem.objects.filter(dimension__scheme=subject.scheme_id).order_by("pk"))
    known = records(chosen, items, Period.of(subject))
    rows = Station.objects.filter(pk__in=chosen).select_related("enterprise__organisation", "matter__district")
    for station in rows.order_by("matter__district__path_order", "pk"):
        open_sheet(subject, station, items, known[station.pk], by=by, on=on)


def open_sheet(round_, station: Station, items: Iterable[SchemeItem], known: Mapping[str, "Known"], *, by, on):
    titles = {}
    for language in ("zh-hans", "en"):
        with override(language):
            titles[language] = gettext("%(round)s：评估表") % {"round": str(round_)}
    matter = open_matter(
        sheet,
        S.REPORTING,
        series="PB",
        title=titles["zh-hans"],
        title_en=titles["en"],
        organisation=station.enterprise.organisation,
        district=station.matter.district,
        by=by,
        on=on,
        filed=True,
    )
    Matter.objects.filter(pk=matter.pk).update(due_on=round_.report_by)
    row = Sheet.objects.create(matter=matter, evaluation=round_, station=station)
    none = Known(None)
    lines = ((item, known.get(item.code, none)) for item in items)
    Line.objects.bulk_create(Line(sheet=row, item=item, record=k.figure, counted=k.rows) for item, k in lines)


@dataclass(frozen=True)
class Known:
    """What the records say of one item: the figure, None where they don't know; and the rows that make it."""

    figure: Decimal | None
    rows: list[int] | None = None


def records(stations: Iterable[int], items: Iterable[SchemeItem], period: Period) -> dict[int, dict[str, Known]]:
    """What the records say of these stations, by item. One statement for the facts, one for each kind of rows."""
    items, stations = list(items), list(stations)
    wanted = {item.code: item.fact for item in items if item.source == SchemeItem.Source.FACT}
    found: dict[int, dict[str, Known]] = {
        pk: {code: Known(figure.value, figure.rows) for code, figure in figures.items()}
        for pk, figures in counted(stations, items, period).items()
    }
    if wanted:
        rows = Station.objects.filter(pk__in=stations)
        for row in register_facts.station.table(rows, set(wanted.values()), on=period.on):
            found[row["pk"]] |= {code: Known(number(row[f"fact_{fact}"])) for code, fact in wanted.items()}
    return found


def number(value) -> Decimal | None:
    """A fact as a figure: yes is 1, no is 0."""
    return None if value is None else Decimal(int(value) if isinstance(value, bool) else value)


def begin_publicity(subject, *, by, on, details):
    """Public from today for the scheme's working days; then it is the approver's turn."""
    subject.publicity_since = on
    subject.publicity_until = workdays.add(on, subject.scheme.publicity_days)
    subject.matter.due_on = workdays.add(subject.publicity_until, 1)
    subject.matter.save(update_fields=["due_on"])


def end_publicity(subject, *, by, on, details):
    subject.publicity_since = subject.publicity_until = None


def publish(subject, *, by, on, details):
    """Seal every result, award the titles, begin the rectifications (as cases of their own). Raises Refused on an impossible date."""
    decided_on = date.fromisoformat(details["document_on"])
    if decided_on > on:
        raise Refused(_("文件日期 %(day)s 在今天之后，请核对文件上的日期。") % {"day": decided_on})
    if decided_on <= subject.publicity_until:
        raise Refused(
            _("公示到 %(until)s 为止，结果文件的日期 %(day)s 应在公示期满之后。")
            % {"until": subject.publicity_until, "day": decided_on}
        )
    subject.published_on, subject.document = decided_on, details["document"]
    places, quota = proposal(subject)
    honours_end(subject)
    for place in places:
        row = place.sheet
        row.decision = scoring.sealed(place, of=len(places), quota=quota)
        row.save(update_fields=["decision"])
        sheet.move(row, "grade", by=by, on=on, details=details)
        if subject.scheme.honour and row.grade_id == scoring.grades_of(subject.scheme)[0].pk:
            award(subject, row, on=decided_on)
    subject.save()  # so that the clocks know of the results
    for row in (place.sheet for place in places):
        if row.grade.failing and subject.scheme.rectify_months:
            standing.after_evaluation(row, months=subject.scheme.rectify_months, by=by, on=on, details=details)


def taking_part(evaluation: Evaluation) -> list[Sheet]:
    """The sheets of a round but those of whom it exempted."""
    rows = list(evaluation.sheets.exclude(status=S.EXEMPT).select_related("matter__district", "grade"))
    for row in rows:
        row.evaluation = evaluation
    return rows


def proposal(evaluation: Evaluation, sheets: list[Sheet] | None = None) -> tuple[list[scoring.Place], int | None]:
    """The ranked sheets of a round and how many the first grade may have; `sheets`: those taking part, where they are known."""
    rows = taking_part(evaluation) if sheets is None else sheets
    quota = scoring.quota_of(evaluation, len(rows))
    return scoring.ranking(rows, scoring.grades_of(evaluation.scheme), quota), quota


def honours_end(evaluation: Evaluation) -> None:
    """Titles of the round before end on the day the new ones begin."""
    if evaluation.scheme.honour:
        Honour.objects.filter(
            Q(ended_on=None) | Q(ended_on__gt=evaluation.published_on),
            station__matter__district__up__ancestor=evaluation.matter.district_id,
            code=evaluation.scheme.honour,
            awarded_on__lte=evaluation.published_on,
        ).update(ended_on=evaluation.published_on, end_document=evaluation.document)


def award(evaluation: Evaluation, row: Sheet, *, on: date) -> Honour:
    scheme = evaluation.scheme
    return Honour.objects.create(
        station_id=row.station_id,
        code=scheme.honour,
        title=scheme.honour_title,
        title_en=scheme.honour_title_en,
        awarded_on=on,
        document=evaluation.document,
        sheet=row,
    )


# --- a sheet is handed on ----------------------------------------------------------------------


def snapshot(subject: Sheet) -> dict:
    """What is handed in: every line and the papers cited."""
    rows = Line.objects.filter(sheet=subject).select_related("item").order_by("pk")
    cited = Evidence.objects.filter(matter=subject.matter_id, removed_at=None).order_by("slot", "pk")
    return {
        "line": {
            line.item.code: {n: plain(getattr(line, n)) for n in ("record", "claimed", "statement")} for line in rows
        },
        "slot": [[piece.slot, str(piece.file_id)] for piece in cited],
    }


def count_self(subject, *, by, on, details):
    """The scores as handed in; a later level's is counted again where it was counted before."""
    lines = scoring.lines_of(subject)
    subject.self_score = scoring.total(lines, "self")
    if subject.checked_score is not None:
        subject.checked_score = scoring.total(lines, "checked")


def count_checked(subject, *, by, on, details):
    subject.checked_score = scoring.total(scoring.lines_of(subject), "checked")


def count_final(subject, *, by, on, details):
    subject.final_score = scoring.total(scoring.lines_of(subject), "final")


def uncount(subject, *, by, on, details):
    subject.final_score, subject.grade, subject.grade_note = None, None, ""


REPORTED = Criterion("unreported", Lookup.AT_MOST, 0, _("每项指标都要填数，没有就填 0"))
PROVED = Criterion("unproved", Lookup.AT_MOST, 0, _("要求证明的指标须附证明"))
SETTLED = Criterion("unsettled", Lookup.AT_MOST, 0, _("每项指标都要有评定"))
IN_TIME = Criterion("round_status", Lookup.ONE_OF, ("reporting",), _("自评在填报阶段提交"))
WHILE_OPEN = Criterion("round_status", Lookup.ONE_OF, ("reporting", "checking", "review"), _("公示前可以办理"))
IN_REVIEW = Criterion("round_status", Lookup.ONE_OF, ("checking", "review"), _("公示前可以重新评分"))
PUBLISHED = Criterion("round_status", Lookup.ONE_OF, ("publicity",), _("随整轮结果一起公布"))

sheet = Lifecycle(
    "assessment",
    _("评估表"),
    url="stations:assessment",
    vocabulary=facts.sheet,
    snapshot=snapshot,
    stages={
        S.REPORTING: Stage(_("待自评"), Role.HANDLER),
        S.CERTIFYING: Stage(_("待单位审核"), Role.CERTIFIER),
        S.CHECKING: Stage(_("待区镇核查"), Role.DISTRICT),
        S.RETURNED: Stage(pgettext_lazy("状态", "退回补正"), Role.HANDLER, days="days.correction"),
        S.REVIEW: Stage(_("待市局评审"), Role.BUREAU_HANDLER),
        S.SCORED: Stage(_("已评分待定等"), outside=True),
        S.GRADED: Stage(_("已定等")),
        S.EXEMPT: Stage(_("不参评")),
    },
    transitions=[
        Transition(
            "to_certify",
            S.REPORTING,
            S.CERTIFYING,
            HANDLER,
            _("送单位审核"),
            (IN_TIME, REPORTED, PROVED),
            duty="submission",
        ),
        Transition(
            "to_certify",
            S.RETURNED,
            S.CERTIFYING,
            HANDLER,
            _("送单位审核"),
            (WHILE_OPEN, ALL_ANSWERED, REPORTED, PROVED),
            duty="submission",
        ),
        Transition(
            "decline", S.CERTIFYING, Fork(S.REPORTING, S.RETURNED), CERTIFIER, _("退给经办人"), note_needed=True
        ),
        Transition(
            "submit",
            S.CERTIFYING,
            Fork(S.CHECKING),
            CERTIFIER,
            _("确认并提交"),
            (WHILE_OPEN,),
            effect=count_self,
            duty="submission",
            files=True,
        ),
        Transition("check", S.CHECKING, S.REVIEW, DISTRICT, _("核查通过"), (WHILE_OPEN,), effect=count_checked),
        Transition("return", S.CHECKING, S.RETURNED, DISTRICT, _("退回补正"), (WHILE_OPEN,), returns=True),
        Transition("return", S.REVIEW, S.RETURNED, MAKERS, _("退回补正"), (WHILE_OPEN,), returns=True),
        Transition("to_district", S.REVIEW, S.CHECKING, MAKERS, _("退回区镇"), (WHILE_OPEN,), note_needed=True),
        Transition("score", S.REVIEW, S.SCORED, MAKERS, _("评分"), (WHILE_OPEN, SETTLED), effect=count_final),
        Transition(
            "rescore", S.SCORED, S.REVIEW, MAKERS, _("重新评分"), (IN_REVIEW,), effect=uncount, note_needed=True
        ),
        *(
            Transition("take_over", source, S.CHECKING, MAKERS, _("逾期未报，转核查"), (WHILE_OPEN,), note_needed=True)
            for source in (S.REPORTING, S.CERTIFYING, S.RETURNED)
        ),
        *(
            Transition("exempt", source, S.EXEMPT, MAKERS, _("不参评"), (WHILE_OPEN,), note_needed=True)
            for source in (S.REPORTING, S.CERTIFYING, S.CHECKING, S.RETURNED, S.REVIEW)
        ),
        Transition("grade", S.SCORED, S.GRADED, APPROVER, _("公布等次"), (PUBLISHED,)),
    ],
)
BY_ROUND = frozenset({"grade"})  # what comes with the publication, never by themselves

NONE_OPEN = Criterion("sheets_open", Lookup.AT_MOST, 0, _("所有参评站评完才能公示"))
ALL_GRADED = Criterion("sheets_ungraded", Lookup.AT_MOST, 0, _("拟定等次后才能公示"))
ANSWERED = Criterion("objections_open", Lookup.AT_MOST, 0, _("公示期间收到的异议都要答复"))

evaluation = Lifecycle(
    "evaluation",
    _("评估"),
    url="stations:evaluation",
    vocabulary=facts.evaluation,
    stages={
        E.PREPARING: Stage(pgettext_lazy("评估", "准备"), Role.BUREAU_HANDLER),
        E.REPORTING: Stage(_("自评填报"), outside=True),
        E.CHECKING: Stage(_("区镇核查"), outside=True),
        E.REVIEW: Stage(_("市级评审"), Role.BUREAU_HANDLER),
        E.PUBLICITY: Stage(pgettext_lazy("评估", "公示"), Role.BUREAU_APPROVER),
        E.PUBLISHED: Stage(pgettext_lazy("评估", "已公布")),
        E.DROPPED: Stage(_("已取消")),
    },
    transitions=[
        Transition("start", E.PREPARING, E.REPORTING, MAKERS, _("启动自评"), effect=open_sheets),
        Transition("drop", E.PREPARING, E.DROPPED, MAKERS, _("取消这一轮"), note_needed=True),
        Transition("end_reports", E.REPORTING, E.CHECKING, MAKERS, _("结束填报，进入核查")),
        Transition("begin_review", E.CHECKING, E.REVIEW, MAKERS, _("进入市级评审")),
        Transition(
            "publicise",
            E.REVIEW,
            E.PUBLICITY,
            MAKERS,
            _("开始公示"),
            (NONE_OPEN, ALL_GRADED),
            effect=begin_publicity,
            duty="decision",
        ),
        Transition("reopen", E.PUBLICITY, E.REVIEW, APPROVER, _("退回评审"), effect=end_publicity, note_needed=True),
        Transition(
            "publish",
            E.PUBLICITY,
            E.PUBLISHED,
            APPROVER,
            _("公布结果"),
            (NONE_OPEN, ALL_GRADED, ANSWERED),
            effect=publish,
            duty="decision",
            needs=PAPER,
        ),
    ],
)
