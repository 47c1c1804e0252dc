"""Two invented differences from the national record: somebody we don't know, somebody it doesn't name."""

from datetime import timedelta

from portal.demo import MARK, Story
from portal.models import Role
from postdocs.filing.actions import note_absent
from postdocs.filing.models import Difference
from postdocs.stays.models import Stay, StayStatus


def tell(story: Story) -> None:
    rows = Stay.objects.filter(status=StayStatus.HERE, matter__district__up__ancestor=story.pack.root)
    stay = rows.select_related("matter__organisation", "person").order_by("pk").last()
    if stay is None:
        return
    by, on = story.people[Role.BUREAU_HANDLER], story.back(6)
    note_absent([stay], by=by, on=on)
    Difference.objects.create(
        kind=Difference.Kind.MISSING_HERE, district=stay.matter.district, name=story.person_name() + MARK,
        committee_number=f"{story.digits}77", entered_on=on - timedelta(60), unit=f"某新材料{MARK}有限公司",
        flow="材料科学与工程", state="在站", by=by, told_on=on,
    )  # fmt: skip
