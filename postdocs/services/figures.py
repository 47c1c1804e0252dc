"""How services are asked for and done: numbers per service, time used, how content people are."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from portal import workdays
from postdocs.services.models import OPEN, RequestStatus, Service, ServiceRequest

R = RequestStatus
CONTENT = 4  # from this rating on somebody is content


@dataclass
class Line:
    """One service within a period. `used` are the working days of each answer, from the day it was asked."""

    service: Service
    asked: int = 0
    open: int = 0
    late: int = 0
    withdrawn: int = 0
    done: int = 0
    in_time: int = 0
    used: list[int] = field(default_factory=list)
    scores: list[int] = field(default_factory=list)
    low: int = 0

    @property
    def answered(self) -> int:
        return len(self.used)

    @property
    def average(self) -> float | None:
        return sum(self.used) / len(self.used) if self.used else None

    @property
    def punctual(self) -> float | None:
        """Answered by the promised day, in per cent of what was answered."""
        return 100 * self.in_time / len(self.used) if self.used else None

    @property
    def score(self) -> float | None:
        return sum(self.scores) / len(self.scores) if self.scores else None

    @property
    def content(self) -> float | None:
        """Rated 4 or 5, in per cent of what was rated."""
        return 100 * sum(s >= CONTENT for s in self.scores) / len(self.scores) if self.scores else None

    def add(self, row: ServiceRequest, used: int | None, on: date) -> None:
        self.asked += 1
        self.withdrawn += row.status == R.WITHDRAWN
        self.open += row.status in OPEN
        self.late += row.is_late(on)
        if used is not None:
            self.used.append(used)
            self.done += row.outcome == ServiceRequest.Outcome.DONE
            self.in_time += bool(row.answered_on and row.due_on and row.answered_on <= row.due_on)
        if row.score is not None:
            self.scores.append(row.score)
        self.low += row.low


def lines(rows: Iterable[ServiceRequest], on: date) -> tuple[list[Line], Line]:
    """Per service, the most asked for first, and all together. `rows` come with service and matter."""
    calendar = workdays.Calendar.load()
    found: dict[int, Line] = {}
    total = Line(Service())
    for row in rows:
        answered = row.answered_on if row.status in (R.ANSWERED, R.RATED, R.FOLLOWING) else None
        used = calendar.between(row.matter.opened_on, answered) if answered else None
        for line in (found.setdefault(row.service_id, Line(row.service)), total):
            line.add(row, used, on)
    return sorted(found.values(), key=lambda line: (-line.asked, line.service.order)), total
