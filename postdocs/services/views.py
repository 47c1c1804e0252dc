"""Services: the catalogue that everybody reads, asking, the list, one request with its steps, the figures."""

from datetime import date
from functools import partial

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from portal.exports import Book, exported, labels
from portal.lifecycle import Refused
from portal.models import District, Pack, Role
from portal.models.people import CASEWORK, UNIT
from portal.paging import Paginator
from portal.site import pack_of
from portal.views.rules import own_pack
from portal.words import localised
from postdocs.services import actions, figures, lifecycle
from postdocs.services.filters import RequestFilter
from postdocs.services.forms import AskForm, RequestMoveForm
from postdocs.services.models import Asker, Group, RequestStatus, Service, ServiceRequest
from postdocs.stays.facts import stay as vocabulary
from postdocs.stays.models import Stay
from stations import steps
from stations.applications.progress import office_for

PAGE = 50
R, Side = RequestStatus, ServiceRequest.Side
cycle = lifecycle.request


# --- the catalogue -----------------------------------------------------------------------------


@login_not_required
def catalogue(request):
    """What the city does for postdocs, by group; whoever may ask finds the way from here."""
    user = request.user
    pack = pack_of(user)
    rows = Service.objects.filter(pack=pack).select_related("clause__document").order_by("order", "pk")
    asks = askers_of(user)
    groups: dict[str, list] = {}
    for row in rows:
        groups.setdefault(row.group, []).append((row, bool(asks & set(row.askers)), who_asks(row)))
    shown = [(Group(g).label, groups[g]) for g in Group.values if g in groups]
    context = {"groups": shown, "signed_in": user.is_authenticated, "count": len(rows), "asks": bool(asks)}
    return render(request, "postdocs/services.html", context)


def askers_of(user) -> set[str]:
    """As what somebody may ask."""
    roles = user.scope.roles if user.is_authenticated else frozenset()
    return {a for role, a in ((Role.POSTDOC, Asker.POSTDOC), (Role.HANDLER, Asker.UNIT)) if role in roles}


def who_asks(row: Service) -> list[str]:
    return [str(Asker(a).label) for a in row.askers]


def ask(request, code):
    """Ask for one service; what the records say to its conditions stands beside it, an officer decides."""
    service = get_object_or_404(Service.objects.select_related("clause__document"), pack=own_pack(request), code=code)
    if not askers_of(request.user) & set(service.askers):
        raise PermissionDenied(_("这项服务不由您提出。"))
    today = localdate()
    stays = allowed(service, actions.stays_for(request.user), request.user)
    asked = {"stay": pk} if (pk := request.GET.get("stay", "")).isdigit() else {}
    form = AskForm(request.POST or None, service=service, stays=stays, initial=asked)
    if request.method == "POST" and form.is_valid():
        given = {"content": form.cleaned_data["content"], "tier": form.cleaned_data.get("tier", "")}
        try:
            row = actions.ask(service, form.cleaned_data["stay"], **given, by=request.user, on=today)
        except Refused as reason:
            form.add_error(None, str(reason))
        else:
            return redirect(row)
    context = {"form": form, "service": service, "nobody": not stays.exists(), "who": who_asks(service)}
    return render(request, "postdocs/request_new.html", context, status=422 if form.errors else 200)


def allowed(service: Service, stays, user):
    """Of those for whom somebody may ask, those for whom they may ask for this."""
    if Asker.UNIT not in service.askers:
        return stays.filter(person__user=user)
    if Asker.POSTDOC not in service.askers:
        return stays.exclude(person__user=user)
    return stays


# --- the list ----------------------------------------------------------------------------------


def filtered(request):
    rows = ServiceRequest.objects.visible_to(request.user).for_page()
    chosen = RequestFilter(request.GET, rows.order_by("-pk"), request=request)
    return chosen, chosen.qs


def requests(request):
    """Requests one may see, the newest first."""
    chosen, rows = filtered(request)
    page, today = Paginator(rows, PAGE).get_page(request.GET.get("page")), localdate()
    roles = request.user.scope.roles
    context = {
        "page": page,
        "rows": [(row, row.is_late(today)) for row in page],
        "filter": chosen,
        "may_ask": bool(roles & {Role.HANDLER, Role.POSTDOC}),
        "export_url": f"{reverse('postdocs:requests_export')}?{request.GET.urlencode()}" if roles & CASEWORK else "",
        "figures": official(roles),
    }
    return render(request, "postdocs/request_list.html", context)


def official(roles) -> bool:
    return bool(roles & (CASEWORK - UNIT))


@exported("postdocs:requests_export")
def export(request) -> Book:
    """The same list as a workbook."""
    _chosen, rows = filtered(request)
    headings = [_("编号"), _("服务"), _("类别"), _("博士后"), _("单位"), _("区镇"), _("谁提出"), _("诉求内容")]
    headings += [_("提出日期"), _("环节"), _("承办部门"), _("承诺答复日期"), _("答复日期"), _("结果"), _("答复")]
    headings += [_("评分"), _("评价")]
    places = {d.pk: localised(d, "name") for d in District.objects.filter(pk__in=request.user.scope.districts)}
    groups, states, sides, outcomes = map(labels, (Group, R, Side, ServiceRequest.Outcome))
    lines = (
        [r.matter.number, str(r.service), groups[r.service.group], r.stay.person.name if r.stay else ""]
        + [unit_of(r), places.get(r.matter.district_id, ""), sides[r.side], r.content, r.matter.opened_on]
        + [states[r.status], localised(r.owner, "name") if r.owner else "", r.due_on, r.answered_on]
        + [outcomes.get(r.outcome, ""), r.answer, r.score, r.comment]
        for r in rows.select_related("stay__matter__organisation").iterator(2000)
    )
    return Book(_("服务诉求台账"), headings, lines, localdate(), rows.count())


def unit_of(row: ServiceRequest) -> str:
    if row.stay:
        return row.stay.matter.organisation.name
    return row.matter.organisation.name if row.matter.organisation else ""


# --- one ---------------------------------------------------------------------------------------


def found(request, number) -> ServiceRequest:
    rows = ServiceRequest.objects.visible_to(request.user).for_page()
    rows = rows.select_related("stay__matter__organisation", "visit__district")
    return get_object_or_404(rows, matter__number=number)


def request_page(request, number):
    """One request: what is wanted, what the records say to it, who sees to it, the answer, what happened."""
    row = found(request, number)
    today, pack = localdate(), Pack.objects.get_for(row.matter.district_id)
    roles = request.user.scope.roles
    context = {
        "row": row,
        "matter": row.matter,
        "stage": cycle.stages[row.status],
        "late": row.is_late(today),
        "findings": findings(row.service, row.stay, today),
        "moves": [(step, RequestMoveForm(step=step, pack=pack)) for step in possible(row, request.user)],
        "events": [(cycle.said(e), e) for e in row.matter.events.select_related("by").order_by("pk")],
        "official": official(roles),
        "private": row.matter.organisation_id is None,
        "stay_link": row.stay is not None and Stay.objects.visible_to(request.user).filter(pk=row.stay_id).exists(),
        "office": office_for(row.matter) if not official(roles) else None,
        "papers": papers_of(row.service),
    }
    return render(request, "postdocs/request.html", context)


def possible(row: ServiceRequest, user) -> list:
    """The buttons: what the table allows, without steps that are only for whom it concerns."""
    steps_ = cycle.possible(row, user)
    if lifecycle.concerns(row, user):
        return steps_
    return [step for step in steps_ if step.action not in ("rate", "withdraw", "take_back")]


def findings(service: Service, stay: Stay | None, on: date) -> list:
    """What the records say to the conditions of a service, for one stay."""
    if stay is None or not service.criteria:
        return []
    asked = [
        vocabulary.criterion(c["fact"], c.get("lookup", "exact"), c["value"], str(service.clause))
        for c in service.criteria
    ]
    return vocabulary.findings(stay, asked, on=on)


def papers_of(service: Service) -> list[str]:
    return list(localised(service, "papers") or service.papers)


def move(request, number, action):
    """A step of a request; after a bad rating the bureau has it on its list."""
    row = found(request, number)
    if action in ("escalate", "follow"):
        raise Http404
    form_class = partial(RequestMoveForm, pack=Pack.objects.get_for(row.matter.district_id))

    def along(moved, form):
        if action == "rate":
            actions.look_into(moved, on=localdate())

    return steps.take(request, cycle, row, action, form_class, along)


# --- figures -----------------------------------------------------------------------------------


def asked_year(request) -> int:
    given, this = request.GET.get("year", ""), localdate().year
    return int(given) if given.isdigit() and 2000 <= int(given) <= this else this


def counted(request):
    year = asked_year(request)
    rows = ServiceRequest.objects.visible_to(request.user).filter(matter__opened_on__year=year)
    rows = rows.select_related("matter", "service").order_by("pk")
    return year, *figures.lines(rows, localdate())


def request_figures(request):
    """Per service: how many asked, how long it took, how content they were; one year."""
    year, lines, total = counted(request)
    here, this = reverse("postdocs:request_figures"), localdate().year
    most = max((line.asked for line in lines), default=1)
    context = {
        "year": year,
        "lines": lines,
        "total": total,
        "most": most,
        "years": [
            {"label": str(y), "url": f"{here}?year={y}", "current": y == year} for y in range(this - 2, this + 1)
        ],
        "export_url": f"{reverse('postdocs:request_figures_export')}?year={year}",
    }
    return render(request, "postdocs/request_figures.html", context)


@exported("postdocs:request_figures_export")
def figures_export(request) -> Book:
    """The same figures as a workbook."""
    year, lines, total = counted(request)
    headings = [_("服务"), _("提出"), _("在办"), _("超期在办"), _("已答复"), _("已办成"), _("平均工作日")]
    headings += [_("按期率（%）"), _("平均评分"), _("满意率（%）"), _("差评")]
    rows = [
        [name, x.asked, x.open, x.late, x.answered, x.done, tenth(x.average), tenth(x.punctual), tenth(x.score)]
        + [tenth(x.content), x.low]
        for name, x in [*((str(line.service), line) for line in lines), (_("合计"), total)]
    ]
    return Book(_("服务诉求统计 %(year)s") % {"year": year}, headings, rows, localdate(), len(rows))


def tenth(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


# --- on the page of a stay ---------------------------------------------------------------------


def part(stay: Stay, request) -> dict:
    """What the page of a stay shows of requests: those this reader may see."""
    rows = ServiceRequest.objects.visible_to(request.user).filter(stay=stay).select_related("matter", "service")
    today = localdate()
    return {
        "requests": [(row, row.is_late(today)) for row in rows.order_by("-pk")[:5]],
        "may_ask": actions.side_of(stay, request.user) is not None,
    }
