"""Working days of the Chinese calendar, with the days worked in exchange (调休).

A promise is given in working days; what remains of it is derived from dates, never counted by a nightly job.
For a year without announced exceptions weekends alone decide, and pages say that the date is provisional.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.core.cache import cache

from portal.models import Workday

REMEMBERED = 60  # seconds that a process keeps the calendar for its pages


@dataclass(frozen=True)
class Calendar:
    """The announced exceptions, read once for a page or a command."""

    exceptions: dict[date, bool]

    @classmethod
    def load(cls) -> "Calendar":
        return cls(dict(Workday.objects.values_list("on", "works")))

    @classmethod
    def for_pages(cls) -> "Calendar":
        """What remains of a promise is shown on every list; the promise itself is given with `load`."""
        known = cache.get("calendar")
        if known is None:
            known = cls.load()
            cache.set("calendar", known, REMEMBERED)
        return known

    def is_official(self, year: int) -> bool:
        """Whether the holidays of `year` have been announced."""
        return any(on.year == year for on in self.exceptions)

    def works(self, on: date) -> bool:
        return self.exceptions.get(on, on.weekday() < 5)

    def add(self, on: date, days: int) -> date:
        """The last day of a promise of `days` working days given on `on`; the day itself doesn't count."""
        while days > 0:
            on += timedelta(1)
            days -= self.works(on)
        return on

    def between(self, since: date, until: date) -> int:
        """Working days after `since` up to and with `until`; negative when `until` is earlier."""
        if until < since:
            return -self.between(until, since)
        return sum(self.works(since + timedelta(n)) for n in range(1, (until - since).days + 1))


def add(on: date, days: int) -> date:
    return Calendar.load().add(on, days)


def between(since: date, until: date) -> int:
    return Calendar.load().between(since, until)
