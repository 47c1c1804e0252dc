"""What may be a workbook: made-up files are refused with a sentence, and reading one hurts nobody else."""

import io
import zipfile

import pytest
import xlsxwriter

from portal import sheets
from portal.sheets import BadSheet


def xlsx(rows=(("a", "b"),), sheet="台账", hidden=()) -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    for name in hidden:
        book.add_worksheet(name).hide()
    page = book.add_worksheet(sheet)
    page.activate()
    page.set_first_sheet()
    for n, row in enumerate(rows):
        for c, cell in enumerate(row):
            if cell is not None:
                page.write(n, c, cell)
    book.close()
    return stream.getvalue()


def with_member(name: str, content: bytes, base: bytes | None = None) -> bytes:
    stream = io.BytesIO(base or xlsx())
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return stream.getvalue()


BAD = {
    "empty": ("x.xlsx", b"", "空文件"),
    "a text": ("x.txt", b"a,b", "CSV"),
    "a workbook that is called a file of commas": ("x.csv", xlsx(), "改回 .xlsx"),
    "a file of commas in no encoding": ("x.csv", b"a,b\0\xff", "编码认不出来"),
    "csv renamed": ("x.xlsx", b"a,b\n1,2", "只改扩展名不行"),
    "pdf renamed": ("x.xlsx", b"%PDF-1.4", "只改扩展名不行"),
    "macro ending": ("x.xlsm", b"PK", "宏"),
    "cut off": ("x.xlsx", xlsx()[:400], "没有传完整"),
    "a zip that is no workbook": ("x.xlsx", None, "不是 Excel 工作簿"),
    "macro inside": ("x.xlsx", with_member("xl/vbaProject.bin", b"x"), "有宏"),
    "external links": ("x.xlsx", with_member("xl/externalLinks/externalLink1.xml", b"x"), "外部链接"),
    "embedded workbook": ("x.xlsx", with_member("xl/embeddings/a.xlsx", b"x"), "嵌入"),
    "zip slip": ("x.xlsx", with_member("../../etc/passwd", b"x"), "不是 Excel"),
    "bomb": ("x.xlsx", with_member("xl/sharedStrings2.xml", b"\0" * 120_000_000), "展开后太大"),
    "thick member": ("x.xlsx", with_member("xl/a.xml", b"\0" * 5_000_000), "展开后太大"),
    "behind a password": (
        "x.xlsx",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
        "密码",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_workbook_is_refused_with_a_sentence(name):
    label, content, told = BAD[name]
    if content is None:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("a.txt", b"x")
        content = stream.getvalue()
    with pytest.raises(BadSheet, match=told):
        sheets.look_over(io.BytesIO(content), label)


def many_members() -> bytes:
    stream = io.BytesIO(xlsx())
    with zipfile.ZipFile(stream, "a") as archive:
        for n in range(sheets.MEMBERS):
            archive.writestr(f"xl/m{n}", b"")
    return stream.getvalue()


def test_a_workbook_of_thousands_of_parts_is_refused():
    with pytest.raises(BadSheet, match="内部结构"):
        sheets.look_over(io.BytesIO(many_members()), "x.xlsx")


def kept(tmp_path, content: bytes) -> str:
    path = tmp_path / "book"
    path.write_bytes(content)
    return str(path)


def test_cells_come_as_text_and_long_numbers_say_that_they_lost_digits(tmp_path):
    import datetime

    rows = [("n", 3.0, 2.5, True, 913205830000000000.0), (datetime.date(2026, 1, 2), None, "007", "吉𠮷", "")]
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    page = book.add_worksheet("台账")
    for n, row in enumerate(rows):
        for c, cell in enumerate(row):
            if cell is not None:
                page.write(n + 1, c, cell)
    book.close()
    found = sheets.read(kept(tmp_path, stream.getvalue()))
    assert found.name == "台账"
    assert found.rows[1] == ["n", "3", "2.5", "是", "≈913205830000000000"]
    assert found.rows[2] == ["2026-01-02", "", "007", "吉𠮷", ""]


def test_hidden_sheets_are_not_read(tmp_path):
    found = sheets.read(kept(tmp_path, xlsx([("x",)], sheet="看得见", hidden=["藏起来"])))
    assert (found.name, found.rows) == ("看得见", [["x"]])


def far_cell() -> bytes:
    """Two cells so far apart that the area between them is ten thousand million cells."""
    base = zipfile.ZipFile(io.BytesIO(xlsx([("x",)])))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for member in base.infolist():
            data = base.read(member)
            if member.filename == "xl/worksheets/sheet1.xml":
                end = b'<row r="1048576"><c r="XFD1048576" t="str"><v>y</v></c></row></sheetData>'
                data = data.replace(b"</sheetData>", end)
            archive.writestr(member.filename, data)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (far_cell(), "最多导入|展开后太大"),
        (xlsx([()]), "没有内容"),
        (b"PK\3\4 rubbish", "读不出来"),
    ],
    ids=["far apart", "nothing", "rubbish"],
)
def test_a_workbook_that_cannot_be_read_is_told(content, told, tmp_path):
    with pytest.raises(BadSheet, match=told):
        sheets.read(kept(tmp_path, content))
