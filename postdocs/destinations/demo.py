"""Invented destinations of the stays that were told as settled, and what follow-ups found."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from portal.demo import MARK, Story
from portal.models import Role
from postdocs.destinations.due import due_day, months_of
from postdocs.destinations.models import AWAY, FIRMS, IN_CITY, Destination, DestinationType, FollowUp
from postdocs.stays.models import Stay, StayStatus

T = DestinationType
WENT = {T.HOST: 46, T.CITY_FIRM: 14, T.CITY_ACADEMY: 6, T.STARTUP: 4, T.AWAY_FIRM: 8, T.AWAY_UNIVERSITY: 10,
        T.ABROAD: 3, T.SECOND: 3, T.BACK: 3, T.OTHER: 3}  # fmt: skip
SETTLED_AFTER = 20  # days after the exit


def tell(story: Story) -> None:
    random = Random(story.random.random())
    found = Stay.objects.filter(
        status__in=(StayStatus.SETTLED, StayStatus.LEFT), matter__district__up__ancestor=story.pack.root
    ).order_by("pk")
    rows = list(found)
    Destination.objects.bulk_create(destination(story, row, random) for row in rows if row.status == StayStatus.SETTLED)
    months, on = months_of(story.pack), story.on
    FollowUp.objects.bulk_create(
        follow_up(story, row, n, random)
        for row in rows
        for n in months
        if due_day(row, n) <= on - timedelta(12) and random.random() < 0.82
    )


def destination(story: Story, row: Stay, random: Random) -> Destination:
    kind = random.choices(list(WENT), list(WENT.values()))[0]
    firm, startup = kind in FIRMS, kind == T.STARTUP
    left: date = row.ended_on or story.on
    home = story.pack.root.gb_code
    return Destination(
        stay=row,
        type=kind,
        in_city=True if kind in IN_CITY else False if kind in AWAY else None,
        unit="" if kind in (T.HOST, T.STARTUP, T.ABROAD, T.OTHER) else f"某单位{MARK}",
        region=home if kind in IN_CITY else "310115" if kind in (T.AWAY_FIRM, T.AWAY_UNIVERSITY) else "",
        contract_since=left if firm else None,
        contract_years=Decimal(random.choice((3, 3, 5))) if firm else None,
        full_time=True if firm else None,
        company=f"创办企业{MARK}" if startup else "",
        share=Decimal(random.choice((20, 35, 51))) if startup else None,
        registered_on=left if startup else None,
        by=story.people[Role.BUREAU_HANDLER],
        told_on=min(left + timedelta(SETTLED_AFTER), story.on),
    )


def follow_up(story: Story, row: Stay, months: int, random: Random) -> FollowUp:
    day = due_day(row, months) + timedelta(random.randrange(2, 12))
    answer = random.choices((True, False, None), (72, 18, 10))[0]
    return FollowUp(
        stay=row, months=months, checked_on=day, in_city=answer, source=random.choice(FollowUp.Source.values),
        by=story.officers.get(row.matter.district.code), recorded_on=day,
    )  # fmt: skip
