"""Invented extensions and changes in all their states, time abroad and funds: a few each."""

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from portal.demo import Story
from postdocs.inside import actions, lifecycle
from postdocs.inside.models import Abroad, Grant, GrantProgramme
from postdocs.stays.actions import add_months
from postdocs.stays.demo import appointments
from postdocs.stays.models import Stay, StayStatus
from stations.demo import demo_pdf

REASON = "演示：课题还有一轮现场验证"


def tell(story: Story) -> None:
    handlers = {a.organisation_id: a.user for a in appointments(story)}
    rows = Stay.objects.filter(matter__organisation__in=list(handlers), status=StayStatus.HERE)
    rows = rows.filter(matter__district__up__ancestor=story.pack.root, planned_until__gt=story.on)
    mine = list(
        rows.select_related("matter", "person", "station__enterprise__organisation").order_by("planned_until", "pk")
    )
    asked = (
        ("extension", "asked"),
        ("extension", "filed"),
        ("topic", "asked"),
        ("supervisor", "filed"),
        ("extension", "draft"),
    )
    for stay, (kind, at) in zip(mine, asked, strict=False):
        one(story, stay, kind, at, handlers[stay.matter.organisation_id])
    funds(story, mine[5:])


def one(story: Story, stay: Stay, kind: str, at: str, handler) -> None:
    """One that is put together, waits for its district, or is in force."""
    day = story.back(3)
    values: dict = {"reason": REASON}
    if kind == "extension":
        values |= {"planned_until": add_months(stay.planned_until, 6)}
        values |= dict.fromkeys(lifecycle.AGREED, day)
    else:
        values |= {"agreed_on": day}
        values |= (
            {"topic": f"{stay.topic}（二期）"}
            if kind == "topic"
            else {"supervisor_name": f"{story.person_name()}（演示）"}
        )
    paper = SimpleUploadedFile("同意意见.pdf", demo_pdf("同意意见", stay.matter.number))
    row = actions.ask(stay, kind, values, upload=paper, by=handler, on=day)
    cycle = lifecycle.cycle_of(row)
    steps = {"draft": (), "asked": ("submit",), "filed": ("submit", "file")}[at]
    for action in steps:
        by = handler if action == "submit" else story.officers[stay.matter.district.code]
        row = cycle.move(row, action, by=by, on=day, details={"justification": "演示：各方同意"})


def funds(story: Story, stays: list[Stay]) -> None:
    """Who applied for what, and who is abroad: one of them longer than agreed."""
    on = story.on
    Grant.objects.bulk_create(
        Grant(
            stay=stay, programme=programme, title=stay.topic, year=on.year - 1, result=Grant.Result.WON,
            result_on=on - timedelta(200), amount=amount, recorded_on=on,
        )
        for stay, (programme, amount) in zip(
            stays, ((GrantProgramme.GENERAL, 80_000), (GrantProgramme.PROVINCE, 100_000), (GrantProgramme.SPECIAL, 180_000)), strict=False
        )
    )  # fmt: skip
    Abroad.objects.bulk_create(
        Abroad(
            stay=stay, country=country, purpose="演示：合作研究", since=on - timedelta(days + 60),
            back_by=on - timedelta(days), recorded_on=on,
        )
        for stay, (country, days) in zip(stays[3:], (("德国", 40), ("新加坡", -30)), strict=False)
        if stay.entered_on and stay.entered_on < on - timedelta(days + 60)
    )  # fmt: skip
