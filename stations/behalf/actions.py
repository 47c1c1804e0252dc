"""An office fills in an application for an enterprise (代填), with its consent on record.

What is typed for it is written down by target and person, the enterprise is told and may object or take its consent
back at any time. Vouching stays with the enterprise: by its second account, or by a page with its seal that the office
may hand in.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from portal import notices
from portal.lifecycle import HAPPENINGS, NotYours, Refused
from portal.models import Appointment, Event, Evidence, File, Matter, Notice, Organisation, User
from portal.models.people import UNIT
from stations.applications import actions, cases
from stations.applications import lifecycle as applications_lifecycle
from stations.applications.models import STAMP
from stations.applications.submissions import in_words, shown
from stations.behalf.models import CONSENT
from stations.models import Application, ApplicationStatus, ApplicationType, Consent, Enterprise, Filling, Signing
from stations.roles import DISTRICT, HANDLER, MAKERS

S = ApplicationStatus
HELPERS = DISTRICT | MAKERS
OPEN = (S.DRAFT, S.RETURNED)
HAPPENINGS.update(
    {
        "consent": gettext_lazy("同意代填"),
        "filled": gettext_lazy("代填完成，请单位核对"),
        "object": gettext_lazy("对代填提出异议"),
        "end_consent": gettext_lazy("终止代填"),
    }
)


# --- consent -----------------------------------------------------------------------------------


@transaction.atomic
def enter(*, code: str, name: str, district, code_confirmed: bool) -> Enterprise:
    """The record of an enterprise that has no account yet, or the one there is."""
    organisation, _new = Organisation.objects.get_or_create(
        code=code, defaults={"name": name, "kind": Organisation.Kind.ENTERPRISE, "district": district}
    )
    enterprise, _new = Enterprise.objects.get_or_create(
        organisation=organisation, defaults={"code_confirmed": code_confirmed}
    )
    return enterprise


@transaction.atomic
def begin(
    *, enterprise: Enterprise, kind: ApplicationType, by: User, on: date, given_on: date, signer: str, file: File
) -> Application:
    """An officer begins, or goes on with, an application of an enterprise that consents by a paper."""
    if given_on > on:
        raise Refused(_("同意日期 %(day)s 在今天之后，请核对。") % {"day": given_on})
    application = actions.start(enterprise=enterprise, kind=kind, by=by, on=on)
    values = {"way": Consent.Way.PAPER, "given_on": given_on, "signer": signer, "file": file}
    consent(application, by=by, on=on, **values)
    Evidence.objects.get_or_create(
        matter=application.matter, slot=CONSENT, file=file, removed_at=None, defaults={"added_by": by}
    )
    return application


@transaction.atomic
def consent(application: Application, *, by: User, on: date, way=Consent.Way.PORTAL, **values) -> Consent:
    """From now on the office may fill it in. Without an account that could vouch, a page with the seal does."""
    application = actions.lock(application)
    if application.status not in OPEN:
        raise Refused(_("这件申报已提交，不用代填。"))
    if application.consents.in_force().exists():
        raise Refused(_("这件申报已有一份有效的代填同意。"))
    row = Consent(application=application, way=way, recorded_by=by, **({"given_on": on, "signer": by.name} | values))
    row.full_clean(exclude=["application", "recorded_by"])
    row.save()
    Matter.objects.filter(pk=application.matter_id).update(helped=True)
    if not acting(application.matter.organisation, on).exists():
        Application.objects.filter(pk=application.pk).update(signing=Signing.PAGE)
    happened(application, "consent", by=by, on=on, details={"way": way, "signer": row.signer})
    return row


def acting(organisation: Organisation, on: date):
    """Those who act for an enterprise today."""
    return Appointment.objects.in_force(on).filter(organisation=organisation, role__in=UNIT)


@transaction.atomic
def end(application: Application, *, by: User, on: date, note: str = "") -> None:
    """The consent is taken back, or the office is done with it: what was typed stays, for the enterprise alone."""
    application = actions.lock(application)
    row = application.consents.select_for_update().filter(ended_on=None).first()
    if row is None:
        raise Refused(_("现在没有代填，不用终止。"))
    row.ended_on, row.ended_by, row.end_note = max(on, row.given_on), by, note
    row.save(update_fields=["ended_on", "ended_by", "end_note"])
    Matter.objects.filter(pk=application.matter_id).update(helped=False)
    happened(application, "end_consent", by=by, on=on, note=note)


@transaction.atomic
def object_to(application: Application, *, by: User, on: date, note: str) -> None:
    """The enterprise says that something typed for it is wrong; it stands in the history, and the office is told."""
    if not note.strip():
        raise Refused(_("请写明哪里不对。"))
    happened(actions.lock(application), "object", by=by, on=on, note=note)


@transaction.atomic
def done(application: Application, *, by: User, on: date, note: str = "") -> None:
    """The office has typed what it was given; the enterprise is asked to look and to vouch."""
    application = actions.lock(application)
    if not may_fill(application, by):
        raise NotYours(_("这件申报现在不由您代填。"))
    happened(application, "filled", by=by, on=on, note=note)


@transaction.atomic
def hand_in(application: Application, *, by: User, on: date) -> Application:
    """The office hands in the page with the enterprise's seal, and with it the case."""
    application = actions.lock(application)
    application.truthful = True
    application.save(update_fields=["truthful"])
    return applications_lifecycle.application.move(application, "enter", by=by, on=on)


def happened(application: Application, action: str, *, by: User, on: date, note: str = "", details=None) -> None:
    """Written into the history; the enterprise is told, and those of the office who had a hand in it."""
    matter = application.matter
    event = Event.objects.create(
        matter=matter, round=matter.round, action=action, source=matter.status, target=matter.status,
        on=on, by=by, note=note, details=details or {},
    )  # fmt: skip
    told = User.objects.filter(
        Q(pk__in=notices.reaching(matter, UNIT).values("pk"))
        | Q(pk__in=Consent.objects.filter(application=application).values("recorded_by"))
        | Q(pk__in=Filling.objects.filter(application=application).values("by")),
        is_active=True,
    )
    if action == "consent" and (details or {}).get("way") == Consent.Way.PORTAL:
        told |= notices.reaching(matter, DISTRICT)
    notices.ring(matter, event, applications_lifecycle.application, told, urgent=action == "object")


def registered(enterprise: Enterprise, *, by: User, confirmed_by: User) -> None:
    """Somebody was confirmed as handler of an enterprise that had nobody: whoever else fills in for it is told, since
    from now on this person sees what was typed."""
    rows = Consent.objects.in_force().filter(application__enterprise=enterprise).exclude(recorded_by=confirmed_by)
    for row in rows.select_related("application__matter", "recorded_by"):
        with override(row.recorded_by.language):
            text = _("%(who)s（%(phone)s）经核对成为%(unit)s的经办人，能看到您代填的申报")
            text %= {"who": by, "phone": by.phone, "unit": enterprise}
        notice = Notice(user=row.recorded_by, matter=row.application.matter, text=text[:300])
        notices.deliver([notice], urgent=True)


# --- filling in --------------------------------------------------------------------------------


def may_fill(application: Application, user: User) -> bool:
    """Whether this person fills the case in for the enterprise now."""
    matter = application.matter
    if not matter.helped or application.status not in OPEN:
        return False
    return bool(HELPERS & user.roles_for(organisation_id=None, district_id=matter.district_id))


def typed(application: Application, targets: Iterable[str], *, by: User, value: str | None = None) -> None:
    """Note what an officer has just written at these targets (`value`: instead of what the row says there). Of the
    enterprise's own people nothing is noted."""
    if by.roles_for(organisation_id=application.matter.organisation_id, district_id=None) & UNIT:
        return
    application = Application.objects.select_related("enterprise__organisation", "matter").get(pk=application.pk)
    for target in targets:
        told = reading(application, target) if value is None else value
        defaults = {"value": told, "at": now()}
        Filling.objects.update_or_create(application=application, target=target, by=by, defaults=defaults)


def reading(application: Application, target: str) -> str:
    """What the application says at a target, as a person reads it."""
    kind, _colon, name = target.partition(":")
    if kind == "profile":
        return shown(application.enterprise, name)
    if kind == "field":
        return shown(application, name)
    if kind == "condition":
        answer = application.answers.get(condition__code=name)
        return in_words({"claimed": answer.claimed, "statement": answer.statement}, {})
    cited = Evidence.objects.filter(matter=application.matter_id, slot=name, removed_at=None)
    return _("、").join(cited.order_by("pk").values_list("file__name", flat=True)) or "—"


# --- what pages show ---------------------------------------------------------------------------


@dataclass
class Help:
    """The story of one case: the consent in force or the last one, and who typed what."""

    consent: Consent
    rows: list[tuple[str, Filling]] = field(default_factory=list)
    objections: list[Event] = field(default_factory=list)

    @property
    def going_on(self) -> bool:
        return self.consent.ended_on is None


def of(application: Application) -> Help | None:
    """None where no office ever had a hand in it. The history is read already."""
    events = list(application.matter.events.all())
    if not any(event.action == "consent" for event in events):
        return None
    last = application.consents.select_related("file", "recorded_by", "ended_by").latest("pk")
    fillings = list(application.fillings.select_related("by").order_by("-at", "-pk"))
    labels = cases.labels_of(application) | {f"slot:{STAMP}": _("盖章页")} if fillings else {}
    rows = [(labels.get(row.target, row.target), row) for row in fillings]
    return Help(last, rows, [event for event in events if event.action == "object"])


def may_ask(application: Application, user: User) -> bool:
    """Whether a case that lies with the enterprise may still be given to the office to fill in."""
    handler = HANDLER & user.roles_for(organisation_id=application.matter.organisation_id, district_id=None)
    return bool(handler) and application.status in OPEN and not application.matter.helped
