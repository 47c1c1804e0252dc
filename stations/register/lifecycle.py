"""The life of a station, from the paper that approves it to the one that ends it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext

from portal.bulk import attach, maker, pour
from portal.lifecycle import Birth, Lifecycle, Past, Refused, Stage, Transition, open_matters
from portal.models import District
from portal.models.people import BUREAU
from stations.models import (
    ENDED,
    LEVELS,
    Application,
    CancelGround,
    Enterprise,
    MainStation,
    Station,
    StationKind,
    StationStatus,
)
from stations.register import facts
from stations.roles import APPROVER, PAPER
from stations.standing import actions as standing


@dataclass(frozen=True)
class Entry:
    """A station to be entered in the register, by the paper that approved it. `name`: where it bears one of its own.
    `ended_on`: it ended long ago, by the paper named beside."""

    enterprise: Enterprise
    kind: StationKind
    approved_on: date
    document: str
    approver: str
    district: District
    application: Application | None = None
    name: str = ""
    chain_id: int | None = None
    ended_on: date | None = None
    end_document: str = ""
    end_ground: str = ""

    @property
    def past(self) -> tuple[Past, ...]:
        if self.ended_on is None:
            return ()
        details = {"document": self.end_document, "document_on": str(self.ended_on), "ground": self.end_ground}
        return (Past("cancel", StationStatus.CANCELLED, self.ended_on, details),)


def enter_station(enterprise, *, by, **values) -> Station:
    """Enter a station in the register; a valid base of the same enterprise is thereby upgraded."""
    return enter_stations([Entry(enterprise, **values)], by=by)[0]


BASES = (StationKind.BASE_PROVINCIAL, StationKind.BASE_CITY)


def enter_stations(entries: Sequence[Entry], *, by) -> list[Station]:
    """Enter many, in their order: a base that stands before the national station of the same enterprise is upgraded."""
    made: list[Station] = []
    waiting: list[Entry] = []
    bases: set[int] = set()  # enterprises with a base among those that wait
    for entry in entries:
        if entry.kind == StationKind.NATIONAL and entry.enterprise.pk in bases:
            made += written(waiting, by=by)
            waiting, bases = [], set()
        waiting.append(entry)
        if entry.kind in BASES:
            bases.add(entry.enterprise.pk)
    return made + written(waiting, by=by)


def written(entries: Sequence[Entry], *, by) -> list[Station]:
    lower = upgraded(entries, by=by)
    titles = {}
    for language in ("zh-hans", "en"):
        with override(language):
            pattern, kinds = pgettext("站名", "%(enterprise)s%(kind)s"), {e.kind: str(e.kind.label) for e in entries}
            titles[language] = [pattern % {"enterprise": e.enterprise, "kind": kinds[e.kind]} for e in entries]
    names = [e.name or title for e, title in zip(entries, titles["zh-hans"], strict=True)]
    births = [
        Birth(name, e.enterprise.organisation, e.district, e.approved_on, "" if e.name else title_en, e.past)
        for e, name, title_en in zip(entries, names, titles["en"], strict=True)
    ]
    matters = open_matters(station, StationStatus.VALID, births, series="WS", by=by, filed=True)
    new_station, made = maker(Station), []
    for n, (e, name, matter) in enumerate(zip(entries, names, matters, strict=True)):
        station_ = new_station(
            name=name,
            kind=e.kind,
            level=LEVELS[e.kind],
            chain_id=e.chain_id or e.enterprise.chain_id,
            approved_on=e.approved_on,
            approval_document=e.document,
            approver=e.approver,
            application_id=e.application and e.application.pk,
            upgraded_from_id=lower[n].pk if n in lower else None,
            status=matter.status,
            ended_on=e.ended_on,
            end_document=e.end_document,
            end_ground=e.end_ground,
        )
        attach(station_, matter=matter, enterprise=e.enterprise)
        made.append(station_)
    return pour(made)


def upgraded(entries: Sequence[Entry], *, by) -> dict[int, Station]:
    """The bases that national stations among these raise, moved on; by the place of the entry in the list."""
    national = {e.enterprise.pk for e in entries if e.kind == StationKind.NATIONAL}
    standing: dict[int, list[Station]] = {}
    for base in (
        Station.objects.filter(enterprise__in=national, kind__in=BASES).exclude(status__in=ENDED).order_by("pk")
        if national
        else ()
    ):
        standing.setdefault(base.enterprise_id, []).append(base)
    lower = {}
    for n, entry in enumerate(entries):
        if entry.kind == StationKind.NATIONAL and (bases := standing.get(entry.enterprise.pk)):
            details = {"document": entry.document, "document_on": str(entry.approved_on)}
            lower[n] = station.move(bases.pop(0), "upgrade", by=by, on=entry.approved_on, details=details)
    return lower


def end_station(subject, *, by, on, details):
    """The station ends on the date of the paper that says so. Raises Refused on an impossible date."""
    ended_on = date.fromisoformat(details["document_on"])
    if ended_on > on:
        raise Refused(_("文件日期 %(day)s 在今天之后，请核对文件上的日期。") % {"day": ended_on})
    if ended_on < subject.approved_on:
        raise Refused(
            _("文件日期 %(day)s 早于批准日期 %(approved)s，请核对文件上的日期。")
            % {"day": ended_on, "approved": subject.approved_on}
        )
    branches = MainStation.objects.filter(Q(until=None) | Q(until__gt=ended_on), main=subject)
    if names := [str(row.station) for row in branches.select_related("station__matter").order_by("pk")[:3]]:
        text = _("还有分站属于这个总站：%(names)s。请先登记它们转到哪个总站，或办理分站的注销。")
        raise Refused(text % {"names": _("、").join(names)})
    subject.ended_on, subject.end_document = ended_on, details["document"]
    standing.station_ended(subject, on=on, details=details)


def cancel_station(subject, *, by, on, details):
    """The station ends for a ground of the list; a main station only once no branch belongs to it."""
    if details["ground"] not in CancelGround.values:
        raise Refused(_("请从列表里选注销原因。"))
    end_station(subject, by=by, on=on, details=details)
    subject.end_ground = details["ground"]


station = Lifecycle(
    "station",
    _("博士后工作站"),
    url="stations:station",
    vocabulary=facts.station,
    stages={
        StationStatus.VALID: Stage(_("有效"), outside=True),
        StationStatus.PAUSED: Stage(_("暂停"), outside=True),
        StationStatus.UPGRADED: Stage(_("已升格")),
        StationStatus.CANCELLED: Stage(_("已注销")),
    },
    transitions=[
        Transition("pause", StationStatus.VALID, StationStatus.PAUSED, BUREAU, _("暂停"), note_needed=True),
        Transition("resume", StationStatus.PAUSED, StationStatus.VALID, BUREAU, _("恢复")),
        *(
            Transition("upgrade", source, StationStatus.UPGRADED, BUREAU, _("升格"), effect=end_station, needs=PAPER)
            for source in (StationStatus.VALID, StationStatus.PAUSED)
        ),
        *(
            Transition(
                "cancel",
                source,
                StationStatus.CANCELLED,
                APPROVER,
                _("注销"),
                effect=cancel_station,
                needs=(("ground", _("注销原因")), *PAPER),
                note_needed=True,
            )
            for source in (StationStatus.VALID, StationStatus.PAUSED)
        ),
    ],
)
