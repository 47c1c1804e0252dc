"""Reads one workbook, or one file of commas, in a process of its own, which may take only so much memory, and writes its cells as JSON.

It is started by its path and imports nothing of the portal: whatever a made-up file does to it, it does to nobody else.
"""

import csv
import io
import json
import re
import resource
import sys
from datetime import date, datetime
from pathlib import Path

from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

MEMORY = 1024 * 1024 * 1024
EXACT = 10**15  # a longer number has lost its last digits in Excel


def main(path: str, rows_limit: int, encoding: str) -> dict:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    if encoding:
        return lines_of(Path(path).read_bytes().decode(encoding), rows_limit)
    try:
        book = CalamineWorkbook.from_path(path)
    except PasswordError:
        return {"problem": "password"}
    worksheets = [m for m in book.sheets_metadata if m.typ == SheetTypeEnum.WorkSheet]
    visible = [m.name for m in worksheets if m.visible == SheetVisibleEnum.Visible]
    for name in visible:
        sheet = book.get_sheet_by_name(name)
        if sheet.total_height > rows_limit + 1000:
            return {"problem": "rows", "rows": sheet.total_height}
        rows = [
            [cell if type(cell) is str else text(cell) for cell in row]
            for row in sheet.to_python(skip_empty_area=False)
        ]
        if any(any(row) for row in rows):
            return {"sheet": name, "rows": rows, "others": [n for n in visible if n != name]}
    return {"problem": "empty" if visible else "no sheet"}


def text(cell) -> str:
    """A cell as a person would type it. A number too long to be exact begins with ≈."""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        if abs(cell) >= EXACT:
            return f"≈{cell:.0f}"
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)


def lines_of(content: str, rows_limit: int) -> dict:
    """The rows of a file of commas, semicolons or tabs, all of one width. A text that was kept one with ="…" is read as
    that text."""
    mark = max(",;\t", key="\n".join(content[:4096].split("\n")[:6]).count)
    rows = []
    try:
        for row in csv.reader(io.StringIO(content, newline=""), delimiter=mark, strict=True):
            rows.append([re.sub(r'^="(.*)"$', r"\1", cell) for cell in row])
            if len(rows) > rows_limit + 1000:
                return {"problem": "rows"}
    except csv.Error:
        return {"problem": "columns"}
    if not any(any(row) for row in rows):
        return {"problem": "empty"}
    width = max(map(len, rows))
    return {"sheet": "CSV", "rows": [row + [""] * (width - len(row)) for row in rows], "others": []}


if __name__ == "__main__":
    json.dump(main(sys.argv[1], int(sys.argv[2]), sys.argv[3]), sys.stdout)
