"""The register of universities and their flow stations, which the bureau keeps."""

from datetime import timedelta

from django.contrib import messages
from django.db.models import Count, F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_cte import CTE, with_cte

from portal.lifecycle import Refused
from portal.models.people import BUREAU
from portal.paging import Paginator
from portal.views.rules import own_pack
from portal.workbooks import workbook
from stations.demands import cooperation
from stations.demands.filters import UniversityFilter
from stations.demands.forms import FlowForm, UniversityForm
from stations.models import FlowStation, Match, Partner, Station, University, UniversityName

PAGE = 50
FIRST = 10  # names that wait to be linked, shown at once


def whole(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 10 else None


def with_counts(universities, **counted):
    """How many of some rows each university has: those rows are grouped once, not once for every university. Each is
    given by its rows, the path to the university, and what is counted."""
    for name, (rows, of, n) in counted.items():
        groups = CTE(rows.order_by().values(place=F(of)).annotate(n=n), name=name, materialized=True)
        mine = groups.queryset().filter(place=OuterRef("pk")).values("n")
        universities = with_cte(groups, select=universities).annotate(**{f"n_{name}": Coalesce(Subquery(mine), 0)})
    return universities


def filtered(request):
    user, today = request.user, localdate()
    rows = with_counts(
        University.objects.visible_to(user),
        flows=(FlowStation.objects.all(), "university", Count("pk")),
        matches=(Match.objects.visible_to(user), "flow__university", Count("pk")),
        units=(cooperation.in_force(user, today), "university", Count("enterprise", distinct=True)),
    )
    chosen = UniversityFilter(request.GET, rows.order_by("-key", "name"), request=request)
    return chosen, chosen.qs


def universities(request):
    """The register, key universities first."""
    chosen, rows = filtered(request)
    may_change = bool(request.user.scope.roles & BUREAU)
    waiting = cooperation.unlisted(own_pack(request), request.user) if may_change else []
    partners = cooperation.in_force(request.user, localdate()).filter(university__in=rows.values("pk"))
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "filter": chosen,
        "partners": partners.aggregate(n=Count("university", distinct=True))["n"],
        "may_change": may_change,
        "waiting": waiting[:FIRST],
        "n_waiting": len(waiting),
        "known": University.objects.filter(pack=own_pack(request)).order_by("name") if waiting else [],
        "export_url": f"{reverse('stations:universities_export')}?{request.GET.urlencode()}",
    }
    return render(request, "stations/university_list.html", context)


def export(request):
    """The flow stations of the same universities as a workbook: the list of specialities and talents."""
    _chosen, rows = filtered(request)
    headings = [_("高校院所"), _("所在省市"), _("“双一流”"), _("重点高校"), _("博管办"), _("博管办电话")]
    headings += [_("一级学科代码"), _("一级学科"), _("批准年份"), _("负责人"), _("研究方向和人才")]
    flows: dict[int, list] = {}
    for flow in FlowStation.objects.filter(university__in=rows.values("pk")).order_by("discipline"):
        flows.setdefault(flow.university_id, []).append(flow)
    lines = (
        [str(u), u.province, u.double_first, u.key, u.office, u.phone]
        + ([f.discipline, f.discipline_name, f.approved_year, f.head, f.strengths] if f else [])
        for u in rows
        for f in flows.get(u.pk, [None])
    )
    return workbook(_("高校院所和流动站"), headings, lines, user=request.user, on=localdate())


def new(request):
    """Add a university to the city's register."""
    asked = University(pack=own_pack(request), name=request.GET.get("name", "")[:80])
    form = UniversityForm(request.POST or None, instance=asked)
    if request.method == "POST" and form.is_valid():
        row = form.save()
        cooperation.link_names(row.pack, [row.name])
        messages.success(request, _("已加入名单，接着填它的流动站。"))
        return redirect(row)
    context = {"form": form, "back": reverse("stations:universities")}
    return render(request, "stations/university_form.html", context, status=422 if form.errors else 200)


def university(request, pk):
    """One university: its postdoc office, its flow stations, what is going on with it. The bureau adds flow stations."""
    row = get_object_or_404(University.objects.visible_to(request.user), pk=pk)
    may_change = bool(request.user.scope.roles & BUREAU)
    form = FlowForm(request.POST or None, instance=FlowStation(university=row)) if may_change else None
    if request.method == "POST" and form is not None and form.is_valid():
        form.save()
        messages.success(request, _("已加入流动站。"))
        return redirect(row)
    matches = Match.objects.visible_to(request.user).filter(flow__university=row)
    context = {
        "university": row,
        "flows": row.flows.prefetch_related("chains").order_by("discipline"),
        "matches": matches.select_related("matter", "demand__enterprise__organisation", "flow").order_by("-pk")[:PAGE],
        "agreements": agreements_with(row, request.user),
        "names": row.other_names.select_related("by").order_by("name"),
        "form": form,
        "may_change": may_change,
    }
    return render(request, "stations/university.html", context, status=422 if form and form.errors else 200)


def agreements_with(row: University, user) -> list[tuple]:
    """What stations of the person's reach have agreed with it, each with its last day."""
    rows = Partner.objects.filter(listed=row, station__in=Station.objects.visible_to(user).values("pk"))
    rows = rows.select_related("station__matter").order_by("-since", "-pk")[:PAGE]
    return [(a, a.until - timedelta(1) if a.until else None) for a in rows]


def edit(request, pk):
    """Correct what the register says of a university."""
    row = get_object_or_404(University.objects.visible_to(request.user), pk=pk)
    before = row.name
    form = UniversityForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        form.save()
        cooperation.renamed(row, before, by=request.user, on=localdate())
        messages.success(request, _("已保存。"))
        return redirect(row)
    context = {"form": form, "university": row, "back": row.get_absolute_url()}
    return render(request, "stations/university_form.html", context, status=422 if form.errors else 200)


def flow(request, pk):
    """Correct what the register says of a flow station."""
    row = get_object_or_404(FlowStation.objects.visible_to(request.user).select_related("university"), pk=pk)
    form = FlowForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("已保存。"))
        return redirect(row.university)
    context = {"form": form, "flow": row, "back": row.university.get_absolute_url()}
    return render(request, "stations/flow_form.html", context, status=422 if form.errors else 200)


@require_POST
def link(request):
    """Say which university a name in agreements stands for."""
    pack, name = own_pack(request), request.POST.get("name", "").strip()
    row = University.objects.filter(pack=pack, pk=whole(request.POST.get("university", ""))).first()
    if row is None or not name:
        messages.error(request, _("请先选名单里的一所高校院所。"))
        return redirect("stations:universities")
    try:
        cooperation.adopt(pack, name, row, by=request.user, on=localdate())
    except Refused as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, _("“%(name)s”已关联到%(university)s。") % {"name": name, "university": row})
    return redirect("stations:universities")


@require_POST
def unlink(request, pk):
    """A name was given to the wrong university."""
    rows = UniversityName.objects.filter(university__in=University.objects.visible_to(request.user))
    row = get_object_or_404(rows.select_related("university", "pack"), pk=pk)
    cooperation.forget(row)
    messages.success(request, _("已取消关联，用“%(name)s”的协议回到待关联。") % {"name": row.name})
    return redirect(row.university)
