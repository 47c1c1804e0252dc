"""What tests of standing start from: a clock of a city, a station that has been idle, and a case in a status."""

from datetime import date

from portal.models import Role
from stations.models import Clock, ClockCriterion, ClockStep, Recruits, Remedy, StandingCase, Station
from stations.standing import actions as standing_actions
from stations.standing import lifecycle as standing
from tests import make

ON = make.ON
STEPS = {"warn": (24, None), "rectify": (36, 12), "remove": (48, None)}


def clock(place, code="idle", *, starts="idle_since", steps=STEPS, criteria=(("is_valid", "exact", True),), **values):
    """A clock of this city; by default that of four years without recruits."""
    given = {"title": "连续未招收", "clause": place.clause, "remedy": "有 1 名博士后进站，即重新起算", "ground": "idle"}
    given |= {"since": date(2020, 1, 1)} | values
    row = Clock.objects.create(pack=place.pack, code=code, starts=starts, **given)
    for n, (fact, lookup, value) in enumerate(criteria):
        ClockCriterion.objects.create(clock=row, fact=fact, lookup=lookup, value=value, order=n)
    for n, (kind, (months, rectify)) in enumerate(steps.items()):
        ClockStep.objects.create(clock=row, kind=kind, months=months, rectify_months=rectify, order=n)
    return row


def idle(place, who, *, years=3, owner=None, until=ON.year - 1, **values) -> Station:
    """A station approved five years ago that recruited nobody in the last full years."""
    row = make.station(
        place, who[Role.BUREAU_APPROVER], owner=owner or place.enterprise, approved_on=date(until - 4, 5, 1), **values
    )
    Recruits.objects.bulk_create(
        Recruits(
            station=row, year=year, entered=0 if year > until - years else 1, counted_on=date(year, 12, 31),
            source="测", recorded_on=date(year, 12, 31),
        )
        for year in range(until - 4, until + 1)
    )  # fmt: skip
    return row


UNTIL = {"until": "2026-12-31"}
PAPER = {"document": "测〔2026〕9号", "document_on": ON.isoformat()}


def begun(place, who, action="rectify", *, station=None, rule=None, on=ON, **values) -> StandingCase:
    """A case begun about an idle station by whoever's step it is."""
    by = who[Role.BUREAU_HANDLER] if action == "warn" else who[Role.BUREAU_APPROVER]
    details = {"warn": {}, "rectify": UNTIL, "rectify_by_paper": UNTIL | PAPER}[action]
    station = station or idle(place, who)
    rule = rule or Clock.objects.filter(pack=place.pack).first() or clock(place)
    return standing_actions.begin(station, rule, action, by=by, on=on, note="理由", details=details | values)


def in_status(status: str, place, who, *, assumed=False) -> StandingCase:
    """A case set to a status past every step, from which every step of it could be taken."""
    row = begun(place, who, "warn", rule=clock(place, assumed=assumed))
    given = {"rectify_since": ON, "rectify_by": date(2026, 12, 31)} if status in ("rectifying", "again") else {}
    given |= {"returned_on": ON} if status == "handed" else {}
    StandingCase.objects.filter(pk=row.pk).update(status=status, **given)
    Remedy.objects.create(
        case=row, text="措施", due_on=ON, done_on=ON, result="完成", by=who[Role.HANDLER], added_on=ON
    )
    return StandingCase.objects.select_related("matter", "station", "clock").get(pk=row.pk)


def reminded(place, who, station) -> StandingCase:
    """A reminder past what the clock says, one remedy, and this year as the enterprise told it."""
    rule = Clock.objects.filter(pack=place.pack).first() or clock(place)
    case = standing_actions.new_case(station, by=who[Role.BUREAU_HANDLER], on=ON, clock=rule, ground="idle")
    case = standing.cycle.move(case, "warn", by=who[Role.BUREAU_HANDLER], on=ON, note="理由")
    by = station.matter.organisation.appointments.filter(role=Role.HANDLER).first()
    by = by.user if by else who[Role.HANDLER]
    Remedy.objects.create(case=case, text="措施", due_on=ON, by=by, added_on=ON)
    Recruits.objects.create(station=station, year=ON.year, entered=0, counted_on=ON, source="测", recorded_on=ON)
    return case
