"""An enterprise comes into the house."""

from datetime import date

from django.db import transaction

from portal.models import Appointment, District, Organisation, Role, User
from stations.models import Enterprise


@transaction.atomic
def register(*, code: str, name: str, district: District, user: User, code_confirmed: bool, on: date) -> Enterprise:
    """A new enterprise with its first handler; of one that officials entered see stations/registrations.py. `user` may
    be unsaved. Raises ValidationError, IntegrityError."""
    organisation = Organisation(code=code, name=name, kind=Organisation.Kind.ENTERPRISE, district=district)
    organisation.full_clean()
    organisation.save()
    user.save()
    enterprise = Enterprise.objects.create(
        organisation=organisation, code_confirmed=code_confirmed, contact=user.name, contact_phone=user.phone
    )
    Appointment.objects.create(user=user, role=Role.HANDLER, organisation=organisation, since=on)
    return enterprise
