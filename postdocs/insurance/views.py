"""Insurance lists: the units that have some, and one unit's people by month."""

from django.db.models import Count, Max, Min
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from portal.models import Organisation
from portal.paging import Paginator
from portal.words import localised_value
from portal.workbooks import workbook
from postdocs.insurance import matrix
from postdocs.insurance.models import Insured
from postdocs.told import OFFICERS

PAGE = 50


def units(request):
    """The units that are named on a list: how many people, from which month to which."""
    rows = Insured.objects.visible_to(request.user).order_by("organisation__name", "organisation")
    if sought := request.GET.get("q", "").strip()[:100]:
        rows = rows.filter(organisation__name__icontains=sought)
    names = ("organisation", "organisation__name", "organisation__district__name", "organisation__district__name_en")
    rows = rows.values(*names).annotate(
        people=Count("pk", distinct=True), lists=Count("months__month", distinct=True),
        first=Min("months__month"), last=Max("months__month"),
    )  # fmt: skip
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(row, localised_value(row, "organisation__district__name")) for row in page],
        "q": sought,
        "import_url": reverse("import_new", args=["insurance"]) if request.user.scope.roles & OFFICERS else "",
    }
    return render(request, "postdocs/insurance.html", context)


def found(request, pk) -> Organisation:
    """A unit of which one may see the lists."""
    seen = Insured.objects.visible_to(request.user).values("organisation")
    return get_object_or_404(Organisation.objects.filter(pk__in=seen), pk=pk)


def unit(request, pk):
    row, today = found(request, pk), localdate()
    shown = matrix.of_unit(row, today)
    context = {
        "unit": row,
        "months": shown.months,
        "people": [(p, [(s, *matrix.STATES[s]) for s in p.states]) for p in shown.people],
        "facts": [_("最近 24 个月，从最早的名单起；姓名按名单，证件号码不显示。")]
        + [f"{mark} {word}" for mark, word in matrix.STATES.values() if mark]
        + [_("空白 %(meaning)s") % {"meaning": matrix.STATES["out"][1]}],
        "export_url": reverse("postdocs:insurance_export", args=[pk]),
    }
    return render(request, "postdocs/insurance_unit.html", context)


def export(request, pk):
    """The same matrix as a workbook."""
    row, today = found(request, pk), localdate()
    shown = matrix.of_unit(row, today)
    headings = [_("姓名"), _("本单位首次参保"), *(f"{month:%Y-%m}" for month in shown.months)]
    lines = [[p.name, p.first and f"{p.first:%Y-%m}", *matrix.words(p.states)] for p in shown.people]
    return workbook(_("参保清单"), headings, lines, user=request.user, on=today, note=str(row))
