"""Builders of extensions and changes that were asked for about a stay."""

from datetime import date

from portal.models import Role
from postdocs.inside import actions, lifecycle
from postdocs.inside.models import Asked
from postdocs.models import Stay
from tests import make

ON = make.ON
LONGER = {"planned_until": date(2028, 10, 31), "reason": "还有一轮验证"} | dict.fromkeys(lifecycle.AGREED, ON)
OTHER = {
    "supervisor": {"supervisor_name": "新导师"},
    "topic": {"topic": "新题目"},
    "contract": {"salary": 260000},
    "unit": {"unit_name": "新名称有限公司"},
}
STEPS = {"draft": (), "asked": ("submit",), "filed": ("submit", "file"), "refused": ("submit", "refuse")}
STEPS["dropped"] = ("drop",)


def step(row: Asked, action: str, who, *, on: date = ON, **about) -> Asked:
    by = who[Role.HANDLER if action in ("submit", "drop") else Role.DISTRICT]
    return lifecycle.cycle_of(row).move(row, action, by=by, on=on, note="理由", **about)


def asked(stay: Stay, who, kind: str = "extension", *, at: str = "asked", on: date = ON, paper: bool = True, **values):
    """One brought to a status by the people whose steps they are."""
    given = LONGER if kind == "extension" else {"reason": "需要", "agreed_on": ON, **OTHER.get(kind, {})}
    row = actions.ask(stay, kind, given | values, upload=make.upload() if paper else None, by=who[Role.HANDLER], on=on)
    for action in STEPS[at]:
        row = step(row, action, who, on=on)
    return row
