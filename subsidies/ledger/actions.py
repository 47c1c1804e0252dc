"""Budgets: entered once a year for a line, raised and cut with a reason by whoever approves for the bureau."""

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from portal.lifecycle import NotYours, Refused
from portal.models import Role, User
from subsidies.ledger import book
from subsidies.ledger.models import Budget, JournalEntry
from subsidies.schemes.models import BudgetLine

K = JournalEntry.Kind


def decides(user: User, line: BudgetLine) -> bool:
    """Whether this person may say how much the line may spend."""
    roles = user.roles_for(organisation_id=None, district_id=line.pack.root_id)
    return Role.BUREAU_APPROVER in roles


@transaction.atomic
def change(
    line: BudgetLine, year: int, amount: Decimal, *, cut: bool = False, note: str, key: str, by: User, on: date
) -> JournalEntry:
    """Enter or raise what a line may spend in a year, or cut it: never below what is granted already. `key` is made when
    the form is shown: pressing twice enters once. Raises Refused."""
    if not decides(by, line):
        raise NotYours(_("预算由市局审批人员下达和调整。"))
    if not note.strip():
        raise Refused(_("请写明依据或理由。"))
    found = Budget.objects.filter(line=line, year=year).first()
    if found is None and cut:
        raise book.Overdrawn(_("%(line)s还没有 %(year)s 年的预算，请先下达预算。") % {"line": line, "year": year})
    budget = found or Budget.objects.get_or_create(line=line, year=year)[0]
    kind = K.CUT if cut else K.GRANT
    return book.write(kind, amount, budget=budget, key=f"budget:{budget.pk}:{key}", on=on, by=by, note=note.strip())
