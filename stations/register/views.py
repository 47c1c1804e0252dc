"""The register of stations: list, one station, its end."""

from django.db.models import Count, OuterRef, Subquery
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.exports import Book, exported, labels, names
from portal.models import District, Role
from portal.models.people import BUREAU, CASEWORK, UNIT
from portal.paging import Paginator
from portal.site import pack_of
from stations import steps
from stations.forms import MoveForm
from stations.ledger import lines as portraits
from stations.ledger import rows as ledger
from stations.ledger.forms import DayForm
from stations.ledger.views.rows import may_rename
from stations.models import (
    ENDED,
    Honour,
    IndustryChain,
    OverseasStudio,
    Sheet,
    SheetStatus,
    StandingCase,
    Station,
    StationKind,
    StationLevel,
    StationStatus,
)
from stations.register import lifecycle
from stations.register.filters import StationFilter
from stations.standing import clocks
from stations.standing import views as standing
from stations.standing.counted import beside

PAGE = 50


def filtered(request):
    rows = Station.objects.visible_to(request.user).select_related(
        "matter__district", "enterprise__organisation", "chain"
    )
    chosen = StationFilter(request.GET, rows.order_by("-approved_on", "-pk"), request=request)
    found = chosen.qs if chosen.is_valid() else chosen.qs.as_of(chosen.day)
    studios = OverseasStudio.objects.on(chosen.day).filter(station=OuterRef("pk")).order_by().values("station")
    return chosen, found.annotate(studios_then=Subquery(studios.annotate(n=Count("pk")).values("n")))


def stations(request):
    """Stations one may see, filtered by what the address says, the youngest first."""
    chosen, rows = filtered(request)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(row, StationStatus(row.status_then)) for row in page],
        "filter": chosen,
        "past": chosen.day if chosen.day != localdate() else None,
        "export_url": f"{reverse('stations:stations_export')}?{request.GET.urlencode()}",
        "papers": bool(request.user.scope.roles & (CASEWORK - UNIT)),
        "importing": bool(request.user.scope.roles & (BUREAU | {Role.DISTRICT})),
    }
    return render(request, "stations/station_list.html", context)


@exported("stations")
def export(request):
    """The same list as a workbook."""
    chosen, rows = filtered(request)
    headings = [_("编号"), _("设站单位"), _("统一社会信用代码"), _("区镇"), _("站点类型"), _("级别"), _("产业链")]
    headings += [_("批准日期"), _("批准文号"), _("批准机关"), _("状态"), _("注销或升格日期")]
    headings += [_("海外博士后工作室")]
    places, chains = names(District.objects.all()), names(IndustryChain.objects.all())
    kinds, levels, states = labels(StationKind), labels(StationLevel), labels(StationStatus)
    values = rows.values_list(
        *("matter__number", "owner_then", "enterprise__organisation__code", "matter__district", "kind", "level"),
        *("chain", "approved_on", "approval_document", "approver", "status_then", "ended_on", "studios_then"),
    )
    lines = (
        [
            number,
            owner,
            code,
            places[place],
            kinds[kind],
            levels.get(level, level),
            chains[chain],
            since,
            paper,
            approver,
        ]
        # the end as far as it was known on the day the list shows
        + [states[state], until if state in ENDED else None, studios or 0]
        for number, owner, code, place, kind, level, chain, since, paper, approver, state, until, studios in (
            values.iterator(2000)
        )
    )
    return Book(_("工作站名册"), headings, lines, chosen.day, rows.count())


def station(request, number):
    """One station as it was on a day: what it is, its people and partners, the papers, what became of it."""
    today = localdate()
    form = DayForm(request.GET or None, today=today)
    on = (form.is_valid() and form.cleaned_data["on"]) or today
    rows = Station.objects.visible_to(request.user)
    rows = rows.select_related("matter__district", "enterprise__organisation", "chain")
    rows = rows.select_related("application__matter", "upgraded_from__matter")
    row = beside(rows.as_of(on), on).filter(matter__number=number).first()
    if row is None:  # none at all, or approved later
        row = get_object_or_404(beside(rows.as_of(today), today), matter__number=number)
        form.add_error("on", _("这个站 %(day)s 才批准，请选这天或以后的日期。") % {"day": row.approved_on})
        on = today
    return render(request, "stations/station.html", page_of(request, row, on, form), status=422 if form.errors else 200)


def page_of(request, row: Station, on, form) -> dict:
    today, user = localdate(), request.user
    names = list(row.former_names.order_by("-until"))
    then = ledger.portrait(row, on, names=names, english=get_language() == "en")
    may = {code for code, kind in ledger.KINDS.items() if kind.owner == "station" and kind.may(user, row)}
    if on != today:
        may = set()
    steps = [s for s in lifecycle.station.possible(row, user) if s.action != "upgrade" and on == today]
    events = row.matter.events.select_related("by").order_by("pk")
    renames = on == today and may_rename(user, row)
    recruits = list(clocks.recruits_of([row]).filter(counted_on__lte=on).select_related("confirmed_by"))
    followed = Station.objects.filter(upgraded_from=row, approved_on__lte=on).select_related("matter")
    return {
        "station": row,
        "then": then,
        "status": StationStatus(then.status).label,
        "ended": row.ended_on if then.status in ENDED else None,
        "past": on != today,
        "day_form": form if form.errors else DayForm({"on": on.isoformat()}, today=today),
        "recruits": ledger.may_recruit(row),
        "warnings": portraits.warnings(row, then, today),
        "single": portraits.singles(row, then, may),
        "many": portraits.tables(row, then, may),
        "names": [n for n in names if n.until <= on],
        "rename_url": reverse("stations:station_rename", args=[row.matter.number]) if renames else "",
        "events": [(label_of(e), e) for e in events if e.on <= on],
        "moves": [(s, MoveForm(step=s)) for s in steps],
        "successor": followed.first() if row.ended_on else None,
        "honours": Honour.objects.filter(
            station__in=[pk for pk in (row.pk, row.upgraded_from_id) if pk], awarded_on__lte=on
        ).order_by("-awarded_on"),
        "years": portraits.years(row, on, may, recruits),
        "confirms": on == today and bool(roles_at(user, row) & (BUREAU | {Role.DISTRICT})),
        "standing": standing.lines_of(row, recruits, user, on, pack_of(user)),
        "standing_cases": StandingCase.objects.visible_to(user)
        .standing(on)
        .filter(station=row)
        .select_related("matter", "clock", "sheet__evaluation")
        .order_by("-pk"),
        "sheets": sheets_of(row, user, on),
    }


def sheets_of(row: Station, user, on) -> list[tuple]:
    """The evaluations of a station by the day: each with the shape and the words of its result, or of its step then."""
    sheets = Sheet.objects.visible_to(user).as_of(on).filter(station=row)
    lines = []
    for sheet in sheets.select_related("matter", "grade", "evaluation").order_by("-pk"):
        published = sheet.evaluation.published_on
        if sheet.shown_grade and published and published <= on:
            shape, told = "unmet" if sheet.shown_grade.failing else "done", sheet.shown_grade
        else:
            shape, told = "doing", SheetStatus(sheet.status_then or sheet.status).label
        lines.append((sheet, shape, told))
    return lines


def roles_at(user, row: Station):
    return user.roles_for(organisation_id=row.matter.organisation_id, district_id=row.matter.district_id)


def label_of(event):
    """What an event of a station is called; of a dated row, with what kind of row it is."""
    label = lifecycle.station.actions.get(event.action) or ledger.WRITTEN.get(event.action, event.action)
    kind = ledger.KINDS.get(event.details.get("kind"))
    return f"{label} · {kind.label}" if kind else label


def move(request, number, action):
    """End a station: with the paper that says so. An upgrade comes by itself with the higher station."""
    row = get_object_or_404(Station.objects.visible_to(request.user), matter__number=number)
    if action == "upgrade":
        raise Http404
    return steps.take(request, lifecycle.station, row, action)
