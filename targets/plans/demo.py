"""The targets' part of the demonstration: what each district was given."""

from portal.demo import Story
from portal.models import District, Role
from portal.rules import amend
from targets.models import Indicator, Target


def tell(story: Story) -> None:
    if "indicator" not in story.plot:
        return
    indicator = Indicator.objects.get(pack=story.pack, code=story.plot["indicator"])
    whole = Target.objects.filter(indicator=indicator, district=story.pack.root).latest("on")
    for code, numbers in story.plot["districts"].items():
        district = District.objects.get(code=code)
        target = Target(pack=story.pack, indicator=indicator, district=district, on=whole.on)
        amend(
            target,
            {"value": numbers["target"]},
            key=f"{indicator.code} {code} {whole.on}",
            by=story.people[Role.BUREAU_APPROVER],
            reason="演示：年初任务分解",
        )
