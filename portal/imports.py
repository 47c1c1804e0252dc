"""Excel in, for any kind of row: what a sheet's columns are, and what each of its rows is.

An app says what its columns are and what a row means (`ImportKind`); reading, judging, writing and taking back are the
same for all (`portal/intake.py`). Nothing here asks the database for one row: a kind finds, creates and changes many.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import sheets
from portal.forms import DayField, tidy
from portal.models import District, Line, Pack, User
from portal.returning import NOTHING, ROW, mark_column, rebase
from portal.routes import may_open
from portal.sheets import BadSheet
from portal.site import pack_of
from portal.workbooks import DANGEROUS

HEAD_ROWS = 20  # a heading stands somewhere in the first rows, under titles
Out = Line.Outcome


class ImportKind:
    """What rows of one kind are. The texts are for people; the methods see cleaned values by column name."""

    code: str
    label: Any
    note: Any  # one sentence under the heading of the upload page
    roles: frozenset[str]
    result: str  # the page that shows what came in, by its name
    own_result = ""  # the same for those whom that page doesn't let in
    order = 0  # among those that a person may choose
    keeps_secrets = False  # some of its columns are secret, so what was handed in is forgotten after a while
    goes_out = False  # its rows can be taken out, edited and handed in again: then it has `rows` and `said` knows all

    def columns(self, place: "Place") -> list["Column"]:
        raise NotImplementedError

    def shown_to(self, user: User) -> str:
        """Where this person finds what came in; empty where no page of theirs shows it."""
        pages = [reverse(name) for name in (self.result, self.own_result) if name]
        return next((address for address in pages if may_open(user, address)), "")

    def rows(self, place: "Place", chosen, most: int) -> Sequence[Any]:
        """What this person may take out for editing, narrowed as the list is; not more than so many."""
        raise NotImplementedError

    def returned(self, place: "Place", targets: list[str]) -> dict[str, Any]:
        """Those of ours that rows of a workbook speak of which came back, as far as this person may write them."""
        raise NotImplementedError

    def key(self, values: dict) -> Any:
        """What makes two rows speak of the same thing; None as long as that isn't known."""
        raise NotImplementedError

    def find(self, place: "Place", rows: list["Row"]) -> dict[Any, Any]:
        """What we have already, by key; in a fixed number of queries."""
        raise NotImplementedError

    def said(self, found) -> dict:
        """What one of ours says now, by column name, as cleaned values."""
        raise NotImplementedError

    def shown(self, found) -> dict:
        """The same for a workbook that goes out, with what only people read."""
        return self.said(found)

    def check(self, place: "Place", row: "Row") -> None:
        """What one column can't know by itself: `row.wrong(name, sentence)`; of a new row that may be one of ours in
        other words, `row.doubt(sentence)`."""

    def create(self, place: "Place", rows: list[dict]) -> list[Any]:
        """What these values become, in their order. Whatever objects, an action or the database, objects to all: then
        fewer are tried, until it is clear which row was meant."""
        raise NotImplementedError

    def change(self, place: "Place", rows: list[tuple[Any, dict]]) -> None:
        """Give each of ours the values that differ."""
        raise NotImplementedError

    def get(self, place: "Place", targets: list[str]) -> dict[str, Any]:
        """Those of ours that are still there, by their keys as texts."""
        raise NotImplementedError

    def take_away(self, place: "Place", found: list) -> None:
        """Undo creations. Raises Refused or ProtectedError where something depends on one of them."""
        raise NotImplementedError


KINDS: dict[str, ImportKind] = {}


def import_kind(cls):
    KINDS[cls.code] = cls()
    return cls


@dataclass(frozen=True)
class Column:
    """A column of a template: a field that cleans one cell, what else people call it, an example."""

    name: str
    field: forms.Field
    example: str = ""
    also: tuple[str, ...] = ()
    hint: Any = ""
    secret: bool = False  # nobody reads its cells in the database

    @property
    def label(self) -> str:
        return str(self.field.label)


@dataclass
class Place:
    """Who imports, for which city, on what day."""

    user: User
    pack: Pack | None
    on: date
    memory: dict = field(default_factory=dict)  # what a kind looked up once for all rows
    writing: bool = False  # what is found is locked, because it is about to be changed

    @classmethod
    def of(cls, user, on: date) -> "Place":
        return cls(user, pack_of(user), on)

    def held(self, rows: QuerySet) -> QuerySet:
        """These rows, so that nobody else changes them between our look and our write."""
        return rows.select_for_update(of=("self",)) if self.writing else rows


@dataclass(slots=True)
class Row:
    """One row on its way: `cells` as text by column name until they are cleaned, `values` as far as they could be."""

    number: int
    raw: list[str]
    cells: dict[str, str]
    values: dict = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    found: Any = None
    outcome: str = ""
    changes: dict = field(default_factory=dict)
    before: dict = field(default_factory=dict)
    doubts: list[str] = field(default_factory=list)
    conflicts: dict[str, list[str]] = field(default_factory=dict)

    def wrong(self, name: str, sentence: str) -> None:
        self.problems.setdefault(name, str(sentence))

    def doubt(self, sentence: str) -> None:
        self.doubts.append(str(sentence))


# --- fields ------------------------------------------------------------------------------------


class LabelField(forms.Field):
    """One of a list, written as its label, its code, or another name for it."""

    default_error_messages = {"invalid": gettext_lazy("“%(value)s”不在可选范围内，要%(known)s。")}

    def __init__(self, choices: Iterable[tuple], also: dict[str, Any] | None = None, **kwargs):
        super().__init__(**kwargs)
        self.choices = [(value, str(label)) for value, label in choices]
        self.known = {tidy(str(value)).lower(): value for value, _label in self.choices}
        self.known |= {tidy(label).lower(): value for value, label in self.choices}
        self.known |= {tidy(name).lower(): value for name, value in (also or {}).items()}

    def to_python(self, value):
        text = tidy(value or "")
        if not text:
            return None
        if text.lower() not in self.known:
            labels = [label for _value, label in self.choices]
            known = _("、").join(labels[:4]) + (_("等") if len(labels) > 4 else "")
            raise ValidationError(self.error_messages["invalid"], "invalid", {"value": value, "known": known})
        return self.known[text.lower()]


class LabelsField(LabelField):
    """Several of a list, between commas."""

    def to_python(self, value):
        parts = [p for p in re.split(r"[、,，;；/\n]", value or "") if p.strip()]
        return [super(LabelsField, self).to_python(part) for part in parts] or None


MIDNIGHT = re.compile(r"(?<=\d)[ T]\d{1,2}:\d\d(:\d\d(\.\d+)?)?$")  # a time of day that came with a date


class DayCell(DayField):
    """A date as people write it, or Excel's own number of the day where the cell isn't formatted as a date."""

    def to_python(self, value):
        text = MIDNIGHT.sub("", tidy(str(value or "")))
        if re.fullmatch(r"[2-6]\d{4}(\.0)?", text):
            return date(1899, 12, 30) + timedelta(int(float(text)))
        return super().to_python(text)


# --- the head ----------------------------------------------------------------------------------


def bare(text: str) -> str:
    """A heading without what people put around it: stars, units in brackets, spaces."""
    text = re.sub(r"[（(\[【].*?[)）\]】]", "", tidy(text))
    return re.sub(r"[\s*＊:：]", "", text).lower()


def columns_of(kind: ImportKind, place: Place) -> list[Column]:
    """The columns of a kind, with the marks of rows that come back."""
    return kind.columns(place) + ([mark_column(kind)] if kind.goes_out else [])


def understand(rows: list[list[str]], columns: list[Column]) -> dict:
    """Where the heading stands and which column is which. Titles above it and headings of two rows, the upper one
    merged over several columns, are understood. Raises BadSheet."""
    known = {bare(name): c.name for c in columns for name in (c.label, *c.also)}
    best: tuple[int, int, int, list[str]] = (0, 0, 1, [])
    for number, row in enumerate(rows[:HEAD_ROWS]):
        for height, labels in ((1, row), (2, joined(row, rows[number + 1 : number + 2], known))):
            hits = len({known[bare(x)] for x in labels if bare(x) in known})
            if hits > best[0]:
                best = (hits, number, height, labels)
    hits, first, height, labels = best
    needed = [c for c in columns if c.field.required]
    if hits < 2:
        raise BadSheet(
            _("没有找到表头。表头要有这些列：%(names)s。请用模板，或把列名改成一样。")
            % {"names": _("、").join(c.label for c in needed)}
        )
    names = [known.get(bare(x), "") for x in labels]
    by_name = {c.name: c.label for c in columns}
    if twice := [by_name[n] for n, count in Counter(n for n in names if n).items() if count > 1]:
        raise BadSheet(_("列“%(name)s”出现了两次。请留下一列。") % {"name": twice[0]})
    if missing := [c.label for c in needed if c.name not in names]:
        raise BadSheet(_("缺少必填的列：%(names)s。") % {"names": _("、").join(missing)})
    width = max((n for n, label in enumerate(labels, 1) if label), default=0)
    if width > sheets.COLUMNS:
        raise BadSheet(_("表有 %(width)s 列，最多 %(limit)s 列。") % {"width": width, "limit": sheets.COLUMNS})
    return {
        "row": first + height,
        "labels": [tidy(x) for x in labels[:width]],
        "names": names[:width],
        "unused": [tidy(x) for x, n in zip(labels, names, strict=True) if x and not n],
    }


def joined(upper: list[str], below: list[list[str]], known: dict[str, str]) -> list[str]:
    """The labels of a heading in two rows: each lower one alone, with the upper one before it, or the upper alone."""
    if not below:
        return []
    labels, group = [], ""
    for above, under in zip(upper, below[0], strict=True):
        group = above or group
        tries = [under, group + under] if under else [above]
        labels.append(next((t for t in tries if bare(t) in known), tries[0]))
    return labels


TOTALS = {"合计", "总计", "小计", "total"}


def rows_of(rows: list[list[str]], head: dict) -> Iterator[Row]:
    """The rows under the heading; empty ones and sums are left out."""
    for number, raw in enumerate(rows[head["row"] :], head["row"] + 1):
        raw = raw[: len(head["names"])]
        filled = [x for x in raw if x.strip()]
        if filled and bare(filled[0]) not in TOTALS:
            cells = {name: cell for name, cell in zip(head["names"], raw, strict=True) if name}
            yield Row(number, raw, cells)


# --- what each row is --------------------------------------------------------------------------

HIDDEN = re.compile("[\u200b-\u200d\u2060\ufeff\u00ad]")
CELL_ERRORS = {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!"}


ROUNDED = re.compile(r"[0-9](\.[0-9]+)?[Ee]\+(1[5-9]|[2-9][0-9])")  # what Excel makes of an identity number


@dataclass(frozen=True, slots=True)
class Wrong:
    """What a cell says instead of a value."""

    why: str


class Cells(dict):
    """The values of a column's cells by their text: equal ones are cleaned once."""

    def __init__(self, column: Column):
        super().__init__()
        self.column = column

    def __missing__(self, text: str):
        value, problem = clean(self.column, text)
        self[text] = said = Wrong(problem) if problem else value
        return said


def cleaned(rows: Iterable[Row], columns: list[Column]) -> Iterator[Row]:
    """The rows, one by one, with their values as far as they could be cleaned."""
    known = {column.name: Cells(column) for column in columns}
    names, there, blank = None, [], {}
    for row in rows:
        if row.cells.keys() != names:  # once: the rows of a sheet have the same columns
            names = row.cells.keys()
            there = [(name, cells) for name, cells in known.items() if name in names]
            blank = {name: cells[""] for name, cells in known.items() if name not in names}
        row.values = dict(blank)
        for name, cells in there:
            row.values[name] = cells[row.cells[name]]
        for name in [name for name, value in row.values.items() if type(value) is Wrong]:
            row.wrong(name, row.values.pop(name).why)
        row.cells = {}  # said by now
        yield row


Cleaned = tuple[Any, str]  # the value, or what is wrong


def clean(column: Column, text: str) -> Cleaned:
    if not plainly(text):
        if not text.isascii():
            text = HIDDEN.sub("", text).replace("\u00a0", " ")
        text = text.strip()
        if text[:1] == "'" and text[1:2] in DANGEROUS:  # as our own workbooks write what begins like a formula
            text = text[1:]
        if problem := unreadable(text):
            return None, problem
    if not text and column.field.required:
        return None, _("必填，不能空着。")
    try:
        return column.field.clean(text), ""
    except ValidationError as error:
        return None, " ".join(error.messages)


def plainly(text: str) -> bool:
    """Whether a cell, as nearly all, says what it says: no hidden signs, no formula, no number that lost its end."""
    return text.isprintable() and text[:1] not in ("'", "#", "≈", " ") and not text.endswith(" ") and "+" not in text


def unreadable(text: str) -> str:
    if text.startswith("#") and text.upper() in CELL_ERRORS:
        return _("单元格是公式错误 %(text)s，请改成数值。") % {"text": text}
    if text.startswith("≈") or ROUNDED.fullmatch(text):
        return _("太长的数字在 Excel 里丢了末位。请把这一列设成文本格式，再重新填写。")
    if text.isprintable():
        return ""
    if any(unicodedata.category(c) in ("Cc", "Cf", "Co", "Cs") and c not in "\n\t\r" for c in text):
        return _("有看不见的控制字符，请重新手工填写这一格。")
    return ""


def judge(kind: ImportKind, place: Place, rows: list[Row], columns: list[Column]) -> None:
    """Say of every row what it is. The fields know one cell, `check` knows the row, we know what is there already."""
    marked = {row.number: row.values[ROW].target for row in rows if row.values.get(ROW)}
    returned = kind.returned(place, sorted(set(marked.values()))) if marked else {}
    found = kind.find(place, rows)
    seen: dict[Any, int] = {}
    for row in rows:
        key = None if row.problems or row.number in marked else kind.key(row.values)
        row.found = found.get(key) if key is not None else returned.get(marked.get(row.number, ""))
        if row.number in marked:
            if row.found is None:
                row.wrong(ROW, _("登记里没有这一条了，或不归您管。请重新导出；确实要新增的，清空这一格。"))
            else:
                rebase(kind, row, columns)
        if row.found is not None:
            key = ("", row.found.pk)
        if key is not None and key in seen:
            row.outcome = Out.DOUBLE
            row.wrong("", _("与第 %(number)s 行说的是同一个，只留一行。") % {"number": seen[key]})
            continue
        kind.check(place, row)
        outcome_of(kind, row, columns)
        if key is not None:
            seen.setdefault(key, row.number)


def outcome_of(kind: ImportKind, row: Row, columns: list[Column]) -> None:
    if row.conflicts and not row.problems:
        row.outcome, row.changes = Out.CONFLICT, dict(row.conflicts)
        row.wrong("", _("导出以后这里也改过。要用表里的，下载这几行原样再传一次；要留现在的，不用再传。"))
    elif row.problems:
        row.outcome = Out.WRONG
    elif row.found is not None:
        differ(kind, row, columns)
    elif row.doubts:
        row.outcome = Out.DOUBT
        row.wrong("", " ".join(row.doubts))
    else:
        row.outcome = Out.NEW


def differ(kind: ImportKind, row: Row, columns: list[Column]) -> None:
    """What the row would change. An empty cell changes nothing."""
    now_said, values = kind.said(row.found), row.values
    changed = {n: was for n, was in now_said.items() if (value := values.get(n)) != was and value not in NOTHING}
    for column in columns if changed else ():
        if (name := column.name) in changed:
            was = changed[name]
            row.changes[name] = [in_words(column, was), in_words(column, values[name])]
            row.before[name] = noted(column, was)
    row.outcome = Out.CHANGED if row.changes else Out.SAME


def in_words(column: Column, value) -> str:
    if value in NOTHING:
        return ""
    if isinstance(column.field, LabelField):
        labels = dict(column.field.choices)
        given = value if isinstance(value, list) else [value]
        return _("、").join(labels.get(v, str(v)) for v in given)
    return str(column.field.prepare_value(value))


def noted(column: Column, value):
    """A value as it is kept: in no language, so that it can be read again."""
    return plain(value) if isinstance(column.field, LabelField) else in_words(column, value)


def plain(value):
    return value if value is None or isinstance(value, bool | int | str | list) else str(getattr(value, "pk", value))


def districts(place: Place) -> list[District]:
    """Where this person may write rows."""
    return list(District.objects.filter(pk__in=place.user.scope.districts).order_by("path_order"))
