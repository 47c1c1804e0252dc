"""Who registers for an enterprise that an office entered waits until the office has made sure of them.

Credit code and name stand on every invoice: they prove nothing. Until then the account has no role, and with it sees
nothing at all: not by a page, a file, a list or the API.
"""

from datetime import date

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override, pgettext_lazy

from portal import notices, uploads
from portal.facts import Vocabulary
from portal.lifecycle import HAPPENINGS, Lifecycle, Refused, Stage, Transition, open_matter
from portal.models import Appointment, Event, Evidence, Notice, Organisation, Pack, Role, User
from stations import behalf
from stations.lifecycle import DISTRICT, MAKERS
from stations.models import Enterprise, Registration, RegistrationStatus
from stations.models.registrations import LETTER

S, Proof, Kind = RegistrationStatus, Registration.Proof, Organisation.Kind
HAPPENINGS["ask"] = gettext_lazy("申请成为经办人")
HAPPENINGS["letter"] = gettext_lazy("交来授权函")

facts = Vocabulary("registration", Registration)
facts.column("proof", gettext_lazy("怎样核对的"), choices=dict(Proof.choices))


# --- effects -----------------------------------------------------------------------------------


def confirm(subject, *, by, on, details):
    """The applicant is the enterprise's handler from today. Raises Refused where somebody else is already."""
    if details["proof"] not in Proof.values:
        raise Refused(_("请选怎样核对的。"))
    if details["proof"] == Proof.LETTER and not letters(subject).exists():
        raise Refused(_("申请人还没有交来授权函，请选“打电话向单位核实”，或等其上传。"))
    organisation = Organisation.objects.select_for_update().get(pk=subject.enterprise_id)
    if organisation.appointments.exists():
        raise Refused(_("这家单位已有经办人，请由其邀请同事。这份申请请选“不予确认”。"))
    Appointment.objects.create(user=subject.applicant, role=Role.HANDLER, organisation=organisation, since=on)
    subject.proof = details["proof"]
    behalf.registered(subject.enterprise, by=subject.applicant, confirmed_by=by)


def refuse(subject, *, by, on, details):
    """The applicant is told; they hold no role, so that nobody else would tell them."""
    applicant = subject.applicant
    with override(applicant.language):
        text = _("%(unit)s的经办人注册未通过核对，请登录看理由和怎样补充") % {"unit": subject.enterprise}
    notices.deliver([Notice(user=applicant, text=text[:300], path="/register/waiting/")], urgent=True)


registration = Lifecycle(
    "registration",
    gettext_lazy("经办人注册"),
    url="stations:registration_case",
    vocabulary=facts,
    stages={
        S.ASKED: Stage(pgettext_lazy("注册", "待核对"), Role.DISTRICT),
        S.CONFIRMED: Stage(pgettext_lazy("注册", "已确认")),
        S.REFUSED: Stage(pgettext_lazy("注册", "未通过")),
    },
    transitions=[
        Transition(
            *("confirm", S.ASKED, S.CONFIRMED, DISTRICT | MAKERS, gettext_lazy("确认经办人")),
            effect=confirm,
            needs=(("proof", gettext_lazy("怎样核对的")),),
        ),
        Transition(
            *("refuse", S.ASKED, S.REFUSED, DISTRICT | MAKERS, gettext_lazy("不予确认")),
            effect=refuse,
            note_needed=True,
        ),
    ],
)


# --- actions of the applicant ------------------------------------------------------------------


@transaction.atomic
def ask(organisation: Organisation, *, user: User, on: date) -> Registration:
    """Ask the office for the role. `user` may be unsaved. Raises Refused, IntegrityError."""
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if organisation.appointments.exists():
        raise Refused(_("这家单位已有经办人，请其在“单位情况—人员”里邀请您。"))
    user.save()
    enterprise, _new = Enterprise.objects.get_or_create(organisation=organisation)
    titles = {}
    for language in ("zh-hans", "en"):
        with override(language):
            titles[language] = _("%(who)s申请成为经办人") % {"who": user}
    matter = open_matter(
        registration,
        S.ASKED,
        series="ZC",
        title=titles["zh-hans"],
        title_en=titles["en"],
        organisation=organisation,
        district=organisation.district,
        by=user,
        on=on,
        filed=True,
    )
    if not notices.reaching(matter, {Role.DISTRICT}).exists():  # a district without an officer: the bureau's to see to
        matter.holder = Role.BUREAU_HANDLER
        matter.save(update_fields=["holder"])
    row = Registration.objects.create(matter=matter, enterprise=enterprise, applicant=user)
    happened(row, "ask", on=on)
    return row


@transaction.atomic
def ask_again(row: Registration, upload=None, *, on: date) -> Registration:
    """After a refusal, with a letter where there is one now. Raises Refused, IntegrityError, BadFile."""
    if row.status != S.REFUSED:
        raise Refused(_("这份申请还在核对，不用再次提交。"))
    again = ask(row.enterprise.organisation, user=row.applicant, on=on)
    if upload:
        hand_in(again, upload, on=on)
    return again


@transaction.atomic
def hand_in(row: Registration, upload, *, on: date) -> None:
    """The letter with the seal; a newer one takes the place of the older. It is the office's, never the enterprise's:
    who uploads it has nothing to do there yet. Raises Refused, BadFile."""
    row = Registration.objects.select_for_update(of=("self",)).select_related("matter", "applicant").get(pk=row.pk)
    if row.status != S.ASKED:
        raise Refused(_("这份申请已有结果，不能再上传。"))
    office = office_of(row)
    if office is None:
        raise Refused(_("主管部门还没有登记，暂时不能上传。请打电话联系。"))
    file = uploads.store(upload, organisation=office, by=row.applicant)
    letters(row).exclude(file=file).update(removed_at=now())
    Evidence.objects.get_or_create(
        matter=row.matter, slot=LETTER, file=file, removed_at=None, defaults={"added_by": row.applicant}
    )
    happened(row, "letter", on=on)


def letters(row: Registration):
    return Evidence.objects.filter(matter=row.matter_id, slot=LETTER, removed_at=None)


def office_of(row: Registration) -> Organisation | None:
    """The office that makes sure: the one of the district, or else the bureau."""
    district = row.matter.district_id
    offices = Organisation.objects.filter(kind=Kind.DISTRICT_OFFICE, district=district)
    if row.matter.holder != Role.BUREAU_HANDLER and (office := offices.first()):
        return office
    root = Pack.objects.get_for(district).root_id
    return Organisation.objects.filter(kind=Kind.BUREAU, district=root).first()


def happened(row: Registration, action: str, *, on: date) -> None:
    """Written into the history, and those whose turn it is are told."""
    matter = row.matter
    event = Event.objects.create(
        matter=matter, round=matter.round, action=action, source=matter.status, target=matter.status,
        on=on, by=row.applicant,
    )  # fmt: skip
    notices.ring(matter, event, registration, notices.reaching(matter, {matter.holder}))
