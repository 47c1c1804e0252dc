"""The demonstration's reported figures: the ends of the years, and the quarters of the last one. All invented."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils.timezone import make_aware

from portal.demo import Story
from portal.models import Role
from targets.models import Indicator, Plan, Reading
from targets.plans.indicators import REPORTED, Kind

SHARES = (
    Decimal("0.96"),
    Decimal("1.01"),
    Decimal("0.98"),
    Decimal("1.04"),
    Decimal("0.91"),
)  # of what was to be reached
QUARTERS = ((3, 31), (6, 30), (9, 30), (12, 31))


def tell(story: Story) -> None:
    plot = story.plot.get("readings")
    plan = Plan.objects.filter(pack=story.pack, code=plot["plan"]).first() if plot else None
    if plan is None:
        return
    rows = []
    told = plot.get("values", {})
    for number, indicator in enumerate(plan.indicators.filter(source=REPORTED).order_by("order", "pk")):
        targets = dict(indicator.targets.filter(district=story.pack.root).values_list("on", "value"))
        found = figures(indicator, targets, SHARES[number % len(SHARES)], story.on)
        if indicator.code in told:
            ends = (date(plan.until.year, month, day) for month, day in QUARTERS)
            found = ((on, Decimal(str(n))) for on, n in zip(ends, told[indicator.code], strict=True) if on < story.on)
        rows += [reading(story, indicator, on, value, plan) for on, value in found]
    Reading.objects.bulk_create(rows)


def figures(indicator: Indicator, targets: dict[date, Decimal], share: Decimal, today: date):
    """(day, value) of each year's end, and of the quarters of the last year."""
    days = sorted(targets)
    for number, on in enumerate(days):
        reached = [targets[on] * share]
        ends = [on]
        if on == days[-1]:
            ends = [date(on.year, month, day) for month, day in QUARTERS]
            before = targets[days[number - 1]] * share if number else reached[0]
            whole = reached[0]
            steps = [Decimal(n) / 4 for n in (1, 2, 3, 4)]
            from_zero = indicator.kind in (Kind.FLOW, Kind.VALUE)
            reached = [whole * s if from_zero else before + (whole - before) * s for s in steps]
        for end, value in zip(ends, reached, strict=True):
            if end < today:
                yield end, round(value, indicator.decimals)


def reading(story: Story, indicator: Indicator, on: date, value: Decimal, plan: Plan) -> Reading:
    target = indicator.targets.filter(district=story.pack.root, on=on).first() if on == plan.until else None
    behind = target is not None and value < target.value
    return Reading(
        indicator=indicator,
        district=story.pack.root,
        on=on,
        value=value,
        source="演示数据",
        why="演示：企业申报集中在下半年" if behind else "",
        measures="演示：按季调度，逐家服务" if behind else "",
        by=story.people[Role.REPORTER],
        reported_at=make_aware(datetime.combine(on + timedelta(8), time(10, 0))),
    )
