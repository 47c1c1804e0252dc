"""Official papers (公文) in the form of GB/T 9704: margins, sizes and page numbers of a notice; reports have a cover,
contents, chapters, tables and figures beside."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from fpdf import FPDF
from fpdf.enums import WrapMode, XPos, YPos
from fpdf.fonts import FontFace

from portal import pictures
from portal.papers import GREY, Paper, Sheet, Text

OPENING, CLOSING = "“‘（《〔【", "，。、；：！？）》〕】”’％%,.;:!?)"
PIECES = re.compile(f"[{OPENING}]*(?:[0-9A-Za-z+\\-−–./]+|.)[{re.escape(CLOSING)}]*")

TOP, RIGHT, BOTTOM, LEFT = 37.0, 26.0, 35.0, 28.0  # mm: what is printed is 156 by 225
WIDE = 210 - LEFT - RIGHT
TITLE, BODY, LEAD, CELL, FINE = 22.0, 16.0, 28.0, 10.5, 9.0  # points; LEAD from line to line
MM = 25.4 / 72  # a point


@dataclass
class Chapter:
    """A heading, which the contents name: 一、 at level 1, （一） at level 2."""

    title: str
    level: int = 1
    kind = "chapter"


@dataclass
class Grid:
    """A table of a report: heads are repeated on each page, `aligns` has L, C or R for each column; `sums` rows at the
    top are set apart."""

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[int]
    aligns: str
    title: str = ""
    note: str = ""
    sums: int = 0
    kind = "grid"

    @property
    def cells(self) -> list[list[tuple[str, bool]]]:
        """The rows for a page: each cell with whether it is a number."""
        return [[(cell, side == "R") for cell, side in zip(row, self.aligns, strict=True)] for row in self.rows]

    @property
    def heading(self) -> list[tuple[str, bool]]:
        return [(head, side == "R") for head, side in zip(self.heads, self.aligns, strict=True)]


@dataclass
class Picture:
    """A figure with its caption."""

    chart: pictures.Chart
    title: str = ""
    kind = "picture"


@dataclass
class Fine:
    """Notes in small print."""

    paragraphs: Sequence[str]
    kind = "fine"


@dataclass
class Official(Paper):
    """`to` is the addressee's line, `cover` the lines at the foot of a cover, which begins a report with contents;
    `under` stands below the title, in which a line feed says where it may be broken. `lead` is in points from line to
    line, `made_at` what the file says of itself, so that it can be made again byte for byte."""

    to: str = ""
    cover: Sequence[str] = ()
    under: str = ""
    lead: float = LEAD
    body: float = BODY
    made_at: datetime | None = None
    signed: Sequence[str] = field(default_factory=list)
    english: bool = False


class OfficialSheet(Sheet):
    """Pages with the margins of an official paper, numbered at the foot; a cover has no number."""

    paper: Official

    def __init__(self, paper: Official):
        super().__init__(paper)
        self.set_title(paper.title.replace("\n", ""))
        self.set_margins(LEFT, TOP, RIGHT)
        self.set_auto_page_break(True, BOTTOM)
        self.set_xy(LEFT, TOP)
        if paper.made_at:
            self.set_creation_date(paper.made_at)

    @property
    def number(self) -> int:
        return self.page_no() - bool(self.paper.cover)

    def footer(self):
        if self.number == 0:
            return
        self.set_y(-BOTTOM + 7)
        self.set_font("paper", size=14)
        self.cell(self.epw, 6, f"— {self.number} —", align="C")
        if self.paper.foot:
            self.set_y(-BOTTOM + 15)
            self.set_font("paper", size=8)
            self.cell(self.epw, 4, self.paper.foot, align="C")
        self.set_font("paper", size=BODY)

    def written(self, text: str, *, size: float, align: str = "L", lead: float | None = None, after: float = 0) -> None:
        self.set_font("paper", size=size)
        height = (lead or size * 1.5) * MM
        for line in text.splitlines():
            for part in self.broken(line) if self.wrap == WrapMode.CHAR else [line]:
                self.multi_cell(self.epw, height, part, align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(after)

    def broken(self, text: str) -> list[str]:
        """A Chinese text in lines: none begins with a closing mark or ends with an opening one, numbers stay whole."""
        room, lines, line, wide = self.epw - 2 * self.c_margin, [], "", 0.0
        for piece in PIECES.findall(text):
            width = self.get_string_width(piece)
            if line and wide + width > room:
                lines.append(line)
                line, wide, piece = "", 0.0, piece.lstrip(" ")
                width = self.get_string_width(piece)
            line, wide = line + piece, wide + width
        return [*lines, line]

    # --- the blocks ---

    def chapter(self, block: Chapter) -> None:
        self.keep(45)
        self.start_section(block.title, level=block.level - 1)
        self.written(f"{self.indent}{block.title}", size=self.paper.body, align="L", lead=self.paper.lead)

    @property
    def indent(self) -> str:
        return "" if self.paper.english else "　　"

    def paragraphs(self, block: Text) -> None:
        for paragraph in block.paragraphs:
            self.written(f"{self.indent}{paragraph}", size=self.paper.body, lead=self.paper.lead)

    def fine(self, block: Fine) -> None:
        for paragraph in block.paragraphs:
            self.written(paragraph, size=FINE, after=0.6)
        self.ln(2)

    def grid(self, block: Grid) -> None:  # type: ignore[override]
        self.keep(34)
        self.ln(1.5)
        if block.title:
            self.written(block.title, size=12, align="C", after=0.8)
        self.set_font("paper", size=CELL)
        aligns = tuple({"L": "LEFT", "C": "CENTER", "R": "RIGHT"}[letter] for letter in block.aligns)
        with self.table(
            col_widths=tuple(block.widths), text_align=aligns, line_height=5, padding=(1, 1.4),
            headings_style=FontFace(emphasis=None, fill_color=GREY), wrapmode=self.wrap,
        ) as table:  # fmt: skip
            head = table.row()
            for name in block.heads:
                head.cell(name, align="CENTER")
            for n, cells in enumerate(block.rows):
                row = table.row()
                for cell in cells:
                    row.cell(str(cell), style=FontFace(fill_color=(248, 249, 251)) if n < block.sums else None)
        self.ln(1)
        if block.note:
            self.written(block.note, size=FINE, align="L")
        self.ln(2)

    def picture(self, block: Picture) -> None:
        self.keep(block.chart.height + 12)
        self.ln(2)
        top = self.get_y()
        pictures.draw(self, block.chart, self.l_margin, top, self.epw)
        self.set_xy(self.l_margin, top + block.chart.height)
        if block.title:
            self.written(block.title, size=12, align="C", after=2)

    # --- the parts of a report ---

    def cover(self) -> None:
        paper = self.paper
        self.set_y(82)
        self.written(paper.title, size=26, align="C", lead=40)
        if paper.under:
            self.written(paper.under, size=BODY, align="C", after=2)
        if paper.mark:
            self.written(paper.mark, size=12, align="C")
        self.set_y(297 - BOTTOM - len(paper.cover) * LEAD * MM - 2)
        for text in paper.cover:
            self.written(text, size=BODY, align="C", lead=LEAD)
        self.add_page()

    def contents(self) -> None:
        """The contents on a page of their own, written when the pages of the chapters are known."""

        def write(pdf: FPDF, outline) -> None:
            assert isinstance(pdf, OfficialSheet)
            pdf.set_xy(LEFT, TOP)
            pdf.written("目　录", size=TITLE, align="C", after=6)
            pdf.set_font("paper", size=14)
            for part in outline:
                page, link = str(part.page_number - 1), pdf.add_link(page=part.page_number)
                title = f"{'　　' * part.level}{part.name}"
                dots = "…" * max(int((pdf.epw - pdf.get_string_width(title + page) - 4) / pdf.get_string_width("…")), 2)
                pdf.cell(pdf.epw - 10, 9, f"{title} {dots}", link=link)
                pdf.cell(10, 9, page, align="R", link=link, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

        self.insert_toc_placeholder(write, pages=1)


def pdf(paper: Official) -> bytes:
    """The paper as a file."""
    return bytes(laid_out(paper).output())


def room(paper: Official) -> float:
    """The mm that are left free on a paper of one page; below 0 where it takes more."""
    sheet = laid_out(paper)
    for used in sheet.fonts.values():  # what is never written leaves its file open
        used.close()
    return sheet.h - BOTTOM - sheet.get_y() if sheet.page_no() == 1 else -1.0


def laid_out(paper: Official) -> OfficialSheet:
    """The pages with everything on them."""
    sheet = OfficialSheet(paper)
    if paper.cover:
        sheet.cover()
        sheet.contents()
    else:
        if paper.mark:
            sheet.written(paper.mark, size=9, align="R")
        if paper.number:
            sheet.written(paper.number, size=paper.body, align="C")
        sheet.written(paper.title, size=TITLE, align="C", lead=32, after=0 if paper.under else 4)
        if paper.under:
            sheet.written(paper.under, size=paper.body, align="C", lead=paper.lead, after=3)
    if paper.to:
        sheet.written(paper.to, size=paper.body, align="L", lead=paper.lead)
    draw: dict[str, Callable[[Any], None]] = {
        "chapter": sheet.chapter, "text": sheet.paragraphs, "grid": sheet.grid, "picture": sheet.picture, "fine": sheet.fine,
    }  # fmt: skip
    for block in paper.blocks:
        draw[block.kind](block)
    if paper.signed:
        sheet.keep(30)
        sheet.ln(4)
        for text in paper.signed:
            sheet.written(f"{text}　　", size=paper.body, align="R", lead=paper.lead)
    return sheet
