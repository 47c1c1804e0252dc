"""Whether the journal is right: it proves itself, and says where it doesn't."""

from collections.abc import Iterator
from decimal import Decimal

from django.db.models import Count, DecimalField, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from subsidies.claims.models import Claim, ClaimStatus
from subsidies.ledger.models import Budget, JournalEntry, Place
from subsidies.payments.models import LineState, PaymentLine

C, K, L = ClaimStatus, JournalEntry.Kind, LineState
NOTHING = Decimal(0)
RESERVED = (C.PUBLICITY, C.DISPUTED, C.PAYABLE, C.BATCHED, C.BOUNCED)  # granted, and not on the way


def problems(budgets: QuerySet | None = None) -> Iterator[str]:
    """Every contradiction as a sentence; none when every yuan is where it should be. `budgets` restricts it to some,
    with the claims that they pay for."""
    rows = Budget.objects.all() if budgets is None else budgets
    wrong = JournalEntry.objects.filter(budget__in=rows).annotate(sum=Sum("postings__amount"), n=Count("postings"))
    for entry in wrong.filter(~Q(sum=0) | ~Q(n=2)):
        yield _("第 %(pk)s 号记账借贷不平") % {"pk": entry.pk}
    for budget, held in totals(rows):
        if held[Place.AVAILABLE] != budget.available:
            yield _("%(budget)s：未动用应为 %(right)s，记作 %(held)s") % {
                "budget": budget, "right": held[Place.AVAILABLE], "held": budget.available
            }  # fmt: skip
        for place in (Place.AVAILABLE, Place.RESERVED, Place.TRANSIT, Place.PAID):
            if held[place] < 0:
                yield _("%(budget)s：%(place)s为负 %(held)s") % {
                    "budget": budget, "place": place.label, "held": held[place]
                }  # fmt: skip
    yield from claims_astray(rows)
    yield from payments_astray(rows)


def claims_astray(budgets: QuerySet) -> Iterator[str]:
    """Claims whose money isn't where their status says."""
    where: dict[str, Place] = {C.PAID: Place.PAID, C.RECOVERING: Place.PAID, C.RELEASED: Place.TRANSIT}
    where |= dict.fromkeys(RESERVED, Place.RESERVED)
    sums = {
        place: Coalesce(
            Sum("entries__postings__amount", filter=Q(entries__postings__place=place)), NOTHING, output_field=MONEY
        )
        for place in (Place.RESERVED, Place.TRANSIT, Place.PAID)
    }
    ours = Claim.objects.filter(instalment__version__scheme__line__in=budgets.order_by().values("line"))
    rows = ours.annotate(**{f"at_{p}": s for p, s in sums.items()}).select_related("matter")
    odd = ~Q(at_reserved=0) | ~Q(at_transit=0) | ~Q(at_paid=0)
    for claim in rows.filter(odd | Q(status__in=where)).order_by("pk"):
        for place in (Place.RESERVED, Place.TRANSIT, Place.PAID):
            due = claim.approved if where.get(claim.status) == place else NOTHING
            found = getattr(claim, f"at_{place}")
            if found != due:
                yield _("%(claim)s（%(status)s）：%(place)s应为 %(due)s，账上 %(found)s") % {
                    "claim": claim.matter.number, "status": claim.get_status_display(), "place": place.label,
                    "due": due, "found": found,
                }  # fmt: skip


def payments_astray(budgets: QuerySet) -> Iterator[str]:
    """Lines of batches that say another thing than their claim, claims that should be in a batch and are in none."""
    fits: dict[str, tuple[str, ...]] = {
        L.WAITING: (C.BATCHED,), L.SENT: (C.RELEASED,), L.PAID: (C.PAID, C.RECOVERING, C.RECOVERED),
    }  # fmt: skip
    lines = PaymentLine.objects.filter(batch__line__in=budgets.order_by().values("line"))
    for state, statuses in fits.items():
        odd = lines.filter(state=state).exclude(claim__status__in=statuses)
        for line in odd.select_related("claim__matter", "batch__matter").order_by("pk"):
            yield _("%(batch)s 里 %(claim)s 是%(state)s，申领却是%(status)s") % {
                "batch": line.batch.matter.number, "claim": line.claim.matter.number,
                "state": line.get_state_display(), "status": line.claim.get_status_display(),
            }  # fmt: skip
    ours = Claim.objects.filter(instalment__version__scheme__line__in=budgets.order_by().values("line"))
    alone = ours.filter(status__in=[C.BATCHED, C.RELEASED]).exclude(payments__state__in=[L.WAITING, L.SENT])
    for claim in alone.select_related("matter").order_by("pk"):
        yield _("%(claim)s 不在任何批次里，却是%(status)s") % {
            "claim": claim.matter.number, "status": claim.get_status_display()
        }  # fmt: skip


MONEY = DecimalField(max_digits=14, decimal_places=2)


def totals(budgets: QuerySet | None = None) -> list[tuple[Budget, dict[str, Decimal]]]:
    """Each budget with what is at each place, in one statement."""
    rows = Budget.objects.all() if budgets is None else budgets
    sums = {
        f"at_{place}": Coalesce(
            Sum("entries__postings__amount", filter=Q(entries__postings__place=place)), NOTHING, output_field=MONEY
        )
        for place in Place.values
    }
    found = rows.annotate(**sums).select_related("line__pack__root").order_by("year", F("line__order"), "pk")
    return [(b, {place: getattr(b, f"at_{place}") for place in Place.values}) for b in found]


def entries(budgets: QuerySet | None = None) -> int:
    rows = Budget.objects.all() if budgets is None else budgets
    return JournalEntry.objects.filter(budget__in=rows).count()
