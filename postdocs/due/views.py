"""The list of what is due and late: per district, per postdoc; as a workbook; and whom somebody should look at."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from portal.exports import Book, exported
from portal.models import District
from portal.models.people import UNIT
from portal.site import pack_of
from portal.words import localised
from postdocs.due.filters import DueFilter
from postdocs.due.signs import signed
from postdocs.due.windows import WHAT, by_district, by_station, due_by
from postdocs.stays.models import Stay

PAGE = 50


def filtered(request):
    stays = Stay.objects.visible_to(request.user)
    chosen = DueFilter(request.GET, stays, request=request)
    return chosen, chosen.qs, due_by(chosen.qs, localdate(), **chosen.asked())


def places_of(user) -> dict[int, str]:
    districts = user.scope.districts
    return {d.pk: localised(d, "name") for d in District.objects.filter(pk__in=districts)}


def due(request):
    """Everything that is late or due within two months, the most pressing first."""
    chosen, stays, dues = filtered(request)
    today, places = localdate(), places_of(request.user)
    page = Paginator(dues, PAGE).get_page(request.GET.get("page"))
    districts = by_district(dues) if not request.user.scope.roles & UNIT else []
    most = max((late + soon for _pk, late, soon in districts), default=0)
    stations = by_station(dues) if districts else []
    marked = signed(stays, pack_of(request.user), today)
    people = stays.filter(pk__in=marked).select_related("matter__organisation", "person").order_by("pk")
    context = {
        "page": page,
        "rows": [(row, places.get(row.district, "")) for row in page],
        "places": places,
        "filter": chosen,
        "late": sum(d.late for d in dues),
        "soon": sum(not d.late for d in dues),
        "districts": [
            (pk, places.get(pk, ""), late, soon, f"{late / most * 100:.2f}%", f"{soon / most * 100:.2f}%")
            for pk, late, soon in districts
        ],
        "stations": stations,
        "signs": [(row, marked[row.pk]) for row in people],
        "export_url": f"{reverse('postdocs:due_export')}?{request.GET.urlencode()}",
    }
    return render(request, "postdocs/due.html", context)


@exported("postdocs:due_export")
def export(request) -> Book:
    """The same list as a workbook."""
    _chosen, _stays, dues = filtered(request)
    places, words = places_of(request.user), {code: str(label) for code, label in WHAT.items()}
    headings = [_("姓名"), _("单位"), _("区镇"), _("工作站编号"), _("事项"), _("期限"), _("逾期天数"), _("编号")]
    lines = (
        [d.name, d.unit, places.get(d.district, ""), d.station, words[d.what], d.due_on, d.over or None, d.number]
        for d in dues
    )
    return Book(_("博士后到期和逾期事项"), headings, lines, localdate(), len(dues))
