"""What happens between entry and exit: one page per stay, what is asked for and decided, rows that are written down."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal import uploads
from portal.facts import yuan
from portal.lifecycle import Refused
from portal.models import Evidence, Role
from portal.models.people import UNIT
from postdocs.inside import actions, lifecycle
from postdocs.inside.facts import CONSENT
from postdocs.inside.forms import AbroadForm, AskMoveForm, ChangeForm, ExtensionForm, GrantForm
from postdocs.inside.models import Abroad, AskStatus, Change, ChangeKind, Either, Extension, Grant
from postdocs.stays import actions as stays
from postdocs.stays.models import Stay
from stations import steps
from stations.applications.progress import office_for
from stations.ledger.forms import DayForm

ROWS: dict[str, tuple[Any, Any]] = {"abroad": (Abroad, AbroadForm), "grants": (Grant, GrantForm)}
AS_OF = ("supervisor_name", "flow_station", "flow_supervisor", "topic", "contract_since", "planned_until", "salary")


def found_stay(request, number) -> Stay:
    return get_object_or_404(Stay.objects.visible_to(request.user).for_page(), matter__number=number)


def found(request, number) -> Either:
    """The extension or the change of that number, if this person may see it."""
    for model in (Extension, Change):
        row = model.objects.visible_to(request.user).for_page().filter(matter__number=number).first()
        if row is not None:
            return row
    raise Http404


# --- words -------------------------------------------------------------------------------------


def label_of(column: str) -> str:
    model = Change if column == "unit_name" else Stay
    return str(model._meta.get_field(column).verbose_name)


def said(column: str, value) -> str:
    """A value of a stay as people write it."""
    if value in (None, ""):
        return "—"
    return yuan(Decimal(value)) if column == "salary" else str(value)


def title_of(row: Either) -> str:
    return pgettext("博士后", "延期") if isinstance(row, Extension) else row.get_kind_display()


@dataclass
class Line:
    """One thing that was asked for, with what it was and what it becomes, by label."""

    row: Either
    title: str
    changes: list[tuple[str, str, str]]


def line_of(row: Either) -> Line:
    was, will = actions.before(row), actions.after(row)
    if row.status != AskStatus.FILED:
        was = {n: getattr(row.stay, n, None) for n in will}
    pairs = [(label_of(n), said(n, was.get(n)), said(n, value)) for n, value in will.items()]
    return Line(row, title_of(row), pairs)


def asked_of(stay: Stay, user) -> list[Line]:
    """Everything asked for about a stay that this person may see, the latest first."""
    rows: list[Either] = []
    for model in (Extension, Change):
        mine = model.objects.visible_to(user).filter(stay=stay).select_related("matter")
        rows += mine.select_related("matter", "flow_station__university") if model is Change else mine
    for row in rows:
        row.stay = stay
    return [line_of(row) for row in sorted(rows, key=lambda r: r.matter_id, reverse=True)]


def part_of(request, stay: Stay, on: date) -> dict:
    """What the page of a stay shows of it: what is under way, who is abroad, which funds are open."""
    lines = asked_of(stay, request.user) if stay.entered_on else []
    return {
        "asked": [line for line in lines if not line.row.matter.closed_on],
        "filed": [line for line in lines if line.row.status == AskStatus.FILED][:3],
        "away": stay.abroad.filter(returned_on=None).first() if stay.entered_on else None,
        "funds": list(stay.grants.order_by("-year", "-pk")[:3]) if stay.entered_on else [],
        "shown": stay.entered_on is not None,
        "may_ask": actions.may_ask(stay, request.user),
        "on": on,
    }


# --- one stay ----------------------------------------------------------------------------------


def inside(request, number):
    """Everything between entry and exit of one stay, and what it said on a day."""
    stay, today = found_stay(request, number), localdate()
    form = DayForm(request.GET or None, today=today)
    on = (form.is_valid() and form.cleaned_data["on"]) or today
    then = actions.as_of(stay, on) if on < today else {}
    context = {
        "stay": stay,
        "lines": asked_of(stay, request.user),
        "then": [(label_of(n), said(n, then.get(n, getattr(stay, n))), n in then) for n in AS_OF],
        "on": on,
        "past": on < today,
        "day_form": form if form.errors else DayForm({"on": on.isoformat()}, today=today),
        "abroad": [(row, row.returned_on is None and row.back_by < today) for row in stay.abroad.order_by("-since")],
        "grants": stay.grants.order_by("-year", "-pk"),
        "may_ask": actions.may_ask(stay, request.user),
        "kinds": [("extension", pgettext("博士后", "延期")), *ChangeKind.choices],
    }
    return render(request, "postdocs/inside.html", context, status=422 if form.errors else 200)


def form_of(stay: Stay, kind: str, *args, **kwargs):
    given = {"stay": stay, "today": localdate(), **kwargs}
    return ExtensionForm(*args, **given) if kind == "extension" else ChangeForm(*args, kind=kind, **given)


def ask(request, number, kind):
    """Put an extension or a change together; or change one that isn't handed in."""
    stay = found_stay(request, number)
    if kind not in ("extension", *ChangeKind.values):
        raise Http404
    if not actions.may_ask(stay, request.user):
        raise PermissionDenied(_("延期和变更由设站单位在人员在站时申请。"))
    return typed(request, stay, kind, partial(actions.ask, stay, kind, on=localdate()))


def edit(request, number):
    """Change what isn't handed in, or was sent back."""
    row = found(request, number)
    if row.status != AskStatus.DRAFT or not stays.handles(row, request.user):
        raise PermissionDenied(_("已提交，现在不能修改。"))
    kind = row.kind if isinstance(row, Change) else "extension"
    return typed(request, row.stay, kind, partial(actions.rewrite, row), instance=row)


def typed(request, stay: Stay, kind: str, keep, **kwargs):
    """The form of either; what was typed stays when something is wrong."""
    data = (request.POST, request.FILES) if request.method == "POST" else ()
    form = form_of(stay, kind, *data, **kwargs)
    if data and (cut := uploads.too_big(request)):
        form.add_error("upload", cut)
    if data and form.is_valid():
        try:
            row = keep(form.values(), upload=form.cleaned_data["upload"], by=request.user)
        except uploads.BadFile as bad:
            form.add_error("upload", str(bad))
        except Refused as reason:
            form.add_error(None, str(reason))
        except ValidationError as wrong:
            form.add_error(None, wrong.messages)
        else:
            messages.success(request, _("已保存，还没有提交。"))
            return redirect(row)
    context = {"stay": stay, "form": form, "title": actions.label_of(kind)}
    return render(request, "postdocs/ask.html", context, status=422 if form.errors else 200)


# --- one that was asked for ----------------------------------------------------------------------


def asked(request, number):
    """What is asked for beside what is now, who agreed, what the rules say to it, what became of it."""
    row = found(request, number)
    cycle = lifecycle.cycle_of(row)
    possible = cycle.possible(row, request.user)
    findings = cycle.findings_of(row, {"submit", *[s.action for s in possible]}, on=localdate())
    seen = {f.text: f for found_ in findings.values() for f in found_}  # who decides sees what it was handed in by
    files = Evidence.objects.filter(matter=row.matter_id, slot=CONSENT, removed_at=None).select_related("file")
    context = {
        "row": row,
        "stay": row.stay,
        "line": line_of(row),
        "stage": cycle.stages[row.status],
        "agreed": [
            (row._meta.get_field(n).verbose_name, getattr(row, n))
            for n in (lifecycle.AGREED if isinstance(row, Extension) else ("agreed_on",))
            if n != "flow_agreed_on" or row.stay.flow_station_id
        ],
        "files": files.order_by("pk"),
        "rules": list(seen.values()) if not row.matter.closed_on else [],
        "moves": [(s, AskMoveForm(step=s, findings=findings[s.action])) for s in possible],
        "writes": row.status == AskStatus.DRAFT and stays.handles(row, request.user),
        "events": [(cycle.said(e), e) for e in row.matter.events.select_related("by").order_by("pk")],
        "office": office_for(row.matter) if request.user.scope.roles & (UNIT | {Role.POSTDOC}) else None,
    }
    return render(request, "postdocs/asked.html", context)


def move(request, number, action):
    """A step of either."""
    row = found(request, number)
    cycle = lifecycle.cycle_of(row)
    step = cycle.transitions.get((row.status, action))
    findings = cycle.findings(row, action, on=localdate()) if step else []
    return steps.take(request, cycle, row, action, partial(AskMoveForm, findings=findings))


# --- written down --------------------------------------------------------------------------------


def write(request, number, kind, pk=None):
    """Time abroad or a fund: a new row, or what came of one."""
    stay = found_stay(request, number)
    if kind not in ROWS:
        raise Http404
    model, form_class = ROWS[kind]
    row = get_object_or_404(model, stay=stay, pk=pk) if pk else model()
    if not actions.may_ask(stay, request.user):
        raise PermissionDenied(_("在站事项由设站单位在人员在站时登记。"))
    form = form_class(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        try:
            actions.write_down(stay, form.save(commit=False), by=request.user, on=localdate())
        except Refused as reason:
            form.add_error(None, str(reason))
        except ValidationError as wrong:
            form.add_error(None, wrong.messages)
        else:
            messages.success(request, _("已登记。"))
            return redirect("postdocs:inside", number)
    context = {"stay": stay, "form": form, "title": model._meta.verbose_name}
    return render(request, "postdocs/inside_row.html", context, status=422 if form.errors else 200)
