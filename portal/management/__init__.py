"""What the commands share."""

from argparse import ArgumentTypeError
from datetime import date


def day(text: str) -> date:
    """A day as people type it after --on."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text} 不是一个日期；请写成 2026-11-20 这样") from None
