"""Line by line why: each condition with what the records say, what is wanted and what to do; the months of insurance."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Model
from django.utils.translation import gettext as _

from portal.facts import Lookup, compared
from portal.words import localised
from postdocs.insurance.facts import SPANS
from postdocs.insurance.matrix import counts
from postdocs.insurance.models import InsuredMonth
from postdocs.insurance.rows import last_whole, months_before
from postdocs.models import IdentityPaper
from subsidies.cards.items import CLOSED, FOLLOWED, Item
from subsidies.schemes.engine import vocabulary_of
from subsidies.schemes.explain import Explanation, Reason, State
from subsidies.schemes.models import Condition, SchemeVersion
from subsidies.subjects import organisation_of, person_of

P = Condition.Purpose
INSURED = {f"insured_{span}": span for span in SPANS}
SHAPES = {State.MET: "met", State.UNMET: "unmet", State.LATER: "todo", State.LAPSED: "locked"}


@dataclass(frozen=True)
class Row:
    """One condition: its name, what the records say, what is wanted, the clause, a shape and a word for the answer."""

    title: str
    found: str
    wanted: str
    clause: object
    shape: str
    state: str
    next: str
    assumed: bool


@dataclass(frozen=True)
class Month:
    label: str
    year: int | None  # where a year begins
    shape: str
    said: str


@dataclass
class Why:
    """One scheme, explained."""

    items: list[Item]
    rows: list[Row]
    months: list[Month]

    @property
    def e(self) -> Explanation:
        return self.items[0].e

    @property
    def happened(self) -> bool:
        """Whether what creates the right has happened: before that there is little to say."""
        return self.e.event_on is not None

    @property
    def shape(self) -> str:
        return SHAPES.get(self.e.state, "unknown")

    @property
    def short(self) -> str:
        """The answer in a line, for what isn't told in full."""
        walls = [r.title for r in self.rows if r.shape == "unmet"]
        if walls:
            return _("；").join(walls)
        if not self.happened:
            return _("还没有发生：%(event)s") % {"event": event_of(self.e.version)}
        return _("；").join(r.next for r in self.rows if r.next)


def event_of(version: SchemeVersion) -> str:
    """What creates the right, in words."""
    return str(vocabulary_of(version.scheme).facts[version.scheme.event].label)


def shape_of(r: Reason) -> tuple[str, str]:
    """A shape and a word: what ends a right is good as long as it has not happened."""
    if r.purpose == P.NEED:
        return SHAPES.get(r.state, "unknown"), str(r.state.label)
    if r.state != State.MET:
        return "met", _("没有发生")
    return "unmet", _("停发") if r.purpose == P.STOP else _("须追回")


def row_of(r: Reason, e: Explanation) -> Row:
    vocabulary = vocabulary_of(e.version.scheme)
    found, wanted = [], []
    for c in r.asked.question.criteria if r.asked.question else ():
        fact, value = vocabulary.facts[c.fact], e.facts[c.fact]
        found.append(_("%(fact)s：%(value)s") % {"fact": fact.label, "value": said(vocabulary, fact, value)})
        values = c.value if c.lookup == Lookup.ONE_OF else (c.value,)
        words = _("、").join(vocabulary.words(fact, v) for v in values)
        wanted.append(f"{compared(fact, c.lookup)} {words}" if r.purpose == P.NEED else "")
    shape, state = shape_of(r)
    many = len(r.asked.conditions) > 1
    title = _("；").join(localised(c, "title") for c in r.asked.conditions) if many else localised(r.condition, "title")
    shown = r.next if r.purpose == P.NEED else ""
    return Row(
        title, _("；").join(found) or _("记录里没有，由人认定"), _("；").join(filter(None, wanted)), r.condition.clause,
        shape, state, shown, r.condition.assumed,
    )  # fmt: skip


def said(vocabulary, fact, value) -> str:
    return _("尚不知道") if value is None else vocabulary.words(fact, value)


def whys_of(items: Iterable[Item], on: date) -> list[Why]:
    """Every scheme once, what can be had before what can't."""
    by_scheme: dict[int, list[Item]] = {}
    for item in items:
        by_scheme.setdefault(item.scheme.pk, []).append(item)
    groups = list(by_scheme.values())
    strips = strips_of([group[0] for group in groups], on)
    found = [Why(g, [row_of(r, g[0].e) for r in g[0].e.reasons], strips.get(g[0].scheme.pk, [])) for g in groups]
    return sorted(found, key=lambda w: (not w.happened, w.items[0].place in (CLOSED, FOLLOWED)))


# --- months of insurance -----------------------------------------------------------------------


def strips_of(items: Iterable[Item], on: date) -> dict[int, list[Month]]:
    """The months that a scheme asks about, by scheme; in two queries for all of a person."""
    asking = {i.scheme.pk: (i.subject, span) for i in items for name, span in INSURED.items() if name in i.e.facts}
    if not asking or not any(person_of(subject) for subject, _span in asking.values()):
        return {}
    longest = max(span for _subject, span in asking.values())
    since, until = months_before(last_whole(on), longest - 1), last_whole(on)
    window = InsuredMonth.objects.filter(month__gte=since, month__lte=until)
    people = {person_of(subject).pk for subject, _span in asking.values()}
    units = {organisation_of(subject).pk for subject, _span in asking.values()}
    indexes = IdentityPaper.objects.filter(person__in=people).values("number_index")
    rows = window.filter(insured__number_index__in=indexes, insured__organisation__in=units).select_related("insured")
    held = {(r.insured.organisation_id, r.month): r for r in rows.order_by("pk")}
    lists = window.filter(insured__organisation__in=units).values_list("insured__organisation", "month").distinct()
    listed = set(lists.order_by())
    return {pk: strip(subject, span, held, listed, on) for pk, (subject, span) in asking.items()}


def strip(subject: Model, span: int, held: dict, listed: set, on: date) -> list[Month]:
    unit, last = organisation_of(subject).pk, last_whole(on)
    months = []
    for n in range(span - 1, -1, -1):
        month = months_before(last, n)
        row = held.get((unit, month))
        if row is not None and counts(row, on):
            shape, word = "paid", _("已缴")
        elif (unit, month) in listed:
            shape, word = "gap", _("没缴")
        else:
            shape, word = "unknown", _("没有这个月的名单")
        year = month.year if month.month == 1 or n == span - 1 else None
        months.append(Month(str(month.month), year, shape, word))
    return months
