"""Boundary cases: facts that were made up, judged by the same columns that judge people."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import BooleanField, F, IntegerField, QuerySet, Value
from django.db.models.functions import Cast

from portal.facts import WrongCriterion, typed
from portal.models import Pack
from subsidies.schemes import engine
from subsidies.schemes.engine import Ruling
from subsidies.schemes.models import Boundary, SchemeVersion

E = Boundary.Expect
OUTCOME = {True: E.MET, False: E.UNMET, None: E.OPEN}


@dataclass(frozen=True)
class Verdict:
    """How one case came out, and the whole amount; `wrong` says why it could not be judged."""

    case: Boundary
    found: str
    whole: Decimal | None
    wrong: str = ""

    @property
    def passes(self) -> bool:
        return not self.wrong and self.found == self.case.expect and self.case.amount in (None, self.whole)

    def __str__(self):
        case = self.case
        if self.wrong:
            return f"用例“{case.name}”：{self.wrong}"
        if self.found != case.expect:
            return f"用例“{case.name}”应为{E(case.expect).label}，算得{E(self.found).label}"
        return f"用例“{case.name}”金额应为 {case.amount}，算得 {self.whole}"


def supposed(ruling: Ruling, given: dict[str, Any]) -> QuerySet:
    """One row that has these facts, the others unknown, with every column of the version.

    Raises WrongCriterion for a fact that the version doesn't read, or a value that isn't of its kind.
    """
    facts, read = ruling.vocabulary.facts, ruling.facts()
    if unknown := sorted(set(given) - read):
        raise WrongCriterion(f"这一版没有用到 {'、'.join(unknown)}；用到的：{'、'.join(sorted(read))}")
    columns = {}
    for name in sorted(read):
        kind = facts[name].field.clone()
        if name not in given and isinstance(kind, BooleanField) and not kind.null:
            raise WrongCriterion(f"{name}（{facts[name].label}）总有取值，用例须写明")
        try:
            value = typed(kind, given.get(name))
        except Exception as error:
            raise WrongCriterion(f"{name} 的取值 {given.get(name)!r} 不对") from error
        columns[name] = Value(value, kind)
    return supposing([ruling], columns, ruling.version.pack_id)


def supposing(asked: list[Ruling], given: Mapping[str, Any], pack: int) -> QuerySet:
    """One row that has these facts, given as expressions, the others unknown, with every column of these rulings, all of
    one vocabulary."""
    facts, names = asked[0].vocabulary.facts, sorted(set().union(*(ruling.facts() for ruling in asked)))
    columns: dict[str, Any] = {}
    for name in names:
        kind = facts[name].field.clone()
        columns[f"fact_{name}"] = Cast(given.get(name, Value(None, kind)), kind)  # a bare NULL has no type
    rows = Pack.objects.filter(pk=pack).order_by().annotate(**columns)
    for ruling in asked:
        rows = rows.annotate(**ruling.columns())
    return rows


def made_up(asked: list[Ruling], given: Mapping[str, Any], pack: int) -> dict[str, Any]:
    """What rulings of one vocabulary make of facts that nobody has, as one row of `engine.rows_of`."""
    rows = supposing(asked, given, pack)
    return rows.values(*rows.query.annotations).get()


def case_of(ruling: Ruling, given: dict[str, Any], number: int) -> QuerySet:
    """A case's number, how it comes out, and the whole amount. Raises WrongCriterion as `supposed` does."""
    rows = supposed(ruling, given).annotate(case=Value(number, IntegerField()))
    return rows.values_list("case", F(ruling.name("met")), F(ruling.name("whole")))


def judged(version: SchemeVersion) -> list[Verdict]:
    """Every boundary case of a version, in one statement."""
    cases = list(version.boundaries.all())
    (ruling,) = engine.rulings(SchemeVersion.objects.filter(pk=version.pk).for_engine())
    rows, wrong = [], {}
    for number, case in enumerate(cases):
        try:
            rows.append(case_of(ruling, case.given, number))
        except WrongCriterion as error:
            wrong[number] = str(error)
    asked = rows[0].union(*rows[1:], all=True) if len(rows) > 1 else rows[0] if rows else []
    found = {number: (OUTCOME[met], whole) for number, met, whole in asked}
    return [Verdict(case, *found.get(n, (E.OPEN, None)), wrong.get(n, "")) for n, case in enumerate(cases)]


def judge(version: SchemeVersion, given: dict[str, Any]) -> tuple[str, Decimal | None]:
    """What the version makes of these facts, the others unknown. Raises WrongCriterion as `case_of` does."""
    (ruling,) = engine.rulings(SchemeVersion.objects.filter(pk=version.pk).for_engine())
    ((_number, met, whole),) = case_of(ruling, given, 0)
    return OUTCOME[met], whole


def failures(version: SchemeVersion) -> Iterator[str]:
    """The boundary cases that come out differently, each as a sentence."""
    return (str(verdict) for verdict in judged(version) if not verdict.passes)
