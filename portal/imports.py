"""Excel in, for any kind of row: a template, a look at each row before anything is written, and a way back.

An app says what its columns are and what a row means (`ImportKind`); everything else is here. What a file says is
checked twice: for the preview, and once more in the transaction that writes, because the world may have moved.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import jobs, sheets
from portal.forms import DayField, tidy
from portal.jobs import handler
from portal.lifecycle import Refused
from portal.models import Batch, District, Job, Line, Pack, User
from portal.sheets import BadSheet
from portal.site import pack_of

HEAD_ROWS = 20  # a heading stands somewhere in the first rows, under titles
CHUNK = 500
S, Out = Batch.State, Line.Outcome


class ImportKind:
    """What rows of one kind are. The texts are for people; the methods see cleaned values by column name."""

    code: str
    label: Any
    note: Any  # one sentence under the heading of the upload page
    roles: frozenset[str]
    result: str  # the page that shows what came in, by its name

    def columns(self, place: "Place") -> list["Column"]:
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

    def check(self, place: "Place", row: "Row") -> None:
        """What one column can't know by itself: `row.wrong(name, sentence)`."""

    def create(self, place: "Place", values: dict) -> Any:
        raise NotImplementedError

    def change(self, place: "Place", found, values: dict) -> None:
        raise NotImplementedError

    def get(self, target: str) -> Any:
        raise NotImplementedError

    def take_away(self, place: "Place", found) -> None:
        """Undo a creation. Raises Refused or ProtectedError where something depends on it."""
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

    @classmethod
    def of(cls, user, on: date) -> "Place":
        return cls(user, pack_of(user), on)


@dataclass
class Row:
    """One row on its way: `cells` as text by column name, `values` as far as they could be cleaned."""

    number: int
    raw: list[str]
    cells: dict[str, str]
    values: dict = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    found: Any = None
    outcome: str = ""
    changes: dict = field(default_factory=dict)
    before: dict = field(default_factory=dict)

    def wrong(self, name: str, sentence: str) -> None:
        self.problems.setdefault(name, str(sentence))


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


class DayCell(DayField):
    """A date as people write it, or Excel's own number of the day where the cell isn't formatted as a date."""

    def to_python(self, value):
        text = tidy(str(value or ""))
        if re.fullmatch(r"[2-6]\d{4}(\.0)?", text):
            return date(1899, 12, 30) + timedelta(int(float(text)))
        return super().to_python(text)


# --- the head ----------------------------------------------------------------------------------


def bare(text: str) -> str:
    """A heading without what people put around it: stars, units in brackets, spaces."""
    text = re.sub(r"[（(\[【].*?[)）\]】]", "", tidy(text))
    return re.sub(r"[\s*＊:：]", "", text).lower()


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


def cleaned(row: Row, columns: list[Column]) -> None:
    for column in columns:
        text = HIDDEN.sub("", row.cells.get(column.name, "")).replace("\u00a0", " ").strip()
        if problem := unreadable(text):
            row.wrong(column.name, problem)
            continue
        if not text and column.field.required:
            row.wrong(column.name, _("必填，不能空着。"))
            continue
        try:
            row.values[column.name] = column.field.clean(text)
        except ValidationError as error:
            row.wrong(column.name, " ".join(error.messages))


def unreadable(text: str) -> str:
    if text.upper() in CELL_ERRORS:
        return _("单元格是公式错误 %(text)s，请改成数值。") % {"text": text}
    if text.startswith("≈"):
        return _("太长的数字在 Excel 里丢了末位。请把这一列设成文本格式，再重新填写。")
    if any(unicodedata.category(c) in ("Cc", "Cf", "Co", "Cs") and c not in "\n\t\r" for c in text):
        return _("有看不见的控制字符，请重新手工填写这一格。")
    return ""


def judge(kind: ImportKind, place: Place, rows: list[Row], columns: list[Column]) -> None:
    """Say of every row what it is. The fields know one cell, `check` knows the row, we know what is there already."""
    found = kind.find(place, rows)
    seen: dict[Any, int] = {}
    for row in rows:
        key = None if row.problems else kind.key(row.values)
        row.found = found.get(key) if key is not None else None
        if key is not None and key in seen:
            row.outcome = Out.DOUBLE
            row.wrong("", _("与第 %(number)s 行说的是同一个，只留一行。") % {"number": seen[key]})
            continue
        kind.check(place, row)
        if row.problems:
            row.outcome = Out.WRONG
        elif row.found is None:
            row.outcome = Out.NEW
        else:
            differ(kind, row, columns)
        if key is not None:
            seen.setdefault(key, row.number)


def differ(kind: ImportKind, row: Row, columns: list[Column]) -> None:
    """What the row would change. An empty cell changes nothing."""
    now_said = kind.said(row.found)
    for column in columns:
        value = row.values.get(column.name)
        if column.name in now_said and value not in (None, "", []) and value != now_said[column.name]:
            was = now_said[column.name]
            row.changes[column.name] = [in_words(column, was), in_words(column, value)]
            row.before[column.name] = plain(was) if isinstance(column.field, LabelField) else in_words(column, was)
    row.outcome = Out.CHANGED if row.changes else Out.SAME


def in_words(column: Column, value) -> str:
    if value in (None, "", []):
        return ""
    if isinstance(column.field, LabelField):
        labels = dict(column.field.choices)
        given = value if isinstance(value, list) else [value]
        return _("、").join(labels.get(v, str(v)) for v in given)
    return str(column.field.prepare_value(value))


def plain(value):
    return value if value is None or isinstance(value, bool | int | str | list) else str(getattr(value, "pk", value))


# --- the work ----------------------------------------------------------------------------------


def begin(kind: ImportKind, upload, name: str, *, by) -> Batch:
    """Keep a file that looks like a workbook and have it read. Raises BadSheet."""
    sheets.look_over(upload, name)
    with transaction.atomic():
        batch = Batch(kind=kind.code, name=name, by=by)
        batch.content.save(name, upload, save=False)
        batch.save()
        batch.job = jobs.ask("import_read", by=by, batch=batch.pk)
        batch.save(update_fields=["job"])
    return batch


@handler("import_read", gettext_lazy("核对导入的文件"), atomic=False)
def read_batch(job: Job) -> dict:
    batch = Batch.objects.select_related("by").get(pk=job.payload["batch"])
    kind, place = KINDS[batch.kind], Place.of(batch.by, localdate())
    if batch.state != S.WAITING:
        return {}
    columns = kind.columns(place)
    try:
        sheet = sheets.read(batch.content.path)
        head = understand(sheet.rows, columns)
        rows = list(rows_of(sheet.rows, head))
        if not rows:
            raise BadSheet(_("表头下面没有内容。"))
        if len(rows) > sheets.ROWS:
            raise BadSheet(_("一次最多导入 %(limit)s 行。请分成几个文件。") % {"limit": sheets.ROWS})
    except BadSheet as problem:
        Batch.objects.filter(pk=batch.pk).update(state=S.BROKEN, problem=str(problem))
        return {}
    for number, row in enumerate(rows, 1):
        cleaned(row, columns)
        if number % CHUNK == 0:
            jobs.progress(job, number, len(rows))
    judge(kind, place, rows, columns)
    head |= {"sheet": sheet.name, "others": sheet.others, "rows": len(rows)}
    with transaction.atomic():
        batch.lines.all().delete()
        Line.objects.bulk_create((line_of(batch, row) for row in rows), batch_size=CHUNK)
        Batch.objects.filter(pk=batch.pk).update(state=S.READY, head=head, counts=counted(rows), problem="")
    jobs.progress(job, len(rows), len(rows))
    return {}


def line_of(batch: Batch, row: Row) -> Line:
    return Line(
        batch=batch,
        number=row.number,
        cells=row.raw,
        outcome=row.outcome,
        problems=row.problems,
        changes=row.changes,
        before=row.before,
        target=str(row.found.pk) if row.found is not None else "",
    )


def counted(rows: Iterable) -> dict[str, int]:
    return dict.fromkeys(Out.values, 0) | Counter(str(row.outcome) for row in rows)


class TakeBack(Exception):
    """Nothing of this try stays; the sentence says why."""


@transaction.atomic
def start(batch: Batch, action: str, *, by, choice: str = "") -> None:
    """Have a batch written or taken back. Raises Refused where it isn't in a state for that."""
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    if batch.state != {"import_apply": S.READY, "import_undo": S.DONE}[action]:
        raise Refused(_("这一批现在是“%(state)s”，请刷新页面。") % {"state": batch.get_state_display()})
    if action == "import_apply":
        batch.choice, batch.state = choice, S.APPLYING
        going = batch.counts["new"] + batch.counts["changed"]
        if not going:
            raise Refused(_("没有可以入库的行。"))
        if choice == Batch.Choice.ALL and batch.counts["wrong"] + batch.counts["double"]:
            raise Refused(_("还有过不去的行，一行都没有入库。请改好重传，或选“只导入正确行”。"))
    else:
        batch.state = S.UNDOING
    batch.problem = ""
    batch.job = jobs.ask(action, by=by, batch=batch.pk)
    batch.save()


@handler("import_apply", gettext_lazy("导入入库"))
def apply_batch(job: Job) -> dict:
    """Check once more, then write what is right; all of it or nothing, as was chosen."""
    batch = Batch.objects.select_for_update(of=("self",)).select_related("by").get(pk=job.payload["batch"])
    if batch.state != S.APPLYING:
        return {}
    kind, place = KINDS[batch.kind], Place.of(batch.by, localdate())
    columns = kind.columns(place)
    names = batch.head["names"]
    lines = {line.number: line for line in batch.lines.order_by("number")}
    rows = [Row(n, x.cells, {k: v for k, v in zip(names, x.cells, strict=True) if k}) for n, x in lines.items()]
    for row in rows:
        cleaned(row, columns)
    judge(kind, place, rows, columns)
    try:
        with transaction.atomic():
            for row in rows:
                write(kind, place, row, lines[row.number])
            failed = [r for r in rows if r.outcome in (Out.WRONG, Out.DOUBLE)]
            if failed and batch.choice == Batch.Choice.ALL:
                raise TakeBack(_("入库前又核对了一遍，有 %(n)s 行过不去，一行都没有入库。") % {"n": len(failed)})
        batch.state, batch.applied_at = S.DONE, now()
        jobs.ask("recompute")
    except TakeBack as reason:
        batch.state, batch.problem = S.READY, str(reason)
        for line in lines.values():
            line.applied = False
    for row in rows:
        line = lines[row.number]
        line.outcome, line.problems, line.changes = row.outcome, row.problems, row.changes
    fields = ["outcome", "problems", "changes", "target", "before", "applied"]
    Line.objects.bulk_update(lines.values(), fields, batch_size=CHUNK)
    batch.counts = counted(rows)
    batch.save()
    return {}


def write(kind: ImportKind, place: Place, row: Row, line: Line) -> None:
    """One row; what the database or an action says against it makes it a wrong one."""
    line.before = row.before
    if row.outcome not in (Out.NEW, Out.CHANGED):
        return
    try:
        with transaction.atomic():
            if row.outcome == Out.NEW:
                line.target = str(kind.create(place, row.values).pk)
            else:
                kind.change(place, row.found, {name: row.values[name] for name in row.changes})
                line.target = str(row.found.pk)
            line.applied = True
    except Refused as reason:
        row.outcome, row.problems = Out.WRONG, {"": str(reason)}
    except ValidationError as error:
        row.outcome, row.problems = Out.WRONG, {"": " ".join(error.messages)}
    except IntegrityError:
        row.outcome, row.problems = Out.WRONG, {"": _("与已有的登记冲突，没有写入。请刷新后再看这一行。")}


@handler("import_undo", gettext_lazy("撤回导入"))
def undo_batch(job: Job) -> dict:
    """Take back all that a batch wrote; where something depends on one row, nothing is taken back."""
    batch = Batch.objects.select_for_update(of=("self",)).select_related("by").get(pk=job.payload["batch"])
    if batch.state != S.UNDOING:
        return {}
    kind, place = KINDS[batch.kind], Place.of(batch.by, localdate())
    columns = {c.name: c for c in kind.columns(place)}
    try:
        with transaction.atomic():
            for line in batch.lines.filter(applied=True).order_by("-number"):
                take_back(kind, place, line, columns)
        batch.state, batch.problem = S.UNDONE, ""
        batch.lines.update(applied=False)
        jobs.ask("recompute")
    except TakeBack as reason:
        batch.state, batch.problem = S.DONE, str(reason)
    batch.save()
    return {}


def take_back(kind: ImportKind, place: Place, line: Line, columns: dict[str, Column]) -> None:
    where = {"number": line.number}
    found = kind.get(line.target)
    if found is None:
        return
    try:
        if line.outcome == Out.NEW:
            kind.take_away(place, found)
            return
        said = kind.said(found)
        for name, (_was, became) in line.changes.items():
            if in_words(columns[name], said[name]) != became:
                raise TakeBack(
                    _("第 %(number)s 行的“%(name)s”后来又改过，不能撤回。") % (where | {"name": columns[name].label})
                )
        kind.change(place, found, {name: columns[name].field.clean(told(v)) for name, v in line.before.items()})
    except ProtectedError as error:
        raise TakeBack(_("第 %(number)s 行的登记已经有了后来的办理，不能撤回。") % where) from error
    except Refused as reason:
        raise TakeBack(_("第 %(number)s 行：%(reason)s") % (where | {"reason": reason})) from reason


def told(value) -> str:
    return "" if value is None else _("、").join(value) if isinstance(value, list) else str(value)


def districts(place: Place) -> list[District]:
    """Where this person may write rows."""
    return list(District.objects.filter(pk__in=place.user.scope.districts).order_by("path_order"))
