"""Builders of returns: a plan with its quarter opened, brought as far as a test needs it."""

from datetime import date

from portal.models import ReturnItem, Role
from targets.models import Indicator, Plan, QuarterlyReturn, ReturnLine
from targets.returns import actions
from targets.returns.lifecycle import quarterly
from tests import make

UNTIL = date(2026, 6, 30)
ON = date(2026, 7, 5)


def level(place, plan: Plan | None = None, **values) -> Indicator:
    """Valid stations of a plan that has no other indicator."""
    return make.indicator(plan or make.plan(place), place, **({"code": "ST"} | values))


def opened(place, who, plan: Plan, *, until: date = UNTIL, on: date = ON) -> QuarterlyReturn:
    """The return of the north, of a quarter just opened."""
    quarter = actions.open_quarter(plan=plan, until=until, by=who[Role.BUREAU_HANDLER], on=on)
    return quarter.returns.get(district=place.north)


def handed_in(row: QuarterlyReturn, who, *, on: date = ON) -> QuarterlyReturn:
    """Whatever is behind has its reason."""
    ReturnLine.objects.filter(quarterly=row).update(why="企业申报晚", measures="逐家上门")
    return actions.submit(row, by=who[Role.DISTRICT], on=on)


def sent_back(row: QuarterlyReturn, who, code: str = "ST", *, on: date = ON) -> QuarterlyReturn:
    item = ReturnItem(target=f"field:{code}", label=code, code="R07", note="与上季不一致")
    return quarterly.move(row, "return", by=who[Role.BUREAU_HANDLER], on=on, items=[item])


def confirmed(row: QuarterlyReturn, who, *, on: date = ON):
    """The frozen version."""
    if row.status == "filling":
        row = handed_in(row, who, on=on)
    row = quarterly.move(row, "confirm", by=who[Role.BUREAU_HANDLER], on=on)
    return row.versions.latest("version")


def again(row: QuarterlyReturn, who) -> QuarterlyReturn:
    """Confirmed once, and open again."""
    row = confirmed(row, who).quarterly
    return quarterly.move(row, "correct", by=who[Role.BUREAU_HANDLER], on=ON, note="漏报")


def one_each(plans: dict[str, Plan], homes: dict) -> dict[str, QuarterlyReturn]:
    """A and B are districts of one city, C lies in another."""
    (here, who), (there, strangers) = homes["A"], homes["C"]
    north = opened(here, who, plans["A"])
    south = north.quarter.returns.get(district=here.south)
    return {
        "A": again(north, who),
        "B": again(south, who | {Role.DISTRICT: who["other_district"]}),
        "C": again(opened(there, strangers, plans["C"]), strangers),
    }
