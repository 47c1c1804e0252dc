"""The demonstration's years of recruits, and a radar on which every step can be seen."""

from datetime import date, timedelta
from decimal import Decimal

from portal.models import Role
from stations.models import ENDED, Recruits, StandingCase, Station
from stations.standing import actions, clocks, lifecycle

YEARS = 6  # years back that are told
# What the oldest stations say of the last full years, the last first; None: nobody has said.
PATTERNS = (
    (0, 0, 2), (0, 0, 0, 1), (0, 0, 0, 2), (0, 0, 1), (0, 0, 0, 1), (0, 0, 0, 1), (0, 0, 0, 0, 1), (0, None, 0, 1),
    (None, None, None), (0, 2), (0, 0, 1), (0, 0, 0, 1),
)  # fmt: skip


def count(teller) -> None:
    """A row for every year of every station; few are told as the patterns say."""
    story = teller.story
    stations = list(of_city(story).order_by("approved_on", "pk"))
    counted = kinds_counted(story)
    old = [s for s in stations if s.approved_on.year < story.on.year - YEARS and s.kind in counted]
    patterns = {s.pk: PATTERNS[n] for n, s in enumerate(old[: len(PATTERNS)])}
    rows = []
    for number, station in enumerate(stations):
        pattern = patterns.get(station.pk, ())
        for back in range(YEARS + 1):
            year = story.on.year - back
            told: int | None = 1 + (number + back) % 3
            if 0 < back <= len(pattern):
                told = pattern[back - 1]
            elif back == 0 and pattern:
                told = None
            if told is not None and year >= station.approved_on.year:
                rows.append(row_of(teller, station, year, told, confirmed=number % 4 != 1 or back > 1))
    Recruits.objects.bulk_create(rows)


def row_of(teller, station: Station, year: int, told: int, *, confirmed: bool) -> Recruits:
    until = min(date(year, 12, 31), teller.story.on - timedelta(20))
    by = teller.maker if confirmed else None
    return Recruits(
        station=station, year=year, entered=told, present=told + 1 if until.month == 12 else None, counted_on=until,
        pay=None if not told or until.month < 12 or station.pk % 5 == 2 else Decimal(165000 if station.pk % 9 == 4 else 205000),
        source="演示：备案表", recorded_on=until, by=by, confirmed_by=by, confirmed_on=until if by else None,
    )  # fmt: skip


def of_city(story):
    in_city = Station.objects.filter(matter__organisation__demo=True, matter__district__up__ancestor=story.pack.root)
    return in_city.exclude(status__in=ENDED).select_related("matter__district", "enterprise__organisation")


def kinds_counted(story) -> list[str]:
    """The kinds of stations that the city's clock of idle years runs for."""
    clock = next((c for c in clocks.clocks_of(story.pack, story.on) if c.code == "idle"), None)
    return [k for c in clock.criteria.all() if c.fact == "kind" for k in c.value] if clock else []


def tell(teller) -> None:
    """Some of what is due is under way: a reminder, rectifications at their stages, one that is to lose its plate."""
    story = teller.story
    found = clocks.with_years([r for r in clocks.readings(of_city(story), story.pack, story.on) if r.state == "due"])
    found = [r for r in found if r.clock.code == "idle"]
    ripe = [r for r in found if r.next.rank > 1 and not r.clock.assumed]
    soft = [r for r in found if r not in ripe]
    for reading in soft[:1]:
        warn(teller, reading)
    for reading, upto in zip(ripe[1:], ("rectify", "report", "propose"), strict=False):
        rectify(teller, reading, upto)
    failed = StandingCase.objects.filter(clock__pack=story.pack, status="rectifying").exclude(sheet=None)
    for case in failed.order_by("pk")[:1]:
        undertake(teller, case, done=False)


def warn(teller, reading) -> None:
    note = "连续两年没有备案进站，请制定招收计划；需要对接高校的请联系区镇。"
    actions.begin(
        reading.station, reading.clock, "warn", by=teller.maker, on=teller.story.back(15), note=note
    )  # fmt: skip


def rectify(teller, reading, upto: str) -> None:
    story = teller.story
    until = actions.proposed_until(reading, story.on)
    case = actions.begin(
        reading.station, reading.clock, "rectify", by=teller.approver, on=story.back(60),
        note="连续三年没有备案进站，第四年为整改期。", details={"until": until.isoformat()},
    )  # fmt: skip
    officer = story.officers[case.matter.district.code]
    actions.opine(case, verdict=True, note="走访过，单位有招收意愿，同意整改。", by=officer, on=story.back(55))
    undertake(teller, case, done=upto == "report")
    if upto == "report":
        by = handler_of(case)
        lifecycle.cycle.move(case, "report", by=by, on=story.back(5), note="已与两所高校签约，一名博士后拟年内进站。")
    elif upto == "propose":
        lifecycle.cycle.move(
            case, "propose", by=teller.maker, on=story.back(4), note="单位书面说明不再开展博士后工作。"
        )


def handler_of(case: StandingCase):
    return case.station.enterprise.organisation.appointments.filter(role=Role.HANDLER).first().user


def undertake(teller, case: StandingCase, *, done: bool) -> None:
    story, by = teller.story, handler_of(case)
    for text, days in (("与对口流动站签订联合招收协议", 30), ("落实一名博士后的项目和经费", 45)):
        first = story.back(50)
        row = actions.undertake(case, text=text, due_on=first + timedelta(days), by=by, on=first)
        if done or "协议" in text:
            last = min(first + timedelta(days), story.back(6))
            actions.accomplish(row, done_on=last, result="已完成，见合同", by=by, on=story.back(6))
