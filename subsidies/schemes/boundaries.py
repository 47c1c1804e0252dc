"""Boundary cases: facts that were made up, judged by the same columns that judge people."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import ExpressionWrapper, F, Value

from portal.facts import WrongCriterion, typed
from portal.models import Pack
from subsidies.schemes import engine
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
        columns[f"fact_{name}"] = ExpressionWrapper(Value(value, kind), output_field=kind)
    rows = Pack.objects.filter(pk=version.pack_id).annotate(**columns).annotate(**ruling.columns())
    row = rows.values(met=F(ruling.name("met")), whole=F(ruling.name("whole"))).get()
    return OUTCOME[row["met"]], row["whole"]


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
