"""Invented selections, of every programme of the city some."""

from datetime import timedelta
from decimal import Decimal

from portal.demo import Story
from portal.models import Role
from postdocs.selections.models import Programme, Selection
from postdocs.stays.models import Stay

EACH = 4


def tell(story: Story) -> None:
    stays = Stay.objects.inside(story.on).filter(
        matter__organisation__demo=True, matter__district__up__ancestor=story.pack.root,
        entered_on__lte=story.on - timedelta(200),
    )  # fmt: skip
    stays = list(stays.select_related("matter", "station").order_by("-entered_on", "pk"))
    by, rows = story.people[Role.BUREAU_HANDLER], []
    for programme in Programme.objects.filter(pack=story.pack).order_by("order", "pk"):
        for stay in stays[len(rows) : len(rows) + EACH]:
            on = stay.entered_on + timedelta(150)
            personal = programme.kind in Programme.PERSONAL
            waits = len(rows) % 5 == 4
            rows.append(
                Selection(
                    programme=programme, station=stay.station, stay=stay, year=on.year, listed_on=on,
                    project="" if personal else stay.topic, document="演示入选名单",
                    rank=programme.ranks[len(rows) % len(programme.ranks)] if programme.ranks else "",
                    amount=Decimal(80000) if programme.kind == Programme.Kind.FUND else None,
                    organisation_id=stay.matter.organisation_id, district_id=stay.matter.district_id, by=by,
                    confirmed_by=None if waits else by, confirmed_on=None if waits else on,
                )
            )  # fmt: skip
    Selection.objects.bulk_create(rows)
