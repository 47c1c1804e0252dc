"""A workbook on its way in: looked at, written, taken back.

What a file says is checked twice: for the preview, and once more in the transaction that writes, because the world may
have moved. Rows are written many at a time; where an action or the database objects to many, they are tried by halves
until it is clear whose row it was.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import Any, TypeVar

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import jobs, sheets, veiled
from portal.bulk import CHUNK, in_chunks, maker, nothing_thrown_away, overwrite, pour
from portal.imports import (
    KINDS,
    Column,
    ImportKind,
    Out,
    Place,
    Row,
    cleaned,
    columns_of,
    in_words,
    judge,
    rows_of,
    understand,
)
from portal.jobs import handler
from portal.lifecycle import Refused
from portal.models import Batch, Job, Line
from portal.sheets import BadSheet

SHOWN = 500  # rows between two steps of the progress bar
UNREAD = timedelta(days=1)  # after which a file with secrets that nobody could read is thrown away
FORGOTTEN = timedelta(days=30)  # after which sealed cells are, and batches of them that nobody wrote
S = Batch.State


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
@nothing_thrown_away()
def read_batch(job: Job) -> dict:
    batch = Batch.objects.select_related("by").get(pk=job.payload["batch"])
    kind, place = KINDS[batch.kind], Place.of(batch.by, localdate())
    if batch.state != S.WAITING:
        return {}
    columns = columns_of(kind, place)
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
        throw_away_file(batch, columns)
        return {}
    for number, _row in enumerate(cleaned(rows, columns), 1):
        if number % SHOWN == 0:
            jobs.progress(job, number, len(rows))
    judge(kind, place, rows, columns)
    head |= {"sheet": sheet.name, "others": sheet.others, "rows": len(rows)}
    with transaction.atomic():
        batch.lines.all().delete()
        for some in in_chunks(rows):
            pour(lines_of(batch, some, columns, head["names"]))
        Batch.objects.filter(pk=batch.pk).update(state=S.READY, head=head, counts=counted(rows), problem="")
    throw_away_file(batch, columns)
    jobs.progress(job, len(rows), len(rows))
    return {}


def throw_away_file(batch: Batch, columns: list[Column]) -> None:
    """A file with secrets isn't kept once its cells are in rows, where the secret ones are sealed."""
    if batch.content and secrets(columns):
        batch.content.delete(save=False)
        Batch.objects.filter(pk=batch.pk).update(content="")


def secrets(columns: Iterable[Column]) -> frozenset[str]:
    return frozenset(column.name for column in columns if column.secret)


def lines_of(batch: Batch, rows: Sequence[Row], columns: list[Column], names: Sequence[str]) -> list[Line]:
    new_line = maker(Line)
    lines = [new_line(**line_of(batch, row)) for row in rows]
    hide(lines, columns, names)
    return lines


def hide(lines: list[Line], columns: list[Column], names: Sequence[str]) -> None:
    if hidden := secrets(columns):
        where = veiled.places(names, hidden)
        for line in lines:
            veiled.veil(line, where)


def line_of(batch: Batch, row: Row) -> dict[str, Any]:
    return {
        "batch_id": batch.pk,
        "number": row.number,
        "cells": row.raw,
        "outcome": row.outcome,
        "problems": row.problems,
        "changes": row.changes,
        "before": row.before,
        "target": str(row.found.pk) if row.found is not None else "",
    }


def counted(rows: Iterable) -> dict[str, int]:
    return dict.fromkeys(Out.values, 0) | Counter(str(row.outcome) for row in rows)


def held(batch: Batch) -> int:
    """How many rows stay out as they are."""
    return sum(batch.counts.get(outcome, 0) for outcome in Line.HELD)


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
        if choice == Batch.Choice.ALL and held(batch):
            raise Refused(_("还有过不去的行，一行都没有入库。请改好重传，或选“只导入正确行”。"))
    else:
        batch.state = S.UNDOING
    batch.problem = ""
    batch.job = jobs.ask(action, by=by, batch=batch.pk)
    batch.save()


@handler("import_apply", gettext_lazy("导入入库"))
@nothing_thrown_away()
def apply_batch(job: Job) -> dict:
    """Check once more, then write what is right; all of it or nothing, as was chosen."""
    batch = Batch.objects.select_for_update(of=("self",)).select_related("by").get(pk=job.payload["batch"])
    if batch.state != S.APPLYING:
        return {}
    kind, place = KINDS[batch.kind], Place.of(batch.by, localdate())
    place.writing = True
    columns = columns_of(kind, place)
    rows = list(cleaned(read_again(batch), columns))
    judge(kind, place, rows, columns)
    written: dict[int, str] = {}
    try:
        with transaction.atomic():
            written = write(kind, place, rows)
            failed = [r for r in rows if r.outcome in Line.HELD]
            if failed and batch.choice == Batch.Choice.ALL:
                raise TakeBack(_("入库前又核对了一遍，有 %(n)s 行过不去，一行都没有入库。") % {"n": len(failed)})
        batch.state, batch.applied_at = S.DONE, now()
        jobs.ask("recompute")
    except TakeBack as reason:
        batch.state, batch.problem, written = S.READY, str(reason), {}
    keep_lines(batch, rows, written, columns)
    batch.counts = counted(rows)
    batch.save()
    return {}


def read_again(batch: Batch) -> Iterable[Row]:
    names = batch.head["names"]
    lines = batch.lines.order_by("number").values_list("number", "cells", "sealed")
    same: dict[str, str] = {}
    for number, cells, hidden in lines.iterator(CHUNK):
        cells = veiled.unveiled(batch.pk, number, [same.setdefault(cell, cell) for cell in cells], hidden)
        yield Row(number, cells, {k: v for k, v in zip(names, cells, strict=True) if k})


Objection = (Refused, ValidationError, IntegrityError, DataError, ProtectedError)
T = TypeVar("T")


def by_halves(rows: Sequence[T], work: Callable[[Sequence[T]], None], told: Callable[[T, Exception], None]) -> None:
    """Do the work for all rows at once. Where somebody objects, each half is tried by itself, until it is clear whose
    row it was: that one is told, and the others are done."""
    if not rows:
        return
    try:
        with transaction.atomic():
            work(rows)
    except Objection as error:
        if len(rows) == 1:
            told(rows[0], error)
            return
        middle = len(rows) // 2
        by_halves(rows[:middle], work, told)
        by_halves(rows[middle:], work, told)


def objection(error: Exception) -> str:
    """What was said against a row, for a clerk. A constraint speaks with the sentence of its model."""
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    if isinstance(error, Refused):
        return str(error)
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    for model in apps.get_models() if name else ():
        for constraint in model._meta.constraints:
            if constraint.name == name and constraint.violation_error_message:
                return str(constraint.violation_error_message % {"name": name})
    return _("与已有的登记冲突，没有写入。请刷新后再看这一行。")


def write(kind: ImportKind, place: Place, rows: list[Row]) -> dict[int, str]:
    """The rows that bring something: the keys of ours by their numbers. What somebody objects to becomes a wrong one."""
    written: dict[int, str] = {}

    def create(some: Sequence[Row]) -> None:
        made = kind.create(place, [row.values for row in some])
        written.update({row.number: str(one.pk) for row, one in zip(some, made, strict=True)})

    def change(some: Sequence[Row]) -> None:
        kind.change(place, [(row.found, {name: row.values[name] for name in row.changes}) for row in some])
        written.update({row.number: str(row.found.pk) for row in some})

    def told(row: Row, error: Exception) -> None:
        row.outcome, row.problems = Out.WRONG, {"": objection(error)}
        written.pop(row.number, None)

    for outcome, work in ((Out.NEW, create), (Out.CHANGED, change)):
        for some in in_chunks([row for row in rows if row.outcome == outcome]):
            by_halves(some, work, told)
    return written


SAYS = ("outcome", "problems", "changes", "before")


def keep_lines(batch: Batch, rows: list[Row], written: dict[int, str], columns: list[Column]) -> None:
    """What came of each row: the key of what it speaks of, and whatever else is true now than the preview said."""
    for some in in_chunks(rows):
        keep_some(batch, some, written, columns)


def keep_some(batch: Batch, rows: Sequence[Row], written: dict[int, str], columns: list[Column]) -> None:
    stored = batch.lines.filter(number__range=(rows[0].number, rows[-1].number))
    said = {
        number: (pk, meant, then) for pk, number, meant, *then in stored.values_list("pk", "number", "target", *SAYS)
    }
    new_line, named, other = maker(Line), [], []
    for row in rows:
        pk, meant, then = said[row.number]
        told = line_of(batch, row)
        told["target"] = written.get(row.number, told["target"])
        if then != [told[name] for name in SAYS]:
            other.append(new_line(id=pk, **told))
        elif meant != told["target"]:
            named.append(new_line(id=pk, target=told["target"]))
    hide(other, columns, batch.head["names"])
    overwrite(named, ["target"])
    overwrite(other, ["target", *SAYS])


@handler("import_undo", gettext_lazy("撤回导入"))
@nothing_thrown_away()
def undo_batch(job: Job) -> dict:
    """Take back all that a batch wrote; where something depends on one row, nothing is taken back."""
    batch = Batch.objects.select_for_update(of=("self",)).select_related("by").get(pk=job.payload["batch"])
    if batch.state != S.UNDOING:
        return {}
    kind, place = KINDS[batch.kind], Place.of(batch.by, localdate())
    place.writing = True
    columns = {c.name: c for c in columns_of(kind, place)}
    try:
        with transaction.atomic():
            for lines in in_chunks(list(batch.written.order_by("-number"))):
                take_back(kind, place, lines, columns)
        batch.state, batch.problem = S.UNDONE, ""
        jobs.ask("recompute")
    except TakeBack as reason:
        batch.state, batch.problem = S.DONE, str(reason)
    batch.save()
    return {}


def take_back(kind: ImportKind, place: Place, lines: Sequence[Line], columns: dict[str, Column]) -> None:
    """Raises TakeBack with the number of the first row that stands in the way."""
    found = kind.get(place, [line.target for line in lines])
    there = [(line, found[line.target]) for line in lines if line.target in found]

    def undo(some: Sequence[tuple[Line, Any]]) -> None:
        kind.take_away(place, [one for line, one in some if line.outcome == Out.NEW])
        kind.change(place, [(one, said_before(line, columns)) for line, one in some if line.outcome != Out.NEW])

    def told(pair: tuple[Line, Any], error: Exception) -> None:
        where = {"number": pair[0].number}
        if isinstance(error, ProtectedError):
            raise TakeBack(_("第 %(number)s 行的登记已经有了后来的办理，不能撤回。") % where) from error
        raise TakeBack(_("第 %(number)s 行：%(reason)s") % (where | {"reason": objection(error)})) from error

    for line, one in there:
        said = kind.said(one) if line.outcome != Out.NEW else {}
        for name, (_was, became) in line.changes.items() if said else ():
            if in_words(columns[name], said[name]) != became:
                where = {"number": line.number, "name": columns[name].label}
                raise TakeBack(_("第 %(number)s 行的“%(name)s”后来又改过，不能撤回。") % where)
    by_halves(there, undo, told)


def said_before(line: Line, columns: dict[str, Column]) -> dict[str, Any]:
    return {name: columns[name].field.clean(told(value)) for name, value in line.before.items()}


def told(value) -> str:
    return "" if value is None else _("、").join(map(str, value)) if isinstance(value, list) else str(value)


@handler("old_imports", gettext_lazy("清理导入留下的证件号码"), merge=True, daily=True)
def forget(job: Job) -> dict:
    """Numbers that were handed in aren't kept for nothing: files that nobody could read, batches that nobody wrote, and
    the sealed cells of those that were written."""
    at = now()
    kinds = [code for code, kind in KINDS.items() if kind.keeps_secrets]
    mine = Batch.objects.filter(kind__in=kinds)
    for batch in mine.filter(uploaded_at__lt=at - UNREAD).exclude(content=""):
        batch.content.delete(save=True)
    old = mine.filter(uploaded_at__lt=at - FORGOTTEN)
    old.filter(state=S.READY).delete()
    Line.objects.filter(batch__in=old, sealed__isnull=False).update(sealed=None)
    return {}
