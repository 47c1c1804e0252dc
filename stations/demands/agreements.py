"""The agreement that a match leads to: kept with the match, and in the register of the enterprise's station."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import uploads
from portal.lifecycle import HAPPENINGS, Refused
from portal.models import Event, Evidence, File, Matter, User
from stations.ledger import rows as ledger
from stations.models import ENDED, Match, MatchStatus, Partner, Station

SLOT = "agreement"
ADDED = "agreement_added"
HAPPENINGS[ADDED] = gettext_lazy("补充协议")


@transaction.atomic
def keep(match: Match, *, upload, until: date | None, by: User, on: date) -> Match:
    """Keep the agreement of a match that is signed: its paper, the day on which it is over. Where the enterprise has a
    station it becomes a row of that station's partners, or is found there. Raises Refused, uploads.BadFile."""
    match = Match.objects.select_for_update(of=("self",)).select_related("matter", "demand", "flow").get(pk=match.pk)
    file = None
    if upload:
        file = uploads.store(upload, organisation=match.demand.enterprise.organisation, by=by)
        Evidence.objects.get_or_create(
            matter=match.matter, slot=SLOT, file=file, removed_at=None, defaults={"added_by": by}
        )
    match.agreed_until = until
    if station := station_of(match):
        match.partner = registered(match, station, file=file, by=by, on=on)
    match.save(update_fields=["agreed_until", "partner"])
    return match


def wanting(match: Match) -> set[str]:
    """What the agreement of a signed match still lacks: its paper, its last day."""
    if match.status not in (MatchStatus.SIGNED, MatchStatus.ENTERED):
        return set()
    paper = Evidence.objects.filter(matter=match.matter_id, slot=SLOT, removed_at=None).exists()
    return ({"upload"} if not paper else set()) | ({"until"} if match.agreed_until is None else set())


@transaction.atomic
def add(match: Match, *, upload, until: date | None, by: User, on: date) -> Match:
    """What was not at hand on signing is added, each once; what is there is not replaced. Raises Refused,
    uploads.BadFile."""
    matter = Matter.objects.select_for_update().get(pk=match.matter_id)
    match = Match.objects.select_for_update(of=("self",)).get(pk=match.pk)
    given = {name for name, value in (("upload", upload), ("until", until)) if value}
    if not given:
        raise Refused(_("请选协议文件，或填协议的最后一天。"))
    if given - wanting(match):
        raise Refused(_("这个对接的协议已经登记，不能更换。请看现在的内容。"))
    if until and match.signed_on and until <= match.signed_on:
        raise Refused(_("协议的最后一天不能早于签约日期。"))
    match = keep(match, upload=upload, until=until or match.agreed_until, by=by, on=on)
    event = Event(matter=matter, round=matter.round, action=ADDED, source=matter.status, target=matter.status)
    event.on, event.by = on, by
    event.note = _("有效期至 %(day)s") % {"day": until - timedelta(1)} if until else ""
    event.save()
    return match


def station_of(match: Match) -> Station | None:
    """The station that works with the flow station: the one the demand names, or the enterprise's newest."""
    rows = Station.objects.filter(enterprise=match.demand.enterprise_id).exclude(status__in=ENDED)
    named = rows.filter(pk=match.demand.station_id).first() if match.demand.station_id else None
    return named or rows.order_by("-approved_on", "-pk").first()


def registered(match: Match, station: Station, *, file: File | None, by: User, on: date) -> Partner:
    """The row of the agreement among the station's partners: the one that is there for these days, or a new one. A row
    that lacks the paper gets it."""
    ledger.lock(station, None)
    name, signed_on = match.flow.discipline_name, match.signed_on
    assert signed_on is not None
    same = Partner.objects.filter(
        Q(until=None) | Q(until__gt=signed_on),
        station=station,
        university=match.flow.university.name,
        flow_station__in=[name, f"{name}流动站", f"{name}博士后流动站"],
    )
    if match.agreed_until:
        same = same.filter(since__lt=match.agreed_until)
    row = same.order_by("since", "pk").first()
    if row is None:
        row = Partner(station=station, university=match.flow.university.name, flow_station=name)
        row.since, row.until = signed_on, match.agreed_until
    elif row.file_id or file is None:
        return row
    try:
        ledger.keep(ledger.KINDS["partner"], row, by=by, on=on, file=file)
    except ValidationError as wrong:
        raise Refused(" ".join(wrong.messages)) from wrong
    return row


@dataclass(frozen=True)
class Told:
    """What a page says of an agreement; `station` where the reader may open it."""

    file: File | None
    last: date | None
    station: Station | None


def told(match: Match, user: User) -> Told | None:
    """None where nothing was sent with the signing."""
    cited = Evidence.objects.filter(matter=match.matter_id, slot=SLOT, removed_at=None).select_related("file").first()
    last = match.agreed_until - timedelta(1) if match.agreed_until else None
    if not (cited or last):
        return None
    station = None
    if match.partner_id:
        station = Station.objects.visible_to(user).filter(partners=match.partner_id).select_related("matter").first()
    return Told(cited.file if cited else None, last, station)
