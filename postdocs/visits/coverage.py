"""How many of the newly introduced were visited lately: in each district, at each station, and who wasn't."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, QuerySet

from portal.models import User
from postdocs.stays.models import Stay
from postdocs.visits import facts


def introduced(user: User, on: date) -> QuerySet:
    """Everybody whom the user may see and who is newly introduced on the day, with `until` (the last day but one of it),
    `last` (visit) and `holds` (whether it still covers them)."""
    rows = Stay.objects.visible_to(user).filter(entered_on__lte=on)
    rows = rows.annotate(
        until=facts.introduced_until(on), last=facts.last_visited_on(on), holds=facts.visited_lately(on)
    )
    return rows.filter(until__gt=on)


@dataclass(frozen=True)
class Share:
    """Of `people`, `visited` were visited; each person counts once."""

    name: str
    people: int
    visited: int
    url: str = ""

    @property
    def missing(self) -> int:
        return self.people - self.visited

    @property
    def percent(self) -> float:
        return 100 * self.visited / self.people


def shares(rows: QuerySet, *by: str) -> list[dict]:
    """The same rows counted by these columns, the least covered first."""
    found = rows.order_by().values(*by).annotate(
        people=Count("person", distinct=True), visited=Count("person", distinct=True, filter=Q(holds=True))
    )  # fmt: skip
    return sorted(found, key=lambda row: (row["visited"] / row["people"], -row["people"]))


def whole(rows: QuerySet) -> Share:
    counted = rows.order_by().aggregate(
        people=Count("person", distinct=True), visited=Count("person", distinct=True, filter=Q(holds=True))
    )
    return Share("", **counted)


LONGEST_FIRST = (F("last").asc(nulls_first=True), "entered_on", "pk")
