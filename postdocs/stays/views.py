"""Postdocs: the list, a new entry, one stay with its timeline, what is told of it, its steps and milestones."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal import uploads
from portal.exports import Book, exported, labels
from portal.facts import yuan
from portal.lifecycle import Refused
from portal.models import District, Evidence, ReturnItem, Role
from portal.models.people import CASEWORK, UNIT
from portal.paging import Paginator
from portal.words import localised
from postdocs.careers.actions import TARGET as CAREER
from postdocs.destinations import page as destinations
from postdocs.due.signs import signs_of
from postdocs.inside.views import part_of
from postdocs.insurance import matrix as insurance
from postdocs.matched import actions as matched
from postdocs.outcomes import card as outcomes
from postdocs.particulars import actions as told_beside
from postdocs.particulars import rows as particulars
from postdocs.particulars.forms import ParticularsForm
from postdocs.people import actions as people
from postdocs.people import views as person_pages
from postdocs.people.models import Person
from postdocs.selections import views as selections
from postdocs.services import views as services
from postdocs.stays import actions, facts, lifecycle, timeline
from postdocs.stays.filters import StayFilter
from postdocs.stays.forms import BeginForm, MilestoneForm, PersonForm, StayForm, StayMoveForm
from postdocs.stays.models import BEFORE, OUT, Milestone, RecruitType, Stay, StayStatus
from postdocs.visits import views as visits
from stations import steps
from stations.applications.progress import office_for
from stations.disciplines import name_of
from stations.forms import ReturnForm
from stations.import_columns import OFFICERS

PAGE = 50
S = StayStatus

# --- the list ----------------------------------------------------------------------------------


def filtered(request):
    rows = Stay.objects.visible_to(request.user).select_related(
        "matter__district", "matter__organisation", "person", "station__chain"
    )
    chosen = StayFilter(request.GET, rows.order_by("-entered_on", "-pk"), request=request)
    return chosen, chosen.qs


def stays(request):
    """Postdocs one may see: the latest entries first, those on their way in before them."""
    chosen, rows = filtered(request)
    page, today = Paginator(rows, PAGE).get_page(request.GET.get("page")), localdate()
    context = {
        "page": page,
        "rows": [(row, row.is_overdue(today)) for row in page],
        "filter": chosen,
        "may_begin": Role.HANDLER in request.user.scope.roles,
        "export_url": f"{reverse('postdocs:stays_export')}?{request.GET.urlencode()}"
        if request.user.scope.roles & CASEWORK
        else "",
        **person_pages.links(request.user),
        "may_import": bool(request.user.scope.roles & OFFICERS),
    }
    return render(request, "postdocs/stay_list.html", context)


@exported("postdocs:stays_export")
def export(request) -> Book:
    """The same list as a workbook; numbers of identity papers are never in it."""
    _chosen, rows = filtered(request)
    headings = [_("姓名"), _("单位"), _("区镇"), _("工作站编号"), _("招收类型"), _("当前身份"), _("一级学科")]
    headings += [_("企业导师"), _("流动站导师"), _("研究题目"), _("进站日期"), _("博管会编号"), _("预计出站")]
    headings += [_("出站或退站日期"), _("状态"), _("编号")]
    types, states = labels(RecruitType), labels(S)
    places = {d.pk: localised(d, "name") for d in District.objects.filter(pk__in=request.user.scope.districts)}
    wanted = rows.select_related(None).select_related("matter__organisation", "person", "station__matter")
    lines = (
        [row.person.name, row.matter.organisation.name, places.get(row.matter.district_id, "")]
        + [row.station.matter.number, types[row.recruit_type], row.get_identity_display()]
        + [name_of(row.discipline) if row.discipline else "", row.supervisor_name, row.flow_supervisor, row.topic]
        + [row.entered_on, row.committee_number, row.planned_until, row.ended_on, states[row.status]]
        + [row.matter.number]
        for row in wanted.iterator(2000)
    )
    return Book(_("博士后名册"), headings, lines, localdate(), rows.count())


# --- a new entry -------------------------------------------------------------------------------


def begin(request):
    """Somebody is to enter: the paper's number, the name, the station."""
    form = BeginForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            stay = actions.begin(**form.cleaned_data, by=request.user, on=localdate())
        except Refused as reason:
            form.add_error(None, str(reason))
        else:
            return redirect("postdocs:entry", stay.matter.number)
    return render(request, "postdocs/stay_new.html", {"form": form}, status=422 if form.errors else 200)


# --- one stay ----------------------------------------------------------------------------------


def found(request, number) -> Stay:
    return get_object_or_404(Stay.objects.visible_to(request.user).for_page(), matter__number=number)


def stay(request, number):
    """The page: where the person is in the cycle, what is due, papers, milestones, what happened."""
    row, today = found(request, number), localdate()
    steps_, slots = timeline.steps_of(row, today), timeline.slots_of(row)
    may_cite = actions.citable(row, request.user)
    for slot in slots:
        slot.open = may_cite(slot.paper)
    possible = lifecycle.possible(row, request.user)
    findings = lifecycle.cycle.findings_of(row, [step.action for step in possible], on=today)
    holds = actions.may_hold(row, request.user)
    context = {
        "stay": row,
        "matter": row.matter,
        "stage": lifecycle.cycle.stages[row.status],
        "steps": steps_,
        "slots": slots,
        "next": timeline.next_of(steps_),
        "lanes": timeline.lanes(row, steps_, slots, today),
        "moves": [
            (step, StayMoveForm(step=step, findings=findings[step.action]))
            for step in possible
            if not step.returns and step.action != "settle"  # has a page of its own
        ],
        "returns": any(step.returns for step in possible),
        "writes": actions.may_tell(row, request.user),
        "items": open_items(row) if row.status == S.EXITING else (),
        "holds": holds,
        "milestone_form": MilestoneForm() if holds else None,
        "checks": actions.may_check(row, request.user),
        "brokers": matched.may_say(row, request.user),
        "rules": all_findings(row, findings),
        "events": [(lifecycle.cycle.said(e), e) for e in row.matter.events.all()],
        "overdue": row.is_overdue(today),
        "inside": part_of(request, row, today),
        "leaving": leaving(row, today),
        "salary": yuan(row.salary) if row.salary else "",
        "onward": onward(request, row),
        "signs": signs_of(row, today) if request.user.scope.roles & CASEWORK else (),
        "office": office_for(row.matter) if request.user.scope.roles & (UNIT | {Role.POSTDOC}) else None,
        "today": today,
        "services": services.part(row, request),
        "visited": visits.part(row, request),
        **person_pages.part(row, request.user, on=today),
        "particulars": told_beside.read(row.person, request.user, row),
        "selections": selections.of_stay(row),
        "insured": insurance.of_stay(row, today),
    }
    context |= outcomes.of(row, request.user, context["lanes"])
    context |= destinations.part(row, request.user, context["lanes"], today)
    return render(request, "postdocs/stay.html", context)


def leaving(row: Stay, on):
    """How somebody leaves or left: early, in time or extended; nothing while they stay."""
    if row.status not in (S.EXITING, S.CHECKING, S.ISSUING, *OUT):
        return ""
    (found,) = facts.stay.table(Stay.objects.filter(pk=row.pk), ["exit_kind"], on=row.ended_on or on)
    return facts.EXITS.get(found["fact_exit_kind"] or "", "")


def onward(request, row: Stay) -> Stay | None:
    """The second station's stay, as far as this person may see it."""
    if not row.second_station:
        return None
    later = Stay.objects.visible_to(request.user).filter(person=row.person_id, entered_on__gte=row.ended_on)
    return later.select_related("matter").order_by("entered_on").first()


def all_findings(row: Stay, findings: dict) -> list:
    """What the rules say to whatever may be done next, each once; for officials reviewing an entry all of them."""
    seen = {f.text: f for found in findings.values() for f in found}
    return [seen[text] for text in seen] if row.status in (*BEFORE, S.EXITING, S.CHECKING, S.ISSUING) else []


def open_items(row: Stay):
    """What a return named and isn't handed in again yet."""
    return ReturnItem.objects.filter(event__matter=row.matter_id, resolved_at=None).order_by("pk")


def entry(request, number):
    """What the enterprise tells of the person and of the stay, with the documents and what the rules say to it."""
    row = found(request, number)
    if not actions.may_tell(row, request.user):
        raise PermissionDenied(_("这件进站现在不由您填写。"))
    targets = actions.open_targets(row)
    data = request.POST if request.method == "POST" else None
    more = ParticularsForm(data, initial=particulars.told_of(row.person), locked=targets is not None)
    forms = PersonForm(data, instance=row.person), StayForm(data, instance=row), more
    for form, prefix in zip(forms[:2], ("person", "field"), strict=True):
        for name, field in form.fields.items():
            field.disabled = not actions.is_open(targets, f"{prefix}:{name}")
    if request.method == "POST" and all([form.is_valid() for form in forms]):
        person, values, told = (form.cleaned_data for form in forms)
        fresh = found(request, number)
        try:
            actions.tell(fresh, person=person, values=values, more=told, by=request.user)
        except Refused as reason:
            forms[1].add_error(None, str(reason))
        except ValidationError as wrong:
            forms[1].add_error(None, wrong.messages)
        else:
            messages.success(request, _("已保存。"))
            return redirect("postdocs:entry", number)
    fresh = found(request, number)
    slots = timeline.slots_of(fresh)
    may_cite = actions.citable(fresh, request.user)
    for slot in slots:
        slot.open = may_cite(slot.paper)
    possible = [s for s in lifecycle.cycle.possible(fresh, request.user) if s.files]
    findings = lifecycle.cycle.findings_of(fresh, [s.action for s in possible], on=localdate())
    context = {
        "stay": fresh,
        "matter": fresh.matter,
        "person_form": forms[0],
        "stay_form": forms[1],
        "more_form": more,
        "more_wrong": bool(more.errors or forms[0].errors.get("abstract")),
        "slots": slots,
        "rules": all_findings(fresh, findings),
        "moves": [(step, StayMoveForm(step=step, findings=findings[step.action])) for step in possible],
        "items": open_items(row),
        "office": office_for(fresh.matter),
        **person_pages.part(fresh, request.user, on=localdate()),
    }
    status = 422 if any(form.errors for form in forms) else 200
    return render(request, "postdocs/stay_entry.html", context, status=status)


@require_POST
def upload(request, number, slot):
    """One or several files into a slot; what can't be taken says why, the rest is kept."""
    row = found(request, number)
    slots = {s.name: s for s in timeline.slots_of(row)}
    if slot not in slots:
        raise Http404
    problems = steps.kept(request, lambda file: actions.cite(row, slot, file, by=request.user))
    if request.htmx:
        now = {s.name: s for s in timeline.slots_of(row)}[slot]
        now.open, now.error = actions.citable(row, request.user)(now.paper), " ".join(problems)
        context = {"stay": row, "s": now}
        return render(request, "postdocs/_slot.html", context, status=422 if problems else 200)
    for problem in problems:
        messages.error(request, problem)
    return redirect("postdocs:entry" if row.status == S.DRAFT else "postdocs:stay", number)


@require_POST
def remove(request, number, pk):
    """Take a file out of its slot; it stays in the history."""
    row = found(request, number)
    evidence = get_object_or_404(Evidence, matter=row.matter_id, pk=pk, removed_at=None)
    try:
        actions.uncite(row, evidence, by=request.user)
    except Refused as reason:
        messages.error(request, str(reason))
    return redirect("postdocs:entry" if row.status == S.DRAFT else "postdocs:stay", number)


def move(request, number, action):
    """A step of the stay."""
    row = found(request, number)
    step = lifecycle.cycle.transitions.get((row.status, action))
    if action in lifecycle.OWN and row.person.user_id != request.user.pk:
        raise PermissionDenied(_("这一步只能由博士后本人办理。"))
    findings = lifecycle.cycle.findings(row, action, on=localdate()) if step else []
    return steps.take(request, lifecycle.cycle, row, action, partial(StayMoveForm, findings=findings))


def labels_of(row: Stay) -> dict[str, str]:
    """Everything that may be sent back, by target."""
    names = {f"person:{n}": str(Person._meta.get_field(n).verbose_name) for n in people.columns()}
    names[CAREER] = _("学习工作经历")
    names |= {f"field:{n}": str(Stay._meta.get_field(n).verbose_name) for n in lifecycle.told()}
    papers = {f"slot:{slot.name}": slot.title for slot in timeline.slots_of(row)}
    return papers if row.status == S.CHECKING else names | papers


def grouped(form: ReturnForm) -> list[tuple[str, list, bool]]:
    """What may be sent back, folded by what it is about; a group stands open where something in it is ticked or wrong."""
    parts = (("person:", _("本人情况")), ("field:", _("进站情况")), ("slot:", _("材料")))
    groups = [(heading, [row for row in form.rows() if row[0].startswith(part)]) for part, heading in parts]
    alone = sum(bool(rows) for _heading, rows in groups) == 1
    return [
        (heading, rows, alone or any(tick.value() or code.errors or note.errors for _t, tick, code, note in rows))
        for heading, rows in groups
    ]


def send_back(request, number):
    """Choose what the enterprise must mend, each with its reason."""
    row = found(request, number)
    if not any(step.returns for step in lifecycle.cycle.possible(row, request.user)):
        raise PermissionDenied(_("这件现在不在您手里，不能退回。"))
    form = ReturnForm(request.POST or None, labels=labels_of(row), suggested={})
    if request.method == "POST" and form.is_valid() and steps.sent_back(request, lifecycle.cycle, row, form):
        return redirect(row)
    context = {"stay": row, "form": form, "groups": grouped(form)}
    return render(request, "postdocs/stay_return.html", context, status=422 if form.errors else 200)


# --- milestones --------------------------------------------------------------------------------


@require_POST
def milestone(request, number):
    """Write down what was held: from the box on the page of the stay, and again where something is wrong."""
    row = found(request, number)
    if not actions.handles(row, request.user):
        raise PermissionDenied(frozenset({Role.HANDLER}))
    form = MilestoneForm(request.POST, request.FILES)
    if cut := uploads.too_big(request):
        form.add_error("upload", cut)
    if form.is_valid():
        try:
            actions.hold(
                row, form.save(commit=False), upload=form.cleaned_data["upload"], by=request.user, on=localdate()
            )
        except uploads.BadFile as bad:
            form.add_error("upload", str(bad))
        except Refused as reason:
            form.add_error("held_on", str(reason))
        except ValidationError as wrong:
            form.add_error(None, wrong.messages)
        else:
            messages.success(request, _("已登记。"))
            return redirect(row)
    return render(request, "postdocs/milestone.html", {"stay": row, "form": form}, status=422)


@require_POST
def check(request, number, pk):
    """An official has looked at what an enterprise wrote down."""
    row = found(request, number)
    item = get_object_or_404(Milestone.objects.select_related("stay__matter"), stay=row, pk=pk)
    if not actions.may_check(row, request.user):
        raise PermissionDenied(_("这一步不由您办理。"))
    actions.check(item, by=request.user, on=localdate())
    messages.success(request, _("已核对。"))
    return redirect(row)
