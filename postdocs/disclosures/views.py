"""Seeing a number, finding somebody by one, and reading who did."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from portal.exports import Book, exported, labels
from portal.lifecycle import Refused
from portal.paging import Paginator
from postdocs.disclosures import actions
from postdocs.disclosures.filters import DisclosureFilter
from postdocs.disclosures.forms import PurposeForm, SearchForm
from postdocs.disclosures.models import Disclosure, Kind, Purpose
from postdocs.people.models import IdentityPaper, Person

PAGE = 50
SECONDS = 60  # after which the page with a number leaves by itself


@never_cache
def paper(request, pk, paper):
    """Ask what for, then show one number once; nothing of it is in any address, and the page goes by itself."""
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    row = get_object_or_404(IdentityPaper.objects.select_related("person"), person=person, pk=paper)
    wanted = request.POST.get("from") or request.GET.get("from", "")
    matter = actions.matter_for(person, request.user, wanted)
    if matter is None:
        raise PermissionDenied(_("这个号码不由您查看。"))
    form, number = PurposeForm(request.POST if request.method == "POST" else None), ""
    if request.method == "POST" and form.is_valid():
        try:
            number = actions.show(row, matter=matter, by=request.user, on=localdate(), **form.cleaned_data)
        except Refused as reason:
            form.add_error(None, str(reason))
    context = {"person": person, "paper": row, "matter": matter, "form": form, "number": number, "seconds": SECONDS}
    answer = render(request, "postdocs/paper.html", context, status=422 if form.errors else 200)
    if number:
        answer["Refresh"] = f"{SECONDS}; url={person.get_absolute_url()}"
    return answer


@never_cache
def search(request):
    """Whoever holds a number, if one may see them; else the same words whether somebody holds it or nobody."""
    form, asked, person = SearchForm(request.POST if request.method == "POST" else None), False, None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        about = {"purpose": given["purpose"], "note": given["note"], "by": request.user, "on": localdate()}
        try:
            person, asked = actions.look_up(given["number"], **about), True
        except Refused as reason:
            form.add_error(None, str(reason))
    context = {"form": form, "asked": asked, "person": person}
    return render(request, "postdocs/person_search.html", context, status=422 if form.errors else 200)


# --- who looked --------------------------------------------------------------------------------


def filtered(request):
    rows = Disclosure.objects.visible_to(request.user).select_related("by", "person", "paper", "matter")
    chosen = DisclosureFilter(request.GET, rows.order_by("-at", "-pk"), request=request)
    return chosen, chosen.qs


def disclosures(request):
    """What was seen and looked for in the districts that one audits, the latest first."""
    chosen, rows = filtered(request)
    context = {
        "page": (page := Paginator(rows, PAGE).get_page(request.GET.get("page"))),
        "rows": list(page),
        "filter": chosen,
        "export_url": f"{reverse('postdocs:disclosures_export')}?{request.GET.urlencode()}",
    }
    return render(request, "postdocs/disclosure_list.html", context)


@exported("postdocs:disclosures_export")
def export(request) -> Book:
    """The same list as a workbook; a number is never in it."""
    _chosen, rows = filtered(request)
    headings = [_("时间"), _("谁"), _("账号"), _("事项"), _("本人"), _("证件"), _("事项编号"), _("目的"), _("说明")]
    kinds, purposes = labels(Kind), labels(Purpose)
    lines = (
        [f"{row.at.astimezone():%Y-%m-%d %H:%M}", row.by.name, row.by.username, kinds[row.kind]]
        + [row.person.name if row.person else _("没有查到"), row.paper.get_kind_display() if row.paper else ""]
        + [row.matter.number if row.matter else "", purposes[row.purpose], row.note]
        for row in rows.iterator(2000)
    )
    return Book(_("号码查看记录"), headings, lines, localdate(), rows.count())
