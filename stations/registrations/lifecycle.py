"""Who registers for an enterprise that an office entered waits until the office has made sure of them.

Credit code and name stand on every invoice: they prove nothing. Until then the account has no role, and with it sees
nothing at all: not by a page, a file, a list or the API.
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override, pgettext_lazy

from portal import notices
from portal.lifecycle import HAPPENINGS, Lifecycle, Refused, Stage, Transition
from portal.models import Appointment, Evidence, Notice, Organisation, Pack, Role
from stations.behalf import actions as behalf
from stations.models import Registration, RegistrationStatus
from stations.registrations.facts import facts
from stations.registrations.models import LETTER
from stations.roles import DISTRICT, MAKERS

S, Proof, Kind = RegistrationStatus, Registration.Proof, Organisation.Kind
HAPPENINGS["ask"] = gettext_lazy("申请成为经办人")
HAPPENINGS["letter"] = gettext_lazy("交来授权函")


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
