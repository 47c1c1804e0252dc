"""Activities: the list, planning one, one with who came and what came of it, its papers and steps."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.exports import Book, exported
from portal.lifecycle import NotYours, Refused
from portal.models import District, Evidence, Organisation
from portal.paging import Paginator
from portal.uploads import BadFile, too_big
from portal.views.files import sent
from portal.words import localised
from stations import steps
from stations.models import Match
from targets.activities import actions
from targets.activities.filters import ActivityFilter
from targets.activities.forms import ActivityForm, ActivityMoveForm, PaperForm, ParticipantForm, ResultForm
from targets.activities.lifecycle import CLERKS, EDITABLE, cycle
from targets.activities.models import Activity, ActivityStatus, Participant
from targets.duties.models import Occurrence
from targets.duties.views import city_of

PAGE = 50
A = ActivityStatus
SLOTS = (actions.PHOTO, actions.REPORT, actions.SIGN_IN)


# --- the list ----------------------------------------------------------------------------------


def filtered(request):
    rows = Activity.objects.visible_to(request.user).select_related("matter__district", "kind", "organiser")
    chosen = ActivityFilter(request.GET, rows.order_by("-since", "-pk"), request=request)
    return chosen, chosen.qs


def activities(request):
    """Activities one may see, the latest first."""
    chosen, rows = filtered(request)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": list(page),
        "filter": chosen,
        "may_plan": bool(request.user.scope.roles & CLERKS),
        "export_url": f"{reverse('targets:activities_export')}?{request.GET.urlencode()}",
    }
    return render(request, "targets/activity_list.html", context)


@exported("targets:activities_export")
def export(request) -> Book:
    """The same list as a workbook, under the headings under which it comes in."""
    _chosen, rows = filtered(request)
    headings = [_("编号"), _("活动类别"), _("活动名称"), _("开始日期"), _("结束日期"), _("举办日期"), _("地点")]
    headings += [_("主办单位"), _("协办单位"), _("属地"), _("状态"), _("参加单位"), _("参加高校"), _("博士、博士后")]
    headings += [_("其他人员"), _("意向数"), _("签约数"), _("活动成果")]
    lines = (
        [r.matter.number, localised(r.kind, "name"), r.name, r.since, r.until, r.held_on, r.venue]
        + [localised(r.organiser, "name"), r.partners, localised(r.matter.district, "name"), r.get_status_display()]
        + [r.enterprises, r.universities, r.postdocs, r.others, r.intentions, r.signed, r.result]
        for r in rows.iterator(2000)
    )
    return Book(_("活动台账"), headings, lines, localdate(), rows.count())


# --- planning ----------------------------------------------------------------------------------


def places_for(user, pack):
    """Where this person's activities may lie: the city and its districts, or their own."""
    mine = {d for role, (_o, districts) in user.scope.by_role.items() if role in CLERKS for d in districts}
    return District.objects.below(pack.root).filter(pk__in=mine).order_by("path_order")


def new(request):
    """Plan an activity; from an occurrence of the work list it comes with what it is for."""
    pack, today = city_of(request), localdate()
    places = places_for(request.user, pack)
    given = request.GET.get("for", "")
    form = ActivityForm(
        request.POST or None, pack=pack, user=request.user, places=places, initial=begun_with(request.user, given, pack)
    )
    if request.method == "POST" and form.is_valid():
        district = form.cleaned_data.get("district") or places.first()
        try:
            row = actions.plan(form.save(commit=False), district=district, by=request.user, on=today)
        except NotYours as reason:
            raise PermissionDenied(str(reason)) from reason
        messages.success(request, _("已登记，发布以后全市可见。"))
        return redirect(row)
    return render(request, "targets/activity_form.html", {"form": form}, status=422 if form.errors else 200)


def begun_with(user, number: str, pack) -> dict:
    """What the form begins with: one's own office, and the occurrence one came from with its kind."""
    home = Organisation.objects.filter(pack=pack, appointments__user=user).order_by("pk").first()
    bureau = Organisation.objects.filter(pack=pack, kind=Organisation.Kind.BUREAU).first()
    found = Occurrence.objects.visible_to(user).filter(matter__number=number).select_related("duty").first()
    begun = {"organiser": (home or bureau)}
    return begun | ({"occurrence": found, "kind": found.duty.activity_id} if found else {})


def edit(request, number):
    """Other words or days, as long as it is not on file."""
    row, pack = own(request, number), city_of(request)
    if row.status not in EDITABLE:
        messages.error(request, _("已归档或已取消的活动不能再改。要改请先取出归档。"))
        return redirect(row)
    places = places_for(request.user, pack)
    form = ActivityForm(request.POST or None, pack=pack, user=request.user, places=places, instance=row)
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in actions.FIELDS}
        actions.change(row, values, by=request.user, on=localdate())
        messages.success(request, _("已保存。"))
        return redirect(row)
    context = {"form": form, "row": found(request, number)}
    return render(request, "targets/activity_form.html", context, status=422 if form.errors else 200)


def results(request, number):
    """How many came, what came of it, which matches."""
    row = own(request, number)
    if row.status != A.HELD:
        messages.error(request, _("登记举办以后才能填成果；已归档的请先取出归档。"))
        return redirect(row)
    known = "、".join(row.matches.order_by("pk").values_list("matter__number", flat=True))
    form = ResultForm(request.POST or None, instance=row, initial={"matches": known})
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in actions.RESULTS}
        try:
            with transaction.atomic():
                saved = actions.change(row, values, by=request.user, on=localdate())
                actions.link_matches(saved, form.cleaned_data["matches"], by=request.user)
        except Refused as reason:
            form.add_error("matches", str(reason))
        else:
            messages.success(request, _("已保存。"))
            return redirect(row)
    context = {"form": form, "row": row}
    return render(request, "targets/activity_result.html", context, status=422 if form.errors else 200)


# --- one ---------------------------------------------------------------------------------------


def found(request, number) -> Activity:
    rows = Activity.objects.visible_to(request.user).select_related(
        "matter__district", "kind__clause__document", "organiser", "occurrence__matter", "occurrence__duty"
    )
    return get_object_or_404(rows, matter__number=number)


def own(request, number) -> Activity:
    """One that this person handles; others who see it are told that it isn't theirs."""
    row = found(request, number)
    if not actions.may_write(row, request.user):
        raise PermissionDenied(_("这场活动不由您登记。"))
    return row


def activity(request, number, form=None, paper=None):
    """One activity: when, where, by whom, who came, what came of it."""
    row = found(request, number)
    mine = actions.may_write(row, request.user)
    open_ = mine and row.status in EDITABLE
    matches = Match.objects.visible_to(request.user).filter(pk__in=row.matches.values("pk"))
    lines = row.participants.select_related("organisation", "university", "stay__matter").order_by("unit", "pk")
    occurrence = row.occurrence
    sees = occurrence and Occurrence.objects.visible_to(request.user).filter(pk=occurrence.pk).exists()
    context = {
        "row": row,
        "matter": row.matter,
        "mine": mine,
        "open": open_,
        "held": row.status in (A.HELD, A.ARCHIVED),
        "came": came_of(row),
        "may_result": mine and row.status == A.HELD,
        "occurrence": occurrence if sees else None,
        "lines": list(lines) if mine else [],
        "matches": matches.select_related("matter").order_by("pk"),
        "files": kept_of(row) if mine else [],
        "form": (form or ParticipantForm(prefix="one")) if open_ else None,
        "paper": (paper or PaperForm(prefix="paper")) if open_ else None,
        "moves": [(s, ActivityMoveForm(step=s)) for s in cycle.possible(row, request.user) if s.action != "edit"],
        "events": [(cycle.said(e), e) for e in row.matter.events.select_related("by").order_by("pk")] if mine else [],
    }
    wrong = any(f is not None and f.errors for f in (form, paper))
    return render(request, "targets/activity.html", context, status=422 if wrong else 200)


def came_of(row: Activity) -> list[tuple]:
    """The numbers that the organiser counted, as far as there are any."""
    counted = [name for name in actions.RESULTS if name != "result" and getattr(row, name) is not None]
    return [(Activity._meta.get_field(name).verbose_name, getattr(row, name)) for name in counted]


def kept_of(row: Activity):
    rows = Evidence.objects.filter(matter=row.matter, slot__in=SLOTS, removed_at=None)
    return rows.select_related("file").order_by("slot", "pk")


def move(request, number, action):
    """A step of an activity."""
    row = own(request, number)
    if action == "edit":
        raise Http404
    return steps.take(request, cycle, row, action, partial(ActivityMoveForm))


@require_POST
def sign_in(request, number):
    """One more line of the sign-in list."""
    row, pack, today = own(request, number), city_of(request), localdate()
    form = ParticipantForm(request.POST, prefix="one")
    if form.is_valid():
        data = form.cleaned_data
        line = Participant(unit=data["unit"], name=data["name"], kind=data["kind"], people=data["people"] or 1)
        try:
            actions.sign_in(row, [line], pack=pack, by=request.user, on=today)
        except Refused as reason:
            form.add_error(None, str(reason))
        except ValidationError as wrong:
            for text in wrong.messages:
                form.add_error(None, text)
        else:
            return redirect(f"{row.get_absolute_url()}#people")
    return activity(request, number, form=form)


@require_POST
def take_off(request, number, pk):
    """Take a line off the sign-in list."""
    row = own(request, number)
    line = get_object_or_404(Participant, activity=row, pk=pk)
    try:
        actions.take_off(row, line, by=request.user)
    except Refused as reason:
        messages.error(request, str(reason))
    return redirect(f"{row.get_absolute_url()}#people")


@require_POST
def keep(request, number):
    """A photo, the report, or the signed list."""
    row = own(request, number)
    form = PaperForm(request.POST, request.FILES, prefix="paper")
    if cut := too_big(request):
        form.add_error("upload", cut)
    if form.is_valid():
        try:
            actions.keep_file(row, form.cleaned_data["slot"], form.cleaned_data["upload"], by=request.user)
        except (Refused, BadFile) as reason:
            form.add_error("upload", str(reason))
        else:
            return redirect(f"{row.get_absolute_url()}#papers")
    return activity(request, number, paper=form)


@require_safe
def paper(request, number, pk):
    """What was kept of an activity, for those who handle it."""
    row = own(request, number)
    return sent(get_object_or_404(kept_of(row), pk=pk).file)
