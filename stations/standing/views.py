"""Standing: the radar of a city's clocks, what a person begins from it, one case, and the confirming of a year."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.lifecycle import NotYours, Refused
from portal.models import Confirmation, Role, Setting
from portal.models.people import BUREAU, UNIT
from portal.paging import Whole
from portal.papers import pdf_response
from portal.site import remembered
from portal.uploads import BadFile, too_big
from portal.views.rules import own_pack
from portal.words import localised
from portal.workbooks import workbook
from stations import steps
from stations.applications import progress
from stations.ledger import rows as ledger
from stations.models import Clock, Recruits, Remedy, StandingCase, Station
from stations.roles import DISTRICT, HANDLER
from stations.standing import actions, clocks, lifecycle, papers, radar
from stations.standing.clocks import Reading
from stations.standing.counted import Both
from stations.standing.filters import StandingFilter
from stations.standing.forms import DoneForm, OpinionForm, RemedyForm, StandingMoveForm

PAGE = 50
VIEWS = {
    "near": (lambda: _("两年内"), ("due", "open", "unknown", "soon")),
    "due": (lambda: _("该办了"), ("due",)),
    "open": (lambda: _("办理中"), ("open",)),
    "unknown": (lambda: _("说不准"), ("unknown",)),
    "soon": (lambda: _("快到了"), ("soon",)),
    "all": (lambda: _("全部"), ("due", "open", "unknown", "soon", "later")),
}


# --- the radar ---------------------------------------------------------------------------------


@dataclass
class Screen:
    """What the page and the workbook are asked for."""

    filter: StandingFilter
    on: date
    step: str
    view: str
    pack: Any
    clocks: list[Clock]
    settings: dict[str, Any]

    @property
    def places(self) -> tuple[str, ...]:
        return VIEWS[self.view][1]

    def read(self) -> list[Reading]:
        """What the clocks say of every station, read now."""
        found = clocks.readings(self.filter.qs, self.pack, self.on, clocks=self.clocks, settings=self.settings)
        return [r for r in found if r.state != "done" and (not self.step or (r.next and r.next.step.kind == self.step))]


def screen(request) -> Screen:
    stations = Station.objects.visible_to(request.user)
    chosen = StandingFilter(request.GET, stations, request=request)
    on, pack = chosen.day, own_pack(request)
    rules = remembered(f"clocks:{pack.pk}:{on}", lambda: clocks.clocks_of(pack, on))
    settings = remembered(f"days:{pack.pk}", lambda: Setting.objects.values_of(pack))
    view = request.GET.get("view", "")
    step = chosen.asked("step") or ""
    return Screen(chosen, on, step, view if view in VIEWS else "near", pack, rules, settings)


@dataclass
class Listed:
    """One page of the radar, how many there are in each place, and since when that is known; None: read just now."""

    page: Any
    readings: list[Reading]
    counts: dict[str, int]
    read_at: datetime | None = None


def listed(shown: Screen, number) -> Listed:
    """From what is kept where it is of the day and nothing waits to be read; else from the clocks themselves."""
    kept = radar.kept(shown.pack, shown.filter.qs, on=shown.on, step=shown.step)
    if kept is None:
        found = shown.read()
        page = Whole([r for r in found if r.place in shown.places], PAGE).get_page(number)
        return Listed(page, list(page), Counter(r.place for r in found))
    paginator = Whole(kept.rows.filter(place__in=shown.places), PAGE)
    paginator.count = sum(kept.counts.get(place, 0) for place in shown.places)
    rows = paginator.get_page(number)
    readings = radar.readings(rows.object_list, shown.clocks, shown.settings, on=shown.on)  # type: ignore[arg-type]
    return Listed(rows, readings, kept.counts, kept.read_at)


def standing(request):
    """Which station will be warned, put under rectification or removed: when, by which rule, what prevents it."""
    shown, today = screen(request), localdate()
    found = listed(shown, request.GET.get("page"))
    query = request.GET.copy()
    tabs = []
    for name, (label, places) in VIEWS.items():
        query["view"] = name
        count = sum(found.counts.get(place, 0) for place in places)
        url = f"{request.path}?{query.urlencode()}"
        tabs.append({"label": label(), "url": url, "current": name == shown.view, "count": count})
    context = {
        "filter": shown.filter,
        "view": shown.view,
        "tabs": tabs,
        "page": found.page,
        "rows": [line_of(reading, request.user, today) for reading in clocks.with_years(found.readings)],
        "read_at": found.read_at,
        "on": shown.on,
        "past": shown.on if shown.on != today else None,
        "clocks": shown.clocks,
        "importing": bool(request.user.scope.roles & (BUREAU | {Role.DISTRICT})),
        "export_url": f"{reverse('stations:standing_export')}?{request.GET.urlencode()}",
    }
    return render(request, "stations/standing_list.html", context)


@dataclass
class Line:
    """A reading as a page shows it: what comes next, what would prevent it, what is asked of whom."""

    reading: Reading
    place: str
    prevents: str
    ask: str
    url: str  # where this person decides about it
    differ: list[Both]  # years of which the typed figure and the records say different things


def line_of(reading: Reading, user, today: date) -> Line:
    url = ""
    if reading.on == today and reading.state == "due" and opening_steps(reading, user):
        url = reverse("stations:standing_open", args=[reading.station.matter.number, reading.clock.code])
    return Line(reading, reading.place, clocks.prevents(reading), ask_of(reading), url, differing(reading))


def differing(reading: Reading) -> list[Both]:
    return [cell.both for cell in reading.cells if cell.both and cell.both.differs]


def ask_of(reading: Reading) -> str:
    """What is missing to say it for sure, and who can tell."""
    if reading.untold:
        years = _("、").join(map(str, reading.untold))
        return _("%(years)s 年是否招收还没有登记，请设站单位或区镇补登") % {"years": years}
    if reading.missing:
        return _("还不知道：%(facts)s，请设站单位补充") % {"facts": _("、").join(reading.missing)}
    return ""


def export(request):
    """The list as a workbook: the same rows and order."""
    shown = screen(request)
    readings = clocks.with_years([r for r in shown.read() if r.place in shown.places])
    headings = [_("设站单位"), _("统一社会信用代码"), _("区镇"), _("站点类型"), _("工作站编号"), _("规则"), _("依据")]
    headings += [
        _("征求意见"),
        _("起算日"),
        _("状态"),
        _("下一步"),
        _("最早"),
        _("最晚"),
        _("怎样防止"),
        _("还要问什么"),
        _("登记与平台记录不一致"),
    ]
    years = [cell.year for cell in readings[0].cells] if readings else []
    lines = (
        [str(r.station.enterprise), r.station.enterprise.organisation.code]
        + [localised(r.station.matter.district, "name"), r.station.get_kind_display(), r.station.matter.number]
        + [str(r.clock), str(r.clock.clause), _("是") if r.clock.assumed else _("否"), r.worst]
        + [r.case.get_status_display() if r.is_open else STATES[r.place]()]
        + ([r.next.step.get_kind_display(), r.next.worst, r.next.best] if r.next else [None, None, None])
        + [clocks.prevents(r), ask_of(r) or None, _("；").join(both.said for both in differing(r)) or None]
        + [cell.word for cell in r.cells]
        for r in readings
    )
    return workbook(_("动态管理"), [*headings, *map(str, years)], lines, user=request.user, on=shown.on)


STATES = {
    "due": lambda: _("该办了"),
    "open": lambda: _("办理中"),
    "unknown": lambda: _("说不准"),
    "soon": lambda: _("快到了"),
    "later": lambda: _("两年以后"),
}


# --- beginning a case --------------------------------------------------------------------------


def opening_steps(reading: Reading, user) -> list:
    """The steps with which this person may begin a case about what the clock proposes."""
    clock, matter = reading.clock, reading.station.matter
    blank = StandingCase(station=reading.station, clock=clock, assumed=clock.assumed, matter=matter)
    allowed = reading.next.rank if reading.next else 0
    return [step for step in lifecycle.cycle.possible(blank, user) if actions.rank_of(step.action) <= allowed]


def begin(request, number, code):
    """Decide about what a clock proposes: a reminder, or a rectification."""
    rows = Station.objects.visible_to(request.user)
    station = get_object_or_404(rows.select_related("matter__district"), matter__number=number)
    pack, today = own_pack(request), localdate()
    found = [c for c in clocks.clocks_of(pack, today) if c.code == code]
    if not found:
        raise Http404
    (clock,) = found
    readings = clocks.with_years(clocks.readings(Station.objects.filter(pk=station.pk), pack, today, clocks=[clock]))
    reading = readings[0] if readings else None
    if reading is None or reading.state != "due":
        messages.error(request, _("这条规则对这个站现在没有要处理的，或已有一件在办。"))
        return redirect(station)
    possible = opening_steps(reading, request.user)
    if not possible:
        raise PermissionDenied(_("这一步不由您办理。"))
    action = request.POST.get("action") if request.method == "POST" else None
    until = {"until": actions.proposed_until(reading, today)}
    moves = [
        (s, StandingMoveForm(request.POST if s.action == action else None, step=s, initial=until)) for s in possible
    ]
    for step, form in moves:
        if step.action == action and form.is_valid() and (case := begun(request, station, clock, action, form)):
            return redirect(case)
    context = {"station": station, "line": line_of(reading, request.user, today), "moves": moves}
    wrong = any(form.errors for _step, form in moves)
    return render(request, "stations/standing_open.html", context, status=422 if wrong else 200)


def begun(request, station, clock, action, form) -> StandingCase | None:
    """The case; or else the form says why not."""
    try:
        note = form.cleaned_data["note"]
        case = actions.begin(
            station, clock, action, by=request.user, on=localdate(), note=note, details=form.details()
        )  # fmt: skip
    except NotYours as reason:
        raise PermissionDenied(str(reason)) from reason
    except Refused as reason:
        form.add_error(None, str(reason))
        return None
    messages.success(request, _("已办理：%(step)s。") % {"step": lifecycle.cycle.actions[action]})
    return case


# --- one case ----------------------------------------------------------------------------------


def found_case(request, number) -> StandingCase:
    return get_object_or_404(StandingCase.objects.visible_to(request.user).for_page(), matter__number=number)


def case(request, number):
    """The case: why, until when, what the enterprise does, what was decided and what the clock saw then."""
    return shown_case(request, found_case(request, number))


def shown_case(request, row: StandingCase, *, forms: dict[str, Any] | None = None):
    """The page; `forms` are those just sent that were wrong."""
    today, forms = localdate(), forms or {}
    reading = lifecycle.reading_of(row, today)
    until = {"until": actions.proposed_until(reading, today)}
    possible = [s for s in lifecycle.cycle.possible(row, request.user) if s.action not in actions.BY_ITSELF]
    remedies = list(row.remedies.select_related("file", "by").order_by("due_on", "pk"))
    undertakes = actions.may_undertake(row, request.user)
    may_opine = actions.may_opine(row, request.user)
    opinions = Confirmation.objects.filter(matter=row.matter_id, topic=actions.OPINION, until=None)
    open_findings = (
        lifecycle.cycle.findings(row, "report", on=today) if any(s.action == "report" for s in possible) else []
    )
    context = {
        "case": row,
        "matter": row.matter,
        "stage": lifecycle.cycle.stages[row.status],
        "line": line_of(reading, request.user, today) if reading else None,
        "moves": [(s, StandingMoveForm(step=s, initial=until)) for s in possible],
        "remedies": [
            (r, forms.get(f"done-{r.pk}") or DoneForm(prefix=f"done-{r.pk}", initial={"done_on": today}))
            for r in remedies
        ],
        "undertakes": undertakes,
        "remedy_form": (forms.get("remedy") or RemedyForm(prefix="remedy")) if undertakes else None,
        "opinion": opinions.select_related("by", "on_behalf").first(),
        "opinion_form": (forms.get("opinion") or OpinionForm(prefix="opinion")) if may_opine else None,
        "wanting": [f.text for f in open_findings if f.met is not True],
        "events": [(lifecycle.cycle.said(e), e) for e in row.matter.events.all()],
        "letter": papers.title_of(row),
        "office": progress.office_for(row.matter),
        "own": bool(request.user.scope.roles & UNIT),
        "today": today,
    }
    return render(request, "stations/standing_case.html", context, status=422 if forms else 200)


def move(request, number, action):
    """A step of the case; what the day brings by itself is nobody's."""
    if action in actions.BY_ITSELF:
        raise Http404
    return steps.take(request, lifecycle.cycle, found_case(request, number), action, form_class=StandingMoveForm)


def handled(request, number) -> StandingCase:
    row = found_case(request, number)
    if not actions.roles_of(row, request.user) & HANDLER:
        raise PermissionDenied(frozenset({Role.HANDLER}))
    return row


@require_POST
def remedy(request, number):
    """One more thing that the enterprise will do."""
    row = handled(request, number)
    form = RemedyForm(request.POST, prefix="remedy")
    if form.is_valid():
        try:
            actions.undertake(row, by=request.user, on=localdate(), **form.cleaned_data)
        except Refused as reason:
            form.add_error(None, str(reason))
        except ValidationError as wrong:
            form.add_error(None, wrong.messages)
        else:
            messages.success(request, _("已登记整改措施。"))
            return redirect(row)
    return shown_case(request, row, forms={"remedy": form})


@require_POST
def done(request, number, pk):
    """A remedy is done, with its result and its paper."""
    row = handled(request, number)
    item = get_object_or_404(Remedy.objects.select_related("case"), case=row, pk=pk)
    form = DoneForm(request.POST, request.FILES, prefix=f"done-{pk}")
    if cut := too_big(request):
        form.add_error("upload", cut)
    if form.is_valid():
        try:
            with transaction.atomic():
                actions.accomplish(item, by=request.user, on=localdate(), **form.cleaned_data)
        except BadFile as bad:
            form.add_error("upload", str(bad))
        except Refused as reason:
            form.add_error("done_on", str(reason))
        else:
            messages.success(request, _("已登记整改结果。"))
            return redirect(row)
    return shown_case(request, row, forms={f"done-{pk}": form})


@require_POST
def opinion(request, number):
    """What the district thinks of the case."""
    row = found_case(request, number)
    if not actions.roles_of(row, request.user) & DISTRICT:
        raise PermissionDenied(frozenset({Role.DISTRICT}))
    form = OpinionForm(request.POST, prefix="opinion")
    if form.is_valid():
        try:
            actions.opine(row, verdict=form.answer(), note=form.cleaned_data["note"], by=request.user, on=localdate())
        except Refused as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("已记下意见。"))
            return redirect(row)
    return shown_case(request, row, forms={"opinion": form})


def paper(request, number):
    """The letter of the case, to print."""
    row = found_case(request, number)
    if not papers.title_of(row):
        raise Http404
    letter = papers.letter(row, on=localdate(), by=request.user)
    return render(request, "stations/standing_paper.html", {"case": row, "matter": row.matter, "paper": letter})


def paper_file(request, number):
    row = found_case(request, number)
    if not papers.title_of(row):
        raise Http404
    letter = papers.letter(row, on=localdate(), by=request.user)
    return pdf_response(letter, f"{row.matter.number} {letter.title}")


# --- on other pages ----------------------------------------------------------------------------


def lines_for(stations, user, on: date, pack) -> list[Line]:
    """The clocks of these stations with their strips, as their own pages show them."""
    if pack is None:
        return []
    found = [r for r in clocks.readings(stations, pack, on) if r.state != "done"]
    return [line_of(reading, user, localdate()) for reading in clocks.with_years(found)]


def lines_of(station: Station, recruits, user, on: date, pack) -> list[Line]:
    """The same of one station whose page has read all of it, `recruits` too."""
    if pack is None:
        return []
    found = clocks.readings(Station.objects.filter(pk=station.pk), pack, on)
    found = clocks.with_known([r for r in found if r.state != "done"], {station.pk: station}, recruits)
    return [line_of(reading, user, localdate()) for reading in found]


@require_POST
def confirm(request, number, pk):
    """An official has looked at what an enterprise says of one year."""
    station = get_object_or_404(Station.objects.visible_to(request.user), matter__number=number)
    row = get_object_or_404(Recruits.objects.select_related("station__matter"), station=station, pk=pk)
    try:
        ledger.confirm(row, by=request.user, on=localdate())
    except Refused as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, _("已核实。"))
    return redirect(station)
