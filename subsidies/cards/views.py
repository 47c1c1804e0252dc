"""The policy card on the screen, on paper and as a file."""

from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localdate

from portal.offices import office_of_district
from portal.papers import pdf_response
from postdocs.models import Doctor, Person, Selection, Stay
from postdocs.stays.models import BEFORE
from stations.models import Station
from subsidies.cards import card as cards
from subsidies.cards.sheet import paper_of


def subjects_of(person: Person, user, *, own: bool) -> list:
    """The stays, doctor rows and selections of a person that this reader may see; to themselves all of them."""
    models = (Stay, Doctor, Selection)
    whole: list[Any] = [m._default_manager.all() if own else m._default_manager.visible_to(user) for m in models]
    stays, doctors = (rows.filter(person=person) for rows in whole[:2])
    selections = whole[2].filter(stay__person=person)
    stays = stays.filter(Q(entered_on__isnull=False) | Q(status__in=BEFORE)).for_page()
    doctors = doctors.select_related("person", "organisation", "district")
    selections = selections.select_related("stay__person", "organisation", "district")
    return [*stays.order_by("-entered_on", "-pk"), *doctors.order_by("-since", "-pk"), *selections.order_by("pk")]


def own_card(request) -> cards.Card | None:
    person = Person.objects.filter(user=request.user).first()
    if person is None:
        return None
    subjects = subjects_of(person, request.user, own=True)
    return cards.of_person(person, subjects, request.user, localdate(), own=True)


def card_of_person(request, pk) -> tuple[Person, cards.Card]:
    """Of somebody with a stay, a doctor row or a selection that this reader may see."""
    user = request.user
    doctors = Doctor.objects.visible_to(user).filter(person=OuterRef("pk")).order_by()
    seen = Person.objects.visible_to(user).order_by().values("pk")
    person = get_object_or_404(Person.objects.filter(Q(pk__in=seen) | Exists(doctors)), pk=pk)
    own = person.user_id == user.pk
    return person, cards.of_person(person, subjects_of(person, user, own=own), user, localdate(), own=own)


def card_of_station(request, number) -> tuple[Station, cards.Card]:
    rows = Station.objects.visible_to(request.user).select_related("matter__organisation", "matter__district")
    station = get_object_or_404(rows, matter__number=number)
    return station, cards.of_station(station, request.user, localdate())


def shown(request, card, file: str, back: tuple):
    office = office_of_district(card.district) if card and card.district else None
    context = {"card": card, "file": file, "back": back, "office": office}
    return render(request, "subsidies/card.html", context)


def given(card: cards.Card):
    office = office_of_district(card.district) if card.district else None
    return pdf_response(paper_of(card, office), f"{card.title} {card.about[0][1]}")


def card(request):
    return shown(request, own_card(request), "subsidies:card_file", ())


def card_file(request):
    found = own_card(request)
    if found is None:
        raise Http404
    return given(found)


def person_card(request, pk):
    person, found = card_of_person(request, pk)
    seen = Person.objects.visible_to(request.user).filter(pk=pk).exists()
    return shown(request, found, "subsidies:person_card_file", (person, person.get_absolute_url() if seen else "", pk))


def person_card_file(request, pk):
    return given(card_of_person(request, pk)[1])


def station_card(request, number):
    station, found = card_of_station(request, number)
    return shown(request, found, "subsidies:station_card_file", (station, station.get_absolute_url(), number))


def station_card_file(request, number):
    return given(card_of_station(request, number)[1])
