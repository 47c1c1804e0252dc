"""An enterprise comes into the house."""

from datetime import date

from django.db import transaction

from portal.models import Appointment, District, Organisation, Role, User
from stations.models import Enterprise


@transaction.atomic
def register(*, code: str, name: str, district: District, user: User, code_confirmed: bool, on: date) -> Enterprise:
    """A new enterprise with its first handler, or one that officials entered and nobody acts for yet: its record and
    its district stay. `user` may be unsaved. Raises ValidationError, IntegrityError."""
    organisation = Organisation.objects.select_for_update().filter(code=code, name=name).first()
    if organisation is None or organisation.appointments.exists():
        organisation = Organisation(code=code, name=name, kind=Organisation.Kind.ENTERPRISE, district=district)
        organisation.full_clean()
        organisation.save()
    user.save()
    enterprise, _made = Enterprise.objects.get_or_create(
        organisation=organisation,
        defaults={"code_confirmed": code_confirmed, "contact": user.name, "contact_phone": user.phone},
    )
    Appointment.objects.create(user=user, role=Role.HANDLER, organisation=organisation, since=on)
    return enterprise
