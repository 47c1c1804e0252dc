"""What is public before it is decided, and what people say against it."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.crypto import salted_hmac
from django.utils.timezone import now
from django.utils.translation import gettext as _

from portal import notices
from portal.lifecycle import Refused
from portal.models import Evidence, File, Notice, User
from portal.models.people import BUREAU
from stations.models import Evaluation, EvaluationStatus, Objection
from stations.publicity.models import OBJECTION

E = EvaluationStatus
AT_ONCE, WITHIN = 3, timedelta(hours=1)  # objections through the public page from one address
UNANSWERED = 200  # more than this waiting in one round, and the public page takes no more


def shown(pack):
    """What is or was public in a city: the current ones first, then the newest."""
    rows = Evaluation.objects.filter(
        scheme__pack=pack, status__in=[E.PUBLICITY, E.PUBLISHED], publicity_since__isnull=False
    )
    return rows.select_related("matter", "scheme").order_by(
        F("published_on").desc(nulls_first=True), "-publicity_since", "-pk"
    )


def takes(round_: Evaluation, on: date) -> bool:
    """Whether objections are taken on the day: while it is public, its last day included."""
    since, until = round_.publicity_since, round_.publicity_until
    return round_.status == E.PUBLICITY and since is not None and until is not None and since <= on <= until


@transaction.atomic
def record(
    round_: Evaluation, objection: Objection, *, on: date, by: User | None = None, file: File | None = None, address=""
) -> Objection:
    """An objection is received: through the public page while it is public, or written down by the bureau, which may
    enter what came by letter until the result is published. Raises Refused."""
    round_ = Evaluation.objects.select_for_update(of=("self",)).select_related("matter").get(pk=round_.pk)
    if round_.status != E.PUBLICITY:
        raise Refused(_("公示已经结束，不能再登记异议。请向主管部门反映。"))
    if by is None:
        origin = salted_hmac("objection", address).hexdigest()[:32]
        refuse_flood(round_, origin, on)
        objection.origin, objection.received_on = origin, on
    elif not (round_.publicity_since or on) <= objection.received_on <= on:
        raise Refused(_("收到日期应在公示开始以后，不晚于今天。"))
    objection.evaluation, objection.recorded_by, objection.file = round_, by, file
    objection.full_clean(exclude=["evaluation", "recorded_by", "file"])
    objection.save()
    if file and by:
        Evidence.objects.get_or_create(
            matter=round_.matter, slot=OBJECTION, file=file, removed_at=None, defaults={"added_by": by}
        )
    tell(round_, by)
    return objection


def refuse_flood(round_: Evaluation, origin: str, on: date) -> None:
    if not takes(round_, on):
        raise Refused(_("公示已经结束，不能再提出异议。请向主管部门反映。"))
    if Objection.objects.filter(origin=origin, recorded_at__gt=now() - WITHIN).count() >= AT_ONCE:
        raise Refused(_("提交得太频繁，请一小时后再试，或打电话告诉主管部门。"))
    if round_.objections.filter(answered_on=None).count() >= UNANSWERED:
        raise Refused(_("现在收到的异议太多，请打电话告诉主管部门。"))


def tell(round_: Evaluation, by: User | None) -> None:
    text = (_("%(round)s 公示期间收到一件异议，公布前须答复") % {"round": round_})[:300]
    people = notices.reaching(round_.matter, BUREAU).exclude(pk=by.pk if by else 0)
    notices.deliver([Notice(user=user, matter=round_.matter, text=text) for user in people], urgent=False)


@transaction.atomic
def answer(objection: Objection, *, text: str, by: User, on: date) -> Objection:
    """What was found and what the objector was told. A later answer takes the place of the earlier until the result is
    published."""
    row = Objection.objects.select_for_update(of=("self",)).select_related("evaluation").get(pk=objection.pk)
    if row.evaluation.status == E.PUBLISHED:
        raise Refused(_("结果已经公布，答复不能再改。"))
    if not text.strip():
        raise Refused(_("请写明核查情况和答复。"))
    row.answer, row.answered_on, row.answered_by = text.strip(), on, by
    row.save(update_fields=["answer", "answered_on", "answered_by"])
    return row
