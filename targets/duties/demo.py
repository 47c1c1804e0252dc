"""The demonstration's work list: every period of the year, most of the past ones confirmed, a few on their way."""

from datetime import timedelta

from portal.demo import MARK, Story
from portal.lifecycle import Past
from portal.models import Organisation, Role, User
from targets.duties import actions, lifecycle
from targets.duties.models import Duty, Occurrence, OccurrenceStatus
from targets.duties.periods import Period

S = OccurrenceStatus
NOTE = {"progress": "演示数据：已按要求完成，材料存档。"}


def tell(story: Story) -> None:
    plot = story.plot.get("duties") or {}
    missed = {tuple(pair) for pair in plot.get("late", [])}

    def past(duty: Duty, period: Period) -> tuple[Past, ...]:
        """What was due before today was done in time, but for a few."""
        if not period.due_on or period.due_on >= story.on or (duty.code, period.key) in missed:
            return ()
        reported = max(period.since, period.due_on - timedelta(6))
        confirmed = max(period.since, period.due_on - timedelta(2))
        return (Past("report", S.REPORTED, reported, NOTE), Past("confirm", S.CONFIRMED, confirmed, NOTE))

    for code, name in (plot.get("reporters") or {}).items():
        reporter(story, code, name)
    actions.generate(story.pack, on=story.on, past=past, by=story.people[Role.BUREAU_HANDLER])
    for told in plot.get("under_way", []):
        under_way(story, **told)


def reporter(story: Story, code: str, name: str) -> None:
    """An account of a department that leads something."""
    office = Organisation.objects.get(pack=story.pack, code=code)
    story.person(
        story.person_name() + MARK, Role.REPORTER,
        username=f"{story.pack.prefix.lower()}-reporter-{name}", district=story.pack.root, organisation=office,
    )  # fmt: skip


def under_way(story: Story, duty: str, period: str, by: str, note: str, reported: bool = False) -> None:
    row = Occurrence.objects.select_related("matter", "duty", "lead").get(
        duty__pack=story.pack, duty__code=duty, period=period
    )
    who = User.objects.get(username=f"{story.pack.prefix.lower()}-{by}")
    if reported:
        lifecycle.cycle.move(row, "report", by=who, on=story.on, details={"progress": f"演示数据：{note}"})
    else:
        actions.add_progress(row, note=f"演示数据：{note}", by=who, on=story.on)
