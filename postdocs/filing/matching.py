"""Whom of ours a row of the national record speaks of, as far as the officer may know."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from portal import sealed
from portal.imports import Place, Row
from postdocs.filing.models import Difference
from postdocs.people.models import IdentityPaper
from postdocs.stays.models import Stay, StayStatus
from stations.ledger import rows as ledger
from stations.models import Station

S = StayStatus


@dataclass
class Held:
    """What we have of a row: a stay, or a difference that was listed before. `pk` tells one from the other."""

    stay: Stay | None = None
    difference: Difference | None = None

    @property
    def pk(self) -> str:
        return str(self.stay.pk) if self.stay else f"d{self.difference.pk}" if self.difference else ""


def index_of(values: dict) -> str:
    return sealed.index_of(values["number"]) if values.get("number") else ""


def key_of(values: dict):
    """A person's two stays are two rows: by their number, else by who it is and when they entered."""
    if values.get("committee"):
        return "committee", values["committee"]
    return ("person", index_of(values), values.get("entered_on")) if values.get("number") else None


def find(place: Place, rows: list[Row]) -> dict:
    """Ours by the keys of the rows; only what this person sees, all else counts as not there."""
    committees = {r.values["committee"] for r in rows if r.values.get("committee")}
    indexes = {index for r in rows if (index := index_of(r.values))}
    seen = Stay.objects.visible_to(place.user).exclude(status=S.DROPPED)
    seen = seen.select_related("person", "matter", "station__enterprise__organisation").order_by("entered_on", "pk")
    by_committee = {s.committee_number: s for s in place.held(seen.filter(committee_number__in=committees))}
    papers = IdentityPaper.objects.filter(number_index__in=indexes)
    whose: dict[str, set] = {}
    for person, index in papers.values_list("person", "number_index"):
        whose.setdefault(index, set()).add(person)
    theirs: dict = {}
    everybody = set().union(*whose.values()) if whose else set()
    for stay in place.held(seen.filter(person__in=everybody)):
        theirs.setdefault(stay.person_id, []).append(stay)
    place.memory["whose"] = whose
    found = {}
    for row in rows:
        key = key_of(row.values)
        if key is None:
            continue
        mine = [s for person in whose.get(index_of(row.values), ()) for s in theirs.get(person, ())]
        stay = by_committee.get(row.values.get("committee") or "") or fitting(row.values, mine)
        if stay:
            found[key] = Held(stay=stay)
    listed(place, rows, found)
    return found


def fitting(values: dict, stays: list[Stay]) -> Stay | None:
    """Which of a person's stays a row means that brings a number we don't have: the one of that day, the one that waits
    for filing, or the one that lies over it, because nobody is in two stations at once."""
    entered, ended = values.get("entered_on"), values.get("ended_on")
    same = [s for s in stays if s.entered_on and s.entered_on == entered]
    waiting = [s for s in stays if s.status in (S.FILING, S.DISTRICT)]
    over = [
        s
        for s in stays
        if entered and s.entered_on and (not ended or s.entered_on < ended) and (not s.ended_on or entered < s.ended_on)
    ]
    return next(iter([*same, *over, *waiting]), None)


def listed(place: Place, rows: list[Row], found: dict) -> None:
    """Add what was put on the list before, whoever settled it since."""
    committees = {r.values["committee"] for r in rows if r.values.get("committee")}
    indexes = {index for r in rows if (index := index_of(r.values))}
    known = Difference.objects.visible_to(place.user).filter(
        Q(committee_number__in=committees) | Q(number_index__in=indexes), kind=Difference.Kind.MISSING_HERE
    )
    by_key: dict = {}
    for row in place.held(known.order_by("pk")):
        key = "committee", row.committee_number
        by_key[key if row.committee_number else ("person", row.number_index, row.entered_on)] = row
    able = takeable(place, [r.values for r in rows if key_of(r.values) in by_key]) if by_key else set()
    for row in rows:
        key = key_of(row.values)
        if key in by_key and key not in found and key not in able:
            found[key] = Held(difference=by_key[key])


def takeable(place: Place, rows: list[dict]) -> set:
    """The keys of rows that can become a stay by now: station and person can be told."""
    stations, unseen = stations_of(place, rows), hidden(place, rows)
    whole = [v for v in rows if v.get("number") and v.get("entered_on") and station_for(v, stations)]
    return {key_of(v) for v in whole} - unseen


def hidden(place: Place, rows: Iterable[dict]) -> set:
    """The keys of rows whose number or person stands elsewhere, where this person doesn't see: for them the answer is
    the same as of somebody nobody knows."""
    rows = list(rows)
    here = Stay.objects.visible_to(place.user).filter(pk=OuterRef("pk"))
    others = Stay.objects.exclude(Exists(here)).filter(entered_on__isnull=False)
    committees = {v["committee"] for v in rows if v.get("committee")}
    taken = set(others.filter(committee_number__in=committees).values_list("committee_number", flat=True))
    indexes = {index for v in rows if (index := index_of(v))}
    spans: dict[str, list] = {}
    held = others.filter(person__papers__number_index__in=indexes)
    for index, since, until in held.values_list("person__papers__number_index", "entered_on", "ended_on"):
        spans.setdefault(index, []).append((since, until))
    found = set()
    for values in rows:
        entered, ended = values.get("entered_on"), values.get("ended_on")
        over = any(
            (ended is None or since < ended) and (until is None or entered is None or entered < until)
            for since, until in spans.get(index_of(values), ())
        )
        if values.get("committee") in taken or over:
            found.add(key_of(values))
    return found


def stations_of(place: Place, rows: list[dict]) -> dict[str, list[Station]]:
    """The recruiting stations of each unit that the officer sees, by its name."""
    names = {v["unit"] for v in rows if v.get("unit")}
    seen = Station.objects.visible_to(place.user).filter(enterprise__organisation__name__in=names)
    seen = seen.select_related("matter__district", "enterprise__organisation").order_by("pk")
    found: dict[str, list[Station]] = {}
    for station in seen:
        if ledger.may_recruit(station) is not False:
            found.setdefault(station.enterprise.organisation.name, []).append(station)
    return found


def station_for(values: dict, stations: dict[str, list[Station]]) -> Station | None:
    """The only station of the unit that was valid on the day of the entry."""
    day = values["entered_on"]
    fit = [
        s
        for s in stations.get(values.get("unit") or "", ())
        if s.approved_on <= day and (s.ended_on is None or day < s.ended_on)
    ]
    return fit[0] if len(fit) == 1 else None
