"""Visits on site: the district writes down when it was, who went and what they found."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from portal import uploads
from portal.lifecycle import Refused
from portal.models import Confirmation
from stations.applications import actions
from stations.applications.forms import VisitForm
from stations.applications.progress import office_for
from stations.models import Application


def visit(request, number):
    """The form of a visit, open while the case is with the district."""
    rows = Application.objects.visible_to(request.user).with_case()
    case = get_object_or_404(rows, matter__number=number)
    if actions.level_for(case, request.user) != Confirmation.Level.DISTRICT:
        raise PermissionDenied(_("这件申报现在不由您审核，不能登记考察。"))
    form = VisitForm(request.POST if request.method == "POST" else None, request.FILES or None)
    if form.is_bound and form.is_valid() and recorded(request, case, form):
        messages.success(request, _("已登记实地考察。"))
        return redirect(case)
    context = {"application": case, "matter": case.matter, "form": form}
    return render(request, "stations/visit.html", context, status=422 if form.errors else 200)


def recorded(request, case, form) -> bool:
    """Done; or else the form says why not, with everything that was typed."""
    owner = office_for(case.matter) or case.matter.organisation
    try:
        with transaction.atomic():
            paper = form.cleaned_data["paper"]
            file = uploads.store(paper, organisation=owner, by=request.user) if paper else None
            actions.record_visit(case, form.save(commit=False), file=file, by=request.user, on=localdate())
    except uploads.BadFile as reason:
        form.add_error("paper", str(reason))
    except Refused as reason:
        form.add_error(None, str(reason))
    else:
        return True
    return False
