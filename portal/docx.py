"""Papers as Word files: the same description as of the print page and the PDF, for letters that an office edits.

A .docx is a zip of a few XML parts; written here, because what a letter needs is paragraphs and plain tables.
"""

import io
import zipfile
from xml.sax.saxutils import escape

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.papers import Paper
from portal.site import holds_demo

TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
PARTS = {
    "[Content_Types].xml": f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{TYPE}.main+xml"/></Types>',
    "_rels/.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{OFFICE}" Target="word/document.xml"/></Relationships>',
}
PAGE = (
    '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1418" w:right="1418" w:bottom="1418" w:left="1418"'
    ' w:header="851" w:footer="851" w:gutter="0"/></w:sectPr>'
)
FONTS = '<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="仿宋"/>'
BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:color="000000"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
WIDTH = 9070  # twentieths of a point between the margins of an A4 sheet
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the same paper is the same file, byte for byte


def docx(paper: Paper) -> bytes:
    """The paper as a Word file."""
    body = []
    if marks := [paper.mark] * bool(paper.mark) + [_("演示数据")] * holds_demo():
        body.append(line("　".join(marks), size=9, align="right"))
    body.append(line(paper.title, size=18, align="center", bold=True))
    if paper.number:
        body.append(line(paper.number, align="right"))
    for block in paper.blocks:
        if getattr(block, "title", ""):
            body.append(line(block.title, size=14, bold=True))
        body += BLOCKS[block.kind](block)
    if paper.foot:
        body.append(line(paper.foot, size=9))
    document = f'{HEAD}<w:document xmlns:w="{WORD}"><w:body>{"".join(body)}{PAGE}</w:body></w:document>'
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (PARTS | {"word/document.xml": document}).items():
            archive.writestr(zipfile.ZipInfo(name, LONG_AGO), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def line(text, *, size: float = 12, align: str = "left", bold: bool = False, indent: bool = False) -> str:
    """One paragraph."""
    first = '<w:ind w:firstLineChars="200" w:firstLine="480"/>' if indent else ""
    weight = "<w:b/>" if bold else ""
    points = int(size * 2)
    about = f'<w:pPr><w:spacing w:after="120" w:line="360" w:lineRule="auto"/>{first}<w:jc w:val="{align}"/></w:pPr>'
    look = f'<w:rPr>{FONTS}{weight}<w:sz w:val="{points}"/><w:szCs w:val="{points}"/></w:rPr>'
    return f'<w:p>{about}<w:r>{look}<w:t xml:space="preserve">{escape(str(text))}</w:t></w:r></w:p>'


def grid(rows, widths) -> str:
    """A table with lines around its cells."""
    whole = sum(widths)
    widths = [WIDTH * width // whole for width in widths]
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    cells = "".join("<w:tr>" + "".join(map(cell, row, widths)) + "</w:tr>" for row in rows)
    about = f'<w:tblPr><w:tblW w:w="{WIDTH}" w:type="dxa"/><w:tblBorders>{BORDERS}</w:tblBorders></w:tblPr>'
    return f"<w:tbl>{about}<w:tblGrid>{columns}</w:tblGrid>{cells}</w:tbl>"


def cell(text, width: int) -> str:
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{line(text, size=10.5)}</w:tc>'


def rows_of(block) -> list[str]:
    step = 2 if block.pairs else 1
    filled = [[x for pair in pairs for x in pair] + ["", ""] * (step - len(pairs)) for pairs in block.lines]
    return [grid(filled, [22, 78 // step] * step)]


def paragraphs(block) -> list[str]:
    head = [line(block.to)] if block.to else []
    return head + [line(text, indent=get_language() != "en") for text in block.paragraphs]


def signed(block) -> list[str]:
    return [line(""), *(line(text, align="right") for text in block.lines)]


def stamp(block) -> list[str]:
    return [*(line(text) for text in block.said), line(_("（盖章）　　　　年　　月　　日"), align="right")]


BLOCKS = {
    "rows": rows_of,
    "table": lambda block: [grid([block.heads, *block.rows], block.widths), line("")],
    "text": paragraphs,
    "signed": signed,
    "stamp": stamp,
}


def docx_response(paper: Paper, name: str) -> HttpResponse:
    """The file as a download."""
    response = HttpResponse(docx(paper), content_type=TYPE)
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.docx")
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "no-store"
    return response
