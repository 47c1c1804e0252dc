"""What is done with a person's record: made for a candidate, settled by the first filed entry."""

from datetime import date
from typing import Any

from pypinyin import Style, lazy_pinyin

from postdocs.people import papers
from postdocs.people.models import IdentityPaper, Person

KEPT_WITH_ENTRY = ("thesis", "title", "email")  # beside Person.NEEDED, what a candidate's record may bring along


def initials_of(name: str) -> str:
    """林知远 → lzy; letters of other scripts as they are."""
    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).replace(" ", "").lower()[:60]


def candidate(*, name: str, kind: str, number: str, **values: Any) -> Person:
    """A person as one enterprise tells them, with the paper they are known by. `number` is normalised."""
    person = Person.objects.create(name=name, initials=initials_of(name), **papers.told(kind, number) | values)
    paper = IdentityPaper(person=person, kind=kind)
    paper.keep(number)
    paper.save()
    return person


def same_settled(person: Person) -> Person | None:
    """The settled record that holds a number of this candidate. All papers with its numbers are locked, whoever typed
    them, so that two filings of one person come one by one."""
    numbers = list(person.papers.values_list("number_index", flat=True))
    papers_ = IdentityPaper.objects.select_for_update().filter(number_index__in=numbers).order_by("pk")
    row = next((paper.person_id for paper in papers_ if paper.settled and paper.person_id != person.pk), None)
    return Person.objects.select_for_update().get(pk=row) if row else None


def settle(person: Person, *, on: date) -> tuple[Person, dict[str, list[str]]]:
    """The one record of this person from now on, and where the candidate's record said something else: what was known
    and what was told, by column. What was not known is filled in; what was known stays (a person decides later)."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    known = same_settled(person)
    if known is None:
        person.settled_on = person.settled_on or on
        person.save(update_fields=["settled_on"])
        person.papers.update(settled=True)
        return person, {}
    differing: dict[str, list[str]] = {}
    for name in columns():
        was, told = getattr(known, name), getattr(person, name)
        if was in (None, "") and told not in (None, ""):
            setattr(known, name, told)
        elif told not in (None, "") and told != was:
            differing[name] = [str(was), str(told)]
    known.save()
    return known, differing


def columns() -> list[str]:
    """What is told of a person, by column."""
    dates = ("defended_on", "has_certificate", "degree_on", "accredited_on")
    return [*Person.NEEDED, *dates, *KEPT_WITH_ENTRY]
