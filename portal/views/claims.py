"""Taking a matter in hand, passing it on, and who else is looking at it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal import claims, presence
from portal.lifecycle import HANDINGS, NotYours, Refused
from portal.models import Matter


@require_POST
def hand(request, number):
    """Take it, pass it on to the colleague chosen, or leave it to all again."""
    matter = get_object_or_404(Matter.objects.visible_to(request.user), number=number)
    action, chosen = request.POST.get("do", ""), request.POST.get("to", "")
    if action not in HANDINGS:
        messages.error(request, _("没有“%(action)s”这个动作。") % {"action": action})
        return redirect(matter)
    to = claims.officers(matter).filter(pk=chosen).first() if chosen.isdecimal() and len(chosen) < 10 else None
    note = request.POST.get("note", "").strip()[:200]
    try:
        claims.hand(matter, action, by=request.user, on=localdate(), to=to, note=note)
    except NotYours as reason:
        raise PermissionDenied(str(reason)) from reason
    except Refused as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, _("已办理：%(step)s。") % {"step": HANDINGS[action]})
    return redirect(matter)


@require_safe
def present(request, number):
    """A fragment that asks for itself: the names of those who look at the matter too."""
    matter = get_object_or_404(Matter.objects.visible_to(request.user), number=number)
    context = {"matter": matter, "present": presence.looking(matter, request.user)}
    return render(request, "work/_present.html", context)
