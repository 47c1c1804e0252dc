"""One station's sheet in a round: the self-report, the district's check, the bureau's marks, the result line by line."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.timezone import localdate, localtime, now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from portal import uploads
from portal.forms import autosave
from portal.lifecycle import Refused
from portal.models import Evidence, ReturnItem, Role
from stations import steps
from stations.applications import progress
from stations.enterprises.views import handles
from stations.evaluation import actions as evaluation_actions
from stations.evaluation import lifecycle, scoring
from stations.evaluation.forms import LineForm, Lines
from stations.forms import ExplainForm, MoveForm, ReturnForm
from stations.models import EvaluationStatus, Sheet


def found(request, number) -> Sheet:
    """The sheet, if this person may know of it."""
    return get_object_or_404(Sheet.objects.visible_to(request.user).for_page(), matter__number=number)


def handled(request, number) -> Sheet:
    """The sheet, if this person is a handler of its very enterprise."""
    row = found(request, number)
    if not handles(request.user, row.matter.organisation_id):
        raise PermissionDenied(frozenset({Role.HANDLER}))
    return row


def assessment(request, number):
    """The sheet: whoever's turn it is writes figures, everybody else reads how the score came about."""
    sheet = found(request, number)
    if request.method == "POST":
        return written(request, sheet)
    pen, named, parts = opened(request, sheet)
    return shown(request, sheet, parts, named, pen=pen, form=lines_of(parts, pen), errors={})


def opened(request, sheet) -> tuple:
    """Which figures this person may write, what was sent back, and the lines with what may be changed on them."""
    pen, named = evaluation_actions.pen_of(sheet, request.user), evaluation_actions.open_items(sheet)
    targets = evaluation_actions.targets_of(sheet, pen, named)
    return pen, named, scoring.parts_of(sheet, seen=sees_result(request.user, sheet), named=named, targets=targets)


def lines_of(parts, pen, data=None) -> Lines | None:
    return Lines(data, rows=[row for part in parts for row in part.rows], pen=pen) if pen else None


@transaction.atomic
def written(request, sheet):
    """Save what was typed: field by field for a page that saves as one types, else the whole page."""
    evaluation_actions.lock(sheet)
    sheet = found(request, sheet.matter.number)
    pen, named, parts = opened(request, sheet)
    form = lines_of(parts, pen, request.POST)
    if form is None:
        text = _("这张评估表现在不在您手里，没有保存。可能已由他人办理，请刷新查看。")
        if request.htmx:
            return JsonResponse({"error": text}, status=409)
        messages.error(request, text)
        return redirect(sheet)
    if request.htmx:
        return JsonResponse(typed(request, sheet, pen, form))
    if not form.settle().errors:
        n = evaluation_actions.write(sheet, pen, form.figures(), by=request.user)
        saved = ngettext("已保存，改动 %(n)s 项。", "已保存，改动 %(n)s 项。", n) % {"n": n}
        messages.success(request, saved if n else _("没有改动。"))
        return redirect(sheet)
    return shown(request, sheet, parts, named, pen=pen, form=form, errors={})


def typed(request, sheet, pen, lines: Lines) -> dict:
    """The answer to a page that saves as one types: what became of each field, and the points that follow."""
    fields, wrote = {}, []
    for line in lines.forms:
        before = [getattr(line.instance, name) for name in line.fields]
        fields |= autosave(partial(LineForm, pen=pen), line.instance, request.POST)
        if before != [getattr(line.instance, name) for name in line.fields]:
            wrote.append(line.item.code)
    if wrote:
        evaluation_actions.mended(sheet, [f"item:{code}" for code in wrote])
    _pen, _named, parts = opened(request, sheet)
    rows = [row for part in parts for row in part.rows if row.line.item.code in wrote]
    drawn = {f"{name}-{row.line.item.code}": draw(name, {"row": row}) for row in rows for name in ("band", "points")}
    drawn["open"] = draw("open", {"open": refusals(sheet, [step.action for step in moves_of(sheet, request.user)])})
    return {"saved_at": localtime(now()).strftime("%H:%M"), "fields": fields, "tasks": drawn}


def draw(name: str, context: dict) -> str:
    return render_to_string(f"stations/_sheet_{name}.html", context)


def moves_of(sheet: Sheet, user) -> list:
    """The steps that have a button: grades come by the round, a return has a page of its own."""
    return [s for s in lifecycle.sheet.possible(sheet, user) if s.action not in lifecycle.BY_ROUND and not s.returns]


def shown(request, sheet, parts, named, *, pen, form, errors):
    """The page; `errors` are what is wrong with papers just sent, by item."""
    rows = [row for part in parts for row in part.rows]
    for row in rows:
        row.error = errors.get(row.line.item.code, "")
    seen = sees_result(request.user, sheet)
    possible = lifecycle.sheet.possible(sheet, request.user)
    moves = [(s, MoveForm(step=s)) for s in moves_of(sheet, request.user)]
    context = {
        "sheet": sheet,
        "matter": sheet.matter,
        "round": sheet.evaluation,
        "parts": parts,
        "papers": [row for row in rows if row.line.item.evidence or row.files],
        "pen": pen,
        "form": form,
        "items": [(item, ExplainForm(initial={"answer": item.answer})) for item in named] if pen == "claimed" else [],
        "moves": moves,
        "returns": any(s.returns for s in possible),
        "open": refusals(sheet, [s.action for s, _form in moves]),
        "seen": seen,
        "levels": levels(sheet, rows),
        "decision": sheet.decision if seen else None,
        "honour": getattr(sheet, "honour", None) if seen else None,
        "rectification": getattr(sheet, "standing", None) if seen else None,
        "events": [(lifecycle.sheet.actions.get(e.action, e.action), e) for e in sheet.matter.events.all()],
        "office": progress.office_for(sheet.matter),
        "refill": pen == "claimed" and any(row.line.item.source in ("fact", "counted") for row in rows),
        "stage": lifecycle.sheet.stages[sheet.status],
        "own": sheet.matter.organisation_id in request.user.scope.organisations,
    }
    status = 422 if errors or (form is not None and form.errors) else 200
    return render(request, "stations/assessment.html", context, status=status)


def sees_result(user, sheet: Sheet) -> bool:
    """The bureau's marks are its own until the publicity begins."""
    whole_city = sheet.evaluation.matter.district_id in user.scope.districts
    return whole_city or sheet.evaluation.status in (EvaluationStatus.PUBLICITY, EvaluationStatus.PUBLISHED)


def levels(sheet: Sheet, rows) -> list[tuple]:
    """Each level's score as it was handed over, how many lines it doesn't know, and how much there is to get."""
    given = {"self": sheet.self_score, "checked": sheet.checked_score, "final": sheet.final_score}
    words = {"self": _("自评分"), "checked": _("核查分"), "final": _("最终分")}
    found = []
    for level in scoring.LEVELS:
        counted = [row for row in rows if level == "final" or not row.line.item.judged]
        unknown = sum(row.scores[level].points is None for row in counted)
        most = sum(row.line.item.points for row in counted)
        found.append((level, words[level], given[level], unknown, most))
    return found


def refusals(sheet: Sheet, actions) -> list[str]:
    """What still stands in the way of handing the sheet on."""
    wanted = [a for a in actions if a in ("to_certify", "submit", "check", "score")]
    found = lifecycle.sheet.findings_of(sheet, wanted, on=localdate()) if wanted else {}
    return [f.text for findings in found.values() for f in findings if f.met is not True]


# --- papers ------------------------------------------------------------------------------------


@require_POST
def upload(request, number, code):
    """One or several papers to an item; what can't be taken says why, the rest is kept."""
    sheet = handled(request, number)
    line = get_object_or_404(sheet.lines.select_related("item"), item__code=code)

    def keep(file):
        paper_ = uploads.store(file, organisation=sheet.matter.organisation, by=request.user)
        evaluation_actions.cite(sheet, line.item.code, paper_, by=request.user)

    problems = steps.kept(request, keep)
    if request.htmx:
        return paper(request, sheet, code, " ".join(problems))
    for problem in problems:
        messages.error(request, problem)
    return redirect(f"{sheet.get_absolute_url()}#papers")


def paper(request, sheet, code, error):
    """The papers of one item, drawn again."""
    pen, named = evaluation_actions.pen_of(sheet, request.user), evaluation_actions.open_items(sheet)
    parts = scoring.parts_of(sheet, seen=False, named=named, targets=evaluation_actions.targets_of(sheet, pen, named))
    row = next(r for part in parts for r in part.rows if r.line.item.code == code)
    row.error = error
    context = {"sheet": sheet, "row": row, "pen": pen}
    return render(request, "stations/_proof.html", context, status=422 if error else 200)


@require_POST
def remove(request, number, pk):
    """Take a paper away from its item."""
    sheet = handled(request, number)
    piece = get_object_or_404(Evidence, matter=sheet.matter, pk=pk, removed_at=None)
    try:
        evaluation_actions.uncite(sheet, piece, by=request.user)
        messages.success(request, _("已取出“%(name)s”，文件仍保存在单位档案里。") % {"name": piece.file})
    except Refused as reason:
        messages.error(request, str(reason))
    return redirect(f"{sheet.get_absolute_url()}#papers")


@require_POST
def refill(request, number):
    """Ask the records again for the figures that they know."""
    sheet = handled(request, number)
    try:
        n = evaluation_actions.refill(sheet, by=request.user)
    except Refused as reason:
        messages.error(request, str(reason))
    else:
        said = ngettext("已重新提取，%(n)s 项有变化。", "已重新提取，%(n)s 项有变化。", n) % {"n": n}
        messages.success(request, said)
    return redirect(sheet)


# --- steps -------------------------------------------------------------------------------------


@require_POST
def explain(request, number, pk):
    """Why something that was sent back stays as it is."""
    sheet = handled(request, number)
    item = get_object_or_404(ReturnItem, event__matter=sheet.matter, pk=pk, resolved_at=None)
    form = ExplainForm(request.POST)
    try:
        if form.is_valid():
            evaluation_actions.explain(sheet, item, text=form.cleaned_data["answer"])
        else:
            messages.error(request, form.errors["answer"][0])
    except Refused as reason:
        messages.error(request, str(reason))
    return redirect(sheet)


def move(request, number, action):
    """A step of the sheet; grades come with the publication of the round, never one by one."""
    sheet = found(request, number)
    if action in lifecycle.BY_ROUND:
        messages.error(request, _("等次随整轮评估结果一起公布，不能单独办理。"))
        return redirect(sheet)
    return steps.take(request, lifecycle.sheet, sheet, action)


def send_back(request, number):
    """Choose the items that must be mended, each with its reason."""
    sheet = found(request, number)
    if not any(s.returns for s in lifecycle.sheet.possible(sheet, request.user)):
        raise PermissionDenied(_("这张评估表现在不在您手里，不能退回。"))
    parts = scoring.parts_of(sheet, seen=False)
    labels = {f"item:{row.line.item.code}": str(row.line.item) for part in parts for row in part.rows}
    form = ReturnForm(request.POST or None, labels=labels, suggested={})
    if request.method == "POST" and form.is_valid() and steps.sent_back(request, lifecycle.sheet, sheet, form):
        return redirect(sheet)
    rows = {row[0]: row for row in form.rows()}
    groups = [(part.title, [rows[f"item:{row.line.item.code}"] for row in part.rows], True) for part in parts]
    context = {"sheet": sheet, "matter": sheet.matter, "form": form, "groups": groups}
    return render(request, "stations/assessment_return.html", context, status=422 if form.errors else 200)
