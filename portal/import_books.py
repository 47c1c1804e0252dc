"""The workbooks of an import: the blank template with its drop-downs, and what has to be mended, in the same columns."""

import io
from collections.abc import Iterable, Sequence

import xlsxwriter
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from portal import sheets, veiled
from portal.imports import KINDS, Column, DayCell, ImportKind, LabelField, LabelsField, Place, columns_of, in_words
from portal.models import Batch, Line
from portal.returning import ROW, mark
from portal.workbooks import DANGEROUS, SHEET

ROWS = 2000  # that the drop-downs reach down to


def sent(book: bytes, name: str) -> HttpResponse:
    response = HttpResponse(book, content_type=SHEET)
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "no-store"
    return response


def fresh() -> tuple[io.BytesIO, xlsxwriter.Workbook]:
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    return stream, xlsxwriter.Workbook(stream, options)


def template(kind: ImportKind, place: Place) -> HttpResponse:
    """A blank sheet with the headings, every cell text; lists to choose from; a second sheet that explains."""
    return filled(kind, kind.columns(place), [], _("%(kind)s_导入模板.xlsx") % {"kind": kind.label})


def taken_out(kind: ImportKind, place: Place, chosen) -> HttpResponse:
    """Rows of ours in the template, to be edited and handed in again: each with its mark in a column out of sight."""
    columns = columns_of(kind, place)
    rows = []
    for one in kind.rows(place, chosen, sheets.ROWS):
        said = kind.shown(one)
        cells = [in_words(c, said.get(c.name)) for c in columns if c.name != ROW]
        rows.append([*cells, mark(kind, one, columns)])
    return filled(kind, columns, rows, _("%(kind)s_修改用.xlsx") % {"kind": kind.label})


def filled(kind: ImportKind, columns: list[Column], rows: Sequence[Sequence[str]], name: str) -> HttpResponse:
    stream, book = fresh()
    text = book.add_format({"num_format": "@"})
    needed = book.add_format({"bold": True, "bottom": 1, "bg_color": "#FFF4E5", "num_format": "@"})
    free = book.add_format({"bold": True, "bottom": 1, "num_format": "@"})
    sheet, notes, lists = (book.add_worksheet(n) for n in (str(kind.label)[:31], _("填写说明"), _("可选内容")))
    reach = max(ROWS, len(rows))
    for n, column in enumerate(columns):
        star = "*" if column.field.required else ""
        sheet.write_string(0, n, f"{column.label}{star}", needed if star else free)
        width = max(14, 2 * len(column.label) + 2)
        sheet.set_column(n, n, width, text, {"hidden": True} if column.name == ROW else None)
        if isinstance(column.field, LabelField):
            labels = [label for _value, label in column.field.choices]
            lists.write_string(0, n, column.label, free)
            lists.write_column(1, n, labels)
            if labels and not isinstance(column.field, LabelsField):
                last = xlsxwriter.utility.xl_rowcol_to_cell(len(labels), n, True, True)
                first = xlsxwriter.utility.xl_rowcol_to_cell(1, n, True, True)
                source = f"='{lists.get_name()}'!{first}:{last}"
                told = {"error_title": column.label, "error_message": _("请从列表里选。")}
                sheet.data_validation(1, n, reach, n, {"validate": "list", "source": source, **told})
    for number, row in enumerate(rows, 1):
        for n, cell in enumerate(row):
            sheet.write_string(number, n, guarded(cell), text)
    sheet.freeze_panes(1, 0)
    explain(notes, columns, free)
    book.close()
    return sent(stream.getvalue(), name)


def guarded(text: str) -> str:
    """A text that would begin like a formula, with an apostrophe before it; `imports.clean()` takes it away again."""
    return f"'{text}" if text.startswith(DANGEROUS) else text


def explain(notes, columns: Sequence[Column], bold) -> None:
    for n, heading in enumerate((_("列名"), _("要不要填"), _("怎么填"), _("例子"))):
        notes.write_string(0, n, heading, bold)
    for n, column in enumerate(columns, 1):
        cells = [column.label, _("必填") if column.field.required else _("选填"), how(column), column.example]
        for place, cell in enumerate(cells):
            notes.write_string(n, place, str(cell))
    for n, width in enumerate((24, 10, 60, 36)):
        notes.set_column(n, n, width)


def how(column: Column) -> str:
    if column.hint:
        return str(column.hint)
    if isinstance(column.field, LabelField):
        return _("从列表里选")
    if isinstance(column.field, DayCell):
        return _("日期，如 2026-11-20 或 2026年11月20日")
    limit = getattr(column.field, "max_length", None)
    return _("文字，最多 %(n)s 字") % {"n": limit} if limit else ""


def mistakes(batch: Batch, lines: Iterable[Line]) -> HttpResponse:
    """Only the rows that can't come in, in the columns of the file they came from; what is wrong stands at the end and
    at the cells themselves. Mended, this workbook can be handed in as it is: whoever does so has seen what is here, so
    that rows which both sides changed get a new mark."""
    stream, book = fresh()
    bold = book.add_format({"bold": True, "bottom": 1, "num_format": "@"})
    text, bad = book.add_format({"num_format": "@"}), book.add_format({"num_format": "@", "bg_color": "#FDEDEA"})
    sheet = book.add_worksheet(batch.head["sheet"][:31] or None)
    labels, names = batch.head["labels"], batch.head["names"]
    width = len(labels)
    for n, label in enumerate([*labels, _("原来的行号"), _("错在哪里")]):
        sheet.write_string(0, n, label, bold)
        sheet.set_column(n, n, 18 if n < width + 1 else 70, text)
    by_name = dict(zip(names, labels, strict=True))
    lines = list(lines)
    marks = fresh_marks(batch, lines)
    for row, line in enumerate(lines, 1):
        reasons = line.problems | {name: three_ways(*told) for name, told in line.changes.items() if len(told) > 2}
        for n, cell in enumerate(veiled.unveiled(line.batch_id, line.number, line.cells, line.sealed)):
            reason = reasons.get(names[n]) if names[n] else None
            shown = marks.get(line.target, cell) if names[n] == ROW else cell.removeprefix("≈")
            sheet.write_string(row, n, guarded(shown), bad if reason else text)
            if reason:
                sheet.write_comment(row, n, reason)
        told = [f"{by_name[n]}：{why}" if n in by_name and n else why for n, why in reasons.items()]
        sheet.write_string(row, width, str(line.number), text)
        sheet.write_string(row, width + 1, _("；").join(told), text)
    sheet.freeze_panes(1, 0)
    book.close()
    return sent(stream.getvalue(), _("%(name)s_要改的行.xlsx") % {"name": batch.name.rsplit(".", 1)[0]})


def three_ways(was: str, given: str, is_now: str) -> str:
    empty = _("空")
    told = {"was": was or empty, "given": given or empty, "now": is_now or empty}
    return _("导出时“%(was)s”，表里“%(given)s”，现在登记“%(now)s”") % told


def fresh_marks(batch: Batch, lines: Sequence[Line]) -> dict[str, str]:
    """New marks of the rows of ours that both sides changed, by their keys."""
    kind, place = KINDS[batch.kind], Place.of(batch.by, localdate())
    targets = [line.target for line in lines if line.outcome == Line.Outcome.CONFLICT]
    if not targets:
        return {}
    columns = columns_of(kind, place)
    return {target: mark(kind, one, columns) for target, one in kind.returned(place, targets).items()}
