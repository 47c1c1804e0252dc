"""Whether the boundary cases of a pack's schemes stand on both sides of every boundary, and tell what is unknown."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import BooleanField, DateField, IntegerField

from portal.facts import typed
from portal.models import Pack
from subsidies.models import SchemeVersion
from subsidies.schemes.engine import vocabulary_of

BESIDE = {"gte": -1, "lt": -1, "lte": 1, "gt": 1}  # where the other side of a comparison begins


def uncovered(pack: Pack) -> Iterator[str]:
    """What no boundary case of a published version tries, one sentence each."""
    for version in SchemeVersion.objects.published().filter(pack=pack).select_related("scheme"):
        facts = vocabulary_of(version.scheme).facts
        given = [case.given for case in version.boundaries.all()]
        for row in [*version.conditions.exclude(fact=""), *version.steps.all()]:
            told = [case.get(row.fact) for case in given]
            about = f"{pack.code} {version.scheme.code} {row.code}"
            wanted, others = sides(row, facts[row.fact].field, told)
            if not set(map(str, wanted)) <= set(map(str, told)):
                yield f"{about}: no case is at {wanted}"
            if not others:
                yield f"{about}: no case is just beyond {row.value}"
            always = isinstance(facts[row.fact].field, BooleanField) and not facts[row.fact].field.null
            if hasattr(row, "purpose") and not always and None not in told:
                yield f"{about}: no case leaves it unknown"


def sides(row, field, told: list) -> tuple[list, list]:
    """The values at the boundary that some case must have, and those of the cases that are just beyond it."""
    known = [value for value in told if value is not None]
    if row.lookup == "in":
        return row.value, [value for value in known if value not in row.value]
    if row.lookup in BESIDE and isinstance(field, DateField | IntegerField):
        edge = typed(field, row.value)
        beyond = edge + (timedelta(BESIDE[row.lookup]) if isinstance(edge, date) else BESIDE[row.lookup])
        return [row.value], [value for value in known if str(value) == str(beyond)]
    return [row.value], [value for value in known if value != row.value]
