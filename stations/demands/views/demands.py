"""Demands: the list, writing one, one with what suits it; and the list that anybody may read."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.exports import Book, exported, labels, names
from portal.lifecycle import Refused
from portal.models import District, Pack, Role
from portal.models.people import BUREAU
from portal.paging import Paginator
from portal.site import pack_of
from stations import disciplines, steps
from stations.applications.progress import office_for
from stations.demands import actions, lifecycle, matching
from stations.demands.filters import DemandFilter, PublicFilter
from stations.demands.forms import DemandForm, ProposeForm
from stations.enterprises.views import handles, own
from stations.forms import MoveForm
from stations.models import Demand, DemandStatus, IndustryChain, Match

PAGE = 50
D = DemandStatus


def filtered(request):
    rows = Demand.objects.visible_to(request.user).select_related(
        "matter__district", "enterprise__organisation", "chain"
    )
    chosen = DemandFilter(request.GET, rows.order_by("-pk"), request=request)
    return chosen, chosen.qs


def demands(request):
    """Demands one may see, filtered by what the address says, the newest first."""
    chosen, rows = filtered(request)
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "filter": chosen,
        "is_handler": Role.HANDLER in request.user.scope.roles,
        "importing": bool(request.user.scope.roles & (BUREAU | {Role.DISTRICT, Role.HANDLER})),
        "export_url": f"{reverse('stations:demands_export')}?{request.GET.urlencode()}",
    }
    return render(request, "stations/demand_list.html", context)


@exported("demands")
def export(request):
    """The same list as a workbook."""
    _chosen, rows = filtered(request)
    headings = [_("编号"), _("单位"), _("区镇"), _("需求类型"), _("题目"), _("一级学科"), _("产业链"), _("人数")]
    headings += [_("年薪（元）"), _("科研经费（元）"), _("截止日期"), _("“卡脖子”项目"), _("发布范围"), _("环节")]
    places, chains = names(District.objects.all()), names(IndustryChain.objects.all())
    kinds, scopes, stages = labels(Demand.Kind), labels(Demand.Scope), labels(DemandStatus)
    known, comma = {code: disciplines.name_of(code) for code in disciplines.catalogue()}, _("、")
    values = rows.values_list(
        *("matter__number", "enterprise__organisation__name", "matter__district", "kind", "title", "disciplines"),
        *("chain", "people", "salary", "funding", "deadline", "bottleneck", "scope", "status"),
    )
    lines = (
        [number, owner, places[place], kinds[kind], title, comma.join(known.get(code, code) for code in codes)]
        + [chains[chain], people, salary, funding, deadline, bottleneck, scopes[scope], stages[status]]
        for number, owner, place, kind, title, codes, chain, people, salary, funding, deadline, bottleneck, scope, status
        in values.iterator(2000)
    )  # fmt: skip
    return Book(_("需求清单"), headings, lines, localdate(), rows.count())


# --- writing -----------------------------------------------------------------------------------


def new(request):
    """A new demand: kept as a draft, handed in from its page."""
    enterprise = own(request)
    if not handles(request.user, enterprise.pk):
        raise PermissionDenied(frozenset({Role.HANDLER}))
    row = Demand(enterprise=enterprise, chain=enterprise.chain, contact=enterprise.contact)
    row.contact_phone = enterprise.contact_phone
    form = DemandForm(request.POST or None, instance=row, today=localdate())
    if request.method == "POST" and form.is_valid():
        saved = actions.draft(form.save(commit=False), by=request.user, on=localdate())
        messages.success(request, _("已存为草稿，核对后请提交审核。"))
        return redirect(saved)
    context = {"form": form, "back": reverse("stations:demands")}
    return render(request, "stations/demand_form.html", context, status=422 if form.errors else 200)


def edit(request, number):
    """Change a draft."""
    row = found(request, number)
    if not handles(request.user, row.matter.organisation_id):
        raise PermissionDenied(frozenset({Role.HANDLER}))
    if row.status != D.DRAFT:
        messages.error(request, _("这条需求已提交，不能再修改。"))
        return redirect(row)
    form = DemandForm(request.POST or None, instance=row, today=localdate())
    if request.method == "POST" and form.is_valid():
        try:
            actions.rewrite(form.save(commit=False), by=request.user)
        except Refused as reason:
            messages.error(request, str(reason))
        else:
            messages.success(request, _("已保存。"))
        return redirect(row)
    context = {"form": form, "demand": row, "back": row.get_absolute_url()}
    return render(request, "stations/demand_form.html", context, status=422 if form.errors else 200)


# --- one demand --------------------------------------------------------------------------------


def found(request, number) -> Demand:
    rows = Demand.objects.visible_to(request.user)
    rows = rows.select_related("matter__district", "matter__organisation", "enterprise__organisation", "chain")
    return get_object_or_404(rows.select_related("station__matter"), matter__number=number)


def may_broker(user, row) -> bool:
    """Whether this person may bring the demand together with somebody, or note what came of it."""
    matter = row.matter
    roles = user.roles_for(organisation_id=matter.organisation_id, district_id=matter.district_id)
    return bool(roles & lifecycle.BROKERS)


def demand(request, number, form=None):
    """One demand: what is wanted, who suits it and why, what came of it so far."""
    row = found(request, number)
    pack = Pack.objects.get_for(row.matter.district_id)
    open_now = row.status in (D.PUBLISHED, D.TALKING, D.SIGNED)
    broker = open_now and may_broker(request.user, row)
    steps_now = lifecycle.demand.possible(row, request.user)
    matches = Match.objects.visible_to(request.user).filter(demand=row)
    cycle = lifecycle.demand
    context = {
        "demand": row,
        "may_edit": row.status == D.DRAFT and handles(request.user, row.matter.organisation_id),
        "moves": [(s, MoveForm(step=s)) for s in steps_now if s.action not in lifecycle.BY_ITSELF],
        "matches": matches.select_related("matter", "flow__university").order_by("-pk"),
        "broker": broker,
        "suggestions": matching.suggestions(row, pack) if open_now else [],
        "open_now": open_now,
        "propose": (form or ProposeForm(user=request.user)) if broker else None,
        "events": [(cycle.actions[e.action], e) for e in row.matter.events.select_related("by").order_by("pk")],
        "office": office_for(row.matter),
    }
    return render(request, "stations/demand.html", context, status=422 if form and form.errors else 200)


def move(request, number, action):
    """A step of a demand. Those that follow from its matches, or from the day, have no page."""
    if action in lifecycle.BY_ITSELF:
        raise Http404
    return steps.take(request, lifecycle.demand, found(request, number), action)


@require_POST
def propose(request, number):
    """Bring a demand together with a flow station: one that was suggested, or any other."""
    row = found(request, number)
    if not may_broker(request.user, row):
        raise PermissionDenied(lifecycle.BROKERS)
    form = ProposeForm(request.POST, user=request.user)
    if form.is_valid():
        try:
            made = actions.propose(row, **form.cleaned_data, by=request.user, on=localdate())
        except Refused as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("已推荐，请联系双方，并在这里记下每次联系。"))
            return redirect(made)
    return demand(request, number, form=form)


# --- for anybody -------------------------------------------------------------------------------


@login_not_required
def board(request):
    """What is published to everybody, with the office to ask; no person's name and no person's telephone."""
    pack, today = pack_of(request.user), localdate()
    if pack is None:
        raise Http404
    rows = Demand.objects.on_list(pack, today).select_related("matter__district", "enterprise__organisation", "chain")
    chosen = PublicFilter(request.GET, rows.order_by("-published_on", "-pk"), pack=pack)
    page = Paginator(chosen.qs, 20).get_page(request.GET.get("page"))
    offices = matching.offices(pack)
    context = {
        "page": page,
        "rows": [(row, offices.get(row.matter.district_id)) for row in page],
        "filter": chosen,
    }
    return render(request, "stations/board.html", context)
