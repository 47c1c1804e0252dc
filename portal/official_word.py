"""Official papers as Word files, with the fonts and sizes that an office expects: 小标宋, 黑体, 楷体, 仿宋."""

import io
import zipfile
from itertools import count
from xml.sax.saxutils import escape

from portal import pictures
from portal.docx import BORDERS, HEAD, LONG_AGO, PACKAGE, TYPE, WORD
from portal.official import BODY, BOTTOM, CELL, FINE, LEFT, RIGHT, TITLE, TOP, WIDE, Official

OPEN = "http://schemas.openxmlformats.org"
RELATION = f"{OPEN}/officeDocument/2006/relationships"
SPACES = (
    f'xmlns:w="{WORD}" xmlns:r="{RELATION}" xmlns:wp="{OPEN}/drawingml/2006/wordprocessingDrawing"'
    f' xmlns:a="{OPEN}/drawingml/2006/main" xmlns:pic="{OPEN}/drawingml/2006/picture"'
)
SONG, HEI, KAI, FANG = "方正小标宋简体", "黑体", "楷体", "仿宋"
TWIPS = 1440 / 25.4  # of a mm
EMU = 36000  # of a mm
WIDTH = int(WIDE * TWIPS)


def fonts(name: str) -> str:
    return f'<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:cs="Times New Roman" w:eastAsia="{name}"/>'


def run(text, font: str, size: float, *, bold: bool = False) -> str:
    points = int(size * 2)
    weight = "<w:b/>" if bold else ""
    look = f'<w:rPr>{fonts(font)}{weight}<w:sz w:val="{points}"/><w:szCs w:val="{points}"/></w:rPr>'
    return f'<w:r>{look}<w:t xml:space="preserve">{escape(str(text))}</w:t></w:r>'


def line(
    text, *, font: str = FANG, size: float = BODY, lead: float = 0, align: str = "both", indent: bool = False,
    style: str = "", before: int = 0, after: int = 0, bold: bool = False, page: bool = False, keep: bool = False,
    right: int = 0, mark: str = "",
) -> str:  # fmt: skip
    """One paragraph; `lead` exact points from line to line, `indent` two characters, `right` characters kept free."""
    spacing = f' w:line="{int(lead * 20)}" w:lineRule="exact"' if lead else ""
    first = f'<w:ind w:firstLineChars="200" w:firstLine="{int(size * 40)}"/>' if indent else ""
    first = f'<w:ind w:rightChars="{right * 100}" w:right="{int(right * size * 20)}"/>' if right else first
    about = "".join(
        (
            f'<w:pStyle w:val="{style}"/>' if style else "",
            "<w:keepNext/>" if keep else "",
            "<w:pageBreakBefore/>" if page else "",
            f'<w:spacing w:before="{before}" w:after="{after}"{spacing}/>{first}<w:jc w:val="{align}"/>',
        )
    )
    begin = f'<w:bookmarkStart w:id="{mark}" w:name="_Toc{mark}"/>' if mark else ""
    end = f'<w:bookmarkEnd w:id="{mark}"/>' if mark else ""
    shown = "<w:r><w:br/></w:r>".join(run(part, font, size, bold=bold) for part in str(text).split("\n"))
    return f"<w:p><w:pPr>{about}</w:pPr>{begin}{shown}{end}</w:p>"


class Writer:
    """Puts the parts of one file together: the body, its pictures, and what they are called."""

    def __init__(self, paper: Official):
        self.paper, self.numbers = paper, count(1)
        charts = [block.chart for block in paper.blocks if block.kind == "picture"]
        self.images = pictures.png(charts, WIDE)
        self.left = iter(range(len(self.images)))

    def body(self) -> str:
        paper, parts = self.paper, []
        if paper.cover:
            parts += self.cover()
        else:
            if paper.mark:
                parts.append(line(paper.mark, size=FINE, align="right"))
            if paper.number:
                parts.append(line(paper.number, align="center", lead=paper.lead))
            parts.append(
                line(paper.title, font=SONG, size=TITLE, align="center", lead=34, after=60 if paper.under else 160)
            )
            if paper.under:
                parts.append(line(paper.under, font=KAI, size=paper.body, align="center", after=120))
        if paper.to:
            parts.append(line(paper.to, size=paper.body, lead=paper.lead, align="left"))
        chapters = 0
        for block in paper.blocks:
            parts += getattr(self, block.kind)(block, first=chapters == 0)
            chapters += block.kind == "chapter"
        parts += [
            line(text, size=paper.body, lead=paper.lead, align="right", right=2, before=0 if n else 240)
            for n, text in enumerate(paper.signed)
        ]
        return "".join(parts)

    # --- the blocks ---

    def chapter(self, block, *, first: bool) -> list[str]:
        font = HEI if block.level == 1 else KAI
        return [
            line(
                block.title, font=font, size=self.paper.body, lead=self.paper.lead, align="left", keep=True,
                indent=not self.paper.english, style=f"Heading{block.level}",
                page=bool(self.paper.cover) and first, mark=str(next(self.numbers)),
            )
        ]  # fmt: skip

    def text(self, block, *, first: bool) -> list[str]:
        paper = self.paper
        return [line(text, size=paper.body, lead=paper.lead, indent=not paper.english) for text in block.paragraphs]

    def fine(self, block, *, first: bool) -> list[str]:
        return [line(text, size=FINE, after=40) for text in block.paragraphs]

    def grid(self, block, *, first: bool) -> list[str]:
        whole = sum(block.widths)
        widths = [WIDTH * width // whole for width in block.widths]
        head = self.row(block.heads, widths, "C" * len(widths), font=HEI, shade="F0F3F6", heads=True)
        rows = [
            self.row(cells, widths, block.aligns, shade="F8F9FB" if n < block.sums else "")
            for n, cells in enumerate(block.rows)
        ]
        about = (
            f'<w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>{BORDERS}'
            '</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="70" w:type="dxa"/>'
            '<w:right w:w="70" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        )
        columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        title = [line(block.title, font=HEI, size=12, align="center", before=120, after=60, keep=True)]
        note = line(block.note, size=FINE, align="left", before=40, after=120) if block.note else ""
        table = f"<w:tbl>{about}<w:tblGrid>{columns}</w:tblGrid>{head}{''.join(rows)}</w:tbl>"
        return [*(title if block.title else []), table, note or line("", size=5, lead=8)]

    def row(self, cells, widths, aligns: str, *, font: str = FANG, shade: str = "", heads: bool = False) -> str:
        fill = f'<w:shd w:val="clear" w:color="auto" w:fill="{shade}"/>' if shade else ""
        sides = {"L": "left", "C": "center", "R": "right"}
        filled = "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{fill}<w:vAlign w:val="center"/></w:tcPr>'
            f"{line(cell, font=font, size=CELL, align=sides[side], before=24, after=24, lead=14)}</w:tc>"
            for cell, width, side in zip(cells, widths, aligns, strict=True)
        )
        return f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' if heads else ''}</w:trPr>{filled}</w:tr>"

    def picture(self, block, *, first: bool) -> list[str]:
        number = next(self.left) + 1
        wide, high = int(WIDE * EMU), int(block.chart.height * EMU)
        name = escape(block.title or f"图{number}", {'"': "&quot;"})
        drawing = (
            f'<w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{wide}" cy="{high}"/>'
            f'<wp:docPr id="{number}" name="{name}" descr="{name}"/><a:graphic><a:graphicData uri="{OPEN}/drawingml/'
            f'2006/picture"><pic:pic><pic:nvPicPr><pic:cNvPr id="{number}" name="{name}"/><pic:cNvPicPr/></pic:nvPicPr>'
            f'<pic:blipFill><a:blip r:embed="i{number}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr>'
            f'<a:xfrm><a:off x="0" y="0"/><a:ext cx="{wide}" cy="{high}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/>'
            "</a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>"
        )
        shown = f'<w:p><w:pPr><w:keepNext/><w:spacing w:before="120" w:after="0"/></w:pPr><w:r>{drawing}</w:r></w:p>'
        caption = line(block.title, font=HEI, size=12, align="center", after=120)
        return [shown, caption] if block.title else [shown]

    # --- the parts of a report ---

    def cover(self) -> list[str]:
        paper = self.paper
        chapters = [block for block in paper.blocks if block.kind == "chapter"]
        foot = [
            line(text, size=BODY, align="center", lead=28, before=0 if n else 4600)
            for n, text in enumerate(paper.cover)
        ]
        return [
            line(paper.title, font=SONG, size=26, align="center", lead=42, before=3000, after=200),
            *([line(paper.under, font=KAI, size=BODY, align="center", after=120)] if paper.under else []),
            *([line(paper.mark, size=12, align="center")] if paper.mark else []),
            *foot,
            line("目　录", font=HEI, size=TITLE, align="center", page=True, after=240),
            *self.contents(chapters),
        ]

    def contents(self, chapters) -> list[str]:
        """A field that Word itself brings up to date, page numbers included; until then each line leads to its place."""
        lines = []
        for n, block in enumerate(chapters, 1):
            link = f'<w:hyperlink w:anchor="_Toc{n}">{run(block.title, FANG, 14)}</w:hyperlink>'
            begin = (
                '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> TOC \\o "1-2" \\h'
                ' \\z \\u </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
            )
            end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>' if n == len(chapters) else ""
            indent = f'<w:ind w:left="{(block.level - 1) * 480}"/>'
            lines.append(
                f'<w:p><w:pPr><w:pStyle w:val="TOC{block.level}"/><w:spacing w:after="60"/>{indent}</w:pPr>'
                f"{begin if n == 1 else ''}{link}{end}</w:p>"
            )
        return lines


def style(name: str, shown: str, font: str, size: float, level: str = "") -> str:
    outline = f'<w:outlineLvl w:val="{level}"/>' if level else ""
    points = int(size * 2)
    return (
        f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{shown}"/><w:basedOn w:val="Normal"/>'
        f'<w:pPr>{outline}</w:pPr><w:rPr>{fonts(font)}<w:sz w:val="{points}"/></w:rPr></w:style>'
    )


STYLES = (
    f'{HEAD}<w:styles xmlns:w="{WORD}"><w:docDefaults><w:rPrDefault><w:rPr>{fonts(FANG)}<w:sz w:val="32"/>'
    '<w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault></w:docDefaults>'
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
    f"{style('Heading1', 'heading 1', HEI, BODY, '0')}{style('Heading2', 'heading 2', KAI, BODY, '1')}"
    f"{style('TOC1', 'toc 1', FANG, 14)}{style('TOC2', 'toc 2', FANG, 14)}</w:styles>"
)


def footer(paper: Official) -> str:
    page = (
        f'{run("— ", "宋体", 14)}<w:r><w:rPr>{fonts("宋体")}<w:sz w:val="28"/></w:rPr><w:fldChar'
        ' w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r><w:r>'
        f'<w:fldChar w:fldCharType="end"/></w:r>{run(" —", "宋体", 14)}'
    )
    foot = line(paper.foot, size=8, align="center") if paper.foot else ""
    return f'{HEAD}<w:ftr {SPACES}><w:p><w:pPr><w:jc w:val="center"/></w:pPr>{page}</w:p>{foot}</w:ftr>'


def docx(paper: Official) -> bytes:
    """The paper as a Word file; the same paper is the same file, byte for byte."""
    writer = Writer(paper)
    margins = {"top": TOP, "right": RIGHT, "bottom": BOTTOM, "left": LEFT, "header": 15, "footer": 24}
    edges = " ".join(f'w:{side}="{int(mm * TWIPS)}"' for side, mm in margins.items())
    cover = '<w:pgNumType w:start="0"/><w:titlePg/>' if paper.cover else ""
    page = (
        f'<w:sectPr><w:footerReference w:type="default" r:id="f1"/><w:pgSz w:w="11906" w:h="16838"/>'
        f'<w:pgMar {edges} w:gutter="0"/>{cover}</w:sectPr>'
    )
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": types(),
        "_rels/.rels": relations([("r1", "officeDocument", "word/document.xml")]),
        "word/document.xml": f"{HEAD}<w:document {SPACES}><w:body>{writer.body()}{page}</w:body></w:document>",
        "word/styles.xml": STYLES,
        "word/footer1.xml": footer(paper),
        "word/_rels/document.xml.rels": relations(
            [("s1", "styles", "styles.xml"), ("f1", "footer", "footer1.xml")]
            + [(f"i{n}", "image", f"media/{n}.png") for n in range(1, len(writer.images) + 1)]
        ),
    }
    parts |= {f"word/media/{n}.png": image for n, image in enumerate(writer.images, 1)}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, LONG_AGO), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def relations(rows) -> str:
    told = "".join(f'<Relationship Id="{key}" Type="{RELATION}/{kind}" Target="{to}"/>' for key, kind, to in rows)
    return f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{told}</Relationships>'


def types() -> str:
    base = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    return (
        f'{HEAD}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
        f'<Override PartName="/word/document.xml" ContentType="{TYPE}.main+xml"/>'
        f'<Override PartName="/word/styles.xml" ContentType="{base}.styles+xml"/>'
        f'<Override PartName="/word/footer1.xml" ContentType="{base}.footer+xml"/></Types>'
    )
