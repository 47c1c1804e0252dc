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

COLUMNS = 'version_id, instalment_id, "right", met, event_on, opens_on, lapses_on, units, amount, checked_on'


@transaction.atomic
def sweep(pack: Pack, *, on: date, rows: dict[str, QuerySet] | None = None) -> int:
    """Find anew what the published versions of a pack give; returns how many entitlements there are now.

    `rows` restricts it to some subjects by vocabulary; a vocabulary that isn't named is left as it was.
    """
    versions = SchemeVersion.objects.published().filter(pack=pack).for_engine().order_by("scheme__vocabulary", "pk")
    number = 0
    for name, members in groupby(engine.rulings(versions), key=lambda r: r.version.scheme.vocabulary):
        if rows is not None and name not in rows:
            continue
        asked = list(members)
        subjects = engine.in_pack(asked[0].vocabulary, pack)
        gone = Entitlement.objects.filter(version__in=[r.version.pk for r in asked])
        if rows is not None:
            keys = list(subjects.filter(pk__in=rows[name].order_by().values("pk")).values_list("pk", flat=True))
            gone = gone.filter(**{f"{name}__in": keys})
            subjects = asked[0].vocabulary.model._default_manager.filter(pk__in=keys)
        gone._raw_delete(gone.db)
        number += insert(asked, subjects, name, on, all_=rows is None)
    Entitlement.objects.filter(version__pack=pack).exclude(version__state="published").delete()
    return number


def insert(asked: list[Ruling], subjects: QuerySet, name: str, on: date, *, all_: bool) -> int:
    """INSERT … SELECT, in one statement."""
    sql, params = found(asked, subjects, name, on, all_=all_)
    into = f"INSERT INTO {Entitlement._meta.db_table} ({name}_id, {COLUMNS}) "
    with connection.cursor() as cursor:
        cursor.execute(into + sql, params)
        return cursor.rowcount


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
