"""Consultations: the list, raising a problem, one with its owner, conclusion and minutes, its steps."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.lifecycle import Refused
from portal.models import Evidence, Pack, Role
from portal.models.people import BUREAU
from portal.paging import Whole
from portal.uploads import BadFile, too_big
from portal.views.rules import own_pack
from portal.words import localised
from portal.workbooks import workbook
from stations import steps
from stations.applications.progress import office_for
from stations.chains.views import highest
from stations.consultations import actions
from stations.consultations.filters import TalkFilter
from stations.consultations.forms import MinutesForm, RaiseForm, TalkMoveForm
from stations.consultations.lifecycle import MINUTES, Side, consultation
from stations.enterprises.views import own
from stations.models import Consultation, ConsultationStatus

PAGE = 50
C = ConsultationStatus
RAISERS = BUREAU | {Role.DISTRICT, Role.HANDLER}
STATED = (C.ASSIGNED, C.CONCLUDED, C.CLOSED)  # when there may be minutes


def filtered(request):
    rows = Consultation.objects.visible_to(request.user).select_related(
        "matter__district", "enterprise__organisation", "owner"
    )
    chosen = TalkFilter(request.GET, rows.order_by("-pk"), request=request)
    return chosen, chosen.qs


def talks(request):
    """Consultations one may see, the newest first."""
    chosen, rows = filtered(request)
    today = localdate()
    page = Whole(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(row, is_late(row, today)) for row in page],
        "filter": chosen,
        "may_raise": bool(request.user.scope.roles & RAISERS),
        "export_url": f"{reverse('stations:talks_export')}?{request.GET.urlencode()}",
    }
    return render(request, "stations/talk_list.html", context)


def is_late(row: Consultation, today) -> bool:
    return row.matter.closed_on is None and row.matter.due_on is not None and row.matter.due_on < today


def export(request):
    """The same list as a workbook."""
    _chosen, rows = filtered(request)
    headings = [_("编号"), _("难点堵点"), _("问题类别"), _("单位"), _("区镇"), _("谁提出"), _("提出日期"), _("环节")]
    headings += [_("牵头单位"), _("会商日期"), _("会商结论"), _("落实期限"), _("销号日期")]
    lines = (
        [t.matter.number, t.title, t.get_topic_display(), str(t.enterprise or ""), localised(t.matter.district, "name")]
        + [t.get_side_display(), t.matter.opened_on, t.get_status_display(), t.owner and localised(t.owner, "name")]
        + [t.held_on or t.meets_on, t.conclusion, t.due_on, t.matter.closed_on if t.status == C.CLOSED else None]
        for t in rows.iterator(2000)
    )
    return workbook(_("会商台账"), headings, lines, user=request.user, on=localdate())


# --- raising -----------------------------------------------------------------------------------


def side_of(user) -> str:
    """For whom a person raises a problem: an official for the office, though they may act for an enterprise too."""
    roles = user.scope.roles
    return Side.BUREAU if roles & BUREAU else Side.DISTRICT if Role.DISTRICT in roles else Side.UNIT


def raise_(request):
    """Raise a problem; an enterprise of itself."""
    side, today = side_of(request.user), localdate()
    mine = own(request) if side == Side.UNIT else None
    if mine is not None and Role.HANDLER not in request.user.roles_for(organisation_id=mine.pk, district_id=None):
        raise PermissionDenied(frozenset({Role.HANDLER}))
    district = mine.organisation.district if mine else highest(request, own_pack(request))
    asked = {"station": request.GET.get("about", "")} if request.GET.get("about", "").isdigit() else {}
    form = RaiseForm(request.POST or None, user=request.user, own=mine, today=today, initial=asked)
    if request.method == "POST" and form.is_valid():
        given = {"side": side, "district": district, **({"enterprise": mine} if mine else {})}
        try:
            row = actions.bring_up(**(form.cleaned_data | given), by=request.user, on=today)
        except Refused as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("已提出，市局分办以后会通知您。"))
            return redirect(row)
    return render(request, "stations/talk_form.html", {"form": form}, status=422 if form.errors else 200)


# --- one ---------------------------------------------------------------------------------------


def found(request, number) -> Consultation:
    rows = Consultation.objects.visible_to(request.user)
    rows = rows.select_related("matter__district", "matter__organisation", "enterprise__organisation", "owner")
    return get_object_or_404(rows.select_related("station__matter"), matter__number=number)


def talk(request, number, form=None):
    """One problem: what it is, who sees to it, what was concluded, what became of it."""
    row = found(request, number)
    matter, pack = row.matter, Pack.objects.get_for(row.matter.district_id)
    roles = request.user.roles_for(organisation_id=matter.organisation_id, district_id=matter.district_id)
    files = Evidence.objects.filter(matter=matter, slot=MINUTES, removed_at=None).select_related("file")
    context = {
        "talk": row,
        "stage": consultation.stages[row.status],
        "late": is_late(row, localdate()),
        "told": row.enterprise_id is not None and matter.organisation_id == row.enterprise_id,
        "participants": row.participants.order_by("kind", "pk"),
        "files": files.order_by("pk"),
        "minutes": (form or MinutesForm()) if roles & BUREAU and row.status in STATED else None,
        "moves": [(s, TalkMoveForm(step=s, pack=pack)) for s in consultation.possible(row, request.user)],
        "events": [(consultation.said(e), e) for e in matter.events.select_related("by").order_by("pk")],
        "office": office_for(matter),
    }
    return render(request, "stations/talk.html", context, status=422 if form is not None and form.errors else 200)


def move(request, number, action):
    """A step of a consultation."""
    row = found(request, number)
    form_class = partial(TalkMoveForm, pack=Pack.objects.get_for(row.matter.district_id))
    return steps.take(request, consultation, row, action, form_class)


@require_POST
def minutes(request, number):
    """The minutes of the meeting, by the bureau."""
    row = found(request, number)
    roles = request.user.roles_for(organisation_id=row.matter.organisation_id, district_id=row.matter.district_id)
    if not roles & BUREAU:
        raise PermissionDenied(BUREAU)
    cut, form = too_big(request), MinutesForm(request.POST, request.FILES)
    if cut:
        form.add_error("upload", cut)
    if form.is_valid():
        try:
            actions.keep_minutes(row, form.cleaned_data["upload"], by=request.user)
        except (Refused, BadFile) as reason:
            form.add_error("upload", str(reason))
        else:
            messages.success(request, _("已上传会商纪要。"))
            return redirect(row)
    return talk(request, number, form=form)
