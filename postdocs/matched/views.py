"""A page to say which match led to a stay."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from portal.lifecycle import Refused
from postdocs.matched import actions
from postdocs.matched.forms import MatchForm
from postdocs.stays.views import found


def match(request, number):
    row = found(request, number)
    if not actions.may_say(row, request.user):
        raise PermissionDenied(_("这段在站经历的来源不由您登记。"))
    form = MatchForm(request.POST or None, matches=actions.possible(row), initial={"match": row.match_id})
    if request.method == "POST" and form.is_valid():
        try:
            actions.say(row, form.cleaned_data["match"], by=request.user, on=localdate())
        except Refused as reason:
            form.add_error("match", str(reason))
        else:
            messages.success(request, _("已登记。"))
            return redirect(row)
    context = {"stay": row, "form": form}
    return render(request, "postdocs/match_form.html", context, status=422 if form.errors else 200)
