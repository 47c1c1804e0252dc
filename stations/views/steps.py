"""A step of a lifecycle with the form it needs: taken, or shown again with what was typed and what is wrong."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from portal.lifecycle import Lifecycle, NotYours, Refused
from stations.forms import MoveForm


def take(request, cycle: Lifecycle, subject, action: str, form_class=MoveForm):
    """Move `subject` as the form says. Pages open the form in a box of their own; this is the page it has otherwise."""
    step = cycle.transitions.get((subject.status, action))
    if step is None or step.returns:
        messages.error(request, _("这一步现在不能办理，可能已由他人办理。请看现在的状态。"))
        return redirect(subject)
    form = form_class(request.POST if request.method == "POST" else None, step=step)
    if request.method == "POST" and form.is_valid():
        try:
            cycle.move(
                subject,
                action,
                by=request.user,
                on=localdate(),
                note=form.cleaned_data["note"],
                details=form.details(),
            )
        except NotYours as reason:
            raise PermissionDenied(str(reason)) from reason
        except Refused as reason:
            for text in [f.text for f in reason.findings] or [str(reason)]:
                form.add_error(None, text)
        else:
            messages.success(request, _("已办理：%(step)s。") % {"step": step.label})
            return redirect(subject)
    elif step not in cycle.possible(subject, request.user):
        raise PermissionDenied(_("“%(step)s”这一步不由您办理。") % {"step": step.label})
    context = {"subject": subject, "matter": subject.matter, "step": step, "form": form}
    return render(request, "stations/step.html", context, status=422 if form.errors else 200)
