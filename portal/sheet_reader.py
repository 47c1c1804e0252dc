"""Reads one workbook in a process of its own, which may take only so much memory, and writes its cells as JSON.

It is started by its path and imports nothing of the portal: whatever a made-up file does to it, it does to nobody else.
"""

import json
import resource
import sys
from datetime import date, datetime

from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

MEMORY = 1024 * 1024 * 1024
EXACT = 10**15  # a longer number has lost its last digits in Excel


def main(path: str, rows_limit: int) -> dict:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
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
        rows = [[text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
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


if __name__ == "__main__":
    json.dump(main(sys.argv[1], int(sys.argv[2])), sys.stdout)
