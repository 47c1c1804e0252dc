"""Returns as pages: the quarters, one quarter by district, one return to fill in or to check."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, F, Max, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from portal.lifecycle import NotYours, Refused
from portal.models import Evidence, ReturnItem
from portal.models.people import BUREAU
from portal.site import pack_of
from portal.words import localised
from stations import steps
from stations.forms import MoveForm, ReturnForm
from targets.models import Quarter, QuarterlyReturn, ReturnLine, ReturnStatus
from targets.plans.indicators import Figure, state_words
from targets.returns import actions
from targets.returns.facts import BEHIND
from targets.returns.forms import LineForm, OpenForm
from targets.returns.lifecycle import quarterly

S = ReturnStatus
DIFFERS = Q(lines__stated__isnull=False) & (Q(lines__system=None) | ~Q(lines__stated=F("lines__system")))


# --- quarters ----------------------------------------------------------------------------------


def quarters(request):
    """Every quarter that was opened, with how far the returns that this person sees have come."""
    mine = QuarterlyReturn.objects.visible_to(request.user).values("pk")
    rows = Quarter.objects.filter(returns__in=mine).select_related("plan")
    rows = rows.annotate(
        n=Count("returns", filter=Q(returns__in=mine)),
        confirmed=Count("returns", filter=Q(returns__in=mine, returns__status=S.CONFIRMED)),
        handed_in=Count("returns", filter=Q(returns__in=mine, returns__status__in=[S.CONFIRMED, S.CHECKING])),
    )
    context = {
        "quarters": rows.order_by("-until", "plan__order", "plan_id"),
        "may_open": bool(request.user.scope.roles & BUREAU),
        "today": localdate(),
    }
    return render(request, "targets/return_list.html", context)


def open_quarter(request):
    """Open a quarter: one return for each district."""
    pack, today = pack_of(request.user), localdate()
    form = OpenForm(request.POST if request.method == "POST" else None, pack=pack, on=today)
    if request.method == "POST" and form.is_valid():
        plan, until = form.chosen
        try:
            quarter = actions.open_quarter(plan=plan, until=until, by=request.user, on=today)
        except Refused as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("已开报，各区镇已收到通知。"))
            return redirect(quarter)
    return render(request, "targets/return_open.html", {"form": form}, status=422 if form.errors else 200)


def quarter(request, pk):
    """One quarter: which district has handed in, which is late, where figures differ."""
    seen = QuarterlyReturn.objects.visible_to(request.user).filter(quarter=pk)
    rows = seen.select_related("matter__district").annotate(
        differing=Count("lines", filter=DIFFERS, distinct=True),
        behind=Count("lines", filter=Q(lines__state__in=BEHIND), distinct=True),
        version=Max("versions__version"),
        known_on=Max("versions__known_on"),
    )
    rows = list(rows.order_by("district__path_order"))
    if not rows:
        raise Http404
    found = get_object_or_404(Quarter.objects.select_related("plan"), pk=pk)
    today = localdate()
    for row in rows:
        row.late = row.status in (S.FILLING, S.RETURNED) and row.matter.due_on and row.matter.due_on < today
        row.handed_in = row.status in (S.CHECKING, S.CONFIRMED)
    context = {
        "quarter": found,
        "rows": rows,
        "confirmed": sum(row.status == S.CONFIRMED for row in rows),
        "checking": sum(row.status == S.CHECKING for row in rows),
        "late": sum(bool(row.late) for row in rows),
    }
    return render(request, "targets/return_quarter.html", context)


# --- one return --------------------------------------------------------------------------------


@dataclass
class Row:
    """One line of the page. `now` is what the records say at this moment, None once the return is closed."""

    line: ReturnLine
    figure: Figure | None
    form: LineForm | None
    item: ReturnItem | None
    url: str

    @property
    def system(self):
        return self.figure.value if self.figure and not self.line.state else self.line.system

    @property
    def now(self):
        """The figure of today, where it isn't the one that was handed in."""
        return self.figure.value if self.figure and self.line.state and self.figure.value != self.line.system else None

    @property
    def target(self):
        return self.figure.target if self.figure else self.line.target

    @property
    def pace(self):
        return self.figure.rounded_pace if self.figure else self.line.pace

    @property
    def state(self) -> str:
        return self.figure.state if self.figure and not self.line.state else self.line.state

    @property
    def state_text(self) -> str:
        return state_words(self.state)

    @property
    def words(self) -> list:
        """What may be said to the figure: reasons only where it is behind, or was."""
        names = ["comment", *(("why", "measures") if self.behind or self.line.why or self.line.measures else ())]
        return [self.form[n] for n in (*names, "answer") if self.form and n in self.form.fields]

    @property
    def behind(self) -> bool:
        return self.state in BEHIND

    @property
    def shown_state(self) -> str:
        return "ended" if self.state in ("reached", "missed") else self.state or "none"

    @property
    def differs(self) -> bool:
        return self.line.stated is not None and self.line.stated != self.system

    @property
    def wants(self) -> list[str]:
        """What is still missing before it can be handed in."""
        found = [_("写明为什么与系统值不一致")] if self.differs and not self.line.comment else []
        if self.behind and not (self.line.why and self.line.measures):
            found.append(_("写明滞后原因和措施"))
        if self.item and not self.item.answered_at:
            found.append(_("修改，或写明为什么不改"))
        return found


def found_return(request, number) -> QuarterlyReturn:
    """The return, if this person may know of it."""
    return get_object_or_404(QuarterlyReturn.objects.visible_to(request.user).for_page(), matter__number=number)


def rows_of(row: QuarterlyReturn, pen: bool, data=None) -> list[Row]:
    """The lines; as long as the return isn't closed with what the records say now, and with a form for who fills it in."""
    items = actions.open_items(row)
    figures = {} if row.status == S.CONFIRMED else actions.figures_of(row)
    lines = row.lines.select_related("indicator__plan").order_by("indicator__order", "indicator__pk")
    found = []
    for line in lines:
        if row.status in (S.FILLING, S.RETURNED):
            line.state = ""  # what was handed in before is past
        item = items.get(f"field:{line.indicator.code}")
        may = pen and actions.editable(row, items, line.indicator.code)
        url = f"{line.indicator.get_absolute_url()}?district={row.district.code}&on={row.quarter.until}"
        form = LineForm(data, line=line, item=item) if may else None
        found.append(Row(line, figures.get(line.indicator_id), form, item, url))
    return found


def quarterly_return(request, number):
    """The return: its district fills it in, everybody else reads it."""
    row = found_return(request, number)
    pen = actions.may_fill(row, request.user)
    if request.method == "POST":
        return filled(request, row, pen)
    return shown(request, row, rows_of(row, pen))


def filled(request, row, pen):
    """Keep what was typed, and hand it in where that was asked for."""
    rows = rows_of(row, pen, request.POST)
    forms = [r.form for r in rows if r.form]
    if not all([form.is_valid() for form in forms]):
        return shown(request, row, rows)
    typed = {form.instance.indicator.code: form.cleaned_data for form in forms}
    try:
        n = actions.fill(row, typed, by=request.user)
        if "submit" in request.POST:
            actions.submit(row, by=request.user, on=localdate())
    except NotYours as reason:
        raise PermissionDenied(str(reason)) from reason
    except Refused as reason:
        return shown(request, found_return(request, row.matter.number), None, [str(reason)])
    if "submit" in request.POST:
        messages.success(request, _("季报已提交，由市局核对。"))
    else:
        messages.success(
            request,
            ngettext("已保存，改动 %(n)s 项。", "已保存，改动 %(n)s 项。", n) % {"n": n} if n else _("没有改动。"),
        )
    return redirect(row)


def shown(request, row, rows, problems=()):
    """The page; `problems` are why it could not be handed in."""
    pen = actions.may_fill(row, request.user)
    rows = rows if rows is not None else rows_of(row, pen)
    possible = quarterly.possible(row, request.user)
    cited = Evidence.objects.filter(matter=row.matter, removed_at=None).select_related("file").order_by("pk")
    context: dict[str, Any] = {
        "row": row,
        "matter": row.matter,
        "quarter": row.quarter,
        "rows": rows,
        "pen": pen,
        "wanting": [r for r in rows if r.wants] if pen else [],
        "problems": problems,
        "forms": [r.form for r in rows if r.form],
        "moves": [(s, MoveForm(step=s)) for s in possible if s.action in ("confirm", "correct")],
        "returns": any(s.returns for s in possible),
        "stage": quarterly.stages[row.status],
        "files": list(cited),
        "versions": list(row.versions.select_related("by").order_by("-version")),
        "events": [(quarterly.said(e), e) for e in row.matter.events.all()],
        "late": row.matter.due_on and row.matter.due_on < localdate(),
        "differing": sum(r.differs for r in rows),
        "behind": sum(r.behind for r in rows),
    }
    wrong = problems or any(form.errors for form in context["forms"])
    return render(request, "targets/return.html", context, status=422 if wrong else 200)


def move(request, number, action):
    """A step of the return; handing in is done where the figures are typed."""
    row = found_return(request, number)
    if action == "submit":
        messages.info(request, _("请在季报页上核对数字后提交。"))
        return redirect(row)
    return steps.take(request, quarterly, row, action)


def send_back(request, number):
    """Choose the indicators that must be mended, each with its reason."""
    row = found_return(request, number)
    if not any(s.returns for s in quarterly.possible(row, request.user)):
        raise PermissionDenied(_("这份季报现在不在您手里，不能退回。"))
    lines = row.lines.select_related("indicator").order_by("indicator__order", "indicator__pk")
    labels = {f"field:{x.indicator.code}": localised(x.indicator, "name") for x in lines}
    form = ReturnForm(request.POST or None, labels=labels, suggested={})
    if request.method == "POST" and form.is_valid() and steps.sent_back(request, quarterly, row, form):
        return redirect(row)
    context = {"row": row, "matter": row.matter, "form": form, "groups": [(_("指标"), form.rows(), True)]}
    return render(request, "targets/return_back.html", context, status=422 if form.errors else 200)


# --- papers of a return ------------------------------------------------------------------------


@require_POST
def upload(request, number):
    """Evidence to the return; what can't be taken says why, the rest is kept."""
    row = filler(request, number)
    for problem in steps.kept(request, lambda file: actions.cite(row, file, by=request.user)):
        messages.error(request, problem)
    return redirect(f"{row.get_absolute_url()}#papers")


@require_POST
def remove(request, number, pk):
    row = filler(request, number)
    piece = get_object_or_404(Evidence, matter=row.matter, pk=pk, removed_at=None)
    try:
        with transaction.atomic():
            actions.uncite(row, piece, by=request.user)
        messages.success(request, _("已取出“%(name)s”。") % {"name": piece.file})
    except Refused as reason:
        messages.error(request, str(reason))
    return redirect(f"{row.get_absolute_url()}#papers")


def filler(request, number) -> QuarterlyReturn:
    """The return, if this person is one of those who fill it in."""
    row = found_return(request, number)
    roles = request.user.roles_for(organisation_id=None, district_id=row.matter.district_id)
    if not roles & actions.DISTRICT:
        raise PermissionDenied(actions.DISTRICT)
    return row
