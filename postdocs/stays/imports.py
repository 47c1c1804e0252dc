"""A ledger of postdocs as a workbook: who stands in it, which of its rows are ours already, and how they come in."""

from collections import defaultdict
from datetime import date
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import F, Q
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import sealed
from portal.bulk import maker, overwrite
from portal.imports import ImportKind, Place, Row, import_kind
from portal.lifecycle import HAPPENINGS, Refused
from portal.models import Event, Matter, Setting, Spell
from postdocs.people import papers
from postdocs.people.models import NUMBERED, IdentityPaper, Person
from postdocs.stays import columns as ledger
from postdocs.stays.actions import add_months
from postdocs.stays.filters import StayFilter
from postdocs.stays.known import PERSON, STAY, Known, Registered, known_stays, registered
from postdocs.stays.models import Stay, WithdrawalGround
from postdocs.stays.register import Entry, enter
from stations.import_columns import BEGINNING, OFFICERS
from stations.ledger.rows import note_all
from stations.models import Station

HAPPENINGS["imported"] = gettext_lazy("按导入的名册修改")
ADULT = 18  # years
DEGREE_MONTHS = 6  # after the entry the certificate may follow
OUTSIDE = {  # what is done on a page of its own
    "ended_on": gettext_lazy("出站请在博士后页办理，附证书编号。"),
    "withdrawn_on": gettext_lazy("退站请在博士后页办理，先听取本人意见。"),
}
YEARLY = 10_000_000  # yuan: nobody is paid more; it was typed in yuan


@import_kind
class Stays(ImportKind):
    """A row is one filed entry with what became of it, known by the number of the person's paper, the station and the
    date of the entry, or by the number of the national committee."""

    code = "stays"
    order = 8
    label = gettext_lazy("博士后名册")
    note = gettext_lazy(
        "一行一段在站经历，按证件号码、工作站和进站日期认，或按博管会编号认。已登记的人出站、退站请在博士后页办理。"
    )
    roles = OFFICERS
    result = "postdocs:stays"
    keeps_secrets = goes_out = True

    def columns(self, place):
        return ledger.columns(place)

    def key(self, values):
        if "index" not in values or "place" not in values:
            return None
        return values["index"], values["place"].pk, values["entered_on"]

    # --- what we have ------------------------------------------------------------------------

    def find(self, place, rows):
        fresh = [row for row in rows if not row.values.get("row")]
        for row in fresh:
            read_number(row)
        find_stations(place, rows)
        find_flows(place, rows)
        return Known(place, fresh).keys()

    def said(self, found):
        return found.said

    def rows(self, place, chosen, most):
        """The entered stays of one's districts, narrowed as their list is. Numbers of identity papers go out masked: a
        row that comes back is known by its mark."""
        mine = known_stays(place).order_by("-entered_on", "-pk")
        found = list(registered(place, StayFilter(chosen, mine, request=SimpleNamespace(user=place.user)).qs[:most]))
        theirs = IdentityPaper.objects.filter(person__in={stay.person for stay in found}).order_by("-pk")
        by_person = {paper.person_id: paper for paper in theirs}  # the first of each
        for stay in found:
            if paper := by_person.get(stay.person):
                stay.said.update(kind=paper.kind, number=paper.masked)
        return found

    def returned(self, place, targets):
        return self.get_of(place, known_stays(place), targets)

    def get(self, place, targets):
        return self.get_of(place, Stay.objects.all(), targets)

    def get_of(self, place, stays, targets):
        return {str(stay.pk): stay for stay in registered(place, stays.filter(pk__in=targets))}

    # --- what is wrong -----------------------------------------------------------------------

    def check(self, place, row):
        values = row.values
        station = days_of_stations(place)[row.found.station] if row.found else values.get("place")
        check_days(place, row, station)
        check_ending(row)
        check_match(place, row, station)
        if (salary := values.get("salary")) is not None and not 0 < salary <= YEARLY:
            row.wrong("salary", told_of_salary(salary))
        if row.found:
            check_known(row)
        elif not row.problems:
            check_new(place, row)

    # --- writing -----------------------------------------------------------------------------

    def create(self, place, rows):
        return enter([entry_of(values) for values in rows], by=place.user)

    def change(self, place, rows):
        told = {name for _stay, values in rows for name in values}
        if mine := {n: column for n, column in PERSON.items() if n in told}:
            write_people(rows, mine)
        if mine := {n: column for n, column in STAY.items() if n in told}:
            new_stay = maker(Stay)
            stays = [new_stay(id=stay.pk, **stored(Stay, mine, stay.said | values)) for stay, values in rows]
            overwrite(stays, [column.removesuffix("_id") for column in mine.values()])
        held = Matter.objects.filter(pk__in=[stay.matter for stay, _values in rows])
        held.update(version=F("version") + 1, changed_at=now())
        matters = {matter.pk: matter for matter in held.values_list("pk", "round", "status", named=True)}
        notes = [(matters[stay.matter], "imported", "", {"columns": sorted(values)}) for stay, values in rows]
        note_all(notes, by=place.user, on=place.on)

    def take_away(self, place, found):
        """Stays that came in with a batch go with what came with them, and the persons who have no other; nothing may
        have happened since."""
        matters, people = [stay.matter for stay in found], [stay.person for stay in found]
        later = Event.objects.filter(matter__in=matters).exclude(details__has_key="entered")
        moved = set(later.values_list("matter", flat=True))
        for stay in found:
            if stay.matter in moved:
                told = {"name": f"{stay.said['name']} {stay.number}"}
                raise Refused(_("%(name)s 已经有了后来的办理，不能撤回。") % told)
        Stay.objects.filter(pk__in=[stay.pk for stay in found]).delete()
        Event.objects.filter(matter__in=matters).delete()
        Spell.objects.filter(matter__in=matters).delete()
        Matter.objects.filter(pk__in=matters).delete()
        gone = Person.objects.filter(pk__in=people, user=None, stays=None)
        IdentityPaper.objects.filter(person__in=list(gone.values_list("pk", flat=True))).delete()
        gone.delete()


def stored(model, columns: dict[str, str], values: dict[str, Any]) -> dict[str, Any]:
    """What the cells are in columns of ours; an empty one is the empty text where a column has that."""
    told = {column: values[name] for name, column in columns.items()}
    for column in [column for column, value in told.items() if value is None]:
        told[column] = "" if model._meta.get_field(column.removesuffix("_id")).empty_strings_allowed else None
    return told


def write_people(rows: list[tuple[Registered, dict]], columns: dict[str, str]) -> None:
    """Each person once: two rows may speak of two stays of theirs."""
    said: dict[UUID, dict] = {}
    for stay, values in rows:
        mine = said.setdefault(stay.person, {**stay.said, "has_certificate": stay.has_certificate})
        mine.update({name: value for name, value in values.items() if name in columns})
        mine["has_certificate"] = True if mine["degree_on"] else mine["has_certificate"]
    new_person = maker(Person)
    people = [
        new_person(id=pk, has_certificate=values["has_certificate"], **stored(Person, columns, values))
        for pk, values in said.items()
    ]
    overwrite(people, [*columns.values(), "has_certificate"])
    Person.objects.filter(pk__in=said).update(version=F("version") + 1)


# --- the cells together ------------------------------------------------------------------------


def read_number(row: Row) -> None:
    """The number in one form with the kind of its paper, and its index; what is wrong is told without repeating it."""
    values = row.values
    if "number" in row.problems:
        return
    number = ledger.spelled(values.get("number") or "")
    if not number:
        row.wrong("number", _("必填，不能空着。"))
        return
    if "*" in number:
        row.wrong("number", _("号码被遮住了，请填完整的证件号码。"))
        return
    kind = values.get("kind") or ledger.kind_of(number)
    if kind is None:
        row.wrong("kind", _("号码不是身份证，请填证件类型。"))
        return
    try:
        number = papers.normal(kind, number)
    except ValidationError as wrong:
        row.wrong("number", " ".join(wrong.messages))
        return
    values |= {"kind": kind, "number": number, "index": sealed.index_of(number)}
    check_birth(row, papers.told(kind, number))


def check_birth(row: Row, told: dict) -> None:
    """What the number says of its holder and what the row says; other papers say nothing, so the row must."""
    values = row.values
    if values["kind"] not in NUMBERED:
        for name, sentence in (
            ("born_on", _("这种证件的号码里没有出生日期，请填写。")),
            ("nationality", _("不是居民身份证的，请填国籍（地区）。")),
        ):
            if not values.get(name) and name not in row.problems:
                row.wrong(name, sentence)
    if told and values.get("born_on") not in (None, told["born_on"]):
        row.wrong("born_on", _("与证件号码里的出生日期不一致，请对照证件。"))
    if told and values.get("sex") not in (None, told["sex"]):
        row.wrong("sex", _("与证件号码里的性别不一致，请对照证件。"))
    values["born_on"] = told.get("born_on", values.get("born_on"))
    values["sex"] = told.get("sex", values.get("sex"))
    born, entered = values["born_on"], values.get("entered_on")
    if born and entered and add_months(born, 12 * ADULT) > entered:
        row.wrong("number" if told else "born_on", _("按出生日期，进站时不满 %(n)s 岁，请对照证件。") % {"n": ADULT})


def find_stations(place: Place, rows: list[Row]) -> None:
    """The station of each row: by its number, or the one of its unit that recruits."""
    numbers = {row.values["station"] for row in rows if row.values.get("station")}
    units = {row.values["unit"] for row in rows if row.values.get("unit")}
    named = Q(matter__number__in=numbers) | Q(matter__organisation__name__in=units)
    here = Station.objects.filter(named, matter__district__up__ancestor=place.pack.root if place.pack else None)
    by_number, by_unit = {}, defaultdict(list)
    setting = Setting.objects.filter(pack=place.pack, code="stations.recruiting").values_list("value", flat=True)
    kinds = setting.first()
    places: dict[int, Any] = {}
    for station in here.select_related("matter__district", "enterprise__organisation").order_by("pk"):
        station.matter.district = places.setdefault(station.matter.district_id, station.matter.district)
        station.hires = kinds is None or station.kind in kinds  # type: ignore[attr-defined]
        by_number[station.matter.number] = station
        by_unit[station.enterprise.organisation.name].append(station)
    for row in rows:
        if not row.values.get("row"):
            station_of(place, row, by_number, by_unit)


def station_of(place: Place, row: Row, by_number: dict[str, Station], by_unit: dict[str, list[Station]]) -> None:
    values = row.values
    number, unit, entered = values.get("station"), values.get("unit"), values.get("entered_on")
    if number:
        station = by_number.get(number)
        if station is None:
            row.wrong("station", _("没有编号 %(number)s 的工作站。") % {"number": number})
            return
        if unit and unit not in (name := station.enterprise.organisation.name, station.name):
            row.wrong("unit", _("编号 %(number)s 的站属“%(name)s”。") % {"number": number, "name": name})
    elif unit:
        those = [s for s in by_unit.get(unit, ()) if s.hires]  # type: ignore[attr-defined]
        then = [
            s for s in those if entered and s.approved_on <= entered and (s.ended_on is None or entered < s.ended_on)
        ]
        if len(those := then or those) != 1:
            row.wrong("station" if those else "unit", told_of_unit(unit, those))
            return
        station = those[0]
    else:
        row.wrong("station", _("请填工作站编号，或设站单位。"))
        return
    if station.matter.district_id not in place.user.scope.districts:
        told = _("这个站属%(district)s，不在您的区镇。") % {"district": station.matter.district}
        row.wrong("station" if number else "unit", told)
    elif not station.hires:  # type: ignore[attr-defined]
        row.wrong("station", _("%(kind)s不招收博士后，请核对编号。") % {"kind": station.get_kind_display()})
    else:
        values["place"] = station


def told_of_unit(unit: str, stations: list[Station]) -> str:
    if not stations:
        return _("没有登记“%(unit)s”的工作站。请核对全称，或先导入工作站。") % {"unit": unit}
    numbers = _("、").join(s.matter.number for s in stations[:4])
    return _("这家单位有 %(n)s 个站，请填工作站编号：%(numbers)s。") % {"n": len(stations), "numbers": numbers}


def find_flows(place: Place, rows: list[Row]) -> None:
    for row in rows:
        university = row.values.get("flow")
        if isinstance(university, str):
            found = ledger.flow_named(place, university, row.values.get("entry_discipline"))
            if found is None:
                row.wrong(
                    "flow", _("“%(name)s”登记了几个流动站，请写明学科，或填招收一级学科。") % {"name": university}
                )
            row.values["flow"] = found


# --- checks ------------------------------------------------------------------------------------


def days_of_stations(place: Place) -> dict[int, Any]:
    """When each station of the city was approved and ended, and whose it is, for stays that are known."""
    if "days" not in place.memory:
        here = Station.objects.filter(matter__district__up__ancestor=place.pack.root if place.pack else None)
        rows = here.values_list("pk", "approved_on", "ended_on", "enterprise_id", "upgraded_from_id", named=True)
        place.memory["days"] = {row.pk: row for row in rows}
    return place.memory["days"]


def check_days(place: Place, row: Row, station: Any) -> None:
    values = row.values
    entered, until = values.get("entered_on"), values.get("planned_until")
    for name in ("entered_on", "ended_on", "withdrawn_on", "degree_on", "defended_on"):
        if values.get(name) and values[name] > place.on:
            row.wrong(name, _("%(day)s 还没有到。") % {"day": values[name]})
    if values.get("degree_on") and values.get("defended_on") and values["degree_on"] < values["defended_on"]:
        row.wrong("degree_on", _("早于答辩通过日期 %(day)s。") % {"day": values["defended_on"]})
    if until and values.get("contract_since") and until <= values["contract_since"]:
        row.wrong("planned_until", _("合同止须晚于合同起。"))
    if not entered:
        return
    if entered < BEGINNING:
        row.wrong("entered_on", _("%(day)s 早于博士后制度建立，请核对年份。") % {"day": entered})
    elif station and entered < station.approved_on:
        row.wrong("entered_on", _("工作站 %(day)s 才批准，进站日期不能更早。") % {"day": station.approved_on})
    elif station and station.ended_on and entered >= station.ended_on:
        row.wrong("entered_on", _("这个站 %(day)s 已终止。") % {"day": station.ended_on})
    if until and until <= entered:
        row.wrong("planned_until", _("不晚于进站日期 %(day)s。") % {"day": entered})
    if (degree := values.get("degree_on")) and degree > add_months(entered, DEGREE_MONTHS):
        row.wrong("degree_on", _("比进站日期晚半年以上，请核对。"))


def check_ending(row: Row) -> None:
    values = row.values
    entered, ended, withdrawn = (values.get(n) for n in ("entered_on", "ended_on", "withdrawn_on"))
    if ended and withdrawn:
        row.wrong("withdrawn_on", _("出站日期和退站日期只能填一个。"))
    for name, day in (("ended_on", ended), ("withdrawn_on", withdrawn)):
        if day and entered and day <= entered:
            row.wrong(name, _("不晚于进站日期 %(day)s。") % {"day": entered})
    if withdrawn and not values.get("ground") and "ground" not in row.problems:
        row.wrong("ground", _("填了退站日期，请选退站原因。"))
    if values.get("ground") and not withdrawn and "withdrawn_on" not in row.problems:
        row.wrong("withdrawn_on", _("填了退站原因，请填退站日期。"))
    if values.get("certificate_number") and not ended and "ended_on" not in row.problems:
        row.wrong("ended_on", _("填了博士后证书编号，请填出站日期。"))


def check_match(place: Place, row: Row, station: Any) -> None:
    """A match that the row names anew is of the same enterprise and, where its demand names one, the same station, and
    was signed by the day of the entry; the database says so too."""
    pk, entered = row.values.get("match"), row.values.get("entered_on")
    if not pk or station is None or (row.found and row.found.said["match"] == pk):
        return
    match = ledger.matches_of(place)[pk]
    if match.enterprise != station.enterprise_id or match.station not in (None, station.pk, station.upgraded_from_id):
        row.wrong("match", _("对接 %(number)s 不是这个站的，请核对编号。") % {"number": match.number})
    elif entered and match.signed_on and match.signed_on > entered:
        told = {"number": match.number, "day": match.signed_on}
        row.wrong("match", _("对接 %(number)s 于 %(day)s 签约，晚于进站日期。") % told)


def told_of_salary(salary) -> str:
    if salary <= 0:
        return _("年薪应大于 0；还不知道就空着。")
    return _("%(n)s 万元太多，是不是按元填的？请换算成万元。") % {"n": f"{(salary / 10_000).normalize():f}"}


def check_known(row: Row) -> None:
    """What a workbook doesn't change of a stay that is registered: who it is, where, and how it went on."""
    values, stay, said = row.values, row.found, row.found.said
    if values.get("name") and values["name"] != said["name"]:
        row.wrong("name", _("登记的姓名是“%(name)s”。") % {"name": said["name"]})
    elsewhere = "place" in values and values["place"].pk != stay.station
    if elsewhere or ("place" not in values and values.get("station") not in (None, "", said["station"])):
        row.wrong("station", _("登记在工作站 %(number)s，不能用表格改。") % {"number": said["station"]})
    if values.get("entered_on") and values["entered_on"] != stay.since:
        row.wrong("entered_on", _("登记的进站日期是 %(day)s。以全国备案为准，请核对。") % {"day": stay.since})
    for name, sentence in OUTSIDE.items():
        if values.get(name) and values[name] != (known := said[name]):
            row.wrong(name, _("已登记 %(day)s，请核对。") % {"day": known} if known else str(sentence))
    if values.get("ground") and said["withdrawn_on"] and values["ground"] != said["ground"]:
        ground = WithdrawalGround(said["ground"]).label
        row.wrong("ground", _("登记的退站原因是“%(ground)s”。") % {"ground": ground})


def check_new(place: Place, row: Row) -> None:
    known: Known = place.memory["known"]
    values = row.values
    index, since = values["index"], values["entered_on"]
    if number := known.under_way.get(index):
        row.wrong("", _("单位正在为这个人办理进站（%(number)s），请在那里登记进站备案。") % {"number": number})
    mine = known.by_index.get(index)
    name, where = (mine[0].said["name"], 0) if mine else known.named.setdefault(index, (values["name"], row.number))
    if name != values["name"]:
        told = (
            _("这个证件号码登记的姓名是“%(name)s”。") if mine else _("第 %(row)s 行同一个证件号码的姓名是“%(name)s”。")
        )
        row.wrong("name", told % {"name": name, "row": where})
    if number := values.get("committee_number"):
        first = known.committee.setdefault(number, row.number)
        if stay := known.by_committee.get(number):
            text = _("这个博管会编号已登记给%(name)s（%(number)s），请核对。")
            row.wrong("committee_number", text % {"name": stay.said["name"], "number": stay.number})
        elif first != row.number:
            row.wrong("committee_number", _("与第 %(row)s 行的博管会编号相同。") % {"row": first})
    until = values.get("ended_on") or values.get("withdrawn_on")
    for begun, ended, whose in known.periods.get(index, ()):
        if (until is None or begun < until) and (ended is None or since < ended):
            row.wrong("entered_on", told_of_overlap(begun, ended, whose))
    if row.problems:
        return
    known.periods.setdefault(index, []).append((since, until, f"row {row.number}"))
    if not mine:
        check_twins(known, row)


def told_of_overlap(begun: date, ended: date | None, whose: int | str) -> str:
    until = ended or _("今")
    if isinstance(whose, str):
        text = _("与第 %(row)s 行同一个人的在站时间（%(begun)s 至 %(until)s）重叠。")
        return text % {"row": whose.removeprefix("row "), "begun": begun, "until": until}
    return _("这个人 %(begun)s 至 %(until)s 已有一段在站经历，两段不能重叠。") % {"begun": begun, "until": until}


def check_twins(known: Known, row: Row) -> None:
    """Somebody of the same name and birth date under another number is most often the same, mistyped."""
    values = row.values
    key = values["name"], values["born_on"]
    index, where = known.born.setdefault(key, (values["index"], row.number))
    number = known.twins.get(key)
    if values.get("other") or (number is None and index == values["index"]):
        return
    ask = _("是同一个人就改正号码；确实是另一个人，在“确认另有其人”一列填“是”。")
    if number:
        row.doubt(_("与已登记的 %(number)s 同名、同一天出生，证件号码不同。") % {"number": number} + ask)
    else:
        row.doubt(_("与第 %(row)s 行同名、同一天出生，证件号码不同。") % {"row": where} + ask)


# --- what becomes of a row ---------------------------------------------------------------------


def entry_of(values: dict) -> Entry:
    person = {column: values[name] for name, column in PERSON.items() if values.get(name) not in (None, "")}
    if person.get("degree_on"):
        person["has_certificate"] = True
    told = {column: values[name] for name, column in STAY.items() if values.get(name) not in (None, "")}
    return Entry(
        station=values["place"],
        name=values["name"],
        kind=values["kind"],
        number=values["number"],
        index=values["index"],
        entered_on=values["entered_on"],
        person=person,
        values=told,
        ended_on=values.get("ended_on") or values.get("withdrawn_on"),
        ground=values.get("ground") or "",
    )
