"""Registrations that an office must confirm: the applicant's page while they wait, and the office's."""

from functools import partial

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from portal import uploads
from portal.lifecycle import Refused
from portal.offices import office_of_district
from stations import steps
from stations.models import Registration, RegistrationStatus
from stations.registrations import actions, lifecycle
from stations.registrations.forms import AnswerForm, LetterForm
from stations.registrations.lifecycle import registration

S = RegistrationStatus


def waiting(request):
    """What an applicant sees until the office has answered: whom they wait for, since when, what they can do."""
    rows = Registration.objects.filter(applicant=request.user).select_related("matter", "enterprise__organisation")
    row = rows.order_by("-pk").first()
    if row is None or row.status == S.CONFIRMED:
        return redirect("account" if row is None else "home")
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = LetterForm(*posted, needed=row.status == S.ASKED)
    if posted and (problem := uploads.too_big(request)):
        form.add_error("file", problem)
    if posted and form.is_valid() and sent(request, row, form):
        return redirect("stations:waiting")
    context = {
        "registration": row,
        "refused": row.status == S.REFUSED,
        "answer": row.matter.events.filter(action="refuse").first(),
        "letter": lifecycle.letters(row).select_related("file").first(),
        "office": office_of_district(row.matter.district_id),
        "form": form,
    }
    return render(request, "stations/waiting.html", context, status=422 if form.errors else 200)


def sent(request, row: Registration, form: LetterForm) -> bool:
    """Done, or the form says why not."""
    upload = form.cleaned_data["file"]
    try:
        with transaction.atomic():
            if row.status == S.REFUSED:
                actions.ask_again(row, upload, on=localdate())
            else:
                actions.hand_in(row, upload, on=localdate())
    except (Refused, uploads.BadFile) as reason:
        form.add_error("file", str(reason))
    except IntegrityError:  # the same button twice
        form.add_error(None, _("您已提交申请，正等主管部门核对。"))
    else:
        messages.success(request, _("已提交，主管部门核对后会通知您。"))
        return True
    return False


def found(request, number) -> Registration:
    rows = Registration.objects.visible_to(request.user)
    rows = rows.select_related("matter__district", "enterprise__organisation__district", "applicant")
    return get_object_or_404(rows, matter__number=number)


def case(request, number):
    """Who asks to act for which enterprise, with what proof, and what the office said to it."""
    row = found(request, number)
    letter = lifecycle.letters(row).select_related("file").first()
    taken = row.status == S.ASKED and row.enterprise.organisation.appointments.exists()
    offered = [s for s in registration.possible(row, request.user) if not (taken and s.action == "confirm")]
    context = {
        "registration": row,
        "stage": registration.stages[row.status],
        "letter": letter,
        "taken": taken,
        "moves": [(s, AnswerForm(step=s, has_letter=bool(letter))) for s in offered],
        "events": [(registration.said(e), e) for e in row.matter.events.select_related("by").order_by("pk")],
    }
    return render(request, "stations/registration_case.html", context)


def move(request, number, action):
    """The office confirms, or says why not."""
    row = found(request, number)
    form_class = partial(AnswerForm, has_letter=lifecycle.letters(row).exists())
    return steps.take(request, registration, row, action, form_class)
