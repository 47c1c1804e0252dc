"""Handing in a workbook: the template, the upload, the look at every row, writing it, taking it back."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, When
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal import import_books, intake
from portal.imports import KINDS, ImportKind, Place
from portal.lifecycle import Refused
from portal.models import Batch, Line
from portal.returning import ROW
from portal.sheets import BadSheet
from portal.site import by_room
from portal.uploads import clean_name, too_big
from portal.views.jobs import described

PAGE = 50
ALWAYS = ("new", "changed", "same", "wrong", "double")  # told of every workbook, the others where there are any


@dataclass
class Cell:
    """One cell of the preview: what the file says, what was before, what is wrong with it; `now` is what we say by now,
    where both sides changed it."""

    text: str
    problem: str = ""
    was: str | None = None
    now: str | None = None


def allowed(user) -> list[ImportKind]:
    kinds = (kind for kind in KINDS.values() if user.scope.roles & kind.roles)
    return sorted(kinds, key=lambda kind: (kind.order, kind.code))


def kind_for(user, code: str) -> ImportKind:
    kind = KINDS.get(code)
    if kind is None:
        raise Http404
    if not user.scope.roles & kind.roles:
        raise PermissionDenied(kind.roles)
    return kind


def batches(request):
    """What this person may import, and what they imported."""
    rows = Batch.objects.filter(by=request.user).order_by("-pk")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    groups = by_room(allowed(request.user), lambda kind: kind.result)
    context = {"groups": groups, "page": page, "labels": [(row, label_of(row)) for row in page]}
    return render(request, "imports/list.html", context)


def label_of(batch: Batch):
    return KINDS[batch.kind].label if batch.kind in KINDS else batch.kind


@require_safe
def template(request, kind):
    return import_books.template(kind_for(request.user, kind), Place.of(request.user, localdate()))


@require_safe
def out(request, kind):
    """What is registered, in the template, to be edited and handed in again."""
    how = kind_for(request.user, kind)
    if not how.goes_out:
        raise Http404
    return import_books.taken_out(how, Place.of(request.user, localdate()), request.GET)


def new(request, kind):
    """Hand in a workbook; one that can't be one is refused at once, its rows are looked at by a worker."""
    how = kind_for(request.user, kind)
    problem = ""
    if request.method == "POST":
        upload = request.FILES.get("file")
        problem = too_big(request) or ("" if upload else _("请先选择要导入的 Excel 文件。"))
        if not problem:
            try:
                return redirect(intake.begin(how, upload, clean_name(upload.name), by=request.user))
            except BadSheet as bad:
                problem = str(bad)
    columns = how.columns(Place.of(request.user, localdate()))
    context = {"kind": how, "columns": columns, "problem": problem, "listed": how.shown_to(request.user)}
    return render(request, "imports/new.html", context, status=422 if problem else 200)


def batch(request, pk):
    """One batch: how far it is, its rows, what can be done with it."""
    found = get_object_or_404(Batch.objects.select_related("job").filter(by=request.user), pk=pk)
    context = {"batch": found, "label": label_of(found), "described": progress(found)}
    if request.htmx:
        return render(request, "imports/_job.html", context)
    if found.state not in (Batch.State.WAITING, Batch.State.BROKEN):
        context |= preview(request, found)
    return render(request, "imports/batch.html", context)


def progress(found: Batch) -> dict:
    job = described(found.job) if found.job else {"title": "", "finished": True}
    if job.get("finished") or not found.busy:
        job |= {"finished": True, "result_url": found.get_absolute_url(), "result_label": _("看结果"), "note": ""}
    return job


def preview(request, found: Batch) -> dict:
    """Counts, and the lines that say something: wrong ones first, unchanged ones only on request."""
    every = request.GET.get("show") == "all"
    rows = found.lines.all() if every else found.lines.exclude(outcome=Line.Outcome.SAME)
    rank = Case(
        *(When(outcome=o, then=n) for n, o in enumerate((*Line.HELD, "changed", "new", "same"))),
        output_field=IntegerField(),
    )
    page = Paginator(rows.order_by(rank, "number"), PAGE).get_page(request.GET.get("page"))
    names = found.head["names"]
    counts = found.counts
    return {
        "page": page,
        "every": every,
        "labels": [label for label, name in zip(found.head["labels"], names, strict=True) if label and name != ROW],
        "lines": [(line, Line.Outcome(line.outcome), cells(line, names, found.head["labels"])) for line in page],
        "strip": [(o, o.label, counts.get(o, 0)) for o in Line.Outcome if o in ALWAYS or counts.get(o)],
        "wrong": intake.held(found),
        "going": counts["new"] + counts["changed"],
        "facts": [_("工作表“%(name)s”") % {"name": found.head["sheet"]},
                  _("%(n)s 行，从第 %(first)s 行起") % {"n": found.head["rows"], "first": found.head["row"] + 1}]
        + ([_("没有用到的列：%(names)s") % {"names": _("、").join(found.head["unused"])}] if found.head["unused"] else [])
        + ([_("没有读的工作表：%(names)s") % {"names": _("、").join(found.head["others"])}] if found.head["others"] else []),
        "result": KINDS[found.kind].shown_to(request.user),
    }  # fmt: skip


def cells(line: Line, names: list[str], labels: list[str]) -> list[Cell]:
    shown = []
    for text, name, label in zip(line.cells, names, labels, strict=True):
        if not label or name == ROW:
            continue
        was, _given, now = (*line.changes.get(name, ()), None, None, None)[:3]
        problem = line.problems.get(name, "") if name else ""
        shown.append(Cell(text.removeprefix("≈"), problem, was, now))
    return shown


@require_POST
def apply(request, pk):
    """Write the rows, as was chosen."""
    choice = request.POST.get("choice")
    if choice not in Batch.Choice.values:
        messages.error(request, _("请选怎么入库。"))
        return redirect("import", pk)
    return started(request, pk, "import_apply", choice=choice)


@require_POST
def undo(request, pk):
    return started(request, pk, "import_undo")


def started(request, pk, action, **values):
    found = get_object_or_404(Batch.objects.filter(by=request.user), pk=pk)
    kind_for(request.user, found.kind)
    try:
        intake.start(found, action, by=request.user, **values)
    except Refused as reason:
        messages.error(request, str(reason))
    return redirect(found)


@require_safe
def mistakes(request, pk):
    """The rows that can't come in, to be mended in Excel."""
    found = get_object_or_404(Batch.objects.filter(by=request.user), pk=pk)
    lines = found.lines.filter(outcome__in=Line.HELD).order_by("number")
    if not lines.exists():
        raise Http404
    return import_books.mistakes(found, lines.iterator(2000))
