"""Looking whether what ends a right or asks money back came true of what was granted; and what is done about it."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from portal import notices
from portal.lifecycle import NotYours, Refused
from portal.models import Notice, Pack, Role, User
from subsidies.claims import lifecycle
from subsidies.claims.models import GRANTED, Claim, ClaimStatus
from subsidies.recoveries.models import Trace
from subsidies.schemes.compiled import statement
from subsidies.schemes.models import Condition

C, P = ClaimStatus, Condition.Purpose
STEPS: dict[str, str] = {C.PAID: "recover", C.PAYABLE: "uphold", C.DISPUTED: "uphold"}  # what takes a claim up again
UNPAID = (C.PUBLICITY, C.DISPUTED, C.PAYABLE, C.BATCHED, C.BOUNCED)  # granted, the money is still here
EVERYBODY = Q()


@transaction.atomic
def look(pack: Pack, *, on: date, among: Q = EVERYBODY) -> int:
    """Find what came true of the granted claims of a city (or those `among` them), and what is so no longer; tells the
    bureau of what asks for something. Returns how many are new."""
    rows = Claim.objects.filter(among, status__in=GRANTED, instalment__version__pack=pack)
    rows = rows.filter(instalment__version__conditions__purpose__in=[P.STOP, P.RECOVER])
    claims = list(rows.exclude(status=C.RECOVERING).distinct().select_related("matter", "instalment__version__scheme"))
    true = true_of(pack, claims, on)
    kept = {(t.claim_id, t.condition_id): t for t in Trace.objects.filter(claim__in=claims)}
    for key, row in kept.items():
        if (key in true) == (row.gone_on is not None):
            reopened = {"answered_on": None, "answered_by": None, "step": "", "note": "", "found_on": on}
            change = {"gone_on": None, **reopened} if key in true else {"gone_on": on}
            Trace.objects.filter(pk=row.pk).update(**change)
    fresh = [Trace(claim_id=c, condition_id=k, found_on=on) for c, k in sorted(true - set(kept))]
    Trace.objects.bulk_create(fresh)
    tell({c.pk: c for c in claims}, true - {key for key, row in kept.items() if row.gone_on is None})
    return len(fresh)


def true_of(pack: Pack, claims: Iterable[Claim], on: date) -> set[tuple[int, int]]:
    """(claim, condition) of what is so on a day; one statement for each vocabulary."""
    by_name: dict[str, dict[int, list[Claim]]] = {}
    for claim in claims:
        name = claim.scheme.vocabulary
        by_name.setdefault(name, {}).setdefault(getattr(claim, f"{name}_id"), []).append(claim)
    found = set()
    for name, members in by_name.items():
        asked = statement(pack, name, on)
        for row in asked.rows(members) if asked else ():
            for claim in members[row["pk"]]:
                ruling = next((r for r in asked.rulings if r.version.pk == claim.instalment.version_id), None)
                for a in ruling.asked if ruling else ():
                    if a.purpose != P.NEED and a.question and row[a.key] is True:
                        found |= {(claim.pk, condition.pk) for condition in a.conditions}
    return found


def tell(claims: dict[int, Claim], new: set[tuple[int, int]]) -> None:
    """The bureau's handlers hear of money to ask back, and of what shall not go out."""
    purposes = dict(Condition.objects.filter(pk__in={k for _c, k in new}).values_list("pk", "purpose"))
    paid = {c for c, k in new if purposes[k] == P.RECOVER and claims[c].status == C.PAID}
    held = {c for c, _k in new if claims[c].status in UNPAID}
    if not paid | held:
        return
    told = []
    for user in notices.reaching(claims[next(iter(paid | held))].matter, {Role.BUREAU_HANDLER}):
        with override(user.language):
            parts = [
                ngettext("%(n)s 件已拨付的资助出现追回情形", "%(n)s 件已拨付的资助出现追回情形", len(paid))
                % {"n": len(paid)},
                ngettext("%(n)s 件待拨付的资助出现停发情形", "%(n)s 件待拨付的资助出现停发情形", len(held))
                % {"n": len(held)},
            ]
            text = _("；").join(part for part, rows in zip(parts, (paid, held), strict=True) if rows)
        told.append(Notice(user=user, text=text[:300], path="/recoveries/"))
    notices.deliver(told, urgent=False)


# --- what is done ------------------------------------------------------------------------------


def step_of(claim: Claim, user: User) -> str:
    """The step by which this person may take a claim up again; "" where there is none now."""
    action = STEPS.get(claim.status, "")
    return action if any(s.action == action for s in lifecycle.claim.possible(claim, user)) else ""


def locked(trace: Trace) -> Trace:
    row = Trace.objects.select_for_update(of=("self",)).select_related("condition__clause__document").get(pk=trace.pk)
    if row.answered_on is not None or row.gone_on is not None:
        raise Refused(_("这一条已经处理过，或者情况已经消失。请刷新页面。"))
    row.claim = Claim.objects.for_page().get(pk=row.claim_id)  # type: ignore[attr-defined]
    return row


def answered(row: Trace, *, step: str, note: str, by: User, on: date) -> Trace:
    row.answered_on, row.answered_by, row.step, row.note = max(on, row.found_on), by, step, note[:300]
    row.save(update_fields=["answered_on", "answered_by", "step", "note"])
    return row


@transaction.atomic
def take_up(trace: Trace, *, by: User, on: date) -> Trace:
    """Ask the money back, or look at an approval once more: the condition and its clause are the reason. Raises Refused."""
    row = locked(trace)
    action = step_of(row.claim, by)
    if not action:
        raise Refused(_("这件申领现在是“%(status)s”，不能从这里办理。") % {"status": row.claim.get_status_display()})
    note = _("%(condition)s（%(clause)s）") % {"condition": row.condition, "clause": row.condition.clause}
    lifecycle.claim.move(row.claim, action, by=by, on=on, note=note, details={"because": note})
    Trace.objects.filter(claim=row.claim, answered_on=None, gone_on=None).exclude(pk=row.pk).update(
        answered_on=on, answered_by=by, step=action, note=note[:300]
    )
    return answered(row, step=action, note=note, by=by, on=on)


@transaction.atomic
def let_be(trace: Trace, *, note: str, by: User, on: date) -> Trace:
    """Nothing is done about it, and why. Raises Refused."""
    row = locked(trace)
    if Role.BUREAU_HANDLER not in by.roles_for(organisation_id=None, district_id=row.claim.matter.district_id):
        raise NotYours(_("停发、追回线索由市局经办处理。"))
    if not note.strip():
        raise Refused(_("请写明为什么不处理。"))
    return answered(row, step="", note=note.strip(), by=by, on=on)
