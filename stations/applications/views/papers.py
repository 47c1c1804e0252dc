"""Papers of one application, as a page to print and as a file; the same sheet both times."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localdate

from portal.papers import pdf_response
from stations.applications import cases, papers
from stations.models import Application


def sheet(request, number, name):
    """The case with the paper of that name, if there is one now."""
    rows = Application.objects.visible_to(request.user).for_page(request.user)
    case = get_object_or_404(rows, matter__number=number)
    if name not in papers.names_of(case):
        raise Http404
    cards = cases.conditions_of(case, on=localdate(), verdicts=True)
    return case, papers.paper_of(name, case, cards, on=localdate(), by=request.user)


def paper(request, number, name):
    case, found = sheet(request, number, name)
    context = {"application": case, "matter": case.matter, "paper": found, "name": name}
    return render(request, "stations/paper.html", context)


def file(request, number, name):
    case, found = sheet(request, number, name)
    return pdf_response(found, f"{case.matter.number} {papers.names_of(case)[name]}")
