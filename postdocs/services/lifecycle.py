"""The life of a request: taken up by the district, passed to whoever does it, answered, rated; what is late goes to the
bureau, and what is rated badly comes back to it."""

from datetime import date

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from portal import notices, workdays
from portal.lifecycle import SYSTEM, Lifecycle, NotYours, Refused, Stage, Transition
from portal.models import Notice, Organisation, Pack, Role, Setting
from postdocs.services.facts import facts
from postdocs.services.models import OPEN, RequestStatus, ServiceRequest
from stations.consultations.lifecycle import covers, offices
from stations.roles import DISTRICT, HANDLER, MAKERS

R, Side, Level = RequestStatus, ServiceRequest.Side, ServiceRequest.Level
POSTDOC = frozenset({Role.POSTDOC})
CLERKS = DISTRICT | MAKERS
LOW = "services.low"  # the setting: which rating is a bad one
OWNER = (("owner", _("承办部门")),)
ANSWER = (("outcome", _("结果")), ("answer", _("答复")))
SCORE = (("score", _("评分")),)
BY_SELF, BY_UNIT, BY_OFFICE = (("side", Side.POSTDOC),), (("side", Side.UNIT),), (("side", Side.OFFICE),)
IN_DISTRICT = (("level", Level.DISTRICT),)


# --- whose it is -------------------------------------------------------------------------------


def concerns(subject: ServiceRequest, user) -> bool:
    """Whether somebody asked for this, or is whom it is for. A role in the district alone is not enough."""
    if subject.stay_id and subject.stay.person.user_id == user.pk:
        return True
    organisation = subject.matter.organisation_id
    return bool(organisation) and Role.HANDLER in user.roles_for(organisation_id=organisation, district_id=None)


def take_turn(subject: ServiceRequest) -> None:
    """Whose turn it is, and until when: as promised with the acceptance."""
    matter = subject.matter
    matter.holder = Role.BUREAU_HANDLER if subject.level == Level.BUREAU else Role.DISTRICT
    matter.due_on = subject.due_on or matter.due_on
    matter.save(update_fields=["holder", "due_on"])


def tell_person(subject: ServiceRequest, label) -> None:
    """A notice to the postdoc whom it is for; an enterprise hears as it always does, where the matter is its own."""
    user = subject.stay.person.user if subject.stay_id and subject.side != Side.UNIT else None
    if user is None:
        return
    with override(user.language):
        text = _now("您的诉求 %(number)s “%(title)s”：%(label)s") % {
            "number": subject.matter.number, "title": subject.service, "label": label
        }  # fmt: skip
    notices.deliver([Notice(user=user, text=text[:300], path=subject.get_absolute_url())], urgent=False)


# --- effects -----------------------------------------------------------------------------------


def accept(subject, *, by, on, details):
    """From now on the promise of the catalogue runs."""
    subject.accepted_on, subject.due_on = on, workdays.add(on, subject.service.days)
    subject.owner = subject.owner or subject.service.owner
    take_turn(subject)
    tell_person(subject, _("已受理"))


def pass_to(subject, *, by, on, details):
    """A department does it; the bureau follows up what the bureau does itself, the district everything else."""
    chosen = offices(Pack.objects.get_for(subject.matter.district_id))
    subject.owner = chosen.filter(pk=details["owner"]).first()
    if subject.owner is None:
        raise Refused(_("请从列表里选承办部门。"))
    if subject.owner.kind == Organisation.Kind.BUREAU:
        subject.level = Level.BUREAU
    elif subject.owner.kind == Organisation.Kind.DISTRICT_OFFICE and covers(subject.owner, subject.matter.district_id):
        subject.level = Level.DISTRICT
    take_turn(subject)
    tell_person(subject, _("办理中"))


def answer(subject, *, by, on, details):
    if details["outcome"] not in ServiceRequest.Outcome.values:
        raise Refused(_("请选择办理结果。"))
    subject.answered_on, subject.outcome, subject.answer = on, details["outcome"], details["answer"].strip()
    tell_person(subject, _("已答复，请评价"))


def escalate(subject, *, by, on, details):
    """The bureau sees to it from now on; it stays as late as it is."""
    subject.level = Level.BUREAU
    subject.matter.due_on = date.fromisoformat(details["was_due_on"])
    take_turn(subject)


def only_theirs(subject, *, by, on, details):
    if not concerns(subject, by):
        raise NotYours(_("只有提出的人可以撤回。"))


def rate(subject, *, by, on, details):
    """How content whoever asked is. A bad rating leaves its mark, whatever follows."""
    if not concerns(subject, by):
        raise NotYours(_("只有提出的人和本人可以评价。"))
    score = str(details["score"])
    if score not in ("1", "2", "3", "4", "5"):
        raise Refused(_("评分为 1 到 5 分。"))
    subject.score, subject.comment = int(score), str(details.get("comment", ""))[:500]
    subject.low = subject.low or is_low(subject)


def is_low(subject: ServiceRequest) -> bool:
    """Whether the last rating is one that somebody must look into."""
    pack = Pack.objects.get_for(subject.matter.district_id)
    limit = Setting.objects.filter(pack=pack, code=LOW).values_list("value", flat=True).first()
    return limit is not None and subject.score is not None and subject.score <= limit


def redo(subject, *, by, on, details):
    """Done once more, by the bureau, with the promise of the catalogue from today."""
    subject.level, subject.due_on = Level.BUREAU, workdays.add(on, subject.service.days)
    take_turn(subject)
    tell_person(subject, _("重新办理"))


request = Lifecycle(
    "request",
    _("服务诉求"),
    url="postdocs:request",
    vocabulary=facts,
    stages={
        R.SUBMITTED: Stage(_("已提交"), Role.DISTRICT, "days.service"),
        R.ACCEPTED: Stage(_("已受理"), Role.DISTRICT),
        R.UNDERWAY: Stage(_("办理中"), Role.DISTRICT),
        R.ANSWERED: Stage(_("已答复")),
        R.RATED: Stage(_("已评价")),
        R.FOLLOWING: Stage(_("差评待回访"), Role.BUREAU_HANDLER, "days.service_follow"),
        R.WITHDRAWN: Stage(_("已撤回")),
    },
    transitions=[
        Transition("accept", R.SUBMITTED, R.ACCEPTED, CLERKS, _("受理"), effect=accept),
        Transition("pass", R.ACCEPTED, R.UNDERWAY, CLERKS, _("转部门办理"), effect=pass_to, needs=OWNER),
        Transition(
            "repass", R.UNDERWAY, R.UNDERWAY, CLERKS, _("改派部门"), effect=pass_to, needs=OWNER, note_needed=True
        ),
        *(
            Transition("answer", source, R.ANSWERED, CLERKS, _("答复"), effect=answer, needs=ANSWER)
            for source in (R.ACCEPTED, R.UNDERWAY)
        ),
        *(
            Transition(
                "escalate", source, source, SYSTEM, _("超期转市局督办"), effect=escalate, where=IN_DISTRICT,
                needs=(("was_due_on", _("原定期限")),),
            )
            for source in OPEN
        ),
        Transition("rate", R.ANSWERED, R.RATED, HANDLER | POSTDOC, _("评价"), effect=rate, needs=SCORE),
        Transition("follow", R.RATED, R.FOLLOWING, SYSTEM, _("差评转市局回访")),
        Transition("settle", R.FOLLOWING, R.RATED, MAKERS, _("回访办结"), note_needed=True),
        Transition("redo", R.FOLLOWING, R.UNDERWAY, MAKERS, _("重新办理"), effect=redo, note_needed=True),
        *(
            Transition("withdraw", source, R.WITHDRAWN, POSTDOC, _("撤回"), effect=only_theirs, where=BY_SELF)
            for source in OPEN
        ),
        *(
            Transition("take_back", source, R.WITHDRAWN, HANDLER, _("撤回"), effect=only_theirs, where=BY_UNIT)
            for source in OPEN
        ),
        *(
            Transition("drop", source, R.WITHDRAWN, CLERKS, _("登记有误，撤销"), where=BY_OFFICE, note_needed=True)
            for source in (R.ACCEPTED, R.UNDERWAY)
        ),
    ],
)  # fmt: skip
