"""What is done with a person's record: made for a candidate, settled by the first filed entry."""

from datetime import date
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from pypinyin import Style, lazy_pinyin
from pypinyin.constants import PHRASES_DICT

from postdocs.careers import rows as careers
from postdocs.particulars import rows as particulars
from postdocs.people import papers
from postdocs.people.models import IdentityPaper, Person

DEGREE = ("defended_on", "has_certificate", "degree_on", "accredited_on")  # in this order each can be judged by itself
KEPT_WITH_ENTRY = (
    "thesis",
    "abstract",
    "title",
    "email",
)  # beside Person.NEEDED, what a candidate's record may bring along


def initials_of(name: str) -> str:
    """林知远 → lzy; letters of other scripts as they are."""
    words = (name[a:z] for a in range(len(name)) for z in range(a + 2, len(name) + 1))
    if not name.isascii() and any(word in PHRASES_DICT for word in words):  # signs that sound otherwise together
        letters = lazy_pinyin(name, style=Style.FIRST_LETTER)
    else:
        letters = list(map(letter_of, name))
    return "".join(letters).replace(" ", "").lower()[:60]


@cache
def letter_of(sign: str) -> str:
    return "".join(lazy_pinyin(sign, style=Style.FIRST_LETTER))


def candidate(*, name: str, kind: str, number: str, **values: Any) -> Person:
    """A person as one enterprise tells them, with the paper they are known by. `number` is normalised."""
    person = Person.objects.create(name=name, initials=initials_of(name), **papers.told(kind, number) | values)
    paper = IdentityPaper(person=person, kind=kind)
    paper.keep(number)
    paper.save()
    return person


def same_settled(person: Person) -> Person | None:
    """The settled record that holds a number of this candidate; locked, and so is every paper with such a number: two
    filings come one by one, also where nobody was known before."""
    numbers = list(person.papers.values_list("number_index", flat=True))
    alike = IdentityPaper.objects.filter(number_index__in=numbers)
    list(alike.select_for_update().order_by("pk"))
    found = alike.filter(settled=True).exclude(person=person)
    paper = found.select_related("person").first()
    if paper is None:
        return None
    row = Person.objects.select_for_update().get(pk=paper.person.final.pk)
    while row.merged_into_id:  # while one waited for the lock
        row = Person.objects.select_for_update().get(pk=row.merged_into_id)
    return row


def settle(person: Person, *, on: date) -> tuple[Person, dict[str, list[str]]]:
    """The one record of this person from now on, and where the candidate's record said something else: what was known
    and what was told, by column. What was not known is filled in, unless it contradicts what is known (a certificate
    older than the defence: then what was known is told as ""); what was known stays (a person decides later)."""
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
        if told in (None, "") or told == was:
            continue
        if was in (None, ""):
            setattr(known, name, told)
            if name not in DEGREE or consistent(known):
                continue
            setattr(known, name, was)
        differing[name] = ["" if was is None else str(was), str(told)]
    known.version += 1
    known.save()
    careers.hand_over(person, known)
    particulars.hand_over(person, known)
    return known, differing


def consistent(person: Person) -> bool:
    """Do the days of the degree agree, as the database will ask?"""
    try:
        person.validate_constraints()
    except ValidationError:
        return False
    return True


def columns() -> list[str]:
    """What is told of a person, by column."""
    return [*Person.NEEDED, *DEGREE, *KEPT_WITH_ENTRY]
