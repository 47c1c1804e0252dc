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


NEAR = 2.4  # per cent beside today's line that its word covers
LANE, LINE = 26, 22  # of lanes: the height of one line of points, and of a label above or below a stop


def lanes(since: date, until: date, on: date, rows: Sequence[dict]) -> dict:
    """A life as lanes over months: `rows` have a `label` and either a rail with windows and stops, or points.

    {rail: (since, until), windows: [{since, until, kind}], stops: [{on, label, note, kind}]} or
    {points: [{on, label, kind}]}. Labels that would lie on each other go to a line of their own, and those beside today
    stand away from its line. Kinds: past, here, open, late, later. `list` is the same, one line a day, for a narrow page.
    """
    first = since.replace(day=1)
    last = date(until.year + (until.month == 12), until.month % 12 + 1, 1)
    whole = days_between(first, last) or 1

    def at(day: date) -> float:
        return max(0.0, min(100.0, days_between(first, day) / whole * 100))

    months = (last.year - first.year) * 12 + last.month - first.month
    every = 1 if months <= 9 else 3 if months <= 30 else 6
    ticks = []
    for n in range(months):
        year, month = first.year + (first.month - 1 + n) // 12, (first.month - 1 + n) % 12 + 1
        if n == 0 or (month - 1) % every == 0 and at(date(year, month, 1)) > 7:
            words = f"{year}-{month:02d}" if n == 0 or month == 1 else f"{month:02d}"
            x = at(date(year, month, 1))
            hidden = x - NEAR < at(on) < x + wide(words) + NEAR  # the word for today stands there
            ticks.append((percent(x), "" if hidden else words))
    drawn, top = [], 30
    for row in rows:
        if "points" in row:
            drawn.append(lane_of_points(row, at, top, at(on)))
        else:
            drawn.append(lane_of_stops(row, at, top, at(on)) | {"gone": percent(min(at(on), at(row["rail"][1])))})
        top += drawn[-1]["height"]
    return {"ticks": ticks, "rows": drawn, "height": top, "today": percent(at(on)), "list": listed(rows, on)}


def listed(rows: Sequence[dict], on: date) -> list[dict]:
    """Everything on the lanes by its day, today among them."""
    marks = [mark for row in rows for mark in (*row.get("stops", ()), *row.get("points", ()))]
    today = {"on": on, "label": "", "kind": "today"}
    return sorted([*marks, today], key=lambda m: (m["on"], m["kind"] == "today"))


def wide(text: str) -> float:
    """About how much of the width a label takes, in per cent, beside its mark."""
    return 2.2 + sum(0.62 if c.isascii() else 1.2 for c in text)


def lane_of_points(row: dict, at, top: int, today: float) -> dict:
    """Points with their labels at the right, or at the left where they would cross today's line; the next one that doesn't
    fit begins another line."""
    ends: list[float] = []
    points = []
    for point in sorted(row["points"], key=lambda p: p["on"]):
        x = at(point["on"])
        ends_at = x + wide(point["label"])
        left = ends_at > 100 or (x < today < ends_at and x > wide(point["label"]))
        begins, stops = (x - wide(point["label"]), x + 1.5) if left else (x, x + wide(point["label"]))
        line = next((n for n, end in enumerate(ends) if end <= begins), len(ends))
        if line == len(ends):
            ends.append(0)
        ends[line] = stops
        points.append({**point, "x": percent(x), "y": top + 18 + line * LANE, "left": left})
    height = 12 + LANE * max(len(ends), 1)
    return {"label": row["label"], "points": points, "top": top, "mid": top + 18, "height": height}


def lane_of_stops(row: dict, at, top: int, today: float) -> dict:
    """A rail with windows on it and stops along it; a label too near the one before goes one line up, one that would cross
    today's line ends or begins at its stop."""
    stops, ends = [], [0.0, 0.0]
    for stop in sorted(row["stops"], key=lambda s: s["on"]):
        x, half = at(stop["on"]), max(wide(stop["label"]), wide(stop["note"])) / 2
        crossed = x - half < today < x + half
        early, late = x - half < 0 or (crossed and x >= today), x + half > 100 or (crossed and x < today)
        anchor = "end" if late and x > 2 * half else "start" if early else "end" if x + half > 100 else "middle"
        begins = x if anchor == "start" else x - 2 * half if anchor == "end" else x - half
        line = 0 if ends[0] <= begins else 1
        ends[line] = max(ends[line], begins + 2 * half)
        stops.append({**stop, "x": percent(x), "anchor": anchor, "line": line})
    lines = 1 + max((s["line"] for s in stops), default=0)
    rail = top + 22 * lines + 14
    for stop in stops:
        stop["above"] = rail - 20 - 22 * stop["line"]
        stop["below"] = rail + 28 + 18 * stop["line"]
    windows = [
        {**w, "x": percent(at(w["since"])), "width": percent(at(w["until"]) - at(w["since"]))} for w in row["windows"]
    ]
    since, until = row["rail"]
    return {
        "label": row["label"],
        "rail": (percent(at(since)), percent(at(until))),
        "windows": windows,
        "stops": stops,
        "y": rail,
        "top": top,
        "height": rail - top + 22 + 18 * lines,
    }
