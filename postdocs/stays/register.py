"""Stays that are on the national record already, entered many at once: a ledger, an export of the national system."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction

from portal import jobs, sealed
from portal.lifecycle import Birth, Past, open_matters
from portal.models import User
from postdocs.people import papers
from postdocs.people.actions import initials_of
from postdocs.people.models import IdentityPaper, Person
from postdocs.stays import lifecycle
from postdocs.stays.models import Stay, StayStatus
from stations.models import Station

S = StayStatus


@dataclass(frozen=True)
class Entry:
    """One filed entry. `number` is normalised; `person` and `values` hold columns of Person and Stay. `ended_on` with a
    `ground` is a withdrawal, without one an exit."""

    station: Station
    name: str
    kind: str
    number: str
    entered_on: date
    person: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    ended_on: date | None = None
    ground: str = ""
    settled_on: date | None = None  # when the destination was told, which the caller writes down

    @property
    def past(self) -> tuple[Past, ...]:
        if self.ended_on is None:
            return ()
        if self.ground:
            details = {"document_on": str(self.ended_on), "withdrawal_ground": self.ground}
            return (Past("withdraw", S.WITHDRAWN, self.ended_on, details),)
        left = Past("issue", S.LEFT, self.ended_on, {"ended_on": str(self.ended_on)})
        return (left, Past("settle", S.SETTLED, self.settled_on, {})) if self.settled_on else (left,)

    @property
    def ending(self) -> dict[str, Any]:
        if self.ended_on is None:
            return {"status": S.HERE}
        if self.ground:
            about = {"withdrawn_on": self.ended_on, "withdrawal_ground": self.ground}
            return {"status": S.WITHDRAWN, "ended_on": self.ended_on, **about}
        return {"status": S.SETTLED if self.settled_on else S.LEFT, "ended_on": self.ended_on}


@transaction.atomic
def enter(entries: Sequence[Entry], *, by: User) -> list[Stay]:
    """Enter many, each person once; whoever is on record already keeps their record. The stations' rows come with their
    matter, its district and their enterprise's organisation. Raises IntegrityError where two stays overlap."""
    people = persons_of(entries)
    births = [
        Birth(f"{e.name}（{e.station.enterprise}）", e.station.enterprise.organisation, e.station.matter.district,
              e.entered_on, past=e.past)
        for e in entries
    ]  # fmt: skip
    matters = open_matters(lifecycle.cycle, S.HERE, births, series="BH", by=by, filed=True)
    stays = Stay.objects.bulk_create(
        Stay(matter=matter, person=people[sealed.index_of(e.number)], station=e.station, entered_on=e.entered_on,
             **e.ending, **e.values)
        for matter, e in zip(matters, entries, strict=True)
    )  # fmt: skip
    jobs.ask("recompute")
    return stays


def persons_of(entries: Iterable[Entry]) -> dict[str, Person]:
    """The settled record of everybody by the index of their number, made where there is none."""
    wanted = {sealed.index_of(e.number): e for e in entries}
    held = IdentityPaper.objects.filter(settled=True, number_index__in=list(wanted)).select_related(
        "person__merged_into"
    )
    known = {paper.number_index: paper.person.final for paper in held}
    fresh = {index: e for index, e in wanted.items() if index not in known}
    made = {
        index: Person(name=e.name, initials=initials_of(e.name), settled_on=e.entered_on,
                      **papers.told(e.kind, e.number) | dict(e.person))
        for index, e in fresh.items()
    }  # fmt: skip
    Person.objects.bulk_create(made.values())
    rows = []
    for index, person in made.items():
        paper = IdentityPaper(person=person, kind=fresh[index].kind, settled=True)
        paper.keep(fresh[index].number)
        rows.append(paper)
    IdentityPaper.objects.bulk_create(rows)
    return known | made
