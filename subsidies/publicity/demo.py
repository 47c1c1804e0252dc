"""Claims that are public today, one of them objected to."""

from portal.demo import Story
from portal.models import Role
from stations.models import Objection
from stations.publicity import actions
from subsidies.claims import lifecycle
from subsidies.claims.models import Claim, ClaimStatus

AGO = 2  # working days since they were approved


def tell(story: Story) -> None:
    place = story.pack.root
    rows = Claim.objects.filter(status=ClaimStatus.APPROVAL, matter__district__up__ancestor=place)
    rows = rows.exclude(stay__withdrawn_on__lte=story.on).order_by("pk")  # nobody who has left since is approved
    chief = story.people[Role.BUREAU_APPROVER]
    due = [row for row in rows if lifecycle.still_due(row, on=story.back(AGO))]
    public = [
        lifecycle.claim.move(row, "approve", by=chief, on=story.back(AGO), note="演示")
        for row in due[: story.plot["subsidies"].get("public", 0)]
    ]
    if len(public) > 1:
        said = {
            "name": "周先生（演示）",
            "contact": "0512-0000 0188",
            "reason": "这位博士后已在别处领过同类补贴，请核实。",
        }
        actions.record(public[-1], Objection(**said), on=story.on, address="198.51.100.7")
