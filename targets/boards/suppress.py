"""What may be told in public: no small number, and none that could be worked out from the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Cell:
    """A number as the public sees it: itself, "<5", or that it isn't told."""

    value: Decimal | None
    below: int = 0  # hidden because it is below this
    apart: bool = False  # hidden because it would give away another one

    @property
    def hidden(self) -> bool:
        return bool(self.below or self.apart)


def alone(value: Decimal | None, small: int) -> Cell:
    return Cell(None, below=small) if value is not None and value < small else Cell(value)


def row(
    total: Decimal | None, parts: Sequence[Decimal | None], small: int, *, adds_up: bool = True
) -> tuple[Cell, list[Cell]]:
    """A total and its parts. Each small one is hidden; if the total is told and the parts add up to it, so many others,
    the smallest first, that each small one may still be anything below `small`; if that isn't enough, the total."""
    whole, cells = alone(total, small), [alone(part, small) for part in parts]
    if not adds_up or total is None or whole.hidden or any(part is None for part in parts):
        return whole, cells
    while leak(total, cells, small):
        told = [n for n, cell in enumerate(cells) if not cell.hidden]
        if not told:
            return Cell(None, apart=True), cells
        least = min(told, key=lambda n: cells[n].value or 0)
        cells[least] = Cell(None, apart=True)
    return whole, cells


def leak(total: Decimal, cells: Sequence[Cell], small: int) -> bool:
    """Whether who knows the total and all that is told knows more of a small one than that it is small: others that are
    hidden for it are at least `small`, without an upper end."""
    little = sum(bool(cell.below) for cell in cells)
    larger = sum(cell.apart for cell in cells)
    if not little:
        return False
    rest = total - sum((cell.value or 0 for cell in cells), Decimal(0))  # what the hidden ones are together
    most, others = small - 1, little - 1
    highest = rest - larger * small  # of one small one, if the other small ones are 0
    lowest = 0 if larger else rest - others * most
    return lowest > 0 or highest < most
