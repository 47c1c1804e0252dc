"""A step of a lifecycle with the form it needs: taken, or shown again with what was typed and what is wrong."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.lifecycle import Lifecycle, NotYours, Refused
from portal.models import ReturnItem
from portal.uploads import BadFile, too_big
from stations.forms import MoveForm, ReturnForm


def nothing_more(subject, form) -> None:
    """What most steps write beside what they move."""


def take(request, cycle: Lifecycle, subject, action: str, form_class=MoveForm, along: Callable = nothing_more):
    """Move `subject` as the form says. Pages open the form in a box of their own; this is the page it has otherwise.

    `along(subject, form)` is written in the same transaction; it raises Refused or BadFile.
    """
    step = cycle.transitions.get((subject.status, action))
    if step is None or step.returns or not step.fits(subject):
        messages.error(request, _("这一步现在不能办理，可能已由他人办理。请看现在的状态。"))
        return redirect(subject)
    form = form_class(*((request.POST, request.FILES) if request.method == "POST" else ()), step=step)
    if request.method == "POST" and "upload" in form.fields and (cut := too_big(request)):
        form.add_error("upload", cut)
    if request.method == "POST" and form.is_valid():
        about = {"by": request.user, "on": localdate(), "note": form.cleaned_data["note"], "details": form.details()}
        try:
            with transaction.atomic():
                along(cycle.move(subject, action, **about), form)
        except NotYours as reason:
            raise PermissionDenied(str(reason)) from reason
        except Refused as reason:
            for text in [f.text for f in reason.findings] or [str(reason)]:
                form.add_error(None, text)
        except BadFile as bad:
            form.add_error("upload", str(bad))
        else:
            messages.success(request, _("已办理：%(step)s。") % {"step": step.label})
            return redirect(subject)
    elif step not in cycle.possible(subject, request.user):
        raise PermissionDenied(_("“%(step)s”这一步不由您办理。") % {"step": step.label})
    context = {"subject": subject, "matter": subject.matter, "step": step, "form": form}
    return render(request, "stations/step.html", context, status=422 if form.errors else 200)


def returned(request, form: ReturnForm, send: Callable) -> bool:
    """Sent back, and told how many; or else the form says why not, with everything that was typed. `send(items)` moves the
    matter."""
    items = [ReturnItem(target=t, label=label, code=code, note=note) for t, label, code, note in form.items()]
    try:
        send(items)
    except NotYours as reason:
        raise PermissionDenied(str(reason)) from reason
    except Refused as reason:
        form.add_error(None, str(reason))
        return False
    n = len(items)
    told = ngettext("已退回，列出 %(n)s 处，单位已收到通知。", "已退回，列出 %(n)s 处，单位已收到通知。", n)
    messages.success(request, told % {"n": n})
    return True


def sent_back(request, cycle: Lifecycle, subject, form: ReturnForm, action: str = "return") -> bool:
    """The same by a step of a lifecycle."""

    def send(items):
        note = form.cleaned_data["note"]
        cycle.move(subject, action, by=request.user, on=localdate(), note=note, items=items)

    return returned(request, form, send)


def kept(request, keep: Callable) -> list[str]:
    """Keep each file that came, by `keep(file)`; what could not be taken, a sentence each. The others are kept."""
    problems = [too_big(request)] if too_big(request) else []
    for file in request.FILES.getlist("file"):
        try:
            with transaction.atomic():
                keep(file)
        except (BadFile, Refused) as reason:
            problems.append(str(reason))
    if not request.FILES and not problems:
        problems.append(_("没有选文件。请先选择或拍照，再上传。"))
    return problems
