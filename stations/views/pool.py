"""The reserve pool: who is in it and how near, one entry with its gaps and its plan, and the way in and out."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from portal.forms import limited, settled
from portal.lifecycle import NotYours, Refused
from portal.models import Event, ReturnItem, Role
from portal.paging import Paginator
from portal.site import pack_of, remembered
from portal.views.work import as_rows
from portal.words import localised
from portal.workbooks import workbook
from stations import cases, gaps, pool, pool_reviews, progress
from stations.filters import PoolFilter
from stations.forms import ReturnForm, VerdictForm
from stations.models import Enterprise, IndustryChain, Measure, PoolEntry, PoolSource, PoolStatus, PoolTier
from stations.models.pool import IN_POOL, IN_SELECTION
from stations.pool_forms import DoneForm, EntryForm, MeasureForm, PlanForm, PoolMoveForm, ProposeForm
from stations.views import steps
from stations.views.enterprises import handles, own, types_for

PAGE = 50
NEW_ROWS = 2  # empty rows below the measures
S = PoolStatus


def found(request, number) -> PoolEntry:
    """The entry, if this person may know of it."""
    return get_object_or_404(PoolEntry.objects.visible_to(request.user).with_case(), matter__number=number)


def acts_for(request, entry) -> bool:
    return entry.matter.organisation_id in request.user.scope.organisations


# --- the list ----------------------------------------------------------------------------------


def filtered(request):
    """Those waiting for selection first, then by tier; those who are out at the end."""
    rows = PoolEntry.objects.visible_to(request.user)
    chosen = PoolFilter(request.GET, rows, request=request)
    return chosen, chosen.qs.order_by(F("ended_on").desc(nulls_first=True), "tier", "pk")


def entries(request):
    """Entries one may see, with how far each is; above them how many of each tier every chain has."""
    chosen, rows = filtered(request)
    today = localdate()
    page = Paginator(rows.with_case().with_measures(today), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [*zip(page, told_of(page, today), strict=True)],
        "filter": chosen,
        "may_propose": Role.DISTRICT in request.user.scope.roles,
        "may_select": bool(pool.MAKERS & request.user.scope.roles),
        "export_url": f"{reverse('stations:pool_export')}?{request.GET.urlencode()}",
        **by_tier_and_chain(request, chosen.qs),
    }
    return render(request, "stations/pool_list.html", context)


def told_of(rows, today) -> list:
    """The gaps of each open entry; of one that is out nobody asks any more."""
    known = gaps.of_entries([e for e in rows if e.is_open], on=today)
    return [known.get(e.pk) for e in rows]


def by_tier_and_chain(request, rows) -> dict:
    """Tiers × chains of what the filter leaves, each number a way to its rows; and the totals as a sentence."""
    late = Measure.objects.filter(entry=OuterRef("pk"), done_on=None, due_on__lt=localdate())
    counted = rows.order_by().annotate(late=Exists(late)).values("status", "tier", "enterprise__chain", "late")
    numbers: dict[tuple, int] = {}
    counted = list(counted.annotate(n=Count("pk")))
    for row in counted:
        stage = row["tier"] if row["status"] in IN_POOL else "selection" if row["status"] in IN_SELECTION else ""
        key = (stage, row["enterprise__chain"])
        numbers[key] = numbers.get(key, 0) + row["n"]
    pack = pack_of(request.user)
    listed = IndustryChain.objects.filter(pack=pack).order_by("order", "pk")
    kept = remembered(f"chains:{pack.pk if pack else 0}", lambda: list(listed))
    chains = [(c.pk, localised(c, "name")) for c in kept]
    chains.append((None, _("未归入")))

    def cell(line, chain):
        query = request.GET.copy()
        query.pop("page", None)
        query["chain"] = chain or "null"
        if line == "selection":
            query.setlist("status", IN_SELECTION)
        else:
            query["tier"] = line
            query.setlist("status", IN_POOL)
        n = numbers.get((line, chain), 0)
        return {"value": n, "url": f"{reverse('stations:pool')}?{query.urlencode()}" if n else ""}

    def line(key, label):
        cells = [cell(key, chain) for chain, _label in chains]
        return {"label": label, "cells": cells, "total": sum(c["value"] for c in cells), "rule": key == "selection"}

    lines = [line(tier.value, tier.label) for tier in PoolTier] + [line("selection", _("选拔中"))]
    held = [sum(row["cells"][n]["value"] for row in lines[:-1]) for n in range(len(chains))]
    heads = [{"label": label, "hole": not n and pk} for (pk, label), n in zip(chains, held, strict=True)]
    for row in lines[:-1]:
        row["cells"] = [c | {"hole": bool(head["hole"])} for c, head in zip(row["cells"], heads, strict=True)]
    return {
        "heads": heads,
        "lines": lines,
        "in_pool": sum(row["total"] for row in lines[:-1]),
        "tiers": [(row["label"], row["total"]) for row in lines[:-1]],
        "in_selection": lines[-1]["total"],
        "holes": [head["label"] for head in heads if head["hole"]],
        "late": sum(row["n"] for row in counted if row["late"] and row["status"] in IN_POOL),
    }


def export(request):
    """The same list as a workbook: the same rows, columns and order as on screen."""
    _chosen, found_rows = filtered(request)
    today = localdate()
    rows = list(found_rows.with_case().with_measures(today))
    headings = [_("编号"), _("单位"), _("统一社会信用代码"), _("状态"), _("培育梯队"), _("条件"), _("还缺的条件")]
    headings += [_("措施总数"), _("已完成"), _("逾期"), _("下一项时限"), _("目标"), _("目标年份"), _("入库依据")]
    headings += [_("招收意向"), _("来源"), _("区镇"), _("产业链"), _("区镇联系人"), _("入库日期"), _("出库日期")]
    lines = (
        [e.matter.number, str(e.enterprise), e.enterprise.organisation.code, e.get_status_display()]
        + [e.get_tier_display() or None, told.text if told else None, missing(told)]
        + [e.measures_all, e.measures_done, e.measures_late, e.next_due, localised(e.target, "title"), e.target_year]
        + [_("、").join(localised(b, "title") for b in e.bases.all()), e.get_intention_display() or None]
        + [e.get_source_display(), localised(e.matter.district, "name")]
        + [localised(e.enterprise.chain, "name") if e.enterprise.chain else None]
        + [str(e.contact) if e.contact else None, e.entered_on, e.ended_on]
        for e, told in zip(rows, told_of(rows, today), strict=True)
    )
    return workbook(_("储备库"), headings, lines, user=request.user, on=today)


def missing(told) -> str | None:
    """The basic conditions that are not so, in words."""
    return _("、").join(localised(g.condition, "title") for g in told.basic if g.met is not True) if told else None


# --- the way in --------------------------------------------------------------------------------


def own_pool(request):
    """An enterprise's own page: its entry where it has one; else what it lacks, and the way in."""
    enterprise, today = own(request), localdate()
    entry = PoolEntry.objects.open().filter(enterprise=enterprise).select_related("matter").first()
    if entry and request.method == "GET":
        return redirect(entry)
    is_handler = handles(request.user, enterprise.pk)
    if request.method == "POST" and not is_handler:
        raise PermissionDenied(frozenset({Role.HANDLER}))
    types = list(types_for(enterprise, today))
    kind = next((t for t in types if t.code == request.GET.get("type")), types[0] if types else None)
    pack = pack_of(request.user)
    form = EntryForm(request.POST or None, pack=pack, on=today, enterprise=enterprise, initial={"target": kind})
    if request.method == "POST" and form.is_valid():
        values = {"enterprise": enterprise, "source": PoolSource.UNIT, "values": form.cleaned_data}
        if entry := entered(request, form, values):
            return redirect(entry)
    told = gaps.gaps_of([gaps.Asked(0, enterprise.pk, kind)], on=today)[0] if kind else None
    context = {
        "enterprise": enterprise,
        "form": form if is_handler and form.fields["bases"].queryset else None,
        "gaps": told,
        "kind": kind,
        "types": [{"label": localised(t, "title"), "url": f"?type={t.code}", "current": t == kind} for t in types],
        "past": PoolEntry.objects.filter(enterprise=enterprise).exclude(ended_on=None).select_related("matter"),
        "office": progress.office_for_district(enterprise.organisation.district_id),
    }
    return render(request, "stations/pool_own.html", context, status=422 if form.errors else 200)


def entered(request, form, values) -> PoolEntry | None:
    """The new entry; or None, and the form says why not."""
    try:
        entry = pool.open_entry(**values, by=request.user, on=localdate())
    except NotYours as reason:
        raise PermissionDenied(str(reason)) from reason
    except Refused as reason:
        form.add_error(None, str(reason))
        return None
    messages.success(request, _("已提交，编号 %(number)s。") % {"number": entry.matter.number})
    return entry


def propose(request):
    """An officer proposes an enterprise of the district; with that the district's opinion is given."""
    mine = Enterprise.objects.visible_to(request.user).select_related("organisation__district")
    named = mine.filter(organisation__code=request.GET.get("unit", "")).first()
    given = {"unit": named.organisation.code} if named else {}
    form = ProposeForm(
        request.POST or None,
        pack=pack_of(request.user),
        on=localdate(),
        user=request.user,
        enterprise=named,
        initial=given,
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        values = {"enterprise": data["unit"], "source": PoolSource.DISTRICT, "values": data, "note": data["note"]}
        if entry := entered(request, form, values):
            return redirect(entry)
    context = {"form": form, "enterprise": named}
    return render(request, "stations/pool_new.html", context, status=422 if form.errors else 200)


# --- one entry ---------------------------------------------------------------------------------


def entry(request, number):
    """One entry: for its enterprise what is missing and what it has to do, for officials the plan to write."""
    return show(request, found(request, number))


def show(request, entry: PoolEntry, *, plan=None, verdict=None, done=None, correction=None):
    """The page; a form that could not be kept comes back as it was typed. `verdict` and `done` are (key, form)."""
    today = localdate()
    told = gaps.of_entries([entry], on=today)[entry.pk]
    may_plan, level = pool.may_plan(entry, request.user), pool.level_for(entry, request.user)
    possible = [t for t in pool.pool.possible(entry, request.user) if t.action not in pool.BY_ITSELF]
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
    return {"shape": "back" if back else "past", "title": pool.pool.actions[event.action], "lines": lines}


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
    entry, today = pool.lock(found(request, number)), localdate()
    if not pool.may_plan(entry, request.user):
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
    pool.changed(entry)
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
            pool.finish(measure, **form.cleaned_data, by=request.user, on=localdate())
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
            pool.judge(
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
    return {f"field:{name}": cases.label_of(PoolEntry, name) for name in pool.TOLD}


def returned_items(entry):
    """What the last return named and nobody handed in again."""
    if not entry.matter.return_to:
        return []
    items = ReturnItem.objects.filter(event__matter=entry.matter, resolved_at=None)
    return list(items.select_related("event__by").order_by("pk"))


def send_back(request, number):
    """Choose what the enterprise must mend, each with its reason."""
    entry = found(request, number)
    if not any(t.returns for t in pool.pool.possible(entry, request.user)):
        raise PermissionDenied(_("这件入库申请现在不在您手里，不能退回。"))
    form = ReturnForm(request.POST or None, labels=labels(), suggested={})
    if request.method == "POST" and form.is_valid():
        items = [ReturnItem(target=t, label=label, code=code, note=note) for t, label, code, note in form.items()]
        try:
            pool.pool.move(
                entry, "send_back", by=request.user, on=localdate(), note=form.cleaned_data["note"], items=items
            )
        except NotYours as reason:
            raise PermissionDenied(str(reason)) from reason
        except Refused as reason:
            form.add_error(None, str(reason))
        else:
            n = len(items)
            told = ngettext("已退回，列出 %(n)s 处，单位已收到通知。", "已退回，列出 %(n)s 处，单位已收到通知。", n)
            messages.success(request, told % {"n": n})
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
    entry = pool.lock(entry)
    if entry.status != S.RETURNED:
        messages.error(request, _("这件入库申请不在退回补正状态，可能已由他人办理。请看现在的状态。"))
        return redirect(entry)
    form, note = settled(correction_form(entry, request.POST)), request.POST.get("note", "").strip()
    if not note:
        form.add_error(None, _("请说明改了什么，或为什么不改。"))
    if form.is_valid():
        form.save(commit=False).save()
        pool.rest_on(entry, form.cleaned_data["bases"])
        pool.pool.move(entry, "resubmit", by=request.user, on=localdate(), note=note[:500])
        messages.success(request, _("已再次提交。"))
        return redirect(entry)
    return show(request, found(request, number), correction=form)


def move(request, number, action):
    """A step; what comes by itself with the enterprise's application is nobody's to press."""
    if action in pool.BY_ITSELF or action == "resubmit":
        raise Http404
    row = found(request, number)
    return steps.take(request, pool.pool, row, action, partial(PoolMoveForm, entry=row))
