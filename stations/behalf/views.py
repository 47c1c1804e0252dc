"""An office fills in for an enterprise: the list of such cases, a new one, and what either side says on the way."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal import uploads
from portal.lifecycle import NotYours, Refused
from portal.models import Role
from portal.paging import Whole
from portal.site import pack_of
from stations.behalf import actions
from stations.behalf.forms import BehalfForm
from stations.enterprises.views import handles
from stations.forms import CertifyForm
from stations.models import Application, ApplicationStatus, Consent

PAGE = 50


def helped(request):
    """The cases that an office fills in or filled in, those that still wait to be filled in first."""
    rows = Consent.objects.visible_to(request.user).select_related(
        "application__matter__organisation", "application__matter__district", "application__type", "recorded_by", "file"
    )  # fmt: skip
    rows = rows.annotate(typed=Count("application__fillings")).order_by("ended_on", "-pk")
    page = Whole(rows, PAGE).get_page(request.GET.get("page"))
    shown = [(row, row.ended_on is None and row.application.status in actions.OPEN) for row in page]
    return render(request, "stations/behalf_list.html", {"page": page, "rows": shown})


def new(request):
    """Begin to fill in for an enterprise that consents by a paper; one without an account is entered with it."""
    today = localdate()
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    unit = {"code": request.GET.get("unit", "")}
    form = BehalfForm(data, files, pack=pack_of(request.user), user=request.user, on=today, initial=unit)
    if form.is_bound and (problem := uploads.too_big(request)):
        form.add_error("file", problem)
    if form.is_bound and form.is_valid() and (application := begun(request, form, today)):
        messages.success(request, _("已记录同意，可以开始填写。单位会收到通知。"))
        return redirect(application)
    return render(request, "stations/behalf_new.html", {"form": form}, status=422 if form.errors else 200)


def begun(request, form, today) -> Application | None:
    """Done; or else the form says why not, with everything that was typed."""
    data = form.cleaned_data
    try:
        with transaction.atomic():
            enterprise = form.known or actions.enter(
                code=data["code"],
                name=data["unit"],
                district=data["district"],
                code_confirmed=bool(data["code_confirmed"]),
            )
            file = uploads.store(data["file"], organisation=enterprise.organisation, by=request.user)
            given = {name: data[name] for name in ("given_on", "signer")}
            return actions.begin(
                enterprise=enterprise, kind=data["type"], by=request.user, on=today, file=file, **given
            )
    except uploads.BadFile as reason:
        form.add_error("file", str(reason))
    except Refused as reason:
        form.add_error(None, str(reason))
    except IntegrityError:  # somebody pressed the same button a moment earlier
        form.add_error(None, _("刚刚有人办理了同一件事，请刷新查看。"))
    return None


def found(request, number) -> Application:
    rows = Application.objects.visible_to(request.user).with_case()
    return get_object_or_404(rows, matter__number=number)


@require_POST
def ask(request, number):
    """The handler lets the office fill the case in, from today."""
    case = found(request, number)
    if not handles(request.user, case.matter.organisation_id):
        raise PermissionDenied(frozenset({Role.HANDLER}))
    try:
        actions.consent(case, by=request.user, on=localdate())
    except Refused as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, _("已同意由主管部门代填，随时可以收回。提交前仍由贵单位核对确认。"))
    return redirect(case)


def object_to(case, request):
    actions.object_to(case, by=request.user, on=localdate(), note=said(request))
    return _("异议已记入办理记录，代填的人会收到通知。")


def end(case, request):
    actions.end(case, by=request.user, on=localdate(), note=said(request))
    return _("代填已终止，已填的内容保留在申报里。")


def done(case, request):
    actions.done(case, by=request.user, on=localdate(), note=said(request))
    return _("已请单位核对确认。")


def submit(case, request):
    form = CertifyForm(request.POST)
    if not form.is_valid():
        raise Refused(form.errors["truthful"][0])
    actions.hand_in(case, by=request.user, on=localdate())
    return _("已代为提交。")


UNIT_DOES = {"object": object_to, "end": end}
OFFICE_DOES = {"end": end, "done": done, "submit": submit}


def said(request) -> str:
    return request.POST.get("note", "").strip()[:300]


@require_POST
def helping(request, number, do):
    """What the enterprise (object, end) or the office (done, submit, end) says of a case that is filled in for it."""
    if do not in UNIT_DOES | OFFICE_DOES:
        raise Http404
    case = found(request, number)
    unit = handles(request.user, case.matter.organisation_id)
    step = (UNIT_DOES if unit else OFFICE_DOES).get(do)
    if step is None or not (unit or actions.may_fill(case, request.user)):
        raise PermissionDenied(frozenset({Role.HANDLER}))
    try:
        told = step(case, request)
    except NotYours as reason:
        raise PermissionDenied(str(reason)) from reason
    except Refused as reason:
        for text in [f.text for f in reason.findings] or [str(reason)]:
            messages.error(request, text)
    else:
        messages.success(request, told)
        if do == "end" and not unit and case.status == ApplicationStatus.DRAFT:
            return redirect("stations:behalf")  # the draft is the enterprise's alone again
    return redirect(case)
