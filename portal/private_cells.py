"""Cells of a workbook that nobody reads in the database: sealed where a line is kept, opened where it is read again."""

from collections.abc import Iterable, Sequence

from portal import sealed

MARK = "sealed:"


def about(batch: int, number: int, column: int) -> str:
    return f"line.cells:{batch}:{number}:{column}"


def closed(batch: int, number: int, cells: Sequence[str], names: Sequence[str], private: Iterable[str]) -> list[str]:
    """The cells of one row as they are kept: those of private columns sealed."""
    private = set(private)
    return [
        MARK + sealed.seal(cell, about=about(batch, number, n)).hex() if cell and name in private else cell
        for n, (cell, name) in enumerate(zip(cells, names, strict=True))
    ]


def opened(batch: int, number: int, cells: Sequence[str]) -> list[str]:
    """The cells as the file had them."""
    return [
        sealed.unseal(bytes.fromhex(cell.removeprefix(MARK)), about=about(batch, number, n))
        if cell.startswith(MARK)
        else cell
        for n, cell in enumerate(cells)
    ]


def shown(batch: int, number: int, cells: Sequence[str]) -> list[str]:
    """The cells as a page shows them: of a sealed one only its ends."""
    plain = opened(batch, number, cells)
    return [masked(text) if cell.startswith(MARK) else text for cell, text in zip(cells, plain, strict=True)]


def masked(text: str) -> str:
    ends = 2 if len(text) > 8 else 1
    return text[:ends] + "*" * max(len(text) - 2 * ends, 0) + text[-ends:] if len(text) > 2 else "*" * len(text)
