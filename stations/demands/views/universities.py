"""The register of universities and their flow stations, which the bureau keeps."""

from django.contrib import messages
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from portal.models.people import BUREAU
from portal.paging import Paginator
from portal.views.rules import own_pack
from portal.workbooks import workbook
from stations.demands.filters import UniversityFilter
from stations.demands.forms import FlowForm, UniversityForm
from stations.models import FlowStation, Match, University

PAGE = 50


def filtered(request):
    seen = Q(flows__matches__in=Match.objects.visible_to(request.user))
    rows = University.objects.visible_to(request.user).annotate(
        n_flows=Count("flows", distinct=True),
        n_matches=Count("flows__matches", filter=seen, distinct=True),
        n_signed=Count("flows__matches", filter=seen & Q(flows__matches__signed_on__isnull=False), distinct=True),
    )
    chosen = UniversityFilter(request.GET, rows.order_by("-key", "name"))
    return chosen, chosen.qs


def universities(request):
    """The register, key universities first."""
    chosen, rows = filtered(request)
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "filter": chosen,
        "partners": rows.filter(n_signed__gt=0).count(),
        "may_change": bool(request.user.scope.roles & BUREAU),
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
    form = UniversityForm(request.POST or None, instance=University(pack=own_pack(request)))
    if request.method == "POST" and form.is_valid():
        row = form.save()
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
        "form": form,
        "may_change": may_change,
    }
    return render(request, "stations/university.html", context, status=422 if form and form.errors else 200)


def edit(request, pk):
    """Correct what the register says of a university."""
    row = get_object_or_404(University.objects.visible_to(request.user), pk=pk)
    form = UniversityForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        form.save()
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
