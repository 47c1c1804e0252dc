"""The coverage map of key chains as a page and a workbook; and the telephone book."""

from django.contrib.auth.decorators import login_not_required
from django.db.models import Case, Q, Value, When
from django.http import Http404
from django.shortcuts import render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from portal.models import District, Organisation, Role
from portal.site import pack_of
from portal.views.rules import own_pack
from portal.words import localised
from portal.workbooks import workbook
from stations.coverage import coverage, to_fill

Kind = Organisation.Kind


def highest(request, pack) -> District:
    """The highest of the districts this person sees."""
    seen = District.objects.below(pack.root).filter(pk__in=request.user.scope.districts)
    place = seen.order_by("depth", "path_order").first()
    if place is None:
        raise Http404
    return place


def chain_coverage(request):
    """Which chain has which stations; holes are marked, every cell opens its list."""
    pack = own_pack(request)
    place = highest(request, pack)
    found = coverage(pack, place, request.user, localdate(), whole=True)
    holes = to_fill(found, proposes=Role.DISTRICT in request.user.scope.roles)
    context = {"coverage": found, "holes": holes, "place": place}
    return render(request, "stations/coverage.html", context)


def export(request):
    """The same map as a workbook."""
    pack = own_pack(request)
    place = highest(request, pack)
    found = coverage(pack, place, request.user, localdate(), whole=True)
    headings = [_("阶段"), *(head["label"] for head in found.heads), _("合计")]
    rows = ([row["label"], *(cell["value"] for cell in row["cells"]), row["total"]] for row in found.rows)
    note = localised(place, "name")
    return workbook(_("产业链载体覆盖"), headings, rows, user=request.user, on=localdate(), note=note)


@login_not_required
def contacts(request):
    """Whom to call: the offices of every level with their office telephones, and nobody's own."""
    pack, q = pack_of(request.user), request.GET.get("q", "").strip()
    if pack is None:
        raise Http404
    order = Case(
        When(kind=Kind.BUREAU, then=Value(0)), When(kind=Kind.DISTRICT_OFFICE, then=Value(1)), default=Value(2)
    )
    rows = Organisation.objects.filter(
        pack=pack, kind__in=[Kind.BUREAU, Kind.DISTRICT_OFFICE, Kind.FINANCE, Kind.DEPARTMENT]
    ).exclude(phone="")
    if q:
        rows = rows.filter(
            Q(name__icontains=q)
            | Q(name_en__icontains=q)
            | Q(district__name__icontains=q)
            | Q(district__name_en__icontains=q)
            | Q(phone__icontains=q)
        )
    rows = rows.select_related("district").order_by(order, "district__path_order", "pk")
    return render(request, "stations/contacts.html", {"rows": rows, "q": q})
