"""How far one stay is from each fund and title of its city: met, still to come, over, missing, or a question."""

from dataclasses import dataclass
from datetime import date, timedelta

from portal.facts import Criterion, Finding
from portal.words import localised
from postdocs.prospects.models import Opportunity
from postdocs.stays.actions import add_months
from postdocs.stays.facts import stay as vocabulary
from postdocs.stays.models import Stay

CLOCK = "months_in"  # the fact that grows by itself: a criterion on it is a date
OPENS = {"gte": 0, "gt": 1}  # its lookups that give a first day: so many months later than the value
CLOSES = {"lt": 0, "lte": 1}  # and those that give the first day on which it is over
ORDER = ("met", "ask", "soon", "unmet", "over")


@dataclass
class Prospect:
    """One opportunity for one stay. `since`: from which day on, `until`: the first day on which it is too late."""

    opportunity: Opportunity
    findings: list[Finding]
    since: date | None
    until: date | None
    state: str

    @property
    def last(self) -> date | None:
        return self.until - timedelta(1) if self.until else None

    @property
    def hint(self) -> str:
        return localised(self.opportunity, "hint")

    @property
    def asks(self) -> str:
        return localised(self.opportunity, "asks")

    @property
    def missing(self) -> list[Finding]:
        """What isn't met or known, apart from the time that has yet to pass."""
        return [f for f in self.findings if f.met is not True and not (self.state == "soon" and is_clock(f))]


def prospects_of(stay: Stay, *, on: date) -> list[Prospect]:
    """Every opportunity of the stay's city, what is open first; all criteria in one statement."""
    rows = Opportunity.objects.filter(pack__root__down__node=stay.matter.district_id)
    rows = rows.select_related("clause__document").prefetch_related("criteria").order_by("order", "pk")
    asked = {
        row: [
            vocabulary.criterion(c.fact, c.lookup, c.value, str(row.clause))
            for c in sorted(row.criteria.all(), key=lambda c: (c.order, c.pk))
        ]
        for row in rows
    }
    findings = iter(vocabulary.findings(stay, [c for questions in asked.values() for c in questions], on=on))
    found = [prospect(row, [next(findings) for _c in questions], stay, on) for row, questions in asked.items()]
    return sorted(found, key=lambda p: ORDER.index(p.state))


def prospect(row: Opportunity, findings: list[Finding], stay: Stay, on: date) -> Prospect:
    days = [(f.question.lookup, f.question.value) for f in findings if is_clock(f)]  # type: ignore[union-attr]
    entered = stay.entered_on
    opens = [complete(entered, value + OPENS[lookup]) for lookup, value in days if entered and lookup in OPENS]
    closes = [complete(entered, value + CLOSES[lookup]) for lookup, value in days if entered and lookup in CLOSES]
    since, until = max(opens, default=None), min(closes, default=None)
    return Prospect(row, findings, since, until, state_of(row, findings, since, until, on))


def state_of(row: Opportunity, findings: list[Finding], since: date | None, until: date | None, on: date) -> str:
    if until and on >= until:
        return "over"
    if any(f.met is False and not is_clock(f) for f in findings):
        return "unmet"
    if since and on < since:
        return "soon"
    return "ask" if row.asks or any(f.met is None for f in findings) else "met"


def is_clock(finding: Finding) -> bool:
    return isinstance(finding.question, Criterion) and finding.question.fact == CLOCK


def complete(since: date, months: int) -> date:
    """The first day on which so many months are complete, as the database counts them: 31 January and a month is 1 March."""
    day = add_months(since, months)
    return day if day.day == since.day else day + timedelta(1)
