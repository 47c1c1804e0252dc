"""Briefs, bulletins and reports as official papers, Word, PDF and Excel: all from what was frozen.

What leaves the office is Chinese whoever makes it; a brief follows its reader.
"""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import xlsxwriter
from django.utils.timezone import localtime
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from fpdf.errors import FPDFException

from portal import official, official_word
from portal.official import Chapter, Grid, Official, Picture
from portal.papers import Text
from portal.site import holds_demo
from portal.words import localised_value
from subsidies.schemes.told import digest as digest_of
from targets.reports import blocks, texts
from targets.reports.freezing import Frozen, read
from targets.reports.models import Report, ReportChapter, ReportStatus, ReportTemplate

CHINESE = "zh-hans"
NUMERALS = "零一二三四五六七八九十"
SIX = 6
TIME = re.compile(r"(关于)?(截至)?\d{4}年(\d{1,2}月(\d{1,2}日)?|第.季度|度)?")  # after which a long title is broken
TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def numeral(number: int) -> str:
    """一 to 九十九."""
    tens, ones = divmod(number, 10)
    if not tens:
        return NUMERALS[ones]
    return f"{NUMERALS[tens] if tens > 1 else ''}十{NUMERALS[ones] if ones else ''}"


def in_chinese(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"


# --- what a report is called -------------------------------------------------------------------


def span(on: date, period: str = "") -> tuple[str, str]:
    """The time a report speaks of, in Chinese and in English: a month, quarter or year where it ends with one."""
    quarter = (on.month - 1) // 3 + 1
    if period == ReportTemplate.Period.YEAR and (on.month, on.day) == (12, 31):
        return f"{on.year}年度", str(on.year)
    if period == ReportTemplate.Period.QUARTER and on == quarter_end(on):
        return f"{on.year}年第{NUMERALS[quarter]}季度", f"Q{quarter} {on.year}"
    if not period and (on + timedelta(1)).day == 1:
        return f"{on.year}年{on.month}月", f"{on:%Y-%m}"
    return f"截至{in_chinese(on)}", f"as of {on.isoformat()}"


def quarter_end(on: date) -> date:
    month = (on.month + 2) // 3 * 3
    return (date(on.year, month, 28) + timedelta(4)).replace(day=1) - timedelta(1)


def period_of(kind: str, template: ReportTemplate | None) -> str:
    """Of what a report speaks: "quarter", "year", or "" for the month of a bulletin."""
    if template:
        return template.period
    return kind if kind in ReportTemplate.Period.values else ""


def titles(kind: str, pack, on: date, template: ReportTemplate | None) -> tuple[str, str]:
    """The title of a report, in Chinese and in English."""
    city, city_en = pack.name, pack.name_en or pack.name
    if kind == Report.Kind.BRIEF:
        return f"{city}博士后工作简报（{in_chinese(on)}）", f"Postdoc brief of {city_en}, {on.isoformat()}"
    period = period_of(kind, template)
    time, time_en = span(on, period)
    if not period:
        joint = "" if time.startswith("截至") else "的"
        return f"关于{time}博士后工作目标进度{joint}通报", f"Bulletin on postdoc targets, {time_en}"
    if template is None:
        name, name_en = ("年度", "Yearly") if period == ReportTemplate.Period.YEAR else ("季度", "Quarterly")
        return f"{time}{city}博士后工作{name}报告", f"{name_en} report on postdoctoral work in {city_en}, {time_en}"
    return f"{time}{template.title}", f"{template.title_en or template.title}, {time_en}"


# --- the brief ---------------------------------------------------------------------------------


# how many names a sentence gives, how many sentences on districts, how many matters by name, size and lead in points
ROOMY_TO_SHORT = ((6, 2, 3, 14, 23), (4, 1, 2, 14, 22), (3, 1, 1, 12, 19), (2, 0, 0, 11, 17))


def brief(told: Frozen, *, number: str = "") -> Official:
    """One page for the head: one sentence, six figures, who is behind, what is due. In the language in force; it names
    as many as there is room for, with two lines to spare because Word breaks its lines otherwise."""
    for how in ROOMY_TO_SHORT:
        sheet = one_page(told, number, *how)
        if official.room(sheet) >= 2 * sheet.lead * official.MM:
            break
    return sheet


def one_page(told: Frozen, number: str, few: int, split: int, first: int, body: float, lead: float) -> Official:
    rows = told.headline[:SIX]
    city, bureau = (localised_value(told.words[name], "name") for name in ("city", "bureau"))
    table = blocks.figures(told, rows)[0]
    table.title = ""
    late = texts.who_is_behind(told, rows, few)[: 1 + split]
    made, english = date.fromisoformat(told.words["made_on"]), get_language() == "en"
    return Official(
        title=_("%(city)s博士后工作简报") % {"city": city},
        under=_("（截至 %(day)s）") % {"day": told.on.isoformat() if english else in_chinese(told.on)},
        mark="　".join(filter(None, [*[_("演示数据")] * holds_demo(), number])),
        blocks=[
            Text([texts.where(told, rows)]),
            table,
            Chapter(_("一、滞后情况"), 1),
            Text([*late, *filter(None, [texts.without_data(told, rows)])]),
            Chapter(_("二、近期到期"), 1),
            Text([texts.due(told, first), *filter(None, [texts.duties_due(told, first)])]),
        ],
        body=body,
        lead=lead,
        made_at=told.made_at,
        signed=[bureau, made.isoformat() if english else in_chinese(made)],
        english=english,
    )


# --- bulletins and reports ---------------------------------------------------------------------


@dataclass
class Part:
    """A chapter as it stands in a paper: its heading, the office's words, and what is shown."""

    title: str
    text: str
    shown: list
    code: str = ""


def parts(told: Frozen, chapters: Sequence[ReportChapter]) -> list[Part]:
    """The chapters, numbered; one that has neither text nor anything to show is left out."""
    found = []
    for chapter in chapters:
        shown = [part for block in chapter.blocks for part in blocks.parts_of(told, block)]
        if shown or chapter.text.strip():
            found.append(Part(f"{numeral(len(found) + 1)}、{chapter.title}", chapter.text, shown, chapter.code))
    return found


def paper(report: Report, told: Frozen | None = None, chapters: Sequence[ReportChapter] | None = None) -> Official:
    """The report as it is printed."""
    told = told or read(report)
    if report.kind == Report.Kind.BRIEF:
        return brief(told, number=report.matter.number)
    if chapters is None:
        chapters = list(report.chapters.order_by("order"))
    with override(CHINESE):
        return chinese(report, told, parts(told, chapters))


def chinese(report: Report, told: Frozen, found: Sequence[Part]) -> Official:
    body: list = []
    for part in found:
        body.append(Chapter(part.title, 1))
        body += [Text(paragraphs(part.text))] if part.text.strip() else []
        body += part.shown
    out = report.status in (ReportStatus.ISSUED, ReportStatus.SEALED)
    marks = [*["草稿，未印发"] * (not out), *["演示数据"] * holds_demo()]
    bureau = told.words["bureau"]["name"]
    day = in_chinese(report.issued_on) if report.issued_on else "　　年　　月　　日"
    known = f"数据截至{in_chinese(told.on)}，取数时间{localtime(told.made_at):%Y-%m-%d %H:%M}"
    foot = [report.matter.number, *([f"校验码 {report.digest[:16]}"] if report.digest else [])]
    common = {
        "title": TIME.sub(r"\g<0>\n", report.matter.title, count=1),
        "mark": "　".join(marks),
        "foot": "　".join(foot),
        "made_at": told.made_at,
        "blocks": body,
    }
    if not report.has_cover:
        return Official(**common, number=report.document, to="各区镇：", signed=[bureau, day])
    cover = [*filter(None, [report.document]), bureau, day]
    return Official(**common, cover=cover, under=f"（{known}）")


def paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


# --- as files ----------------------------------------------------------------------------------


def made(report: Report, form: str, told: Frozen | None = None) -> bytes:
    """The report as a file of one form; the same report is the same file, byte for byte."""
    told = told or read(report)
    if form == "xlsx":
        return book(report, told)
    return as_file(paper(report, told), form)


def as_file(sheet: Official, form: str) -> bytes:
    if form == "docx":
        return official_word.docx(sheet)
    try:
        return official.pdf(sheet)
    except FPDFException as error:  # a contents of more than a page
        raise ValueError(f"{sheet.title}: {error}") from error


def file_name(report: Report, form: str) -> str:
    return re.sub(r'[\\/:*?"<>|\s]', "", f"{report.matter.title}_{report.matter.number}") + f".{form}"


@override(CHINESE)
def book(report: Report, told: Frozen) -> bytes:
    """All tables, a sheet each, and before them every figure."""
    stream = io.BytesIO()
    out = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    out.set_properties({"title": report.matter.title, "created": told.made_at.replace(tzinfo=None)})
    bold, weak = out.add_format({"bold": True, "bottom": 1}), out.add_format({"font_color": "#566575"})
    known = f"{report.matter.number}　截至 {told.on}　取数 {localtime(told.made_at):%Y-%m-%d %H:%M}"
    known += "　演示数据" if holds_demo() else ""
    tables: list[tuple[str, Sequence, Sequence]] = [("全部数字", *figures_table(told))]
    sheet = paper(report, told)
    pictured = {block.title for block in sheet.blocks if isinstance(block, Picture)}
    tables += [
        (block.title or sheet.title, block.heads, block.rows)
        for block in sheet.blocks
        if isinstance(block, Grid) and block.title not in pictured
    ]
    used: set[str] = set()
    for title, heads, rows in tables:
        page = out.add_worksheet(sheet_name(title, used))
        page.set_column(0, len(heads), 16)
        page.write_string(0, 0, f"{report.matter.title}　{title}", bold)
        page.write_string(1, 0, known, weak)
        page.freeze_panes(4, 0)
        for column, head in enumerate(heads):
            page.write_string(3, column, str(head), bold)
        for line, cells in enumerate(rows, 4):
            for column, cell in enumerate(cells):
                value = blocks.value_of(cell) if isinstance(cell, str) else cell
                if isinstance(value, Decimal | int):
                    page.write_number(line, column, value)
                elif value is not None:
                    page.write_string(line, column, str(value))
    out.close()
    return stream.getvalue()


def sheet_name(title: str, used: set[str]) -> str:
    """What Excel allows, and each once."""
    name = re.sub(r"[\[\]:*?/\\]", "", title)[:28].strip("'")
    found = next(n for k in range(1, 100) if (n := name if k == 1 else f"{name}{k}") not in used)
    used.add(found)
    return found


def figures_table(told: Frozen) -> tuple[list[str], list[list]]:
    """Every frozen figure with what is needed to find it again."""
    rows = {row.indicator_id: row for row in told.indicators}
    names = {d["pk"]: d["name"] for d in told.words["districts"]}
    heads = ["代码", "指标", "单位", "区镇", "截至", "数值", "目标", "序时进度", "较序时", "尚差", "状态", "口径版本"]
    lines = [
        [
            *(rows[f.indicator_id].words[name] for name in ("code", "name", "unit")),
            names.get(f.district_id, ""),
            f.on.isoformat(),
            *(f.value, f.target, f.pace, f.lead, f.gap),
            "" if f.state == "point" else texts.state_text(f.state),
            f.version,
        ]
        for f in told.figures
    ]
    return heads, lines


# --- the seal ----------------------------------------------------------------------------------


def content_of(report: Report) -> dict:
    """What the seal holds: every name, number and word."""
    told = read(report)
    rows = report.indicators.order_by("order", "pk").values_list("words", "version", "entries")
    codes = {row.indicator_id: row.words["code"] for row in told.indicators}
    places = {d["pk"]: d["code"] for d in told.words["districts"]}
    return {
        "number": report.matter.number,
        "title": report.matter.title,
        "document": report.document,
        "on": told.on.isoformat(),
        "before": told.before.isoformat() if told.before else None,
        "made_at": told.made_at.isoformat(),
        "words": told.words,
        "indicators": [list(row) for row in rows],
        "figures": sorted(
            [codes[f.indicator_id], places[f.district_id], f.on.isoformat(), f.state, f.version]
            + [None if x is None else f"{x:.2f}" for x in (f.value, f.target, f.pace, f.lead, f.gap)]
            for f in told.figures
        ),
        "chapters": [list(c) for c in report.chapters.order_by("order").values_list("title", "text", "blocks")],
    }


def seal_of(report: Report) -> str:
    return digest_of(content_of(report))
