"""Registering an enterprise, its profile and people, and its desk."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, localtime, now
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from portal.forms import autosave, limited, settled
from portal.lifecycle import Refused
from portal.models import Appointment, Invitation, Pack, Role
from portal.models.people import BUREAU
from portal.offices import office_of_district
from portal.site import pack_of, remembered
from portal.views.accounts import InvitationForm, ask_in
from portal.views.work import as_rows, listed
from portal.words import localised
from stations.applications import actions as applications_actions
from stations.applications import cases, submissions
from stations.enterprises import actions
from stations.enterprises.forms import ProfileForm, RegistrationForm
from stations.ledger.certificates import papers, warned
from stations.models import (
    Application,
    ApplicationType,
    Enterprise,
    EnterpriseEvent,
    PoolEntry,
    Sheet,
    SheetStatus,
    Signing,
    StandingCase,
    Station,
)
from stations.registrations import actions as registrations
from stations.standing import views as standing


@login_not_required
@sensitive_post_parameters("password1", "password2")
def registration(request):
    """An enterprise registers itself with its first handler, who is signed in at once."""
    if request.user.is_authenticated:
        return redirect("home")
    pack = pack_of(None)
    if pack is None:
        raise Http404
    form = RegistrationForm(request.POST or None, pack=pack)
    if request.method == "POST" and form.is_valid():
        try:
            waits = register(form)
        except Refused as reason:
            form.add_error("code", str(reason))
        except (IntegrityError, ValidationError):  # somebody pressed the same button a moment earlier
            form.add_error("code", _("这家单位刚刚已经注册，请直接登录。"))
        else:
            login(request, form.instance, backend="portal.accounts.Backend")
            if waits:
                return redirect("stations:waiting")
            messages.success(request, _("注册成功。先核对单位情况，再开始申报。"))
            return redirect("stations:workbench")
    return render(request, "stations/registration.html", {"form": form}, status=422 if form.errors else 200)


@transaction.atomic
def register(form: RegistrationForm) -> bool:
    """Registered; True: an office entered this enterprise before, and must confirm who this is."""
    data = form.cleaned_data
    form.instance.set_password(data["password1"])
    if form.known:
        registrations.ask(form.known, user=form.instance, on=localdate())
        return True
    actions.register(
        code=data["code"],
        name=data["unit"],
        district=data["district"],
        user=form.instance,
        code_confirmed=bool(data["code_confirmed"]),
        on=localdate(),
    )
    return False


def own(request) -> Enterprise:
    """The enterprise this person acts for; with several, the one the address names."""
    mine = Enterprise.objects.filter(organisation__in=request.user.scope.organisations)
    mine = mine.select_related("organisation__district", "chain")
    if code := request.GET.get("unit"):
        mine = mine.filter(organisation__code=code)
    enterprise = mine.order_by("pk").first()
    if enterprise is None:
        raise Http404
    return enterprise


def handles(user, organisation_id: int, role: str = Role.HANDLER) -> bool:
    """Whether this person is a handler of that very enterprise; being one elsewhere gives nothing here."""
    return role in user.roles_for(organisation_id=organisation_id, district_id=None)


ON_DESK = (SheetStatus.REPORTING, SheetStatus.RETURNED, SheetStatus.CERTIFYING)  # sheets that wait for the enterprise


def workbench(request):
    """The desk of an enterprise: what waits for it, its applications and stations, what it may apply for."""
    enterprise, today = own(request), localdate()
    applications = Application.objects.filter(enterprise=enterprise).with_case().order_by("-pk")
    matters = listed(enterprise.organisation.matters.filter(kind="application"))
    stations, sheets = Station.objects.filter(enterprise=enterprise), Sheet.objects.of(enterprise)
    context = {
        "enterprise": enterprise,
        "rows": as_rows(matters, today),
        "stations": stations.select_related("matter").order_by("-approved_on", "pk"),
        "types": types_for(enterprise, today).exclude(
            pk__in=[a.type_id for a in applications if not a.matter.closed_on]
        ),
        "profile_missing": cases.missing_fields(enterprise, Enterprise.NEEDED),
        "certifiers": certifiers(enterprise),
        "by_account": signing_for(enterprise) == Signing.ACCOUNT,
        "office": office_of_district(enterprise.organisation.district_id),
        "is_handler": handles(request.user, enterprise.pk),
        "pool": PoolEntry.objects.open().filter(enterprise=enterprise).select_related("matter", "target").first(),
        "ending": [(row, row.until - timedelta(1), row.state == "ended") for row in warned(enterprise, today)],
        "sheets": sheets,
        "sheets_due": any(sheet.status in ON_DESK for sheet in sheets),
        "standing": [
            line
            for line in standing.lines_for(stations, request.user, today, pack_of(request.user))
            if line.place != "later"
        ],
        "standing_cases": StandingCase.objects.of(enterprise),
    }
    return render(request, "stations/workbench.html", context)


def types_for(enterprise: Enterprise, on):
    """What may be applied for in the enterprise's city on the day."""
    return (
        ApplicationType.objects.in_force(on)
        .filter(pack__root__down__node=enterprise.organisation.district_id)
        .select_related("pack", "clause__document")
        .order_by("order", "pk")
    )


def signing_for(enterprise: Enterprise) -> str:
    """How this enterprise's city wants submissions vouched for."""
    district = enterprise.organisation.district_id
    return remembered(f"signing:{district}", lambda: applications_actions.signing_of(Pack.objects.get_for(district)))


def certifiers(enterprise: Enterprise):
    return Appointment.objects.in_force(localdate()).filter(organisation=enterprise.pk, role=Role.CERTIFIER)


def own_enterprise(request):
    """The profile. The handler edits it, every change is saved at once; the other account reads."""
    enterprise = own(request)
    may_edit = handles(request.user, enterprise.pk)
    if request.method == "POST":
        if not may_edit:
            raise PermissionDenied(frozenset({Role.HANDLER}))
        return save_profile(request, enterprise, reverse("stations:own_enterprise"))
    form = ProfileForm(instance=enterprise)
    context = {
        "enterprise": enterprise,
        "form": form,
        "may_edit": may_edit,
        "missing": cases.missing_fields(enterprise, Enterprise.NEEDED),
    }
    return render(request, "stations/enterprise_form.html", context)


def nothing_to_mend(names) -> None:
    """Outside a case no return waits for a field."""


@transaction.atomic
def save_profile(
    request,
    enterprise: Enterprise,
    then: str,
    template="stations/enterprise_form.html",
    only=None,
    mended=nothing_to_mend,
    **extra,
):
    """Save what was typed: field by field for a page that saves as one types, else the whole form."""
    rows = Enterprise.objects.select_for_update(of=("self",)).select_related("organisation__district")
    enterprise = rows.get(pk=enterprise.pk)
    if request.htmx:
        result = autosave(ProfileForm, enterprise, request.POST, only=only)
        mended([name for name, outcome in result.items() if "value" in outcome])
        return JsonResponse({"saved_at": localtime(now()).strftime("%H:%M"), "fields": result})
    form = settled(limited(ProfileForm(request.POST, instance=enterprise), only))
    if form.is_valid():
        enterprise = form.save(commit=False)
        enterprise.confirmed_on = localdate()
        enterprise.save()
        mended(form.changed_data)
        messages.success(request, _("单位情况已保存。"))
        return redirect(then)
    context = {"enterprise": enterprise, "form": form, "may_edit": True, "only": only, **extra}
    return render(request, template, context, status=422)


def people(request):
    """Who acts for the enterprise; a handler may invite colleagues, a second account signs submissions."""
    enterprise = own(request)
    form, handed = InvitationForm(request.POST or None), None
    if request.method == "POST":
        if not handles(request.user, enterprise.pk):
            raise PermissionDenied(frozenset({Role.HANDLER}))
        if form.is_valid():
            invitation = form.save(commit=False)
            invitation.organisation = enterprise.organisation
            try:
                handed, form = ask_in(request, invitation), InvitationForm()
            except Refused as reason:
                form.add_error("phone", str(reason))
    present, writes = list(actions.people_of(enterprise, localdate())), handles(request.user, enterprise.pk)
    waiting = Invitation.objects.filter(organisation=enterprise.pk, accepted_by=None, expires_at__gt=now())
    context = {
        "enterprise": enterprise,
        "people": [(row, writes and actions.may_leave(row, present)) for row in present],
        "waiting": waiting.order_by("-pk"),
        "form": form if writes else None,
        "handed": handed,
    }
    return render(request, "stations/people.html", context, status=422 if form.errors else 200)


@require_POST
def people_end(request, pk):
    """A colleague no longer acts for the enterprise, or oneself, once somebody else fills in."""
    enterprise = own(request)
    if not handles(request.user, enterprise.pk):
        raise PermissionDenied(frozenset({Role.HANDLER}))
    row = get_object_or_404(actions.people_of(enterprise, localdate()), pk=pk)
    try:
        actions.leave(enterprise, row, on=localdate())
    except Refused as reason:
        messages.error(request, str(reason))
        return redirect("stations:people")
    messages.success(request, _("%(who)s已不再代表本单位办事，权限立即失效。") % {"who": row.user.name})
    return redirect("home" if row.user == request.user else "stations:people")


def enterprise(request, code):
    """An enterprise as officials see it: profile, applications, stations."""
    rows = Enterprise.objects.visible_to(request.user).select_related("organisation__district", "chain")
    found = get_object_or_404(rows, organisation__code=code)
    applications = Application.objects.visible_to(request.user).filter(enterprise=found).with_case()
    context = {
        "enterprise": found,
        "facts": [found.organisation.code, localised(found.organisation.district, "name")],
        "profile": submissions.profile_rows(found),
        "applications": applications.order_by("-pk"),
        "stations": Station.objects.visible_to(request.user).filter(enterprise=found).select_related("matter"),
        "pool": PoolEntry.objects.visible_to(request.user)
        .filter(enterprise=found)
        .select_related("matter")
        .order_by("-pk"),
        "may_propose": Role.DISTRICT
        in request.user.roles_for(organisation_id=None, district_id=found.organisation.district_id),
        "happenings": list(found.happenings.order_by("-on", "-pk")),
        "changes": bool(request.user.scope.roles & (BUREAU | {Role.DISTRICT})),
        **papers(found, localdate()),
    }
    context["former"] = [h for h in context["happenings"] if h.kind == EnterpriseEvent.Kind.RENAMED]
    return render(request, "stations/enterprise.html", context)
