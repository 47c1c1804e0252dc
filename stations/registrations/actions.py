"""What an applicant writes: asking, asking again, the letter."""

from datetime import date

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal import notices, uploads
from portal.lifecycle import Refused, open_matter
from portal.models import Event, Evidence, Organisation, Role, User
from stations.models import Enterprise, Registration, RegistrationStatus
from stations.registrations.lifecycle import letters, office_of, registration
from stations.registrations.models import LETTER

S, Proof, Kind = RegistrationStatus, Registration.Proof, Organisation.Kind


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


def happened(row: Registration, action: str, *, on: date) -> None:
    """Written into the history, and those whose turn it is are told."""
    matter = row.matter
    event = Event.objects.create(
        matter=matter, round=matter.round, action=action, source=matter.status, target=matter.status,
        on=on, by=row.applicant,
    )  # fmt: skip
    notices.ring(matter, event, registration, notices.reaching(matter, {matter.holder}))
