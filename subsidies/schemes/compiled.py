"""Statements kept ready: building one costs more than asking it.

What is kept belongs to the very rows that the rules were read from: each time a digest of them is taken, and a rule, a
setting or a clause that changed in any way, by whatever means, has another digest and is read anew.
"""

from collections import OrderedDict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import BigIntegerField, F, Q, Value
from django.utils.translation import get_language

from portal.models import Clause, Document, Pack, Setting
from portal.paging import Among
from subsidies.schemes import engine
from subsidies.schemes.engine import Ruling
from subsidies.schemes.models import BudgetLine, Condition, Instalment, SchemePaper, SchemeVersion, Step, SubsidyScheme

NUMBERED = count(1)  # a name is never used twice in a process
KEPT = 64  # statements: a few cities, vocabularies and days
PLACE = [-7_310_583_009]  # stands in a kept statement where the keys of the subjects go
ALL: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Statement:
    """The rulings and what asks them; `converters` make of what the database says what Django would."""

    rulings: list[Ruling]
    sql: str
    params: tuple
    converters: dict[str, tuple[list, Any]]
    name: str  # under which a connection keeps its plan

    def rows(self, keys: Collection[int]) -> Iterator[dict[str, Any]]:
        with connection.cursor() as cursor:
            self.plan(cursor)
            cursor.execute(f"SET LOCAL plan_cache_mode = force_generic_plan; EXECUTE {self.name}(%s)", [list(keys)])
            names = [column.name for column in cursor.description]
            found = cursor.fetchall()
        for values in found:
            row = dict(zip(names, values, strict=True))
            for name, (converters, expression) in self.converters.items():
                for convert in converters:
                    row[name] = convert(row[name], expression, connection)
            yield row

    def plan(self, cursor) -> None:
        """See that this connection knows the statement: to plan it costs ten times of what one subject costs then."""
        known = PLANNED.setdefault(cursor.connection, OrderedDict())
        if self.name in known:
            known.move_to_end(self.name)
            return
        whole = cursor.mogrify(self.sql, [PLACE if p == PLACE else p for p in self.params]).decode()
        place = cursor.mogrify("%s", [PLACE]).decode()
        cursor.execute(f"PREPARE {self.name}(bigint[]) AS {whole.replace(place, '$1')}".replace("%", "%%"), [])
        known[self.name] = True
        if len(known) > KEPT:
            cursor.execute(f"DEALLOCATE {known.popitem(last=False)[0]}")


PLANNED: WeakKeyDictionary = WeakKeyDictionary()  # by connection: the names of what it has planned
READY: OrderedDict[tuple, Statement] = OrderedDict()


def statement(pack: Pack, name: str, on: date, schemes: frozenset[str] = ALL) -> Statement | None:
    """What asks the published versions of one vocabulary (or of these schemes) on a day; None where there are none."""
    key = (pack.pk, name, on, schemes, get_language(), digest(pack, name))
    if key in READY:
        READY.move_to_end(key)
        return READY[key]
    chosen = Q(scheme__code__in=schemes) if schemes else Q()
    versions = SchemeVersion.objects.published().filter(chosen, pack=pack, scheme__vocabulary=name)
    rulings = engine.rulings(versions.for_engine().order_by("scheme__order", "scheme__pk", "since"))
    if not rulings:
        return None
    READY[key] = compiled(rulings, on, f"rules_{next(NUMBERED)}")
    if len(READY) > KEPT:
        READY.popitem(last=False)
    return READY[key]


def compiled(rulings: list[Ruling], on: date, name: str) -> Statement:
    model = rulings[0].vocabulary.model
    keys = Value(PLACE, ArrayField(BigIntegerField()))
    rows = engine.rows_of(rulings, model._default_manager.filter(Among(F("pk"), keys)), on=on)
    compiler = rows.query.get_compiler(connection=connection)
    sql, params = compiler.as_sql()
    columns = [expression for expression, _sql, _alias in compiler.select]
    aliases = [alias or expression.target.column for expression, _sql, alias in compiler.select]
    converters = {aliases[n]: found for n, found in compiler.get_converters(columns).items()}
    return Statement(rulings, sql, tuple(params), converters, name)


# --- whether the rules are still those ---------------------------------------------------------


def digest(pack: Pack, name: str) -> str:
    """Of every row that the rulings of a vocabulary are made of, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(DIGEST, {"pack": pack.pk, "name": name})
        return cursor.fetchone()[0]


def table(model) -> str:
    return model._meta.db_table


def whole(model, where: str) -> str:
    return f"(SELECT string_agg(t::text, '|' ORDER BY t.id) FROM {table(model)} t WHERE {where})"


OF_VERSION = "t.version_id IN (SELECT id FROM v)"
CLAUSES = f"SELECT clause_id FROM v UNION SELECT clause_id FROM {table(Condition)} t WHERE {OF_VERSION}"
DIGEST = f"""
WITH s AS (SELECT * FROM {table(SubsidyScheme)} WHERE pack_id = %(pack)s AND vocabulary = %(name)s),
v AS (SELECT * FROM {table(SchemeVersion)} WHERE state = 'published' AND scheme_id IN (SELECT id FROM s)),
c AS (SELECT * FROM {table(Clause)} WHERE id IN ({CLAUSES}))
SELECT md5(concat_ws('#', (SELECT string_agg(s::text, '|' ORDER BY id) FROM s),
(SELECT string_agg(v::text, '|' ORDER BY id) FROM v), (SELECT string_agg(c::text, '|' ORDER BY id) FROM c),
{", ".join(whole(model, OF_VERSION) for model in (Condition, Step, Instalment, SchemePaper))},
{whole(Document, "t.id IN (SELECT document_id FROM c)")}, {whole(BudgetLine, "t.pack_id = %(pack)s")},
(SELECT string_agg(t.code || t.value::text, '|' ORDER BY t.id) FROM {table(Setting)} t WHERE t.pack_id = %(pack)s),
{whole(Pack, "t.id = %(pack)s")}))
"""
