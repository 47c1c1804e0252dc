"""The first page of somebody who isn't signed in: what can be done here, and whom to call."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render

from portal.accounts import LoginForm
from portal.models import Organisation, Setting
from portal.site import home_of, pack_of


@login_not_required
def home(request):
    """Where a person's day begins; without login, what this portal is for."""
    if request.user.is_authenticated:
        return redirect(home_of(request.user))
    pack = pack_of(None)
    offices = Organisation.objects.none()
    if pack:
        offices = Organisation.objects.filter(pack=pack, kind=Organisation.Kind.DISTRICT_OFFICE)
    context = {
        "form": LoginForm(request),
        "offices": offices.select_related("district").order_by("district__path_order"),
        "shows_figures": Setting.objects.filter(pack=pack, code="targets.public", value=True).exists(),
    }
    return render(request, "public/home.html", context)
