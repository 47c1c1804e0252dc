"""What duties bring in a pack: the work list, with the units of each."""

from collections.abc import Iterable

from portal.packs import Section, section
from targets.duties.models import Duty, DutyUnit


def check_duty(duty: Duty) -> Iterable[str]:
    if duty.indicator and duty.activity:
        yield "indicator 和 activity 只写一个：数从指标来，或者数这一类活动"


def check_units(duty: Duty) -> Iterable[str]:
    if duty.units.filter(organisation=duty.lead).exists():
        yield "牵头单位不要再写进 units"


section(
    Section(
        "duties",
        Duty,
        ("code",),
        (
            *("code", "no", "group", "group_en", "title", "title_en", "summary", "summary_en", "due", "due_en"),
            *("recurrence", "month", "since", "until", "lead", "everywhere", "others", "others_en", "goal"),
            *("goal_unit", "goal_unit_en", "indicator", "activity", "assumed", "clause"),
        ),
        ordered=True,
        check=check_duty,
        whole=check_units,
        children=(
            Section("units", DutyUnit, ("organisation",), ("organisation", "joint"), owner="duty", ordered=True),
        ),
    )
)
