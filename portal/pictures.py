"""Figures drawn on paper: the same strokes as lines in a PDF, and as a picture for Word.

What a figure says is also told by the words beside its lines, never by colour alone; unknown is a gap and never 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from fpdf import FPDF

from portal.font import font
from portal.templatetags.numbers import num
from portal.uploads import pictures_of

INK, WEAK, RULE = (38, 50, 62), (110, 122, 134), (222, 227, 232)
MAIN, PACE, GOAL = (32, 84, 147), (110, 122, 134), (180, 66, 42)
SMALL = 8  # points
SCALE = 3  # pixels of a picture to a point
ROW = 7.0  # mm that a bar takes


@dataclass(frozen=True)
class Trend:
    """A figure over time against the pace to its target. Points are (day, value), the words those of the legend; the
    axis begins at `base`."""

    since: date
    until: date
    actual: Sequence[tuple[date, float]]
    pace: Sequence[tuple[date, float]]
    target: float | None
    unit: str
    words: tuple[str, str, str]  # actual, pace, target
    base: float = 0.0

    @property
    def height(self) -> float:
        return 66


@dataclass(frozen=True)
class Bars:
    """One bar a row: (name, value, pace, target, text at its end); without a value only the text."""

    rows: Sequence[tuple[str, float | None, float | None, float | None, str]]
    words: tuple[str, str, str]

    @property
    def height(self) -> float:
        return 9 + ROW * len(self.rows)


Chart = Trend | Bars


def draw(pdf: FPDF, chart: Chart, x: float, y: float, width: float) -> None:
    """Draw on the page with the upper left corner at (x, y)."""
    before = pdf.font_size_pt
    pdf.set_font("paper", size=SMALL)
    pdf.set_line_width(0.2)
    (trend if isinstance(chart, Trend) else bars)(pdf, chart, x, y, width)
    pdf.set_dash_pattern()
    pdf.set_line_width(0.2)
    pdf.set_text_color(0)
    pdf.set_draw_color(120, 130, 140)
    pdf.set_fill_color(255)
    pdf.set_font("paper", size=before)


def png(charts: Sequence[Chart], width: float) -> list[bytes]:
    """The charts as pictures, `width` mm wide."""
    if not charts:
        return []
    pdf = FPDF()
    pdf.add_font("paper", fname=font())
    pdf.set_auto_page_break(False)
    for chart in charts:
        pdf.add_page(format=(width, chart.height))
        pdf.set_font("paper", size=SMALL)
        draw(pdf, chart, 0, 0, width)
    return pictures_of(bytes(pdf.output()), SCALE)


# --- the two kinds -----------------------------------------------------------------------------


def trend(pdf: FPDF, chart: Trend, x: float, y: float, width: float) -> None:
    legend(pdf, chart.words, x, y)
    left, top, bottom = x + 12, y + 9, y + chart.height - 7
    right = x + width - 14
    values = [v for _day, v in (*chart.actual, *chart.pace)] + ([] if chart.target is None else [chart.target])
    marks = ticks(min([*values, chart.base]), max([*values, chart.base + 1.0]))
    days = max((chart.until - chart.since).days, 1)

    def across(day: date) -> float:
        return left + (right - left) * min(max((day - chart.since).days / days, 0), 1)

    def up(value: float) -> float:
        return bottom - (bottom - top) * (value - marks[0]) / (marks[-1] - marks[0])

    pdf.set_text_color(*WEAK)
    for mark in marks:
        pdf.set_draw_color(*RULE)
        pdf.line(left, up(mark), right, up(mark))
        pdf.set_xy(x, up(mark) - 2)
        pdf.cell(11, 4, num(mark), align="R")
    for day in quarters(chart.since, chart.until):
        pdf.set_draw_color(*RULE)
        pdf.line(across(day), bottom, across(day), bottom + 1.2)
        pdf.set_xy(across(day) - 10, bottom + 1.5)
        pdf.cell(20, 4, f"{day:%Y-%m}", align="C")
    if chart.target is not None:
        pdf.set_draw_color(*GOAL)
        pdf.line(left, up(chart.target), right, up(chart.target))
    path(pdf, [(across(d), up(v)) for d, v in chart.pace], PACE, 0.35, dash=1.6)
    points = [(across(d), up(v)) for d, v in chart.actual]
    path(pdf, points, MAIN, 0.6)
    if points:
        (end_x, end_y), value = points[-1], chart.actual[-1][1]
        pdf.set_fill_color(*MAIN)
        pdf.ellipse(end_x - 0.9, end_y - 0.9, 1.8, 1.8, style="F")
        pdf.set_text_color(*MAIN)
        pdf.set_xy(end_x + 1.2, end_y - 2)
        pdf.cell(14, 4, num(value))


def bars(pdf: FPDF, chart: Bars, x: float, y: float, width: float) -> None:
    legend(pdf, chart.words, x, y)
    left, right = x + 34, x + width - 26
    known = [v for _name, *values, _text in chart.rows for v in values if v is not None]
    most = max([*known, 1.0])
    for n, (name, value, pace, target, text) in enumerate(chart.rows):
        top = y + 9 + n * ROW
        pdf.set_text_color(*INK)
        pdf.set_xy(x, top + 0.5)
        pdf.cell(32, ROW - 2, name, align="R")
        pdf.set_fill_color(*RULE)
        pdf.rect(left, top + 1.2, right - left, ROW - 3.4, style="F")
        if value is not None:
            pdf.set_fill_color(*MAIN)
            pdf.rect(left, top + 1.2, (right - left) * max(value, 0) / most, ROW - 3.4, style="F")
        for mark, colour, dash in ((pace, PACE, 0.9), (target, GOAL, 0.0)):
            if mark is not None:
                at = left + (right - left) * min(max(mark / most, 0), 1)
                path(pdf, [(at, top + 0.2), (at, top + ROW - 1.2)], colour, 0.5, dash=dash)
        pdf.set_text_color(*(WEAK if value is None else INK))
        pdf.set_xy(right + 1.5, top + 0.5)
        pdf.cell(25, ROW - 2, text)


# --- what they share ---------------------------------------------------------------------------


def legend(pdf: FPDF, words: tuple[str, str, str], x: float, y: float) -> None:
    at = x + 12
    for word, colour, weight, dash in zip(words, (MAIN, PACE, GOAL), (0.9, 0.4, 0.3), (0, 1.6, 0), strict=True):
        if word:
            path(pdf, [(at, y + 3), (at + 7, y + 3)], colour, weight, dash=dash)
            pdf.set_text_color(*INK)
            pdf.set_xy(at + 8, y + 1)
            pdf.cell(24, 4, word)
            at += 14 + pdf.get_string_width(word)


def path(pdf: FPDF, points: Sequence[tuple[float, float]], colour, weight: float, *, dash: float = 0) -> None:
    pdf.set_draw_color(*colour)
    pdf.set_line_width(weight)
    pdf.set_dash_pattern(dash=dash, gap=dash)
    for (from_x, from_y), (to_x, to_y) in zip(points, points[1:], strict=False):
        pdf.line(from_x, from_y, to_x, to_y)
    pdf.set_dash_pattern()
    pdf.set_line_width(0.2)


def ticks(low: float, high: float) -> list[float]:
    """Four to seven round numbers around the values."""
    step = next(
        size * 10**power
        for power in range(-2, 13)
        for size in (1, 2, 2.5, 5)
        if (high - low) / (size * 10**power) <= 5.5
    )
    first = int(low // step)
    marks = [first * step]
    while marks[-1] < high:
        marks.append(marks[-1] + step)
    return marks


def quarters(since: date, until: date) -> list[date]:
    """The first days of at most nine quarters or years between the two."""
    months = 3 if (until - since).days < 800 else 12
    day, found = date(since.year, 1, 1), []
    while day <= until + timedelta(1):
        if day >= since:
            found.append(day)
        month = day.month + months
        day = date(day.year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
    return found
