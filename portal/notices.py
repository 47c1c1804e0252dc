"""Telling people: a notice in the portal for each, and deliveries by mail and SMS that a worker carries out."""

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal import jobs, sms
from portal.models import Absence, Appointment, Delivery, Event, Matter, Notice, Pack, ReturnItem, Role, User
from portal.models.people import CASEWORK, LENT, UNIT
from portal.words import localised

ATTEMPTS = 5


def tell(matter: Matter, event: Event, lifecycle) -> None:
    """Tell whose turn it is, the enterprise (when an official acted, or the day ended it) and who follows the matter; not
    the actor, and nobody who may not see it any more."""
    if matter.filed_on is None and matter.holder in UNIT and event.action not in ("to_certify", "decline", "hand_over"):
        return
    roles = {matter.holder}
    by_unit = event.by_id and event.by.roles_for(organisation_id=matter.organisation_id, district_id=None) & UNIT
    if (event.by_id or matter.closed_on) and not by_unit:  # an official acted, or the day ended it
        roles |= UNIT
    concerned = reaching(matter, roles)
    if matter.watches.exists():
        concerned |= reaching(matter, CASEWORK if matter.filed_on else UNIT).filter(watches__matter=matter)
    ring(matter, event, lifecycle, concerned, urgent=bool(matter.return_to) or matter.closed_on is not None)


def ring(matter: Matter, event: Event, lifecycle, people, *, urgent: bool = False) -> None:
    """Tell these people of one event, all but its actor."""
    told = list(people.exclude(pk=event.by_id or 0).distinct())
    texts = {}
    for language in {user.language for user in told}:
        with translation.override(language):
            texts[language] = sentence(matter, event, lifecycle)
    deliver([Notice(user=user, matter=matter, text=texts[user.language]) for user in told], urgent=urgent)


def sentence(matter: Matter, event: Event, lifecycle) -> str:
    """Number, what happened, whose turn it is and until when; short enough for one SMS."""
    stage = lifecycle.stages[matter.status]
    parts = [
        _("%(number)s %(title)s：%(action)s，现为“%(stage)s”")
        % {
            "number": matter.number,
            "title": localised(matter, "title"),
            "action": lifecycle.said(event),
            "stage": stage.label,
        }
    ]
    if count := event.items.count():
        parts.append(ngettext("请改 %(n)s 处后交回", "请改 %(n)s 处后交回", count) % {"n": count})
    if matter.due_on:
        parts.append(_("%(due)s 前办结") % {"due": matter.due_on.isoformat()})
    return _("，").join(parts)[:300]


def reminder(matter: Matter, lifecycle, address: str) -> str:
    """What an official sends by hand to whoever holds the matter; empty where a gateway sends it, or nobody holds it."""
    if not matter.holder or sms.gateway().real:
        return ""
    pack = Pack.objects.get_for(matter.district_id)
    open_items = ReturnItem.objects.filter(event__matter=matter, resolved_at=None, answered_at=None).count()
    said = [
        _("【%(bureau)s】%(unit)s：%(title)s（%(number)s）现为“%(stage)s”")
        % {
            "bureau": localised(pack, "bureau"),
            "unit": localised(matter.organisation or matter.district, "name"),
            "title": localised(matter, "title"),
            "number": matter.number,
            "stage": lifecycle.stages[matter.status].label,
        }
    ]
    if open_items and matter.holder in UNIT:
        said.append(ngettext("还有 %(n)s 处要改", "还有 %(n)s 处要改", open_items) % {"n": open_items})
    if matter.due_on:
        said.append(_("请在 %(due)s 前办理") % {"due": matter.due_on.isoformat()})
    return f"{_('，').join(said)}{_('。')}{address}"


def reaching(matter: Matter, roles):
    """The people who hold one of these roles towards the matter today: for its organisation, or over its district; and
    who stands in for them."""
    in_force = Appointment.objects.in_force(localdate()).filter(
        Q(role__in=UNIT, organisation=matter.organisation_id)
        | Q(district__down__node=matter.district_id)
        & (~Q(role=Role.REPORTER) | Q(organisation=matter.organisation_id)),
        role__in=roles,
    )
    absent = Absence.objects.in_force(localdate()).filter(user__in=in_force.filter(role__in=LENT).values("user"))
    return User.objects.filter(Q(pk__in=in_force.values("user")) | Q(pk__in=absent.values("deputy")), is_active=True)


def deliver(notices: list[Notice], *, urgent: bool) -> None:
    """Save these notices and have them carried: mail wherever there is an address; SMS for what can't wait."""
    waiting = []
    for notice in Notice.objects.bulk_create(notices):
        channels = [Delivery.Channel.MAIL] * bool(notice.user.email)
        channels += [Delivery.Channel.SMS] * bool(urgent and notice.user.phone)
        waiting += [Delivery(notice=notice, channel=channel) for channel in channels]
    if waiting:
        Delivery.objects.bulk_create(waiting)
        jobs.ask("deliver")


def ask_again() -> None:
    """Have another try at what a gateway did not take."""
    if Delivery.objects.filter(sent_at=None, attempts__lt=ATTEMPTS).exists():
        jobs.ask("deliver")


@jobs.handler("deliver", gettext_lazy("发送通知"), merge=True, atomic=False)
def send_waiting(job) -> dict:
    """Carry out what waits, one by one: each with its own outcome, so that one bad address stops nobody else."""
    sent = 0
    for pk in Delivery.objects.filter(sent_at=None, attempts__lt=ATTEMPTS).order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            waiting = Delivery.objects.select_for_update(skip_locked=True, of=("self",)).filter(Q(pk=pk, sent_at=None))
            delivery = waiting.select_related("notice__user").first()
            if delivery:
                sent += carry(delivery)
    return {"sent": sent}


def link_of(notice: Notice) -> str:
    """Where the mail of a notice leads, whoever follows it signs in first; "" where nobody outside this machine could."""
    hosts = [host for host in settings.ALLOWED_HOSTS if not host.startswith((".", "*"))]
    return f"https://{hosts[0]}{notice.path}" if settings.HTTPS and hosts and notice.path else ""


def carry(delivery: Delivery) -> bool:
    """Hand one notice to its channel. A gateway that fails is tried again with the next bell."""
    user, text = delivery.notice.user, delivery.notice.text
    delivery.attempts += 1
    try:
        if delivery.channel == Delivery.Channel.MAIL:
            body = "\n".join(filter(None, [text, link_of(delivery.notice)]))
            send_mail(" ".join(text.split())[:80], body, None, [user.email])
        else:
            sms.gateway().send(user.phone, text)
        delivery.sent_at, delivery.error = now(), ""
    except Exception as error:  # SMTP, sockets, whatever a gateway raises: the next one is carried all the same
        delivery.error = f"{type(error).__name__}: {error}"[:300]
    delivery.save(update_fields=["attempts", "sent_at", "error"])
    return delivery.sent_at is not None
