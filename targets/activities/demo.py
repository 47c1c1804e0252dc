"""The demonstration's activities: those held, with who came, and what is planned next."""

from datetime import date

from portal.demo import Story
from portal.models import Organisation, Role
from stations.models import Enterprise, University
from targets.activities import actions
from targets.activities.lifecycle import cycle
from targets.activities.models import Activity, ActivityKind, Participant

CAME = 4  # lines of each sign-in list


def tell(story: Story) -> None:
    told = story.plot.get("activities")
    if not told:
        return
    kinds = {kind.code: kind for kind in ActivityKind.objects.filter(pack=story.pack)}
    bureau = Organisation.objects.get(pack=story.pack, kind=Organisation.Kind.BUREAU)
    by = story.people[Role.BUREAU_HANDLER]
    rows = [activity(kinds, bureau, story.on, **row) for row in told]
    made = actions.planned(rows, [story.pack.root] * len(rows), by=by, on=story.on)
    for row in made:
        if row.held_on is None:
            cycle.move(row, "publish", by=by, on=story.on)
    came(story, [row for row in made if row.held_on], by)


def activity(kinds, bureau, today: date, kind: str, name: str, day: date, place: str, came=None) -> Activity:
    """One of the plot: what lies before today was held. `came` are units, universities, postdocs, intentions, signed."""
    row = Activity(
        kind=kinds[kind], name=f"{name}（演示）", since=day, until=day, venue=place, organiser=bureau,
        held_on=day if day <= today else None, about="演示数据：活动安排以正式通知为准。",
    )  # fmt: skip
    if came and row.held_on:
        row.enterprises, row.universities, row.postdocs, row.intentions, row.signed = came
        row.result = "演示数据：双方交换需求清单，会后逐项跟进。"
    return row


def came(story: Story, held: list[Activity], by) -> None:
    """Enterprises and universities of the city in turn, written down at once."""
    place = Enterprise.objects.filter(organisation__district__up__ancestor=story.pack.root).order_by("pk")
    units = list(place.select_related("organisation")[: 3 * CAME])
    schools = list(University.objects.filter(pack=story.pack).order_by("pk")[: 2 * CAME])
    lines = []
    for n, row in enumerate(held):
        mine = {units[(n + k) % len(units)].pk: units[(n + k) % len(units)] for k in range(CAME)} if units else {}
        lines += [
            Participant(
                activity=row, kind="station", unit=u.organisation.name, organisation=u.organisation, people=2, by=by
            )
            for u in mine.values()
        ]
        theirs = (
            {schools[(n + k) % len(schools)].pk: schools[(n + k) % len(schools)] for k in range(2)} if schools else {}
        )
        lines += [
            Participant(activity=row, kind="university", unit=s.name, university=s, people=1, by=by)
            for s in theirs.values()
        ]
    Participant.objects.bulk_create(lines)
