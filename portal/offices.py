"""Whom a unit may call: the office of its district, by name and telephone."""

from datetime import date

from django.utils.timezone import localdate

from portal.models import Appointment, Organisation, Role, User
from portal.site import organisation_district, remembered

NAMED = 3  # officers whose names are shown


def officers(district_id: int, on: date):
    """The officers of a district, one of whom looks after an enterprise."""
    held = Appointment.objects.in_force(on).filter(role=Role.DISTRICT, district__down__node=district_id)
    return User.objects.filter(is_active=True, pk__in=held.values("user")).order_by("name", "pk")


def office_of_district(district: int) -> Organisation | None:
    """The office of a district, with the names of its `officers` today."""
    offices = Organisation.objects.filter(kind=Organisation.Kind.DISTRICT_OFFICE, district=district)

    def find():
        office = offices.first()
        if office is not None:
            office.officers = [user.name for user in officers(district, localdate())[:NAMED]]
        return office or ""

    return remembered(f"office:{district}", find) or None


def whom_to_call(request) -> dict:
    """For the foot of every page that somebody of a unit reads: the office of its district."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or not user.scope.organisations:
        return {}
    district = organisation_district(user)
    return {"whom": office_of_district(district) if district else None}
