"""Invented visits: most of those who came within two years were visited, in some districts fewer, some too long ago."""

from datetime import date, timedelta

from portal.demo import MARK, Story
from portal.models import Role
from postdocs.stays.models import Stay
from postdocs.visits import actions
from postdocs.visits.models import Visit
from stations.models import Station, StationStatus

FOUND = ("工作顺利，实验设备已到位。", "担心孩子入学，已说明办理办法。", "租房合同年底到期，想住人才公寓。")


def tell(story: Story) -> None:
    random, on = story.random, story.on
    rows = Stay.objects.filter(
        matter__organisation__demo=True, matter__district__up__ancestor=story.pack.root, withdrawn_on=None,
        entered_on__gt=on - timedelta(730), entered_on__lt=on - timedelta(30),
    ).select_related("matter__district", "station")  # fmt: skip
    visits = []
    for stay in rows.order_by("entered_on", "pk"):
        officer = story.officers.get(stay.matter.district.code)
        if (
            officer is None
            or stay.entered_on is None
            or random.random() > (0.45 if stay.matter.district_id % 3 == 0 else 0.85)
        ):
            continue
        day: date = max(stay.entered_on + timedelta(20), on - timedelta(random.randrange(10, 520)))
        visits.append(
            Visit(
                stay=stay, district=stay.matter.district, visited_on=day, visitors=officer.name, by=officer,
                note=random.choice(FOUND), recorded_on=day,
            )
        )  # fmt: skip
    Visit.objects.bulk_create(visits)
    to_a_station(story)


def to_a_station(story: Story) -> None:
    """One visit to a station, by the bureau and the district together."""
    station = (
        Station.objects.filter(
            matter__organisation__demo=True, matter__district__up__ancestor=story.pack.root, status=StationStatus.VALID
        )
        .select_related("matter__district", "matter__organisation")
        .order_by("approved_on", "pk")
        .first()
    )
    if station:
        day = story.back(12)
        actions.record(
            [station], by=story.people[Role.BUREAU_HANDLER], on=day, visited_on=day,
            visitors=f"{story.people[Role.BUREAU_HANDLER].name}、区镇经办{MARK}",
            note="博士后招收放缓，希望对接材料方向的流动站。", promised="两周内请两所高校来单位",
        )  # fmt: skip
