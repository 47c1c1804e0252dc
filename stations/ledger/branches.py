"""A regional main station with its branches, and what the city's rule would bring for the postdocs they introduced.

The rule is a setting of the pack (allowance.main_station). What is shown is what would be due; nothing is paid here.
Whoever sees the main station sees the names of its branches, since belonging to it is its own record.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from portal.facts import yuan
from portal.models import Pack, Setting
from stations.models import MainStation, Match, MatchStatus, Station

RULE = "allowance.main_station"


@dataclass
class Branch:
    """One branch with the time it belongs to the main station and the people that came while it did."""

    row: MainStation
    people: int
    seen: bool
    here: bool

    @property
    def station(self) -> Station:
        return self.row.station


@dataclass
class Branches:
    """The branches of a main station by a day, those that belong to it then first."""

    rows: list[Branch]
    rule: Setting | None

    @property
    def here(self) -> int:
        return sum(branch.here for branch in self.rows)

    @property
    def people(self) -> int:
        return sum(branch.people for branch in self.rows)

    @property
    def each(self) -> Decimal | None:
        """Yuan per postdoc; None where the city has no such rule, or has not decided."""
        return Decimal(self.rule.value) if self.rule and self.rule.value is not None else None

    @property
    def words(self) -> dict[str, str]:
        """The amounts as people write them."""
        return {"each": yuan(self.each or Decimal(0)), "due": yuan(self.due or Decimal(0))}

    @property
    def due(self) -> Decimal | None:
        return None if self.each is None else self.people * self.each


def branches(main: Station, user, on: date) -> Branches:
    """Those who ever belonged to it by the day, with the entries that their matches have on record by then."""
    came = (
        Match.objects.filter(
            Q(demand__station=OuterRef("station"))
            | Q(demand__station=None, demand__enterprise=OuterRef("station__enterprise")),
            status=MatchStatus.ENTERED,
            entered_on__gte=OuterRef("since"),
            entered_on__lt=Coalesce(OuterRef("until"), date.max),
            entered_on__lte=on,
        )
        .order_by()
        .annotate(one=F("status"))
        .values("one")
        .annotate(n=Sum("people"))
        .values("n")
    )
    rows = MainStation.objects.filter(main=main, since__lte=on).annotate(came=Coalesce(Subquery(came), 0))
    rows = rows.select_related("station__matter__district", "station__enterprise__organisation")
    seen = set(Station.objects.visible_to(user).filter(mainstations__main=main).values_list("pk", flat=True))
    pack = Pack.objects.get_for(main.matter.district_id)
    rule = Setting.objects.filter(pack=pack, code=RULE).select_related("clause__document").first()
    found = [Branch(row, row.came, row.station_id in seen, row.in_force(on)) for row in rows.order_by("since", "pk")]
    return Branches(sorted(found, key=lambda b: (not b.here, b.row.since)), rule)
