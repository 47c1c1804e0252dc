"""Who entered, as rows on record: beside what a year was typed as, the entries themselves.

An app to the right keeps the rows and says here which they are. Nothing on record in a year says nothing of it; where
there are entries and a typed figure, the city's setting says which counts.
"""

from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import ExtractYear
from django.utils.translation import gettext as _

from portal.facts import Vocabulary
from portal.models import Setting
from stations.models import Recruits

SETTING = "recruits.counts"  # a choice: records, or typed
TYPED = "typed"
WHOLE_YEAR = Q(counted_on__month=12, counted_on__day=31)


@dataclass(frozen=True)
class Source:
    """The vocabulary of the entries, and the column with the day of each."""

    vocabulary: Vocabulary
    day: str

    @property
    def path(self) -> str:
        return self.vocabulary.of["station"]

    def rows(self) -> QuerySet:
        return self.vocabulary.model._default_manager.order_by()


SOURCES: list[Source] = []


def recruits_are(vocabulary: Vocabulary, day: str) -> None:
    """Say that the rows of this vocabulary are a station's recruits. There is one such vocabulary."""
    if SOURCES:
        raise ValueError(f"{SOURCES[0].vocabulary.name} are the recruits already")
    SOURCES.append(Source(vocabulary, day))


def source() -> Source:
    (found,) = SOURCES
    return found


def typed_districts() -> QuerySet:
    """The districts of the cities where a typed figure counts before the records."""
    return Setting.objects.filter(code=SETTING, value=TYPED).values("pack__root__down__node")


def entries(on: date) -> QuerySet:
    """The entries that count by the day of a station (the row outside) and of the one it was upgraded from."""
    at = source()
    own = Q(**{at.path: OuterRef("pk")}) | Q(**{at.path: OuterRef("upgraded_from")})
    rows = at.rows().filter(own, **{f"{at.day}__lte": on}).annotate(year_=ExtractYear(at.day))
    told = Recruits.objects.filter(WHOLE_YEAR | Q(entered__gt=0), year=OuterRef("year_"), counted_on__lte=on)
    here, above = Q(station=OuterRef(at.path)), Q(station__upgraded_from=OuterRef(at.path))
    unsaid = ~Exists(told.filter(here)) & ~Exists(told.filter(above))
    return rows.filter(~Q(**{f"{at.path}__matter__district__in": typed_districts()}) | unsaid)


def counting(rows: QuerySet, on: date) -> QuerySet:
    """Of typed years those that count by the day: where records count, not those with an entry on record."""
    at = source()
    mine = Q(**{at.path: OuterRef("station")}) | Q(**{at.path: OuterRef("station__upgraded_from")})
    recorded = at.rows().filter(mine, **{f"{at.day}__lte": on, f"{at.day}__year": OuterRef("year")})
    return rows.filter(Q(station__matter__district__in=typed_districts()) | ~Exists(recorded))


def beside(stations: QuerySet, on: date) -> QuerySet:
    """The stations with `entries_`, the day of each entry on record of their line by the day, and `typed_counts_`: whether
    their city lets typed figures count first."""
    at = source()
    own = Q(**{at.path: OuterRef("pk")}) | Q(**{at.path: OuterRef("upgraded_from")})
    days = at.rows().filter(own, **{f"{at.day}__lte": on}).order_by(at.day).values(at.day)
    typed = Exists(typed_districts().filter(pack__root__down__node=OuterRef("matter__district")))
    return stations.annotate(entries_=ArraySubquery(days), typed_counts_=typed)


# --- one year, seen from both sides ------------------------------------------------------------


@dataclass
class Both:
    """One year of a station: what was typed of it (None: nothing), up to which day, and the entries on record.

    `typed_counts`: the city lets what was typed count first.
    """

    year: int
    typed: int | None
    counted_on: date | None
    days: list[date]
    typed_counts: bool

    @property
    def recorded(self) -> int:
        return len(self.days)

    @property
    def differs(self) -> bool:
        """The entries on record up to the day of the typed figure are not as many as it says. Nothing on record
        contradicts nothing."""
        if not self.days or self.typed is None or self.counted_on is None:
            return False
        return sum(day <= self.counted_on for day in self.days) != self.typed

    @property
    def whole(self) -> bool:
        """Whether what was typed is told to the year's end."""
        return self.counted_on == date(self.year, 12, 31)

    @property
    def by_record(self) -> bool:
        """Whether the records are what counts of this year."""
        return bool(self.days) and not (self.typed_counts and (self.typed or self.whole))

    @property
    def said(self) -> str:
        """Both figures of a year that contradicts itself, and which of them counts."""
        told = {"year": self.year, "typed": self.typed, "day": self.counted_on, "recorded": self.recorded}
        if self.by_record:
            return (
                _("%(year)s 年登记 %(typed)s 人（截至 %(day)s），平台记录 %(recorded)s 人备案进站，以平台记录为准")
                % told
            )
        return _("%(year)s 年登记 %(typed)s 人（截至 %(day)s），平台记录 %(recorded)s 人备案进站，以登记数为准") % told

    @property
    def entered(self) -> int | None:
        """How many entered, by what counts; None: not known."""
        return self.recorded if self.by_record else self.typed


def both_of(year: int, typed: list[Recruits], days: list[date], typed_counts: bool) -> Both:
    told = sum(row.entered for row in typed) if typed else None
    counted_on = max((row.counted_on for row in typed), default=None)
    return Both(year, told, counted_on, [day for day in days if day.year == year], typed_counts)
