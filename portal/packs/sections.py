"""What a pack consists of, and how its files name rows and write values."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models

from portal.models import Clause, District, Pack

HOME = settings.ROOT / "fixtures"
GROUND = ("code", "name", "name_en", "bureau", "bureau_en", "prefix")
DISTRICT = ("code", "name", "name_en", "short_name", "short_name_en", "gb_code", "documented")


@dataclass(frozen=True)
class Mistake:
    file: str
    line: int
    text: str

    def __str__(self):
        return f"{self.file}:{self.line}: {self.text}"


class WrongPack(Exception):
    """A pack that can't be loaded; `mistakes` lists all of them."""

    def __init__(self, mistakes: Iterable[Mistake]):
        self.mistakes = sorted(set(mistakes), key=lambda m: (m.file, m.line, m.text))
        super().__init__("\n".join(map(str, self.mistakes)))


@dataclass(frozen=True)
class Section:
    """A list of rows in a pack: `name` is its file (or, inside another row, its key).

    `key` names the fields by which a row is known within its owner, `fields` all of them in canonical order.
    `owner` is the foreign key to the pack or to the enclosing row. `ordered`: the place in the list is kept in
    `order`. Mistakes are told by `check` of a row before it is saved, by `whole` once its children are loaded, and
    by `together` of the pack once the whole list is.
    """

    name: str
    model: type[models.Model]
    key: tuple[str, ...]
    fields: tuple[str, ...]
    owner: str = "pack"
    ordered: bool = False
    children: tuple["Section", ...] = ()
    check: Callable[[Any], Iterable[str]] = lambda row: ()
    whole: Callable[[Any], Iterable[str]] = lambda row: ()
    together: Callable[[Pack], Iterable[str]] = lambda pack: ()

    def rows(self, owner) -> models.QuerySet:
        found, names = self.model._default_manager.filter(**{self.owner: owner}), self.named()
        found = found.select_related(*names) if names else found  # without a name it would join everything
        return found.order_by("order", "pk") if self.ordered else found.order_by(*self.key)

    def named(self) -> list[str]:
        """The paths to the rows that it names, with what their names are made of."""
        columns = [self.model._meta.get_field(name) for name in self.fields]
        keys = [column for column in columns if isinstance(column, models.ForeignKey)]
        return [f"{key.name}__document" if key.related_model is Clause else key.name for key in keys]

    def key_of(self, row) -> tuple:
        """By what a row is known within its owner."""
        return tuple(getattr(row, name) for name in self.key)

    def describe(self, row) -> str:
        words = [name_of(v) if isinstance(v, models.Model) else str(v) for v in (getattr(row, n) for n in self.key)]
        return f"{self.model._meta.verbose_name} {' '.join(words)}"


SECTIONS: list[Section] = []


def section(part: Section) -> Section:
    SECTIONS.append(part)
    return part


# --- names -------------------------------------------------------------------------------------


def named(model: type[models.Model], pack: Pack) -> models.QuerySet:
    """The rows of a model that a pack may refer to."""
    if model is Clause:
        return Clause.objects.filter(document__pack=pack).select_related("document")
    if model is District:
        return District.objects.below(pack.root)
    return model._default_manager.filter(pack=pack)


def by_name(model: type[models.Model], pack: Pack, name: str):
    """The row of this pack that a file calls by its natural name; None when there is none."""
    rows = named(model, pack)
    if model is Clause:
        code, _space, number = name.partition(" ")
        return rows.filter(document__code=code, number=number).first()
    return rows.filter(code=name).first()


def name_of(row) -> str:
    return f"{row.document.code} {row.number}" if isinstance(row, Clause) else row.code


# --- values ------------------------------------------------------------------------------------

KEYS = ("fact", "lookup", "value", "setting")  # the database keeps no order of keys: criteria are written in this one


def in_file(column: models.Field, value: Any) -> Any:
    """A value as the file writes it."""
    if value is None:
        return None
    if isinstance(column, models.ForeignKey):
        return name_of(value)
    return in_order(value) if isinstance(column, models.JSONField) else value


def in_order(value: Any) -> Any:
    if isinstance(value, list):
        return [in_order(v) for v in value]
    if isinstance(value, dict) and set(value) <= set(KEYS):
        return {key: value[key] for key in KEYS if key in value}
    return value


def written(column: models.Field, value: Any) -> Any:
    """A value as JSON keeps it, so that a file of today can be compared with what was loaded."""
    value = in_file(column, value)
    return f"{value.normalize():f}" if isinstance(value, Decimal) else plain(value)


def plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    return value.isoformat() if isinstance(value, date) else value
