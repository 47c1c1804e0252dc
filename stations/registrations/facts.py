"""What can be said of a registration that waits."""

from django.utils.translation import gettext_lazy

from portal.facts import Vocabulary
from portal.models import Organisation
from stations.models import Registration, RegistrationStatus

S, Proof, Kind = RegistrationStatus, Registration.Proof, Organisation.Kind

facts = Vocabulary("registration", Registration)
facts.column("proof", gettext_lazy("怎样核对的"), choices=dict(Proof.choices))
