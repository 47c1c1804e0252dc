"""Boundary cases: facts that were made up, judged by the same columns that judge people."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Value
from django.db.models.functions import Cast

from portal.facts import WrongCriterion, typed
from portal.models import Pack
from subsidies.schemes import engine
from subsidies.schemes.engine import Ruling
from subsidies.schemes.models import Boundary, SchemeVersion

E = Boundary.Expect
OUTCOME = {True: E.MET, False: E.UNMET, None: E.OPEN}


def judge(version: SchemeVersion, given: dict[str, Any]) -> tuple[str, Decimal | None]:
    """What the version makes of these facts, the others unknown: how it comes out, and the whole amount.

    Raises WrongCriterion for a fact that the vocabulary doesn't have, or a value that isn't of its kind.
    """
    (ruling,) = engine.rulings(SchemeVersion.objects.filter(pk=version.pk).for_engine())
    facts = ruling.vocabulary.facts
    if unknown := sorted(set(given) - ruling.facts()):
        raise WrongCriterion(f"这一版没有用到 {'、'.join(unknown)}；用到的：{'、'.join(sorted(ruling.facts()))}")
    columns = {}
    for name in sorted(ruling.facts()):
        kind = facts[name].field.clone()
        try:
            value = typed(kind, given.get(name))
        except Exception as error:
            raise WrongCriterion(f"{name} 的取值 {given[name]!r} 不对") from error
        columns[name] = Value(value, kind)
    row = made_up([ruling], columns, version.pack_id)
    return OUTCOME[row[ruling.name("met")]], row[ruling.name("whole")]


def made_up(asked: list[Ruling], given: Mapping[str, Any], pack: int) -> dict[str, Any]:
    """What rulings of one vocabulary make of facts that nobody has, given as expressions; the others are unknown. One row
    as `engine.rows_of` gives it."""
    facts, names = asked[0].vocabulary.facts, sorted(set().union(*(ruling.facts() for ruling in asked)))
    rows = Pack.objects.filter(pk=pack)
    columns: dict[str, Any] = {}
    for name in names:
        kind = facts[name].field.clone()
        columns[f"fact_{name}"] = Cast(given.get(name, Value(None, kind)), kind)  # a bare NULL has no type
    rows = rows.annotate(**columns)
    for ruling in asked:
        found = ruling.columns()
        rows, columns = rows.annotate(**found), columns | found
    return rows.values(*columns).get()


def failures(version: SchemeVersion) -> Iterator[str]:
    """The boundary cases that come out differently, each as a sentence."""
    for case in version.boundaries.all():
        try:
            found, whole = judge(version, case.given)
        except WrongCriterion as error:
            yield f"用例“{case.name}”：{error}"
            continue
        if found != case.expect:
            yield f"用例“{case.name}”应为{E(case.expect).label}，算得{E(found).label}"
        elif case.amount is not None and case.amount != whole:
            yield f"用例“{case.name}”金额应为 {case.amount}，算得 {whole}"
