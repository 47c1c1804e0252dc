"""What each district was given of a target."""

from decimal import Decimal

from portal.demo import Story
from portal.models import District, Role
from targets.models import Indicator, Target
from targets.plans import actions


def tell(story: Story) -> None:
    if "indicator" not in story.plot:
        return
    shares = {story.plot["indicator"]: {code: d["target"] for code, d in story.plot["districts"].items()}}
    for code, numbers in (shares | story.plot.get("shares", {})).items():
        indicator = Indicator.objects.get(pack=story.pack, code=code)
        whole = Target.objects.filter(indicator=indicator, district=story.pack.root).latest("on")
        parts = {District.objects.get(code=place): Decimal(number) for place, number in numbers.items()}
        by = story.people[Role.BUREAU_APPROVER]
        actions.share_out(indicator, whole.on, parts, by=by, reason="演示：年初任务分解")
