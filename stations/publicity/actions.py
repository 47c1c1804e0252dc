"""What people say against what is public, and the bureau's answers."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.timezone import now
from django.utils.translation import gettext as _

from portal import notices
from portal.lifecycle import Refused
from portal.models import File, Notice, User
from portal.models.people import BUREAU
from stations.models import Objection
from stations.publicity.matters import publication_of, subject_of

AT_ONCE, WITHIN = 3, timedelta(hours=1)  # objections through the public page from one address
UNANSWERED = 200  # more than this waiting in one matter, and the public page takes no more


@transaction.atomic
def record(
    subject: Any, objection: Objection, *, on: date, by: User | None = None, file: File | None = None, address=""
) -> Objection:
    """An objection is received: through the public page while the subject is public, or written down by the bureau,
    which may enter what came by letter until it is decided. Raises Refused."""
    locked = type(subject).objects.select_for_update(of=("self",)).select_related("matter").get(pk=subject.pk)
    publication = publication_of(locked)
    if locked.status not in publication.taking:
        raise Refused(_("公示已经结束，不能再登记异议。请向主管部门反映。"))
    if by is None:
        origin = salted_hmac("objection", address).hexdigest()[:32]
        refuse_flood(locked, origin, on)
        objection.origin, objection.received_on = origin, on
    elif not (locked.publicity_since or on) <= objection.received_on <= on:
        raise Refused(_("收到日期应在公示开始以后，不晚于今天。"))
    objection.matter, objection.recorded_by, objection.file = locked.matter, by, file
    objection.full_clean(exclude=["matter", "recorded_by", "file"])
    objection.save()
    publication.received(locked, on=on)
    tell(locked, by)
    return objection


def refuse_flood(subject: Any, origin: str, on: date) -> None:
    if not publication_of(subject).takes(subject, on):
        raise Refused(_("公示已经结束，不能再提出异议。请向主管部门反映。"))
    if Objection.objects.filter(origin=origin, recorded_at__gt=now() - WITHIN).count() >= AT_ONCE:
        raise Refused(_("提交得太频繁，请一小时后再试，或打电话告诉主管部门。"))
    if subject.matter.objections.filter(answered_on=None).count() >= UNANSWERED:
        raise Refused(_("现在收到的异议太多，请打电话告诉主管部门。"))


def tell(subject: Any, by: User | None) -> None:
    text = (_("%(subject)s 公示期间收到一件异议，须先答复") % {"subject": subject})[:300]
    people = notices.reaching(subject.matter, BUREAU).exclude(pk=by.pk if by else 0)
    notices.deliver([Notice(user=user, matter=subject.matter, text=text) for user in people], urgent=False)


@transaction.atomic
def answer(objection: Objection, *, text: str, by: User, on: date) -> Objection:
    """What was found and what the objector was told. A later answer takes the place of the earlier until the matter is
    decided."""
    row = Objection.objects.select_for_update(of=("self",)).select_related("matter").get(pk=objection.pk)
    subject = subject_of(row.matter)
    if subject.status in publication_of(subject).final:
        raise Refused(_("结果已经公布，答复不能再改。"))
    if not text.strip():
        raise Refused(_("请写明核查情况和答复。"))
    row.answer, row.answered_on, row.answered_by = text.strip(), on, by
    row.save(update_fields=["answer", "answered_on", "answered_by"])
    return row
