"""What a city gives: schemes, who is entitled, claims, and the money behind them; each topic keeps its own."""

from subsidies.accounts.models import OtherPayee, PayeeAccount
from subsidies.claims.models import Claim, ClaimStatus, Decision
from subsidies.entitlements.models import Entitlement
from subsidies.ledger.models import Budget, JournalEntry, Place, Posting
from subsidies.payments.models import PaymentBatch, PaymentLine
from subsidies.recoveries.models import Trace
from subsidies.schemes.models import (
    Boundary,
    BudgetLine,
    Condition,
    Instalment,
    Payee,
    ScarceMajor,
    SchemePaper,
    SchemeVersion,
    Shape,
    Step,
    SubsidyScheme,
    VersionState,
)

__all__ = [
    "Boundary",
    "Budget",
    "BudgetLine",
    "Claim",
    "ClaimStatus",
    "Condition",
    "Decision",
    "Entitlement",
    "Instalment",
    "JournalEntry",
    "OtherPayee",
    "Payee",
    "PayeeAccount",
    "PaymentBatch",
    "PaymentLine",
    "Place",
    "Posting",
    "ScarceMajor",
    "SchemePaper",
    "SchemeVersion",
    "Shape",
    "Step",
    "SubsidyScheme",
    "Trace",
    "VersionState",
]
