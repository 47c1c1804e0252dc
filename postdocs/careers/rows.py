"""What other topics do with a career: take it over, hand it in."""

from postdocs.careers.models import month
from postdocs.people.models import Person


def hand_over(candidate: Person, known: Person) -> None:
    """The candidate turns out to be somebody known: their career is kept where nothing was known of one."""
    if not known.career.exists():
        candidate.career.update(person=known)


def told(person: Person) -> list[str]:
    """What is handed in of a career, one line a row."""
    rows = person.career.order_by("since", "pk")
    return [
        f"{month(r.since)}—{month(r.last) if r.last else ''} {r.kind} {r.place} {r.level}{r.standing}".strip()
        for r in rows
    ]
