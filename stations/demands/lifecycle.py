"""The life of a demand and of a match. What happens to the matches of a demand moves the demand along."""

from datetime import date

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.facts import Criterion, Lookup
from portal.lifecycle import SYSTEM, Lifecycle, Refused, Stage, Transition
from portal.models import Role
from portal.models.people import BUREAU
from stations.demands import facts
from stations.models import Demand, DemandStatus, Match, MatchStatus
from stations.roles import DISTRICT, HANDLER

D, M = DemandStatus, MatchStatus
BROKERS = HANDLER | DISTRICT | BUREAU  # who brings the two sides together
BY_ITSELF = frozenset({"talk", "sign", "enter", "resume", "expire"})  # follow from a match or from the day: no buttons

IN_TIME = Criterion("in_time", Lookup.IS, True, _("截止日期须在今天或以后"))
NO_MATCHES = Criterion("open_matches", Lookup.AT_MOST, 0, _("请先终止还没结束的对接"))


def publish(subject, *, by, on, details):
    subject.published_on = on


demand = Lifecycle(
    "demand",
    _("需求"),
    url="stations:demand",
    vocabulary=facts.demand,
    stages={
        D.DRAFT: Stage(_("草稿"), Role.HANDLER),
        D.REVIEW: Stage(_("待区镇审核"), Role.DISTRICT, days="days.district"),
        D.PUBLISHED: Stage(_("已发布"), outside=True),
        D.TALKING: Stage(_("对接中"), outside=True),
        D.SIGNED: Stage(_("已签约"), outside=True),
        D.ENTERED: Stage(_("已进站")),
        D.DOWN: Stage(_("已撤下")),
        D.EXPIRED: Stage(pgettext_lazy("需求", "到期")),
    },
    transitions=[
        Transition("submit", D.DRAFT, D.REVIEW, HANDLER, _("提交审核"), (IN_TIME,), files=True),
        Transition("publish", D.REVIEW, D.PUBLISHED, DISTRICT, _("审核发布"), (IN_TIME,), effect=publish),
        Transition("send_back", D.REVIEW, D.DRAFT, DISTRICT, _("退给单位修改"), note_needed=True),
        *(Transition("talk", source, D.TALKING, BROKERS, _("开始对接")) for source in (D.PUBLISHED, D.SIGNED)),
        Transition("sign", D.TALKING, D.SIGNED, BROKERS, _("已经签约")),
        *(Transition("resume", source, D.PUBLISHED, BROKERS, _("继续招募")) for source in (D.TALKING, D.SIGNED)),
        Transition("enter", D.SIGNED, D.ENTERED, BROKERS, _("已经进站")),
        Transition("expire", D.PUBLISHED, D.EXPIRED, SYSTEM, _("到期下架")),
        *(
            Transition("take_down", source, D.DOWN, BROKERS, _("撤下"), (NO_MATCHES,), note_needed=True)
            for source in (D.PUBLISHED, D.TALKING, D.SIGNED)
        ),
        *(Transition("take_down", source, D.DOWN, HANDLER, _("撤下")) for source in (D.DRAFT, D.REVIEW)),
    ],
)


def settle(row: Match, status: str, *, by, on: date) -> None:
    """Bring the demand into the status that its matches make together; `row` is about to have `status`."""
    wanted = Demand.objects.select_for_update(of=("self",)).get(pk=row.demand_id)
    others = Match.objects.filter(demand=wanted).exclude(pk=row.pk)
    statuses = {status, *others.values_list("status", flat=True)}
    came = others.filter(status=M.ENTERED).aggregate(n=Sum("people"))["n"] or 0
    came += row.people or 0 if status == M.ENTERED else 0
    if came >= (wanted.people or 1):
        action, target = "enter", D.ENTERED
    elif M.SIGNED in statuses:
        action, target = "sign", D.SIGNED
    elif M.TALKING in statuses:
        action, target = "talk", D.TALKING
    else:
        action, target = "resume", D.PUBLISHED
    if wanted.status != target and (wanted.status, action) in demand.transitions:
        demand.move(wanted, action, by=by, on=on)


def day_of(details, *, on: date, name="document_on") -> date:
    """The day that a step was given. Raises Refused when it has not come yet."""
    day = date.fromisoformat(details[name])
    if day > on:
        raise Refused(_("日期 %(day)s 在今天之后，请核对。") % {"day": day})
    return day


def talk(subject, *, by, on, details):
    settle(subject, M.TALKING, by=by, on=on)


def sign(subject, *, by, on, details):
    """Signed on the day of the agreement; where both sides had met, signing is the follow-up that makes it a match."""
    signed_on = day_of(details, on=on)
    if subject.met_on and signed_on < subject.met_on:
        raise Refused(
            _("签约日期 %(day)s 早于双方第一次见面 %(met)s，请核对。") % {"day": signed_on, "met": subject.met_on}
        )
    subject.signed_on = signed_on
    if subject.met_on and (subject.matched_on is None or signed_on < subject.matched_on):
        subject.matched_on = signed_on
    settle(subject, M.SIGNED, by=by, on=on)


def enter(subject, *, by, on, details):
    subject.entered_on, subject.people = day_of(details, on=on), int(details["people"])
    if subject.people < 1:
        raise Refused(_("引进人数至少为 1。"))
    if subject.entered_on < subject.signed_on:
        raise Refused(
            _("进站日期 %(day)s 早于签约日期 %(signed)s，请核对。")
            % {"day": subject.entered_on, "signed": subject.signed_on}
        )
    settle(subject, M.ENTERED, by=by, on=on)


def end(subject, *, by, on, details):
    settle(subject, M.ENDED, by=by, on=on)


match = Lifecycle(
    "match",
    _("对接"),
    url="stations:match",
    vocabulary=facts.match,
    stages={
        M.PROPOSED: Stage(pgettext_lazy("对接", "推荐"), Role.HANDLER),
        M.TALKING: Stage(_("洽谈"), outside=True),
        M.SIGNED: Stage(_("签约"), outside=True),
        M.ENTERED: Stage(pgettext_lazy("对接", "进站")),
        M.ENDED: Stage(_("终止")),
    },
    transitions=[
        Transition("talk", M.PROPOSED, M.TALKING, BROKERS, _("开始洽谈"), effect=talk),
        Transition(
            "sign", M.TALKING, M.SIGNED, BROKERS, _("登记签约"), effect=sign, needs=(("document_on", _("签约日期")),)
        ),
        Transition(
            "enter",
            M.SIGNED,
            M.ENTERED,
            BROKERS,
            _("登记进站"),
            effect=enter,
            needs=(("document_on", _("进站日期")), ("people", _("引进人数"))),
        ),
        *(
            Transition("end", source, M.ENDED, BROKERS, _("终止对接"), effect=end, note_needed=True)
            for source in (M.PROPOSED, M.TALKING, M.SIGNED)
        ),
        Transition("lapse", M.PROPOSED, M.ENDED, SYSTEM, _("随需求到期终止")),
    ],
)
