"""Stays that are on the national record already, entered many at once: a ledger, an export of the national system."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction

from portal import jobs, sealed
from portal.bulk import attach, maker, pour
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
    """One filed entry. `number` is normalised; `person` and `values` hold columns of Person and Stay, by the names of
    attributes (`flow_station_id`). `ended_on` with a `ground` is a withdrawal, without one an exit."""

    station: Station
    name: str
    kind: str
    number: str
    entered_on: date
    person: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    ended_on: date | None = None
    ground: str = ""
    index: str = ""  # of the number, where it was reckoned already
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
    stations = {e.station.pk: e.station for e in entries}
    units = {pk: str(station.enterprise) for pk, station in stations.items()}
    births = [
        Birth(f"{e.name}（{units[e.station.pk]}）", e.station.enterprise.organisation, e.station.matter.district,
              e.entered_on, past=e.past)
        for e in entries
    ]  # fmt: skip
    matters = open_matters(lifecycle.cycle, S.HERE, births, series="BH", by=by, filed=True)
    stays, new_stay = [], maker(Stay)
    for matter, person, e in zip(matters, people, entries, strict=True):
        stay = new_stay(entered_on=e.entered_on, **e.ending, **e.values)
        attach(stay, matter=matter, person=person, station=e.station)
        stays.append(stay)
    pour(stays)
    jobs.ask("recompute")
    return stays


def persons_of(entries: Sequence[Entry]) -> list[Person]:
    """The settled record of everybody, in the order of the entries; made where there is none."""
    indexes = [e.index or sealed.index_of(e.number) for e in entries]
    held = IdentityPaper.objects.filter(settled=True, number_index__in=indexes).select_related("person__merged_into")
    people = {paper.number_index: paper.person.final for paper in held}
    fresh: dict[str, Entry] = {}
    for index, e in zip(indexes, entries, strict=True):
        if index not in people:
            fresh.setdefault(index, e)
    new_person, new_paper = maker(Person), maker(IdentityPaper)
    made = {
        index: new_person(name=e.name, initials=initials_of(e.name), settled_on=e.entered_on,
                          **{**papers.told(e.kind, e.number), **e.person})
        for index, e in fresh.items()
    }  # fmt: skip
    pour(list(made.values()))
    rows = []
    for index, person in made.items():
        paper = new_paper(person_id=person.pk, kind=fresh[index].kind, settled=True)
        paper.keep(fresh[index].number, index)
        rows.append(paper)
    pour(rows)
    people |= made
    return [people[index] for index in indexes]
