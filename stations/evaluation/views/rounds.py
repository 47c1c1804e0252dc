"""Rounds of evaluation: the list, a new one, one round with its sheets, its ranking and its steps."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, F, Prefetch, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from portal.facts import compared
from portal.lifecycle import Refused
from portal.models import District, Event, Role
from portal.models.people import BUREAU
from portal.paging import Whole
from portal.site import remembered
from portal.views.rules import own_pack
from portal.words import localised
from portal.workbooks import workbook
from stations import steps
from stations.evaluation import actions, lifecycle, scoring
from stations.evaluation.facts import OPEN
from stations.evaluation.filters import SheetFilter
from stations.evaluation.forms import GradesForm, RoundForm
from stations.forms import MoveForm
from stations.models import Evaluation, EvaluationScheme, EvaluationStatus, Line, Sheet, Station
from stations.register.facts import station
from stations.roles import MAKERS

PAGE = 50
E = EvaluationStatus
PHASES = (E.PREPARING, E.REPORTING, E.CHECKING, E.REVIEW, E.PUBLICITY, E.PUBLISHED)


# --- the list, and a new one -------------------------------------------------------------------


def evaluations(request):
    """The rounds one may know of, the newest first, with how far each is."""
    rows = Evaluation.objects.visible_to(request.user).for_page()
    mine = Sheet.objects.visible_to(request.user).exclude(status="exempt").values("evaluation")
    counts = {
        row["evaluation"]: row
        for row in mine.order_by().annotate(
            n=Count("pk"),
            done=Count("pk", filter=~Q(status__in=OPEN)),
            first=Count("pk", filter=Q(grade__order=0, evaluation__status=E.PUBLISHED)),
        )
    }
    found = [(row, counts.get(row.pk, {"n": 0, "done": 0, "first": 0}), phases(row)) for row in rows.order_by("-pk")]
    context = {"rounds": found, "may_start": bool(request.user.scope.roles & MAKERS)}
    return render(request, "stations/evaluation_list.html", context)


def new(request):
    """Prepare a round: under which scheme, for which period; nobody is asked before it starts."""
    pack, today = own_pack(request), localdate()
    form = RoundForm(request.POST or None, pack=pack, on=today, initial=suggestion(today))
    if request.method == "POST" and form.is_valid():
        return redirect(actions.prepare(by=request.user, on=today, **form.cleaned_data))
    return render(request, "stations/evaluation_new.html", {"form": form}, status=422 if form.errors else 200)


def suggestion(on: date) -> dict:
    """The year so far, with a month for the self-reports."""
    return {
        "since": date(on.year, 1, 1),
        "until": date(on.year, 12, 31),
        "cut_off": on,
        "report_by": on + timedelta(30),
    }


def phases(round_: Evaluation) -> list[dict]:
    """The round's way as steps of a line: done, now, later."""
    if round_.status == E.DROPPED:
        return []
    at = PHASES.index(E(round_.status))
    if round_.status == E.PUBLISHED:
        at += 1
    shapes = ["past" if n < at else "here" if n == at else "later" for n in range(len(PHASES))]
    return [{"shape": s, "title": phase.label} for s, phase in zip(shapes, PHASES, strict=True)]


# --- one round ---------------------------------------------------------------------------------


def found(request, number) -> Evaluation:
    """With what happened to it; its scheme is remembered: only a pack that is loaded changes one."""
    events = Prefetch("matter__events", Event.objects.select_related("by").order_by("pk"))
    rows = Evaluation.objects.visible_to(request.user).select_related("matter__district").prefetch_related(events)
    round_ = get_object_or_404(rows, matter__number=number)
    schemes = EvaluationScheme.objects.filter(pk=round_.scheme_id).select_related("clause__document", "pack")
    schemes = schemes.prefetch_related("grades", "dimensions__items")
    round_.scheme = remembered(f"scheme:{round_.scheme_id}", schemes.get)
    return round_


@dataclass
class Shown:
    """A sheet as the round lists it: with its place, where this person may see places."""

    sheet: Sheet
    place: scoring.Place | None
    score: Decimal | None = None


@dataclass
class Progress:
    """How far the sheets of a district are."""

    district: District
    n: int
    reported: int
    checked: int
    scored: int
    mean: Decimal | None = None


@dataclass
class Screen:
    """What the page, the workbook and the form of grades have in common."""

    round: Evaluation
    filter: SheetFilter
    rows: list[Shown] = field(default_factory=list)
    sheets: list[Sheet] | None = None  # all that take part, where the round is ranked
    quota: int | None = None
    ranked: bool = False
    form: GradesForm | None = None


def sees_places(user, round_: Evaluation) -> bool:
    """Places are the bureau's until the publicity; then everybody's whose sheet it is."""
    whole_city = round_.matter.district_id in user.scope.districts
    return whole_city or round_.status in (E.PUBLICITY, E.PUBLISHED)


def screen(request, round_: Evaluation) -> Screen:
    """The sheets one may see, filtered, the best first."""
    rows = Sheet.objects.visible_to(request.user).filter(evaluation=round_).select_related(
        "matter__district", "matter__organisation", "grade", "station__enterprise__organisation"
    )  # fmt: skip
    chosen = SheetFilter(request.GET, rows, request=request)
    shown = Screen(round_, chosen, ranked=sees_places(request.user, round_))
    places: list[scoring.Place] = []
    if shown.ranked:
        shown.sheets = lifecycle.taking_part(round_)
        places, shown.quota = lifecycle.proposal(round_, shown.sheets)
    by_sheet = {place.sheet.pk: place for place in places}
    scores = ["final_score"] * shown.ranked + ["checked_score", "self_score"]
    for row in chosen.qs.order_by(*(F(name).desc(nulls_last=True) for name in scores), "pk"):
        place = by_sheet.get(row.pk)
        if place:
            place.sheet = row
        known = [score for score in (getattr(row, name) for name in scores) if score is not None]
        shown.rows.append(Shown(row, place, known[0] if known else None))
    return shown


def evaluation(request, number, form=None):
    """One round: how far it is, by district and by station; in review the ranking with the grades to decide."""
    round_ = found(request, number)
    shown = screen(request, round_)
    page = Whole(shown.rows, PAGE).get_page(request.GET.get("page"))
    decides = may_decide(request.user, round_)
    if decides and form is None:
        places = [row.place for row in page if row.place]
        form = GradesForm(places=places, grades=scoring.grades_of(round_.scheme))
    for row in page if form else ():
        if row.place and f"g{row.sheet.pk}" in form.fields:
            row.place.fields = (form[f"g{row.sheet.pk}"], form[f"n{row.sheet.pk}"])
    counts = by_district(request.user, shown)
    moves = [(s, MoveForm(step=s)) for s in lifecycle.evaluation.possible(round_, request.user)]
    context = {
        "round": round_,
        "matter": round_.matter,
        "phases": phases(round_),
        "filter": shown.filter,
        "page": page,
        "ranked": shown.ranked and round_.status in (E.REVIEW, E.PUBLICITY, E.PUBLISHED),
        "quota": shown.quota,
        "first": first_grades(shown),
        "decides": decides,
        "form": form,
        "moves": moves,
        "districts": counts,
        "sum": total_of(counts),
        "scheme": scheme_card(round_),
        "entrants": preview(round_) if round_.status == E.PREPARING else None,
        "events": [(lifecycle.evaluation.actions.get(e.action, e.action), e) for e in round_.matter.events.all()],
        "export_url": f"{reverse('stations:evaluation_export', args=[number])}?{request.GET.urlencode()}",
        "today": localdate(),
        "objections": objections_of(request.user, round_),
    }
    return render(request, "stations/evaluation.html", context, status=422 if form and form.errors else 200)


def objections_of(user, round_: Evaluation) -> dict | None:
    """How many objections came in while it was public; of the whole city, so only for who sees all of it."""
    sees = user.scope.roles & (BUREAU | {Role.AUDITOR}) and round_.matter.district_id in user.scope.districts
    if not (sees and round_.publicity_since):
        return None
    return round_.matter.objections.aggregate(n=Count("pk"), open=Count("pk", filter=Q(answered_on=None)))


def may_decide(user, round_: Evaluation) -> bool:
    roles = user.roles_for(organisation_id=None, district_id=round_.matter.district_id)
    return round_.status == E.REVIEW and bool(roles & MAKERS)


def first_grades(shown: Screen) -> int:
    """How many have the first grade so far; of what one may see."""
    return sum(bool(row.sheet.grade and row.sheet.grade.order == 0) for row in shown.rows)


def by_district(user, shown: Screen) -> list[Progress]:
    """How many sheets are how far in each district, in official order."""
    round_ = shown.round
    if shown.sheets is not None and round_.matter.district_id in user.scope.districts:
        sheets = shown.sheets
    else:
        mine = Sheet.objects.visible_to(user).filter(evaluation=round_).exclude(status="exempt")
        sheets = list(mine.select_related("matter__district"))
    by_place: dict[District, list[Sheet]] = {}
    for sheet in sorted(sheets, key=lambda s: s.matter.district.path_order):
        by_place.setdefault(sheet.matter.district, []).append(sheet)
    return [progress(place, rows) for place, rows in by_place.items()]


def progress(place: District, sheets: list[Sheet]) -> Progress:
    scores = [s.final_score for s in sheets if s.final_score is not None]
    return Progress(
        district=place,
        n=len(sheets),
        reported=sum(s.status not in ("reporting", "certifying") for s in sheets),
        checked=sum(s.status not in ("reporting", "certifying", "checking", "returned") for s in sheets),
        scored=sum(s.status not in OPEN for s in sheets),
        mean=sum(scores) / len(scores) if scores else None,
    )


def total_of(counts: list[Progress]) -> dict:
    return {name: sum(getattr(c, name) for c in counts) for name in ("n", "reported", "checked", "scored")}


def scheme_card(round_: Evaluation) -> dict:
    """The scheme as the page tells it: dimensions with their points, grades from where to where."""
    scheme = round_.scheme
    parts = []
    for dimension in sorted(scheme.dimensions.all(), key=lambda d: (d.order, d.pk)):
        items = sorted(dimension.items.all(), key=lambda i: (i.order, i.pk))
        parts.append((localised(dimension, "title"), sum(i.points for i in items), items))
    return {"scheme": scheme, "parts": parts, "grades": scoring.grades_of(scheme)}


def preview(round_: Evaluation) -> dict:
    """Who would take part if it started now; whom the records can't place are named."""
    chosen = lifecycle.entrants(round_)
    unknown = Station.objects.filter(pk__in=chosen[None]).select_related("enterprise__organisation", "matter")
    questions = lifecycle.questions_of(round_.scheme)
    rules = [
        _("%(fact)s %(lookup)s %(value)s")
        % {"fact": station.facts[c.fact].label, "lookup": compared(station.facts[c.fact], c.lookup), "value": wanted(c)}
        for q in questions
        for c in q.criteria
    ]
    return {"takes_part": len(chosen[True]), "not": len(chosen[False]), "unknown": list(unknown), "rules": rules}


def wanted(criterion) -> str:
    values = criterion.value if isinstance(criterion.value, tuple) else (criterion.value,)
    return _("、").join(station.words(station.facts[criterion.fact], value) for value in values)


def move(request, number, action):
    """A step of the round. Starting it makes a sheet for every station that takes part."""
    return steps.take(request, lifecycle.evaluation, found(request, number), action)


@require_POST
def grades(request, number):
    """Keep the grades of this page; or take over what the scores propose for all that have none."""
    round_ = found(request, number)
    if not may_decide(request.user, round_):
        raise PermissionDenied(_("等次在市级评审阶段由市局经办、审核拟定。"))
    if "adopt" in request.POST:
        places, _quota = lifecycle.proposal(round_)
        chosen = {p.sheet.pk: (p.proposed, "") for p in places if p.sheet.grade_id is None and not p.tie}
        return kept(request, round_, chosen)
    named = {int(name[1:]) for name in request.POST if name[:1] == "g" and name[1:].isdecimal()}
    places = [p for p in lifecycle.proposal(round_)[0] if p.sheet.pk in named]
    rows = Sheet.objects.select_related("station__enterprise__organisation", "grade").in_bulk(
        [p.sheet.pk for p in places]
    )
    for place in places:
        place.sheet = rows[place.sheet.pk]
    form = GradesForm(request.POST, places=places, grades=scoring.grades_of(round_.scheme))
    if not form.is_valid():
        return evaluation(request, number, form=form)
    return kept(request, round_, form.chosen())


def kept(request, round_, chosen):
    try:
        n = actions.decide(round_, chosen)
    except Refused as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, ngettext("已保存 %(n)s 家的等次。", "已保存 %(n)s 家的等次。", n) % {"n": n})
    return redirect(round_)


def export(request, number):
    """The list as a workbook: the same rows and order, with the points of every item."""
    round_ = found(request, number)
    shown = screen(request, round_)
    parts = scheme_card(round_)["parts"]
    items = [item for _title, _points, items in parts for item in items]
    points: dict[tuple[int, str], Decimal | None] = {}
    for line in Line.objects.filter(sheet__in=[r.sheet.pk for r in shown.rows]).select_related("item__dimension"):
        if not shown.ranked:
            line.settled = None
        best = [scoring.score(line.item, line.figure(level)).points for level in ("final", "checked", "self")]
        points[line.sheet_id, line.item.code] = next((p for p in best if p is not None), None)
    headings = [_("名次"), _("设站单位"), _("统一社会信用代码"), _("区镇"), _("站点类型"), _("环节")]
    headings += [_("自评分"), _("核查分"), _("最终分"), _("建议等次"), _("等次"), _("与建议不同的理由")]
    headings += [f"{item}（{scoring.plain(item.points)}）" for item in items]
    lines = (
        [row.place.rank if row.place else None, str(row.sheet.station.enterprise)]
        + [row.sheet.matter.organisation.code, localised(row.sheet.matter.district, "name")]
        + [row.sheet.station.get_kind_display(), row.sheet.get_status_display()]
        + [row.sheet.self_score, row.sheet.checked_score, row.sheet.final_score if shown.ranked else None]
        + [str(row.place.proposed) if row.place and row.place.proposed else None]
        + ([str(row.sheet.grade or ""), row.sheet.grade_note] if shown.ranked else [None, None])
        + [points.get((row.sheet.pk, item.code)) for item in items]
        for row in shown.rows
    )
    return workbook(str(round_), headings, lines, user=request.user, on=localdate())
