"""The reserve pool as a list and as a table, and the ways in."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, F, OuterRef
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.lifecycle import NotYours, Refused
from portal.models import Role
from portal.offices import office_of_district
from portal.paging import Paginator
from portal.site import pack_of, remembered
from portal.words import localised
from portal.workbooks import workbook
from stations.enterprises.views import handles, own, types_for
from stations.models import Enterprise, IndustryChain, Measure, PoolEntry, PoolSource, PoolTier
from stations.pool import actions, gaps
from stations.pool.filters import PoolFilter
from stations.pool.forms import EntryForm, ProposeForm
from stations.pool.models import IN_POOL, IN_SELECTION
from stations.roles import MAKERS

PAGE = 50


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
    rows = rows.for_list().with_measures(today).with_names_of_bases(get_language() == "en")
    told, paginator = by_tier_and_chain(request, chosen.qs), Paginator(rows, PAGE)
    paginator.count = told["all"]
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [*zip(page, told_of(page, today), strict=True)],
        "filter": chosen,
        "may_propose": Role.DISTRICT in request.user.scope.roles,
        "may_select": bool(MAKERS & request.user.scope.roles),
        "export_url": f"{reverse('stations:pool_export')}?{request.GET.urlencode()}",
        **told,
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
        "all": sum(numbers.values()),
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
        "office": office_of_district(enterprise.organisation.district_id),
    }
    return render(request, "stations/pool_own.html", context, status=422 if form.errors else 200)


def entered(request, form, values) -> PoolEntry | None:
    """The new entry; or None, and the form says why not."""
    try:
        entry = actions.open_entry(**values, by=request.user, on=localdate())
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
