"""Many rows at once, in a few statements. Measured in `tests/bench_tables.py`; for few rows Django's own is as good."""

import gc
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import repeat
from operator import attrgetter, is_
from typing import Any, TypeVar

from django.db import connection, models
from django.db.models.base import ModelState
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


def maker(model: type[M]) -> Callable[..., M]:
    """Makes new rows as `model(**values)` does, in a fifth of its time: for thousands. Values are named by attribute
    (`matter_id`), and nobody looks whether there is such a column."""
    fields = model._meta.concrete_fields
    given = {f.attname: f.default for f in fields if f.has_default() and callable(f.default)}
    fixed = {f.attname: f.get_default() for f in fields if f.attname not in given}

    def make(**values: Any) -> M:
        row = model.__new__(model)
        own = row.__dict__
        own |= fixed
        own |= values
        own["_state"] = ModelState()
        for name, default in given.items():
            if name not in values:
                own[name] = default()
        return row

    return make


def attach(row: models.Model, **others: Any) -> None:
    """Let a new row know those it belongs to, who don't hear of it: in a circle, thousands would stay in memory."""
    row._state.fields_cache.update(others)
    for name, other in others.items():
        row.__dict__[f"{name}_id"] = other.pk if other is not None else None


def pour(rows: list[M]) -> list[M]:
    """Insert new rows as they are, by COPY, and give them their keys: what `bulk_create()` does, without its work on
    every single value. For models whose columns take plain Python values or JSON, and need no hooks."""
    if not rows:
        return rows
    model, at, alias = type(rows[0]), now(), connection.alias
    for field in model._meta.concrete_fields:
        if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
            for row in rows:
                setattr(row, field.attname, at)
    for some in in_chunks(rows):
        give_keys(model, some)
        copy_in(model, some)
        for row in some:
            row._state.adding, row._state.db = False, alias
    return rows


def give_keys(model: type[M], rows: Sequence[M]) -> None:
    """Keys of the table's own counter, where it has one."""
    key = model._meta.pk
    if not isinstance(key, models.AutoField):
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval((SELECT pg_get_serial_sequence(%s, %s))::regclass) FROM generate_series(1, %s)",
            [quote(model._meta.db_table), key.column, len(rows)],
        )
        for row, (pk,) in zip(rows, cursor.fetchall(), strict=True):
            setattr(row, key.attname, pk)


def copy_in(model: type[M], rows: Sequence[M]) -> None:
    fields = model._meta.concrete_fields
    names = ", ".join(quote(f.column) for f in fields)
    lines = map("\t".join, zip(*(copied(field, rows) for field in fields), strict=True))
    content = io.BytesIO("\n".join(lines).encode())
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(f"COPY {quote(model._meta.db_table)} ({names}) FROM STDIN", content)


MARKED = re.compile(r"[\\\t\n\r]")
as_json = json.JSONEncoder(ensure_ascii=False).encode


def unmarked(text: str) -> str:
    """A text without what COPY would take for the end of a cell."""
    return text.replace("\\", r"\\").replace("\t", r"\t").replace("\n", r"\n").replace("\r", r"\r")


def copied(field: models.Field, rows: Sequence[models.Model]) -> list[str]:
    """The values of a column as COPY reads them."""
    values: list[Any] = list(map(attrgetter(field.attname), rows))
    if all(map(is_, values, repeat(values[0]))):  # as in most columns of new rows
        return as_copied(field, values[:1]) * len(values)
    return as_copied(field, values)


def as_copied(field: models.Field, values: list[Any]) -> list[str]:
    if isinstance(field, models.JSONField):
        values = ["{}" if value == {} else as_json(value) for value in values]
    elif isinstance(field, models.BinaryField):
        values = [None if value is None else f"\\x{bytes(value).hex()}" for value in values]
    texts = [None if value is None else str(value) for value in values]
    if MARKED.search("".join(filter(None, texts))):
        texts = [text and unmarked(text) for text in texts]
    return [r"\N" if text is None else text for text in texts]


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
        values = map(as_json, values)
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
