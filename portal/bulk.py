"""Many rows at once, in a few statements. Measured in `tests/bench_tables.py`; for few rows Django's own is as good."""

import gc
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from operator import attrgetter
from typing import Any, TypeVar

from django.db import connection, models
from django.utils.timezone import now

CHUNK = 2000  # rows of one statement
T = TypeVar("T")
M = TypeVar("M", bound=models.Model)


@contextmanager
def nothing_thrown_away() -> Iterator[None]:
    """While rows are gathered none of them is garbage: a collector that looks through them again and again takes a
    third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def in_chunks(rows: Sequence[T], size: int = CHUNK) -> Iterable[Sequence[T]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def pour(rows: list[M]) -> list[M]:
    """Insert new rows as they are, a column at a time, and give them their keys: what `bulk_create()` does, without its
    work on every single value. For models whose columns take plain Python values or JSON, and need no hooks."""
    if not rows:
        return rows
    model, at = type(rows[0]), now()
    fields = [f for f in model._meta.concrete_fields if not isinstance(f, models.AutoField)]
    for field in fields:
        if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
            for row in rows:
                setattr(row, field.attname, at)
    names = ", ".join(quote(f.column) for f in fields)
    key = model._meta.pk
    with connection.cursor() as cursor:
        for some in in_chunks(rows):
            cursor.execute(
                f"INSERT INTO {quote(model._meta.db_table)} ({names}) SELECT * FROM {unnested(fields)} "
                f"RETURNING {quote(key.column)}",
                [column(field, some) for field in fields],
            )
            for row, (pk,) in zip(some, cursor.fetchall(), strict=True):
                row.pk = pk
                row._state.adding, row._state.db = False, connection.alias
    return rows


def overwrite(rows: Sequence[models.Model], names: Iterable[str]) -> None:
    """Write these columns of rows that are there: many times as fast as an UPDATE with a CASE for each."""
    if not rows:
        return
    model, at = type(rows[0]), now()
    fields: list[models.Field] = [model._meta.get_field(name) for name in names]  # type: ignore[misc]
    for field in (f for f in model._meta.concrete_fields if getattr(f, "auto_now", False)):
        for row in rows:
            setattr(row, field.attname, at)
        fields += [field] if field not in fields else []
    key, table = model._meta.pk, quote(model._meta.db_table)
    new = ", ".join(f"{quote(f.column)} = new.{quote(f.column)}" for f in fields)
    names = ", ".join(quote(f.column) for f in (key, *fields))
    with connection.cursor() as cursor:
        for some in in_chunks(rows):
            cursor.execute(
                f"UPDATE {table} SET {new} FROM {unnested([key, *fields])} AS new({names}) "
                f"WHERE {table}.{quote(key.column)} = new.{quote(key.column)}",
                [column(field, some) for field in (key, *fields)],
            )


def quote(name: str) -> str:
    return connection.ops.quote_name(name)


def unnested(fields: Sequence[models.Field]) -> str:
    return f"unnest({', '.join(f'%s::{f.rel_db_type(connection)}[]' for f in fields)})"


def column(field: models.Field, rows: Sequence[models.Model]) -> str:
    """The values of a column as one array: the database reads one literal faster than an expression per value."""
    values = map(attrgetter(field.attname), rows)
    if isinstance(field, models.JSONField):
        values = map(json.dumps, values)
    return f"{{{','.join(map(element, values))}}}"


def element(value: Any) -> str:
    """One of an array literal, whatever is in it."""
    if value is None:
        return "NULL"
    if isinstance(value, bytes | memoryview):
        return f'"\\\\x{bytes(value).hex()}"'
    text = str(value)
    if "\\" in text or '"' in text:
        text = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
