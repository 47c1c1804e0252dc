"""Excel out: what is on the screen, with a head that says whose view it is and of which day. Codes are text."""

import io
import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

import xlsxwriter
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _

from portal.site import holds_demo, pack_of
from portal.words import localised

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def workbook(
    title: str, headings: Sequence[str], rows: Iterable[Sequence], *, user, on: date, note: str = ""
) -> HttpResponse:
    """An .xlsx of one list as an answer."""
    content, name = written(title, headings, rows, user=user, on=on, note=note)
    response = HttpResponse(content, content_type=SHEET)
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "no-store"
    return response


def written(
    title: str, headings: Sequence[str], rows: Iterable[Sequence], *, user, on: date, note: str = ""
) -> tuple[bytes, str]:
    """An .xlsx of one list and its file name. Text stays text, whatever it begins with; None is an empty cell, never 0.

    A row is on disk as soon as the next one begins: the length of a list costs no memory.
    """
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(
        stream, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet(re.sub(r"[\[\]:*?/\\]", "", title)[:31].strip("'") or None)  # what Excel allows
    bold, day = book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": "yyyy-mm-dd"})
    weak = book.add_format({"font_color": "#566575"})
    pack = pack_of(user)
    city = localised(pack, "name") if pack else ""
    as_of = _("截至 %(day)s") % {"day": on.isoformat()}
    made = _("%(who)s 于 %(at)s 导出") % {"who": user, "at": localtime(now()).strftime("%Y-%m-%d %H:%M")}
    for column in range(len(headings)):
        sheet.set_column(column, column, 14 if column else 20)
    sheet.freeze_panes(4, 0)
    sheet.write_string(0, 0, f"{title}　{city}　{as_of}", bold)
    sheet.write_string(1, 0, "　".join(filter(None, [made, note, _("演示数据") if holds_demo() else ""])), weak)
    for column, heading in enumerate(headings):
        sheet.write_string(3, column, str(heading), bold)
    yes, no = _("是"), _("否")
    text, number, since = sheet.write_string, sheet.write_number, date(1899, 12, 30).toordinal()
    for line, row in enumerate(rows, 4):
        for column, value in enumerate(row):
            if value is None:
                continue
            if isinstance(value, str):
                text(line, column, f"'{value}" if value.startswith(DANGEROUS) else value)
            elif isinstance(value, bool):
                text(line, column, yes if value else no)
            elif isinstance(value, int | float | Decimal):
                number(line, column, value)
            elif isinstance(value, date):
                number(line, column, value.toordinal() - since, day)
            else:
                text(line, column, f"'{value}" if str(value).startswith(DANGEROUS) else str(value))
    book.close()
    return stream.getvalue(), f"{title}_{city}_{as_of.replace(' ', '')}.xlsx".replace("-", "")
