"""The sweep: who is entitled to what, found for everybody or for the few who changed by the same statement."""

from datetime import date
from itertools import groupby
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django_cte import CTE

from portal.models import Pack
from subsidies.entitlements.models import Entitlement
from subsidies.schemes import engine
from subsidies.schemes.engine import Ruling
from subsidies.schemes.models import SchemeVersion

PATIENCE = "30min"  # for everybody of a great city, the first time; what a page asks is given half a minute
TABLE = Entitlement._meta.db_table
SAID = ("version_id", "instalment_id", '"right"', "met", "event_on", "opens_on", "lapses_on", "units", "amount")
COLUMNS = (*SAID, "checked_on")


@transaction.atomic
def sweep(pack: Pack, *, on: date, rows: dict[str, QuerySet] | None = None) -> int:
    """Find anew what the published versions of a pack give; returns how many entitlements were found.

    `rows` restricts it to some subjects by vocabulary; a vocabulary that isn't named is left as it was.
    """
    versions = SchemeVersion.objects.published().filter(pack=pack).for_engine().order_by("scheme__vocabulary", "pk")
    number = 0
    for name, members in groupby(engine.rulings(versions), key=lambda r: r.version.scheme.vocabulary):
        if rows is not None and name not in rows:
            continue
        asked = list(members)
        subjects, keys = engine.in_pack(asked[0].vocabulary, pack), None
        if rows is not None:
            keys = list(subjects.filter(pk__in=rows[name].order_by().values("pk")).values_list("pk", flat=True))
            if not keys:
                continue
            subjects = asked[0].vocabulary.model._default_manager.filter(pk__in=keys)
        number += written(asked, subjects, name, on, keys)
    Entitlement.objects.filter(version__pack=pack).exclude(version__state="published").delete()
    return number


def written(asked: list[Ruling], subjects: QuerySet, name: str, on: date, keys: list[int] | None) -> int:
    """All in one statement: what is found; of it what isn't kept like that yet; and what is kept and isn't found any more.
    A row that says the same stays untouched: to write one costs many times of what it costs to compare it. `keys`: of these
    subjects alone."""
    sql, params = found(asked, subjects, name, on, all_=keys is None)
    kept, fresh = (", ".join(f"{table}.{column}" for column in SAID) for table in ("e", "f"))
    same = f"e.instalment_id = f.instalment_id AND e.{name}_id = f.subject"
    told = ", ".join(f"{column} = excluded.{column}" for column in COLUMNS)
    statement = f"""
        WITH f (subject, {", ".join(COLUMNS)}) AS MATERIALIZED ({sql}),
        gone AS (
            DELETE FROM {TABLE} AS e WHERE e.version_id = ANY(%s) {"" if keys is None else f"AND e.{name}_id = ANY(%s)"}
            AND NOT EXISTS (SELECT 1 FROM f WHERE {same})
        ), written AS (
            INSERT INTO {TABLE} ({name}_id, {", ".join(COLUMNS)})
            SELECT f.* FROM f LEFT JOIN {TABLE} AS e ON {same} WHERE ({kept}) IS DISTINCT FROM ({fresh})
            ON CONFLICT (instalment_id, {name}_id) DO UPDATE SET {told}
        ) SELECT count(*) FROM f
    """
    versions = [ruling.version.pk for ruling in asked]
    with connection.cursor() as cursor:
        if keys is None:
            cursor.execute(f"SET LOCAL statement_timeout = '{PATIENCE}'")
        cursor.execute(statement, [*params, versions, *([] if keys is None else [keys])])
        return cursor.fetchone()[0]


def found(asked: list[Ruling], subjects: QuerySet, name: str, on: date, *, all_: bool) -> tuple[str, list]:
    """One line per subject and instalment that isn't refused and whose event lies in the version's time.

    The facts are read once for all; what an instalment asks and gives is reckoned of those rows alone that it concerns.
    """
    facts = engine.facts_of(asked, subjects, on=on, all_=all_)
    sql, params = facts.query.sql_with_params()
    given = list(params)
    parts = []
    for ruling in asked:
        for instalment in ruling.version.instalments.all():
            part, more = part_of(ruling, instalment, facts, name, on)
            parts.append(part)
            given += more
    return f"WITH {facts.name} AS MATERIALIZED ({sql}) {' UNION ALL '.join(parts)}", given


def part_of(ruling: Ruling, instalment, facts: CTE, name: str, on: date) -> tuple[str, list]:
    """What one instalment gives, to be read from the facts."""
    version, scheme = ruling.version, ruling.version.scheme
    sql, params = facts.queryset().annotate(**ruling.columns([instalment])).query.sql_with_params()
    given: list[Any] = [version.pk, instalment.pk, engine.stem(scheme, instalment.number), f"{name}:", on]
    person = "f.fact_person" if "person" in ruling.vocabulary.facts and engine.by_person(scheme) else "NULL::text"
    statement = (
        f"SELECT f.pk, %s::bigint, %s::bigint, %s || coalesce('person:' || {person}, %s || f.pk::text), "
        f"f.{ruling.name('met')}, f.fact_{scheme.event}, f.i{instalment.pk}_opens, f.i{instalment.pk}_lapses::date, "
        f"f.{ruling.name('units')}, f.i{instalment.pk}_amount::numeric, %s::date FROM ({sql}) AS f "
        f"WHERE f.fact_{scheme.event} >= %s AND f.{ruling.name('met')} IS NOT FALSE"
    )
    given += [*params, version.since]
    if version.until is not None:
        statement += f" AND f.fact_{scheme.event} < %s"
        given.append(version.until)
    return statement, given
