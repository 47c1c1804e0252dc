"""Possible duplicates: the list, two records side by side, merging, taking back, what was told otherwise."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.lifecycle import Refused
from postdocs.duplicates import actions, pairs
from postdocs.duplicates.forms import ChoiceForm, NoteForm
from postdocs.duplicates.models import Merge
from postdocs.people.models import Person
from postdocs.stays.models import Stay

PAGE = 50


def merges(user):
    """Merges of records one may see."""
    rows = Merge.objects.filter(kept__in=Person.objects.visible_to(user)).select_related(
        "kept", "gone", "by", "undone_by"
    )
    return rows.order_by("-pk")


def duplicates(request):
    """Pairs that may be one person, filed entries that told something else, and the latest merges."""
    found = pairs.possible(request.user)
    events = list(pairs.differences(request.user)[:PAGE])
    people = pairs.people_of(events)
    context = {
        "page": (page := Paginator(found, PAGE).get_page(request.GET.get("page"))),
        "pairs": list(page),
        "differences": [(event, people[event.matter_id], len(event.details["person_differs"])) for event in events],
        "merges": list(merges(request.user)[:20]),
    }
    return render(request, "postdocs/duplicates.html", context)


def found(request, first, second) -> tuple[Person, Person]:
    """Two settled records that one may see, the one that would stay first."""
    rows = {p.pk: p for p in pairs.settled(request.user).filter(pk__in=(first, second)).prefetch_related("papers")}
    if len(rows) != 2:
        raise Http404
    return pairs.in_order(*rows.values())


def compare(request, first, second):
    """The two side by side; for each difference somebody chooses, then merges with a reason."""
    kept, gone = found(request, first, second)
    lines = pairs.lines_of(kept, gone)
    form = ChoiceForm(
        request.POST or None, lines=lines, sides=("kept", "gone"), versions=f"{kept.version}.{gone.version}"
    )
    if request.method == "POST" and form.is_valid():
        about = {"seen": form.seen(), "note": form.cleaned_data["note"], "by": request.user, "on": localdate()}
        try:
            actions.merge(kept, gone, chosen=form.chosen(), **about)
        except Refused as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("已合并。有误时可以在“可能重复的人员”撤销。"))
            return redirect(kept)
    stays = Stay.objects.visible_to(request.user).select_related("matter", "station__enterprise__organisation")
    context = {
        "kept": kept,
        "gone": gone,
        "form": form,
        "apart": NoteForm(),
        "stays": [list(stays.filter(person=p).order_by("entered_on")) for p in (kept, gone)],
        "reasons": pairs.reasons_of(kept, gone),
    }
    return render(request, "postdocs/duplicate.html", context, status=422 if form.errors else 200)


@require_POST
def apart(request, first, second):
    """They are two people."""
    kept, gone = found(request, first, second)
    form = NoteForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("请写明为什么不是同一人。"))
        return redirect("postdocs:duplicate", first, second)
    actions.not_the_same(kept, gone, note=form.cleaned_data["note"], by=request.user, on=localdate())
    messages.success(request, _("已记下：不是同一人，以后不再列出。"))
    return redirect("postdocs:duplicates")


def undo(request, pk):
    """Take a merge back, with a reason."""
    row = get_object_or_404(merges(request.user), pk=pk)
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.undo(row, note=form.cleaned_data["note"], by=request.user, on=localdate())
        except Refused as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("已撤销合并，两份记录恢复原样。"))
            return redirect("postdocs:duplicates")
    context = {"row": row, "form": form}
    return render(request, "postdocs/merge_undo.html", context, status=422 if form.errors else 200)


def difference(request, pk):
    """What a filed entry told beside what is known: take it over or not, column by column."""
    event = get_object_or_404(pairs.differences(request.user), pk=pk)
    person = pairs.people_of([event])[event.matter_id]
    form = ChoiceForm(request.POST or None, lines=pairs.told_otherwise(event, person), sides=("known", "told"))
    if request.method == "POST" and form.is_valid():
        about = {"note": form.cleaned_data["note"], "by": request.user, "on": localdate()}
        try:
            actions.rule(event, person, chosen=form.chosen(), **about)
        except Refused as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("已处理。"))
            return redirect("postdocs:duplicates")
    context = {"event": event, "person": person, "form": form}
    return render(request, "postdocs/told_twice.html", context, status=422 if form.errors else 200)
