"""Whether the journal is right: it proves itself, and says where it doesn't."""

from collections.abc import Iterator
from decimal import Decimal

from django.db.models import Count, DecimalField, F, Q, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from subsidies.claims.models import Claim, ClaimStatus
from subsidies.ledger.book import balances
from subsidies.ledger.models import Budget, JournalEntry, Place, Posting

C, K = ClaimStatus, JournalEntry.Kind
NOTHING = Decimal(0)
RESERVED = (C.PUBLICITY, C.DISPUTED, C.PAYABLE, C.BATCHED, C.BOUNCED)  # granted, and not on the way


def problems() -> Iterator[str]:
    """Every contradiction as a sentence; none when every yuan is where it should be."""
    wrong = JournalEntry.objects.annotate(sum=Sum("postings__amount"), n=Count("postings"))
    for entry in wrong.filter(~Q(sum=0) | ~Q(n=2)):
        yield _("第 %(pk)s 号记账借贷不平") % {"pk": entry.pk}
    for budget in Budget.objects.select_related("line").order_by("pk"):
        held = balances(budget)
        if held[Place.AVAILABLE] != budget.available:
            yield _("%(budget)s：未动用应为 %(right)s，记作 %(held)s") % {
                "budget": budget, "right": held[Place.AVAILABLE], "held": budget.available
            }  # fmt: skip
        for place in (Place.AVAILABLE, Place.RESERVED, Place.TRANSIT, Place.PAID):
            if held[place] < 0:
                yield _("%(budget)s：%(place)s为负 %(held)s") % {
                    "budget": budget, "place": place.label, "held": held[place]
                }  # fmt: skip
    yield from claims_astray()


def claims_astray() -> Iterator[str]:
    """Claims whose money isn't where their status says."""
    where: dict[str, Place] = {C.PAID: Place.PAID, C.RECOVERING: Place.PAID, C.RELEASED: Place.TRANSIT}
    where |= dict.fromkeys(RESERVED, Place.RESERVED)
    sums = {
        place: Coalesce(
            Sum("entries__postings__amount", filter=Q(entries__postings__place=place)), NOTHING, output_field=MONEY
        )
        for place in (Place.RESERVED, Place.TRANSIT, Place.PAID)
    }
    rows = Claim.objects.annotate(**{f"at_{p}": s for p, s in sums.items()}).select_related("matter")
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


MONEY = DecimalField(max_digits=14, decimal_places=2)


def totals() -> list[tuple[Budget, dict[str, Decimal]]]:
    """Each budget with what is at each place."""
    return [(b, balances(b)) for b in Budget.objects.select_related("line").order_by("year", F("line__order"), "pk")]


def entries() -> int:
    return Posting.objects.values("entry").distinct().count()
