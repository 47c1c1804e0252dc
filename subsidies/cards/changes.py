"""Whom a change concerns: what somebody is entitled to rests on their stays, rows and selections, and on the station's."""

from collections.abc import Iterable, Mapping

from django.db.models import Q, QuerySet

from postdocs.models import Doctor, Selection, Stay
from stations.models import Station
from subsidies.subjects import SUBJECTS

EVERYBODY = Q()


def few(payloads: Iterable[Mapping]) -> dict[str, QuerySet] | None:
    """The subjects to look at again, by vocabulary; nobody where it is empty. None: everybody, since one of the changes
    (a rule, an import) doesn't say whom it is about."""
    keys: dict[str, set[int]] = {}
    payloads = list(payloads)
    if not payloads or any("about" not in payload for payload in payloads):
        return None
    for payload in payloads:
        for kind, key in payload["about"]:
            keys.setdefault(kind, set()).add(key)
    return concerned(keys) if keys else {}


def concerned(keys: Mapping[str, set[int]]) -> dict[str, QuerySet]:
    """From cases, doctor rows and selections to all that is about the same people and stations."""
    matters, doctors, selections = (keys.get(kind, set()) for kind in ("matter", "doctor", "selection"))
    stays = Stay.objects.filter(Q(matter__in=matters) | Q(changes__matter__in=matters) | Q(station__matter__in=matters))
    told = Stay.objects.filter(person__in=Doctor.objects.filter(pk__in=doctors).values("person"))
    chosen = Stay.objects.filter(pk__in=Selection.objects.filter(pk__in=selections).values("stay"))
    people = {key for rows in (stays, told, chosen) for key in rows.values_list("person", flat=True)}
    people |= set(Doctor.objects.filter(pk__in=doctors).values_list("person", flat=True))
    places = set(stays.values_list("station", flat=True))
    places |= set(
        Station.objects.filter(Q(matter__in=matters) | Q(application__matter__in=matters)).values_list("pk", flat=True)
    )
    return {
        "stay": Stay.objects.filter(person__in=people),
        "doctor": Doctor.objects.filter(person__in=people),
        "selection": Selection.objects.filter(Q(stay__person__in=people) | Q(pk__in=selections)),
        "station": Station.objects.filter(pk__in=places),
    }


def among(rows: Mapping[str, QuerySet] | None) -> Q:
    """The entitlements of these subjects."""
    if rows is None:
        return EVERYBODY
    reach = Q(pk__in=[])
    for name in SUBJECTS:
        reach |= Q(**{f"{name}__in": rows[name].order_by().values("pk")})
    return reach
