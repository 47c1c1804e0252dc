"""The demonstration's last quarter: most districts confirmed, some handed in, one sent back, some late; and what was
recorded after the first of them was frozen, as the nights knew it."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from portal.demo import Story
from portal.lifecycle import Past
from portal.models import Notice, ReturnItem, Role
from postdocs.outcomes import actions as outcomes
from postdocs.outcomes import lifecycle as outcome_life
from postdocs.outcomes.demo import Teller
from postdocs.outcomes.models import Outcome, OutcomeStatus
from postdocs.stays.models import Stay
from targets.models import Indicator, KnownFigure, Plan, Quarter, QuarterlyReturn, ReturnLine
from targets.plans import indicators
from targets.returns import actions
from targets.returns.facts import BEHIND
from targets.returns.known import known_of
from targets.returns.lifecycle import quarterly


def tell(story: Story) -> None:
    plot = story.plot.get("returns") or {}
    plan = Plan.objects.select_related("pack__root").filter(pack=story.pack, code=plot.get("plan", "")).first()
    ends = indicators.quarter_ends(plan, story.on) if plan else []
    if not ends:
        return
    maker = story.people[Role.BUREAU_HANDLER]
    quarter = actions.open_quarter(plan=plan, until=ends[0], by=maker, on=min(day_after(ends[0], 3), story.on))
    rows = list(quarter.returns.select_related("matter", "district").order_by("district__path_order"))
    waiting = recorded(story, rows[0], [plot["waiting"]], ends[0]) if "waiting" in plot else []
    take(quarter, rows)
    for number, row in enumerate(rows):
        at = plot["at"][number % len(plot["at"])]
        handed = story.back(3) if at in ("checking", "returned") else day_after(ends[0], 5 + number % 4)
        bring(story, row, at, handed=min(handed, story.on))
    counted = plan.indicators.select_related("clause__document", "plan").exclude(source__in=["", indicators.REPORTED])
    night(plan, day_after(ends[0], 6), counted)
    for outcome in waiting:
        outcome_life.cycle.move(outcome, "verify", by=story.officers[rows[0].district.code], on=story.back(4))
    recorded(story, rows[0], plot.get("late", []), ends[0], verified=story.back(3))
    night(plan, story.back(2), counted.filter(source="outcome"))
    Notice.objects.filter(matter__kind="quarterly", matter__closed_on__isnull=False).delete()


def day_after(day: date, days: int) -> date:
    return date.fromordinal(day.toordinal() + days)


def take(quarter: Quarter, rows: Iterable[QuarterlyReturn]) -> None:
    """What `actions.take` writes down, for all districts in one pass."""
    chosen, places = actions.counted(quarter.plan), [row.district for row in rows]
    values = indicators.compute(quarter.plan.pack, {i: [quarter.until] for i in chosen})
    figures = indicators.figures(quarter.plan, places, quarter.until, chosen, count=False)
    lines = list(ReturnLine.objects.filter(quarterly__in=rows).select_related("quarterly"))
    for line in lines:
        place = line.quarterly.district_id
        figure = figures[line.indicator_id, place]
        figure.value = values.get((line.indicator_id, place, quarter.until))
        actions.write_down(line, figure)
    ReturnLine.objects.bulk_update(lines, actions.TAKEN)


def bring(story: Story, row: QuarterlyReturn, at: str, *, handed: date) -> None:
    """A return as far as the plot says."""
    if at == "late":
        return
    officer, maker = story.officers[row.district.code], story.people[Role.BUREAU_HANDLER]
    lines = list(row.lines.select_related("indicator").order_by("indicator__order"))
    speak(lines, differs=at in ("returned", "checking"))
    row = quarterly.move(row, "submit", by=officer, on=handed)
    if at == "confirmed":
        quarterly.move(row, "confirm", by=maker, on=min(day_after(handed, 2), story.on))
    elif at == "returned":
        item = ReturnItem(
            target=f"field:{lines[0].indicator.code}",
            label=lines[0].indicator.name,
            code="R07",
            note="演示：多报的一名请附名单",
        )
        quarterly.move(row, "return", by=maker, on=story.back(2), items=[item], note="演示")


def speak(lines: Iterable[ReturnLine], *, differs: bool) -> None:
    """Reasons where a figure is behind; one figure that the district sees otherwise."""
    lines = list(lines)
    for number, line in enumerate(lines):
        if line.state in BEHIND:
            line.why, line.measures = "演示：两家企业材料未齐", "演示：每月上门一次，年底前申报"
        if differs and number == 0:
            line.stated = (line.system or Decimal(0)) + 1
            line.comment = "演示：一名已签约，备案在途"
    ReturnLine.objects.bulk_update(lines, ["stated", "comment", "why", "measures"])


def recorded(
    story: Story, row: QuarterlyReturn, kinds: Iterable[str], until: date, *, verified: date | None = None
) -> list[Outcome]:
    """Outcomes of the quarter's last days in the district of a return: handed in to it, or verified on the day."""
    stays = Stay.objects.filter(
        entered_on__lt=until - timedelta(90), withdrawn_on=None, matter__district=row.district, matter__organisation__demo=True
    )  # fmt: skip
    stays = stays.select_related("person", "matter", "station__matter__district", "station__enterprise__organisation")
    teller, found = Teller(story, list(stays.order_by("-entered_on", "pk")[:3])), []
    teller.count = 9000 + 10 * bool(verified)  # what makes them differ from those that were told before
    for number, kind in enumerate(kinds if teller.stays else ()):
        stay = teller.stays[number % len(teller.stays)]
        values, details = teller.told(kind, stay)
        values["done_on"] = until - timedelta(6 + number)
        outcome = outcomes.made(kind, [(stay, 1)], values=values, details=details, on=verified or day_after(until, 2))
        outcome.status = OutcomeStatus.DISTRICT
        if verified:
            outcome.status, outcome.verified_on = OutcomeStatus.VERIFIED, verified
            outcome.verified_by = story.officers[row.district.code]
        found.append((outcome, [(stay, 1)]))
    past = (Past("verify", OutcomeStatus.VERIFIED, verified, {}),) if verified else ()
    return outcomes.keep(found, by=story.people[Role.BUREAU_HANDLER], past=lambda outcome: past, filed=bool(verified))


def night(plan: Plan, on: date, chosen: Iterable[Indicator]) -> None:
    """What a night keeps: the ends of the months as they are known, where that isn't known already."""
    days = [day for day in indicators.days_of(plan, on) if day < on]
    values = indicators.compute(plan.pack, dict.fromkeys(chosen, days))
    known = known_of(plan)
    KnownFigure.objects.bulk_create(
        (
            KnownFigure(indicator_id=i, district_id=d, on=day, known_on=on, value=value)
            for (i, d, day), value in values.items()
            if known.get((i, d, day)) != value
        ),
        batch_size=2000,
    )
