"""How requests come about, and what the day and a bad rating bring them."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from portal import workdays
from portal.lifecycle import Refused, open_matter
from portal.models import Matter, Organisation, Role, User
from postdocs.services import lifecycle
from postdocs.services.models import OPEN, Asker, RequestStatus, Service, ServiceRequest
from postdocs.stays.models import Stay, StayStatus
from postdocs.visits.models import Visit

R, Side = RequestStatus, ServiceRequest.Side
SERVED = (
    *(StayStatus.HERE, StayStatus.EXITING, StayStatus.CHECKING, StayStatus.ISSUING, StayStatus.WISHING),
    *(StayStatus.LEFT, StayStatus.SETTLED),
)  # whoever entered and was not withdrawn: services are also for those who stay on


def side_of(stay: Stay, user: User) -> str | None:
    """As whom somebody may ask for something for this stay: themselves, their enterprise; None: not at all."""
    if stay.status not in SERVED:
        return None
    if stay.person.user_id == user.pk and Role.POSTDOC in user.scope.roles:
        return Side.POSTDOC
    organisation = stay.matter.organisation_id
    return Side.UNIT if Role.HANDLER in user.roles_for(organisation_id=organisation, district_id=None) else None


def askable(service: Service, side: str) -> bool:
    return (Asker.POSTDOC if side == Side.POSTDOC else Asker.UNIT) in service.askers


def stays_for(user: User):
    """For whom this person may ask."""
    organisations = user.scope.by_role.get(Role.HANDLER, (frozenset(), frozenset()))[0]
    rows = Stay.objects.filter(status__in=SERVED, matter__organisation__in=organisations)
    if Role.POSTDOC in user.scope.roles:
        rows |= Stay.objects.filter(status__in=SERVED, person__user=user)
    return rows.select_related("person", "matter__organisation", "matter__district").order_by("-entered_on", "pk")


@transaction.atomic
def ask(service: Service, stay: Stay, *, content: str, tier: str = "", by: User, on: date) -> ServiceRequest:
    """Ask for a service for somebody. What postdocs ask for themselves is not their enterprise's. Raises Refused."""
    side = side_of(stay, by)
    if side is None:
        raise Refused(_("只能为自己或本单位已进站、没有退站的博士后提出。"))
    if not askable(service, side):
        raise Refused(_("“%(service)s”不由%(side)s提出。") % {"service": service, "side": Side(side).label})
    return opened(
        service, R.SUBMITTED, stay=stay, side=side, content=content, tier=tier, by=by, on=on,
        organisation=stay.matter.organisation if side == Side.UNIT else None, district=stay.matter.district,
    )  # fmt: skip


@transaction.atomic
def note_need(
    visit: Visit, service: Service, *, content: str, owner: Organisation | None, due_on: date | None, by: User, on: date
) -> ServiceRequest:
    """What somebody said on a visit that they need: taken up at once by the office that heard it. Raises Refused."""
    if due_on is not None and due_on < on:
        raise Refused(_("期限 %(day)s 已经过了，请填今天或以后。") % {"day": due_on})
    row = opened(
        service, R.ACCEPTED, stay=visit.stay, side=Side.OFFICE, content=content, by=by, on=on, visit=visit,
        organisation=None if visit.stay_id else visit.organisation, district=visit.district,
        accepted_on=on, due_on=due_on or workdays.add(on, service.days), owner=owner or service.owner,
    )  # fmt: skip
    Matter.objects.filter(pk=row.matter_id).update(due_on=row.due_on)
    row.matter.due_on = row.due_on
    return row


def opened(service: Service, status: str, *, organisation, district, by: User, on: date, **values) -> ServiceRequest:
    """A new request with its matter."""
    whom = values["stay"].person.name if values.get("stay") else str(organisation)
    matter = open_matter(
        lifecycle.request,
        status,
        series="FW",
        title=f"{service.title}：{whom}",
        title_en=f"{service.title_en or service.title}: {whom}",
        organisation=organisation,
        district=district,
        by=by,
        on=on,
        filed=True,
    )
    if status == R.SUBMITTED:
        matter.due_on = lifecycle.request.due_on(matter, status, on=on)
        matter.save(update_fields=["due_on"])
    return ServiceRequest.objects.create(matter=matter, service=service, status=status, **values)


def look_into(subject: ServiceRequest, *, on: date) -> ServiceRequest:
    """After a rating: a bad one comes to the bureau's work list, with a day."""
    if subject.status == R.RATED and lifecycle.is_low(subject):
        return lifecycle.request.move(subject, "follow", by=None, on=on)
    return subject


def escalate(*, on: date) -> int:
    """Bring what is past its promise before the bureau, each for itself. Returns how many there were."""
    late = ServiceRequest.objects.filter(
        status__in=OPEN, level=ServiceRequest.Level.DISTRICT, matter__due_on__lt=on
    ).order_by("pk")
    done = 0
    for pk in late.values_list("pk", flat=True):
        with transaction.atomic():
            row = ServiceRequest.objects.select_for_update(of=("self",)).select_related("matter").get(pk=pk)
            if row.status in OPEN and row.level == ServiceRequest.Level.DISTRICT:
                due_on = row.matter.due_on
                lifecycle.request.move(row, "escalate", by=None, on=on, details={"was_due_on": str(due_on)})
                done += 1
    return done
