"""What is due next for a station: everything with a day, from every part of the portal, in one list."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.lifecycle import LIFECYCLES
from portal.models import Matter, Pack, Role
from portal.words import localised
from stations.models import (
    Certificate,
    Demand,
    DemandStatus,
    Evaluation,
    EvaluationStatus,
    Measure,
    Partner,
    ResearchOrganisation,
    Station,
)
from stations.standing.clocks import months_after

AHEAD = timedelta(365)  # papers that end later are not listed
D = DemandStatus


@dataclass(frozen=True)
class Due:
    """One thing by its last day; `expected`: nobody has set the day yet, it follows from the last time."""

    on: date
    what: str
    kind: str
    url: str
    expected: bool = False

    def left(self, today: date) -> int:
        return (self.on - today).days


def upcoming(station: Station, user, today: date) -> list[Due]:
    """The nearest first; what is past its day stands at the top."""
    found = [due for part in PARTS for due in part(station, user, today)]
    return sorted(found, key=lambda due: (due.on, due.kind, due.what))


def matters(station: Station, user, today: date) -> Iterator[Due]:
    """Whatever somebody holds with a promised day: applications, sheets, returns, consultations."""
    rows = Matter.objects.visible_to(user).filter(organisation=station.matter.organisation_id, closed_on=None)
    for row in rows.exclude(due_on=None).order_by("due_on", "pk"):
        cycle = LIFECYCLES[row.kind]
        kind = _("%(kind)s · %(stage)s") % {"kind": cycle.label, "stage": cycle.stages[row.status].label}
        what = localised(row, "title")
        if row.holder:
            what = _("%(what)s（轮到%(who)s）") % {"what": what, "who": Role(row.holder).label}
        yield Due(row.due_on, what, kind, reverse(cycle.url, args=[row.number]))


def certificates(station: Station, user, today: date) -> Iterator[Due]:
    """The last certificate of each tag; one that a later one follows is renewed."""
    last: dict[str, Certificate] = {}
    for row in Certificate.objects.filter(enterprise=station.enterprise_id).order_by("since", "pk"):
        last[row.tag] = row
    url = papers_url(station, user)
    for row in last.values():
        if row.until and row.until <= today + AHEAD:
            what = _("%(tag)s证书 %(number)s 到期") % {"tag": row.get_tag_display(), "number": row.number}
            yield Due(row.until - timedelta(1), what, _("资质证书"), url)


def research(station: Station, user, today: date) -> Iterator[Due]:
    rows = ResearchOrganisation.objects.filter(enterprise=station.enterprise_id, until__gt=today)
    for row in rows.filter(until__lte=today + AHEAD).order_by("until", "pk"):
        what = _("研发机构“%(name)s”认定到期") % {"name": row.name}
        yield Due((row.until or today) - timedelta(1), what, _("研发机构"), papers_url(station, user))


def papers_url(station: Station, user) -> str:
    """Where the papers of the enterprise are kept: its own page, or the one that officials have of it."""
    if station.enterprise_id in user.scope.organisations:
        return f"{reverse('stations:certificates_own')}?unit={station.enterprise.organisation.code}"
    return station.enterprise.get_absolute_url()


def agreements(station: Station, user, today: date) -> Iterator[Due]:
    """The last agreement with each flow station; what ended more than a year ago has been let go."""
    last: dict[tuple[str, str], Partner] = {}
    for row in Partner.objects.filter(station=station).order_by("since", "pk"):
        last[row.university, row.flow_station] = row
    for row in last.values():
        if row.until and today - AHEAD < row.until <= today + AHEAD:
            what = _("与%(partner)s的协议到期") % {"partner": row}
            yield Due(row.until - timedelta(1), what, _("合作流动站"), station.get_absolute_url())


def measures(station: Station, user, today: date) -> Iterator[Due]:
    rows = Measure.objects.filter(entry__enterprise=station.enterprise_id, entry__ended_on=None, done_on=None)
    rows = rows.filter(entry__matter__in=Matter.objects.visible_to(user)).select_related("entry__matter")
    for row in rows.order_by("due_on", "pk"):
        what = _("%(text)s（%(owner)s）") % {"text": row.text, "owner": row.get_owner_display()}
        yield Due(row.due_on, what, _("培育措施"), row.entry.get_absolute_url())


def demands(station: Station, user, today: date) -> Iterator[Due]:
    rows = Demand.objects.visible_to(user).filter(
        enterprise=station.enterprise_id, status__in=[D.PUBLISHED, D.TALKING, D.SIGNED]
    )
    for row in rows.select_related("matter").order_by("deadline", "pk"):
        what = _("需求“%(title)s”截止") % {"title": row.title}
        yield Due(row.deadline, what, _("需求"), row.get_absolute_url())


def rounds(station: Station, user, today: date) -> Iterator[Due]:
    """The next round that is to be expected: the last published one's cut-off, a cycle later."""
    root = Pack.objects.above(station.matter.district_id).values("root")[:1]
    rows = Evaluation.objects.filter(matter__district=root).select_related("scheme")
    last = rows.filter(status=EvaluationStatus.PUBLISHED, sheets__station=station).order_by("-cut_off", "-pk").first()
    if last is None:
        return
    on = months_after(last.cut_off, 12 * last.scheme.cycle_years)
    going = rows.filter(cut_off__gt=last.cut_off, scheme__code=last.scheme.code)
    if on is not None and not going.exclude(status=EvaluationStatus.DROPPED).exists():
        what = _("下一轮%(scheme)s预计的截止日") % {"scheme": localised(last.scheme, "title")}
        yield Due(on, what, _("评估"), station.get_absolute_url(), expected=True)


PARTS = (matters, certificates, research, agreements, measures, demands, rounds)
