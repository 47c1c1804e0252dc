"""The workbooks of an import: the blank template with its drop-downs, and what has to be mended, in the same columns."""

import io
from collections.abc import Iterable, Sequence

import xlsxwriter
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from portal import private_cells
from portal.imports import Column, DayCell, ImportKind, LabelField, LabelsField, Place
from portal.models import Batch, Line
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
    stream, book = fresh()
    text = book.add_format({"num_format": "@"})
    needed = book.add_format({"bold": True, "bottom": 1, "bg_color": "#FFF4E5", "num_format": "@"})
    free = book.add_format({"bold": True, "bottom": 1, "num_format": "@"})
    sheet, notes, lists = (book.add_worksheet(n) for n in (str(kind.label)[:31], _("填写说明"), _("可选内容")))
    columns = kind.columns(place)
    for n, column in enumerate(columns):
        star = "*" if column.field.required else ""
        sheet.write_string(0, n, f"{column.label}{star}", needed if star else free)
        sheet.set_column(n, n, max(14, 2 * len(column.label) + 2), text)
        if isinstance(column.field, LabelField):
            labels = [label for _value, label in column.field.choices]
            lists.write_string(0, n, column.label, free)
            lists.write_column(1, n, labels)
            if labels and not isinstance(column.field, LabelsField):
                last = xlsxwriter.utility.xl_rowcol_to_cell(len(labels), n, True, True)
                first = xlsxwriter.utility.xl_rowcol_to_cell(1, n, True, True)
                source = f"='{lists.get_name()}'!{first}:{last}"
                told = {"error_title": column.label, "error_message": _("请从列表里选。")}
                sheet.data_validation(1, n, ROWS, n, {"validate": "list", "source": source, **told})
    sheet.freeze_panes(1, 0)
    explain(notes, columns, free)
    book.close()
    return sent(stream.getvalue(), _("%(kind)s_导入模板.xlsx") % {"kind": kind.label})


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
    at the cells themselves. Mended, this workbook can be handed in as it is."""
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
    for row, line in enumerate(lines, 1):
        for n, cell in enumerate(private_cells.opened(batch.pk, line.number, line.cells)):
            reason = line.problems.get(names[n]) if names[n] else None
            shown = cell.removeprefix("≈")
            sheet.write_string(row, n, f"'{shown}" if shown.startswith(DANGEROUS) else shown, bad if reason else text)
            if reason:
                sheet.write_comment(row, n, reason)
        told = [f"{by_name[n]}：{why}" if n in by_name and n else why for n, why in line.problems.items()]
        sheet.write_string(row, width, str(line.number), text)
        sheet.write_string(row, width + 1, _("；").join(told), text)
    sheet.freeze_panes(1, 0)
    book.close()
    return sent(stream.getvalue(), _("%(name)s_要改的行.xlsx") % {"name": batch.name.rsplit(".", 1)[0]})
