"""What is on record already of those of whom a ledger speaks: light records, found many at a time."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import F, QuerySet, Value

from portal.bulk import in_chunks
from portal.imports import Place, Row
from postdocs.stays.models import BEFORE, Stay, StayStatus

NEAR = timedelta(31)  # an entry so close to one we know is the same, dated otherwise
# columns of the sheet that may be corrected by it, and the columns of ours
PERSON = {n: n for n in ("sex", "born_on", "nationality", "mobile", "degree_school", "degree_country", "defended_on")}
PERSON |= {"degree_on": "degree_on", "discipline": "discipline"}
STAY = {n: n for n in ("recruit_type", "identity", "flow_supervisor", "supervisor_name", "topic", "contract_since")}
STAY |= {n: n for n in ("planned_until", "salary", "channel", "committee_number", "certificate_number")}
STAY |= {"flow": "flow_station_id", "entry_discipline": "discipline", "match": "match_id"}
# what a row may say of a stay that is registered, and where it stands
SAID = {"name": "person__name", "station": "station__matter__number", "unit": "matter__organisation__name"}
SAID |= {"entered_on": "entered_on", "ended_on": "ended_on", "withdrawn_on": "withdrawn_on"}
SAID |= {"ground": "withdrawal_ground"} | {name: f"person__{column}" for name, column in PERSON.items()} | STAY


class Registered(NamedTuple):
    """A stay on record as the ledger knows it: of thousands, whole rows of ours would be heavy."""

    pk: int
    person: UUID
    station: int
    matter: int
    number: str
    status: str
    since: date
    until: date | None  # of an exit, or of a withdrawal
    has_certificate: bool | None
    number_index: str  # of the number in the sheet, where it was found by that
    said: dict[str, Any]  # by column of the sheet


def known_stays(place: Place) -> QuerySet[Stay]:
    """Entered stays that this person may write."""
    rows = Stay.objects.visible_to(place.user)
    return rows.filter(entered_on__isnull=False, matter__district__in=place.user.scope.districts)


STANDS = (
    *("pk", "person", "station", "matter", "matter__number", "status", "entered_on", "ended_on"),
    "person__has_certificate",
)


def registered(place: Place, rows: QuerySet[Stay], index: str = "") -> Iterator[Registered]:
    """These stays as the ledger knows them, held where they are about to be changed; `index`: where their index is."""
    if place.writing:
        chosen = Stay.objects.filter(pk__in=rows.order_by().values("pk")).order_by("pk")
        if not list(chosen.select_for_update().values_list("pk")):
            return
    stands = len(STANDS) + 1
    for row in rows.values_list(*STANDS, F(index) if index else Value(""), *SAID.values()):
        said = dict(zip(SAID, row[stands:], strict=True))
        stay = Registered._make((*row[:stands], said))
        if stay.status == StayStatus.WITHDRAWN:
            said["ended_on"] = None
        yield stay


class Known:
    """Stays and persons that this person may see and that rows speak of. Of others nothing is told before they are
    written: nobody learns by a look whether a number is known elsewhere."""

    def __init__(self, place: Place, rows: list[Row]):
        self.rows = [row for row in rows if "index" in row.values]
        indexes = list({row.values["index"] for row in self.rows})
        numbers = {n for row in self.rows if (n := row.values.get("committee_number"))}
        mine = known_stays(place)
        of_them = mine.filter(person__papers__settled=True, person__papers__number_index__in=indexes)
        self.by_index: dict[str, list[Registered]] = defaultdict(list)
        for stay in registered(place, of_them, "person__papers__number_index"):
            self.by_index[stay.number_index].append(stay)
        self.by_committee = {s.said["committee_number"]: s for stays in self.by_index.values() for s in stays}
        if others := numbers - self.by_committee.keys():
            numbered = registered(place, mine.filter(committee_number__in=others))
            self.by_committee |= {stay.said["committee_number"]: stay for stay in numbered}
        place.memory["known"] = self
        self.periods: dict[str, list[tuple[date, date | None, int | str]]] = {
            index: [(s.since, s.until, s.pk) for s in stays] for index, stays in self.by_index.items()
        }
        under_way = Stay.objects.visible_to(place.user).filter(
            status__in=BEFORE, person__papers__number_index__in=indexes
        )
        self.under_way = dict(under_way.values_list("person__papers__number_index", "matter__number"))
        self.twins = self.find_twins(place)
        self.born: dict[tuple, tuple[str, int]] = {}  # new persons of the file, by name and birth
        self.committee: dict[str, int] = {}  # numbers of the file, by row
        self.named: dict[str, tuple[str, int]] = {}  # the name that a number has in the file

    def find_twins(self, place: Place) -> dict[tuple, str]:
        """Persons by name and birth whose number isn't in the file, each with the number of a stay."""
        names = {row.values["name"] for row in self.rows if row.values.get("name")}
        theirs = {stay.person for stays in self.by_index.values() for stay in stays}
        found: dict[tuple, str] = {}
        for some in in_chunks(sorted(names), 5000):
            rows = known_stays(place).filter(person__name__in=some)
            for name, born, person, number in rows.order_by("pk").values_list(
                "person__name", "person__born_on", "person", "matter__number"
            ):
                if born and person not in theirs:
                    found[name, born] = number
        return found

    def keys(self) -> dict[tuple, Registered]:
        """What the rows speak of, by their keys."""
        found = {}
        for row in self.rows:
            values = row.values
            if "place" not in values or not values.get("entered_on"):
                continue
            if stay := self.stay_of(values):
                found[values["index"], values["place"].pk, values["entered_on"]] = stay
        return found

    def stay_of(self, values: dict) -> Registered | None:
        number, entered = values.get("committee_number"), values["entered_on"]
        mine = self.by_index.get(values["index"], ())
        if number and (those := [stay for stay in mine if stay.said["committee_number"] == number]):
            return those[0]
        same = [s for s in mine if s.station == values["place"].pk and abs(s.since - entered) <= NEAR]
        return min(same, key=lambda s: abs(s.since - entered), default=None)
