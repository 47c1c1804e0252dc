"""The reserve pool's part of the demonstration: entries at every step, with findings, plans and an overdue measure."""

from dataclasses import replace
from datetime import timedelta
from random import Random

from portal.demo import Story
from portal.models import District, ReturnItem, Role, User
from stations.models import ApplicationType, Enterprise, Measure, PoolBasis, PoolEntry, PoolSource
from stations.pool import actions, lifecycle

STEPS = ("admit", "begin")


class PoolTeller:
    """Takes enterprises through selection and writes their plans, on days before the story's."""

    def __init__(self, story: Story):
        self.story = replace(story, random=Random(f"pool {story.pack.code}"))
        self.maker = story.people[Role.BUREAU_HANDLER]
        self.type = ApplicationType.objects.get(pack=story.pack, code=story.plot["type"])
        self.bases = {b.code: b for b in PoolBasis.objects.filter(pack=story.pack)}
        self.texts = story.plot["pool_texts"]

    def enter(
        self,
        enterprise: Enterprise,
        handler: User,
        *,
        at: str = "growing",
        tier: str = "b",
        days: int = 60,
        bases: tuple[str, ...] = (),
        proposed: bool = False,
        selected: bool = False,
        late: bool = False,
        met: int = 0,
        intention: str = "some",
        because: str = "",
    ) -> PoolEntry:
        """One entry that came into the pool's offices `days` working days ago and stands at `at` now; officials found
        `met` of its basic conditions so on the spot."""
        story, texts = self.story, self.texts
        officer = story.officers[enterprise.organisation.district.code]
        values = {
            "bases": [self.bases[code] for code in bases or ["seedling"]],
            "intention": "" if selected else intention,
            "statement": "" if selected else story.random.choice(texts["statements"]),
            "target": self.type,
            "target_year": story.on.year + {"a": 0, "b": 1, "c": 2}[tier],
        }
        source, by, note = PoolSource.UNIT, handler, ""
        if proposed:
            source, by, note = PoolSource.DISTRICT, officer, texts["opinion"]
        if selected:
            source, by, note = PoolSource.BUREAU, self.maker, texts["selected"]
        entry = actions.open_entry(
            enterprise=enterprise, source=source, values=values, by=by, on=story.back(days), note=note
        )
        if at == "district":
            return entry
        move = lifecycle.pool.move
        if not proposed:
            entry = move(entry, "support", by=officer, on=story.back(days - 2), note=texts["opinion"])
        if at == "bureau":
            return entry
        if at == "returned":
            item = ReturnItem(target="field:statement", label="情况说明", code="R17", note=texts["returned"])
            return move(entry, "send_back", by=self.maker, on=story.back(max(days - 4, 0)), items=[item])
        entry = move(entry, "admit", by=self.maker, on=story.back(max(days - 6, 0)), details={"tier": tier})
        for condition in list(self.type.conditions.filter(group="basic").order_by("-order", "-pk"))[:met]:
            given = {"verdict": True, "note": texts["found"], "by": officer, "on": story.back(max(days - 9, 0))}
            actions.judge(entry, condition, **given)
        if at == "admitted":
            return entry
        self.plan(entry, officer, days - 12, late=late)
        entry = move(entry, "begin", by=officer, on=story.back(max(days - 12, 0)))
        if at == "left":
            details = {"because": because}
            entry = move(entry, "leave", by=self.maker, on=story.back(3), details=details, note=texts["left"])
        return entry

    def plan(self, entry: PoolEntry, officer: User, days: int, *, late: bool) -> None:
        """Three measures: the first is done, the second due soon or overdue, the third later."""
        on, begun = self.story.on, self.story.back(max(days, 0))
        texts = self.story.random.sample(self.texts["measures"], 3)
        dates = [begun + timedelta(7), on - timedelta(6) if late else on + timedelta(9), on + timedelta(40)]
        for number, ((text, owner), due) in enumerate(zip(map(tuple, texts), dates, strict=True)):
            Measure.objects.create(
                entry=entry,
                text=text,
                owner=owner,
                due_on=due,
                done_on=min(due, on) if number == 0 else None,
                added_by=officer,
                added_on=begun,
            )
        PoolEntry.objects.filter(pk=entry.pk).update(plan=self.texts["plan"])


def tell(teller) -> None:
    """The entries of the plot, each of a new enterprise."""
    story = teller.story
    if "pool" not in story.plot:
        return
    own = PoolTeller(story)
    teller.story = own.story
    for row in story.plot["pool"]:
        given = dict(row)
        profile = {"chain": teller.chains.get(given.pop("chain", ""))} | given.pop("profile", {})
        district = District.objects.get(code=given.pop("district"))
        enterprise, handler, _certifier = teller.enterprise(district)
        for name, value in profile.items():
            setattr(enterprise, name, value)
        enterprise.save()
        own.enter(enterprise, handler, **given)
    teller.story = story
