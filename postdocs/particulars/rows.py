"""What other topics do with the optional particulars: keep what an entry tells, take it over with the record."""

from collections.abc import Mapping
from typing import Any

from postdocs.particulars.models import Particulars
from postdocs.people.models import Person


def row_of(person: Person) -> Particulars | None:
    return person.particulars.order_by("told_at").last()


def told_of(person: Person) -> dict[str, Any]:
    """What was told, by field; nothing where nobody told anything."""
    row = row_of(person)
    return row.plain if row else {}


def keep(person: Person, told: Mapping[str, Any]) -> bool:
    """Keep what was told, if it says something else than before; what was emptied is gone. True where it changed."""
    given = {name: value for name, value in told.items() if value not in (None, "")}
    row = row_of(person)
    if given == (row.plain if row else {}):
        return False
    if not given:
        person.particulars.all().delete()
        return True
    row = row or Particulars(person=person)
    row.keep(given)
    row.save()
    return True


def hand_over(candidate: Person, to: Person) -> None:
    """What was told of a candidate goes to the record that stays, where that one knows nothing."""
    if not to.particulars.exists():
        candidate.particulars.update(person=to)
