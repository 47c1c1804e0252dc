"""What is on the screen as a workbook: codes as text, nothing runs, nothing unknown is a zero."""

import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from django.core.cache import cache
from python_calamine import CalamineWorkbook

from portal.models import Organisation, Role
from portal.workbooks import workbook
from tests import make

ON = make.ON
HEADINGS = ["名称", "值"]


def written(people, *rows, title="工作站", headings=HEADINGS, note=""):
    return workbook(title, headings, rows, user=people[Role.BUREAU_HANDLER], on=ON, note=note)


def read(response):
    book = CalamineWorkbook.from_filelike(io.BytesIO(response.content))
    return book.sheet_names, book.get_sheet_by_index(0).to_python(skip_empty_area=False)


def cells(people, *values):
    """What the cells of one row say after they were written and read."""
    _names, rows = read(written(people, values, headings=["x"] * len(values)))
    return rows[4] if len(rows) > 4 else []


def test_the_head_says_what_whose_view_and_of_which_day(people):
    names, rows = read(written(people, ["甲", 1], note="筛选：北区"))
    assert names == ["工作站"]
    assert rows[0] == ["工作站　测试市　截至 2026-06-01", ""]
    who = people[Role.BUREAU_HANDLER].name
    (made, _empty) = rows[1]
    assert (made.startswith(f"{who} 于 2026-11-20 "), made.endswith(" 导出　筛选：北区")) == (True, True)
    assert rows[2:] == [["", ""], ["名称", "值"], ["甲", 1.0]]


def test_a_workbook_of_invented_data_says_so(people, city):
    Organisation.objects.filter(pk=city.enterprise.pk).update(demo=True)
    cache.clear()
    _names, rows = read(written(people))
    assert rows[1][0].endswith("　演示数据")


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("91320583MA1XABCD12", "91320583MA1XABCD12"),
        ("0012", "0012"),
        ("12345678901234567890", "12345678901234567890"),
        ("2026-06-01", "2026-06-01"),
        ("1E5", "1E5"),
        (12, 12.0),
        (0, 0.0),
        (Decimal("4860.5"), 4860.5),
        (1.5, 1.5),
        (date(2026, 6, 1), date(2026, 6, 1)),
        (True, "是"),
        (False, "否"),
        ("http://example.com", "http://example.com"),
        ("一\n二", "一\n二"),
        ("a\x08b", "a\x08b"),
        ("", ""),
    ],
    ids=[
        *("a credit code", "leading zeros", "a long number", "a date as text", "a number as text", "a number", "zero"),
        *("money", "a fraction", "a date", "yes", "no", "an address", "two lines", "a control character", "nothing"),
    ],
)
def test_a_value_is_read_back_as_it_was_meant(value, cell, people):
    assert cells(people, value, "end") == [cell, "end"]


def test_what_is_unknown_is_an_empty_cell_and_not_a_zero(people):
    assert cells(people, None, 0, "end") == ["", 0.0, "end"]
    response = written(people, [None, "end"])
    book = CalamineWorkbook.from_filelike(io.BytesIO(response.content))
    assert b'<c r="A5"' not in sheet_of(response)
    assert book.get_sheet_by_index(0).height == 5


def sheet_of(response):
    with zipfile.ZipFile(io.BytesIO(response.content)) as parts:
        return parts.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+49 30 1", "-5", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://evil.example")', "=cmd|' /C calc'!A0"],
)
def test_a_formula_is_a_text_that_harms_nobody(text, people):
    response = written(people, [text, 1])
    _names, rows = read(response)
    assert rows[4][0].replace("\r", "\n") == f"'{text}".replace("\r", "\n")
    assert b"<f>" not in sheet_of(response)


@pytest.mark.parametrize(
    ("title", "sheet"),
    [
        ("工作站", "工作站"),
        ("设站[2026]:北区/南区*?\\", "设站2026北区南区"),
        ("'甲'", "甲"),
        ("长" * 40, "长" * 31),
        ("///", "Sheet1"),
    ],
    ids=["plain", "signs that Excel refuses", "quotes at the ends", "too long", "nothing left"],
)
def test_a_sheet_has_a_name_that_excel_takes(title, sheet, people):
    names, rows = read(written(people, title=title))
    assert (names, rows[0][0]) == ([sheet], f"{title}　测试市　截至 2026-06-01")


def test_a_workbook_is_a_download_of_which_nothing_stays(people):
    response = written(people, title="设站申报")
    told = {name: response[name] for name in ("Content-Type", "Content-Security-Policy", "Cache-Control")}
    assert told == {
        "Content-Type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "no-store",
    }
    assert response["Content-Disposition"] == (
        "attachment; filename*=utf-8''%E8%AE%BE%E7%AB%99%E7%94%B3%E6%8A%A5_%E6%B5%8B%E8%AF%95%E5%B8%82_"
        "%E6%88%AA%E8%87%B320260601.xlsx"
    )


def test_who_has_no_city_gets_a_workbook_too(people):
    _names, rows = read(workbook("表", HEADINGS, [], user=people["nobody"], on=ON))
    assert rows[0][0] == "表　测试市　截至 2026-06-01"
