"""How numbers, money, sizes and days are written on a page: one place, so that they read alike everywhere."""

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _

NOTHING = "—"  # unknown is not 0
MINUS = "\u2212"
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def decimal(value) -> Decimal | None:
    """The value as a Decimal; None for what is no number."""
    if value is None or value == "" or isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def written(number: Decimal, places: int | None, most: int) -> str:
    """`places` decimals exactly; with None as many as needed, at most `most`."""
    number = number.quantize(Decimal(1).scaleb(-(most if places is None else places)), ROUND_HALF_UP)
    text = f"{abs(number):,f}"
    if places is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    return (MINUS if number < 0 else "") + text


def num(value, places: int | None = None) -> str:
    """1,742 · −3 · 9.4; `|num:2` writes two decimals always; unknown is a dash."""
    number = decimal(value)
    return NOTHING if number is None else written(number, places, 2)


def signed(value, places: int | None = None) -> str:
    """Like num, with + before what is above 0."""
    number = decimal(value)
    text = num(value, places)
    return f"+{text}" if number is not None and number > 0 and text.strip("0.,") else text


def wan(value, places: int | None = None) -> str:
    """Yuan written in 万元, at most 4 decimals; the unit stands in the column head or beside."""
    number = decimal(value)
    return NOTHING if number is None else written(number / 10000, places, 4)


def pct(value, places: int = 1) -> str:
    """A share of 1 as per cent: 0.944 is 94.4%."""
    number = decimal(value)
    return NOTHING if number is None else written(number * 100, places, places) + "%"


def filesize_zh(value) -> str:
    """800 KB, 2.1 MB."""
    number = decimal(value)
    if number is None:
        return NOTHING
    if number < 1024 * 1024:
        return f"{max(1, round(number / 1024)) if number else 0} KB"
    return f"{written(number / 1024 / 1024, None, 1)} MB"


def as_date(value) -> date | None:
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value if isinstance(value, date) else None


def day(value, style: str = "") -> str:
    """11 月 27 日, in English Nov 27; `|day:"year"` adds the year."""
    on = as_date(value)
    if on is None:
        return NOTHING
    if (get_language() or "").startswith("en"):
        return f"{MONTHS[on.month - 1]} {on.day}" + (f", {on.year}" if style == "year" else "")
    return (f"{on.year} 年 " if style == "year" else "") + f"{on.month} 月 {on.day} 日"


def whole_day(value) -> str:
    """2026-11-27 in a sentence, where a browser would break the line behind its first hyphens."""
    on = as_date(value)
    return format_html('<span class="nb">{}</span>', f"{on:%Y-%m-%d}") if on else ""


def weekday(on: date) -> str:
    return (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))[on.weekday()]


def day_word(on: date, today: date) -> str:
    """今天, 明天, 周三 within the next 7 days; else 11-27, and with its year when that is another."""
    ahead = (on - today).days
    if ahead in (-1, 0, 1):
        return (_("昨天"), _("今天"), _("明天"))[ahead + 1]
    if 1 < ahead < 8:
        return weekday(on)
    return on.strftime("%m-%d") if on.year == today.year else on.isoformat()


def weekday_day(value, today: date | None = None) -> str:
    """The word for a near day in a <time> whose title is the full date; `today` is the day the page speaks of."""
    on = as_date(value)
    if on is None:
        return NOTHING
    word = day_word(on, as_date(today) or timezone.localdate())
    return format_html('<time datetime="{}" title="{}">{}</time>', on.isoformat(), day(on, "year"), word)


def days_between(since: date, until: date) -> int:
    return (until - since) // timedelta(days=1)
