"""The life of an outcome: drafted by its postdoc, confirmed by the unit, verified by the district; or void."""

from datetime import date

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext_lazy as _

from portal.facts import Criterion, Lookup
from portal.lifecycle import Lifecycle, Refused, Stage, Transition
from portal.models import Evidence, Pack, Role
from postdocs.outcomes import facts
from postdocs.outcomes.models import Outcome, OutcomeStatus, Owner
from stations.roles import ALL_ANSWERED, DISTRICT, HANDLER, MAKERS

S = OutcomeStatus
SELF = frozenset({Role.POSTDOC})
PROVED = Criterion("proof_missing", Lookup.AT_MOST, 0, _("每项成果须有证明材料"))
SAME_AS = (("same_as", _("并入哪一项（编号）")),)
GRANTED = (("granted_on", _("授权日期")), ("grant_number", _("授权号")))


class Outcomes(Lifecycle):
    """As every other; a postdoc's own steps are those of whoever drafted it, not of every postdoc of the city."""

    def possible(self, subject, user):
        steps = super().possible(subject, user)
        mine = user is not None and subject.matter.opener_id == user.pk
        return steps if mine else [step for step in steps if step.roles != SELF]


def snapshot(subject: Outcome) -> dict:
    """What is confirmed: everything told, the owners, the evidence."""
    cited = Evidence.objects.filter(matter=subject.matter_id, removed_at=None).select_related("file").order_by("pk")
    return {
        "field": {"title": subject.title, "done_on": str(subject.done_on), **subject.details},
        "owners": [[owner.stay_id, owner.rank] for owner in subject.owners.order_by("rank", "pk")],
        "slot": {facts.PROOF: [str(e.file_id) for e in cited]},
        "file": {str(e.file_id): e.file.name for e in cited},
    }


def hold_together(subject: Outcome) -> None:
    """What the database would refuse, as a sentence. Raises Refused."""
    try:
        subject.validate_constraints()
    except ValidationError as wrong:
        messages = wrong.message_dict.get(NON_FIELD_ERRORS, wrong.messages)
        raise Refused(_("；").join(map(str, messages))) from wrong


def one_by_one(subject: Outcome) -> None:
    """Whatever decides what counts in a city waits for whoever is at it: of two that are the same, one is refused."""
    Pack.objects.select_for_update().get(pk=subject.pack_id)


def verify(subject: Outcome, *, by, on, details):
    one_by_one(subject)
    subject.status = S.VERIFIED
    if subject.verified_on is None:
        subject.verified_on, subject.verified_by = on, by
    hold_together(subject)


def void(subject: Outcome, *, by, on, details):
    one_by_one(subject)
    subject.voided_on = on


def merge(subject: Outcome, *, by, on, details):
    """The same as another: its owners join that one, which alone counts."""
    one_by_one(subject)
    rows = Outcome.objects.visible_to(by).filter(pack=subject.pack_id, voided_on=None).exclude(pk=subject.pk)
    kept = rows.filter(matter__number=details["same_as"].strip().upper()).first()
    if kept is None:
        raise Refused(_("没有编号 %(number)s 的有效成果，或不在您的范围内。") % {"number": details["same_as"]})
    if kept.kind != subject.kind:
        raise Refused(_("%(number)s 是另一类成果，不能并入。") % {"number": kept.matter.number})
    there = set(kept.owners.values_list("stay", flat=True))
    fresh = [owner for owner in subject.owners.all() if owner.stay_id not in there]
    Owner.objects.bulk_create(Owner(outcome=kept, stay_id=owner.stay_id, rank=owner.rank) for owner in fresh)
    details["joined"] = len(fresh)
    subject.voided_on = on


def grant(subject: Outcome, *, by, on, details):
    """A patent is granted: the same record goes on and isn't counted again; its district looks at the certificate."""
    subject.granted_on = date.fromisoformat(details["granted_on"])
    subject.grant_number = details["grant_number"].strip()
    if subject.granted_on > on:
        raise Refused(_("授权日期 %(day)s 在今天之后，请核对。") % {"day": subject.granted_on})
    hold_together(subject)


PATENT = (("kind", "patent"), ("granted_on", None))
FRESH = (("verified_on", None),)

cycle = Outcomes(
    "outcome",
    _("成果"),
    url="postdocs:outcome",
    vocabulary=facts.outcome,
    snapshot=snapshot,
    stages={
        S.DRAFT: Stage(_("本人草稿"), outside=True),
        S.UNIT: Stage(_("待单位确认"), Role.HANDLER),
        S.DISTRICT: Stage(_("待区镇核验"), Role.DISTRICT, "days.district"),
        S.VERIFIED: Stage(_("已核验")),
        S.VOID: Stage(_("作废")),
    },
    transitions=[
        Transition("hand_over", S.DRAFT, S.UNIT, SELF, _("交单位确认")),
        Transition("drop", S.DRAFT, S.VOID, SELF, _("不登记了"), effect=void),
        Transition(
            "give_back", S.UNIT, S.DRAFT, HANDLER, _("退给本人"), where=(*FRESH, ("by_postdoc", True)), note_needed=True
        ),
        Transition(
            "confirm", S.UNIT, S.DISTRICT, HANDLER, _("确认并提交"), (ALL_ANSWERED, PROVED), files=True
        ),
        Transition("drop", S.UNIT, S.VOID, HANDLER, _("不登记了"), effect=void, where=FRESH),
        Transition("return", S.DISTRICT, S.UNIT, DISTRICT, _("退回补正"), returns=True),
        Transition("verify", S.DISTRICT, S.VERIFIED, DISTRICT, _("核验通过"), effect=verify),
        Transition("merge", S.DISTRICT, S.VOID, DISTRICT | MAKERS, _("并入已有成果"), effect=merge, needs=SAME_AS),
        Transition("void", S.DISTRICT, S.VOID, DISTRICT | MAKERS, _("作废"), effect=void, note_needed=True),
        Transition("void", S.VERIFIED, S.VOID, MAKERS, _("作废"), effect=void, note_needed=True),
        Transition("grant", S.VERIFIED, S.DISTRICT, HANDLER, _("登记授权"), effect=grant, where=PATENT, needs=GRANTED),
    ],
)  # fmt: skip
