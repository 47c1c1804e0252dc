"""One entry of the reserve pool: its page, its plan, its steps, what is returned and corrected."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.forms import limited, settled
from portal.lifecycle import Refused
from portal.models import Event, ReturnItem, Role
from portal.views.work import as_rows
from portal.words import localised
from stations import pool_reviews, steps
from stations.applications import cases, progress
from stations.enterprises.views import handles
from stations.forms import ReturnForm, VerdictForm
from stations.models import Measure, PoolEntry, PoolStatus, PoolTier
from stations.pool import actions, gaps, lifecycle
from stations.pool.forms import DoneForm, EntryForm, MeasureForm, PlanForm, PoolMoveForm

S = PoolStatus
NEW_ROWS = 2  # empty rows below the measures


def found(request, number) -> PoolEntry:
    """The entry, if this person may know of it."""
    return get_object_or_404(PoolEntry.objects.visible_to(request.user).with_case(), matter__number=number)


def acts_for(request, entry) -> bool:
    return entry.matter.organisation_id in request.user.scope.organisations


# --- one entry ---------------------------------------------------------------------------------


def entry(request, number):
    """One entry: for its enterprise what is missing and what it has to do, for officials the plan to write."""
    return show(request, found(request, number))


def show(request, entry: PoolEntry, *, plan=None, verdict=None, done=None, correction=None):
    """The page; a form that could not be kept comes back as it was typed. `verdict` and `done` are (key, form)."""
    today = localdate()
    told = gaps.of_entries([entry], on=today)[entry.pk]
    may_plan, level = actions.may_plan(entry, request.user), actions.level_for(entry, request.user)
    possible = [t for t in lifecycle.pool.possible(entry, request.user) if t.action not in lifecycle.BY_ITSELF]
    silent = pool_reviews.last_sign(entry, entry.target.pack_id, today) if may_plan else None
    possible = [t for t in possible if silent or t.action != "review"]
    proposed = told.tier(gaps.near_of(entry.target.pack_id))
    measures = list(entry.measures.select_related("added_by").order_by("due_on", "pk"))
    unit = acts_for(request, entry)
    wrong = any(form is not None for form in (plan, verdict, done, correction))
    context = {
        "entry": entry,
        "matter": entry.matter,
        "row": as_rows([entry.matter], today)[0],
        "gaps": told,
        "proposed": PoolTier(proposed).label,
        "verdict": verdict,
        "verdict_form": VerdictForm() if level else None,
        "measures": [(m, m.done_on is None and m.due_on < today, done_form(m, done, entry, request)) for m in measures],
        "late": sum(m.done_on is None and m.due_on < today for m in measures),
        "plan": plan or (plan_forms(entry, measures, today) if may_plan else None),
        "wrong_done": done[1] if done else None,
        "correction": correction or (correction_form(entry) if unit and entry.status == S.RETURNED else None),
        "returned": [(labels().get(item.target, item.label), item) for item in returned_items(entry)],
        "moves": [
            (t, PoolMoveForm(step=t, entry=entry, initial={"tier": entry.tier or proposed}))
            for t in possible
            if not t.returns and t.action != "resubmit"
        ],
        "silent": silent,
        "may_return": any(t.returns for t in possible),
        "chain": timeline(entry, measures, today),
        "facts": facts_of(entry),
        "office": progress.office_for(entry.matter),
        "unit": unit,
    }
    template = "stations/pool_mine.html" if unit else "stations/pool_entry.html"
    return render(request, template, context, status=422 if wrong else 200)


def done_form(measure, typed, entry, request) -> DoneForm | None:
    """The form with which an enterprise says that a measure of its own is done."""
    if typed and typed[0] == measure.pk:
        return typed[1]
    open_ = measure.done_on is None and measure.owner == Measure.Owner.UNIT and entry.is_in_pool
    if not open_ or not handles(request.user, entry.matter.organisation_id):
        return None
    return DoneForm(prefix="done", auto_id=f"d{measure.pk}_%s", initial={"done_on": localdate()})


def facts_of(entry) -> list:
    rows = [
        (_("目标"), localised(entry.target, "title")),
        (_("目标年份"), entry.target_year),
        (_("入库依据"), _("、").join(localised(b, "title") for b in entry.bases.all())),
        (_("招收意向"), entry.get_intention_display() or _("还没有问过单位")),
        (_("来源"), entry.get_source_display()),
        (_("区镇"), localised(entry.matter.district, "name")),
        (_("产业链"), localised(entry.enterprise.chain, "name") if entry.enterprise.chain else "—"),
        (_("入库日期"), entry.entered_on.isoformat() if entry.entered_on else "—"),
    ]
    if entry.ended_on:
        rows.append((_("出库日期"), entry.ended_on))
    if entry.left_because:
        rows.append((_("退出原因"), entry.get_left_because_display()))
    if entry.application:
        number = entry.application.matter.number
        rows.append({"label": _("设站申报"), "value": number, "url": entry.application.get_absolute_url()})
    if entry.statement:
        rows.append((_("情况说明"), entry.statement))
    return rows


def timeline(entry, measures, today) -> list[dict]:
    """What happened, measures that were done among it, and where it stands."""
    events = Event.objects.filter(matter=entry.matter).select_related("by").order_by("pk")
    items = [(event.on, 0, past_item(event)) for event in events]
    for m in measures:
        if m.done_on:
            title = _("完成：%(text)s") % {"text": m.text}
            lines = [f"{m.done_on:%Y-%m-%d} {m.get_owner_display()}", *filter(None, [m.done_note])]
            items.append((m.done_on, 1, {"shape": "past", "title": title, "lines": lines}))
    past = [item for _on, _rank, item in sorted(items, key=lambda row: row[:2])]
    if not entry.is_open:
        return past
    row = as_rows([entry.matter], today)[0]
    here = {"shape": "here", "title": row.stage, "lines": [str(row.holder)] if row.holder else []}
    if entry.matter.due_on:
        here["when"] = _("%(day)s 前") % {"day": entry.matter.due_on.isoformat()}
    return [*past, here]


def past_item(event) -> dict:
    lines = [f"{event.on:%Y-%m-%d} {event.actor or _('系统')}"]
    if tier := event.details.get("tier"):
        lines.append(PoolTier(tier).label)
    lines += filter(None, [event.details.get("application"), event.note])
    back = event.action in ("send_back", "to_district", "decline", "resume", "await_plan")
    return {"shape": "back" if back else "past", "title": lifecycle.pool.actions[event.action], "lines": lines}


# --- the plan ----------------------------------------------------------------------------------


def plan_forms(entry, measures, today, data=None) -> dict:
    """The plan's own form, one per measure, and some empty rows."""
    rows = [MeasureForm(data, instance=m, prefix=f"m{m.pk}", on=today) for m in measures]
    empty = [
        MeasureForm(data, instance=Measure(entry=entry), prefix=f"n{n}", initial={"owner": "unit"}, on=today)
        for n in range(NEW_ROWS)
    ]
    return {"form": PlanForm(data, instance=entry, on=today), "rows": rows, "empty": empty}


@require_POST
@transaction.atomic
def plan(request, number):
    """Save the plan with all its measures, or none of it; what somebody else wrote meanwhile is not lost."""
    entry, today = actions.lock(found(request, number)), localdate()
    if not actions.may_plan(entry, request.user):
        raise PermissionDenied(_("现在不能修改培育方案：单位不在库，或不归您联系。"))
    measures = list(Measure.objects.select_for_update().filter(entry=entry).order_by("due_on", "pk"))
    forms = plan_forms(entry, measures, today, request.POST)
    written = [settled(forms["form"]), *(settled(f) for f in forms["rows"])]
    written += [f for f in forms["empty"] if not f.is_blank]
    if not all([f.is_valid() for f in written]) or said_twice(forms):
        return show(request, found(request, number), plan=forms)
    forms["form"].save()
    for form in [*forms["rows"], *(f for f in forms["empty"] if not f.is_blank)]:
        keep(form, request.user, today)
    actions.changed(entry)
    messages.success(request, _("培育方案已保存。"))
    return redirect(f"{entry.get_absolute_url()}#plan")


def said_twice(forms) -> bool:
    """Whether two rows say the same; the later one is told."""
    seen = set()
    for form in [*forms["rows"], *(f for f in forms["empty"] if not f.is_blank)]:
        text = form.cleaned_data["text"]
        if text in seen and not form.cleaned_data.get("remove"):
            form.add_error("text", _("方案里已有同样的措施。"))
            return True
        seen.add(text)
    return False


def keep(form, by, today) -> None:
    """One row of the plan into the database, or out of it."""
    if form.cleaned_data.get("remove"):
        form.instance.delete()
        return
    measure = form.save(commit=False)
    if not measure.pk:
        measure.added_by, measure.added_on = by, today
    if not measure.done_on:
        measure.done_note = ""
    measure.save()


@require_POST
def done(request, number, pk):
    """A measure is done; an enterprise says so of its own."""
    entry = found(request, number)
    measure = get_object_or_404(entry.measures.select_related("entry"), pk=pk)
    form = DoneForm(request.POST, prefix="done", auto_id=f"d{pk}_%s")
    if form.is_valid():
        try:
            actions.finish(measure, **form.cleaned_data, by=request.user, on=localdate())
        except Refused as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("已登记完成。"))
            return redirect(f"{entry.get_absolute_url()}#plan")
    return show(request, entry, done=(pk, form))


@require_POST
def verdict(request, number, code):
    """What an official found on the spot of one condition."""
    entry = found(request, number)
    condition = get_object_or_404(entry.target.conditions, code=code)
    form = VerdictForm(request.POST)
    if form.is_valid():
        try:
            actions.judge(
                entry,
                condition,
                verdict=form.value,
                note=form.cleaned_data["note"],
                by=request.user,
                on=localdate(),
            )
        except Refused as reason:
            form.add_error(None, str(reason))
        else:
            return redirect(f"{entry.get_absolute_url()}#{code}")
    return show(request, entry, verdict=(code, form))


# --- sending back and correcting ---------------------------------------------------------------


def labels() -> dict[str, str]:
    return {f"field:{name}": cases.label_of(PoolEntry, name) for name in lifecycle.TOLD}


def returned_items(entry):
    """What the last return named and nobody handed in again."""
    if not entry.matter.return_to:
        return []
    items = ReturnItem.objects.filter(event__matter=entry.matter, resolved_at=None)
    return list(items.select_related("event__by").order_by("pk"))


def send_back(request, number):
    """Choose what the enterprise must mend, each with its reason."""
    entry = found(request, number)
    if not any(t.returns for t in lifecycle.pool.possible(entry, request.user)):
        raise PermissionDenied(_("这件入库申请现在不在您手里，不能退回。"))
    form = ReturnForm(request.POST or None, labels=labels(), suggested={})
    if (
        request.method == "POST"
        and form.is_valid()
        and steps.sent_back(request, lifecycle.pool, entry, form, "send_back")
    ):
        return redirect(entry)
    context = {"entry": entry, "form": form}
    return render(request, "stations/pool_return.html", context, status=422 if form.errors else 200)


def correction_form(entry, data=None) -> EntryForm:
    """The entry as its enterprise wrote it; only what was sent back can be changed."""
    only = {item.target.removeprefix("field:") for item in returned_items(entry)}
    form = EntryForm(
        data,
        instance=entry,
        pack=entry.target.pack,
        on=localdate(),
        enterprise=entry.enterprise,
        initial={"bases": list(entry.bases.all())},
    )
    return limited(form, only)


@require_POST
@transaction.atomic
def correct(request, number):
    """The enterprise mends what was named, says what it did, and hands it in again."""
    entry = found(request, number)
    if not handles(request.user, entry.matter.organisation_id):
        raise PermissionDenied(frozenset({Role.HANDLER}))
    entry = actions.lock(entry)
    if entry.status != S.RETURNED:
        messages.error(request, _("这件入库申请不在退回补正状态，可能已由他人办理。请看现在的状态。"))
        return redirect(entry)
    form, note = settled(correction_form(entry, request.POST)), request.POST.get("note", "").strip()
    if not note:
        form.add_error(None, _("请说明改了什么，或为什么不改。"))
    if form.is_valid():
        form.save(commit=False).save()
        actions.rest_on(entry, form.cleaned_data["bases"])
        lifecycle.pool.move(entry, "resubmit", by=request.user, on=localdate(), note=note[:500])
        messages.success(request, _("已再次提交。"))
        return redirect(entry)
    return show(request, found(request, number), correction=form)


def move(request, number, action):
    """A step; what comes by itself with the enterprise's application is nobody's to press."""
    if action in lifecycle.BY_ITSELF or action == "resubmit":
        raise Http404
    row = found(request, number)
    return steps.take(request, lifecycle.pool, row, action, partial(PoolMoveForm, entry=row))
