"""Which records look alike, and where a filed entry told of a person otherwise than was known."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations, groupby
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from portal.models import Event, User
from postdocs.duplicates.models import NotTheSame, Ruling
from postdocs.people.actions import columns
from postdocs.people.models import Person
from postdocs.stays.models import Stay


@dataclass
class Pair:
    """Two settled records, the one that would stay first, and why they may be one person."""

    kept: Person
    gone: Person
    reasons: list[str]


def settled(user: User):
    """The records one may see that stand for a person."""
    return Person.objects.visible_to(user).filter(settled_on__isnull=False, merged_into=None)


def in_order(first: Person, second: Person) -> tuple[Person, Person]:
    """The one that stays: whoever has an account, else the record that was settled earlier."""
    rank = sorted((first, second), key=lambda p: (p.user_id is None, p.settled_on, p.pk))
    return rank[0], rank[1]


def possible(user: User) -> list[Pair]:
    """Every pair of records with one name and birth date, or one name, school and year of the degree, of which nobody
    has said that they are two people."""
    others = Person.objects.filter(settled_on__isnull=False, merged_into=None, name=OuterRef("name"))
    alike = others.filter(Q(born_on=OuterRef("born_on")) | Q(degree_school=OuterRef("degree_school")))
    rows = settled(user).filter(Exists(alike.exclude(pk=OuterRef("pk")))).order_by("name", "pk")
    apart = set(NotTheSame.objects.values_list("first", "second"))
    found = []
    for _name, people in groupby(rows, key=lambda p: p.name):
        for first, second in combinations(people, 2):
            reasons = reasons_of(first, second)
            if reasons and tuple(sorted((first.pk, second.pk))) not in apart:
                found.append(Pair(*in_order(first, second), reasons))
    return found


def reasons_of(first: Person, second: Person) -> list[str]:
    found = []
    if first.born_on and first.born_on == second.born_on:
        found.append(_("姓名和出生日期相同"))
    same_school = first.degree_school and first.degree_school == second.degree_school
    if same_school and first.degree_on and second.degree_on and first.degree_on.year == second.degree_on.year:
        found.append(_("姓名、博士毕业单位和毕业年份相同"))
    return found


# --- side by side ------------------------------------------------------------------------------


@dataclass
class Line:
    """One column of two records in words; `differs` only where both say something."""

    name: str
    label: str
    first: str
    second: str

    @property
    def differs(self) -> bool:
        return self.first != self.second

    @property
    def default(self) -> str:
        """What stays unless somebody chooses: the first, where it says anything."""
        return "gone" if not self.first else "kept"


def lines_of(kept: Person, gone: Person) -> list[Line]:
    """Every column that is told of a person, then the papers by kind, their numbers in part."""
    found = [line(name, words(kept, name), words(gone, name)) for name in columns()]
    papers = [{p.kind: p for p in person.papers.all()} for person in (kept, gone)]
    for kind in sorted(set(papers[0]) | set(papers[1])):
        mine, theirs = (side.get(kind) for side in papers)
        label = (mine or theirs).get_kind_display()
        found.append(Line(f"paper.{kind}", label, mine.masked if mine else "", theirs.masked if theirs else ""))
        if mine and theirs and mine.number_index != theirs.number_index and not found[-1].differs:
            found[-1].second += " " + _("（另一号码）")
    return found


def line(name: str, first: str, second: str) -> Line:
    return Line(name, str(Person._meta.get_field(name).verbose_name), first, second)


def words(person: Person, name: str) -> str:
    """A column as people read it."""
    value: Any = getattr(person, name)
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if display := getattr(person, f"get_{name}_display", None):
        return str(display())
    return "" if value is None else str(value)


def said(name: str, text: str) -> str:
    """A column's value as a step kept it, in words."""
    field = Person._meta.get_field(name)
    person = Person()
    setattr(person, name, None if text in ("None", "") else field.to_python(text))
    return words(person, name)


# --- told otherwise ----------------------------------------------------------------------------


def differences(user: User):
    """Filed entries that told of a person otherwise than was known, as long as nobody decided."""
    stays = Stay.objects.visible_to(user).filter(matter=OuterRef("matter"))
    rows = Event.objects.filter(Exists(stays.order_by()), action="file", details__has_key="person_differs")
    open_ = rows.filter(~Exists(Ruling.objects.filter(event=OuterRef("pk"))))
    return open_.select_related("matter__organisation", "by").order_by("-pk")


def told_otherwise(event: Event, person: Person) -> list[Line]:
    """What is known now beside what the entry told, where they differ still or did then."""
    return [
        line(name, words(person, name), said(name, told))
        for name, (_was, told) in sorted(event.details["person_differs"].items())
    ]


def people_of(events: Iterable[Event]) -> dict[int, Person]:
    """Whose entries these are, by matter."""
    rows = Stay.objects.filter(matter__in=[e.matter_id for e in events]).select_related("person__merged_into")
    return {stay.matter_id: stay.person.final for stay in rows}
