"""What the public page tells of a claim that was granted, and what an objection does to it."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy

from portal.models import Pack
from portal.workdays import Calendar
from stations.publicity.matters import PUBLICATIONS, Publication
from subsidies.claims import lifecycle
from subsidies.claims.models import Claim, ClaimStatus

C = ClaimStatus
OPEN = frozenset({C.PUBLICITY, C.DISPUTED})
UNDER_REVIEW = frozenset({C.HANDLING, C.REVIEW, C.APPROVAL})


def masked_name(name: str) -> str:
    """Enough for colleagues to know whom it is about: 张*, 李*华, 欧**夫; of other scripts the initials."""
    name, bracket, rest = name.partition("（")  # a remark like （演示） is no part of it
    if " " in name.strip():
        shown = " ".join(f"{word[0]}*" for word in name.split())
    else:
        shown = f"{name[:1]}*" if len(name) < 3 else f"{name[0]}{'*' * (len(name) - 2)}{name[-1]}"
    return shown + bracket + rest


def payee_of(claim: Claim) -> str:
    """Whose money it is, as anybody may read it: a person by a masked name, a unit by its own."""
    if claim.payee and not claim.payee.unit:
        return masked_name(claim.payee.name)
    return masked_name(claim.person.name) if claim.person else claim.whose


def shown(pack: Pack) -> QuerySet:
    """The granted claims of a city that are public today, the first to end first. Afterwards names are gone from here."""
    today = localdate()
    rows = Claim.objects.filter(
        instalment__version__pack=pack, status__in=OPEN, publicity_since__lte=today, publicity_until__gte=today
    )
    return rows.select_related(
        "matter__organisation", "matter__district", "person", "payee", "instalment__version__scheme"
    ).order_by("publicity_until", "pk")


def entries(pack: Pack, on: date) -> list[tuple]:
    """(claim, masked payee, working days left)."""
    calendar = Calendar.for_pages()
    return [(row, payee_of(row), calendar.between(on, row.publicity_until)) for row in shown(pack)]


def page(claim: Claim) -> dict[str, Any]:
    return {"claim": claim, "payee": payee_of(claim), "several": claim.instalment.share != 100}


def dispute(claim: Claim, *, on: date) -> None:
    """The bureau looks again before any money goes; who objected and why stands with the objection alone."""
    if claim.status == C.PUBLICITY:
        lifecycle.claim.move(claim, "dispute", by=None, on=on)


PUBLICATIONS["claim"] = Publication(
    model=Claim,
    shown=shown,
    taking=OPEN,
    final=frozenset(C) - OPEN - UNDER_REVIEW,
    list_template="subsidies/_public_claims.html",
    template="subsidies/publicity.html",
    entries=entries,
    page=page,
    back="subsidies:claim_objections",
    room=(gettext_lazy("资助申领"), "subsidies:claims"),
    received=dispute,
)
