"""Builders of told rows and of insurance lists: the smallest true thing, every value can be given."""

from datetime import date

from portal import sealed
from portal.models import Role, User
from postdocs import told
from postdocs.models import Doctor, Insured, InsuredMonth, Programme, Selection, Stay, Talent
from postdocs.people import actions as people
from stations.models import Station
from tests import make
from tests.postdocs.staying import paper_number

ON = make.ON
SINCE = date(2026, 3, 2)


def owned(owner) -> dict:
    """Whose row it is, by the enterprise."""
    return {"organisation": owner.organisation, "district": owner.organisation.district}


def doctor(
    place, by: User, *, owner=None, number: str = "", name: str = "周博文", degree_on=date(2025, 12, 30), **values
):
    """A doctor of `place.enterprise`, as `by` tells; an official's is confirmed."""
    person = people.candidate(
        name=name, kind="id_card", number=number or paper_number(), degree_on=degree_on, has_certificate=True
    )
    row = Doctor(person=person, **owned(owner or place.enterprise), **({"since": SINCE} | values))
    told.keep(row, by=by, on=ON)
    return Doctor.objects.get(pk=row.pk)


def talent(station: Station, by: User, *, number: str = "", **values) -> Talent:
    given = {"name": "钱工", "degree": "master", "post": "research", "relation": "team", "since": SINCE}
    given |= {"contract_since": SINCE, **owned(station.enterprise)} | values
    row = Talent(station=station, number_index=sealed.index_of(number or paper_number()), **given)
    told.keep(row, by=by, on=ON)
    return Talent.objects.get(pk=row.pk)


def programme(place, code: str = "plan", **values) -> Programme:
    given = {"name": f"遴选{code}", "level": "provincial", "kind": "plan", "clause": place.clause} | values
    return Programme.objects.get_or_create(pack=place.pack, code=code, defaults=given)[0]


def selection(of: Stay | Station, by: User, which: Programme, **values) -> Selection:
    stay, station = (of, of.station) if isinstance(of, Stay) else (None, of)
    given = {"year": 2026, "listed_on": date(2026, 6, 10), "document": "名单", **owned(station.enterprise)} | values
    row = Selection(programme=which, stay=stay, station=station, **given)
    told.keep(row, by=by, on=ON)
    return Selection.objects.get(pk=row.pk)


def insured(owner, number: str, by: User, paid: dict, *, name: str = "周博文") -> Insured:
    """Months of a unit's lists, as `2026-03` → True, False, or the day on which it was paid back."""
    one, _new = Insured.objects.get_or_create(
        organisation=owner.organisation, number_index=sealed.index_of(number), defaults={"name": name}
    )
    InsuredMonth.objects.bulk_create(
        InsuredMonth(
            insured=one, month=date(*map(int, month.split("-")), 1), paid=how is True, source="清单", confirmed_by=by,
            confirmed_on=ON, back_paid_on=how if isinstance(how, date) else None,
        )
        for month, how in paid.items()
    )  # fmt: skip
    return one


def around(place, who, station: Station) -> None:
    """One of everything at the station's enterprise, told by its handler; and one month of insurance."""
    by, owner = who[Role.HANDLER], station.enterprise
    doctor(place, by, owner=owner)
    talent(station, by)
    selection(station, by, programme(place, "road", kind="roadshow"), project="项目")
    insured(owner, paper_number(), who[Role.BUREAU_HANDLER], {"2026-04": True})


SORTS = {"doctor": Doctor, "talent": Talent, "selection": Selection}


def keys(organisation: int) -> dict[str, int]:
    """What addresses name of a unit's rows."""
    found = {name: model.objects.get(organisation=organisation).pk for name, model in SORTS.items()}
    return found | {"unit": organisation}


def none(nothing) -> dict[str, int]:
    return {name: getattr(nothing, name) for name in (*SORTS, "unit")}
