"""Money: the budgets by year and place, the journal of each, the proof of it all, what comes due when."""

from decimal import Decimal

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Subquery, Sum
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, localtime, now
from django.utils.translation import gettext as _

from portal.exports import Book, exported
from portal.lifecycle import NotYours, Refused
from portal.models.people import CASEWORK
from portal.paging import Paginator
from portal.words import localised
from subsidies.ledger import actions, forecast, proof
from subsidies.ledger.bars import SPENT_FIRST, of_places, pieces
from subsidies.ledger.book import lines_of, with_sides
from subsidies.ledger.forms import BudgetForm, ChangeForm
from subsidies.ledger.models import Budget, JournalEntry, Place, Posting

PAGE = 50
NOTHING = Decimal(0)


def reads_cases(user) -> bool:
    return bool(user.scope.roles & CASEWORK)


# --- budgets -----------------------------------------------------------------------------------


def budgets(request):
    """Each line and year: what it may spend, and where it is."""
    found = proof.totals(Budget.objects.visible_to(request.user))
    rows = [(b, held, sum((held[p] for p in SPENT_FIRST), NOTHING), of_places(held)) for b, held in reversed(found)]
    enters = any(actions.decides(request.user, line) for line in lines_of(request.user))
    context = {"rows": rows, "places": SPENT_FIRST, "enters": enters}
    return render(request, "subsidies/budget_list.html", context)


def enter(request):
    """The budget of a line for a year."""
    today, user = localdate(), request.user
    form = BudgetForm(request.POST or None, lines=lines_of(user), this_year=today.year)
    if request.method == "POST" and form.is_valid():
        line, year = form.cleaned_data["line"], form.cleaned_data["year"]
        if entry := changed(request, form, line, year):
            return redirect("subsidies:budget", entry.budget_id)
    return render(request, "subsidies/budget_change.html", {"form": form}, status=422 if form.errors else 200)


def change(request, pk):
    """Raise or cut a budget, with the reason."""
    found = get_object_or_404(Budget.objects.visible_to(request.user).select_related("line__pack"), pk=pk)
    form = ChangeForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and changed(request, form, found.line, found.year):
        return redirect("subsidies:budget", found.pk)
    context = {"form": form, "budget": found}
    return render(request, "subsidies/budget_change.html", context, status=422 if form.errors else 200)


def changed(request, form, line, year) -> JournalEntry | None:
    try:
        entry = actions.change(line, year, **form.told, by=request.user, on=localdate())
    except NotYours as reason:
        raise PermissionDenied(str(reason)) from reason
    except Refused as reason:
        form.add_error(None, str(reason))
        return None
    messages.success(request, _("已记账。"))
    return entry


# --- the journal of a budget -------------------------------------------------------------------


def journal(budget: Budget):
    """Its entries with both sides, the latest first."""
    return budget.entries.select_related("claim__matter", "by").prefetch_related(with_sides()).order_by("-pk")


def with_rest(entries):
    """With what was left to spend after each entry; for a page of them."""
    before = Posting.objects.filter(
        entry__budget=OuterRef("budget"), entry__lte=OuterRef("pk"), place=Place.AVAILABLE
    ).order_by()  # fmt: skip
    return entries.annotate(left=Subquery(before.values("entry__budget").annotate(sum=Sum("amount")).values("sum")))


def budget(request, pk):
    """One budget: where its money is, and every entry of its journal."""
    found = get_object_or_404(Budget.objects.visible_to(request.user).select_related("line__pack__root"), pk=pk)
    ((_row, held),) = proof.totals(Budget.objects.filter(pk=found.pk))
    context = {
        "budget": found,
        "held": [(place, held[place]) for place in SPENT_FIRST],
        "whole": sum((held[p] for p in SPENT_FIRST), NOTHING),
        "pieces": of_places(held),
        "page": Paginator(with_rest(journal(found)), PAGE).get_page(request.GET.get("page")),
        "decides": actions.decides(request.user, found.line),
        "export_url": f"{reverse('subsidies:budget_export')}?budget={found.pk}",
        "reads_cases": reads_cases(request.user),
    }
    return render(request, "subsidies/budget.html", context)


def running(entries):
    """Each entry, the oldest first, with what was left to spend after it."""
    left = NOTHING
    for entry in entries:
        left += sum((side.amount for side in entry.sides if side.place == Place.AVAILABLE), NOTHING)
        yield entry, left


@exported("subsidies:budget_export")
def export(request) -> Book:
    """The journal of one budget as a workbook."""
    pk = request.GET.get("budget", "")
    rows = Budget.objects.visible_to(request.user).select_related("line__pack__root")
    found = get_object_or_404(rows, pk=int(pk) if pk.isdecimal() and len(pk) < 10 else 0)
    headings = [
        _("日期"),
        _("记账"),
        _("从"),
        _("到"),
        _("金额（元）"),
        _("未动用（元）"),
        _("申领"),
        _("谁"),
        _("说明"),
    ]
    entries = journal(found).order_by("pk")
    lines = (
        [e.on, e.get_kind_display(), *(side.get_place_display() for side in e.sides), e.sides[-1].amount, left]
        + [e.claim.matter.number if e.claim else "", str(e.by or _("系统")), e.note]
        for e, left in running(entries.iterator(2000))
    )
    return Book(
        f"{_('资金账')} {localised(found.line, 'title')} {found.year}", headings, lines, localdate(), entries.count()
    )


# --- the proof ---------------------------------------------------------------------------------


def ledger(request):
    """Where every yuan is, and whether the journal proves it."""
    ours = Budget.objects.visible_to(request.user)
    found = proof.totals(ours)
    sums = {place: sum((held[place] for _b, held in found), NOTHING) for place in Place.values}
    latest = JournalEntry.objects.filter(budget__in=ours).select_related("budget__line", "claim__matter", "by")
    context = {
        "rows": [
            (b, [held[p] for p in (*SPENT_FIRST, Place.SOURCE)], sum(held.values(), NOTHING)) for b, held in found
        ],
        "heads": [*SPENT_FIRST, Place.SOURCE],
        "sums": [sums[p] for p in (*SPENT_FIRST, Place.SOURCE)],
        "zero": sum(sums.values(), NOTHING),
        "wrong": list(proof.problems(ours)),
        "entries": proof.entries(ours),
        "latest": latest.prefetch_related(with_sides()).order_by("-pk")[:20],
        "at": localtime(now()),
        "reads_cases": reads_cases(request.user),
    }
    return render(request, "subsidies/ledger.html", context)


# --- what comes due ----------------------------------------------------------------------------


def due(request):
    """What was paid and what will have to be, month by month."""
    today, lines = localdate(), lines_of(request.user)
    months = forecast.months_of(lines, on=today)
    drawn = [(part, label) for part, label in forecast.PARTS if part != "maybe"]  # nobody knows whether it comes
    whole = max((sum((m.sums[part] for part, _label in drawn), NOTHING) for m in months), default=NOTHING)
    for month in months:
        month.pieces = pieces([(part, label, month.sums[part]) for part, label in drawn], whole)
    sums = {part: sum((m.sums[part] for m in months), NOTHING) for part, _label in forecast.PARTS}
    enough = forecast.enough(lines, months, on=today)
    context = {
        "months": [(m, [m.sums[part] for part, _label in forecast.PARTS]) for m in months],
        "parts": forecast.PARTS,
        "sums": list(sums.values()),
        "unpriced": sum(m.unpriced for m in months),
        "enough": enough,
        "short": -enough["left"],
        "this_month": today.replace(day=1),
        "year": today.year,
    }
    return render(request, "subsidies/forecast.html", context)


@exported("subsidies:forecast_export")
def due_export(request) -> Book:
    """The same as a workbook."""
    months = forecast.months_of(lines_of(request.user), on=localdate())
    headings = [_("月份"), *(str(label) for _part, label in forecast.PARTS), _("没有金额的（件）")]
    lines = [[f"{m.first:%Y-%m}", *m.sums.values(), m.unpriced] for m in months]
    return Book(_("用款预测"), headings, lines, localdate(), len(lines))
