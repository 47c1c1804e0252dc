"""Geometry of the small pictures drawn on the server: percent attributes only, because the CSP allows no style."""

from collections.abc import Sequence
from datetime import date

from portal.templatetags.numbers import day, days_between, decimal

HEIGHT, TOP, FOOT = 46, 5, 43  # of a trend: the target stands at TOP, the baseline at FOOT


def percent(part: float) -> str:
    return f"{max(0.0, min(100.0, part)):.2f}%"


def pace_bar(actual, target, pace, extra, scale: int) -> dict:
    """Fill up to the target, a paler piece beyond it (or for what is promised), a tick where the plan says to be.

    `scale` is the share of the target at the right end, in per cent: 100 for a single bar, 140 in a table of bars.
    """
    actual, target, pace, extra = (decimal(x) for x in (actual, target, pace, extra))
    if not target or target <= 0:
        return {"known": False}

    def at(value) -> float:
        return float(value / target) * 100 / scale * 100

    filled = at(min(actual, target)) if actual is not None else 0
    beyond = at(actual) if actual is not None and actual > target else None
    if extra is not None and actual is not None:
        beyond = at(actual + extra)
    return {
        "known": actual is not None,
        "filled": percent(filled),
        "beyond_from": percent(filled + 0.5),
        "beyond": percent(min(beyond, 100) - filled - 0.5) if beyond and beyond > filled + 0.5 else "",
        "tick": percent(min(at(pace), 99.6)) if pace is not None else "",
    }


def trend(points: Sequence, target, pace_points: Sequence, today: float, base: float = 0) -> dict:
    """The whole plan wide: the empty right end is the time left. Fewer than 3 known points are drawn as dots."""
    known = [(x, float(y)) for x, y in points if y is not None]
    top = max([float(target or 0), *(y for _, y in known), *(float(y) for _, y in pace_points), base + 1])

    def xy(x: float, y: float) -> tuple[float, float]:
        return round(x * 100, 2), round(FOOT - (float(y) - base) / (top - base) * (FOOT - TOP), 1)

    runs, run = [], []
    for x, y in points:
        if y is None:
            runs, run = [*runs, run], []
        else:
            run.append(xy(x, y))
    runs = [run for run in [*runs, run] if len(run) > 1] if len(known) > 2 else []

    def text(run) -> str:
        return " ".join(f"{x},{y}" for x, y in run)

    return {
        "lines": [text(run) for run in runs],
        "areas": [f"{run[0][0]},{HEIGHT} {text(run)} {run[-1][0]},{HEIGHT}" for run in runs],
        "pace": text([xy(x, y) for x, y in pace_points]),
        "dots": [(percent(x), y) for x, y in ([xy(*p) for p in known] if len(known) < 3 else [xy(*known[-1])])],
        "today": percent(today * 100),
    }


def plan_clock(since: date, until: date, on: date) -> dict:
    """`until` is the last day of the plan. A tick a quarter, a label at both ends and at the new years between."""
    whole = days_between(since, until) + 1
    gone = min(max(days_between(since, on) + 1, 0), whole)
    quarters = [date(y, m, 1) for y in range(since.year, until.year + 1) for m in (1, 4, 7, 10)]
    inside = [q for q in quarters if since < q <= until]
    share = {q: days_between(since, q) / whole * 100 for q in inside}
    years = [q for q in inside if q.month == 1 and 22 < share[q] < 71]  # the ends have longer labels
    return {
        "share": gone / whole,
        "width": percent(gone / whole * 100),
        "left": whole - gone,
        "ticks": [(percent(share[q]), q.month == 1) for q in inside],
        "first": since.strftime("%Y-%m"),
        "labels": [(percent(share[q]), q.strftime("%Y-%m")) for q in years],
        "last": until.isoformat(),
        "until_words": day(until, "year"),
    }
