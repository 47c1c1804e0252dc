"""Builders of outcomes: postdocs who entered, what they brought forth, brought along the table."""

from datetime import date
from itertools import count

from portal.models import Evidence, Role, User
from postdocs.models import Outcome, Stay
from postdocs.outcomes import actions, lifecycle
from postdocs.outcomes.facts import PROOF
from postdocs.stays.register import Entry, enter
from stations.models import Station
from tests import make
from tests.postdocs import staying

ON = make.ON
DONE = date(2026, 5, 26)  # when the outcomes of these tests came about
numbers = count(1)


def entered(place, who, *, at: Station | None = None, name: str = "林知远", on: date = staying.ENTERED, **more) -> Stay:
    """Somebody in station since `on`, on the national record."""
    entry = Entry(
        station=at or staying.station(place, who), name=name, kind="id_card", number=staying.paper_number(),
        entered_on=on, values={"committee_number": f"T{next(numbers)}"}, **more,
    )  # fmt: skip
    (stay,) = enter([entry], by=who[Role.BUREAU_HANDLER])
    return actions.stays_of(who[Role.HANDLER]).get(pk=stay.pk)


DETAILS = {
    "paper": {"venue": "学报", "indexed": "ei"},
    "patent": {"patent_kind": "invention", "summary": "检测"},
    "book": {"publisher": "出版社"},
    "project": {"level": "city"},
    "grant": {"programme": "general2"},
    "award": {"level": "city"},
    "standard": {"level": "group", "duty": "lead"},
    "transfer": {"contract": "HT1", "way": "develop", "buyer": "买方", "amount": 120000},
    "software": {},
    "product": {"period": "2026"},
}


def recorded(
    stay: Stay, by: User, *, kind: str = "patent", title: str = "一种装置", done_on: date = DONE, number: str = "",
    on: date = ON, owners=None, **details,
) -> Outcome:  # fmt: skip
    """One outcome as a unit or a postdoc writes it down, with a number that nobody else here has."""
    name = "doi" if kind == "paper" else "isbn" if kind == "book" else "number"
    given = DETAILS[kind] | {name: number or f"2026{next(numbers):08d}"} | details
    return actions.record(
        kind, owners or [(stay, 1)], values={"title": title, "done_on": done_on}, details=given, by=by, on=on
    )


def proved(outcome: Outcome, by: User) -> Outcome:
    file = make.file(outcome.matter.organisation, by)
    Evidence.objects.create(matter=outcome.matter, slot=PROOF, file=file, added_by=by)
    return outcome


def step(outcome: Outcome, action: str, by: User, *, on: date = ON, **details) -> Outcome:
    return lifecycle.cycle.move(outcome, action, by=by, on=on, note="理由", details=details)


def waiting(stay: Stay, who, **values) -> Outcome:
    """One that its unit confirmed with evidence; its district is to verify it."""
    by = who[Role.HANDLER]
    return step(proved(recorded(stay, by, **values), by), "confirm", by, on=values.get("on", ON))


def verified(stay: Stay, who, **values) -> Outcome:
    return step(waiting(stay, who, **values), "verify", who[Role.DISTRICT], on=values.get("on", ON))


def postdoc(stay: Stay, place) -> User:
    """An account of the person themselves."""
    user = make.user(Role.POSTDOC, district=place.root)
    stay.person.user = user
    stay.person.save(update_fields=["user"])
    return user


def one_each(sides) -> dict[str, Outcome]:
    """By letter of the world: an outcome of each side that waits for its district. `sides`: place, people, station."""
    return {
        letter: waiting(entered(place, them, at=row, name="陆晏如"), them)
        for letter, (place, them, row) in sides.items()
    }
