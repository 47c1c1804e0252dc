"""Printed papers: one description of what stands on the sheet, for the print page and for the PDF file alike."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from fpdf import FPDF
from fpdf.enums import MethodReturnValue, WrapMode
from fpdf.fonts import FontFace

from portal.font import font
from portal.site import holds_demo

MARGIN = 18  # mm on all sides; an official form is bound at the left
LINE = 5.6
GREY = (240, 243, 246)


@dataclass
class Rows:
    """A box of entries, label beside value, two pairs to a line where `pairs` says so."""

    rows: Sequence[tuple[Any, Any]]
    title: str = ""
    pairs: bool = False
    kind = "rows"

    @property
    def lines(self) -> list[list[tuple[Any, Any]]]:
        """The entries line by line."""
        step = 2 if self.pairs else 1
        return [list(self.rows[n : n + step]) for n in range(0, len(self.rows), step)]


@dataclass
class Table:
    """A table with a heading per column; `widths` are shares."""

    heads: Sequence[Any]
    rows: Sequence[Sequence[Any]]
    widths: Sequence[int]
    title: str = ""
    kind = "table"


@dataclass
class Text:
    """Paragraphs as a letter has them; `to` is the addressee's line before them."""

    paragraphs: Sequence[str]
    to: str = ""
    title: str = ""
    kind = "text"


@dataclass
class Stamp:
    """An opinion with room for a seal: who, what was said, by whom and when as far as the portal knows."""

    title: str
    said: Sequence[str] = ()
    room: int = 24  # mm left free
    kind = "stamp"


@dataclass
class Signed:
    """The end of a letter, at the right: who and when."""

    lines: Sequence[str]
    kind = "signed"


@dataclass
class Paper:
    """`number` stands at the head, `foot` at the bottom of each page; `mark` says that it isn't valid (yet)."""

    title: str
    blocks: Sequence[Any]
    number: str = ""
    foot: str = ""
    mark: str = ""
    across: bool = False


class Sheet(FPDF):
    """A4 with our font, and the foot on each page."""

    def __init__(self, paper: Paper):
        super().__init__(orientation="landscape" if paper.across else "portrait", format="A4")
        self.paper = paper
        self.set_margin(MARGIN)
        self.set_auto_page_break(True, MARGIN)
        self.add_font("paper", fname=font())
        self.set_font("paper", size=10.5)
        self.set_title(paper.title)
        self.set_lang("en" if get_language() == "en" else "zh-CN")
        self.set_draw_color(120, 130, 140)
        self.wrap = WrapMode.WORD if get_language() == "en" else WrapMode.CHAR
        self.alias_nb_pages()
        self.add_page()

    def footer(self):
        self.set_y(-12)
        self.set_font("paper", size=8)
        self.cell(self.epw / 2, 5, self.paper.foot)
        self.cell(self.epw / 2, 5, f"{self.page_no()} / {{nb}}", align="R")
        self.set_font("paper", size=10.5)

    def said(self, text: str, *, size: float = 10.5, align: str = "L", after: float = 0) -> None:
        self.set_font("paper", size=size)
        self.multi_cell(self.epw, size * 0.56, text, align=align, new_x="LMARGIN", new_y="NEXT", wrapmode=self.wrap)
        self.set_font("paper", size=10.5)
        self.ln(after)

    def keep(self, height: float) -> None:
        """A new page if there is less room than this."""
        if self.will_page_break(height):
            self.add_page()

    # --- the blocks ---

    def rows(self, block: Rows) -> None:
        label, value = (20, 30) if block.pairs else (20, 80)
        with self.grid([label, value] * (2 if block.pairs else 1), heads=False) as grid:
            for line in block.lines:
                row = grid.row()
                for name, text in line:
                    row.cell(str(name), style=FontFace(fill_color=GREY))
                    row.cell(str(text), colspan=3 if block.pairs and len(line) == 1 else 1)

    def listed(self, block: Table) -> None:
        with self.grid(block.widths, heads=True) as grid:
            for cells in [block.heads, *block.rows]:
                grid.row([str(cell) for cell in cells])

    def grid(self, widths, *, heads: bool):
        return self.table(
            col_widths=widths,
            text_align="LEFT",
            line_height=LINE,
            padding=(1, 1.5),
            first_row_as_headings=heads,
            headings_style=FontFace(emphasis=None, fill_color=GREY),
            wrapmode=self.wrap,
        )

    def paragraphs(self, block: Text) -> None:
        if block.to:
            self.said(block.to, size=12, after=2)
        indent = "" if get_language() == "en" else "　　"
        for text in block.paragraphs:
            self.said(f"{indent}{text}", size=12, after=2)

    def stamp(self, block: Stamp) -> None:
        """A frame with the opinion at the top and the place for the seal at the bottom right."""
        text = "\n".join([block.title, *block.said])
        needed: Any = self.multi_cell(
            self.epw - 4, LINE, text, dry_run=True, output=MethodReturnValue.HEIGHT, wrapmode=self.wrap
        )
        height = needed + block.room
        self.keep(height)
        top = self.get_y()
        self.rect(self.l_margin, top, self.epw, height)
        self.set_xy(self.l_margin + 2, top + 2)
        self.multi_cell(self.epw - 4, LINE, text, wrapmode=self.wrap)
        self.set_xy(self.l_margin, top + height - 8)
        self.cell(self.epw - 4, 6, _("（盖章）　　　　年　　月　　日"), align="R")
        self.set_xy(self.l_margin, top + height)

    def signed(self, block: Signed) -> None:
        self.keep(40)
        self.ln(14)
        for line in block.lines:
            self.said(line, size=12, align="R", after=1)


def pdf(paper: Paper) -> bytes:
    """The paper as a file."""
    sheet = Sheet(paper)
    if marks := [paper.mark] * bool(paper.mark) + [_("演示数据")] * holds_demo():
        sheet.said("　".join(marks), size=9, align="R")
    sheet.said(paper.title, size=17, align="C", after=3)
    if paper.number:
        sheet.said(paper.number, align="R", after=2)
    draw: dict[str, Callable[[Any], None]] = {
        "rows": sheet.rows,
        "table": sheet.listed,
        "text": sheet.paragraphs,
        "stamp": sheet.stamp,
        "signed": sheet.signed,
    }
    for block in paper.blocks:
        if getattr(block, "title", "") and block.kind != "stamp":
            sheet.keep(36)
            sheet.ln(3)
            sheet.said(block.title, size=12, after=1)
        draw[block.kind](block)
    return bytes(sheet.output())


def pdf_response(paper: Paper, name: str) -> HttpResponse:
    """The file as a download."""
    response = HttpResponse(pdf(paper), content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.pdf")
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "no-store"
    return response
